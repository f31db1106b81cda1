"""A picture before it is drawn: what it is of, how it is drawn, and what it is called."""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from reports.charts.frame import Caption
from reports.contents import Contents
from reports.file_names import slug


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A figure with its words, not yet in a file."""

    figure: Figure
    title: str
    alt: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A picture to be drawn: what it is of, and how."""

    kind: str
    draw: Callable[[], Drawn]
    indicator: str = ""
    area: str = ""
    programme: str = ""

    @property
    def id(self) -> str:
        """Name of the picture and of its files: letters, digits and hyphens."""
        parts = [self.kind, self.indicator or self.programme, self.area]
        return "-".join(slug(part) for part in parts if part)


def caption_of(contents: Contents, name: str, *, source: str = "", **more: str) -> Caption:
    """Make the words of a chart from those of its pack; without a source of its own it has the pack's."""
    said = f"Source: {source}" if source else contents.attribution
    return Caption(name=name, notice=contents.notice, banner=contents.banner, source=said, **more)
