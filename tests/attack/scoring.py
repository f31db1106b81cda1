"""What an attack has found, set against the truth that it did not know."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tests.attack.bounds import PUBLISHED_POLICIES, Key, Published, attack

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
    allowed = {
        (key, area): told
        for key, table in shown.tables.items()
        for area, told in _allowed(shown, key, table, truth[key]).items()
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
    shown: Published, key: Key, table: pd.DataFrame, truth: "pd.Series[float]"
) -> dict[str, tuple[float, float]]:
    """Range that the policy itself leaves to each small count.

    The policy tells that a withheld count is not 0, not everyone, and small; and that a sum is at least the
    number of its parts that are not 0.
    """
    largest, _ = PUBLISHED_POLICIES[shown.policy]
    part = key in shown.proportions
    fewest, ranges = _not_zero_below(table, shown.parent), {}
    for area, people in zip(table["area"], table["denominator"], strict=True):
        whole = people if part and not np.isnan(people) else np.inf
        small, nearly_all = 0 < truth[area] <= largest, 0 < whole - truth[area] <= largest
        most = whole - 1 if whole > largest else whole
        lower = fewest[area] if small else max(whole - largest, fewest[area])
        upper = most if nearly_all else min(float(largest), most)
        if small or nearly_all:
            ranges[str(area)] = (min(lower, upper), upper)
    return ranges


def _not_zero_below(table: pd.DataFrame, parent: dict[str, str]) -> dict[str, float]:
    """Fewest events of each area: one for each of the finest areas in it that is withheld and so not 0."""
    there = set(table["area"])
    above = {parent[area] for area in there if area in parent}
    fewest = dict.fromkeys(table["area"], 0.0)
    known = table["denominator"].notna()
    for area in table.loc[table["suppressed"] & known & ~table["area"].isin(above), "area"]:
        place: str | None = area
        while place in fewest:
            fewest[place] += 1
            place = parent.get(place)
    return fewest
