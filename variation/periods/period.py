"""A period as people write it: when it begins and ends, its one plain spelling."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

# The years of a period are of the 20th and 21st century: 42461 is a date that a spreadsheet made a number of.
YEAR = r"((?:19|20)\d\d)"
MONTH = r"((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-\d{2})?"
UNREAD = date(1970, 1, 1)
# 2011-12 and 201112 are December 2011 or the financial year 2011/12: the other periods of the table say which.
EITHER = re.compile(rf"{YEAR}\s?-?\s?(\d\d)")

_NAMES = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_NAME = rf"({'|'.join(_NAMES)})[a-z]*"
# Words before a period that say no more than it does itself.
_PLAIN = re.compile(r"^(?:fy|cy|(?:financial|calendar|fiscal)?\s*year)[\s:]*(?=\d)")
_ROLLING = re.compile(r"^(?:rolling\s+)?(?:(\d+)\s+months?|(?:the\s+)?year)?\s*(?:to|ending|ended)\s+(.+)$")


@dataclass(frozen=True, order=True)
class Period:
    """Whole months from ``start`` to ``end``, in the order of their ends.

    >>> str(parse_period("Q1 2016-17")), parse_period("Q1 2016-17").start
    ('2016/17 Q1', datetime.date(2016, 4, 1))
    """

    end: date
    start: date
    financial: bool = False  # written with years that run from April to March

    @property
    def months(self) -> int:
        """Length in months: 3 of a quarter, 12 of a year, 36 of a three-year pool."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def __str__(self) -> str:
        april, january = self.start.month == 4, self.start.month == 1
        if self.months == 1:
            return f"{self.start:%Y-%m}"
        if self.months == 3 and self.start.month in (1, 4, 7, 10):
            return _quarter(self.start, financial=self.financial)
        if self.months % 12 == 0 and april:
            first, last = _financial(self.start.year), _financial(self.end.year - 1)
            return first if first == last else f"{first}-{last}"
        if self.months % 12 == 0 and january:
            first, last = str(self.start.year), str(self.end.year)
            # 2016-2017 would read as a financial year.
            return first if first == last else f"{first}{' to ' if self.months == 24 else '-'}{last}"
        return f"to {self.end:%Y-%m}" if self.months == 12 else f"{self.start:%Y-%m} to {self.end:%Y-%m}"

    def adjoins(self, later: "Period") -> bool:
        """Tell whether another period begins on the day after this one."""
        return later.start == self.end + timedelta(days=1)

    def joined(self, later: "Period") -> "Period":
        """Return the period from the start of this one to the end of another."""
        return Period(end=later.end, start=self.start, financial=self.financial)


