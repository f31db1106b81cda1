"""What a cell of an edited workbook says: numbers also as people type them, words, one of several choices."""

import math
import re

from reports.workbook.allowed import Allowed, Between, Choice, ChoiceFrom, FreeText
from reports.workbook.cells import clean

Cell = float | str | None
NUMBER = re.compile(
    r"(?P<minus>[-\N{MINUS SIGN}]?)\s*£?\s*(?P<digits>\d[\d,]*(?:\.\d*)?|\.\d+)\s*(?P<percent>%?)"
)


def value_of(raw: object, allowed: Allowed, options: tuple[str, ...]) -> tuple[Cell, str]:
    """Value of a cell that takes what is allowed; in place of it what was expected."""
    if isinstance(allowed, Between):
        number = as_number(raw)
        inside = number is not None and allowed.lower <= number <= allowed.upper
        if not inside or (allowed.whole and number is not None and not float(number).is_integer()):
            return None, allowed.words
        return number, ""
    words = words_of(raw)
    if isinstance(allowed, Choice | ChoiceFrom):
        offered = allowed.options if isinstance(allowed, Choice) else options
        known = {words_of(option).casefold(): option for option in offered}
        if words.casefold() not in known:
            listed = ", ".join(offered[:8]) + (" ..." if len(offered) > 8 else "")
            return None, f"one of {listed}"
        return known[words.casefold()], ""
    if isinstance(allowed, FreeText) and len(words) > allowed.longest:
        return None, allowed.words
    return words, ""


def words_of(value: object) -> str:
    """Words as a cell holds them; a code that a spreadsheet keeps as a number without its decimal point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(value).strip()


def as_number(raw: object) -> float | None:
    """Number of a cell, also where it was typed as words; None where it is none.

    >>> as_number(0.7), as_number("70 %"), as_number("£1,200.50"), as_number("most")
    (0.7, 0.7, 1200.5, None)
    """
    if isinstance(raw, bool):
        return None
    if isinstance(raw, (int, float)):
        return float(raw) if math.isfinite(raw) else None
    match = NUMBER.fullmatch(str(raw).strip())
    if match is None:
        return None
    number = float(match["digits"].replace(",", ""))
    number = -number if match["minus"] else number
    # 70 % is 0.7 to the last digit, not 0.7000000000000001.
    return round(number / 100, 12) if match["percent"] else number


def same(was: Cell, now: Cell) -> bool:
    """Tell whether a cell holds what was written: a workbook keeps at least ten figures of a number."""
    if isinstance(was, float) and isinstance(now, float):
        return math.isclose(was, now, rel_tol=1e-9, abs_tol=1e-12)
    return was == now
