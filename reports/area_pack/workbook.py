"""The workbook of one area: what to ask about, every figure of its own, and the values it is held against."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from reports import words
from reports.area_pack.contents import AreaContents
from reports.area_pack.sized_sheets import asking_sheet, opportunity_sheet
from reports.area_pack.story import Story
from reports.shorthand import with_suppressed
from reports.workbook import usual_columns as usual
from reports.workbook.about import indicators_sheet, method_sheets
from reports.workbook.book import write_book
from reports.workbook.comparison import comparison_columns, named_rows
from reports.workbook.front import contents_sheet, cover_sheet
from reports.workbook.peers import peers_sheet
from reports.workbook.spec import Properties, Sheet, Table

# A value, how sure it is, and what it is held against.
_BESIDE_PEERS = (
    usual.value("value", "Value"),
    usual.UNIT,
    usual.value("lower_95", "Value: lower 95 % limit"),
    usual.value("upper_95", "Value: upper 95 % limit"),
    usual.value("comparator_value", "Peers"),
    usual.AGAINST_PEERS,
)


def write_workbook(story: Story, path: Path) -> None:
    """Write the workbook of an area's pack; the same contents give the same bytes."""
    area, contents = story.area, story.area.contents
    properties = Properties(
        title=f"{area.name}, {contents.period}",
        subject=contents.title,
        creator=f"variation {contents.version}",
        marking=" - ".join(contents.markings),
        made=contents.made,
    )
    with path.open("wb") as file:
        write_book(all_sheets(story), properties, file)


def all_sheets(story: Story) -> list[Sheet]:
    """Return the sheets of an area's workbook: what it says first, then what that rests on."""
    area, contents = story.area, story.area.contents
    rows = named_rows(replace(contents, comparison=area.now), area.tree)
    body = [
        asking_sheet(story),
        opportunity_sheet(area),
        _own_sheet(area, rows),
        _beside_sheet(area, rows),
        *([_inside_sheet(area, rows)] if area.inside else []),
        _series_sheet(area, rows),
        *([peers_sheet(contents)] if area.listed else []),
        indicators_sheet(contents),
        *method_sheets(contents),
    ]
    cover = cover_sheet(replace(contents, title=area.name, subtitle=_subtitle(area)), checked=False)
    cover = replace(
        cover, notes=(*cover.notes[:2], "Totals are live formulas over the rows that a filter shows.")
    )
    return [cover, contents_sheet(body), *body]


def _subtitle(area: AreaContents) -> str:
    parts = (area.contents.title, area.contents.subtitle)
    return ". ".join((area.described, *(part for part in parts if part)))


def _own_sheet(area: AreaContents, rows: pd.DataFrame) -> Sheet:
    """Return every figure of the area's own in the latest period."""
    own = rows[rows["area"] == area.area].reset_index(drop=True)
    columns = [
        column
        for column in comparison_columns(own)
        if column.key not in ("area_name", "kind_name", "part_of")
    ]
    columns.insert(1, usual.PROGRAMME)
    return Sheet(
        name="Every indicator",
        title=f"{area.name} beside its comparators",
        description="Every indicator of the area in its latest period, with its limits and what it is held against.",
        notes=(
            "Better and worse follow the direction that is good for the indicator; higher and lower are for local"
            " interpretation. About 1 indicator in 40 is flagged each way by chance alone.",
        ),
        tables=(Table(name="own", columns=tuple(columns), frame=with_suppressed(own)),),
        frozen_columns=1,
    )


def _beside_sheet(area: AreaContents, rows: pd.DataFrame) -> Sheet:
    """Return the value of each indicator in the area, in those it is part of, and in its peers."""
    beside = list(dict.fromkeys([area.area, *area.above, *area.beside]))
    shown = with_suppressed(rows[rows["area"].isin(beside)], ["value"])
    values = shown.set_index(["indicator", "area"])["value"].unstack().reindex(columns=beside)  # noqa: PD010
    about = rows.drop_duplicates("indicator").set_index("indicator")
    frame = about[["indicator_name", "unit", "value_format"]].join(values).reset_index()
    frame = frame.rename(columns={code: f"area_{place}" for place, code in enumerate(beside)})
    names = _headings([area.tree.name(code) for code in beside], beside)
    return Sheet(
        name="Beside others",
        title=f"{area.name} beside those it is held against",
        description="Values of the latest period: one row for each indicator, one column for each area.",
        notes=("The area itself, what it is part of, then its peers: the most similar first.",),
        tables=(
            Table(
                name="beside",
                columns=(
                    usual.INDICATOR,
                    usual.UNIT,
                    *(usual.value(f"area_{place}", name, width=14) for place, name in enumerate(names)),
                    usual.INDICATOR_CODE,
                ),
                frame=frame,
            ),
        ),
    )


def _headings(names: Sequence[str], codes: Sequence[str]) -> list[str]:
    """Name columns: where two areas share a name, each with its code."""
    twice = {name for name in names if list(names).count(name) > 1}
    reserved = {"Indicator", "Unit", "Indicator code"}
    return [
        f"{name} ({code})" if name in twice | reserved else name
        for name, code in zip(names, codes, strict=True)
    ]


def _inside_sheet(area: AreaContents, rows: pd.DataFrame) -> Sheet:
    """Return every indicator of the areas in this one."""
    inside = rows[rows["area"].isin(area.inside)].reset_index(drop=True)
    sized = area.sized.drop_duplicates(["indicator", "area"]).set_index(["indicator", "area"])
    inside = inside.join(sized[["units", "value_gbp", "investment_gbp"]], on=["indicator", "area"])
    kinds = words.kind_name(area.tree.kind[area.inside[0]], 2)
    return Sheet(
        name=words.sentence_case(kinds),
        title=f"{words.sentence_case(kinds)} in {area.name}",
        description=f"Every indicator of the {kinds} in the area: one row for each of them and indicator.",
        tables=(
            Table(
                name="inside",
                columns=(
                    usual.INDICATOR,
                    usual.AREA,
                    *_BESIDE_PEERS,
                    usual.SAVING,
                    usual.INVESTMENT,
                    usual.AREA_CODE,
                    usual.INDICATOR_CODE,
                ),
                frame=with_suppressed(inside),
            ),
        ),
        frozen_columns=2,
    )


def _series_sheet(area: AreaContents, rows: pd.DataFrame) -> Sheet:
    """Return the area's own figures of every period."""
    formats = rows.drop_duplicates("indicator").set_index("indicator")[
        ["indicator_name", "unit", "value_format", "numerator_format", "denominator_format"]
    ]
    series = area.series.join(formats, on="indicator")
    series = series[series["indicator_name"].notna()]
    place = {code: number for number, code in enumerate(formats.index)}
    series = series.assign(place=series["indicator"].map(place))
    series = series.sort_values(["place", "period"], kind="stable", ignore_index=True)
    return Sheet(
        name="Over time",
        title=f"{area.name} over time",
        description="The area's own figures: one row for each indicator and period.",
        tables=(
            Table(
                name="series",
                columns=(
                    usual.INDICATOR,
                    usual.PERIOD,
                    *usual.counts(12),
                    *_BESIDE_PEERS,
                    usual.INDICATOR_CODE,
                ),
                frame=with_suppressed(series),
            ),
        ),
        frozen_columns=2,
    )
