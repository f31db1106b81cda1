"""The level of each area's peers inside every draw: the answers of ``benchmarks.comparators``, faster for many."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.comparators import best_of_peers, peer_median

Floats = NDArray[np.float64]
Positions = NDArray[np.int_]

BEST = 5
# Draws x areas sorted at once: ten peers of so many stay in a core's cache.
SORTED_AT_ONCE = 40_000


def mean_of_peers(ratios: Floats, peers: Positions) -> Floats:
    """Mean of each area's peers in each draw, (draws, areas); a peer of -1 is skipped, NaN without any.

    >>> mean_of_peers(np.array([[1.0, 2.0, 4.0]]), np.array([[1, 2], [0, -1], [-1, -1]]))
    array([[ 3.,  1., nan]])
    """
    present = peers >= 0
    number = present.sum(axis=1)
    share = np.where(number > 0, 1 / np.maximum(number, 1), np.nan)
    ends = np.concatenate([[0], np.cumsum(number)])
    shares = csr_array((np.repeat(share, number), peers[present], ends), shape=(len(peers), ratios.shape[1]))
    mean = (shares @ ratios.T).T
    mean[:, number == 0] = np.nan
    return mean


def best_five_of_peers(ratios: Floats, peers: Positions) -> Floats:
    """Mean of the lowest five of each area's peers in each draw.

    >>> best_five_of_peers(np.arange(12.0)[None], np.array([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]))
    array([[2.]])
    """
    return _by_order(
        ratios,
        peers,
        lambda ordered: np.mean(ordered[:BEST], axis=0),
        lambda rest: best_of_peers(ratios, rest, best=BEST, lower_is_better=True),
    )


def median_of_peers(ratios: Floats, peers: Positions) -> Floats:
    """Median of each area's peers in each draw.

    >>> median_of_peers(np.array([[1.0, 2.0, 4.0]]), np.array([[0, 1, 2], [0, 1, -1]]))
    array([[2. , 1.5]])
    """
    middle = slice((peers.shape[1] - 1) // 2, peers.shape[1] // 2 + 1)
    return _by_order(
        ratios,
        peers,
        lambda ordered: np.mean(ordered[middle], axis=0),
        lambda rest: peer_median(ratios, rest),
    )


def _by_order(
    ratios: Floats,
    peers: Positions,
    of_ordered: Callable[[list[Floats]], Floats],
    of_incomplete: Callable[[Positions], Floats],
) -> Floats:
    """Use the fast way for areas that have all their peers, the general one for the rest."""
    level = np.empty((ratios.shape[0], len(peers)))
    complete = (peers >= 0).all(axis=1) & (peers.shape[1] > 0)
    if not complete.all():
        level[:, ~complete] = of_incomplete(peers[~complete])
    by_area = np.ascontiguousarray(ratios.T)
    rows = np.flatnonzero(complete)
    step = max(1, SORTED_AT_ONCE // ratios.shape[0])
    for start in range(0, rows.size, step):
        some = rows[start : start + step]
        level[:, some] = of_ordered(_ordered([by_area[column] for column in peers[some].T])).T
    return level


def _ordered(values: list[Floats]) -> list[Floats]:
    """Sort arrays against each other, position by position: ``numpy.sort`` over them, six times as fast for ten."""
    spare = np.empty_like(values[0])
    for low, high in sorting_network(len(values)):
        np.minimum(values[low], values[high], out=spare)
        np.maximum(values[low], values[high], out=values[high])
        values[low], spare = spare, values[low]
    return values


@cache
def sorting_network(number: int) -> tuple[tuple[int, int], ...]:
    """Pairs of positions that, compared and exchanged in turn, sort ``number`` values: Batcher's merge exchange.

    Knuth, The Art of Computer Programming 3, 5.2.2, algorithm M.

    >>> sorting_network(3)
    ((0, 2), (0, 1), (1, 2))
    """
    pairs: list[tuple[int, int]] = []
    top = 1 << max(0, (number - 1).bit_length() - 1)
    stride = top
    while stride > 0:
        wide, offset, distance = top, 0, stride
        while True:
            pairs += [(i, i + distance) for i in range(number - distance) if i & stride == offset]
            if wide == stride:
                break
            distance, wide, offset = wide - stride, wide >> 1, stride
        stride >>= 1
    return tuple(pairs)
