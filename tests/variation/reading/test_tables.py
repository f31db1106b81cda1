"""Reading: every format gives the same frame, and whatever is wrong is said with file, line, column and value."""

import os
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest

from variation.reading.formats.part import looks_like
from variation.reading.tables import FILE, LINE, read_table
from variation.settings import TableSource
from variation.tables import AREAS, CATALOGUE, INDICATORS, PLAN

CSV = """\
indicator,area,period,numerator,denominator
asthma,001,2016/17,12,1000
asthma,002,2016/17,,900
asthma,Ünï,2016/17,7.5,800
"""
VALUES = {
    "indicator": ["asthma"] * 3,
    "area": ["001", "002", "Ünï"],
    "period": ["2016/17"] * 3,
    "numerator": [12.0, np.nan, 7.5],
    "denominator": [1000.0, 900.0, 800.0],
}


def told(reading):
    """Findings as (severity, code, row, column, value)."""
    return [(f.severity, f.code, f.row, f.column, f.value) for f in reading.findings]


def hint_of(reading):
    (finding,) = reading.findings
    return f"{finding.message} | {finding.hint}"


def assert_same(reading, values=VALUES):
    assert reading.findings == []
    table = reading.table.drop(columns=[FILE, LINE])
    pd.testing.assert_frame_equal(table[list(values)], pd.DataFrame(values))


def workbook(path, sheets):
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for name, rows in sheets.items():
            pd.DataFrame(rows).to_excel(writer, sheet_name=name, index=False, header=False)


# --- formats


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (CSV, {}),
        (b"\xef\xbb\xbf" + CSV.encode(), {}),
        (CSV.encode("cp1252"), {"encoding": "cp1252"}),
        (CSV.encode("utf-16"), {"encoding": "utf-16"}),
        (CSV.replace(",", ";"), {"separator": ";"}),
        (CSV.replace(",", "\t"), {"separator": "\t"}),
        (CSV.replace("\n", "\r\n"), {}),
        (CSV.replace("asthma", '"asthma"'), {}),
        (CSV.replace("area,", " area ,").replace("001,", " 001 ,"), {}),
        (CSV.replace("\n", ",,\n") + ",,,,,,\n", {}),
        (CSV + "\n\n", {}),
        (CSV.replace("900", '" 900 "').replace("1000", '"1,000"'), {}),
    ],
    ids=["plain", "byte order mark", "cp1252", "utf-16", "semicolon", "tab", "CRLF", "quoted", "spaces around",
         "empty columns and rows of a spreadsheet", "empty lines", "thousands"],
)  # fmt: skip
def test_a_csv_gives_the_same_frame_however_it_was_written(read, content, options):
    assert_same(read(content, **options))


def test_a_parquet_file_gives_the_same_frame(read, tmp_path):
    pd.DataFrame(VALUES).to_parquet(tmp_path / "data.parquet")
    assert_same(read(None, name="data.parquet"))


def test_a_parquet_file_with_an_index_and_codes_that_are_no_text_gives_codes(read, tmp_path):
    frame = pd.DataFrame({
        "indicator": pd.Categorical(["a", "a"]), "area": [12.0, 13.0], "period": pd.to_datetime(["2016-04-01"] * 2),
        "numerator": pd.array([1, None], dtype="Int32"), "denominator": [10, 20],
    }, index=pd.Index(["x", "y"], name="some_index"))  # fmt: skip
    frame.to_parquet(tmp_path / "data.parquet")
    table = read(None, name="data.parquet").table
    assert table[["indicator", "area", "period"]].to_numpy().tolist() == [
        ["a", "12", "2016-04-01"], ["a", "13", "2016-04-01"],
    ]  # fmt: skip
    assert table[LINE].to_list() == [2, 3]
    np.testing.assert_array_equal(table["numerator"], [1, np.nan])


def test_a_workbook_gives_the_same_frame_from_the_sheet_that_is_named(read, tmp_path):
    rows = [list(VALUES), *map(list, zip(*VALUES.values(), strict=True))]
    workbook(tmp_path / "data.xlsx", {"Notes": [["read me"]], "Data": rows})
    assert_same(read(None, name="data.xlsx", sheet="Data"))


