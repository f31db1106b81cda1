"""The three shares, by simulation with a known truth and against statsmodels."""

import subprocess
import sys

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.case_mix import VarianceShares, split

OBSERVED = [52, 48, 61, 40, 75, 33, 58, 44, 49, 66]
EXPECTED = [50, 52, 49, 47, 55, 45, 51, 50, 48, 53]


def _drawn(rng: np.random.Generator, *, case_mix: float, rest: float, areas: int = 98, covariates: int = 1):
    """Events of areas whose rate follows the first covariate, and the relative variances of both parts."""
    expected = rng.lognormal(np.log(100), 0.6, areas)
    features = rng.normal(size=(areas, covariates))
    rate = np.exp(np.sqrt(np.log1p(case_mix)) * features[:, 0])
    if rest:
        rate = rate * rng.gamma(1 / rest, rest, areas)
    return rng.poisson(expected * rate), expected, features


def _mean_shares(*, case_mix: float, rest: float, covariates: int = 1) -> tuple[float, float, float]:
    rng = np.random.default_rng(29)
    splits = [split(*_drawn(rng, case_mix=case_mix, rest=rest, covariates=covariates)) for _ in range(60)]
    assert all(shares.adjusted for shares in splits)
    means = np.mean([(s.share_chance, s.share_case_mix, s.share_unwarranted) for s in splits], axis=0)
    return float(means[0]), float(means[1]), float(means[2])


@pytest.mark.parametrize(
    ("case_mix", "rest", "covariates"), [(0.04, 0.02, 1), (0.02, 0.06, 2), (0.0, 0.03, 4), (0.05, 0.0, 1)]
)
def test_the_shares_of_a_known_truth_are_recovered(case_mix: float, rest: float, covariates: int):
    shares = _mean_shares(case_mix=case_mix, rest=rest, covariates=covariates)
    noise = np.exp(0.6**2 / 2) / 100  # mean of 1 / E for these sizes
    total = noise + case_mix + rest * (1 + case_mix)
    truth = [noise / total, 0, rest * (1 + case_mix) / total]
    truth[1] = 1 - truth[0] - truth[2]
    # Clipping at 0 and 1 leaves a little bias where one share is truly nothing.
    np.testing.assert_allclose(shares, truth, atol=0.035)


def test_without_any_true_variation_all_is_chance():
    chance, case_mix, unwarranted = _mean_shares(case_mix=0.0, rest=0.0)
    assert chance > 0.93
    assert case_mix < 0.01
    assert unwarranted < 0.06


def test_variance_is_where_pearsons_sum_meets_its_degrees_of_freedom():
    shares = split(OBSERVED, EXPECTED)
    expected = np.array(EXPECTED) * sum(OBSERVED) / sum(EXPECTED)
    pearson = np.sum((OBSERVED - expected) ** 2 / (expected + shares.variance_before * expected**2))
    assert pearson == pytest.approx(9)
    assert shares.share_chance == pytest.approx(
        np.mean(1 / expected) / (np.mean(1 / expected) + shares.variance_before)
    )


def test_the_model_is_the_poisson_regression_of_statsmodels():
    rng = np.random.default_rng(6)
    observed, expected, features = _drawn(rng, case_mix=0.04, rest=0.02, covariates=2)
    shares = split(observed, expected, features[:, 0] * 7 + 100, features[:, 1])
    standard = (features - features.mean(axis=0)) / features.std(axis=0)
    model = sm.GLM(
        observed, sm.add_constant(standard), family=sm.families.Poisson(), offset=np.log(expected)
    ).fit()
    np.testing.assert_allclose(shares.coefficients, model.params[1:], rtol=1e-6)
    np.testing.assert_allclose(shares.expected, model.fittedvalues, rtol=1e-6)
    assert shares.expected.sum() == pytest.approx(observed.sum())


def test_covariates_may_come_one_by_one_or_as_a_table():
    observed, expected, features = _drawn(np.random.default_rng(6), case_mix=0.04, rest=0.02, covariates=3)
    assert split(observed, expected, features).share_case_mix == pytest.approx(
        split(observed, expected, features[:, :1], features[:, 1], features[:, 2]).share_case_mix
    )


@pytest.mark.parametrize(("areas", "adjusted"), [(6, False), (7, True)])
def test_too_few_areas_credit_nothing_to_case_mix(areas: int, adjusted: bool):
    observed, expected, features = _drawn(np.random.default_rng(1), case_mix=0.3, rest=0.1, covariates=2)
    shares = split(observed[:areas], expected[:areas], features[:areas])
    assert shares.adjusted == adjusted
    assert (shares.share_case_mix > 0) == adjusted
    assert not np.isnan([shares.share_chance, shares.share_case_mix, shares.share_unwarranted]).any()
    assert np.isnan(shares.coefficients).all() != adjusted


