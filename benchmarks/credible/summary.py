"""What a set of joint draws says: mean, percentiles and probability, by area and summed by group; the headline."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from benchmarks.comparators import quantiles_of

Floats = NDArray[np.float64]

# Fraction of draws in which an area must be worse than its peers before its opportunity counts in the headline.
COUNTED_ABOVE = 0.8


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One value per area or group, in the units of the draws; all NaN where the draws are."""

    mean: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    probability: Floats


def probability_worse(draws: ArrayLike) -> Floats:
    """Fraction of draws (first axis) with any opportunity: P(worse than peers); NaN where the draws are.

    >>> probability_worse([[0.0, 2.0], [1.0, 3.0]])
    array([0.5, 1. ])
    """
    array = np.asarray(draws, dtype=float)
    return np.where(np.isnan(array[:1]).any(axis=0), np.nan, (array > 0).mean(axis=0))


def summarise(draws: ArrayLike) -> Summary:
    """Mean, 10th, 50th and 90th percentile and P(> 0) of each column of (draws, areas or groups).

    >>> summarise([[0.0], [1.0], [2.0], [3.0], [4.0]]).p90
    array([3.6])
    """
    array = np.asarray(draws, dtype=float)
    # Sorted along the fast axis: columns of a wide array lie far apart in memory.
    p10, p50, p90 = quantiles_of(np.ascontiguousarray(array.T), 0.1, 0.5, 0.9)
    return Summary(mean=array.mean(axis=0), p10=p10, p50=p50, p90=p90, probability=probability_worse(array))


def counted(draws: ArrayLike, *, above: float = COUNTED_ABOVE) -> NDArray[np.bool_]:
    """Areas that the headline counts: worse than their peers in more than ``above`` (a fraction) of draws.

    Take it from draws against the peer mean, and use it for the stretch (best five) too. False for NaN.

    >>> counted([[0.0, 2.0], [1.0, 3.0]])
    array([False,  True])
    """
    return probability_worse(draws) > above


def roll_up(draws: ArrayLike, group: ArrayLike, *, groups: int) -> Floats:
    """Sum areas inside each draw: (draws, areas) and a group for each area to (draws, groups).

    Parameters
    ----------
    draws
        Joint draws, in units of the numerator or times a unit cost. NaN for an area without data.
    group
        Position of each area's locality, cluster or ICB, 0 to ``groups`` - 1, shape (areas,); -1 in none.
    groups
        How many groups there are.

    Returns
    -------
    array (draws, groups)
        Areas without data add nothing; NaN for a group in which no area has data.

    Notes
    -----
    Every level is summed from the areas themselves, so levels agree draw by draw. For the headline, sum
    ``headline_draws``. Opportunities are >= 0 in each draw: negative gaps have not been netted off.

    >>> roll_up([[1.0, 2.0, 4.0], [0.0, 3.0, np.nan]], [0, 0, 1], groups=2)
    array([[ 3.,  4.],
           [ 3., nan]])
    """
    array, member = np.asarray(draws, dtype=float), np.asarray(group)
    if member.shape != array.shape[1:]:
        raise ValueError(f"expected one group for each of {array.shape[1]} areas, got shape {member.shape}")
    if member.size and (member.max() >= groups or member.min() < -1):
        raise ValueError(f"expected groups from -1 to {groups - 1}, got {member.min()} to {member.max()}")
    inside = np.flatnonzero(member >= 0)
    shape = (groups, member.size)
    sums = csr_array((np.ones(inside.size), (member[inside], inside)), shape=shape)
    present = ~np.isnan(array)
    total = (sums @ np.where(present, array, 0.0).T).T
    if present.all():
        total[:, np.bincount(member[inside], minlength=groups) == 0] = np.nan
        return total
    return np.where((sums @ present.T.astype(float)).T > 0, total, np.nan)


def headline_draws(draws: ArrayLike, count: ArrayLike) -> Floats:
    """Draws with areas that are not counted set to 0 (NaN stays): what the headline sums.

    The credible headline is the sum, inside each draw, of the opportunities of the areas with
    P(worse than peer mean) > 0.8; its mean, 10th and 90th percentile are of those sums. The opportunities of the
    others are real on average, but nobody can say whose they are, so they are left out.

    >>> draws = [[0.0, 2.0], [1.0, 3.0]]
    >>> headline_draws(draws, counted(draws)).sum(axis=1)
    array([2., 3.])
    """
    array = np.asarray(draws, dtype=float)
    return np.where(np.asarray(count, dtype=bool) | np.isnan(array), array, 0.0)
