"""The panel: counts of every indicator, period and area as matrices, rolled up the tree of areas."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.standardise import standard_for
from variation.areas import AreaTree
from variation.cells import FILE, LINE
from variation.errors import Finding
from variation.periods import in_time, period_end
from variation.strata import Strata, collapse, find_strata

Floats = NDArray[np.float64]

GROUP = ["indicator", "period"]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Matrices of shape (groups, areas): a row is an indicator in a period, a column an area of the tree.

    NaN where there is no figure. Figures of a parent are sums over the areas below it at the finest
    kind that the indicator is given for; ``finest`` names that kind for each row of ``groups``.
    """

    tree: AreaTree
    groups: pd.DataFrame  # indicator, period, finest, and the catalogue's columns, in the order of both
    numerator: Floats
    denominator: Floats
    expected: (
        Floats  # by age and sex (or as published); NaN where the indicator is not indirectly standardised
    )
    squares: Floats  # sums of squares between people, for means
    value: Floats  # published values where counts are not, per the indicator's unit
    lower_95: Floats
    upper_95: Floats
    withheld: NDArray[
        np.bool_
    ]  # what disclosure control has put an estimate in the place of; nowhere at first
    strata: tuple[Strata, ...] = ()  # one for each directly standardised indicator's periods

    MATRICES = (
        "numerator",
        "denominator",
        "expected",
        "squares",
        "value",
        "lower_95",
        "upper_95",
        "withheld",
    )

    def __len__(self) -> int:
        return len(self.groups)

    def rows(self, chosen: slice | NDArray[np.int64]) -> "Panel":
        """Return the panel of some of its groups."""
        return replace(
            self,
            groups=self.groups.iloc[chosen].reset_index(drop=True),
            **{name: getattr(self, name)[chosen] for name in self.MATRICES},
        )

    def as_shown(self) -> "Panel":
        """Return the panel without the estimates that stand in the place of withheld counts."""
        return replace(self, numerator=np.where(self.withheld, np.nan, self.numerator))

    def latest_rows(self) -> NDArray[np.int64]:
        """Rows of each indicator's latest period, in the order of the indicators."""
        ends = self.groups.assign(end=self.groups["period"].map(period_end), row=np.arange(len(self)))
        latest = ends.sort_values(["end", "period"], kind="stable").groupby("indicator")["row"].last()
        return latest.to_numpy()

    def blocks(self, cells: int) -> Iterator["Panel"]:
        """Split the panel into panels of some groups each, of about ``cells`` cells: bounded memory."""
        step = max(1, cells // max(len(self.tree), 1))
        for start in range(0, len(self), step):
            yield self.rows(slice(start, start + step))


def build_panel(
    indicators: pd.DataFrame, catalogue: pd.DataFrame, tree: AreaTree, *, withheld_up_to: int = 0
) -> Panel:
    """Lay the checked indicator table out as matrices and roll it up the tree.

    ``withheld_up_to`` is the largest count of a stratum that its expected events must not tell.
    """
    indicators, finest = _at_finest(indicators, tree)
    flat = collapse(indicators, catalogue, withheld_up_to=withheld_up_to)
    groups = in_time(flat[GROUP].drop_duplicates())
    rows = pd.MultiIndex.from_frame(groups).get_indexer(pd.MultiIndex.from_frame(flat[GROUP]))
    columns = tree.positions(flat["area"])
    groups["finest"] = finest.loc[pd.MultiIndex.from_frame(groups)].to_numpy(dtype=object)
    given = np.zeros((len(groups), len(tree)), dtype=bool)
    given[rows, columns] = True

    def matrix(name: str) -> Floats:
        cells = np.full(given.shape, np.nan)
        cells[rows, columns] = flat[name].to_numpy(dtype=float, na_value=np.nan)
        return cells

    mean = matrix("numerator") / np.where(matrix("denominator") > 0, matrix("denominator"), np.nan)
    people, spread = matrix("denominator"), matrix("standard_deviation")
    own = {name: matrix(name) for name in ("numerator", "denominator", "expected")}
    own["squares"] = (people - 1) * spread**2 + people * mean**2
    # A rate needs both counts: what has only one takes no part in a sum.
    both = given & ~np.isnan(own["numerator"]) & ~np.isnan(own["denominator"])
    summed = {name: tree.roll_up(cells, given=both) for name, cells in own.items()}
    published = {name: np.where(given, matrix(name), np.nan) for name in ("value", "lower_95", "upper_95")}
    groups = groups.merge(catalogue, on="indicator", how="left", validate="many_to_one")
    return Panel(
        tree=tree,
        groups=groups,
        strata=find_strata(indicators, groups, tree, standard=standard_for),
        withheld=np.zeros(given.shape, dtype=bool),
        **summed,
        **published,
    )


def note_parent_rows(indicators: pd.DataFrame, tree: AreaTree, findings: list[Finding]) -> None:
    """Note rows of parents whose children are given: sums over the children stand in their place."""
    kept, _ = _at_finest(indicators, tree)
    left = indicators[~indicators.index.isin(kept.index)]
    if left.empty:
        return
    kinds = pd.Series(tree.kinds[tree.positions(left["area"])]).drop_duplicates()
    first = left.iloc[0]
    findings.append(
        Finding(
            severity="note",
            code="parent_rows",
            table=str(first[FILE]),
            row=int(first[LINE]),
            column="area",
            value=str(first["area"]),
            message=f"{len(left):,} rows of {', '.join(kinds)} are left out: sums over the areas below stand there",
            hint="a parent's figures are never read where its children are given",
        )
    )


def _at_finest(indicators: pd.DataFrame, tree: AreaTree) -> tuple[pd.DataFrame, pd.Series]:
    """Rows of the finest kind of area that each indicator and period is given for, and that kind."""
    kinds = tree.kinds_by_depth
    kind = pd.Categorical(tree.kinds[tree.positions(indicators["area"])], categories=kinds).codes
    keys = [indicators["indicator"], indicators["period"]]
    order = pd.Series(kind.astype(int), index=indicators.index).groupby(keys)
    finest = order.min().map(dict(enumerate(kinds)))
    return indicators[kind == order.transform("min")], finest
