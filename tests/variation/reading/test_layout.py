"""Where figures stand in a file and how they are written: headings, notes around them, marks, periods, markers."""

import csv
import io

import numpy as np
import openpyxl
import pandas as pd
import pytest
from pydantic import ValidationError

from variation.reading.readers.spans import to_spans
from variation.reading.tables import LINE
from variation.settings.table_source import TableSource
from variation.tables import AREAS, INDICATORS

HEAD = "indicator,area,period,numerator,denominator"
TABLE = f"{HEAD}\nasthma,A,2016/17,12,100\nasthma,B,2016/17,7,80\n"


def told(reading):
    return [(f.severity, f.code, f.row, f.column, f.value) for f in reading.findings]


def book(rows, **sheets):
    """Bytes of a workbook of one sheet, or of several."""
    stream, workbook = io.BytesIO(), openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, cells in (sheets or {"Data": rows}).items():
        sheet = workbook.create_sheet(name)
        for row in cells:
            sheet.append([None if cell == "" else cell for cell in row])
    workbook.save(stream)
    return stream.getvalue()


# --- headings and what stands around the table


PREAMBLE = [
    ["Table 1: asthma, by practice"], ['with "quotes", and a line', "break"], [],
    HEAD.split(","), ["", "code", "year", "people", "people"],
    ["asthma", "A", "2016/17", 12, 100], [], ["asthma", "B", "2016/17", 7, 80],
    ["Total", "", "", 19, 180], [], ["Source: nobody"],
]  # fmt: skip


def as_csv(rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["data.csv", "data.xlsx"])
def test_titles_units_totals_and_notes_around_a_table_are_passed_over(read, name):
    content = as_csv(PREAMBLE) if name.endswith("csv") else book(PREAMBLE)
    reading = read(content, name=name, header_row=4, skip_rows=1, footer_rows=2)
    assert reading.findings == []
    assert reading.table["area"].to_list() == ["A", "B"]
    assert reading.table["numerator"].to_list() == [12, 7]
    assert reading.table[LINE].to_list() == [6, 8]


def test_notes_at_the_end_with_fewer_fields_are_no_broken_rows(read):
    reading = read(TABLE + "\nSource: nobody\n* withheld\n\n", footer_rows=2)
    assert reading.findings == []
    assert len(reading.table) == 2
    reading = read(TABLE + "asthma,C\n\nSource: nobody\n", footer_rows=1)
    assert told(reading) == [("error", "broken_row", 4, "", "asthma,C")]
    assert "footer_rows" in reading.findings[0].hint


def test_a_note_below_a_column_that_nobody_asks_for_is_a_line_of_the_footer_too(read):
    content = TABLE.replace("indicator,", "remark,indicator,").replace("asthma,", ",asthma,")
    reading = read(content + "Total,asthma,C,2016/17,19,180\nsource: nobody,,,,,\n", footer_rows=2)
    assert reading.findings == []
    assert reading.table["area"].to_list() == ["A", "B"]


def test_a_footer_longer_than_the_table_leaves_nothing(read):
    for name, content in (
        ("data.csv", TABLE),
        ("data.xlsx", book([row.split(",") for row in TABLE.split("\n")])),
    ):
        assert read(content, name=name, footer_rows=2).table.empty
        assert read(content, name=name, footer_rows=9).table.empty


@pytest.mark.parametrize("name", ["data.csv", "data.xlsx"])
def test_headings_below_a_title_are_found_for_the_hint(read, name):
    content = as_csv(PREAMBLE) if name.endswith("csv") else book(PREAMBLE)
    (finding,) = read(content, name=name).findings
    assert (finding.code, finding.row) == ("missing_column", 1)
    assert finding.hint == "the headings seem to stand in line 4: give header_row = 4 in analysis.toml"


def test_a_line_of_headings_that_is_empty_is_said_with_its_number(read):
    for name, content in (("data.csv", "\n\n\n" + TABLE), ("data.xlsx", book([[""], ["", ""], *PREAMBLE]))):
        (finding,) = read(content, name=name, header_row=2).findings
        assert finding.message == "has no heading in line 2"


@pytest.mark.parametrize("name", ["data.csv", "data.xlsx"])
def test_headings_of_two_lines_are_joined_and_merged_cells_carried_on(read, name):
    rows = [
        ["Code", "Asthma", "", "COPD", ""],
        ["", "Register", "List", "Register", "List"],
        ["A1", 5, 50, 6, 60],
    ]
    content = as_csv(rows) if name.endswith("csv") else book(rows)
    reading = read(
        content, name=name, header_rows=2, values={"indicator": "asthma", "period": "2016/17"},
        columns={"area": "Code", "numerator": "Asthma | Register", "denominator": "Asthma | List"},
    )  # fmt: skip
    assert reading.findings == []
    assert reading.table[["area", "numerator", "denominator", LINE]].to_numpy().tolist() == [["A1", 5, 50, 3]]


