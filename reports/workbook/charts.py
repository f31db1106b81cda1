"""The native charts of a workbook: drawn by the spreadsheet from the cells of a table, and alive with them.

Each names a table of its sheet and the columns to draw, in the table's order of rows, and says in words what
it shows (two to four sentences: the kind of chart, of what, the finding, where the figures are).

>>> BarChart(
...     title="Saving by programme", table="by_programme", category="programme", value="saving",
...     value_title="£ a year",
...     alt_text="Bar chart of the saving by programme, the largest at the top. Figures: table by_programme.",
... ).value
'saving'

A waterfall, bridge or tornado needs columns for where its bars float and what is written at them;
`reports.workbook.steps` makes the table with them, and the chart.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What all charts have: ``category`` is the column of labels, ``format`` that of its figures.

    ``beside`` names the table that the chart stands to the right of; below everything where that is empty.
    A chart of a table without rows is not drawn.
    """

    title: str
    table: str
    category: str
    alt_text: str
    category_title: str = ""
    value_title: str = ""
    format: str = ""  # as in the cells where empty
    beside: str = ""


@dataclass(frozen=True, kw_only=True)
class BarChart(Chart):
    """Bars from left to right, one for each row, from the top down."""

    value: str


@dataclass(frozen=True, kw_only=True)
class WaterfallChart(Chart):
    """Columns that float where the one before ended: totals stand on the axis, steps rise or fall.

    The fields name the helper columns of `reports.workbook.steps.step_table`.
    """

    base: str  # the part that is not painted, below a bar
    totals: str
    rises: tuple[str, str]  # the part of a rise above the axis, and the part below
    falls: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class TornadoChart(Chart):
    """Bars to either side of an axis: what the result would be less, or more, at the ends of each input.

    ``low`` and ``high`` are columns of differences from the base case, £ or another unit, negative to the
    left. Sort the rows so that the widest comes first.
    """

    low: str
    high: str
    low_title: str = "At the low end"
    high_title: str = "At the high end"