def test_without_covariates_the_rest_is_unexplained():
    shares = split(OBSERVED, EXPECTED)
    assert (shares.share_case_mix, shares.adjusted) == (0, False)
    assert shares.share_chance + shares.share_unwarranted == pytest.approx(1)
    assert shares.variance_after == shares.variance_before


def test_an_area_with_a_missing_input_is_left_out():
    observed, expected, features = _drawn(np.random.default_rng(3), case_mix=0.05, rest=0.02)
    gaps = observed.astype(float)
    gaps[4] = np.nan
    with_base = expected.copy()
    with_base[9], gaps[9] = 0, 0
    with_feature = features.copy()
    with_feature[30] = np.nan
    shares = split(gaps, with_base, with_feature)
    kept = np.delete(np.arange(98), [4, 9, 30])
    alone = split(observed[kept], expected[kept], features[kept])
    assert shares.areas == 95
    assert shares.share_case_mix == pytest.approx(alone.share_case_mix)
    assert list(np.flatnonzero(np.isnan(shares.expected))) == [4, 9, 30]


@pytest.mark.parametrize("observed", [[0, 0, 0, 0], [3, 4, np.nan, np.nan]])
def test_with_nothing_to_split_every_share_is_missing(observed: list[float]):
    shares = split(observed, [5, 5, 5, 5], [1, 2, 3, 4])
    assert np.isnan([shares.share_chance, shares.share_case_mix, shares.share_unwarranted]).all()
    assert not shares.adjusted
    assert shares.expected.shape == (4,)


def test_case_mix_that_explains_everything_leaves_no_rest():
    position = np.linspace(-1, 1, 40)
    shares = split(500 * np.exp(0.4 * position), np.full(40, 500), position)
    assert shares.share_unwarranted == pytest.approx(0)
    assert shares.share_case_mix > 0.9


def test_areas_that_are_all_as_expected_show_chance_alone():
    shares = split(EXPECTED, EXPECTED, OBSERVED)
    assert shares.share_chance == 1
    assert shares.share_case_mix == shares.share_unwarranted == 0


def test_a_covariate_twice_or_without_spread_changes_nothing():
    observed, expected, features = _drawn(np.random.default_rng(3), case_mix=0.05, rest=0.02)
    once = split(observed, expected, features)
    again = split(observed, expected, features, features, np.full(98, 3.0))
    assert again.share_case_mix == pytest.approx(once.share_case_mix)
    assert again.coefficients.sum() == pytest.approx(once.coefficients.sum())


def test_a_regression_that_does_not_settle_is_not_used():
    # All events in the last area: the rate ratio would be without bound.
    shares = split(np.append(np.zeros(39), 3), np.full(40, 50), np.linspace(-1, 1, 40))
    assert not shares.adjusted
    assert shares.share_case_mix == 0


def test_impossible_input_is_named():
    with pytest.raises(ValueError, match="expected_base is 0, got 3 at position 1"):
        split([1, 3, 2], [4, 0, 5])
    with pytest.raises(ValueError, match="observed >= 0, got -3 at position 1"):
        split([1, -3, 2], [4, 5, 5])
    with pytest.raises(ValueError, match="one length"):
        split([1, 3, 2], [4, 5, 5], [1, 2])


@given(st.integers(0, 5000), st.floats(0.01, 100))
@settings(max_examples=30, deadline=None)
def test_shares_sum_to_one_and_depend_on_neither_order_nor_unit(seed: int, scale: float):
    rng = np.random.default_rng(seed)
    observed, expected, features = _drawn(rng, case_mix=0.03, rest=0.03, areas=20, covariates=2)
    shares = split(observed, expected, features)
    parts = np.array(_three(shares))
    assert parts.sum() == pytest.approx(1)
    assert ((parts >= 0) & (parts <= 1)).all()
    order = rng.permutation(20)
    turned = split(observed[order], expected[order] * scale, features[order] * scale)
    np.testing.assert_allclose(_three(turned), parts, rtol=1e-5, atol=1e-7)


def _three(shares: VarianceShares) -> tuple[float, float, float]:
    return shares.share_chance, shares.share_case_mix, shares.share_unwarranted


def test_importing_the_module_does_not_import_statsmodels():
    code = "import sys, benchmarks.case_mix; sys.exit('statsmodels' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
