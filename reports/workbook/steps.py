"""Steps from one figure to another, and swings about one, as tables with live columns for the charts on them.

A waterfall (gross to net) and a bridge (target to identified) are the same picture. Rows are the start, the
steps and the totals, in order:

>>> steps = [
...     Step("Gross", "{opportunity.gbp_0.total}", total=True),
...     Step("Overlap removed", "-{chain.overlap.total}"),
...     Step("Credible", "{chain.credible.total}", total=True),
... ]
>>> table = step_table("waterfall", steps, heading="From gross to credible")
>>> [column.heading for column in table.columns][:4]
['Step', 'Amount £', 'Level after the step £', 'Agrees with the steps']

A total is given by its own formula, not added up here: the check column says whether the steps lead to it.

A tornado has a row for each input that is moved, the widest first:

>>> swings = [Swing("Marginal rate, 30 % to 100 %", "{low.net}-{base.net}", "{high.net}-{base.net}")]
>>> swing_table("tornado", swings).columns[0].heading
'Moved'

The figures stand beside the names of the bars, in words that follow the cells: a bar that is too short for
its figure still has one. They are the last column, whose width no other table of the sheet shares.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from reports.shorthand import NOT_APPLICABLE
from reports.workbook.charts import TornadoChart, WaterfallChart
from reports.workbook.spec import POUNDS, POUNDS_M, Column, Formula, Table

TOTAL, STEP = "total", "step"
PENNY = 0.005  # £: below this two sums in another order are the same
MINUS = "\\\N{MINUS SIGN}"
MILLIONS = "£0.0,,\\m"  # £m with one decimal, in the spelling that TEXT takes inside a formula


@dataclass(frozen=True)
class Step:
    """One bar: a total that stands on the axis, or a step up (above 0) or down (below 0)."""

    label: str
    amount: str  # a formula, without the equals sign
    total: bool = False


@dataclass(frozen=True)
class Swing:
    """One bar to both sides: how far the result moves at the low and at the high end of an input."""

    label: str
    low: str  # formulas for differences from the base case, without the equals sign
    high: str


def step_table(
    name: str, steps: Iterable[Step], *, heading: str = "", unit: str = "£", caption: str = MILLIONS
) -> Table:
    """Return the table of steps; the first must be a total, from which the others start.

    ``caption`` is the number format of the figures at the bars.

    Raises
    ------
    ValueError
        If the first step is no total: the chart would float on nothing.
    """
    rows = list(steps)
    if not rows or not rows[0].total:
        raise ValueError(f"the steps of {name} must begin with a total")
    frame = pd.DataFrame(
        {
            "label": [row.label for row in rows],
            "amount": pd.Series([Formula(row.amount) for row in rows], dtype=object),
            "kind": [TOTAL if row.total else STEP for row in rows],
            "start": [1] + [0] * (len(rows) - 1),
        }
    )
    return Table(
        name=name, heading=heading, columns=_step_columns(unit, caption), frame=frame, filtered=False
    )


def waterfall(
    table: str,
    *,
    title: str,
    alt_text: str,
    beside: str = "",
    value_title: str = "",
    format: str = POUNDS_M,
) -> WaterfallChart:
    """Return the chart of a table of steps."""
    return WaterfallChart(
        title=title,
        table=table,
        category="caption",
        base="base",
        totals="totals",
        rises=("rise", "rise_below"),
        falls=("fall", "fall_below"),
        alt_text=alt_text,
        value_title=value_title,
        format=format,
        beside=beside,
    )


def swing_table(
    name: str, swings: Iterable[Swing], *, heading: str = "", unit: str = "£", caption: str = MILLIONS
) -> Table:
    """Return the table of swings; rows stay in the order given, the widest first as a rule."""
    rows = list(swings)
    signed = _signed(caption)
    columns = (
        Column(key="label", heading="Moved", width=46),
        Column(key="low", heading=f"At the low end {unit}", format=POUNDS, width=16),
        Column(key="high", heading=f"At the high end {unit}", format=POUNDS, width=16),
        Column(key="width", heading=f"Width {unit}", format=POUNDS, width=16, formula="ABS({high}-{low})"),
        Column(
            key="caption",
            heading="Chart: words",
            width=62,
            formula=f'{{label}}&": "&TEXT({{low}},"{signed}")&" to "&TEXT({{high}},"{signed}")',
        ),
    )
    frame = pd.DataFrame(
        {
            "label": [row.label for row in rows],
            "low": pd.Series([Formula(row.low) for row in rows], dtype=object),
            "high": pd.Series([Formula(row.high) for row in rows], dtype=object),
        }
    )
    return Table(name=name, heading=heading, columns=columns, frame=frame, filtered=False)


def tornado(
    table: str,
    *,
    title: str,
    alt_text: str,
    beside: str = "",
    value_title: str = "",
    format: str = POUNDS_M,
) -> TornadoChart:
    """Return the chart of a table of swings."""
    return TornadoChart(
        title=title,
        table=table,
        category="caption",
        low="low",
        high="high",
        alt_text=alt_text,
        value_title=value_title,
        format=format,
        beside=beside,
    )


def _signed(caption: str, *, plus: str = "+") -> str:
    return f"{plus}{caption};{MINUS}{caption};{caption}"


def _step_words(caption: str) -> str:
    """Return a step's figure in words: a line may break after a minus sign, and leave it behind."""
    return f'IF({{amount}}<0,"less ",IF({{amount}}>0,"plus ",""))&TEXT(ABS({{amount}}),"{caption}")'


