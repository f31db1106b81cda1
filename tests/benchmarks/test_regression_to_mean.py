"""The split of a change, by hand and by simulation with a known truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from benchmarks.regression_to_mean import ChangeSplit, split_change


def _simulated(
    rng: np.random.Generator, *, effect: float, drift: float = 0.1, areas: int = 98
) -> tuple[ChangeSplit, np.ndarray]:
    """Log rates of areas, of which the fifth highest before acted; everyone falls by .05."""
    expected = rng.lognormal(5, 0.6, areas)
    truth, noise = rng.normal(0, 0.15, areas), 1 / np.sqrt(expected)
    before = truth + rng.normal(0, noise)
    acted = before > np.quantile(before, 0.8)
    after = truth - 0.05 + rng.normal(0, drift, areas) + effect * acted + rng.normal(0, noise)
    split = split_change(before, after, variance_before=noise**2, variance_after=noise**2, untreated=~acted)
    return split, acted


@pytest.fixture(scope="module")
def without_effect() -> list[tuple[ChangeSplit, np.ndarray]]:
    rng = np.random.default_rng(17)
    return [_simulated(rng, effect=0.0) for _ in range(300)]


def test_by_hand_with_known_variances():
    split = split_change(
        [8.0, 10.0, 12.0],
        [9.0, 9.0, 9.0],
        variance_before=[3.0] * 3,
        variance_after=[3.0] * 3,
        between_variance=1.0,
        drift_variance=0.0,
    )
    np.testing.assert_allclose(split.reliability, 0.25)
    np.testing.assert_allclose(split.regression_to_mean, [1.5, 0, -1.5])
    np.testing.assert_allclose(split.trend, -1)
    np.testing.assert_allclose(split.excess, [0.5, 0, -0.5])
    # Noise after and what is unknown of the true value; the mean of three holds a third of the own figure.
    variance = (3 + 0.75) * (1 - 2 / 3 + 1 / 3)
    np.testing.assert_allclose(split.excess_limits.upper - split.excess, 1.959964 * variance**0.5, rtol=1e-6)


def test_the_variance_between_areas_is_that_of_dersimonian_and_laird():
    rng = np.random.default_rng(2)
    noise = rng.uniform(0.5, 3, 30)
    before = rng.normal(10, 2, 30)
    split = split_change(before, before, variance_before=noise, variance_after=noise)
    oracle = combine_effects(before, noise, method_re="dl")
    assert split.between_variance == pytest.approx(oracle.tau2)
    mean = before + split.regression_to_mean / (1 - split.reliability)
    np.testing.assert_allclose(mean, oracle.mean_effect_re)


def test_areas_chosen_for_their_figure_fall_without_action_and_the_excess_is_nothing(without_effect):
    change = np.mean([split.change[acted].mean() for split, acted in without_effect])
    excess = np.mean([split.excess[acted].mean() for split, acted in without_effect])
    trend = np.mean([split.trend[0] for split, _ in without_effect])
    assert change < -0.09
    assert excess == pytest.approx(0, abs=0.01)
    assert trend == pytest.approx(-0.05, abs=0.01)


def test_the_limits_cover_no_effect_in_95_of_100(without_effect):
    covered = [
        (split.excess_limits.lower[acted] <= 0) & (split.excess_limits.upper[acted] >= 0)
        for split, acted in without_effect
    ]
    assert np.mean(np.concatenate(covered)) == pytest.approx(0.95, abs=0.015)


def test_the_limits_are_exact_where_the_variances_are_known():
    before_noise, after_noise = np.array([0.1, 0.2, 0.1, 4.0, 9.0]), np.array([0.2, 0.1, 0.3, 5.0, 2.0])
    between, drift, areas = 1.5, 0.4, 5

    def excess(before: np.ndarray, after: np.ndarray) -> ChangeSplit:
        return split_change(
            before,
            after,
            variance_before=before_noise,
            variance_after=after_noise,
            untreated=np.array([True, True, True, False, False]),
            between_variance=between,
            drift_variance=drift,
        )

    # With known variances the excess is linear in the ten figures: unit figures give its coefficients.
    unit, nothing = np.eye(areas), np.zeros(areas)
    on_before = np.column_stack([excess(row, nothing).excess for row in unit])
    on_after = np.column_stack([excess(nothing, row).excess for row in unit])
    variance = (
        on_before**2 @ (before_noise + between)
        + on_after**2 @ (after_noise + between + drift)
        + 2 * between * np.sum(on_before * on_after, axis=1)
    )
    limits = excess(nothing, nothing).excess_limits
    np.testing.assert_allclose((limits.upper - limits.lower) / 2, 1.959964 * np.sqrt(variance), rtol=1e-6)


def test_a_real_effect_and_the_drift_are_recovered():
    rng = np.random.default_rng(23)
    splits = [_simulated(rng, effect=-0.2) for _ in range(200)]
    assert np.mean([split.excess[acted].mean() for split, acted in splits]) == pytest.approx(-0.2, abs=0.01)
    assert np.mean([split.drift_variance for split, _ in splits]) == pytest.approx(0.01, rel=0.15)


def test_without_chance_nothing_regresses():
    split = split_change([8.0, 10.0, 15.0], [9.0, 9.0, 15.0], variance_before=[0.0], variance_after=[0.0])
    np.testing.assert_allclose(split.reliability, 1)
    np.testing.assert_allclose(split.regression_to_mean, 0)


def test_where_all_is_chance_everything_regresses():
    split = split_change([9.0, 10.0, 11.0], [10.0, 10.0, 10.0], variance_before=[50.0], variance_after=[50.0])
    assert split.between_variance == 0
    np.testing.assert_allclose(split.regression_to_mean, [1, 0, -1])
    np.testing.assert_allclose(split.excess, 0, atol=1e-12)


def test_a_missing_area_is_missing_alone():
    before, after = np.array([8.0, 10, 12, 15, 9]), np.array([9.0, 9, 12, 14, 10])
    noise = np.array([1.0, 2, 1, 2, 1])
    whole = split_change(before, after, variance_before=noise, variance_after=noise)
    with_gap = split_change(
        np.append(before, 30),
        np.append(after, np.nan),
        variance_before=np.append(noise, 1),
        variance_after=1.0,
    )
    np.testing.assert_allclose(
        with_gap.excess[:5], split_change(before, after, variance_before=noise, variance_after=[1.0]).excess
    )
    assert np.isnan(with_gap.excess[5])
    assert np.isnan(with_gap.trend[5])
    assert np.isfinite(whole.excess).all()


def test_two_areas_give_no_split():
    split = split_change([1.0, 2.0], [2.0, 2.0], variance_before=[1.0], variance_after=[1.0])
    assert np.isnan(split.excess).all()
    np.testing.assert_array_equal(split.change, [1, 0])


def test_two_untreated_areas_give_no_drift_and_so_no_limits():
    few = np.array([True, True, False, False])
    figures = np.array([1.0, 2.0, 3.0, 9.0])
    noise = np.ones(4)
    split = split_change(figures, figures, variance_before=noise, variance_after=noise, untreated=few)
    assert np.isnan(split.excess_limits.lower).all()
    known = split_change(
        figures, figures, variance_before=noise, variance_after=noise, untreated=few, drift_variance=0.0
    )
    assert np.isfinite(known.excess_limits.lower).all()


def test_impossible_input_is_named():
    with pytest.raises(ValueError, match="variance_after >= 0, got -1 at position 1"):
        split_change([1.0, 2, 3], [1.0, 2, 3], variance_before=[1.0], variance_after=[1.0, -1, 1])
    with pytest.raises(ValueError, match="of one length, got shapes"):
        split_change([1.0, 2, 3], [1.0, 2], variance_before=[1.0], variance_after=[1.0])


@given(st.integers(0, 10_000), st.floats(0.2, 5), st.floats(-20, 20))
@settings(max_examples=40, deadline=None)
def test_the_parts_sum_to_the_change_in_any_unit_and_order(seed: int, scale: float, shift: float):
    rng = np.random.default_rng(seed)
    before, after = rng.normal(10, 2, (2, 12))
    noise = rng.uniform(0.2, 2, 12)
    split = split_change(before, after, variance_before=noise, variance_after=noise)
    np.testing.assert_allclose(split.regression_to_mean + split.trend + split.excess, split.change)
    other = split_change(
        scale * before + shift,
        scale * after + shift,
        variance_before=scale**2 * noise,
        variance_after=scale**2 * noise,
    )
    np.testing.assert_allclose(other.excess, scale * split.excess, atol=1e-8)
    order = rng.permutation(12)
    turned = split_change(
        before[order], after[order], variance_before=noise[order], variance_after=noise[order]
    )
    np.testing.assert_allclose(turned.excess_limits, np.array(split.excess_limits)[:, order])
