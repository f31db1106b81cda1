"""What can be worked out about each count: its narrowest range, given every other figure of the tree of areas."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from variation.areas.tree import AreaTree

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

# Stands for "no upper limit". Sums of it over 6,500 areas are still exact in a float.
NO_LIMIT = 1e12


@dataclass(frozen=True)
class Step:
    """One level of the tree: parents, and their children side by side."""

    parents: Places
    children: Places  # in the order of their parents
    starts: Places  # where each parent's children begin
    of: Places  # for each child, the place of its parent among ``parents``

    def sums(self, cells: Floats) -> Floats:
        """Sum over the children of each parent, shape (groups, parents)."""
        return np.add.reduceat(cells[:, self.children], self.starts, axis=1)

    def some(self, cells: Flags) -> Flags:
        """Tell whether any child of each parent is marked."""
        return np.logical_or.reduceat(cells[:, self.children], self.starts, axis=1)


@dataclass(frozen=True)
class Levels:
    """The tree of areas as steps from parents to children, the deepest first."""

    tree: AreaTree

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every level that has children, the deepest first."""
        parent, depth = self.tree.parent, self.tree.depth
        found = []
        for level in range(int(depth.max(initial=0)), 0, -1):
            children = np.flatnonzero(depth == level)
            children = children[np.argsort(parent[children], kind="stable")]
            parents, starts, of = np.unique(parent[children], return_index=True, return_inverse=True)
            found.append(Step(parents=parents, children=children, starts=starts, of=of))
        return tuple(found)

    def downwards(self) -> Iterator[Step]:
        """Give the steps from the top of the tree to the finest areas."""
        return reversed(self.steps)


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """Lowest and highest count that each area can have, matrices of (groups, areas)."""

    lower: Floats
    upper: Floats

    def rows(self, chosen: NDArray[np.int64]) -> "Ranges":
        """Return some of the rows."""
        return Ranges(lower=self.lower[chosen], upper=self.upper[chosen])


def from_below(levels: Levels, known: Ranges, there: Flags) -> Ranges:
    """Narrow what is known of each area by what is known of the areas below it."""
    lower, upper = known.lower.copy(), known.upper.copy()
    for step in levels.steps:
        below = step.some(there)
        for cells, narrower in ((lower, np.maximum), (upper, np.minimum)):
            own = cells[:, step.parents]
            cells[:, step.parents] = np.where(below, narrower(own, step.sums(cells)), own)
    return Ranges(lower=lower, upper=upper)


def from_everywhere(levels: Levels, below: Ranges) -> Ranges:
    """Narrow ranges that :func:`from_below` gives by what is known of everything else in the tree.

    Exact: each sum has its parts in one place only, so no two ways lead from one figure to another.
    """
    lower, upper = below.lower.copy(), below.upper.copy()
    for step in levels.downwards():
        least, most = below.lower[:, step.children], below.upper[:, step.children]
        others_least = step.sums(below.lower)[:, step.of] - least
        others_most = step.sums(below.upper)[:, step.of] - most
        whole_lower, whole_upper = lower[:, step.parents][:, step.of], upper[:, step.parents][:, step.of]
        lower[:, step.children] = np.maximum(least, whole_lower - others_most)
        upper[:, step.children] = np.minimum(most, whole_upper - others_least)
    return Ranges(lower=lower, upper=upper)
