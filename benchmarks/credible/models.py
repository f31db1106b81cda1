"""Two models of how events fall on areas that differ: Poisson-gamma for counts, beta-binomial for proportions.

Each area has a ratio (its own level over the expected one). The ratios vary between areas around one mean with a
relative variance V; events fall by chance around ratio x expected. ``shift`` is the mean ratio on the link scale
(logarithm, or log odds). Arrays of areas may have leading axes (simulations); a grid of V is the axis before areas.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, gammaln, logit

Floats = NDArray[np.float64]

# Fisher scoring of one mean from a good start: the third step is below 1e-6.
SCORING_STEPS = 3
# Of the mean, in events. Below it the data say nothing of the mean.
LEAST_INFORMATION = 1e-3
# Fractions. An area expected to have all or none of its people counted has no log odds.
SMALLEST_PROPORTION = 1e-9


class Moments(NamedTuple):
    """Mean and variance of each area's ratio, given the events and V."""

    mean: Floats
    variance: Floats


@dataclass(frozen=True, kw_only=True)
class PoissonGamma:
    """Counts: O ~ Poisson(E ratio), ratio ~ Gamma with mean exp(shift) and relative variance V.

    ``observed`` need not be whole: spend enters as effective events.
    """

    observed: Floats
    expected: Floats

    def start(self) -> Floats:
        """Shift at which the areas together have as many events as observed."""
        return np.log((self.observed.sum(-1) + 0.5) / (self.expected.sum(-1) + 0.5))

    def events(self, shift: Floats) -> Floats:
        """Expected events at ``shift``."""
        return self.expected * np.exp(shift)

    def chance_variance(self, events: Floats) -> Floats:
        """Variance of the events around ``events`` by chance alone."""
        return events

    def chance_kurtosis(self, events: Floats) -> Floats:
        """Fourth cumulant of the events by chance alone."""
        return events

    def inflation(self, variance: Floats, events: Floats) -> Floats:
        """Variance of the events over their chance variance when areas differ by ``variance``."""
        return 1 + events * variance

    def scoring(self, variance: Floats, shift: Floats) -> tuple[Floats, Floats]:
        """Information on the shift, and its score, all areas together, (..., grid, 1)."""
        events = self.expected[..., None, :] * np.exp(shift)
        # Of each event, so much tells the mean: one over what the events vary by beyond chance.
        telling = events * variance
        telling += 1
        np.divide(1, telling, out=telling)
        information = _summed(events, telling)
        return information, _summed(self.observed[..., None, :], telling) - information

    def log_likelihood(self, variance: Floats, shift: Floats) -> Floats:
        """Log of the negative binomial likelihood, all areas together, without terms free of V and shift."""
        a = 1 / variance
        x = self.observed[..., None, :] + a
        inflated = self.expected[..., None, :] * (np.exp(shift) * variance)
        terms = gammaln(x)
        x *= np.log1p(inflated, out=inflated)
        terms -= gammaln(a)
        terms -= x
        total = self.observed.sum(-1)[..., None]
        return terms.sum(-1) + total * (shift + np.log(variance))[..., 0]

    def moments(self, variance: Floats, shift: Floats) -> Moments:
        """Posterior mean and variance of the ratios, on the grid."""
        a = 1 / variance
        rate = a * np.exp(-shift) + self.expected[..., None, :]
        mean = (a + self.observed[..., None, :]) / rate
        return Moments(mean, mean / rate)

    def sample(self, rng: np.random.Generator, variance: Floats, shift: Floats) -> Floats:
        """Draw ratios (draws, areas) given V and shift, each (draws, 1)."""
        a = 1 / variance
        return rng.standard_gamma(a + self.observed) / (a * np.exp(-shift) + self.expected)


