"""Dispersion: how much areas differ, and how much of that is more than chance (small-area statistics)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import elementwise
from scipy.special import chdtrc, digamma, ndtri, pdtr, pdtrc

from benchmarks.intervals import non_negative

Floats = NDArray[np.float64]

# Gamma shapes looked among. Above the highest, ratios differ by under 0.1 % beyond chance: taken as none.
SHAPE_RANGE = (1e-6, 1e6)
# How far from the moment estimate of ln(a) its root is looked for: of thousands of areas it is mostly the first.
FROM_MOMENT = (0.125, 1.0, np.inf)
# Of ln(a): what may be left of its bracket, or of the score over the information; and the least of that.
BRACKET_LEFT, SCORE_LEFT, LEAST_INFORMATION = 1e-10, 1e-11, 1e-6

# Areas taken singly, smallest first, and groups of the rest, when extremes under chance are worked out:
# small areas make the extremes, so only they need their own terms.
SINGLE_AREAS = 32
GROUPED_AREAS = 32

# A ratio times the events it was divided by may come out a little below their whole number.
JUST_ABOVE = 1 + 1e-12


@dataclass(frozen=True, kw_only=True)
class Dispersion:
    """How much the ratios of observed to expected events differ, over the last axis.

    Shape ``(...,)``, but ``reliability`` is ``(..., areas)``. NaN below two areas or without events.

    Attributes
    ----------
    areas
        Areas with an observed and a positive expected count.
    extremal_quotient, extremal_quotient_chance
        Highest over lowest ratio (infinite where the lowest is 0), and what chance alone would give.
    cv, weighted_cv
        Coefficients of variation of the ratios, unweighted and weighted by expected events; fractions.
    scv, scv_weighted
        Systematic component of variation x 100: McPherson's mean and the weighted moment form. Negative
        where areas differ less than by chance: kept here, to be shown as 0 with a note.
    chi_square, p_value, i_squared
        Test that all ratios are equal, on areas - 1 degrees of freedom; share of it beyond chance.
    gamma_shape
        Shape a of the gamma distribution of true ratios (mean 1, variance 1/a); infinite if none is seen.
    tau, median_rate_ratio
        Standard deviation of the logarithm of true ratios, sqrt(ln(1 + 1/a)); and the median ratio of the
        higher to the lower of two areas at random.
    gini
        Gini coefficient of events over expected events: 0 all alike, towards 1 all in one area.
    share_chance
        Share of the variance of observed ratios that chance explains: mean(1/E) / (mean(1/E) + 1/a).
    reliability
        Share of the variance of an area's own ratio that is not chance: (E/a) / (1 + E/a).
    """

    areas: NDArray[np.int64]
    extremal_quotient: Floats
    extremal_quotient_chance: Floats
    cv: Floats
    weighted_cv: Floats
    scv: Floats
    scv_weighted: Floats
    chi_square: Floats
    p_value: Floats
    i_squared: Floats
    gamma_shape: Floats
    tau: Floats
    median_rate_ratio: Floats
    gini: Floats
    share_chance: Floats
    reliability: Floats


class GammaPrior(NamedTuple):
    """Gamma distribution of true ratios: mean shape / rate, variance shape / rate^2."""

    shape: Floats
    rate: Floats


def _counts(observed: ArrayLike, expected: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Both as floats of one shape, NaN where either is missing or nothing is expected; and how many stay."""
    o, e = np.broadcast_arrays(non_negative(observed, "observed"), non_negative(expected, "expected"))
    present = ~np.isnan(o) & (e > 0)
    number = present.sum(axis=-1, keepdims=True)
    return np.where(present, o, np.nan), np.where(present, e, np.nan), number.astype(float)


