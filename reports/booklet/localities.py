"""One page for each locality: its spine, where its opportunity lies, and what to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports import words
from reports.booklet.facts import Facts
from reports.booklet.listing import Listing, widths
from reports.booklet.pictures import Album, Placed
from reports.contents import Contents
from reports.pack_rows import latest

LISTED = 5
QUESTIONS = 3
FIRST = 3
HEADINGS = ("Indicator", "Opportunity (80% interval)", "Against peers")


@dataclass(frozen=True, kw_only=True)
class LocalityPage:
    """The page of one locality."""

    name: str
    summary: str
    pictures: tuple[Placed, ...]
    table: Listing | None
    first: tuple[str, ...]  # whom to talk to first, about what
    first_title: str
    questions: tuple[str, ...]


def locality_pages(facts: Facts, album: Album) -> list[LocalityPage]:
    """Return a page for every area that the finest areas are part of, by name."""
    return [_page(facts, album, code) for code in facts.tree.groups]


def _page(facts: Facts, album: Album, area: str) -> LocalityPage:
    contents, tree = facts.contents, facts.tree
    own = contents.comparison
    own = latest(own[own["area"] == area], contents.period)
    sized = _sized(facts, area, own)
    return LocalityPage(
        name=tree.name(area),
        summary=" ".join((_differences(contents, tree.name(area), own), _total(contents, area))).strip(),
        pictures=album.of_area(area, "spine"),
        table=_table(facts, sized),
        first=_first(facts, area),
        first_title=f"{words.sentence_case(words.kind_name(tree.finest, 2))} to talk to first",
        questions=_questions(facts, own, sized),
    )


def _differences(contents: Contents, name: str, own: pd.DataFrame) -> str:
    local = contents.catalogue.loc[contents.catalogue["polarity"] == "local", "indicator"]
    sided = own["indicator"].isin(local)
    counts = own.loc[~sided, "significance"].value_counts()
    better, worse = int(counts.get("better", 0)), int(counts.get("worse", 0))
    judged = int(counts.reindex(["better", "similar", "worse"]).fillna(0).sum())
    sides = int(own.loc[sided, "significance"].isin(["higher", "lower"]).sum())
    said = (
        f"{name} differs from its peers beyond chance in {words.number(better + worse)} of"
        f" {words.count_of(judged, 'indicator')} with a good direction: {words.number(worse)} in the direction to ask"
        f" about, {words.number(better)} in the good one."
    )
    if sides:
        verb = "differs" if sides == 1 else "differ"
        said += (
            f" {words.sentence_case(words.count_of(sides, 'indicator'))} for local interpretation {verb} too."
        )
    return said


def _total(contents: Contents, area: str) -> str:
    """Say what the locality's gaps come to, each event counted once."""
    totals = contents.totals
    if totals.empty:
        return ""
    rule = (totals["mode"] == contents.headline_mode) & (totals["comparator"] == contents.headline_comparator)
    row = totals[rule & (totals["area"] == area)]
    if row.empty:
        return ""
    own = row.iloc[0]
    interval = f" (80% interval {words.pounds(own['p10'])} to {words.pounds(own['p90'])})"
    return (
        f"Opportunity {words.pounds(own['value_gbp'])} in {contents.period}"
        f"{'' if words.is_missing(own['p10']) else interval}, each event counted once."
    )


def _sized(facts: Facts, area: str, own: pd.DataFrame) -> pd.DataFrame:
    rows = facts.opportunity[facts.opportunity["area"] == area]
    rows = rows.join(own.set_index("indicator")["significance"], on="indicator")
    return rows.sort_values(["value_gbp", "indicator"], ascending=[False, True], kind="stable")


def _interval(row: Mapping[Any, Any]) -> str:
    if words.is_missing(row["p10"]) or words.is_missing(row["p90"]):
        return ""
    return f" ({words.pounds(row['p10'])} to {words.pounds(row['p90'])})"


def _first(facts: Facts, area: str) -> tuple[str, ...]:
    """Say which of the areas in it differ beyond chance with most to gain, each once, and in what."""
    areas, catalogue = facts.contents.areas, facts.catalogue
    rows = facts.opportunity
    rows = rows[rows["area"].isin(areas.loc[areas["parent"] == area, "area"])]
    rows = rows.merge(facts.worse, on=["indicator", "area"])
    rows = rows.sort_values(
        ["value_gbp", "area", "indicator"], ascending=[False, True, True], kind="stable"
    ).drop_duplicates("area")
    return tuple(
        f"{facts.tree.name(row['area'])}: {words.text(catalogue[row['indicator']]['name'], row['indicator'])},"
        f" {words.value_with_unit(row['value'], catalogue[row['indicator']]['unit'])}; its peers"
        f" {words.bare_value(row['comparator_value'], catalogue[row['indicator']]['unit'])}"
        f" ({words.pounds(row['value_gbp'])})"
        for row in rows.head(FIRST).to_dict("records")
    )


def _table(facts: Facts, sized: pd.DataFrame) -> Listing | None:
    if sized.empty:
        return None
    catalogue = facts.catalogue
    rows = tuple(
        (
            words.text(catalogue[row["indicator"]]["name"], row["indicator"]),
            f"{words.pounds(row['value_gbp'])}{_interval(row)}",
            words.text(row["significance"], "not tested"),
        )
        for row in sized.head(LISTED).to_dict("records")
    )
    return Listing(
        headings=HEADINGS,
        numeric=(False, True, False),
        widths=widths(HEADINGS, rows),
        rows=rows,
        note="Each indicator by itself, summed over the areas in it; the largest first.",
    )


def _questions(facts: Facts, own: pd.DataFrame, sized: pd.DataFrame) -> tuple[str, ...]:
    """Return the questions of the indicators that stand out, the largest opportunity first, each once."""
    worse = own.loc[own["significance"] == "worse", "indicator"]
    order = [*sized.loc[sized["significance"] == "worse", "indicator"], *worse, *sized["indicator"]]
    return facts.asked(order, QUESTIONS)
