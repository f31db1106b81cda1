"""The booklet of one area: where to look, a page for each look, its peers, how to read it."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reports.area_pack.page import READ
from reports.area_pack.story import Story
from reports.booklet.listing import listing
from reports.booklet.pictures import Album
from reports.booklet.printing import about_pack, print_booklet
from reports.page.table import Table
from reports.picture import Picture


def write_booklet(story: Story, pictures: Sequence[Picture], path: Path) -> None:
    """Write the booklet of an area's pack; the same contents, pictures and fonts give the same bytes."""
    album = Album(tuple(pictures))
    print_booklet("reports.area_pack", booklet(story, album), album, path)


def booklet(story: Story, album: Album) -> dict[str, Any]:
    """Return everything that the layout prints, as plain texts and lists."""
    area, contents = story.area, story.area.contents
    kinds = ("peer-bars", "xmr", "caterpillar")
    return {
        **about_pack(contents),
        "name": area.name,
        "described": area.described,
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
