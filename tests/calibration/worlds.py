"""Simulated systems of general practices whose true differences are known."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Law = Literal["gamma", "lognormal"]

PRACTICES, LOCALITIES, PEOPLE, PEERS = 98, 13, 750_000, 10
SMALLEST_LIST, LARGEST_LIST = 1_800, 22_000
# Median and log standard deviation of list sizes before they are scaled to PEOPLE.
MEDIAN_LIST, LOG_SD_LIST = 6_700, 0.55


@dataclass(frozen=True, kw_only=True)
class World:
    """Practices with their list sizes, the locality of each, and the positions of their peers."""

    people: Floats
    case_mix: Floats  # what a practice cannot change: deprivation, say; standard normal
    locality: NDArray[np.int_]
    peers: NDArray[np.int_]


def draw_world(rng: np.random.Generator, *, practices: int = PRACTICES, peers: str = "random") -> World:
    """Draw list sizes and peers: ten at ``"random"``, or the ten alike in ``"list size"`` or ``"case mix"``."""
    case_mix = rng.spawn(1)[0].standard_normal(practices)
    people = np.clip(rng.lognormal(np.log(MEDIAN_LIST), LOG_SD_LIST, practices), SMALLEST_LIST, LARGEST_LIST)
    people = np.round(people * (PEOPLE * practices / PRACTICES) / people.sum())
    if peers == "random":
        distance = rng.random((practices, practices))
    else:
        feature = {"list size": np.log(people), "case mix": case_mix}[peers]
        distance = np.abs(feature[:, None] - feature)
    np.fill_diagonal(distance, np.inf)
    return World(
        people=people,
        case_mix=case_mix,
        locality=rng.permutation(np.arange(practices) % LOCALITIES),
        peers=np.argsort(distance, axis=1)[:, :PEERS],
    )


def draw_ratios(rng: np.random.Generator, number: int, variance: float, law: Law = "gamma") -> Floats:
    """True level of each practice over the overall one: mean 1, relative variance ``variance``."""
    if variance == 0:
        return np.ones(number)
    if law == "gamma":
        return rng.gamma(1 / variance, variance, number)
    spread = np.log1p(variance)
    return rng.lognormal(-spread / 2, np.sqrt(spread), number)
