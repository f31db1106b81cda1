"""Doubts: calibrated against exact and simulated chance, blind to what all share, sharp on slips."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.stats import binom, norm, poisson

from benchmarks.plausibility import THRESHOLD, far_from_all, jumps
from benchmarks.usual_variation import deviance_z, median, usual_variance

NAN = np.nan


# --- two counts


@settings(max_examples=100)
@given(
    first=st.integers(0, 300),
    second=st.integers(0, 300),
    exposure=st.floats(0.1, 500),
    base=st.floats(0.1, 500),
)
def test_the_square_is_the_likelihood_ratio_of_the_binomial_that_two_poisson_counts_make(
    first, second, exposure, base
):
    both = first + second
    z = deviance_z(first, exposure, second, base)
    if both == 0:
        assert z == 0
        return
    best = binom.logpmf(first, both, first / both)
    null = binom.logpmf(first, both, exposure / (exposure + base))
    np.testing.assert_allclose(z**2, 2 * (best - null), atol=1e-8)
    assert np.sign(z) == np.sign(first / both - exposure / (exposure + base)) or abs(z) < 1e-6


@pytest.mark.parametrize("mean", [0.5, 2.0, 10.0, 100.0])
def test_tails_are_those_of_a_normal_curve_give_or_take_a_factor_of_ten(mean):
    counts = np.arange(0, 400)
    z = deviance_z(counts, mean, 1e12, 1e12)
    for tail, chance in ((z >= 4, norm.sf(4)), (z <= -4, norm.sf(4))):
        assert poisson.pmf(counts, mean)[tail].sum() <= 10 * chance


@pytest.mark.parametrize(("exposure", "base"), [(0, 1), (1, 0), (NAN, 1), (1, NAN)])
def test_without_exposure_nothing_is_tested(exposure, base):
    assert np.isnan(deviance_z(1, exposure, 1, base))


# --- the usual variation


@given(
    values=arrays(
        float, array_shapes(min_dims=2, max_dims=2), elements=st.floats(-1e9, 1e9) | st.just(np.nan)
    ),
    axis=st.sampled_from([0, 1]),
)
def test_the_median_is_numpys_and_says_nothing_of_nothing(values, axis):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy's, of an empty row
        expected = np.nanmedian(values, axis=axis, keepdims=True)
    np.testing.assert_array_equal(median(values, axis), expected)


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_the_usual_variation_is_told_from_the_middle_and_not_from_those_far_out(share):
    random = np.random.default_rng(4)
    chance = random.uniform(0.001, 0.05, (3, 2000))
    differences = random.normal(0, np.sqrt(0.02 + chance))
    differences[:, : int(share * 2000)] += 5
    found = usual_variance(differences / np.sqrt(chance), chance)
    assert np.all((found > 0.015) & (found < 0.035))


def test_where_chance_explains_all_there_is_no_usual_variation():
    random = np.random.default_rng(4)
    assert (usual_variance(random.normal(0, 0.9, (5, 500)), np.full((5, 500), 0.01)) == 0).all()


def test_nine_figures_do_not_tell_what_is_usual():
    z = np.ones((1, 10))
    assert np.isfinite(usual_variance(z, np.full((1, 10), 0.1))).all()
    z[0, 0] = NAN
    assert np.isnan(usual_variance(z, np.full((1, 10), 0.1))).all()


# --- areas far from all others


def counts(between, mean, shape, seed=7):
    """Counts of areas that differ by a relative standard deviation, and those expected if they were alike."""
    random = np.random.default_rng(seed)
    sizes = mean * random.lognormal(0, 0.6, (1, shape[1])) * np.ones((shape[0], 1))
    rates = random.lognormal(0, between, shape) if between else 1.0
    return random.poisson(sizes * rates).astype(float), sizes


@pytest.mark.parametrize("between", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("mean", [0.5, 5.0, 100.0])
def test_of_a_hundred_thousand_areas_without_any_error_hardly_one_is_doubted(between, mean):
    observed, expected = counts(between, mean, (200, 500))
    assert far_from_all(observed, expected).doubted.sum() <= 2


@pytest.mark.parametrize(("mean", "slip"), [(100, 10), (100, 0), (20, 10), (2000, 3), (2000, 1 / 3)])
def test_a_slip_in_a_count_is_found_and_only_it(mean, slip):
    observed, expected = counts(0.1, mean, (1, 200))
    observed[0, 17] *= slip
    assert np.argwhere(far_from_all(observed, expected).doubted).tolist() == [[0, 17]]


def test_a_large_area_a_little_off_is_no_slip_however_sure_the_difference():
    observed, expected = counts(0.0, 1e6, (1, 200))
    observed[0, 3] *= 1.4
    found = far_from_all(observed, expected)
    assert found.z[0, 3] > THRESHOLD
    assert not found.doubted.any()


def test_missing_areas_are_not_tested_and_do_not_count():
    observed, expected = counts(0.1, 100, (1, 30))
    observed[0, :20] = NAN
    found = far_from_all(observed, expected)
    assert np.isnan(found.z[0, :20]).all()
    assert np.isfinite(found.z[0, 20:]).all()
    observed[0, 20] = NAN  # nine areas do not tell what is usual
    assert np.isnan(far_from_all(observed, expected).z).all()


def test_the_order_of_areas_does_not_matter():
    observed, expected = counts(0.3, 20, (4, 300))
    order = np.random.default_rng(1).permutation(300)
    one, other = far_from_all(observed, expected), far_from_all(observed[:, order], expected[:, order])
    np.testing.assert_allclose(one.z[:, order], other.z, atol=1e-7)


# --- jumps


@pytest.mark.parametrize("between", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("mean", [0.5, 5.0, 100.0])
def test_where_areas_keep_their_rates_none_of_a_hundred_thousand_figures_jumps(between, mean):
    for seed in range(40):
        observed, expected = counts(between, mean, (5, 500), seed)
        assert not jumps(observed, expected).doubted.any()


def test_what_all_areas_share_is_no_jump():
    observed, _ = counts(0.0, 100, (5, 60))
    doubled = observed * np.array([1, 1, 3, 3, 3])[:, None]
    overall = doubled.sum(axis=1, keepdims=True) / doubled.sum() * 5
    assert not jumps(doubled, np.full((5, 60), 100.0) * overall).doubted.any()


def test_slips_of_a_third_of_the_areas_do_not_make_the_others_fall():
    observed, _ = counts(0.1, 200, (5, 60))
    observed[2, :20] *= 10
    overall = observed.sum(axis=1, keepdims=True) / 60
    found = jumps(observed, np.broadcast_to(overall, observed.shape))
    assert np.argwhere(found.doubted).tolist() == [[2, area] for area in range(20)]


@pytest.mark.parametrize("period", range(5))
def test_a_digit_too_many_is_told_in_its_own_period_and_no_other(period):
    observed, expected = counts(0.05, 100, (5, 60))
    observed[period, 9] *= 10
    found = jumps(observed, expected)
    assert np.argwhere(found.doubted).tolist() == [[period, 9]]
    assert found.expected[period, 9] == pytest.approx(np.median(np.delete(observed[:, 9], period)), rel=0.1)


def test_a_new_level_is_told_once_where_it_begins():
    observed, expected = counts(0.05, 200, (7, 60))
    observed[4:, 9] *= 4
    assert np.argwhere(jumps(observed, expected).doubted).tolist() == [[4, 9]]


@pytest.mark.parametrize("periods", [2, 3])
def test_of_few_periods_one_is_told(periods):
    observed, expected = counts(0.05, 300, (periods, 60))
    observed[1, 9] *= 10
    assert np.argwhere(jumps(observed, expected).doubted).tolist() == [[1, 9]]


def test_one_period_is_no_history():
    assert not jumps(np.array([[5.0, 900.0]]), np.array([[5.0, 5.0]])).doubted.any()


def test_a_slow_drift_is_no_jump():
    observed, expected = counts(0.02, 5000, (12, 60))
    observed[:, 9] *= np.linspace(1, 4, 12)
    assert not jumps(observed, expected).doubted.any()


def test_four_events_after_none_are_no_jump_and_forty_are():
    observed, expected = counts(0.0, 1.0, (5, 200))
    observed[:, 9] = [0, 0, 4, 0, 0]
    assert not jumps(observed, expected).doubted.any()
    observed[2, 9] = 40
    assert np.argwhere(jumps(observed, expected).doubted).tolist() == [[2, 9]]


def test_the_history_of_a_gap_is_the_periods_that_are_there():
    observed, expected = counts(0.05, 200, (6, 60))
    observed[2, 9], observed[4, 9] = NAN, observed[4, 9] * 10
    assert np.argwhere(jumps(observed, expected).doubted).tolist() == [[4, 9]]
