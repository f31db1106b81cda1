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


@dataclass(frozen=True, kw_only=True)
class InputCell:
    """Where a single input stands, among other cells of its column: its sheet and address, and what it is."""

    sheet: str
    table: str
    key: str
    address: str
    input: Input


def input_cells(placed: Placed) -> Iterator[InputCell]:
    """Yield the inputs of a table that were declared one by one, down each column."""
    for key in (key for key, types in placed.holds.items() if Input in types):
        for row, value in enumerate(placed.table.frame[key].tolist(), start=placed.first):
            if isinstance(value, Input):
                yield InputCell(
                    sheet=placed.sheet,
                    table=placed.table.name,
                    key=key,
                    address=f"{placed.letters[key]}{row}",
                    input=value,
                )


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


class Rowed:
    """A formula of a column with its addresses in place, but for the numbers of rows that go with the row.

    >>> Rowed(["B", 0, "-C", 2]).at(6)
    'B6-C8'
    """

    def __init__(self, pieces: Iterable[str | int]) -> None:
        """``pieces`` are words of the formula, and for each address how many rows below the row's own it is."""
        known = list(pieces)
        self._below = [piece for piece in known if isinstance(piece, int)]
        texts = [piece.replace("%", "%%") if isinstance(piece, str) else "%d" for piece in known]
        self._template = "".join(texts)

    def at(self, row: int) -> str:
        """Return the formula in a row."""
        return self._template % tuple([row + below for below in self._below])


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
        return self.rowed(formula, placed).at(row)

    def rowed(self, formula: str, placed: Placed) -> Rowed:
        """Turn a formula's names into addresses, seen from any row of one table."""
        pieces: list[str | int] = []
        end = 0
        for match in NAME.finditer(formula):
            pieces += [formula[end : match.start()], *self._address(match, placed)]
            end = match.end()
        return Rowed([*pieces, formula[end:]])

    def used(self, formula: str, placed: Placed) -> Iterator[tuple[str, str]]:
        """Yield the table and the key of each column that a formula works on.

        Between two names with a colon, ``{first}:{last}``, those are all the columns from one to the other.
        """
        before, end = None, 0
        for match in NAME.finditer(formula):
            if match["how"] == "name":
                continue
            table = placed.table.name if match["key"] is None else match["first"]
            key = match["key"] or match["first"]
            if before is not None and formula[end : match.start()] == ":" and before[0] == table:
                keys = list(self._tables[table].letters)
                yield from ((table, between) for between in keys[keys.index(before[1]) : keys.index(key)])
            yield table, key
            before, end = (table, key), match.end()

    def _address(self, match: re.Match[str], placed: Placed) -> tuple[str | int, ...]:
        how, first, key = match["how"], match["first"], match["key"]
        if how == "name":
            self.names[first]
            return (first,)
        if how == "so_far":
            letter = placed.letters[first]
            return (f"{letter}${placed.first}:{letter}", 0)
        if key is None:
            return (placed.letters[first], 0)
        other = self._tables[first]
        sheet = "" if other.sheet == placed.sheet else f"{quote_sheetname(other.sheet)}!"
        if how == "beside":
            return (f"{sheet}{other.letters[key]}", _rows_below(placed, other))
        if how == "cell":
            return (f"{sheet}${other.letters[key]}${_row_called(match['row'], other)}",)
        if match["total"]:
            if other.total is None:
                raise KeyError(f"table {first} has no totals")
            return (f"{sheet}${other.letters[key]}${other.total}",)
        return (f"{sheet}{other.column(key)}",)


def _rows_below(placed: Placed, other: Placed) -> int:
    if len(other.table.frame) != len(placed.table.frame):
        raise KeyError(f"tables {placed.table.name} and {other.table.name} do not have the same rows")
    return other.first - placed.first


def _row_called(name: str, other: Placed) -> int:
    rows = other.table.frame[other.table.rows_by].astype(str).tolist()
    if rows.count(name) != 1:
        raise KeyError(f"table {other.table.name} has {rows.count(name)} rows called {name}")
    return other.first + rows.index(name)
