"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS, one part for each sheet that is read."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple, Protocol

import pandas as pd
from python_calamine import CalamineWorkbook

from variation.errors import Finding
from variation.reading.formats.codes import as_text, code_as_text
from variation.reading.formats.old_workbook import open_old
from variation.reading.formats.part import (
    LOOKED_THROUGH,
    Asked,
    Part,
    UnreadableError,
    join_headings,
    looks_like,
    without_empty_rows,
)
from variation.reading.formats.workbook_check import FAILED, HIDDEN, UNSAVED, check_size, count_in_sheet
from variation.settings.table_source import TableSource


class Told(NamedTuple):
    """What a sheet's own XML tells and its cells do not: how many there are of each is said."""

    pattern: re.Pattern[bytes]
    severity: str
    code: str
    message: str
    hint: str


TOLD = (
    Told(
        pattern=UNSAVED,
        severity="warning",
        code="unsaved_formula",
        message="formulas have no saved value and are read as empty",
        hint="open the workbook in Excel, and save it: that calculates them",
    ),
    Told(
        pattern=FAILED,
        severity="warning",
        code="failed_formula",
        message="cells of the sheet show an error such as #DIV/0! and are read as empty",
        hint="mend the formulas; or empty the cells where there is no figure",
    ),
    Told(
        pattern=HIDDEN,
        severity="note",
        code="hidden_rows",
        message="rows of the sheet are hidden, and are read like the others",
        hint="filter = {...} in analysis.toml keeps only some rows; or delete what should not count",
    ),
)


def read_workbook(
    path: Path, name: str, source: TableSource, asked: Asked, findings: list[Finding]
) -> list[Part]:
    """Read the sheets that the source names, the first where it names none; values of formulas as last saved."""
    with open_book(path) as book:
        if not book.sheet_names:
            raise UnreadableError("has no sheets", "open it in Excel and save it anew as .xlsx")
        sheets = _sheets(book.sheet_names, source)
        parts = [_part(book.cells(sheet), sheet, path, name, source, asked) for sheet in sheets]
    for part in parts if zipfile.is_zipfile(path) else ():
        for pattern, severity, code, message, hint in TOLD:
            if number := count_in_sheet(path, part.sheet, pattern):
                said = f"{number:,} {message}"
                findings.append(
                    Finding(severity=severity, code=code, table=part.name, message=said, hint=hint)
                )
    return parts


class Book(Protocol):
    """A workbook that is open."""

    @property
    def sheet_names(self) -> list[str]:
        """Names of its sheets, in their order."""
        ...

    def cells(self, sheet: str, *, most: int | None = None) -> list[list[object]]:
        """Rows of a sheet from its first cell on, at most so many; "" where a cell is empty."""
        ...


@dataclass(frozen=True)
class NewBook:
    """A workbook of today's formats that is open."""

    book: CalamineWorkbook
    sheet_names: list[str]

    def cells(self, sheet: str, *, most: int | None = None) -> list[list[object]]:
        """Rows of a sheet from its first cell on, at most so many; "" where a cell is empty."""
        page = self.book.get_sheet_by_name(sheet)
        return [list(row) for row in page.to_python(skip_empty_area=False, nrows=most)]


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """Open a workbook of any format, once it is known that it will not fill the memory."""
    if path.suffix.lower() == ".xls" and looks_like(path).startswith("an old"):
        with open_old(path) as old:
            yield old
        return
    if zipfile.is_zipfile(path):
        check_size(path)
    with without_panic(), CalamineWorkbook.from_path(str(path)) as book:
        yield NewBook(book, book.sheet_names)


@contextmanager
def without_panic() -> Iterator[None]:
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


def _part(
    rows: list[list[object]], sheet: str, path: Path, name: str, source: TableSource, asked: Asked
) -> Part:
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
    named = f"{name}, sheet {sheet}" if source.sheet else name
    return Part(
        name=named,
        stem=path.stem,
        sheet=sheet,
        frame=frame,
        headings=tuple(heading for heading in headings if heading),
        heading_line=source.header_row,
        top=tuple(map(tuple, top[:LOOKED_THROUGH])),
    )
