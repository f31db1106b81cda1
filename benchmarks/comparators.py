"""Comparators: what good looks like for each area, from the values of its peers or of all areas."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.peer_values import Everyone, mean_and_number, mean_of_lowest, quantile_of_peers

Floats = NDArray[np.float64]


def quantile_of(values: Floats, quantile: float) -> Floats:
    """Quantile over the last axis by linear interpolation, without the missing; NaN where all are.

    ``numpy.nanquantile`` gives the same and takes one slice at a time; this takes all at once.
    """
    return quantiles_of(values, quantile)[0]


def quantiles_of(values: Floats, *quantiles: float) -> list[Floats]:
    """Several quantiles as ``quantile_of``, the values put in order once."""
    if values.shape[-1] == 0:
        return [np.full(values.shape[:-1], np.nan) for _ in quantiles]
    ordered = np.sort(values, axis=-1)  # NaN sorts last
    number = (~np.isnan(ordered)).sum(axis=-1, keepdims=True)
    found = []
    for quantile in quantiles:
        place = np.clip((number - 1) * quantile, 0, None)
        below = np.floor(place).astype(int)
        above = np.minimum(below + 1, np.maximum(number - 1, 0))
        low, high = np.take_along_axis(ordered, below, -1), np.take_along_axis(ordered, above, -1)
        found.append((low + (place - below) * (high - low))[..., 0])
    return found


def best_of_peers(
    values: ArrayLike, peers: "ArrayLike | Everyone", *, best: int = 5, lower_is_better: bool
) -> Floats:
    """Simple mean of the best ``best`` of each area's peers, as RightCare publishes it (best 5 of 10).

    With fewer than ``best`` peers that have a value, the mean of those there are.

    >>> best_of_peers([1.0, 2.0, 3.0, 9.0], [[1, 2, 3]] * 4, best=2, lower_is_better=True)
    array([2.5, 2.5, 2.5, 2.5])
    """
    if lower_is_better:
        return mean_of_lowest(values, peers, lowest=best)
    return -mean_of_lowest(-np.asarray(values, dtype=float), peers, lowest=best)


def peer_mean(values: ArrayLike, peers: "ArrayLike | Everyone") -> Floats:
    """Simple mean of each area's peers.

    What an area of this kind has on average: the comparator of the calibrated rule and of the credible opportunity.

    >>> peer_mean([1.0, 2.0, 4.0], [[1, 2], [0, 2], [0, 1]])
    array([3. , 2.5, 1.5])
    """
    return mean_and_number(values, peers)[0]


def peer_pooled(numerator: ArrayLike, denominator: ArrayLike, peers: "ArrayLike | Everyone") -> Floats:
    """Rate of each area's peers taken together: the sum of their events over the sum of their people.

    >>> peer_pooled([1.0, 2.0, 4.0], [10.0, 10.0, 40.0], [[1, 2], [0, 2], [0, 1]]).round(3)
    array([0.12, 0.1 , 0.15])
    """
    x, n = np.broadcast_arrays(np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float))
    both = ~(np.isnan(x) | np.isnan(n))
    events, people = (mean_and_number(np.where(both, part, np.nan), peers)[0] for part in (x, n))
    return np.divide(events, people, out=np.full(people.shape, np.nan), where=people > 0)


def peer_quantile(values: ArrayLike, peers: "ArrayLike | Everyone", *, quantile: float) -> Floats:
    """Quantile (a fraction, linear interpolation) of each area's peers; 0.5 is the peer median.

    >>> peer_quantile([1.0, 2.0, 4.0, 8.0], [[1, 2, 3]] * 4, quantile=0.5)
    array([4., 4., 4., 4.])
    """
    return quantile_of_peers(values, peers, quantile=quantile)


def peer_median(values: ArrayLike, peers: "ArrayLike | Everyone") -> Floats:
    """Median of each area's peers, by linear interpolation.

    One extreme peer does not move it.

    >>> peer_median([1.0, 2.0, 4.0], [[1, 2], [0, 2], [0, 1]])
    array([3. , 2.5, 1.5])
    """
    return peer_quantile(values, peers, quantile=0.5)


def percentile_of_all(values: ArrayLike, *, percentile: float) -> Floats:
    """Percentile (0-100) of all areas, unweighted with linear interpolation, one for every area.

    OpenPrescribing's comparator is the 10th where low is good, the 90th where high is good.

    >>> percentile_of_all([1.0, 2.0, 3.0], percentile=10)
    array([1.2, 1.2, 1.2])
    """
    array = np.asarray(values, dtype=float)
    everyone = quantile_of(array, percentile / 100)
    return np.broadcast_to(everyone[..., None], array.shape).copy()


def parent_value(values: ArrayLike, parent: ArrayLike) -> Floats:
    """Value of the area that each area is part of; NaN at the top, where ``parent`` is -1.

    ``values`` are those of all areas of the tree, shape (..., areas); ``parent`` their positions, (areas,).
    The locality's or the ICB's own level, as OHID shows it beside each area.

    >>> parent_value([10.0, 20.0, 15.0], [2, 2, -1])
    array([15., 15., nan])
    """
    array, position = np.asarray(values, dtype=float), np.asarray(parent)
    return np.where(position >= 0, np.take(array, position, axis=-1), np.nan)


def own_best(values: ArrayLike, *, lower_is_better: bool) -> Floats:
    """Best value of each area's own past: over all periods but the last, periods along the first axis.

    What an area has shown that it can do; part of it is luck (see ``split_change``). NaN without a past value.

    >>> own_best([[12.0, 7.0], [10.0, np.nan], [11.0, 8.0]], lower_is_better=True)
    array([10.,  7.])
    """
    past = np.asarray(values, dtype=float)[:-1]
    best = np.fmin.reduce(past, axis=0) if lower_is_better else np.fmax.reduce(past, axis=0)
    return np.asarray(best, dtype=float)


def achievable_benchmark(
    numerator: ArrayLike, denominator: ArrayLike, *, share: float = 0.1, lower_is_better: bool
) -> Floats:
    """Achievable Benchmark of Care: the level of the best areas that together have a tenth of the people.

    Parameters
    ----------
    numerator, denominator
        People of people, shape (..., areas); NaN or nobody leaves an area out.
    share
        Fraction of all people that the best areas must hold.
    lower_is_better
        Which end is the best.

    Returns
    -------
    array
        The pooled proportion of those areas, the same for every area, shape (..., areas).

    Notes
    -----
    Kiefe and others (1998), International Journal for Quality in Health Care 10:443. Areas are ranked by
    (x + 1) / (n + 2), so that a small area is not best by luck alone.

    >>> achievable_benchmark([5, 30, 90, 80], [10, 100, 100, 100], share=0.3, lower_is_better=False)
    array([0.9, 0.9, 0.9, 0.9])
    """
    x, n = np.broadcast_arrays(np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float))
    known = ~np.isnan(x) & (n > 0)
    x, n = np.where(known, x, 0.0), np.where(known, n, 0.0)
    ranked = np.where(known, (x + 1) / (n + 2), np.inf if lower_is_better else -np.inf)
    order = np.argsort(ranked if lower_is_better else -ranked, axis=-1, kind="stable")
    events, people = np.take_along_axis(x, order, -1), np.take_along_axis(n, order, -1)
    before = np.cumsum(people, axis=-1) - people
    inside = before < share * people.sum(axis=-1, keepdims=True)  # the area that reaches the share is in
    total = np.where(inside, people, 0.0).sum(axis=-1)
    reached = np.where(inside, events, 0.0).sum(axis=-1)
    level = np.divide(reached, total, out=np.full(total.shape, np.nan), where=total > 0)
    return np.broadcast_to(level[..., None], x.shape).copy()
