"""The standard set of pictures of a pack, drawn into its folder, each with its words beside it."""

import csv
import errno
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from reports import (
    caterpillar_chart,
    chart_files,
    completeness_chart,
    funnel_chart,
    opportunity_chart,
    plan_chart,
    spine_chart,
    words,
)
from reports.chart_frame import Caption
from reports.contents import Contents
from reports.file_names import distinct, slug
from reports.headlines import finest_kind, flags, latest, league, parent_kind

TOP = 12  # indicators with a funnel and a caterpillar of their own

LOOK_AFTER = 0.2  # seconds between looks whether the processes that draw are still wanted


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture of the pack: what it is of, what it says, and where it lies."""

    id: str
    kind: str  # opportunity, plan, funnel, caterpillar, spine, completeness
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

    figure: Figure
    title: str
    alt: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A picture to be drawn: what it is of, and how."""

    kind: str
    draw: Callable[[], Drawn]
    indicator: str = ""
    area: str = ""

    @property
    def id(self) -> str:
        """Name of the picture and of its files: letters, digits and hyphens."""
        parts = [self.kind, self.indicator or self.area]
        return "-".join(slug(part) for part in parts if part)


def draw(
    contents: Contents,
    folder: Path,
    *,
    top: int = TOP,
    formats: tuple[str, ...] = chart_files.FORMATS,
    progress: Callable[[str], None] = lambda name: None,
    workers: int = 1,
) -> tuple[Picture, ...]:
    """Draw the standard set into ``folder`` (made where missing), and ``index.csv`` with the words of each.

    Opportunity bars; the plan, where there is one; a funnel and a caterpillar of the ``top`` indicators with
    most to gain, at the finest kind of area; a spine of each area that those are part of; how complete the
    figures are. With several
    ``workers`` each is a process of its own: a script that asks for them needs ``if __name__ == "__main__"``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Pictures show one period: a worker is sent no more than that.
    contents = replace(contents, comparison=latest(contents.comparison, contents.period))
    share = partial(_draw_share, contents, folder, top, formats, of=workers)
    found = share(0, progress=progress) if workers == 1 else _in_processes(share, workers, folder)
    pictures = [picture for _, picture in sorted(found, key=lambda placed: placed[0])]
    _write_index(pictures, folder / "index.csv")
    return tuple(pictures)


def _in_processes(
    share: Callable[[int], list[tuple[int, Picture]]], workers: int, folder: Path
) -> list[tuple[int, Picture]]:
    """Have each process draw its share, and end them at once where the folder is taken away."""
    context, others = get_context("spawn"), active_children()
    with ProcessPoolExecutor(workers, context, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        with _deaf():
            parts = [pool.submit(share, number) for number in range(workers)]  # starts them
        while wait(parts, timeout=LOOK_AFTER).not_done:
            if not folder.is_dir():
                for process in (one for one in active_children() if one not in others):
                    process.terminate()
                raise FileNotFoundError(errno.ENOENT, "taken away while it was drawn into", str(folder))
        return [one for part in parts for one in part.result()]


@contextmanager
def _deaf() -> Iterator[None]:
    """Let processes that are started here not hear an interruption: it is for the one that started them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: they close their ears once they run
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _draw_share(
    contents: Contents,
    folder: Path,
    top: int,
    formats: tuple[str, ...],
    share: int,
    *,
    of: int,
    progress: Callable[[str], None] = lambda name: None,
) -> list[tuple[int, Picture]]:
    """Draw every ``of``-th picture, beginning with the ``share``-th: (place in the set, picture)."""
    found = []
    todo = jobs(contents, top=top)
    for place, (job, name) in enumerate(zip(todo, distinct([job.id for job in todo]), strict=True)):
        if place % of == share:
            progress(name)
            found.append((place, _save(job, name, folder, formats)))
    return found


def _save(job: Job, name: str, folder: Path, formats: tuple[str, ...]) -> Picture:
    drawn = job.draw()
    paths = {ending: folder / f"{name}.{ending}" for ending in formats}
    for path in paths.values():
        chart_files.save(drawn.figure, path, title=drawn.title, alt=drawn.alt)
    inside = {ending: path.relative_to(folder.parent).as_posix() for ending, path in paths.items()}
    return Picture(
        id=name,
        kind=job.kind,
        indicator=job.indicator,
        area=job.area,
        title=drawn.title,
        alt=drawn.alt,
        file=inside.get("svg", ""),
        png=inside.get("png", ""),
        source=drawn.source,
        folder=folder.parent,
    )


def _write_index(pictures: list[Picture], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["id", "file", "png", "kind", "indicator", "area", "title", "alt_text", "source"])
        for one in pictures:
            cells = (
                one.id,
                one.file,
                one.png,
                one.kind,
                one.indicator,
                one.area,
                one.title,
                one.alt,
                one.source,
            )
            table.writerow([words.not_a_formula(cell) for cell in cells])