@dataclass(frozen=True, kw_only=True)
class BetaBinomial:
    """Proportions: x ~ Binomial(n, p), p ~ Beta with mean p0 and one precision M for all areas.

    V is the relative variance of the rarer of "counted" and "not counted", so that 5 % missed and 95 % reached are
    the same finding: M = (1 - r) / (r V) - 1 with r the smaller of the overall proportion and its complement.
    """

    observed: Floats
    expected: Floats
    denominator: Floats

    @cached_property
    def _prior_odds(self) -> Floats:
        proportion = np.clip(self.expected / self.denominator, SMALLEST_PROPORTION, 1 - SMALLEST_PROPORTION)
        return proportion / (1 - proportion)

    def _proportion(self, shift: Floats) -> Floats:
        """Proportion to expect of each area at ``shift``."""
        odds = self._prior_odds * np.exp(shift)
        return odds / (1 + odds)

    def start(self) -> Floats:
        """Shift from the expected to the observed log odds of all areas together."""
        people = self.denominator.sum(-1) + 1
        return logit((self.observed.sum(-1) + 0.5) / people) - logit((self.expected.sum(-1) + 0.5) / people)

    def precision(self, variance: Floats) -> Floats:
        """M, the number of people that the common mean is worth, at relative variance V of the rarer outcome."""
        overall = (self.observed.sum(-1) + 0.5) / (self.denominator.sum(-1) + 1)
        rarer = np.minimum(overall, 1 - overall)[..., None, None]
        return (1 - rarer) / (rarer * variance) - 1

    def events(self, shift: Floats) -> Floats:
        """Expected events at ``shift``."""
        return self.denominator * self._proportion(shift)

    def chance_variance(self, events: Floats) -> Floats:
        """Variance of the events around ``events`` by chance alone."""
        return events * (1 - events / self.denominator)

    def chance_kurtosis(self, events: Floats) -> Floats:
        """Fourth cumulant of the events by chance alone."""
        proportion = events / self.denominator
        return events * (1 - proportion) * (1 - 6 * proportion * (1 - proportion))

    def inflation(self, variance: Floats, events: Floats) -> Floats:
        """Variance of the events over their chance variance when areas differ by ``variance``."""
        return 1 + (self.denominator[..., None, :] - 1) / (self.precision(variance) + 1)

    def scoring(self, variance: Floats, shift: Floats) -> tuple[Floats, Floats]:
        """Information on the shift, and its score, all areas together, (..., grid, 1)."""
        precision = self.precision(variance)
        telling = (precision + 1) / (precision + self.denominator[..., None, :])  # one over the inflation
        proportion = self._proportion(shift)
        expected = self.denominator * proportion
        score = _summed(self.observed[..., None, :] - expected, telling)
        expected *= 1 - proportion
        return _summed(expected, telling), score

    def _beta(self, variance: Floats, shift: Floats) -> tuple[Floats, Floats]:
        precision = self.precision(variance)
        mean = self._proportion(shift)
        return precision * mean, precision * (1 - mean)

    def log_likelihood(self, variance: Floats, shift: Floats) -> Floats:
        """Log of the beta-binomial likelihood, all areas together, without terms free of V and shift."""
        yes, no = self._beta(variance, shift)
        x, n = self.observed[..., None, :], self.denominator[..., None, :]
        precision = self.precision(variance)
        # The log of a beta function is three of gamma functions; that of the precision alone is one for all areas.
        terms = gammaln(yes + x)
        terms += gammaln(no + (n - x))
        terms -= gammaln(yes)
        terms -= gammaln(no)
        terms -= gammaln(precision + n)
        terms += gammaln(precision)
        return terms.sum(-1)

    def moments(self, variance: Floats, shift: Floats) -> Moments:
        """Posterior mean and variance of the ratios, on the grid."""
        yes, no = self._beta(variance, shift)
        x, n = self.observed[..., None, :], self.denominator[..., None, :]
        total = yes + no + n
        proportion = (yes + x) / total
        scale = n / self.expected[..., None, :]
        return Moments(proportion * scale, proportion * (1 - proportion) / (total + 1) * scale**2)

    def sample(self, rng: np.random.Generator, variance: Floats, shift: Floats) -> Floats:
        """Draw ratios (draws, areas) given V and shift, each (draws, 1)."""
        yes, no = self._beta(variance, shift)
        proportion = rng.beta(yes + self.observed, no + self.denominator - self.observed)
        return proportion * (self.denominator / self.expected)


