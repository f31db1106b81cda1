"""The standard set of pictures: every kind, safe and stable names, words beside each, any kind of pack."""

import csv
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from reports.chartbook import draw
from reports.charts import opportunity_chart
from reports.charts.frame import Drawn
from reports.charts.standard_set import jobs
from reports.contents import Contents
from reports.pack_rows import latest, league
from reports.picture import Picture
from reports.processes import Processes

Pack = Callable[..., Contents]


def all_drawn(contents: Contents, top: int = 1) -> list[tuple[str, Drawn]]:
    """Kind and figure of every picture of a pack, without files."""
    return [(job.kind, job.draw()) for job in jobs(contents, top=top)]


@pytest.fixture(scope="module")
def book(few: Contents, tmp_path_factory: pytest.TempPathFactory) -> tuple[Picture, ...]:
    """The pictures of a small pack."""
    return draw(few, tmp_path_factory.mktemp("book") / "charts", top=2)


@pytest.fixture(scope="module")
def folder(book: tuple[Picture, ...]) -> Path:
    """Where they lie."""
    return book[0].folder / "charts"


def index(folder: Path) -> list[dict[str, str]]:
    """The rows of the pictures' index."""
    with (folder / "index.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_kind_of_picture_is_drawn_in_the_order_of_the_pack(
    few: Contents, book: tuple[Picture, ...]
) -> None:
    first, second = league(few)["indicator"].head(2)
    localities = few.areas.loc[few.areas["kind"] == "locality", "area"].tolist()
    assert [(one.kind, one.indicator or one.area) for one in book] == [
        ("opportunity", ""),
        ("plan", ""),
        ("bridge", ""),
        ("league", ""),
        ("funnel", first),
        ("caterpillar", first),
        ("map", first),
        ("xmr", first),
        ("funnel", second),
        ("caterpillar", second),
        ("map", second),
        ("xmr", second),
        *(("spine", area) for area in localities),
    ]


def test_a_picture_of_several_indicators_or_areas_names_none(book: tuple[Picture, ...]) -> None:
    for one in book:
        assert bool(one.indicator) == (one.kind in ("funnel", "caterpillar", "map", "xmr"))
        assert bool(one.area) == (one.kind in ("spine", "xmr"))


def test_names_are_unique_and_safe_on_any_system(book: tuple[Picture, ...]) -> None:
    assert len({one.id.casefold() for one in book}) == len(book)
    for one in book:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one.id)
        assert (one.file, one.png) == (f"charts/{one.id}.svg", f"charts/{one.id}.png")


def test_every_picture_can_be_opened_and_says_what_it_is(book: tuple[Picture, ...]) -> None:
    for one in book:
        root = ET.parse(one.svg).getroot()
        assert (root[0].text, root[1].text) == (one.title, one.alt)
        with Image.open(one.folder / one.png) as image:
            image.load()
            narrow = dict.fromkeys(("funnel", "caterpillar"), 960) | dict.fromkeys(("ribbon", "xmr"), 832)
            assert image.size[0] == narrow.get(one.kind, 1152)
        assert one.svg.stat().st_size < 60_000
        assert (one.folder / one.png).stat().st_size < 130_000


def test_the_index_has_the_words_of_each_picture(book: tuple[Picture, ...], folder: Path) -> None:
    rows = index(folder)
    assert [row["id"] for row in rows] == [one.id for one in book]
    for row, one in zip(rows, book, strict=True):
        assert row["alt_text"] == one.alt
        assert (row["title"], row["kind"], row["indicator"], row["area"], row["source"]) == (
            one.title, one.kind, one.indicator, one.area, one.source,
        )  # fmt: skip
        assert (folder.parent / row["file"]).is_file()
        assert (folder.parent / row["png"]).is_file()
    assert {path.name for path in folder.iterdir()} == {
        "index.csv", *(f"{one.id}.{ending}" for one in book for ending in ("svg", "png")),
    }  # fmt: skip


