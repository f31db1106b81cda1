"""The names that other programs call, with their arguments: they stay importable and do what they say."""

import numpy as np
import pandas as pd
import pytest


def test_intervals_take_counts_and_give_limits():
    from benchmarks.intervals import byar, poisson_exact, rate_interval, wilson

    assert wilson(65, 100, confidence=0.998).lower == pytest.approx(0.495495, abs=1e-6)
    assert byar(65, confidence=0.95).upper == pytest.approx(82.84914, abs=1e-5)
    assert poisson_exact(9, confidence=0.95).lower == pytest.approx(4.11537, abs=1e-5)
    assert rate_interval(10, 1000, confidence=0.95).lower == pytest.approx(4.78745e-3, abs=1e-8)


def test_standardisation_takes_areas_by_bands():
    from benchmarks.standardise import direct, indirect

    rate = direct(
        [[5, 20, 60, 80]], [[10000, 8000, 6000, 2000]], [30000, 35000, 25000, 10000], confidence=0.95
    )
    assert 1e5 * rate.value[0] == pytest.approx(752.5)
    ratio = indirect([[5, 20]], [[1000, 1000]], [100, 200], [10000, 10000], confidence=0.95)
    assert (ratio.observed[0], ratio.expected[0]) == (25, 30)
    assert ratio.lower[0] < ratio.ratio[0] < ratio.upper[0]


def test_similar_takes_features_by_area():
    from benchmarks.peers import similar

    features = pd.DataFrame({"imd": [1.0, 2.0, 9.0], "rural": [0.1, 0.2, 0.9]}, index=["A", "B", "C"])
    found = similar(features, weights="nhse_2021", number=1)
    assert found.columns.tolist() == ["area", "rank", "peer", "distance"]
    assert found["peer"].tolist() == ["B", "A", "B"]


@pytest.mark.parametrize("kind", ["ratio_log", "ratio_sqrt", "proportion", "ratio_of_counts"])
def test_funnel_takes_every_kind(kind):
    from benchmarks.funnel import limits, overdispersion

    spread = overdispersion([52, 90, 61, 20], [150, 160, 155, 145], kind=kind, trim=0.1)
    assert spread.phi > 0
    target = 1.0 if kind.startswith("ratio_l") or kind == "ratio_sqrt" else 0.4
    found = limits([50, 200], kind=kind, target=target, tau2=spread.tau2, confidence=0.95)
    assert (found.lower < target).all()
    assert (found.upper > target).all()


def test_dispersion_describes_the_golden_example():
    from benchmarks.dispersion import describe

    observed = [52, 48, 61, 40, 75, 33, 58, 44, 49, 66]
    found = describe(observed, [50, 52, 49, 47, 55, 45, 51, 50, 48, 53])
    golden = {
        "extremal_quotient": 1.85950, "cv": 0.193580, "weighted_cv": 0.182251, "scv": 1.41986,
        "scv_weighted": 1.79013, "chi_square": 17.47153, "p_value": 0.04182, "i_squared": 0.48488,
        "gamma_shape": 69.350,
    }  # fmt: skip
    for name, value in golden.items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-4), name


def test_trend_takes_a_series_and_a_run():
    from benchmarks.trend import recent_trend, xmr

    chart = xmr([100, 104, 98, 110, 102, 95, 99, 107, 101, 96, 103, 105, 120], run=7)
    np.testing.assert_allclose([chart.mean, chart.lower, chart.upper], [103.077, 84.457, 121.697], atol=1e-3)
    for name in ("outside", "shift", "trend", "two_of_three"):
        assert getattr(chart, name).dtype == bool
    assert recent_trend([515, 593, 620, 808, 803], [17653, 17456, 17771, 17827, 17678]).trend == "Increasing"


def test_inequality_runs_from_most_to_least_deprived():
    from benchmarks.inequality import slope_index

    found = slope_index([100, 120, 110, 90, 80], [30, 28, 25, 22, 18])
    assert found.sii == pytest.approx(-14.22306, abs=1e-5)
    assert found.rii == pytest.approx(0.557899, abs=1e-6)


def test_life_expectancy_takes_twenty_bands():
    from benchmarks.life_expectancy import life_expectancy

    people = np.full((1, 20), 2000.0)
    deaths = np.array([[8, 1, 1, 1, 1, 2, 2, 2, 3, 4, 6, 9, 14, 22, 34, 52, 84, 140, 230, 420]], dtype=float)
    found = life_expectancy(deaths, people, confidence=0.95)
    assert found.value.shape == (1, 20)
    assert found.lower[0, 0] < found.value[0, 0] < found.upper[0, 0]


def test_quantiles_and_percentiles_rank_areas():
    from benchmarks.quantiles import percentile_rank, quantile_group

    assert percentile_rank([1.0, 2.0, 3.0]).tolist() == [0, 50, 100]
    assert quantile_group([10.0, 20.0, 30.0, 40.0], number=2).tolist() == [2, 2, 1, 1]


@pytest.mark.parametrize("comparator", ["peer_mean", "peer_median", "best_5"])
def test_opportunity_draws_have_a_row_a_draw_and_a_column_an_area(comparator):
    from benchmarks.credible import opportunity_draws

    others = [[j for j in range(8) if j != i] for i in range(8)]
    draws = opportunity_draws(
        [40, 50, 60, 45, 55, 90, 48, 52], [55.0] * 8, others, comparator=comparator,
        lower_is_better=True, draws=200, seed=1,
    )  # fmt: skip
    assert draws.shape == (200, 8)
    assert (draws >= 0).all()
    assert draws.mean(axis=0).argmax() == 5


def test_percentile_saving_is_as_if_every_area_stood_there():
    from benchmarks.opportunity import percentile_saving

    saved = percentile_saving([10.0, 20.0, 30.0], [100.0, 100.0, 100.0], percentile=50)
    assert saved.tolist() == [-10, 0, 10]
