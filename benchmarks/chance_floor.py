"""Chance floors: what each rule for sizing an opportunity would claim if all areas were identical."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from benchmarks.comparators import best_of_peers, peer_mean, percentile_of_all
from benchmarks.credible.between import CELLS_AT_ONCE, PRIOR, Prior, fit_between_areas
from benchmarks.credible.models import Model, known_areas, model_of
from benchmarks.credible.opportunity import peers_among
from benchmarks.credible.summary import COUNTED_ABOVE
from benchmarks.intervals import Interval, event_limits, wilson
from benchmarks.peer_values import Everyone, Peers, as_peers, means_and_number
from benchmarks.significance import HIGHER, LOWER, rightcare

Floats = NDArray[np.float64]

# Areas simulated in all, so that the work does not grow with the number of areas, and how often each at least is.
SIMPLE_AREAS, SIMPLE_TIMES = 15_000, 30
CREDIBLE_AREAS, CREDIBLE_TIMES = 1_500, 4
# Simulations x areas worked on at once; with ten peers, and a grid of 32, that is 100 MB.
SIMPLE_BLOCK, CREDIBLE_BLOCK = 200_000, 20_000


@dataclass(frozen=True, kw_only=True)
class ChanceFloors:
    """Expected claim of each area under each rule when nothing differs, (areas,), in units of the events.

    Sum over areas for a locality or ICB; NaN for an area without data. ``credible`` is the headline (areas with
    P > 0.8 against the peer mean); the others are every positive gap to the peer mean, to the best five, the
    best-five gaps that RightCare's test flags, and every positive gap to a percentile of all areas.
    """

    gross_peer_mean: Floats
    gross_best_5: Floats
    rightcare: Floats
    percentile: Floats
    credible: Floats


@dataclass(frozen=True, kw_only=True)
class _Null:
    """Areas that are all alike: what each is expected to have, and its peers among them."""

    expected: Floats
    denominator: Floats | None
    peers: Peers
    sign: int

    def simulate(self, rng: np.random.Generator, simulations: int) -> Floats:
        shape = (simulations, self.expected.size)
        if self.denominator is None:
            return rng.poisson(self.expected, shape).astype(float)
        people = np.round(self.denominator)
        share = np.clip(self.expected / self.denominator, 0, 1)
        return rng.binomial(people.astype(int), share, shape) * (self.denominator / np.maximum(people, 1))

    def limits(self, observed: Floats) -> Interval:
        if self.denominator is None:
            lower, upper = event_limits(observed)
            return Interval(lower / self.expected, upper / self.expected)
        lower, upper = wilson(np.minimum(observed, self.denominator), self.denominator)
        return Interval(lower * self.denominator / self.expected, upper * self.denominator / self.expected)


def chance_floors(
    expected: ArrayLike,
    peers: "ArrayLike | Everyone",
    *,
    denominator: ArrayLike | None = None,
    lower_is_better: bool = True,
    percentile: float = 10,
    prior: Prior = PRIOR,
    simulations: int | None = None,
    credible_simulations: int | None = None,
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> ChanceFloors:
    """What each rule would claim if all areas were identical, by simulation.

    Parameters
    ----------
    expected
        Events of each area at the overall level, shape (areas,); effective events for spend. NaN without data.
    peers
        Positions of each area's peers, shape (areas, N); -1 where it has fewer.
    denominator
        People of each area for a proportion: events are binomial. None: Poisson.
    lower_is_better
        False where a high value is good.
    percentile
        The percentile rule's, 0-100, counted from the good end.
    prior
        The credible headline's, see ``benchmarks.credible.Prior``.
    simulations, credible_simulations
        Times that all areas are drawn, for the simple rules and for the credible headline. By default so many that
        15,000 and 1,500 areas are drawn, each at least 30 and 4 times.
    seed
        Where the simulation starts.

    Returns
    -------
    ChanceFloors
        In units of the events, >= 0.

    Raises
    ------
    ValueError
        For a negative expectation or one above its denominator, or peers of the wrong shape.

    Notes
    -----
    The credible headline is worked out in every simulation from the posterior of the variance between areas, each
    gap's posterior taken as normal in place of 1,000 draws (totals within 2 % of drawn ones over 150 simulations, at
    20, 100 and 500 events an area). It is mostly 0 and seldom a few tenths of a per cent of all events: the default
    simulations of 98 areas tell its size, some hundredths of a per cent, and no more; the others' to 3 %.

    >>> floors = chance_floors([100.0] * 12, [[j for j in range(12) if j != i][:10] for i in range(12)], seed=1)
    >>> [bool(value.sum() < 12 * 100 * 0.1) for value in (floors.rightcare, floors.gross_best_5)]
    [True, True]
    """
    known, _, e, n = known_areas(np.zeros(np.shape(expected)), expected, denominator)
    among = peers_among(known, as_peers(peers))
    answer = {field.name: np.full(e.shape, np.nan) for field in fields(ChanceFloors)}
    areas = int(known.sum())
    if areas:
        sign = 1 if lower_is_better else -1
        null = _Null(expected=e[known], denominator=None if n is None else n[known], peers=among, sign=sign)
        rng = np.random.default_rng(seed)
        simple = simulations or max(SIMPLE_TIMES, SIMPLE_AREAS // areas)
        costly = credible_simulations or max(CREDIBLE_TIMES, CREDIBLE_AREAS // areas)
        for name, claim in _simple_claims(null, percentile, simple, rng).items():
            answer[name][known] = claim
        answer["credible"][known] = _credible_claim(null, prior, costly, rng)
    return ChanceFloors(**answer)


def _batches(null: _Null, simulations: int, rng: np.random.Generator, block: int) -> Iterator[Floats]:
    step = max(1, block // null.expected.size)
    for start in range(0, simulations, step):
        yield null.simulate(rng, min(step, simulations - start))


def _simple_claims(
    null: _Null, percentile: float, simulations: int, rng: np.random.Generator
) -> dict[str, Floats]:
    total: dict[str, Floats] = {}
    for observed in _batches(null, simulations, rng, SIMPLE_BLOCK):
        ratio = observed / null.expected
        best = best_of_peers(ratio, null.peers, lower_is_better=null.sign > 0)
        of_all = percentile_of_all(ratio, percentile=percentile if null.sign > 0 else 100 - percentile)
        flagged = rightcare(*null.limits(observed), best) == (HIGHER if null.sign > 0 else LOWER)
        gap = _positive(null.sign * (ratio - best))
        claims = {
            "gross_peer_mean": _positive(null.sign * (ratio - peer_mean(ratio, null.peers))),
            "gross_best_5": gap,
            "rightcare": np.where(flagged | np.isnan(gap), gap, 0.0),
            "percentile": _positive(null.sign * (ratio - of_all)),
        }
        for name, claim in claims.items():
            total[name] = total.get(name, 0.0) + claim.sum(axis=0) * null.expected
    return {name: claim / simulations for name, claim in total.items()}


def _positive(gap: Floats) -> Floats:
    return np.maximum(gap, 0.0)


def _credible_claim(null: _Null, prior: Prior, simulations: int, rng: np.random.Generator) -> Floats:
    """Mean claim of the credible headline: the mean of gap+ where P(gap > 0) exceeds the threshold."""
    total = np.zeros(null.expected.size)
    for observed in _batches(null, simulations, rng, CREDIBLE_BLOCK):
        model = model_of(observed, null.expected, null.denominator)
        fit = fit_between_areas(model, prior)
        weight = (1 - fit.identical)[..., None] * fit.weight
        probability, claim = np.zeros(observed.shape), np.zeros(observed.shape)
        # Some points of the grid at a time, so that what is worked on stays in a core's cache.
        step = max(1, CELLS_AT_ONCE // observed.size)
        for start in range(0, weight.shape[-1], step):
            points = slice(start, start + step)
            worse, gap = _worse_than_peers(
                null, model, fit.sd[..., points, None], fit.shift[..., points, None]
            )
            probability += np.einsum("sg,sga->sa", weight[..., points], worse)
            claim += np.einsum("sg,sga->sa", weight[..., points], gap)
        total += np.where((probability > COUNTED_ABOVE) | np.isnan(claim), claim, 0.0).sum(axis=0)
    return total * null.expected / simulations


def _worse_than_peers(null: _Null, model: Model, sd: Floats, shift: Floats) -> tuple[Floats, Floats]:
    """P(gap > 0) and the mean of gap+ of each area on the grid, the gap to its peers taken as normal."""
    mean, variance = model.moments(sd**2, shift)
    (theirs, their_variance), number = means_and_number(np.stack([mean, variance]), null.peers)
    their_variance /= np.maximum(number, 1)
    spread = np.sqrt(np.add(variance, their_variance, out=variance), out=variance)
    z = np.subtract(mean, theirs, out=mean)
    z *= null.sign
    z /= spread
    worse = ndtr(z)
    gap = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
    gap += np.multiply(z, worse, out=z)
    gap *= spread
    return worse, gap
