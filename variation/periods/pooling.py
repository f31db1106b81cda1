"""Periods made of periods: the latest ones added up, and values given per year, only where settings ask."""

import difflib
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from variation.errors import Finding
from variation.periods.period import Period, read_periods
from variation.settings import PeriodSettings

# What counts over time, and so has a value per year; a proportion or a mean of a quarter is that of a year.
PER_TIME = ("rate", "spend")


def arrange_periods(
    indicators: pd.DataFrame, catalogue: pd.DataFrame, settings: PeriodSettings, findings: list[Finding]
) -> pd.DataFrame:
    """Pool and annualise the checked rows as the settings ask; each is a note, and a wrong name an error."""
    if not settings.annualise and not settings.pool:
        return indicators
    kinds = catalogue.set_index("indicator")["kind"]
    annual = _known(settings.annualise, kinds, "annualise", findings)
    pooled = _known(settings.pool, kinds, "pool", findings)
    timeless = [name for name in annual if kinds[name] not in PER_TIME]
    findings.extend(
        _setting_error("annualise", name, f"a {kinds[name]} has no value per year", "only a rate or a spend has one")
        for name in timeless
    )  # fmt: skip
    repeated = indicators.loc[indicators["event_frequency"].notna(), "indicator"].unique()
    findings.extend(
        _setting_error("pool", name, "people counted by their number of events cannot be added up over years",
                       "someone with an event in each year has two: give the pooled counts themselves")
        for name in pooled if name in repeated
    )  # fmt: skip
    table = annualise(indicators, [name for name in annual if name not in timeless], findings)
    return pool(table, {name: settings.pool[name] for name in pooled}, findings)


def _known(
    names: tuple[str, ...] | Mapping[str, int], kinds: "pd.Series[str]", key: str, findings: list[Finding]
) -> list[str]:
    """Names that the catalogue has; each of the others is an error."""
    for name in names:
        if name not in kinds.index:
            near = difflib.get_close_matches(name, kinds.index, n=1)
            hint = f"did you mean {near[0]}?" if near else "give the code of an indicator of the catalogue"
            findings.append(_setting_error(key, name, "no such indicator", hint))
    return [name for name in names if name in kinds.index]


def _setting_error(key: str, value: str, message: str, hint: str) -> Finding:
    return Finding(severity="error", code="periods", table="analysis.toml", column=f"periods.{key}",
                   value=value, message=message, hint=hint)  # fmt: skip


def annualise(table: pd.DataFrame, names: list[str], findings: list[Finding]) -> pd.DataFrame:
    """Give the values of some indicators per year: people become person-years, the count stays as it is.

    A quarter's 30 events among 1,000 people are 30 events in 250 person-years, 120 per 1,000 a year. Limits
    come from the 30 events that were counted, not from 120 that were not; £ stay those of the quarter.
    """
    months = {text: period.months for text, period in _read(table).items()}
    part = table["indicator"].isin(names) & (table["period"].map(months) != 12)
    if not part.any():
        return table
    years = table["period"].map(months).astype(float) / 12
    findings.append(
        Finding(
            severity="note",
            code="annualised",
            table="analysis.toml",
            column="periods.annualise",
            value=", ".join(sorted(table.loc[part, "indicator"].unique())[:8]),
            message=f"{int(part.sum()):,} rows have values per year: their denominators are person-years, and their"
            " counts, limits and £ those of the period as it is",
        )
    )
    return table.assign(denominator=table["denominator"].where(~part, table["denominator"] * years))


def pool(table: pd.DataFrame, sizes: Mapping[str, int], findings: list[Finding]) -> pd.DataFrame:
    """Add up the latest periods of some indicators, and as many before them, and so on back, without overlap.

    Numerators and denominators are summed over the periods that an area has, so that a rate stays one per
    person-year. Periods that do not fill a pool, at the beginning of a series or beside a gap, are left out.
    """
    if not sizes:
        return table
    named = _named(table, sizes)
    chosen = table["indicator"].isin(sizes)
    rows = table[chosen]
    names = pd.MultiIndex.from_frame(rows[["indicator", "period"]]).map(named.get)
    rows = rows.assign(period=names)
    left = rows["period"].isna()
    inside = added_up(rows[~left])
    findings.append(
        Finding(
            severity="note",
            code="pooled",
            table="analysis.toml",
            column="periods.pool",
            value=", ".join(f"{name} {size}" for name, size in sorted(sizes.items())[:8]),
            message=f"{int((~left).sum()):,} rows are added up to {len(inside):,}"
            f" over {len(set(named.values()))} pools"
            + (f"; {int(left.sum()):,} of periods that fill no pool are left out" if left.any() else ""),
        )
    )
    return pd.concat([table[~chosen], inside], ignore_index=True)


