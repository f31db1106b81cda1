"""Totals over indicators: each event once, for every area above the finest, and against the plan."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.areas import AreaTree
from variation.tables import TOTALS

Floats = NDArray[np.float64]

# The mode and comparator that headlines quote.
HEADLINE = ("credible", "peer_mean")


def largest_of_each_overlap(savings: pd.DataFrame, overlap: "pd.Series[str]") -> set[str]:
    """Return the indicators that count: of those that count the same events, the largest, for all areas alike."""
    total = savings.groupby("indicator")["value_gbp"].max()  # the top of the tree has the largest sum
    group = overlap.reindex(total.index).fillna(pd.Series(total.index, index=total.index))
    return set(total.sort_values(ascending=False, kind="stable").groupby(group).head(1).index)


def counted(opportunity: pd.DataFrame, overlap: "pd.Series[str]") -> "pd.Series[bool]":
    """Tell which rows count towards the headline: savings by the headline rule, each event once."""
    mode, comparator = HEADLINE
    savings = opportunity["value_gbp"].notna()
    savings &= (opportunity["mode"] == mode) & (opportunity["comparator"] == comparator)
    largest = largest_of_each_overlap(opportunity[savings], overlap)
    return savings & opportunity["indicator"].isin(largest) & (opportunity["value_gbp"] > 0)


def totals(
    opportunity: pd.DataFrame, overlap: "pd.Series[str]", tree: AreaTree, draws: dict[str, Floats]
) -> pd.DataFrame:
    """Add savings up over indicators, for every area that has others below it and every rule.

    ``draws`` are the £ of each indicator in each draw, at the areas that have others below them: summed inside
    the draw, they give the total's interval.
    """
    above = tree.with_children
    savings = opportunity[opportunity["value_gbp"].notna() & opportunity["area"].isin(tree.codes[above])]
    parts = []
    for (mode, comparator), rule in savings.groupby(["mode", "comparator"], sort=True):
        largest = largest_of_each_overlap(rule, overlap)
        once = rule[rule["indicator"].isin(largest)].groupby("area")
        table = pd.DataFrame(
            {
                "indicators": once.size(),
                "value_gbp": once["value_gbp"].sum(),
                "overlap_gbp": rule.groupby("area")["value_gbp"].sum() - once["value_gbp"].sum(),
                "chance_floor_gbp": once["chance_floor_gbp"].sum(min_count=1),
            }
        )
        if (mode, comparator) == HEADLINE:
            table = table.join(_interval(draws, sorted(largest), tree.codes[above]))
        parts.append(table.reset_index().assign(mode=str(mode), comparator=str(comparator)))
    if not parts:
        return pd.DataFrame(columns=TOTALS.names)
    table = pd.concat(parts, ignore_index=True)
    table["kind"] = table["area"].map(dict(zip(tree.codes, tree.kinds, strict=True)))
    return table.reindex(columns=TOTALS.names)


def _interval(draws: dict[str, Floats], indicators: list[str], areas: NDArray[np.object_]) -> pd.DataFrame:
    """10th, 50th and 90th percentile of the sum over indicators, by area."""
    total = np.sum([np.nan_to_num(draws[name]) for name in indicators], axis=0)
    return pd.DataFrame(
        np.quantile(total, [0.1, 0.5, 0.9], axis=0).T, index=areas, columns=["p10", "p50", "p90"]
    )
