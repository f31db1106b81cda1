"""The opportunity on the synthetic example: rules, roll-up, what counts, and the plan."""

import numpy as np
import pandas as pd
import pytest

from variation.comparison.peering import choose_peers
from variation.figures.panel import build_panel
from variation.finance.plan import PLAN_COLUMNS, plan_against_savings
from variation.league import league
from variation.opportunity.sizing_run import SizingRun
from variation.opportunity.totals import HEADLINE

RULES = [
    ("credible", "peer_mean"),
    ("credible", "best_5"),
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


def sized(panel, peerings, settings):
    return SizingRun(panel, peerings, settings).finished().opportunity


@pytest.fixture(scope="module")
def unwithheld(example_analysis):
    """Size again with no area withheld for its reliability, so that every level can be added up."""
    inputs = example_analysis.inputs
    shown = inputs.settings.opportunity.model_copy(update={"publish_reliability": 0})
    panel = build_panel(inputs.indicators, inputs.catalogue, inputs.tree)
    peerings = choose_peers(inputs.tree, inputs.settings.peers, seed=1, findings=[])
    return sized(panel, peerings, inputs.settings.model_copy(update={"opportunity": shown}))


@pytest.mark.parametrize(("mode", "comparator"), RULES)
@pytest.mark.parametrize("column", ["units", "value_gbp", "investment_gbp"])
def test_every_level_of_the_tree_adds_up_to_the_same_total(unwithheld, mode, comparator, column):
    totals = [
        by_rule(unwithheld, mode, comparator, kind)[column]
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
        assert group["counted"].sum() == (1 if group["value_gbp"].max() > 0 else 0)
        assert (
            not group["counted"].any()
            or group.loc[group["counted"], "value_gbp"].iloc[0] == group["value_gbp"].max()
        )


def test_the_plan_holds_the_published_targets_and_what_counts_towards_each_line(example_analysis):
    plan = example_analysis.plan.set_index("plan_line")
    assert plan.loc["RightCare", "target_gbp"] == 28e6
    counted = example_analysis.opportunity.query("area == 'DOR' and counted")
    total = plan[plan["parent"].isna()]
    assert total["target_gbp"].sum() == 229e6
    assert total["identified_gbp"].sum() == pytest.approx(counted["value_gbp"].sum())
    np.testing.assert_allclose(plan["gap_gbp"], plan["target_gbp"] - plan["net_gbp"])
    assert (plan["net_gbp"] <= plan["identified_gbp"]).all()


def test_an_analysis_without_a_plan_has_an_empty_plan(example_analysis):
    empty = plan_against_savings(
        example_analysis.inputs.plan.iloc[:0], example_analysis.finance.chain, plan_year=4
    )
    assert list(empty.columns) == PLAN_COLUMNS
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


def headline_truth(example_folder, example_analysis, opportunity):
    """True opportunity, against the peers' true mean, of the practices that each indicator's headline counts."""
    truth = pd.read_parquet(example_folder / "truth.parquet").query("period == '2016/17'")
    true = truth.pivot_table(index="indicator", columns="area", values="true_value")
    peers = example_analysis.peers.groupby("area")["peer"].apply(list)
    catalogue = example_analysis.inputs.catalogue.set_index("indicator")
    people = example_analysis.comparison.query("period == '2016/17' and kind == 'practice'")
    people = people.pivot_table(index="indicator", columns="area", values="denominator")
    rows = opportunity.query("mode == 'credible' and comparator == 'peer_mean' and kind == 'practice'")
    sums = {}
    for indicator, own in rows[rows["units"] > 0].groupby("indicator"):
        if catalogue.loc[indicator, "standardise"] != "none":
            continue
        sign = 1 if catalogue.loc[indicator, "polarity"] == "low" else -1
        rates = true.loc[indicator]
        gap = {area: sign * (rates[area] - rates[peers[area]].mean()) for area in own["area"]}
        sums[indicator] = sum(max(gap[area], 0) * people.loc[indicator, area] for area in gap)
    return pd.Series(sums)


def test_the_credible_headline_is_close_to_the_truth_and_its_interval_covers_it(
    example_folder, example_analysis, unwithheld
):
    true = headline_truth(example_folder, example_analysis, unwithheld)
    said = unwithheld.query("mode == 'credible' and comparator == 'peer_mean' and area == 'DOR'")
    said = said.set_index("indicator").loc[true.index]
    price = example_analysis.inputs.catalogue.set_index("indicator")["unit_cost"].reindex(true.index)
    priced = price.notna()
    assert len(true) > 50
    assert said["units"].div(true).median() == pytest.approx(1, abs=0.05)
    own, pounds = said[priced], (true * price)[priced]
    covered = (own["p10"] <= pounds) & (pounds <= own["p90"])
    assert 0.65 < covered.mean() <= 0.95


def test_the_rightcare_rule_claims_more_than_there_is_and_its_chance_floor_says_so(opportunity):
    top = opportunity[(opportunity["area"] == "DOR") & opportunity["value_gbp"].notna()]
    total = top.groupby(["mode", "comparator"])[["value_gbp", "chance_floor_gbp"]].sum()
    credible, published = total.loc[("credible", "peer_mean")], total.loc[("rightcare", "best_5")]
    assert published["value_gbp"] > 2 * credible["value_gbp"]
    assert published["chance_floor_gbp"] > 0.2 * published["value_gbp"]
    assert credible["chance_floor_gbp"] < 0.02 * credible["value_gbp"]


def test_a_single_area_below_the_reliability_gate_has_no_credible_figure_but_counts_in_its_parents(
    opportunity, unwithheld
):
    own = opportunity.query("mode == 'credible' and kind == 'practice'")
    assert own.loc[own["reliability"] < 0.5, "units"].isna().all()
    assert own.loc[own["reliability"] >= 0.5, "units"].notna().all()
    assert (own["reliability"] < 0.5).any()


def test_each_indicators_draws_are_its_own_whatever_else_is_in_the_run(example_analysis, opportunity):
    inputs = example_analysis.inputs
    panel = build_panel(
        inputs.indicators[inputs.indicators["indicator"] == "copd_admissions"].sample(frac=1, random_state=2),
        inputs.catalogue,
        inputs.tree,
    )
    peerings = choose_peers(inputs.tree, inputs.settings.peers, seed=inputs.settings.seed, findings=[])
    alone = sized(panel, peerings, inputs.settings)
    beside = opportunity[opportunity["indicator"] == "copd_admissions"].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        alone.drop(columns="counted"), beside.drop(columns="counted"), check_exact=True
    )


@pytest.fixture(scope="module")
def totals(example_analysis):
    return example_analysis.totals.set_index(["mode", "comparator", "area"])


def test_totals_count_each_event_once_and_say_what_was_left_out(totals, opportunity):
    for mode, comparator in RULES:
        rows = by_rule(opportunity, mode, comparator, kind="icb")["value_gbp"].dropna()
        total = totals.loc[(mode, comparator, "DOR")]
        assert total["value_gbp"] + total["overlap_gbp"] == pytest.approx(rows.sum())
        assert total["overlap_gbp"] > 0
    headline = totals.loc[(*HEADLINE, "DOR")]
    assert headline["value_gbp"] == pytest.approx(
        opportunity.query("area == 'DOR' and counted")["value_gbp"].sum()
    )


def test_the_interval_of_a_total_is_narrower_than_the_sum_of_the_intervals(totals, opportunity):
    headline = totals.loc[(*HEADLINE, "DOR")]
    rows = opportunity.query("area == 'DOR' and counted")
    assert headline["p10"] < headline["value_gbp"] < headline["p90"]
    assert headline["p90"] - headline["p10"] < 0.5 * (rows["p90"] - rows["p10"]).sum()


def test_localities_totals_add_up_to_the_icbs(totals):
    for mode, comparator in RULES:
        rule = totals.loc[(mode, comparator)]
        localities = rule[rule["kind"] == "locality"]["value_gbp"].sum()
        assert localities == pytest.approx(rule.loc["DOR", "value_gbp"])


def test_further_comparators_can_be_asked_for(example_analysis):
    inputs = example_analysis.inputs
    names = ("peer_median", "parent", "target", "achievable")
    asked = inputs.settings.opportunity.model_copy(update={"also": names, "draws": 100})
    catalogue = inputs.catalogue.assign(target=inputs.catalogue["indicator"].map({"copd_review": 85.0}))
    rows = inputs.indicators[inputs.indicators["indicator"].isin(["copd_review", "falls_admissions"])]
    panel = build_panel(rows, catalogue, inputs.tree)
    peerings = choose_peers(inputs.tree, inputs.settings.peers, seed=1, findings=[])
    table = sized(panel, peerings, inputs.settings.model_copy(update={"opportunity": asked}))
    gross = table[(table["mode"] == "gross") & (table["kind"] == "practice")]
    comparison = example_analysis.comparison.query(
        "indicator == 'copd_review' and period == '2016/17'"
    ).set_index("area")
    units = gross[(gross["indicator"] == "copd_review")].set_index(["comparator", "area"])["units"]
    own = comparison[comparison["kind"] == "practice"]
    short = (85 - own["value"]).clip(lower=0) / 100 * own["denominator"]
    np.testing.assert_allclose(units["target"], short.loc[units["target"].index])
    parent = inputs.areas.set_index("area")["parent"].loc[own.index]
    gap = (comparison["value"].loc[parent].to_numpy() - own["value"]).clip(lower=0) / 100 * own["denominator"]
    np.testing.assert_allclose(units["parent"], gap.loc[units["parent"].index], atol=1e-9)
    best = own.assign(adjusted=(own["numerator"] + 1) / (own["denominator"] + 2)).sort_values(
        "adjusted", ascending=False
    )
    top = best[best["denominator"].cumsum() - best["denominator"] < 0.1 * best["denominator"].sum()]
    level = top["numerator"].sum() / top["denominator"].sum()
    lacking = (level - own["value"] / 100).clip(lower=0) * own["denominator"]
    np.testing.assert_allclose(units["achievable"], lacking.loc[units["achievable"].index], atol=1e-9)
    falls = set(gross.loc[gross["indicator"] == "falls_admissions", "comparator"])
    assert {"peer_median", "parent"} <= falls
    assert not {"target", "achievable"} & falls
