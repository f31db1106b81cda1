"""What several pages of the booklet are written from, worked out once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from reports import words
from reports.catalogue import Catalogue, about_indicators
from reports.contents import Contents
from reports.flags import Flags, flags
from reports.pack_rows import league
from reports.page.programmes import flags_by_indicator
from reports.tree import Tree


@dataclass(frozen=True)
class Facts:
    """A pack of one period, and what is often asked of it."""

    contents: Contents

    @cached_property
    def tree(self) -> Tree:
        """How the areas hang together."""
        return Tree(self.contents)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the catalogue says of each indicator."""
        return about_indicators(self.contents.catalogue)

    def asked(self, indicators: Iterable[str], most: int) -> tuple[str, ...]:
        """Return the first questions of some indicators, each under its name with what may warrant the difference."""
        said = (self._asked(self.catalogue[code]) for code in indicators if code in self.catalogue)
        return tuple(dict.fromkeys(one for one in said if one))[:most]

    @staticmethod
    def _asked(about: Mapping[str, Any]) -> str:
        question, warrant = words.text(about["question"]), words.text(about.get("may_be_warranted"))
        if not question:
            return ""
        because = f" May be warranted by {words.inside(warrant)}." if warrant else ""
        return f"{words.text(about['name'])}: {question}{because}"

    @cached_property
    def flags(self) -> dict[str, Flags]:
        """Areas of the finest kind that stand out, by indicator."""
        return flags(self.contents)

    @cached_property
    def flagged(self) -> pd.DataFrame:
        """The catalogue with the areas flagged and those that chance would flag."""
        return flags_by_indicator(self.contents)

    @cached_property
    def league(self) -> pd.DataFrame:
        """Opportunity of every indicator for the pack's own area, the largest first."""
        return league(self.contents)

    @cached_property
    def opportunity(self) -> pd.DataFrame:
        """Opportunity in £ of every area by the rule that headlines quote; only what is above 0."""
        rows = self.contents.opportunity
        rule = (rows["mode"] == self.contents.headline_mode) & (
            rows["comparator"] == self.contents.headline_comparator
        )
        return rows[rule & (rows["value_gbp"] > 0)]

    @cached_property
    def worse(self) -> pd.DataFrame:
        """Rows of the comparison on the side to ask about beyond chance."""
        rows = self.contents.comparison
        columns = ["indicator", "area", "value", "comparator_value"]
        return rows.loc[rows["significance"] == "worse", columns]
