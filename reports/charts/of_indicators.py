"""Pictures of the indicators with most to gain: funnel, caterpillar, map, and the pack's own area over time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from reports import words
from reports.catalogue import about_indicators
from reports.charts import caterpillar_chart, funnel_chart, map_chart, ribbon_chart, xmr_chart
from reports.charts.frame import Caption, Drawn
from reports.charts.jobs import Job, caption_of_indicator
from reports.contents import Contents
from reports.flags import flags
from reports.pack_rows import latest, most_to_gain
from reports.tree import finest_kind

MAPPED = 3  # indicators with a map
FOLLOWED = 3  # indicators whose own process is followed too; all are shown over time on the spread of others


def indicator_jobs(contents: Contents, top: int) -> Iterator[Job]:
    """Draw a funnel and a caterpillar of each indicator with most to gain; of the first ones, where none has."""
    kind = finest_kind(contents.areas)
    rows = latest(contents.comparison[contents.comparison["kind"] == kind], contents.period)
    rows = rows.assign(name=rows["area"].map(contents.areas.set_index("area")["name"]))
    expected = {code: one.expected for code, one in flags(contents, kind).items()}
    outlines = _outlines(contents)
    for place, indicator in enumerate(most_to_gain(contents, top)):
        own = rows[rows["indicator"] == indicator]
        period = str(own["period"].iloc[0]) if len(own) else contents.period
        caption = _caption(contents, indicator, own, kind=kind, period=period)
        by_chance = expected.get(indicator, float("nan"))
        for name, draw in (("funnel", funnel_chart.drawn), ("caterpillar", caterpillar_chart.drawn)):
            draw_one = partial(draw, own, caption=caption, flags_expected=by_chance)
            yield Job(kind=name, indicator=indicator, draw=draw_one)
        if place < MAPPED and len(own):
            outlined = _outlined_kind(contents, outlines)
            draw_one = partial(_map, contents, indicator, outlines if outlined else None, outlined or kind)
            yield Job(kind="map", indicator=indicator, draw=draw_one)
        if contents.focus:
            yield from _over_time(contents, indicator, own_process=place < FOLLOWED)


def _caption(contents: Contents, indicator: str, rows: pd.DataFrame, *, kind: str, period: str) -> Caption:
    """Make the words of a chart of an indicator; its source says how many of the ``rows`` are not drawn."""
    withheld = int(rows["suppressed"].sum()) if "suppressed" in rows else 0
    remark = f"Not drawn: {words.count_of(withheld, kind)} withheld" if withheld else ""
    about = about_indicators(contents.catalogue)[indicator]
    return caption_of_indicator(contents, indicator, about, remark=remark, kind=kind, period=period)


def _outlines(contents: Contents) -> dict[str, str]:
    """Return the boundaries of the areas that have one: code, GeoJSON geometry as text."""
    known = contents.boundaries[contents.boundaries["geometry"].notna()]
    return dict(zip(known["area"].astype(str), known["geometry"].astype(str), strict=True))


def _map(contents: Contents, indicator: str, outlines: Mapping[str, str] | None, kind: str) -> Drawn:
    """Draw the areas of a kind inside their boundaries; where there are none, as hexagons."""
    rows = latest(contents.comparison[contents.comparison["indicator"] == indicator], contents.period)
    own = rows[rows["kind"] == kind]
    period = str(rows["period"].iloc[0]) if len(rows) else contents.period
    caption = _caption(contents, indicator, own, kind=kind, period=period)
    of_one = replace(contents, comparison=own)
    expected = flags(of_one, kind).get(indicator)
    by_chance = expected.expected if expected else float("nan")
    placed = map_chart.map_rows(own, contents.areas)
    return map_chart.drawn(placed, caption=caption, geometries=outlines, flags_expected=by_chance)


def _outlined_kind(contents: Contents, outlines: Mapping[str, str]) -> str:
    """Return the kind with most areas of which all have a boundary; empty where there is none."""
    has = contents.areas["area"].isin(list(outlines))
    every = has.groupby(contents.areas["kind"]).agg(["all", "size"])
    whole = every[every["all"] & (every["size"] > 1)]
    return str(whole["size"].idxmax()) if len(whole) else ""


def _over_time(contents: Contents, indicator: str, *, own_process: bool) -> Iterator[Job]:
    """Draw the pack's own area on the spread of the others, and by the rules of its own process."""
    area = contents.focus
    own = contents.areas.loc[contents.areas["area"] == area]
    if own.empty:
        return
    name = words.text(own["name"].iloc[0], area)
    alike = contents.areas["kind"] == own["kind"].iloc[0]
    kind = str(own["kind"].iloc[0]) if alike.sum() > 1 else finest_kind(contents.areas)
    series = contents.comparison[contents.comparison["indicator"] == indicator]
    known = series[series["value"].notna()]
    alone = known["area"] == area
    if alone.any() and len(known.loc[known["kind"] == kind, "period"].unique()) > 1:
        draw_one = partial(_ribbon, contents, series, indicator, area, kind, name)
        yield Job(kind="ribbon", indicator=indicator, area=area, draw=draw_one)
    followed_ = contents.trend
    if own_process and alone.any() and len(followed_):
        own_trend = followed_[(followed_["indicator"] == indicator) & (followed_["area"] == area)]
        if len(own_trend):
            draw_one = partial(_xmr, contents, series, own_trend, indicator, area, name)
            yield Job(kind="xmr", indicator=indicator, area=area, draw=draw_one)


def _span(rows: pd.DataFrame) -> str:
    return f"{rows['period'].iloc[0]} to {rows['period'].iloc[-1]}"


def _ribbon(
    contents: Contents, series: pd.DataFrame, indicator: str, area: str, kind: str, name: str
) -> Drawn:
    rows = ribbon_chart.ribbon_rows(series, indicator, area, kind)
    caption = _caption(contents, indicator, rows, kind=kind, period=_span(rows))
    return ribbon_chart.drawn(rows, caption=caption, name=name)


def _xmr(
    contents: Contents, series: pd.DataFrame, trend: pd.DataFrame, indicator: str, area: str, name: str
) -> Drawn:
    rows = xmr_chart.xmr_rows(series, trend, indicator, area)
    caption = _caption(contents, indicator, rows, kind="", period=f"{_span(rows)}, {name}")
    return xmr_chart.drawn(rows, caption=caption)
