"""Over time: change from the period before, recent trend, limits of each area's own process, what is real of it."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.regression_to_mean import split_change
from benchmarks.significance import change_from
from benchmarks.trend import ControlChart, recent_trend, xmr
from variation.comparison.kernel import said_codes
from variation.figures.panel import Panel
from variation.figures.rates import Rates, measure
from variation.periods import period_end
from variation.settings import TrendSettings
from variation.tables import SIGNIFICANCES, TREND

Floats = NDArray[np.float64]

# Periods below which there is no change, and below which a series says nothing about its own limits.
FEWEST_PERIODS, FEWEST_FOR_LIMITS = 2, 3
# Areas below which a change cannot be split into what all share and what is an area's own.
FEWEST_AREAS = 3


def follow(panel: Panel, settings: TrendSettings, published: pd.DataFrame | None = None) -> pd.DataFrame:
    """Trend table: one row per indicator and area that has at least two periods.

    ``published`` are indicator rows whose ``published_trend`` is put beside ours; none of an area whose counts
    are withheld.
    """
    ends = panel.groups["period"].map(period_end)
    order = panel.groups.assign(end=ends, row=np.arange(len(panel))).sort_values(
        ["indicator", "end", "period"]
    )
    followed = []
    for indicator, rows in order.groupby("indicator", sort=True)["row"]:
        if len(rows) >= FEWEST_PERIODS:
            one = panel.rows(rows.to_numpy())
            # Measured as the comparison measures them, with estimates in the place of withheld counts.
            rates = measure(one).without(one.withheld)
            anew = one.groups["period"].isin(settings.rebase.get(str(indicator), ()))
            rebase = [int(place) for place in np.flatnonzero(anew) if place > 0]
            followed.append(_series(one.as_shown(), rates, run=settings.run, rebase=rebase))
    if not followed:
        return pd.DataFrame(columns=TREND.names)
    return _beside_published(_table(followed), published)[TREND.names]


def _table(followed: list[dict[str, Any]]) -> pd.DataFrame:
    """Put the columns of all indicators below each other, without what a short series cannot tell."""
    columns = {
        name: np.concatenate([np.broadcast_to(one[name], one["area"].shape) for one in followed])
        for name in followed[0]
    }
    short = columns["periods"] < FEWEST_FOR_LIMITS
    for name in ("process_mean", "process_lower", "process_upper"):
        columns[name] = np.where(short, np.nan, columns[name])
    columns["special_cause"] = np.where(short, "none", columns["special_cause"])
    said = pd.Categorical.from_codes(columns["change_significance"], categories=pd.Index(SIGNIFICANCES))
    frame = pd.DataFrame(columns | {"change_significance": said})
    return frame[(frame["periods"] >= FEWEST_PERIODS) | frame["suppressed"]].reset_index(drop=True)


def _beside_published(trend: pd.DataFrame, published: pd.DataFrame | None) -> pd.DataFrame:
    """Add the trend that the source published for each area's latest period; missing where it gave none."""
    if published is None or "published_trend" not in published:
        return trend.assign(published_trend=pd.Series(pd.NA, index=trend.index, dtype="str"))
    said = published.dropna(subset=["published_trend"]).drop_duplicates(["indicator", "area", "period"])
    by_place = said.set_index(["indicator", "area", "period"])["published_trend"]
    places = pd.MultiIndex.from_frame(trend[["indicator", "area", "last_period"]])
    words = by_place.reindex(places).set_axis(trend.index).astype("str")
    return trend.assign(published_trend=words.mask(trend["suppressed"]))


