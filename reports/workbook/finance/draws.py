"""How sure: the draws of every line, weighed by the assumptions, and the percentiles of what they come to."""

import numpy as np
import pandas as pd

from reports.finance import Finance
from reports.shorthand import NOT_APPLICABLE
from reports.workbook.finance import names as n
from reports.workbook.finance.once import labels
from reports.workbook.spec import POUNDS, Column, Sheet, Table, decimal

# What is added up in each draw: key, words, whether net, whether only the line of the plan looked at.
SUMS = (
    ("once_all", "Counted once, all lines", False, False),
    ("net_all", "Net in the plan's year, all lines", True, False),
    ("once_shown", "Counted once, line of the plan looked at", False, True),
    ("net_shown", "Net in the plan's year, line of the plan looked at", True, True),
)
PERCENTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def draw_sheets(finance: Finance) -> list[Sheet]:
    """Return the percentiles, then for each comparator that has draws the weights and the draws themselves."""
    return [_intervals(finance), *(_draws(finance, number) for number in finance.draws)]


def _keys(finance: Finance) -> list[str]:
    return [f"line_{number}" for number in range(1, len(finance.lines) + 1)]


def _intervals(finance: Finance) -> Sheet:
    frame = pd.DataFrame({"key": [key for key, *_ in SUMS], "what": [words for _, words, *_ in SUMS]})
    columns = [
        Column(key="what", heading="What is added up in each draw", width=50),
    ]
    totals = {
        "once_all": f"{{{n.CHAIN}.once.total}}",
        "net_all": f"{{{n.CHAIN}.net_commissioner.total}}",
        "once_shown": f"SUMPRODUCT({{{n.CHAIN}.in_view}},{{{n.CHAIN}.once}})",
        "net_shown": f"SUMPRODUCT({{{n.CHAIN}.in_view}},{{{n.CHAIN}.net_commissioner}})",
    }
    columns.append(
        Column(
            key="value",
            heading="By the chain £",
            format=POUNDS,
            width=16,
            formula="CHOOSE({number}," + ",".join(totals[key] for key in frame["key"]) + ")",
        )
    )
    for key, share in PERCENTILES.items():
        columns.append(
            Column(
                key=key,
                heading=f"{share:.0%} of draws are below £",
                format=POUNDS,
                width=16,
                formula=f"IF({{cell:{n.IN_FORCE}.credible:now}}=1,CHOOSE({{number}},{_percentiles(finance, share)})"
                f',"{NOT_APPLICABLE}")',
            )
        )
    columns.append(Column(key="number", heading="Number", format="0", width=10))
    frame["number"] = range(1, len(SUMS) + 1)
    return Sheet(
        name="How sure",
        title="How sure we are",
        description="Four sums with the interval that 80 of 100 draws fall into: a row for each.",
        notes=(
            "Every draw takes chance out of each area and its peers anew. The sheets Draws hold them: each line's"
            " units are priced, counted once and taken through the chain with the assumptions in force. Which line of"
            " an overlap group counts, and the cap, are those of the mean.",
            "RightCare's rule and every gap have no draws, and so no interval.",
        ),
        tables=(Table(name=n.INTERVALS, columns=tuple(columns), frame=frame, rows_by="key", filtered=False),),
    )


def _percentiles(finance: Finance, share: float) -> str:
    """Percentile of each of the four sums, over the draws of the comparator in force."""
    each = []
    for key, *_ in SUMS:
        of = [f"PERCENTILE({{{_table(number)}.{key}}},{share})" for number in finance.draws]
        each.append(f"CHOOSE({{cell:{n.IN_FORCE}.number:now}},{','.join(of)})")
    return ",".join(each)


def _table(number: int) -> str:
    return f"{n.DRAWS}_{number}"


def _draws(finance: Finance, number: int) -> Sheet:
    drawn = finance.draws[number]
    label = labels()[number - 1]
    weights = f"{n.WEIGHTS}_{number}"
    lines = list(zip(_keys(finance), finance.lines["name"], finance.lines["unit"], strict=True))
    first, last = lines[0][0], lines[-1][0]
    sums = [
        Column(
            key=key,
            heading=f"{words} £",
            format=POUNDS,
            width=16,
            formula=f"SUMPRODUCT({{{first}}}:{{{last}}},{{cell:{weights}.{first}:{key}}}:{{cell:{weights}.{last}:{key}}})-{{cell:{weights}.fixed:{key}}}",
        )
        for key, words, *_ in SUMS
    ]
    frame = pd.DataFrame(drawn.T, columns=[key for key, *_ in lines])
    frame.insert(0, "draw", np.arange(1, len(frame) + 1))
    return Sheet(
        name=f"Draws {number}",
        title=f"Draws: {label}",
        description="Units of each indicator in each joint draw, and what they come to: one row for each draw.",
        notes=(
            "The first table says what a unit of each indicator is worth in each of the sums; the second holds the"
            " draws.",
        ),
        tables=(
            _weights(weights, lines),
            Table(
                name=_table(number),
                heading="Draws",
                filtered=False,
                columns=(
                    Column(key="draw", heading="Draw", format="0", width=9),
                    *sums,
                    *(
                        Column(
                            key=key, heading=f"{name}: {unit}", format=decimal(0 if unit == "£" else 2), width=12
                        )
                        for key, name, unit in lines
                    ),
                ),
                frame=frame,
            ),
        ),
    )  # fmt: skip


def _weights(name: str, lines: list[tuple[str, str, str]]) -> Table:
    frame = pd.DataFrame(
        {
            "key": [key for key, *_ in SUMS],
            "what": [words for _, words, *_ in SUMS],
            "net": [int(net) for *_, net, _ in SUMS],
            "view": [int(view) for *_, view in SUMS],
        }
    )

    def weight(place: int) -> str:
        per = f"IF({{net}}=1,INDEX({{{n.CHAIN}.net_with_saving}},{place}),INDEX({{{n.CHAIN}.once_per_unit}},{place}))"
        return f"{per}*INDEX({{{n.LINES}.unit_cost}},{place})*IF({{view}}=1,INDEX({{{n.CHAIN}.in_view}},{place}),1)"

    return Table(
        name=name,
        heading="What a unit is worth, £",
        rows_by="key",
        filtered=False,
        columns=(
            Column(key="number", heading="Sum", format="0", width=9),
            Column(key="what", heading="What is added up", width=16, wrap=True),
            Column(key="fixed", heading="Costs in £ taken off", format=POUNDS, width=16,
                   formula=f"IF({{net}}=1,SUMPRODUCT(({{{n.CHAIN}.in_view}}+1-{{view}}>0)*{{{n.CHAIN}.fixed_now}}),0)"),
            Column(key="net", heading="Net", format="0", width=9),
            Column(key="view", heading="Only the line looked at", format="0", width=9),
            *(
                Column(key=key, heading=line, format="0.0000", width=12, formula=weight(place))
                for place, (key, line, _) in enumerate(lines, start=1)
            ),
        ),
        frame=frame.assign(number=range(1, len(frame) + 1)),
    )  # fmt: skip
