"""The first screen: three biggest opportunities, each with what chance alone would give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import words
from reports.claims import Claim, figures, headline_claim
from reports.contents import Contents
from reports.flags import Flags, flags
from reports.page.markup import anchor
from reports.page.table import figure
from reports.tree import finest_kind

CARDS = 3
PUBLISHED = Claim(mode="rightcare", comparator="best_5")


@dataclass(frozen=True, kw_only=True)
class Card:
    """One of the biggest opportunities: its name, its £, and how much of either chance would give."""

    name: str
    link: str
    amount: str
    said: tuple[str, ...]  # how sure that is


def cards(contents: Contents) -> list[Card]:
    """Return the biggest opportunities by the rule and comparator that the headlines quote."""
    headline = headline_claim(contents)
    table = figures(contents, headline)
    published = {} if headline == PUBLISHED else figures(contents, PUBLISHED).to_dict("index")
    biggest = table[table["value_gbp"] > 0].head(CARDS)
    counted = flags(contents)
    kind = finest_kind(contents.areas)
    return [
        Card(
            name=words.text(row["name"], str(code)),
            link=f"#{anchor('indicator', str(code))}",
            amount=words.pounds(figure(row["value_gbp"])),
            said=_lines(
                (_interval(row["p10"], row["p90"]), _chance(row["chance_floor_gbp"])),
                (_published(published.get(code, {})),),
                (_flagged(counted.get(str(code)), kind),),
            ),
        )
        for code, row in biggest.to_dict("index").items()
    ]


def _lines(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """Join what there is to say into a sentence a line."""
    joined = ("; ".join(part for part in line if part) for line in parts)
    return tuple(f"{line}." for line in joined if line)


def _flagged(counted: Flags | None, kind: str) -> str:
    """Say how many areas are flagged and how many chance would flag; empty where none has a figure."""
    if counted is None:
        return ""
    flagged = f"{words.number(counted.flagged)} of {words.count_of(counted.areas, kind)} flagged"
    if words.is_missing(counted.expected):
        return flagged
    return f"{flagged}; {words.expected_count(counted.expected)} expected by chance"


def _interval(lower: object, upper: object) -> str:
    if words.is_missing(lower) or words.is_missing(upper):
        return ""
    return f"80% interval {words.pounds(figure(lower))} to {words.pounds(figure(upper))}"


def _chance(floor: object) -> str:
    if words.is_missing(floor):
        return ""
    return f"chance alone would give {words.pounds(figure(floor))} by the same rule"


def _published(row: Mapping[Any, Any]) -> str:
    """Say what RightCare's rule would claim, and how much of that chance alone would give."""
    if words.is_missing(row.get("value_gbp")):
        return ""
    said = f"RightCare's published rule would say {words.pounds(figure(row['value_gbp']))}"
    if words.is_missing(row["chance_floor_gbp"]):
        return said
    return f"{said}, {words.pounds(figure(row['chance_floor_gbp']))} of it by chance alone"
