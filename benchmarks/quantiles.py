"""Where an area stands among the others: quantile groups (fifths, tenths) and percentile ranks."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def _lowest_rank(value: Floats) -> tuple[Floats, Floats]:
    """Rank from 1 over the last axis, ties at their lowest, and the number ranked; NaN is not ranked.

    As ``scipy.stats.rankdata(method="min", nan_policy="omit")``, all rows at once.
    """
    missing = np.isnan(value)
    number = (~missing).sum(axis=-1, keepdims=True).astype(float)
    if not value.size:
        return value, number
    order = np.argsort(value, axis=-1)  # NaN sorts last
    ordered = np.take_along_axis(value, order, axis=-1)
    place = np.arange(1.0, value.shape[-1] + 1)
    new = np.empty(value.shape, dtype=bool)
    new[..., :1], new[..., 1:] = True, ordered[..., 1:] != ordered[..., :-1]
    rank = np.empty(value.shape)
    np.put_along_axis(rank, order, np.maximum.accumulate(np.where(new, place, 0.0), axis=-1), axis=-1)
    return np.where(missing, np.nan, rank) if missing.any() else rank, number


def quantile_group(value: ArrayLike, *, number: int = 10, invert: bool = True) -> Floats:
    """Quantile group of each area, 1 to ``number``, over the last axis.

    Parameters
    ----------
    value
        One value per area, shape ``(..., areas)``; NaN where there is none.
    number
        Groups: 5 for fifths, 10 for tenths.
    invert
        True: group 1 holds the highest values, as OHID ranks deprivation. False: the lowest.

    Returns
    -------
    array
        Whole numbers as floats; equal values share the group of their lowest rank. NaN where the
        value is NaN, and everywhere if fewer areas have a value than there are groups.

    Notes
    -----
    The rule of OHID's published deprivation fifths and tenths.

    >>> quantile_group([10, 20, 30, 40, np.nan], number=2)
    array([ 2.,  2.,  1.,  1., nan])
    """
    if number < 1:
        raise ValueError(f"expected at least 1 quantile group, got {number}")
    array = np.asarray(value, dtype=float)
    rank, areas = _lowest_rank(-array if invert else array)
    with np.errstate(divide="ignore", invalid="ignore"):
        group = number + 1 - np.ceil((areas + 1 - rank) * number / areas)
    return np.where(areas >= number, group, np.nan)


def percentile_rank(value: ArrayLike) -> Floats:
    """Percentile of each area among all of the last axis: 0 for the lowest, 100 for the highest.

    A percentile, not a fraction, as OpenPrescribing publishes it: 100 (rank - 1) / (areas - 1) with equal
    values at their lowest rank. NaN where the value is NaN or no other area has one.

    >>> percentile_rank([0.2, 0.1, 0.1, 0.4, 0.3])
    array([ 50.,   0.,   0., 100.,  75.])
    """
    return rank_and_percentile(value)[1]


def rank_and_percentile(value: ArrayLike) -> tuple[Floats, Floats]:
    """Rank of each area among all of the last axis, 1 for the lowest, beside its ``percentile_rank``; NaN as there.

    An area that alone has a value has a rank and no percentile.

    >>> rank_and_percentile([0.2, 0.1, 0.1, np.nan])
    (array([ 3.,  1.,  1., nan]), array([100.,   0.,   0.,  nan]))
    """
    rank, areas = _lowest_rank(np.asarray(value, dtype=float))
    percentile = rank - 1
    percentile /= np.where(areas > 1, areas - 1, np.nan)
    percentile *= 100
    return rank, percentile
