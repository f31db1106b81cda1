"""Read every file of a written pack for figures about single areas: tables, workbook, page, pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd

from tests.attack.bounds import Published
from tests.page_figures import PageFigures

# What is public of an area, or is the same for it as for all or its peers: no count can be told from it.
PUBLIC = {
    "denominator", "expected", "comparator_value", "best_5_value", "funnel_target", "peers_used", "period",
    "funnel_lower_95", "funnel_upper_95", "funnel_lower_998", "funnel_upper_998",
    "funnel_adjusted_lower_95", "funnel_adjusted_upper_95", "funnel_adjusted_lower_998",
    "funnel_adjusted_upper_998",
    "Denominator", "Expected from case mix", "Comparator's value", "Best five of ten peers",
    "Peers with a value", "Peers",
    "Value in the period before",  # of a period that shows it: a test holds it to that
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of a file: what it is about, what it is called there, and what it says."""

    file: str
    indicator: str
    area: str
    column: str
    value: float
    period: str = ""  # empty: the one that the pack is about


def published(folder: Path) -> Published:
    """What the pack shows of every count, with the public tree of areas."""
    comparison = pd.read_csv(folder / "tables" / "comparison.csv", low_memory=False)
    areas, catalogue = (pd.read_csv(folder / "tables" / f"{name}.csv") for name in ("areas", "catalogue"))
    manifest = pd.read_json(folder / "manifest.json", typ="series")
    inside = areas.dropna(subset="parent")
    columns = ["area", "numerator", "denominator", "suppressed"]
    kinds = catalogue.set_index("indicator")["kind"]
    tables = {
        (str(key[0]), str(key[1])): rows[columns].reset_index(drop=True)
        for key, rows in comparison.groupby(["indicator", "period"])
        if kinds[key[0]] in ("proportion", "rate", "ratio")
    }
    return Published(
        tables=tables,
        parent=dict(zip(inside["area"], inside["parent"], strict=True)),
        policy=str(manifest["settings"]["policy"]),
        proportions=frozenset(key for key in tables if kinds[key[0]] == "proportion"),
    )


def withheld_figures(folder: Path) -> list[Figure]:
    """Every figure, in any file, of an area and indicator that the pack withholds in the figure's own period."""
    comparison = pd.read_csv(folder / "tables" / "comparison.csv", low_memory=False)
    hidden = comparison[comparison["suppressed"]]
    withheld = set(zip(hidden["indicator"], hidden["area"], hidden["period"], strict=True))
    now = hidden[hidden["period"] == comparison["period"].max()]
    withheld |= {(indicator, area, "") for indicator, area in zip(now["indicator"], now["area"], strict=True)}
    found = [*_tables(folder), *_workbook(folder), *_page(folder), *_page_figures(folder), *_pictures(folder)]
    return [
        figure
        for figure in found
        if (figure.indicator, figure.area, figure.period) in withheld and figure.column not in PUBLIC
    ]


def _tables(folder: Path) -> Iterator[Figure]:
    """Read tables of areas, of the period that the pack is about."""
    for path in sorted((folder / "tables").glob("*.*")):
        if path.stem not in ("comparison", "opportunity") or path.suffix not in (".csv", ".parquet"):
            continue
        reader = pd.read_csv if path.suffix == ".csv" else pd.read_parquet
        frame = reader(path)
        frame = frame[frame["period"] == frame["period"].max()]
        yield from _rows(frame, f"tables/{path.name}", "indicator", "area")


def _rows(frame: pd.DataFrame, file: str, indicator: str, area: str) -> Iterator[Figure]:
    for row in frame.to_dict("records"):
        for column, value in row.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or np.isnan(value):
                continue
            yield Figure(
                file=file, indicator=str(row[indicator]), area=str(row[area]), column=str(column), value=value
            )


def _workbook(folder: Path) -> Iterator[Figure]:
    """Read all sheets, hidden ones too: values as they were last reckoned."""
    path = folder / "variation-pack.xlsx"
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        for place, heading in enumerate(rows):
            if "Area code" in heading and "Indicator code" in heading:
                frame = pd.DataFrame(rows[place + 1 :], columns=heading, dtype=object)
                frame = frame.loc[:, [isinstance(name, str) for name in heading]]
                if sheet.title != "Trend":  # a series of years, some of them shown
                    yield from _rows(frame, f"{path.name}: {sheet.title}", "Indicator code", "Area code")


