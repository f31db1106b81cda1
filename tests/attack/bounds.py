"""Subtraction, rounding and linear programming: the narrowest range of each withheld count of a pack.

Written without the toolkit's own reckoning, from the published words of each policy only.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_diag, coo_array, csr_array

Floats = NDArray[np.float64]
Key = tuple[str, str]  # indicator and period

# Programmes solved at once.
AT_ONCE = 60

# What the policies say of themselves: counts of 1 to so many withheld; the others rounded to the nearest so many.
PUBLISHED_POLICIES = {"hes_2018": (7, 5), "under_5": (4, 1), "up_to_5_secondary": (5, 1)}


@dataclass(frozen=True, kw_only=True)
class Target:
    """One withheld count: what can be known of it at least and at most, from the pack."""

    key: Key
    area: str
    lower: float
    upper: float

    @property
    def is_exact(self) -> bool:
        """Whether only one whole number is left."""
        return bool(np.ceil(self.lower - 1e-6) == np.floor(self.upper + 1e-6))


@dataclass(frozen=True, kw_only=True)
class Published:
    """What a pack shows of counts that belong together.

    ``tables`` by key (indicator, period): area, numerator (missing where withheld), denominator, suppressed.
    ``parent`` is public: the area that each area is part of. ``sums`` are too: a key whose counts are the sums
    of others'. ``proportions`` are the keys whose numerators are a part of their denominators.
    """

    tables: dict[Key, pd.DataFrame]
    parent: dict[str, str]
    policy: str  # as the manifest names it
    proportions: frozenset[Key] = frozenset()
    sums: dict[Key, list[Key]] = field(default_factory=dict)


def attack(shown: Published, *, only: frozenset[tuple[Key, str]] | None = None) -> list[Target]:
    """Bound every withheld count; of the keys and areas in ``only``, where given."""
    places: dict[tuple[Key, str], int] = {}
    for key, table in shown.tables.items():
        places |= {(key, area): len(places) + number for number, area in enumerate(table["area"])}
    matrix = _equations(shown, places)
    ranges = [_before(table, shown.policy, key in shown.proportions) for key, table in shown.tables.items()]
    lower, upper = (np.concatenate([pair[end] for pair in ranges]) for end in (0, 1))
    withheld = [
        (key, area)
        for key, table in shown.tables.items()
        for area in table.loc[table["suppressed"], "area"]
        if only is None or (key, area) in only
    ]
    found = _extremes([places[cell] for cell in withheld], matrix, lower, upper)
    return [
        Target(key=key, area=str(area), lower=float(least), upper=float(most))
        for (key, area), (least, most) in zip(withheld, found, strict=True)
    ]


def _equations(shown: Published, places: dict[tuple[Key, str], int]) -> csr_array:
    """Return the sums of the tree and over keys: a row is one that comes to 0."""
    wholes: dict[tuple[Key, str, str], int] = {}
    entries: list[tuple[int, int, float]] = []

    def part_of(whole: tuple[Key, str, str], parts: list[int]) -> None:
        row = wholes.setdefault(whole, len(wholes))
        entries.extend((row, part, 1.0) for part in parts)

    for (key, area), place in places.items():
        above = shown.parent.get(area, "")
        if (key, above) in places:
            part_of((key, above, "tree"), [place])
        parts = [places[part, area] for part in shown.sums.get(key, []) if (part, area) in places]
        if parts:
            part_of((key, area, "sum"), parts)
    entries += [(row, places[key, area], -1.0) for (key, area, _), row in wholes.items()]
    rows, columns, ones = (np.array(part) for part in zip(*entries, strict=True)) if entries else ([], [], [])
    return coo_array((ones, (rows, columns)), shape=(len(wholes), len(places))).tocsr()


def _before(shown: pd.DataFrame, policy: str, proportion: bool) -> tuple[Floats, Floats]:
    """Range of each count before anything is subtracted from anything."""
    largest, nearest = PUBLISHED_POLICIES[policy]
    table = shown.set_index("area")
    count, people = (table[name].to_numpy(dtype=float) for name in ("numerator", "denominator"))
    most = np.where(np.isnan(people), 1e9, people) if proportion else np.full(len(count), 1e9)
    everyone = count == people if proportion else np.zeros(len(count), dtype=bool)
    within = (nearest - 1) // 2
    loose = within if are_rounded(table["denominator"], nearest) else 0
    most = most + loose
    withheld = table["suppressed"].to_numpy(dtype=bool)
    # 0 and "everyone" are shown, so what is withheld is neither (everyone of a few apart).
    # Where it is withheld how many people there are, nothing is known.
    lower = np.where(np.isnan(people), 0.0, 1.0)
    upper = np.where(most > largest, most - 1, most)
    either_side = np.where(everyone, loose, within * (count > 0))
    shown_lower = np.where(count > 0, np.maximum(count - either_side, largest + 1), 0)
    shown_lower = np.where(everyone, np.minimum(count, shown_lower), shown_lower)
    shown_upper = np.where(everyone, most, np.minimum(count + either_side, most - largest - 1))
    shown_upper = np.where(count > 0, shown_upper, 0)
    return np.where(withheld, lower, shown_lower), np.where(withheld, upper, shown_upper)


def are_rounded(people: "pd.Series[float]", nearest: int) -> bool:
    """Tell whether denominators are rounded as counts are: list sizes do not all end in 0 or 5."""
    return nearest > 1 and bool((people.dropna() % nearest == 0).all())


def _extremes(places: list[int], matrix: csr_array, lower: Floats, upper: Floats) -> Floats:
    """Least and most that each count can be, given every sum; shape (places, 2)."""
    wanted = [(place, sign) for place in places for sign in (1.0, -1.0)]
    found = [
        _smallest(wanted[start : start + AT_ONCE], matrix, lower, upper)
        for start in range(0, len(wanted), AT_ONCE)
    ]
    return np.concatenate([np.empty(0), *found]).reshape(-1, 2)


def _smallest(wanted: list[tuple[int, float]], matrix: csr_array, lower: Floats, upper: Floats) -> Floats:
    """Extremes of several counts at once: a programme beside a programme, each with counts of its own."""
    objective = np.zeros((len(wanted), len(lower)))
    places, signs = (np.array(part) for part in zip(*wanted, strict=True))
    objective[np.arange(len(wanted)), places] = signs
    some = matrix.shape[0] > 0
    result = linprog(
        objective.ravel(),
        A_eq=block_diag([matrix] * len(wanted), format="csr") if some else None,
        b_eq=np.zeros(matrix.shape[0] * len(wanted)) if some else None,
        bounds=np.tile(np.column_stack([lower, upper]), (len(wanted), 1)),
        method="highs",
    )
    if result.status != 0:
        raise ValueError(f"the figures of the pack contradict each other: {result.message}")
    return result.x.reshape(objective.shape)[np.arange(len(wanted)), places]
