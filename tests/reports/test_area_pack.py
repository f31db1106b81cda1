"""The pack of one area: what it says is what the tables have, and it answers where to look, how sure, what to ask."""

import re
from dataclasses import replace

import openpyxl
import pandas as pd

from reports.area_pack import Story, write_area_pack
from reports.area_pack.index import Entry, index_html
from reports.area_pack.page import page_html
from reports.area_pack.pictures import area_jobs
from reports.area_pack.tables import inside_table, standing_table


def changed(area, **columns):
    """The same area with other columns in all rows of the comparison."""
    table = area.contents.comparison.assign(**columns)
    return replace(area, contents=replace(area.contents, comparison=table))


def test_the_first_sentence_counts_what_the_table_flags(practice):
    said = Story(practice).sentences[0]
    polarity = practice.contents.catalogue.set_index("indicator")["polarity"]
    own = practice.own[practice.own.index.map(polarity) != "local"]
    flags = own["significance"].astype(str).value_counts()
    judged = flags.get("worse", 0) + flags.get("better", 0) + flags.get("similar", 0)
    assert f"to ask about in {flags['worse']} of {judged} indicators" in said
    assert "the 10 practices most like it" in said
    assert "by chance alone" in said


def test_looks_are_flagged_priced_and_carry_their_question(practice):
    story = Story(practice)
    assert story.looks
    worth = []
    for look in story.looks:
        row = practice.own.loc[look.indicator]
        assert str(row["significance"]) == "worse"
        about = practice.contents.catalogue.set_index("indicator").loc[look.indicator]
        assert (look.question, look.may_be_warranted) == (about["question"], about["may_be_warranted"])
        sized = practice.sized.set_index("indicator").loc[look.indicator]
        worth.append(sized["value_gbp"] if pd.notna(sized["value_gbp"]) else sized["investment_gbp"])
        assert "95% interval" in look.sure
        assert "80% interval" in look.worth
    assert worth == sorted(worth, reverse=True)


def test_the_best_of_the_peers_are_named_with_their_values(practice):
    look = next(look for look in Story(practice).looks if look.indicator == "ambulatory_care_admissions")
    rows = practice.now[practice.now["indicator"] == look.indicator].set_index("area")
    best = rows.loc[list(practice.listed), "value"].idxmin()
    assert look.peers.startswith(f"Lowest of those compared: {practice.tree.name(best)} (")


def test_indicators_that_count_the_same_events_are_looked_at_once(practice):
    catalogue = practice.contents.catalogue.assign(overlap_group="all")
    same = replace(practice, contents=replace(practice.contents, catalogue=catalogue))
    assert len(Story(practice).looks) > 1
    assert len(Story(same).looks) == 1
    assert len(Story(same).to_ask_about) == len(Story(practice).to_ask_about)


def test_an_area_in_which_nothing_stands_out_says_so_and_has_a_pack_all_the_same(practice, tmp_path):
    calm = changed(practice, significance="similar")
    write_area_pack(Story(calm), tmp_path, {"page", "booklet", "excel", "charts"})
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Nothing stands out beyond chance on the side to ask about." in page
    assert 'id="looks"' not in page
    assert (tmp_path / "booklet.pdf").stat().st_size > 5000
    book = openpyxl.load_workbook(tmp_path / "variation-pack.xlsx")
    assert "Nothing is beyond chance" in str([cell.value for cell in book["Where to look"]["A"]])


def test_an_area_that_is_too_small_to_be_told_from_its_peers_is_not_said_to_be_like_them(practice):
    small = changed(practice, significance="not tested")
    said = Story(small).sentences
    assert said[0].startswith("In no indicator with a good direction is Hazel Coppice Surgery large enough")
    assert any("not tested: too few people or events" in sentence for sentence in said)


def test_an_area_without_any_figure_gets_a_page(tables):
    area = tables.of("SYN002", packs={}, main="")
    none = area.contents.comparison["area"] == "SYN002"
    bare = replace(area, contents=replace(area.contents, comparison=area.contents.comparison[~none]))
    assert "Nothing stands out" in page_html(Story(bare), ())
    assert [job.kind for job in area_jobs(bare, [])] == ["similarity"]


