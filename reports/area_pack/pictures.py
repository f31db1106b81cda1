"""The pictures of one area's pack: its spine, its likeness to its peers; peers, time and areas in it of each look."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from reports import words
from reports.area_pack.contents import AreaContents
from reports.catalogue import about_indicators
from reports.charts import caterpillar_chart, peer_bars_chart, similarity_chart, spine_chart, xmr_chart
from reports.charts.frame import Caption
from reports.charts.jobs import Job, caption_of, caption_of_indicator
from reports.flags import FLAGGED_BY_CHANCE

FEWEST_INSIDE = 2  # areas inside that can be put in order


def area_jobs(area: AreaContents, indicators: list[str]) -> list[Job]:
    """Return the pictures of an area's pack, not yet drawn; ``indicators`` are those to look at first."""
    catalogue = about_indicators(area.contents.catalogue)
    of_looks = [job for code in indicators for job in _of_indicator(area, code, catalogue[code])]
    return [*_spine(area, indicators), *of_looks, *_similarity(area)]


def _spine(area: AreaContents, first: list[str]) -> Iterator[Job]:
    """Draw the area's spine, where any of its indicators is held against peers; those to look at first are on it."""
    told = area.own[area.own["value"].notna() & area.own["comparator_value"].notna()]
    if told.empty:
        return
    catalogue = area.contents.catalogue.sort_values(["programme", "name"], kind="stable")
    parent = area.above[0] if area.above else ""
    rows = spine_chart.spine_rows(area.now, catalogue, area.area, parent=parent, spread=area.spread)
    caption = caption_of(area.contents, area.name, period=area.contents.period, kind=area.kind)
    name = area.tree.name(parent) if parent else ""
    draw_one = partial(spine_chart.drawn, rows, caption=caption, parent_name=name, first=first)
    yield Job(kind="spine", area=area.area, draw=draw_one)


def _of_indicator(area: AreaContents, indicator: str, about: Mapping[str, Any]) -> Iterator[Job]:
    """Draw one indicator: the area among its peers, its own figures over time, and the areas in it."""
    rows = area.now[area.now["indicator"] == indicator]
    rows = rows.assign(name=[area.tree.name(code) for code in rows["area"]])
    among = rows[rows["area"].isin([area.area, *area.beside])]
    polarity = words.text(about["polarity"], "local")
    bars = peer_bars_chart.peer_bar_rows(among, area.beside, area.area, polarity=polarity)
    caption = _caption(area, indicator, about, kind=area.kind)
    if (bars["role"] == "own").any() and (bars["role"] == "peer").any():
        draw_one = partial(peer_bars_chart.drawn, bars, caption=caption, name=area.name)
        yield Job(kind="peer-bars", indicator=indicator, area=area.area, draw=draw_one)
    points = xmr_chart.xmr_rows(area.series, area.contents.trend, indicator, area.area)
    if points["value"].notna().any():
        span = f"{points['period'].iloc[0]} to {points['period'].iloc[-1]}, {area.name}"
        caption = _caption(area, indicator, about, period=span)
        draw_one = partial(xmr_chart.drawn, points, caption=caption)
        yield Job(kind="xmr", indicator=indicator, area=area.area, draw=draw_one)
    inside = rows[rows["area"].isin(area.inside)]
    if inside["value"].notna().sum() >= FEWEST_INSIDE:
        caption = _caption(area, indicator, about, kind=str(inside["kind"].iloc[0]))
        tested = inside["value"].notna() & (inside["significance"].astype(str) != "not tested")
        draw_one = partial(
            caterpillar_chart.drawn, inside, caption=caption, inside=area.name,
            flags_expected=FLAGGED_BY_CHANCE * int(tested.sum()),
        )  # fmt: skip
        yield Job(kind="caterpillar", indicator=indicator, area=area.area, draw=draw_one)


def _caption(area: AreaContents, indicator: str, about: Mapping[str, Any], **more: str) -> Caption:
    period = area.periods.get(indicator, "")
    return caption_of_indicator(area.contents, indicator, about, **({"period": period} | more))


def _similarity(area: AreaContents) -> Iterator[Job]:
    """Draw what the area and its peers are like, where its peers were chosen by likeness."""
    likeness = similarity_chart.similarity_rows(area.alike, area.contents.peers, area.area)
    if len(likeness):
        caption = caption_of(area.contents, area.name, period=area.contents.period, kind=area.kind)
        draw_one = partial(similarity_chart.drawn, likeness, caption=caption)
        yield Job(kind="similarity", area=area.area, draw=draw_one)
