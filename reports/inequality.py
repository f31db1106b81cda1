"""How figures run from the most to the least deprived areas, and for which indicators that is certain."""

import numpy as np
import pandas as pd

from reports import words
from reports.contents import Contents
from reports.pack_rows import latest

# Share of indicators without any slope whose 95 % interval would still leave out 0.
SLOPES_BY_CHANCE = 0.05
WAYS = {1: "higher", -1: "lower"}


def latest_inequality(contents: Contents) -> pd.DataFrame:
    """Return the latest row of every indicator that has a slope, the steepest relative slope first.

    ``certain`` is added, and ``way``: "higher" or "lower" among the most deprived where that is certain, else
    empty. Certain is what both measures say with 95 % confidence, in one direction: the slope over
    deprivation fifths, which counts chance in the events, and the gradient over areas, which counts all
    that scatters them.
    """
    rows = contents.inequality
    if rows.empty:
        return rows
    rows = latest(rows[rows["indicator"].isin(contents.catalogue["indicator"])], contents.period)
    rows = rows[rows["gradient"].notna() & rows["sii"].notna()]
    # The slope runs towards the least deprived, the gradient towards the most deprived.
    fifths = -_side(rows["sii_lower_95"], rows["sii_upper_95"])
    areas = _side(rows["gradient_lower_95"], rows["gradient_upper_95"])
    certain = (areas != 0) & (areas == fifths)
    steepness = np.log(rows["rii"].where(rows["rii"] > 0)).abs()
    return (
        rows.assign(certain=certain, way=areas.map(WAYS).where(certain, ""), steepness=steepness)
        .sort_values(["steepness", "indicator"], ascending=[False, True], na_position="last")
        .drop(columns="steepness")
        .reset_index(drop=True)
    )


def _side(lower: "pd.Series[float]", upper: "pd.Series[float]") -> "pd.Series[int]":
    """Side of 0 on which an interval lies: 1, -1, or 0 where it holds it or there is none."""
    return (lower > 0).astype(int) - (upper < 0).astype(int)


def inequality_sentence(rows: pd.DataFrame) -> str:
    """Say for how many indicators deprivation and the figure go together, and how many would by chance."""
    certain = rows["certain"]
    higher = int((rows["way"] == "higher").sum())
    kind = words.kind_name(str(rows["kind"].iloc[0]), 2)
    found = int(certain.sum())
    verb = "runs" if found == 1 else "run"
    return (
        f"{words.number(found)} of {words.count_of(len(rows), 'indicator')} {verb} with the deprivation of"
        f" the {kind}, beyond chance (at most {words.number(SLOPES_BY_CHANCE * len(rows), 0)} expected by"
        f" chance): {words.number(higher)} higher among the most deprived, {words.number(found - higher)} lower."
    )


def way_mark(way: str, polarity: object) -> str:
    """Return the mark of what the most deprived have: better or worse where a direction is good.

    >>> way_mark("higher", "low"), way_mark("lower", "low"), way_mark("lower", "local"), way_mark("", "low")
    ('worse', 'better', 'lower', '')
    """
    if polarity not in ("low", "high") or not way:
        return way
    return "worse" if (way == "higher") == (polarity == "low") else "better"
