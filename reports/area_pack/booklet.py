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
from reports.area_pack.contents import AreaContents
from reports.area_pack.looks import Look
from reports.area_pack.page import READ, summary
from reports.area_pack.tables import asking_table, inside_table, peers_sentence, peers_table
from reports.booklet.document import cleaned
from reports.booklet.listing import listing
from reports.booklet.pictures import Album
from reports.chartbook import Picture


def write_booklet(area: AreaContents, looks: Sequence[Look], pictures: Sequence[Picture], path: Path) -> None:
    """Write the booklet of an area's pack; the same contents, pictures and fonts give the same bytes."""
    import typst

    album = Album(tuple(pictures))
    told = cleaned(booklet(area, looks, album))
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


def booklet(area: AreaContents, looks: Sequence[Look], album: Album) -> dict[str, Any]:
    """Return everything that the layout prints, as plain texts and lists."""
    contents = area.contents
    made = contents.made
    asking, inside, peers = asking_table(area), inside_table(area), peers_table(area)
    kinds = ("peer-bars", "xmr", "caterpillar")
    return {
        "name": area.name,
        "described": area.described,
        "title": contents.title,
        "period": contents.period,
        "marking": ". ".join(part for part in (contents.banner, contents.notice) if part),
        "foot": f"Version {contents.version} of the toolkit, {made.day} {made:%B %Y}",
        "made": [made.year, made.month, made.day],
        "attribution": contents.attribution,
        "sentences": [sentence for sentence in summary(area) if sentence],
        "spine": [asdict(one) for one in album.kind("spine")],
        "looks": [
            asdict(look)
            | {
                "said": look.said,
                "pictures": [asdict(one) for one in album.of_indicator(look.indicator, kinds)],
            }
            for look in looks
        ],
        "asking": None if asking is None else asdict(listing(asking)),
        "inside": None if inside is None else asdict(listing(inside)),
        "inside_title": _inside_title(area),
        "peers_sentence": peers_sentence(area),
        "peers": None if peers is None else asdict(listing(peers)),
        "similarity": [asdict(one) for one in album.kind("similarity")],
        "reading": [{"title": title, "words": meaning} for title, meaning in READ],
    }


def _inside_title(area: AreaContents) -> str:
    if not area.inside:
        return ""
    kind = words.kind_name(area.tree.kind[area.inside[0]], 2)
    return f"{words.sentence_case(kind)} in {area.name}"
