"""One simulated year after another: what each rule says, beside the truth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.case_mix import split
from benchmarks.comparators import best_of_peers
from benchmarks.credible import PRIOR, Prior, counted, headline_draws, opportunity_draws, roll_up
from benchmarks.intervals import mid_p, rate_interval
from benchmarks.significance import HIGHER, LOWER, difference_from_peers, rightcare
from tests.calibration.worlds import LOCALITIES, PEERS, PRACTICES, Law, World, draw_ratios, draw_world

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A cell of a table: how often it happens, how much practices differ, and of what kind they are."""

    per_thousand: float
    variance: float
    law: Law = "gamma"
    peers: str = "random"
    practices: int = PRACTICES
    proportion: bool = False
    case_mix_sd: float = 0.0  # of the logarithm of the level, as far as the case mix makes it
    centred: bool = False  # whether areas are drawn towards what is usual for their case mix
    prior: Prior = PRIOR


def false_positives(events: float, *, trials: int, rng: np.random.Generator) -> pd.Series:
    """Share of identical practices, each expected to have ``events``, that each rule flags."""
    observed = rng.poisson(events, (trials, PRACTICES)).astype(float)
    distance = rng.random((PRACTICES, PRACTICES)) + 2 * np.eye(PRACTICES)
    peers = np.argsort(distance, axis=1)[:, :PEERS]
    lower, upper = rate_interval(observed, 1.0)
    published = rightcare(lower, upper, best_of_peers(observed, peers, lower_is_better=True))
    calibrated = difference_from_peers(observed, *mid_p(observed), peers).codes
    return pd.Series(
        {
            "rightcare": (published == HIGHER).mean(),
            "calibrated_high": (calibrated == HIGHER).mean(),
            "calibrated_low": (calibrated == LOWER).mean(),
        }
    )


def phantom_savings(setting: Setting, *, trials: int, rng: np.random.Generator) -> pd.DataFrame:
    """Claims in each trial, as shares of all events, where no practice differs."""
    return pd.DataFrame([_phantom(setting, rng) for _ in range(trials)])


def _phantom(setting: Setting, rng: np.random.Generator) -> dict[str, float]:
    world = draw_world(rng)
    observed = rng.poisson(world.people * setting.per_thousand / 1000).astype(float)
    rate = observed / world.people
    lower, upper = rate_interval(observed, world.people)
    best = best_of_peers(rate, world.peers, lower_is_better=True)
    flagged = rightcare(lower, upper, best) == HIGHER
    draws = _draws(setting, world, observed, rng)
    return {
        "rightcare": float(((rate - best) * world.people)[flagged].sum() / observed.sum()),
        "credible": float(draws.mean(axis=0)[counted(draws)].sum() / observed.sum()),
    }


def coverage(setting: Setting, *, trials: int, rng: np.random.Generator, draws: int = 1000) -> pd.Series:
    """Mean over trials of what ``_trial`` measures."""
    return pd.DataFrame([_trial(setting, rng, draws) for _ in range(trials)]).mean()


def _draws(
    setting: Setting,
    world: World,
    observed: Floats,
    rng: np.random.Generator,
    *,
    draws: int = 1000,
    lower_is_better: bool = True,
    seed: int | None = None,
) -> Floats:
    expected = world.people * observed.sum() / world.people.sum()
    usual = split(observed, expected, world.case_mix).expected / expected if setting.centred else None
    return opportunity_draws(
        observed,
        expected,
        world.peers,
        comparator="peer_mean",
        centre=usual,
        lower_is_better=lower_is_better,
        denominator=world.people if setting.proportion else None,
        prior=setting.prior,
        draws=draws,
        seed=int(rng.integers(2**32)) if seed is None else seed,
    )


def _simulate(setting: Setting, rng: np.random.Generator) -> tuple[World, Floats, Floats]:
    """Draw practices, the events of a year, and each practice's true gap to its peers' mean, in events."""
    world = draw_world(rng, practices=setting.practices, peers=setting.peers)
    rate = setting.per_thousand / 1000
    if setting.proportion:
        precision = (1 - rate) / (rate * setting.variance) - 1
        share = rng.beta(rate * precision, (1 - rate) * precision, setting.practices)
        ratio = share / rate
        observed = rng.binomial(world.people.astype(int), share).astype(float)
    else:
        ratio = draw_ratios(rng, setting.practices, setting.variance, setting.law)
        ratio = ratio * np.exp(setting.case_mix_sd * world.case_mix - setting.case_mix_sd**2 / 2)
        observed = rng.poisson(world.people * rate * ratio).astype(float)
    gap = (ratio - ratio[world.peers].mean(axis=1)) * world.people * rate
    return world, observed, gap


def _trial(setting: Setting, rng: np.random.Generator, draws: int) -> dict[str, float]:
    """One year: is the truth inside the intervals, and what does the headline claim.

    The draws against peers in both directions start from one seed and hold the same ratios, so that one less
    the other is the gap with its sign.
    """
    world, observed, gap = _simulate(setting, rng)
    seed = int(rng.integers(2**32))
    high, low = (
        _draws(setting, world, observed, rng, draws=draws, lower_is_better=way, seed=seed)
        for way in (True, False)
    )
    truth = np.maximum(gap, 0)
    something = truth > 0
    count = counted(high)
    headline = headline_draws(high, count).sum(axis=1)
    everyone = np.zeros(setting.practices, dtype=int)
    locality = {"group": world.locality, "groups": LOCALITIES}
    whole = {"group": everyone, "groups": 1}
    pairs = {
        "gap": (high - low, gap),
        "practice": (high[:, something], truth[something]),
        "every_practice": (high, truth),
        "locality": (roll_up(high, **locality), roll_up(truth[None], **locality)[0]),
        "icb": (roll_up(high, **whole), roll_up(truth[None], **whole)[0]),
        "headline": (headline[:, None], truth[count].sum(keepdims=True)),
    }
    total = setting.per_thousand / 1000 * world.people.sum()
    measured = {"claimed": headline.mean() / total, "true_of_claimed": truth[count].sum() / total}
    measured |= {"all_claimed": high.mean(axis=0).sum() / total, "all_true": truth.sum() / total}
    for name, (drawn, true) in pairs.items():
        measured |= _covered(name, drawn, true)
    return measured


def _covered(name: str, drawn: Floats, true: Floats) -> dict[str, float]:
    if true.size == 0:
        return {f"{name}_80": np.nan, f"{name}_95": np.nan}
    limits = np.quantile(drawn, [0.1, 0.9, 0.025, 0.975], axis=0)
    return {
        f"{name}_80": float(((limits[0] <= true) & (true <= limits[1])).mean()),
        f"{name}_95": float(((limits[2] <= true) & (true <= limits[3])).mean()),
    }
