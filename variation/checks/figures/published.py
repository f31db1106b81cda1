"""Totals as published against the sums that take their place."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.checks.figures.places import Places
from variation.errors import Finding
from variation.figures.panel import Panel

Floats = NDArray[np.float64]


def note_published_parents(
    panel: Panel, indicators: pd.DataFrame, places: Places, findings: list[Finding]
) -> None:
    """Note totals given for an area that differ from the sum of the areas below it, one finding an indicator."""
    given = _given_for_parents(panel, indicators, places)
    if given.empty:
        return
    rows, columns = given["row"].to_numpy(), given["column"].to_numpy()
    below = panel.tree.ancestry
    counted = (places.finest & ~np.isnan(panel.numerator)).astype(float)
    children = (below @ counted.T).T[rows, columns]
    of_all = (below @ places.finest.astype(float).T).T[rows, columns]
    for name in ("numerator", "denominator"):
        cells = getattr(panel, name)
        unit = _rounded_to(np.where(places.finest, cells, np.nan))[rows]
        exact = unit == 0
        slack = np.where(
            exact, 1e-6 * np.abs(given[name]) + 0.005, np.where(unit == 1, 0.5, unit / 2 * (children + 1))
        )
        difference = given[name].to_numpy() - cells[rows, columns]
        # A total above its parts is as it should be where some of them are withheld.
        missing = (children < of_all) & (difference > 0)
        wrong = (np.abs(difference) > slack) & ~missing
        _note_differences(panel, places, findings, given[wrong], difference[wrong], name)


def _given_for_parents(panel: Panel, indicators: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Figures given for areas that the panel sums: row and column of the panel, numerator and denominator."""
    rows, columns = places.cells
    coarser = ~places.finest[rows, columns] & indicators["event_frequency"].isna().to_numpy()
    if not coarser.any():
        return pd.DataFrame(columns=["row", "column", "numerator", "denominator"])
    own = indicators[coarser].assign(row=rows[coarser], column=columns[coarser])
    keys = ["indicator", "period", "area", "row", "column"]
    sums = own.groupby(keys, sort=True)[["numerator", "denominator"]].sum(min_count=1).reset_index()
    summed = ~np.isnan(panel.numerator[sums["row"], sums["column"]])
    return sums[summed & sums["numerator"].notna() & sums["denominator"].notna()]


def _rounded_to(cells: Floats) -> Floats:
    """Return what the counts of each row are rounded to: 5, 1, or 0 where they have fractions."""
    whole, fives = (np.where(np.isnan(cells), True, cells % unit == 0).all(axis=1) for unit in (1, 5))
    return np.select([fives, whole], [5.0, 1.0], 0.0)


def _note_differences(
    panel: Panel,
    places: Places,
    findings: list[Finding],
    given: pd.DataFrame,
    difference: Floats,
    name: str,
) -> None:
    ordered = given.assign(size=np.abs(difference), difference=difference)
    ordered = ordered.sort_values(["indicator", "size"], ascending=[True, False], kind="stable")
    number = ordered.groupby("indicator")["size"].transform("size")
    first = ordered.assign(number=number).drop_duplicates("indicator")
    if first.empty:
        return
    rows, columns = first["row"].to_numpy(), first["column"].to_numpy()
    said = [
        f"{row.indicator}: {row.number:,} totals are not the sums of the areas below; for {row.area} in {row.period}"
        f" {getattr(row, name):,.10g} is given and the areas below have {getattr(row, name) - row.difference:,.10g}"
        for row in first.itertuples()
    ]
    places.note(findings, rows, columns, code="total_differs", severity="warning", column=name,
                values=[f"{value:.10g}" for value in first[name]], messages=said,
                hint="the sums are used: is an area missing from the map, or counted in two?")  # fmt: skip
