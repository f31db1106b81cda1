"""Withheld figures in the finished tables: nothing left in the row that could tell the count."""

import numpy as np
import pandas as pd
import pytest

from tests.attack.example import few_indicators, protected, under
from variation import analyse, read_inputs
from variation.disclosure.withhold import OF_COUNTS, TELL_NOTHING, withhold_findings
from variation.errors import Finding
from variation.policies import POLICIES
from variation.tables import COMPARISON, OPPORTUNITY

NAMES = ("diabetes_admissions", "deaths_under_75_cancer", "staff_aged_55")


@pytest.fixture(scope="module")
def inputs(example_folder):
    return under(few_indicators(read_inputs(example_folder / "analysis.toml"), NAMES), "hes_2018")


@pytest.fixture(scope="module")
def analysis(inputs):
    return analyse(inputs)


def test_every_column_is_known_to_tell_something_or_nothing():
    assert TELL_NOTHING["comparison"] <= set(COMPARISON.names)
    assert TELL_NOTHING["opportunity"] <= set(OPPORTUNITY.names)
    told = {"numerator", "value", "difference", "z", "percentile", "rank", "reliability"}
    assert not told & TELL_NOTHING["comparison"]
    told = {"units", "value_gbp", "investment_gbp", "p10", "p90", "probability", "counted"}
    assert not told & TELL_NOTHING["opportunity"]


def test_withheld_rows_keep_only_what_says_nothing_of_the_count(analysis):
    for table, spec in ((analysis.comparison, COMPARISON), (analysis.opportunity, OPPORTUNITY)):
        rows = table[table["suppressed"]]
        assert len(rows) > 50
        for name in set(spec.names) - TELL_NOTHING[spec.name]:
            said = set(rows[name].dropna().astype(str))
            assert said <= {"not tested", "False"}, (spec.name, name)


def test_the_flag_is_on_the_withheld_cells_and_no_others(analysis, inputs):
    hidden = protected(inputs, POLICIES["hes_2018"])
    flagged = analysis.comparison[analysis.comparison["suppressed"]]
    assert len(flagged) == hidden.withheld.sum()
    shown = analysis.comparison[~analysis.comparison["suppressed"]]
    assert shown["numerator"].notna().all()


def test_shown_counts_are_rounded_and_no_small_one_is_among_them(analysis):
    counts = analysis.comparison["numerator"].dropna()
    assert ((counts == 0) | (counts >= 8)).all()
    people = analysis.comparison.loc[counts.index, "denominator"]
    assert ((counts % 5 == 0) | (counts == people)).all()


def test_values_are_those_of_the_rounded_counts(analysis):
    rows = analysis.comparison[analysis.comparison["indicator"] == "diabetes_admissions"]
    rows = rows[~rows["suppressed"]]
    np.testing.assert_allclose(rows["value"], rows["numerator"] / rows["denominator"] * 1000, rtol=1e-12)


def test_directly_standardised_rates_have_three_figures(analysis):
    rows = analysis.comparison[analysis.comparison["indicator"] == "deaths_under_75_cancer"]
    values = rows["value"].dropna()
    assert len(values) > 20
    assert [float(f"{value:.3g}") for value in values] == pytest.approx(values.tolist(), rel=1e-12)


def test_withheld_areas_are_not_flagged_nor_ranked(analysis):
    for _, rows in analysis.comparison.groupby(["indicator", "period", "kind"], observed=True):
        shown = rows.loc[~rows["suppressed"] & rows["value"].notna(), "rank"].dropna()
        assert shown.max() <= len(shown) if len(shown) else True
    variation = analysis.variation
    assert (variation["flags"] <= variation["areas"]).all()


def test_a_series_with_a_withheld_period_is_flagged(analysis):
    small = analysis.comparison[analysis.comparison["suppressed"]]
    pairs = set(zip(small["indicator"], small["area"], strict=True))
    marked = analysis.trend[analysis.trend["suppressed"]]
    assert set(zip(marked["indicator"], marked["area"], strict=True)) == pairs


def test_findings_name_the_place_and_not_the_figure():
    of_a_count = Finding(
        severity="warning", code="negative", table="x.csv", message="m", row=3, column="numerator", value="-3"
    )
    of_a_word = Finding(severity="note", code="c", table="x.csv", message="m", column="area", value="SYN001")
    said = withhold_findings([of_a_count, of_a_word], POLICIES["under_5"])
    assert [one.value for one in said] == ["[c]", "SYN001"]
    assert withhold_findings([of_a_count], POLICIES["internal"]) == [of_a_count]
    assert {"numerator", "denominator", "value"} <= OF_COUNTS


def test_one_note_says_what_the_policy_does(analysis):
    own = analysis.findings[analysis.findings["code"] == "disclosure"]
    withheld = int(analysis.comparison["suppressed"].sum())
    assert own["message"].str.contains(f"{withheld:,} of").all()
    assert len(own) == 1


def test_internal_is_as_it_was_without_a_policy(inputs):
    own = analyse(under(inputs, "internal"))
    assert not own.comparison["suppressed"].any()
    assert own.comparison["numerator"].between(1, 7).any()
    assert not (own.findings["code"] == "disclosure").any()
    pd.testing.assert_frame_equal(own.comparison, analyse(inputs, policy=POLICIES["internal"]).comparison)
