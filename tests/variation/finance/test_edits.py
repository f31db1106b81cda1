"""Finance's edits read back: none changes nothing, each is carried on, and what cannot be is refused by its cell."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from reports.workbook import write_workbook
from reports.workbook.finance import names as n
from tests.reports.finance_book import Figures, address, layouts_of, write_book
from tests.reports.recalculation import in_formualizer, with_inputs
from variation.errors import InputError
from variation.finance.as_written import what_if_of
from variation.finance.edited_cells import as_number
from variation.finance.edited_workbook import Edit
from variation.finance.edits import apply_edits, read_back
from variation.packs.pack import contents_of
from variation.settings import described


@pytest.fixture(scope="module")
def contents(example_analysis):
    """The example's pack with few draws and no single practice in the ledger: every input, fewer cells."""
    whole = contents_of(example_analysis)
    finance = whole.finance
    few = replace(
        finance,
        draws={number: drawn[:, :20] for number, drawn in finance.draws.items()},
        ledger=finance.ledger[finance.ledger["kind"] != "practice"],
    )
    return replace(whole, finance=few)


@pytest.fixture(scope="module")
def book(contents):
    return write_book(contents)


@pytest.fixture(scope="module")
def layouts(contents):
    return layouts_of(contents)


@pytest.fixture
def read(book, example_analysis, tmp_path):
    """Change inputs of the book, by name or cell, and read it back."""

    def reading(inputs=(), data=None):
        path = tmp_path / "edited.xlsx"
        path.write_bytes(with_inputs(book, dict(inputs)) if data is None else data)
        findings: list = []
        assumed, sources = read_back(path, example_analysis.inputs.assumptions, findings)
        return assumed, sources, findings

    return reading


def scheme_cell(layouts, contents, name, key, table=n.SCHEMES):
    row = contents.finance.schemes["scheme"].tolist().index(name)
    return address(layouts, table, key, row)


def line_cell(layouts, contents, indicator, key):
    row = contents.finance.lines["indicator"].tolist().index(indicator)
    return address(layouts, n.LINES, key, row)


def test_a_book_without_edits_changes_nothing(read, example_analysis):
    assumed, sources, findings = read()
    base = example_analysis.inputs.assumptions
    assert sources == ()
    assert findings == []
    assert assumed.changes.empty
    for name in ("lines", "schemes", "overlaps", "delivery", "phasing"):
        assert getattr(assumed, name).equals(getattr(base, name))


def test_a_round_trip_without_edits_changes_no_byte(example_folder, example_analysis, contents, tmp_path):
    from variation import read_inputs
    from variation.checks.found import findings_table

    write_workbook(contents, tmp_path / "pack.xlsx")
    again = read_inputs(example_folder / "analysis.toml", assumptions=tmp_path / "pack.xlsx")
    first = example_analysis.inputs
    assert again.sources == first.sources
    assert again.findings == first.findings
    assert again.catalogue.equals(first.catalogue)
    # What is looked at by default is named in the workbook; the analysis takes it for no choice.
    assert again.settings.finance.plan_line_shown == "RightCare"
    settled = again.settings.finance.model_copy(update={"plan_line_shown": ""})
    assert settled == first.settings.finance
    assert described(again.settings.model_copy(update={"finance": settled})) == described(first.settings)
    assert findings_table(again.findings).equals(findings_table(first.findings))


def test_an_analysis_takes_the_line_looked_at_by_default_for_no_choice(example_inputs):
    from variation.analysis import analyse
    from variation.inputs import looking_at

    chosen = analyse(looking_at(example_inputs, "RightCare"))
    assert chosen.inputs.settings == example_inputs.settings


def test_an_overlap_of_codes_with_a_stroke_in_them_is_found(example_inputs):
    pairs = pd.DataFrame({"indicator": ["A / B", "A"], "other": ["C", "B / D"], "share": [1.0, 1.0]})
    assumptions = replace(example_inputs.assumptions, overlaps=pairs)
    edit = Edit(table=n.OVERLAPS, key="A / B / D", column="share", was=1.0, now=0.5, sheet="Overlaps",
                cell="D3", heading="Share")  # fmt: skip
    assert apply_edits(assumptions, [edit]).overlaps["share"].tolist() == [1.0, 0.5]


