"""CSV in any dialect: read in columns and in parallel; line by line only where a row is broken."""

import csv
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from variation.errors import Finding
from variation.reading.formats.part import (
    LISTED,
    LOOKED_THROUGH,
    MISSING,
    Asked,
    Part,
    UnreadableError,
    join_headings,
    looks_like,
    not_too_many,
    without_empty_rows,
)
from variation.settings.table_source import TableSource

# Codes repeat: each distinct one is kept once.
CODE = pa.dictionary(pa.int32(), pa.string())

Broken = list["pa.csv.InvalidRow"]


def read_csv(path: Path, name: str, source: TableSource, asked: Asked, findings: list[Finding]) -> Part:
    """Read a CSV. Rows with too many or too few fields are findings.

    Raises
    ------
    UnreadableError
        Where it is no text in the encoding that was named, or has no heading.
    """
    top = _top(path, source)
    line = source.header_row
    headings = join_headings(top[line - 1 : line - 1 + source.header_rows])
    if not any(headings):
        place = "its first line" if line == 1 else f"line {line}"
        raise UnreadableError(
            f"has no heading in {place}", "the first line names the columns, or header_row says which"
        )
    first = line + source.header_rows + source.skip_rows
    if len(top) < first or not any(heading in asked for heading in headings):
        frame = pd.DataFrame(columns=[heading for heading in headings if heading in asked])
    else:
        frame = _rows(path, name, source, headings, asked, first, findings)
    return Part(
        name=name,
        stem=path.stem,
        frame=without_empty_rows(frame),
        headings=tuple(heading for heading in headings if heading),
        heading_line=line,
        top=tuple(map(tuple, top[:LOOKED_THROUGH])),
    )


def _top(path: Path, source: TableSource) -> list[list[str]]:
    """First rows of the file: at least one below the headings, where there is any."""
    encoding = "utf-8-sig" if source.encoding.lower().replace("-", "") == "utf8" else source.encoding
    utf_16 = encoding.lower().replace("-", "").startswith("utf16")
    if (looks := looks_like(path)) and not utf_16:
        raise UnreadableError("is not a CSV file", f"it looks like {looks}")
    number = max(source.header_row + source.header_rows + source.skip_rows, LOOKED_THROUGH)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            top = list(islice(csv.reader(stream, delimiter=source.separator), number))
    except UnicodeError:
        raise _wrong_encoding(source) from None
    except LookupError:
        raise UnreadableError(
            f"cannot be read in the encoding {encoding}: there is none of that name",
            'encoding = "utf-8" and "cp1252" are the usual ones',
        ) from None
    if any("\0" in cell for row in top[: source.header_row] for cell in row):
        raise UnreadableError(
            "has NUL bytes where its headings should be",
            'a broken copy leaves them: copy it anew; so does text in UTF-16: then give encoding = "utf-16-le"',
        )
    return top


def _rows(
    path: Path,
    name: str,
    source: TableSource,
    headings: list[str],
    asked: Asked,
    first: int,
    findings: list[Finding],
) -> pd.DataFrame:
    """Read the rows from line ``first`` on."""
    # Columns go by their number while reading: a heading may stand twice.
    every = bool(source.footer_rows)  # which row is the last one depends on all its cells
    wanted = {str(number): heading for number, heading in enumerate(headings) if every or heading in asked}
    options = _options(source, headings, wanted, asked, first)
    broken: Broken = []
    try:
        table = _in_parallel(path, options, careful=bool(source.footer_rows)) or _one_by_one(
            path, options, broken
        )
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise _wrong_encoding(source) from None
        raise
    if any(pa.types.is_binary(column) for column in table.schema.types):
        raise _wrong_encoding(source)
    not_too_many(table.num_rows, source)
    frame = table.to_pandas()
    frame.columns = pd.Index(wanted.values())
    frame.index = pd.Index(_lines(len(frame), broken, first))
    if source.footer_rows:
        end = _end(frame, broken, source.footer_rows)
        broken = [row for row in broken if row.number <= end]
        frame = frame.loc[frame.index <= end, [heading in asked for heading in wanted.values()]]
    _note_broken(broken, name, findings)
    return frame


