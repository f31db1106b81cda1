"""The credible opportunity of one indicator: joint draws over its areas, summed up the tree inside each draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from benchmarks.chance_floor import chance_floors
from benchmarks.credible import JointDraws, Summary, summarise
from benchmarks.credible import reliability as credible_reliability
from benchmarks.credible.opportunity import Comparator
from benchmarks.peer_values import Peers
from variation.areas.tree import AreaTree
from variation.figures.rates import Rates
from variation.settings import Settings

Floats = NDArray[np.float64]

COMPARATORS: tuple[Comparator, ...] = ("peer_mean", "best_5")


@dataclass(frozen=True, kw_only=True)
class Credible:
    """What the draws say of one indicator, every array over the areas of the whole tree, units of the numerator."""

    mean: dict[str, Floats]  # by comparator
    p10: dict[str, Floats]
    p50: dict[str, Floats]
    p90: dict[str, Floats]
    probability: Floats  # that an area is worse than the mean of its peers; NaN above the areas drawn
    reliability: Floats  # NaN above the areas drawn
    floors: dict[tuple[str, str], Floats]  # by (mode, comparator)
    draws: Floats  # against the peer mean, (draws, areas that have others below them): to be summed over indicators
    focus: dict[str, Floats]  # of the pack's own area by comparator, (draws,)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Counts of one indicator in the form that the draws take: effective events, or people of people."""

    observed: Floats
    expected: Floats
    denominator: Floats | None
    centre: Floats  # ratio to expect of each area from its case mix
    unit: float  # units of the numerator in one of them

    @classmethod
    def of(cls, rates: Rates, row: int, centre: Floats, *, binomial: bool, multiplier: float) -> "Evidence":
        """Take one row of the rates: as people for a plain proportion, else as effective events."""
        if not binomial:
            quantum = float(rates.quantum[row, 0])
            return cls(
                observed=np.clip(rates.observed[row], 0, None),
                expected=rates.expected[row],
                denominator=None,
                centre=centre,
                unit=quantum,
            )
        base = rates.base[row]
        return cls(
            observed=rates.value[row] / multiplier * base,
            expected=base * rates.reference[row, 0] / multiplier,
            denominator=base,
            centre=centre,
            unit=1.0,
        )


def seed_of(settings: Settings, indicator: str, purpose: str) -> np.random.SeedSequence:
    """Start of an indicator's random numbers: its own, whatever else is in the run and in whatever order."""
    digest = sha256(f"{purpose}:{indicator}".encode()).digest()
    return np.random.SeedSequence([settings.seed, *np.frombuffer(digest[:16], dtype="<u4").tolist()])


def draw_credible(
    evidence: Evidence,
    indicator: str,
    tree: AreaTree,
    columns: NDArray[np.int64],
    peers: Peers,
    *,
    lower_is_better: bool,
    settings: Settings,
) -> Credible:
    """Draw the opportunity of the areas at ``columns`` and sum it up the tree; the headline counts P > certainty.

    The areas that count against the peer mean are those that count towards the stretch (best five) too.
    """
    joint = JointDraws(
        evidence.observed,
        evidence.expected,
        peers,
        lower_is_better=lower_is_better,
        denominator=evidence.denominator,
        centre=evidence.centre,
        draws=settings.opportunity.draws,
        seed=seed_of(settings, indicator, "draws"),
    )
    probability = joint.probability_worse()
    # The others are 0 in every draw of the headline: their gaps need not be known.
    chosen, known = np.flatnonzero(probability > settings.opportunity.certainty), ~np.isnan(probability)
    of_focus = tree.ancestry[tree.own(settings.focus)][:, columns[chosen]]
    said: dict[str, Summary] = {}
    focus: dict[str, Floats] = {}
    for name in COMPARATORS:
        own = joint.gaps(name, chosen) * evidence.unit
        said[str(name)], above = _headline(tree, columns, own, chosen, known)
        focus[str(name)] = np.asarray((of_focus @ own.T).sum(axis=0))
        if name == "peer_mean":
            to_add_up = above
    return Credible(
        mean={name: summary.mean for name, summary in said.items()},
        p10={name: summary.p10 for name, summary in said.items()},
        p50={name: summary.p50 for name, summary in said.items()},
        p90={name: summary.p90 for name, summary in said.items()},
        draws=to_add_up,
        focus=focus,
        probability=_placed(tree, columns, probability),
        reliability=_placed(
            tree,
            columns,
            credible_reliability(evidence.observed, evidence.expected, denominator=evidence.denominator),
        ),
        floors=_floors(
            evidence, indicator, tree, columns, peers, lower_is_better=lower_is_better, settings=settings
        ),
    )


def _headline(
    tree: AreaTree,
    columns: NDArray[np.int64],
    own: Floats,
    chosen: NDArray[np.int64],
    known: NDArray[np.bool_],
) -> tuple[Summary, Floats]:
    """Summary of the headline at every area of the tree, and its draws at those that have others below them.

    ``own`` are the draws of the ``chosen`` of the areas at ``columns``. Areas that do not count are 0 in every draw:
    only the others are added up and put in order.
    """
    below = tree.ancestry[tree.with_children][:, columns]
    above = np.asfortranarray((below[:, chosen] @ own.T).T)
    above[:, below @ known.astype(float) == 0] = np.nan
    each, together = summarise(own), summarise(above)

    def placed(alone: Floats, summed: Floats) -> Floats:
        cells = _placed(tree, columns, np.where(known, 0.0, np.nan))
        cells[columns[chosen]] = alone
        cells[tree.with_children] = summed
        return cells

    return (
        Summary(
            mean=placed(each.mean, together.mean),
            p10=placed(each.p10, together.p10),
            p50=placed(each.p50, together.p50),
            p90=placed(each.p90, together.p90),
            probability=placed(each.probability, together.probability),
        ),
        above,
    )


def _placed(tree: AreaTree, columns: NDArray[np.int64], values: Floats) -> Floats:
    """Put values of some areas into their places in the tree."""
    cells = np.full(len(tree), np.nan)
    cells[columns] = values
    return cells


def _summed(tree: AreaTree, columns: NDArray[np.int64], draws: Floats) -> Floats:
    """Sum areas inside each draw up the tree: (draws, areas drawn) to (draws, areas of the tree)."""
    member = tree.ancestry[:, columns]
    known = ~np.isnan(draws[0])
    total = (member @ np.where(known, draws, 0.0).T).T
    total[:, member @ known.astype(float) == 0] = np.nan
    return total


def _floors(
    evidence: Evidence,
    indicator: str,
    tree: AreaTree,
    columns: NDArray[np.int64],
    peers: Peers,
    *,
    lower_is_better: bool,
    settings: Settings,
) -> dict[tuple[str, str], Floats]:
    """What each rule would claim if all areas were alike, summed up the tree."""
    found = chance_floors(
        np.where(np.isnan(evidence.observed), np.nan, evidence.expected),
        peers,
        denominator=evidence.denominator,
        lower_is_better=lower_is_better,
        percentile=settings.opportunity.percentile,
        seed=seed_of(settings, indicator, "chance floor"),
    )
    by_rule: Mapping[tuple[str, str], Floats] = {
        ("gross", "peer_mean"): found.gross_peer_mean,
        ("gross", "best_5"): found.gross_best_5,
        ("rightcare", "best_5"): found.rightcare,
        ("percentile", "percentile"): found.percentile,
        ("credible", "peer_mean"): found.credible,
    }
    return {
        rule: _summed(tree, columns, floor[None, :] * evidence.unit)[0] for rule, floor in by_rule.items()
    }
