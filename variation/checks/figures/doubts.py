"""Figures that neither chance nor the usual variation explains: jumps in time, areas far from all others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.plausibility import Doubt, far_from_all, jumps
from benchmarks.usual_variation import median
from variation.checks.figures.places import LISTED, Places
from variation.errors import Finding
from variation.figures.panel import Panel
from variation.figures.rates import effective_events

Floats = NDArray[np.float64]

# Events that stand for a value whose own error is not known: chance then explains nothing of it.
_CERTAIN = 1e6


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What is tested, shape (groups, areas); NaN outside each group's finest kind of area."""

    observed: Floats
    expected: Floats  # if all areas were alike
    worth: Floats  # of one event, in the figure that is shown


def tested_events(panel: Panel, places: Places) -> Tested:
    """Count the events of every figure of the finest areas.

    A value without a chance model (a published one; spend without a price) is taken as exact: only the
    usual variation is then counted.
    """
    events = effective_events(panel)
    observed, expected = (
        np.where(places.finest, part, np.nan) for part in (events.observed, events.expected)
    )
    worth = np.broadcast_to(events.quantum, observed.shape).copy()
    observed[observed < 0] = np.nan
    rows = np.flatnonzero(np.isnan(observed).all(axis=1))
    if len(rows):
        observed[rows], expected[rows], worth[rows] = _exact(panel, places, rows)
    return Tested(observed=observed, expected=expected, worth=worth)


def _exact(panel: Panel, places: Places, rows: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Count values as so many events that chance explains nothing of them."""
    people, counted = panel.denominator[rows], ~np.isnan(panel.numerator[rows])
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(counted & (people > 0), panel.numerator[rows] / people, panel.value[rows])
        value = np.where(places.finest[rows] & (value >= 0), value, np.nan)
        middle = median(value, axis=1)
        middle = np.where(middle > 0, middle, np.nan)
        worth = np.where(counted, middle * people, middle) / _CERTAIN
    return _CERTAIN * value / middle, np.where(np.isnan(value / middle), np.nan, _CERTAIN), worth


def note_jumps(panel: Panel, places: Places, tested: Tested, findings: list[Finding]) -> NDArray[np.bool_]:
    """Note figures that leave their area's own history, the furthest first; tell which they are."""
    observed, expected = tested.observed, tested.expected
    z, likely = np.full(observed.shape, np.nan), np.full(observed.shape, np.nan)
    doubted = np.zeros(observed.shape, dtype=bool)
    for rows in panel.groups.groupby("indicator").indices.values():
        if len(rows) < 2:
            continue
        found = jumps(observed[rows], expected[rows])
        z[rows], likely[rows], doubted[rows] = found.z, found.expected, found.doubted
    _note(panel, places, findings, Doubt(expected=likely, z=z, doubted=doubted), tested.worth, code="jump",
          severity="warning", about="its own other periods lead one to expect",
          hint="ask the publisher: a new definition, a merger, a digit too many, or another unit?")  # fmt: skip
    return doubted


def note_far_areas(
    panel: Panel,
    places: Places,
    tested: Tested,
    findings: list[Finding],
    *,
    told: NDArray[np.bool_],
) -> None:
    """Note areas far from all others, the furthest first; of several periods the latest, and no jump again."""
    observed, expected = tested.observed, tested.expected
    z, likely = np.full(observed.shape, np.nan), np.full(observed.shape, np.nan)
    doubted = np.zeros(observed.shape, dtype=bool)
    for rows in panel.groups.groupby("indicator").indices.values():
        found = far_from_all(observed[rows], expected[rows])
        z[rows], likely[rows] = found.z, found.expected
        # Panels stand in the order of time: an area far off in every year is told once, in the latest.
        far = found.doubted & ~told[rows]
        doubted[rows] = far & (np.cumsum(far[::-1], axis=0)[::-1] == 1)
    _note(panel, places, findings, Doubt(expected=likely, z=z, doubted=doubted), tested.worth,
          code="far_from_all", severity="note", about="the middle of all areas leads one to expect",
          hint="it may be true (a university or care-home practice); if not, ask the publisher")  # fmt: skip


def _note(
    panel: Panel,
    places: Places,
    findings: list[Finding],
    doubt: Doubt,
    worth: Floats,
    *,
    code: str,
    severity: str,
    about: str,
    hint: str,
) -> None:
    rows, columns = np.nonzero(doubt.doubted)
    order = np.lexsort((columns, rows, -np.abs(doubt.z[rows, columns])))[:LISTED]
    more = len(rows) - len(order)
    rows, columns = rows[order], columns[order]
    counted = ~np.isnan(panel.numerator[rows, columns])
    given = np.where(counted, panel.numerator[rows, columns], panel.value[rows, columns])
    likely = doubt.expected[rows, columns] * np.broadcast_to(worth, doubt.z.shape)[rows, columns]
    said = [
        f"{indicator} of {area} in {period}: {_figure(value)} where {about} about {_figure(expected)}"
        f" ({abs(z):.0f} standard errors)"
        for indicator, period, area, value, expected, z in zip(
            panel.groups["indicator"].to_numpy()[rows],
            panel.groups["period"].to_numpy()[rows],
            panel.tree.codes[columns],
            given,
            likely,
            doubt.z[rows, columns],
            strict=True,
        )
    ]
    places.note(
        findings,
        rows,
        columns,
        code=code,
        severity=severity,
        column=["numerator" if count else "value" for count in counted],
        values=[_figure(value) for value in given],
        messages=said,
        hint=hint,
        more=more,
    )


def _figure(value: float) -> str:
    """Write a figure with as many digits as tell something.

    >>> _figure(1234.0), _figure(0.1234567), _figure(98765.4)
    ('1,234', '0.123', '98,765')
    """
    return f"{value:,.0f}" if abs(value) >= 100 or pd.isna(value) or value == round(value) else f"{value:.3g}"
