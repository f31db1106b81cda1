"""The opportunity on the synthetic example: rules, roll-up, what counts, and the plan."""

import numpy as np
import pandas as pd
import pytest

from variation.league import league
from variation.sizing import HEADLINE, plan_against_identified

RULES = [
    ("gross", "peer_mean"),
    ("gross", "best_5"),
    ("rightcare", "best_5"),
    ("percentile", "percentile"),
]


@pytest.fixture(scope="module")
def opportunity(example_analysis):
    return example_analysis.opportunity


def by_rule(opportunity, mode, comparator, kind="practice"):
    rows = opportunity[(opportunity["mode"] == mode) & (opportunity["comparator"] == comparator)]
    return rows[rows["kind"] == kind].set_index(["indicator", "area"])


@pytest.mark.parametrize(("mode", "comparator"), RULES)
@pytest.mark.parametrize("column", ["units", "value_gbp", "investment_gbp"])
def test_every_level_of_the_tree_adds_up_to_the_same_total(opportunity, mode, comparator, column):
    totals = [
        by_rule(opportunity, mode, comparator, kind)[column]
        .clip(lower=0)
        .groupby("indicator")
        .sum(min_count=1)
        for kind in ("practice", "locality", "cluster", "icb")
    ]
    for total in totals[1:]:
        pd.testing.assert_series_equal(totals[0], total, rtol=1e-9)


def test_the_units_are_the_gap_times_the_denominator(opportunity, example_analysis):
    comparison = example_analysis.comparison.query("period == '2016/17' and kind == 'practice'")
    rows = comparison[comparison["indicator"] == "copd_review"].set_index("area")
    gap = (rows["comparator_value"] - rows["value"]).clip(lower=0) / 100 * rows["denominator"]
    units = by_rule(opportunity, "gross", "peer_mean").loc["copd_review", "units"]
    np.testing.assert_allclose(units, gap.loc[units.index], rtol=1e-9)


def test_the_rightcare_rule_prices_exactly_the_areas_it_flags(opportunity, example_analysis):
    comparison = example_analysis.comparison.query("period == '2016/17' and kind == 'practice'")
    flagged = comparison.set_index(["indicator", "area"])["significance_rightcare"] == "worse"
    units = by_rule(opportunity, "rightcare", "best_5")["units"]
    flagged = flagged.reindex(units.index)
    assert (units[flagged] > 0).all()
    assert (units[~flagged] == 0).all()
    gross = by_rule(opportunity, "gross", "best_5")["units"]
    pd.testing.assert_series_equal(units[flagged], gross[flagged])


def test_the_percentile_rule_keeps_an_areas_negative_saving_and_sums_only_positive_ones(opportunity):
    practice = by_rule(opportunity, "percentile", "percentile")["units"]
    assert (practice < 0).any()
    assert (by_rule(opportunity, "percentile", "percentile", "locality")["units"] >= 0).all()


def test_under_use_is_an_investment_and_never_a_saving(opportunity, example_analysis):
    polarity = opportunity["indicator"].map(
        example_analysis.inputs.catalogue.set_index("indicator")["polarity"]
    )
    assert set(polarity) == {"low", "high"}
    assert opportunity.loc[polarity == "high", "value_gbp"].isna().all()
    assert opportunity.loc[polarity == "low", "investment_gbp"].isna().all()
    assert (opportunity["direction"] == polarity.map({"low": "reduce", "high": "increase"})).all()


def test_within_an_overlap_group_only_the_largest_indicator_counts(opportunity, example_analysis):
    groups = example_analysis.inputs.catalogue.set_index("indicator")["overlap_group"]
    rows = by_rule(opportunity, *HEADLINE, kind="icb").reset_index()
    rows = rows[rows["value_gbp"].notna()]
    rows["group"] = rows["indicator"].map(groups)
    assert rows["group"].duplicated().any()
    for _, group in rows.groupby("group"):
        assert group["counted"].sum() == 1
        assert group.loc[group["counted"], "value_gbp"].iloc[0] == group["value_gbp"].max()


def test_the_plan_holds_the_published_targets_and_what_counts_towards_each_line(example_analysis):
    plan = example_analysis.plan.set_index("plan_line")
    assert plan.loc["RightCare", "target_gbp"] == 28e6
    counted = example_analysis.opportunity.query("area == 'DOR' and counted")
    total = plan[plan["parent"].isna()]
    assert total["target_gbp"].sum() == 229e6
    assert total["identified_gbp"].sum() == pytest.approx(counted["value_gbp"].sum())
    np.testing.assert_allclose(plan["gap_gbp"], plan["target_gbp"] - plan["identified_gbp"])


def test_an_analysis_without_a_plan_has_an_empty_plan(example_analysis):
    inputs = example_analysis.inputs
    empty = plan_against_identified(
        inputs.plan.iloc[:0], example_analysis.opportunity, inputs.catalogue, "DOR"
    )
    assert list(empty.columns) == ["plan_line", "parent", "target_gbp", "identified_gbp", "gap_gbp"]
    assert empty.empty


def test_the_league_puts_the_largest_saving_first_and_investment_below(example_analysis):
    table = league(example_analysis, "DOR")
    assert table["direction"].is_monotonic_decreasing  # reduce before increase
    column = "_".join(HEADLINE)
    assert (table[table["direction"] == "reduce"][column].diff().dropna() <= 0).all()
    rows = by_rule(example_analysis.opportunity, *HEADLINE, kind="icb").droplevel("area")
    np.testing.assert_allclose(
        table[column], rows.loc[table["indicator"], ["value_gbp", "investment_gbp"]].max(axis=1)
    )
