"""Is an area different from its peers beyond chance: RightCare's published rule, and a calibrated one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.intervals import z_value
from benchmarks.peer_values import Everyone, means_and_number

Floats = NDArray[np.float64]

# Codes of a test; words are given to them where the polarity is known.
LOWER, SIMILAR, HIGHER, NOT_TESTED = -1, 0, 1, -9


def _codes(lower: Floats, upper: Floats, against: ArrayLike) -> NDArray[np.int8]:
    reference = np.asarray(against, dtype=float)
    codes = np.asarray(lower > reference).astype(np.int8) - np.asarray(upper < reference).astype(np.int8)
    untested = np.isnan(lower) | np.isnan(upper) | np.isnan(reference)
    return np.where(untested, np.int8(NOT_TESTED), codes) if untested.any() else codes


def rightcare(lower: ArrayLike, upper: ArrayLike, comparator: ArrayLike) -> NDArray[np.int8]:
    """RightCare's rule as published: the area's own interval against the comparator taken as fixed.

    Parameters
    ----------
    lower, upper
        The area's own 95 % limits.
    comparator
        Mean of the best five of its ten peers, in the same unit.

    Returns
    -------
    array of int8
        ``HIGHER`` (1), ``SIMILAR`` (0), ``LOWER`` (-1), ``NOT_TESTED`` (-9) where an input is NaN.

    Notes
    -----
    NHS RightCare Commissioning for Value packs. The comparator is chosen among ten for being good and then
    treated as known, so that 12-13 % of areas that are no different are flagged in the bad
    direction where 2.5 % is meant (Dropkin 2018, J Public Health 40:e367).

    >>> rightcare([0.9, 0.5], [1.4, 0.8], [0.85, 0.85])
    array([ 1, -1], dtype=int8)
    """
    return _codes(np.asarray(lower, dtype=float), np.asarray(upper, dtype=float), comparator)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Area less the mean of its peers, with an interval that carries the uncertainty of both."""

    comparator: Floats
    value: Floats
    lower: Floats
    upper: Floats
    z: Floats

    @property
    def codes(self) -> NDArray[np.int8]:
        """``HIGHER``, ``SIMILAR``, ``LOWER`` or ``NOT_TESTED``: does the interval leave out no difference."""
        return _codes(self.lower, self.upper, 0.0)


def difference_from_peers(
    value: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    peers: "ArrayLike | Everyone",
    *,
    confidence: float = 0.95,
) -> Difference:
    """Compare each area with the simple mean of its peers, the uncertainty of both counted.

    Parameters
    ----------
    value, lower, upper
        Values and their own limits at ``confidence``, shape (..., areas); NaN where missing.
    peers
        Positions of each area's peers, shape (areas, N), -1 where it has fewer; or ``Everyone``. A peer without
        limits is left out.
    confidence
        The confidence at which ``lower`` and ``upper`` were computed: it scales ``z``.

    Returns
    -------
    Difference
        NaN (not tested) where the area has no value or no limits, or no peer has.

    Notes
    -----
    The limits are put together by squares (Newcombe 1998; Zou and Donner 2008, "MOVER"): the lower limit of
    a - b is a - b - sqrt((a - l_a)^2 + (u_b - b)^2). Each side of each interval is used as it is, so that the
    skewness of small counts is kept. Give it ``mid_p`` limits for events and ``wilson`` limits for
    proportions: then 2.2-2.9 % of areas that are no different are flagged on each side from 5 events up.
    ``z`` is the difference over its standard error on the side of no difference.

    >>> value, lower, upper = [0.20, 0.10, 0.10], [0.15, 0.08, 0.08], [0.25, 0.12, 0.12]
    >>> difference_from_peers(value, lower, upper, [[1, 2]] * 3).codes
    array([1, 0, 0], dtype=int8)
    """
    return differences_from_peers(value, [(lower, upper, confidence)], peers)[0]


def differences_from_peers(
    value: ArrayLike, levels: Sequence[tuple[ArrayLike, ArrayLike, float]], peers: "ArrayLike | Everyone"
) -> list[Difference]:
    """As ``difference_from_peers`` for limits at several confidences: (lower, upper, confidence) each.

    >>> value, limits = [0.20, 0.10], [([0.15, 0.08], [0.25, 0.12], 0.95), ([0.09, 0.07], [0.31, 0.13], 0.998)]
    >>> [found.codes.tolist() for found in differences_from_peers(value, limits, [[1], [0]])]
    [[1, -1], [0, 0]]
    """
    centre = np.asarray(value, dtype=float)
    sides = [
        (centre - np.asarray(low, dtype=float), np.asarray(high, dtype=float) - centre)
        for low, high, _ in levels
    ]
    centre = np.broadcast_to(centre, sides[0][0].shape)
    # A peer without either limit is left out whole.
    unknown = [np.isnan(below) | np.isnan(above) for below, above in sides]
    deviates = [z_value(confidence) for _, _, confidence in levels]
    if all(np.array_equal(unknown[0], other) for other in unknown[1:]):
        return _differences(centre, sides, unknown[0], deviates, peers)
    return [
        _differences(centre, [side], left_out, [deviate], peers)[0]
        for side, left_out, deviate in zip(sides, unknown, deviates, strict=True)
    ]


