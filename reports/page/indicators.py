"""Each indicator for inquiry: what the headline says, its pictures, what to ask and what may warrant it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports import headlines, words
from reports.catalogue import about_indicators
from reports.charts.funnel_chart import outside
from reports.contents import Contents
from reports.page.league import in_order
from reports.page.markup import anchor, view
from reports.page.table import Row, Table, between, columns, measured, numbers, significance, text
from reports.tree import Tree, finest_kind

AREAS_LISTED = 12  # rows of an indicator; the charts have all
LISTED = 12  # indicators with a table of the areas outside the limits; the charts have those of all


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator as the page shows it."""

    id: str
    name: str
    about: str
    sentence: str
    question: str
    may_be_warranted: str
    row: str
    view: str
    outside: Table | None = None


def indicator_articles(contents: Contents) -> tuple[list[Indicator], list[Indicator]]:
    """Return the indicators with most to gain, the largest opportunity first, and the others."""
    kind = finest_kind(contents.areas)
    rows = contents.comparison[contents.comparison["kind"] == kind]
    by_indicator = dict(list(rows.groupby("indicator")))
    sentences, catalogue = headlines.headlines(contents), about_indicators(contents.catalogue)
    tree, articles = Tree(contents), []
    for place, code in enumerate(in_order(contents)):
        about, own = catalogue[code], by_indicator.get(code)
        outside = None
        if place < LISTED and own is not None:
            outside = outside_table(tree, code, about, own)
        articles.append(_article(contents, code, about, sentences[code], own, outside))
    return articles[:LISTED], articles[LISTED:]


def _article(
    contents: Contents,
    code: str,
    about: Mapping[str, Any],
    sentence: str,
    rows: pd.DataFrame | None,
    outside: Table | None,
) -> Indicator:
    parts = [words.text(about[column]) for column in ("programme", "pathway_stage", "unit")]
    if rows is not None and (period := str(rows["period"].iloc[0])) != contents.period:
        parts.append(f"latest figures {period}")
    return Indicator(
        id=anchor("indicator", code),
        name=words.text(about["name"], code),
        about=" · ".join(part for part in parts if part),
        sentence=sentence,
        question=words.text(about["question"]),
        may_be_warranted=words.text(about["may_be_warranted"]),
        row=anchor("row", code),
        view=view(indicator=code),
        outside=outside,
    )


def outside_table(tree: Tree, code: str, about: Mapping[str, Any], rows: pd.DataFrame) -> Table:
    """Return the areas that the funnel shows outside its 95 % limits, the furthest outside first."""
    outside = areas_outside(rows)
    name, unit = words.text(about["name"], code), about["unit"]
    shown = outside.head(AREAS_LISTED)
    count = words.count_of(len(outside), tree.finest)
    with_value = words.count_of(int(numbers(rows["value"]).notna().sum()), tree.finest)
    cut = f"; the {len(shown)} furthest outside are listed" if len(shown) < len(outside) else ""
    return Table(
        id=anchor("outside", code),
        caption=f"{name}: {count} of {with_value} outside the 95% funnel limits{cut}",
        columns=columns(
            words.sentence_case(words.kind_name(tree.finest)),
            "Value",
            "95% interval",
            "Peers",
            "Against peers",
            numeric=("Value", "Peers"),
        ),
        rows=tuple(
            Row(
                cells=(
                    text(tree.name(row["area"])),
                    measured(row["value"], unit),
                    between(row["lower_95"], row["upper_95"]),
                    measured(row["comparator_value"], unit),
                    significance(row["significance"]),
                )
            )
            for row in shown.to_dict("records")
        ),
    )


def areas_outside(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows outside the 95 % limits that the funnel draws; a suppressed value is not there."""
    drawn = [column for column in rows.columns if column.startswith("funnel_")]
    drawn += ["value", "denominator", "expected"]
    beyond = outside(rows.assign(**{column: numbers(rows[column]) for column in drawn}))
    return rows.set_index("area", drop=False).loc[beyond["area"]]
