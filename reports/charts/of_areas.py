"""Pictures of areas: a pathway of each programme, spines, and an area beside its peers."""

from collections.abc import Callable, Iterator
from functools import cache, partial

import pandas as pd

from reports import words
from reports.catalogue import about_indicators
from reports.charts import pathway_chart, peer_bars_chart, similarity_chart, spine_chart
from reports.charts.frame import Caption, Drawn
from reports.charts.jobs import Job, caption_of, caption_of_indicator
from reports.charts.of_indicators import FOLLOWED
from reports.contents import Contents
from reports.pack_rows import followed, latest
from reports.tree import finest_kind, parent_kind

FEWEST = 3  # indicators of a programme below which it has no pathway


def compared(contents: Contents) -> bool:
    """Tell whether the pack's own area is held against peers: a whole system has none."""
    own = contents.comparison[contents.comparison["area"] == contents.focus]
    return bool(own["comparator_value"].notna().any())


def subjects(contents: Contents) -> pd.DataFrame:
    """Return the areas that pictures of areas are about.

    The pack's own, where it has peers; else those that the finest are part of; else its own all the same.
    """
    own = contents.areas[contents.areas["area"] == contents.focus]
    kind = parent_kind(contents.areas, finest_kind(contents.areas))
    if compared(contents) or not kind:
        return own
    return contents.areas[contents.areas["kind"] == kind]


def area_jobs(contents: Contents, top: int) -> Iterator[Job]:
    """Draw pathways, spines and the area's peers."""
    yield from _pathways(contents)
    yield from _spines(contents)
    if compared(contents):
        yield from _peers(contents, top)


def _pathways(contents: Contents) -> Iterator[Job]:
    """Draw a pathway of each programme with enough indicators, in the order of the catalogue."""
    alone = compared(contents)
    areas = subjects(contents)
    comparison = latest(contents.comparison, contents.period)
    comparison = comparison[comparison["area"].isin(areas["area"])]
    name = words.text(areas["name"].iloc[0], contents.focus) if alone else ""
    kind = str(areas["kind"].iloc[0]) if len(areas) else ""
    compared_ = comparison["difference"].notna() & (comparison["comparator_value"].abs() > 0)
    told = contents.catalogue["indicator"].isin(comparison.loc[compared_, "indicator"])
    counted = told.groupby(contents.catalogue["programme"], sort=False).sum()
    for programme in counted.index[counted >= FEWEST]:
        caption = caption_of(contents, str(programme), period=contents.period, kind=kind)
        draw_one = partial(
            _pathway, comparison, contents.catalogue, str(programme), areas["area"].tolist(), caption, name
        )
        area = contents.focus if alone else ""
        yield Job(kind="pathway", programme=str(programme), area=area, draw=draw_one)


def _pathway(
    comparison: pd.DataFrame,
    catalogue: pd.DataFrame,
    programme: str,
    areas: list[str],
    caption: Caption,
    name: str,
) -> Drawn:
    rows = pathway_chart.pathway_rows(comparison, catalogue, programme, areas)
    return pathway_chart.drawn(rows, caption=caption, name=name)


def _spines(contents: Contents) -> Iterator[Job]:
    """Draw a spine of each area that the finest areas are part of; of the pack's own area where there is none."""
    areas = subjects(contents)
    kind = str(areas["kind"].iloc[0]) if len(areas) else ""
    comparison = latest(contents.comparison, contents.period)
    names = contents.areas.set_index("area")["name"]
    catalogue = contents.catalogue.sort_values(["programme", "name"], kind="stable")
    # That of all the spines, where any is drawn.
    spread = cache(partial(spine_chart.spine_spread, comparison[comparison["kind"] == kind]))
    for area, name in zip(areas["area"], areas["name"], strict=True):
        if not (comparison["area"] == area).any():
            continue
        parent = contents.focus if contents.focus != area else _above(contents.areas, comparison, str(area))
        parent_name = words.text(names.get(parent), parent) if parent else ""
        caption = caption_of(contents, words.text(name, area), period=contents.period, kind=kind)
        draw_one = partial(_spine, comparison, catalogue, spread, str(area), parent, parent_name, caption)
        yield Job(kind="spine", area=str(area), draw=draw_one)


def _above(areas: pd.DataFrame, comparison: pd.DataFrame, area: str) -> str:
    """Return the highest area that an area is part of and that has figures; empty where there is none."""
    parents = areas.set_index("area")["parent"].to_dict()
    known = set(comparison["area"])
    found, seen = "", {area}
    while (area := words.text(parents.get(area))) and area not in seen:
        seen.add(area)
        found = area if area in known else found
    return found


def _spine(
    comparison: pd.DataFrame,
    catalogue: pd.DataFrame,
    spread: Callable[[], pd.DataFrame],
    area: str,
    parent: str,
    parent_name: str,
    caption: Caption,
) -> Drawn:
    rows = spine_chart.spine_rows(comparison, catalogue, area, parent=parent, spread=spread())
    return spine_chart.drawn(rows, caption=caption, parent_name=parent_name)


def _peers(contents: Contents, top: int) -> Iterator[Job]:
    """Draw the pack's own area beside its peers: what they are like, and where it stands among them."""
    area = contents.focus
    own = contents.areas[contents.areas["area"] == area].iloc[0]
    name, kind = words.text(own["name"], area), str(own["kind"])
    likeness = similarity_chart.similarity_rows(contents.areas, contents.peers, area)
    if len(likeness):
        caption = caption_of(contents, name, period=contents.period, kind=kind)
        yield Job(
            kind="similarity", area=area, draw=partial(similarity_chart.drawn, likeness, caption=caption)
        )
    peers = contents.peers.loc[contents.peers["area"] == area, "peer"].tolist() if len(contents.peers) else []
    comparison = latest(contents.comparison, contents.period)
    comparison = comparison[comparison["kind"] == kind]
    comparison = comparison.assign(name=comparison["area"].map(contents.areas.set_index("area")["name"]))
    catalogue = about_indicators(contents.catalogue)
    for indicator in followed(contents, top)[:FOLLOWED]:
        about, rows = catalogue[indicator], comparison[comparison["indicator"] == indicator]
        period = str(rows["period"].iloc[0]) if len(rows) else contents.period
        caption = caption_of_indicator(contents, indicator, about, kind=kind, period=period)
        bars = peer_bars_chart.peer_bar_rows(rows, peers, area, polarity=caption.polarity)
        if (bars["role"] == "own").any():
            draw_one = partial(peer_bars_chart.drawn, bars, caption=caption, name=name)
            yield Job(kind="peer-bars", indicator=indicator, area=area, draw=draw_one)
