"""The pictures of a pack, drawn here or shared out to the processes beside, and listed with their words.

What draws is imported only where it is drawn: it takes a second.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reports.contents import Contents
from reports.pack_rows import TOP, followed, latest, quick
from reports.picture import FORMATS, Picture, write_index
from reports.processes import Processes

Placed = list[tuple[int, Picture]]


def draw(
    contents: Contents,
    folder: Path,
    *,
    top: int = TOP,
    formats: tuple[str, ...] = FORMATS,
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
    with TemporaryDirectory() as turns:
        draw_some = partial(_draw_what_is_left, contents, folder, top, formats, Path(turns))
        if beside is None:
            parts = [draw_some(progress=progress)]
        else:
            parts = beside.write_into(folder, [draw_some] * beside.number)
    placed = sorted(chain.from_iterable(parts), key=lambda one: one[0])
    pictures = [picture for _, picture in placed]
    write_index(pictures, folder / "index.csv")
    return tuple(pictures)


def _draw_what_is_left(*given: Any, **named: Any) -> Placed:
    from reports.charts.saving import draw_what_is_left

    return draw_what_is_left(*given, **named)
