"""The rows of a sheet: its lines, then each table's headings, figures and total."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import repeat

from reports.workbook.addresses import Addresses
from reports.workbook.cells import formula_cell, formula_element, is_missing
from reports.workbook.columns import ColumnCells, Formulas, Means, Mixed, Used, column_cells
from reports.workbook.inputs import Input
from reports.workbook.layout import LINE, Layout, Line, Placed, heading_height, lines_of
from reports.workbook.spec import Column
from reports.workbook.styles import HEADING, TITLE, TOTAL, shorthand

TOTAL_WORD = "Total"
NO_TOTAL = "[z]"
HIGHEST = 409.0  # points; what a row can be
STRETCH = 2_000  # rows written at a time
# Rows of a table up to which every cell carries its address. In longer ones figures and words go without, each
# the one after the cell before, which halves the file. The format allows it (ECMA-376, 18.3.1.4), Microsoft's
# own exports do it, and Excel, LibreOffice, openpyxl, calamine and readxl read it; the rest have the CSV tables.
ADDRESSED = 200


@dataclass
class TableRows:
    """One table's cells, and the values of its totals once they are reckoned."""

    placed: Placed
    columns: dict[str, ColumnCells]
    heading: str
    totals: dict[str, object] = field(default_factory=dict)

    @property
    def has_formulas(self) -> bool:
        """Whether any of its rows, its totals aside, holds a formula."""
        columns = self.columns.values()
        return any(isinstance(c, Formulas) or (isinstance(c, Mixed) and c.formulas) for c in columns)

    @property
    def addressed(self) -> bool:
        """Whether all of its cells carry their addresses."""
        return len(self.placed.table.frame) <= ADDRESSED


class SheetRows:
    """All rows of a sheet, top to bottom: looked at as a whole first, then written a stretch at a time."""

    def __init__(self, layout: Layout, means: Means, addresses: Addresses, used: Used) -> None:
        self.layout, self._means = layout, means
        self._lines = [(line.row, _line_row(line, means)) for line in layout.lines]
        self.tables = [
            _table_rows(placed, means, addresses, used, n) for n, placed in enumerate(layout.tables)
        ]
        for table in self.tables:  # looks and words are all known before the first row is written
            if table.placed.total is not None:
                table.totals = dict.fromkeys((c.key for c in table.placed.table.columns if c.total), 0.0)
                _total_row(table, means)

    def xml(self) -> Iterator[str]:
        """Yield the rows."""
        parts: list[tuple[int, Iterator[str]]] = [(row, iter((xml,))) for row, xml in self._lines]
        for table in self.tables:
            parts.append((table.placed.heading, iter((table.heading,))))
            parts.append((table.placed.first, _figure_rows(table)))
            if table.placed.total is not None:
                parts.append((table.placed.total, iter((_total_row(table, self._means),))))
        for _, rows in sorted(parts, key=lambda part: part[0]):
            yield from rows

    def bare(self, used: Used) -> Iterator[str]:
        """Yield what a calculator needs of the rows: formulas, and the columns that formulas work on."""
        for table in self.tables:
            placed = table.placed
            needed = [
                cells.bare(0, len(placed.table.frame))
                if isinstance(cells, (Formulas, Mixed))
                else cells.cells(0, len(placed.table.frame))
                for key, cells in table.columns.items()
                if isinstance(cells, Formulas)
                or (isinstance(cells, Mixed) and cells.formulas)
                or (placed.table.name, key) in used
            ]
            for row, cells in enumerate(zip(*needed, strict=True), start=placed.first):
                yield row_xml(row, "".join(cells))
            if placed.total is not None:
                totals = [(c, total_formula(placed, c)) for c in placed.table.columns if c.total]
                yield row_xml(
                    placed.total,
                    "".join(
                        f'<c r="{placed.letters[c.key]}{placed.total}">{formula_element(formula)}</c>'
                        for c, formula in totals
                    ),
                )


