"""Patterns such as ``{indicator} {measure}``: what headings and file names say about the figures below them."""

import re
from collections.abc import Mapping

PLACE = re.compile(r"\{(\w+)\}")

# Text that may be a period: it has a year in it, or is a month such as Apr-16.
PERIOD = r"(?:to )?[^|]*?(?:(?:19|20)\d\d|[A-Za-z]{3}[- ]\d\d|\d\d[-/]\d\d)(?:[^|A-Za-z]|Q[1-4]|to)*"
ANYTHING = r"\S(?:.*\S)?"


def places(pattern: str) -> list[str]:
    """Names of the places of a pattern, in their order.

    >>> places("{indicator} in {period}")
    ['indicator', 'period']
    """
    return PLACE.findall(pattern)


def matcher(pattern: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """Make a pattern match whole texts, capitals aside; ``{measure}`` stands for one of ``words``.

    >>> matcher("{indicator} {measure}", {"numerator": "Register"}).fullmatch("COPD register")["indicator"]
    'COPD'
    """
    kinds = {"period": PERIOD, "measure": "|".join(map(re.escape, words.values()))}
    pieces = PLACE.split(pattern)
    return re.compile(
        "".join(
            f"(?P<{piece}>{kinds.get(piece, ANYTHING)})" if odd else re.escape(piece)
            for odd, piece in zip([False, True] * len(pieces), pieces, strict=False)
        ),
        re.IGNORECASE,
    )


def read_name(pattern: str, name: str) -> dict[str, str] | None:
    """Read columns from the name of a file or sheet; None where it does not fit the pattern.

    >>> read_name("payments_{period}", "payments_18-19")
    {'period': '18-19'}
    """
    found = matcher(pattern, {}).fullmatch(name)
    return found.groupdict() if found else None
