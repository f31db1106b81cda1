"""One page for each indicator worth a look: its pictures, whom to talk to, what to ask, what may warrant it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports import headlines, words
from reports.booklet.pictures import Album, Placed
from reports.catalogue import about_indicators
from reports.contents import Contents
from reports.pack_rows import latest
from reports.page.table import figure
from reports.tree import Tree

# In this order; the first two large, the one after them small.
PICTURES = ("funnel", "caterpillar", "ribbon", "xmr")
MOST_PICTURES = 3  # the series on the spread of all where there is one, else by its own limits
TO_TALK_TO = 3


@dataclass(frozen=True, kw_only=True)
class Talk:
    """Whom to talk to first, and what each would have to do to stand where its peers stand."""

    title: str
    said: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class IndicatorPage:
    """The page of one indicator."""

    name: str
    about: str
    sentence: str
    pictures: tuple[Placed, ...]
    talk: Talk
    questions: tuple[str, ...]
    may_be_warranted: str


def indicator_pages(
    contents: Contents, album: Album, asked: Mapping[str, tuple[str, ...]]
) -> list[IndicatorPage]:
    """Return a page for every indicator that has pictures of its own; ``asked`` has the questions of each."""
    sentences, catalogue = headlines.headlines(contents), about_indicators(contents.catalogue)
    pages = []
    for code in album.indicators():
        about = catalogue[code]
        parts = [words.text(about[column]) for column in ("programme", "pathway_stage", "unit")]
        name = words.text(about["name"], code)
        pages.append(
            IndicatorPage(
                name=name,
                about=" · ".join(part for part in parts if part),
                sentence=words.sentence_case(sentences[code].removeprefix(f"{name}: ")),
                pictures=album.of_indicator(code, PICTURES)[:MOST_PICTURES],
                talk=to_talk_to(contents, code, words.text(about["unit"])),
                questions=asked[code],
                may_be_warranted=words.text(about["may_be_warranted"]),
            )
        )
    return pages


def to_talk_to(contents: Contents, indicator: str, unit: str) -> Talk:
    """Return the areas to talk to first: beyond chance on the wrong side of their peers, the largest gap first."""
    tree = Tree(contents)
    kind = words.kind_name(tree.finest, 2)
    flagged = beyond_chance(contents, indicator, tree.finest)
    if flagged.empty:
        return Talk(
            title=f"{words.sentence_case(kind)} to talk to",
            said=(
                f"No single one of the {kind} differs from its peers beyond chance in the direction to ask about:"
                " talk about the pattern, not about one of them.",
            ),
        )
    first = flagged.head(TO_TALK_TO)
    title = f"{words.sentence_case(words.kind_name(tree.finest, len(first)))} to talk to first"
    if len(flagged) > len(first):
        title += f" ({len(first)} of {len(flagged)})"
    return Talk(title=title, said=tuple(_said(row, tree, unit) for row in first.to_dict("records")))


def beyond_chance(contents: Contents, indicator: str, kind: str) -> pd.DataFrame:
    """Return the areas of a kind that are worse than their peers beyond chance, with the units of their gap."""
    rows = contents.comparison
    rows = latest(rows[(rows["indicator"] == indicator) & (rows["kind"] == kind)], contents.period)
    rows = rows[rows["significance"] == "worse"]
    sized = contents.opportunity
    sized = sized[
        (sized["indicator"] == indicator)
        & (sized["mode"] == contents.headline_mode)
        & (sized["comparator"] == contents.headline_comparator)
    ]
    gaps = sized.set_index("area")[["units", "unit", "value_gbp", "direction"]]
    return rows.join(gaps, on="area").sort_values(
        ["units", "area"], ascending=[False, True], na_position="last", kind="stable"
    )


def _said(row: Mapping[Any, Any], tree: Tree, unit: str) -> str:
    area = str(row["area"])
    where = f" ({parent})" if (parent := tree.parent_name(area)) else ""
    value = words.value_with_unit(figure(row["value"]), unit)
    said = f"{tree.name(area)}{where}: {value}; its peers {words.bare_value(figure(row['comparator_value']), unit)}."
    if words.is_missing(row["units"]):
        return said
    fewer = "fewer" if row["direction"] == "reduce" else "more"
    counted = words.text(row["unit"], "events")
    units = figure(row["units"])
    if counted == "£":
        return f"{said} {words.pounds(units)} a year {'less' if fewer == 'fewer' else 'more'} would bring it there."
    worth = "" if words.is_missing(row["value_gbp"]) else f" ({words.pounds(figure(row['value_gbp']))})"
    return (
        f"{said} {words.sentence_case(words.number(units, 0))} {fewer} {counted}{worth} would bring it there."
    )
