"""The booklet: what its pages say is what the tables say, and the PDF is text with bookmarks."""

import shutil
import subprocess
from dataclasses import replace

import pytest

from reports import headlines, words
from reports.booklet import write_booklet
from reports.booklet.document import booklet
from reports.booklet.indicators import beyond_chance, to_talk_to
from reports.booklet.pictures import Album
from reports.chartbook import draw
from reports.headlines import finest_kind, league
from tests.conftest import require


@pytest.fixture(scope="module")
def album(few, tmp_path_factory):
    return Album(draw(few, tmp_path_factory.mktemp("booklet") / "charts", top=2, formats=("svg",)))


@pytest.fixture(scope="module")
def written(few, album, tmp_path_factory):
    path = tmp_path_factory.mktemp("written") / "booklet.pdf"
    write_booklet(few, album.pictures, path)
    return path


@pytest.fixture(scope="module")
def pages(written):
    """The words of each page, as a reader's program finds them."""
    require(shutil.which("pdftotext"), "pdftotext")
    done = subprocess.run(["pdftotext", "-layout", str(written), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8").split("\f")[:-1]


def test_the_same_pack_gives_the_same_bytes(few, album, written, tmp_path):
    write_booklet(few, album.pictures, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == written.read_bytes()


def test_every_page_carries_the_marking_and_its_number(few, pages):
    for number, page in enumerate(pages, start=1):
        assert few.banner in page
        assert few.notice in page
        assert f"Page {number} of {len(pages)}" in page


def test_there_is_a_page_for_each_programme_indicator_and_locality(few, album, pages):
    names = {words.text(name) for name in few.catalogue["programme"]}
    names |= set(few.catalogue.set_index("indicator").loc[album.indicators(), "name"])
    groups = few.areas[few.areas["parent"] == few.focus]
    for name in [*names, *groups["name"]]:
        assert any(name in "\n".join(page.splitlines()[:6]) for page in pages[3:]), name


def test_the_pdf_is_tagged_titled_and_says_its_language(few, written):
    require(shutil.which("pdfinfo"), "pdfinfo")
    said = subprocess.run(["pdfinfo", str(written)], capture_output=True, check=True).stdout.decode()
    assert f"Title:           {few.title}, {few.period}" in said
    assert "Tagged:          yes" in said
    assert b"en-GB" in written.read_bytes()


def test_those_to_talk_to_are_the_flagged_ones_with_most_to_gain(contents):
    indicator = league(contents)["indicator"].iloc[0]
    rows = headlines.latest(contents.comparison, contents.period)
    rows = rows[(rows["indicator"] == indicator) & (rows["kind"] == finest_kind(contents.areas))]
    expected = set(rows.loc[rows["significance"] == "worse", "area"])
    flagged = beyond_chance(contents, indicator, finest_kind(contents.areas))
    assert set(flagged["area"]) == expected
    assert flagged["units"].dropna().is_monotonic_decreasing
    talk = to_talk_to(contents, indicator, "£ per patient")
    assert len(talk.said) == min(3, len(expected))
    names = contents.areas.set_index("area")["name"]
    assert [said.startswith(names[area]) for said, area in zip(talk.said, flagged["area"], strict=False)]


def test_where_no_area_differs_it_says_so_and_names_none(contents):
    indicator = league(contents)["indicator"].iloc[0]
    calm = contents.comparison.assign(significance="similar")
    talk = to_talk_to(replace(contents, comparison=calm), indicator, "£ per patient")
    assert len(talk.said) == 1
    assert not any(name in talk.said[0] for name in contents.areas["name"])


def test_words_that_would_be_markup_stay_words(few, album, tmp_path):
    hostile = replace(few, title='#image("/etc/passwd") $x$ *a* <b> @c \\ `d`', notice="#panic(1)")
    write_booklet(hostile, album.pictures, tmp_path / "booklet.pdf")
    require(shutil.which("pdftotext"), "pdftotext")
    done = subprocess.run(["pdftotext", str(tmp_path / "booklet.pdf"), "-"], capture_output=True, check=True)
    assert "$x$ *a* <b> @c" in done.stdout.decode()


def test_no_word_of_the_booklet_judges(contents, album):
    said = str(booklet(contents, album)).casefold()
    assert not [word for word in (" poor ", "failing", "league of shame", "outlier practice") if word in said]
