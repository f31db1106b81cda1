"""Pictures of the indicators with most to gain: funnel, caterpillar, map, and the pack's own area over time."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from reports import caterpillar_chart, funnel_chart, map_chart, ribbon_chart, words, xmr_chart
from reports.chart_frame import Caption
from reports.chart_jobs import Drawn, Job, caption_of
from reports.contents import Contents
from reports.headlines import finest_kind, flags, latest, league

MAPPED = 3  # indicators with a map
FOLLOWED = (
    3  # indicators whose own process is followed too; all are shown over time on the spread of the others
)


def indicator_jobs(contents: Contents, top: int) -> Iterator[Job]:
    """Draw a funnel and a caterpillar of each indicator with most to gain; of the first ones, where none has."""
    kind = finest_kind(contents.areas)
    rows = latest(contents.comparison[contents.comparison["kind"] == kind], contents.period)
    rows = rows.assign(name=rows["area"].map(contents.areas.set_index("area")["name"]))
    expected = {code: one.expected for code, one in flags(contents, kind).items()}
    outlines = _outlines(contents)
    for place, indicator in enumerate(_most_to_gain(contents, top)):
        own = rows[rows["indicator"] == indicator]
        period = str(own["period"].iloc[0]) if len(own) else contents.period
        caption = _caption(contents, indicator, own, kind=kind, period=period)
        by_chance = expected.get(indicator, float("nan"))
        for name, module, make in (
            ("funnel", funnel_chart, funnel_chart.funnel),
            ("caterpillar", caterpillar_chart, caterpillar_chart.caterpillar),
        ):
            draw_one = partial(_indicator, module, make, own, caption, by_chance)
            yield Job(kind=name, indicator=indicator, draw=draw_one)
        if place < MAPPED and len(own):
            yield _map(contents, indicator, outlines)
        if contents.focus:
            yield from _over_time(contents, indicator, own_process=place < FOLLOWED)


def _caption(contents: Contents, indicator: str, rows: pd.DataFrame, *, kind: str, period: str) -> Caption:
    """Make the words of a chart of an indicator; its source says how many of the ``rows`` are not drawn."""
    about = contents.catalogue.set_index("indicator").loc[indicator]
    source = words.text(about.get("source"))
    if "suppressed" in rows and (withheld := int(rows["suppressed"].sum())):
        source = f"{source}. Not drawn: {words.count_of(withheld, kind)} withheld".removeprefix(". ")
    return caption_of(
        contents,
        words.text(about["name"], indicator),
        unit=words.text(about["unit"]),
        polarity=words.text(about["polarity"], "local"),
        source=source,
        kind=kind,
        period=period,
    )


def _indicator(
    module: Any, make: Callable[..., Figure], rows: pd.DataFrame, caption: Caption, by_chance: float
) -> Drawn:
    words_ = {"caption": caption, "flags_expected": by_chance}
    return Drawn(
        figure=make(rows, **words_),
        title=f"{caption.name}: {module.title(rows, **words_)}",
        alt=module.alt_text(rows, **words_),
        source=caption.source,
    )


def _most_to_gain(contents: Contents, top: int) -> list[str]:
    """Return the codes of the indicators to draw: by £, investment, units; then those that are not sized."""
    sized = league(contents)["indicator"].tolist()
    rest = [code for code in contents.catalogue["indicator"] if code not in set(sized)]
    return [str(code) for code in (sized + rest)[:top]]


def followed(contents: Contents, top: int) -> list[str]:
    """Return the codes of the indicators that are drawn over time: their series are needed."""
    return _most_to_gain(contents, top) if contents.focus else []


def _outlines(contents: Contents) -> dict[str, str]:
    """Return the boundaries of the areas that have one: code, GeoJSON geometry as text."""
    table = getattr(contents, "boundaries", None)
    if table is None or table.empty:
        return {}
    known = table[table["geometry"].notna()]
    return dict(zip(known["area"].astype(str), known["geometry"].astype(str), strict=True))


def _map(contents: Contents, indicator: str, outlines: Mapping[str, str]) -> Job:
    """Draw the finest kind of area all of which have a boundary; where none has, hexagons of the finest kind."""
    rows = latest(contents.comparison[contents.comparison["indicator"] == indicator], contents.period)
    finest = finest_kind(contents.areas)
    kind = _outlined_kind(contents, outlines) or finest
    outlined = _outlined_kind(contents, outlines) != ""
    expected = flags(contents, kind).get(indicator)
    own = rows[rows["kind"] == kind]
    placed = map_chart.map_rows(own, contents.areas)
    period = str(rows["period"].iloc[0]) if len(rows) else contents.period
    caption = _caption(contents, indicator, own, kind=kind, period=period)
    by_chance = expected.expected if expected else float("nan")
    draw_one = partial(_map_drawn, placed, caption, outlines if outlined else None, by_chance)
    return Job(kind="map", indicator=indicator, draw=draw_one)


def _outlined_kind(contents: Contents, outlines: Mapping[str, str]) -> str:
    """Return the kind with most areas of which all have a boundary; empty where there is none."""
    has = contents.areas["area"].isin(list(outlines))
    every = has.groupby(contents.areas["kind"]).agg(["all", "size"])
    whole = every[every["all"] & (every["size"] > 1)]
    return str(whole["size"].idxmax()) if len(whole) else ""


def _map_drawn(
    rows: pd.DataFrame, caption: Caption, outlines: Mapping[str, str] | None, by_chance: float
) -> Drawn:
    return Drawn(
        figure=map_chart.map_of_areas(rows, caption=caption, geometries=outlines, flags_expected=by_chance),
        title=f"{caption.name}: {map_chart.title(rows, caption=caption, flags_expected=by_chance)}",
        alt=map_chart.alt_text(
            rows, caption=caption, outlined=outlines is not None, flags_expected=by_chance
        ),
        source=caption.source,
    )


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
    spread = ribbon_chart.ribbon_rows(series, indicator, area, kind)
    if len(spread) > 1 and spread["value"].notna().any():
        caption = _caption(contents, indicator, spread, kind=kind, period=_span(spread))
        yield Job(kind="ribbon", indicator=indicator, area=area, draw=partial(_ribbon, spread, caption, name))
    points = xmr_chart.xmr_rows(series, contents.trend, indicator, area)
    if own_process and points["value"].notna().any():
        caption = _caption(contents, indicator, points, kind="", period=f"{_span(points)}, {name}")
        yield Job(kind="xmr", indicator=indicator, area=area, draw=partial(_xmr, points, caption))


def _span(rows: pd.DataFrame) -> str:
    return f"{rows['period'].iloc[0]} to {rows['period'].iloc[-1]}"


def _ribbon(rows: pd.DataFrame, caption: Caption, name: str) -> Drawn:
    return Drawn(
        figure=ribbon_chart.ribbon(rows, caption=caption, name=name),
        title=f"{caption.name}: {ribbon_chart.title(rows, name=name, kind=caption.kind)}",
        alt=ribbon_chart.alt_text(rows, caption=caption, name=name),
        source=caption.source,
    )


def _xmr(rows: pd.DataFrame, caption: Caption) -> Drawn:
    return Drawn(
        figure=xmr_chart.xmr(rows, caption=caption),
        title=f"{caption.name}: {xmr_chart.title(rows, caption=caption)}",
        alt=xmr_chart.alt_text(rows, caption=caption),
        source=caption.source,
    )
