"""From gross opportunity to money: each step of the finance chain as one function, never larger than the one before.

gross -> credible -> counted once -> addressable -> cashable -> deliverable -> phased -> net. A line is an
indicator of one area, or of several (leading axes); lines are the last axis but where years follow them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

YEARS = 5  # years 0 to 4: the five of a sustainability and transformation plan
# Share a year. HM Treasury's Green Book, social time preference; convention.
DISCOUNT_RATE = 0.035
# Share of what a group of indicators costs. No more of it is claimed, whatever its indicators say; convention.
OVERLAP_CAP = 0.2


class Phased(NamedTuple):
    """What a line gives year by year, £: the saving, what it costs, and what is left."""

    saving: Floats
    reinvestment: Floats
    one_off: Floats
    net: Floats


def counted_once(value: ArrayLike, overlap: ArrayLike) -> Floats:
    """Share of each line that is left when what larger lines count already is taken out.

    Parameters
    ----------
    value
        £ (or anything that ranks the lines), shape (lines,). NaN, like 0, is the smallest.
    overlap
        Share of the row's events that the column's line counts as well, shape (lines, lines), 0 to 1; the
        diagonal is not read. 1 within a group and 0 outside leaves of each group the largest line only.

    Returns
    -------
    array (lines,)
        Shares from 0 to 1: 1 less the sum of what larger lines count too, never below 0. Of two lines
        that are equal the first counts as the larger.

    Raises
    ------
    ValueError
        If a share lies outside 0 to 1 or the shapes do not fit.

    Notes
    -----
    Taking the sum supposes that no two larger lines cover the same events of this one: rather too much is
    taken out than too little.

    >>> counted_once([5.0, 3.0, 2.0], [[0, 1, 0], [1, 0, 0], [0.25, 0.5, 0]])
    array([1.  , 0.  , 0.25])
    """
    amount = np.nan_to_num(np.asarray(value, dtype=float))
    share = _share(overlap, "overlap")
    if share.shape != (amount.size, amount.size):
        raise ValueError(f"expected overlap of shape {(amount.size, amount.size)}, got {share.shape}")
    place = np.arange(amount.size)
    earlier = place[None, :] < place[:, None]
    larger = (amount[None, :] > amount[:, None]) | ((amount[None, :] == amount[:, None]) & earlier)
    np.fill_diagonal(larger, False)
    return np.clip(1.0 - np.where(larger, share, 0.0).sum(axis=1), 0.0, 1.0)


def group_cap(value: ArrayLike, group: ArrayLike, spend: ArrayLike, *, cap: float = OVERLAP_CAP) -> Floats:
    """Factor that brings each group's lines down to a share of what the group costs; 1 where they are below.

    Parameters
    ----------
    value
        £ of each line, counted once, shape (lines,).
    group
        Position of each line's group, 0 to groups - 1.
    spend
        £ that each group costs now, shape (groups,). NaN where that is not known: no cap.
    cap
        Share of it from which nothing more is claimed.

    Returns
    -------
    array (groups,)
        Factors from 0 to 1.

    Notes
    -----
    A convention: no more than a share of what the events cost.

    >>> group_cap([30.0, 10.0, 5.0], [0, 0, 1], [100.0, 100.0], cap=0.2)
    array([0.5, 1. ])
    """
    limit = float(_share(cap, "cap")) * np.asarray(spend, dtype=float)
    total = np.bincount(np.asarray(group), weights=np.nan_to_num(value), minlength=limit.size)
    above = (total > limit) & (total > 0)
    return np.divide(limit, total, out=np.ones_like(limit), where=above)


def addressable(value: ArrayLike, *, signed_off: ArrayLike) -> Floats:
    """Part of the £ that clinicians have agreed can be changed; ``signed_off`` is a share from 0 to 1.

    Notes
    -----
    NHS savings plans: no scheme is counted before a clinical lead has signed it off.

    >>> addressable([100.0, 50.0], signed_off=[0.8, 0.0])
    array([80.,  0.])
    """
    return np.asarray(value, dtype=float) * _share(signed_off, "signed_off")


def cashable(value: ArrayLike, *, marginal_rate: ArrayLike, contract: ArrayLike) -> Floats:
    """Part of the £ that stops being paid when the activity stops.

    Parameters
    ----------
    value
        £ at full price, any shape.
    marginal_rate
        Share of the price that is paid for activity at the margin, 0 to 1: for emergencies above the baseline
        0.3 from 2010 and 0.7 from 2015 (NHS national tariff).
    contract
        Share of the activity that is paid for by activity, 0 to 1; a block contract is 0 and cashes nothing.

    Notes
    -----
    NHS national tariff: the marginal rate rule for emergency admissions, 2010 to 2019; block contracts.

    >>> cashable(1590.0, marginal_rate=0.7, contract=[1, 0])
    array([1113.,    0.])
    """
    return (
        np.asarray(value, dtype=float) * _share(marginal_rate, "marginal_rate") * _share(contract, "contract")
    )


def deliverable(value: ArrayLike, *, confidence: ArrayLike) -> Floats:
    """Part of the £ that is expected to be delivered in a full year; ``confidence`` is a share from 0 to 1.

    Notes
    -----
    NHS savings plans: each scheme is rated for how sure its delivery is, and counted at that share.

    >>> deliverable([100.0], confidence=0.6)
    array([60.])
    """
    return np.asarray(value, dtype=float) * _share(confidence, "confidence")


def year_factors(
    ramp: ArrayLike, *, start: ArrayLike = 0, months: ArrayLike = 12, recurrent: ArrayLike = True
) -> Floats:
    """Share of a full year's saving that each line gives in each year.

    Parameters
    ----------
    ramp
        Share reached in the first, second ... year of the line, shape (lines, years), 0 to 1.
    start
        Year in which each line starts, 0 the first; from the number of years on it never does.
    months
        Months in effect in that first year, 0 to 12; later years count in full.
    recurrent
        False for a line that saves once: it gives nothing after its first year.

    Returns
    -------
    array (lines, years)

    Notes
    -----
    NHS savings plans: part-year and full-year effect.

    >>> year_factors([[0.5, 0.9, 1.0]], months=6)
    array([[0.25, 0.9 , 1.  ]])
    >>> year_factors([[0.5, 0.9, 1.0]], start=1, recurrent=False)
    array([[0. , 0.5, 0. ]])
    """
    reached = _share(ramp, "ramp")
    lines, years = reached.shape
    first = np.broadcast_to(np.asarray(start, dtype=int), (lines,))[:, None]
    if (np.asarray(start) < 0).any():
        raise ValueError("expected a start of 0 or later")
    part = _share(np.asarray(months, dtype=float) / 12, "months / 12")
    since = np.arange(years)[None, :] - first
    share = np.take_along_axis(reached, np.clip(since, 0, years - 1), axis=1)
    in_first = np.broadcast_to(part, (lines,))[:, None]
    after = np.broadcast_to(np.asarray(recurrent, dtype=float), (lines,))[:, None]
    return share * np.where(since < 0, 0.0, np.where(since == 0, in_first, after))


def phased(
    full_year: ArrayLike,
    factors: ArrayLike,
    *,
    reinvestment: ArrayLike = 0.0,
    recurrent_cost: ArrayLike = 0.0,
    one_off: ArrayLike = 0.0,
    start: ArrayLike = 0,
) -> Phased:
    """Lay a full year's deliverable saving out over years, and take off what it costs.

    Parameters
    ----------
    full_year
        £ deliverable in a full year, shape (lines,).
    factors
        Share of it in each year, shape (lines, years), see ``year_factors``.
    reinvestment
        Share of each year's saving that is spent again on the care that replaces it, 0 to 1.
    recurrent_cost
        £ a year from the first year with any saving on.
    one_off
        £ in the year in which the line starts.
    start
        That year, 0 the first.

    Returns
    -------
    Phased
        Four arrays (lines, years), £. A line that delivers nothing is not started and costs nothing.

    Notes
    -----
    NHS savings plans: net of reinvestment and of the cost of change.

    >>> phased([100.0], [[0.5, 1.0]], reinvestment=0.2, one_off=30.0).net
    array([[10., 80.]])
    """
    full = np.asarray(full_year, dtype=float)
    share = _share(factors, "factors")
    saving = full[:, None] * share
    starts = np.arange(share.shape[1])[None, :] == np.broadcast_to(start, full.shape)[:, None]
    begun = (full > 0)[:, None]
    running = begun & (share > 0)
    again = saving * _column(_share(reinvestment, "reinvestment"), full)
    again = again + running * _column(_amount(recurrent_cost, "recurrent_cost"), full)
    once = (begun & starts) * _column(_amount(one_off, "one_off"), full)
    return Phased(saving=saving, reinvestment=again, one_off=once, net=saving - again - once)


def present_value(flows: ArrayLike, *, rate: float = DISCOUNT_RATE) -> Floats:
    """Worth now of £ in years 0, 1 ... (last axis); year 0 is not discounted.

    Notes
    -----
    HM Treasury, The Green Book: 3.5 % a year.

    >>> present_value([-100.0, 103.5]).round(6)
    np.float64(0.0)
    """
    amounts = np.asarray(flows, dtype=float)
    return (amounts / (1 + rate) ** np.arange(amounts.shape[-1])).sum(axis=-1)


def payback(flows: ArrayLike) -> Floats:
    """Years until the £ so far (last axis) first stop being negative, evenly within a year.

    0 where they are at no time; NaN where that does not come within the years given.

    Notes
    -----
    Simple payback, not discounted: HM Treasury, The Green Book.

    >>> payback([[-100.0, 50.0, 100.0], [-1.0, 0.0, 0.0], [5.0, 5.0, 5.0]])
    array([2.5, nan, 0. ])
    """
    so_far = np.cumsum(np.asarray(flows, dtype=float), axis=-1)
    before = np.concatenate([np.zeros_like(so_far[..., :1]), so_far[..., :-1]], axis=-1)
    crosses = (before < 0) & (so_far >= 0)
    step = np.where(crosses, so_far - before, 1.0)
    at = np.arange(so_far.shape[-1]) + np.where(crosses, -before / step, 0.0)
    # The last crossing counts: a line that dips again has not paid back before.
    last = np.where(crosses, at, -1.0).max(axis=-1)
    never_negative = (so_far >= 0).all(axis=-1)
    return np.where(never_negative, 0.0, np.where(so_far[..., -1] < 0, np.nan, last))


def _share(value: ArrayLike, name: str) -> Floats:
    array = np.asarray(value, dtype=float)
    if ((array < 0) | (array > 1)).any():
        raise ValueError(f"expected {name} between 0 and 1, got {array.min():g} to {array.max():g}")
    return array


def _amount(value: ArrayLike, name: str) -> Floats:
    array = np.asarray(value, dtype=float)
    if (array < 0).any():
        raise ValueError(f"expected {name} of 0 or more, got {array.min():g}")
    return array


def _column(value: Floats, lines: Floats) -> Floats:
    return np.broadcast_to(value, lines.shape)[:, None]