def _differences(
    centre: Floats,
    sides: list[tuple[Floats, Floats]],
    unknown: NDArray[np.bool_],
    deviates: list[float],
    peers: "ArrayLike | Everyone",
) -> list[Difference]:
    """Differences at several confidences, whose limits are missing in the same places."""
    known = np.where(unknown, np.nan, centre) if unknown.any() else centre
    # The values, and the squares of what lies between them and their limits: all added up over the peers at once.
    parts = np.empty((1 + 2 * len(sides), *centre.shape))
    parts[0] = known
    for square, distance in zip(parts[1:], [one for side in sides for one in side], strict=True):
        np.multiply(distance, distance, out=square)
        if known is not centre:
            np.copyto(square, np.nan, where=unknown)
    means, number = means_and_number(parts, peers)
    # The limits of a mean of N independent values: squares of their distances, summed, over N squared.
    means[1:] /= np.where(number > 0, number, np.nan)
    mean, gap, found = means[0], known - means[0], []
    for level, deviate in enumerate(deviates):
        low, high = 1 + 2 * level, 2 + 2 * level
        down, up = np.sqrt(parts[low] + means[high]), np.sqrt(parts[high] + means[low])
        with np.errstate(invalid="ignore", divide="ignore"):
            z = deviate * gap / np.where(gap > 0, down, up)
        found.append(Difference(comparator=mean, value=gap, lower=gap - down, upper=gap + up, z=z))
    return found


def change_from(
    value: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    before: ArrayLike,
    lower_before: ArrayLike,
    upper_before: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Difference:
    """Compare a value with that of the period before, the uncertainty of both counted.

    Parameters
    ----------
    value, lower, upper
        Values and their limits at ``confidence``; NaN where missing.
    before, lower_before, upper_before
        The same of the period before, of the same shape.
    confidence
        The confidence of all the limits: it scales ``z``.

    Returns
    -------
    Difference
        ``comparator`` is the value before; NaN (not tested) where either value or its limits are missing.

    Notes
    -----
    Newcombe (1998); Zou and Donner (2008), as ``difference_from_peers``, with one period as the only peer. The two
    periods are taken as independent. For a register, where most people are the same in both, the limits
    are therefore too wide, and a change that is marked is marked all the more surely.

    >>> change = change_from([0.30], [0.25], [0.35], [0.20], [0.16], [0.25])
    >>> change.codes, change.value.round(2), change.lower.round(3)
    (array([1], dtype=int8), array([0.1]), array([0.029]))
    """
    both, low, high = (
        np.stack(np.broadcast_arrays(now, then), axis=-1).astype(float)
        for now, then in ((value, before), (lower, lower_before), (upper, upper_before))
    )
    two = difference_from_peers(both, low, high, np.array([[1], [0]]), confidence=confidence)
    return Difference(
        comparator=two.comparator[..., 0],
        value=two.value[..., 0],
        lower=two.lower[..., 0],
        upper=two.upper[..., 0],
        z=two.z[..., 0],
    )


def benjamini_hochberg(p_value: ArrayLike) -> Floats:
    """Adjust p-values over the last axis so that a cut at q keeps the share of false flags among flags below q.

    NaN (not tested) stays NaN and does not count among the tests. Benjamini and Hochberg (1995); as
    ``scipy.stats.false_discovery_control``, which takes no missing values.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, np.nan]).round(3)
    array([0.03, 0.04, 0.04,  nan])
    """
    p = np.asarray(p_value, dtype=float)
    tests = (~np.isnan(p)).sum(axis=-1, keepdims=True)
    order = np.argsort(p, axis=-1)  # NaN last
    rank = np.arange(1, p.shape[-1] + 1)
    scaled = np.take_along_axis(p, order, axis=-1) * tests / rank
    scaled = np.where(np.isnan(scaled), np.inf, scaled)  # never the smallest of what follows
    lowest = np.minimum.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(lowest, 1), axis=-1)
    return np.where(np.isnan(p), np.nan, adjusted)
