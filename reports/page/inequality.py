"""Inequality: which indicators run with the deprivation of areas, and how long people live."""

import pandas as pd

from reports import words
from reports.catalogue import about_indicators
from reports.contents import Contents
from reports.inequality import inequality_sentence, latest_inequality, way_mark
from reports.life_expectancy import DEPRIVATION, expectancy, expected_at, gap_sentence
from reports.page.table import (
    Cell,
    Column,
    Row,
    Section,
    Table,
    between,
    columns,
    marked,
    measured,
    named,
    number,
    text,
)
from reports.tree import Tree

GRADIENT_NOTE = (
    "Gap over all areas: the figure of the most deprived area less that of the least deprived, by regression"
    " over areas weighted by their people. An indicator is listed where this and the slope index over"
    " deprivation fifths both leave out 0 on the same side; the workbook has all of them."
)
YEARS_NOTE = "Further years of life, with their 95% interval. [x] not available: 5,000 people or fewer."


def inequality_section(contents: Contents) -> Section | None:
    """Return the indicators that run with deprivation; None where none was measured."""
    rows = latest_inequality(contents)
    if rows.empty:
        return None
    certain = rows[rows["certain"]]
    return Section(
        id="inequality",
        title="Inequality",
        sentence=inequality_sentence(rows),
        table=None if certain.empty else _gradient_table(contents, certain),
    )


def _gradient_table(contents: Contents, rows: pd.DataFrame) -> Table:
    catalogue = about_indicators(contents.catalogue)
    made = []
    for row in rows.to_dict("records"):
        about = catalogue[row["indicator"]]
        made.append(
            Row(
                cells=(
                    named(row["indicator"], about),
                    measured(row["most_deprived"], about["unit"]),
                    measured(row["least_deprived"], about["unit"]),
                    number(row["gradient"]),
                    between(row["gradient_lower_95"], row["gradient_upper_95"]),
                    _way(row["way"], about["polarity"]),
                )
            )
        )
    return Table(
        id="inequality-table",
        caption=f"Indicators that run with deprivation, {contents.period}, the steepest first",
        columns=columns(
            "Indicator",
            "Most deprived fifth",
            "Least deprived fifth",
            "Gap over all areas",
            "95% interval",
            "Among the most deprived",
            numeric=("Most deprived fifth", "Least deprived fifth", "Gap over all areas"),
        ),
        rows=tuple(made),
        note=GRADIENT_NOTE,
        tools=True,
        file="inequality.csv",
    )


def _way(way: str, polarity: object) -> Cell:
    """Return the cell that says what the most deprived have, and whether that is the good direction."""
    mark = way_mark(way, polarity)
    return marked(way if mark == way else f"{way}, {mark}", mark)


def life_section(contents: Contents) -> Section | None:
    """Return life expectancy of deprivation fifths, the pack's own area and its groups; None without any."""
    rows = expectancy(contents)
    if rows.empty:
        return None
    shown = {contents.focus, *Tree(contents).groups}
    rows = rows[(rows["kind"] == DEPRIVATION) | rows["area"].isin(shown)]
    if rows.empty:
        return None
    return Section(
        id="life-expectancy", title="Life expectancy", sentence=gap_sentence(rows), table=_life_table(rows)
    )


def _life_table(rows: pd.DataFrame) -> Table:
    """Lay years out with one row an area and a pair of columns for each sex and age."""
    pairs = list(rows[["age", "sex"]].drop_duplicates().itertuples(index=False, name=None))
    cells = {(row["area"], row["age"], row["sex"]): row for row in rows.to_dict("records")}
    headings = [Column(name="Area")]
    for age, sex in pairs:
        title = f"{words.sentence_case(sex)}, {expected_at(age)}"
        headings += [Column(name=title, numeric=True, unit="years"), Column(name=f"{title}: 95% interval")]
    made = []
    for area, name in rows[["area", "area_name"]].drop_duplicates().itertuples(index=False, name=None):
        row = [text(name)]
        for age, sex in pairs:
            one = cells.get((area, age, sex), {})
            row += [
                number(one.get("value"), decimals=1),
                between(one.get("lower_95"), one.get("upper_95"), _one_decimal),
            ]
        made.append(Row(cells=tuple(row)))
    return Table(
        id="life-table",
        caption=f"Life expectancy, {rows['period'].iloc[0]}",
        columns=tuple(headings),
        rows=tuple(made),
        note=YEARS_NOTE,
        tools=True,
        file="life-expectancy.csv",
    )


def _one_decimal(years: float) -> str:
    return words.number(years, 1)
