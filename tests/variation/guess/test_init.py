"""The command: given files become an analysis that reads them, nothing is written over, what is unsure is said."""

import zipfile

import pytest
from click.testing import CliRunner

from variation.cli.main import main
from variation.inputs import read_inputs
from variation.settings import read_settings

FIGURES = """\
Admissions by practice;;;
;;;
Practice Code;Year;Admissions;List size
A81001;2016/17;10;1.000
A81002;2016/17;20;1.000
Total;;30;2.000
Source: a survey
"""


def init(*arguments):
    return CliRunner().invoke(main, ["init", *map(str, arguments)])


def check(settings):
    return CliRunner().invoke(main, ["check", str(settings)])


@pytest.fixture
def figures(tmp_path):
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "admissions.csv"
    path.write_text(FIGURES.replace("1.000", "1000"), encoding="cp1252")
    return path


def test_a_file_from_a_shared_drive_becomes_an_analysis_that_runs(tmp_path, figures):
    shown = init(figures, "--out", tmp_path / "new" / "analysis")
    assert shown.exit_code == 0, shown.output
    folder = tmp_path / "new" / "analysis"
    assert sorted(path.name for path in folder.iterdir()) == ["analysis.toml", "areas.csv", "catalogue.csv"]
    assert check(folder / "analysis.toml").exit_code == 0
    inputs = read_inputs(folder / "analysis.toml")
    assert inputs.indicators[["area", "numerator", "denominator"]].to_numpy().tolist() == [
        ["A81001", 10, 1000], ["A81002", 20, 1000],
    ]  # fmt: skip
    assert inputs.catalogue["kind"].to_list() == ["rate"]
    assert inputs.tree.kinds_by_depth == ["practice"]
    shown = CliRunner().invoke(main, ["run", str(folder / "analysis.toml"), "--out", str(tmp_path / "pack")])
    assert shown.exit_code == 0, shown.output
    assert (tmp_path / "pack" / "index.html").exists()


def test_it_says_what_it_understood_what_is_not_sure_and_what_to_do_next(tmp_path, figures):
    (tmp_path / "in" / "letter.csv").write_text("dear,all\nkind,regards\n", encoding="utf-8")
    shown = init(tmp_path / "in", "--out", tmp_path / "out").output
    assert "indicators  admissions.csv: a row a figure; area from Practice Code" in shown
    assert "it names no indicator: the file's name stands for it" in shown
    assert "catalogue.csv: name, kind and unit are guesses (1)" in shown
    assert "letter.csv: no table of an analysis was found in it" in shown
    assert f"variation check {tmp_path / 'out' / 'analysis.toml'}  (no findings now)" in shown


def test_the_settings_say_above_each_table_what_was_understood_and_list_every_key(tmp_path, figures):
    init(figures, "--out", tmp_path / "out")
    text = (tmp_path / "out" / "analysis.toml").read_text(encoding="utf-8")
    assert "# Understood as (a guess): a row a figure" in text
    assert "# Not sure: it names no indicator" in text
    assert "#draws = 1000" in text
    assert 'file = "../in/admissions.csv"' in text


def test_nothing_is_ever_written_over(tmp_path, figures):
    (tmp_path / "out").mkdir()
    for name in ("analysis.toml", "areas.csv"):
        path = tmp_path / "out" / name
        path.write_text("mine", encoding="utf-8")
        shown = init(figures, "--out", tmp_path / "out")
        assert shown.exit_code == 1
        assert f"{name} is there already" in shown.output
        assert [
            (other.name, other.read_text(encoding="utf-8")) for other in (tmp_path / "out").iterdir()
        ] == [(name, "mine")]
        path.unlink()


def test_by_force_an_earlier_draft_is_written_over_but_never_a_file_that_was_given(tmp_path, figures):
    others = "area,name,kind\nB1,Elsewhere,practice\n"
    (tmp_path / "in" / "areas.csv").write_text(others, encoding="utf-8")
    (tmp_path / "in" / "analysis.toml").write_text("an earlier draft", encoding="utf-8")
    shown = init(tmp_path / "in", "--out", tmp_path / "in", "--force")
    assert shown.exit_code == 0, shown.output
    assert (tmp_path / "in" / "areas.csv").read_text(encoding="utf-8") == others
    assert (tmp_path / "in" / "areas-drafted.csv").read_text(encoding="utf-8").count("A8100") == 4
    assert check(tmp_path / "in" / "analysis.toml").exit_code == 0


