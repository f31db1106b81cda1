"""Tables laid out by indicator, period and area, so that a column of any of them is one array."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.contents import Contents
from reports.pack_rows import latest
from reports.tree import Tree

Floats = NDArray[np.float64]

# Figures that a page can carry and stay under 1.5 MB: rows of the latest period, and values over time.
LATEST_MOST, SERIES_MOST = 15_000, 75_000


@dataclass(frozen=True, kw_only=True)
class Axes:
    """What stands along the three sides: codes in their order."""

    indicators: tuple[str, ...]
    periods: tuple[str, ...]
    areas: tuple[str, ...]
    followed: tuple[str, ...]  # areas of which every period is there; of the others the latest only

    @classmethod
    def of(cls, contents: Contents) -> "Axes":
        """Choose what a page can carry: kinds of area from the whole down, and as many of their periods."""
        indicators = tuple(str(code) for code in contents.catalogue["indicator"])
        periods = tuple(str(period) for period in contents.comparison["period"].unique())
        there = set(contents.comparison["area"].unique())
        tree = Tree(contents)
        areas = _kinds_within(tree, there, LATEST_MOST // max(len(indicators), 1))
        most = SERIES_MOST // max(len(indicators) * len(periods), 1)
        followed = _kinds_within(tree, there.intersection(areas), most)
        return cls(indicators=indicators, periods=periods, areas=areas, followed=followed)

    @property
    def all_followed(self) -> bool:
        """Whether every area has all its periods, the latest among them."""
        return self.followed == self.areas

    def latest(self, table: pd.DataFrame) -> "Laid":
        """Lay out a table with a row per indicator and area: columns of shape (indicators, areas)."""
        return Laid(table, [("indicator", self.indicators), ("area", self.areas)])

    def series(self, table: pd.DataFrame) -> "Laid":
        """Lay out a table over time: columns of shape (indicators, periods, followed areas)."""
        sides = [("indicator", self.indicators), ("period", self.periods), ("area", self.followed)]
        return Laid(table, sides)


class Laid:
    """A table laid out along axes: any column of it as one array, NaN where there is none."""

    def __init__(self, table: pd.DataFrame, sides: Sequence[tuple[str, Sequence[str]]]) -> None:
        places = [_places(table[name], codes) for name, codes in sides]
        self._known = np.all([place >= 0 for place in places], axis=0)
        self._places = tuple(place[self._known] for place in places)
        self._shape = tuple(len(codes) for _, codes in sides)
        self._table = table

    def __getitem__(self, column: str) -> Floats:
        values = pd.to_numeric(self._table[column], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        return self._fill(values, np.nan)

    def words(self, column: str, codes: Sequence[str]) -> NDArray[np.int64]:
        """Return a column of words as their places in ``codes``; -1 where it is none of them."""
        return self._fill(_places(self._table[column], codes), -1)

    def _fill(self, values: NDArray[Any], missing: float) -> NDArray[Any]:
        laid = np.full(self._shape, missing, dtype=values.dtype)
        laid[self._places] = values[self._known]
        return laid


def _kinds_within(tree: Tree, there: set[str], most: int) -> tuple[str, ...]:
    """Areas in their order, whole kinds of them from the top down while there is room."""
    chosen: list[str] = []
    inside = {kind: [area for area in tree.order if tree.kind[area] == kind] for kind in tree.kinds}
    for kind in tree.kinds:
        own = [area for area in inside[kind] if area in there]
        if len(chosen) + len(own) > most:
            break
        chosen += own
    return tuple(sorted(chosen, key=lambda area: (tree.kinds.index(tree.kind[area]), tree.name(area), area)))


def _places(values: "pd.Series[str]", codes: Sequence[str]) -> NDArray[np.int64]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        of_category = pd.Index(list(codes), dtype=object).get_indexer(values.cat.categories.astype(object))
        return np.append(of_category, -1)[values.cat.codes].astype(np.int64)
    return np.asarray(
        pd.Index(list(codes), dtype=object).get_indexer(pd.Index(values, dtype=object)), dtype=np.int64
    )


def latest_rows(contents: Contents) -> pd.DataFrame:
    """Rows of the comparison of each indicator's latest period."""
    return latest(contents.comparison, contents.period)
