"""Names of files and folders made from codes that anybody may have written: safe on every system, no two alike."""

import re
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

# Letters of a name; what is longer is cut, so that a path stays within what Windows opens (260).
LONGEST = 60
DIGITS = 10  # of the hash that tells the codes of folders apart

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


def folder_names(codes: Iterable[str], *, taken: Iterable[str] = ()) -> dict[str, str]:
    """Return a folder name for each code: the code itself where it can be, else a likeness and a hash of it.

    No name leads out of its folder, is a device on Windows, is hidden, or differs from another or from one that is
    ``taken`` by case only.

    >>> folder_names(["Y0001", "../x", "CON", "a", "A"])["Y0001"]
    'Y0001'
    >>> sorted(folder_names(["../x", "CON"]).values())
    ['CON-a3dbc4b644', 'x-d6b96a97d1']
    """
    each = list(dict.fromkeys(codes))
    alike = Counter(name.casefold() for name in [*each, *taken])
    return {
        code: code if alike[code.casefold()] == 1 and _is_safe(code) else _likeness(code) for code in each
    }


def _is_safe(code: str) -> bool:
    """Tell whether a code can be a folder name on any system as it is."""
    plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", code) is not None
    return plain and not code.endswith(".") and len(code) <= LONGEST and not _is_device(code)


def _is_device(name: str) -> bool:
    return name.split(".")[0].casefold() in DEVICES


def _likeness(code: str) -> str:
    said = re.sub(r"[^A-Za-z0-9_-]+", "-", code).strip("-")[: LONGEST - DIGITS - 1] or "area"
    return f"{said}-{sha256(code.encode('utf-8', 'surrogatepass')).hexdigest()[:DIGITS]}"
