"""Pictures drawn into files: given ones, and of the standard set those that no other process has begun."""

from collections.abc import Callable
from pathlib import Path

from reports import style
from reports.charts import files
from reports.charts.jobs import Job
from reports.charts.standard_set import jobs
from reports.contents import Contents
from reports.file_names import distinct
from reports.picture import FORMATS, Picture, write_index


def draw_all(todo: list[Job], folder: Path, *, formats: tuple[str, ...] = FORMATS) -> tuple[Picture, ...]:
    """Draw these pictures into ``folder`` (made where missing), and ``index.csv`` with the words of each."""
    folder.mkdir(parents=True, exist_ok=True)
    names = distinct(job.id for job in todo)
    pictures = [_saved(job, name, folder, formats) for job, name in zip(todo, names, strict=True)]
    write_index(pictures, folder / "index.csv")
    return tuple(pictures)


def draw_what_is_left(
    contents: Contents,
    folder: Path,
    top: int,
    formats: tuple[str, ...],
    turns: Path,
    *,
    progress: Callable[[str], None] = lambda name: None,
) -> list[tuple[int, Picture]]:
    """Draw the pictures of the standard set that nobody has begun: (place in the set, picture).

    Whoever begins one lays a file into ``turns``, a folder that all who draw share.
    """
    found = []
    todo = jobs(contents, top=top)
    for place, (job, name) in enumerate(zip(todo, distinct([job.id for job in todo]), strict=True)):
        if _is_mine(turns / str(place)):
            progress(name)
            found.append((place, _saved(job, name, folder, formats)))
    return found


def _is_mine(turn: Path) -> bool:
    try:
        turn.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@style.context()
def _saved(job: Job, name: str, folder: Path, formats: tuple[str, ...]) -> Picture:
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
