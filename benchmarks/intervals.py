"""Confidence intervals for proportions, counts of events, rates and means, one per area."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri, ndtri, stdtrit

# Events. Byar's approximation is poor for small counts, so OHID uses the exact limits below ten.
EXACT_BELOW = 10

# Degrees of freedom below which Student's deviates are kept once worked out, a microsecond each: 0.8 MB of them.
LARGEST_KEPT = 100_000


class Interval(NamedTuple):
    """Lower and upper limits, each an array of the shape of the inputs."""

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def z_value(confidence: float) -> float:
    """Return the standard normal deviate of a two-sided ``confidence`` (a fraction).

    >>> round(z_value(0.95), 3), round(z_value(0.998), 3)
    (1.96, 3.09)
    """
    _check_confidence(confidence)
    return float(ndtri(0.5 + confidence / 2))


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"expected confidence between 0 and 1, got {confidence}")


def non_negative(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return ``values`` as floats; ValueError naming the first that is below 0. NaN passes.

    >>> non_negative([1, 0], "count")
    array([1., 0.])
    """
    array = np.asarray(values, dtype=float)
    if (bad := array < 0).any():
        position = int(np.argmax(bad))
        raise ValueError(
            f"expected {name} >= 0, got {array.flat[position]:g} at position {position}"
            f" ({int(bad.sum())} such rows)"
        )
    return array


