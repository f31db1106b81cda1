"""The pictures of one area's pack: its spine, its likeness to its peers; peers, time and areas in it of each look."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from reports import words
from reports.area_pack.contents import AreaContents
from reports.area_pack.looks import FLAGGED_BY_CHANCE
from reports.catalogue import about_indicators
from reports.charts import caterpillar_chart, peer_bars_chart, similarity_chart, spine_chart, xmr_chart
from reports.charts.frame import Caption
from reports.charts.jobs import Drawn, Job, caption_of

FEWEST_INSIDE = 2  # areas inside that can be put in order


def area_jobs(area: AreaContents, indicators: list[str]) -> list[Job]:
    """Return the pictures of an area's pack, not yet drawn; ``indicators`` are those to look at first."""
    catalogue = about_indicators(area.contents.catalogue)
    of_looks = [job for code in indicators for job in _of_indicator(area, code, catalogue[code])]
    return [*_spine(area), *of_looks, *_similarity(area)]


def _spine(area: AreaContents) -> Iterator[Job]:
    """Draw the area's spine of the indicators that tell most: those that stand out, then the furthest."""
    told = area.own[area.own["value"].notna() & area.own["comparator_value"].notna()]
    if told.empty:
        return
    stands_out = told["significance"].astype(str).isin(["better", "worse", "higher", "lower"])
    order = told.assign(_out=stands_out, _far=told["z"].astype(float).abs())
    order = order.sort_values(["_out", "_far"], ascending=False, kind="stable", na_position="last")
    catalogue = area.contents.catalogue
    page = catalogue[catalogue["indicator"].isin(order.index[: spine_chart.ROWS])]
    page = page.sort_values(["programme", "name"], kind="stable")
    parent = area.above[0] if area.above else ""
    every = spine_chart.spine_rows(area.now, catalogue, area.area, parent=parent, spread=area.spread)
    rows = every.set_index("indicator").loc[
        [code for code in page["indicator"] if code in set(every["indicator"])]
    ]
    caption = caption_of(area.contents, area.name, period=area.contents.period, kind=area.kind)
    name = area.tree.name(parent) if parent else ""
    draw_one = partial(_spine_drawn, rows.reset_index(), every, caption, name)
    yield Job(kind="spine", area=area.area, draw=draw_one)


def _spine_drawn(rows: pd.DataFrame, every: pd.DataFrame, caption: Caption, parent_name: str) -> Drawn:
    more: dict[str, Any] = {"caption": caption, "parent_name": parent_name, "every": every}
    return Drawn(
        figure=spine_chart.spine(rows, **more),
        title=spine_chart.title(every, caption.name),
        alt=spine_chart.alt_text(rows, **more),
        source=caption.source,
    )


def _of_indicator(area: AreaContents, indicator: str, about: Mapping[str, Any]) -> Iterator[Job]:
    """Draw one indicator: the area among its peers, its own figures over time, and the areas in it."""
    rows = area.now[area.now["indicator"] == indicator]
    rows = rows.assign(name=[area.tree.name(code) for code in rows["area"]])
    among = rows[rows["area"].isin([area.area, *area.beside])]
    polarity = words.text(about["polarity"], "local")
    bars = peer_bars_chart.peer_bar_rows(among, area.beside, area.area, polarity=polarity)
    caption = _caption(area, indicator, about, kind=area.kind)
    if (bars["role"] == "own").any() and (bars["role"] == "peer").any():
        draw_one = partial(_bars_drawn, bars, caption, area.name)
        yield Job(kind="peer-bars", indicator=indicator, area=area.area, draw=draw_one)
    points = xmr_chart.xmr_rows(area.series, area.contents.trend, indicator, area.area)
    if points["value"].notna().any():
        span = f"{points['period'].iloc[0]} to {points['period'].iloc[-1]}, {area.name}"
        caption = _caption(area, indicator, about, period=span)
        yield Job(kind="xmr", indicator=indicator, area=area.area, draw=partial(_xmr_drawn, points, caption))
    inside = rows[rows["area"].isin(area.inside)]
    if inside["value"].notna().sum() >= FEWEST_INSIDE:
        caption = _caption(area, indicator, about, kind=str(inside["kind"].iloc[0]))
        draw_one = partial(_inside_drawn, inside, caption, area.name)
        yield Job(kind="caterpillar", indicator=indicator, area=area.area, draw=draw_one)


def _caption(area: AreaContents, indicator: str, about: Mapping[str, Any], **more: str) -> Caption:
    return caption_of(
        area.contents,
        words.text(about["name"], indicator),
        **{
            "unit": words.text(about["unit"]),
            "period": area.periods.get(indicator, ""),
            "polarity": words.text(about["polarity"], "local"),
            "source": words.text(about.get("source")),
        }
        | more,
    )


def _bars_drawn(rows: pd.DataFrame, caption: Caption, name: str) -> Drawn:
    return Drawn(
        figure=peer_bars_chart.peer_bars(rows, caption=caption, name=name),
        title=f"{caption.name}: {peer_bars_chart.title(rows, caption=caption, name=name)}",
        alt=peer_bars_chart.alt_text(rows, caption=caption, name=name),
        source=caption.source,
    )


def _xmr_drawn(rows: pd.DataFrame, caption: Caption) -> Drawn:
    return Drawn(
        figure=xmr_chart.xmr(rows, caption=caption),
        title=f"{caption.name}: {xmr_chart.title(rows, caption=caption)}",
        alt=xmr_chart.alt_text(rows, caption=caption),
        source=caption.source,
    )


def _inside_drawn(rows: pd.DataFrame, caption: Caption, name: str) -> Drawn:
    tested = rows["value"].notna() & (rows["significance"].astype(str) != "not tested")
    by_chance = FLAGGED_BY_CHANCE * int(tested.sum())
    said = caterpillar_chart.title(rows, caption=caption, flags_expected=by_chance)
    return Drawn(
        figure=caterpillar_chart.caterpillar(rows, caption=caption, flags_expected=by_chance),
        title=f"{caption.name}, {name}: {said}",
        alt=caterpillar_chart.alt_text(rows, caption=caption, flags_expected=by_chance),
        source=caption.source,
    )


def _similarity(area: AreaContents) -> Iterator[Job]:
    """Draw what the area and its peers are like, where its peers were chosen by likeness."""
    likeness = similarity_chart.similarity_rows(area.alike, area.contents.peers, area.area)
    if len(likeness):
        caption = caption_of(area.contents, area.name, period=area.contents.period, kind=area.kind)
        yield Job(kind="similarity", area=area.area, draw=partial(_similarity_drawn, likeness, caption))


def _similarity_drawn(rows: pd.DataFrame, caption: Caption) -> Drawn:
    return Drawn(
        figure=similarity_chart.similarity(rows, caption=caption),
        title=similarity_chart.title(rows, caption.name),
        alt=similarity_chart.alt_text(rows, caption=caption),
        source=caption.source,
    )