def test_codes_that_a_workbook_keeps_as_numbers_or_dates_lose_point_and_midnight(read, tmp_path):
    rows = [
        ["indicator", "area", "period", "numerator", None, "denominator"],
        [12.0, 7, pd.Timestamp(2016, 4, 1), "1,234", None, 5],
        [None, None, None, None, None, None],
        ["x", "NA1", "2016/17", "*", None, 1],
    ]
    workbook(tmp_path / "data.xlsx", {"Data": rows})
    reading = read(None, name="data.xlsx")
    assert reading.table[["indicator", "area", "period"]].to_numpy().tolist() == [
        ["12", "7", "2016-04-01"], ["x", "NA1", "2016/17"],
    ]  # fmt: skip
    assert reading.table["numerator"].to_list()[0] == 1234
    assert reading.table[LINE].to_list() == [2, 4]
    assert told(reading) == [("note", "suppressed", 4, "numerator", "*")]


def test_what_stands_for_missing_is_missing_in_every_format(read, tmp_path):
    names = ["area", "kind", "parent", "imd"]
    rows = [["A", "practice", "NA", "n/a"], ["B", "practice", "", ".."]]
    (tmp_path / "a.csv").write_text("\n".join(",".join(row) for row in [names, *rows]), encoding="utf-8")
    workbook(tmp_path / "a.xlsx", {"s": [names, *rows]})
    pd.DataFrame(rows, columns=names).to_parquet(tmp_path / "a.parquet")
    for ending in ("csv", "xlsx", "parquet"):
        reading = read(None, name=f"a.{ending}", spec=AREAS)
        assert reading.findings == []
        assert reading.table[["parent", "imd"]].isna().all(axis=None), ending


# --- cells


def test_codes_keep_their_leading_zeros_even_where_all_are_digits(read):
    table = read("area,kind,parent\n0012,practice,01\n0013,practice,01\n", spec=AREAS).table
    assert table["area"].to_list() == ["0012", "0013"]
    assert table["parent"].to_list() == ["01", "01"]


def test_a_withheld_count_is_missing_and_counted_once_for_the_column(read):
    reading = read(CSV.replace(",12,", ",*,").replace(",7.5,", ",[c],"))
    assert told(reading) == [("note", "suppressed", 2, "numerator", "*")]
    assert "2 in this column" in reading.findings[0].message
    assert reading.table["numerator"].isna().all()


@pytest.mark.parametrize("cell", ["lots", "1,5", "12%", "£5", "inf", "12-13", "0x1A", "2016-04-01"])
def test_a_cell_that_is_no_number_is_named_with_its_line_and_the_other_rows_carry_on(read, cell):
    reading = read(CSV.replace("12,1000", f'"{cell}",1000'))
    assert told(reading) == [("error", "not_a_number", 2, "numerator", cell)]
    np.testing.assert_array_equal(reading.table["numerator"], [np.nan, np.nan, 7.5])


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1,234", 1234), ("12,345,678.9", 12345678.9), ("-1,234", -1234), ("1e3", 1000), (" 5 ", 5), ("+5", 5)],
)
def test_a_number_is_read_as_people_write_it(read, cell, number):
    reading = read(CSV.replace("12,1000", f'"{cell}",1000'))
    assert reading.findings == []
    assert reading.table["numerator"].iloc[0] == number


def test_past_five_bad_cells_the_others_are_counted(read):
    rows = "".join(f"a,P{row},2016/17,x{row},1\n" for row in range(8))
    reading = read("indicator,area,period,numerator,denominator\n" + rows)
    assert [row for _, _, row, _, _ in told(reading)] == [2, 3, 4, 5, 6]
    assert reading.findings[-1].message == "expected a number (and 3 more rows)"
    assert len(reading.table) == 8


def test_a_word_far_down_a_column_of_numbers_is_found_where_it_is(read):
    filler = "a remark that nobody reads " * 8
    body = f"a,P1,2016/17,123456,{filler}\n" * 80_000  # more than one of the blocks that a file is read in
    reading = read(f"indicator,area,period,numerator,remark\n{body}a,P2,2016/17,oops,\n")
    assert told(reading) == [("error", "not_a_number", 80_002, "numerator", "oops")]
    assert reading.table["numerator"].iloc[0] == 123456


