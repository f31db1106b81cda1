"""How far a figure follows deprivation: slope and relative index, and the gradient over areas."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from benchmarks.intervals import Interval, non_negative, z_value

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SlopeIndex:
    """Slope and relative index of inequality; every field has the leading shape of the values."""

    sii: Floats  # fitted value of the least deprived person less that of the most deprived, unit of the value
    rii: Floats  # the first over the second, a ratio
    sii_limits: Interval  # NaN where no standard error was given
    rii_limits: Interval


@dataclass(frozen=True, kw_only=True)
class Gradient:
    """Absolute gradient of inequality: unit of the value, from the least to the most deprived."""

    slope: float
    lower: float
    upper: float
    intercept: float  # fitted value of the least deprived area
    areas: int  # with a value, a deprivation and people


def slope_index(
    population: ArrayLike,
    value: ArrayLike,
    *,
    standard_error: ArrayLike | None = None,
    confidence: float = 0.95,
) -> SlopeIndex:
    """Slope and relative index of inequality over groups from most to least deprived.

    Parameters
    ----------
    population
        People in each group, shape ``(..., groups)``, most deprived first.
    value
        The figure of each group (a rate, a proportion, years of life), in any unit.
    standard_error
        Of each value, same unit; limits are NaN without it. For a proportion sqrt(p (1 - p) / n).

    Returns
    -------
    SlopeIndex
        A positive slope means more among the least deprived. NaN for a set in which a group has no value or
        all people are in one group; a group of nobody has no weight. The relative index is NaN where the
        fitted value of the most deprived is not above 0, its limits where it cannot be told from 0.

    Raises
    ------
    ValueError
        If a population or a standard error is negative.

    Notes
    -----
    Weighted least squares on the mid-cumulative population rank (Pamuk 1985; Low and Low 2004). The slope is
    a weighted sum of the values, so its limits are exact for normal errors; those of the relative index are
    Fieller's (1954). OHID simulates both: these agree within 1 % of the interval's width, without a seed.

    >>> index = slope_index([100, 120, 110, 90, 80], [30, 28, 25, 22, 18])
    >>> index.sii.round(5), index.rii.round(6)
    (np.float64(-14.22306), np.float64(0.557899))
    """
    people = non_negative(population, "population")
    errors = np.nan if standard_error is None else non_negative(standard_error, "standard_error")
    people, figure, errors = np.broadcast_arrays(people, np.asarray(value, dtype=float), errors)
    empty = people == 0  # A group of nobody often has no value: it must not make the whole slope missing.
    figure, errors = np.where(empty, 0.0, figure), np.where(empty, 0.0, errors)
    for_slope, for_worst = _fit_coefficients(people)
    for_best = for_worst + for_slope
    sii, worst = np.sum(for_slope * figure, axis=-1), np.sum(for_worst * figure, axis=-1)
    best, variance = worst + sii, errors**2
    half = z_value(confidence) * np.sqrt(np.sum(for_slope**2 * variance, axis=-1))
    worst = np.where(worst > 0, worst, np.nan)
    rii_limits = _fieller(
        best,
        worst,
        np.sum(for_best**2 * variance, axis=-1),
        np.sum(for_worst**2 * variance, axis=-1),
        np.sum(for_best * for_worst * variance, axis=-1),
        z_value(confidence),
    )
    return SlopeIndex(
        sii=sii, rii=best / worst, sii_limits=Interval(sii - half, sii + half), rii_limits=rii_limits
    )


def _fit_coefficients(people: Floats) -> tuple[Floats, Floats]:
    """Weights on the values that give the fitted slope, and the fitted value at rank 0, of each set."""
    total = np.sum(people, axis=-1, keepdims=True)
    share = people / np.where(total > 0, total, np.nan)
    rank = np.cumsum(share, axis=-1) - share / 2
    centre = np.sum(share * rank, axis=-1, keepdims=True)
    spread = np.sum(share * (rank - centre) ** 2, axis=-1, keepdims=True)
    # One group holding everyone leaves a spread of rounding error, not of ranks.
    slope = share * (rank - centre) / np.where(spread > np.finfo(float).eps, spread, np.nan)
    return slope, share - slope * centre


def _fieller(
    top: Floats, bottom: Floats, top_variance: Floats, bottom_variance: Floats, covariance: Floats, z: float
) -> Interval:
    """Limits of a ratio of two correlated normal quantities; NaN where the lower one may be 0."""
    a = bottom**2 - z**2 * bottom_variance
    b = top * bottom - z**2 * covariance
    c = top**2 - z**2 * top_variance
    a = np.where(a > 0, a, np.nan)
    root = np.sqrt(np.maximum(b**2 - a * c, 0))
    return Interval((b - root) / a, (b + root) / a)


def gradient(
    deprivation: ArrayLike,
    value: ArrayLike,
    population: ArrayLike,
    *,
    national: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Gradient:
    """Absolute gradient of inequality: the figure's slope over areas ranked by deprivation, 0 to 1.

    Parameters
    ----------
    deprivation
        Score of each area, higher for more deprived (the IMD score), shape ``(areas,)``. The IMD rank runs
        the other way: give its negative.
    value
        The figure of each area, age- and sex-adjusted where that matters.
    population
        People in each area: the weights.
    national
        Deprivation of every area of the country, for the rank. Without it the areas given are ranked among
        themselves, and the gradients of two ICBs cannot be compared.

    Returns
    -------
    Gradient
        The slope is the modelled figure of the most deprived area less that of the least deprived. Areas with
        a missing input or nobody in them are left out; all NaN below three areas or without a spread of
        deprivation.

    Raises
    ------
    ValueError
        If a population is negative, or the arrays are not of one length.

    Notes
    -----
    Population-weighted least squares with Student's t limits; Sheringham and others (2017), as in
    NHS England's indicator of inequality in avoidable emergency admissions.

    >>> result = gradient([10, 20, 30, 40, 50], [5.0, 6.1, 6.9, 8.2, 8.8], [900, 1000, 1100, 1000, 1000])
    >>> round(result.slope, 4), round(result.lower, 4), round(result.upper, 4)
    (3.8751, 3.1568, 4.5934)
    """
    score, figure = np.asarray(deprivation, dtype=float), np.asarray(value, dtype=float)
    people = non_negative(population, "population")
    if not score.shape == figure.shape == people.shape or score.ndim != 1:
        raise ValueError(
            "expected deprivation, value and population of one length,"
            f" got shapes {score.shape}, {figure.shape} and {people.shape}"
        )
    kept = ~np.isnan(score + figure + people) & (people > 0)
    score, figure, people = score[kept], figure[kept], people[kept]
    rank = fractional_rank(score, score if national is None else national)
    areas = int(kept.sum())
    missing = Gradient(slope=np.nan, lower=np.nan, upper=np.nan, intercept=np.nan, areas=areas)
    if areas < 3:
        return missing
    share = people / people.sum()
    centre, level = np.sum(share * rank), np.sum(share * figure)
    spread = np.sum(share * (rank - centre) ** 2)
    if not spread > np.finfo(float).eps:
        return missing
    slope = np.sum(share * (rank - centre) * figure) / spread
    residual = figure - level - slope * (rank - centre)
    error = np.sqrt(np.sum(share * residual**2) / (areas - 2) / spread)
    half = stdtrit(areas - 2, 0.5 + confidence / 2) * error
    return Gradient(
        slope=float(slope),
        lower=float(slope - half),
        upper=float(slope + half),
        intercept=float(level - slope * centre),
        areas=areas,
    )


def fractional_rank(deprivation: ArrayLike, among: ArrayLike) -> Floats:
    """Rank of each score among others, from 0 (least deprived of them) to 1 (most); ties share the middle.

    NaN where the score is NaN, or fewer than two others have one. ``among`` holds the scores themselves too.

    >>> fractional_rank([12.0, 60.0], [5.0, 12.0, 12.0, 31.0, 60.0])
    array([0.375, 1.   ])
    """
    score, others = np.asarray(deprivation, dtype=float), np.asarray(among, dtype=float).ravel()
    others = np.sort(others[~np.isnan(others)])
    if len(others) < 2:
        return np.full(score.shape, np.nan)
    below, up_to = np.searchsorted(others, score, "left"), np.searchsorted(others, score, "right")
    rank = (below + np.maximum(up_to - 1, below)) / 2 / (len(others) - 1)
    return np.where(np.isnan(score), np.nan, np.clip(rank, 0, 1))
