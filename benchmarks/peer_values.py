"""Values of each area's peers, many rows of values at once: their mean, the mean of their best, their quantiles."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Everyone:
    """All the other areas as each one's peers, without listing them: for 6,500 areas the list takes 340 MB."""

    areas: int


# Positions of each area's peers, (areas, N), -1 where it has fewer; or all the others.
Peers = NDArray[np.int_] | Everyone

# Values of peers put in order at once: so many stay in a core's cache.
ORDERED_AT_ONCE = 400_000
# Peers. Up to here they are sorted against each other; more are sorted area by area, which then is faster.
LARGEST_NETWORK = 32


def as_peers(peers: "ArrayLike | Everyone") -> Peers:
    """Positions as an array of whole numbers; ``Everyone`` as it is."""
    return peers if isinstance(peers, Everyone) else np.asarray(peers, dtype=np.int64)


def mean_and_number(values: ArrayLike, peers: "ArrayLike | Everyone") -> tuple[Floats, Floats]:
    """Mean of each area's peers, and how many of them have a value; NaN and 0 where none has.

    ``values`` have shape (..., areas), NaN where missing; the answers the same. Peers are added up in their order,
    so that the answer does not depend on how many rows are worked on at once.

    >>> mean_and_number([[1.0, 2.0, np.nan]], [[1, 2], [0, -1], [-1, -1]])
    (array([[ 2.,  1., nan]]), array([[1., 1., 0.]]))
    >>> mean_and_number([1.0, 2.0, 6.0], Everyone(3))[0]
    array([4. , 3.5, 1.5])
    """
    array, group = np.asarray(values, dtype=float), as_peers(peers)
    missing = np.isnan(array)
    if missing.any():
        total = _sum_of_peers(np.where(missing, 0.0, array), group)
        number = _sum_of_peers((~missing).astype(float), group)
    else:
        total, number = _sum_of_peers(array, group), _number(group, array.shape)
    if number.size and number.min() > 0:
        return total / number, number
    return np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0), number


def means_and_number(parts: Floats, peers: "ArrayLike | Everyone") -> tuple[Floats, Floats]:
    """As ``mean_and_number`` of several arrays at once, (parts, ..., areas), all missing in the same places.

    The number is the same for all of them, (..., areas).

    >>> means, number = means_and_number(np.array([[1.0, 2.0, np.nan], [3.0, 5.0, np.nan]]), [[1, 2], [0, 2], [0, 1]])
    >>> means[:, 2], number
    (array([1.5, 4. ]), array([1., 1., 2.]))
    """
    group = as_peers(peers)
    missing = np.isnan(parts[0])
    if missing.any():
        number = _sum_of_peers((~missing).astype(float), group)
        total = _sum_of_peers(np.where(missing, 0.0, parts), group)
    else:
        number, total = _number(group, parts[0].shape), _sum_of_peers(parts, group)
    if number.size and number.min() > 0:
        total /= number
        return total, number
    return np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0), number


def number_with_value(values: ArrayLike, peers: "ArrayLike | Everyone") -> Floats:
    """Return how many of each area's peers have a value.

    >>> number_with_value([1.0, 2.0, np.nan], [[1, 2], [0, -1], [-1, -1]])
    array([1., 1., 0.])
    """
    array, group = np.asarray(values, dtype=float), as_peers(peers)
    missing = np.isnan(array)
    return _sum_of_peers((~missing).astype(float), group) if missing.any() else _number(group, array.shape)


def _number(group: Peers, shape: tuple[int, ...]) -> Floats:
    """Return how many peers each area has, the same in every row."""
    number = np.full(shape[-1], group.areas - 1) if isinstance(group, Everyone) else (group >= 0).sum(axis=1)
    return np.broadcast_to(np.asarray(number, dtype=float), (*shape[:-1], len(number)))


def _rows(array: Floats) -> Floats:
    """All leading axes as one."""
    return array.reshape(int(np.prod(array.shape[:-1])), array.shape[-1])


def _sum_of_peers(array: Floats, group: Peers) -> Floats:
    """Sum each area's peers, laid out in memory as ``array`` is, which has no missing value."""
    if isinstance(group, Everyone):
        return array.sum(axis=-1, keepdims=True) - array
    present = group >= 0
    ends = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
    chosen = group[present]
    member = csr_array((np.ones(chosen.size), chosen, ends), shape=(len(group), array.shape[-1]))
    flat = _rows(array)
    total = (member @ flat.T).T
    if flat.flags.c_contiguous:  # row by row; else one area's values stand beside each other, as in draws
        total = np.ascontiguousarray(total)
    return total.reshape(*array.shape[:-1], len(group))


def mean_of_lowest(values: ArrayLike, peers: "ArrayLike | Everyone", *, lowest: int) -> Floats:
    """Mean of the ``lowest`` lowest values of each area's peers, or of as many as there are; NaN where there is none.

    >>> mean_of_lowest([1.0, 2.0, 3.0, np.nan], [[1, 2], [2, 3], [3, -1], [0, 1]], lowest=2)
    array([2.5, 3. , nan, 1.5])
    >>> mean_of_lowest([1.0, 2.0, 3.0, np.nan], Everyone(4), lowest=2)
    array([2.5, 2. , 1.5, 1.5])
    """

    def of_others(others: "_Others") -> Floats:
        taken = np.minimum(lowest, others.number)
        with np.errstate(invalid="ignore"):
            return np.where(taken > 0, others.sum_of_lowest(taken) / np.maximum(taken, 1), np.nan)

    def of_theirs(theirs: list[Floats]) -> Floats:
        best = _lowest(theirs, lowest)
        total = _added(best)
        if np.isfinite(total).all():
            return total / len(best)
        there = _added([np.isfinite(one).astype(float) for one in best])
        total = _added([np.where(np.isfinite(one), one, 0.0) for one in best])
        return np.divide(total, there, out=np.full(total.shape, np.nan), where=there > 0)

    return _by_order(values, peers, of_theirs, of_others)