def test_lines_are_counted_as_an_editor_does_past_empty_and_broken_ones(read):
    reading = read("indicator,area,period,numerator\n\na,A,2016/17,x\na,B,2016/17,1,2,3\n\na,C,2016/17,y\n")
    assert sorted(told(reading), key=lambda f: f[2]) == [
        ("error", "not_a_number", 3, "numerator", "x"),
        ("error", "broken_row", 4, "", "a,B,2016/17,1,2,3"),
        ("error", "not_a_number", 6, "numerator", "y"),
    ]


def test_past_five_broken_rows_the_others_are_counted(read):
    reading = read("indicator,area,period\n" + "a\n" * 7)
    assert [f.row for f in reading.findings] == [2, 3, 4, 5, 6]
    assert reading.findings[-1].message == "1 fields where the heading has 3 (and 2 more rows)"


def test_a_row_that_does_not_say_what_it_is_of_is_left_out_with_its_line(read):
    reading = read(CSV.replace("asthma,002", "asthma, "))
    assert told(reading) == [("error", "empty", 3, "area", "")]
    assert reading.table["area"].to_list() == ["001", "Ünï"]


def test_a_word_that_is_not_among_the_choices_lists_them(read):
    reading = read("indicator,name,kind\na,A,proportion\nb,B,percent\n", spec=CATALOGUE)
    assert told(reading) == [("error", "unknown_value", 3, "kind", "percent")]
    assert "proportion, rate, ratio, mean, spend" in reading.findings[0].message


def test_codes_that_a_spreadsheet_took_for_numbers_are_errors(read):
    reading = read(CSV.replace("002", "1.20E+08"))
    assert told(reading) == [("error", "eaten_code", 3, "area", "1.20E+08")]


def test_a_feature_of_words_stays_words_and_one_of_numbers_names_the_word_in_it(read):
    text = "area,kind,setting,imd\nA,practice,rural,1\nB,practice,urban,2\nC,practice,urban,high\n"
    reading = read(text, spec=AREAS)
    assert reading.table["setting"].to_list() == ["rural", "urban", "urban"]
    assert told(reading) == [("error", "not_a_number", 4, "imd", "high")]


# --- headings


def test_a_missing_column_is_named_with_those_that_the_file_has(read):
    reading = read("indicator,code,period\na,A,2016/17\n")
    assert told(reading) == [("error", "missing_column", 1, "", "indicator, code, period")]
    assert hint_of(reading).startswith("missing columns area | name the file's own headings under columns")


def test_a_file_with_another_separator_gets_the_remedy(read):
    assert "give separator = ';'" in hint_of(read(CSV.replace(",", ";")))


@pytest.mark.parametrize("doubled", ["numerator", "area"])
def test_a_heading_that_stands_twice_is_an_error_and_not_a_traceback(read, doubled):
    reading = read(CSV.replace("denominator", doubled))
    assert ("error", "duplicate_heading", 1, "", doubled) in told(reading)


def test_a_heading_that_stands_twice_in_a_workbook_is_found_too(read, tmp_path):
    workbook(tmp_path / "a.xlsx", {"s": [["area", "kind", "imd", "imd"], ["A", "practice", 1, 2]]})
    assert told(read(None, name="a.xlsx", spec=AREAS)) == [("error", "duplicate_heading", 1, "", "imd")]


def test_doubled_headings_that_nobody_wants_are_no_matter(read):
    reading = read(CSV.replace("\n", ",1,2\n").replace("denominator,1,2", "denominator,note,note"))
    assert_same(reading)


# --- settings of a source


def test_columns_go_by_the_files_own_headings(read):
    content = CSV.replace("area", "ORG CODE").replace("numerator", "Count")
    assert_same(read(content, columns={"area": "ORG CODE", "numerator": "Count"}))


def test_a_heading_that_the_settings_name_and_the_file_lacks_is_an_error_even_where_not_required(read):
    reading = read(CSV, columns={"numerator": "Count", "sex": "Sex"})
    assert reading.findings[0].message == "missing columns Count, Sex"


