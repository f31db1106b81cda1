"""Reading an analysis: every finding at once, clean rows carry on, an error stops the run before it writes."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from tests.tiny_analysis import INDICATORS
from variation.checks.found import findings_table
from variation.cli.main import main
from variation.errors import Finding
from variation.tables import FINDINGS

HEAD = "indicator,area,period,numerator,denominator"


def test_a_tiny_analysis_is_read_without_a_finding(read_tiny):
    found = read_tiny()
    assert found.findings == ()
    assert len(found.inputs.indicators) == 6
    assert found.inputs.settings.focus == "L1"
    assert [(source.table, source.name, source.rows) for source in found.inputs.sources] == [
        ("indicators", "indicators.csv", 6), ("catalogue", "catalogue.csv", 2), ("areas", "areas.csv", 4),
    ]  # fmt: skip


def test_every_finding_of_every_table_is_told_at_once_with_its_place(read_tiny):
    found = read_tiny(
        areas="area,name,kind,parent,imd\nP1,One,practice,L9,ten\nP2,Two,practice,,20\nP3,Three,practice,,15\n",
        catalogue="indicator,name,kind,unit_cost\nasthma,Asthma,rates,1\nsmoking,Smoking,proportion,-1\n",
        indicators=f"{HEAD}\nasthma,P1,2016/17,lots,10\nsmoking,P2,2016/17,11,10\nnothing,P3,Apr-16,1,10\n,P3,2016/17,1,1\n",
        settings='focus = "P9"\n[peers.practice]\nfeatures = ["imdd"]\n'.replace('focus = "P9"\n', ""),
    )
    places = {(f.code, f.table, f.row, f.value) for f in found.findings}
    assert places >= {
        ("unknown_parent", "areas.csv", 2, "L9"),
        ("not_a_number", "areas.csv", 2, "ten"),
        ("unknown_value", "catalogue.csv", 2, "rates"),
        ("negative", "catalogue.csv", 3, "-1"),
        ("not_a_number", "indicators.csv", 2, "lots"),
        ("above_denominator", "indicators.csv", 3, "11"),
        ("not_in_catalogue", "indicators.csv", 4, "nothing"),
        ("empty", "indicators.csv", 5, ""),
        ("peers", "analysis.toml", None, "imdd"),
    }


@pytest.mark.parametrize("table", ["indicators", "catalogue", "areas"])
@pytest.mark.parametrize("rows", ["none", "heading", "nothing", "no file"])
def test_a_table_without_rows_stops_the_run_with_one_error_that_names_its_file(
    read_tiny, write_tiny, table, rows
):
    heading = (write_tiny().parent / f"{table}.csv").read_text().split("\n")[0]
    (write_tiny().parent / f"{table}.csv").unlink()
    content = {"none": b"", "heading": heading + "\n", "nothing": heading + "\n,,,,\n", "no file": None}[rows]
    found = read_tiny(**{table: content})
    assert found.inputs is None
    assert [f.table for f in found.findings if f.severity == "error"] == [f"{table}.csv"]


def test_what_is_wrong_in_one_table_is_told_though_another_is_missing(read_tiny):
    found = read_tiny(indicators="", catalogue="indicator,name,kind\nasthma,A,rate\nasthma,B,rate\n")
    assert found.errors == {"file", "duplicate"}


def test_a_filter_that_leaves_a_needed_table_empty_stops_the_run(read_tiny):
    found = read_tiny(tables={"areas": '{ file = "areas.csv", filter = { kind = "ward" } }'})
    assert "empty_table" in found.errors
    assert [f.value for f in found.of("filter")] == ["practice, locality"]


def test_a_focus_that_is_no_area_is_an_error(read_tiny, write_tiny):
    path = write_tiny()
    path.write_text('focus = "X"\n' + path.read_text())
    result = CliRunner().invoke(main, ["check", str(path)])
    assert result.exit_code == 1
    assert "analysis.toml, column focus: no such area (found: X)" in result.output


# --- features of another table


def test_features_join_by_code_and_the_areas_own_columns_stay(read_tiny):
    found = read_tiny(features="area,imd,rural\nP1,99,0.1\nP2,99,0.2\nX,1,1\n")
    areas = found.inputs.areas.set_index("area")
    assert areas["imd"].to_list()[1:] == [10, 20, 15]
    assert areas.loc[["P1", "P2"], "rural"].to_list() == [0.1, 0.2]
    assert areas.loc[["P3", "L1"], "rural"].isna().all()


def test_several_features_tables_each_bring_their_columns(read_tiny, write_tiny):
    (write_tiny().parent / "b.csv").write_text("area,aged_65_84\nP1,0.2\nP2,0.3\nP3,0.1\n")
    found = read_tiny(
        features="area,rural\nP1,0.1\nP2,0.5\n", tables={"features": '["features.csv", "b.csv"]'}
    )
    areas = found.inputs.areas.set_index("area")
    assert areas.loc["P1", ["rural", "aged_65_84"]].to_list() == [0.1, 0.2]
    assert found.of("duplicate") == []


def test_two_figures_for_the_same_area_and_feature_are_a_warning_and_the_first_counts(read_tiny):
    found = read_tiny(features="area,rural\nP1,0.1\nP1,0.7\nP2,0.5\nP2,0.5\nX,1\nX,2\n")
    assert [(f.severity, f.row, f.value) for f in found.of("duplicate")] == [("warning", 3, "P1")]
    assert found.inputs.areas.set_index("area").loc["P1", "rural"] == 0.1


def test_features_of_no_area_at_all_are_an_error(read_tiny):
    assert read_tiny(features="area,rural\nE1,0.1\n").errors == {"no_features"}


def test_a_column_that_a_method_needs_numbers_of_may_not_be_words(read_tiny):
    found = read_tiny(areas="area,kind,imd\nP1,practice,high\nP2,practice,low\nP3,practice,low\n")
    assert [(f.code, f.row, f.value) for f in found.findings if f.severity == "error"] == [
        ("not_a_number", 2, "high"), ("not_a_number", 3, "low"), ("not_a_number", 4, "low"),
    ]  # fmt: skip


# --- settings of peers against the areas


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ('weights = { imdd = 1 }', "weights", "did you mean imd?"),
        ('features = ["imdd"]', "features", "did you mean imd?"),
        ('features = ["name"]', "features", "there are: imd"),
        ('method = "category"\ncategory = ["class"]', "category", "there are: imd"),
        ('method = "category"', "category", "there are: imd"),
        ('method = "list"', "method", "add [tables.peers] with columns area and peer"),
        ('smallest = 1000', "smallest", "add it to the areas table"),
    ],
)  # fmt: skip
def test_peer_settings_that_the_areas_cannot_answer_are_errors_with_a_hint(read_tiny, settings, key, words):
    found = read_tiny(settings=f"[peers.practice]\n{settings}\n")
    (finding,) = found.of("peers")
    assert (finding.severity, finding.table, finding.column) == (
        "error",
        "analysis.toml",
        f"peers.practice.{key}",
    )
    assert words in finding.hint


def test_listed_peers_are_areas_other_than_oneself_and_stand_once(read_tiny):
    listed = "area,peer\nP1,P2\nP1,P1\nP2,X\nP1,P2\nP3,P1\n"
    found = read_tiny(peers=listed, settings='[peers.practice]\nmethod = "list"\n')
    assert [(f.severity, f.code, f.row, f.value) for f in found.findings] == [
        ("warning", "outside_the_areas", 4, "X"), ("error", "own_peer", 3, "P1"), ("error", "duplicate", 5, "P2"),
    ]  # fmt: skip


def test_similar_peers_asked_of_areas_without_any_feature_are_an_error(read_tiny):
    found = read_tiny(
        areas="area,kind\nP1,practice\nP2,practice\n", settings='[peers.practice]\nmethod = "similar"\n'
    )
    assert found.errors == {"peers"}


@pytest.mark.parametrize("settings", ["", '[peers.practice]\nweights = "equal"\n'])
def test_a_negative_variable_is_an_error_with_its_line(read_tiny, settings):
    found = read_tiny(areas="area,kind,imd\nP1,practice,-1\nP2,practice,2\n", settings=settings)
    assert [(f.code, f.table, f.row, f.column, f.value) for f in found.findings if f.severity == "error"] == [
        ("negative", "areas.csv", 2, "imd", "-1")
    ]


def test_a_negative_column_that_no_peer_is_found_by_is_no_matter(read_tiny):
    found = read_tiny(areas="area,kind,imd,x\nP1,practice,1,-5\nP2,practice,2,-6\n")
    assert found.errors == set()


# --- the command line stops in time


def test_an_error_stops_the_run_before_anything_is_written(write_tiny, tmp_path):
    path = write_tiny(indicators=f"{HEAD}\nasthma,P1,2016/17,lots,10\nasthma,P2,2016/17,1,10\n")
    before = sorted(tmp_path.iterdir())
    result = CliRunner().invoke(main, ["run", str(path), "--out", str(tmp_path / "pack")])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)  # words, not a traceback
    assert "indicators.csv, line 2, column numerator: expected a number (found: lots)" in result.output
    assert "Error: 1 error, 2 notes; nothing was written" in result.output
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"areas": "area,kind\nP1,practice\n"},
        {"indicators": f"{HEAD}\n" + "".join(f"asthma,P{n},2016/17,10,1000\n" for n in (1, 2, 3))},
        {"indicators": f"{HEAD}\n" + "".join(f"smoking,P{n},2016/17,10,10\n" for n in (1, 2, 3))},
        {"indicators": f"{HEAD}\n" + "".join(f"asthma,P{n},2016/17,0,1000\n" for n in (1, 2, 3))},
        {"indicators": f"{HEAD}\n" + "".join(f"asthma,P{n},2016/17,0,0\n" for n in (1, 2, 3))},
        {"indicators": f"{HEAD}\n" + "".join(f"asthma,P{n},2016/17,*,\n" for n in (1, 2, 3))},
        {"indicators": f"{HEAD}\nasthma,L1,2016/17,10,1000\n"},
        {"areas": "area,kind,imd\nP1,practice,1\nP2,practice,1\nP3,practice,1\n"},
        {"areas": "area,kind,imd\nP1,practice,\nP2,practice,1\nP3,practice,2\n"},
        {"areas": "area,kind,beds\nP1,practice,5\nP2,practice,1\nP3,practice,2\n"},
    ],
    ids=["one area", "all rates equal", "all proportions 1", "all zero", "nobody anywhere", "all withheld",
         "only the locality", "constant feature", "missing feature", "no feature of the preset"],
)  # fmt: skip
def test_thin_data_is_analysed_to_the_end_with_missing_results_where_there_are_none(read_tiny, changes):
    from variation.analysis import analyse

    found = read_tiny(**changes)
    assert found.errors == set()
    analysis = analyse(found.inputs)
    assert set(analysis.comparison["significance"]) <= {"similar", "not tested", "better", "worse"}
    assert "error" not in set(analysis.findings["severity"])


# --- the findings table


def test_findings_are_laid_out_errors_first_in_the_order_they_were_found():
    findings = tuple(
        Finding(severity=severity, code=str(place), table="t", message="m", row=place if place else None)
        for place, severity in enumerate(["note", "error", "warning", "error"])
    )
    table = findings_table(findings)
    assert list(table.columns) == FINDINGS.names
    assert table["code"].to_list() == ["1", "3", "2", "0"]
    assert table["row"].dtype == "Int64"
    assert pd.isna(table["row"].iloc[3])


def test_no_findings_are_an_empty_table():
    assert findings_table(()).empty


def test_a_finding_says_place_value_and_hint():
    finding = Finding(
        severity="error",
        code="x",
        table="a.csv",
        row=3,
        column="n",
        value="5",
        message="wrong",
        hint="mend it",
    )
    assert str(finding) == "error: a.csv, line 3, column n: wrong (found: 5)\n  hint: mend it"


# --- boundaries, and rows of parents


def outlines(*codes, kind="Polygon"):
    shape = {"type": kind, "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"code": code}, "geometry": shape} for code in codes
    ]})  # fmt: skip


@pytest.fixture
def read_outlined(read_tiny, tmp_path):
    """Read the tiny analysis with boundaries."""

    def read(content):
        (tmp_path / "b.geojson").write_text(content)
        return read_tiny(tables={"boundaries": '{ file = "b.geojson", columns = { area = "code" } }'})

    return read


def test_boundaries_of_all_areas_of_a_kind_are_kept_without_a_word(read_outlined):
    found = read_outlined(outlines("P3", "P1", "P2"))
    assert found.findings == ()
    assert found.inputs.boundaries.columns.to_list() == ["area", "geometry"]
    assert found.inputs.boundaries["area"].to_list() == ["P1", "P2", "P3"]


def test_without_boundaries_there_is_an_empty_table_of_them(read_tiny):
    boundaries = read_tiny().inputs.boundaries
    assert (boundaries.columns.to_list(), len(boundaries)) == (["area", "geometry"], 0)


def test_areas_without_outline_and_outlines_without_area_are_noted(read_outlined):
    found = read_outlined(outlines("P1", "P2", "X1", "X2"))
    assert [(f.severity, f.message.split(" ")[0], f.value) for f in found.of("no_boundary")] == [
        ("note", "1", "P3"), ("note", "2", "X1, X2"),
    ]  # fmt: skip
    assert found.inputs.boundaries["area"].to_list() == ["P1", "P2"]


def test_outlines_of_other_areas_altogether_are_an_error(read_outlined):
    assert read_outlined(outlines("X1")).errors == {"no_boundary"}


def test_two_outlines_for_an_area_are_an_error_with_the_second_ones_line(read_outlined):
    (finding,) = read_outlined(outlines("P1", "P2", "P1", "P3")).of("duplicate")
    assert (finding.severity, finding.table, finding.row, finding.value) == ("error", "b.geojson", 4, "P1")


def test_a_point_is_no_outline(read_outlined):
    assert [f.row for f in read_outlined(outlines("P1", kind="Point")).of("no_outline")] == [2]


def test_rows_of_a_parent_whose_children_are_given_are_noted(read_tiny):
    given = INDICATORS + "asthma,L1,2016/17,99,3000\n"
    found = read_tiny(indicators=given)
    (note,) = found.of("parent_rows")
    assert (note.severity, note.table, note.row, note.value) == ("note", "indicators.csv", 8, "L1")
    assert note.message.startswith("1 rows of locality are left out")


def test_rows_of_a_parent_alone_are_no_matter(read_tiny):
    found = read_tiny(indicators=INDICATORS + "smoking,L1,2015/16,99,3000\n")
    assert found.of("parent_rows") == []


def test_a_table_of_published_values_needs_no_counts_and_one_without_figures_is_an_error(read_tiny):
    rows = "".join(f"asthma,P{n},2016/17,{n},{n},{n + 1}\nsmoking,P{n},2016/17,{n},,\n" for n in (1, 2, 3))
    found = read_tiny(indicators="indicator,area,period,value,lower_95,upper_95\n" + rows)
    assert found.errors == set()
    assert found.inputs.indicators["value"].to_list() == [1, 1, 2, 2, 3, 3]
    bare = read_tiny(indicators="indicator,area,period\nasthma,P1,2016/17\n")
    assert "missing_column" in bare.errors
