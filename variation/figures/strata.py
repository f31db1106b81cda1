"""Age and sex strata: added up, turned into expected events, or kept for direct standardisation."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.standardise import StandardisedRate, direct
from variation.areas.tree import AreaTree

Floats = NDArray[np.float64]

CELL = ["indicator", "area", "period"]


def collapse(indicators: pd.DataFrame, catalogue: pd.DataFrame, *, withheld_up_to: int = 0) -> pd.DataFrame:
    """One row per indicator, area and period: strata added up, with the events expected from age and sex.

    Expected events are the area's people in each stratum times the rate of that stratum over all the
    areas given in the same period, for the indicators that the catalogue standardises indirectly. A stratum with
    1 to ``withheld_up_to`` events in all counts as one with half as many: expected events of enough areas give the
    strata's events back.
    """
    indicators = events_of_people(indicators)
    split = (indicators["age_band"] != "") | (indicators["sex"] != "")
    if not split.any():
        return indicators
    whole = indicators[~split]
    # In one order, whatever that of the file: sums of expected events then agree to the last bit.
    strata = indicators[split].sort_values([*CELL, "sex", "age_band"])
    added = strata.groupby(CELL, sort=False)[["numerator", "denominator"]].sum(min_count=1)
    added["expected"] = _expected(strata, catalogue, withheld_up_to)
    added = added.reset_index()
    return (
        pd.concat([whole, added], ignore_index=True) if len(whole) else added.reindex(columns=whole.columns)
    )


def events_of_people(indicators: pd.DataFrame) -> pd.DataFrame:
    """One row per stratum: people counted by how many events each had, turned into events.

    The rows of a stratum repeat its denominator, which counts once.
    """
    if "event_frequency" not in indicators or not (repeated := indicators["event_frequency"].notna()).any():
        return indicators
    rows = indicators[repeated]
    events = (rows["numerator"] * rows["event_frequency"]).rename("numerator")
    stratum = [rows[name] for name in (*CELL, "sex", "age_band")]
    added = pd.concat(
        [
            events.groupby(stratum, sort=True).sum(min_count=1),
            rows["denominator"].groupby(stratum, sort=True).max(),
        ],
        axis=1,
    )
    return pd.concat([indicators[~repeated], added.reset_index()], ignore_index=True)


def _expected(strata: pd.DataFrame, catalogue: pd.DataFrame, withheld_up_to: int) -> "pd.Series[float]":
    """Events expected from age and sex, by indicator, area and period; only for indirect standardisation."""
    indirect = catalogue.loc[catalogue["standardise"] == "indirect", "indicator"]
    own = strata[strata["indicator"].isin(indirect)]
    stratum = own.groupby(["indicator", "period", "sex", "age_band"], sort=False)
    people = stratum["denominator"].transform("sum")
    events = stratum["numerator"].transform("sum")
    few = (events > 0) & (events < withheld_up_to + 1)
    rate = events.mask(few, (withheld_up_to + 1) / 2) / people.where(people > 0)
    expected = (own["denominator"] * rate.fillna(0)).rename("expected")
    return expected.groupby([own[name] for name in CELL], sort=False).sum(min_count=1)


@dataclass(frozen=True, kw_only=True)
class Strata:
    """Events and people by age band of one directly standardised indicator in one period, rolled up the tree."""

    indicator: str
    period: str
    bands: tuple[str, ...]
    count: Floats  # (areas, bands)
    population: Floats  # (areas, bands)
    standard: Floats  # (bands,)
    event_frequency: Floats | None = (
        None  # (frequencies,): ``count`` is then people, (areas, bands, frequencies)
    )
    figures: int | None = None  # significant figures of the rates; all of them where not given
    hidden: NDArray[np.bool_] | None = None  # (areas,): areas whose rate is withheld

    def rate(self, *, confidence: float) -> StandardisedRate:
        """Directly standardised rate of every area of the tree, per 1."""
        rate = direct(
            self.count,
            self.population,
            self.standard,
            confidence=confidence,
            event_frequency=self.event_frequency,
        )
        shown = np.ones(len(self.count), dtype=bool) if self.hidden is None else ~self.hidden
        return StandardisedRate(
            **{
                name: np.where(
                    shown, cells if self.figures is None else significant(cells, self.figures), np.nan
                )
                for name, cells in vars(rate).items()
            }
        )


def significant(values: Floats, figures: int) -> Floats:
    """Round to so many significant figures.

    >>> significant(np.array([0.012345, 12345.0, 0.0]), 3).tolist()
    [0.0123, 12300.0, 0.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        places = figures - 1 - np.floor(np.log10(np.abs(values)))
    scale = 10.0 ** np.where(np.isfinite(places), places, 0)
    return np.round(values * scale) / scale


def find_strata(
    indicators: pd.DataFrame,
    groups: pd.DataFrame,
    tree: AreaTree,
    *,
    standard: Callable[[list[str]], Floats],
) -> tuple[Strata, ...]:
    """Lay out the strata of every directly standardised indicator, sexes together."""
    wanted = groups.loc[groups["standardise"] == "direct", ["indicator", "period", "finest"]]
    finest = {(str(row.indicator), str(row.period)): row.finest for row in wanted.itertuples()}
    rows = indicators[(indicators["age_band"] != "") & indicators["indicator"].isin(wanted["indicator"])]
    found = []
    for (indicator, period), part in rows.groupby(["indicator", "period"], sort=True):
        bands = sorted(part["age_band"].unique(), key=first_age)
        own = part[tree.kinds[tree.positions(part["area"])] == finest[str(indicator), str(period)]]
        count, population = tables_by_band(events_of_people(own), bands, tree)
        frequencies = _frequencies(own)
        if len(frequencies):
            people = [tables_by_band(own[own["event_frequency"] == f], bands, tree)[0] for f in frequencies]
            # A stratum without anyone of a frequency has no row for it: that is nobody, not unknown.
            count = np.where(np.isnan(count)[..., None], np.nan, np.nan_to_num(np.stack(people, axis=-1)))
        found.append(
            Strata(
                indicator=str(indicator),
                period=str(period),
                bands=tuple(bands),
                count=count,
                population=population,
                standard=standard(bands),
                event_frequency=frequencies if len(frequencies) else None,
            )
        )
    return tuple(found)


def _frequencies(rows: pd.DataFrame) -> Floats:
    """Numbers of events that people of these rows had, in order; none where events are counted as such."""
    if "event_frequency" not in rows:
        return np.array([])
    return np.sort(rows["event_frequency"].dropna().unique().astype(float))


def tables_by_band(rows: pd.DataFrame, bands: list[str], tree: AreaTree) -> tuple[Floats, Floats]:
    """Events and people by age band, (areas, bands), rolled up the tree; NaN where nothing below is given."""
    areas = tree.positions(rows["area"])
    columns = pd.Index(bands).get_indexer(pd.Index(rows["age_band"]))
    given = np.zeros((len(bands), len(tree)), dtype=bool)
    given[columns, areas] = True

    def table(name: str) -> Floats:
        cells = np.zeros(given.shape)
        np.add.at(cells, (columns, areas), rows[name].fillna(0).to_numpy())
        return tree.roll_up(cells, given=given).T

    return table("numerator"), table("denominator")


def first_age(band: str) -> int:
    """First age of a band such as 65-74 or 85+; -1 where there is none."""
    digits = "".join(character if character.isdigit() else " " for character in band).split()
    return int(digits[0]) if digits else -1
