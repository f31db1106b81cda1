"""Chance and the usual variation of figures, told from their middle so that those far out do not hide themselves."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import xlogy

Floats = NDArray[np.float64]

# Figures below which the usual variation between them cannot be told.
FEWEST = 10
# Expected events from which a median of deviances shows variation.
LARGE = 5.0
# Standard errors at which squares of few events each are cut off.
_CUT = 4.0
# Median of a chi-square with one degree of freedom.
_MEDIAN_CHI_SQUARE = 0.4549364
# Values that the usual variation is told from: enough for a median within 3 %.
_ENOUGH = 4000


def deviance_z(
    observed: ArrayLike, expected: ArrayLike, other: ArrayLike, other_expected: ArrayLike
) -> Floats:
    """Signed root of the deviance of two Poisson counts from one common rate.

    Parameters
    ----------
    observed, expected
        Events, and the exposure they came from in expected events.
    other, other_expected
        The same of what they are compared with.

    Returns
    -------
    array
        About standard normal where both have the same rate, from small counts on and far into both tails; NaN
        where an exposure is missing or not above 0.

    Notes
    -----
    McCullagh and Nelder (1989), 12.3. Unlike (O - E) / sqrt(E), it does not take 5 events where 0.5 are
    expected for a sensation, nor 0 where 12 are for a trifle.

    >>> deviance_z([0, 10, 20], [10, 10, 10], 1e9, 1e9).round(2)
    array([-4.47,  0.  ,  2.78])
    """
    first, exposure, second, base = (
        np.asarray(value, dtype=float) for value in (observed, expected, other, other_expected)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = (first + second) / (exposure + base)
        fitted, rest = rate * exposure, rate * base
        deviance = xlogy(first, first / fitted) + xlogy(second, second / rest)
        z = np.copysign(np.sqrt(2 * np.maximum(deviance, 0)), first - fitted)
        z = np.where(rate == 0, 0.0, z)  # nothing happened in either
    return np.where((exposure > 0) & (base > 0), z, np.nan)


def usual_variance(z: ArrayLike, chance: ArrayLike) -> Floats:
    """Variance of log ratios beyond chance that half of a row's figures show, shape (rows, 1).

    Parameters
    ----------
    z
        Differences in standard errors of chance alone, shape (rows, figures); NaN where missing.
    chance
        Variance of each log ratio by chance.

    Returns
    -------
    array
        The variance t for which the median of z^2 / (1 + t / chance) is that of a chi-square; 0 where chance
        explains half of them. A few figures far out do not move it. NaN below ``FEWEST`` figures.

    >>> random = np.random.default_rng(1)
    >>> chance = np.full((1, 4000), 0.01)
    >>> z = random.normal(0, np.sqrt(1 + 0.04 / 0.01), (1, 4000))
    >>> bool(abs(usual_variance(z, chance)[0, 0] - 0.04) < 0.004)
    True
    """
    squares, variance = np.asarray(z, dtype=float) ** 2, np.asarray(chance, dtype=float)
    step = max(1, squares.shape[1] // _ENOUGH)
    squares, variance = squares[:, ::step], np.broadcast_to(variance, squares.shape)[:, ::step]
    number = (~np.isnan(squares)).sum(axis=1)
    low, high = np.full((len(squares), 1), -14.0), np.full((len(squares), 1), 4.0)  # natural logs
    rows = np.flatnonzero(number)
    squares, variance = squares[rows], variance[rows]
    for _ in range(14):  # halves the bracket to a thousandth
        middle = (low[rows] + high[rows]) / 2
        too_small = median(squares / (1 + np.exp(middle) / variance), axis=1) > _MEDIAN_CHI_SQUARE
        low[rows], high[rows] = (
            np.where(too_small, middle, low[rows]),
            np.where(too_small, high[rows], middle),
        )
    found = np.where(low <= -14.0, 0.0, np.exp((low + high) / 2))
    return np.where(number[:, None] >= FEWEST, found, np.nan)


def extra_variance(z: Floats, chance: Floats, exposure: Floats) -> Floats:
    """Variance beyond chance, from figures that are large enough for their median to show it; else by moments."""
    large = usual_variance(np.where(exposure >= LARGE, z, np.nan), chance)
    # Of few events each, squares show it on the average, those far out cut off.
    squares = np.minimum(z**2, _CUT**2)
    there = ~np.isnan(squares)
    number = there.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        average, weight = (
            np.where(there, part, 0).sum(axis=1, keepdims=True) / number for part in (squares, 1 / chance)
        )
        small = np.maximum(average - 1, 0) / weight
    return np.where(np.isnan(large), np.where(number >= FEWEST, small, np.nan), large)


def median(values: Floats, axis: int) -> Floats:
    """Median over an axis that is kept; NaN where there is nothing.

    As `numpy.nanmedian`, which takes many times as long for some thousand short rows.

    >>> median(np.array([[3.0, np.nan, 1.0], [np.nan, np.nan, np.nan]]), axis=1).ravel()
    array([ 2., nan])
    """
    ranked = np.sort(values, axis=axis)  # NaN last
    number = (~np.isnan(values)).sum(axis=axis, keepdims=True)
    low, high = (
        np.take_along_axis(ranked, np.maximum(place, 0), axis=axis)
        for place in ((number - 1) // 2, number // 2)
    )
    return np.where(number > 0, (low + high) / 2, np.nan)