@pytest.mark.long
@pytest.mark.parametrize("order", [1, -1])
def test_the_same_files_give_the_same_bytes_in_any_order(tmp_path, example_folder, order):
    files = sorted(example_folder.glob("*.csv"))[::order]
    assert init(*files, "--out", tmp_path / "a").exit_code == 0
    assert init(*sorted(files), "--out", tmp_path / "b").exit_code == 0
    assert (tmp_path / "a" / "analysis.toml").read_bytes() == (tmp_path / "b" / "analysis.toml").read_bytes()


def test_each_reading_says_how_sure_it_is_and_what_else_was_possible(tmp_path, example_folder):
    path = tmp_path / "mixed.csv"
    path.write_text(
        "Practice Code,Month,Admissions,Attendances,List size\nA81001,2016-04,1,5,100\nA81002,2016-04,2,6,100\n",
        encoding="utf-8",
    )
    assert init(path, "--out", tmp_path / "out").exit_code == 0
    text = " ".join(
        (tmp_path / "out" / "analysis.toml").read_text(encoding="utf-8").replace("# ", "").split()
    )
    assert "Understood as (a guess): a row a figure" in text
    assert "Possible too: numerator from Attendances (taken: Admissions)" in text
    assert "Possible too: indicators" not in text
    shown = init(*sorted(example_folder.glob("*.csv")), "--out", tmp_path / "own").output
    assert "our own indicators table" in shown
    assert "(certain)" in shown
    assert "(a guess)" not in shown


@pytest.mark.parametrize("form", ["csv", "excel"])
def test_an_empty_template_is_taken_for_our_own_tables_and_the_check_asks_for_rows(tmp_path, form):
    shown = CliRunner().invoke(main, ["template", str(tmp_path / "empty"), "--form", form])
    assert shown.exit_code == 0, shown.output
    shown = init(tmp_path / "empty", "--out", tmp_path / "out")
    assert shown.exit_code == 0, shown.output
    assert "our own indicators table" in shown.output
    assert "our own areas table" in shown.output
    checked = check(tmp_path / "out" / "analysis.toml")
    assert checked.exit_code == 1
    assert "the indicators table has no rows below its heading" in checked.output


@pytest.mark.parametrize("name", ["indicators", "areas", "catalogue", "plan"])
def test_each_file_of_the_example_by_itself_is_taken_for_what_it_is(tmp_path, example_folder, name):
    shown = init(example_folder / f"{name}.csv", "--out", tmp_path)
    assert shown.exit_code == 0, shown.output
    assert f"our own {name} table" in shown.output
    checked = check(tmp_path / "analysis.toml")
    assert checked.exit_code == (0 if name == "indicators" else 1), checked.output
    assert name == "indicators" or "indicators.csv: the indicators table has no rows" in checked.output


def test_several_sheets_of_a_workbook_are_each_a_table(tmp_path, example_folder):
    import pandas as pd

    with pd.ExcelWriter(tmp_path / "all.xlsx") as book:
        pd.DataFrame({"about": ["this workbook"]}).to_excel(book, sheet_name="Read me", index=False)
        for name in ("indicators", "catalogue", "areas"):
            table = pd.read_csv(example_folder / f"{name}.csv", nrows=4000 if name == "indicators" else None)
            table.to_excel(book, sheet_name=name.title(), index=False)
    shown = init(tmp_path / "all.xlsx", "--out", tmp_path / "out")
    assert shown.exit_code == 0, shown.output
    tables = read_settings(tmp_path / "out" / "analysis.toml").tables
    assert [tables.indicators[0].sheet, tables.catalogue[0].sheet, tables.areas[0].sheet] == [
        ("Indicators",), ("Catalogue",), ("Areas",),
    ]  # fmt: skip
    assert check(tmp_path / "out" / "analysis.toml").exit_code == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [("letter.csv", b"Dear all\nkind regards\n"), ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
     ("report.pdf", b"%PDF-1.7\n"), ("empty.csv", b"")],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_named_and_nothing_is_written(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    shown = init(tmp_path / name, "--out", tmp_path / "out")
    assert shown.exit_code == 1, shown.output
    assert name in shown.output
    assert "nothing was written" in shown.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "sign", ["\x06", "\x00", "\x7f", "\u2028", "\x85", '"', "'", "\\\\", "]", "=", "\ud7ff"]
)
def test_headings_of_any_signs_make_settings_that_can_be_read(tmp_path, sign):
    path = tmp_path / "odd.csv"
    path.write_text(f"Practice{sign}Code,Number{sign},Year\nA81001,5,2016\nA81002,6,2016\n", encoding="utf-8")
    shown = init(path, "--out", tmp_path / "out")
    assert shown.exit_code == 0, shown.output
    read_settings(tmp_path / "out" / "analysis.toml")


