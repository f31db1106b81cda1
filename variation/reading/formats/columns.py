"""Tables that come in columns: Parquet, rows of the settings, what a database gives; codes as text."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from variation.reading.formats.codes import as_text
from variation.reading.formats.part import Asked, Part, not_too_many, without_empty_rows
from variation.settings.table_source import TableSource


def read_parquet(path: Path, name: str, source: TableSource, asked: Asked) -> Part:
    """Read a Parquet file; the first row below the heading counts as line 2, as in a CSV."""
    headings = [str(heading).strip() for heading in pa.parquet.read_schema(path).names]
    with pa.parquet.ParquetFile(path) as file:
        not_too_many(file.metadata.num_rows, source)
        chosen = [place for place, heading in enumerate(headings) if heading in asked]
        table = file.read(columns=[file.schema_arrow.names[place] for place in chosen])
    frame = table.to_pandas(ignore_metadata=True)
    frame.columns = frame.columns.astype(str).str.strip()
    return Part(name=name, stem=path.stem, frame=with_texts(frame, asked), headings=tuple(headings))


def typed_in(source: TableSource, asked: Asked) -> Part:
    """Give the rows that the settings hold themselves; the first counts as line 2."""
    frame = pd.DataFrame(list(source.rows))
    headings = tuple(map(str, frame.columns))
    frame = frame[[heading for heading in headings if heading in asked]]
    return Part(name=source.named, stem="", frame=with_texts(frame, asked), headings=headings)


def with_texts(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    """Write codes as texts, number the lines from 2 and leave out empty rows."""
    columns = [
        as_text(frame.iloc[:, place]) if heading in asked.texts else frame.iloc[:, place]
        for place, heading in enumerate(frame.columns)
    ]
    written = pd.concat(columns, axis=1) if columns else frame
    written.index = pd.RangeIndex(2, len(frame) + 2)
    return without_empty_rows(written)