def jobs(contents: Contents, *, top: int = TOP) -> list[Job]:
    """Return the standard set, not yet drawn, in the order of the pack."""
    todo = [Job(kind="opportunity", draw=partial(_opportunity, contents, top))]
    if len(contents.plan):
        todo.append(Job(kind="plan", draw=partial(_plan, contents)))
    todo += [*_indicators(contents, top), *_spines(contents)]
    if completeness_chart.is_lacking(contents.completeness):
        todo.append(Job(kind="completeness", draw=partial(_completeness, contents)))
    return todo


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
    rule_name = words.mode_name(contents.headline_mode)
    what = "Credible opportunity" if contents.headline_mode == "credible" else f"Opportunity, {rule_name},"
    name = f"{what} against {against}"
    caption = _caption(contents, name, period=contents.period)
    return Drawn(
        figure=opportunity_chart.opportunity(bars, caption=caption, beside=beside, top=top),
        title=opportunity_chart.title(bars),
        alt=opportunity_chart.alt_text(bars, caption=caption, beside=beside, top=top),
        source=caption.source,
    )


def _plan(contents: Contents) -> Drawn:
    caption = _caption(contents, "Plan: published targets, and the opportunity sized towards them")
    return Drawn(
        figure=plan_chart.plan(contents.plan, caption=caption),
        title=plan_chart.title(contents.plan),
        alt=plan_chart.alt_text(contents.plan, caption=caption),
        source=caption.source,
    )


def _completeness(contents: Contents) -> Drawn:
    table, catalogue = contents.completeness, contents.catalogue
    caption = _caption(contents, "Share of open areas that have a figure")
    return Drawn(
        figure=completeness_chart.completeness(table, catalogue, caption=caption),
        title=completeness_chart.title(table),
        alt=completeness_chart.alt_text(table, catalogue, caption=caption),
        source=caption.source,
    )


def _indicators(contents: Contents, top: int) -> Iterator[Job]:
    """Draw a funnel and a caterpillar of each indicator with most to gain; of the first ones, where none has."""
    kind = finest_kind(contents.areas)
    rows = latest(contents.comparison[contents.comparison["kind"] == kind], contents.period)
    rows = rows.assign(name=rows["area"].map(contents.areas.set_index("area")["name"]))
    expected = {code: one.expected for code, one in flags(contents, kind).items()}
    catalogue = contents.catalogue.set_index("indicator")
    for indicator in _most_to_gain(contents, top):
        own, about = rows[rows["indicator"] == indicator], catalogue.loc[indicator]
        source = words.text(about.get("source"))
        if "suppressed" in own and (withheld := int(own["suppressed"].sum())):
            source = f"{source}. Not drawn: {words.count_of(withheld, kind)} withheld".removeprefix(". ")
        caption = _caption(
            contents,
            words.text(about["name"], indicator),
            unit=words.text(about["unit"]),
            period=str(own["period"].iloc[0]) if len(own) else contents.period,
            kind=kind,
            polarity=words.text(about["polarity"], "local"),
            source=source,
        )
        by_chance = expected.get(indicator, float("nan"))
        for name, module, make in (
            ("funnel", funnel_chart, funnel_chart.funnel),
            ("caterpillar", caterpillar_chart, caterpillar_chart.caterpillar),
        ):
            draw_one = partial(_indicator, module, make, own, caption, by_chance)
            yield Job(kind=name, indicator=indicator, draw=draw_one)


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


def _spines(contents: Contents) -> Iterator[Job]:
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
        parent_name = words.text(names.get(parent)) if parent else ""
        caption = _caption(contents, words.text(name, area), period=contents.period, kind=kind)
        draw_one = partial(_spine, comparison, catalogue, str(area), parent, parent_name, caption)
        yield Job(kind="spine", area=str(area), draw=draw_one)


def _spine(
    comparison: pd.DataFrame,
    catalogue: pd.DataFrame,
    area: str,
    parent: str,
    parent_name: str,
    caption: Caption,
) -> Drawn:
    rows = spine_chart.spine_rows(comparison, catalogue, area, parent=parent)
    return Drawn(
        figure=spine_chart.spine(rows, caption=caption, parent_name=parent_name),
        title=spine_chart.title(rows, caption.name),
        alt=spine_chart.alt_text(rows, caption=caption, parent_name=parent_name),
        source=caption.source,
    )


def _telling(contents: Contents, comparison: pd.DataFrame) -> pd.DataFrame:
    """Return the catalogue's rows for a page: the indicators in which most areas stand out, by programme."""
    marked = comparison["significance"].isin(["worse", "better", "higher", "lower"])
    stand_out = marked.groupby(comparison["indicator"]).sum()
    ranked = contents.catalogue.assign(stand_out=contents.catalogue["indicator"].map(stand_out))
    page = ranked.dropna(subset="stand_out").nlargest(spine_chart.ROWS, "stand_out")
    return page.sort_values(["programme", "name"], kind="stable")