def test_the_words_beside_each_picture_are_two_to_six_sentences_and_never_blame(
    book: tuple[Picture, ...],
) -> None:
    for one in book:
        assert 2 <= len(re.findall(r"\.(?: |$)", one.alt)) <= 6, one.alt
        assert one.alt.split()[0] in {
            "Bar",
            "Waterfall",
            "Stacked",
            "Funnel",
            "Caterpillar",
            "Hexagon",
            "XmR",
            "Spine",
        }
        assert re.search(r"The figures are in the \w+ (table|and \w+ tables)\.$", one.alt)
        assert not re.search(
            r"\b(poor|failing|worst|risk|outlier)\b", f"{one.title} {one.alt}", re.IGNORECASE
        )


def test_every_picture_carries_the_packs_markings(few: Contents) -> None:
    marked = replace(few, notice="Synthetic example data", banner="OFFICIAL-SENSITIVE")
    for _, drawn in all_drawn(marked):
        assert "OFFICIAL-SENSITIVE · Synthetic example data" in [
            text.get_text() for text in drawn.figure.texts
        ]


def test_the_same_pack_gives_the_same_bytes_whatever_the_order_of_its_rows(
    few: Contents, book: tuple[Picture, ...], folder: Path, tmp_path: Path
) -> None:
    shuffled = replace(
        few,
        comparison=few.comparison.sample(frac=1, random_state=2),
        opportunity=few.opportunity.sample(frac=1, random_state=2),
    )
    again = draw(shuffled, tmp_path / "charts", top=2)
    assert [one.id for one in again] == [one.id for one in book]
    for path in folder.iterdir():
        assert (tmp_path / "charts" / path.name).read_bytes() == path.read_bytes(), path.name


def test_progress_is_told_each_picture_and_only_the_formats_asked_for_are_written(
    few: Contents, tmp_path: Path
) -> None:
    told: list[str] = []
    pictures = draw(few, tmp_path / "charts", top=1, formats=("svg",), progress=told.append)
    assert told == [one.id for one in pictures]
    assert {one.png for one in pictures} == {""}
    assert {path.suffix for path in (tmp_path / "charts").iterdir()} == {".svg", ".csv"}
    assert {row["png"] for row in index(tmp_path / "charts")} == {""}


def test_workers_draw_the_same_pictures_as_one(
    few: Contents, book: tuple[Picture, ...], folder: Path, tmp_path: Path
) -> None:
    with Processes(2) as beside:
        together = draw(few, tmp_path / "charts", top=2, beside=beside)
    assert [replace(one, folder=folder.parent) for one in together] == list(book)
    for path in folder.iterdir():
        assert (tmp_path / "charts" / path.name).read_bytes() == path.read_bytes(), path.name


def renamed(contents: Contents, codes: list[str]) -> Contents:
    """The pack with other codes for its first indicators, and these alone."""
    names = dict(zip(contents.catalogue["indicator"], codes, strict=False))

    def own(table: pd.DataFrame) -> pd.DataFrame:
        kept = table[table["indicator"].isin(names)]
        return kept.assign(indicator=kept["indicator"].map(names))

    return replace(
        contents,
        catalogue=own(contents.catalogue),
        comparison=own(contents.comparison),
        variation=own(contents.variation),
        opportunity=own(contents.opportunity),
    )


CLASHING = ["copd", "COPD", "COPD!", "c/o/p/d", "../copd", "Ω"]


def test_codes_that_differ_only_in_case_or_signs_get_files_of_their_own(
    few: Contents, tmp_path: Path
) -> None:
    assert len(few.catalogue) == len(CLASHING)
    pack = replace(renamed(few, CLASHING), areas=few.areas.assign(parent=None), plan=few.plan.iloc[:0])
    pictures = draw(pack, tmp_path / "charts", formats=("svg",))
    funnels = [one for one in pictures if one.kind == "funnel"]
    assert {one.indicator for one in funnels} == set(CLASHING)
    assert len({one.file.casefold() for one in pictures}) == len(pictures)
    for one in pictures:
        assert one.svg.resolve().parent == (tmp_path / "charts").resolve()
        assert ET.parse(one.svg).getroot()[1].text == one.alt
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        "index.csv", *(Path(one.file).name for one in pictures),
    }  # fmt: skip


def kinds(pack: Contents) -> list[str]:
    """The kinds of picture of a pack, in their order."""
    return [job.kind for job in jobs(pack, top=1)]