def test_every_kind_of_edit_is_carried_into_the_assumptions(read, layouts, contents):
    medicines, home = "Medicines: inhalers", "Frailty: home first"
    assumed, sources, findings = read(
        {
            "rule": "RightCare's rule",
            "discount_rate": 0.05,
            "plan_year": 2,
            "plan_line_shown": "Outpatients",
            address(layouts, n.DELIVERY, "marginal_rate", 0): 0.3,
            address(layouts, n.PHASING, "year_1", 0): 0.75,
            scheme_cell(layouts, contents, medicines, "months"): 4,
            scheme_cell(layouts, contents, medicines, "addressable"): None,
            scheme_cell(layouts, contents, home, "recurrent"): "no",
            scheme_cell(layouts, contents, home, "signed_off_by", n.SIGN_OFF): "Clinical board",
            line_cell(layouts, contents, "length_of_stay", "unit_cost"): 299.5,
            line_cell(layouts, contents, "length_of_stay", "scheme"): "Spare scheme 1",
            line_cell(layouts, contents, "length_of_stay", "point_of_delivery"): "Community contract",
            address(layouts, n.OVERLAPS, "share", 0): 0.5,
        }
    )
    general, schemes = assumed.general, assumed.schemes.set_index("scheme")
    assert (general.rule, general.discount_rate, general.plan_year) == ("rightcare", 0.05, 2)
    assert general.plan_line_shown == "Outpatients"
    assert general.delivery["non_elective"].marginal_rate == assumed.delivery["marginal_rate"].iloc[0] == 0.3
    assert general.phasing["quick"][1] == assumed.phasing["year_1"].iloc[0] == 0.75
    assert schemes.loc[medicines, "months"] == 4
    assert np.isnan(schemes.loc[medicines, "addressable"])
    assert schemes.loc[home, ["recurrent", "signed_off_by"]].tolist() == ["no", "Clinical board"]
    line = assumed.lines.set_index("indicator").loc["length_of_stay"]
    assert (line["unit_cost"], line["scheme"], line["point_of_delivery"]) == (
        299.5,
        "Spare scheme 1",
        "community",
    )
    assert (assumed.overlaps["share"] == 0.5).sum() == 1
    assert (
        len(assumed.changes) == len(findings) == sources[0].rows == 13
    )  # what is looked at changes no figure
    assert {finding.code for finding in findings} == {"assumption_changed"}


def test_the_log_says_what_was_and_what_is(read):
    assumed, _, _ = read({"overlap_cap": 0.1})
    assert assumed.changes.to_dict("records") == [
        {
            "table": "Assumptions",
            "key": "overlap_cap",
            "column": "Cap on an overlap group",
            "was": "0.2",
            "now": "0.1",
        }
    ]


def test_the_same_edits_are_the_same_source_in_another_file(read, book, tmp_path):
    _, one, _ = read({"overlap_cap": 0.1, "delivered": 0.6})
    moved = openpyxl.load_workbook(io.BytesIO(with_inputs(book, {"overlap_cap": 0.1, "delivered": 0.6})))
    moved.move_sheet("Assumptions", offset=5)
    moved.save(tmp_path / "moved.xlsx")
    _, other, _ = read(data=(tmp_path / "moved.xlsx").read_bytes())
    assert one == other


def test_a_price_edited_in_the_book_holds_wherever_the_indicator_is_priced(
    example_folder, book, layouts, contents, tmp_path
):
    from variation import read_inputs

    cell = line_cell(layouts, contents, "pregabalin", "unit_cost")
    (tmp_path / "edited.xlsx").write_bytes(with_inputs(book, {cell: 25.5}))
    inputs = read_inputs(example_folder / "analysis.toml", assumptions=tmp_path / "edited.xlsx")
    assert inputs.catalogue.set_index("indicator").loc["pregabalin", "unit_cost"] == 25.5
    assert inputs.assumptions.lines.set_index("indicator").loc["pregabalin", "unit_cost"] == 25.5


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("rule", "Any gap", "one of Credible, RightCare's rule, Every gap"),
        ("overlap_cap", 1.01, "0 to 1"),
        ("overlap_cap", "a fifth", "0 to 1"),
        ("overlap_cap", None, "0 to 1"),
        ("plan_year", 2.5, "0 to 4, whole"),
        ("plan_year", 5, "0 to 4, whole"),
        ("plan_line_shown", "Nothing", "one of All lines, "),
    ],
)
def test_what_cannot_be_is_refused_with_sheet_and_cell_and_what_was_expected(read, name, value, expected):
    _, _, (finding,) = read({name: value})
    assert finding.severity == "error"
    assert finding.table == "edited.xlsx, sheet Assumptions"
    assert finding.column.startswith("B")
    assert f"expected {expected}" in finding.message
    assert finding.value == (
        "nothing" if value is None else f"{value:g}" if isinstance(value, float | int) else value
    )


