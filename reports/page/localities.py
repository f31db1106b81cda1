"""Each locality in a row: how much of it stands out, beside what chance would raise, and where to look first."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports import words
from reports.catalogue import about_indicators
from reports.claims import headline_claim
from reports.contents import Contents
from reports.flags import FLAGGED_BY_CHANCE
from reports.page.grid import latest_rows
from reports.page.league import in_order
from reports.page.markup import anchor, view
from reports.page.table import Cell, Column, Row, Table, number, numbers, pounds, text
from reports.shorthand import NOT_AVAILABLE
from reports.tree import Tree

AREAS_LISTED = 150  # those with most to gain; all of them stand in the workbook and in tables/
NAMED_FIRST = 3  # indicators named as the first to ask about
NOTE = (
    "Indicators with a good direction that could be told from the peers; to ask about and on the good side:"
    " beyond chance at 95%. Ask first: those to ask about with most to gain there. Opportunity: each event"
    " counted once."
)


def locality_table(contents: Contents) -> Table | None:
    """Return a row a group of the finest areas, the largest opportunity first; None where there are no groups."""
    tree = Tree(contents)
    if not tree.groups:
        return None
    judged = _judged(contents, tree)
    worth = _worth(contents)
    order = sorted(tree.groups, key=lambda area: (-worth.get(area, 0.0), tree.name(area), area))
    one, many = words.kind_name(tree.group_kind), words.kind_name(tree.group_kind, 2)
    cut = f"; the {AREAS_LISTED} with most to gain of {len(order):,}" if len(order) > AREAS_LISTED else ""
    numeric = ("Indicators", "To ask about", "On the good side", "By chance on each side")
    return Table(
        id="localities-table",
        caption=f"{words.sentence_case(many)}, {contents.period}{cut}",
        columns=(
            Column(name=words.sentence_case(one)),
            *(Column(name=name, numeric=True) for name in numeric),
            Column(name=headline_claim(contents).label, numeric=True, unit="£"),
            Column(name="Ask first about"),
        ),
        rows=tuple(
            Row(id=anchor("locality", area), cells=_cells(tree.name(area), area, judged.get(area, {}), worth))
            for area in order[:AREAS_LISTED]
        ),
        note=NOTE,
        sorted=5,
        tools=True,
        file=f"{many.replace(' ', '-')}.csv",
    )


def _cells(name: str, area: str, counts: Mapping[str, Any], worth: Mapping[str, float]) -> tuple[Cell, ...]:
    compared = int(counts.get("compared", 0))
    return (
        Cell(text=name, view=view(area=area)),
        number(compared),
        number(int(counts.get("worse", 0))),
        number(int(counts.get("better", 0))),
        number(FLAGGED_BY_CHANCE * compared, decimals=1),
        pounds(worth.get(area), missing=NOT_AVAILABLE),
        text("; ".join(counts.get("first", [])), missing="–"),
    )


def _judged(contents: Contents, tree: Tree) -> dict[str, dict[str, Any]]:
    """Count by group what is compared and what stands out, and name what to ask about first."""
    catalogue = about_indicators(contents.catalogue)
    directed = [code for code, about in catalogue.items() if about["polarity"] in ("low", "high")]
    rows = latest_rows(contents)
    rows = rows[rows["area"].isin(tree.groups) & rows["indicator"].isin(directed)]
    said = rows["significance"].astype(object)
    rows = rows.assign(
        compared=said.isin(["better", "similar", "worse"]), worse=said == "worse", better=said == "better"
    )
    counts: dict[Any, dict[str, Any]] = (
        rows.groupby("area")[["compared", "worse", "better"]].sum().to_dict("index")  # type: ignore[assignment]
    )
    place = {code: number for number, code in enumerate(in_order(contents))}
    worse = rows[rows["worse"]].merge(_gains(contents), on=["indicator", "area"], how="left")
    worse = worse.assign(place=worse["indicator"].map(place))
    worse = worse.sort_values(["gain", "place"], ascending=[False, True], na_position="last", kind="stable")
    first = worse.groupby("area", sort=False).head(NAMED_FIRST)
    for area, code in zip(first["area"], first["indicator"], strict=True):
        counts[area].setdefault("first", []).append(words.text(catalogue[code]["name"], code))
    return {str(area): about for area, about in counts.items()}


def _gains(contents: Contents) -> pd.DataFrame:
    """£ of each indicator and area by the headline's claim: indicator, area, gain."""
    table, claim = contents.opportunity, headline_claim(contents)
    rows = table[(table["mode"] == claim.mode) & (table["comparator"] == claim.comparator)]
    return rows[["indicator", "area"]].assign(gain=numbers(rows["value_gbp"]))


def _worth(contents: Contents) -> dict[str, float]:
    """£ of each area by the headline's claim, each event counted once; empty where no total was reckoned."""
    table, claim = contents.totals, headline_claim(contents)
    if table.empty:
        return {}
    rows: pd.DataFrame = table[(table["mode"] == claim.mode) & (table["comparator"] == claim.comparator)]
    rows = rows[rows["value_gbp"].notna()]
    return dict(zip(rows["area"].astype(str), rows["value_gbp"].astype(float), strict=True))
