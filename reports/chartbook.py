"""The standard set of pictures of a pack, drawn into its folder, each with its words beside it."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from reports import (
    caterpillar_chart,
    chart_files,
    funnel_chart,
    opportunity_chart,
    plan_chart,
    spine_chart,
    words,
)
from reports.chart_frame import Caption
from reports.contents import Contents
from reports.headlines import finest_kind, flags, latest, league, parent_kind

TOP = 12  # indicators with a funnel and a caterpillar of their own


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture of the pack: what it is of, what it says, and where it lies."""

    id: str
    kind: str  # opportunity, plan, funnel, caterpillar, spine
    indicator: str  # code; empty where the picture is of several
    area: str  # code; empty where the picture is of many
    title: str
    alt: str
    file: str  # SVG, relative to the pack's folder; empty where none was drawn
    png: str  # the same as PNG
    source: str
    folder: Path

    @property
    def svg(self) -> Path:
        """Where the SVG lies."""
        return self.folder / self.file


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A figure with its words, not yet in a file."""

    kind: str
    figure: Figure
    title: str
    alt: str
    indicator: str = ""
    area: str = ""
    source: str = ""

    @property
    def id(self) -> str:
        """Name of the picture and of its files: letters, digits and hyphens."""
        parts = [self.kind, self.indicator or self.area]
        return "-".join(slug(part) for part in parts if part)


def slug(code: str) -> str:
    """Write a code so that it may be part of a file name on any system.

    >>> slug("COPD admissions (65+)"), slug("../../etc"), slug("Ω")
    ('copd-admissions-65', 'etc', 'x')
    """
    return re.sub(r"[^a-z0-9]+", "-", code.casefold()).strip("-")[:60] or "x"


def draw(
    contents: Contents,
    folder: Path,
    *,
    top: int = TOP,
    formats: tuple[str, ...] = chart_files.FORMATS,
    progress: Callable[[str], None] = lambda name: None,
) -> tuple[Picture, ...]:
    """Draw the standard set into ``folder`` (made where missing), and ``index.csv`` with the words of each.

    Opportunity bars; the plan, where there is one; a funnel and a caterpillar of the ``top`` indicators with
    most to gain, at the finest kind of area; a spine of each area that those are part of.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures: list[Picture] = []
    taken: set[str] = set()
    for drawn in figures(contents, top=top):
        name = drawn.id
        while name in taken:  # two codes may differ only in signs that a file name cannot hold
            name += "-2"
        taken.add(name)
        progress(name)
        paths = {ending: folder / f"{name}.{ending}" for ending in formats}
        for path in paths.values():
            chart_files.save(drawn.figure, path, title=drawn.title, alt=drawn.alt)
        inside = {ending: path.relative_to(folder.parent).as_posix() for ending, path in paths.items()}
        pictures.append(
            Picture(
                id=name,
                kind=drawn.kind,
                indicator=drawn.indicator,
                area=drawn.area,
                title=drawn.title,
                alt=drawn.alt,
                file=inside.get("svg", ""),
                png=inside.get("png", ""),
                source=drawn.source,
                folder=folder.parent,
            )
        )
    _write_index(pictures, folder / "index.csv")
    return tuple(pictures)


def _write_index(pictures: list[Picture], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["id", "file", "png", "kind", "indicator", "area", "title", "alt_text", "source"])
        table.writerows(
            [one.id, one.file, one.png, one.kind, one.indicator, one.area, one.title, one.alt, one.source]
            for one in pictures
        )


def figures(contents: Contents, *, top: int = TOP) -> Iterator[Drawn]:
    """Draw the standard set one after another, without files."""
    yield _opportunity(contents, top)
    if len(contents.plan):
        yield _plan(contents)
    yield from _indicators(contents, top)
    yield from _spines(contents)


def _caption(contents: Contents, name: str, **more: str) -> Caption:
    source = f"Source: {more.pop('source')}" if more.get("source") else contents.attribution
    return Caption(name=name, notice=contents.notice, banner=contents.banner, source=source, **more)


def _opportunity(contents: Contents, top: int) -> Drawn:
    own, published = league(contents), league(contents, mode="rightcare", comparator="best_5")
    beside = "" if contents.headline_mode == "rightcare" else "RightCare's rule"
    rule = published.set_index("indicator")[["value_gbp", "chance_floor_gbp"]]
    rule.columns = ["beside_gbp", "beside_floor_gbp"]
    bars = own.join(rule, on="indicator")
    against = words.comparator_name(contents.headline_comparator)
    name = f"{words.sentence_case(words.mode_name(contents.headline_mode))} opportunity against {against}"
    caption = _caption(contents, name, period=contents.period)
    return Drawn(
        kind="opportunity",
        figure=opportunity_chart.opportunity(bars, caption=caption, beside=beside, top=top),
        title=opportunity_chart.title(bars),
        alt=opportunity_chart.alt_text(bars, caption=caption, beside=beside, top=top),
        source=caption.source,
    )


