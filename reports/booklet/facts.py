"""What several pages of the booklet are written from, worked out once."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reports import headlines
from reports.catalogue import Catalogue, about_indicators
from reports.contents import Contents
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

    @cached_property
    def flags(self) -> dict[str, headlines.Flags]:
        """Areas of the finest kind that stand out, by indicator."""
        return headlines.flags(self.contents)

    @cached_property
    def flagged(self) -> pd.DataFrame:
        """The catalogue with the areas flagged and those that chance would flag."""
        return flags_by_indicator(self.contents)

    @cached_property
    def league(self) -> pd.DataFrame:
        """Opportunity of every indicator for the pack's own area, the largest first."""
        return headlines.league(self.contents)

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
