"""Figures that neither chance nor the usual variation explains: jumps in a series, and areas far from all others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.usual_variation import FEWEST, LARGE, deviance_z, extra_variance, median

Floats = NDArray[np.float64]

# Standard errors beyond which a figure is doubted. Of figures that chance and the usual variation make, one in
# 500 million lies so far out on a normal curve; `docs/findings.md` has what simulation gives.
THRESHOLD = 6.0
# Times or more (or this fraction or less) of what is expected: a difference that matters, however sure it is.
FACTOR = 1.5
# A median of n values is as uncertain as a mean of so large a share of them.
_MEDIAN_EFFICIENCY = 2 / np.pi


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """How far each figure lies from what is expected of it, and whether that is too far."""

    expected: Floats  # events (or a value) expected; NaN where not tested
    z: Floats  # standard errors, chance and usual variation both counted
    doubted: NDArray[np.bool_]


def far_from_all(observed: ArrayLike, expected: ArrayLike, *, threshold: float = THRESHOLD) -> Doubt:
    """Find areas far from all others: by chance and the usual variation between areas, not one would be.

    Parameters
    ----------
    observed, expected
        Events, and what they would be if all areas were alike, shape (indicators, areas); NaN where missing.
    threshold
        Standard errors beyond which an area is doubted.

    Returns
    -------
    Doubt
        Against the median area; ``doubted`` also needs `FACTOR` times the median or more, or 1 / `FACTOR` or
        less. None of fewer than ``FEWEST`` areas.

    Notes
    -----
    A robust z-score: the usual variation is told from the middle half of the areas, so that those far out do not
    widen the limits that they are judged by. Chance is counted apart, so that a small area is not far out
    for being small.

    >>> observed = np.array([[100.0, 104, 96, 108, 91, 99, 103, 110, 95, 88, 400, 1]])
    >>> far_from_all(observed, np.append(np.full(11, 100.0), 0.5)[None, :]).doubted.nonzero()[1]
    array([10])
    """
    events, exposure = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(exposure > 0, events / exposure, np.nan)
    level = median(ratio, axis=1)
    # Where most areas have no event, the median says nothing: the level of all of them together.
    happened, given = (
        np.where(np.isnan(ratio), 0, part).sum(axis=1, keepdims=True) for part in (events, exposure)
    )
    level = np.where(level > 0, level, _ratio(happened, given))
    behind = _MEDIAN_EFFICIENCY * given
    return _doubt(
        events, exposure, level, behind, ratio / np.where(level > 0, level, np.nan), threshold, rows=True
    )


def jumps(observed: ArrayLike, expected: ArrayLike, *, threshold: float = THRESHOLD) -> Doubt:
    """Find sudden jumps of areas against their own history.

    Parameters
    ----------
    observed, expected
        Events of one indicator, and what they would be if all areas were alike, shape (periods, areas), the
        oldest first; NaN where missing. What all areas share from period to period is no jump.
    threshold
        Standard errors beyond which a jump is doubted.

    Returns
    -------
    Doubt
        Each period against the median of the area's periods; of two, the later against the earlier. Doubted
        where it also is `FACTOR` times the neighbouring period or more, or 1 / `FACTOR` or less, and the
        period before is not doubted on the same side: a new level is told once, where it begins.

    Notes
    -----
    The chance in a period and in the history are both counted (as two Poisson counts, so that 4 after 0 is no
    jump), and so is how much areas usually move beyond chance.

    >>> random = np.random.default_rng(3)
    >>> observed = random.poisson(100, (5, 40)).astype(float)
    >>> observed[2, 7] = 900  # a digit too many
    >>> list(zip(*jumps(observed, np.full((5, 40), 100.0)).doubted.nonzero()))
    [(np.int64(2), np.int64(7))]
    """
    events, exposure = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(exposure > 0, events / exposure, np.nan)
    exposure = exposure * _shared(ratio, exposure)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(exposure > 0, events / exposure, np.nan)
    number = (~np.isnan(ratio)).sum(axis=0)
    first = np.cumsum(~np.isnan(ratio), axis=0) == 1
    level = _median_of_others(ratio)
    happened, given = (np.where(np.isnan(ratio), 0, part) for part in (events, exposure))
    # Where most of them have no event, the median says nothing: the level of all of them together.
    level = np.where(level > 0, level, _ratio(happened.sum(axis=0) - happened, given.sum(axis=0) - given))
    behind = np.where(number > 2, _MEDIAN_EFFICIENCY, 1.0) * (given.sum(axis=0) - given)
    # Of two periods neither is the odd one out: the later is told.
    events = np.where((number == 2) & first, np.nan, events)
    doubt = _doubt(events, exposure, level, behind, _step(ratio), threshold, rows=False)
    return Doubt(expected=doubt.expected, z=doubt.z, doubted=_begun(doubt, number))


def _shared(ratio: Floats, exposure: Floats) -> Floats:
    """Level of the middle area of each period, (periods, 1): a slip of some areas does not make the others fall."""
    there = ~np.isnan(ratio)
    level = median(ratio, axis=1)
    # Of few events each the middle is a matter of chance: the level of all stands, which is 1.
    large = median(np.where(there, exposure, np.nan), axis=1) >= LARGE
    steady = large & (level > 0) & (there.sum(axis=1, keepdims=True) >= FEWEST)
    return np.where(steady, level, 1.0)


def _median_of_others(ratio: Floats) -> Floats:
    """Median of the other periods of each area, shape (periods, areas); NaN where there is none."""
    order = np.argsort(ratio, axis=0, kind="stable")  # NaN last
    ranked = np.take_along_axis(ratio, order, axis=0)
    rank = np.argsort(order, axis=0, kind="stable")
    others = (~np.isnan(ratio)).sum(axis=0) - ~np.isnan(ratio)

    def place(of_rest: NDArray[np.int64]) -> Floats:
        """Take the value at a place of the others, in the order of them all."""
        at = np.clip(of_rest + (of_rest >= rank), 0, len(ratio) - 1)
        return np.take_along_axis(ranked, at, axis=0)

    middle = (place((others - 1) // 2) + place(others // 2)) / 2
    return np.where((others > 0) & ~np.isnan(ratio), middle, np.nan)


def _begun(doubt: Doubt, number: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Keep of a new level its beginning, and of three periods, which pull each other's median, the surest."""
    side = np.sign(doubt.z) * doubt.doubted
    again = np.zeros_like(doubt.doubted)
    again[1:] = (side[1:] != 0) & (side[1:] == side[:-1])
    size = np.where(doubt.doubted, np.abs(doubt.z), 0)
    surest = (number > 3) | (size == size.max(axis=0))
    return doubt.doubted & ~again & surest


