"""Wide tables: what stands across becomes rows, by headings as they are or by patterns of them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variation.reading.readers.patterns import matcher, read_name
from variation.reading.tables import LINE

PAIRS = """\
Practice,Locality,Asthma register,Asthma list,COPD register,COPD list,Remark
A1,North,5,50,6,60,x
A2,South,*,70,8,oops,y
"""


def told(reading):
    return [(f.severity, f.code, f.row, f.column, f.value) for f in reading.findings]


def rows(reading, *names):
    table = reading.table[list(names)]
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


def test_pairs_of_numerator_and_denominator_are_matched_by_a_pattern(read):
    reading = read(
        PAIRS.replace("oops", "80"), reader="wide", across="{indicator} {measure}", columns={"area": "Practice"},
        measures={"numerator": "Register", "denominator": "List"}, values={"period": "2016/17"},
    )  # fmt: skip
    assert rows(reading, "indicator", "area", "numerator", "denominator", LINE) == [
        ["Asthma", "A1", 5, 50, 2], ["Asthma", "A2", None, 70, 3], ["COPD", "A1", 6, 60, 2], ["COPD", "A2", 8, 80, 3],
    ]  # fmt: skip
    assert told(reading) == [("note", "suppressed", 3, "numerator", "*")]


def test_a_mistake_in_a_wide_table_names_the_heading_above_it(read):
    reading = read(
        PAIRS, reader="wide", across="{indicator} {measure}", columns={"area": "Practice"},
        measures={"numerator": "register", "denominator": "list"}, values={"period": "2016/17"},
    )  # fmt: skip
    assert ("error", "not_a_number", 3, "denominator (COPD list)", "oops") in told(reading)


def test_periods_across_with_one_denominator_beside_them(read):
    content = "code,list,2015/16,2016/17,total,to 2016-12\nA,100,1,2,3,4\nB,200,5,6,11,7\n"
    reading = read(
        content, reader="wide", across="{period}", columns={"area": "code", "denominator": "list"},
        values={"indicator": "x"},
    )  # fmt: skip
    assert reading.findings == []
    assert rows(reading, "area", "period", "numerator", "denominator") == [
        ["A", "2015/16", 1, 100], ["B", "2015/16", 5, 200], ["A", "2016/17", 2, 100], ["B", "2016/17", 6, 200],
        ["A", "to 2016-12", 4, 100], ["B", "to 2016-12", 7, 200],
    ]  # fmt: skip


def test_headings_as_they_are_become_indicators_with_negatives_and_blanks_kept(read):
    content = "Practice,Global Sum,Minor Surgery,Other\nA,10.5, ,1\nB,-3,N/A,2\n"
    reading = read(
        content, reader="wide", across=["Minor Surgery", "Global Sum"], columns={"area": "Practice"},
        values={"period": "2018/19"}, cells="value",
    )  # fmt: skip
    assert reading.findings == []
    assert rows(reading, "indicator", "area", "value") == [
        ["Global Sum", "A", 10.5], ["Global Sum", "B", -3], ["Minor Surgery", "A", None],
        ["Minor Surgery", "B", None],
    ]  # fmt: skip


def test_areas_may_stand_across(read):
    reading = read(
        "Measure,A1,A2\nasthma,1,2\ncopd,3,4\n", reader="wide", across="{area}", columns={"indicator": "Measure"},
        values={"period": "2016"},
    )  # fmt: skip
    assert rows(reading, "indicator", "area", "numerator") == [
        ["asthma", "A1", 1], ["copd", "A1", 3], ["asthma", "A2", 2], ["copd", "A2", 4],
    ]  # fmt: skip


def test_merged_headings_give_indicator_and_measure(read, tmp_path):
    header = pd.MultiIndex.from_product([["Asthma", "COPD"], ["Register", "List"]])
    frame = pd.DataFrame([[5, 50, 6, 60]], index=pd.Index(["A1"], name="Code"), columns=header)
    frame.to_excel(tmp_path / "a.xlsx")
    reading = read(
        None, name="a.xlsx", header_rows=3, reader="wide", across="{indicator} | {measure}", columns={"area": "Code"},
        measures={"numerator": "Register", "denominator": "List"}, values={"period": "2016/17"},
    )  # fmt: skip
    assert reading.findings == []
    assert rows(reading, "indicator", "area", "numerator", "denominator") == [
        ["Asthma", "A1", 5, 50], ["COPD", "A1", 6, 60],
    ]  # fmt: skip


def test_strata_in_the_headings_become_columns(read):
    content = "code,Male 65-74,Female 65-74,Male 85+\nA,1,2,3\n"
    reading = read(
        content, reader="wide", across="{sex} {age_band}", columns={"area": "code"},
        values={"indicator": "x", "period": "2016"},
    )  # fmt: skip
    assert rows(reading, "sex", "age_band", "numerator") == [
        ["Male", "65-74", 1], ["Female", "65-74", 2], ["Male", "85+", 3],
    ]  # fmt: skip


def test_dates_across_become_the_periods_that_are_asked_for(read):
    reading = read(
        "code,Apr-16,May-16\nA,1,2\n", reader="wide", across="{period}", columns={"area": "code"},
        values={"indicator": "x"}, period="month",
    )  # fmt: skip
    assert reading.table["period"].to_list() == ["2016-04", "2016-05"]


@pytest.mark.parametrize(
    ("options", "absent"),
    [
        ({"across": "{indicator} rate", "columns": {"area": "Practice"}}, "{indicator} rate"),
        ({"across": "{indicator} list", "columns": {"area": "Code"}}, "Code"),
        ({"across": "{period}", "columns": {"area": "Practice"}}, "{period}"),
    ],
)
def test_a_heading_or_pattern_that_nothing_fits_is_said_with_what_there_is(read, options, absent):
    (finding,) = read(PAIRS, reader="wide", values={"period": "2016", "indicator": "x"}, **options).findings
    assert finding.message == f"missing columns {absent}"
    assert finding.value.startswith("Practice, Locality, Asthma register")
    assert finding.hint.startswith("across takes headings as they are")


def test_a_place_of_a_pattern_that_is_no_column_names_the_nearest(read):
    reading = read(
        PAIRS, reader="wide", across="{indicater} list", columns={"area": "Practice"}, stem="{perod}"
    )
    unknown = [f for f in reading.findings if f.code == "unknown_column"]
    assert [(f.column, f.value, f.hint) for f in unknown] == [
        ("tables.indicators.across", "indicater", "did you mean indicator?"),
        ("tables.indicators.stem", "perod", "did you mean period?"),
    ]


def test_a_table_without_areas_says_so(read):
    reading = read(PAIRS, reader="wide", across="{indicator} list", values={"period": "2016"})
    assert [f.message for f in reading.findings] == ["missing columns area"]


def test_a_doubled_heading_is_an_error_only_where_it_is_read(read):
    content = PAIRS.replace("oops", "1").replace("Remark", "Locality")
    options = {"reader": "wide", "columns": {"area": "Practice"}, "values": {"period": "2016"}}
    assert read(content, across="{indicator} list", **options).findings == []
    doubled = read(content.replace("COPD list", "Asthma list"), across="{indicator} list", **options)
    assert [f.code for f in doubled.findings] == ["duplicate_heading"]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=6))
def test_a_wide_table_says_what_its_tidy_form_says(tmp_path_factory, numbers):
    from variation.reading.tables import read_table
    from variation.settings.table_source import TableSource
    from variation.tables import INDICATORS

    folder = tmp_path_factory.mktemp("wide")
    tidy = pd.DataFrame({
        "indicator": list("aabbcc"), "area": ["P", "Q"] * 3, "period": "2016", "numerator": numbers,
    })  # fmt: skip
    tidy.to_csv(folder / "tidy.csv", index=False)
    tidy.pivot_table(index="area", columns="indicator", values="numerator").add_prefix("n ").to_csv(
        folder / "wide.csv"
    )
    source = TableSource(file="wide.csv", reader="wide", across="n {indicator}", values={"period": "2016"})
    read = [read_table((s,), INDICATORS, folder=folder).table for s in (TableSource(file="tidy.csv"), source)]
    one, other = (
        t.sort_values(["indicator", "area"])[["indicator", "area", "numerator"]].to_numpy() for t in read
    )
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Asthma in adults 2016/17", ("Asthma in adults", "2016/17")),
        ("COPD 2016", ("COPD", "2016")),
        ("Falls, 65+ Apr-16", ("Falls, 65+", "Apr-16")),
        ("Asthma", None),
    ],
)
def test_a_pattern_of_indicator_and_period_takes_the_period_at_the_end(heading, said):
    found = matcher("{indicator} {period}", {}).fullmatch(heading)
    assert (found and (found["indicator"], found["period"])) == said


def test_marks_in_a_pattern_stand_for_themselves():
    assert read_name("a.b (c)_{period}", "a.b (c)_2016") == {"period": "2016"}
    assert read_name("a.b_{period}", "axb_2016") is None
