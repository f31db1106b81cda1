"""A picture of a pack, drawn and saved, with its words; and the list of them that lies beside."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reports import words

FORMATS = ("svg", "png")

# Columns of the list.
LISTED = ("id", "file", "png", "kind", "indicator", "area", "programme", "title", "alt", "source")
HEADINGS = {"alt": "alt_text"}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture of the pack: what it is of, what it says, and where it lies."""

    id: str
    kind: str  # one of `reports.charts.standard_set.KINDS`
    indicator: str  # code; empty where the picture is of several
    area: str  # code; empty where the picture is of many
    programme: str = ""  # as the catalogue has it; empty where the picture is of several, or of an indicator
    title: str
    alt: str
    file: str  # SVG, relative to the pack's folder; empty where none was drawn
    png: str  # the same as PNG
    source: str
    folder: Path

    @property
    def svg(self) -> Path:
        """Where the SVG lies."""
        return self.folder / self.file


def write_index(pictures: Iterable[Picture], path: Path) -> None:
    """Write the words of each picture, and where it lies, as CSV."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow([HEADINGS.get(name, name) for name in LISTED])
        for one in pictures:
            table.writerow([words.not_a_formula(getattr(one, name)) for name in LISTED])