def test_several_sheets_are_read_with_their_names(read):
    sheets = {
        year: [["indicator", "area", "numerator"], ["a", "A", int(year)]] for year in ("2015", "2016")
    } | {"Notes": [["x"]]}
    reading = read(book(None, **sheets), name="b.xlsx", sheet="20*", values={"period": "{sheet}"})
    assert reading.table[["period", "numerator"]].to_numpy().tolist() == [["2015", 2015], ["2016", 2016]]
    assert reading.table["_file"].to_list() == ["b.xlsx, sheet 2015", "b.xlsx, sheet 2016"]
    named = read(None, name="b.xlsx", sheet=["2016", "2015"], values={"period": "{sheet}"})
    assert named.table["period"].to_list() == ["2016", "2015"]


def test_a_mistake_on_a_sheet_names_the_sheet(read):
    sheets = {
        "One": [HEAD.split(","), ["a", "A", "2016", "oops", 1]],
        "Two": [HEAD.split(","), ["a", "A", "2016", 1, 1]],
    }
    assert told(read(book(None, **sheets), name="b.xlsx", sheet=["Two", "One"])) == [
        ("error", "not_a_number", 2, "numerator", "oops")
    ]
    assert read(None, name="b.xlsx", sheet=["Two", "One"]).findings[0].table == "b.xlsx, sheet One"


# --- rows


def test_totals_and_rows_without_a_code_are_dropped_by_their_words(read):
    content = f"{HEAD}\n\n,A,2016/17,12,100\n,England,2016/17,99,999\n,,2016/17,5,5\n"
    reading = read(content, drop={"area": ["England", ""]}, values={"indicator": "x"})
    assert reading.findings == []
    assert reading.table["area"].to_list() == ["A"]


def test_a_heading_to_drop_by_that_is_not_there_is_said(read):
    assert read(TABLE, drop={"Org": "Total"}).findings[0].message == "missing columns Org"


def test_columns_that_nobody_asks_for_are_not_looked_at(read):
    wide = TABLE.replace("\n", ",\u2603 nonsense, 1 2 3\n").replace(
        "denominator,\u2603 nonsense", "denominator,remark"
    )
    reading = read(wide)
    assert reading.findings == []
    assert "remark" not in reading.table


# --- numbers


@pytest.mark.parametrize(
    ("cell", "options", "number"),
    [
        ("1.234,5", {"decimal": ","}, 1234.5),
        ("0,5", {"decimal": ","}, 0.5),
        ("12", {"decimal": ","}, 12),
        ("1 234.5", {"thousands": " "}, 1234.5),
        ("1\u00a0234", {"thousands": " "}, 1234),
        ("1'234'567", {"thousands": "'"}, 1234567),
        ("12.5 %", {"percent": "numerator"}, 12.5),
        ("-3%", {"percent": ["numerator"]}, -3),
        ("7", {"percent": "numerator"}, 7),
    ],
)
@pytest.mark.parametrize("name", ["data.csv", "data.xlsx"])
def test_numbers_are_read_with_the_marks_that_the_settings_name(read, name, cell, options, number):
    rows = [HEAD.split(","), ["a", "A", "2016", cell, "1"], ["a", "B", "2016", "", "1"]]
    content = as_csv(rows) if name.endswith("csv") else book(rows)
    reading = read(content, name=name, **options)
    assert reading.findings == []
    np.testing.assert_array_equal(reading.table["numerator"], [number, np.nan])


@pytest.mark.parametrize(
    ("cell", "options", "remedy"),
    [
        ("12%", {}, "percent = [...]"),
        ("1,5", {}, 'decimal = ","'),
        ("£5", {}, "£ sign"),
        ("many", {}, "under missing or suppressed"),
        ("1.5", {"decimal": ","}, "under missing"),
        ("12%", {"percent": "denominator"}, "percent = [...]"),
    ],
)
def test_a_cell_that_is_no_number_comes_with_the_remedy(read, cell, options, remedy):
    (finding,) = read(TABLE.replace("12", f'"{cell}"'), **options).findings
    assert (finding.code, finding.value) == ("not_a_number", cell)
    assert remedy in finding.hint


def test_thousands_and_decimal_marks_that_are_the_same_are_refused():
    with pytest.raises(ValidationError, match="marks that differ"):
        TableSource(file="a", decimal=",", thousands=",")


@pytest.mark.parametrize("marker", ["*", "**", "[c]", "<5", "< 5", "<=7", "≤ 10", "<0.5"])
def test_a_withheld_figure_is_missing_and_counted(read, marker):
    reading = read(TABLE.replace("12", marker).replace(",7,", f",{marker},"))
    assert told(reading) == [("note", "suppressed", 2, "numerator", marker)]
    assert "2 in this column" in reading.findings[0].message
    assert reading.table["numerator"].isna().all()
    assert reading.table["denominator"].to_list() == [100, 80]


@pytest.mark.parametrize("marker", ["<", "<five", "5<", "<-5", "c"])
def test_what_only_looks_like_a_marker_is_no_number(read, marker):
    assert [f.code for f in read(TABLE.replace("12", marker)).findings] == ["not_a_number"]


