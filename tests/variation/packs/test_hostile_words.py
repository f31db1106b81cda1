"""Names that would be formulas, markup or invisible are words and nothing else, in every file of a pack."""

import csv
import re
import tomllib
import xml.etree.ElementTree as ElementTree
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import tomlkit

from variation import analyse, read_inputs, write_pack

BEGINNINGS = (
    '=HYPERLINK("http://example.org","open")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "=1+1",
    "\t=1+1",
    "*",
    "?",
    "~",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Poo\u202ele\u200b Bay\ufeff",
    "'=1",
    "{{ 1 }} {name:rule} %d",
    "Bell\x07 Surgery ",
)
QUOTED = re.compile(r'"(?:[^"]|"")*"')
UNSEEN = "\u202e\u200b\ufeff"
STARTS = ("=", "+", "-", "@", "\t", "\r")
AREAS, INDICATORS = ("L01", "L02"), 10


def hostile(words: pd.Series) -> dict[str, str]:
    """A name of each kind for each of the words, none like another."""
    known = [word for word in dict.fromkeys(words.dropna()) if word]
    return {word: f"{BEGINNINGS[at % len(BEGINNINGS)]} {at}" for at, word in enumerate(known)}


def renamed(table: pd.DataFrame, names: dict[str, dict[str, str]]) -> pd.DataFrame:
    return table.assign(**{column: table[column].replace(new) for column, new in names.items()})


@pytest.fixture(scope="module")
def pack(example_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the example, every name in it hostile, as a pack."""
    folder = tmp_path_factory.mktemp("hostile")

    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(example_folder / f"{name}.csv", dtype=str, keep_default_na=False)

    areas, catalogue, assumed = read("areas"), read("catalogue"), read("assumptions")
    inside = areas["area"].isin(AREAS) | areas["parent"].isin(AREAS)
    areas = areas[inside].assign(parent=areas["parent"].where(areas["kind"] == "practice", ""))
    priced = catalogue[(catalogue["polarity"] == "low") & (catalogue["unit_cost"] != "")]
    catalogue = pd.concat([priced.head(INDICATORS), catalogue[catalogue["polarity"] == "high"].head(1)])
    indicators = read("indicators")
    kept = indicators["indicator"].isin(catalogue["indicator"]) & indicators["area"].isin(areas["area"])
    indicators = indicators[kept & indicators["period"].isin(["2015/16", "2016/17"])]
    assumed = assumed[assumed["indicator"].isin(catalogue["indicator"])]
    schemes = read("schemes")
    schemes = schemes[schemes["scheme"].isin(assumed["scheme"])]

    codes = {"SYN001": "=SUM(1,1)", "SYN002": "@SYN002", "SYN003": "<b>SYN003</b>"}
    lines, named = hostile(read("plan")["plan_line"]), hostile(assumed["scheme"])
    tables = {
        "areas": renamed(areas, {"name": hostile(areas["name"]), "area": codes}).assign(**{"=A1": "7"}),
        "catalogue": renamed(
            catalogue,
            {
                column: hostile(catalogue[column])
                for column in ("name", "programme", "unit", "source", "question", "may_be_warranted")
            }
            | {"plan_line": lines},
        ),
        "indicators": renamed(indicators, {"area": codes}),
        "plan": renamed(read("plan"), {"plan_line": lines, "parent": lines}),
        "assumptions": renamed(assumed, {"scheme": named}),
        "schemes": renamed(schemes, {"scheme": named}),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    settings = tomllib.loads((example_folder / "analysis.toml").read_text(encoding="utf-8"))
    settings |= {name: BEGINNINGS[at] for at, name in enumerate(("title", "subtitle", "notice"))}
    settings["attribution"] = BEGINNINGS[9]
    (folder / "analysis.toml").write_text(tomlkit.dumps(settings), encoding="utf-8")
    return write_pack(analyse(read_inputs(folder / "analysis.toml")), folder / "pack")


def test_no_cell_of_the_workbook_is_a_formula_but_ours(pack: Path) -> None:
    book = openpyxl.load_workbook(pack / "variation-pack.xlsx")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    reckoned = QUOTED.sub("", str(cell.value))  # what stands in quotes is compared with
                    assert not re.search(r"cmd|HYPERLINK|SUM\(1,1\)", reckoned), cell
                elif isinstance(cell.value, str) and cell.value.startswith(STARTS):
                    assert cell.data_type == "s"
                    assert cell.quotePrefix, (
                        f"{sheet.title}!{cell.coordinate} would become a formula when edited"
                    )
    said = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert '=HYPERLINK("http://example.org","open") 0' in said


def test_the_checks_of_the_workbook_agree_whatever_things_are_called(pack: Path) -> None:
    checks = pd.read_excel(pack / "variation-pack.xlsx", sheet_name="Checks", header=None, engine="calamine")
    results = checks.iloc[:, -1].dropna()
    assert (results == "OK").sum() > 20
    assert not (results == "CHECK").any()


def test_the_workbook_is_read_back_whatever_things_are_called(pack: Path) -> None:
    given = pack.parent / "analysis.toml"
    first, again = read_inputs(given), read_inputs(given, assumptions=pack / "variation-pack.xlsx")
    assert again.findings == first.findings
    assert again.sources == first.sources
    for name in ("lines", "schemes", "overlaps"):
        assert getattr(again.assumptions, name).equals(getattr(first.assumptions, name))


def test_the_workbook_has_no_link_out_and_no_other_part_that_runs(pack: Path) -> None:
    with zipfile.ZipFile(pack / "variation-pack.xlsx") as archive:
        assert not [name for name in archive.namelist() if re.search(r"externalLink|vba|embed|activeX", name)]
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
            assert b'TargetMode="External"' not in archive.read(name)


def test_no_cell_of_a_csv_begins_a_formula_and_negative_numbers_stay_numbers(pack: Path) -> None:
    negative = 0
    for path in [*(pack / "tables").glob("*.csv"), pack / "charts" / "index.csv"]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    if cell.startswith(STARTS):
                        assert float(cell) <= 0, f"{path.name}: {cell}"
                        negative += 1
    assert negative > 10


def test_parquet_has_the_words_as_they_are(pack: Path) -> None:
    areas = pd.read_parquet(pack / "tables" / "areas.parquet")
    assert areas["area"].isin(["=SUM(1,1)", "@SYN002", "<b>SYN003</b>"]).sum() == 3


class Tags(HTMLParser):
    """Counts of tags, and attributes that would run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.running: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.running += [
            name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")
        ]


def test_the_page_has_its_own_script_and_no_unseen_letter(pack: Path) -> None:
    text = (pack / "index.html").read_text(encoding="utf-8")
    page = Tags()
    page.feed(text)
    assert page.tags.count("script") == 2  # the figures, which nothing runs, and our own
    assert page.running == []
    assert not set(UNSEEN) & set(text)


def test_pictures_hold_words_and_no_markup(pack: Path) -> None:
    pictures = sorted((pack / "charts").rglob("*.svg"))
    assert pictures
    for path in pictures:
        text = path.read_text(encoding="utf-8")
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
        assert not tags & {"script", "img", "foreignObject", "a"}, path.name
        assert not set(UNSEEN) & set(text), path.name
