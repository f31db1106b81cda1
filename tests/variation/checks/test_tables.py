"""Checks of the tables against each other: each problem has a defined outcome, and none hides another."""

import pandas as pd
import pytest

HEAD = "indicator,area,period,numerator,denominator"


def told(found, code):
    """Findings of a code as (severity, file, line, column, value)."""
    return [(f.severity, f.table, f.row, f.column, f.value) for f in found.of(code)]


def rows_of(found):
    table = found.inputs.indicators
    return sorted(zip(table["indicator"], table["area"], strict=True))


# --- figures that cannot be


def test_a_numerator_above_its_denominator_sets_that_row_aside_and_no_other(read_tiny):
    found = read_tiny(
        indicators=f"{HEAD}\nsmoking,P1,2016/17,11,10\nsmoking,P2,2016/17,10,10\nasthma,P1,2016/17,30,10\n"
    )
    assert told(found, "above_denominator") == [("warning", "indicators.csv", 2, "numerator", "11")]
    assert rows_of(found) == [("asthma", "P1"), ("smoking", "P2")]  # a rate may be above 1


@pytest.mark.parametrize("name", ["numerator", "denominator", "expected"])
def test_a_negative_count_sets_that_row_aside_with_its_line(read_tiny, name):
    cells = {"numerator": "1", "denominator": "10", "expected": "1"} | {name: "-1"}
    row = ",".join(cells.values())
    found = read_tiny(indicators=f"{HEAD},expected\nasthma,P1,2016/17,{row}\nasthma,P2,2016/17,1,10,1\n")
    assert told(found, "negative") == [("warning", "indicators.csv", 2, name, "-1")]
    assert rows_of(found) == [("asthma", "P2")]


@pytest.mark.parametrize("kind", ["spend", "mean"])
def test_spend_and_means_may_be_negative(read_tiny, kind):
    found = read_tiny(
        catalogue=f"indicator,name,kind\nasthma,Asthma,{kind}\n",
        indicators=f"{HEAD}\nasthma,P1,2016/17,-5,10\n",
    )
    assert found.of("negative") == []
    assert found.inputs.indicators["numerator"].to_list() == [-5.0]


def test_where_every_row_is_set_aside_the_run_stops_and_says_so(read_tiny):
    found = read_tiny(indicators=f"{HEAD}\nasthma,P1,2016/17,-1,10\n")
    assert found.errors == {"no_rows"}


def test_a_denominator_of_nothing_or_none_is_a_warning_and_the_row_stays(read_tiny):
    found = read_tiny(
        indicators=f"{HEAD}\nasthma,P1,2016/17,0,0\nasthma,P2,2016/17,4,\nasthma,P3,2016/17,4,100\n"
    )
    assert told(found, "zero_denominator") == [("warning", "indicators.csv", 2, "denominator", "0")]
    assert told(found, "missing_denominator") == [("warning", "indicators.csv", 3, "denominator", "")]
    assert len(found.inputs.indicators) == 3


def test_a_published_value_needs_no_denominator(read_tiny):
    found = read_tiny(indicators=f"{HEAD},value\nasthma,P1,2016/17,4,,4.2\n")
    assert {f.code for f in found.findings} == {"no_figures", "no_rows_of_area"}


@pytest.mark.parametrize(("people", "noted"), [(19, 1), (20, 0), (0, 0)])
def test_fewer_than_twenty_people_are_noted(read_tiny, people, noted):
    found = read_tiny(indicators=f"{HEAD}\nasthma,P1,2016/17,0,{people}\n")
    assert len(found.of("small_denominator")) == noted


# --- rows that belong to nothing


def test_an_indicator_that_the_catalogue_lacks_is_an_error_with_its_line(read_tiny):
    found = read_tiny(indicators=f"{HEAD}\nasthma,P1,2016/17,1,10\nasthmo,P1,2016/17,1,10\n")
    assert told(found, "not_in_catalogue") == [("error", "indicators.csv", 3, "indicator", "asthmo")]


def test_areas_that_are_not_compared_are_counted_and_left_out(read_tiny):
    found = read_tiny(
        indicators=f"{HEAD}\nasthma,P1,2016/17,1,10\nasthma,X1,2016/17,1,10\nasthma,X2,2016/17,1,10\n"
    )
    assert told(found, "outside_the_areas") == [("note", "indicators", None, "area", "X1, X2")]
    assert "2 rows of 2 areas" in found.of("outside_the_areas")[0].message
    assert rows_of(found) == [("asthma", "P1")]


def test_codes_whose_zeros_a_spreadsheet_took_are_recognised(read_tiny):
    found = read_tiny(
        areas="area,kind\n0012,practice\n0013,practice\n",
        indicators=f"{HEAD}\nasthma,12,2016/17,1,10\nasthma,0013,2016/17,1,10\n",
    )
    assert "leading zeros" in found.of("outside_the_areas")[0].hint


