"""The template: empty tables to fill in, explained, that are read without surprise in either form."""

import csv
import re
from io import BytesIO

import openpyxl
import pytest
from click.testing import CliRunner

from variation.cli.main import main
from variation.errors import InputError
from variation.inputs import read_inputs
from variation.settings import read_settings
from variation.tables import CATALOGUE, INPUTS, Column, Table
from variation.template.dictionary import EXAMPLES, HEADINGS, explained
from variation.template.folder import write_template
from variation.template.workbook import COVER, DICTIONARY, LAST_ROW, template_workbook

TABLES = {f"{table.name}.csv" for table in INPUTS}
BESIDE = {"dictionary.csv", "README.txt", "analysis.toml"}


@pytest.fixture
def workbook(tmp_path):
    write_template(tmp_path, form="excel")
    return openpyxl.load_workbook(tmp_path / "inputs.xlsx")


def check(folder):
    return CliRunner().invoke(main, ["check", str(folder / "analysis.toml")])


@pytest.mark.parametrize(
    ("form", "names"),
    [("both", TABLES | {"inputs.xlsx"}), ("csv", TABLES), ("excel", {"inputs.xlsx"})],
)
def test_each_form_writes_its_tables_and_what_explains_them(tmp_path, form, names):
    written = write_template(tmp_path / "new" / "folder", form=form)
    assert {path.name for path in written} == names | BESIDE
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == names | BESIDE


def test_an_empty_csv_stands_for_each_input_table_with_its_columns(tmp_path):
    write_template(tmp_path)
    for table in INPUTS:
        text = (tmp_path / f"{table.name}.csv").read_text(encoding="utf-8")
        assert text == ",".join(table.names) + "\n"


def test_what_is_there_is_kept(tmp_path):
    (tmp_path / "areas.csv").write_text("mine", encoding="utf-8")
    written = write_template(tmp_path)
    assert (tmp_path / "areas.csv").read_text(encoding="utf-8") == "mine"
    assert "areas.csv" not in {path.name for path in written}
    assert write_template(tmp_path) == []


def test_a_folder_that_has_it_all_is_an_error_that_says_so(tmp_path):
    write_template(tmp_path)
    shown = CliRunner().invoke(main, ["template", str(tmp_path)])
    assert shown.exit_code == 1
    assert "kept" in shown.output
    assert "name another folder" in shown.output


