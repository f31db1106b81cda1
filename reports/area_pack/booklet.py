"""The booklet of one area: where to look, a page for each look, its peers, how to read it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib

from reports import words
from reports.area_pack.page import READ
from reports.area_pack.story import Story
from reports.booklet.document import cleaned
from reports.booklet.listing import listing
from reports.booklet.pictures import Album
from reports.chartbook import Picture
from reports.page.table import Table


def write_booklet(story: Story, pictures: Sequence[Picture], path: Path) -> None:
    """Write the booklet of an area's pack; the same contents, pictures and fonts give the same bytes."""
    import typst

    album = Album(tuple(pictures))
    told = cleaned(booklet(story, album))
    sources = {
        "main.typ": files("reports.area_pack").joinpath("booklet.typ").read_bytes(),
        "parts.typ": files("reports.booklet").joinpath("parts.typ").read_bytes(),
        "booklet.json": json.dumps(told, ensure_ascii=False).encode("utf-8"),
        **album.files,
    }
    path.write_bytes(typst.compile(sources, font_paths=_fonts()))


@cache
def _fonts() -> Any:
    """Look for fonts once: it takes longer than laying a booklet out."""
    import typst

    return typst.Fonts(font_paths=[str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")])


def booklet(story: Story, album: Album) -> dict[str, Any]:
    """Return everything that the layout prints, as plain texts and lists."""
    area, contents = story.area, story.area.contents
    made = contents.made
    kinds = ("peer-bars", "xmr", "caterpillar")
    return {
        "name": area.name,
        "described": area.described,
        "title": contents.title,
        "period": contents.period,
        "marking": contents.marking,
        "foot": f"Version {contents.version} of the toolkit, {words.date_in_full(made)}",
        "made": [made.year, made.month, made.day],
        "attribution": contents.attribution,
        "sentences": story.sentences,
        "spine": [asdict(one) for one in album.kind("spine")],
        "looks": [
            asdict(look)
            | {
                "said": look.said,
                "pictures": [asdict(one) for one in album.of_indicator(look.indicator, kinds)],
            }
            for look in story.looks
        ],
        "asking": _listed(story.asking),
        "inside": _listed(story.inside),
        "inside_title": f"{story.inside_title} in {area.name}",
        "peers_sentence": story.peers_sentence,
        "peers": _listed(story.peers),
        "similarity": [asdict(one) for one in album.kind("similarity")],
        "reading": [{"title": title, "words": meaning} for title, meaning in READ],
    }


def _listed(table: Table | None) -> dict[str, Any] | None:
    return None if table is None else asdict(listing(table))