def test_where_no_row_belongs_to_any_area_the_run_stops_once_and_in_words(read_tiny):
    found = read_tiny(areas="area,kind\nX,practice\n")
    assert found.errors == {"no_rows"}
    assert len(found.of("no_rows")) == 1


def test_an_indicator_without_rows_is_noted_and_taken_out_of_the_catalogue(read_tiny):
    found = read_tiny(indicators=f"{HEAD}\nasthma,P1,2016/17,1,100\n")
    assert told(found, "no_figures") == [("note", "catalogue", None, "indicator", "smoking")]
    assert found.inputs.catalogue["indicator"].to_list() == ["asthma"]


@pytest.mark.parametrize("period", ["Apr-16", "42461", "last year"])
def test_a_period_that_no_date_can_be_read_from_is_an_error_with_its_line(read_tiny, period):
    found = read_tiny(indicators=f"{HEAD}\nasthma,P1,2016/17,1,100\nasthma,P1,{period},1,100\n")
    assert told(found, "unread_period") == [("error", "indicators.csv", 3, "period", period)]


# --- duplicates


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("areas", "P1,Uno,practice,L1,11"),
        ("catalogue", "asthma,Again,rate,low,1"),
        ("indicators", "asthma,P1,2016/17,11,1000"),
    ],
)
def test_a_second_row_for_the_same_key_is_an_error_with_its_line(read_tiny, write_tiny, table, line):
    text = (write_tiny().parent / f"{table}.csv").read_text()
    found = read_tiny(**{table: text + line + "\n"})
    assert [(f.severity, f.table, f.row) for f in found.of("duplicate")] == [
        ("error", f"{table}.csv", text.count("\n") + 1)
    ]


def test_strata_of_one_cell_are_no_duplicates(read_tiny):
    found = read_tiny(indicators=f"{HEAD},sex\nasthma,P1,2016/17,1,10,f\nasthma,P1,2016/17,1,10,m\n")
    assert found.of("duplicate") == []


# --- strata


STRATA = f"""{HEAD},age_band
asthma,P1,2016/17,1,100,0-64
asthma,P1,2016/17,2,50,65+
asthma,P2,2016/17,3,100,0-64
asthma,P2,2016/17,4,50,65+
"""


def with_standard(how):
    return f"indicator,name,kind,standardise\nasthma,Asthma,rate,{how}\n"


@pytest.mark.parametrize("cell", ["", "*", "-4"])
def test_a_cell_that_lacks_the_count_of_one_stratum_has_no_value_rather_than_too_small_a_one(read_tiny, cell):
    found = read_tiny(
        catalogue=with_standard("direct"), indicators=STRATA.replace("17,4,50", f"17,{cell},50")
    )
    assert told(found, "incomplete_strata") == [
        ("warning", "indicators.csv", 5, "numerator", "asthma, P2, 2016/17")
    ]
    assert rows_of(found) == [("asthma", "P1"), ("asthma", "P1")]


def test_whole_strata_are_not_touched(read_tiny):
    found = read_tiny(catalogue=with_standard("direct"), indicators=STRATA)
    assert {f.code for f in found.findings} == {"no_rows_of_area"}  # P3 has none
    assert len(found.inputs.indicators) == 4


def test_a_total_beside_its_strata_is_left_out_and_that_is_noted(read_tiny):
    found = read_tiny(catalogue=with_standard("direct"), indicators=STRATA + "asthma,P1,2016/17,99,150,\n")
    assert told(found, "total_and_strata") == [("note", "indicators.csv", 6, "age_band", "asthma")]
    assert found.inputs.indicators["numerator"].sum() == 10
    other_period = STRATA + "asthma,P1,2015/16,99,150,\n"
    assert read_tiny(catalogue=with_standard("none"), indicators=other_period).of("total_and_strata") == []


def test_an_age_band_that_cannot_be_read_is_an_error_where_it_is_standardised_by(read_tiny):
    wrong = STRATA.replace("65+", "older")
    found = read_tiny(catalogue=with_standard("direct"), indicators=wrong)
    assert [f[2:] for f in told(found, "age_band")] == [(3, "age_band", "older"), (5, "age_band", "older")]
    assert read_tiny(catalogue=with_standard("indirect"), indicators=wrong).of("age_band") == []


@pytest.mark.parametrize("how", ["direct", "indirect"])
def test_an_indicator_that_cannot_be_standardised_as_asked_is_named(read_tiny, how):
    found = read_tiny(catalogue=with_standard(how), indicators=f"{HEAD}\nasthma,P1,2016/17,1,100\n")
    assert told(found, "not_standardised") == [("warning", "indicators.csv", 2, "age_band", "asthma")]


def test_published_expected_events_standardise_indirectly(read_tiny):
    found = read_tiny(
        catalogue=with_standard("indirect"), indicators=f"{HEAD},expected\nasthma,P1,2016/17,1,100,2\n"
    )
    assert found.of("not_standardised") == []


