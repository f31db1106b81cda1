"""Finance's edits, read back from a workbook of a pack: which inputs were changed, and which cannot be."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter

from reports.finance import Finance
from reports.words import count_of
from reports.workbook.allowed import Allowed, ChoiceFrom
from reports.workbook.finance import input_tables
from reports.workbook.finance import names as n
from reports.workbook.finance.control import AS_WRITTEN, INPUT, rows_of
from reports.workbook.finance.inputs import NUMBER as NUMBER_COLUMN
from reports.workbook.inputs import Input
from reports.workbook.spec import Table
from variation.errors import Finding
from variation.finance.edited_cells import Cell, as_number, same, value_of, words_of
from variation.reading.files import LIBRARY_ERRORS, check_there, in_words
from variation.reading.formats.part import LISTED, UnreadableError
from variation.reading.formats.workbook import open_book

Rows = Sequence[Sequence[object]]
# Inputs that may be left empty: what holds in general then holds.
MAY_BE_EMPTY = {
    (n.SCHEMES, "addressable"),
    (n.SCHEMES, "deliverable"),
    (n.LINES, "marginal_rate"),
    (n.SIGN_OFF, "signed_off_by"),
    (n.SIGN_OFF, "signed_off_on"),
}
# Indicators without any opportunity have no row in the workbook: how many rows there were, it says itself.
WITHOUT_SOME_ROWS = {n.LINES, n.OVERLAPS}
NUMBER_HEADING = NUMBER_COLUMN.heading


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One input that was changed: where, and from what to what."""

    table: str
    key: str
    column: str
    was: Cell
    now: Cell
    sheet: str
    cell: str
    heading: str


def read_edits(path: Path, finance: Finance, findings: list[Finding]) -> list[Edit]:
    """Compare every input of a workbook with what this run would write, in the order of the input sheets.

    Tables are found by their headings and rows by their keys, wherever they stand, so that a workbook that another
    program has saved, or whose sheets were moved, reads the same. What cannot be is a finding of severity error.
    """
    try:
        sheets = _cells(path)
    except UnreadableError as error:
        findings.append(_finding(path, "", "", "", error.message, error.hint or "name the edited .xlsx"))
        return []
    edits: list[Edit] = []
    for title, table in input_tables(finance):
        edits += _TableReader(path, title, table, sheets, finance, findings).edits()
    return edits


def _cells(path: Path) -> dict[str, Rows]:
    """Read all cells of each sheet; what cannot be read is an error in words."""
    try:
        check_there(path)
        with open_book(path) as book:
            return {name: book.cells(name) for name in book.sheet_names}
    except LIBRARY_ERRORS as error:
        raise in_words(path, error) from None


