"""Figures and names as people read them: £, numbers, percentages, units, plurals, kinds of area."""

import math
from collections.abc import Callable
from datetime import date
from typing import SupportsFloat

import pandas as pd

MISSING = "not available"
MINUS = "\N{MINUS SIGN}"  # a hyphen breaks off its figure at the end of a line

# NHS kinds of area: one, many. Others are read as words: "care_home" is "care home", "care homes".
KINDS = {
    "practice": ("practice", "practices"),
    "pcn": ("primary care network", "primary care networks"),
    "locality": ("locality", "localities"),
    "cluster": ("cluster", "clusters"),
    "ccg": ("CCG", "CCGs"),
    "sub_icb": ("sub-ICB area", "sub-ICB areas"),
    "icb": ("ICB", "ICBs"),
    "stp": ("STP", "STPs"),
    "provider": ("provider", "providers"),
    "local_authority": ("local authority", "local authorities"),
    "england": ("England", "England"),
    "": ("area", "areas"),
}
MODES = {
    "gross": "every gap counted",
    "rightcare": "by RightCare's published rule",
    "percentile": "against a percentile of all areas",
    "credible": "credible",
}
COMPARATORS = {
    "best_5": "the mean of the best five of ten peers",
    "peer_mean": "the mean of their peers",
    "peer_median": "the median of their peers",
    "percentile": "a percentile of all areas",
    "parent": "the area they are part of",
    "england": "England",
}


# What a spreadsheet takes for the beginning of a formula, when it opens a CSV file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def not_a_formula(words: str) -> str:
    """Text for a CSV file that no spreadsheet takes for a formula: an apostrophe before what would begin one.

    >>> not_a_formula("=HYPERLINK(1)"), not_a_formula("Poole Bay")
    ("'=HYPERLINK(1)", 'Poole Bay')
    """
    return f"'{words}" if words.startswith(FORMULA_STARTS) else words


def is_missing(value: object) -> bool:
    """Tell whether a cell of a table holds nothing: None, NA, NaN or an infinite number.

    >>> is_missing(float("nan")), is_missing(None), is_missing(0)
    (True, True, False)
    """
    if isinstance(value, float):  # most are: the protocol below takes a hundred times as long to tell
        return not math.isfinite(value)
    if isinstance(value, str):
        return False
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, SupportsFloat) and not math.isfinite(value)


def text(value: object, default: str = "") -> str:
    """Words of a cell; ``default`` where it is empty.

    >>> text(None, "unnamed"), text("Poole")
    ('unnamed', 'Poole')
    """
    return default if is_missing(value) or value == "" else str(value)


def date_in_full(day: date) -> str:
    """Return a day as a letter says it, without the time where it has one.

    >>> date_in_full(date(2026, 4, 1))
    '1 April 2026'
    """
    return f"{day.day} {day:%B %Y}"


def number(value: SupportsFloat | None, decimals: int | None = None) -> str:
    """Figure with thousands commas and no false precision; a whole number keeps no decimals.

    >>> number(1234567.0, 0), number(310.42), number(2.193), number(-0.0421), number(3), number(None)
    ('1,234,567', '310', '2.19', '−0.042', '3', 'not available')
    """
    if value is None or is_missing(value):
        return MISSING
    if decimals is None:
        decimals = 0 if isinstance(value, int) else _decimals(float(value))
    written = f"{abs(float(value)):,.{decimals}f}"
    negative = float(value) < 0 and any(digit in written for digit in "123456789")
    return f"{MINUS}{written}" if negative else written


def _decimals(value: float) -> int:
    """Decimals that leave three figures from 1 up and two below 1."""
    size = float(f"{abs(value):.{3 if abs(value) >= 1 else 2}g}")  # 9.996 is 10.0, not 10.00
    if size == 0:
        return 0
    if size >= 1:
        return max(0, 2 - math.floor(math.log10(size)))
    return min(6, 1 - math.floor(math.log10(size)))


