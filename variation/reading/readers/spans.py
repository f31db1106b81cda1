"""Dates and years to periods: 01JAN2021 or 2016-04-01 to a month, a quarter, a financial year or a year."""

import re

import pandas as pd

from variation.settings.table_source import Span

# As publishers write dates; day before month, as the country does.
FORMATS = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y", "%d/%m/%y", "%d/%m/%Y %H:%M", "%d-%m-%Y",
    "%d.%m.%Y", "%d%b%Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%b-%y", "%b %y", "%b-%Y", "%b %Y",
    "%B %Y", "%B-%Y", "%Y %B", "%Y %b", "%Y-%m", "%Y/%m", "%m/%Y", "%Y%m%d", "%Y%m",
)  # fmt: skip

# Financial years: 2018/19, 2018-2019, 18-19, FY 18/19, 201819 and 1819.
TWO_YEARS = re.compile(r"(?:FY\s*)?((?:19|20)?\d\d)\s*[-/–_]?\s*((?:19|20)?\d\d)", re.IGNORECASE)


def to_spans(written: pd.Series, span: Span) -> pd.Series:
    """Bring texts of dates to periods of a length; what is already one stays, what is none becomes missing.

    >>> to_spans(pd.Series(["01JAN2021", "2016-04-01", "2016/17"]), "financial_year").to_list()
    ['2020/21', '2016/17', '2016/17']
    """
    distinct = pd.Series(written.dropna().unique(), dtype="str")
    dates = _dates(distinct)
    periods = _named(dates, span)
    if span == "financial_year":
        periods = periods.where(dates.notna(), distinct.map(_financial_year))
        both = distinct.map(_financial_year)
        periods = both.where(both.notna(), periods)
    elif span == "year":
        periods = periods.where(dates.notna(), distinct.where(distinct.str.fullmatch(r"(?:19|20)\d\d")))
    elif span == "quarter":
        periods = periods.where(dates.notna(), distinct.where(distinct.str.contains(r"Q[1-4]", regex=True)))
    return written.map(dict(zip(distinct, periods, strict=True))).astype("str")


def _dates(texts: pd.Series) -> pd.Series:
    """Read dates in the first of the formats that each fits."""
    dates = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[ns]")
    for form in FORMATS:
        left = dates.isna()
        if not left.any():
            break
        dates = dates.where(~left, pd.to_datetime(texts.where(left), format=form, errors="coerce"))
    return dates


def _named(dates: pd.Series, span: Span) -> pd.Series:
    if span == "month":
        return dates.dt.strftime("%Y-%m")
    if span == "year":
        return dates.dt.strftime("%Y")
    start = (dates.dt.year - (dates.dt.month < 4)).astype("Int64")
    year = start.astype("str") + "/" + ((start + 1) % 100).astype("str").str.zfill(2)
    if span == "quarter":
        year = year + " Q" + ((dates.dt.month - 4) % 12 // 3 + 1).astype("Int64").astype("str")
    return year.where(dates.notna())


def _financial_year(text: str) -> str | None:
    """Write a financial year as 2016/17; None where the text is none.

    >>> _financial_year("18-19"), _financial_year("2018/2019"), _financial_year("FY1819"), _financial_year("2018-20")
    ('2018/19', '2018/19', '2018/19', None)
    """
    found = TWO_YEARS.fullmatch(text.strip())
    if not found:
        return None
    first, last = (int(part) % 100 for part in found.groups())
    if last != (first + 1) % 100:
        return None
    century = int(found[1]) // 100 if len(found[1]) == 4 else 20 if first < 70 else 19
    return f"{century}{first:02d}/{last:02d}"
