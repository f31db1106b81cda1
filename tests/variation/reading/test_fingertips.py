"""Fingertips: one figure for each indicator, area and period, whatever else a download holds."""

import csv
import io

import numpy as np
import pytest

from variation.reading.readers.fingertips_columns import NEEDED, NUMBERS, TEXTS
from variation.reading.tables import LINE
from variation.tables import AREAS, CATALOGUE, FEATURES, INDICATORS

HEADINGS = [*TEXTS.values(), *NUMBERS.values(), "Lower CI 99.8 limit"]
USUAL = {
    "Indicator ID": "1", "Indicator Name": "Smoking", "Area Code": "A", "Area Name": "Area A", "Area Type": "CCG",
    "Sex": "Persons", "Age": "15+ yrs", "Time period": "2019/20", "Time period Sortable": "20190000",
    "Value": "10", "Count": "50", "Denominator": "500", "Lower CI 95.0 limit": "8", "Upper CI 95.0 limit": "12",
}  # fmt: skip


def download(*changes, headings=HEADINGS):
    """A download of the usual row with changes to it, one row for each."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, headings, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows([USUAL | change for change in changes])
    return stream.getvalue()


@pytest.fixture
def fetch(read):
    """Read a download as a table of ours."""

    def with_changes(*changes, spec=INDICATORS, headings=HEADINGS, **options):
        return read(download(*changes, headings=headings), spec=spec, reader="fingertips", **options)

    return with_changes


def told(reading):
    return [(f.severity, f.code, f.row) for f in reading.findings]


def rows(reading, *names):
    table = reading.table[list(names)]
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


def test_value_counts_and_published_limits_are_kept(fetch):
    reading = fetch({})
    assert reading.findings == []
    assert rows(
        reading, "indicator", "area", "period", "numerator", "denominator", "value", "lower_95", "upper_95"
    ) == [["1", "A", "2019/20", 50, 500, 10, 8, 12]]
    assert not {"sex", "age_band", "Recent Trend"} & set(reading.table.columns)


def test_a_download_of_26_columns_or_without_limits_is_read_too(fetch):
    reading = fetch({}, headings=[*NEEDED, "Indicator ID"])
    assert rows(reading, "value", "numerator", "lower_95") == [[10, None, None]]


def test_something_else_than_a_download_is_said(read):
    (finding,) = read("area,value\nA,1\n", reader="fingertips").findings
    assert finding.message.startswith("missing columns Indicator Name, Area Code")
    assert "is it a download from Fingertips?" in finding.hint


@pytest.mark.parametrize("spec", [CATALOGUE, AREAS], ids=lambda spec: spec.name)
def test_a_download_of_which_no_row_is_taken_gives_an_empty_table(fetch, spec):
    of_a_decile = {
        "Category Type": "Deprivation deciles",
        "Category": "Most deprived",
        "Value": "",
        "Count": "few",
    }
    without_denominators = [heading for heading in HEADINGS if heading != "Denominator"]
    reading = fetch(of_a_decile, spec=spec, headings=without_denominators)
    assert (len(reading.table), reading.findings) == (0, [])


def test_area_types_are_chosen_and_one_that_is_not_there_lists_those_that_are(fetch):
    areas = [{"Area Type": "GPs", "Area Code": "G"}, {}, {"Area Type": "England", "Area Code": "E"}]
    assert [row[0] for row in rows(fetch(*areas), "area")] == ["G", "A", "E"]
    assert rows(fetch(*areas, area_types=["CCG", "England"]), "area") == [["A"], ["E"]]
    wrong = fetch(*areas, area_types="CCGs")
    assert told(wrong) == [("error", "filter", 2)]
    assert wrong.findings[0].value == "CCG, England, GPs"
    assert told(fetch(*areas, area_types=["CCG", "ward"])) == [("warning", "filter", 2)]


def test_rows_of_categories_are_left_out_with_a_note_or_become_areas(fetch):
    deciles = [
        {"Area Code": "E92", "Category Type": "Deprivation deciles", "Category": f"Decile {n}", "Count": n}
        for n in (1, 2)
    ]
    reading = fetch({}, *deciles)
    assert rows(reading, "area") == [["A"]]
    assert told(reading) == [("note", "categories", 3)]
    assert "2 rows" in reading.findings[0].message
    taken = fetch({}, *deciles, category="Deprivation deciles")
    assert rows(taken, "area", "numerator", LINE) == [["Decile 1", 1, 3], ["Decile 2", 2, 4]]
    named = fetch({}, *deciles, category="Deprivation deciles", spec=AREAS)
    assert rows(named, "area", "name", "kind") == [
        ["Decile 1", "Decile 1", "Deprivation deciles"], ["Decile 2", "Decile 2", "Deprivation deciles"],
    ]  # fmt: skip
    assert told(fetch({}, *deciles, category="Quintiles")) == [("error", "filter", 2)]


def test_of_sexes_persons_are_kept_and_of_ages_the_one_of_most_rows_for_each_indicator(fetch):
    reading = fetch(
        {"Sex": "Male", "Count": 1}, {"Sex": "Female", "Count": 2}, {"Count": 3},
        {"Age": "Not applicable", "Time period": "2018/19", "Count": 4}, {"Time period": "2018/19", "Count": 5},
        {"Indicator ID": "2", "Sex": "Female", "Age": "50-70", "Count": 6},
    )  # fmt: skip
    assert rows(reading, "indicator", "period", "numerator") == [
        ["1", "2019/20", 3],
        ["1", "2018/19", 5],
        ["2", "2019/20", 6],
    ]
    assert [(f.code, f.column, f.row) for f in reading.findings] == [
        ("other_strata", "Sex", 2), ("other_strata", "Age", 5),
    ]  # fmt: skip
    assert "Female, Male" in reading.findings[0].message


def test_one_sex_is_a_choice_and_several_are_strata(fetch):
    sexes = [{"Sex": "Male", "Count": 1}, {"Sex": "Female", "Count": 2}, {"Count": 3}]
    assert rows(fetch(*sexes, sex="Female"), "numerator") == [[2]]
    assert rows(fetch(*sexes, sex=["Male", "Female"]), "sex", "numerator") == [["Male", 1], ["Female", 2]]
    ages = [{"Age": "18-64 yrs", "Count": 1}, {"Age": "65+ yrs", "Count": 2}]
    assert rows(fetch(*ages, age=["18-64 yrs", "65+ yrs"]), "age_band", "numerator") == [
        ["18-64 yrs", 1],
        ["65+ yrs", 2],
    ]
    assert told(fetch(*sexes, sex="Femal")) == [("error", "filter", 2)]


def test_rows_without_id_sex_and_age_are_taken_for_the_indicator_of_their_name(fetch):
    bare = {"Indicator ID": "", "Sex": "", "Age": "", "Area Code": "B", "Time period Sortable": ""}
    reading = fetch({}, bare)
    assert rows(reading, "indicator", "area") == [["1", "A"], ["1", "B"]]
    assert told(reading) == [("note", "filled_in", 3)]
    nameless = fetch(bare | {"Indicator Name": "Something else"}, {})
    assert rows(nameless, "indicator", "area") == [["Something else", "B"], ["1", "A"]]


def test_a_row_that_stands_twice_is_read_once_and_one_that_differs_is_not_swallowed(fetch):
    reading = fetch({}, {}, {"Area Code": "nE38000045"}, {"Area Code": "E38000045"})
    assert rows(reading, "area") == [["A"], ["E38000045"]]
    assert told(reading) == [("note", "stands_twice", 3)]
    assert len(fetch({}, {"Count": 51}).table) == 2


def test_an_n_is_taken_only_off_a_code_of_nine_signs(fetch):
    assert rows(fetch({"Area Code": "nE54000027"}, {"Area Code": "n1"}, {"Area Code": "nE5400002"}), "area") == [
        ["E54000027"], ["n1"], ["nE5400002"],
    ]  # fmt: skip


def test_a_period_in_words_takes_the_sortable_year(fetch):
    reading = fetch({"Time period": "Academic", "Time period Sortable": "20170000"}, {})
    assert rows(reading, "period") == [["2017 Academic"], ["2019/20"]]


def test_remarks_of_the_publisher_are_told_once_each_with_their_rows(fetch):
    reading = fetch(
        {"Value note": "Potential underestimate"},
        {"Area Code": "B"},
        {"Area Code": "C", "Value note": "Potential underestimate"},
    )
    assert told(reading) == [("note", "value_note", 2)]
    assert reading.findings[0].message == "2 rows: Potential underestimate"


def test_suppressed_values_are_missing_and_counted(fetch):
    reading = fetch({"Count": "*", "Value": "*"}, {"Area Code": "B"})
    np.testing.assert_array_equal(reading.table["numerator"], [np.nan, 50])
    assert told(reading) == [("note", "suppressed", 2)] * 2


def test_areas_take_their_kind_and_those_parents_that_are_there(fetch):
    areas = fetch(
        {"Area Code": "G", "Area Type": "GPs", "Parent Code": "nE38000045"},
        {"Area Code": "nE38000045", "Area Type": "ICB sub-locations", "Parent Code": "E92000001"},
        {"Area Code": "G", "Area Type": "GPs", "Area Name": "Later name", "Parent Code": "nE38000045"},
        {"Area Code": "E92000001", "Area Type": "England", "Parent Code": "E92000001"},
        {"Area Code": "X", "Area Type": "District", "Parent Code": "E12"}, spec=AREAS,
    )  # fmt: skip
    assert areas.findings == []
    assert sorted(rows(areas, "area", "name", "kind", "parent"), key=str) == [
        ["E38000045", "Area A", "sub_icb", "E92000001"], ["E92000001", "Area A", "england", None],
        ["G", "Later name", "practice", "E38000045"], ["X", "Area A", "District", None],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "multiplier"),
    [
        ({}, "proportion", 100),
        ({"Value": "100", "Count": "50", "Denominator": "500"}, "rate", 1000),
        ({"Value": "10000.4", "Count": "50", "Denominator": "500"}, "rate", 100_000),
        ({"Value": "0.1"}, "ratio", 1),
        ({"Value": "120", "Count": "600", "Denominator": "500"}, "ratio", 100),
        ({"Count": "", "Denominator": "", "Lower CI 95.0 limit": "", "Upper CI 95.0 limit": ""}, "mean", 1),
    ],
)
def test_the_catalogue_takes_the_kind_that_the_figures_show(fetch, change, kind, multiplier):
    reading = fetch(change, change | {"Area Code": "B"}, spec=CATALOGUE)
    assert rows(reading, "indicator", "name", "kind", "multiplier") == [["1", "Smoking", kind, multiplier]]
    assert told(reading) == [("note", "guessed", 3)]


def test_a_standardised_value_that_its_counts_do_not_give_needs_its_kind_from_the_settings(fetch):
    change = {"Value": "713"}
    assert ("error", "empty", 2) in told(fetch(change, spec=CATALOGUE))
    named = fetch(change, spec=CATALOGUE, values={"kind": "rate", "multiplier": 100_000})
    assert rows(named, "kind", "multiplier") == [["rate", 100_000]]
    assert [f for f in named.findings if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("words", "polarity"),
    [(("Better", "Worse"), "low"), (("Worse", "Better"), "high"), (("Higher", "Lower"), "local")],
)
def test_the_direction_is_the_one_in_which_values_are_called_better(fetch, words, polarity):
    compared = "Compared to England value or percentiles"
    reading = fetch({"Value": 5, compared: words[0]}, {"Value": 15, compared: words[1]}, spec=CATALOGUE)
    assert rows(reading, "polarity") == [[polarity]]


def test_a_feature_is_the_latest_value_of_each_area(fetch):
    reading = fetch(
        {"Time period": "2019", "Value": 3}, {"Time period": "2015", "Value": 4}, {"Area Code": "B", "Value": 7},
        spec=FEATURES, columns={"imd": "value"},
    )  # fmt: skip
    assert rows(reading, "area", "imd") == [["A", 3], ["B", 7]]


def test_other_limits_may_take_the_place_of_the_published_ones(fetch):
    reading = fetch({"Lower CI 99.8 limit": "7"}, columns={"lower_95": "Lower CI 99.8 limit"})
    assert rows(reading, "lower_95") == [[7]]
    wrong = fetch({}, columns={"lower_95": "Lower limit"})
    assert wrong.findings[0].message == "missing columns Lower limit"
    other = fetch({}, columns={"expected": "Expected"})
    assert other.findings[0].message == "missing columns Expected"


def test_the_publishers_own_words_may_hold_braces(fetch):
    reading = fetch({"Value note": "see {this}, {0} and {rows"})
    assert [finding.message for finding in reading.findings] == ["1 row: see {this}, {0} and {rows"]


def test_the_published_trend_is_kept_and_missing_where_there_is_none(fetch):
    reading = fetch({"Recent Trend": "Increasing"}, {"Area Code": "B"})
    assert rows(reading, "area", "published_trend") == [["A", "Increasing"], ["B", None]]
    without = [heading for heading in HEADINGS if heading != "Recent Trend"]
    assert rows(fetch({}, headings=without), "published_trend") == [[None]]
