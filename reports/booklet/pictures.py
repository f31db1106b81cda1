"""Pictures of the booklet: the pack's drawings by what they are of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from reports.picture import Picture


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A picture as the layout takes it: its file, relative to the pack's folder, and its words."""

    file: str
    alt: str
    ratio: float  # height for width


@dataclass(frozen=True)
class Album:
    """The pictures of a pack, found by what they are of."""

    pictures: tuple[Picture, ...]

    def kind(self, kind: str) -> tuple[Placed, ...]:
        """Return the pictures of the whole pack of one kind."""
        return tuple(_placed(one) for one in self.pictures if one.kind == kind)

    def of_indicator(self, indicator: str, kinds: Sequence[str]) -> tuple[Placed, ...]:
        """Return the pictures of an indicator, in the order of ``kinds``."""
        found = [one for one in self.pictures if one.indicator == indicator and one.kind in kinds]
        return tuple(_placed(one) for one in sorted(found, key=lambda one: kinds.index(one.kind)))

    def of_area(self, area: str, kind: str) -> tuple[Placed, ...]:
        """Return the pictures of one kind of an area."""
        return tuple(_placed(one) for one in self.pictures if one.area == area and one.kind == kind)

    def of_programme(self, programme: str) -> tuple[Placed, ...]:
        """Return the pathway of a programme."""
        return tuple(
            _placed(one) for one in self.pictures if one.kind == "pathway" and one.programme == programme
        )

    def indicators(self) -> list[str]:
        """Codes of the indicators that have a funnel, in the pack's order."""
        return [one.indicator for one in self.pictures if one.kind == "funnel"]

    @property
    def files(self) -> dict[str, bytes]:
        """Every drawing by its place in the pack's folder."""
        return {
            (one.file or one.png): (one.folder / (one.file or one.png)).read_bytes() for one in self.pictures
        }


def _placed(picture: Picture) -> Placed:
    file = picture.file or picture.png
    return Placed(file=file, alt=picture.alt, ratio=_ratio(picture.folder / file))


def _ratio(path: Path) -> float:
    """Height of a picture for its width."""
    if path.suffix == ".svg":
        with path.open(encoding="utf-8") as stream:
            head = stream.read(600)
        width, height = (float(re.search(rf'\b{side}="([\d.]+)', head)[1]) for side in ("width", "height"))  # type: ignore[index]
    else:
        with Image.open(path) as image:
            width, height = image.size
    return height / width