Model = PoissonGamma | BetaBinomial


class Shift(NamedTuple):
    """The mean ratio on the link scale at each V of the grid, and how much is known of it."""

    value: Floats
    information: Floats


def fit_shift(model: Model, variance: Floats) -> Shift:
    """Most likely shift at each V by Fisher scoring; ``variance`` (..., grid, 1), the answer the same."""
    shift = np.broadcast_to(model.start()[..., None, None], variance.shape)
    for _ in range(SCORING_STEPS):
        information, score = model.scoring(variance, shift)
        # Where everyone is counted, or no one, any shift fits: the one it starts from is kept.
        telling = information > LEAST_INFORMATION
        shift = shift + np.where(telling, score / np.where(telling, information, 1), 0)
    return Shift(shift, np.where(telling, information, 1.0))


def _summed(one: Floats, other: Floats) -> Floats:
    """Sum of products over the areas, (..., 1): each row by itself, whatever else is in the arrays."""
    return np.einsum("...i,...i->...", one, other)[..., None]


def homogeneity_p_value(model: Model) -> Floats:
    """P(squared distances from the common level are this large by chance), one per set of areas.

    The sum of (O - E)^2 is the locally best test of V = 0 when areas differ in size: large areas, that can show
    variation, count for more than in the chi-square test. Its null distribution is a scaled chi-square with the
    mean and variance of the sum (Satterthwaite 1946).
    """
    events = model.events(model.start()[..., None])
    variance, kurtosis = model.chance_variance(events), model.chance_kurtosis(events)
    total = variance.sum(-1, keepdims=True)
    # One mean is estimated: each area's own share of the information no longer varies.
    mean = (variance * (1 - variance / total)).sum(-1)
    spread = (2 * variance**2 + kurtosis).sum(-1)
    squares = ((model.observed - events) ** 2).sum(-1)
    return np.where(mean > 0, chdtrc(2 * mean**2 / spread, squares * 2 * mean / spread), 1.0)


def _known(*arrays: Floats) -> NDArray[np.bool_]:
    return np.logical_and.reduce([np.isfinite(array) for array in arrays])


def known_areas(
    observed: ArrayLike, expected: ArrayLike, denominator: ArrayLike | None
) -> tuple[NDArray[np.bool_], Floats, Floats, Floats | None]:
    """Check the input; say which areas have everything and something to expect."""
    x, e = np.asarray(observed, dtype=float), np.asarray(expected, dtype=float)
    if x.ndim != 1 or x.shape != e.shape:
        raise ValueError(f"expected observed and expected of one shape (areas,), got {x.shape} and {e.shape}")
    _reject(x < 0, x, "observed >= 0")
    _reject(e < 0, e, "expected >= 0")
    if denominator is None:
        return _known(x, e) & (e > 0), x, e, None
    n = np.broadcast_to(np.asarray(denominator, dtype=float), x.shape)
    _reject(x > n, x, "observed <= denominator")
    _reject(e > n, e, "expected <= denominator")
    return _known(x, e, n) & (e > 0), x, e, n


def _reject(bad: NDArray[np.bool_], values: Floats, rule: str) -> None:
    if bad.any():
        position = int(np.argmax(bad))
        raise ValueError(
            f"expected {rule}, got {values[position]:g} at position {position} ({int(bad.sum())} such rows)"
        )


def model_of(observed: Floats, expected: Floats, denominator: Floats | None) -> Model:
    """Beta-binomial where there is a denominator, else Poisson-gamma."""
    if denominator is None:
        return PoissonGamma(observed=observed, expected=expected)
    return BetaBinomial(observed=observed, expected=expected, denominator=denominator)
