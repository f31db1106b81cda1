"""Counts, spends and means as they would be observed: chance, and nothing else, around the known truth."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Observed(NamedTuple):
    """What would be published; arrays of one shape."""

    numerator: Array
    standard_deviation: Array  # between people; NaN except for means


def events(rate: ArrayLike, denominator: ArrayLike, random: np.random.Generator) -> Observed:
    """Poisson counts of events."""
    count = random.poisson(np.multiply(rate, denominator)).astype(float)
    return Observed(count, np.full_like(count, np.nan))


def people_of(share: Array, denominator: ArrayLike, random: np.random.Generator) -> Observed:
    """Binomial counts of people out of ``denominator``."""
    count = random.binomial(np.asarray(denominator, dtype=np.int64), share).astype(float)
    return Observed(count, np.full_like(count, np.nan))


def spend(
    per_patient: ArrayLike, patients: ArrayLike, random: np.random.Generator, *, per_event: float, cv: float
) -> Observed:
    """Whole pounds spent: a Poisson number of events, each of a gamma cost.

    ``per_event`` is the mean cost of one event in £, ``cv`` the coefficient of variation of that cost.
    """
    number = random.poisson(np.multiply(per_patient, patients) / per_event)
    total = np.rint(random.gamma(number / cv**2) * per_event * cv**2)
    return Observed(total, np.full_like(total, np.nan))


def mean(value: ArrayLike, people: ArrayLike, random: np.random.Generator, *, sd: float) -> Observed:
    """Sum over people, and the sample standard deviation between them, of a normal quantity.

    Nobody to measure gives a sum of 0; one person gives no standard deviation (NaN).
    """
    n = np.asarray(people, dtype=float)
    total = n * value + sd * np.sqrt(n) * random.standard_normal(n.shape)
    freedom = np.where(n > 1, n - 1, np.nan)
    scale = np.sqrt(random.chisquare(np.clip(n - 1, 1, None)) / freedom)
    return Observed(total.round(2), (sd * scale).round(4))
