"""Flags: counted over the areas of a kind, said beside what chance alone would give."""

import pytest

from reports.contents import Contents
from reports.flags import Flags, flags, flags_sentence


@pytest.mark.parametrize(
    ("counted", "polarity", "said"),
    [
        (
            Flags(98, 1, 0, 0.2, 9),
            "low",
            "1 of 98 practices is above their peers beyond chance (fewer than 1 expected by chance).",
        ),
        (
            Flags(98, 0, 3, 0.0, 9),
            "high",
            "0 of 98 practices are below their peers beyond chance (none expected by chance).",
        ),
        (
            Flags(1, 1, 0, float("nan"), 9),
            "low",
            "1 of 1 practice is above their peers beyond chance (number expected by chance not known).",
        ),
        (
            Flags(6500, 1200, 900, 162.4, 9),
            "local",
            "1,200 of 6,500 practices are above and 900 below their peers beyond chance (about 162 expected by"
            " chance on each side).",
        ),
    ],
)
def test_flags_are_said_beside_what_chance_would_give(counted: Flags, polarity: str, said: str) -> None:
    assert flags_sentence(counted, "practice", polarity) == said


def test_flags_count_the_areas_with_a_value_of_one_kind(contents: Contents) -> None:
    code = contents.catalogue.loc[contents.catalogue["polarity"] == "low", "indicator"].iloc[0]
    for kind in ("practice", "locality"):
        rows = contents.comparison.query(
            "kind == @kind and indicator == @code and period == @contents.period"
        )
        marked = rows.loc[rows["value"].notna(), "significance"].astype(str).tolist()
        counted = flags(contents, kind)[code]
        assert (counted.areas, counted.flagged, counted.other) == (
            len(marked), marked.count("worse"), marked.count("better"),
        )  # fmt: skip