def part_of_whole(
    numerator: ArrayLike, denominator: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as floats of one shape; ValueError where a numerator exceeds its denominator or is below 0.

    >>> part_of_whole([1, 2], 4)[1]
    array([4., 4.])
    """
    x, n = np.broadcast_arrays(non_negative(numerator, "numerator"), non_negative(denominator, "denominator"))
    if (bad := x > n).any():
        position = int(np.argmax(bad))
        raise ValueError(
            f"expected 0 <= numerator <= denominator, got {x.flat[position]:g} of {n.flat[position]:g}"
            f" at position {position} ({int(bad.sum())} such rows)"
        )
    return x, n


def wilson(numerator: ArrayLike, denominator: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Wilson score interval for a proportion.

    Parameters
    ----------
    numerator, denominator
        Counts of people; arrays that broadcast. NaN where an area did not report.
    confidence
        Two-sided coverage as a fraction: 0.95, or 0.998 for funnel limits.

    Returns
    -------
    Interval
        Fractions in [0, 1]; NaN where an input is NaN or the denominator is 0, because no
        people means no evidence, not a rate of 0.

    Raises
    ------
    ValueError
        If a numerator exceeds its denominator, or either is negative.

    Notes
    -----
    Wilson (1927); APHO Technical Briefing 3, as OHID uses it for proportions.

    >>> wilson([65, 0], [100, 20]).upper.round(6)
    array([0.736358, 0.161125])
    """
    x, n = part_of_whole(numerator, denominator)
    z2 = z_value(confidence) ** 2
    n = np.where(n > 0, n, np.nan)
    centre = 2 * x + z2
    width = np.sqrt(z2 * (z2 + 4 * x * (1 - x / n)))
    # At 0 and at n the two terms are equal on paper and may differ in the last bit on a machine.
    lower = np.where(x == 0, np.where(np.isnan(n), np.nan, 0.0), (centre - width) / (2 * (n + z2)))
    upper = np.where(x == n, 1.0, (centre + width) / (2 * (n + z2)))
    return Interval(lower, upper)


def byar(count: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Byar's limits for a count of events; the lower limit at 0 is 0, NaN where the count is NaN.

    At one event the 99.8 % formula goes just below 0; ``event_limits`` uses the exact limits there.
    Breslow and Day (1987); APHO Technical Briefing 3.

    >>> byar(65).lower.round(5), byar(65).upper.round(5)
    (np.float64(50.16319), np.float64(82.84914))
    """
    x = non_negative(count, "count")
    z = z_value(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(x == 0, 0.0, x * _cubed(1 - 1 / (9 * x) - z / (3 * np.sqrt(x))))
    upper = (x + 1) * _cubed(1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1)))
    return Interval(lower, upper)


def _cubed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Third power: ``values**3`` goes through a logarithm and takes twenty times as long."""
    return values * values * values


def poisson_exact(count: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Exact limits for a count of events by the chi-square distribution; the lower limit at 0 is 0.

    Garwood (1936); APHO Technical Briefing 3. NaN where the count is NaN.

    >>> poisson_exact(9).lower.round(5), poisson_exact(0).upper.round(5)
    (np.float64(4.11537), np.float64(3.68888))
    """
    _check_confidence(confidence)
    x = non_negative(count, "count")
    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        lower = np.where(x == 0, 0.0, chdtri(2 * x, 1 - tail) / 2)
        upper = chdtri(2 * x + 2, tail) / 2
    return Interval(lower, upper)


def event_limits(count: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Limits for a count of events as OHID publishes them: exact below 10 events, Byar from 10.

    >>> event_limits([9, 10]).lower.round(5)
    array([4.11537, 4.78745])
    """
    x = np.asarray(count, dtype=float)
    limits = byar(x, confidence=confidence)
    small = x < EXACT_BELOW
    if not small.any():
        return limits
    # The chi-square quantile is a hundred times dearer than Byar's formula: once for each whole count.
    few = x[small]
    whole = few.astype(int)
    if (whole == few).all():
        table = poisson_exact(np.arange(EXACT_BELOW), confidence=confidence)
        exact = Interval(table.lower[whole], table.upper[whole])
    else:
        exact = poisson_exact(few, confidence=confidence)
    lower, upper = np.array(limits.lower), np.array(limits.upper)
    lower[small], upper[small] = exact
    return Interval(lower, upper)


def mid_p(count: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Mid-P limits for a count of events, by Byar's formula at count + 1/2 on both sides.

    Neither too wide nor too narrow on average over counts, where the exact limits are always at least as
    wide as they say: the limits to compare two counts with. Rothman and Boice (1979).

    >>> mid_p(65).lower.round(2), mid_p(65).upper.round(2)
    (np.float64(50.6), np.float64(82.29))
    """
    y = non_negative(count, "count") + 0.5
    step = z_value(confidence) / (3 * np.sqrt(y))
    centre = 1 - 1 / (9 * y)
    return Interval(y * _cubed(np.clip(centre - step, 0, None)), y * _cubed(centre + step))


def rate_interval(count: ArrayLike, denominator: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Limits for a rate of events, per 1 of the denominator; exact below 10 events, Byar from 10.

    NaN where an input is NaN or the denominator is 0. A rate may exceed 1.

    >>> rate_interval(65, 1000).upper.round(7)
    np.float64(0.0828491)
    """
    n = non_negative(denominator, "denominator")
    limits = event_limits(count, confidence=confidence)
    n = np.where(n > 0, n, np.nan)
    return Interval(limits.lower / n, limits.upper / n)


def student(
    mean: ArrayLike, standard_deviation: ArrayLike, number: ArrayLike, *, confidence: float = 0.95
) -> Interval:
    """Student's t interval for a mean of ``number`` people; NaN below two people.

    ``standard_deviation`` is the sample standard deviation between people, in the unit of the mean.

    >>> student(12.0, 3.0, 25).lower.round(4)
    np.float64(10.7617)
    """
    _check_confidence(confidence)
    n = np.asarray(number, dtype=float)
    n = np.where(n >= 2, n, np.nan)
    half = (
        _student_deviate(np.asarray(n - 1), confidence)
        * np.asarray(standard_deviation, dtype=float)
        / np.sqrt(n)
    )
    centre = np.asarray(mean, dtype=float)
    return Interval(centre - half, centre + half)


def _student_deviate(freedom: NDArray[np.float64], confidence: float) -> NDArray[np.float64]:
    """Deviate of Student's t of a two-sided confidence; of whole numbers it is worked out once and kept."""
    kept_here = (freedom < LARGEST_KEPT) & (freedom == np.floor(freedom))
    place = np.where(kept_here, freedom, 0).astype(np.int64)
    kept = _kept_deviates(confidence)
    deviate = np.asarray(kept[place])
    new = np.unique(place[kept_here & np.isnan(deviate)])
    if new.size:
        kept[new] = stdtrit(new.astype(float), 0.5 + confidence / 2)
        deviate = np.asarray(kept[place])
    others = ~kept_here
    if others.any():  # a country has more people than are kept
        deviate[others] = stdtrit(freedom[others], 0.5 + confidence / 2)
    return deviate


@cache
def _kept_deviates(confidence: float) -> NDArray[np.float64]:
    """Deviates by degrees of freedom, NaN where none has been asked for yet."""
    return np.full(LARGEST_KEPT, np.nan)
