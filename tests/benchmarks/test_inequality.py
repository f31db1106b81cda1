"""Slope and relative index, and the gradient over areas, against phe_sii, statsmodels and simulation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.inequality import fractional_rank, gradient, slope_index

PEOPLE, RATES = [100, 120, 110, 90, 80], [30, 28, 25, 22, 18]


def test_slope_index_gives_the_published_values():
    index = slope_index(PEOPLE, RATES)
    assert index.sii == pytest.approx(-14.22306, abs=1e-5)
    assert index.rii == pytest.approx(0.557899, abs=1e-6)
    assert np.isnan(index.sii_limits.lower)
    assert np.isnan(index.rii_limits.upper)


def test_slope_index_is_a_weighted_regression_on_the_middle_rank():
    share = np.array(PEOPLE) / 500
    rank = np.cumsum(share) - share / 2
    fit = sm.WLS(RATES, sm.add_constant(rank), weights=PEOPLE).fit()
    index = slope_index(PEOPLE, RATES)
    assert index.sii == pytest.approx(fit.params[1], rel=1e-12)
    assert index.rii == pytest.approx(fit.params.sum() / fit.params[0], rel=1e-12)


def test_two_equal_groups_are_half_the_range_apart():
    index = slope_index([50, 50], [10, 20])
    assert index.sii == pytest.approx(20)
    assert index.rii == pytest.approx(25 / 5)


@pytest.mark.parametrize("kind", ["rate", "proportion"])
def test_slope_index_equals_phe_sii_and_its_simulated_limits(vectors: Path, kind: str):
    folder = vectors / "inequality"
    name, expected_name = {
        "rate": ("sii_input.csv", "sii_expected_type0_se.csv"),
        "proportion": ("sii_prop_input.csv", "sii_expected_type2_prop.csv"),
    }[kind]
    groups = pd.read_csv(folder / name).sort_values(["case", "quantile"])
    expected = pd.read_csv(folder / expected_name).sort_values("case")
    people, value = (groups[column].to_numpy().reshape(-1, 10) for column in ("population", "value"))
    error = (
        groups["se"].to_numpy().reshape(-1, 10) if kind == "rate" else np.sqrt(value * (1 - value) / people)
    )
    index = slope_index(people, value, standard_error=error)
    np.testing.assert_allclose(index.sii, expected["sii"], rtol=1e-9)
    np.testing.assert_allclose(index.rii, expected["rii"], rtol=1e-9)
    # A slope may be near 0, so 1 % is of the interval's width; for proportions 1.2 %, as the simulation there
    # goes through the log odds and its 50,000 draws leave an error of 0.5 % in each limit.
    width = expected["sii_upper95_0cl"] - expected["sii_lower95_0cl"]
    allowed = 0.01 if kind == "rate" else 0.012
    assert (abs(index.sii_limits.lower - expected["sii_lower95_0cl"]) < allowed * width).all()
    assert (abs(index.sii_limits.upper - expected["sii_upper95_0cl"]) < allowed * width).all()
    np.testing.assert_allclose(index.rii_limits.lower, expected["rii_lower95_0cl"], rtol=0.01)
    np.testing.assert_allclose(index.rii_limits.upper, expected["rii_upper95_0cl"], rtol=0.01)


def test_limits_agree_with_simulation_at_another_confidence():
    error = np.array([1.5, 1.2, 1.4, 1.3, 1.6])
    index = slope_index(PEOPLE, RATES, standard_error=error, confidence=0.8)
    draws = np.random.default_rng(5).normal(RATES, error, (40_000, 5))
    simulated = slope_index(PEOPLE, draws)
    for limits, drawn in ((index.sii_limits, simulated.sii), (index.rii_limits, simulated.rii)):
        width = limits.upper - limits.lower
        np.testing.assert_allclose(limits, np.quantile(drawn, [0.1, 0.9]), atol=0.012 * width)


def test_relative_index_is_missing_where_the_most_deprived_have_nothing():
    index = slope_index([50, 50], [0, 20], standard_error=[1, 1])
    assert index.sii == pytest.approx(40)
    assert np.isnan(index.rii)


def test_relative_limits_are_missing_where_the_ratio_has_none():
    index = slope_index([50, 50], [10, 20], standard_error=[8, 8])
    assert index.rii == pytest.approx(5)
    assert np.isnan(index.rii_limits.lower)
    assert np.isfinite(index.sii_limits.lower)


def test_a_missing_value_makes_only_its_own_set_missing():
    index = slope_index(PEOPLE, [RATES, [30, np.nan, 25, 22, 18]])
    assert index.sii[0] == pytest.approx(slope_index(PEOPLE, RATES).sii)
    assert np.isnan(index.sii[1])


def test_a_group_of_nobody_has_no_weight_even_without_a_value():
    with_nobody = slope_index([100, 120, 0, 110, 90, 80], [30, 28, np.nan, 25, 22, 18])
    assert with_nobody.sii == pytest.approx(slope_index(PEOPLE, RATES).sii)


@pytest.mark.parametrize("people", [[0, 0, 0], [7, 0, 0], [np.nan, 5, 5]])
def test_slope_without_two_groups_of_people_is_missing(people: list[float]):
    assert np.isnan(slope_index(people, [1, 2, 3]).sii)


def test_slope_index_names_a_negative_population():
    with pytest.raises(ValueError, match="population >= 0, got -1 at position 1"):
        slope_index([1, -1], [1, 2])


@given(
    arrays(float, 6, elements=st.floats(10, 1000)),
    arrays(float, 6, elements=st.floats(5, 100)),
    st.floats(0.1, 50),
)
@settings(max_examples=60, deadline=None)
def test_slope_scales_with_the_unit_and_turns_with_the_order(
    people: np.ndarray, value: np.ndarray, scale: float
):
    index = slope_index(people, value)
    assert slope_index(people, value * scale).sii == pytest.approx(index.sii * scale, abs=1e-7)
    assert slope_index(people * scale, value).sii == pytest.approx(index.sii, abs=1e-7)
    assert slope_index(people[::-1], value[::-1]).sii == pytest.approx(-index.sii, abs=1e-7)
    assert slope_index(people, np.full(6, 4.0)).sii == pytest.approx(0, abs=1e-9)


def _areas(number: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    score = rng.uniform(5, 60, number)
    return score, 40 + score + rng.normal(0, 9, number), rng.integers(900, 4000, number).astype(float)


def test_gradient_is_weighted_least_squares_on_the_rank():
    score, value, people = _areas()
    rank = pd.Series(score).rank().to_numpy()
    fit = sm.WLS(value, sm.add_constant((rank - 1) / 39), weights=people).fit()
    result = gradient(score, value, people)
    assert [result.intercept, result.slope] == pytest.approx(list(fit.params))
    assert [result.lower, result.upper] == pytest.approx(list(fit.conf_int()[1]))
    assert result.areas == 40


def test_gradient_at_another_confidence_is_that_of_statsmodels():
    score, value, people = _areas()
    rank = (pd.Series(score).rank().to_numpy() - 1) / 39
    fit = sm.WLS(value, sm.add_constant(rank), weights=people).fit()
    result = gradient(score, value, people, confidence=0.998)
    assert [result.lower, result.upper] == pytest.approx(list(fit.conf_int(alpha=0.002)[1]))


def test_gradient_on_the_national_rank_reaches_from_least_to_most_deprived_of_the_country():
    national = np.arange(101.0)
    local = np.array([10.0, 20.0, 30.0])
    result = gradient(local, 5 + 0.2 * local, [1, 1, 1], national=national)
    assert result.slope == pytest.approx(20)
    assert result.intercept == pytest.approx(5)
    assert gradient(local, 5 + 0.2 * local, [1, 1, 1]).slope == pytest.approx(4)


def test_gradient_leaves_out_areas_without_a_figure_or_people():
    score, value, people = _areas(12)
    value[3], people[7], score[9] = np.nan, 0, np.nan
    kept = [i for i in range(12) if i not in (3, 7, 9)]
    assert gradient(score, value, people) == gradient(score[kept], value[kept], people[kept])
    assert gradient(score, value, people).areas == 9


def test_gradient_of_two_areas_or_of_equal_deprivation_is_missing():
    assert np.isnan(gradient([1, 2], [3, 4], [5, 6]).slope)
    assert np.isnan(gradient([], [], []).slope)
    assert np.isnan(gradient([1, 1, 1, 1], [3, 4, 5, 6], [5, 6, 7, 8]).slope)


def test_gradient_names_shapes_that_differ():
    with pytest.raises(ValueError, match=r"one length, got shapes \(3,\), \(2,\) and \(3,\)"):
        gradient([1, 2, 3], [1, 2], [1, 2, 3])


@given(st.permutations(range(40)))
@settings(max_examples=25, deadline=None)
def test_gradient_does_not_depend_on_the_order_of_areas(order: list[int]):
    score, value, people = _areas()
    assert gradient(score[order], value[order], people[order]).slope == pytest.approx(
        gradient(score, value, people).slope
    )


@given(arrays(float, st.integers(2, 30), elements=st.integers(0, 12)))
@settings(max_examples=60, deadline=None)
def test_fractional_rank_is_the_average_rank_of_pandas(score: np.ndarray):
    expected = (pd.Series(score).rank() - 1) / (len(score) - 1)
    np.testing.assert_allclose(fractional_rank(score, score), expected, atol=1e-12)


def test_fractional_rank_of_one_area_or_a_missing_score_is_missing():
    assert np.isnan(fractional_rank([3.0], [3.0])).all()
    np.testing.assert_array_equal(fractional_rank([np.nan, 1.0, 2.0], [1.0, 2.0, np.nan]), [np.nan, 0, 1])
