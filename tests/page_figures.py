"""Read the block of figures out of a written page: what its charts show, taken apart without the page's own code."""

import json
import re
import string
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

BLOCK = re.compile(r'<script type="application/json" id="figures">(.*?)</script>', re.S)
COUNTS = {"numerator": "numerator", "amount": "value_gbp", "p10": "p10", "p90": "p90", "gap": "units",
          "published": "value_gbp by RightCare's rule", "floor": "chance_floor_gbp"}  # fmt: skip
TREND_LETTERS = string.ascii_letters + string.digits
PACKED = {"lower": "lower_95", "upper": "upper_95"}


@dataclass(frozen=True, kw_only=True)
class PageFigures:
    """The block as it stands, and its columns as figures of single areas."""

    block: dict[str, Any]

    @classmethod
    def of(cls, page: str) -> "PageFigures | None":
        """Read the block; None where the page has none."""
        found = BLOCK.search(page)
        return None if found is None else cls(block=json.loads(found[1]))

    def letters(self, text: str, scale: list[int]) -> list[float]:
        """Take a column of letters apart; NaN where dots stand."""
        start, decimals, width = scale
        value = {letter: place for place, letter in enumerate(self.block["letters"])}
        figures = [text[at : at + width] for at in range(0, len(text), width)]
        return [
            np.nan
            if "." in figure
            else (
                sum(value[letter] * len(value) ** power for power, letter in enumerate(reversed(figure)))
                + start
            )
            / 10**decimals
            for figure in figures
        ]

    def rows(self) -> pd.DataFrame:
        """Every figure of an area: indicator, area, period, column, value and the step that it is rounded to.

        Words (significance, limits that an area is outside of, how its series moves) count as figures too: their
        value is the place of their letter.
        """
        parts = [part for about in self.block["indicators"] for part in self._of_one(about)]
        return pd.DataFrame(
            [(*part[:3], column, value, step) for *part, column, value, step in parts],
            columns=["indicator", "area", "period", "column", "value", "step"],
        )

    def says_nothing(self, name: str, letter: str) -> bool:
        """Tell whether a letter stands for a word that every area without a figure has."""
        if letter == ".":
            return True
        if name == "trend":
            return self.block["trends"][TREND_LETTERS.index(letter)] == "Cannot be calculated"
        return self.block["significances"][letter] == "not tested"

    def _of_one(self, about: dict[str, Any]) -> list[tuple[Any, ...]]:
        codes = self.block["areas"]["code"]
        followed = [codes[place] for place in self.block["followed"]]
        latest, step = self.block["periods"][about["period"]], 10.0 ** -about["scale"][1]
        columns: list[tuple[str, str, list[str], list[float], float]] = []
        for name, column in COUNTS.items():
            columns.append((latest, column, codes, about.get(name) or [], 1.0))
        for name, column in {"value": "value", "peers": "comparator_value", **PACKED}.items():
            if name in about:
                columns.append((latest, column, codes, self.letters(about[name], about["scale"]), step))
        for name, column in (("values", "value"), ("peer_values", "comparator_value")):
            for period, text in zip(self.block["periods"], about[name], strict=True):
                columns.append((period, column, followed, self.letters(text, about["scale"]), step))
        for column, text in zip(("process_lower", "process_upper"), about["usual"], strict=True):
            columns.append((latest, column, codes, self.letters(text, about["scale"]), step))
        for name in ("significance", "rightcare", "trend"):
            places = [
                np.nan if self.says_nothing(name, letter) else float(ord(letter)) for letter in about[name]
            ]
            columns.append((latest, name, codes, places, 0.0))
        outside = [np.nan if letter == "." else float(letter) for letter in about["outside"]]
        columns.append((latest, "outside", codes, outside, 0.0))
        return [
            (about["code"], area, period, column, float(value), step)
            for period, column, areas, values, step in columns
            for area, value in zip(areas, values, strict=bool(values))
            if value is not None and not np.isnan(value)
        ]