class _Tables(HTMLParser):
    """Collects the tables of a page as (caption, headings, rows of cells)."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[list[str]]]] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self.tables.append(("", []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][1][-1].append("")
        if tag in ("caption", "td", "th"):
            self._open = tag

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        """Take the words of a cell."""
        if self._open == "caption":
            self.tables[-1] = (self.tables[-1][0] + data, self.tables[-1][1])
        elif self._open:
            self.tables[-1][1][-1][-1] += data


def _page(folder: Path) -> Iterator[Figure]:
    """Read the page's tables of one area (a row an indicator) and of one indicator (a row an area)."""
    areas, catalogue = (pd.read_csv(folder / "tables" / f"{name}.csv") for name in ("areas", "catalogue"))
    area_of = dict(zip(areas["name"], areas["area"], strict=True))
    indicator_of = dict(zip(catalogue["name"], catalogue["indicator"], strict=True))
    whole = set(areas.loc[areas["parent"].isna(), "name"])
    reader = _Tables()
    reader.feed((folder / "index.html").read_text(encoding="utf-8"))
    for caption, rows in reader.tables:
        about = next((name for name in indicator_of if caption.strip().startswith(f"{name}:")), "")
        place = next((name for name in area_of if caption.strip().startswith(f"{name},")), "")
        for row in rows[1:]:
            indicator = indicator_of.get(about or row[0].strip())
            area = area_of.get(place if not about else row[0].strip())
            for heading, words in zip(rows[0][1:], row[1:], strict=False):
                number = re.search(r"\d[\d,]*\.?\d*", words)
                if indicator and area and number and heading.strip() not in whole:
                    value = float(number[0].replace(",", ""))
                    yield Figure(
                        file="index.html", indicator=indicator, area=area, column=heading.strip(), value=value
                    )


def _page_figures(folder: Path) -> Iterator[Figure]:
    """Read what the page's charts are drawn from."""
    page = PageFigures.of((folder / "index.html").read_text(encoding="utf-8"))
    if page is None:
        return
    for row in page.rows().itertuples(index=False):
        yield Figure(
            file="index.html#figures",
            indicator=row.indicator,
            area=row.area,
            column=row.column,
            value=row.value,
            period=row.period,
        )


SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"


def _pictures(folder: Path) -> Iterator[Figure]:
    """Measure the points of funnels: across is the size of an area, which is public and says whose point it is."""
    index = pd.read_csv(folder / "charts" / "index.csv")
    comparison = pd.read_csv(folder / "tables" / "comparison.csv", low_memory=False)
    comparison = comparison[comparison["period"] == comparison["period"].max()]
    for funnel in index[index["kind"] == "funnel"].to_dict("records"):
        rows = comparison[comparison["indicator"] == funnel["indicator"]]
        rows = rows.assign(size=rows["expected"].fillna(rows["denominator"])).dropna(subset="size")
        across, up, marks = points(folder / funnel["file"])
        shown = rows[~rows["suppressed"]].dropna(subset="value")
        for x, y in marks:
            near = np.abs(across(x) - shown["size"]) < 0.05 * abs(across.deriv()(0))
            near &= np.abs(up(y) - shown["value"]) < 0.05 * abs(up.deriv()(0))
            if near.any():
                continue  # the point of an area whose value is in the tables
            away = (rows["size"] - across(x)).abs()
            yield Figure(
                file=funnel["file"],
                indicator=funnel["indicator"],
                area=str(rows["area"][away.idxmin()]),
                column="point",
                value=float(up(y)),
            )


def points(path: Path) -> tuple[np.poly1d, np.poly1d, list[tuple[float, float]]]:
    """Return the marks of a picture, and how the numbers written at its two axes measure them."""
    root = ElementTree.parse(path).getroot()
    across, up = (_axis(root, number) for number in (1, 2))
    marks = [
        (float(mark.get("x", "nan")), float(mark.get("y", "nan")))
        for group in root.iter(f"{SVG}g")
        if group.get("clip-path")
        for mark in group.iter(f"{SVG}use")
    ]
    return across, up, marks


def _axis(root: ElementTree.Element, number: int) -> np.poly1d:
    """Read an axis off its gridlines and the numbers beside them."""
    grid = next(group for group in root.iter(f"{SVG}g") if group.get("id") == f"line2d_{number}")
    starts = next(grid.iter(f"{SVG}path")).get("d", "").split("M ")[1:]
    places = [float(start.split()[number - 1]) for start in starts]
    # Numbers of the axis across stand below the plot, those of the axis up right-aligned beside it.
    anchor = f"text-anchor:{('middle', 'end')[number - 1]}"
    words = [(text.text or "").strip("£%").replace(",", "").replace("\N{MINUS SIGN}", "-")
             for text in root.iter(f"{SVG}text") if anchor in text.get("style", "")]  # fmt: skip
    values = [float(word) for word in words if re.fullmatch(r"-?[\d.]+", word)]
    assert len(values) == len(places), "an axis that cannot be read would be an attack that cannot succeed"
    return np.poly1d(np.polyfit(places, values, 1))
