"""Where to look: one row per indicator, its opportunity by more than one comparator, and how sure that is."""

from collections.abc import Mapping
from typing import Any

from reports import words
from reports.catalogue import about_indicators, programme_names
from reports.claims import figures, headline_claim
from reports.contents import Contents
from reports.flags import flags
from reports.page.markup import anchor
from reports.page.sizing import side_by_side
from reports.page.table import Column, Row, Table, named, number, text
from reports.shorthand import NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED
from reports.tree import finest_kind

NOTE = (
    "Each £ counts the gaps that its rule lets through; a negative gap is never netted off."
    " Indicators that count the same events overlap, so rows do not add up to a saving."
    " [x] not available; [z] not applicable: no price, or a direction that is for local interpretation."
)


def in_order(contents: Contents) -> list[str]:
    """Return the indicators, the largest headline opportunity first and those without one by name."""
    amounts = contents.catalogue["indicator"].map(figures(contents, headline_claim(contents))["value_gbp"])
    ordered = contents.catalogue.assign(_amount=amounts.astype(float)).sort_values(
        ["_amount", "name", "indicator"], ascending=[False, True, True], na_position="last"
    )
    return ordered["indicator"].tolist()


def league_table(contents: Contents) -> Table:
    """Return the league table of the pack's own area."""
    sized = side_by_side(contents)
    kind = finest_kind(contents.areas)
    catalogue = about_indicators(contents.catalogue)
    programmes, stand_out = programme_names(contents.catalogue), flags(contents, kind)
    own = contents.opportunity[contents.opportunity["area"] == contents.focus]
    withheld = set(own.loc[own["suppressed"].astype(bool), "indicator"]) if "suppressed" in own else set()
    rows = []
    for code in in_order(contents):
        about, counted = catalogue[code], stand_out.get(code)
        why = SUPPRESSED if code in withheld else _why_without_pounds(about)
        cells = (
            text(programmes[code]),
            named(code, about, leads_to="indicator"),
            *(cell for one in sized for cell in one.cells(code, missing=why)),
            *(one.investment(code) for one in sized[:1]),
            number(counted and counted.flagged),
            number(counted and counted.expected, decimals=1),
            text(about["question"]),
        )
        rows.append(Row(id=anchor("row", code), cells=cells))
    return Table(
        id="league",
        caption=f"Opportunity and variation by indicator, {contents.period}",
        columns=(
            Column(name="Programme"),
            Column(name="Indicator"),
            *(column for one in sized for column in one.columns()),
            *(Column(name="Investment need", numeric=True, unit="£") for _ in sized[:1]),
            Column(name=f"{words.sentence_case(words.kind_name(kind, 2))} flagged", numeric=True),
            Column(name="Expected by chance", numeric=True),
            Column(name="What to ask"),
        ),
        rows=tuple(rows),
        header=1,
        note=NOTE,
        sorted=2 if sized else None,
        tools=True,
        file="where-to-look.csv",
    )


def _why_without_pounds(about: Mapping[str, Any]) -> str:
    """Return what stands for a £ that is not there: not available, or not applicable."""
    priced = not words.is_missing(about["unit_cost"]) and about["polarity"] == "low"
    return NOT_AVAILABLE if priced else NOT_APPLICABLE
