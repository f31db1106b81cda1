"""Joint draws of what areas would do differently at the level of their peers, chance taken out."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from benchmarks.comparators import best_of_peers, peer_mean, peer_median
from benchmarks.credible.between import PRIOR, BetweenAreas, Prior, fit_between_areas
from benchmarks.credible.models import Model, known_areas, model_of
from benchmarks.peer_values import Everyone, Peers, as_peers

Floats = NDArray[np.float64]
Comparator = Literal["peer_mean", "peer_median", "best_5"]

COMPARISONS: dict[str, Callable[[Floats, Peers], Floats]] = {
    "peer_mean": peer_mean,
    "peer_median": peer_median,
    "best_5": lambda ratios, peers: best_of_peers(ratios, peers, best=5, lower_is_better=True),
}
# Draws x areas worked on at once. Ratios of 400,000 are 3 MB: memory beyond the answer does not grow with draws.
BLOCK = 400_000
# Areas whose gaps are worked out at once, in all draws.
AREAS_AT_ONCE = 512


def opportunity_draws(
    observed: ArrayLike,
    expected: ArrayLike,
    peers: "ArrayLike | Everyone",
    *,
    comparator: Comparator,
    lower_is_better: bool = True,
    denominator: ArrayLike | None = None,
    centre: ArrayLike | None = None,
    prior: Prior = PRIOR,
    draws: int = 1000,
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> Floats:
    """Joint draws of each area's opportunity: its gap to its peers in the bad direction, chance taken out.

    Parameters
    ----------
    observed, expected
        Events of each area, and what it would have at the overall level (denominator x overall rate, or adjusted for
        case mix), shape (areas,). Spend: effective events, that need not be whole. NaN where an area did not report.
    peers
        Positions of each area's peers, shape (areas, N), -1 where it has fewer; or ``Everyone``. Peers without
        data are skipped.
    comparator
        ``"peer_mean"`` (the headline), ``"peer_median"``, or ``"best_5"``, the mean of the best five (the stretch).
    lower_is_better
        False where a high value is good; the opportunity is then what is lacking.
    denominator
        People of each area where the events are a proportion of them: beta-binomial in place of Poisson-gamma.
    centre
        Ratio that each area's case mix would lead one to expect, shape (areas,), 1 on the whole; all 1 where not
        given. Areas are then drawn towards what is usual for their case mix and not towards the overall level;
        the gap is still that of the areas' own levels.
    prior
        What is held of the differences between areas before the data, see ``Prior``.
    draws, seed
        How many joint draws, and where they start. The same seed gives the same draws, and the same ratios under
        every comparator. Areas are drawn in the order given: sort them by code where runs are to be compared.

    Returns
    -------
    array (draws, areas)
        In units of ``observed``, >= 0. Zero where an area is no worse than its peers in that draw. NaN, in every
        draw, for an area without data, with nothing to expect, or whose peers all are so.

    Raises
    ------
    ValueError
        For a negative count, a count above its denominator, an unknown comparator, or peers of the wrong shape.

    Notes
    -----
    O ~ Poisson(E ratio), ratio ~ Gamma over all areas of the kind, the variance and mean of the ratios uncertain
    (``between_areas``). In each draw the comparator is recomputed from the peers' own draws, so that the peers'
    luck is not taken for their merit. Sum over areas inside a draw, then take quantiles.
    Negative gaps are never netted off.

    >>> events, expected = [30, 52, 49, 200], [50, 50, 50, 100]
    >>> everyone = [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]
    >>> gap = opportunity_draws(events, expected, everyone, comparator="peer_mean", draws=4000, seed=1)
    >>> gap.shape, gap.mean(axis=0).round(-1)
    ((4000, 4), array([  0.,   0.,   0., 110.]))
    """
    return joint_opportunity_draws(
        observed,
        expected,
        peers,
        comparators=[comparator],
        lower_is_better=lower_is_better,
        denominator=denominator,
        centre=centre,
        prior=prior,
        draws=draws,
        seed=seed,
    )[comparator]


def joint_opportunity_draws(
    observed: ArrayLike,
    expected: ArrayLike,
    peers: "ArrayLike | Everyone",
    *,
    comparators: Sequence[Comparator],
    lower_is_better: bool = True,
    denominator: ArrayLike | None = None,
    centre: ArrayLike | None = None,
    prior: Prior = PRIOR,
    draws: int = 1000,
    seed: int | np.random.SeedSequence | np.random.Generator,
) -> dict[Comparator, Floats]:
    """``opportunity_draws`` under several comparators from one set of ratios, at little more than the cost of one.

    >>> found = joint_opportunity_draws([9, 5], [7, 7], [[1], [0]], comparators=["peer_mean", "best_5"], seed=1)
    >>> sorted(found), bool((found["peer_mean"] == found["best_5"]).all())
    (['best_5', 'peer_mean'], True)
    """
    if unknown := [name for name in comparators if name not in COMPARISONS]:
        raise ValueError(f"expected comparator to be one of {', '.join(COMPARISONS)}, got {unknown[0]!r}")
    joint = JointDraws(
        observed,
        expected,
        peers,
        lower_is_better=lower_is_better,
        denominator=denominator,
        centre=centre,
        prior=prior,
        draws=draws,
        seed=seed,
    )
    return {name: joint.gaps(name) for name in comparators}


class JointDraws:
    """Joint draws of the ratios of all areas, from which the gaps to any comparator are taken; as above.

    Held once, (draws, areas), one area's draws beside each other: they are what is compared, sorted and added up.
    Gaps that only some areas need are worked out for those: see ``gaps``.

    >>> joint = JointDraws([9, 5], [7, 7], [[1], [0]], draws=4000, seed=1)
    >>> bool((joint.gaps("peer_mean", np.array([1])) == joint.gaps("peer_mean")[:, [1]]).all())
    True
    """

    def __init__(
        self,
        observed: ArrayLike,
        expected: ArrayLike,
        peers: "ArrayLike | Everyone",
        *,
        lower_is_better: bool = True,
        denominator: ArrayLike | None = None,
        centre: ArrayLike | None = None,
        prior: Prior = PRIOR,
        draws: int = 1000,
        seed: int | np.random.SeedSequence | np.random.Generator,
    ) -> None:
        known, x, e, n = known_areas(observed, expected, denominator)
        self.known, self._expected = known, e[known]
        self._among = peers_among(known, as_peers(peers))
        # Equal ratios differ in their last bit once averaged: where nothing differs the gap is 0, not 1e-15.
        self._identical = np.zeros(draws, dtype=bool)
        self._signed = np.empty((draws, int(known.sum())), order="F")
        self._worse = np.full(int(known.sum()), np.nan)
        if not known.any():
            return
        usual = np.ones(x.shape) if centre is None else np.asarray(centre, dtype=float)
        usual = np.where(np.isnan(usual), 1.0, usual)[known]
        model = model_of(x[known], e[known] * usual, None if n is None else n[known])
        sign = (1.0 if lower_is_better else -1.0) * usual
        rng = np.random.default_rng(seed)
        worse = np.zeros(usual.size)
        for block, ratios, identical in _ratio_blocks(model, prior, draws=draws, rng=rng):
            signed = np.asfortranarray(sign * ratios)
            self._signed[block] = signed
            self._identical[block] = identical & (centre is None)
            against = peer_mean(signed, self._among)
            above = signed > against
            above[self._identical[block]] = False
            worse += above.sum(axis=0)
        self._worse = np.where(np.isnan(against[0]), np.nan, worse / draws)

    def gaps(self, comparator: Comparator, areas: NDArray[np.int64] | None = None) -> Floats:
        """Gap of each area, or of some ``areas`` by their positions, to a comparator, as ``opportunity_draws``."""
        chosen = np.arange(self.known.size) if areas is None else np.asarray(areas, dtype=np.int64)
        own = np.where(self.known, np.cumsum(self.known) - 1, -1)[chosen]
        by_area = self._signed.T
        answer = np.full((len(chosen), len(self._signed)), np.nan)
        there, alike = np.flatnonzero(own >= 0), np.flatnonzero(self._identical)
        for start in range(0, len(there), AREAS_AT_ONCE):
            some = there[start : start + AREAS_AT_ONCE]
            gap = by_area[own[some]]
            gap -= self._against(comparator, own[some]).T
            np.maximum(gap, 0.0, out=gap)
            gap *= self._expected[own[some], None]
            gap[:, alike] = np.where(np.isnan(gap[:, alike]), np.nan, 0.0)
            answer[some] = gap
        return answer.T

    def _against(self, comparator: Comparator, own: NDArray[np.int64]) -> Floats:
        """Return the comparator of some known areas, by their positions among those, in every draw."""
        if not isinstance(self._among, Everyone):
            return COMPARISONS[comparator](self._signed, self._among[own])
        against = np.empty((len(self._signed), len(own)), order="F")
        step = max(1, BLOCK // self._signed.shape[1])
        for start in range(0, len(self._signed), step):
            block = slice(start, start + step)
            against[block] = COMPARISONS[comparator](self._signed[block], self._among)[:, own]
        return against

    def probability_worse(self) -> Floats:
        """Fraction of draws in which each area is worse than the mean of its peers; NaN where that is unknown."""
        answer = np.full(self.known.size, np.nan)
        answer[self.known] = self._worse
        return answer


def peers_among(known: NDArray[np.bool_], peers: Peers) -> Peers:
    """Positions among the known areas only; -1 for a peer that is missing or unknown."""
    if isinstance(peers, Everyone):
        return Everyone(int(known.sum()))
    if peers.ndim != 2 or len(peers) != known.size:
        raise ValueError(f"expected peers of shape ({known.size}, N), got {peers.shape}")
    if peers.size and (peers.max() >= known.size or peers.min() < -1):
        raise ValueError(
            f"expected positions of peers from -1 to {known.size - 1}, got {peers.min()} to {peers.max()}"
        )
    place = np.append(np.where(known, np.cumsum(known) - 1, -1), -1)
    return place[peers[known]]


def _ratio_blocks(
    model: Model, prior: Prior, *, draws: int, rng: np.random.Generator
) -> Iterator[tuple[slice, Floats, NDArray[np.bool_]]]:
    """Joint draws of the ratios, a block of draws at a time, with the draws in which nothing differs."""
    sd, shift, identical = draw_between_areas(fit_between_areas(model, prior), draws=draws, rng=rng)
    step = max(1, BLOCK // model.observed.size)
    for start in range(0, draws, step):
        block = slice(start, min(start + step, draws))
        yield block, model.sample(rng, sd[block, None] ** 2, shift[block, None]), identical[block]


def draw_between_areas(
    fit: BetweenAreas, *, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Draw sd, shift, and whether nothing differs, each (draws,).

    One draw from each of ``draws`` equal slices of the posterior, shuffled: as independent draws, with less noise.
    """
    place = rng.permutation((np.arange(draws) + rng.random(draws)) / draws)
    identical = place < fit.identical
    within = np.clip((place - fit.identical) / np.maximum(1 - fit.identical, 1e-12), 0, 1)
    log_sd = np.log(fit.sd)
    # Each point of the grid stands for the stretch around it, half way to its neighbours.
    middle = (log_sd[1:] + log_sd[:-1]) / 2
    edges = np.concatenate([log_sd[:1], middle, log_sd[-1:]])
    drawn = np.interp(within, np.append(0.0, np.cumsum(fit.weight)), edges)
    error = np.interp(drawn, log_sd, fit.shift_error) * rng.standard_normal(draws)
    return np.exp(drawn), np.interp(drawn, log_sd, fit.shift) + error, identical