def _financial(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"


def _quarter(start: date, *, financial: bool) -> str:
    if not financial:
        return f"{start.year} Q{(start.month + 2) // 3}"
    year = start.year - (start.month < 4)
    return f"{_financial(year)} Q{(start.month - 4) % 12 // 3 + 1}"


def _months(year: int, month: int, count: int = 1, *, financial: bool = False) -> Period:
    """Period of ``count`` months from a month on."""
    last = year * 12 + month - 1 + count - 1
    end = date(last // 12, last % 12 + 1, calendar.monthrange(last // 12, last % 12 + 1)[1])
    return Period(end=end, start=date(year, month, 1), financial=financial)


def _consecutive(first: int, last: int) -> bool:
    return last == (first + 1) % 100


def _years(words: str) -> Period | None:
    """Read a calendar year, or a financial year as 2016/17, 2016-17, 2016/2017 or 201617."""
    if found := re.fullmatch(YEAR, words):
        return _months(int(found[1]), 1, 12)
    found = re.fullmatch(rf"{YEAR}(?:\s?[/-]\s?(?:19|20)?(\d\d)|(\d\d))", words)
    if found and _consecutive(int(found[1]) % 100, int(found[2] or found[3])):
        return _months(int(found[1]), 4, 12, financial=True)
    return None


def _part_of_year(words: str) -> Period | None:
    """Read a quarter or half: 2016/17 Q1, Q1 2016/17, 2016 Q1, H2 2016."""
    found = re.fullmatch(r"(.+?)[\s-]?(q|h|quarter |half )(\d)", words)
    found = found or re.fullmatch(r"(?:(q|h|quarter |half )(\d))[\s-]?(.+)", words)
    if not found:
        return None
    year, part, number = (
        (found[3], found[1], int(found[2])) if found[2].isdigit() else (found[1], found[2], int(found[3]))
    )
    whole, length = _years(year.strip(" ,:")), 3 if part[0] == "q" else 6
    if whole is None or not 1 <= number <= 12 // length:
        return None
    first = whole.start.month - 1 + (number - 1) * length
    return _months(whole.start.year + first // 12, first % 12 + 1, length, financial=whole.financial)


def _month(words: str) -> Period | None:
    """Read a month, or the month of a day: 2016-04, 2016-04-01, 201604, April 2016, 01APR2016, 01/04/2016."""
    if found := re.fullmatch(rf"{MONTH}(?:[ t]00:00(?::00)?)?|{YEAR}(0[1-9]|1[0-2])", words):
        return _months(int(found[1] or found[3]), int(found[2] or found[4]))
    if found := re.fullmatch(rf"(?:\d\d?[\s-]?)?{_NAME}[\s-]?{YEAR}|{YEAR}[\s-]?{_NAME}", words):
        return _months(int(found[2] or found[3]), _NAMES[found[1] or found[4]])
    if found := re.fullmatch(rf"(?:0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])/{YEAR}", words):
        return _months(int(found[2]), int(found[1]))
    return None


def _span(words: str) -> Period | None:
    """Read from one period to another: 2014/15-2016/17, 2014/15 - 16/17, 2014 - 16, 2016-04 to 2017-03."""
    for found in re.finditer(r"\s+to\s+|\s*-\s*", words):
        before, after = words[: found.start()].strip(), words[found.end() :].strip()
        first = _single(before)
        if first is None:
            continue
        century = int(before[:2]) if before[:2].isdigit() else 0
        short = re.match(r"\d\d(?:/|$)", after)  # 14/15 or 14: of the same century, or of the next
        for words_after in (f"{century}{after}", f"{century + 1}{after}") if short else (after,):
            last = _single(words_after)
            if last and last.end > first.end and last.financial == first.financial:
                return first.joined(last)
    return None


def _single(words: str) -> Period | None:
    # A month first: 2011-12 is December unless its table says otherwise.
    return _month(words) or _years(words) or _part_of_year(words)


def _rolling(words: str) -> Period | None:
    """Read the months up to one: to 2017-03, 12 months to March 2017, year ending 31/03/2017."""
    found = _ROLLING.match(words)
    last = _single(found[2]) if found else None
    if not found or last is None:
        return None
    count = int(found[1] or 12)
    first = last.end.year * 12 + last.end.month - count
    return _months(first // 12, first % 12 + 1, count) if count and first // 12 >= 1900 else None


@cache
def parse_period(text: str) -> Period | None:
    """Read a period as people write it; None where it is none.

    Years (2016, 2016/17, 2016-17), quarters and halves (2016/17 Q1, Q1 2016), months (2016-04, April 2016, a
    day of it), rolling months (to 2017-03, 12 months to March 2017) and spans of any of them (2014/15-2016/17,
    2014 - 16, 2016-04 to 2017-03). 2016-17 is a financial year, as there is no month 17; 2011-12 is December.

    >>> [str(parse_period(text)) for text in ("2014/15 - 16/17", "12 months to March 2016", "Q4 2016")]
    ['2014/15-2016/17', '2015/16', '2016 Q4']
    """
    # No one writes a month with a long dash: 2010–12 is three years.
    words = " ".join(re.sub("[\N{EN DASH}\N{EM DASH}]", " - ", text.casefold()).split())
    words = _PLAIN.sub("", words)
    return _single(words) or _rolling(words) or _span(words)


def period_end(period: str) -> date:
    """Last day of a period; the Unix epoch where none is read.

    >>> period_end("2016/17"), period_end("2025-01 to 2025-12")
    (datetime.date(2017, 3, 31), datetime.date(2025, 12, 31))
    """
    read = parse_period(period)
    return read.end if read else UNREAD


def read_periods(periods: Iterable[str]) -> dict[str, Period | None]:
    """Read the periods of one table, each in the light of the others.

    Where every period like 2011-12 could be a financial year, and there are several, they are financial years.

    >>> [str(period) for period in read_periods(["2010-11", "2011-12"]).values()]
    ['2010/11', '2011/12']
    >>> [str(period) for period in read_periods(["2011-11", "2011-12"]).values()]
    ['2011-11', '2011-12']
    """
    named = list(dict.fromkeys(periods))
    either = {text: found for text in named if (found := EITHER.fullmatch(text.strip()))}
    years = {
        text: _months(int(found[1]), 4, 12, financial=True)
        for text, found in either.items()
        if _consecutive(int(found[1]) % 100, int(found[2]))
    }
    whole = len(either) > 1 and len(years) == len(either)
    return {text: years[text] if whole and text in years else parse_period(text) for text in named}