def test_markers_of_the_settings_are_told_apart(read):
    content = TABLE.replace("12", "-").replace(",7,", ",S,")
    reading = read(content, missing=["-"], suppressed=["S"])
    assert told(reading) == [("note", "suppressed", 3, "numerator", "S")]
    assert reading.table["numerator"].isna().all()
    assert [f.code for f in read(content).findings] == ["not_a_number"] * 2


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_a_number_that_stands_for_missing_is_missing_in_every_format(read, tmp_path, ending):
    frame = pd.DataFrame(
        {"area": ["A", "B"], "kind": "practice", "imd": [-99, 5], "parent": ["Unknown", "X"]}
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    table = read(None, name=f"a.{ending}", spec=AREAS, missing=[-99, "Unknown"]).table
    np.testing.assert_array_equal(table["imd"], [np.nan, 5])
    assert table["parent"].isna().to_list() == [True, False]


# --- periods and names


@pytest.mark.parametrize(
    ("written", "span", "period"),
    [
        ("2016-04-01", "month", "2016-04"),
        ("01JAN2021", "month", "2021-01"),
        ("01/04/2016", "month", "2016-04"),
        ("1/4/16", "month", "2016-04"),
        ("Apr-16", "month", "2016-04"),
        ("April 2016", "month", "2016-04"),
        ("2016-04-01 00:00:00", "month", "2016-04"),
        ("201604", "month", "2016-04"),
        ("31/03/2017", "quarter", "2016/17 Q4"),
        ("2016-04-01", "quarter", "2016/17 Q1"),
        ("2016-12-31", "quarter", "2016/17 Q3"),
        ("2016/17 Q2", "quarter", "2016/17 Q2"),
        ("2017-03-31", "financial_year", "2016/17"),
        ("2017-04-01", "financial_year", "2017/18"),
        ("2000-01-31", "financial_year", "1999/00"),
        ("18-19", "financial_year", "2018/19"),
        ("2018/2019", "financial_year", "2018/19"),
        ("1819", "financial_year", "2018/19"),
        ("201819", "financial_year", "2018/19"),
        ("FY18/19", "financial_year", "2018/19"),
        ("2016-12-31", "year", "2016"),
        ("2016", "year", "2016"),
    ],
)
def test_dates_and_years_become_the_periods_that_are_asked_for(read, written, span, period):
    reading = read(TABLE.replace("2016/17", written), period=span)
    assert reading.findings == []
    assert reading.table["period"].unique().tolist() == [period]


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("soon", "month"),
        ("31/02/2016", "month"),
        ("2018-20", "financial_year"),
        ("2016", "month"),
        ("16", "year"),
    ],
)
def test_what_is_no_date_is_an_error_with_its_line(read, written, span):
    reading = read(
        TABLE.replace("B,2016/17", f"B,{written}").replace("A,2016/17", "A,2017-03-01"), period=span
    )
    assert told(reading) == [("error", "not_a_date", 3, "period", written)]
    assert reading.table["area"].to_list() == ["A"]


def test_every_month_of_a_year_falls_into_its_financial_quarter():
    months = pd.Series(pd.date_range("2016-04-01", periods=12, freq="MS").strftime("%Y-%m-%d"))
    assert to_spans(months, "quarter").to_list() == [f"2016/17 Q{quarter}" for quarter in "111222333444"]


def test_a_workbooks_own_dates_become_periods_too(read):
    rows = [HEAD.split(","), ["a", "A", pd.Timestamp(2016, 4, 1), 1, 1]]
    assert read(book(rows), name="a.xlsx", period="month").table["period"].to_list() == ["2016-04"]


def test_columns_are_read_from_the_files_name(read):
    content = "area,numerator\nA,1\n"
    options = {"stem": "{indicator}_{period}", "period": "financial_year"}
    table = read(content, name="payments_18-19.csv", **options).table
    assert table[["indicator", "period"]].to_numpy().tolist() == [["payments", "2018/19"]]
    (first, *_) = read(content, name="payments.csv", **options).findings
    assert first.message == "its name does not fit stem = '{indicator}_{period}'"


def test_rows_may_stand_in_the_settings_themselves(tmp_path):
    from variation.reading.tables import read_table

    source = TableSource(rows=[{"indicator": "x", "area": 12, "period": 2016, "numerator": 1.5}])
    reading = read_table((source,), INDICATORS, folder=tmp_path)
    assert reading.findings == []
    assert reading.table.iloc[0, :4].to_list() == ["x", "12", "2016", 1.5]
    bad = TableSource(rows=[{"indicator": "x", "area": "A", "period": "2016", "numerator": "lots"}])
    (finding,) = read_table((bad,), INDICATORS, folder=tmp_path).findings
    assert (finding.table, finding.row, finding.value) == ("analysis.toml", 2, "lots")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "expected file, or url"),
        ({"file": "a", "rows": [{"area": "A"}]}, "expected file, or url"),
        ({"file": "a", "query": "q"}, "expected url beside query"),
        ({"url": "sqlite:///a"}, "expected query or table"),
        ({"url": "sqlite:///a", "query": "q", "table": "t"}, "expected query or table"),
        ({"file": "a", "reader": "wide"}, "across"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(options, words):
    with pytest.raises(ValidationError, match=words):
        TableSource(**options)
