"""The index of the packs of single areas: one page and one CSV file that lead to each of them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reports import words
from reports.area_pack.page import style_sheet
from reports.contents import Contents
from reports.page.markup import anchor
from reports.page.rendering import render
from reports.page.table import Cell, Row, Table, columns, text

HEADINGS = ("Area", "Code", "Part of", "Headline", "Look first at")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One area's pack in the index; ``link`` is empty where it could not be written."""

    area: str
    name: str
    kind: str
    part_of: str
    headline: str
    look_at: tuple[str, ...]
    link: str


def write_index(contents: Contents, entries: Sequence[Entry], folder: Path, *, main: str = "") -> None:
    """Write ``index.html`` and ``index.csv`` into the folder of the packs; ``main`` is the page of the whole."""
    ordered = sorted(entries, key=lambda entry: (entry.kind, entry.name, entry.area))
    (folder / "index.html").write_text(
        index_html(contents, ordered, main=main), encoding="utf-8", newline="\n"
    )
    with (folder / "index.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["area", "name", "kind", "part_of", "headline", "look_at", "link"])
        for one in ordered:
            cells = (
                one.area,
                one.name,
                one.kind,
                one.part_of,
                one.headline,
                "; ".join(one.look_at),
                one.link,
            )
            table.writerow([words.not_a_formula(cell) for cell in cells])


def index_html(contents: Contents, entries: Sequence[Entry], *, main: str) -> str:
    """Return the page as text: a table for each kind of area, found by the browser's own search."""
    kinds = dict.fromkeys(entry.kind for entry in entries)
    return render(
        "area_pack/index.html",
        contents,
        style=style_sheet(),
        main=main,
        count=words.count_of(len(entries), "pack"),
        sections=[
            {
                "id": anchor("kind", kind),
                "title": words.sentence_case(words.kind_name(kind, 2)),
                "table": _table(contents, kind, [entry for entry in entries if entry.kind == kind]),
            }
            for kind in kinds
        ],
    )


def _table(contents: Contents, kind: str, entries: Sequence[Entry]) -> Table:
    return Table(
        id=anchor("table", kind),
        caption=f"{words.sentence_case(words.kind_name(kind, 2))}, {contents.period}",
        columns=columns(*HEADINGS),
        rows=tuple(
            Row(
                cells=(
                    text(entry.name, link=entry.link),
                    text(entry.area),
                    text(entry.part_of, missing="–"),
                    Cell(text=entry.headline),
                    text("; ".join(entry.look_at), missing="–"),
                ),
                id=anchor("area", entry.area),
            )
            for entry in entries
        ),
    )