def signed(value: SupportsFloat | None, decimals: int | None = None) -> str:
    """Difference with its sign, + or −; 0 has none.

    >>> signed(0.41), signed(-12.3), signed(0.0)
    ('+0.41', '−12.3', '0')
    """
    if value is None or is_missing(value):
        return MISSING
    return f"+{number(value, decimals)}" if float(value) > 0 else number(value, decimals)


def pounds(value: SupportsFloat | None) -> str:
    """Money in running text: thousands below £1m, then one decimal of £m or £bn.

    >>> pounds(1234567), pounds(84210), pounds(420), pounds(-16e6), pounds(229.4e6), pounds(1.2e9)
    ('£1.2m', '£84,000', '£420', '−£16m', '£229m', '£1.2bn')
    """
    if value is None or is_missing(value):
        return MISSING
    size = abs(float(value))
    sign = MINUS if float(value) < 0 and size >= 0.5 else ""
    for unit, letters in ((1e9, "bn"), (1e6, "m")):
        # 999,600 is £1m: from half a thousandth below the unit, thousands would read £1,000,000.
        if size >= unit * 0.9995:
            return f"{sign}£{_three_figures(size / unit)}{letters}"
    step = 1000 if size >= 9950 else 100 if size >= 995 else 10 if size >= 100 else 1
    return f"{sign}£{math.floor(size / step + 0.5) * step:,}"


def _three_figures(scaled: float) -> str:
    """One decimal below 100, but none where it says nothing: 9.3, 2.0, 28, 28.4, 229."""
    if scaled >= 99.95:
        return f"{scaled:,.0f}"
    written = f"{scaled:.1f}"
    return written.removesuffix(".0") if scaled >= 9.95 or scaled.is_integer() else written


def pounds_in_full(value: SupportsFloat | None) -> str:
    """Money to the pound, for ledgers.

    >>> pounds_in_full(1234567.4), pounds_in_full(-16000000)
    ('£1,234,567', '−£16,000,000')
    """
    if value is None or is_missing(value):
        return MISSING
    written = number(abs(float(value)), 0)
    return f"{MINUS if float(value) < 0 and written != '0' else ''}£{written}"


def price(value: SupportsFloat | None) -> str:
    """Money a head or an item: pence below £100.

    >>> price(14.2), price(1590)
    ('£14.20', '£1,590')
    """
    if value is None or is_missing(value):
        return MISSING
    sign = MINUS if float(value) < 0 else ""
    return f"{sign}£{number(abs(float(value)), 2 if abs(float(value)) < 100 else 0)}"


def percent(fraction: SupportsFloat | None, decimals: int | None = None) -> str:
    """Percentage of a share or a probability; one decimal below 10 %.

    >>> percent(0.352), percent(0.0251), percent(1.0), percent(0.0)
    ('35%', '2.5%', '100%', '0%')
    """
    if fraction is None or is_missing(fraction):
        return MISSING
    hundredths = float(fraction) * 100
    if decimals is None:
        decimals = 1 if 0 < abs(hundredths) < 9.95 else 0
    return f"{number(hundredths, decimals)}%"


def value_with_unit(value: SupportsFloat | None, unit: object, decimals: int | None = None) -> str:
    """Value of an indicator with its unit as a person writes it.

    >>> value_with_unit(62.13, "%"), value_with_unit(14.2, "£ per patient"), value_with_unit(6.41, "days")
    ('62.1%', '£14.20 per patient', '6.41 days')
    """
    if value is None or is_missing(value):
        return MISSING
    words = text(unit)
    if words.startswith("£"):
        return f"{price(value)} {words[1:].strip()}".strip()
    joint = "" if words.startswith("%") else " "
    return f"{number(value, decimals)}{joint}{words}".strip()


def bare_value(value: SupportsFloat | None, unit: object) -> str:
    """Value of an indicator where its unit is said elsewhere: £ and % stand with it all the same.

    >>> bare_value(62.13, "% of items"), bare_value(14.2, "£ per patient"), bare_value(6.41, "days")
    ('62.1%', '£14.20', '6.41')
    """
    said = text(unit)
    return value_with_unit(value, said[0] if said.startswith(("£", "%")) else "")


