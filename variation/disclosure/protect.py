"""Disclosure control on the counts: what is withheld, and the panel that everything published is made from."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.standardise import MINIMUM_EVENTS
from variation.disclosure.complementary import complement, nearest_shown
from variation.disclosure.counts import COUNTED, Counts, amounts, counts_of_events, stacked
from variation.disclosure.families import families, within_families
from variation.disclosure.ranges import NO_LIMIT, Flags, Floats, Levels, Ranges, from_below, from_everywhere
from variation.figures.panel import Panel
from variation.figures.strata import Strata, significant
from variation.policies import Policy

# Significant figures of what is made from age and sex strata: the counts of single strata must not be told.
STRATA_FIGURES = 3


@dataclass(frozen=True, kw_only=True)
class Protected:
    """The panel that may be published from, and what of it is withheld, matrices of (groups, areas)."""

    panel: Panel
    withheld: Flags  # the whole row: count, value and all that is made from them
    people_withheld: Flags  # the denominator too


def protect(panel: Panel, policy: Policy) -> Protected:
    """Withhold and round counts as the policy asks, so that all else can be made from what may be shown.

    A withheld count is replaced by its share of what the shown figures leave over, by its denominator: a
    figure that any reader could make. Peers, sums and draws made from the panel thus tell nothing that the
    shown counts do not, and sums stay whole.
    """
    if not policy.hides:
        nothing = np.zeros(panel.numerator.shape, dtype=bool)
        return Protected(panel=panel, withheld=nothing, people_withheld=nothing)
    groups, levels = len(panel), Levels(panel.tree)
    family = families(panel.groups, panel.numerator, panel.denominator)
    counts = _counts(panel, policy, family)
    order = _public_order(panel, counts.rows(np.arange(groups, 2 * groups)))
    withheld = _withhold(levels, counts, order, family, policy)
    cells, people = withheld[:groups], withheld[groups:]
    events, everyone = (counts.rows(np.arange(groups) + start) for start in (0, groups))
    denominator = published(levels, everyone, people, np.ones_like(panel.denominator))
    numerator = published(levels, _of_unknown(events, people), cells, denominator)
    part = (panel.groups["kind"] == "proportion").to_numpy()[:, None]
    # Everyone stays everyone, and no share passes 100 %, where the denominator is rounded too.
    everyone = part & (panel.numerator == panel.denominator) & ~cells & ~people
    within = np.where(everyone, denominator, np.minimum(numerator, denominator))
    return Protected(
        panel=_rebuilt(
            panel,
            cells | people,
            numerator=np.where(part, within, numerator),
            denominator=denominator,
            shown=numerator - policy.rounding // 2,
        ),
        withheld=cells | people,
        people_withheld=people,
    )


def _of_unknown(counts: Counts, people: Flags) -> Counts:
    """Take away what is known of counts from their denominators, where those are withheld."""
    lower = np.where(people, np.minimum(counts.open.lower, 0), counts.open.lower)
    return replace(counts, open=Ranges(lower=lower, upper=np.where(people, NO_LIMIT, counts.open.upper)))


def _counts(panel: Panel, policy: Policy, family: NDArray[np.int64]) -> Counts:
    """Judge the numerators of all groups, then their denominators, as rows of one."""
    groups, kind = len(panel), panel.groups["kind"].to_numpy(dtype=object)
    size = np.bincount(family)[family]
    linked = np.isin(family, family[:groups])  # the same as a numerator, or in a sum with one
    alone = (size == 1)[:, None]
    nothing = np.full(panel.numerator.shape, np.nan)
    is_count = np.isin(kind, COUNTED)[:, None]
    of_people = np.where((kind == "proportion")[:, None], panel.denominator, nothing)
    events = counts_of_events(
        np.where(is_count, panel.numerator, nothing),
        of_people,
        policy,
        rounded=is_count,
        exact=~alone[:groups],
    )
    sums = amounts(np.where(is_count, nothing, panel.numerator), _of_few(panel, policy))
    people = counts_of_events(
        panel.denominator,
        nothing,
        policy,
        # List sizes are public; what is counted by events, or is another indicator's count, is not.
        rounded=(linked[groups:] | np.isin(kind, ("ratio", "mean")))[:, None],
        exact=~alone[groups:],
    )
    return stacked(_either(is_count, events, sums), people)


def _either(which: Flags, one: Counts, other: Counts) -> Counts:
    """Take each row from one or the other."""
    rows = np.where(which[:, 0], np.arange(len(which)), np.arange(len(which)) + len(which))
    return stacked(one, other).rows(rows)


def _of_few(panel: Panel, policy: Policy) -> Flags:
    """Tell which amounts are those of few people or events."""
    limit = policy.largest + 1
    price = panel.groups["cost_per_event"].to_numpy(dtype=float, na_value=np.nan)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        events = np.abs(panel.numerator) / price
    return (panel.denominator < limit) | ((events > 0) & (events < limit))


def _public_order(panel: Panel, people_of: Counts) -> NDArray[np.int64]:
    """Order in which cells are given up to protect others, twice over for both counts.

    The fewest people first; in the order of codes where the denominators are not all public themselves.
    """
    public = ~people_of.small.any(axis=1, keepdims=True)
    people = np.where(np.isnan(panel.denominator) | ~public, np.inf, panel.denominator)
    place = np.argsort(np.argsort(people, axis=1, kind="stable"), axis=1, kind="stable")
    return np.tile(place.astype(np.int64), (2, 1))


def _withhold(
    levels: Levels, counts: Counts, order: NDArray[np.int64], family: NDArray[np.int64], policy: Policy
) -> Flags:
    """Withhold what is small, and what would give it away: below sums, in families, beside its denominator."""
    withheld = counts.small.copy()
    if not policy.secondary:
        return withheld
    groups = len(withheld) // 2
    while True:
        before = withheld
        people = np.concatenate([withheld[groups:], np.zeros_like(withheld[groups:])])
        withheld = complement(levels, _of_unknown(counts, people), order, withheld)
        withheld = within_families(withheld, family) & (counts.usable | withheld)
        beside = withheld[groups:] & counts.there[:groups] & (counts.number[:groups] != 0)
        withheld = np.concatenate([withheld[:groups] | beside, withheld[groups:]])
        if (withheld == before).all():
            return withheld


def published(levels: Levels, counts: Counts, withheld: Flags, weight: Floats) -> Floats:
    """Return the counts as they may be shown, with an estimate from them where one is withheld.

    What a shown sum leaves over is shared among the withheld counts below it by ``weight``; NaN where no sum
    above is shown, so that nothing is known.
    """
    known = from_everywhere(levels, from_below(levels, counts.known(withheld), counts.there))
    shown = np.where(withheld, 0.0, counts.published)
    anchor = nearest_shown(levels, withheld)
    finest = withheld & ~_has_parts(levels, counts.there)
    left = _added_up(anchor, np.where(counts.there & ~withheld, -shown, 0.0)) + shown
    heavy = np.where(np.isfinite(weight) & (weight > 0), weight, 1e-9)
    total = _added_up(anchor, np.where(finest, heavy, 0.0))
    rows, cells = np.nonzero(finest)
    above = anchor[rows, cells]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = left[rows, above] * heavy[rows, cells] / total[rows, above]
    result = np.where(counts.there, shown, np.nan)
    within = np.clip(share, known.lower[rows, cells], known.upper[rows, cells])
    result[rows, cells] = np.where(above >= 0, within, np.nan)
    return _summed_where_withheld(levels, result, withheld, counts.there)


def _has_parts(levels: Levels, there: Flags) -> Flags:
    parts = np.zeros(there.shape, dtype=bool)
    for step in levels.steps:
        parts[:, step.parents] = step.some(there)
    return parts


def _added_up(anchor: NDArray[np.int64], cells: Floats) -> Floats:
    """Sum cells at their anchors, shape of ``cells``."""
    rows, columns = np.nonzero((cells != 0) & (anchor >= 0))
    flat = rows * cells.shape[1] + anchor[rows, columns]
    added = np.bincount(flat, weights=cells[rows, columns], minlength=cells.size)
    return added.astype(float).reshape(cells.shape)


def _summed_where_withheld(levels: Levels, cells: Floats, withheld: Flags, there: Flags) -> Floats:
    """Put sums of what is below into withheld sums."""
    result = cells.copy()
    for step in levels.steps:
        own = withheld[:, step.parents] & step.some(there)
        # An area without a figure adds nothing; one of which nothing is known leaves the sum unknown.
        adding = np.where(there, result, 0.0)
        result[:, step.parents] = np.where(own, step.sums(adding), result[:, step.parents])
    return result


def _rebuilt(
    panel: Panel, withheld: Flags, *, numerator: Floats, denominator: Floats, shown: Floats
) -> Panel:
    """Make the panel of what may be published; ``shown`` is the least that each shown count can be."""
    return replace(
        panel,
        numerator=numerator,
        denominator=denominator,
        expected=significant(panel.expected, STRATA_FIGURES),
        squares=_squares(panel, withheld, denominator),
        value=np.where(withheld, np.nan, panel.value),
        lower_95=np.where(withheld, np.nan, panel.lower_95),
        upper_95=np.where(withheld, np.nan, panel.upper_95),
        withheld=withheld,
        strata=tuple(_coarse(one, panel, withheld | (shown < MINIMUM_EVENTS)) for one in panel.strata),
    )


def _coarse(strata: Strata, panel: Panel, hidden: Flags) -> Strata:
    """Leave of directly standardised rates what does not tell the counts of single strata.

    A rate is missing below ten events: where a rounded count does not say whether there are ten, that would.
    """
    groups = panel.groups
    own = (groups["indicator"] == strata.indicator) & (groups["period"] == strata.period)
    areas: Flags = np.logical_or.reduce(hidden[own.to_numpy()], axis=0)
    return replace(strata, figures=STRATA_FIGURES, hidden=areas)


def _squares(panel: Panel, withheld: Flags, people: Floats) -> Floats:
    """Sums of squares between people, with those of withheld areas put at what the shown ones have on average."""
    finest = ~_has_parts(Levels(panel.tree), ~np.isnan(panel.numerator)) & ~np.isnan(panel.squares)
    shown = finest & ~withheld
    with np.errstate(invalid="ignore", divide="ignore"):
        average = np.where(shown, panel.squares, 0).sum(axis=1) / np.where(shown, people, 0).sum(axis=1)
    cells = np.where(withheld, average[:, None] * people, panel.squares)
    return panel.tree.roll_up(cells, given=finest)