def _step(ratio: Floats) -> Floats:
    """Ratio of each period to its neighbour: the last one given before it, or the next for the first."""
    filled = ratio.copy()
    for period in range(1, len(filled)):
        filled[period] = np.where(np.isnan(filled[period]), filled[period - 1], filled[period])
    before = np.vstack([np.full((1, ratio.shape[1]), np.nan), filled[:-1]])
    after = ratio.copy()
    for period in range(len(after) - 2, -1, -1):
        after[period] = np.where(np.isnan(after[period]), after[period + 1], after[period])
    following = np.vstack([after[1:], np.full((1, ratio.shape[1]), np.nan)])
    beside = np.where(np.isnan(before), following, before)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(beside == 0, np.inf, ratio / beside)


def _doubt(
    events: Floats,
    exposure: Floats,
    level: Floats,
    behind: Floats,
    times: Floats,
    threshold: float,
    *,
    rows: bool,
) -> Doubt:
    """Judge events by the level they are expected at, which itself rests on so many expected events.

    Chance is counted as `deviance_z` does, the usual variation as a variance of log ratios: of a difference d that is
    z standard errors of chance, chance has the variance (d / z)^2.
    """
    behind = np.where(behind > 0, behind, np.nan)
    z = deviance_z(events, exposure, level * behind, behind)
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = np.log((events + 0.5) / (level * exposure + 0.5))
        fitted = (events + level * behind) / (exposure + behind)
        chance = np.where(
            np.abs(z) > 0.1, (difference / z) ** 2, 1 / (fitted * exposure) + 1 / (fitted * behind)
        )
        chance = np.where(fitted > 0, chance, np.nan)
        z, chance = (np.where(np.isnan(chance), np.nan, part) for part in (z, chance))
        parts = (z, chance, np.broadcast_to(exposure, z.shape))
        extra = extra_variance(*(part if rows else part.reshape(1, -1) for part in parts))
        scaled = z / np.sqrt(1 + extra / chance)
        large = (times >= FACTOR) | (times <= 1 / FACTOR)
        doubted = (np.abs(scaled) >= threshold) & large
    return Doubt(expected=level * exposure, z=scaled, doubted=doubted)


def _ratio(events: Floats, exposure: Floats) -> Floats:
    """Events over exposure; NaN where there is none."""
    return events / np.where(exposure > 0, exposure, np.nan)