def _read(table: pd.DataFrame) -> dict[str, Period]:
    return {text: period for text, period in read_periods(table["period"].unique()).items() if period}


def _named(table: pd.DataFrame, sizes: Mapping[str, int]) -> dict[tuple[str, str], str]:
    """Name of the pool that each indicator's period belongs to; none for those that fill no pool."""
    periods = _read(table)
    named: dict[tuple[str, str], str] = {}
    chosen = table[table["indicator"].isin(sizes)]
    for indicator, own in chosen.groupby("indicator")["period"].unique().items():
        size = sizes[str(indicator)]
        late = sorted((text for text in own if text in periods), key=periods.__getitem__, reverse=True)
        for start in range(0, len(late) - size + 1, size):
            window = late[start : start + size][::-1]
            spans = [periods[text] for text in window]
            if all(one.adjoins(other) for one, other in pairwise(spans)):
                name = str(spans[0].joined(spans[-1]))
                named |= {(str(indicator), text): name for text in window}
    return named


def added_up(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum the counts of each indicator, area, pool and stratum; a row with one of two counts adds neither."""
    both = rows["numerator"].notna() & rows["denominator"].notna()
    people, spread = rows["denominator"], rows["standard_deviation"]
    mean = rows["numerator"] / people.where(people > 0)
    parts = {
        name: rows[name].where(both) for name in ("numerator", "denominator", "expected") if name in rows
    }
    parts["_squares"] = ((people - 1) * spread**2 + people * mean**2).where(both)
    keys = [rows[name] for name in _keys(rows)]
    sums = rows.assign(**parts).groupby(keys, sort=False, dropna=False)
    added = sums[list(parts)].sum(min_count=1)
    first = [name for name in rows.columns if name.startswith("_")]
    total = added["denominator"]
    whole = sums["_squares"].count() == sums["numerator"].count()  # one unknown spread leaves all unknown
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = added["_squares"] - added["numerator"] ** 2 / total
        variance = (squares / (total - 1)).clip(lower=0).where(whole)
    added["standard_deviation"] = np.sqrt(variance)
    table = added.drop(columns="_squares").join(sums[first].first()).reset_index()
    return table.reindex(columns=rows.columns)


def _keys(rows: pd.DataFrame) -> list[str]:
    names = ("indicator", "area", "period", "sex", "age_band", "event_frequency")
    return [name for name in names if name in rows]


def pool_latest_months(table: pd.DataFrame, *, months: int) -> pd.DataFrame:
    """Add up numerators and denominators over each indicator's latest ``months`` months, one row per area.

    Months are those of the calendar: one without figures adds nothing, and so does a row with only one of
    the two counts. The denominator becomes patient-months (or items over the months), so the value stays per
    month and numerator - value x denominator is the figure over all the months.
    """
    month = pd.PeriodIndex(table["period"].str.slice(0, 7), freq="M")
    number = pd.Series(month.year * 12 + month.month, index=table.index)
    latest = number.groupby(table["indicator"]).transform("max")
    inside = table[number > latest - months].copy()
    added = [name for name in ("numerator", "denominator", "expected") if name in inside]
    counts = [name for name in added if name != "expected"]
    inside[counts] = inside[counts].where(inside[counts].notna().all(axis=1))
    keys = [name for name in ("indicator", "area", "sex", "age_band") if name in inside]
    rest = [name for name in inside.columns if name.startswith("_")]
    grouped = inside.groupby(keys, sort=False, dropna=False)
    pooled = grouped[added].sum(min_count=1).join(grouped[rest].first()).reset_index()
    stamps = inside["period"].str.slice(0, 7).groupby(inside["indicator"])
    pooled["period"] = pooled["indicator"].map(stamps.min() + " to " + stamps.max())
    return pooled
