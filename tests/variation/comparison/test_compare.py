"""The comparison on the synthetic example, whose truth is known, and on small hand-made panels."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.stats import false_discovery_control, norm

from variation.comparison.compare import compare, frame_of
from variation.comparison.peering import choose_peers
from variation.figures.panel import build_panel
from variation.settings import ComparisonSettings

LATEST = "2016/17"

# The calibrated rule on every area, whatever its reliability.
TESTED = ComparisonSettings(flag_reliability=0)


@pytest.fixture(scope="module")
def practices(example_analysis):
    comparison = example_analysis.comparison
    return comparison[comparison["kind"] == "practice"]


@pytest.fixture(scope="module")
def truth(example_folder):
    return pd.read_parquet(example_folder / "truth.parquet")


@pytest.fixture(scope="module")
def crude(practices, truth, example_analysis):
    """Practices' figures beside their truth, where the value is a plain numerator over denominator."""
    catalogue = example_analysis.inputs.catalogue.set_index("indicator")
    rows = practices.merge(truth, on=["indicator", "area", "period"])
    rows = rows[rows["indicator"].map(catalogue["standardise"]) == "none"]
    return rows.assign(
        kind=rows["indicator"].map(catalogue["kind"]),
        true=rows["true_value"] * rows["indicator"].map(catalogue["multiplier"]),
    )


@pytest.mark.parametrize(
    ("kind", "rows"), [("proportion", 10_000), ("rate", 5_000), ("spend", 5_000), ("mean", 200)]
)
@pytest.mark.parametrize(("level", "low", "high"), [("95", 0.935, 0.972), ("998", 0.994, 1.01)])
def test_intervals_cover_the_true_rate_as_often_as_they_say(crude, kind, rows, level, low, high):
    own = crude[(crude["kind"] == kind) & crude[f"lower_{level}"].notna()]
    assert len(own) > rows
    covered = (own[f"lower_{level}"] <= own["true"]) & (own["true"] <= own[f"upper_{level}"])
    assert low < covered.mean() < high


@pytest.fixture(scope="module")
def tested(example_analysis):
    """Practices compared without the reliability gate."""
    inputs = example_analysis.inputs
    panel = build_panel(inputs.indicators, inputs.catalogue, inputs.tree)
    peerings = choose_peers(inputs.tree, inputs.settings.peers, seed=1, findings=[])
    return compare(panel, peerings, TESTED).comparison.query("kind == 'practice'")


def test_where_nothing_varies_the_calibrated_rule_flags_what_it_says_and_the_rightcare_rule_five_times_as_many(
    tested, truth, example_analysis
):
    catalogue = example_analysis.inputs.catalogue.set_index("indicator")
    alike = truth.groupby("indicator").agg(sd=("true_relative_sd", "max"))
    spread = (
        truth[truth["period"] == LATEST]
        .groupby("indicator")["warranted_value"]
        .agg(lambda v: v.std() / v.mean())
    )
    names = alike.index[(alike["sd"] == 0) & (spread < 0.01)]
    names = [name for name in names if catalogue.loc[name, "polarity"] != "local"]
    own = tested[tested["indicator"].isin(names) & (tested["significance"] != "not tested")]
    assert len(own) > 1500
    assert (own["significance"] == "worse").mean() == pytest.approx(0.025, abs=0.01)
    assert (own["significance_rightcare"] == "worse").mean() > 0.09


def test_areas_below_the_reliability_gate_are_not_tested_by_the_calibrated_rule(practices):
    unreliable = practices["reliability"] < 0.7
    assert 0.2 < unreliable.mean() < 0.8
    assert (practices.loc[unreliable, "significance"] == "not tested").all()
    assert (practices.loc[unreliable, "significance_rightcare"] != "not tested").mean() > 0.9


def test_an_indicator_without_real_variation_is_flagged_nowhere(practices, truth):
    alike = truth.groupby("indicator")["true_relative_sd"].max()
    own = practices[practices["indicator"].isin(alike.index[alike == 0])]
    assert own["significance"].isin(["worse", "better"]).mean() < 0.005


def test_a_parents_figures_are_the_sums_of_its_practices(practices, example_analysis):
    areas = example_analysis.inputs.areas.set_index("area")
    sums = practices.assign(area=practices["area"].map(areas["parent"]))
    keys = ["indicator", "period", "area"]
    sums = sums.groupby(keys)[["numerator", "denominator"]].sum()
    localities = example_analysis.comparison.query("kind == 'locality'").set_index(keys)
    pd.testing.assert_frame_equal(
        localities.loc[sums.index, ["numerator", "denominator"]], sums, check_dtype=False
    )


def test_the_value_of_the_top_is_the_centre_of_every_funnel(example_analysis):
    top = example_analysis.comparison.query("kind == 'icb'")
    assert len(top) > 400
    np.testing.assert_allclose(top["value"], top["funnel_target"], rtol=1e-9)


def test_adjusted_funnel_limits_are_never_inside_those_of_chance(practices):
    rows = practices[practices["funnel_lower_95"].notna()]
    for level in ("95", "998"):
        assert (rows[f"funnel_adjusted_lower_{level}"] <= rows[f"funnel_lower_{level}"] + 1e-9).all()
        assert (rows[f"funnel_adjusted_upper_{level}"] >= rows[f"funnel_upper_{level}"] - 1e-9).all()


