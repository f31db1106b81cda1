"""The standard set of pictures of a pack, drawn into its folder, each with its words beside it."""

import csv
import errno
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from reports import style, words
from reports.charts import files
from reports.charts.frame import Drawn
from reports.charts.jobs import Job
from reports.charts.standard_set import TOP, followed, jobs
from reports.contents import Contents
from reports.file_names import distinct
from reports.pack_rows import latest
from reports.processes import Processes

__all__ = ["TOP", "Drawn", "Job", "Picture", "draw", "draw_all", "jobs", "quick"]

LOOK_AFTER = 0.2  # seconds between looks whether the processes that draw are still wanted


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture of the pack: what it is of, what it says, and where it lies."""

    id: str
    kind: str  # one of `reports.charts.standard_set.KINDS`
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
    formats: tuple[str, ...] = files.FORMATS,
    progress: Callable[[str], None] = lambda name: None,
    beside: Processes | None = None,
) -> tuple[Picture, ...]:
    """Draw the standard set into ``folder`` (made where missing), and ``index.csv`` with the words of each.

    Which those are, `reports.charts.standard_set` says. Processes that stand ready ``beside`` share the drawing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Most pictures show one period: a worker is sent no more than that, and the series of those that are followed.
    now = latest(contents.comparison, contents.period).index
    shown = contents.comparison.index.isin(now) | contents.comparison["indicator"].isin(
        followed(contents, top)
    )
    contents = replace(contents, comparison=quick(contents.comparison[shown]))
    share = partial(_draw_share, contents, folder, top, formats)
    found = share(0, of=1, progress=progress) if beside is None else _shared_out(share, beside, folder)
    pictures = [picture for _, picture in sorted(found, key=lambda placed: placed[0])]
    _write_index(pictures, folder / "index.csv")
    return tuple(pictures)


def quick(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its words as plain objects, of which rows are taken many times faster than of Arrow's."""
    worded = table.select_dtypes(["str", "category"]).columns
    return table.astype(dict.fromkeys(worded, object)).copy()


def _shared_out(
    share: Callable[..., list[tuple[int, Picture]]], beside: Processes, folder: Path
) -> list[tuple[int, Picture]]:
    """Have each process draw its share, and end them at once where the folder is taken away."""
    parts = [beside.submit(share, number, of=beside.number) for number in range(beside.number)]
    while wait(parts, timeout=LOOK_AFTER).not_done:
        if not folder.is_dir():
            beside.end()
            raise FileNotFoundError(errno.ENOENT, "taken away while it was drawn into", str(folder))
    return [one for part in parts for one in part.result()]


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


def draw_all(
    todo: list[Job], folder: Path, *, formats: tuple[str, ...] = files.FORMATS
) -> tuple[Picture, ...]:
    """Draw these pictures into ``folder`` (made where missing), and ``index.csv`` with the words of each."""
    folder.mkdir(parents=True, exist_ok=True)
    names = distinct(job.id for job in todo)
    pictures = [_save(job, name, folder, formats) for job, name in zip(todo, names, strict=True)]
    _write_index(pictures, folder / "index.csv")
    return tuple(pictures)


@style.context()
def _save(job: Job, name: str, folder: Path, formats: tuple[str, ...]) -> Picture:
    drawn = job.draw()
    paths = {ending: folder / f"{name}.{ending}" for ending in formats}
    for path in paths.values():
        files.save(drawn.figure, path, title=drawn.title, alt=drawn.alt)
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
