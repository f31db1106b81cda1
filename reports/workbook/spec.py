"""What a sheet of the workbook is: a title, a line on what it shows, notes, and tables with named columns.

Sheets are declared with these classes and say nothing of cells; `layout` gives every table its place and
`book` writes it. A further sheet is a function that returns a `Sheet`, added to the list in `sheets`.
"""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from reports.shorthand import NOT_AVAILABLE
from reports.workbook.allowed import Allowed
from reports.workbook.charts import Chart

TEXT = "General"
WHOLE = "#,##0"
PERCENT = "0%"
PERCENT_1 = "0.0%"
# A full ledger figure; negative ones keep their sign. Cells hold more figures than they show.
POUNDS = "£#,##0;-£#,##0"
PENCE = "£#,##0.00;-£#,##0.00"
POUNDS_M = '£#,##0.0,,"m";-£#,##0.0,,"m"'  # for summaries and the labels of charts, never for ledgers
DATE = "d mmmm yyyy"
# For figures that are never negative: what would read as 0 although it is not is shown as [low].
POUNDS_OR_LOW = '[=0]£0;[<0.5]"[low]";£#,##0'
WHOLE_OR_LOW = '[=0]0;[<0.5]"[low]";#,##0'

# Rows of areas on one sheet. Six times what a county's practices fill; all of England's would fill gigabytes
# that no spreadsheet opens, and the pack's tables have them all.
MOST_ROWS = 20_000


def decimal(places: int) -> str:
    """Return the number format with thousands commas and so many decimals.

    >>> decimal(2), decimal(0)
    ('#,##0.00', '#,##0')
    """
    return f"{WHOLE}.{'0' * places}" if places else WHOLE


@dataclass(frozen=True)
class Formula:
    """A live formula, without the leading equals sign; figures are named, not addressed.

    =========================  =====================================================================
    ``{key}``                  the cell of column ``key`` in the same row
    ``{so_far:key}``           column ``key`` from the table's first row to this one: running totals
    ``{table.key}``            the whole of a column of a table of the workbook
    ``{table.key.total}``      the cell of its total
    ``{beside:table.key}``     its cell in the row at the same place, of tables that list the same things
    ``{cell:table.key:row}``   its cell in the row so called in the table's column ``rows_by``
    ``{name:key}``             an input by its name in the workbook, such as an assumption
    =========================  =====================================================================

    A cell of a row that is found by what stands in it is ``look_up``'s.
    """

    text: str


def look_up(result: str, *, where: str, equals: str) -> str:
    """Return the formula for a figure of another table, in the row where a column equals a cell.

    Unlike an address it still holds when a reader sorts that table.

    >>> look_up("prices.price", where="prices.point_of_delivery", equals="{point_of_delivery}")
    'INDEX({prices.price},MATCH({point_of_delivery},{prices.point_of_delivery},0))'
    """
    return f"INDEX({{{result}}},MATCH({equals},{{{where}}},0))"


@dataclass(frozen=True)
class Link:
    """Words that lead to another sheet."""

    text: str
    sheet: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table: where its figures are from and how they look.

    ``key`` names the column of the frame, and the column in formulas. With ``formula`` the frame need not
    have it. ``formats`` names a frame column that holds the number format of each row, where rows differ
    in their unit. ``missing`` is what stands for an empty cell: never nothing, but in inputs that wait for one.

    >>> from reports.workbook.allowed import Between
    >>> Column(key="sign_off", heading="Signed off", format=PERCENT, allowed=Between(lower=0, upper=1)).is_number
    True
    """

    key: str
    heading: str
    format: str = TEXT
    width: float = 12.0
    wrap: bool = False
    formula: str = ""
    formats: str = ""
    missing: str = NOT_AVAILABLE
    total: bool = False  # a live total under the column
    links: bool = False  # holds words that lead to other sheets
    signal: bool = False  # holds words of significance or of a check, set off by colour as well
    bars: bool = False  # a bar behind each figure, as long as the figure is large
    allowed: Allowed | None = None  # every cell is an input that takes this

    @property
    def is_number(self) -> bool:
        """Whether its cells stand to the right, as figures do."""
        return self.format != TEXT or bool(self.formats)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its name in the workbook, its columns in their order, its rows."""

    name: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    heading: str = ""  # only where a sheet has several tables
    empty: str = "There is nothing to show here."
    filtered: bool = True  # with buttons to filter and sort by
    rows_by: str = ""  # column whose words name the rows for formulas: ``{cell:table.key:row}``

    @property
    def totals(self) -> bool:
        """Whether a row of totals closes the table."""
        return any(column.total for column in self.columns) and len(self.frame) > 0


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet, everything in it starting in column A."""

    name: str
    title: str
    description: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    frozen_columns: int = 1  # stay in sight when scrolling to the right


@dataclass(frozen=True, kw_only=True)
class Properties:
    """What the file says of itself, and what stands on every sheet of it."""

    title: str
    subject: str
    creator: str
    marking: str
    made: datetime
