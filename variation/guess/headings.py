"""What headings say: which of our columns a publisher's heading stands for."""

import re
from collections.abc import Iterable

from benchmarks.peers import OFFICIAL_NAMES
from variation.guess.contents import area_kind, holds_numbers, holds_periods
from variation.guess.look import Look

# Our column: patterns of headings, most telling first, after `plain`.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "indicator": (
        "indicator", "indicator code", "indicator id", "measure", "measure id", "measure code", "metric", "metric id",
        "group code", "indicator name", "measure name", "condition", "topic",
    ),
    "area": (
        "area", "area code", "practice code", "gp practice code", "practice", "gp code", "org code",
        "organisation code", "ods code", "pcn code", "pcn ods code", "locality code", "locality", "ccg code",
        "ccgcode", "sub icb code", "sub icb location code", "icb code", "pct id", "provider code", "code", "id",
    ),
    "name": (
        "name", "area name", "practice name", "gp name", "org name", "organisation name", "locality name", "ccg name",
    ),
    "period": (
        "period", "time period", "financial year", "year", "fin year", "quarter", "month", "reporting period", "date",
        "extract date", "achievement date",
    ),
    "numerator": (
        "numerator", "num", "observed", "count", "counts", "events", "admissions", "emergency admissions",
        "attendances", "cases", "register", "items", "y items", "spells", "activity", "deaths", "numerator items",
        "numerator cost", "number", "total", "cost", "actual cost", "spend", "nhs payments",
    ),
    "denominator": (
        "denominator", "denom", "practice list size", "list size", "total list size", "registered patients",
        "population", "registered population", "patients", "number of patients", "eligible", "denominator items",
        "denominator cost", "number of registered patients last known figure",
    ),
    "value": ("value", "rate", "percentage", "percent", "pct", "prevalence", "proportion", "dsr", "ratio"),
    "lower_95": ("lower 95", "lower ci", "lower ci 95 0 limit", "lower limit", "lci", "ll 95", "lower 95 ci"),
    "upper_95": ("upper 95", "upper ci", "upper ci 95 0 limit", "upper limit", "uci", "ul 95", "upper 95 ci"),
    "expected": ("expected", "expected count", "expected events"),
    "sex": ("sex", "gender"),
    "age_band": ("age band", "ageband", "age group", "age"),
}  # fmt: skip

# Further columns of areas that peers are found by.
FEATURES: dict[str, tuple[str, ...]] = {
    "population": ("population", "poptot", "list size", "number of patients", "registered patients"),
    "imd": ("imd", "imdscore", "imd score", "value imd", "imd 2019", "deprivation", "deprivation score"),
    "rural": ("rural", "pc pop rural sparse", "rural share"),
    "aged_65_84": ("aged 65 84", "pop 65 84"),
    "aged_65_plus": ("aged 65 plus", "value over 65", "over 65", "pct 65 plus"),
    "aged_under_18": ("aged under 18", "value under 18", "under 18"),
} | {ours: (theirs.casefold().replace("_", " "),) for theirs, ours in OFFICIAL_NAMES.items() if ours.startswith(
    ("aged_18", "aged_85", "white", "mixed", "asian", "black", "other_eth"))}  # fmt: skip

NUMBERS = {"numerator", "denominator", "value", "lower_95", "upper_95", "expected"}


def plain(heading: str) -> str:
    """Heading in small letters, its words apart by one space.

    >>> plain("PRACTICE_LIST_SIZE"), plain(" Area Code ")
    ('practice list size', 'area code')
    """
    return re.sub(r"[^a-z0-9]+", " ", heading.casefold()).strip()


def match(look: Look, wanted: Iterable[str] = tuple(SYNONYMS)) -> dict[str, str]:
    """Our column = the heading that stands for it by its words and by what is below it, each heading once."""
    found: dict[str, str] = {}
    for ours in wanted:
        free = [heading for heading in fitting(ours, look) if heading not in found.values()]
        if free:
            found[ours] = free[0]
    return found


def fitting(ours: str, look: Look) -> list[str]:
    """Headings that may stand for a column of ours, the most telling first."""
    there: dict[str, list[str]] = {}
    for heading in look.columns:
        there.setdefault(plain(heading), []).append(heading)
    names = dict.fromkeys((plain(ours), *(SYNONYMS.get(ours) or FEATURES.get(ours, ()))))
    return [heading for name in names for heading in there.get(name, ()) if _fits(ours, look, heading)]


def _fits(ours: str, look: Look, heading: str) -> bool:
    """Tell whether what stands below a heading can be what it says."""
    texts = look.columns[heading]
    if texts.empty:
        return False
    if ours in NUMBERS or ours in FEATURES:
        return holds_numbers(texts)
    if ours == "period":
        return holds_periods(texts)
    if ours in ("sex", "age_band"):
        return texts.nunique() > 1  # of all people there are no strata
    if ours == "area":
        return bool(area_kind(texts)) or not holds_numbers(texts) or plain(heading).endswith("code")
    return True


def features(look: Look) -> dict[str, str]:
    """Our feature of areas = the heading that stands for it."""
    return match(look, FEATURES)


def code_columns(look: Look) -> dict[str, str]:
    """Heading = kind of the areas whose codes stand below it, for every such column."""
    kinds = {heading: area_kind(texts) for heading, texts in look.columns.items()}
    return {heading: kind for heading, kind in kinds.items() if kind}
