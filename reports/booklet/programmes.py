"""One page for each programme of care: its pathway, and every indicator of it against the peers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import words
from reports.booklet.facts import Facts
from reports.booklet.listing import Listing, widths
from reports.booklet.pictures import Album, Placed
from reports.catalogue import PATHWAY_STAGES, focus_name, programme_names
from reports.flags import Flags
from reports.pack_rows import latest
from reports.page.table import figure
from reports.shorthand import NOT_APPLICABLE, NOT_AVAILABLE, with_suppressed

QUESTIONS = 3


@dataclass(frozen=True, kw_only=True)
class ProgrammePage:
    """The page of one programme."""

    name: str
    sentence: str
    pictures: tuple[Placed, ...]
    table: Listing
    questions: tuple[str, ...]


def programme_pages(facts: Facts, album: Album) -> list[ProgrammePage]:
    """Return a page for every programme, the largest opportunity first; last those that no pathway was drawn of."""
    programme = programme_names(facts.contents.catalogue)
    sized = facts.league.drop_duplicates("indicator").set_index("indicator")
    worth = sized["value_gbp"].groupby(programme.reindex(sized.index)).sum(min_count=1)
    names = sorted(programme.unique(), key=lambda name: (-worth.fillna(0).get(name, 0.0), name))
    pages = [
        _page(facts, album, name, [str(code) for code in programme.index[programme == name]])
        for name in names
    ]
    return sorted(pages, key=lambda page: not page.pictures)


def _page(facts: Facts, album: Album, name: str, indicators: list[str]) -> ProgrammePage:
    return ProgrammePage(
        name=name,
        sentence=_sentence(facts, indicators),
        pictures=album.of_programme(name),
        table=_table(facts, indicators),
        questions=_questions(facts, indicators),
    )


def _questions(facts: Facts, indicators: list[str]) -> tuple[str, ...]:
    """Return the questions of the indicators with most flags beyond those that chance gives, each once."""
    flagged = facts.flagged
    flagged = flagged[flagged["indicator"].isin(indicators)]
    flagged = flagged.assign(more=flagged["found"] - flagged["expected"])
    order = flagged.sort_values(["more", "indicator"], ascending=[False, True], kind="stable")["indicator"]
    return facts.asked(order, QUESTIONS)


def _sentence(facts: Facts, indicators: list[str]) -> str:
    """Say how many flags there are in a programme, how many by chance, and what its gaps may be worth."""
    flagged = facts.flagged
    flagged = flagged[flagged["indicator"].isin(indicators) & (flagged["polarity"] != "local")]
    found, expected = flagged["found"].sum(), flagged["expected"].sum()
    said = (
        f"{words.count_of(len(indicators), 'indicator')}; {words.count_of(found, 'flag')} in the direction to ask"
        f" about, {words.expected_count(expected)} expected by chance."
    )
    sized = facts.league
    sized = sized[sized["indicator"].isin(indicators)]
    saving, need = sized["value_gbp"].sum(), sized["investment_gbp"].sum()
    if saving > 0:
        said += f" Opportunity {words.pounds(saving)}, before what two indicators count twice is taken out."
    if need > 0:
        said += f" Investment need {words.pounds(need)}, never netted off."
    return said


def _table(facts: Facts, indicators: list[str]) -> Listing:
    """List the indicators of a programme along its pathway: the pack's own area, and how many areas stand out."""
    catalogue = facts.catalogue
    contents = facts.contents
    own = contents.comparison
    own = with_suppressed(latest(own[own["area"] == contents.focus], contents.period)).set_index("indicator")
    sized = facts.league.drop_duplicates("indicator").set_index("indicator")
    counted = facts.flags
    place = {stage: number for number, stage in enumerate(PATHWAY_STAGES)}
    ordered = sorted(
        indicators, key=lambda code: place.get(words.text(catalogue[code]["pathway_stage"]), len(place))
    )
    rows = []
    for code in ordered:
        about = catalogue[code]
        worth = sized.loc[code].to_dict() if code in sized.index else {}
        rows.append(
            (
                words.text(about["name"], code),
                _measured(own["value"].get(code), about["unit"]),
                _flagged(counted.get(code)),
                _worth(worth),
            )
        )
    kind = words.kind_name(facts.tree.finest, 2)
    headings = (
        "Indicator",
        focus_name(contents).split(" (")[0] if contents.focus else "Value",
        "Flagged (by chance)",
        "Opportunity (80% interval)",
    )
    return Listing(
        headings=headings,
        numeric=(False, True, True, True),
        widths=widths(headings, rows),
        rows=tuple(rows),
        note=(
            f"Flagged: {kind} that differ from their peers beyond chance in the direction to ask about (for local"
            " interpretation: above their peers), and how many chance alone would flag. An opportunity is a saving;"
            " a need: an investment need."
        ),
    )


def _measured(value: object, unit: object) -> str:
    if isinstance(value, str):  # withheld: its shorthand
        return value
    amount = figure(value)
    return NOT_AVAILABLE if words.is_missing(amount) else words.value_with_unit(amount, unit)


def _flagged(counted: Flags | None) -> str:
    if counted is None:
        return NOT_AVAILABLE
    by_chance = words.expected_count(counted.expected)
    return f"{words.number(counted.flagged)} of {words.number(counted.areas)} ({by_chance})"


def _worth(row: Mapping[Any, Any]) -> str:
    if not words.is_missing(row.get("value_gbp")):
        return f"{words.pounds(figure(row['value_gbp']))}{_interval(row)}"
    if not words.is_missing(row.get("investment_gbp")):
        return f"{words.pounds(figure(row['investment_gbp']))}{_interval(row)}, need"
    return NOT_APPLICABLE


def _interval(row: Mapping[Any, Any]) -> str:
    if words.is_missing(row.get("p10")) or words.is_missing(row.get("p90")):
        return ""
    return f" ({words.pounds(figure(row['p10']))} to {words.pounds(figure(row['p90']))})"
