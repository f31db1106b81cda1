"""Funnels: how far from a target chance takes an area of a given size, and how much further areas are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.comparators import quantiles_of
from benchmarks.intervals import (
    Interval,
    event_limits,
    non_negative,
    part_of_whole,
    poisson_exact,
    z_value,
)

Floats = NDArray[np.float64]
Kind = Literal["ratio_log", "ratio_sqrt", "proportion", "ratio_of_counts"]

# Areas. From fewer than this, tau2 is too unsure to draw limits with: borrow it (see ``overdispersion``).
MINIMUM_AREAS = 20

# Events. What a count of 0 is taken as on the log scale, where 0 itself would be infinitely far out.
ZERO_COUNT = 0.5


@dataclass(frozen=True)
class _Scale:
    """Scale on which a kind of indicator is about normal, with its standard error there."""

    of_counts: Callable[[Floats, Floats], Floats]
    of_value: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    standard_error: Callable[[Floats, Floats], Floats]  # of an area: numerator, denominator
    limit_error: Callable[[Floats], Floats]  # on the funnel: denominator
    truncate: bool = False  # leave the outermost areas out, instead of drawing them in
    target: float = np.nan  # on the plotted scale; NaN: all areas pooled


def _half_root(n: Floats) -> Floats:
    return 1 / (2 * np.sqrt(n))


_SCALES: dict[str, _Scale] = {
    "ratio_log": _Scale(
        of_counts=lambda x, n: np.log(np.where(x == 0, ZERO_COUNT, x) / n),
        of_value=np.log,
        back=np.exp,
        standard_error=lambda x, n: 1 / np.sqrt(n),
        limit_error=lambda n: 1 / np.sqrt(n),
        truncate=True,
        target=1.0,
    ),
    "ratio_sqrt": _Scale(
        of_counts=lambda x, n: np.sqrt(x / n),
        of_value=np.sqrt,
        back=lambda y: np.square(np.maximum(y, 0)),
        standard_error=lambda x, n: _half_root(n),
        limit_error=_half_root,
        target=1.0,
    ),
    "proportion": _Scale(
        of_counts=lambda x, n: np.arcsin(np.sqrt(x / n)),
        of_value=lambda p: np.arcsin(np.sqrt(p)),
        back=lambda y: np.sin(np.clip(y, 0, np.pi / 2)) ** 2,
        standard_error=lambda x, n: _half_root(n),
        limit_error=_half_root,
    ),
    "ratio_of_counts": _Scale(
        of_counts=lambda x, n: np.log((x + 0.5) / (n + 0.5)),
        of_value=np.log,
        back=np.exp,
        standard_error=lambda x, n: np.sqrt(x / (x + 0.5) ** 2 + n / (n + 0.5) ** 2),
        limit_error=_half_root,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Overdispersion:
    """How much further from the target areas are than chance takes them, over the last axis.

    ``phi`` is the mean squared z (1 by chance alone), ``tau2`` the variance between areas on the
    transformed scale, ``areas`` the number of areas they rest on, before trimming.
    """

    phi: Floats
    tau2: Floats
    areas: NDArray[np.int64]


def _scale(kind: str) -> _Scale:
    if kind not in _SCALES:
        raise ValueError(f"expected kind to be one of {', '.join(_SCALES)}, got {kind!r}")
    return _SCALES[kind]


def _counts(numerator: ArrayLike, denominator: ArrayLike, kind: str) -> tuple[Floats, Floats]:
    """Both as floats of one shape, NaN in both where either is missing or the denominator is 0."""
    if kind == "proportion":
        x, n = part_of_whole(numerator, denominator)
    else:
        x, n = np.broadcast_arrays(
            non_negative(numerator, "numerator"), non_negative(denominator, "denominator")
        )
    present = ~np.isnan(x) & (n > 0)
    return np.where(present, x, np.nan), np.where(present, n, np.nan)


def _pooled(x: Floats, n: Floats) -> Floats:
    """Pooled value of the areas, shape (..., 1)."""
    total = np.nansum(n, axis=-1, keepdims=True)
    return np.nansum(x, axis=-1, keepdims=True) / np.where(total > 0, total, np.nan)


def _z_and_error(x: Floats, n: Floats, kind: Kind, target: ArrayLike | None) -> tuple[Floats, Floats]:
    """Distance from the target on the transformed scale, in standard errors; and the standard error."""
    scale = _scale(kind)
    if target is not None:
        centre = np.asarray(target, dtype=float)
    else:
        centre = _pooled(x, n) if np.isnan(scale.target) else np.array(scale.target)
    error = scale.standard_error(x, n)
    with np.errstate(divide="ignore", invalid="ignore"):  # a pooled ratio of 0 has no logarithm
        z = (scale.of_counts(x, n) - scale.of_value(centre)) / error
    return np.where(np.isfinite(z), z, np.nan), error


def _truncated(z: Floats, trim: float) -> Floats:
    """Areas whose z is among the ``trim`` lowest or highest (a fraction of each row, rounded down) as NaN."""
    number = (~np.isnan(z)).sum(axis=-1, keepdims=True)
    cut = np.floor(number * trim)
    place = np.empty(z.shape, dtype=np.int64)
    order = np.argsort(z, axis=-1, kind="stable")  # NaN sorts last
    np.put_along_axis(place, order, np.broadcast_to(np.arange(z.shape[-1]), z.shape), axis=-1)
    return np.where((place >= cut) & (place < number - cut), z, np.nan)


def _winsorised(z: Floats, trim: float) -> Floats:
    """z no further out than the ``trim`` and 1 - ``trim`` quantiles of its row."""
    low, high = quantiles_of(z, trim, 1 - trim)
    return np.clip(z, low[..., None], high[..., None])


def overdispersion(
    numerator: ArrayLike, denominator: ArrayLike, *, kind: Kind, trim: float = 0.1
) -> Overdispersion:
    """Overdispersion phi and the variance between areas tau2, over the last axis.

    Parameters
    ----------
    numerator, denominator
        Shape ``(..., areas)``: events and expected events of a ratio, people and people of a proportion.
        Areas with NaN or a denominator of 0 are left out.
    kind
        ``ratio_log`` (SHMI: logarithm, the outermost areas truncated), ``ratio_sqrt`` (CQC: square root,
        winsorised), ``proportion`` (arcsine, winsorised), ``ratio_of_counts`` (logarithm of two counts,
        winsorised). Ratios are measured from 1, the others from the pooled value.
    trim
        Fraction trimmed at each end, so that a few outlying areas do not widen the limits for all.

    Returns
    -------
    Overdispersion
        Shape ``(...,)``. tau2 is 0 where areas differ no more than by chance; NaN below two areas, phi
        with none. Below ``MINIMUM_AREAS`` it is computed but should not be used: borrow it from the
        practices of the same place, or from earlier years.

    Raises
    ------
    ValueError
        If a count is negative, a proportion exceeds 1, or the kind or trim is unknown.

    Notes
    -----
    Spiegelhalter (2005), Statistics in Medicine 24:1185, the additive random-effects form. A count of 0 is
    taken as 0.5 on the log scale.

    >>> spread = overdispersion([52, 90, 61, 20], [50, 60, 55, 45], kind="ratio_log", trim=0)
    >>> spread.phi.round(3), spread.tau2.round(4)
    (np.float64(10.031), np.float64(0.2366))
    """
    if not 0 <= trim < 0.5:
        raise ValueError(f"expected trim from 0 to below 0.5, got {trim}")
    scale = _scale(kind)
    x, n = _counts(numerator, denominator, kind)
    z, error = _z_and_error(x, n, kind, None)
    kept = _truncated(z, trim) if scale.truncate else _winsorised(z, trim)
    number = (~np.isnan(kept)).sum(axis=-1)
    phi = np.nansum(kept**2, axis=-1) / np.where(number > 0, number, np.nan)
    weight = np.where(np.isnan(kept), 0.0, 1 / np.square(error))
    total = weight.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        tau2 = (number * phi - (number - 1)) / (total - (weight**2).sum(axis=-1) / total)
    return Overdispersion(
        phi=phi,
        tau2=np.where(number >= 2, np.clip(tau2, 0, None), np.nan),
        areas=(~np.isnan(z)).sum(axis=-1),
    )


def z_scores(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    kind: Kind,
    target: ArrayLike | None = None,
    tau2: ArrayLike = 0.0,
    phi: ArrayLike = 1.0,
) -> Floats:
    """Distance of each area from the target in standard deviations, chance and overdispersion together.

    Inputs as for ``overdispersion``; ``target``, ``tau2`` and ``phi`` as for ``limits``. With no target,
    1 for a ratio and the pooled value for the others. NaN where an area has no value.

    >>> z_scores([52, 90], [50, 60], kind="ratio_sqrt").round(3)
    array([0.28 , 3.482])
    """
    x, n = _counts(numerator, denominator, kind)
    z, error = _z_and_error(x, n, kind, target)
    return z * error / np.sqrt(np.asarray(phi) * error**2 + np.asarray(tau2))


def limits(
    denominator: ArrayLike,
    *,
    kind: Kind,
    target: ArrayLike,
    tau2: ArrayLike = 0.0,
    phi: ArrayLike = 1.0,
    confidence: float = 0.95,
) -> Interval:
    """Funnel limits around the target for areas of these sizes, widened by overdispersion.

    Parameters
    ----------
    denominator
        Sizes: expected events of a ratio, people of a proportion. NaN or 0 gives NaN.
    kind
        As for ``overdispersion``.
    target
        On the plotted scale: 1 for a ratio of observed to expected, else the pooled value. Broadcasts.
    tau2
        Variance between areas on the transformed scale, from ``overdispersion``; one per row as ``(..., 1)``.
    phi
        Multiplies the sampling variance instead: the multiplicative model, an option to tau2.
    confidence
        Two-sided coverage as a fraction: 0.95 and 0.998.

    Returns
    -------
    Interval
        On the plotted scale: back-transformed target -+ z sqrt(phi s^2 + tau2).

    Notes
    -----
    Spiegelhalter (2005). The square root's limits are squared back. A ratio of counts is drawn with
    s = 1 / (2 sqrt(n)), as FunnelPlotR draws it, which is narrower than its own standard error: judge an area
    by ``z_scores``, which has the full one. ``ratio_limits`` gives the exact limits of a ratio.

    >>> limits([50, 200], kind="ratio_log", target=1, tau2=0.01).upper.round(4)
    array([1.4042, 1.2713])
    """
    return limits_at(denominator, [confidence], kind=kind, target=target, tau2=tau2, phi=phi)[0]


def limits_at(
    denominator: ArrayLike,
    confidences: Sequence[float],
    *,
    kind: Kind,
    target: ArrayLike,
    tau2: ArrayLike = 0.0,
    phi: ArrayLike = 1.0,
) -> list[Interval]:
    """Funnel limits at several confidences, as ``limits``, at little more than the cost of one.

    >>> narrow, wide = limits_at([50], [0.95, 0.998], kind="ratio_log", target=1)
    >>> narrow.upper.round(3), wide.upper.round(3)
    (array([1.319]), array([1.548]))
    """
    scale = _scale(kind)
    n = non_negative(denominator, "denominator")
    error = scale.limit_error(np.where(n > 0, n, np.nan))
    spread = np.sqrt(np.asarray(phi) * error**2 + np.asarray(tau2))
    centre = scale.of_value(non_negative(target, "target"))
    halves = [z_value(confidence) * spread for confidence in confidences]
    return [Interval(scale.back(centre - half), scale.back(centre + half)) for half in halves]


def proportion_limits(denominator: ArrayLike, *, mean: ArrayLike, confidence: float = 0.95) -> Interval:
    """Control limits of a proportion as OHID draws them: mean -+ z sqrt(mean (1 - mean) / n), within 0 to 1.

    NaN where the denominator is NaN or 0.

    >>> proportion_limits([25, 100], mean=0.2).lower.round(4)
    array([0.0432, 0.1216])
    """
    n = non_negative(denominator, "denominator")
    p, _ = part_of_whole(mean, 1.0)
    half = z_value(confidence) * np.sqrt(p * (1 - p) / np.where(n > 0, n, np.nan))
    return Interval(np.clip(p - half, 0, 1), np.clip(p + half, 0, 1))


def ratio_limits(expected: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Exact Poisson limits around a ratio of 1 for areas that expect this many events.

    NaN where nothing is expected.

    >>> ratio_limits([10, 200]).lower.round(4)
    array([0.4795, 0.8662])
    """
    size = non_negative(expected, "expected")
    size = np.where(size > 0, size, np.nan)
    exact = poisson_exact(size, confidence=confidence)
    return Interval(exact.lower / size, exact.upper / size)


def significance(observed: ArrayLike, expected: ArrayLike) -> Floats:
    """Whether a ratio of observed to expected events is low or high, at OHID's two levels.

    Returns
    -------
    array
        -2 low at 0.001, -1 low at 0.025, 0 not significant, 1 high at 0.025, 2 high at 0.001 (each level
        one-sided); NaN where an input is NaN or nothing is expected.

    Notes
    -----
    Whether the expected count lies outside the 95 % and 99.8 % limits of the observed one.

    >>> significance([10, 30, 30], [10, 20, 10])
    array([0., 1., 2.])
    """
    x, size = np.broadcast_arrays(non_negative(observed, "observed"), non_negative(expected, "expected"))
    code = np.zeros(x.shape)
    for confidence in (0.95, 0.998):
        lower, upper = event_limits(x, confidence=confidence)
        code += (lower > size).astype(float) - (upper < size)
    return np.where(np.isnan(x) | ~(size > 0), np.nan, code)
