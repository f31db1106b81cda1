"""The known truth: what each practice's rate really is, and how much of it its patients explain."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from variation.example.assumptions import Recipe, stream
from variation.example.population import PERIODS, Bands, overlap

Array = NDArray[np.float64]

PERSISTENCE = 0.9  # correlation of a practice's own effect from one year to the next
DRIFTING, DRIFT = 0.08, 0.8  # share of practices that drift, and how far in two years, in standard deviations
FOLLOWING = 0.7  # correlation with the indicator that counts the same events
GRADIENTS = ("deprivation", "rural", "older", "coastal")


def own_effect(recipe: Recipe, number: int, seed: int) -> Array:
    """What each practice does of itself, shape ``(number, periods)``: mean 0, standard deviation 1 a year.

    Persistent from year to year, with a few practices drifting up or down. An indicator that follows
    another shares most of its effect.
    """
    effect = _persistent(stream(seed, "effect", recipe.indicator), number)
    if recipe.follows:
        leader = _persistent(stream(seed, "effect", recipe.follows), number)
        effect = FOLLOWING * leader + np.sqrt(1 - FOLLOWING**2) * effect
    return (effect - effect.mean(axis=0)) / effect.std(axis=0)


def _persistent(random: np.random.Generator, number: int) -> Array:
    steps = random.standard_normal((len(PERIODS), number))
    effect = [steps[0]]
    for step in steps[1:]:
        effect.append(PERSISTENCE * effect[-1] + np.sqrt(1 - PERSISTENCE**2) * step)
    direction = random.choice([-1, 0, 1], number, p=[DRIFTING / 2, 1 - DRIFTING, DRIFTING / 2])
    years = np.arange(len(PERIODS)) - (len(PERIODS) - 1) / 2
    return np.transpose(effect) + DRIFT / 2 * direction[:, None] * years


def case_mix(features: Array, recipe: Recipe) -> Array:
    """Relative effect of who the patients are, shape ``(practices, 1)``; a difference that is warranted.

    ``features`` are standardised, shape ``(practices, 4)``, in the order of ``GRADIENTS``.
    """
    gradients = np.array([getattr(recipe, name) for name in GRADIENTS], dtype=float)
    return (features @ gradients)[:, None]


def standardised(practices: pd.DataFrame, people: NDArray[np.int64], bands: Bands) -> Array:
    """Features that the gradients act on, each with mean 0 and standard deviation 1 over practices."""
    latest = people[:, -1].sum(axis=1)
    aged = latest @ overlap(bands, 65, np.inf) / latest.sum(axis=1)
    columns = np.column_stack([np.log(practices["imd"]), practices["rural"], aged, practices["coastal"]])
    return (columns - columns.mean(axis=0)) / columns.std(axis=0)


def true_rate(base: Array, relative: Array, *, proportion: bool, weights: Array) -> Array:
    """Rate of every practice, period and stratum when ``base`` is moved by a small relative effect.

    Parameters
    ----------
    base
        What everyone would have alike, shape ``(practices or 1, periods, strata)``.
    relative
        Effect as a relative change, about 0, of a shape that broadcasts with ``base``.
    proportion
        Move the log odds, so that a share stays between 0 and 1; else multiply, keeping Dorset's level.
    weights
        List sizes in the latest year, shape ``(practices,)``.

    >>> true_rate(np.full((1, 1, 1), 0.5), np.array([[[0.1]]]), proportion=True, weights=np.ones(1)).round(3)
    array([[[0.55]]])
    """
    if proportion:
        return np.asarray(expit(logit(base) + relative / (1 - base)), dtype=float)
    multiplier = np.exp(relative)
    level = np.average(multiplier[:, -1], axis=0, weights=weights)
    return base * multiplier / level


def yearly_level(recipe: Recipe) -> Array:
    """Dorset's level over its latest, by year: 1 at the end."""
    years = np.arange(len(PERIODS), dtype=np.float64) - (len(PERIODS) - 1)
    return np.power(1 + recipe.yearly_change, years)
