"""Periods: their order in time, when they end, and months added up."""

import re
from datetime import date

import pandas as pd

# The years of a period are of the 20th and 21st century: 42461 is a date that a spreadsheet made a number of.
SPAN = re.compile(r"(\d\d)\s*[/-]\s*(?:19|20)?(\d\d)$")
MONTH = r"((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-\d{2})?"
MONTHS = re.compile(rf"(?<!\d){MONTH}(?!\d)")
YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
UNREAD = date(1970, 1, 1)


def period_end(period: str) -> date:
    """Last day of a period: of 2016/17, 2016-04, "2025-01 to 2025-12" or 2016; the Unix epoch where none is read.

    2016-17 is a financial year, as there is no month 17; 2011-12 is December 2011; 2014 - 16 ends with 2016.

    >>> period_end("2016/17"), period_end("2025-01 to 2025-12")
    (datetime.date(2017, 3, 31), datetime.date(2025, 12, 31))
    """
    if months := MONTHS.findall(period):
        year, month = map(int, months[-1])
        return (pd.Timestamp(year, month, 1) + pd.offsets.MonthEnd(0)).date()
    years = [int(year) for year in YEARS.findall(period)]
    if years and (span := SPAN.search(period)):
        first, last = int(span[1]), int(span[2])
        end = years[0] + (last - years[0]) % 100
        return date(end, 3, 31) if last == (first + 1) % 100 else date(end, 12, 31)
    return date(years[-1], 12, 31) if years else UNREAD


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
