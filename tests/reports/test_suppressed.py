"""Figures that the disclosure policy withholds: [c] where they are missing, and said where they are counted."""

import json
from dataclasses import replace

import pytest

from reports.charts.standard_set import jobs
from reports.contents import Contents, Source
from reports.headlines import headlines
from reports.page.figures import figures_json
from reports.page.method import sources_table
from reports.shorthand import SUPPRESSED
from reports.tree import finest_kind, parent_kind
from reports.workbook.comparison import comparison_sheets
from reports.workbook.sizing import Sizing
from tests.page_figures import PageFigures

FIGURES = ["numerator", "value", "lower_95", "upper_95", "difference", "z", "percentile", "rank"]
MONEY = ["units", "value_gbp", "investment_gbp", "p10", "p90", "probability"]


@pytest.fixture(scope="module")
def hidden(few: Contents) -> Contents:
    """The small pack with one indicator withheld in a locality and in three practices."""
    indicator = few.catalogue["indicator"].iloc[0]
    finest = finest_kind(few.areas)
    group = few.areas.loc[few.areas["kind"] == parent_kind(few.areas, finest), "area"].iloc[0]
    areas = [group, *few.areas.loc[few.areas["parent"] == group, "area"].head(3)]
    tables = {}
    for name, emptied in {"comparison": FIGURES, "opportunity": MONEY}.items():
        table = getattr(few, name).copy()
        rows = (table["indicator"] == indicator) & table["area"].isin(areas)
        table["suppressed"] = rows
        table[emptied] = table[emptied].mask(rows)
        tables[name] = table
    sources = (Source(name="counts.csv", table="indicators", rows=9, sha256=""),)
    return replace(few, sources=sources, **tables)


def test_the_comparison_sheets_say_suppressed_and_not_unavailable(hidden: Contents) -> None:
    frames = [table.frame for sheet in comparison_sheets(hidden) for table in sheet.tables]
    rows = [row for frame in frames for row in frame.to_dict("records") if row["suppressed"]]
    assert len(rows) == 4
    assert all(row[name] == SUPPRESSED for row in rows for name in FIGURES)
    shown = [row for frame in frames for row in frame.to_dict("records") if not row["suppressed"]]
    assert not any(row["value"] == SUPPRESSED for row in shown)


def test_the_ledger_says_suppressed_beside_what_does_not_apply(hidden: Contents) -> None:
    ledger = Sizing(hidden).ledger
    rows = ledger[ledger["suppressed"]]
    assert len(rows)
    assert (rows["units_0"] == SUPPRESSED).all()
    other = {"reduce": "investment_0", "increase": "gbp_0"}
    assert all(row[other[row["direction"]]] == "[z]" for row in rows.to_dict("records"))


def test_the_page_knows_what_is_withheld_and_has_no_figure_of_it(hidden: Contents) -> None:
    page = PageFigures(block=json.loads(figures_json(hidden)))
    indicator = hidden.catalogue["indicator"].iloc[0]
    rows = hidden.comparison[hidden.comparison["suppressed"]]
    codes = page.block["areas"]["code"]
    said = {about["code"]: [codes[place] for places in about["withheld"].values() for place in places]
            for about in page.block["indicators"]}  # fmt: skip
    assert sorted(said.pop(indicator)) == sorted(rows["area"])
    assert not any(said.values())
    shown = page.rows()
    own = shown[(shown["indicator"] == indicator) & shown["area"].isin(rows["area"])]
    assert not {"numerator", "value", "lower_95", "upper_95", "value_gbp", "p10", "p90", "units"} & set(
        own["column"]
    )


def test_the_headline_counts_what_is_withheld(hidden: Contents) -> None:
    indicator = hidden.catalogue["indicator"].iloc[0]
    said = headlines(hidden)
    assert "3 practices are withheld." in said[indicator]
    assert not any("withheld" in sentence for code, sentence in said.items() if code != indicator)


def test_a_picture_says_how_many_it_does_not_draw(hidden: Contents) -> None:
    drawn = [job.draw() for job in jobs(hidden) if job.kind == "funnel"]
    notes = [one.source for one in drawn if "Not drawn: 3 practices withheld" in one.source]
    assert len(notes) == 1


def test_a_file_without_a_hash_is_said_to_be_suppressed(hidden: Contents) -> None:
    table = sources_table(hidden)
    assert table is not None
    assert [cell.text for cell in table.rows[0].cells] == ["counts.csv", "indicators", "9", SUPPRESSED]
