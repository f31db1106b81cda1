"""The booklet: what its pages say is what the tables say, and the PDF is text with bookmarks."""

import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from reports import headlines, words
from reports.booklet import write_booklet
from reports.booklet.document import booklet
from reports.booklet.facts import Facts
from reports.booklet.indicators import beyond_chance, to_talk_to
from reports.booklet.localities import locality_pages
from reports.booklet.pictures import Album
from reports.booklet.programmes import programme_pages
from reports.booklet.questions import questions
from reports.chartbook import draw
from reports.charts.standard_set import jobs
from reports.pack_rows import latest, league
from reports.tree import finest_kind
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


@pytest.fixture(scope="module")
def heads(few, album):
    """What has a page of its own, and the programmes that share pages: those without a pathway."""
    programmes = {words.text(name) for name in few.catalogue["programme"]}
    drawn = {name for name in programmes if album.of_programme(name)}
    own = drawn | set(few.catalogue.set_index("indicator").loc[album.indicators(), "name"])
    return own | set(few.areas.loc[few.areas["parent"] == few.focus, "name"]), programmes - drawn


@pytest.fixture(scope="module")
def tops(pages):
    """The first lines of each page from the programmes to the method."""
    tops = [[line.strip() for line in page.splitlines()[:6]] for page in pages]
    parts = ("Programmes of care", "Method, data and words")
    first, last = (next(number for number, top in enumerate(tops) if part in top) for part in parts)
    return tops[first:last]


def test_each_indicator_and_locality_and_programme_with_a_pathway_has_a_page(heads, tops):
    own, _ = heads
    assert [sum(name in top for top in tops) for name in own] == [1] * len(own)


def test_programmes_without_a_pathway_share_pages(heads, tops, pages):
    own, shared = heads
    assert len(shared) > 2
    assert shared <= {line.strip() for page in pages for line in page.splitlines()}
    assert len(tops) <= len(own) + (len(shared) + 1) // 2


def test_no_page_runs_over_to_a_second(heads, tops):
    """Each page has a heading of its own."""
    assert all(set(top) & set.union(*heads) for top in tops)


def test_programmes_without_a_pathway_stand_last(contents, album):
    facts = Facts(contents)
    names = [page.name for page in programme_pages(facts, Album(()))]
    drawn = replace(album.pictures[0], kind="pathway", programme=names[-1])
    assert [page.name for page in programme_pages(facts, Album((drawn,)))] == [names[-1], *names[:-1]]


def test_a_question_stands_under_the_name_of_its_indicator_with_what_may_warrant_it(contents):
    facts = Facts(contents)
    first = contents.catalogue.iloc[0]
    (said,) = facts.asked([first["indicator"], first["indicator"], "no such code"], 3)
    assert said.startswith(f"{first['name']}: {first['question']} May be warranted by ")
    assert said.endswith(first["may_be_warranted"][1:] + ".")


def test_the_pdf_is_tagged_titled_and_says_its_language(few, written):
    require(shutil.which("pdfinfo"), "pdfinfo")
    said = subprocess.run(["pdfinfo", str(written)], capture_output=True, check=True).stdout.decode()
    assert f"Title:           {few.title}, {few.period}" in said
    assert "Tagged:          yes" in said
    assert b"en-GB" in written.read_bytes()


def test_those_to_talk_to_are_the_flagged_ones_with_most_to_gain(contents):
    indicator = league(contents)["indicator"].iloc[0]
    rows = latest(contents.comparison, contents.period)
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


