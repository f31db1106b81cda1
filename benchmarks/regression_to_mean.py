"""A change after action: regression to the mean, the trend of everyone, and the excess over both."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.intervals import Interval, non_negative, z_value

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class ChangeSplit:
    """A change in three parts that sum to it; arrays ``(areas,)`` in the unit of the value."""

    change: Floats
    regression_to_mean: (
        Floats  # expected had nothing happened: chance does not strike twice in the same place
    )
    trend: Floats  # of the areas compared with, the same for every area
    excess: Floats  # the rest: what may be owed to the action
    excess_limits: Interval
    reliability: Floats  # share of the variance before that is not chance
    between_variance: float  # of the areas' true values, before
    drift_variance: float  # of the areas' true changes about the trend, without action


def split_change(
    before: ArrayLike,
    after: ArrayLike,
    *,
    variance_before: ArrayLike,
    variance_after: ArrayLike,
    untreated: ArrayLike | None = None,
    between_variance: float | None = None,
    drift_variance: float | None = None,
    confidence: float = 0.95,
) -> ChangeSplit:
    """Split each area's change into regression to the mean, the trend of everyone, and the excess.

    Parameters
    ----------
    before, after
        The figure of each area in the two periods, shape ``(areas,)``; logarithms of rates suit best. Give
        every area of the kind, not only those that acted: the mean to which they regress is that of all.
    variance_before, variance_after
        Sampling variance of each figure, unit squared: for the logarithm of a rate of events 1 / events.
    untreated
        Which areas did not act, and so show the trend. Without it all areas do, and an effect that all share
        is taken for trend.
    between_variance, drift_variance
        Known variances of the true values, and of their true changes; estimated from these areas when not
        given.
    confidence
        Two-sided coverage of the limits of the excess, a fraction.

    Returns
    -------
    ChangeSplit
        NaN for an area with a missing figure, which counts for no other; all NaN below three areas, or three
        untreated ones where the drift is to be estimated.

    Raises
    ------
    ValueError
        If a variance is negative, or the arrays are not of one length.

    Notes
    -----
    Barnett, van der Pols and Dobson (2005): the expected change of an area chosen for its figure is
    (1 - reliability) (mean - figure). Between-area variance by DerSimonian and Laird's moments. The limits
    hold the chance in both figures, what is unknown of the true value before, the drift of areas without
    action, and the error of mean and trend; that of the variances they do not.

    >>> split = split_change([10, 12, 14, 20], [11, 13, 14, 15], variance_before=[4], variance_after=[4])
    >>> split.regression_to_mean.round(2), split.trend[0].round(2), split.excess.round(2)
    (array([ 0.86,  0.43,  0.  , -1.29]), np.float64(-0.75), array([ 0.89,  1.32,  0.75, -2.96]))
    """
    first, second, noise_first, noise_second = _one_length(
        np.asarray(before, dtype=float),
        np.asarray(after, dtype=float),
        non_negative(variance_before, "variance_before"),
        non_negative(variance_after, "variance_after"),
    )
    complete = ~np.isnan(first + second + noise_first + noise_second)
    acted_not = complete if untreated is None else complete & np.asarray(untreated, dtype=bool)
    if between_variance is None:
        between_variance = _between_variance(first[complete], noise_first[complete])
    spread = np.where(complete, noise_first + between_variance, np.nan)
    reliability = between_variance / np.where(spread > 0, spread, np.nan)
    mean, mean_variance = _weighted_mean(first, spread, complete)
    regression = (1 - reliability) * (mean - first)
    # After, less what the figure before foretells: the trend and, where an area acted, the effect.
    surprise = second - first - regression
    noise = noise_second + between_variance * (1 - reliability)
    drift = drift_variance
    if drift is None:
        drift = _between_variance(surprise[acted_not], noise[acted_not])
    noise = noise + drift
    trend, trend_variance = _weighted_mean(surprise, noise, acted_not)
    weight = np.where(acted_not, trend_variance / np.where(noise > 0, noise, np.nan), 0.0)
    # An area's own figure stands in the trend it is compared with; mean and trend share the mean's error.
    shared = reliability - np.sum(weight[acted_not] * reliability[acted_not])
    error = np.sqrt(np.maximum(noise * (1 - 2 * weight) + trend_variance + shared**2 * mean_variance, 0))
    excess, half = surprise - trend, z_value(confidence) * error
    return ChangeSplit(
        change=second - first,
        regression_to_mean=regression,
        trend=np.where(complete, trend, np.nan),
        excess=excess,
        excess_limits=Interval(excess - half, excess + half),
        reliability=reliability,
        between_variance=float(between_variance),
        drift_variance=float(drift),
    )


def _one_length(*arrays: Floats) -> list[Floats]:
    shapes = [array.shape for array in arrays]
    if len(shapes[0]) != 1 or shapes[1] != shapes[0] or not set(shapes[2:]) <= {shapes[0], (1,), ()}:
        raise ValueError(f"expected figures and variances of one length, got shapes {shapes}")
    return [np.broadcast_to(array, shapes[0]) for array in arrays]


def _between_variance(values: Floats, noise: Floats) -> float:
    """Variance of the true values behind noisy ones: DerSimonian and Laird's moments, never below 0."""
    if len(values) < 3:
        return np.nan
    # A figure without sampling variance would outweigh all others.
    weight = 1 / np.maximum(noise, np.finfo(float).eps * max(1.0, float(np.max(noise))))
    mean = np.sum(weight * values) / weight.sum()
    q = np.sum(weight * (values - mean) ** 2)
    return float(max(0.0, (q - (len(values) - 1)) / (weight.sum() - np.sum(weight**2) / weight.sum())))


def _weighted_mean(values: Floats, variance: Floats, kept: Flags) -> tuple[float, float]:
    """Precision-weighted mean of the areas kept, and its variance; NaN below two of them."""
    if kept.sum() < 2:
        return np.nan, np.nan
    weight = 1 / np.where(variance[kept] > 0, variance[kept], np.nan)
    return float(np.sum(weight * values[kept]) / np.sum(weight)), float(1 / np.sum(weight))
