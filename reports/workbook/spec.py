"""What a sheet of the workbook is: a title, a line on what it shows, notes, and tables with named columns.

Sheets are declared with these classes and say nothing of cells; `layout` gives every table its place and
`book` writes it. A further sheet is a function that returns a `Sheet`, added to the list in `sheets`.
"""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from reports.shorthand import NOT_AVAILABLE

TEXT = "General"
WHOLE = "#,##0"
PERCENT = "0%"
PERCENT_1 = "0.0%"
# A full ledger figure; negative ones keep their sign. Figures are stored in full whatever is shown.
POUNDS = "£#,##0;-£#,##0"
PENCE = "£#,##0.00;-£#,##0.00"
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

    ``{key}`` is the cell of column ``key`` in the same row, ``{table.key}`` the whole of a column of a
    table of the workbook, ``{table.key.total}`` the cell of its total.
    """

    text: str


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
    in their unit. ``missing`` is what stands for an empty cell: never nothing.
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

    @property
    def totals(self) -> bool:
        """Whether a row of totals closes the table."""
        return any(column.total for column in self.columns) and len(self.frame) > 0


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """A native bar chart of one column of a table against another, in the table's order."""

    title: str
    table: str
    category: str
    value: str
    alt_text: str
    beside: str = ""  # the table that it stands to the right of; below all where that is empty


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet, everything in it starting in column A."""

    name: str
    title: str
    description: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    charts: tuple[BarChart, ...] = ()
    frozen_columns: int = 1  # stay in sight when scrolling to the right


@dataclass(frozen=True, kw_only=True)
class Properties:
    """What the file says of itself, and what stands on every sheet of it."""

    title: str
    subject: str
    creator: str
    marking: str
    made: datetime