def _options(
    source: TableSource, headings: list[str], wanted: dict[str, str], asked: Asked, first: int
) -> dict[str, Any]:
    """Options of Arrow's reader: the dialect, the line to start from, the columns to read and which as codes."""
    return {
        "read_options": {
            "encoding": source.encoding,
            "column_names": [str(number) for number in range(len(headings))],
            "skip_rows_after_names": first - 1,
        },
        "parse_options": {"delimiter": source.separator, "ignore_empty_lines": False},
        "convert_options": {
            "include_columns": list(wanted),
            "column_types": {number: CODE for number, heading in wanted.items() if heading in asked.texts},
            "null_values": [*MISSING, *source.missing],
            "strings_can_be_null": True,
            "quoted_strings_can_be_null": True,
            "decimal_point": source.decimal,
        },
    }


def _in_parallel(path: Path, options: dict[str, Any], *, careful: bool) -> "pa.Table | None":
    """Read all blocks at once; None where a row is broken, or a value holds a line break at a block's end."""
    if careful:
        return None
    try:
        return _arrow(path, options)
    except pa.ArrowInvalid:
        return None


def _one_by_one(path: Path, options: dict[str, Any], broken: Broken) -> "pa.Table":
    """Read in one thread, so that a broken row knows its number, and keep the broken ones apart."""

    def note(row: "pa.csv.InvalidRow") -> str:
        broken.append(row)
        return "skip"

    read = options["read_options"] | {"use_threads": False, "block_size": 1 << 24}
    parse = options["parse_options"] | {"invalid_row_handler": note, "newlines_in_values": True}
    return _arrow(path, options | {"read_options": read, "parse_options": parse})


def _arrow(path: Path, options: dict[str, Any]) -> "pa.Table":
    return pa.csv.read_csv(
        path,
        read_options=pa.csv.ReadOptions(**options["read_options"]),
        parse_options=pa.csv.ParseOptions(**options["parse_options"]),
        convert_options=pa.csv.ConvertOptions(**options["convert_options"]),
    )


def _wrong_encoding(source: TableSource) -> UnreadableError:
    return UnreadableError(
        f"is not text in the encoding {source.encoding}",
        'name the file\'s own in analysis.toml, for example encoding = "cp1252" (Excel\'s plain CSV) or "utf-16"',
    )


def _lines(rows: int, broken: Broken, first: int) -> "NDArray[np.int64] | pd.RangeIndex":
    """Lines of the rows that were read: all from ``first`` on but the broken ones."""
    every = pd.RangeIndex(first, first + rows + len(broken))
    if not broken:
        return every
    return np.setdiff1d(every.to_numpy(), [row.number for row in broken])


def _end(frame: pd.DataFrame, broken: Broken, footer_rows: int) -> int:
    """Last line that is data: ``footer_rows`` of those that are not empty are taken off the end."""
    filled = without_empty_rows(frame).index.to_numpy()
    lines = np.union1d(filled, [row.number for row in broken]).astype(int)
    kept = lines[: max(len(lines) - footer_rows, 0)]
    return int(kept[-1]) if len(kept) else 0


def _note_broken(broken: Broken, name: str, findings: list[Finding]) -> None:
    for place, row in enumerate(broken[:LISTED]):
        last = place == LISTED - 1 and len(broken) > LISTED
        more = f" (and {len(broken) - LISTED} more rows)" if last else ""
        findings.append(
            Finding(
                severity="error",
                code="broken_row",
                table=name,
                row=row.number,
                value=row.text[:60],
                message=f"{row.actual_columns} fields where the heading has {row.expected_columns}{more}",
                hint="look for a separator or a quote inside a value; footer_rows leaves notes at the end out",
            )
        )