@pytest.mark.parametrize(
    ("options", "place", "near"),
    [
        ({"columns": {"numerater": "numerator"}}, "tables.indicators.columns", "numerator"),
        ({"values": {"perod": "2016/17"}}, "tables.indicators.values", "period"),
        ({"scale": {"denominater": 1000}}, "tables.indicators.scale", "denominator"),
    ],
)
def test_a_setting_for_a_column_that_the_table_does_not_have_names_the_nearest(read, options, place, near):
    reading = read(CSV, **options)
    first = reading.findings[0]
    assert (first.severity, first.code, first.column) == ("error", "unknown_column", place)
    assert first.hint == f"did you mean {near}?"
    assert not {"numerater", "perod", "denominater"} & set(reading.table.columns)


def test_a_column_of_words_cannot_be_scaled(read):
    reading = read(CSV, scale={"area": 2})
    assert ("error", "unknown_column") in [(f.severity, f.code) for f in reading.findings]
    reading = read("area,kind,imd\nA,practice,1\n", spec=AREAS, scale={"imd": 2, "rural": 3})
    assert reading.table["imd"].to_list() == [2.0]
    assert reading.findings[0].message == "missing columns rural"


def test_constants_fill_a_column_and_stem_is_the_files_name(read):
    table = read(
        "area,numerator\nA,1\n", name="saba.csv", values={"indicator": "{stem}", "period": 2016}
    ).table
    assert table[["indicator", "period"]].to_numpy().tolist() == [["saba", "2016"]]


def test_a_constant_stands_in_for_a_column_of_the_file(read):
    table = read(CSV, values={"period": "2017/18", "denominator": 10}).table
    assert table["period"].unique().tolist() == ["2017/18"]
    assert table["denominator"].to_list() == [10.0] * 3


