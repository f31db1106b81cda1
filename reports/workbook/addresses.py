"""What the names in formulas stand for: cells of this row, columns of other tables, named inputs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openpyxl.utils import quote_sheetname

from reports.workbook.inputs import Input
from reports.workbook.layout import Layout, Placed

NAME = re.compile(
    r"\{(?:(?P<how>name|so_far|beside|cell):)?(?P<first>\w+)(?:\.(?P<key>\w+))?(?:\.(?P<total>total))?"
    r"(?::(?P<row>[^{}]+))?\}"
)


@dataclass(frozen=True)
class InputCell:
    """Where an input stands: its sheet, its address there, and what it is; ``single`` if its column is mixed."""

    sheet: str
    address: str
    input: Input
    single: bool


def input_cells(placed: Placed) -> Iterator[InputCell]:
    """Yield the inputs of a table, in columns of inputs and single ones, down each column."""
    for column in placed.table.columns:
        if column.formula:
            continue
        values = placed.table.frame[column.key]
        if column.allowed is None and values.dtype != object:
            continue
        for row, value in enumerate(values, start=placed.first):
            if isinstance(value, Input):
                single = column.allowed is None
                yield InputCell(placed.sheet, f"{placed.letters[column.key]}{row}", value, single)
            elif column.allowed is not None:
                cell = Input(value=value, allowed=column.allowed)
                yield InputCell(placed.sheet, f"{placed.letters[column.key]}{row}", cell, single=False)


def named_inputs(layouts: Iterable[Layout]) -> dict[str, InputCell]:
    """Return the inputs that have a name of their own, by it.

    Raises
    ------
    ValueError
        If two inputs, or an input and a table, have one name: a workbook has one list of both.
    """
    places = [placed for layout in layouts for placed in layout.tables]
    taken = {placed.table.name.casefold() for placed in places}
    named: dict[str, InputCell] = {}
    for placed in places:
        for cell in input_cells(placed):
            if not cell.input.name:
                continue
            if cell.input.name.casefold() in taken:
                raise ValueError(f"{cell.input.name!r} names two things of the workbook")
            taken.add(cell.input.name.casefold())
            named[cell.input.name] = cell
    return named


class Addresses:
    """What the names in formulas stand for, all over the workbook.

    A name that stands for nothing is a ``KeyError``: a mistake in a sheet's declaration, not in the data.
    """

    def __init__(self, layouts: Iterable[Layout]) -> None:
        known = list(layouts)
        self._tables = {placed.table.name: placed for layout in known for placed in layout.tables}
        self.names = named_inputs(known)

    def resolve(self, formula: str, placed: Placed, row: int) -> str:
        """Turn a formula's names into addresses, seen from one row of one table."""
        return NAME.sub(lambda match: self._address(match, placed, row), formula)

    def _address(self, match: re.Match[str], placed: Placed, row: int) -> str:
        how, first, key = match["how"], match["first"], match["key"]
        if how == "name":
            self.names[first]
            return first
        if how == "so_far":
            letter = placed.letters[first]
            return f"{letter}${placed.first}:{letter}{row}"
        if key is None:
            return f"{placed.letters[first]}{row}"
        other = self._tables[first]
        sheet = "" if other.sheet == placed.sheet else f"{quote_sheetname(other.sheet)}!"
        if how == "beside":
            return f"{sheet}{other.letters[key]}{_same_place(row, placed, other)}"
        if how == "cell":
            return f"{sheet}${other.letters[key]}${_row_called(match['row'], other)}"
        if match["total"]:
            if other.total is None:
                raise KeyError(f"table {first} has no totals")
            return f"{sheet}${other.letters[key]}${other.total}"
        return f"{sheet}{other.column(key)}"


def _same_place(row: int, placed: Placed, other: Placed) -> int:
    if len(other.table.frame) != len(placed.table.frame):
        raise KeyError(f"tables {placed.table.name} and {other.table.name} do not have the same rows")
    return other.first + row - placed.first


def _row_called(name: str, other: Placed) -> int:
    rows = other.table.frame[other.table.rows_by].astype(str).tolist()
    if rows.count(name) != 1:
        raise KeyError(f"table {other.table.name} has {rows.count(name)} rows called {name}")
    return other.first + rows.index(name)
