"""Standardisation: rates and ratios that areas of different age can be compared by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.intervals import byar, event_limits, non_negative

Floats = NDArray[np.float64]

# People per 100,000 by age (Eurostat 2013), with the oldest bands joined at 90 and over as OHID does.
EUROPEAN_STANDARD_2013 = {
    "0-4": 5000,
    "5-9": 5500,
    "10-14": 5500,
    "15-19": 5500,
    "20-24": 6000,
    "25-29": 6000,
    "30-34": 6500,
    "35-39": 7000,
    "40-44": 7000,
    "45-49": 7000,
    "50-54": 7000,
    "55-59": 6500,
    "60-64": 6000,
    "65-69": 5500,
    "70-74": 5000,
    "75-79": 4000,
    "80-84": 2500,
    "85-89": 1500,
    "90+": 1000,
}

# Events in all. Below this OHID gives no directly standardised rate: Dobson's limits are poor there.
MINIMUM_EVENTS = 10


@dataclass(frozen=True, kw_only=True)
class StandardisedRate:
    """Directly standardised rate with its limits, per 1 of the population, one per area."""

    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, kw_only=True)
class StandardisedRatio:
    """Observed and expected events, their ratio and its limits, one per area."""

    observed: Floats
    expected: Floats
    ratio: Floats
    lower: Floats
    upper: Floats


def direct(
    count: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    confidence: float = 0.95,
    event_frequency: ArrayLike | None = None,
) -> StandardisedRate:
    """Directly standardised rate with Dobson's limits, one per area.

    Parameters
    ----------
    count
        Events, shape ``(..., areas, bands)``. With ``event_frequency``: people by the number of
        events each had, shape ``(..., areas, bands, frequencies)``.
    population
        People (or person-years) of each area and band, shape ``(..., areas, bands)``.
    standard
        Standard population, shape ``(bands,)``; only its shares matter.
    confidence
        Two-sided coverage as a fraction.
    event_frequency
        Events per person of each column of ``count``, shape ``(frequencies,)``, where one person may
        have several events (admissions): they are not independent, so the limits are wider.

    Returns
    -------
    StandardisedRate
        Per 1 of the population, shape ``(..., areas)``. NaN below 10 events in all, where any input of
        the area is NaN, and where a band has no population: join bands until each has people.

    Raises
    ------
    ValueError
        If a count, population or standard is negative, or the numbers of bands differ.

    Notes
    -----
    Dobson et al (1991) with Byar's limits of the total; APHO Technical Briefing 3. Repeat events:
    variance summed over frequency f as f^2 times the variance of its people.

    >>> rate = direct([[5, 20, 60, 80]], [[10000, 8000, 6000, 2000]], [30000, 35000, 25000, 10000])
    >>> [float((1e5 * x[0]).round(3)) for x in (rate.value, rate.lower, rate.upper)]
    [752.5, 641.45, 877.166]
    """
    people = non_negative(population, "population")
    events, squared = _events(non_negative(count, "count"), event_frequency)
    weight = non_negative(standard, "standard")
    _check_bands(weight, events=events, population=people)
    per_event = weight / weight.sum() / np.where(people > 0, people, np.nan)
    value = (per_event * events).sum(axis=-1)
    total = events.sum(axis=-1)
    total = np.where(total >= MINIMUM_EVENTS, total, np.nan)
    scale = np.sqrt((per_event**2 * squared).sum(axis=-1) / total)
    limits = byar(total, confidence=confidence)
    return StandardisedRate(
        value=np.where(np.isnan(total), np.nan, value),
        lower=value + scale * (limits.lower - total),
        upper=value + scale * (limits.upper - total),
    )


def _events(count: Floats, event_frequency: ArrayLike | None) -> tuple[Floats, Floats]:
    """Events by area and band, and the variance of each as a sum of independent Poisson counts."""
    if event_frequency is None:
        return count, count
    frequency = non_negative(event_frequency, "event_frequency")
    if count.shape[-1:] != frequency.shape:
        raise ValueError(
            f"expected count with {frequency.size} frequencies on the last axis, got shape {count.shape}"
        )
    return count @ frequency, count @ frequency**2


def _check_bands(bands: Floats, **arrays: Floats) -> None:
    for name, array in arrays.items():
        if bands.ndim != 1 or array.shape[-1:] != bands.shape:
            raise ValueError(
                f"expected {name} with {bands.size} bands on the last axis, got shape {array.shape}"
            )


def indirect(
    count: ArrayLike,
    population: ArrayLike,
    reference_count: ArrayLike,
    reference_population: ArrayLike,
    *,
    confidence: float = 0.95,
) -> StandardisedRatio:
    """Indirectly standardised ratio: events observed over those expected at the reference's rates.

    Parameters
    ----------
    count, population
        Events and people, shape ``(..., areas, bands)``.
    reference_count, reference_population
        Events and people of the reference (England), shape ``(bands,)``.
    confidence
        Two-sided coverage as a fraction.

    Returns
    -------
    StandardisedRatio
        Shape ``(..., areas)``; limits exact below 10 events, Byar's from 10. NaN where an input of the
        area is NaN, nothing is expected, or the reference has nobody in a band. An indirectly
        standardised rate is each of these times the reference's own rate.

    Raises
    ------
    ValueError
        If an input is negative, or the numbers of bands differ.

    Notes
    -----
    APHO Technical Briefing 3.

    >>> result = indirect([[5, 20]], [[1000, 1000]], [100, 200], [10000, 10000])
    >>> result.expected, result.ratio.round(4), result.lower.round(4)
    (array([30.]), array([0.8333]), array([0.5391]))
    """
    events, people = non_negative(count, "count"), non_negative(population, "population")
    reference = non_negative(reference_count, "reference_count")
    base = non_negative(reference_population, "reference_population")
    _check_bands(base, count=events, population=people, reference_count=reference)
    expected = (people * (reference / np.where(base > 0, base, np.nan))).sum(axis=-1)
    observed = events.sum(axis=-1)
    divisor = np.where(expected > 0, expected, np.nan)
    limits = event_limits(observed, confidence=confidence)
    return StandardisedRatio(
        observed=observed,
        expected=expected,
        ratio=observed / divisor,
        lower=limits.lower / divisor,
        upper=limits.upper / divisor,
    )


def standard_for(bands: Sequence[str]) -> Floats:
    """European Standard Population 2013 of any age bands: "0", "1-4", "65-74", "85+"; people per 100,000.

    People of a quinary band are taken as spread evenly over its years; the oldest band must be open,
    at 90 or below. Raises ValueError where a label is not of this form.

    >>> standard_for(["0", "1-4", "5-14", "85+"])
    array([ 1000.,  4000., 11000.,  2500.])
    """
    starts = np.array([float(band.rstrip("+").split("-")[0]) for band in EUROPEAN_STANDARD_2013])
    below = np.concatenate([[0.0], np.cumsum(list(EUROPEAN_STANDARD_2013.values()))])
    ages = np.array([_ages(band) for band in bands], dtype=float).reshape(-1, 2)
    # Everyone of 90 and over stands at the upper end, where only an open band reaches.
    return np.diff(np.interp(ages, [*starts, np.inf], below), axis=1)[:, 0]


def _ages(band: str) -> tuple[float, float]:
    """First age of a band, and the first that is above it."""
    found = re.fullmatch(r"(\d+)(?:\s*(?:-|–|to)\s*(\d+)|(\+))?", band.strip())
    if found is None:
        raise ValueError(f"expected an age band like 65-74 or 85+, got {band!r}")
    first = float(found[1])
    if found[3]:
        return first, np.inf
    return first, float(found[2] or found[1]) + 1