def test_files_that_cannot_be_read_are_named_and_where_there_is_no_other_nothing_is_written(
    tmp_path, figures
):
    (tmp_path / "in" / "broken.xlsx").write_bytes(b"PK\x03\x04")
    shown = init(figures, tmp_path / "in" / "broken.xlsx", "--out", tmp_path / "some")
    assert shown.exit_code == 0
    assert "broken.xlsx: cannot be read as xlsx" in shown.output
    shown = init(tmp_path / "in" / "broken.xlsx", tmp_path / "nowhere.csv", "--out", tmp_path / "none")
    assert shown.exit_code == 1
    assert "broken.xlsx" in shown.output
    assert "nowhere.csv: no such file" in shown.output
    assert not (tmp_path / "none" / "analysis.toml").exists()


def test_without_a_file_it_is_wrong_usage():
    assert init().exit_code == 2


def test_the_examples_own_files_are_read_as_they_are(tmp_path, example_folder):
    shown = init(*sorted(example_folder.glob("*.csv")), "--out", tmp_path / "out")
    assert shown.exit_code == 0, shown.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["analysis.toml"]
    ours, theirs = (
        read_inputs(tmp_path / "out" / "analysis.toml"),
        read_inputs(example_folder / "analysis.toml"),
    )
    assert len(ours.indicators) == len(theirs.indicators)
    assert len(ours.plan) == len(theirs.plan)
    assert ours.tree.codes.tolist() == theirs.tree.codes.tolist()
    assert ours.settings.peers["practice"].weights == "nhse_2021"


def test_files_that_are_read_alike_share_a_source_and_its_folder(tmp_path):
    for name in ("saba", "ppi"):
        rows = "".join(f"2016-{month:02}-01,11J,{month},100\n" for month in range(1, 13))
        (tmp_path / f"{name}.csv").write_text(f"month,code,numerator,denominator\n{rows}", encoding="utf-8")
    assert init(tmp_path, "--out", tmp_path / "out").exit_code == 0
    (source,) = read_settings(tmp_path / "out" / "analysis.toml").tables.indicators
    assert (source.file, source.folder, source.latest_months) == (("ppi.csv", "saba.csv"), "..", 12)


def test_a_member_of_a_zip_and_a_sheet_of_a_workbook_are_named(tmp_path, figures):
    import pandas as pd

    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.write(figures, "deep/admissions.csv")
    with pd.ExcelWriter(tmp_path / "areas.xlsx") as book:
        pd.DataFrame([["x"]]).to_excel(book, sheet_name="Read me", index=False, header=False)
        areas = pd.DataFrame({"area": ["A81001", "A81002"], "kind": "practice", "name": ["One", "Two"]})
        areas.to_excel(book, sheet_name="Areas", index=False)
    shown = init(tmp_path / "data.zip", tmp_path / "areas.xlsx", "--out", tmp_path / "out")
    assert shown.exit_code == 0, shown.output
    tables = read_settings(tmp_path / "out" / "analysis.toml").tables
    assert tables.indicators[0].member == ("deep/admissions.csv",)
    assert tables.areas[0].sheet == ("Areas",)
    assert check(tmp_path / "out" / "analysis.toml").exit_code == 0


