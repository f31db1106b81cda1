"""Trends and changes on the synthetic example."""

import numpy as np
import pandas as pd

from benchmarks.trend import recent_trend, xmr
from variation.comparison.compare import compare
from variation.comparison.over_time import follow
from variation.comparison.peering import choose_peers
from variation.disclosure.protect import protect
from variation.figures.panel import build_panel
from variation.policies import POLICIES
from variation.settings import TrendSettings


def test_every_area_with_two_periods_is_followed(example_analysis):
    comparison = example_analysis.comparison.dropna(subset=["value"])
    periods = comparison.groupby(["indicator", "area"])["period"].nunique()
    followed = example_analysis.trend.set_index(["indicator", "area"])["periods"]
    assert followed.sort_index().equals(periods[periods >= 2].sort_index().astype(followed.dtype))


def test_limits_and_marker_are_those_of_the_areas_own_series(example_analysis):
    rows = example_analysis.comparison.query("indicator == 'copd_review' and area == 'L04'").sort_values(
        "period"
    )
    followed = example_analysis.trend.query("indicator == 'copd_review' and area == 'L04'").iloc[0]
    chart = xmr(rows["value"].to_numpy())
    np.testing.assert_allclose(
        followed[["process_mean", "process_lower", "process_upper"]].astype(float),
        [chart.mean, chart.lower, chart.upper],
    )
    marker = recent_trend(rows["numerator"].to_numpy(), rows["denominator"].to_numpy(), kind="proportion")
    assert followed["recent_trend"].startswith(str(marker.trend))


def test_a_trend_says_whether_it_is_good_where_a_direction_is_good(example_analysis):
    catalogue = example_analysis.inputs.catalogue.set_index("indicator")
    trend = example_analysis.trend
    polarity = trend["indicator"].map(catalogue["polarity"])
    low = set(trend.loc[polarity == "low", "recent_trend"])
    assert {"Increasing and getting worse", "Decreasing and getting better"} <= low
    assert "Increasing" not in low
    assert not any("getting" in words for words in trend.loc[polarity == "local", "recent_trend"])


def test_the_parts_of_a_change_add_up_to_it(example_analysis):
    rows = example_analysis.trend.dropna(subset=["excess"])
    assert len(rows) > 5000
    parts = rows["regression_to_mean"] + rows["trend_of_all"] + rows["excess"]
    np.testing.assert_allclose(parts, rows["change"], atol=1e-7, rtol=1e-7)


def test_where_practices_keep_their_rates_few_changes_exceed_chance(example_analysis, example_folder):
    rows = example_analysis.trend.query("kind == 'practice'").dropna(subset=["excess"])
    beyond = (rows["excess_lower_95"] > 0) | (rows["excess_upper_95"] < 0)
    assert beyond.mean() < 0.08


def test_limits_start_anew_where_the_settings_say_so(example_analysis):
    inputs = example_analysis.inputs
    rows = inputs.indicators[inputs.indicators["indicator"].isin(["copd_review", "falls_admissions"])]
    panel = build_panel(rows, inputs.catalogue, inputs.tree)
    plain = follow(panel, TrendSettings())
    anew = follow(panel, TrendSettings(rebase={"copd_review": ("2015/16",)}))
    own = panel.rows(np.flatnonzero(panel.groups["indicator"] == "copd_review"))
    column = int(np.flatnonzero(inputs.tree.codes == "L04")[0])
    chart = xmr(100 * own.numerator[:, column] / own.denominator[:, column], rebase=[3])
    row = anew.query("indicator == 'copd_review' and area == 'L04'").iloc[0]
    np.testing.assert_allclose(row["process_mean"], chart.mean)
    same = plain["indicator"] == "falls_admissions"
    assert plain[same].equals(anew[same])
    assert not plain[~same].equals(anew[~same])


def test_the_change_from_the_period_before_is_tested_with_the_uncertainty_of_both(example_analysis):
    rows = example_analysis.comparison.query("indicator == 'copd_review'").set_index(["area", "period"])
    followed = example_analysis.trend.query("indicator == 'copd_review'").set_index("area")
    now, before = (rows.xs(period, level="period").loc[followed.index] for period in ("2016/17", "2015/16"))
    np.testing.assert_allclose(followed["value_before"], before["value"])
    np.testing.assert_allclose(followed["change"], now["value"] - before["value"], atol=1e-12)
    # Newcombe's limits of a difference, from Wilson's of each.
    down = np.hypot(now["value"] - now["lower_95"], before["upper_95"] - before["value"])
    np.testing.assert_allclose(followed["change_lower_95"], followed["change"] - down)
    said = np.select(
        [followed["change_lower_95"] > 0, followed["change_upper_95"] < 0], ["better", "worse"], "similar"
    )
    assert (said == followed["change_significance"].astype(str)).all()
    assert {"better", "similar"} <= set(said)


def test_two_periods_have_a_change_and_no_limits_of_a_process(example_analysis):
    inputs = example_analysis.inputs
    chosen = inputs.indicators["indicator"].eq("copd_review") & inputs.indicators["period"].isin(
        ["2015/16", "2016/17"]
    )
    rows = follow(build_panel(inputs.indicators[chosen], inputs.catalogue, inputs.tree), TrendSettings())
    whole = example_analysis.trend.query("indicator == 'copd_review'")
    assert rows["change"].to_numpy().tolist() == whole["change"].to_list()
    assert rows[["process_mean", "process_lower", "process_upper"]].isna().all(axis=None)
    assert set(rows["special_cause"]) == {"none"}
    assert set(rows["recent_trend"]) == {"Cannot be calculated"}


def test_a_change_is_between_the_values_of_the_comparison_under_a_policy_too(example_analysis):
    inputs = example_analysis.inputs
    chosen = inputs.indicators["indicator"].isin(["copd_review", "copd_admissions", "falls_admissions"])
    panel = build_panel(inputs.indicators[chosen], inputs.catalogue, inputs.tree)
    protected = protect(panel, POLICIES["hes_2018"])
    assert protected.withheld.any()
    peerings = choose_peers(inputs.tree, inputs.settings.peers, seed=1, findings=[])
    comparison = compare(protected.panel, peerings, inputs.settings.comparison).comparison
    values = comparison[~comparison["suppressed"]].set_index(["indicator", "area", "period"])["value"]
    trend = follow(protected.panel, TrendSettings())
    trend = trend.assign(value=trend["value_before"] + trend["change"])
    for period, value in (("period_before", "value_before"), ("last_period", "value")):
        known = trend.dropna(subset=[value])
        assert len(known) > 0.5 * len(trend)
        compared = values.loc[pd.MultiIndex.from_frame(known[["indicator", "area", period]])]
        np.testing.assert_allclose(known[value], compared, rtol=1e-9)


def test_a_published_trend_stands_beside_ours_but_of_areas_that_are_withheld(example_analysis):
    inputs = example_analysis.inputs
    rows = inputs.indicators[inputs.indicators["indicator"] == "copd_admissions"]
    rows = rows.assign(
        published_trend=np.where(rows["period"] == "2016/17", "Increasing", "No significant change")
    )
    protected = protect(build_panel(rows, inputs.catalogue, inputs.tree), POLICIES["hes_2018"])
    trend = follow(protected.panel, TrendSettings(), rows).query("kind == 'practice'")
    assert trend["suppressed"].any()
    assert trend.loc[trend["suppressed"], "published_trend"].isna().all()
    assert set(trend.loc[~trend["suppressed"], "published_trend"]) == {"Increasing"}
