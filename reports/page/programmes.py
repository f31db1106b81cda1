"""Pathways: what each programme of care adds up to, and where on its pathway the indicators differ."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports import words
from reports.catalogue import PATHWAY_STAGES, programme_names
from reports.contents import Contents
from reports.flags import flags
from reports.page.sizing import Sized, side_by_side
from reports.page.table import Cell, Column, Row, Table, number, text
from reports.shorthand import NOT_AVAILABLE

NOTE = (
    "Before overlap is taken out: an event that two indicators count is in the total twice."
    " Only positive gaps are added; needs for investment are never netted off. Intervals do not add up."
)
AMOUNTS = ["value_gbp", "investment_gbp", "chance_floor_gbp"]


def flags_by_indicator(contents: Contents) -> pd.DataFrame:
    """Return the catalogue with the areas flagged in each indicator and the number chance would give."""
    stand_out = flags(contents)
    counted = [stand_out.get(code) for code in contents.catalogue["indicator"]]
    return contents.catalogue.assign(
        programme=contents.catalogue["indicator"].map(programme_names(contents.catalogue)),
        found=[float(one.flagged) if one else float("nan") for one in counted],
        expected=[one.expected if one else float("nan") for one in counted],
    )


def programme_table(contents: Contents) -> Table:
    """Return one row per programme: opportunity by each claim, chance floor, investment need, flags."""
    indicators = flags_by_indicator(contents)
    sums = indicators.groupby("programme").agg(
        indicators=("indicator", "size"), found=("found", "sum"), expected=("expected", "sum")
    )
    programmes = programme_names(contents.catalogue)
    sized = [_by_programme(one, programmes) for one in side_by_side(contents)]
    if sized:
        sums = sums.join(sized[0].figures["value_gbp"]).sort_values(
            "value_gbp", ascending=False, na_position="last", kind="stable"
        )
    rows = (
        Row(
            cells=(
                text(name),
                number(counts["indicators"]),
                *(cell for one in sized for cell in one.cells(name)),
                *(one.investment(name) for one in sized[:1]),
                number(counts["found"], decimals=0),
                number(counts["expected"], decimals=0),
            )
        )
        for name, counts in zip(sums.index.astype(str), sums.to_dict("records"), strict=True)
    )
    return Table(
        id="programmes-table",
        caption=f"Opportunity by programme of care, {contents.period}",
        columns=(
            Column(name="Programme"),
            Column(name="Indicators", numeric=True),
            *(column for one in sized for column in one.columns()),
            *(Column(name="Investment need", numeric=True, unit="£") for _ in sized[:1]),
            Column(name="Flags", numeric=True),
            Column(name="Flags expected by chance", numeric=True),
        ),
        rows=tuple(rows),
        note=NOTE,
        sorted=2 if sized else None,
        tools=True,
        file="programmes.csv",
    )


def _by_programme(one: Sized, programmes: "pd.Series[str]") -> Sized:
    """Add one way of sizing up by programme; an interval does not add up."""
    totals = one.figures[AMOUNTS].groupby(programmes.reindex(one.figures.index)).sum(min_count=1)
    return Sized(claim=one.claim, figures=totals.assign(p10=float("nan"), p90=float("nan")))


def pathway_table(contents: Contents) -> Table | None:
    """Return programme by stage of the pathway: areas flagged, with the number chance would give.

    None where the catalogue names no stages.
    """
    staged = flags_by_indicator(contents).dropna(subset=["pathway_stage"])
    if staged.empty:
        return None
    sums = staged.groupby(["programme", "pathway_stage"])[["found", "expected"]].sum(min_count=1)
    flagged = sums.to_dict("index")
    there = set(staged["pathway_stage"])
    order = [stage for stage in PATHWAY_STAGES if stage in there] + sorted(there - set(PATHWAY_STAGES))
    rows = (
        Row(cells=(text(name), *(_stage_cell(flagged.get((name, stage))) for stage in order)))
        for name in sorted(staged["programme"].unique())
    )
    return Table(
        id="pathways-table",
        caption=f"Flags along the pathway, {contents.period}: found (expected by chance)",
        columns=(
            Column(name="Programme"),
            *(Column(name=words.sentence_case(stage), numeric=True) for stage in order),
        ),
        rows=tuple(rows),
        note="A dash: no indicator at that stage of this programme.",
    )


def _stage_cell(flagged: Mapping[Any, float] | None) -> Cell:
    if flagged is None:
        return Cell(text="–")
    if words.is_missing(flagged["found"]):
        return Cell(text=NOT_AVAILABLE)
    said = f"{words.number(flagged['found'], 0)} ({words.number(flagged['expected'], 0)})"
    return Cell(text=said, value=flagged["found"])