def kind_name(kind: str, count: SupportsFloat = 1) -> str:
    """What an area of this kind is called: one, or several.

    >>> kind_name("locality", 13), kind_name("sub_icb"), kind_name("care_home", 2)
    ('localities', 'sub-ICB area', 'care homes')
    """
    one, many = KINDS.get(kind, (words := kind.replace("_", " "), _plural(words)))
    return one if float(count) == 1 else many


def each(values: "pd.Series[str]", say: Callable[[str], str | None]) -> "pd.Series[str]":
    """Return what is said of each value, reckoned once for all the rows that have it.

    >>> each(pd.Series(["ccg", "pcn", "ccg"]), kind_name).tolist()
    ['CCG', 'primary care network', 'CCG']
    """
    return values.map({value: say(value) for value in values.dropna().unique()})


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def count_of(count: SupportsFloat | None, noun: str) -> str:
    """Count with its noun, one or many; kinds of area are known by their code.

    >>> count_of(1, "practice"), count_of(98, "practice"), count_of(2500, "event"), count_of(2, "icb")
    ('1 practice', '98 practices', '2,500 events', '2 ICBs')
    """
    if count is None or is_missing(count):
        return f"{kind_name(noun, 2)}: {MISSING}"
    return f"{number(count, 0)} {kind_name(noun, count)}"


def expected_count(count: SupportsFloat | None) -> str:
    """Count that chance alone would give, in the precision that it deserves.

    >>> expected_count(2.45), expected_count(0.3), expected_count(0)
    ('about 2', 'fewer than 1', 'none')
    """
    if count is None or is_missing(count):
        return MISSING
    if float(count) == 0:
        return "none"
    return "fewer than 1" if float(count) <= 0.5 else f"about {number(count, 0)}"


def mode_name(mode: str) -> str:
    """Words for the rule by which a gap counts.

    >>> mode_name("rightcare")
    "by RightCare's published rule"
    """
    return MODES.get(mode, mode.replace("_", " "))


def comparator_name(comparator: str) -> str:
    """Words for what an area is held against.

    >>> comparator_name("best_5"), comparator_name("own_best_year")
    ('the mean of the best five of ten peers', 'own best year')
    """
    return COMPARATORS.get(comparator, comparator.replace("_", " "))


def series(items: list[str]) -> str:
    """Join names as a sentence does.

    >>> series(["falls", "COPD", "asthma"]), series(["falls"])
    ('falls, COPD and asthma', 'falls')
    """
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def direction_words(polarity: str, significance: str) -> str:
    """Say on which side of its peers an area lies; the reader's words, not praise or blame.

    >>> direction_words("low", "worse"), direction_words("high", "worse"), direction_words("local", "higher")
    ('higher than peers', 'lower than peers', 'higher than peers')
    """
    if significance in ("better", "worse"):
        high = (significance == "worse") == (polarity == "low")
        return "higher than peers" if high else "lower than peers"
    return {
        "higher": "higher than peers",
        "lower": "lower than peers",
        "similar": "no difference beyond chance",
    }.get(significance, "not tested")


def inside(words: str) -> str:
    """Words as they stand inside a sentence: the first letter small, but not that of an abbreviation.

    >>> inside("Age and long-term conditions"), inside("COPD, smoking"), inside("A&E use"), inside("A plan")
    ('age and long-term conditions', 'COPD, smoking', 'A&E use', 'a plan')
    """
    rest = words.split(" ")[0].rstrip(",.;:")[1:]
    return words[:1].lower() + words[1:] if not rest or rest.islower() else words


def sentence_case(words: str) -> str:
    """Words with a capital at their beginning, the rest as it is: an ICB stays one.

    >>> sentence_case("sub-ICB areas"), sentence_case("")
    ('Sub-ICB areas', '')
    """
    return words[:1].upper() + words[1:]
