"""A first look at a file: its encoding, separator, headings and first rows, for each sheet or member."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from variation.reading.files import LIBRARY_ERRORS, TABLES, TEXTS, check_there, in_words
from variation.reading.formats.archive import decompressed, members, unpacked
from variation.reading.formats.codes import code_as_text
from variation.reading.formats.geojson import read_geojson
from variation.reading.formats.part import (
    LOOKED_THROUGH,
    MISSING,
    WORKBOOKS,
    Asked,
    UnreadableError,
    looks_like,
)
from variation.reading.formats.workbook import open_book
from variation.settings.table_source import TableSource

# Rows that are looked at: enough to tell codes from numbers, and a mapping from a table of figures.
SAMPLE = 20_000

SEPARATORS = ",;\t|"
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
BLOCK = 1 << 20

Rows = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class Look:
    """One table as it was found: where, how it is written, and its first rows as texts."""

    path: Path
    member: str = ""  # file in a zip
    sheet: str = ""  # of a workbook, where it is not the first
    encoding: str = "utf-8"
    separator: str = ","
    header_row: int = 1
    footer_rows: int = 0  # notes at the end
    headings: tuple[str, ...] = ()
    cells: pd.DataFrame  # texts; a column for each heading, by its place; "" where empty

    @property
    def name(self) -> str:
        """What the table is called in words."""
        inside = "".join(
            f", {kind} {name}" for kind, name in (("", self.member), ("sheet", self.sheet)) if name
        )
        return f"{self.path.name}{inside.replace(',  ', ', ')}"

    @cached_property
    def columns(self) -> dict[str, pd.Series]:
        """Filled cells of each column under its heading; of headings that stand twice the first."""
        found: dict[str, pd.Series] = {}
        for place, heading in enumerate(self.headings):
            if heading and heading not in found:
                texts = self.cells.iloc[:, place]
                found[heading] = texts[~texts.isin(MISSING)]
        return found


def look_at(path: Path) -> list[Look]:
    """Look at a file: a look for each sheet or member that holds a table.

    Raises
    ------
    UnreadableError
        In words, where the file is missing, empty, or not what its ending says.
    """
    check_there(path)
    try:
        return list(_looks(path))
    except LIBRARY_ERRORS as error:
        raise in_words(path, error) from None


def _looks(path: Path) -> Iterator[Look]:
    ending = path.suffix.lower()
    if ending == ".zip":
        for member in members(path, TableSource(file=(path.name,)), TABLES):
            with unpacked(path, member) as file:
                yield from (replace(look, path=path, member=member) for look in _looks(file))
    elif ending == ".gz":
        with decompressed(path) as file:
            yield from (replace(look, path=path) for look in _looks(file))
    elif ending in WORKBOOKS:
        yield from _workbook(path)
    elif ending == ".parquet":
        yield _parquet(path)
    elif ending in (".geojson", ".json"):
        part = read_geojson(path, path.name, Asked())
        yield _look(path, [list(part.headings), *_as_rows(part.frame)], 1)
    elif ending in TEXTS or not looks_like(path):
        yield _csv(path)
    else:
        raise UnreadableError("is no table that is known", f"it looks like {looks_like(path)}")


def _workbook(path: Path) -> Iterator[Look]:
    """Look at every sheet that has a table; the name of the first need not be given."""
    with open_book(path) as book:
        for place, name in enumerate(book.sheet_names):
            rows = [[code_as_text(cell) for cell in row] for row in book.cells(name, most=SAMPLE)]
            if any(sum(map(bool, row)) > 1 for row in rows):
                yield replace(_look(path, rows, header_row(rows)), sheet=name if place else "")


def _parquet(path: Path) -> Look:
    with pa.parquet.ParquetFile(path) as file:
        batch = next(file.iter_batches(batch_size=SAMPLE), None)
        frame = batch.to_pandas() if batch is not None else pd.DataFrame(columns=file.schema_arrow.names)
    return _look(path, [[str(name) for name in frame.columns], *_as_rows(frame)], 1)


def _as_rows(frame: pd.DataFrame) -> Rows:
    filled = frame.head(SAMPLE).astype(object).where(frame.head(SAMPLE).notna(), "")
    return [[code_as_text(cell) for cell in row] for row in filled.to_numpy().tolist()]


def _csv(path: Path) -> Look:
    if looks := looks_like(path):
        raise UnreadableError("is not a CSV file", f"it looks like {looks}")
    encoding = encoding_of(path)
    readable = "utf-8-sig" if encoding == "utf-8" else encoding
    with path.open(encoding=readable, newline="", errors="replace") as stream:
        start = list(islice(stream, 50))
    separator = separator_of(start)
    with path.open(encoding=readable, newline="", errors="replace") as stream:
        rows = list(islice(csv.reader(stream, delimiter=separator), SAMPLE))
    return replace(_look(path, rows, header_row(rows)), encoding=encoding, separator=separator)


def encoding_of(path: Path) -> str:
    """Tell the encoding of a text by its bytes: its mark, else UTF-8 where all of it is, else cp1252."""
    with path.open("rb") as stream:
        start = stream.read(4096)
        for mark, encoding in MARKS.items():
            if start.startswith(mark):
                return encoding
        if start.count(b"\0") > len(start) // 4:
            return "utf-16-be" if start.startswith(b"\0") else "utf-16-le"
        stream.seek(0)
        left = b""
        while block := stream.read(BLOCK):
            text = left + block
            try:
                text.decode("utf-8")
                left = b""
            except UnicodeDecodeError as error:
                if error.start < len(text) - 3:  # not merely a character that the block cut in two
                    return "cp1252"
                left = text[error.start :]
    return "cp1252" if left else "utf-8"


def separator_of(lines: list[str]) -> str:
    """Tell the separator: the one that cuts most lines into the same number of fields, more than one.

    >>> separator_of(["code;rate\\n", "A1;12,5\\n", "A2;13,5\\n"])
    ';'
    """
    scores = {}
    for place, separator in enumerate(SEPARATORS):
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if len(row) > 1)
        width, number = widths.most_common(1)[0] if widths else (1, 0)
        scores[separator] = (number, width, -place)
    return max(scores, key=lambda separator: scores[separator])


def header_row(rows: Rows) -> int:
    """Tell the line of the headings: the first that is filled as wide as the table, all words, each once.

    >>> header_row([["Admissions 2016/17", ""], ["", ""], ["Practice", "Admissions"], ["A81001", "12"]])
    3
    """
    widths = [sum(map(bool, map(str.strip, row))) for row in rows]
    below = sorted(widths[:200])[len(widths[:200]) // 2] if widths else 0
    for place, row in enumerate(rows[:LOOKED_THROUGH]):
        filled = [cell.strip() for cell in row if cell.strip()]
        words = [cell for cell in filled if not _is_figure(cell)]
        if len(filled) >= max(2, 0.6 * below) and len(words) >= 0.6 * len(filled) and len(words) > 0:
            return place + 1
    return 1


def _is_figure(cell: str) -> bool:
    """Tell a figure from a heading: a year is a heading."""
    plain = cell.replace(",", "").replace(".", "").lstrip("-+£")
    return plain.isdigit() and not (len(cell) == 4 and cell[:2] in ("19", "20"))


def _look(path: Path, rows: Rows, line: int) -> Look:
    """Lay out rows below their headings."""
    headings = tuple(cell.strip() for cell in rows[line - 1]) if len(rows) >= line else ()
    width = len(headings)
    body = [
        [cell.strip() for cell in row[:width]] + [""] * (width - len(row)) for row in rows[line:] if any(row)
    ]
    footer = _footer(body) if width > 2 and len(rows) < SAMPLE else 0
    body = body[: len(body) - footer]
    return Look(
        path=path,
        header_row=line,
        footer_rows=footer,
        headings=headings,
        cells=pd.DataFrame(body, columns=range(width), dtype="str"),
    )


def _footer(rows: Rows) -> int:
    """Count the notes at the end: lines with a single cell filled.

    >>> _footer([["A81001", "12", "1000"], ["Source: a survey", "", ""]])
    1
    """
    number = 0
    for row in reversed(rows):
        if sum(map(bool, row)) > 1:
            break
        number += 1
    return number
