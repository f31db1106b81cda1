"""How long people live in each area, and how far the most and the least deprived are apart."""

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.tree import Tree

DEPRIVATION = "deprivation"  # kind of the rows of fifths and of their gap
GAP = "gap"
FIFTHS = ("most deprived fifth", "least deprived fifth", GAP)


def expectancy(contents: Contents) -> pd.DataFrame:
    """Return the life expectancies of the pack's areas and deprivation fifths with names, in order.

    Deprivation fifths and their gap first, then areas from the whole to the finest; ``area_name`` is added.
    """
    rows, tree = contents.life_expectancy, Tree(contents)
    if rows.empty:
        return rows
    deprivation = rows["kind"] == DEPRIVATION
    rows = rows[deprivation | rows["area"].isin(tree.within())]
    place = {name: position - len(FIFTHS) for position, name in enumerate(FIFTHS)} | tree.order
    return (
        rows.assign(
            area_name=rows["area"].map(tree.names).fillna(rows["area"].map(words.sentence_case)),
            place=rows["area"].map(place),
        )
        .sort_values(["age", "place", "sex"], kind="stable")
        .drop(columns="place")
        .reset_index(drop=True)
    )


def expected_at(age: float) -> str:
    """Say from which age on life is expected.

    >>> expected_at(0), expected_at(65)
    ('at birth', 'at 65')
    """
    return "at birth" if age == 0 else f"at {words.number(age, 0)}"


def gap_sentence(rows: pd.DataFrame) -> str:
    """Say how far the deprivation fifths are apart at birth, by sex; empty where that is not known."""
    gaps = rows[(rows["kind"] == DEPRIVATION) & (rows["area"] == GAP)]
    gaps = gaps[gaps["age"] == gaps["age"].min()]
    if gaps.empty:
        return ""
    each = [
        f"{words.number(row.value, 1)} years for {_people(row.sex)}"
        f" (95% interval {words.number(row.lower_95, 1)} to {words.number(row.upper_95, 1)})"
        for row in gaps.itertuples(index=False)
    ]
    return (
        f"The gap in life expectancy {expected_at(gaps['age'].iloc[0])} between the least and the most"
        f" deprived fifth is {words.series(each)}, {gaps['period'].iloc[0]}."
    )


def _people(sex: str) -> str:
    return {"female": "women", "male": "men", "persons": "all"}.get(sex, sex)
