"""List sizes against denominators: thousands for people, and lists that are out of date."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.usual_variation import FEWEST
from variation.checks.figures.places import LISTED, Places
from variation.errors import Finding
from variation.figures.panel import Panel

Floats = NDArray[np.float64]

# Denominators follow the list where they are a steady share of it: robust standard deviation of log shares.
_FOLLOWS = 0.15
# Times its usual share of the list, or 1 / so much, from which an area's denominator is doubted ...
_FACTOR = 1.4
# ... if that also is so many robust standard deviations out. One in 500 million on a normal curve.
_THRESHOLD = 6.0
# The area's other denominators that must be off too: one alone may count its own part of the list.
_MOST = 0.5
# Between these factors it is a matter of units.
_UNITS = (300.0, 3000.0)


def note_lists(panel: Panel, areas: pd.DataFrame, places: Places, findings: list[Finding]) -> None:
    """Set the latest denominators of each indicator against the population of the areas table."""
    if "population" not in areas or not pd.api.types.is_numeric_dtype(areas["population"]):
        return
    population = areas.set_index("area")["population"].reindex(panel.tree.codes).to_numpy(dtype=float)
    latest = panel.latest_rows()
    latest = latest[panel.groups["kind"].isin(["proportion", "rate", "spend"]).to_numpy()[latest]]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(places.finest[latest], panel.denominator[latest] / population[None, :], np.nan)
        logs = np.where((share > 0) & np.isfinite(share), np.log(share), np.nan)
    enough = (~np.isnan(logs)).sum(axis=1) >= FEWEST
    latest, logs = latest[enough], logs[enough]
    if not len(latest):
        return
    usual = np.nanmedian(logs, axis=1, keepdims=True)
    spread = 1.4826 * np.nanmedian(np.abs(logs - usual), axis=1, keepdims=True)
    follows = spread[:, 0] < _FOLLOWS
    latest, logs, usual, spread = latest[follows], logs[follows], usual[follows], spread[follows]
    _note_units(panel, latest, usual[:, 0], findings)
    with np.errstate(invalid="ignore"):
        far = np.abs(logs - usual) > np.maximum(_THRESHOLD * spread, np.log(_FACTOR))
    most = far.sum(axis=0) > _MOST * (~np.isnan(logs)).sum(axis=0)
    if most.any():
        _note_areas(panel, population, latest, logs - usual, far & most, places, findings)


def _note_units(panel: Panel, latest: NDArray[np.int64], usual: Floats, findings: list[Finding]) -> None:
    """Note indicators that count among thousands of people, and populations in thousands."""
    names = panel.groups["indicator"].to_numpy()[latest]
    few, many = (np.log(bound) for bound in _UNITS)
    below, above = (
        "in thousands? scale = { denominator = 1000 }, unless meant",
        "is the population in thousands?",
    )
    for off, words, hint in ((-usual, "a thousandth or so of", below), (usual, "hundreds of times", above)):
        wrong = (off > few) & (off < many)
        if wrong.any():
            findings.append(
                Finding(
                    severity="note",
                    code="list_units",
                    table="indicators",
                    column="denominator",
                    value=", ".join(names[wrong][:8]),
                    message=f"the denominators of {int(wrong.sum()):,} indicators are {words} the areas' population",
                    hint=hint,
                )
            )


def _note_areas(
    panel: Panel,
    population: Floats,
    latest: NDArray[np.int64],
    off: Floats,
    far: NDArray[np.bool_],
    places: Places,
    findings: list[Finding],
) -> None:
    """Note areas whose denominators are not of the size that their list has, each once."""
    number = far.sum(axis=0)
    size = np.where(far, np.abs(off), 0)
    columns = np.flatnonzero(number)
    worst = size.argmax(axis=0)[columns]
    order = np.lexsort((columns, -size[worst, columns]))[:LISTED]
    more = len(columns) - len(order)
    columns, worst = columns[order], worst[order]
    rows = latest[worst]
    denominators = panel.denominator[rows, columns]
    said = [
        f"{indicator} of {area} in {period} counts among {denominator:,.0f}, and the area's population is"
        f" {people:,.0f}: {times:.2g} times the share that other areas have"
        + (f", in {many} indicators" if many > 1 else "")
        for indicator, area, period, denominator, people, times, many in zip(
            panel.groups["indicator"].to_numpy()[rows],
            panel.tree.codes[columns],
            panel.groups["period"].to_numpy()[rows],
            denominators,
            population[columns],
            np.exp(off[worst, columns]),
            number[columns],
            strict=True,
        )
    ]
    places.note(findings, rows, columns, code="list_size", severity="warning", column="denominator",
                values=[f"{value:,.0f}" for value in denominators], messages=said, more=more,
                hint="is one of the two from another year, or from before a merger?")  # fmt: skip
