"""The tree of areas: practice, locality, cluster, ICB; figures of a parent are sums over its children."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class AreaTree:
    """Areas in the order of their codes, and the position of each one's parent (-1 at the top)."""

    codes: NDArray[np.object_]
    kinds: NDArray[np.object_]
    parent: NDArray[np.int64]
    table: pd.DataFrame  # the areas table in the same order

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def depth(self) -> NDArray[np.int64]:
        """Steps from the top of the tree: 0 for an area without a parent."""
        depth, above = np.zeros(len(self), dtype=int), self.parent
        while (above >= 0).any():
            depth += above >= 0
            above = np.where(above >= 0, self.parent[above], -1)
        return depth

    @cached_property
    def kinds_by_depth(self) -> list[str]:
        """Kinds of area, the finest first."""
        frame = pd.DataFrame({"kind": self.kinds, "depth": self.depth})
        mean = frame.groupby("kind")["depth"].mean().sort_values(ascending=False, kind="stable")
        return [str(kind) for kind in mean.index]

    @cached_property
    def with_children(self) -> NDArray[np.int64]:
        """Positions of the areas that have others below them, in the order of codes."""
        return np.unique(self.parent[self.parent >= 0])

    def positions(self, codes: pd.Series) -> NDArray[np.int64]:
        """Position of each code; -1 where the tree does not have it."""
        return pd.Index(self.codes).get_indexer(pd.Index(codes)).astype(np.int64)

    def of_kind(self, kind: str) -> NDArray[np.int64]:
        """Positions of the areas of a kind, in the order of codes."""
        return np.flatnonzero(self.kinds == kind)

    def own(self, focus: str) -> NDArray[np.int64]:
        """Position of the pack's own area; of every area without a parent where the pack has none."""
        place = np.flatnonzero(self.codes == focus)
        return place if len(place) else np.flatnonzero(self.parent < 0)

    @cached_property
    def top(self) -> str:
        """Code of the top of the tree: the area without a parent that most areas are below; "" if there is none."""
        roots = np.flatnonzero(self.parent < 0)
        sizes = self.ancestry[roots].sum(axis=1)
        return str(self.codes[roots[np.argmax(sizes)]]) if len(roots) and sizes.max() > 1 else ""

    @cached_property
    def ancestry(self) -> csr_array:
        """Matrix (areas, areas): 1 where the column's area is the row's area or lies below it."""
        below = np.arange(len(self))
        rows, columns = [below], [below]
        above = self.parent
        while (above >= 0).any():
            there = above >= 0
            rows.append(above[there])
            columns.append(below[there])
            above = np.where(there, self.parent[above], -1)
        row, column = np.concatenate(rows), np.concatenate(columns)
        return csr_array((np.ones(len(row)), (row, column)), shape=(len(self), len(self)))

    def roll_up(self, values: Floats, *, given: NDArray[np.bool_]) -> Floats:
        """Sums over everything below each area, shape (..., areas); NaN where nothing below has a value.

        ``given`` says which cells carry a figure of their own at the finest level of their row; the
        others are made from sums and what stands in them is not read.
        """
        flat = np.where(given, values, 0.0).reshape(-1, len(self))
        there = (given & ~np.isnan(values)).reshape(-1, len(self))
        sums = self.ancestry @ np.nan_to_num(flat).T
        number = self.ancestry @ there.astype(float).T
        return np.where(number > 0, sums, np.nan).T.reshape(values.shape)


def area_tree(areas: pd.DataFrame) -> AreaTree:
    """Build the tree from the areas table; a parent that is not in the table counts as none."""
    table = areas.sort_values("area", kind="stable").reset_index(drop=True)
    index = pd.Index(table["area"])
    return AreaTree(
        codes=table["area"].to_numpy(dtype=object),
        kinds=table["kind"].to_numpy(dtype=object),
        parent=index.get_indexer(pd.Index(table["parent"])).astype(np.int64),
        table=table,
    )


def in_a_ring(child: NDArray[np.int64], above: NDArray[np.int64], number: int) -> NDArray[np.bool_]:
    """Tell which of ``number`` places come back to themselves by steps from ``child`` to ``above``.

    >>> in_a_ring(np.array([0, 1, 2]), np.array([1, 0, 1]), 4)
    array([ True,  True, False, False])
    """
    if not len(child):
        return np.zeros(number, dtype=bool)
    steps = csr_array((np.ones(len(child)), (child, above)), shape=(number, number))
    _, ring = connected_components(steps, connection="strong")
    itself = np.zeros(number, dtype=bool)
    itself[child[child == above]] = True
    return itself | (np.bincount(ring)[ring] > 1)
