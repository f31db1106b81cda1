"""Read the packs of single areas for figures of counts that the pack of the whole withholds."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd

from tests.attack.files import PUBLIC, SVG, Figure, _Tables

# Also public: what all areas or peers have, the size of areas, and which of them are peers of which.
ALSO_PUBLIC = PUBLIC | {
    "Price of one unit £",
    "Rank, 1 is most similar",
    "Distance",
    "Look first at",
    "Period",
}


@dataclass(frozen=True, kw_only=True)
class Whole:
    """What everyone may know from the tables of the whole: names, and which figures are withheld."""

    area_of: Mapping[str, str]
    indicator_of: Mapping[str, str]
    withheld: frozenset[tuple[str, str, str]]  # indicator, area, period
    now: Mapping[str, str]  # latest period of each indicator

    @classmethod
    def of(cls, tables: Path) -> "Whole":
        """Read the tables of the whole."""
        comparison = pd.read_csv(tables / "comparison.csv", low_memory=False)
        areas, catalogue = (pd.read_csv(tables / f"{name}.csv") for name in ("areas", "catalogue"))
        hidden = comparison[comparison["suppressed"]]
        return cls(
            area_of=dict(zip(areas["name"], areas["area"], strict=True)),
            indicator_of=dict(zip(catalogue["name"], catalogue["indicator"], strict=True)),
            withheld=frozenset(zip(hidden["indicator"], hidden["area"], hidden["period"], strict=True)),
            now=dict(comparison.groupby("indicator")["period"].max()),
        )

    def indicator(self, words: str) -> str | None:
        """Code of the indicator that words begin with; of two, that with the longer name."""
        fit = [name for name in self.indicator_of if words.strip().startswith(name)]
        return self.indicator_of[max(fit, key=len)] if fit else None

    def is_withheld(self, indicator: str, area: str, period: str = "") -> bool:
        """Tell whether a figure is withheld, in the latest period where none is given."""
        return (indicator, area, period or self.now.get(indicator, "")) in self.withheld


def withheld_figures_of_areas(out: Path) -> list[Figure]:
    """Every figure in any pack of an area that the tables of the whole withhold."""
    whole = Whole.of(out / "tables")
    return [
        figure
        for folder in sorted((out / "areas").iterdir())
        if folder.is_dir()
        for figure in (*_workbook(folder, whole), *_page(folder, whole), *named_in_charts(folder, whole))
    ]


def _own(folder: Path) -> str:
    return str(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["area"])


def _workbook(folder: Path, whole: Whole) -> Iterator[Figure]:
    """Read every sheet that has a row an indicator: of the area itself, of another, or with a column an area."""
    book = openpyxl.load_workbook(folder / "variation-pack.xlsx", data_only=True)
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        start = next((place for place, row in enumerate(rows) if "Indicator code" in row), len(rows))
        for row in rows[start + 1 :]:
            cells = dict(zip(rows[start], row, strict=True))
            indicator, area = cells.get("Indicator code"), cells.get("Area code") or _own(folder)
            for heading, value in cells.items():
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    continue
                whose = whole.area_of.get(str(heading), str(area))
                period = str(cells.get("Period") or "")
                if heading not in ALSO_PUBLIC and whole.is_withheld(str(indicator), whose, period):
                    yield _figure(folder, f"{sheet.title}", str(indicator), whose, str(heading), value)


def _page(folder: Path, whole: Whole) -> Iterator[Figure]:
    """Read the tables with a row an indicator: columns named for an area are of it, all others of the pack's own."""
    reader = _Tables()
    reader.feed((folder / "index.html").read_text(encoding="utf-8"))
    for _, rows in reader.tables:
        for row in rows[1:]:
            indicator = whole.indicator(row[0]) if row else None
            for heading, words in zip(rows[0][1:], row[1:], strict=False):
                number = re.search(r"\d[\d,]*\.?\d*", words)
                whose = whole.area_of.get(heading.strip(), _own(folder))
                spoken = heading.strip() in (*ALSO_PUBLIC, "Ask", "Programme")
                if indicator and number and not spoken and whole.is_withheld(indicator, whose):
                    value = float(number[0].replace(",", ""))
                    if heading.strip() == "Counted":  # 12 of 3,456: the second is the size of the area
                        value = np.nan if words.strip().startswith("[c]") else value
                    if not np.isnan(value):
                        yield _figure(folder, "index.html", indicator, whose, heading.strip(), value)


def named_in_charts(folder: Path, whole: Whole) -> Iterator[Figure]:
    """Read the names that stand beside bars, points and intervals: each has a value of its own drawn."""
    index = pd.read_csv(folder / "charts" / "index.csv")
    for chart in index[index["kind"].isin(["peer-bars", "caterpillar"])].to_dict("records"):
        root = ElementTree.parse(folder / chart["file"]).getroot()
        for words in root.iter(f"{SVG}text"):
            area = whole.area_of.get("".join(words.itertext()).strip())
            if area and whole.is_withheld(str(chart["indicator"]), area):
                yield _figure(
                    folder, "charts", str(chart["indicator"]), area, str(chart["kind"]), float("nan")
                )


def _figure(folder: Path, file: str, indicator: str, area: str, column: str, value: float) -> Figure:
    return Figure(
        file=f"{folder.name}: {file}", indicator=indicator, area=area, column=column, value=float(value)
    )
