"""Pictures inside the page: each an image that carries its own data, so that no file lies beside it.

They are images, not inline SVG: matplotlib's style attributes would need a weaker security policy, and the
ids of forty drawings in one document clash.
"""

import base64
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from reports.page.markup import anchor
from reports.picture import Picture

# Kinds of picture that stand in the page.
SHOWN = ("opportunity", "plan", "completeness")
# Bytes of an SVG in the page above which its PNG is taken, if that is lighter: a page of forty pictures stays
# under 1.5 MB.
HEAVY = 50_000
# What may stand in an address inside a quoted attribute as it is; escaping more makes a drawing a third heavier.
PLAIN = " =:/,;()'!?+-.@$*[]"


@dataclass(frozen=True, kw_only=True)
class Inline:
    """A picture ready to stand in the page."""

    id: str
    kind: str
    indicator: str
    area: str
    title: str
    alt: str
    data: Markup  # an address: it holds nothing that would end a quoted attribute
    width: int
    height: int


@dataclass(frozen=True)
class Gallery:
    """The pictures of a pack that the page shows, found by what they are of."""

    pictures: tuple[Inline, ...] = ()

    @classmethod
    def load(cls, pictures: Iterable[Picture]) -> "Gallery":
        """Read the files of the kinds that the page shows; what is of one indicator or area its charts draw."""
        return cls(tuple(inline(picture) for picture in pictures if picture.kind in SHOWN))

    def kind(self, kind: str) -> tuple[Inline, ...]:
        """Return the pictures of the whole pack of one kind: "opportunity", "plan"."""
        return tuple(picture for picture in self.pictures if picture.kind == kind)


def inline(picture: Picture) -> Inline:
    """Read a picture's file and make it part of the page: as SVG, unless that is heavy or was not drawn."""
    svg = picture.svg.read_text(encoding="utf-8") if picture.file else ""
    data, (width, height) = (svg_address(svg), size(svg)) if svg else ("", (0, 0))
    if picture.png and (not svg or len(data) > HEAVY):
        png = (picture.folder / picture.png).read_bytes()
        if not svg or len(png) * 4 // 3 < len(data):
            data = f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
            width, height = struct.unpack(">II", png[16:24])  # where the header of every PNG has them
    return Inline(
        id=anchor("picture", picture.id),
        kind=picture.kind,
        indicator=picture.indicator,
        area=picture.area,
        title=picture.title,
        alt=picture.alt,
        data=Markup(data),
        width=width,
        height=height,
    )


def size(svg: str) -> tuple[int, int]:
    """Return width and height of a drawing in its own units, so that the page keeps the place for it.

    >>> size('<svg viewBox="0 0 460.8 324">')
    (461, 324)
    """
    box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"', svg)
    if box is None:
        raise ValueError("expected an SVG with a viewBox, found none")
    return round(float(box[1])), round(float(box[2]))


def svg_address(svg: str) -> str:
    """Return a drawing as the address of an image, with no quote that would end an attribute.

    >>> svg_address('<svg id="a"><path d="M 1.23456 2.0"/></svg>')
    "data:image/svg+xml,%3Csvg%3E%3Cpath d='M1.2 2'/%3E%3C/svg%3E"
    """
    return f"data:image/svg+xml,{quote(compact(svg), safe=PLAIN)}"


def compact(svg: str) -> str:
    """Return a drawing without what no eye can see: ids that nothing names, hundredths of a point.

    Its title and description go too: the page says them as the image's own words.

    >>> compact('<?xml version="1.0"?><svg><g id="a"><use href="#b" x="1.25" y="7"/></g><g id="c"/></svg>')
    "<svg><g><use href='#b' x='1.2' y='7'/></g></svg>"
    """
    svg = re.sub(
        r"<!--.*?-->|<\?xml.*?\?>|<!DOCTYPE[^>]*>|<(title|desc)\b.*?</\1>| aria-labelledby=\"[^\"]*\"",
        "",
        svg,
        flags=re.S,
    ).strip()
    named = {name for pair in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', svg) for name in pair}
    svg = re.sub(r' id="([^"]+)"', lambda found: found[0] if found[1] in named else "", svg)
    svg = re.sub(r"<g/>|<g></g>", "", svg)
    svg = re.sub(r'(?<= d=")[^"]*|(?<=[" ][xy]=")[-\d.]+(?=")', _rounded, svg)
    return re.sub(r"<[^>]*>", _single_quoted, svg)


def _rounded(found: re.Match[str]) -> str:
    text = re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), found[0])
    return re.sub(r"\s*([A-Za-z])\s*|\s+", lambda gap: gap[1] or " ", text).strip()


def _single_quoted(found: re.Match[str]) -> str:
    """Quote attributes by ', which need not be escaped in an address; a tag that holds one stays as it is."""
    return found[0] if "'" in found[0] else found[0].replace('"', "'")
