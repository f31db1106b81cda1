"""Names of files made from codes that anybody may have written: safe on every system, no two alike."""

import re
from collections.abc import Iterable

# Letters of a name; what is longer is cut, so that a path stays within what Windows opens (260).
LONGEST = 60

# Names that Windows keeps for devices, whatever the ending.
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}


def slug(code: str) -> str:
    """Write a code so that it may be part of a file name: small letters of English, digits and hyphens.

    >>> slug("COPD admissions (65+)"), slug("../../etc"), slug("Ω"), slug("CON")
    ('copd-admissions-65', 'etc', 'x', 'con-x')
    """
    name = re.sub(r"[^a-z0-9]+", "-", code.casefold()).strip("-")[:LONGEST].strip("-") or "x"
    return f"{name}-x" if name in DEVICES else name


def distinct(names: Iterable[str]) -> list[str]:
    """Number names that stand again, in their order: two codes may differ only in signs that a name cannot hold.

    >>> distinct(["funnel-a", "funnel-a", "funnel-a-2"])
    ['funnel-a', 'funnel-a-2', 'funnel-a-2-2']
    """
    taken: set[str] = set()
    found = []
    for name in names:
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}-{number}"
        taken.add(free)
        found.append(free)
    return found