def test_the_same_call_writes_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_template(tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_every_column_is_explained_with_unit_choices_and_whether_it_is_needed(tmp_path):
    write_template(tmp_path)
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    for table in INPUTS:
        assert explained(table) in readme
        for column in table:
            assert f"  {column.name}: {column.meaning}" in readme
    assert "one of low, high, local; may be left out" in readme
    assert "any further number column is a feature that peers can be found by" in readme


def test_the_dictionary_is_one_row_a_column_the_same_as_csv_and_as_a_sheet(tmp_path):
    write_template(tmp_path)
    with (tmp_path / "dictionary.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert tuple(rows[0]) == HEADINGS
    assert [(row[0], row[1]) for row in rows[1:]] == [(t.name, c.name) for t in INPUTS for c in t]
    sheet = openpyxl.load_workbook(tmp_path / "inputs.xlsx")[DICTIONARY]
    assert [["" if cell is None else cell for cell in row] for row in sheet.values] == rows


@pytest.mark.parametrize("form", ["csv", "excel"])
def test_run_unfilled_it_names_the_three_tables_that_need_rows_and_not_the_plan(tmp_path, form):
    write_template(tmp_path, form=form)
    with pytest.raises(InputError) as caught:
        read_inputs(tmp_path / "analysis.toml")
    findings = caught.value.findings
    expected = ["indicators.csv", "catalogue.csv", "areas.csv"] if form == "csv" else ["inputs.xlsx"] * 3
    assert [finding.table for finding in findings] == expected
    assert {finding.code for finding in findings} == {"empty_table"}


# --- filled in


def fill_csv(folder, rows):
    for table in INPUTS:
        with (folder / f"{table.name}.csv").open("a", encoding="utf-8", newline="") as stream:
            csv.DictWriter(stream, table.names, lineterminator="\n").writerows(rows.get(table.name, []))


def fill_workbook(folder, rows):
    """Type the rows into the workbook as Excel would keep them: codes as text, figures as numbers."""
    book = openpyxl.load_workbook(folder / "inputs.xlsx")
    for table in INPUTS:
        for line, row in enumerate(rows.get(table.name, []), start=2):
            for number, column in enumerate(table, start=1):
                if (value := row.get(column.name, "")) != "":
                    typed = value if column.type == "text" else float(value)
                    book[table.name].cell(line, number, typed)
    book.save(folder / "inputs.xlsx")


def example_rows(folder):
    """The first rows of the built-in example: three practices, their parents, all indicators."""
    rows = {}
    for table in [table for table in INPUTS if (folder / f"{table.name}.csv").exists()]:
        with (folder / f"{table.name}.csv").open(encoding="utf-8", newline="") as stream:
            rows[table.name] = [
                {k: v for k, v in row.items() if k in table.names} for row in csv.DictReader(stream)
            ]
    practices = {f"SYN{number:03}" for number in range(1, 13)}
    rows["areas"] = [row for row in rows["areas"] if row["kind"] != "practice" or row["area"] in practices]
    rows["indicators"] = [
        row for row in rows["indicators"] if row["area"] in practices and row["period"] == "2016/17"
    ]
    return rows


@pytest.mark.parametrize(("form", "fill"), [("csv", fill_csv), ("excel", fill_workbook)])
def test_filled_in_with_figures_it_checks_without_errors_and_reads_the_same_in_either_form(
    tmp_path, example_folder, form, fill
):
    rows = example_rows(example_folder)
    write_template(tmp_path, form=form)
    fill(tmp_path, rows)
    shown = check(tmp_path)
    assert shown.exit_code == 0, shown.output
    inputs = read_inputs(tmp_path / "analysis.toml")
    assert len(inputs.indicators) == len(rows["indicators"]) > 500
    assert inputs.indicators["numerator"].sum() == sum(float(r["numerator"] or 0) for r in rows["indicators"])
    assert set(inputs.areas["area"]) == {row["area"] for row in rows["areas"]}
    assert len(inputs.plan) == len(rows["plan"])


@pytest.mark.parametrize(("form", "fill"), [("csv", fill_csv), ("excel", fill_workbook)])
def test_the_dictionarys_examples_make_rows_that_are_read(tmp_path, form, fill):
    write_template(tmp_path, form=form)
    fill(tmp_path, {name: [row] for name, row in EXAMPLES.items()})
    shown = check(tmp_path)
    assert shown.exit_code == 0, shown.output
    assert "1 rows, 1 indicators, 1 areas (practice)" in shown.output


def test_the_settings_of_both_forms_say_how_to_read_the_workbook_and_that_works(tmp_path, example_folder):
    write_template(tmp_path)
    fill_workbook(tmp_path, example_rows(example_folder))
    path = tmp_path / "analysis.toml"
    text = path.read_text(encoding="utf-8")
    assert 'write file = "inputs.xlsx"' in text
    for table in INPUTS:
        text = text.replace(f'file = "{table.name}.csv"', f'file = "inputs.xlsx"\nsheet = "{table.name}"')
    path.write_text(text, encoding="utf-8")
    assert check(tmp_path).exit_code == 0


# --- the workbook


def test_the_workbook_opens_on_a_cover_that_leads_to_every_sheet(workbook):
    names = [table.name for table in INPUTS]
    assert workbook.sheetnames == [COVER, *names, DICTIONARY]
    cover = workbook[COVER]
    assert workbook.active.title == COVER
    links = {cell.value: cell.hyperlink.location for row in cover["A1:A40"] for cell in row if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in [*names, DICTIONARY]}
    words = " ".join(str(cell) for row in cover.values for cell in row if cell)
    assert "variation check analysis.toml" in words
    assert workbook.properties.title
    assert workbook.properties.language == "en-GB"


@pytest.mark.parametrize("table", INPUTS, ids=lambda table: table.name)
def test_each_sheet_has_its_headings_frozen_on_top_with_a_note_each_and_nothing_below(workbook, table):
    sheet = workbook[table.name]
    assert [cell.value for cell in sheet[1]] == table.names
    assert list(sheet.iter_rows(min_row=2, values_only=True)) in ([], [(None,) * len(table.names)])
    assert re.fullmatch("[A-C]2", sheet.freeze_panes)
    for cell, column in zip(sheet[1], table, strict=True):
        assert column.meaning in cell.comment.text
        assert cell.font.b == column.required  # required or not is told by more than colour
        assert cell.font.i != column.required
        assert sheet.column_dimensions[cell.column_letter].width > len(column.name) + 1
    assert [native.ref.split(":")[0] for native in sheet.tables.values()] == ["A1"]


def rules(sheet):
    """The check of each column of a sheet, by its heading."""
    return {
        sheet.cell(1, cells.min_col).value: rule
        for rule in sheet.data_validations.dataValidation
        for cells in rule.sqref.ranges
    }


@pytest.mark.parametrize("table", INPUTS, ids=lambda table: table.name)
def test_each_column_is_checked_down_to_the_last_row_as_it_was_declared(workbook, table):
    found = rules(workbook[table.name])
    assert list(found) == table.names
    for column in table:
        rule = found[column.name]
        assert [(cells.min_row, cells.max_row) for cells in rule.sqref.ranges] == [(2, LAST_ROW)]
        assert rule.showInputMessage
        assert rule.prompt.startswith(column.meaning[:100])
        if column.choices:
            assert (rule.type, rule.formula1) == ("list", f'"{",".join(column.choices)}"')
        elif column.type == "number":
            assert (rule.type, rule.operator) == ("decimal", "greaterThanOrEqual")
            assert float(rule.formula1) == (-1e300 if column.minimum is None else column.minimum)
            assert rule.errorStyle == "warning"  # * may be typed where a figure is withheld


def test_codes_are_offered_from_the_sheet_that_has_them(workbook):
    assert rules(workbook["indicators"])["area"].formula1 == f"'areas'!$A$2:$A${LAST_ROW}"
    assert rules(workbook["indicators"])["indicator"].formula1 == f"'catalogue'!$A$2:$A${LAST_ROW}"
    assert rules(workbook["areas"])["parent"].formula1 == f"'areas'!$A$2:$A${LAST_ROW}"
    assert rules(workbook["catalogue"])["plan_line"].formula1 == f"'plan'!$A$2:$A${LAST_ROW}"


def test_columns_of_codes_are_formatted_as_text_before_anything_is_typed(workbook):
    sheet = workbook["indicators"]
    formats = {cell.value: sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]}
    assert formats["area"] == formats["period"] == formats["indicator"] == "@"
    assert formats["numerator"] == "General"


def test_choices_too_long_for_a_dropdown_are_still_told_when_the_cell_is_chosen():
    choices = tuple(f"a rather long choice number {number}" for number in range(12))
    odd = Table(name="odd", one_row_per="thing", columns=(
        Column(name="thing", type="text", meaning="which", required=True, choices=choices),
    ))  # fmt: skip
    book = openpyxl.load_workbook(BytesIO(template_workbook([odd], ["Do it."])))
    rule = rules(book["odd"])["thing"]
    assert rule.type is None
    assert rule.prompt.startswith("which; one of a rather long choice number 0")
    assert len(rule.prompt) <= 255


@pytest.mark.system
def test_libreoffice_opens_the_workbook_and_keeps_its_dropdowns(tmp_path):
    import shutil
    import subprocess

    from tests.conftest import require

    require(shutil.which("soffice") is not None, "LibreOffice (soffice)")
    write_template(tmp_path, form="excel")
    command = ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
               "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "again"),
               str(tmp_path / "inputs.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    again = openpyxl.load_workbook(tmp_path / "again" / "inputs.xlsx")
    kinds = next(c for c in CATALOGUE if c.name == "kind").choices
    assert rules(again["catalogue"])["kind"].formula1 == f'"{",".join(kinds)}"'
    assert [cell.value for cell in again["areas"][1]] == next(t for t in INPUTS if t.name == "areas").names


def test_its_settings_are_valid_and_name_the_tables_beside_them(tmp_path):
    write_template(tmp_path)
    settings = read_settings(tmp_path / "analysis.toml")
    for table in INPUTS:
        assert (tmp_path / getattr(settings.tables, table.name)[0].file[0]).exists()
