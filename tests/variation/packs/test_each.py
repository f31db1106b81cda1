"""A pack for each area: whole, the same with any number of workers, resumed where it was broken off."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from tests.attack.example import few_indicators
from variation import analyse, read_inputs
from variation.cli.main import main
from variation.errors import VariationError
from variation.packs.area_tables import AreaTables, totals_of_the_rest, write_area_tables
from variation.packs.each import areas_of, write_each
from variation.packs.pack import contents_of, write_pack
from variation.packs.verify import verify_pack
from variation.packs.whole_folder import Place

PARTS = ("excel", "charts", "page", "booklet")
FEW = ["L04", "SYN001", "SYN002"]


@pytest.fixture(scope="module")
def contents(example_folder):
    return contents_of(analyse(few_indicators(read_inputs(example_folder / "analysis.toml"))))


@pytest.fixture(scope="module")
def few(contents, tmp_path_factory):
    """Packs of a locality and two practices, all of their parts."""
    out = tmp_path_factory.mktemp("each")
    return write_each(contents, FEW, out, outputs=PARTS)


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def times(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_each_area_gets_a_page_a_booklet_a_workbook_and_pictures_that_name_it(few, contents):
    names = contents.areas.set_index("area")["name"]
    assert few.written == tuple(FEW)
    for area in FEW:
        folder = few.folder / area
        there = set(files(folder))
        assert {"index.html", "booklet.pdf", "variation-pack.xlsx", "manifest.json"} <= there
        assert any(name.startswith("charts/spine") for name in there)
        assert f"<h1>{names[area]}</h1>" in (folder / "index.html").read_text(encoding="utf-8")
        book = openpyxl.load_workbook(folder / "variation-pack.xlsx", data_only=True)
        assert book["Cover"]["A1"].value == names[area]
        assert (folder / "booklet.pdf").read_bytes().startswith(b"%PDF")


def test_every_figure_of_an_areas_workbook_is_that_of_the_tables(few, contents):
    book = openpyxl.load_workbook(few.folder / "SYN001" / "variation-pack.xlsx", data_only=True)
    rows = [list(row) for row in book["Every indicator"].iter_rows(values_only=True)]
    start = next(place for place, row in enumerate(rows) if row[0] == "Indicator")
    shown = pd.DataFrame(rows[start + 1 :], columns=rows[start]).dropna(subset="Indicator code")
    shown = shown.set_index("Indicator code")
    table = contents.comparison
    own = table[(table["area"] == "SYN001") & (table["period"] == contents.period)].set_index("indicator")
    assert set(shown.index) == set(own.index)
    for heading, column in {
        "Numerator": "numerator",
        "Denominator": "denominator",
        "Value": "value",
        "Value: lower 95 % limit": "lower_95",
        "Comparator's value": "comparator_value",
        "Difference": "difference",
    }.items():
        expected = own[column].reindex(shown.index).astype(float)
        found = pd.to_numeric(shown[heading], errors="coerce").astype(float)
        pd.testing.assert_series_equal(found, expected, check_names=False, rtol=1e-6)
    assert (shown["Against peers, at 95 %"] == own["significance"].astype(str).reindex(shown.index)).all()


def test_the_opportunity_that_counts_once_adds_up_to_the_headline_and_to_the_ledger_of_the_whole(
    few, contents
):
    book = openpyxl.load_workbook(few.folder / "SYN001" / "variation-pack.xlsx", data_only=True)
    rows = [list(row) for row in book["Opportunity"].iter_rows(values_only=True)]
    start = next(place for place, row in enumerate(rows) if row[0] == "Indicator")
    total = next(row for row in rows[start:] if row[0] == "Total")
    column = rows[start].index("Saving £, each event counted once")
    table = contents.opportunity
    own = table[(table["area"] == "SYN001") & table["counted"].astype(bool)]
    assert total[column] == pytest.approx(own["value_gbp"].sum(), rel=1e-6)
    rest = totals_of_the_rest(contents).set_index(["area", "mode", "comparator"])
    assert rest.loc[("SYN001", "credible", "peer_mean"), "value_gbp"] == pytest.approx(own["value_gbp"].sum())


def test_an_area_is_given_no_rows_of_areas_that_its_reader_has_nothing_to_do_with(contents, tmp_path):
    write_area_tables(contents, tmp_path)
    tables = AreaTables(tmp_path)
    peers = set(contents.peers.loc[contents.peers["area"] == "SYN001", "peer"])
    own = tables.of("SYN001", packs={}, main="")
    assert set(own.contents.comparison["area"]) == {"SYN001", "L01", "C1", "DOR"} | peers
    assert set(own.contents.opportunity["area"]) == {"SYN001"}
    locality = tables.of("L01", packs={}, main="")
    inside = set(contents.areas.loc[contents.areas["parent"] == "L01", "area"])
    others = set(contents.areas.loc[contents.areas["kind"] == "locality", "area"])
    assert set(locality.contents.comparison["area"]) == {"C1", "DOR"} | inside | others
    assert set(locality.contents.opportunity["area"]) == {"L01"} | inside


@pytest.mark.parametrize("area", ["SYN001", "L01", "C1", "DOR"])
def test_an_areas_rows_are_those_of_the_pack_in_their_order(contents, tmp_path, area):
    write_area_tables(contents, tmp_path)
    own = AreaTables(tmp_path).of(area, packs={}, main="")
    for name, found in {"comparison": own.series, "trend": own.contents.trend}.items():
        table = getattr(contents, name)
        expected = table[table["area"] == area]
        keys = ["indicator", "period"] if name == "comparison" else ["indicator"]
        found = found.sort_values(keys).reset_index(drop=True)
        expected = expected.sort_values(keys).reset_index(drop=True)[list(found.columns)]
        pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_categorical=False)
    assert own.own["period"].eq(contents.period).all()


def test_two_workers_write_the_same_bytes_as_one(few, contents, tmp_path):
    again = write_each(contents, FEW, tmp_path, outputs=PARTS, workers=2)
    one, two = files(few.folder), files(again.folder)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_what_is_up_to_date_is_not_written_again_and_what_is_damaged_is(contents, tmp_path):
    first = write_each(contents, FEW, tmp_path, outputs=("excel",))
    before = times(first.folder / "SYN001")
    (first.folder / "SYN002" / "variation-pack.xlsx").unlink()
    half = Place(out=first.folder / "L04").partial
    half.mkdir()
    again = write_each(contents, FEW, tmp_path, outputs=("excel",))
    assert (again.written, again.kept) == (("SYN002",), ("L04", "SYN001"))
    assert times(first.folder / "SYN001") == before
    assert not half.exists()


@pytest.mark.parametrize("change", ["figure", "title", "outputs", "version"])
def test_a_change_of_figures_words_parts_or_version_writes_all_anew(contents, tmp_path, change):
    write_each(contents, ["SYN001", "SYN002"], tmp_path, outputs=("excel",))
    changed, outputs = contents, ("excel",)
    if change == "figure":  # of an area that neither has to do with
        rows = (contents.comparison["area"] == "L13") & contents.comparison["value"].notna()
        value = contents.comparison["value"].where(~rows, contents.comparison["value"] * 1.01)
        changed = replace(contents, comparison=contents.comparison.assign(value=value))
    elif change == "outputs":
        outputs = ("excel", "page")
    else:
        changed = replace(contents, **{change: "another"})
    again = write_each(changed, ["SYN002"], tmp_path, outputs=outputs)
    assert (again.written, again.kept) == (("SYN002",), ())
    # A pack of other figures does not stay beside it; one with fewer parts of the same does.
    assert (tmp_path / "areas" / "SYN001").exists() == (change == "outputs")


def test_one_areas_failure_is_said_and_does_not_lose_the_others(contents, tmp_path):
    (tmp_path / "areas" / "SYN001").mkdir(parents=True)
    (tmp_path / "areas" / "SYN001" / "notes.docx").write_text("mine")
    made = write_each(contents, FEW, tmp_path, outputs=("excel",))
    assert made.written == ("L04", "SYN002")
    assert "holds something other than a pack" in made.failed["SYN001"]
    assert (tmp_path / "areas" / "SYN001" / "notes.docx").exists()
    index = pd.read_csv(tmp_path / "areas" / "index.csv").set_index("area")
    assert index.loc["SYN001", "headline"].startswith("Could not be written")
    assert pd.isna(index.loc["SYN001", "link"])


def test_the_index_leads_to_every_pack_and_says_what_each_says(few, contents):
    index = pd.read_csv(few.folder / "index.csv").set_index("area")
    assert set(index.index) == set(FEW)
    page = (few.folder / "index.html").read_text(encoding="utf-8")
    for area, row in index.iterrows():
        assert (few.folder / row["link"]).is_file()
        assert f'href="{row["link"]}"' in page
        assert row["headline"].replace("&", "&amp;") in page
        table = contents.comparison
        own = table[(table["area"] == area) & (table["period"] == contents.period)]["significance"].astype(
            str
        )
        assert row["headline"].startswith(f"{(own == 'worse').sum()} of ")


def test_packs_of_areas_link_to_each_other_only_where_both_are_made(few):
    locality = (few.folder / "L04" / "index.html").read_text(encoding="utf-8")
    assert "../SYN001" not in locality  # which is in another locality
    assert "../../index.html" not in locality  # there is no page of the whole here


def test_a_wrong_kind_or_area_is_named_with_what_there_is(contents):
    with pytest.raises(
        VariationError, match=r"--each ward: no area of that kind\n.*cluster, icb, locality, practice"
    ):
        areas_of(contents.areas, kind="ward")
    with pytest.raises(VariationError, match=r"--area Q9: no such area\n  hint: .*C1"):
        areas_of(contents.areas, areas=["SYN001", "Q9"])
    assert areas_of(contents.areas, kind="cluster", areas=["SYN001"]) == ["C1", "C2", "C3", "SYN001"]


# On the command line


def invoke(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def run(settings, out, *more):
    return invoke("run", settings, "--out", out, "--workers", "1", *more)


def test_a_run_writes_keeps_and_verifies_packs_of_areas(write_tiny, tmp_path):
    settings, out = write_tiny(), tmp_path / "pack"
    first = run(settings, out, "--only", "excel,tables", "--each", "practice", "--json")
    assert first.exit_code == 0, first.output
    said = json.loads(first.stdout)["areas"]
    assert (said["written"], said["kept"], said["failed"]) == (3, 0, {})
    assert verify_pack(out)[1] == []
    again = run(settings, out, "--only", "excel,tables", "--each", "practice", "--area", "L1", "--json")
    said = json.loads(again.stdout)["areas"]
    # With a pack of the locality theirs have a link to it only if they have a page: nothing else has changed.
    assert (said["written"], said["kept"]) == (1, 3)
    (out / "areas" / "P1" / "variation-pack.xlsx").write_bytes(b"edited")
    assert [finding.table for finding in verify_pack(out)[1]] == ["areas/P1/variation-pack.xlsx"]
    refused = run(settings, out, "--only", "tables")
    assert refused.exit_code == 1
    assert "areas/P1/variation-pack.xlsx has been edited" in refused.output


def test_a_run_without_packs_of_areas_leaves_none_of_an_older_one(write_tiny, tmp_path):
    settings, out = write_tiny(), tmp_path / "pack"
    assert run(settings, out, "--only", "excel", "--area", "P1").exit_code == 0
    assert (out / "areas" / "P1").is_dir()
    assert run(settings, out, "--only", "tables").exit_code == 0
    assert not (out / "areas").exists()


def test_a_wrong_choice_of_areas_is_said_before_anything_is_written(write_tiny, tmp_path):
    settings, out = write_tiny(), tmp_path / "pack"
    for arguments, said in {
        ("--each", "ward"): "there are locality, practice",
        ("--area", "P9"): "no such area",
        ("--each", "practice", "--only", "tables"): "a pack of one area has none of it",
    }.items():
        shown = run(settings, out, *arguments)
        assert shown.exit_code == 1
        assert said in shown.output
        assert "hint" in shown.output
    assert not out.exists()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("name", [pytest.param("SIGKILL", marks=pytest.mark.long), "SIGINT"])
def test_a_run_that_was_ended_goes_on_where_it_was(contents, tmp_path, name):
    out, said = tmp_path / "pack", tmp_path / "contents.pickle"
    pd.to_pickle(contents, said)
    code = (
        "import sys, pandas; from variation.packs.each import areas_of, write_each\n"
        "if __name__ == '__main__':\n"
        f"    contents = pandas.read_pickle({str(said)!r})\n"
        "    areas = areas_of(contents.areas, kind='locality')\n"
        "    from pathlib import Path\n"
        f"    write_each(contents, areas, Path({str(out)!r}), outputs=('excel',), workers=2)\n"
    )
    script = tmp_path / "run.py"
    script.write_text(code, encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, script],
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
    )
    ended = time.monotonic() + 120
    while len(list(out.glob("areas/[A-Z]*/manifest.json"))) < 2:
        assert running.poll() is None, running.stderr.read().decode()
        assert time.monotonic() < ended
        time.sleep(0.02)
    running.send_signal(getattr(signal, name))
    running.communicate(timeout=60)
    done = {path.parent.name: times(path.parent) for path in out.glob("areas/[A-Z]*/manifest.json")}
    assert 2 <= len(done) < 13
    assert not (out / "areas" / "index.html").exists()
    again = write_each(contents, areas_of(contents.areas, kind="locality"), out, outputs=("excel",))
    assert set(again.kept) >= set(done)  # a worker may have finished one more
    assert len(again.written) + len(again.kept) == 13
    assert {name: times(out / "areas" / name) for name in done} == done
    assert [path.name for path in (out / "areas").iterdir() if path.name.startswith(".")] == []


@pytest.mark.long
def test_the_pack_of_the_whole_keeps_the_packs_of_its_areas_where_asked(example_folder, tmp_path):
    analysis = analyse(few_indicators(read_inputs(example_folder / "analysis.toml")))
    out = write_pack(analysis, tmp_path / "pack", outputs=("tables",))
    write_each(contents_of(analysis), ["SYN001"], out, outputs=("excel",))
    before = times(out / "areas" / "SYN001")
    write_pack(analysis, out, outputs=("tables", "page"), areas=True)
    assert times(out / "areas" / "SYN001") == before
    assert 'href="areas/index.html"' in (out / "index.html").read_text(encoding="utf-8")