def _step_columns(unit: str, caption: str) -> tuple[Column, ...]:
    """One formula a column, the same in every row.

    The level is the first amount and every step so far. A bar of a step runs between the levels before and
    after it; what of it is above 0 and what below are stacked apart, as a spreadsheet stacks them.
    """
    before = "({level}-{amount})"
    above = f"MAX(0,MAX({before},{{level}}))-MAX(0,MIN({before},{{level}}))"
    below = f"MIN(0,MIN({before},{{level}}))-MIN(0,MAX({before},{{level}}))"

    def figure(key: str, heading: str, formula: str) -> Column:
        return Column(key=key, heading=f"{heading} {unit}", format=POUNDS, width=16, formula=formula)

    def helper(key: str, heading: str, formula: str) -> Column:
        return figure(key, f"Chart: {heading}", formula)

    return (
        Column(key="label", heading="Step", width=42),
        Column(key="amount", heading=f"Amount {unit}", format=POUNDS, width=16),
        figure(
            "level",
            "Level after the step",
            f'SUMIFS({{so_far:amount}},{{so_far:kind}},"{STEP}")+SUMIFS({{so_far:amount}},{{so_far:start}},1)',
        ),
        Column(
            key="agrees",
            heading="Agrees with the steps",
            width=14,
            formula=(
                f'IF({{kind}}="{STEP}","{NOT_APPLICABLE}",'
                f'IF(ABS({{amount}}-{{level}})<={PENNY},"OK","CHECK"))'
            ),
            signal=True,
        ),
        Column(key="kind", heading="Kind of bar", width=12),
        Column(key="start", heading="Starts the chart", format="0", width=11),
        helper(
            "base",
            "unpainted part",
            f'IF({{kind}}="{STEP}",MAX(0,MIN({before},{{level}}))+MIN(0,MAX({before},{{level}})),0)',
        ),
        helper("totals", "totals", f'IF({{kind}}="{TOTAL}",{{amount}},0)'),
        helper("rise", "rises", f'IF(AND({{kind}}="{STEP}",{{amount}}>0),{above},0)'),
        helper("rise_below", "rises below 0", f'IF(AND({{kind}}="{STEP}",{{amount}}>0),{below},0)'),
        helper("fall", "falls", f'IF(AND({{kind}}="{STEP}",{{amount}}<0),{above},0)'),
        helper("fall_below", "falls below 0", f'IF(AND({{kind}}="{STEP}",{{amount}}<0),{below},0)'),
        Column(
            key="caption",
            heading="Chart: words",
            width=48,
            formula=(
                f'{{label}}&" "&IF({{kind}}="{STEP}",{_step_words(caption)},'
                f'TEXT({{amount}},"{_signed(caption, plus="")}"))'
            ),
        ),
    )
