"""Complementary suppression: what else must be withheld so that no withheld count can be worked out."""

import numpy as np
from numpy.typing import NDArray

from variation.disclosure.counts import Counts
from variation.disclosure.ranges import Flags, Levels, Places, Ranges, from_below, from_everywhere

# Amounts are sums of decimals, added up in another order than they were.
TOLERANCE = 1e-6


def complement(levels: Levels, counts: Counts, order: NDArray[np.int64], withheld: Flags) -> Flags:
    """Withhold further cells until every count that must not be told keeps its whole range.

    Each withheld count is looked at as a reader would who subtracts whatever is shown from the sums above
    it (:func:`from_everywhere`). Where that says too much, one more cell below the same shown sum is
    withheld: the first in ``order``, which must be public, so that the choice itself tells nothing. Where
    there is none left, the sum is withheld.

    Parameters
    ----------
    levels
        The tree of areas.
    counts
        Counts, and what may be known of them; rows are looked at one by one.
    order
        Shape (rows, areas): cells with lower numbers are withheld first.
    withheld
        What is withheld already.
    """
    withheld = withheld | counts.small
    usable = counts.usable & _with_usable_below(levels, counts)
    open_rows = np.flatnonzero(withheld.any(axis=1))
    while len(open_rows):
        part, marked = counts.rows(open_rows), withheld[open_rows]
        told = too_narrow(levels, part, marked)
        anchor = nearest_shown(levels, marked)
        rows, cells = np.nonzero(told & (anchor >= 0))
        asked = np.zeros(marked.shape, dtype=bool)
        asked[rows, anchor[rows, cells]] = True
        hollow = _hollow(levels, part, marked)
        chosen = _first_below(asked, anchor, usable[open_rows] & ~marked, order[open_rows])
        # A withheld sum needs a withheld part: what stands right below it is then its own to choose from.
        chosen |= _first_below(hollow, _above(levels, marked), usable[open_rows] & ~marked, order[open_rows])
        chosen |= asked & ~_served(asked, anchor, chosen)
        withheld[open_rows] |= chosen
        open_rows = open_rows[chosen.any(axis=1)]
    return withheld


def too_narrow(levels: Levels, counts: Counts, withheld: Flags) -> Flags:
    """Tell which small counts can be worked out more narrowly than the policy allows.

    What the areas below an area show by themselves is allowed: where three practices are not 0, their
    locality is 3 or more.
    """
    below = from_below(levels, counts.known(withheld), counts.there)
    known = from_everywhere(levels, below)
    allowed = Ranges(
        lower=np.maximum(counts.may_be.lower, below.lower), upper=np.minimum(counts.may_be.upper, below.upper)
    )
    slack = TOLERANCE * (1 + np.abs(counts.number))
    narrow = (known.lower > allowed.lower + slack) | (known.upper < allowed.upper - slack)
    return counts.small & narrow


def nearest_shown(levels: Levels, withheld: Flags) -> Places:
    """Place of the nearest area above each that is shown; -1 where there is none."""
    anchor = np.full(withheld.shape, -1, dtype=np.int64)
    for step in levels.downwards():
        above = np.broadcast_to(step.parents, (len(withheld), len(step.parents)))
        found = np.where(withheld[:, step.parents], anchor[:, step.parents], above)
        anchor[:, step.children] = found[:, step.of]
    return anchor


def _above(levels: Levels, withheld: Flags) -> Places:
    """Place of the parent of each cell, the same in every row."""
    return np.broadcast_to(levels.tree.parent, withheld.shape)


def _with_usable_below(levels: Levels, counts: Counts) -> Flags:
    """Tell which cells have something below them that can be withheld with them; finest ones need nothing."""
    usable = counts.usable.copy()
    for step in levels.steps:
        within = step.some(usable) | ~step.some(counts.there)
        usable[:, step.parents] &= within
    return usable


def _hollow(levels: Levels, counts: Counts, withheld: Flags) -> Flags:
    """Tell which withheld sums have all their parts shown."""
    hollow = np.zeros(withheld.shape, dtype=bool)
    for step in levels.steps:
        whole = step.some(counts.there) & ~step.some(withheld)
        hollow[:, step.parents] = withheld[:, step.parents] & whole
    return hollow


def _first_below(asked: Flags, anchor: Places, candidates: Flags, order: NDArray[np.int64]) -> Flags:
    """Choose for each asked area the first candidate whose anchor it is."""
    chosen = np.zeros(asked.shape, dtype=bool)
    if not asked.any():
        return chosen
    rows, cells = np.nonzero(candidates & (anchor >= 0))
    wanted = asked[rows, anchor[rows, cells]]
    rows, cells = rows[wanted], cells[wanted]
    whose = rows * asked.shape[1] + anchor[rows, cells]
    by_order = np.lexsort((order[rows, cells], whose))
    first = by_order[np.unique(whose[by_order], return_index=True)[1]]
    chosen[rows[first], cells[first]] = True
    return chosen


def _served(asked: Flags, anchor: Places, chosen: Flags) -> Flags:
    """Tell which asked areas a cell was chosen for."""
    served = np.zeros(asked.shape, dtype=bool)
    rows, cells = np.nonzero(chosen & (anchor >= 0))
    served[rows, anchor[rows, cells]] = True
    return served
