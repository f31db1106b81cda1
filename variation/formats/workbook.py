"""Workbooks: XLSX, XLSM, XLSB, XLS and ODS, one part for each sheet that is read."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd
from python_calamine import CalamineSheet, CalamineWorkbook

from variation.errors import Finding
from variation.formats.codes import as_text, code_as_text
from variation.formats.part import (
    LOOKED_THROUGH,
    Asked,
    Part,
    UnreadableError,
    join_headings,
    without_empty_rows,
)
from variation.formats.workbook_check import check_size, unsaved_formulas
from variation.table_source import TableSource


def read_workbook(
    path: Path, name: str, source: TableSource, asked: Asked, findings: list[Finding]
) -> list[Part]:
    """Read the sheets that the source names, the first where it names none; values of formulas as last saved."""
    packed = zipfile.is_zipfile(path)
    if packed:
        check_size(path)
    with _without_panic(), CalamineWorkbook.from_path(str(path)) as book:
        sheets = _sheets(book.sheet_names, source)
        parts = [_part(book.get_sheet_by_name(sheet), path, name, source, asked) for sheet in sheets]
    for part in parts if packed else ():
        _note_unsaved(part, unsaved_formulas(path, part.sheet), findings)
    return parts


def _note_unsaved(part: Part, number: int, findings: list[Finding]) -> None:
    """Warn of formulas that no program has calculated: their cells are read as empty."""
    if number:
        findings.append(
            Finding(
                severity="warning",
                code="unsaved_formula",
                table=part.name,
                message=f"{number:,} formulas have no saved value and are read as empty",
                hint="open the workbook in Excel, and save it: that calculates them",
            )
        )


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
