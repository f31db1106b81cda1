"""The page of one area: where it should look, every indicator of it, the areas in it, its peers."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from reports import words
from reports.area_pack.contents import AreaContents
from reports.area_pack.spines import spine_key
from reports.area_pack.story import Story
from reports.area_pack.tables import standing_table
from reports.booklet.reading import READING
from reports.page.markup import anchor
from reports.page.pictures import Inline, inline
from reports.page.rendering import render
from reports.picture import Picture

STYLES = (Path(__file__).parents[1] / "page" / "page.css", Path(__file__).parent / "area.css")
# Funnels stand only in the pack of the whole.
READ = tuple(part for part in READING if part[0] != "How to read a funnel")


def write_page(story: Story, pictures: Sequence[Picture], path: Path) -> None:
    """Write the page of an area's pack: one file, without a script; the same contents give the same bytes."""
    path.write_text(page_html(story, pictures), encoding="utf-8", newline="\n")


def page_html(story: Story, pictures: Sequence[Picture]) -> str:
    """Return the page as text."""
    area, contents = story.area, story.area.contents
    drawn = [inline(picture) for picture in pictures]
    shown = [
        asdict(look)
        | {
            "id": anchor("indicator", look.indicator),
            "said": look.said,
            "pictures": [one for one in drawn if one.indicator == look.indicator],
        }
        for look in story.looks
    ]
    return render(
        "area_pack/page.html",
        contents,
        style=style_sheet(),
        area=area,
        story=story,
        looks=shown,
        spine=_of(drawn, "spine"),
        similarity=_of(drawn, "similarity"),
        standing=standing_table(area),
        spine_key=_spine_key(area),
        kinds=words.kind_name(area.kind, 2),
        reading=READ,
        above=_links(area),
    )


def _of(drawn: Sequence[Inline], kind: str) -> list[Inline]:
    return [one for one in drawn if one.kind == kind]


def _spine_key(area: AreaContents) -> list[tuple[str, str]]:
    """Return the key of the spines; the diamond is what the area is part of."""
    keys = [key for key in spine_key(area.contents) if key[0] != "parent"]
    if area.above:
        keys.insert(-2, ("parent", area.tree.name(area.above[0])))
    return keys


def _links(area: AreaContents) -> list[tuple[str, str]]:
    """Return the addresses of what the area is part of: the packs that there are, and the page of the whole."""
    links = [(area.packs[code], area.tree.name(code)) for code in area.above if code in area.packs]
    return [*links, (area.main, "The whole")] if area.main else links


@cache
def style_sheet() -> str:
    """Return the style of the pages of single areas and of their index."""
    return "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
