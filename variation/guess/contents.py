"""What the cells of a column hold: codes of which kind of area, periods, numbers or words."""

import re

import pandas as pd

from variation.periods import parse_period

# Share of the filled cells that must be of a kind: a total or a note among them is no reason to miss it.
MOST = 0.9

# Cells looked at one by one.
LOOKED_AT = 500

# Codes of the Organisation Data Service and of the Office for National Statistics, the finest first.
AREA_CODES = {
    "practice": r"[A-HJ-NPV-Y]\d{5}",
    "pcn": r"U\d{5}",
    "sub_icb": r"\d{2}[A-Z]|[A-Z]\d[A-Z]\d[A-Z]|n?E38\d{6}",
    "icb": r"Q[A-Z0-9]{2}|n?E54\d{6}",
    "region": r"Y\d{2}|E40\d{6}|E12\d{6}",
    "lsoa": r"E01\d{6}",
    "msoa": r"E02\d{6}",
    "local_authority": r"E(?:06|07|08|09|10)\d{6}",
    "england": r"E92\d{6}",
}
NUMBER = r"[-+]?£?\s*(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d+)?\s*%?"
NUMBER_WITH_COMMA = r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+\s*%?"
WITHHELD = r"\*+|\[\w\]|[<≤]\s*\d+|-"


def area_kind(texts: pd.Series) -> str:
    """Kind of area whose codes a column holds; "" where it holds none that are known.

    >>> area_kind(pd.Series(["A81001", "Y00001", "A81002"]))
    'practice'
    """
    distinct = _distinct(texts)
    for kind, pattern in AREA_CODES.items():
        if len(distinct) and distinct.str.fullmatch(pattern).mean() >= MOST:
            return kind
    return ""


def holds_numbers(texts: pd.Series) -> bool:
    """Tell whether a column holds numbers, marks of withheld ones among them."""
    distinct = _distinct(texts)
    if distinct.empty or not distinct.str.contains(r"\d").any():
        return False
    written = distinct.str.fullmatch(NUMBER) & distinct.str.contains(r"\d")
    return bool(
        (written | distinct.str.fullmatch(NUMBER_WITH_COMMA) | distinct.str.fullmatch(WITHHELD)).mean()
        >= MOST
    )


def has_decimal_commas(texts: pd.Series) -> bool:
    """Tell whether the numbers of a column are written 12,5: a comma before other than three digits."""
    distinct = _distinct(texts)
    commas = distinct.str.fullmatch(r"[-+]?[\d.]*,(?:\d{1,2}|\d{4,})\s*%?")
    return bool(commas.any() and not distinct.str.fullmatch(r"[-+]?\d+\.(?:\d{1,2}|\d{4,})\s*%?").any())


def has_percent_signs(texts: pd.Series) -> bool:
    """Tell whether numbers of a column are written 12.5 %."""
    return bool(_distinct(texts).str.fullmatch(r"[-+]?[\d.,]+\s*%").any())


def holds_periods(texts: pd.Series) -> bool:
    """Tell whether a column holds periods: years, financial years, months, quarters or dates."""
    distinct = _distinct(texts)
    return len(distinct) > 0 and sum(is_period(text) for text in distinct) >= MOST * len(distinct)


def is_period(text: str) -> bool:
    """Tell whether a text is a period; a bare number is one only where it is a year of our time.

    >>> is_period("2016/17"), is_period("01JAN2021"), is_period("1832")
    (True, True, False)
    """
    if text.isdigit() and not re.fullmatch(r"(?:19|20)\d\d", text):
        return False
    return parse_period(text) is not None


def numbers(texts: pd.Series) -> pd.Series:
    """Numbers of a column, missing where a cell is none."""
    return pd.to_numeric(texts.str.replace(r"[£,%\s]", "", regex=True), errors="coerce")


def _distinct(texts: pd.Series) -> pd.Series:
    return pd.Series(texts.drop_duplicates().head(LOOKED_AT), dtype="str")
