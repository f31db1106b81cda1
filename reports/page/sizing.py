"""The opportunity of the pack's own area in £: which ways of sizing it stand side by side, and their columns."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from reports.claims import Claim, claims, figures
from reports.contents import Contents
from reports.page.table import Cell, Column, between, pounds
from reports.shorthand import NOT_APPLICABLE, NOT_AVAILABLE
from reports.words import pounds as written_pounds

SIDE_BY_SIDE = 3  # ways of sizing; more do not fit a screen. The workbook has all.


@dataclass(frozen=True, kw_only=True)
class Sized:
    """One way of sizing the opportunity, with its figures indexed by what a row is of."""

    claim: Claim
    figures: pd.DataFrame
    headline: bool = False  # its interval is shown too

    @cached_property
    def has_interval(self) -> bool:
        """Whether an 80 % interval stands beside the £."""
        return self.headline and bool(self.figures[["p10", "p90"]].notna().all(axis=1).any())

    @cached_property
    def has_floor(self) -> bool:
        """Whether it is known what the same rule would claim by chance."""
        return bool(self.figures["chance_floor_gbp"].notna().any())

    def columns(self) -> list[Column]:
        """Return the headings of its columns: the £, its interval, its chance floor."""
        named = [Column(name=self.claim.label, numeric=True, unit="£")]
        if self.has_interval:
            named.append(Column(name="80% interval"))
        if self.has_floor:
            named.append(
                Column(name=f"Chance alone: {_first_lower(self.claim.label)}", numeric=True, unit="£")
            )
        return named

    def cells(self, row: str, *, missing: str = NOT_AVAILABLE) -> list[Cell]:
        """Return the cells of one row under those headings."""
        made = [pounds(self.at(row, "value_gbp"), missing=missing)]
        if self.has_interval:
            priced = made[0].value is not None
            limits = between(self.at(row, "p10"), self.at(row, "p90"), written_pounds)
            made.append(limits if priced else Cell(text=missing))
        if self.has_floor:
            made.append(pounds(self.at(row, "chance_floor_gbp"), missing=missing))
        return made

    def at(self, row: str, column: str) -> object:
        """Return one figure; None where there is no such row."""
        return self._rows.get(row, {}).get(column)

    @cached_property
    def _rows(self) -> dict[Any, dict[Any, Any]]:
        return self.figures.to_dict("index")

    def investment(self, row: str) -> Cell:
        """Return the cell of the need for investment, which is never netted off."""
        return pounds(self.at(row, "investment_gbp"), missing=NOT_APPLICABLE)


def _first_lower(label: str) -> str:
    return label if label.startswith("RightCare") else label[:1].lower() + label[1:]


def side_by_side(contents: Contents) -> list[Sized]:
    """Return the ways of sizing shown beside each other, the headline's first; none where nothing is sized."""
    pairs = contents.opportunity[["mode", "comparator"]].drop_duplicates()
    there = set(pairs.itertuples(index=False, name=None))
    shown = [claim for claim in claims(contents) if (claim.mode, claim.comparator) in there]
    return [
        Sized(claim=claim, figures=figures(contents, claim), headline=number == 0)
        for number, claim in enumerate(shown[:SIDE_BY_SIDE])
    ]
