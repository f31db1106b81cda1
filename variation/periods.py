"""Periods: their order in time, when they end, and months added up."""

import re
from datetime import date

import pandas as pd

FINANCIAL_YEAR = re.compile(r"^(\d{4})/(\d{2})$")
MONTH = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?")
YEAR = re.compile(r"(\d{4})")


def period_end(period: str) -> date:
    """Last day of a period: of 2016/17, 2016-04, "2025-01 to 2025-12" or 2016; the Unix epoch where none is read.

    >>> period_end("2016/17"), period_end("2025-01 to 2025-12")
    (datetime.date(2017, 3, 31), datetime.date(2025, 12, 31))
    """
    if found := FINANCIAL_YEAR.match(period):
        return date(int(found[1]) + 1, 3, 31)
    if months := MONTH.findall(period):
        year, month = map(int, months[-1])
        return (pd.Timestamp(year, month, 1) + pd.offsets.MonthEnd(0)).date()
    if years := YEAR.findall(period):
        return date(int(years[-1]), 12, 31)
    return date(1970, 1, 1)


def pool_latest_months(table: pd.DataFrame, *, months: int) -> pd.DataFrame:
    """Add up numerators and denominators over the latest ``months`` months of a monthly table, one row per area.

    The denominator becomes patient-months (or items over the months), so the value stays per month and
    numerator - value x denominator is the figure over all the months.
    """
    stamps = table["period"].str.slice(0, 7)
    latest = sorted(stamps.dropna().unique())[-months:]
    inside = table[stamps.isin(latest)]
    keys = [name for name in ("indicator", "area", "sex", "age_band") if name in inside]
    added = [name for name in ("numerator", "denominator", "expected") if name in inside]
    rest = [name for name in inside.columns if name.startswith("_")]
    grouped = inside.groupby(keys, sort=False)
    pooled = grouped[added].sum(min_count=1).join(grouped[rest].first()).reset_index()
    pooled["period"] = f"{latest[0]} to {latest[-1]}" if latest else ""
    return pooled
