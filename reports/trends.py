"""How the figures have moved: each indicator's recent trend, and what stands out of an area's own series."""

from collections.abc import Collection

import pandas as pd

from reports import words
from reports.contents import Contents

# Share of steady series that the test for trend would still mark: its level is 99.8 %.
TRENDS_BY_CHANCE = 0.002
NO_SPECIAL_CAUSE = "none"
# Periods from which a series has limits of its own; one of two periods has a change only.
FEWEST_PERIODS = 3


def trend_of(contents: Contents, areas: Collection[str]) -> pd.DataFrame:
    """Return the trend rows of some areas, of the indicators that the catalogue has.

    ``mark`` is added: better, worse, higher or lower for a recent trend, as the charts mark it; else empty.
    """
    rows = contents.trend
    if rows.empty:
        return rows
    kept = rows["area"].isin(areas) & rows["indicator"].isin(contents.catalogue["indicator"])
    kept &= rows["periods"] >= FEWEST_PERIODS
    mark = words.each(rows.loc[kept, "recent_trend"], trend_mark).fillna("")
    return rows[kept].assign(mark=mark).reset_index(drop=True)


def with_change(rows: pd.DataFrame, trend: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the comparison with the value before, the change and its significance, where they have one.

    A change belongs to the latest period of its indicator: rows of other periods have none.
    """
    names = ["value_before", "change", "change_significance"]
    if trend.empty:
        return rows.assign(**dict.fromkeys(names))
    changes = trend[["indicator", "area", "last_period", *names]].rename(columns={"last_period": "period"})
    return rows.merge(changes, on=["indicator", "area", "period"], how="left", validate="one_to_one")


def trend_mark(recent_trend: object) -> str:
    """Return the mark of a recent trend; empty where there is none.

    >>> trend_mark("Increasing and getting worse"), trend_mark("Decreasing"), trend_mark("Cannot be calculated")
    ('worse', 'lower', '')
    """
    said = words.text(recent_trend)
    for word, mark in (
        ("better", "better"),
        ("worse", "worse"),
        ("Increasing", "higher"),
        ("Decreasing", "lower"),
    ):
        if word in said:
            return mark
    return ""


def stands_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a recent trend or a special cause: those getting worse first, the surest first.

    >>> still = {"mark": [""], "special_cause": ["none"], "trend_chi_square": [float("nan")]}
    >>> len(stands_out(pd.DataFrame(still)))
    0
    """
    moving, special = rows["mark"] != "", special_cause(rows)
    order = ("worse", "better", "higher", "lower", "")
    kept = rows[moving | special]
    return (
        kept.assign(place=kept["mark"].map({mark: place for place, mark in enumerate(order)}))
        .sort_values(["place", "trend_chi_square"], ascending=[True, False], kind="stable")
        .drop(columns="place")
        .reset_index(drop=True)
    )


def special_cause(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which rows break a rule of their own process in the latest period."""
    return rows["special_cause"].fillna(NO_SPECIAL_CAUSE) != NO_SPECIAL_CAUSE


def trend_sentence(rows: pd.DataFrame, area: str) -> str:
    """Say how many indicators of one area are moving and how many would by chance.

    >>> rows = pd.DataFrame({"mark": ["worse", "better", ""], "special_cause": ["none"] * 3})
    >>> print(trend_sentence(rows, "Poole").replace(". ", ".\\n"))
    Poole: 2 of 3 indicators have a recent trend (fewer than 1 expected by chance): 1 is getting worse, 1 better.
    None breaks a rule of its own process in the latest period.
    """
    counts = rows["mark"].value_counts()
    moving = int(counts.drop("", errors="ignore").sum())
    has = "has" if moving == 1 else "have"
    said = (
        f"{area}: {words.number(moving)} of {words.count_of(len(rows), 'indicator')} {has} a recent trend"
        f" ({words.expected_count(TRENDS_BY_CHANCE * len(rows))} expected by chance)"
    )
    worse, better = int(counts.get("worse", 0)), int(counts.get("better", 0))
    if worse or better:
        verb = "is" if worse == 1 else "are"
        said += f": {words.number(worse)} {verb} getting worse, {words.number(better)} better"
    breaking = int(special_cause(rows).sum())
    verb = "breaks" if breaking <= 1 else "break"
    number = words.number(breaking) if breaking else "None"
    return f"{said}. {number} {verb} a rule of its own process in the latest period."