def test_everything_that_cannot_be_is_said_at_once_and_nothing_is_changed(
    example_folder, book, layouts, contents, tmp_path
):
    from variation import read_inputs

    wrong = {
        "delivered": 60,
        scheme_cell(layouts, contents, "Medicines: pain", "start_year"): 7,
        line_cell(layouts, contents, "antibiotics", "scheme"): "No such scheme",
    }
    (tmp_path / "edited.xlsx").write_bytes(with_inputs(book, wrong))
    with pytest.raises(InputError) as raised:
        read_inputs(example_folder / "analysis.toml", assumptions=tmp_path / "edited.xlsx")
    assert sum(finding.code == "edited_workbook" for finding in raised.value.findings) == 3


def test_a_table_that_was_taken_away_is_named(read, book, tmp_path):
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    workbook.remove(workbook["Phasing profiles"])
    workbook.save(tmp_path / "less.xlsx")
    _, _, findings = read(data=(tmp_path / "less.xlsx").read_bytes())
    assert [finding.message for finding in findings] == ["the table with these headings is not there"]
    assert "Phasing profiles" in findings[0].table


def test_a_row_of_another_analysis_is_named(read, layouts, contents):
    cell = scheme_cell(layouts, contents, "Medicines: pain", "scheme")
    _, _, findings = read({cell: "Medicines: gout"})
    assert {finding.value for finding in findings} == {"Medicines: gout", "Medicines: pain"}


def test_a_file_that_is_no_workbook_is_an_error_in_words(example_analysis, tmp_path):
    (tmp_path / "edited.xlsx").write_text("nothing", encoding="utf-8")
    findings: list = []
    read_back(tmp_path / "edited.xlsx", example_analysis.inputs.assumptions, findings)
    assert "cannot be read as xlsx" in findings[0].message
    findings.clear()
    read_back(tmp_path / "missing.xlsx", example_analysis.inputs.assumptions, findings)
    assert "no such file" in findings[0].message


@pytest.mark.system
def test_a_book_that_libreoffice_has_saved_reads_the_same(read, book, soffice, tmp_path):
    edited = tmp_path / "given" / "edited.xlsx"
    edited.parent.mkdir()
    edited.write_bytes(with_inputs(book, {"overlap_cap": 0.1, "comparator": "Best five of ten peers"}))
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx", "--outdir",
         str(tmp_path / "saved"), str(edited)],
        check=True, capture_output=True, timeout=900,
    )  # fmt: skip
    assumed, sources, _ = read(data=Path(tmp_path / "saved" / "edited.xlsx").read_bytes())
    assert (assumed.general.overlap_cap, assumed.general.comparator) == (0.1, "best_5")
    assert sources == read({"overlap_cap": 0.1, "comparator": "Best five of ten peers"})[1]


@pytest.mark.parametrize(
    ("typed", "number"),
    [(0.6, 0.6), ("60%", 0.6), (" 60 % ", 0.6), ("£1,200", 1200.0), ("-£5", -5.0), (".5", 0.5), ("7%", 0.07)],
)
def test_numbers_typed_as_words_are_read(typed, number):
    assert as_number(typed) == number


@pytest.mark.parametrize("typed", ["", "half", "1.2.3", "5 to 6", True, float("inf")])
def test_what_is_no_number_is_none(typed):
    assert as_number(typed) is None


def saved(book, change, tmp_path):
    """The book as a spreadsheet program saves it, after a change by hand."""
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    change(workbook)
    workbook.save(tmp_path / "saved.xlsx")
    return (tmp_path / "saved.xlsx").read_bytes()


def place_of(layouts, table):
    """Where a table stands: its sheet, and the rows of its first and last figures."""
    (placed,) = (placed for layout in layouts for placed in layout.tables if placed.table.name == table)
    return placed