def test_a_pack_without_opportunity_shows_its_first_indicators(few: Contents) -> None:
    none = replace(few, opportunity=few.opportunity.iloc[:0])
    assert kinds(none)[:4] == ["opportunity", "plan", "bridge", "league"]
    todo = jobs(none, top=1)
    assert todo[0].draw().title == "No opportunity with a price has been sized"
    assert todo[4].indicator == few.catalogue["indicator"].iloc[0]
    assert few.catalogue["name"].iloc[0] in todo[4].draw().title


def test_a_pack_without_a_plan_has_no_picture_of_one(few: Contents) -> None:
    assert "plan" not in kinds(replace(few, plan=few.plan.iloc[:0]))


def test_without_localities_the_spine_is_that_of_the_packs_own_area(few: Contents) -> None:
    leaves = few.areas["kind"] == "practice"
    areas = few.areas[leaves | (few.areas["area"] == few.focus)].copy()
    areas.loc[areas["kind"] == "practice", "parent"] = few.focus
    pack = replace(few, areas=areas, comparison=few.comparison[few.comparison["area"].isin(areas["area"])])
    (spine,) = [job for job in jobs(pack, top=1) if job.kind == "spine"]
    assert spine.area == few.focus
    assert "The diamond is" not in spine.draw().alt


def test_areas_of_one_kind_without_parents_have_no_spine(few: Contents) -> None:
    alone = few.areas["kind"] == "practice"
    pack = replace(
        few,
        focus="",
        areas=few.areas[alone].assign(kind="sub_icb", parent=None),
        comparison=few.comparison[few.comparison["kind"] == "practice"].assign(kind="sub_icb"),
        opportunity=few.opportunity[few.opportunity["kind"] == "practice"].assign(kind="sub_icb"),
        plan=few.plan.iloc[:0],
    )
    drawn = all_drawn(pack)
    assert [kind for kind, _ in drawn] == ["opportunity", "funnel", "caterpillar", "map"]
    assert all("sub-ICB area" in one.alt for _, one in drawn[1:])


def test_a_pack_without_any_figures_draws_empty_pictures(few: Contents, tmp_path: Path) -> None:
    names = ("comparison", "variation", "opportunity", "plan")
    empty = replace(few, **{name: getattr(few, name).iloc[:0] for name in names})
    pictures = draw(empty, tmp_path / "charts", top=1)
    assert [one.kind for one in pictures] == ["opportunity", "funnel", "caterpillar"]
    assert all("No " in one.title for one in pictures)
    for one in pictures:
        ET.parse(one.svg)


def test_the_opportunity_picture_is_that_of_the_league_with_the_published_rule_beside(
    few: Contents, book: tuple[Picture, ...]
) -> None:
    assert book[0].title == opportunity_chart.title(league(few))
    assert "Credible opportunity against the mean of their peers, 2016/17" in book[0].alt
    assert "RightCare's rule would say £" in book[0].alt
    published = replace(few, headline_mode="rightcare", headline_comparator="best_5")
    alone = jobs(published)[0].draw()
    assert "would say" not in alone.alt
    assert (
        "Opportunity, by RightCare's published rule, against the mean of the best five of ten peers"
        in alone.alt
    )


def test_the_picture_of_an_indicator_is_of_the_finest_areas_in_the_packs_period(
    few: Contents, book: tuple[Picture, ...]
) -> None:
    funnel = next(one for one in book if one.kind == "funnel")
    rows = few.comparison.query("kind == 'practice' and indicator == @funnel.indicator")
    rows = latest(rows, few.period)
    name = few.catalogue.set_index("indicator").loc[funnel.indicator, "name"]
    assert funnel.title.startswith(f"{name}: ")
    shown = (rows["value"].notna() & (rows["denominator"] > 0)).sum()
    assert f"{shown} practices by size and value" in funnel.alt


def test_a_catalogue_that_names_no_source_has_the_pack_s_own_below_its_pictures(few: Contents) -> None:
    for catalogue in (few.catalogue.drop(columns="source"), few.catalogue.assign(source="")):
        pack = replace(few, catalogue=catalogue, attribution="Licensed to the county")
        drawn = dict(all_drawn(pack))
        assert drawn["funnel"].source == "Licensed to the county"
