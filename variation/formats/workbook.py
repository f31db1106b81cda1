"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS, one part for each sheet that is read."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from functools import reduce
from pathlib import Path

import pandas as pd
from python_calamine import CalamineSheet, CalamineWorkbook

from variation.formats.codes import as_text, code_as_text
from variation.formats.part import (
    LOOKED_THROUGH,
    Asked,
    Part,
    UnreadableError,
    join_headings,
    without_empty_rows,
)
from variation.table_source import TableSource

# Bytes unpacked, and cells from the first to the last: beyond them a file is damaged, or none for a spreadsheet.
LARGEST = 4 << 30
MOST_CELLS = 100_000_000

# Where the last cell of a sheet stands, as the file itself says at its start.
DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')


def read_workbook(path: Path, name: str, source: TableSource, asked: Asked) -> list[Part]:
    """Read the sheets that the source names, the first where it names none; values of formulas as last saved."""
    if zipfile.is_zipfile(path):
        _check_size(path)
    with _without_panic(), CalamineWorkbook.from_path(str(path)) as book:
        return [
            _part(book.get_sheet_by_name(sheet), path, name, source, asked)
            for sheet in _sheets(book.sheet_names, source)
        ]


def _check_size(path: Path) -> None:
    """Refuse what would fill the memory: a little file may unpack to much, or have one stray cell far out."""
    with zipfile.ZipFile(path) as archive:
        size = sum(info.file_size for info in archive.infolist())
        if size > LARGEST:
            raise UnreadableError(
                f"unpacks to {size / 1e9:.0f} GB", "is it what it says? a CSV may be as large"
            )
        for info in archive.infolist():
            if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                with archive.open(info) as sheet:
                    found = DIMENSION.search(sheet.read(4096))
                if found and int(found[2]) * _column(found[1]) > MOST_CELLS:
                    raise UnreadableError(
                        f"has a sheet that reaches to {found[1].decode()}{found[2].decode()}",
                        "a stray cell stands far out: delete the rows and columns beyond the table, and save",
                    )


def _column(letters: bytes) -> int:
    """Number of a column.

    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    return reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


@contextmanager
def _without_panic() -> Iterator[None]:
    """Turn the panic of the library, which no handler of exceptions sees, into words of ours."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableError(
            "is damaged and cannot be read", "open it in Excel and save it anew as .xlsx"
        ) from None


def _sheets(there: list[str], source: TableSource) -> list[str]:
    """Sheets to read, in the order in which they are asked for, those of a pattern in the book's."""
    if not source.sheet:
        return there[:1]
    asked = [
        (wanted, [wanted] if wanted in there else [sheet for sheet in there if fnmatchcase(sheet, wanted)])
        for wanted in source.sheet
    ]
    if absent := [wanted for wanted, found in asked if not found]:
        raise UnreadableError(f"has no sheet {absent[0]!r}", f"there are: {', '.join(there)}")
    return list(dict.fromkeys(sheet for _, found in asked for sheet in found))


def _part(sheet: CalamineSheet, path: Path, name: str, source: TableSource, asked: Asked) -> Part:
    rows = sheet.to_python(skip_empty_area=False)
    if not rows:
        raise UnreadableError("has nothing on the sheet that is read", "name another one with sheet = ...")
    start = source.header_row - 1
    end = start + source.header_rows
    top = [[code_as_text(cell) for cell in row] for row in rows[: max(end, LOOKED_THROUGH)]]
    headings = join_headings(top[start:end])
    if not any(headings):
        raise UnreadableError(
            f"has no heading in line {source.header_row}", "header_row says which line names the columns"
        )
    first = end + source.skip_rows
    cells = pd.DataFrame(rows[first:], dtype=object, columns=range(len(headings)))
    cells = without_empty_rows(cells.mask(cells == ""))
    if source.footer_rows:
        cells = cells.iloc[: -source.footer_rows]
    columns = {
        place: as_text(cells[place]) if heading in asked.texts else cells[place].infer_objects()
        for place, heading in enumerate(headings)
        if heading in asked
    }
    frame = pd.DataFrame(columns, index=cells.index)
    frame.columns = pd.Index([headings[place] for place in columns])
    frame.index = frame.index + first + 1
    named = f"{name}, sheet {sheet.name}" if source.sheet else name
    return Part(
        name=named,
        stem=path.stem,
        sheet=sheet.name,
        frame=frame,
        headings=tuple(heading for heading in headings if heading),
        heading_line=source.header_row,
        top=tuple(map(tuple, top[:LOOKED_THROUGH])),
    )