# --- catalogue


def test_what_a_catalogue_leaves_out_is_filled_with_plain_defaults(read_tiny):
    kinds = ("proportion", "rate", "ratio", "mean", "spend")
    lines = "".join(f"{kind},{kind.title()},{kind}\n" for kind in kinds)
    rows = "".join(f"{kind},P1,2016/17,1,100\n" for kind in kinds)
    table = read_tiny(
        catalogue="indicator,name,kind\n" + lines, indicators=f"{HEAD}\n{rows}"
    ).inputs.catalogue
    filled = table.set_index("indicator")
    assert filled["multiplier"].to_dict() == {
        "proportion": 100,
        "rate": 1000,
        "ratio": 1,
        "mean": 1,
        "spend": 1,
    }
    assert set(filled["polarity"]) == {"local"}
    assert set(filled["standardise"]) == {"none"}
    assert filled[["unit_cost", "cost_per_event", "cost_cv", "overlap_group"]].isna().all(axis=None)


@pytest.mark.parametrize(("name", "value"), [("unit_cost", "-1"), ("multiplier", "0"), ("cost_cv", "-0.5")])
def test_a_price_below_nothing_or_a_multiplier_of_nothing_is_an_error(read_tiny, name, value):
    found = read_tiny(
        catalogue=f"indicator,name,kind,{name}\nasthma,Asthma,rate,{value}\nsmoking,S,proportion,\n"
    )
    assert told(found, "negative") == [("error", "catalogue.csv", 2, name, value)]


# --- the tree of areas and of the plan


def test_a_parent_that_is_not_there_is_an_error_with_its_line(read_tiny):
    found = read_tiny(areas="area,kind,parent\nP1,practice,L1\nP2,practice,L2\nL1,locality,\n")
    assert told(found, "unknown_parent") == [("error", "areas.csv", 3, "parent", "L2")]


@pytest.mark.parametrize(
    ("parents", "ring"),
    [
        ({"A": "A"}, {"A"}),
        ({"A": "B", "B": "A"}, {"A", "B"}),
        ({"A": "B", "B": "C", "C": "A", "D": "A"}, {"A", "B", "C"}),  # D hangs below the ring, not in it
        ({"A": "B", "B": "C", "C": ""}, set()),
    ],
)
def test_a_ring_of_parents_names_those_in_it_and_is_never_walked(read_tiny, parents, ring):
    lines = "".join(f"{area},practice,{parent}\n" for area, parent in parents.items())
    found = read_tiny(areas=f"area,kind,parent\n{lines}", indicators=f"{HEAD}\nasthma,A,2016/17,1,100\n")
    members = {sorted(parents)[f.row - 2] for f in found.of("ring_of_parents")}
    assert members == ring
    assert found.errors == ({"ring_of_parents"} if ring else set())


def test_areas_without_names_or_parents_are_called_by_their_codes(read_tiny):
    areas = read_tiny(areas="area,kind\nP1,practice\nP2,practice\n").inputs.areas
    assert areas["name"].to_list() == ["P1", "P2"]
    assert areas["parent"].isna().all()


def test_fewer_than_no_people_are_an_error(read_tiny):
    found = read_tiny(areas="area,kind,population\nP1,practice,-5\n")
    assert told(found, "negative")[0] == ("error", "areas.csv", 2, "population", "-5")


def test_a_plan_may_not_run_in_a_ring_nor_hang_in_the_air(read_tiny):
    head = "plan_line,parent,target_gbp\n"
    assert read_tiny(plan=f"{head}A,B,1\nB,A,1\n").errors == {"ring_of_parents"}
    assert told(read_tiny(plan=f"{head}A,Total,1\n"), "unknown_parent") == [
        ("error", "plan.csv", 2, "parent", "Total")
    ]
    assert read_tiny(plan=f"{head}A,,1\nA,,2\n").errors == {"duplicate"}
    assert read_tiny(plan=f"{head}Total,,1\nRe-investment,Total,-16\n").errors == set()
    assert read_tiny(plan="plan_line\nTotal\n").inputs.plan["target_gbp"].isna().all()


def test_checking_leaves_the_tables_that_it_was_given_as_they_were(read_tiny):
    from variation.checks.tables import check_areas, check_catalogue, check_indicators

    inputs = read_tiny().inputs
    tables = [inputs.indicators.drop(columns=["sex", "age_band"]), inputs.catalogue, inputs.areas]
    copies = [table.copy() for table in tables]
    check_indicators(tables[0], check_catalogue(tables[1], []), check_areas(tables[2], []), [])
    for table, copy in zip(tables, copies, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_the_example_passes_with_only_notes_on_small_or_missing_figures(example_inputs):
    codes = {finding.code for finding in example_inputs.findings}
    assert codes <= {"small_denominator", "zero_denominator", "far_from_all"}
    assert sum(finding.code == "far_from_all" for finding in example_inputs.findings) <= 2
