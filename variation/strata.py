"""Age and sex strata: added up, turned into expected events, or kept for direct standardisation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.standardise import StandardisedRate, direct
from variation.areas import AreaTree

Floats = NDArray[np.float64]

CELL = ["indicator", "area", "period"]


def collapse(indicators: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """One row per indicator, area and period: strata added up, with the events expected from age and sex.

    Expected events are the area's people in each stratum times the rate of that stratum over all the
    areas given in the same period, for the indicators that the catalogue standardises indirectly.
    """
    split = (indicators["age_band"] != "") | (indicators["sex"] != "")
    whole = indicators[~split]
    if not split.any():
        return whole
    strata = indicators[split]
    how = strata["indicator"].map(catalogue.set_index("indicator")["standardise"])
    stratum = strata.groupby(["indicator", "period", "sex", "age_band"], sort=False)
    reference = stratum["numerator"].transform("sum") / stratum["denominator"].transform("sum").replace(
        0, np.nan
    )
    expected = (strata["denominator"] * reference.fillna(0)).where(how == "indirect")
    added = (
        strata.assign(expected=expected)
        .groupby(CELL, sort=False)[["numerator", "denominator", "expected"]]
        .sum(min_count=1)
        .reset_index()
    )
    return (
        pd.concat([whole, added], ignore_index=True) if len(whole) else added.reindex(columns=whole.columns)
    )


@dataclass(frozen=True, kw_only=True)
class Strata:
    """Events and people by age band of one directly standardised indicator in one period, rolled up the tree."""

    indicator: str
    period: str
    bands: tuple[str, ...]
    count: Floats  # (areas, bands)
    population: Floats  # (areas, bands)
    standard: Floats  # (bands,)

    def rate(self, *, confidence: float) -> StandardisedRate:
        """Directly standardised rate of every area of the tree, per 1."""
        return direct(self.count, self.population, self.standard, confidence=confidence)


def find_strata(
    indicators: pd.DataFrame,
    groups: pd.DataFrame,
    tree: AreaTree,
    *,
    standard: Callable[[list[str]], Floats],
) -> tuple[Strata, ...]:
    """Lay out the strata of every directly standardised indicator, sexes together."""
    wanted = groups.loc[groups["standardise"] == "direct", ["indicator", "period", "finest"]]
    rows = indicators[(indicators["age_band"] != "") & indicators["indicator"].isin(wanted["indicator"])]
    found = []
    for (indicator, period), part in rows.groupby(["indicator", "period"], sort=True):
        bands = sorted(part["age_band"].unique(), key=_first_age)
        finest = wanted.loc[wanted["indicator"] == indicator, "finest"].iloc[0]
        areas = pd.Index(tree.codes).get_indexer(pd.Index(part["area"]))
        columns = pd.Index(bands).get_indexer(pd.Index(part["age_band"]))
        own = tree.kinds[areas] == finest
        cells = {name: np.zeros((len(bands), len(tree))) for name in ("numerator", "denominator")}
        for name, matrix in cells.items():
            np.add.at(matrix, (columns[own], areas[own]), part[name].fillna(0).to_numpy()[own])
        given = np.zeros((len(bands), len(tree)), dtype=bool)
        given[columns[own], areas[own]] = True
        count, population = (tree.roll_up(matrix, given=given).T for matrix in cells.values())
        found.append(
            Strata(
                indicator=str(indicator),
                period=str(period),
                bands=tuple(bands),
                count=count,
                population=population,
                standard=standard(bands),
            )
        )
    return tuple(found)


def _first_age(band: str) -> int:
    digits = "".join(character if character.isdigit() else " " for character in band).split()
    return int(digits[0]) if digits else -1