def test_three_questions_are_asked_and_those_of_the_figures_are_true_to_them(contents):
    finest = finest_kind(contents.areas)
    for indicator in league(contents)["indicator"].head(12):
        asked = questions(contents, indicator, finest)
        assert len(set(asked)) == 3
        rows = contents.comparison.query("indicator == @indicator and kind == @finest")
        first, last = sorted(rows["period"].unique())[-2:]
        flagged = rows[rows["significance"].isin(["worse", "higher"])]
        now, before = (set(flagged.loc[flagged["period"] == period, "area"]) for period in (last, first))
        if not now:
            assert asked[1].startswith("No practice stands apart")
            continue
        held = len(now & before)
        counted = (held, "too") if held >= len(now) / 2 else (len(now) - held, "not")
        assert f"Of the {words.count_of(len(now), 'practice')} flagged, {counted[0]} " in asked[1]
        assert ("too" in asked[1]) == (counted[1] == "too")
        shares = contents.variation.query("indicator == @indicator and kind == @finest and period == @last")
        if shares["share_chance"].notna().all():
            assert words.percent(shares["share_chance"].iloc[0], 0) in asked[2]


def test_without_earlier_periods_or_shares_there_are_still_three_questions(contents):
    now = contents.comparison[contents.comparison["period"] == contents.period]
    alone = replace(contents, comparison=now, variation=contents.variation.iloc[:0])
    indicator = league(contents)["indicator"].iloc[0]
    asked = questions(alone, indicator, "practice")
    assert asked[0] == contents.catalogue.set_index("indicator").loc[indicator, "question"]
    assert asked[-1].startswith("Are the figures right")


def test_a_locality_counts_what_differs_as_the_table_does_and_names_its_own_practices(contents):
    album = Album(())
    facts = Facts(replace(contents, comparison=latest(contents.comparison, contents.period)))
    judged = contents.catalogue.loc[contents.catalogue["polarity"] != "local", "indicator"]
    names = contents.areas.set_index("area")["name"]
    for area, page in zip(facts.tree.groups, locality_pages(facts, album), strict=True):
        own = facts.contents.comparison.query("area == @area")
        own = own[own["indicator"].isin(judged) & own["significance"].isin(["better", "similar", "worse"])]
        worse = (own["significance"] == "worse").sum()
        better = (own["significance"] == "better").sum()
        assert (
            f"in {worse + better} of {len(own)} indicators with a good direction: {worse} in" in page.summary
        )
        assert f"{better} in the good one" in page.summary
        inside = set(names[contents.areas.set_index("area")["parent"] == area])
        assert {said.split(":")[0] for said in page.first} <= inside
        assert len(page.first) == len({said.split(":")[0] for said in page.first}) <= 3


def test_the_words_of_a_locality_and_its_spine_count_the_same(contents):
    facts = Facts(replace(contents, comparison=latest(contents.comparison, contents.period)))
    pages = dict(zip(facts.tree.groups, locality_pages(facts, Album(())), strict=True))
    for job in jobs(contents, top=1):
        if job.kind == "spine" and job.area in ("L04", "L08"):
            total, worse, better = (int(said) for said in re.findall(r"\b\d+\b", job.draw().title)[:3])
            assert f"in {worse + better} of {total} indicators" in pages[job.area].summary
            assert (
                f"{worse} in the direction to ask about, {better} in the good one" in pages[job.area].summary
            )


def test_the_headline_of_each_page_is_that_of_the_pack(few, album, written):
    require(shutil.which("pdftotext"), "pdftotext")
    done = subprocess.run(["pdftotext", str(written), "-"], capture_output=True, check=True)
    said = " ".join(done.stdout.decode().split())
    for sentence in headlines.overall(few)[::2]:
        assert " ".join(sentence.split()) in said
    for code in album.indicators():
        first = headlines.headlines(few)[code].split(": ", 1)[1].split(". ")[0]
        assert first[1:] in said


def test_the_pdf_is_marked_as_accessible(written):
    data = written.read_bytes()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data


def test_every_picture_of_a_page_has_words_of_its_own(album):
    for one in (*album.kind("funnel"), *album.kind("spine"), *album.kind("opportunity")):
        assert len(one.alt.split()) > 10
        assert 0.2 < one.ratio < 2.5
