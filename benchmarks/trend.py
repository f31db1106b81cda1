"""An area's own figures over time: control charts (XmR) and recent-trend markers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from benchmarks.intervals import non_negative, z_value

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Three standard deviations per mean moving range: 3 / 1.128, as printed in NHS guidance (Making Data Count).
LIMIT_FACTOR = 2.66
# A moving range this many times the mean one is itself a special cause: left out of the limits, once.
SCREEN_FACTOR = 3.267
# Points. Limits that rest on fewer are trial limits (Making Data Count).
TRIAL_BELOW = 13

INCREASING = "Increasing"
DECREASING = "Decreasing"
NO_CHANGE = "No significant change"
NOT_CALCULATED = "Cannot be calculated"


@dataclass(frozen=True, kw_only=True)
class ControlChart:
    """Limits and special causes of one or many series.

    ``mean``, ``lower``, ``upper`` and ``trial`` have the leading shape (a scalar for one series) and are
    those in force at the last period; the lines and the four flags have the shape of the values. No direction
    is good or bad here.
    """

    mean: Floats
    lower: Floats
    upper: Floats
    trial: Flags  # the limits in force rest on fewer than 13 points
    mean_line: Floats
    lower_line: Floats
    upper_line: Floats
    outside: Flags
    shift: Flags  # in a run on one side of the mean
    trend: Flags  # in a run of points each above, or each below, the one before
    two_of_three: (
        Flags  # one of two in three points within the limits but beyond two thirds of the way to them
    )


@dataclass(frozen=True, kw_only=True)
class TrendMarker:
    """Recent trend of one or many series; every field has the leading shape of the counts."""

    trend: NDArray[np.str_]  # "Increasing" | "Decreasing" | "No significant change" | "Cannot be calculated"
    chi_square: Floats  # chi-square for linear trend, one degree of freedom
    beta: Floats  # slope per period on the log-odds (proportion) or log (rate) scale
    outlier: Flags  # the slope changes sign when one of the points is left out


def xmr(values: ArrayLike, *, run: int = 7, rebase: Sequence[int] = ()) -> ControlChart:
    """XmR (individuals and moving range) control chart with its four special-cause rules.

    Parameters
    ----------
    values
        Any unit, shape ``(..., periods)``, oldest first. NaN where a period is missing: it is in no moving
        range, breaks a run and is flagged by no rule.
    run
        Points in a row on one side of the mean, or rising or falling, that make a special cause.
    rebase
        Positions (0-based) at which limits and rules start anew, as after an agreed change of service.

    Returns
    -------
    ControlChart
        Limits are NaN without two neighbouring points. A point on a limit is inside it, a point on the mean
        is on neither side.

    Raises
    ------
    ValueError
        If ``run`` is below 3, or ``rebase`` is not rising positions inside the series.

    Notes
    -----
    Mean +- 2.66 mean moving range, moving ranges of 3.267 times the mean and over screened once. Wheeler
    (2000); NHS England, Making Data Count. If screening would leave no movement at all, nothing is screened:
    limits of no width would flag every point.

    >>> chart = xmr([100, 104, 98, 110, 102, 95, 99, 107, 101, 96, 103, 105, 120])
    >>> chart.mean.round(3), chart.lower.round(3), chart.upper.round(3)
    (np.float64(103.077), np.float64(84.457), np.float64(121.697))
    """
    series = np.asarray(values, dtype=float)
    if run < 3:
        raise ValueError(f"expected run of at least 3 points, got {run}")
    edges = [0, *rebase, series.shape[-1]]
    if any(late <= early for early, late in pairwise(edges)):
        last = series.shape[-1] - 1
        raise ValueError(f"expected rising rebase positions between 1 and {last}, got {list(rebase)}")
    charts = [_segment(series[..., start:end], run) for start, end in pairwise(edges)]
    lines = {name: np.concatenate([getattr(chart, name) for chart in charts], axis=-1) for name in _LINES}
    return replace(charts[-1], **lines)


_LINES = ("mean_line", "lower_line", "upper_line", "outside", "shift", "trend", "two_of_three")


def _segment(series: Floats, run: int) -> ControlChart:
    """Limits and rules between two rebases."""
    mean, half = _centre_and_half_width(series)
    mean_line = np.broadcast_to(mean[..., None], series.shape)
    half_line = np.broadcast_to(half[..., None], series.shape)
    outside = (series < mean_line - half_line) | (series > mean_line + half_line)
    steps = np.diff(series, axis=-1)
    two_of_three = np.zeros(series.shape, dtype=bool)
    for side in (1, -1):
        beyond = side * (series - mean_line)
        two_of_three |= _two_of_three((beyond > half_line * 2 / 3) & ~outside, beyond > 0)
    return ControlChart(
        mean=mean[()],
        lower=(mean - half)[()],
        upper=(mean + half)[()],
        trial=np.sum(~np.isnan(series), axis=-1) < TRIAL_BELOW,
        mean_line=mean_line,
        lower_line=mean_line - half_line,
        upper_line=mean_line + half_line,
        outside=outside,
        shift=_runs(series > mean_line, run) | _runs(series < mean_line, run),
        trend=_joined(_runs(steps > 0, run - 1)) | _joined(_runs(steps < 0, run - 1)),
        two_of_three=two_of_three,
    )


def _centre_and_half_width(series: Floats) -> tuple[Floats, Floats]:
    """Mean, and 2.66 times the screened mean moving range, of each series."""
    moving = np.abs(np.diff(series, axis=-1))
    raw = _mean_present(moving)
    screened = _mean_present(np.where(moving < SCREEN_FACTOR * raw[..., None], moving, np.nan))
    mean_moving = np.where(screened > 0, screened, raw)
    # The mean of equal numbers may differ from them in the last bit: it would put every point outside.
    highest, lowest = np.fmax.reduce(series, axis=-1), np.fmin.reduce(series, axis=-1)
    mean = np.where(highest == lowest, highest, _mean_present(series))
    return mean, LIMIT_FACTOR * mean_moving


def _mean_present(values: Floats) -> Floats:
    """Mean over the last axis of what is not NaN; NaN where nothing is."""
    present = np.sum(~np.isnan(values), axis=-1)
    return np.where(present > 0, np.nansum(values, axis=-1) / np.maximum(present, 1), np.nan)


def _runs(flags: Flags, length: int) -> Flags:
    """Which flags stand in an unbroken run of at least ``length`` along the last axis."""
    inside = np.zeros(flags.shape, dtype=bool)
    if flags.shape[-1] < length:
        return inside
    starts = sliding_window_view(flags, length, axis=-1).all(axis=-1)
    for offset in range(length):
        inside[..., offset : offset + starts.shape[-1]] |= starts
    return inside


def _joined(steps: Flags) -> Flags:
    """Points at either end of a flagged step; one longer than ``steps`` on the last axis."""
    edge = np.zeros((*steps.shape[:-1], 1), dtype=bool)
    return np.concatenate([steps, edge], axis=-1) | np.concatenate([edge, steps], axis=-1)


def _two_of_three(near: Flags, same_side: Flags) -> Flags:
    """Near points of which two or more stand in three neighbours, all three on that side of the mean."""
    flagged = np.zeros(near.shape, dtype=bool)
    if near.shape[-1] < 3:
        return flagged
    hits = sliding_window_view(same_side, 3, axis=-1).all(axis=-1)
    hits &= sliding_window_view(near, 3, axis=-1).sum(axis=-1) >= 2
    for offset in range(3):
        flagged[..., offset : offset + hits.shape[-1]] |= hits
    return flagged & near


def recent_trend(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    kind: Literal["proportion", "rate"] = "proportion",
    points: int = 5,
    confidence: float = 0.998,
) -> TrendMarker:
    """Recent trend, as the trend markers of Fingertips: chi-square for trend and a leave-one-out check.

    Parameters
    ----------
    numerator, denominator
        Counts, shape ``(..., periods)``, evenly spaced, oldest first; the last ``points`` are used. NaN where
        missing.
    kind
        "proportion" (people of people; binomial) or "rate" (events; Poisson).
    confidence
        Two-sided, a fraction; 0.998 is the chi-square of 9.5495 that Fingertips uses.

    Returns
    -------
    TrendMarker
        "Increasing" or "Decreasing" where chi-square passes its limit and the slope keeps its sign whichever
        point is left out; "Cannot be calculated" where a point is missing or has no denominator. No event at
        all, or nobody without one, is no change: chi-square and slope 0.

    Raises
    ------
    ValueError
        If a count is negative, a proportion's numerator exceeds its denominator, or ``points`` is below 3.

    Notes
    -----
    Armitage (1955) for chi-square. ``beta`` is the unweighted slope of the log odds (rates: of the log); only
    where that logarithm does not exist are half an event and half a non-event added to the point.

    >>> marker = recent_trend([515, 593, 620, 808, 803], [17653, 17456, 17771, 17827, 17678])
    >>> str(marker.trend), marker.chi_square.round(5), marker.beta.round(6)
    ('Increasing', np.float64(93.58242), np.float64(0.121946))
    """
    if kind not in ("proportion", "rate"):
        raise ValueError(f"expected kind 'proportion' or 'rate', got {kind!r}")
    if points < 3:
        raise ValueError(f"expected at least 3 points, got {points}")
    x, n = np.broadcast_arrays(non_negative(numerator, "numerator"), non_negative(denominator, "denominator"))
    if kind == "proportion" and (bad := x > n).any():
        position = int(np.argmax(bad))
        raise ValueError(
            f"expected 0 <= numerator <= denominator, got {x.flat[position]:g} of {n.flat[position]:g}"
            f" at position {position} ({int(bad.sum())} such rows)"
        )
    if x.shape[-1] < points:
        x = n = np.full((*x.shape[:-1], points), np.nan)
    x, n = x[..., -points:], np.where(n > 0, n, np.nan)[..., -points:]
    chi_square, changing = _chi_square_for_trend(x, n, kind)
    slopes = _slopes(_log_scale(x, n, kind))
    beta = np.where(changing, slopes[..., 0], 0 * chi_square)
    outlier = changing & (slopes[..., 1:] * beta[..., None] <= 0).any(axis=-1)
    moved = (chi_square > z_value(confidence) ** 2) & ~outlier
    trend = np.select(
        [np.isnan(chi_square), moved & (beta > 0), moved],
        [NOT_CALCULATED, INCREASING, DECREASING],
        default=NO_CHANGE,
    )
    return TrendMarker(trend=trend[()], chi_square=chi_square[()], beta=beta[()], outlier=outlier)


def _chi_square_for_trend(x: Floats, n: Floats, kind: str) -> tuple[Floats, Flags]:
    """Chi-square for linear trend over the last axis, and whether there is anything that could change."""
    period = np.arange(x.shape[-1], dtype=float)
    # A missing denominator makes the whole series missing; so must a missing numerator.
    everyone = np.sum(n + 0 * x, axis=-1, keepdims=True)
    overall = np.sum(x, axis=-1, keepdims=True) / everyone
    centred = period - np.sum(n * period, axis=-1, keepdims=True) / everyone
    score = np.sum(centred * (x - n * overall), axis=-1)
    per_person = overall * (1 - overall) if kind == "proportion" else overall
    variance = per_person[..., 0] * np.sum(n * centred**2, axis=-1)
    changing = variance > 0
    chi_square = np.where(changing, score**2 / np.where(changing, variance, 1.0), 0.0 * variance)
    return chi_square, changing


def _log_scale(x: Floats, n: Floats, kind: str) -> Floats:
    """Log odds or log rate of each point."""
    beside = n - x if kind == "proportion" else n
    empty = (x == 0) | (beside == 0)
    half = np.where(empty, 0.5, 0.0)
    if kind == "proportion":
        return np.log((x + half) / (beside + half))
    return np.log((x + half) / beside)


def _slopes(y: Floats) -> Floats:
    """Slope of ``y`` with every point, then with each left out; shape (..., points + 1)."""
    points = y.shape[-1]
    kept = np.vstack([np.ones(points), 1 - np.eye(points)])
    period = np.arange(points, dtype=float)
    centred = kept * (period - (kept @ period / kept.sum(axis=1))[:, None])
    return np.asarray(y @ (centred / np.sum(centred**2, axis=1, keepdims=True)).T)
