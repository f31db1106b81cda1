"""Totals over indicators: each event once, for every area above the finest, and against the plan."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.areas.tree import AreaTree
from variation.tables import TOTALS

Floats = NDArray[np.float64]
Pence = NDArray[np.int64]

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
    opportunity: pd.DataFrame,
    overlap: "pd.Series[str]",
    tree: AreaTree,
    interval: Callable[[list[str]], Floats],
) -> pd.DataFrame:
    """Add savings up over indicators, for every area that has others below it and every rule.

    ``interval`` gives the 10th, 50th and 90th percentile (£) of the sum of some indicators, for every such area: see
    ``TotalDraws``.
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
            table = table.join(
                pd.DataFrame(
                    interval(sorted(largest)).T, index=tree.codes[above], columns=["p10", "p50", "p90"]
                )
            )
        parts.append(table.reset_index().assign(mode=str(mode), comparator=str(comparator)))
    if not parts:
        return pd.DataFrame(columns=TOTALS.names)
    table = pd.concat(parts, ignore_index=True)
    table["kind"] = table["area"].map(dict(zip(tree.codes, tree.kinds, strict=True)))
    return table.reindex(columns=TOTALS.names)


def in_pence(pounds: Floats) -> Pence:
    """Draws in £ as whole pence, 0 where there is none: their sum is the same in whatever order they are added."""
    return np.rint(np.nan_to_num(pounds) * 100).astype(np.int64)


class TotalDraws:
    """Sum over indicators inside each draw, each event once.

    Draws are (draws, areas) of one indicator each. Of those that count the same events only the largest counts, which
    is known at the end: they are held. All others are added up as they come, so that memory does not grow with them.
    """

    def __init__(self, overlap: "pd.Series[str]") -> None:
        self._overlapping = set(overlap.index[overlap.notna()])
        self._held: dict[str, Pence] = {}
        self._others: Pence | None = None

    def add(self, draws: dict[str, Pence]) -> None:
        """Add some indicators; each comes once."""
        for name, own in draws.items():
            if name in self._overlapping:
                self._held[name] = own
            else:
                self._others = own.copy() if self._others is None else self._others + own

    def interval(self, indicators: list[str]) -> Floats:
        """10th, 50th and 90th percentile in £ of the sum of the ``indicators``, (3, areas)."""
        chosen = [self._held[name] for name in indicators if name in self._held]
        total = sum(chosen, start=np.int64(0) if self._others is None else self._others)
        return np.quantile(total / 100, [0.1, 0.5, 0.9], axis=0)