def test_a_difference_is_significant_exactly_where_its_interval_leaves_out_zero(tested):
    practices = tested
    outside = (practices["difference_lower_95"] > 0) | (practices["difference_upper_95"] < 0)
    flagged = ~practices["significance"].isin(["similar", "not tested"])
    assert (outside == flagged).all()


def test_local_indicators_are_higher_or_lower_and_never_better_or_worse(practices, example_analysis):
    catalogue = example_analysis.inputs.catalogue.set_index("indicator")
    local = practices["indicator"].map(catalogue["polarity"]) == "local"
    assert local.sum() > 3000
    assert set(practices.loc[local, "significance"]) <= {"higher", "lower", "similar", "not tested"}
    assert not set(practices.loc[~local, "significance"]) & {"higher", "lower"}


def test_rank_and_percentile_agree_with_pandas(practices):
    one = practices[(practices["indicator"] == "falls_admissions") & (practices["period"] == LATEST)]
    rank = one["value"].rank(method="min")
    assert (one["rank"] == rank).all()
    np.testing.assert_allclose(one["percentile"], 100 * (rank - 1) / (len(one) - 1))


def test_the_order_of_the_input_rows_changes_nothing(example_analysis):
    inputs = example_analysis.inputs
    some = inputs.indicators[
        inputs.indicators["indicator"].isin(["falls_admissions", "copd_review", "deaths"])
    ]
    peerings = choose_peers(inputs.tree, inputs.settings.peers, seed=1, findings=[])
    tables = [
        compare(build_panel(rows, inputs.catalogue, inputs.tree), peerings, TESTED).comparison
        for rows in (some, some.sample(frac=1, random_state=1))
    ]
    pd.testing.assert_frame_equal(*tables, rtol=1e-12)


def test_benjamini_hochberg_takes_flags_back_as_scipy_would(example_analysis):
    inputs = example_analysis.inputs
    panel = build_panel(inputs.indicators, inputs.catalogue, inputs.tree)
    peerings = choose_peers(inputs.tree, inputs.settings.peers, seed=1, findings=[])
    plain, strict = (
        compare(panel, peerings, TESTED.model_copy(update={"false_discovery_rate": rate})).comparison
        for rate in (None, 0.05)
    )
    one = plain[(plain["area"] == "SYN010") & (plain["period"] == LATEST) & plain["z"].notna()]
    stands = false_discovery_control(2 * norm.sf(one["z"].abs())) <= 0.05
    was = one["significance"].isin(["better", "worse", "higher", "lower"])
    now = strict.loc[one.index, "significance"].isin(["better", "worse", "higher", "lower"])
    assert 0 < now.sum() < was.sum()
    np.testing.assert_array_equal(now, was & stands)


@pytest.mark.parametrize("threads", [1, 3])
def test_blocks_of_any_size_on_any_number_of_threads_give_the_same_tables(
    example_analysis, monkeypatch, threads
):
    inputs = example_analysis.inputs
    some = inputs.indicators[
        inputs.indicators["indicator"].isin(["falls_admissions", "copd_review", "deaths"])
    ]
    panel = build_panel(some, inputs.catalogue, inputs.tree)
    peerings = choose_peers(inputs.tree, inputs.settings.peers, seed=1, findings=[])
    whole = compare(panel, peerings, TESTED)
    monkeypatch.setattr("variation.comparison.compare.BLOCK_CELLS", 1)
    split = compare(panel, peerings, TESTED, threads=threads)
    pd.testing.assert_frame_equal(whole.comparison, split.comparison, check_exact=True)
    pd.testing.assert_frame_equal(whole.variation, split.variation, check_exact=True)


def test_an_area_that_is_no_peer_for_one_indicator_is_replaced_there_and_nowhere_else(example_analysis):
    inputs = example_analysis.inputs
    some = inputs.indicators[inputs.indicators["indicator"].isin(["falls_admissions", "copd_review"])]
    panel = build_panel(some, inputs.catalogue, inputs.tree)
    usual = inputs.settings.peers["practice"]
    barred = usual.model_copy(update={"exclude": {"copd_review": ("SYN009",)}})
    findings = []
    tables = [
        compare(
            panel, choose_peers(inputs.tree, {"practice": own}, seed=1, findings=findings), TESTED
        ).comparison
        for own in (usual, barred)
    ]
    before, after = (table.set_index(["indicator", "period", "area"]) for table in tables)
    moved = before.index[(before["comparator_value"] != after["comparator_value"]) & before["z"].notna()]
    held = example_analysis.peers.query("peer == 'SYN009'")["area"]
    assert set(moved.get_level_values("indicator")) == {"copd_review"}
    assert set(moved.get_level_values("area")) == set(held)
    assert (after["peers_used"] == before["peers_used"]).all()
    assert [finding.code for finding in findings] == ["excluded_peers"]


def test_texts_that_blocks_share_are_held_once_and_others_are_kept_apart():
    def block(indicator: str, areas: list[str]) -> pa.Table:
        texts = {"indicator": [indicator] * len(areas), "area": areas}
        return pa.table({name: pa.array(words, pa.large_string()) for name, words in texts.items()})

    blocks = [block("A", ["P1", "P2"]), block("B", ["P1", "P2"]), block("C", ["P2", "P3"])]
    table = pa.Table.from_pandas(frame_of(blocks))
    assert table.to_pylist() == pa.concat_tables(blocks).to_pylist()
    first, second, third = (chunk.buffers()[2].address for chunk in table["area"].chunks)
    assert first == second != third
    assert len({chunk.buffers()[2].address for chunk in table["indicator"].chunks}) == 3
