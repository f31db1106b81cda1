"""Life expectancy by abridged life table, its gap between deprivation fifths, and what makes the gap."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.intervals import non_negative, z_value

Floats = NDArray[np.float64]

# Years at which the 20 bands start: 0, 1-4, 5-9, ..., 85-89, 90 and over.
BAND_STARTS = np.array([0, 1, *range(5, 95, 5)])
# Years in each band. The last is open: its infinity never meets a finite number below.
_WIDTHS = np.append(np.diff(BAND_STARTS), np.inf)
# Share of the band lived by those who die in it; deaths of the first year come early (Chiang 1968).
_LIVED = np.array([0.1, *[0.5] * 19])
# People. Below this ONS and OHID print no life expectancy.
MINIMUM_POPULATION = 5001
# Years. A wider 95 % interval says nothing (OHID).
WIDEST_INTERVAL = 20.0


@dataclass(frozen=True, kw_only=True)
class LifeExpectancy:
    """Years of life left at the start of each band, shape ``(..., 20)``."""

    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, kw_only=True)
class DeprivationGap:
    """Life expectancy of the least less that of the most deprived fifth, years, shape ``(..., 20)``."""

    value: Floats
    lower: Floats
    upper: Floats
    most_deprived: LifeExpectancy
    least_deprived: LifeExpectancy


class _LifeTable(NamedTuple):
    """Columns of the life table, each ``(..., 20)``."""

    survivors: Floats  # of one born, at the start of the band
    lived: Floats  # person-years in the band
    remaining: Floats  # person-years from the start of the band
    expectancy: Floats
    variance: Floats


def life_expectancy(deaths: ArrayLike, population: ArrayLike, *, confidence: float = 0.95) -> LifeExpectancy:
    """Life expectancy at the start of each of 20 age bands, with limits.

    Parameters
    ----------
    deaths, population
        Counts over the same years, shape ``(..., 20)``: 0, 1-4, 5-9, ..., 85-89, 90 and over, one sex or all.
    confidence
        Two-sided coverage as a fraction.

    Returns
    -------
    LifeExpectancy
        Years. An area is NaN throughout below 5,001 people, where a count is missing, a band has no people or
        more deaths than people, or nobody died at 90 and over; a band is NaN where its 95 % interval is wider
        than 20 years. Limits are empty where the value is.

    Raises
    ------
    ValueError
        If a count is negative or the last axis has not 20 bands.

    Notes
    -----
    Chiang II (1968, 1984), variance with the term of Silcocks and others (2001) for the open band; chosen for
    small areas by Eayres and Williams (2004).

    >>> people = [1000, 4000, *[5000] * 14, 4000, 3000, 2000, 1000]
    >>> deaths = [4, 1, 1, 1, 2, 2, 3, 4, 6, 8, 12, 18, 28, 44, 70, 110, 150, 190, 230, 220]
    >>> life_expectancy(deaths, people).value[[0, 14]].round(2)
    array([79.96, 19.27])
    """
    died, people = _counts(deaths, population)
    table = _life_table(died, people)
    return _with_limits(table.expectancy, table.variance, confidence)


def deprivation_gap(
    deaths: ArrayLike, population: ArrayLike, fifth: ArrayLike, *, confidence: float = 0.95
) -> DeprivationGap:
    """Gap in life expectancy between the least and the most deprived fifth of areas, with limits.

    Parameters
    ----------
    deaths, population
        As for ``life_expectancy``, shape ``(..., areas, 20)``; sexes go on a leading axis.
    fifth
        1 (most deprived) to 5 (least deprived) for each area, NaN for none.

    Returns
    -------
    DeprivationGap
        Years, positive where the least deprived live longer. The areas of a fifth are pooled first, so an
        area too small to have its own figure still counts; one with a missing count makes its fifth missing.

    Notes
    -----
    The two fifths share nobody: the variance of the gap is the sum of theirs.
    """
    died, people = _counts(deaths, population)
    groups = np.asarray(fifth, dtype=float)
    tables = [
        _life_table(died[..., groups == group, :].sum(axis=-2), people[..., groups == group, :].sum(axis=-2))
        for group in (1, 5)
    ]
    most, least = (_with_limits(table.expectancy, table.variance, confidence) for table in tables)
    gap = least.value - most.value
    half = z_value(confidence) * np.sqrt(tables[0].variance + tables[1].variance)
    return DeprivationGap(
        value=gap,
        lower=gap - half,
        upper=gap + half,
        most_deprived=most,
        least_deprived=least,
    )


def gap_by_age_and_cause(
    deaths: ArrayLike, population: ArrayLike, other_deaths: ArrayLike, other_population: ArrayLike
) -> Floats:
    """Years of the gap in life expectancy at birth that each cause and age band makes.

    Parameters
    ----------
    deaths, population
        Of the population with the shorter life (the most deprived): deaths ``(..., causes, 20)``, where the
        causes together are all deaths, and people ``(..., 20)``.
    other_deaths, other_population
        The same of the population it is compared with.

    Returns
    -------
    ndarray
        Years, shape ``(..., causes, 20)``; their sum is the other's life expectancy at birth less the
        first's. Negative where a cause narrows the gap. Sum over causes for the split by age, over ages for
        that by cause. NaN where a life table has no figure. An age at which both die at the same rate makes
        no gap.

    Notes
    -----
    Arriaga (1984) for ages; within an age in proportion to the differences in cause-specific rates (Arriaga
    1989).
    """
    cause, other_cause = non_negative(deaths, "deaths"), non_negative(other_deaths, "other_deaths")
    died, people = _counts(cause.sum(axis=-2), population)
    other_died, other_people = _counts(other_cause.sum(axis=-2), other_population)
    by_age = _gap_by_age(_life_table(died, people), _life_table(other_died, other_people))
    difference = _rate(died, people) - _rate(other_died, other_people)
    by_cause = _rate(cause, people[..., None, :]) - _rate(other_cause, other_people[..., None, :])
    per_rate = np.where(difference == 0, 0 * by_age, by_age / np.where(difference == 0, 1, difference))
    return by_cause * per_rate[..., None, :]


def _counts(deaths: ArrayLike, population: ArrayLike) -> tuple[Floats, Floats]:
    died, people = np.broadcast_arrays(non_negative(deaths, "deaths"), non_negative(population, "population"))
    if died.shape[-1:] != BAND_STARTS.shape:
        raise ValueError(f"expected {len(BAND_STARTS)} age bands on the last axis, got shape {died.shape}")
    return died, people


def _rate(deaths: Floats, people: Floats) -> Floats:
    return deaths / np.where(people > 0, people, np.nan)


def _life_table(deaths: Floats, people: Floats) -> _LifeTable:
    """Chiang II life table; NaN throughout where there is no life expectancy to be had."""
    unusable = (deaths > people).any(axis=-1) | (deaths[..., -1] == 0) | (people == 0).any(axis=-1)
    unusable |= np.sum(people, axis=-1) < MINIMUM_POPULATION
    rate = _rate(deaths, np.where(unusable[..., None], np.nan, people))
    width, lived_share = _WIDTHS[:-1], _LIVED[:-1]
    closed = rate[..., :-1]
    dying = width * closed / (1 + width * (1 - lived_share) * closed)
    # Above 0.4 deaths a year the formula would have more die than there are.
    dying = np.minimum(dying, 1.0)
    # Survival at birth is 1; 0 x rate keeps a missing area missing in every column.
    alive = np.concatenate([1 + 0 * rate[..., :1], np.cumprod(1 - dying, axis=-1)], axis=-1)
    lived = width * alive[..., :-1] * (1 - dying + lived_share * dying)
    lived = np.concatenate([lived, alive[..., -1:] / rate[..., -1:]], axis=-1)
    remaining = _from_here_on(lived)
    here = np.where(alive > 0, alive, np.nan)
    expectancy = remaining / here
    spread = dying**2 * (1 - dying) / np.maximum(deaths[..., :-1], 1)
    weight = (1 - lived_share) * width + np.where(alive > 0, expectancy, 0.0)[..., 1:]
    terms = alive[..., :-1] ** 2 * weight**2 * spread
    # The variance of 1/M with Poisson deaths: Silcocks' 4/(D M^2), times the square of the half lived.
    open_band = alive[..., -1:] ** 2 / (np.maximum(deaths[..., -1:], 1) * rate[..., -1:] ** 2)
    variance = _from_here_on(np.concatenate([terms, open_band], axis=-1)) / here**2
    return _LifeTable(alive, lived, remaining, expectancy, variance)


def _from_here_on(values: Floats) -> Floats:
    """Sum from each band to the last."""
    return np.cumsum(values[..., ::-1], axis=-1)[..., ::-1]


def _with_limits(expectancy: Floats, variance: Floats, confidence: float) -> LifeExpectancy:
    error = np.sqrt(variance)
    too_wide = 2 * z_value(0.95) * error > WIDEST_INTERVAL
    value = np.where(too_wide, np.nan, expectancy)
    half = z_value(confidence) * error
    return LifeExpectancy(value=value, lower=value - half, upper=value + half)


def _gap_by_age(first: _LifeTable, other: _LifeTable) -> Floats:
    """Years of the gap at birth made in each band: lived in the band itself, and by its survivors later."""
    closed, later = slice(None, -1), slice(1, None)
    alive, other_alive = first.survivors, other.survivors
    alive, other_alive = (np.where(table > 0, table, np.nan) for table in (alive, other_alive))
    inside = alive * (other.lived / other_alive - first.lived / alive)
    after = other.remaining[..., later] * (
        alive[..., closed] / other_alive[..., closed] - alive[..., later] / other_alive[..., later]
    )
    return inside + np.concatenate([after, 0 * inside[..., -1:]], axis=-1)
