"""Opportunity: what the gap between an area and its comparator amounts to, in units of the numerator."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.comparators import percentile_of_all
from benchmarks.intervals import non_negative

Floats = NDArray[np.float64]


def gross(
    value: ArrayLike, denominator: ArrayLike, comparator: ArrayLike, *, lower_is_better: bool
) -> Floats:
    """Units gained if each area on the wrong side of its comparator reached it; never below 0.

    All three broadcast; ``value`` and ``comparator`` per 1 of the denominator. An area better than its
    comparator counts 0, so sums are not net of it. NaN where an input is NaN.

    >>> gross([0.12, 0.05], [1000, 1000], 0.08, lower_is_better=True)
    array([40.,  0.])
    """
    gap = np.asarray(value, dtype=float) - np.asarray(comparator, dtype=float)
    if not lower_is_better:
        gap = -gap
    return np.clip(gap, 0, None) * non_negative(denominator, "denominator")


def percentile_saving(numerator: ArrayLike, denominator: ArrayLike, *, percentile: float) -> Floats:
    """Saving of each area as if every area stood at one percentile of them all.

    Parameters
    ----------
    numerator, denominator
        Shape ``(..., areas)``, compared over the last axis. NaN where an area did not report.
    percentile
        Percentile of the areas' values, 0 to 100: 10 where low is good, 90 where high is good.

    Returns
    -------
    array
        Numerator - percentile x denominator, in units of the numerator. Negative for an area below the
        percentile: kept here, to be left out of sums. NaN where an input is NaN or the denominator 0.

    Raises
    ------
    ValueError
        If an input is negative or the percentile outside 0 to 100.

    Notes
    -----
    OpenPrescribing: unweighted over areas, linear interpolation between them.

    >>> percentile_saving([10, 20, 30], [100, 100, 100], percentile=50)
    array([-10.,   0.,  10.])
    """
    if not 0 <= percentile <= 100:
        raise ValueError(f"expected a percentile between 0 and 100, got {percentile}")
    x, n = np.broadcast_arrays(non_negative(numerator, "numerator"), non_negative(denominator, "denominator"))
    n = np.where(n > 0, n, np.nan)
    return x - percentile_of_all(x / n, percentile=percentile) * n
