"""Values and limits of every cell of a panel, by the kind of its indicator."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from benchmarks.intervals import Interval, event_limits, mid_p, student, wilson
from variation.figures.panel import Panel

Floats = NDArray[np.float64]

LEVELS = (0.95, 0.998)


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Matrices of shape (groups, areas), in the indicator's unit but for the effective events.

    ``test_*`` are the limits that differences are tested with (see ``significance``). ``observed`` and
    ``expected`` are effective events: counts whose Poisson error is the error of the value, so that one set
    of methods serves proportions, rates, means and spend. ``reference`` is the value over all areas;
    value / multiplier x ``base`` is the numerator.
    """

    value: Floats
    lower_95: Floats
    upper_95: Floats
    lower_998: Floats
    upper_998: Floats
    test_lower_95: Floats
    test_upper_95: Floats
    test_lower_998: Floats
    test_upper_998: Floats
    observed: Floats
    expected: Floats
    base: Floats  # what the value is out of: people, or people as far as their case mix counts
    reference: Floats  # (groups, 1)
    quantum: Floats  # (groups, 1): units of the numerator that make one effective event

    def columns(self, chosen: NDArray[np.int64]) -> "Rates":
        """Return the same for some of the areas, laid out row by row: sums do not depend on the block."""
        parts = {item.name: getattr(self, item.name) for item in fields(self)}
        return Rates(**{k: v if v.shape[1] == 1 else np.take(v, chosen, axis=1) for k, v in parts.items()})

    def rows(self, chosen: slice) -> "Rates":
        """Return the same for some of the groups."""
        return Rates(**{item.name: getattr(self, item.name)[chosen] for item in fields(self)})

    def without(self, hidden: NDArray[np.bool_]) -> "Rates":
        """Return the same without the cells that are marked, shape (groups, areas)."""
        parts = {item.name: getattr(self, item.name) for item in fields(self)}
        return Rates(**{k: v if v.shape[1] == 1 else np.where(hidden, np.nan, v) for k, v in parts.items()})


@dataclass(frozen=True, kw_only=True)
class Events:
    """Effective events of a panel: counts whose Poisson error is the error of the value."""

    per_one: Floats  # value per 1 of the denominator
    base: Floats
    reference: Floats  # (groups, 1), per 1
    quantum: Floats  # (groups, 1)
    observed: Floats
    expected: Floats  # if all areas had the reference value


def effective_events(panel: Panel) -> Events:
    """Count what is observed and expected in effective events; crude, also where a rate is standardised directly."""
    kind = panel.groups["kind"].to_numpy(dtype=object)
    with np.errstate(invalid="ignore", divide="ignore"):
        reference = _reference(panel)
        quantum = _quantum(panel, kind, reference)
        per_one, base = _value(panel, reference)
        return Events(
            per_one=per_one,
            base=base,
            reference=reference,
            quantum=quantum,
            observed=panel.numerator / quantum,
            expected=base * reference / quantum,
        )


def measure(panel: Panel) -> Rates:
    """Compute the values and limits of a panel."""
    kind = panel.groups["kind"].to_numpy(dtype=object)
    multiplier = _column(panel, "multiplier")
    events = effective_events(panel)
    per_one, base, reference, quantum = events.per_one, events.base, events.reference, events.quantum
    observed, expected = events.observed, events.expected
    with np.errstate(invalid="ignore", divide="ignore"):
        result: dict[str, Floats] = {"value": per_one}
        for confidence, name in zip(LEVELS, ("95", "998"), strict=True):
            shown, tested = _limits(panel, kind, per_one, base, quantum, confidence)
            result |= {f"lower_{name}": shown.lower, f"upper_{name}": shown.upper}
            result |= {f"test_lower_{name}": tested.lower, f"test_upper_{name}": tested.upper}
    _put_direct(panel, result, observed, expected, base, reference)
    for cells in result.values():
        cells *= multiplier
    _put_published(panel, result)
    return Rates(
        **result,
        observed=observed,
        expected=expected,
        base=base,
        reference=reference * multiplier,
        quantum=quantum,
    )


def _column(panel: Panel, name: str) -> Floats:
    return panel.groups[name].to_numpy(dtype=float, na_value=np.nan)[:, None]


def _at_finest(panel: Panel, cells: Floats) -> Floats:
    """Sum over the areas of the finest kind of each group, shape (groups, 1)."""
    finest = panel.groups["finest"].to_numpy(dtype=object)
    total = np.zeros((len(panel), 1))
    for kind in dict.fromkeys(finest):
        rows = np.flatnonzero(finest == kind)
        own = np.take(cells[rows], panel.tree.of_kind(kind), axis=1)
        total[rows] = np.nansum(own, axis=1, keepdims=True)
    return total


def _reference(panel: Panel) -> Floats:
    """Value over all areas together, per 1 of the denominator."""
    people = _at_finest(panel, np.where(np.isnan(panel.numerator), np.nan, panel.denominator))
    return _at_finest(panel, panel.numerator) / np.where(people > 0, people, np.nan)