def test_a_withheld_figure_stands_as_c_in_the_table_and_in_the_workbook(practice, tmp_path):
    hidden = (practice.contents.comparison["indicator"] == "hypnotics") & (
        practice.contents.comparison["area"] == "SYN001"
    )
    figures = ["value", "numerator", "lower_95", "upper_95", "difference", "z"]
    table = practice.contents.comparison.copy()
    table.loc[hidden, figures] = float("nan")
    table.loc[hidden, "suppressed"] = True
    table.loc[hidden, "significance"] = "not tested"
    area = replace(practice, contents=replace(practice.contents, comparison=table))
    row = next(row for row in standing_table(area).rows if row.cells[0].text.startswith("Hypnotics"))
    assert [cell.text for cell in row.cells[1:4]] == ["[c]", "[c]", "[c]"]
    assert row.cells[-1].text.startswith("[c] of ")
    write_area_pack(Story(area), tmp_path, {"excel"})
    book = openpyxl.load_workbook(tmp_path / "variation-pack.xlsx", data_only=True)
    own = {row[0]: row for row in book["Every indicator"].iter_rows(values_only=True)}
    assert "[c]" in next(row for name, row in own.items() if str(name).startswith("Hypnotics"))


def test_the_indicators_stand_under_their_programmes_each_named_once(practice):
    programmes = [row.group for row in standing_table(practice).rows]
    heads = re.findall(r'<th scope="rowgroup" colspan="\d+">([^<]+)</th>', page_html(Story(practice), ()))
    assert heads == list(dict.fromkeys(programmes))
    assert len(heads) == len(set(programmes)) > 1


def test_a_localitys_table_of_practices_leads_to_their_packs(locality):
    table = inside_table(locality)
    assert len(table.rows) == len(locality.inside) == 9
    marks = locality.now[locality.now["significance"].astype(str) == "worse"]["area"].value_counts()
    for row in table.rows:
        code = re.search(r"\.\./(\w+)/", row.cells[0].link)[1]
        assert row.cells[0].text == locality.tree.name(code)
        assert row.cells[2].value == marks.get(code, 0)
    assert [row.cells[2].value for row in table.rows] == sorted(
        (row.cells[2].value for row in table.rows), reverse=True
    )


def test_a_locality_says_which_of_its_practices_stand_out(locality):
    look = Story(locality).looks[0]
    rows = locality.now[
        (locality.now["indicator"] == look.indicator) & locality.now["area"].isin(locality.inside)
    ]
    flagged = rows[rows["significance"].astype(str) == "worse"]["area"]
    assert "of its 9 practices" in look.inside
    assert all(locality.tree.name(code) in look.inside for code in flagged) or len(flagged) > 3


def test_the_page_stands_alone_and_runs_no_script(practice):
    page = page_html(Story(practice), ())
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert set(re.findall(r'(?:href|src)="(?!#|data:)([^"]+)"', page)) == {"../../index.html"}
    for heading in ("Where to look", "Every indicator", "Peers", "How to read this"):
        assert re.search(rf"<h2[^>]*>{heading}</h2>", page)


def test_names_from_data_are_text_on_the_page_and_in_the_index(practice):
    areas = practice.contents.areas.copy()
    areas.loc[areas["area"] == "SYN001", "name"] = '<script>alert("1")</script>'
    page = page_html(Story(replace(practice, contents=replace(practice.contents, areas=areas))), ())
    assert "<script" not in page
    entry = Entry(
        area="=1+1", name="<b>x</b>", kind="practice", part_of="", headline="", look_at=(), link="a/b"
    )
    assert "<b>" not in index_html(practice.contents, [entry], main="")


def test_the_pictures_are_of_the_area_its_peers_and_those_in_it_only(practice, locality):
    names = {job.kind for job in area_jobs(practice, ["hypnotics"])}
    assert names == {"spine", "peer-bars", "xmr", "similarity"}
    assert {job.kind for job in area_jobs(locality, ["hypnotics"])} == {
        "spine",
        "peer-bars",
        "xmr",
        "caterpillar",
    }


def test_the_booklet_is_tagged_for_screen_readers_with_looks_and_pictures(locality, tmp_path):
    write_area_pack(Story(locality), tmp_path, {"booklet", "charts"})
    assert Story(locality).looks
    assert list((tmp_path / "charts").glob("spine-*.svg"))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in (tmp_path / "booklet.pdf").read_bytes()