def _plan(contents: Contents) -> Drawn:
    caption = _caption(contents, "Plan: published targets, and the opportunity sized towards them")
    return Drawn(
        kind="plan",
        figure=plan_chart.plan(contents.plan, caption=caption),
        title=plan_chart.title(contents.plan),
        alt=plan_chart.alt_text(contents.plan, caption=caption),
        source=caption.source,
    )


def _indicators(contents: Contents, top: int) -> Iterator[Drawn]:
    """Draw a funnel and a caterpillar of each indicator with most to gain; of the first ones, where none has."""
    kind = finest_kind(contents.areas)
    rows = latest(contents.comparison[contents.comparison["kind"] == kind], contents.period)
    rows = rows.assign(name=rows["area"].map(contents.areas.set_index("area")["name"]))
    expected = {code: one.expected for code, one in flags(contents, kind).items()}
    catalogue = contents.catalogue.set_index("indicator")
    for indicator in _most_to_gain(contents, top):
        own, about = rows[rows["indicator"] == indicator], catalogue.loc[indicator]
        caption = _caption(
            contents,
            words.text(about["name"], indicator),
            unit=words.text(about["unit"]),
            period=str(own["period"].iloc[0]) if len(own) else contents.period,
            kind=kind,
            polarity=words.text(about["polarity"], "local"),
            source=words.text(about.get("source")),
        )
        by_chance = expected.get(indicator, float("nan"))
        for name, module, make in (
            ("funnel", funnel_chart, funnel_chart.funnel),
            ("caterpillar", caterpillar_chart, caterpillar_chart.caterpillar),
        ):
            yield Drawn(
                kind=name,
                figure=make(own, caption=caption, flags_expected=by_chance),
                title=f"{caption.name}: {module.title(own, caption=caption, flags_expected=by_chance)}",
                alt=module.alt_text(own, caption=caption, flags_expected=by_chance),
                indicator=indicator,
                source=caption.source,
            )


def _most_to_gain(contents: Contents, top: int) -> list[str]:
    """Return the codes of the indicators to draw: by £, investment, units; then those that are not sized."""
    sized = league(contents)["indicator"].tolist()
    rest = [code for code in contents.catalogue["indicator"] if code not in set(sized)]
    return [str(code) for code in (sized + rest)[:top]]


def _spines(contents: Contents) -> Iterator[Drawn]:
    """Draw a spine of each area that the finest areas are part of; of the pack's own area where there is none."""
    kind = parent_kind(contents.areas, finest_kind(contents.areas))
    areas = contents.areas[contents.areas["kind"] == kind] if kind else contents.areas.iloc[:0]
    if areas.empty:
        areas = contents.areas[contents.areas["area"] == contents.focus]
    comparison = latest(contents.comparison, contents.period)
    names = contents.areas.set_index("area")["name"]
    catalogue = _telling(contents, comparison[comparison["area"].isin(areas["area"])])
    for area, name in zip(areas["area"], areas["name"], strict=True):
        if not (comparison["area"] == area).any():
            continue
        parent = contents.focus if contents.focus != area else ""
        rows = spine_chart.spine_rows(comparison, catalogue, area, parent=parent)
        parent_name = words.text(names.get(parent)) if parent else ""
        caption = _caption(contents, words.text(name, area), period=contents.period, kind=kind)
        yield Drawn(
            kind="spine",
            figure=spine_chart.spine(rows, caption=caption, parent_name=parent_name),
            title=spine_chart.title(rows, caption.name),
            alt=spine_chart.alt_text(rows, caption=caption, parent_name=parent_name),
            area=str(area),
            source=caption.source,
        )


def _telling(contents: Contents, comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the catalogue's rows for a page: the indicators in which most areas stand out, by programme."""
    marked = comparison["significance"].isin(["worse", "better", "higher", "lower"])
    stand_out = marked.groupby(comparison["indicator"]).sum()
    ranked = contents.catalogue.assign(stand_out=contents.catalogue["indicator"].map(stand_out))
    page = ranked.dropna(subset="stand_out").nlargest(spine_chart.ROWS, "stand_out")
    return page.sort_values(["programme", "name"], kind="stable")
