"""Funnel limits, overdispersion and significance against FunnelPlotR, OHID's method and plain sums."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from benchmarks.funnel import (
    MINIMUM_AREAS,
    limits,
    overdispersion,
    proportion_limits,
    ratio_limits,
    significance,
    z_scores,
)
from benchmarks.intervals import rate_interval

KINDS = ("ratio_log", "ratio_sqrt", "proportion", "ratio_of_counts")
# FunnelPlotR types its normal deviates out; these are their exact coverages.
FUNNELPLOTR = {"95": 2 * stats.norm.cdf(1.959964) - 1, "99": 2 * stats.norm.cdf(3.090232) - 1}


def kind_of(run) -> str:
    names = {"PR": "proportion", "RC": "ratio_of_counts"}
    return names.get(run.data_type) or {"SHMI": "ratio_log", "CQC": "ratio_sqrt"}[run.sr_method]


@pytest.fixture(scope="module")
def runs(vectors: Path) -> list:
    return list(reference_runs(vectors))


def reference_runs(vectors: Path):
    runs = pd.read_csv(vectors / "funnel" / "overdispersion_runs.csv")
    inputs = pd.read_csv(vectors / "funnel" / "overdispersion_inputs.csv", dtype={"group": str})
    counts = inputs.groupby(["dataset", "group"], as_index=False)[["numerator", "denominator"]].sum()
    areas = pd.read_csv(vectors / "funnel" / "overdispersion_areas.csv", dtype={"group": str})
    for run in runs.itertuples():
        mine = counts[counts.dataset == run.dataset].drop(columns="dataset")
        if run.sr_method == "SHMI" and run.data_type == "SR" and run.SHMI_rounding:
            mine = mine.assign(denominator=mine.denominator.round(2))
        theirs = areas[areas.run == run.run].drop(columns=["run", "numerator", "denominator"])
        yield run, kind_of(run), mine.merge(theirs, on="group", validate="one_to_one")


def test_phi_and_tau2_agree_with_reference_values(runs):
    seen = set()
    for run, kind, rows in runs:
        ours = overdispersion(rows.numerator, rows.denominator, kind=kind, trim=run.trim_by)
        assert_allclose([ours.phi, ours.tau2], [run.phi, run.tau2], rtol=1e-9, err_msg=f"run {run.run}")
        assert ours.areas == run.n_groups
        seen.add(kind)
    assert seen == set(KINDS)


def test_z_scores_agree_with_reference_values(runs):
    for run, kind, rows in runs:
        ours = z_scores(rows.numerator, rows.denominator, kind=kind)
        assert_allclose(ours, rows.Uzscore, rtol=1e-9, atol=1e-12, err_msg=f"run {run.run}")


@pytest.mark.parametrize("level", ["95", "99"])
def test_overdispersed_limits_agree_with_reference_values(runs, level):
    for run, kind, rows in runs:
        target = rows.numerator.sum() / rows.denominator.sum() if run.data_type != "SR" else 1.0
        ours = limits(
            rows.denominator, kind=kind, target=target, tau2=run.tau2, confidence=FUNNELPLOTR[level]
        )
        lower, upper = (rows[f"OD{level}{end}"] / run.multiplier for end in ("LCL", "UCL"))
        if kind == "ratio_sqrt":  # the peer leaves these on the square root's scale
            ours, positive = ours._replace(lower=np.sqrt(ours.lower), upper=np.sqrt(ours.upper)), lower > 0
            assert_array_equal(ours.lower > 0, positive)
            lower = lower.where(positive, 0.0)
        if kind == "proportion":  # the peer squares one limit below 0 back up, where ours stays at 0
            assert (lower[ours.lower == 0] < 1e-3).all()
            lower = lower.where(ours.lower > 0, 0.0)
        assert_allclose(ours.lower, lower, rtol=1e-9, err_msg=f"run {run.run}")
        assert_allclose(ours.upper, upper, rtol=1e-9, err_msg=f"run {run.run}")


def test_exact_ratio_limits_agree_with_reference_values(runs):
    for run, kind, rows in runs:
        if kind.startswith("ratio_") and run.data_type == "SR":
            for confidence, level in ((0.95, "95"), (0.998, "99")):
                ours = ratio_limits(rows.denominator, confidence=confidence)
                assert_allclose(ours.lower * run.multiplier, rows[f"LCL{level}"], rtol=1e-9)
                assert_allclose(ours.upper * run.multiplier, rows[f"UCL{level}"], rtol=1e-9)


@pytest.mark.parametrize(
    ("expected", "lower", "upper"), [(10, 0.4795, 1.8390), (50, 0.7422, 1.3184), (200, 0.8662, 1.1486)]
)
def test_ratio_limits_are_the_published_ones(expected, lower, upper):
    assert_allclose(ratio_limits(expected), (lower, upper), atol=1e-4)


def test_significance_agrees_with_reference_values(vectors: Path):
    rows = pd.read_csv(vectors / "funnel" / "significance_ratio.csv")
    words = {"Low (0.001)": -2, "Low (0.025)": -1, "Not significant": 0, "High (0.025)": 1, "High (0.001)": 2}
    assert_array_equal(significance(rows.obs, rows.expected), rows.significance.map(words))


def test_significance_says_whether_one_lies_in_the_interval_of_the_ratio():
    rng = np.random.default_rng(8)
    expected = rng.uniform(0.5, 80, 2000)
    observed = rng.poisson(expected * rng.choice([0.5, 1, 2], 2000)).astype(float)
    code = significance(observed, expected)
    for confidence, step in ((0.95, 1), (0.998, 2)):
        interval = rate_interval(observed, expected, confidence=confidence)
        assert_array_equal(code >= step, interval.lower > 1)
        assert_array_equal(code <= -step, interval.upper < 1)


def test_significance_of_nothing_expected_is_missing():
    assert_array_equal(significance([0, 5, np.nan, 5], [0, 0, 5, np.nan]), [np.nan] * 4)


def test_overdispersion_by_hand():
    observed, expected = np.array([52, 90, 61, 20.0]), np.array([50, 60, 55, 45.0])
    z = np.log(observed / expected) * np.sqrt(expected)
    phi = (z**2).mean()
    tau2 = (4 * phi - 3) / (expected.sum() - (expected**2).sum() / expected.sum())
    ours = overdispersion(observed, expected, kind="ratio_log", trim=0)
    assert_allclose([ours.phi, ours.tau2], [phi, tau2])
    assert ours.areas == 4


def test_tau2_is_zero_where_areas_differ_no_more_than_by_chance():
    ours = overdispersion([50, 51, 49, 50], [50, 50, 50, 50], kind="ratio_sqrt")
    assert ours.tau2 == 0
    assert 0 < ours.phi < 1


@pytest.mark.parametrize(("kind", "true"), [("ratio_log", 0.04), ("ratio_sqrt", 0.01), ("proportion", 0.004)])
def test_tau2_recovers_the_variance_it_was_made_with(kind, true):
    rng = np.random.default_rng(11)
    size = rng.uniform(300, 3000, (60, 200))
    noise = rng.normal(0, np.sqrt(true), size.shape)
    if kind == "proportion":
        n = size.round()
        x = rng.binomial(n.astype(int), np.sin(np.arcsin(np.sqrt(0.3)) + noise) ** 2)
    else:
        n = size
        x = rng.poisson(n * (np.exp(noise) if kind == "ratio_log" else (1 + noise) ** 2))
    assert_allclose(overdispersion(x, n, kind=kind, trim=0).tau2.mean(), true, rtol=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_areas_without_a_value_change_nothing_for_the_others(kind):
    rng = np.random.default_rng(5)
    n = rng.integers(50, 900, 40).astype(float)
    x = rng.binomial(n.astype(int), 0.3).astype(float)
    x2, n2 = np.append(x, [np.nan, 5, 0]), np.append(n, [30, np.nan, 0])
    some, all_ = overdispersion(x, n, kind=kind), overdispersion(x2, n2, kind=kind)
    assert_allclose([some.phi, some.tau2], [all_.phi, all_.tau2], rtol=1e-12)
    assert (some.areas, all_.areas) == (40, 40)
    z = z_scores(x2, n2, kind=kind)
    assert_allclose(z[:40], z_scores(x, n, kind=kind), rtol=1e-12)
    assert np.isnan(z[40:]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_no_event_at_all_gives_finite_numbers_or_missing_ones(kind):
    ours = overdispersion(np.zeros((1, 30)), np.full((1, 30), 20.0), kind=kind)
    assert not np.isinf(ours.phi).any()
    assert not np.isinf(ours.tau2).any()


def test_a_single_zero_count_does_not_blow_phi_up():
    x = np.array([0.0, 9, 11, 10, 12, 8])
    ours = overdispersion(x, np.full(6, 10.0), kind="ratio_log", trim=0)
    as_half = overdispersion(np.where(x == 0, 0.5, x), np.full(6, 10.0), kind="ratio_log", trim=0)
    assert ours.phi == as_half.phi


@pytest.mark.parametrize(("areas", "phi", "tau2"), [(0, False, False), (1, True, False), (2, True, True)])
def test_one_area_has_no_variance_between_areas(areas, phi, tau2):
    x = np.array([5.0, 30.0, np.nan])[[*range(areas), 2]]
    ours = overdispersion(x, np.full(areas + 1, 10.0), kind="ratio_sqrt")
    assert (np.isfinite(ours.phi), np.isfinite(ours.tau2), ours.areas) == (phi, tau2, areas)


def test_trimming_cuts_whole_areas_from_ratios_and_draws_others_in():
    # 15 areas, a tenth of which is one and a half: one area off at each end.
    observed, expected = np.array([1.0, *([50.0] * 13), 500.0]), np.full(15, 50.0)
    assert overdispersion(observed, expected, kind="ratio_log").phi == 0
    assert overdispersion(observed, expected, kind="ratio_log", trim=0.05).phi > 10
    z = z_scores(observed, expected, kind="ratio_sqrt")
    clipped = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    assert_allclose(overdispersion(observed, expected, kind="ratio_sqrt").phi, (clipped**2).mean())


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=2, max_size=30),
    st.sampled_from(KINDS),
    st.randoms(),
)
@settings(max_examples=60)
def test_order_of_areas_does_not_matter(pairs, kind, random):
    x, extra = np.array(pairs, dtype=float).T
    n = x + extra
    order = random.sample(range(len(x)), len(x))
    ours = overdispersion(x, n, kind=kind, trim=0)
    other = overdispersion(x[order], n[order], kind=kind, trim=0)
    assert_allclose([ours.phi, ours.tau2], [other.phi, other.tau2], rtol=1e-9, atol=1e-12)
    assert_allclose(z_scores(x, n, kind=kind)[order], z_scores(x[order], n[order], kind=kind), atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_worked_out_one_by_one(kind):
    rng = np.random.default_rng(6)
    n = rng.integers(20, 400, (2, 3, 35)).astype(float)
    x = rng.binomial(n.astype(int), rng.beta(6, 14, n.shape)).astype(float)
    x[1, 2, :9] = np.nan
    together = overdispersion(x, n, kind=kind)
    for row in np.ndindex(2, 3):
        alone = overdispersion(x[row], n[row], kind=kind)
        assert_allclose([together.phi[row], together.tau2[row]], [alone.phi, alone.tau2], rtol=1e-12)
    band = limits(n, kind=kind, target=0.3, tau2=together.tau2[..., None])
    assert_allclose(band.upper[1, 0], limits(n[1, 0], kind=kind, target=0.3, tau2=together.tau2[1, 0]).upper)


@pytest.mark.parametrize("kind", ["ratio_log", "ratio_sqrt", "proportion"])
def test_an_area_on_a_limit_has_the_z_of_that_limit(kind):
    n = np.array([40.0, 250.0])
    for options in ({"tau2": 0.01}, {"phi": 2.5}):
        band = limits(n, kind=kind, target=0.4, confidence=0.95, **options)
        assert_allclose(z_scores(band.upper * n, n, kind=kind, target=0.4, **options), stats.norm.ppf(0.975))
        assert_allclose(z_scores(band.lower * n, n, kind=kind, target=0.4, **options), stats.norm.ppf(0.025))


@given(st.floats(1, 1e6), st.floats(0, 1), st.sampled_from(KINDS))
def test_limits_bracket_the_target_and_widen(denominator, tau2, kind):
    band = limits(denominator, kind=kind, target=0.5, tau2=tau2)
    wider = limits(denominator, kind=kind, target=0.5, tau2=tau2 + 0.1)
    outer = limits(denominator, kind=kind, target=0.5, tau2=tau2, confidence=0.998)
    assert 0 <= outer.lower <= band.lower < 0.5 < band.upper <= outer.upper
    assert wider.lower <= band.lower < band.upper <= wider.upper


def test_square_root_limits_are_on_the_plotted_scale():
    band = limits([100.0], kind="ratio_sqrt", target=1.0)
    z = stats.norm.ppf(0.975)
    assert_allclose([band.lower[0], band.upper[0]], [(1 - z / 20) ** 2, (1 + z / 20) ** 2])


def test_limits_of_an_empty_area_are_missing():
    for band in (
        limits([0, np.nan, 5], kind="ratio_log", target=1),
        ratio_limits([0, np.nan, 5]),
        proportion_limits([0, np.nan, 5], mean=0.5),
    ):
        assert_array_equal(np.isnan(band.lower), [True, True, False])


def test_proportion_limits_are_those_of_the_normal_and_stay_a_proportion():
    band = proportion_limits([400, 4], mean=0.1)
    se = np.sqrt(0.1 * 0.9 / 400)
    assert_allclose([band.lower[0], band.upper[0]], stats.norm.interval(0.95, 0.1, se))
    assert band.lower[1] == 0


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"expected kind to be one of ratio_log, .* got 'rate'"):
        limits([5], kind="rate", target=1)
    with pytest.raises(ValueError, match=r"expected trim from 0 to below 0.5, got 0.5"):
        overdispersion([1, 2], [3, 4], kind="ratio_log", trim=0.5)
    with pytest.raises(ValueError, match="got 9 of 4 at position 1"):
        overdispersion([1, 9], [3, 4], kind="proportion")
    with pytest.raises(ValueError, match=r"got 1.5 of 1"):
        proportion_limits([10], mean=1.5)
    with pytest.raises(ValueError, match="expected observed >= 0"):
        significance([-1], [3])


def test_the_fewest_areas_are_a_named_number():
    assert MINIMUM_AREAS == 20