def quantile_of_peers(values: ArrayLike, peers: "ArrayLike | Everyone", *, quantile: float) -> Floats:
    """Quantile (a fraction, linear interpolation) of each area's peers; NaN where none has a value.

    >>> quantile_of_peers([1.0, 2.0, 4.0, 8.0], Everyone(4), quantile=0.5)
    array([4., 4., 2., 2.])
    """

    def interpolated(number: NDArray[np.int64], at: Callable[[NDArray[np.int64]], Floats]) -> Floats:
        place = np.clip((number - 1) * quantile, 0, None)
        below = np.floor(place).astype(np.int64)
        low, high = at(below), at(np.minimum(below + 1, np.maximum(number - 1, 0)))
        with np.errstate(invalid="ignore"):
            return np.where(number > 0, low + (place - below) * (high - low), np.nan)

    def of_theirs(theirs: list[Floats]) -> Floats:
        stack = np.stack(_ordered(theirs))
        number = np.isfinite(stack).sum(axis=0)
        return interpolated(number, lambda place: np.take_along_axis(stack, place[None], axis=0)[0])

    return _by_order(values, peers, of_theirs, lambda others: interpolated(others.number, others.at))


def _added(arrays: list[Floats]) -> Floats:
    total = arrays[0].copy()
    for array in arrays[1:]:
        total += array
    return total


def _by_order(
    values: ArrayLike,
    peers: "ArrayLike | Everyone",
    of_theirs: Callable[[list[Floats]], Floats],
    of_others: "Callable[[_Others], Floats]",
) -> Floats:
    """Work out an answer from the peers' values: N arrays to put in order, the missing infinite; or all in order."""
    array, group = np.asarray(values, dtype=float), as_peers(peers)
    if isinstance(group, Everyone):
        return of_others(_Others(array))
    flat = _rows(array)
    answer = np.full((len(group), len(flat)), np.nan)
    if group.size and len(flat):
        for some, theirs in _peers_of_some(flat, group):
            answer[some] = of_theirs(theirs)
    return answer.T.reshape(*array.shape[:-1], len(group))


def _peers_of_some(flat: Floats, group: NDArray[np.int_]) -> Iterator[tuple[slice, list[Floats]]]:
    """Give the peers' values, N arrays of (areas, rows), for some areas at a time; infinite where there is none."""
    by_area = np.ascontiguousarray(flat.T)
    if group.min() < 0 or np.isnan(by_area.sum()):
        by_area = np.empty(
            (flat.shape[1] + 1, flat.shape[0])
        )  # the last row stands for a peer that is not there
        by_area[:-1] = flat.T
        by_area[-1] = np.inf
        np.copyto(by_area, np.inf, where=np.isnan(by_area))
    step = max(1, ORDERED_AT_ONCE // (len(flat) * group.shape[1]))
    for start in range(0, len(group), step):
        some = slice(start, start + step)
        # A position of -1 is the last row.
        yield some, [by_area[column] for column in group[some].T]


def _lowest(values: list[Floats], number: int) -> list[Floats]:
    """Return the ``number`` lowest of arrays, position by position, in any order."""
    if 2 * number != len(values) or len(values) > LARGEST_NETWORK:
        return _ordered(values)[:number]
    # The lower half, as of RightCare's ten: of two sorted halves, the lower of each and its mirror image.
    one, other = _ordered(values[:number]), _ordered(values[number:])
    return [np.minimum(low, high, out=low) for low, high in zip(one, reversed(other), strict=True)]


def _ordered(values: list[Floats]) -> list[Floats]:
    """Sort arrays against each other, position by position: ``numpy.sort`` over them, six times as fast for ten."""
    if len(values) > LARGEST_NETWORK:
        return list(np.moveaxis(np.sort(np.stack(values, axis=-1), axis=-1), -1, 0))
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


class _Others:
    """All areas in order, once for a row, and what is left of them without each area itself."""

    def __init__(self, array: Floats) -> None:
        self.own = array
        order = np.argsort(array, axis=-1)  # NaN last
        self.ordered = np.take_along_axis(array, order, axis=-1)
        self.rank = np.empty(array.shape, dtype=np.int64)
        np.put_along_axis(self.rank, order, np.broadcast_to(np.arange(array.shape[-1]), array.shape), axis=-1)
        present = ~np.isnan(array)
        self.number = present.sum(axis=-1, keepdims=True) - present
        # An area without a value is not among those in order: nothing is left out for it.
        self.rank[~present] = array.shape[-1]

    def at(self, place: NDArray[np.int64]) -> Floats:
        """Value at a place (from 0) in the order of the others."""
        last = max(self.own.shape[-1] - 1, 0)
        return np.take_along_axis(self.ordered, np.minimum(place + (place >= self.rank), last), axis=-1)

    def sum_of_lowest(self, number: NDArray[np.int64]) -> Floats:
        """Sum of the lowest ``number`` of the others."""
        sums = np.zeros((*self.own.shape[:-1], self.own.shape[-1] + 1))
        np.cumsum(np.nan_to_num(self.ordered), axis=-1, out=sums[..., 1:])
        inside = self.rank < number
        total = np.take_along_axis(sums, number + inside, axis=-1)
        return total - np.where(inside, self.own, 0.0)