# What is understood of each published file by itself, and what the check then says.
FIGURES_BY_THEMSELVES = {
    "fingertips/imd_2019_practice.csv": (1, "practice", 0),
    "fingertips/smoking_prevalence_qof.csv": (1, "practice", 0),
    "list_size/gp-reg-pat-prac-all_jan2021.csv": (1, "practice", 0),
    "openprescribing_antibacterials/items_for_antibacterial_drugs_per_1000_patients_on_list.csv": (1, "practice", 0),
    "payments/payments_18-19.csv": (35, "practice", 0),
    "qof_2020_21/PREVALENCE_2021_v2.csv": (21, "practice", 0),
    "qof_2020_21/ORGANISATION_REFERENCE_2021.csv": (1, "practice", 0),
    **{
        f"openprescribing_subicb/{name}.csv": (1, "sub_icb", 0)
        for name in ("bdzper1000", "broad_spectrum", "doacs_nhse", "glutenfree", "ktt13_nsaids_ibuprofen",
                     "lplidocaine", "lpliothyronine", "lpzomnibus", "opioidper1000",
                      "ppidose", "saba", "statinintensity")
    },
}  # fmt: skip
# Files that hold no figures: which table they are; the check then asks for figures.
NO_FIGURES = {
    "boundaries/ccg_apr2021_small.geojson": "boundaries",
    "list_size/gp-reg-pat-prac-map_jan2022.csv": "areas",
    "openprescribing_subicb/ccg_names.csv": "areas",
    "openprescribing_subicb/measure_list.csv": "catalogue",
    "practice_covariates/data_for_regression_2019_05.csv": "areas",
    "qof_2020_21/MAPPING_INDICATORS_2021_v2.csv": "catalogue",
    "qof_2020_21/MAPPING_NHS_GEOGRAPHIES_2021.csv": "areas",
    "similar10_ccg/April2021_Similar10CCG_InputData_HD.xlsx": "areas",
}
# Files whose period nobody can tell from them.
NO_PERIOD = [
    f"openprescribing_savings_by_decile/measures_cost_{name}.csv"
    for name in ("desogestrel", "keppra", "lyrica")
]


@pytest.mark.shared
def test_every_published_file_is_in_one_of_the_lists(shared_data):
    there = {path.relative_to(shared_data).as_posix() for path in shared_data.glob("*/*")}
    assert there == {*FIGURES_BY_THEMSELVES, *NO_FIGURES, *NO_PERIOD}


@pytest.mark.long
@pytest.mark.shared
@pytest.mark.parametrize("name", FIGURES_BY_THEMSELVES)
def test_published_figures_by_themselves_become_an_analysis_that_checks(shared_data, tmp_path, name):
    number, kind, errors = FIGURES_BY_THEMSELVES[name]
    shown = init(shared_data / name, "--out", tmp_path)
    assert shown.exit_code == 0, shown.output
    assert "error" not in shown.output.split("Next")[1]
    inputs = read_inputs(tmp_path / "analysis.toml")
    assert len(inputs.catalogue) == number
    assert kind in inputs.tree.kinds_by_depth
    assert len(inputs.indicators) > 50
    assert sum(finding.severity == "error" for finding in inputs.findings) == errors


@pytest.mark.long
@pytest.mark.shared
@pytest.mark.parametrize("name", NO_FIGURES)
def test_published_files_without_figures_are_taken_for_what_they_are(shared_data, tmp_path, name):
    shown = init(shared_data / name, "--out", tmp_path)
    assert shown.exit_code == 0, shown.output
    assert "no file with figures was found" in shown.output
    assert f"{NO_FIGURES[name]:<11} {name.split('/')[1]}" in shown.output
    checked = check(tmp_path / "analysis.toml")
    assert checked.exit_code == 1
    assert "indicators.csv: the indicators table has no rows below its heading" in checked.output


@pytest.mark.shared
@pytest.mark.parametrize("name", NO_PERIOD)
def test_a_period_that_no_one_can_tell_is_asked_for_by_the_check(shared_data, tmp_path, name):
    assert "its period is not in the file" in init(shared_data / name, "--out", tmp_path).output
    checked = check(tmp_path / "analysis.toml")
    assert checked.exit_code == 1
    assert "found: FILL IN" in checked.output
    path = tmp_path / "analysis.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("FILL IN", "2018"), encoding="utf-8")
    assert check(path).exit_code == 0


@pytest.mark.long
@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "errors"),
    [("qof_2020_21", 0), ("list_size", 0), ("payments", 0), ("openprescribing_subicb", 0), ("fingertips", 0)],
)
def test_a_folder_of_published_files_becomes_one_analysis_that_checks(shared_data, tmp_path, folder, errors):
    shown = init(shared_data / folder, "--out", tmp_path)
    assert shown.exit_code == 0, shown.output
    assert check(tmp_path / "analysis.toml").exit_code == errors


@pytest.mark.shared
def test_files_of_different_publishers_are_put_together(shared_data, tmp_path):
    folders = [shared_data / name for name in ("boundaries", "similar10_ccg", "openprescribing_subicb")]
    shown = init(*folders, "--out", tmp_path)
    assert shown.exit_code == 0, shown.output
    settings = read_settings(tmp_path / "analysis.toml")
    assert settings.peers["sub_icb"].weights == "nhse_2021"
    inputs = read_inputs(tmp_path / "analysis.toml")
    assert len(inputs.boundaries) == 106
    assert inputs.areas.set_index("area").loc["11J", "imd"] > 0
