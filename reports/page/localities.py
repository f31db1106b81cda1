"""Each locality: its spine, and the figures of each indicator beside it."""

from dataclasses import dataclass

import pandas as pd

from reports import words
from reports.catalogue import about_indicators
from reports.claims import headline_claim
from reports.contents import Contents
from reports.page.league import in_order
from reports.page.markup import anchor
from reports.page.spines import Spine, spines
from reports.page.table import (
    MARKS,
    Cell,
    Column,
    Row,
    Table,
    measured,
    named,
    number,
    pounds,
    text,
)
from reports.shorthand import NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, with_suppressed
from reports.tree import Tree

# Rows over all localities. Above it only what differs is listed, so that the page stays light.
ROWS_IN_FULL = 1500


@dataclass(frozen=True, kw_only=True)
class Locality:
    """One locality as the page shows it."""

    id: str
    name: str
    summary: str
    table: Table


def locality_articles(contents: Contents) -> list[Locality]:
    """Return the groups of the finest areas, by name; none where the areas have no such groups."""
    tree = Tree(contents)
    comparison = contents.comparison
    comparison = comparison[comparison["indicator"].isin(contents.catalogue["indicator"])]
    order = {code: position for position, code in enumerate(in_order(contents))}
    rows = comparison[comparison["area"].isin(tree.groups)]
    rows = rows.sort_values("indicator", key=lambda codes: codes.map(order), kind="stable")
    only_different = len(rows) > ROWS_IN_FULL
    # What a spine is drawn from: all areas of the kind, and the pack's own.
    around = comparison[(comparison["kind"] == tree.group_kind) | (comparison["area"] == contents.focus)]
    articles = []
    for code, own in rows.groupby("area"):
        drawn = spines(around, contents.catalogue, str(code), parent=contents.focus)
        different = own["significance"].isin(MARKS)
        shown = own[different] if only_different else own
        articles.append(_article(contents, tree, str(code), shown, drawn, int(different.sum()), len(own)))
    return sorted(articles, key=lambda article: (article.name, article.id))


def _article(
    contents: Contents,
    tree: Tree,
    code: str,
    rows: pd.DataFrame,
    drawn: dict[str, Spine],
    different: int,
    indicators: int,
) -> Locality:
    verb = "differs" if different == 1 else "differ"
    several = words.count_of(different, "indicator")
    return Locality(
        id=anchor("locality", code),
        name=tree.name(code),
        summary=f"{several} of {indicators} {verb} from the peers beyond chance.",
        table=_table(contents, tree, code, rows, drawn),
    )


def _table(contents: Contents, tree: Tree, area: str, rows: pd.DataFrame, drawn: dict[str, Spine]) -> Table:
    catalogue = about_indicators(contents.catalogue)
    worth, whole = _worth(contents, area), _values(contents, contents.focus)
    made = []
    for row in with_suppressed(rows).to_dict("records"):
        code, about = row["indicator"], catalogue[row["indicator"]]
        spine = drawn.get(code)
        without = SUPPRESSED if row["value"] == SUPPRESSED else NOT_AVAILABLE
        made.append(
            Row(
                cells=(
                    named(code, about),
                    Cell(text="" if spine else without, spine=spine),
                    measured(row["value"], about["unit"]),
                    *([number(whole.get(code))] if contents.focus else []),
                    number(row["comparator_value"]),
                    text(row["significance"], missing="not tested"),
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
            Column(name="Worse or lower, average, better or higher"),
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
    priced = rows["direction"] == "reduce"
    shown = rows["value_gbp"].where(~priced, with_suppressed(rows, ["value_gbp"])["value_gbp"])
    return dict(zip(rows["indicator"], shown, strict=True))


def _values(contents: Contents, area: str) -> dict[str, object]:
    rows = contents.comparison
    rows = with_suppressed(rows[rows["area"] == area])
    return dict(zip(rows["indicator"], rows["value"], strict=True))
