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

import pandas as pd

from reports import style, words
from reports.charts import files
from reports.charts.jobs import Drawn, Job
from reports.charts.standard_set import TOP, followed, jobs
from reports.contents import Contents
from reports.file_names import distinct
from reports.headlines import latest

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
    workers: int = 1,
) -> tuple[Picture, ...]:
    """Draw the standard set into ``folder`` (made where missing), and ``index.csv`` with the words of each.

    Which those are, `reports.charts.standard_set` says. With several ``workers`` each is a process of its own:
    a script that asks for them needs ``if __name__ == "__main__"``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Most pictures show one period: a worker is sent no more than that, and the series of those that are followed.
    now = latest(contents.comparison, contents.period).index
    shown = contents.comparison.index.isin(now) | contents.comparison["indicator"].isin(
        followed(contents, top)
    )
    contents = replace(contents, comparison=quick(contents.comparison[shown]))
    share = partial(_draw_share, contents, folder, top, formats, of=workers)
    found = share(0, progress=progress) if workers == 1 else _in_processes(share, workers, folder)
    pictures = [picture for _, picture in sorted(found, key=lambda placed: placed[0])]
    _write_index(pictures, folder / "index.csv")
    return tuple(pictures)


def quick(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its words as plain objects, of which rows are taken many times faster than of Arrow's."""
    worded = table.select_dtypes(["str", "category"]).columns
    return table.astype(dict.fromkeys(worded, object)).copy()


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
