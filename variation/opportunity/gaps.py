"""Gaps to what good looks like, by each rule that needs no draws: units of the numerator, area by area."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.comparators import achievable_benchmark, best_of_peers, peer_mean, peer_median
from benchmarks.opportunity import gross, percentile_saving
from benchmarks.significance import HIGHER, rightcare
from variation.comparison.peering import Peering
from variation.figures.panel import Panel
from variation.figures.rates import Rates
from variation.settings import Settings

Floats = NDArray[np.float64]


def units_by_rule(
    own: Rates, sign: Floats, panel: Panel, peering: Peering, settings: Settings
) -> dict[tuple[str, str], Floats]:
    """Units (of the numerator) of every area by each rule: matrices by (mode, comparator).

    With the sign of the polarity, low is good for all of them.
    """
    multiplier = panel.groups["multiplier"].to_numpy(dtype=float)[:, None]
    value = sign * own.value / multiplier
    mean = peer_mean(value, peering.positions)
    best = best_of_peers(value, peering.positions, best=settings.comparison.best, lower_is_better=True)
    lower = np.where(sign > 0, own.lower_95, -own.upper_95) / multiplier
    upper = np.where(sign > 0, own.upper_95, -own.lower_95) / multiplier
    passed = rightcare(lower, upper, best) == HIGHER
    to_mean = gross(value, own.base, mean, lower_is_better=True)
    to_best = gross(value, own.base, best, lower_is_better=True)
    return {
        ("gross", "peer_mean"): to_mean,
        ("gross", "best_5"): to_best,
        ("rightcare", "best_5"): np.where(np.isnan(to_best), np.nan, np.where(passed, to_best, 0.0)),
        ("percentile", "percentile"): _to_percentile(
            sign * value * own.base, own.base, sign, settings.opportunity.percentile
        ),
    }


def units_by_further_comparators(
    own: Rates, sign: Floats, panel: Panel, peering: Peering, above: Floats, asked: tuple[str, ...]
) -> dict[tuple[str, str], Floats]:
    """Units of every gross gap to the further comparators that the settings ask for; NaN where one has no level."""
    multiplier = panel.groups["multiplier"].to_numpy(dtype=float)[:, None]
    plain = (panel.groups["kind"] == "proportion").to_numpy()[:, None]
    counted = own.value / multiplier * own.base
    levels: dict[str, Callable[[], Floats]] = {
        "peer_median": lambda: sign * peer_median(sign * own.value, peering.positions),
        "parent": lambda: above,
        "target": lambda: np.broadcast_to(
            panel.groups["target"].to_numpy(dtype=float, na_value=np.nan)[:, None], own.value.shape
        ),
        "achievable": lambda: np.where(
            plain,
            multiplier
            * np.where(
                sign > 0,
                achievable_benchmark(counted, own.base, lower_is_better=True),
                achievable_benchmark(counted, own.base, lower_is_better=False),
            ),
            np.nan,
        ),
    }
    return {
        ("gross", name): gross(
            sign * own.value / multiplier, own.base, sign * levels[name]() / multiplier, lower_is_better=True
        )
        for name in asked
    }


def _to_percentile(numerator: Floats, base: Floats, sign: Floats, percentile: float) -> Floats:
    """OpenPrescribing's saving to the percentile; to its mirror image where high is good."""
    low = percentile_saving(numerator, base, percentile=percentile)
    high = percentile_saving(numerator, base, percentile=100 - percentile)
    return np.where(sign > 0, low, -high)