def test_what_the_sensitivity_tries_is_read_back_and_tried_again(read, layouts, contents, example_analysis):
    keys = place_of(layouts, n.SWINGS_FOUND).table.frame["key"].tolist()
    assumed, _, findings = read(
        {
            address(layouts, n.TRIED, "rate", 1): 0.55,
            "varied_delivery": "Elective spell",
            address(layouts, n.SWINGS_FOUND, "low", keys.index("delivery")): 0.25,
            address(layouts, n.SWINGS_FOUND, "high", keys.index("cap")): 0.5,
            address(layouts, n.SWINGS_FOUND, "high", keys.index("phasing")): "standard",
        }
    )
    tried = assumed.general.what_if
    assert tried.marginal_rates == (0.3, 0.55, 0.7, 1.0)
    assert tried.point_of_delivery == "elective"
    assert (tried.delivery, tried.cap, tried.phasing) == ((0.25, 1.0), (0.02, 0.5), ("slow", "standard"))
    assert [(finding.table, finding.value) for finding in findings] == [
        ("Sensitivity", "0.55"),
        ("Sensitivity", "Elective spell"),
        ("What moves it", "0.25"),
        ("What moves it", "0.5"),
        ("What moves it", "standard"),
    ]
    # No other assumption is another for it.
    others = {"what_if", "plan_line_shown"}
    base = example_analysis.inputs.assumptions.general
    assert assumed.general.model_dump(exclude=others) == base.model_dump(exclude=others)
    again = replace(contents, finance=replace(contents.finance, what_if=what_if_of(assumed.general)))
    cells = Figures(write_book(again), layouts)
    assert cells[n.GRID]["rate"].tolist() == [0.3, 0.55, 0.7, 1.0] * 5
    assert cells[n.SWINGS_FOUND].set_index("key").loc["delivery", "low"] == 0.25
    assert cells[n.VARIED_TABLE]["value"].tolist() == ["Elective spell"]


@pytest.mark.parametrize("table", [n.LINES, n.OVERLAPS])
@pytest.mark.parametrize("which", ["first", "last"])
def test_rows_that_finance_deleted_are_an_error_and_not_taken_for_unedited(
    table, which, read, book, layouts, tmp_path
):
    placed = place_of(layouts, table)
    row = placed.first if which == "first" else placed.last
    _, _, findings = read(
        data=saved(book, lambda workbook: workbook[placed.sheet].delete_rows(row), tmp_path)
    )
    (finding,) = findings
    count = len(placed.table.frame)
    assert finding.severity == "error"
    assert finding.message == f"1 row of the {count} that were written is missing"
    assert finding.value == f"number {1 if which == 'first' else count}"


def test_a_sheet_that_was_sorted_and_filtered_reads_the_same(read, book, layouts, contents, tmp_path):
    placed = place_of(layouts, n.LINES)
    price = placed.letters["unit_cost"]

    def sort_and_filter(workbook):
        sheet = workbook[placed.sheet]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(placed.first, placed.last)]
        rows.sort(key=lambda row: str(row[0]), reverse=True)
        for number, row in enumerate(rows, start=placed.first):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value
            sheet.row_dimensions[number].hidden = number % 2 == 0
        at = [row[placed.table.columns.index(code)] for row in rows].index("pregabalin")
        sheet[f"{price}{placed.first + at}"].value = 25.5

    code = next(column for column in placed.table.columns if column.key == "indicator")
    assumed, sources, findings = read(data=saved(book, sort_and_filter, tmp_path))
    assert [(finding.severity, finding.value) for finding in findings] == [("note", "25.5")]
    assert sources[0].rows == 1
    assert assumed.lines.set_index("indicator").loc["pregabalin", "unit_cost"] == 25.5


def test_rows_sorted_by_hand_are_seen_by_the_checks(book, layouts):
    one, other = (address(layouts, n.SCHEMES, "scheme", row) for row in (0, 1))
    names = [str(name) for name in place_of(layouts, n.SCHEMES).table.frame["scheme"].head(2)]
    values = in_formualizer(with_inputs(book, {one: names[1], other: names[0]}))
    checks = place_of(layouts, "checks")
    (row,) = np.flatnonzero(checks.table.frame["what"].str.startswith("Rows sorted")) + checks.first
    assert values["Checks", f"{checks.letters['left']}{row}"] > 0
    assert values["Checks", f"{checks.letters['result']}{row}"] == "CHECK"