class _TableReader:
    """Reads one table of inputs back."""

    def __init__(
        self,
        path: Path,
        title: str,
        table: Table,
        sheets: Mapping[str, Rows],
        finance: Finance,
        findings: list[Finding],
    ) -> None:
        self.path, self.title, self.table, self.sheets = path, title, table, sheets
        self.finance, self.findings = finance, findings
        self.keys = ["indicator", "other"] if table.name == n.OVERLAPS else [table.rows_by]

    def edits(self) -> Iterator[Edit]:
        """Yield the inputs that differ."""
        place = self._place()
        if place is None:
            return
        sheet, heading, columns = place
        rows = self._rows(sheet, heading, columns)
        if self.table.name in WITHOUT_SOME_ROWS:
            self._count(sheet, heading, columns, len(rows))
        keys = keys_of(self.table.frame, self.keys)
        for number, key in enumerate(keys):
            if key in rows:
                yield from self._edits_of(number, key, sheet, rows[key], columns)
            elif self.table.name not in WITHOUT_SOME_ROWS:
                self._note(sheet, "", key, "the row is missing", "rows of inputs are not to be deleted")
        known = set(keys)
        self._note_unknown(sheet, [key for key in rows if key not in known], rows)

    def _edits_of(
        self, number: int, key: str, sheet: str, row: int, columns: Mapping[str, int]
    ) -> Iterator[Edit]:
        """Yield the inputs of one row that differ."""
        for column in self.table.columns:
            if column.formula or column.heading not in columns:
                continue
            written = self.table.frame[column.key].iloc[number]
            allowed = written.allowed if isinstance(written, Input) else column.allowed
            if allowed is None:
                continue
            was = written.value if isinstance(written, Input) else written
            about = (key, column.key, self._called(number, column.heading))
            edit = self._edit(sheet, row, columns[column.heading], allowed, was, about)
            if edit is not None:
                yield edit

    def _called(self, row: int, heading: str) -> str:
        """What an input is called: by its own label where each row is something else, else by its heading."""
        return str(self.table.frame["label"].iloc[row]) if self.table.name == n.ASSUMPTIONS else heading

    def _place(self) -> tuple[str, int, dict[str, int]] | None:
        """Sheet, row of the headings, and column of each heading."""
        wanted = {column.heading for column in self.table.columns if not column.formula}
        found = []
        for name, rows in self.sheets.items():
            for number, row in enumerate(rows):
                columns = {str(cell): at for at, cell in reversed(list(enumerate(row))) if cell != ""}
                if wanted <= columns.keys():
                    found.append((name, number, columns))
        if len(found) == 1:
            return found[0]
        word = "is not there" if not found else f"is there {len(found)} times"
        self._note(self.title, "", ", ".join(sorted(wanted)[:4]), f"the table with these headings {word}",
                   "leave the sheets of inputs as they are: none copied, deleted or with other headings")  # fmt: skip
        return None

    def _rows(self, sheet: str, heading: int, columns: dict[str, int]) -> dict[str, int]:
        """Row of each key below the headings, down to the first empty one."""
        at = [columns[self._heading(key)] for key in self.keys]
        found: dict[str, int] = {}
        for number, row in enumerate(self.sheets[sheet][heading + 1 :], start=heading + 1):
            words = [words_of(row[place]) if place < len(row) else "" for place in at]
            if not all(words):
                break
            key = " / ".join(words)
            if key in found:
                self._note(
                    sheet, _address(number, at[0]), key, "a second row for the same", "keep one of them"
                )
            found.setdefault(key, number)
        return found

    def _count(self, sheet: str, heading: int, columns: dict[str, int], count: int) -> None:
        """Note rows that were deleted, by the numbers that are missing among those that were written."""
        written = self._written(rows_of(self.table.name))
        numbers = {
            as_number(row[columns[NUMBER_HEADING]]) if columns[NUMBER_HEADING] < len(row) else None
            for row in self.sheets[sheet][heading + 1 : heading + 1 + count]
        }
        missing = [str(number) for number in range(1, written + 1) if float(number) not in numbers]
        if missing:
            more = f" and {len(missing) - LISTED} more" if len(missing) > LISTED else ""
            self._note(sheet, "", f"number {', '.join(missing[:LISTED])}{more}",
                       f"{count_of(len(missing), 'row')} of the {written} that were written"
                       f" {'is' if len(missing) == 1 else 'are'} missing",
                       "put them back; a price, or a share delivered, of 0 takes a line out")  # fmt: skip

    def _written(self, words: str) -> int:
        """How many rows a table was written with, as the sheet Change log has it; 0 where that was taken away."""
        for rows in self.sheets.values():
            for number, row in enumerate(rows):
                if INPUT in row and AS_WRITTEN in row:
                    at, value = row.index(INPUT), row.index(AS_WRITTEN)
                    found = [later[value] for later in rows[number + 1 :] if later[at] == words]
                    return int(as_number(found[0]) or 0) if found else 0
        return 0

    def _heading(self, key: str) -> str:
        return next(column.heading for column in self.table.columns if column.key == key)

    def _edit(
        self, sheet: str, row: int, column: int, allowed: Allowed, was: object, about: tuple[str, str, str]
    ) -> Edit | None:
        key, name, heading = about
        cells = self.sheets[sheet][row]
        raw = cells[column] if column < len(cells) else ""
        before = None if was is None or (isinstance(was, float) and math.isnan(was)) or was == "" else was
        address = _address(row, column)
        if raw == "":
            if (self.table.name, name) not in MAY_BE_EMPTY:
                self._note(
                    sheet,
                    address,
                    "nothing",
                    f"{heading}: expected {allowed.words}",
                    "no input may be empty here",
                )
                return None
            now: Cell = None
        else:
            value, wrong = value_of(raw, allowed, self._options(allowed))
            if wrong:
                self._note(sheet, address, words_of(raw), f"{heading}: expected {wrong}", "")
                return None
            now = value
        plain = float(before) if isinstance(before, (int, float)) else None if before is None else str(before)
        if same(plain, now):
            return None
        return Edit(table=self.table.name, key=key, column=name, was=plain, now=now, sheet=self.title, cell=address,
                    heading=heading)  # fmt: skip

    def _options(self, allowed: Allowed) -> tuple[str, ...]:
        """Words that a choice from a column of the workbook offers."""
        if not isinstance(allowed, ChoiceFrom):
            return ()
        table, key = allowed.column.split(".")
        frames = {
            n.PHASING: self.finance.phasing,
            n.SCHEMES: self.finance.schemes,
            n.DELIVERY: self.finance.delivery,
            n.PLAN_LINES: pd.DataFrame(
                {"plan_line": ["All lines", *pd.unique(self.finance.lines["plan_line"])]}
            ),
        }
        return tuple(str(word) for word in frames[table][key])

    def _note_unknown(self, sheet: str, unknown: list[str], rows: dict[str, int]) -> None:
        for key in unknown[:LISTED]:
            more = f" (and {len(unknown) - LISTED} more)" if [key] == unknown[LISTED - 1 : LISTED] else ""
            self._note(sheet, f"row {rows[key] + 1}", key, f"no row of this analysis{more}",
                       "is the workbook of another analysis? New schemes go into the spare rows")  # fmt: skip

    def _note(self, sheet: str, cell: str, found: str, message: str, hint: str) -> None:
        self.findings.append(_finding(self.path, sheet, cell, found, message, hint))


def _finding(path: Path, sheet: str, cell: str, found: str, message: str, hint: str) -> Finding:
    return Finding(
        severity="error",
        code="edited_workbook",
        table=f"{path.name}, sheet {sheet}" if sheet else path.name,
        column=cell,
        value=found[:60],
        message=message,
        hint=hint,
    )


def keys_of(frame: pd.DataFrame, names: list[str]) -> list[str]:
    """Key of each row as the sheets have it: its codes, with a stroke between two."""
    return [" / ".join(words_of(frame[name].iloc[row]) for name in names) for row in range(len(frame))]


def _address(row: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{row + 1}"
