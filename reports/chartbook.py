"""The standard set of pictures of a pack, drawn into its folder, each with its words beside it."""

import csv
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from reports import chart_files, style, words
from reports.chart_jobs import Drawn, Job, slug
from reports.chart_set import TOP, followed, jobs
from reports.contents import Contents
from reports.headlines import latest

__all__ = ["TOP", "Drawn", "Job", "Picture", "draw", "draw_all", "jobs", "quick", "slug"]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture of the pack: what it is of, what it says, and where it lies."""

    id: str
    kind: str  # one of `reports.chart_set.KINDS`
    indicator: str  # code; empty where the picture is of several
    area: str  # code; empty where the picture is of many
    programme: str = ""  # as the catalogue has it; empty where the picture is of several, or of an indicator
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

    Which those are, `reports.chart_set` says. With several ``workers`` each is a process of its own: a script
    that asks for them needs ``if __name__ == "__main__"``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Most pictures show one period: a worker is sent no more than that, and the series of those that are followed.
    now = latest(contents.comparison, contents.period).index
    shown = contents.comparison.index.isin(now) | contents.comparison["indicator"].isin(
        followed(contents, top)
    )
    contents = replace(contents, comparison=quick(contents.comparison[shown]))
    share = partial(_draw_share, contents, folder, top, formats, of=workers)
    if workers == 1:
        found = share(0, progress=progress)
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            found = [one for part in pool.map(share, range(workers)) for one in part]
    pictures = [picture for _, picture in sorted(found, key=lambda placed: placed[0])]
    _write_index(pictures, folder / "index.csv")
    return tuple(pictures)


def quick(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its words as plain objects, of which rows are taken many times faster than of Arrow's."""
    worded = table.select_dtypes(["str", "category"]).columns
    return table.astype(dict.fromkeys(worded, object)).copy()


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
    for place, (job, name) in enumerate(zip(todo, _names(todo), strict=True)):
        if place % of == share:
            progress(name)
            found.append((place, _save(job, name, folder, formats)))
    return found


def draw_all(
    todo: list[Job], folder: Path, *, formats: tuple[str, ...] = chart_files.FORMATS
) -> tuple[Picture, ...]:
    """Draw these pictures into ``folder`` (made where missing), and ``index.csv`` with the words of each."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [_save(job, name, folder, formats) for job, name in zip(todo, _names(todo), strict=True)]
    _write_index(pictures, folder / "index.csv")
    return tuple(pictures)


def _names(todo: list[Job]) -> list[str]:
    """Names of the pictures, no two alike: two codes may differ only in signs that a file name cannot hold."""
    names: list[str] = []
    for job in todo:
        name = job.id
        while name in names:
            name += "-2"
        names.append(name)
    return names


@style.context()
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
        programme=job.programme,
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
        table.writerow(
            ["id", "file", "png", "kind", "indicator", "area", "programme", "title", "alt_text", "source"]
        )
        for one in pictures:
            cells = (
                one.id,
                one.file,
                one.png,
                one.kind,
                one.indicator,
                one.area,
                one.programme,
                one.title,
                one.alt,
                one.source,
            )
            table.writerow([words.not_a_formula(cell) for cell in cells])
