"""A picture before it is drawn: what it is of, how it is drawn, and what it is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reports import words
from reports.charts.frame import Caption, Drawn
from reports.contents import Contents
from reports.file_names import slug


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


def caption_of_indicator(
    contents: Contents, indicator: str, about: Mapping[str, Any], *, remark: str = "", **more: str
) -> Caption:
    """Make the words of a chart of one indicator from what the catalogue says ``about`` it.

    ``remark`` follows the source; ``more`` are period and kind.
    """
    return caption_of(
        contents,
        words.text(about["name"], indicator),
        unit=words.text(about["unit"]),
        polarity=words.text(about["polarity"], "local"),
        source=". ".join(filter(None, (words.text(about.get("source")), remark))),
        **more,
    )
