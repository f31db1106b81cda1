"""What an attack has found, set against the truth that it did not know."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.attack.bounds import PUBLISHED_POLICIES, Key, Published, are_rounded, attack

Truth = dict[Key, "pd.Series[float]"]  # counts by area


@dataclass(kw_only=True)
class Score:
    """How many small counts were attacked, and how many were given up."""

    attacked: int = 0
    withheld: int = 0  # these, and the others withheld to protect them
    exact: int = 0
    narrower: int = 0  # than what the policy itself tells
    wrong: int = 0  # ranges that do not hold the truth: an attack that is wrong proves nothing
    examples: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Add another score."""
        for name in ("attacked", "withheld", "exact", "narrower", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.examples = (self.examples + other.examples)[:5]


def score(shown: Published, truth: Truth, *, only_small: bool = False) -> Score:
    """Attack what is withheld and count what that gave; ``only_small`` leaves out what merely protects."""
    fewest: dict[Key, dict[str, float]] = {}
    for key in sorted(shown.tables, key=lambda key: key in shown.sums):  # sums after their parts
        fewest[key] = _fewest(shown, key, [fewest[part] for part in shown.sums.get(key, [])])
    allowed = {
        (key, area): told
        for key in shown.tables
        for area, told in _allowed(shown, key, truth[key], fewest[key]).items()
    }
    found = attack(shown, only=frozenset(allowed) if only_small else None)
    result = Score(withheld=sum(int(table["suppressed"].sum()) for table in shown.tables.values()))
    for target in found:
        count, told = truth[target.key][target.area], allowed.get((target.key, target.area))
        result.wrong += not target.lower - 1e-6 <= count <= target.upper + 1e-6
        if told is None:
            continue
        result.attacked += 1
        narrower = target.lower > told[0] + 1e-6 or target.upper < told[1] - 1e-6
        result.exact += target.is_exact and told[0] < told[1]
        result.narrower += narrower
        if narrower:
            result.examples.append(f"{target} is {count:g}, allowed {told}")
    return result


def _allowed(
    shown: Published, key: Key, truth: "pd.Series[float]", fewest: dict[str, float]
) -> dict[str, tuple[float, float]]:
    """Range that the policy itself leaves to each small count.

    The policy tells that a withheld count is not 0, not everyone, and small; and that a sum is at least the
    number of its parts that are not 0.
    """
    largest, nearest = PUBLISHED_POLICIES[shown.policy]
    table, ranges = shown.tables[key], {}
    # Who is left over of a rounded denominator is not known, however well the count is.
    part = key in shown.proportions and not are_rounded(table["denominator"], nearest)
    for area, people in zip(table["area"], table["denominator"], strict=True):
        whole = people if part and not np.isnan(people) else np.inf
        small, nearly_all = 0 < truth[area] <= largest, 0 < whole - truth[area] <= largest
        most = whole - 1 if whole > largest else whole
        least = max(1.0, fewest[area])
        lower = least if small else max(whole - largest, least)
        upper = most if nearly_all else min(float(largest), most)
        if small or nearly_all:
            ranges[str(area)] = (min(lower, upper), upper)
    return ranges


def _fewest(shown: Published, key: Key, parts: list[dict[str, float]]) -> dict[str, float]:
    """Fewest events of each area: one for each count in it that is withheld, and so not 0."""
    table = shown.tables[key]
    there = set(table["area"])
    above = {shown.parent[area] for area in there if area in shown.parent}
    fewest = dict.fromkeys(table["area"], 0.0)
    known = table["denominator"].notna()
    for area in table.loc[table["suppressed"] & known & ~table["area"].isin(above), "area"]:
        least, place = max(1.0, sum(part[area] for part in parts)), area
        while place in fewest:
            fewest[place] += least
            place = shown.parent.get(place, "")
    return fewest
