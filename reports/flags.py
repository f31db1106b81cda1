"""Areas that stand out in an indicator, counted beside the number that chance alone would give."""

from typing import NamedTuple

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.pack_rows import latest
from reports.tree import finest_kind

# Share of areas that the calibrated rule flags in one direction where nothing but chance is at work.
FLAGGED_BY_CHANCE = 0.025
# What significance says of an area that stands out from its peers: in the bad direction, then in the good one;
# above and below where neither is.
TO_ASK_ABOUT, OTHER_SIDE = ("worse", "higher"), ("better", "lower")
BEYOND_CHANCE = (*TO_ASK_ABOUT, *OTHER_SIDE)


class Flags(NamedTuple):
    """How many areas stand out in one indicator, and how many would by chance alone."""

    areas: int
    flagged: int  # in the bad direction; for local interpretation, above the peers
    other: int  # in the good direction; for local interpretation, below the peers
    expected: float  # by chance, in one direction; NaN where not known
    rightcare: int
    tested: int | None = None  # large enough to be told from their peers; None where not known


def flags(contents: Contents, kind: str = "") -> dict[str, Flags]:
    """Count by indicator the areas of one kind (empty: the finest) that stand out from their peers."""
    kind = kind or finest_kind(contents.areas)
    rows = contents.comparison
    rows = latest(rows[(rows["kind"] == kind) & rows["value"].notna()], contents.period)
    marked = rows["significance"]
    counts = pd.DataFrame(
        {
            "areas": 1,
            "flagged": marked.isin(TO_ASK_ABOUT).astype(int),
            "other": marked.isin(OTHER_SIDE).astype(int),
            "rightcare": (rows["significance_rightcare"] == "worse").astype(int),
            "tested": (marked != "not tested").astype(int),
        },
        index=rows.index,
    )
    summed: pd.DataFrame = counts.groupby(rows["indicator"], sort=False).sum()
    table = contents.variation
    chance = latest(table[table["kind"] == kind], contents.period)
    by_chance = chance.drop_duplicates("indicator").set_index("indicator")["flags_expected_by_chance"]
    # Where no direction is good both are counted; half of what chance gives is on each side.
    local = contents.catalogue.loc[contents.catalogue["polarity"] == "local", "indicator"]
    sides = 1 + summed.index.isin(local).astype(int)
    summed["expected"] = by_chance.reindex(summed.index).astype(float) / sides
    return {
        str(code): Flags(
            areas=int(row["areas"]),
            flagged=int(row["flagged"]),
            other=int(row["other"]),
            expected=float(row["expected"]),
            rightcare=int(row["rightcare"]),
            tested=int(row["tested"]),
        )
        for code, row in summed.to_dict("index").items()
    }


def flags_sentence(counted: Flags, kind: str, polarity: str) -> str:
    """Say how many areas stand out, and beside it how many would by chance.

    >>> flags_sentence(Flags(98, 9, 4, 2.45, 20), "practice", "low")
    '9 of 98 practices are above their peers beyond chance (about 2 expected by chance).'
    """
    if counted.tested == 0:
        return f"Of {words.count_of(counted.areas, kind)} none is large enough to be told from its peers."
    side, other = ("below", "above") if polarity == "high" else ("above", "below")
    of_all = f"{words.number(counted.flagged)} of {words.count_of(counted.areas, kind)}"
    verb = "is" if counted.flagged == 1 else "are"
    expected = f"{words.expected_count(counted.expected)} expected by chance"
    if words.is_missing(counted.expected):
        expected = "number expected by chance not known"
    if polarity == "local":
        return (
            f"{of_all} {verb} {side} and {words.number(counted.other)} {other} their peers beyond chance"
            f" ({expected} on each side)."
        )
    return f"{of_all} {verb} {side} their peers beyond chance ({expected})."
