"""The spine of a locality, row by row beside its figures: the same places as the spine chart's, drawn light.

Sixty pictures of spines would weigh as much as the rest of the page; a row drawn in its table weighs 150 bytes,
is as sharp and takes the colours of a dark screen.
"""

from dataclasses import dataclass

import pandas as pd

from reports import words
from reports.charts.spine_chart import SIDES, spine_rows
from reports.contents import Contents
from reports.flags import BEYOND_CHANCE
from reports.page.table import figure, numbers
from reports.tree import Tree

EDGE = 100  # units of the drawing from the centre of a spine to its edge
TESTED = (*BEYOND_CHANCE, "similar")


@dataclass(frozen=True, kw_only=True)
class Spine:
    """One row of a spine: places from -100 (worst of all areas, or lowest) over 0 (their average) to 100."""

    low: int
    quarter: int
    three_quarters: int
    high: int
    area: int
    parent: int | None
    mark: str


def spines(
    comparison: pd.DataFrame,
    catalogue: pd.DataFrame,
    area: str,
    *,
    parent: str = "",
    spread: pd.DataFrame | None = None,
) -> dict[str, Spine]:
    """Return the spine of each indicator that one area has a value of; ``spread`` as for the chart."""
    shown = comparison.assign(value=numbers(comparison["value"]))
    rows = spine_rows(shown, catalogue, area, parent=parent, spread=spread)
    return {
        row["indicator"]: Spine(
            low=min(ends := (_place(row["at_low"]), _place(row["at_high"]))),
            high=max(ends),
            quarter=min(middle := (_place(row["at_quarter"]), _place(row["at_three_quarters"]))),
            three_quarters=max(middle),
            area=_place(row["at_area"]),
            parent=None if words.is_missing(row["at_parent"]) else _place(row["at_parent"]),
            mark=row["significance"] if row["significance"] in TESTED else "untested",
        )
        for row in rows.to_dict("records")
    }


def spine_key(contents: Contents) -> list[tuple[str, str]]:
    """Return what each mark of a spine says, as the chart says it."""
    said = [(mark if mark in TESTED else "untested", meaning) for mark, meaning in SIDES.items()]
    if contents.focus:
        said.append(("parent", Tree(contents).name(contents.focus)))
    return [*said, ("range", "Lowest to highest"), ("middle", "Middle half")]


def _place(share: object) -> int:
    return round(EDGE * figure(share))