def _series(panel: Panel, rates: Rates, *, run: int, rebase: list[int]) -> dict[str, Any]:
    """Follow one indicator, matrices of (periods, areas): columns of its areas, or what all of them have."""
    values = rates.value.T
    chart = xmr(values, run=run, rebase=rebase)
    indicator, kind, polarity = (
        str(panel.groups[name].iloc[0]) for name in ("indicator", "kind", "polarity")
    )
    marker = recent_trend(*_counts(panel, rates, kind), kind="proportion" if kind == "proportion" else "rate")
    periods = panel.groups["period"].to_numpy(dtype=object)
    return {
        "indicator": np.array(indicator, dtype=object),
        "area": panel.tree.codes,
        "kind": panel.tree.kinds,
        "first_period": np.array(periods[0], dtype=object),
        "last_period": np.array(periods[-1], dtype=object),
        "periods": (~np.isnan(values)).sum(axis=1),
        "recent_trend": _direction(marker.trend, polarity),
        "trend_chi_square": marker.chi_square,
        "process_mean": chart.mean,
        "process_lower": chart.lower,
        "process_upper": chart.upper,
        "trial_limits": chart.trial,
        "special_cause": _special_cause(chart),
        "period_before": np.array(periods[-2], dtype=object),
        **_since_before(panel, rates),
        **_change(panel, rates),
        "suppressed": panel.withheld.any(axis=0),
    }


def _counts(panel: Panel, rates: Rates, kind: str) -> tuple[Floats, Floats]:
    """Counts that the trend test takes, shape (areas, periods): people, or effective events and their base."""
    if kind == "proportion":
        return panel.numerator.T, panel.denominator.T
    return np.clip(rates.observed, 0, None).T, rates.base.T


def _direction(trend: NDArray[np.str_], polarity: str) -> NDArray[np.object_]:
    """Add to a marker whether the direction is the good one, where one is."""
    good = {"low": "Decreasing", "high": "Increasing"}.get(polarity)
    moving = np.isin(trend, ("Increasing", "Decreasing"))
    words = np.where(trend == good, " and getting better", " and getting worse")
    return np.where(moving & (good is not None), np.char.add(trend.astype(str), words), trend).astype(object)


def _special_cause(chart: ControlChart) -> NDArray[np.object_]:
    """Name the rules that the latest point breaks; "none" where it breaks none."""
    rules = {
        "outside the limits": chart.outside,
        "run on one side": chart.shift,
        "run in one direction": chart.trend,
        "two of three near a limit": chart.two_of_three,
    }
    said = np.full(len(chart.outside), "", dtype=object)
    for name, flags in rules.items():
        latest = flags[:, -1]
        said = np.where(latest & (said != ""), said + "; " + name, np.where(latest, name, said))
    return np.where(said == "", "none", said)


def _since_before(panel: Panel, rates: Rates) -> dict[str, Any]:
    """Compare the latest period with the one before, in the indicator's unit."""
    latest, before = (
        (rates.value[place], rates.test_lower_95[place], rates.test_upper_95[place]) for place in (-1, -2)
    )
    change = change_from(*latest, *before)
    polarity = panel.groups["polarity"].to_numpy(dtype=object)[-1:]
    return {
        "value_before": rates.value[-2],
        "change": rates.value[-1] - rates.value[-2],  # also where a value has no limits
        "change_lower_95": change.lower,
        "change_upper_95": change.upper,
        "change_significance": said_codes(change.codes[None, :], polarity).ravel(),
    }


def _change(panel: Panel, rates: Rates) -> dict[str, Floats]:
    """Split the change from the period before to the latest, kind by kind, in the indicator's unit."""
    names = ("regression_to_mean", "trend_of_all", "excess", "excess_lower_95", "excess_upper_95")
    cells = {name: np.full(len(panel.tree), np.nan) for name in names}
    with np.errstate(invalid="ignore", divide="ignore"):
        noise = rates.reference**2 / np.where(rates.expected > 0, rates.expected, np.nan)
    for kind in panel.tree.kinds_by_depth:
        own = panel.tree.of_kind(kind)
        if len(own) < FEWEST_AREAS:
            continue
        split = split_change(
            rates.value[-2, own],
            rates.value[-1, own],
            variance_before=noise[-2, own],
            variance_after=noise[-1, own],
        )
        found = (split.regression_to_mean, split.trend, split.excess, *split.excess_limits)
        for name, values in zip(names, found, strict=True):
            cells[name][own] = values
    return cells