@pytest.mark.parametrize("wanted", ["2016", ["2016", "2017"], 2016])
def test_a_filter_compares_text_with_text_in_every_format(read, tmp_path, wanted):
    frame = pd.DataFrame({"area": ["A", "B"], "kind": "practice", "Year": [2016, 2015]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    for ending in ("csv", "parquet", "xlsx"):
        reading = read(
            None, name=f"a.{ending}", spec=PLAN, columns={"plan_line": "area"}, filter={"Year": wanted}
        )
        assert reading.table["plan_line"].to_list() == ["A"], ending
        assert reading.table[LINE].to_list() == [2]


def test_a_filter_that_keeps_nothing_says_what_there_is(read):
    reading = read(CSV, filter={"period": "2016-17"})
    assert told(reading) == [("warning", "filter", None, "period", "2016/17")]
    assert reading.table.empty
    assert list(reading.table.columns) == [
        "indicator",
        "area",
        "period",
        "numerator",
        "denominator",
        FILE,
        LINE,
    ]


def test_a_filter_on_a_heading_that_is_not_there_is_said_with_the_missing_columns(read):
    assert read(CSV, filter={"Year": "2016"}).findings[0].message == "missing columns Year"


def test_unique_keeps_one_of_rows_that_are_alike_in_what_is_read(read):
    text = "practice,pcn,pcn_name\n1,A,Alpha\n2,A,Alpha\n3,B,Beta\n"
    columns = {"area": "pcn", "name": "pcn_name"}
    table = read(text, spec=AREAS, columns=columns, values={"kind": "pcn"}, unique=True).table
    assert table["area"].to_list() == ["A", "B"]
    assert table[LINE].to_list() == [2, 4]


def test_scale_multiplies_numbers_and_leaves_the_missing_missing(read):
    table = read(CSV, scale={"numerator": 1000}).table
    np.testing.assert_array_equal(table["numerator"], [12000.0, np.nan, 7500.0])


def written(path, rows):
    """So many rows in the format that the ending names."""
    frame = pd.DataFrame(
        {"indicator": "x", "area": "A", "period": "2016", "numerator": range(rows), "denominator": 9}
    )
    writers = {".csv": frame.to_csv, ".parquet": frame.to_parquet, ".xlsx": frame.to_excel}
    writers[path.suffix](path, index=False)


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_more_rows_than_may_be_are_refused_and_as_many_are_read(read, tmp_path, ending):
    written(tmp_path / f"data.{ending}", 12)
    assert len(read(None, name=f"data.{ending}", most_rows=12).table) == 12
    refused = read(None, name=f"data.{ending}", most_rows=11)
    assert refused.table.empty
    assert told(refused) == [("error", "file", None, "", "")]
    assert "has 12 rows or more, and most_rows = 11 allows no more than that" in hint_of(refused)
    assert "--engine spark reads any number" in hint_of(refused)


def test_rows_are_counted_over_all_files_of_a_source(read, tmp_path):
    for name in "abc":
        written(tmp_path / f"{name}.csv", 4)
    assert len(read(None, name="*.csv", most_rows=12).table) == 12
    (finding,) = read(None, name="*.csv", most_rows=11).findings
    assert (finding.code, finding.table) == ("file", "c.csv")


@pytest.mark.long
def test_ten_million_rows_are_read_and_one_more_is_refused_before_it_fills_the_memory(read, tmp_path):
    rows = "x,A,2016,1,9\n" * 10_000_000
    assert len(read("indicator,area,period,numerator,denominator\n" + rows).table) == 10_000_000
    refused = read("indicator,area,period,numerator,denominator\n" + rows + "x,A,2016,1,9\n")
    assert "has 10,000,001 rows or more" in hint_of(refused)


def test_latest_months_are_added_up_over_all_files_of_a_source(read, tmp_path):
    for month, count in (("2016-01", 100), ("2016-02", 1), ("2016-03", 2)):
        row = f"x,A,{month},{count},10\n"
        (tmp_path / f"m{month}.csv").write_text("indicator,area,period,numerator,denominator\n" + row)
    reading = read(None, name="m*.csv", latest_months=2)
    assert reading.table[["numerator", "denominator"]].to_numpy().tolist() == [[3.0, 20.0]]
    assert reading.table["period"].to_list() == ["2016-02 to 2016-03"]
    assert len(reading.sources) == 3


def test_latest_months_of_something_else_than_months_is_an_error_with_its_line(read):
    reading = read(CSV, latest_months=3)
    assert [f.code for f in reading.findings] == ["not_a_month"] * 3
    assert reading.table.empty


# --- files


def test_a_pattern_reads_files_in_the_order_of_their_names(read, tmp_path):
    for name in ("b", "a", "c"):
        (tmp_path / f"x_{name}.csv").write_text(f"indicator,area,period\ni,{name},2016/17\n")
    assert read(None, name="x_*.csv").table["area"].to_list() == ["a", "b", "c"]
    both = TableSource(file=("x_c.csv", "x_a.csv"), folder="..")
    (tmp_path / "sub").mkdir()
    assert read_table((both,), INDICATORS, folder=tmp_path / "sub").table["area"].to_list() == ["c", "a"]


def test_a_pattern_may_start_at_the_root_and_one_that_matches_nothing_is_an_error(read, tmp_path):
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    assert len(read(None, name=str(tmp_path / "*.csv")).table) == 3
    assert "no file matches this pattern" in hint_of(read(None, name="/nowhere/*.csv"))


def test_a_file_whose_name_holds_brackets_is_read_as_itself(read):
    assert len(read(CSV, name="figures[1].csv").table) == 3


def test_a_missing_file_is_named_with_those_there_are(read, tmp_path):
    (tmp_path / "indicator.csv").write_text(CSV, encoding="utf-8")
    reading = read(None, name="indicators.csv")
    assert (reading.findings[0].table, reading.table.empty) == ("indicators.csv", True)
    assert hint_of(reading) == f"no such file in {tmp_path} | there are: indicator.csv"


def test_all_missing_files_are_named_at_once(tmp_path):
    reading = read_table(
        (TableSource(file=("a.csv", "b.csv")), TableSource(file="c.csv")), INDICATORS, folder=tmp_path
    )
    assert [f.table for f in reading.findings] == ["a.csv", "b.csv", "c.csv"]


@pytest.mark.parametrize(
    ("content", "name", "options", "words"),
    [
        ("", "a.csv", {}, "is empty (0 bytes)"),
        ("", "a.xlsx", {}, "is empty (0 bytes)"),
        ("\n\n", "a.csv", {}, "has no heading in its first line"),
        (b"PK\x03\x04\x00\x80\x81", "a.csv", {}, "is not a CSV file | it looks like a workbook (.xlsx)"),
        (b"PAR1....", "a.csv", {}, "is not a CSV file | it looks like a Parquet file"),
        ("<!DOCTYPE html><html>", "a.csv", {}, "is not a CSV file | it looks like a web page"),
        (CSV, "a.xlsx", {}, "cannot be read as xlsx"),
        (CSV, "a.xlsx", {}, "it looks like plain text (.csv)"),
        (CSV, "a.parquet", {}, "it looks like plain text (.csv)"),
        (b"PAR1 but no more", "a.parquet", {}, "cannot be read as parquet"),
        (CSV.encode("cp1252"), "a.csv", {}, 'is not text in the encoding utf-8 | name the file\'s own in'),
        ("area,imd\nA,£7\n".encode("cp1252"), "a.csv", {}, "is not text in the encoding utf-8"),
        (CSV.encode("utf-16"), "a.csv", {}, "is not text in the encoding utf-8"),
        ("Ä,b\n".encode("cp1252"), "a.csv", {}, "is not text in the encoding utf-8"),
        (CSV, "a.csv", {"encoding": "utf-99"}, "there is none of that name"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_said_in_words_with_a_hint(read, content, name, options, words):
    reading = read(content, name=name, **options)
    assert [(f.severity, f.code, f.table) for f in reading.findings] == [("error", "file", name)]
    assert words in hint_of(reading)
    assert reading.table.empty


def test_a_heading_and_nothing_below_gives_an_empty_table_with_its_columns(read):
    for content in (CSV.split("\n")[0], CSV.split("\n")[0] + "\n"):
        reading = read(content)
        assert reading.findings == []
        assert reading.table.empty
        assert {"indicator", "area", "period", "numerator", "denominator"} <= set(reading.table.columns)


def test_a_sheet_that_is_not_there_is_named_with_those_there_are(read, tmp_path):
    workbook(tmp_path / "a.xlsx", {"Notes": [["x"]], "Data": [["area"]]})
    assert "has no sheet 'data' | there are: Notes, Data" in hint_of(read(None, name="a.xlsx", sheet="data"))


def test_an_empty_sheet_is_said(read, tmp_path):
    workbook(tmp_path / "a.xlsx", {"Empty": []})
    assert "has nothing on the sheet" in hint_of(read(None, name="a.xlsx"))


def test_a_folder_without_a_table_is_said(read, tmp_path):
    (tmp_path / "data").mkdir()
    assert "is a folder without a table" in hint_of(read(None, name="data"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(read, tmp_path):
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "a.csv").chmod(0)
    assert "may not be read" in hint_of(read(None, name="a.csv"))


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "good.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "bad.csv").write_bytes(b"")
    reading = read_table((TableSource(file=("bad.csv", "good.csv")),), INDICATORS, folder=tmp_path)
    assert len(reading.table) == 3
    assert [f.table for f in reading.findings] == ["bad.csv"]


def test_rows_of_several_files_are_known_by_file_and_line(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(CSV, encoding="utf-8")
    table = read_table(
        (TableSource(file="a.csv"), TableSource(file="b.csv")), INDICATORS, folder=tmp_path
    ).table
    assert list(zip(table[FILE], table[LINE], strict=True)) == [
        (f, n) for f in ("a.csv", "b.csv") for n in (2, 3, 4)
    ]


def test_what_was_read_is_kept_with_rows_and_hash(read):
    reading = read("indicator,area,period\ni,A,2016/17\n")
    digest = sha256(b"indicator,area,period\ni,A,2016/17\n").hexdigest()
    assert reading.sources == [("data.csv", 1, digest)]


def test_looks_say_nothing_of_a_plain_csv(tmp_path):
    (tmp_path / "a.csv").write_text(CSV, encoding="utf-8")
    assert looks_like(tmp_path / "a.csv") == ""


def test_the_example_is_read_whole_without_a_finding(example_folder):
    reading = read_table((TableSource(file="indicators.csv"),), INDICATORS, folder=example_folder)
    plain = pd.read_csv(example_folder / "indicators.csv", dtype={"area": str})
    assert reading.findings == []
    pd.testing.assert_frame_equal(
        reading.table[list(plain.columns)].astype({"sex": object, "age_band": object}),
        plain.astype({"numerator": float, "denominator": float, "sex": object, "age_band": object}),
        check_dtype=False,
    )