def _value(panel: Panel, reference: Floats) -> tuple[Floats, Floats]:
    """Value per 1, and the base it stands on: people, or people scaled to the case mix expected of them."""
    people = np.where(panel.denominator > 0, panel.denominator, np.nan)
    if np.isnan(panel.expected).all():
        return panel.numerator / people, people
    adjusted = np.where(panel.expected > 0, panel.expected, np.nan) / np.where(
        reference > 0, reference, np.nan
    )
    base = np.where(np.isnan(panel.expected), people, adjusted)
    return panel.numerator / base, base


def _quantum(panel: Panel, kind: NDArray[np.object_], reference: Floats) -> Floats:
    """Units of the numerator that carry the chance error of one event, shape (groups, 1).

    An event is 1. A person counted in a proportion p is 1 - p, as binomial variance is that much
    smaller. A pound of spend is cost per event x (1 + cv^2). A unit of a mean is variance / mean.
    """
    cost, cv = _column(panel, "cost_per_event"), _column(panel, "cost_cv")
    people = _at_finest(panel, panel.denominator)
    variance = _at_finest(panel, panel.squares) / people - reference**2
    by_kind = {
        "proportion": 1 - reference,
        "mean": variance / reference,
        "spend": cost * (1 + np.nan_to_num(cv, nan=1.0) ** 2),
    }
    quantum = np.ones((len(panel), 1))
    for name, cells in by_kind.items():
        quantum = np.where((kind == name)[:, None], cells, quantum)
    return np.where(quantum > 0, quantum, np.nan)


def _limits(
    panel: Panel, kind: NDArray[np.object_], value: Floats, base: Floats, quantum: Floats, confidence: float
) -> tuple[Interval, Interval]:
    """Limits to show and limits to test differences with, per 1 of the denominator."""
    shown = Interval(np.full(value.shape, np.nan), np.full(value.shape, np.nan))
    tested = Interval(shown.lower.copy(), shown.upper.copy())

    def put(rows: NDArray[np.bool_], to_show: Interval, to_test: Interval) -> None:
        for target, limits in ((shown, to_show), (tested, to_test)):
            target.lower[rows], target.upper[rows] = limits

    rows = kind == "proportion"
    if rows.any():
        score = wilson(panel.numerator[rows], panel.denominator[rows], confidence=confidence)
        put(rows, score, score)
    rows = kind == "mean"
    if rows.any():
        people = panel.denominator[rows]
        variance = (panel.squares[rows] - people * value[rows] ** 2) / (people - 1)
        t = student(value[rows], np.sqrt(np.clip(variance, 0, None)), people, confidence=confidence)
        put(rows, t, t)
    rows = np.isin(kind, ("rate", "ratio", "spend"))
    if rows.any():
        scale = base[rows] / quantum[rows]
        events = np.clip(panel.numerator[rows], 0, None) / quantum[rows]
        exact, middle = (method(events, confidence=confidence) for method in (event_limits, mid_p))
        put(rows, Interval(exact.lower / scale, exact.upper / scale),
            Interval(middle.lower / scale, middle.upper / scale))  # fmt: skip
    return shown, tested


def _put_direct(
    panel: Panel,
    result: dict[str, Floats],
    observed: Floats,
    expected: Floats,
    base: Floats,
    reference: Floats,
) -> None:
    """Put directly standardised rates in the place of crude ones, in each of the matrices."""
    pairs = zip(panel.groups["indicator"], panel.groups["period"], strict=True)
    place = {pair: row for row, pair in enumerate(pairs)}
    for strata in panel.strata:
        row = place.get((strata.indicator, strata.period))
        if row is None:
            continue
        for confidence, name in zip(LEVELS, ("95", "998"), strict=True):
            rate = strata.rate(confidence=confidence)
            result["value"][row] = rate.value
            for prefix in ("", "test_"):
                result[f"{prefix}lower_{name}"][row] = rate.lower
                result[f"{prefix}upper_{name}"][row] = rate.upper
        tops = rate.value[panel.tree.depth == 0]
        overall = np.nan if np.isnan(tops).all() else np.nanmean(tops)
        reference[row] = overall
        with np.errstate(invalid="ignore", divide="ignore"):
            base[row] = panel.numerator[row] / np.where(rate.value > 0, rate.value, np.nan)
        expected[row] = base[row] * overall  # so that observed / expected is the ratio of the rates


def _put_published(panel: Panel, result: dict[str, Floats]) -> None:
    """Put published values where there are no counts; their published limits serve for the tests too."""
    uncounted = np.isnan(result["value"]) & ~np.isnan(panel.value)
    if not uncounted.any():
        return
    for name, cells in (("value", panel.value), ("lower_95", panel.lower_95), ("upper_95", panel.upper_95)):
        result[name] = np.where(uncounted, cells, result[name])
    for side in ("lower", "upper"):
        result[f"test_{side}_95"] = np.where(uncounted, result[f"{side}_95"], result[f"test_{side}_95"])
