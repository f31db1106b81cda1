"""Each locality: its spine chart and the rows behind it."""

from dataclasses import dataclass

import pandas as pd

from reports import words
from reports.catalogue import Catalogue, about_indicators
from reports.claims import headline_claim
from reports.contents import Contents
from reports.page.league import in_order
from reports.page.markup import anchor
from reports.page.pictures import Gallery, Inline
from reports.page.table import MARKS, Column, Row, Table, measured, named, number, pounds, significance
from reports.shorthand import NOT_APPLICABLE
from reports.tree import Tree

# Rows over all localities. Above it only what differs is listed, so that the page stays light.
ROWS_IN_FULL = 1500


@dataclass(frozen=True, kw_only=True)
class Locality:
    """One locality as the page shows it."""

    id: str
    name: str
    summary: str
    pictures: tuple[Inline, ...]
    table: Table


def locality_articles(contents: Contents, gallery: Gallery) -> list[Locality]:
    """Return the groups of the finest areas, by name; none where the areas have no such groups."""
    tree = Tree(contents)
    rows = contents.comparison
    rows = rows[rows["area"].isin(tree.groups) & rows["indicator"].isin(contents.catalogue["indicator"])]
    order = {code: position for position, code in enumerate(in_order(contents))}
    rows = rows.sort_values("indicator", key=lambda codes: codes.map(order), kind="stable")
    only_different = len(rows) > ROWS_IN_FULL
    by_area = dict(list(rows.groupby("area")))
    catalogue = about_indicators(contents.catalogue)
    return [
        _article(contents, tree, catalogue, code, by_area[code], gallery, only_different=only_different)
        for code in tree.groups
        if code in by_area
    ]


def _article(
    contents: Contents,
    tree: Tree,
    catalogue: Catalogue,
    code: str,
    rows: pd.DataFrame,
    gallery: Gallery,
    *,
    only_different: bool,
) -> Locality:
    different = rows["significance"].isin(MARKS)
    several = words.count_of(int(different.sum()), "indicator")
    verb = "differs" if int(different.sum()) == 1 else "differ"
    return Locality(
        id=anchor("locality", code),
        name=tree.name(code),
        summary=f"{several} of {len(rows)} {verb} from the peers beyond chance.",
        pictures=gallery.at(code, "spine"),
        table=_table(contents, tree, catalogue, code, rows[different] if only_different else rows),
    )


def _table(contents: Contents, tree: Tree, catalogue: Catalogue, area: str, rows: pd.DataFrame) -> Table:
    worth, whole = _worth(contents, area), _values(contents, contents.focus)
    made = []
    for row in rows.to_dict("records"):
        code, about = row["indicator"], catalogue[row["indicator"]]
        of_whole = [number(whole.get(code))] if contents.focus else []
        made.append(
            Row(
                cells=(
                    named(code, about),
                    measured(row["value"], about["unit"]),
                    *of_whole,
                    number(row["comparator_value"]),
                    significance(row["significance"]),
                    pounds(worth.get(code), missing=NOT_APPLICABLE),
                )
            )
        )
    whole_name = [Column(name=tree.name(contents.focus), numeric=True)] if contents.focus else []
    return Table(
        id=anchor("behind", area),
        caption=f"{tree.name(area)}, {contents.period}",
        columns=(
            Column(name="Indicator"),
            Column(name=tree.name(area), numeric=True),
            *whole_name,
            Column(name="Peers", numeric=True),
            Column(name="Against peers"),
            Column(name="Opportunity", numeric=True, unit="£"),
        ),
        rows=tuple(made),
        note=(
            f"Opportunity: {headline_claim(contents).label}. [z] not applicable: no price, or a need for"
            " investment, or a direction that is for local interpretation."
        ),
    )


def _worth(contents: Contents, area: str) -> dict[str, object]:
    claim, rows = headline_claim(contents), contents.opportunity
    rows = rows[
        (rows["area"] == area) & (rows["mode"] == claim.mode) & (rows["comparator"] == claim.comparator)
    ]
    return dict(zip(rows["indicator"], rows["value_gbp"], strict=True))


def _values(contents: Contents, area: str) -> dict[str, object]:
    rows = contents.comparison
    rows = rows[rows["area"] == area]
    return dict(zip(rows["indicator"], rows["value"], strict=True))