def _scaled(observed: ArrayLike, expected: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """As ``_counts``, expected events scaled to sum to the observed; rows of one area or no event all NaN."""
    o, e, number = _counts(observed, expected)
    events = np.nansum(o, axis=-1, keepdims=True)
    usable = (number >= 2) & (events > 0)
    total = np.where(usable, np.nansum(e, axis=-1, keepdims=True), np.nan)
    return np.where(usable, o, np.nan), e * (events / total), number


def _total(values: Floats) -> Floats:
    """Sum over the last axis without the missing: as ``numpy.nansum``, at a third of its cost where none is."""
    total = values.sum(axis=-1)
    return np.nansum(values, axis=-1) if np.isnan(total).any() else total


def _mean(values: Floats, number: Floats) -> Floats:
    """Mean over the last axis without the missing; NaN where all are."""
    total = values.sum(axis=-1)
    if np.isnan(total).any():
        total = np.where(np.isnan(values).all(axis=-1), np.nan, np.nansum(values, axis=-1))
    return total / np.where(number > 0, number, np.nan)[..., 0]


def systematic_component(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Systematic component of variation x 100, over the last axis: mean of ((O - E) / E)^2 - 1 / E.

    The expected events are taken as given, not scaled. Negative where areas differ less than by chance.
    NaN where no area has a value. McPherson et al (1982); Diehr et al (1990).

    >>> systematic_component([60, 40], [50, 50]).round(3)
    np.float64(2.0)
    """
    o, e, number = _counts(observed, expected)
    return 100 * _mean(((o - e) / e) ** 2 - 1 / e, number)


def systematic_component_log(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Systematic component of variation x 100 on the log scale: mean of ln(O / E)^2 less mean of 1 / E.

    McPherson's other form; the expected events are taken as given. Infinite where an area has no event.

    >>> systematic_component_log([60, 40], [50, 50]).round(3)
    np.float64(2.152)
    """
    o, e, number = _counts(observed, expected)
    with np.errstate(divide="ignore"):
        return 100 * _mean(np.log(o / e) ** 2 - 1 / e, number)


def gamma_shape(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Shape a of the gamma distribution of true ratios by maximum likelihood, over the last axis.

    O ~ Poisson(E theta), theta ~ Gamma(a, a) with mean 1, expected events scaled to sum to the observed. The
    variance between areas is 1/a. Infinite where the areas differ no more than by chance, NaN below two areas
    or without events. Counts need not be whole.

    >>> gamma_shape([52, 48, 61, 40, 75, 33], [50, 52, 49, 47, 55, 45]).round(2)
    np.float64(39.03)
    """
    o, e, _ = _scaled(observed, expected)
    return _fit_shape(o, e)


def _fit_shape(o: Floats, e: Floats) -> Floats:
    """Root of the score of ln(a); areas without a value are put as 0 of 0, which adds nothing to it."""
    areas = o.shape[-1]
    o2, e2 = np.nan_to_num(o.reshape(-1, areas)), np.nan_to_num(e.reshape(-1, areas))
    less, events = e2 - o2, o2.sum(axis=-1)
    beyond = (less * less - o2).sum(axis=-1)

    def score(log_shape: Floats, row: NDArray[np.int64]) -> Floats:
        a = np.exp(log_shape)[..., None]
        o, e, short = (x if len(row) == len(x) else x[row] for x in (o2, e2, less))
        slope = digamma(o + a)
        slope -= digamma(a)
        slope -= np.log1p(e / a)
        slope += short / (e + a)
        return a[..., 0] * slope.sum(axis=-1) / information[row]

    shape = np.where(events > 0, np.inf, np.nan)
    rows = np.flatnonzero((beyond > 0) & (events > 0))
    moment = np.full(shape.shape, np.nan)
    moment[rows] = np.log((e2[rows] ** 2).sum(axis=-1) / beyond[rows])
    # What the areas tell of ln(a), about: divided by it, the score is about how far ln(a) is from its root.
    share = e2 / (e2 + np.exp(moment)[:, None])
    information = np.maximum((share * share).sum(axis=-1) / 2, LEAST_INFORMATION)
    least, most = np.log(SHAPE_RANGE)
    tolerances: Any = {"xatol": BRACKET_LEFT, "fatol": SCORE_LEFT}
    for step in FROM_MOMENT:
        if rows.size == 0:
            break
        ends = np.clip(moment[rows] - step, least, most), np.clip(moment[rows] + step, least, most)
        found = elementwise.find_root(score, ends, args=(rows,), tolerances=tolerances)
        shape[rows] = np.where(found.success & (found.x < most), np.exp(found.x), np.inf)
        rows = rows[~found.success]
    return shape.reshape(o.shape[:-1])


def empirical_bayes(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Ratio of each area drawn towards 1 by as much as chance may have moved it: (O + a) / (E + a).

    a from ``gamma_shape``, expected events scaled to sum to the observed. All 1 where the areas differ no
    more than by chance. NaN where an area has no value.

    >>> empirical_bayes([52, 48, 61, 40, 75, 33], [50, 52, 49, 47, 55, 45]).round(3)
    array([1.002, 0.936, 1.113, 0.9  , 1.187, 0.841])
    """
    o, e, _ = _scaled(observed, expected)
    a = _fit_shape(o, e)[..., None]
    finite = np.where(np.isinf(a), 1.0, a)
    return np.where(np.isinf(a) & ~np.isnan(o), 1.0, (o + finite) / (e + finite))


def clayton_kaldor(observed: ArrayLike, expected: ArrayLike, *, iterations: int = 1000) -> GammaPrior:
    """Gamma prior of true ratios by Clayton and Kaldor's moment iteration, over the last axis.

    Its mean is free and the expected events are taken as given. ``gamma_shape`` is what this package uses;
    this is what the small-area literature prints. Where areas differ no more than by chance both numbers
    grow without end: as large as the iterations made them, or NaN. NaN below two areas or without events.

    Clayton and Kaldor (1987), Biometrics 43:671: mean and variance of the posterior means.

    >>> prior = clayton_kaldor([52, 48, 61, 40, 75, 33], [50, 52, 49, 47, 55, 45])
    >>> prior.shape.round(2), prior.rate.round(2)
    (np.float64(28.58), np.float64(27.75))
    """
    o, e, number = _counts(observed, expected)
    usable = (number >= 2) & (np.nansum(o, axis=-1, keepdims=True) > 0)
    o, freedom = np.where(usable, o, np.nan), np.where(usable, number - 1, np.nan)[..., 0]
    shape = rate = np.zeros(o.shape[:-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(iterations + 1):  # the first step is from the raw ratios
            ratio = (o + shape[..., None]) / (e + rate[..., None])
            mean = np.where(usable[..., 0], _mean(ratio, number), np.nan)
            square = (1 + rate[..., None] / e) * (ratio - mean[..., None]) ** 2
            before, rate = rate, mean * freedom / np.nansum(square, axis=-1)
            shape = mean * rate
            if not (np.abs(rate / before - 1) > 1e-13).any():
                break
    return GammaPrior(shape, rate)


def extremal_quotient_chance(expected: ArrayLike) -> Floats:
    """Highest over lowest ratio that chance alone would give: median highest over median lowest.

    Poisson counts of these expected events, over the last axis. Infinite where it is likelier than not that
    some area has no event, which is then all the extremal quotient says. The 32 smallest areas are taken one
    by one, the others in 32 groups of like size. NaN below two areas.

    >>> extremal_quotient_chance(np.full(98, 50.0)).round(2)
    np.float64(2.0)
    """
    e, times = _grouped(non_negative(expected, "expected"))
    top = np.where(times > 0, 1 + 20 / np.sqrt(e) + 40 / e, 0).max(axis=-1)  # no chance left above it

    def none_above(ratio: Floats) -> Floats:  # the chance that every area is at or below the ratio
        at_most = np.floor(ratio[..., None] * e * JUST_ABOVE)
        return np.exp((times * np.log(pdtr(at_most, e))).sum(axis=-1))

    def none_below(ratio: Floats) -> Floats:  # the chance that every area is above it
        at_most = np.floor(ratio[..., None] * e * JUST_ABOVE)
        return np.exp((times * np.log(pdtrc(at_most, e))).sum(axis=-1))

    def next_count(ratio: Floats) -> Floats:  # the next ratio that some area's count can give
        counts = np.floor(ratio[..., None] * e * JUST_ABOVE) + 1
        return np.where(times > 0, counts / e, np.inf).min(axis=-1)

    # Halve until few counts are left between the ends, then go on from count to count: both ends are counts of areas.
    halvings = int(np.ceil(np.log2((top * (e * (times > 0)).sum(axis=-1)).max(initial=2))))
    with np.errstate(divide="ignore", invalid="ignore"):
        highest = _first_reached(lambda ratio: none_above(ratio) >= 0.5, next_count, top, halvings)
        lowest = _first_reached(lambda ratio: none_below(ratio) < 0.5, next_count, top, halvings)
        quotient = highest / lowest
    return np.where(times.sum(axis=-1) >= 2, quotient, np.nan)


def _grouped(expected: Floats) -> tuple[Floats, Floats]:
    """Expected events of the smallest areas one by one and of the rest by groups; and areas in each."""
    ordered = np.sort(np.where(expected > 0, expected, np.nan), axis=-1)  # NaN sorts last
    present = ~np.isnan(ordered)
    first, rest = ordered[..., :SINGLE_AREAS], ordered[..., SINGLE_AREAS:]
    times = present[..., :SINGLE_AREAS].astype(float)
    if rest.shape[-1]:
        groups = np.arange(rest.shape[-1]) * GROUPED_AREAS // rest.shape[-1]
        starts = np.flatnonzero(np.diff(groups, prepend=-1))
        number = np.add.reduceat(present[..., SINGLE_AREAS:].astype(float), starts, axis=-1)
        events = np.add.reduceat(np.nan_to_num(rest), starts, axis=-1)
        first = np.concatenate([first, events / np.where(number > 0, number, np.nan)], axis=-1)
        times = np.concatenate([times, number], axis=-1)
    return np.where(times > 0, first, 1.0), times


def _first_reached(
    reached: Callable[[Floats], NDArray[np.bool_]],
    following: Callable[[Floats], Floats],
    top: Floats,
    halvings: int,
) -> Floats:
    """Lowest ratio from 0 to ``top``, of those that counts can give, at which a condition is true; one per row."""
    low, high = np.zeros_like(top), top
    at_zero = reached(low)
    for _ in range(halvings):
        middle = (low + high) / 2
        true = reached(middle)
        low, high = np.where(true, low, middle), np.where(true, middle, high)
    while True:
        step = following(low)
        done = reached(step) | (step > high)
        if done.all():
            return np.where(at_zero, 0.0, np.minimum(step, top))
        low = np.where(done, low, step)


def _gini(o: Floats, e: Floats) -> Floats:
    """Gini coefficient of events over expected events, areas in order of their ratio."""
    order = np.argsort(o / e, axis=-1)  # NaN sorts last
    events, size = (np.nan_to_num(np.take_along_axis(x, order, axis=-1)) for x in (o, e))
    total = events.sum(axis=-1)
    before = np.cumsum(events, axis=-1) - events / 2
    return 1 - 2 * (size * before).sum(axis=-1) / np.where(total > 0, total, np.nan) ** 2


def describe(observed: ArrayLike, expected: ArrayLike) -> Dispersion:
    """Describe how much areas differ, over the last axis.

    Parameters
    ----------
    observed, expected
        Events and expected events, shape ``(..., areas)``. Areas with NaN or nothing expected are left out;
        the expected events of the others are scaled to sum to the observed.

    Returns
    -------
    Dispersion
        Every measure for every row; all NaN below two areas or without events.

    Raises
    ------
    ValueError
        If a count is negative.

    Notes
    -----
    McPherson et al (1982), Diehr et al (1990), Ibanez et al (2009) for the measures; median rate ratio after
    Larsen and Merlo (2005).

    >>> spread = describe([52, 48, 61, 40, 75, 33], [50, 52, 49, 47, 55, 45])
    >>> spread.extremal_quotient.round(3), spread.scv.round(3), spread.p_value.round(4)
    (np.float64(1.86), np.float64(2.54), np.float64(0.0161))
    """
    o, e, number = _scaled(observed, expected)
    ratio, inverse = o / e, _mean(1 / e, number)
    freedom = np.where(number >= 2, number - 1, np.nan)[..., 0]
    total = np.where(np.isnan(inverse), np.nan, _total(e))
    chi_square = np.where(np.isnan(total), np.nan, _total((o - e) ** 2 / e))
    excess = chi_square - freedom
    shape = _fit_shape(o, e)
    variance = 1 / shape
    tau = np.sqrt(np.log1p(variance))
    chance = inverse / (inverse + variance)
    mean = _mean(ratio, number)
    deviation = np.sqrt(_total((ratio - mean[..., None]) ** 2) / freedom)
    smallest = np.where(np.isnan(total), np.nan, np.fmin.reduce(ratio, axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.fmax.reduce(ratio, axis=-1) / smallest
        beyond = np.where(chi_square > 0, np.clip(excess, 0, None) / chi_square, chi_square)
    return Dispersion(
        areas=number[..., 0].astype(np.int64),
        extremal_quotient=quotient,
        extremal_quotient_chance=extremal_quotient_chance(e),
        cv=deviation / mean,
        weighted_cv=np.sqrt(_total(e * (ratio - 1) ** 2) / total),
        scv=100 * _mean((ratio - 1) ** 2 - 1 / e, number),
        scv_weighted=100 * excess / (total - _total(e**2) / total),
        chi_square=chi_square,
        p_value=chdtrc(freedom, chi_square),
        i_squared=beyond,
        gamma_shape=shape,
        tau=tau,
        median_rate_ratio=np.exp(np.sqrt(2) * ndtri(0.75) * tau),
        gini=_gini(o, e),
        share_chance=chance,
        reliability=e * variance[..., None] / (1 + e * variance[..., None]),
    )
