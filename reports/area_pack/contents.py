"""What the pack of one area is made from: its own rows, those of its peers, of what it is part of and holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.tree import Tree


@dataclass(frozen=True)
class AreaContents:
    """One area's share of a pack; nothing of other areas stands in it but what a reader of it needs.

    ``contents`` has the area as its focus. Its ``comparison`` has every period of the area's own, and the latest
    one of its peers, of the areas it is part of and of those in it; its ``opportunity`` the rows of the area and of
    those in it; its ``totals`` and ``trend`` the area's own.
    """

    contents: Contents
    periods: Mapping[str, str]  # latest period of each indicator
    spread: (
        pd.DataFrame
    )  # how far all areas of its kind lie apart: as `reports.charts.spine_chart.spine_spread` gives it
    alike: pd.DataFrame  # rows of the areas table of its kind: what likeness is measured by
    listed: tuple[str, ...] = ()  # peers by likeness, the most similar first; none where all of its kind are
    beside: tuple[str, ...] = ()  # whose values stand beside its own
    packs: Mapping[str, str] = field(default_factory=dict)  # addresses of the packs of other areas, by code
    main: str = ""  # address of the page of the whole; empty where there is none

    @property
    def area(self) -> str:
        """Code of the area."""
        return self.contents.focus

    @cached_property
    def tree(self) -> Tree:
        """How the areas hang together."""
        return Tree(self.contents)

    @property
    def name(self) -> str:
        """Name of the area; its code where it has none."""
        return self.tree.name(self.area)

    @property
    def kind(self) -> str:
        """Kind of the area."""
        return self.tree.kind[self.area]

    @cached_property
    def above(self) -> list[str]:
        """Codes of the areas that it is part of, the nearest first."""
        return self.tree.ancestors(self.area)

    @cached_property
    def inside(self) -> list[str]:
        """Codes of the areas directly in it, by name."""
        areas = self.contents.areas
        codes = areas.loc[areas["parent"] == self.area, "area"].tolist()
        return sorted(codes, key=lambda code: (self.tree.name(code), code))

    @cached_property
    def about(self) -> pd.Series:
        """The area's row of the areas table."""
        areas = self.contents.areas
        return areas[areas["area"] == self.area].iloc[0]

    @cached_property
    def series(self) -> pd.DataFrame:
        """The area's own rows of every period."""
        table = self.contents.comparison
        return table[table["area"] == self.area]

    @cached_property
    def now(self) -> pd.DataFrame:
        """Rows of the latest period of each indicator, of the area and of all others that the pack shows."""
        table = self.contents.comparison
        return table[table["period"] == table["indicator"].map(self.periods)]

    @cached_property
    def own(self) -> pd.DataFrame:
        """The area's own rows of the latest period of each indicator, in the order of the catalogue."""
        rows = self.now[self.now["area"] == self.area].set_index("indicator")
        order = [code for code in self.contents.catalogue["indicator"] if code in rows.index]
        return rows.loc[order]

    @cached_property
    def sized(self) -> pd.DataFrame:
        """The opportunity of the area and of those in it, by the rule and comparator that the headlines quote."""
        rows = self.contents.opportunity
        headline = rows["mode"] == self.contents.headline_mode
        return rows[headline & (rows["comparator"] == self.contents.headline_comparator)]

    def values(self, area: str) -> pd.Series:
        """Return the latest value of each indicator in one area."""
        rows = self.now[self.now["area"] == area]
        return rows.set_index("indicator")["value"]

    @property
    def described(self) -> str:
        """What the area is, in a line: its kind and code, where it is, how many people.

        A kind of area that the toolkit has no name for is called as the areas table calls it.
        """
        parts = [f"{words.sentence_case(words.kind_name(self.kind))} {self.area}"]
        if self.above:
            parts[0] += f" in {self.tree.name(self.above[0])}"
        people = self.about.get("population")
        if not words.is_missing(people):
            parts.append(f"{words.number(people, 0)} people")
        return ", ".join(parts)
