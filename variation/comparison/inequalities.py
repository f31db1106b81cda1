"""Inequality: how figures run from the most to the least deprived areas, and how long people live there."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.inequality import gradient, slope_index
from benchmarks.life_expectancy import DeprivationGap, LifeExpectancy, deprivation_gap, life_expectancy
from benchmarks.quantiles import quantile_group
from variation.errors import Finding
from variation.figures.panel import Panel
from variation.figures.rates import measure
from variation.figures.strata import first_age, tables_by_band
from variation.inputs import Inputs
from variation.periods import period_end
from variation.tables import INEQUALITY, LIFE_EXPECTANCY

Floats = NDArray[np.float64]
Expectancy = LifeExpectancy | DeprivationGap

FIFTHS = 5

# Age bands of an abridged life table: 0, 1-4, 5-9 ... 85-89, 90 and over.
LIFE_TABLE_BANDS = 20
# Years at which expectancy is shown: at birth, and for those who reach 65.
SHOWN_AGES = {0: 0, 65: 14}


def deprivation_of(panel: Panel, column: str) -> Floats | None:
    """Deprivation score of every area; None where the areas table has no such column."""
    table = panel.tree.table
    return table[column].to_numpy(dtype=float) if column in table else None


def fifths(score: Floats) -> Floats:
    """Deprivation fifth of each area, 1 the most deprived; NaN where the score is missing."""
    return quantile_group(score, number=FIFTHS, invert=True)


def unequal(panel: Panel, *, deprivation: str) -> pd.DataFrame:
    """Inequality table: slope over deprivation fifths and gradient over areas, for each indicator and period."""
    score = deprivation_of(panel, deprivation)
    if score is None:
        return pd.DataFrame(columns=INEQUALITY.names)
    parts = []
    for kind in panel.tree.kinds_by_depth:
        rows = np.flatnonzero(panel.groups["finest"] == kind)
        columns = panel.tree.of_kind(kind)
        if len(rows) and len(columns) >= 2 * FIFTHS:
            parts.append(_unequal_kind(panel.rows(rows), kind, columns, score[columns]))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=INEQUALITY.names)


def _unequal_kind(panel: Panel, kind: str, columns: NDArray[np.int64], score: Floats) -> pd.DataFrame:
    rates = measure(panel).columns(columns)
    fifth = fifths(score)
    base = np.where(np.isnan(rates.value), 0.0, np.nan_to_num(rates.base))

    def of_fifths(cells: Floats) -> Floats:
        """Sums over the areas of each fifth; row by row, so that they do not depend on what else is in the block."""
        return np.stack(
            [np.where(fifth == one, cells, 0.0).sum(axis=1) for one in range(1, FIFTHS + 1)], axis=1
        )

    people = of_fifths(base)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = of_fifths(base * np.nan_to_num(rates.value)) / people
        events = of_fifths(np.nan_to_num(rates.observed))
        slope = slope_index(people, value, standard_error=value / np.sqrt(events))
    steep = [gradient(score, rates.value[row], base[row]) for row in range(len(panel))]
    return pd.DataFrame(
        {
            "indicator": panel.groups["indicator"],
            "period": panel.groups["period"],
            "kind": kind,
            "most_deprived": value[:, 0],
            "least_deprived": value[:, -1],
            "sii": slope.sii,
            "sii_lower_95": slope.sii_limits.lower,
            "sii_upper_95": slope.sii_limits.upper,
            "rii": slope.rii,
            "gradient": [one.slope for one in steep],
            "gradient_lower_95": [one.lower for one in steep],
            "gradient_upper_95": [one.upper for one in steep],
        }
    )


def long_lives(
    inputs: Inputs, *, indicator: str, pooled: int, deprivation: str, findings: list[Finding]
) -> pd.DataFrame:
    """Life expectancy of every area and sex over the latest ``pooled`` periods, and the gap between fifths."""
    rows = inputs.indicators[inputs.indicators["indicator"] == indicator]
    bands = sorted(rows["age_band"].unique(), key=first_age)
    if len(rows) and len(bands) != LIFE_TABLE_BANDS:
        findings.append(
            Finding(
                severity="warning",
                code="life_table_bands",
                table="indicators",
                column="age_band",
                value=", ".join(bands[:6]),
                message=f"{indicator} has {len(bands)} age bands; a life table needs {LIFE_TABLE_BANDS}",
                hint="0, 1-4, 5-9 ... 85-89, 90+",
            )
        )
        return pd.DataFrame(columns=LIFE_EXPECTANCY.names)
    periods = sorted(rows["period"].unique(), key=period_end)[-pooled:]
    parts = []
    for sex, own in rows[rows["period"].isin(periods)].groupby("sex", sort=True):
        deaths, people = tables_by_band(own, bands, inputs.tree)
        shown = _shown(life_expectancy(deaths, people), inputs.tree.codes, inputs.tree.kinds)
        parts.append(shown.assign(sex=sex or "persons"))
        if deprivation in inputs.tree.table:
            parts.append(_gap(inputs, deaths, people, deprivation).assign(sex=sex or "persons"))
    if not parts:
        return pd.DataFrame(columns=LIFE_EXPECTANCY.names)
    said = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
    table = pd.concat(parts, ignore_index=True).assign(period=said)
    return table[table["value"].notna()].reset_index(drop=True)[LIFE_EXPECTANCY.names]


def _shown(expectancy: Expectancy, areas: NDArray[np.object_], kinds: NDArray[np.object_]) -> pd.DataFrame:
    """Lay expectancies out as rows, at the ages shown."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "area": areas,
                    "kind": kinds,
                    "age": age,
                    "value": expectancy.value[..., band],
                    "lower_95": expectancy.lower[..., band],
                    "upper_95": expectancy.upper[..., band],
                }
            )
            for age, band in SHOWN_AGES.items()
        ],
        ignore_index=True,
    )


def _gap(inputs: Inputs, deaths: Floats, people: Floats, deprivation: str) -> pd.DataFrame:
    """Most and least deprived fifth of the finest areas, and the gap between them."""
    columns = inputs.tree.of_kind(inputs.tree.kinds_by_depth[0])
    fifth = fifths(inputs.tree.table[deprivation].to_numpy(dtype=float)[columns])
    gap = deprivation_gap(np.nan_to_num(deaths[columns]), np.nan_to_num(people[columns]), fifth)
    named: dict[str, Expectancy] = {
        "most deprived fifth": gap.most_deprived,
        "least deprived fifth": gap.least_deprived,
        "gap": gap,
    }
    kind = np.array(["deprivation"], dtype=object)
    return pd.concat(
        [_shown(one, np.array([name], dtype=object), kind) for name, one in named.items()], ignore_index=True
    )