def row_xml(number: int, cells: str, height: float | None = None) -> str:
    """Return a row of cells.

    >>> row_xml(2, "", 30.0)
    '<row r="2" ht="30" customHeight="1"></row>'
    """
    size = "" if height is None else f' ht="{min(height, HIGHEST):g}" customHeight="1"'
    return f'<row r="{number}"{size}>{cells}</row>'


def total_formula(placed: Placed, column: Column) -> str:
    """Return the total of a column: function 109 adds the rows that a filter leaves."""
    return f"SUBTOTAL(109,{placed.column(column.key)})"


def _line_row(line: Line, means: Means) -> str:
    cell = means.writer(line.look, line.look, "").words(line.words)
    height = LINE * 1.6 if line.look == TITLE else None
    return row_xml(line.row, f'<c r="A{line.row}"{cell}', height)


def _table_rows(placed: Placed, means: Means, addresses: Addresses, used: Used, number: int) -> TableRows:
    columns = {}
    for place, column in enumerate(placed.table.columns):
        shared = number * 1_000 + place  # no table of ours has a thousand columns
        columns[column.key] = column_cells(column, placed, means, addresses, used, shared)
    return TableRows(placed, columns, _heading_row(placed, means))


def _heading_row(placed: Placed, means: Means) -> str:
    cells, indented = [], placed.indented
    for column, letter in zip(placed.table.columns, placed.letters.values(), strict=True):
        look = replace(HEADING, right=column.is_number, indent=column.key in indented)
        cells.append(f'<c r="{letter}{placed.heading}"{means.writer(look, look, "").words(column.heading)}')
    return row_xml(placed.heading, "".join(cells), heading_height(placed.table))


def _figure_rows(table: TableRows) -> Iterator[str]:
    placed, addressed = table.placed, table.addressed
    for start in range(0, len(placed.table.frame), STRETCH):
        stop = min(start + STRETCH, len(placed.table.frame))
        columns = [cells.cells(start, stop, addressed=addressed) for cells in table.columns.values()]
        numbers = range(placed.first + start, placed.first + stop)
        yield "".join(
            [
                row_xml(row, "".join(cells), height)
                for row, cells, height in zip(
                    numbers, zip(*columns, strict=True), _heights(table, start, stop), strict=False
                )
            ]
        )


def _heights(table: TableRows, start: int, stop: int) -> Iterator[float | None]:
    """Heights of rows whose text is wrapped; not every viewer fits them itself."""
    wrapped = [column for column in table.placed.table.columns if column.wrap]
    if not wrapped:
        return repeat(None)
    texts = [_words_of(_values(table, column)[start:stop]) for column in wrapped]
    widths = [column.width for column in wrapped]
    return (LINE * max(map(lines_of, row, widths)) + 1 for row in zip(*texts, strict=True))


def _values(table: TableRows, column: Column) -> list[object]:
    """Return what the cells of a column show, formulas reckoned."""
    cells = table.columns[column.key]
    if isinstance(cells, Formulas):
        return cells.values
    values: list[object] = table.placed.table.frame[column.key].tolist()
    if isinstance(cells, Mixed):
        for row, value in zip(cells.formulas, cells.values, strict=True):
            values[row] = value
    return values


def _words_of(values: list[object]) -> list[str]:
    """Return the words that a row must have room for."""
    bare = [value.value if isinstance(value, Input) else value for value in values]
    return ["" if is_missing(value) else str(value) for value in bare]


def _total_row(table: TableRows, means: Means) -> str:
    """Live totals of the rows in sight, so that a filter gives the total of what it leaves."""
    placed, cells = table.placed, []
    for position, (column, letter) in enumerate(placed.letters_by_column):
        figures = replace(
            TOTAL, format=column.format, right=column.is_number, indent=column.key in placed.indented
        )
        words = shorthand(figures) if column.is_number else figures
        if column.total and position > 0:
            formula = formula_element(total_formula(placed, column))
            cell = formula_cell(means.styles.number(figures), formula, table.totals[column.key])
        else:
            cell = means.writer(figures, words, "").words(NO_TOTAL if position else TOTAL_WORD)
        cells.append(f'<c r="{letter}{placed.total}"{cell}')
    return row_xml(placed.total or 0, "".join(cells))
