"""The panel: counts of every indicator, period and area as matrices, rolled up the tree of areas."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.standardise import standard_for
from variation.areas.tree import AreaTree
from variation.errors import Finding
from variation.figures.strata import Strata, collapse, find_strata
from variation.periods import order_in_time, period_end
from variation.reading.cells import FILE, LINE

Floats = NDArray[np.float64]

GROUP = ["indicator", "period"]

# Cells rolled up the tree at once: 64 MB with what that needs.
ROLLED_UP_AT_ONCE = 2_000_000


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
    place = _places(indicators, tree)
    place, kept = _at_finest(place, tree)
    indicators = indicators if kept.all() else indicators[kept]
    flat = collapse(indicators, catalogue, withheld_up_to=withheld_up_to)
    if flat is not indicators:  # strata were added up
        place = replace(_places(flat, tree), finest=place.finest)
    groups, shape = place.groups.assign(finest=place.finest), (len(place.groups), len(tree))

    def matrix(name: str) -> Floats:
        values = flat[name].to_numpy(dtype=float, na_value=np.nan)
        if np.isnan(values).all():
            return np.broadcast_to(np.nan, shape)  # takes no memory
        cells = np.full(shape, np.nan)
        cells[place.rows, place.columns] = values
        return cells

    counts = {name: matrix(name) for name in ("numerator", "denominator")}
    # A rate needs both counts: what has only one takes no part in a sum.
    both = ~(np.isnan(counts["numerator"]) | np.isnan(counts["denominator"]))
    own = counts | {
        "expected": matrix("expected"),
        "squares": _squares(**counts, spread=matrix("standard_deviation")),
    }
    summed = {name: _rolled_up(tree, cells, both) for name, cells in own.items()}
    published = {name: matrix(name) for name in ("value", "lower_95", "upper_95")}
    groups = groups.merge(catalogue, on="indicator", how="left", validate="many_to_one")
    return Panel(
        tree=tree,
        groups=groups,
        strata=find_strata(indicators, groups, tree, standard=standard_for),
        withheld=np.zeros(shape, dtype=bool),
        **summed,
        **published,
    )


def note_parent_rows(indicators: pd.DataFrame, tree: AreaTree, findings: list[Finding]) -> None:
    """Note rows of parents whose children are given: sums over the children stand in their place."""
    _, kept = _at_finest(_places(indicators, tree), tree)
    if kept.all():
        return
    left = indicators[~kept]
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


def _squares(*, numerator: Floats, denominator: Floats, spread: Floats) -> Floats:
    """Sum of squares between people, from the standard deviation between them and their mean."""
    answer = np.broadcast_to(np.nan, spread.shape)
    rows = np.flatnonzero(~np.isnan(spread).all(axis=1))
    if len(rows):
        people = np.where(denominator[rows] > 0, denominator[rows], np.nan)
        answer = np.full(spread.shape, np.nan)
        answer[rows] = (denominator[rows] - 1) * spread[rows] ** 2 + people * (numerator[rows] / people) ** 2
    return answer


def _rolled_up(tree: AreaTree, cells: Floats, given: NDArray[np.bool_]) -> Floats:
    """Sums over everything below each area; only the groups that have any figure are worked on."""
    rows = np.flatnonzero((given & ~np.isnan(cells)).any(axis=1))
    if not len(rows):
        return np.broadcast_to(np.nan, cells.shape)
    summed = np.full(cells.shape, np.nan)
    for some in np.array_split(rows, -(-len(rows) * len(tree) // ROLLED_UP_AT_ONCE)):
        summed[some] = tree.roll_up(cells[some], given=given[some])
    return summed


@dataclass(frozen=True, kw_only=True)
class _Places:
    """Where each row of a table stands in the matrices."""

    groups: pd.DataFrame  # indicator and period, in the order of names and of time
    rows: NDArray[np.int64]  # the group of each row of the table
    columns: NDArray[np.int64]  # its area
    finest: NDArray[np.object_]  # the finest kind of area that each group is given for


def _places(table: pd.DataFrame, tree: AreaTree) -> _Places:
    """Number the groups and areas of a table's rows: each text is read once."""
    with ThreadPoolExecutor() as threads:  # texts are read without the interpreter's lock
        (indicator, indicators), (period, periods), (area, areas) = threads.map(
            _numbered, [table[name] for name in (*GROUP, "area")]
        )
    rank, indicators = _in_their_order(indicators, indicators.argsort())
    later, periods = _in_their_order(periods, order_in_time(periods))
    cell = rank[indicator] * len(periods) + later[period]
    there = np.flatnonzero(np.bincount(cell, minlength=len(indicators) * len(periods)))
    number = np.zeros(len(indicators) * len(periods), dtype=np.int64)
    number[there] = np.arange(len(there))
    names = {"indicator": indicators[there // len(periods)], "period": periods[there % len(periods)]}
    groups = pd.DataFrame(names) if len(there) else table[GROUP].head(0)
    return _Places(
        groups=groups,
        rows=number[cell],
        columns=tree.positions(pd.Series(areas))[area],
        finest=np.full(len(there), "", dtype=object),
    )


def _numbered(texts: "pd.Series[str]") -> tuple[NDArray[np.int64], pd.Index]:
    """Number each text by its distinct ones."""
    codes, distinct = pd.factorize(texts)
    return codes.astype(np.int64, copy=False), pd.Index(distinct)


def _in_their_order(names: pd.Index, order: NDArray[np.int64]) -> tuple[NDArray[np.int64], pd.Index]:
    """Return the rank of each name, and the names in their order."""
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return rank, names[order]


def _at_finest(place: _Places, tree: AreaTree) -> tuple[_Places, NDArray[np.bool_]]:
    """Keep the rows of the finest kind of area that each indicator and period is given for, and name that kind."""
    kinds = tree.kinds_by_depth
    code = np.array([kinds.index(kind) for kind in tree.kinds], dtype=np.int64)[place.columns]
    given = np.zeros((len(place.groups), len(kinds)), dtype=bool)
    given[place.rows, code] = True
    finest = given.argmax(axis=1)
    kept = code == finest[place.rows]
    names = np.array(kinds, dtype=object)[finest]
    return replace(place, rows=place.rows[kept], columns=place.columns[kept], finest=names), kept
