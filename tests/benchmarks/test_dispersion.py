"""Dispersion of areas against published values, scipy's optimiser and simulation."""

from bisect import bisect_left
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize, stats

from benchmarks.dispersion import (
    SHAPE_RANGE,
    clayton_kaldor,
    describe,
    empirical_bayes,
    extremal_quotient_chance,
    gamma_shape,
    systematic_component,
    systematic_component_log,
)

OBSERVED = np.array([52, 48, 61, 40, 75, 33, 58, 44, 49, 66.0])
EXPECTED = np.array([50, 52, 49, 47, 55, 45, 51, 50, 48, 53.0])
SCALED = EXPECTED * OBSERVED.sum() / EXPECTED.sum()
PER_AREA = {"reliability"}

areas = st.lists(st.tuples(st.integers(0, 80), st.floats(0.5, 80)), min_size=2, max_size=25)


def measures(spread) -> dict:
    return {name: value for name, value in asdict(spread).items() if name not in {*PER_AREA, "areas"}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("extremal_quotient", 1.85950),
        ("cv", 0.193580),
        ("weighted_cv", 0.182251),
        ("scv", 1.41986),
        ("scv_weighted", 1.79013),
        ("chi_square", 17.47153),
        ("p_value", 0.04182),
        ("i_squared", 0.48488),
        ("gamma_shape", 69.350),
    ],
)
def test_describe_gives_the_published_values(name, value):
    digits = {"p_value": 5e-6, "gamma_shape": 5e-4}
    assert_allclose(getattr(describe(OBSERVED, EXPECTED), name), value, rtol=1e-5, atol=digits.get(name, 0))


def test_empirical_bayes_gives_the_published_ratios():
    published = [0.9951, 0.9460, 1.0782, 0.9205, 1.1347, 0.8771, 1.0353, 0.9295, 0.9875, 1.0819]
    assert_allclose(empirical_bayes(OBSERVED, EXPECTED), published, atol=5e-5)


def test_the_median_rate_ratio_of_a_variance_of_058_is_207():
    # An exact gamma shape is not given: take the published relation of tau to the median rate ratio.
    spread = describe(OBSERVED, EXPECTED)
    assert_allclose(spread.median_rate_ratio ** (np.sqrt(0.58) / spread.tau), 2.07, atol=5e-3)
    assert_allclose(spread.tau**2, np.log1p(1 / spread.gamma_shape))


def test_chi_square_is_that_of_scipy():
    oracle = stats.chisquare(OBSERVED, SCALED)
    spread = describe(OBSERVED, EXPECTED)
    assert_allclose([spread.chi_square, spread.p_value], [oracle.statistic, oracle.pvalue])


def reference_cases(vectors: Path):
    inputs = pd.read_csv(vectors / "dispersion" / "inputs.csv").groupby("case")
    for case in pd.read_csv(vectors / "dispersion" / "expected.csv").itertuples():
        rows = inputs.get_group(case.case)
        yield case, rows.oi.to_numpy(float), rows.ei.to_numpy(float)


def test_systematic_components_agree_with_reference_values(vectors: Path):
    for case, o, e in reference_cases(vectors):
        assert_allclose(systematic_component(o, e), 100 * case.scv_diehr_raw, rtol=1e-9)
        assert_allclose(systematic_component_log(o, e), 100 * case.scv_mcpherson_raw, rtol=1e-9)


def test_the_extremal_quotient_agrees_with_reference_values(vectors: Path):
    for case, o, e in reference_cases(vectors):
        assert_allclose(describe(o, e).extremal_quotient, case.raw_max_over_min, rtol=1e-9)


def test_clayton_and_kaldor_passes_through_the_reference_values(vectors: Path):
    # The peer stops within some 1e-4 of the end; ours must take that very value on its way there.
    for case, o, e in reference_cases(vectors):
        if not case.dcluster_alpha < 1e6:  # no variation beyond chance: both grow without end
            assert not clayton_kaldor(o, e).rate < 1e6
            continue
        end = clayton_kaldor(o, e)
        assert_allclose([end.shape, end.rate], [case.dcluster_nu, case.dcluster_alpha], rtol=1e-3)
        distance = abs(case.dcluster_alpha - end.rate)
        step = bisect_left(
            range(1, 201),
            -distance,
            key=lambda step: -abs(clayton_kaldor(o, e, iterations=step).rate - end.rate),
        )
        path = [clayton_kaldor(o, e, iterations=max(step + i, 1)) for i in (-1, 0, 1, 2)]
        nearest = min(path, key=lambda prior: abs(prior.rate - case.dcluster_alpha))
        assert_allclose(nearest, [case.dcluster_nu, case.dcluster_alpha], rtol=1e-9)


def test_clayton_and_kaldor_solves_its_two_equations():
    shape, rate = clayton_kaldor(OBSERVED, EXPECTED)
    ratio = (OBSERVED + shape) / (EXPECTED + rate)
    assert_allclose(shape / rate, ratio.mean())
    assert_allclose(shape / rate**2, ((1 + rate / EXPECTED) * (ratio - ratio.mean()) ** 2).sum() / 9)


def negative_log_likelihood(log_shape, o, e):
    a = np.exp(log_shape)
    return -stats.nbinom.logpmf(o, a, a / (a + e)).sum()


def test_gamma_shape_is_the_maximum_likelihood_of_each_reference_case(vectors: Path):
    for case, o, e in reference_cases(vectors):
        scaled = e * o.sum() / e.sum()
        best = optimize.minimize_scalar(
            negative_log_likelihood,
            bounds=np.log(SHAPE_RANGE),
            args=(o, scaled),
            method="bounded",
            options={"xatol": 1e-8},
        )
        ours = gamma_shape(o, e)
        if np.isinf(ours):
            flat = negative_log_likelihood(np.log(SHAPE_RANGE[1]), o, scaled)
            assert best.fun > flat - 1e-6, case
        else:
            assert_allclose(ours, np.exp(best.x), rtol=1e-4)
            assert negative_log_likelihood(np.log(ours), o, scaled) <= best.fun + 1e-9


def test_gamma_shape_recovers_the_variance_it_was_made_with():
    rng = np.random.default_rng(21)
    expected = rng.lognormal(3, 0.6, (20, 1500))
    for variance in (0.01, 0.1, 0.6):
        observed = rng.poisson(expected * rng.gamma(1 / variance, variance, expected.shape))
        assert_allclose(1 / gamma_shape(observed, expected).mean(), variance, rtol=0.05)


def test_gamma_shape_of_wild_variation_is_found_far_from_its_moment_estimate():
    o, e = np.array([0, 0, 0, 0, 0, 0, 0, 400.0]), np.array([50.0] * 8)
    best = optimize.minimize_scalar(
        negative_log_likelihood, bounds=(-8, 5), args=(o, e), method="bounded", options={"xatol": 1e-9}
    )
    assert_allclose(gamma_shape(o, e), np.exp(best.x), rtol=1e-5)


def test_gini_is_half_the_mean_difference_of_areas_of_one_size():
    o = np.array([3.0, 9, 4, 1, 12])
    oracle = np.abs(o[:, None] - o).mean() / (2 * o.mean())
    assert_allclose(describe(o, np.full(5, 7.0)).gini, oracle)


def test_gini_counts_an_area_by_its_size():
    # One area of three shares is three areas of one share at the same ratio.
    split = describe([10.0, 10, 10, 60], [20.0, 20, 20, 20]).gini
    assert_allclose(describe([30.0, 60], [60.0, 20]).gini, split)


def test_share_of_chance_and_reliability_follow_from_the_gamma_variance():
    spread = describe(OBSERVED, EXPECTED)
    variance, chance = 1 / spread.gamma_shape, (1 / SCALED).mean()
    assert_allclose(spread.share_chance, chance / (chance + variance))
    assert_allclose(spread.reliability, SCALED * variance / (1 + SCALED * variance))


@pytest.mark.parametrize("events", [40.0, 200.0])
def test_the_extremal_quotient_under_chance_is_what_simulation_gives(events):
    rng = np.random.default_rng(31)
    expected = events * rng.lognormal(0, 0.3, 150)
    ratio = rng.poisson(expected, (4000, 150)) / expected
    simulated = np.median(ratio.max(axis=1)) / np.median(ratio.min(axis=1))
    assert_allclose(extremal_quotient_chance(expected), simulated, rtol=0.03)
    assert_allclose(extremal_quotient_chance(expected), np.median(ratio.max(1) / ratio.min(1)), rtol=0.05)


def test_grouping_the_larger_areas_hardly_moves_the_quotient_under_chance(monkeypatch):
    expected = np.random.default_rng(32).lognormal(4.5, 0.5, 6500)
    grouped = extremal_quotient_chance(expected)
    monkeypatch.setattr("benchmarks.dispersion.SINGLE_AREAS", 6500)
    assert_allclose(grouped, extremal_quotient_chance(expected), rtol=0.02)


def test_small_areas_make_the_quotient_under_chance_infinite():
    assert extremal_quotient_chance(np.full(98, 2.0)) == np.inf
    assert 1 < extremal_quotient_chance(np.full(98, 50.0)) < np.inf


def test_without_events_everything_is_missing():
    for value in measures(describe([0, 0, 0], [5, 6, 7])).values():
        assert np.isnan(value)
    assert np.isnan(empirical_bayes([0, 0, 0], [5, 6, 7])).all()


@pytest.mark.parametrize("number", [0, 1])
def test_below_two_areas_everything_is_missing(number):
    o, e = np.array([7.0, np.nan])[[1, 0] if number else [1, 1]], [5.0, 6.0]
    spread = describe(o, e)
    assert spread.areas == number
    for value in measures(spread).values():
        assert np.isnan(value)
    assert np.isnan(spread.reliability).all()


def test_areas_that_are_all_equal_do_not_vary():
    spread = describe([10, 20, 30], [5, 10, 15])
    assert spread.extremal_quotient == pytest.approx(1)
    for name in ("cv", "weighted_cv", "chi_square", "i_squared", "gini", "tau"):
        assert_allclose(getattr(spread, name), 0, atol=1e-12, err_msg=name)
    assert spread.scv < 0  # kept, to be shown as 0
    assert spread.p_value == pytest.approx(1)
    assert spread.gamma_shape == np.inf
    assert (spread.share_chance, spread.median_rate_ratio) == (1, 1)
    assert_array_equal(spread.reliability, np.zeros(3))
    assert_array_equal(empirical_bayes([10, 20, 30], [5, 10, 15]), np.ones(3))


def test_an_area_without_events_makes_the_quotient_infinite():
    assert describe([0, 20, 30], [5, 10, 15]).extremal_quotient == np.inf
    assert systematic_component_log([0, 5], [4, 4]) == np.inf


def test_where_an_area_without_events_is_likelier_than_not_so_is_an_infinite_quotient():
    rare = np.concatenate(
        [np.full(60, 0.2), np.linspace(0.3, 1.2, 36)]
    )  # 96 practices, one event between three
    assert extremal_quotient_chance(rare) == np.inf
    assert 1 < extremal_quotient_chance(np.full(96, 20.0)) < np.inf


def test_areas_without_a_value_change_nothing_for_the_others():
    o, e = np.append(OBSERVED, [np.nan, 4, 0]), np.append(EXPECTED, [5, np.nan, 0])
    with_gaps, without = describe(o, e), describe(OBSERVED, EXPECTED)
    for name, value in measures(without).items():
        assert_allclose(getattr(with_gaps, name), value, rtol=1e-9, err_msg=name)
    assert_allclose(with_gaps.reliability, np.append(without.reliability, [np.nan] * 3))
    assert_allclose(empirical_bayes(o, e), np.append(empirical_bayes(OBSERVED, EXPECTED), [np.nan] * 3))


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match=r"expected observed >= 0, got -2 at position 1"):
        describe([1, -2], [3, 4])


@given(areas, st.floats(0.01, 100), st.randoms())
@settings(max_examples=40, deadline=None)
def test_order_of_areas_and_scale_of_expected_do_not_matter(pairs, scale, random):
    o, e = np.array(pairs, dtype=float).T
    order = random.sample(range(len(o)), len(o))
    plain, other = describe(o, e), describe(o[order], scale * e[order])
    for name, value in measures(plain).items():
        assert_allclose(getattr(other, name), value, rtol=1e-5, atol=1e-7, err_msg=name)
    assert_allclose(other.reliability, plain.reliability[order], rtol=1e-5, atol=1e-6)


@given(areas)
@settings(max_examples=40, deadline=None)
def test_empirical_bayes_draws_every_area_towards_one(pairs):
    o, e = np.array(pairs, dtype=float).T
    if o.sum() > 0:
        raw = o / (e * o.sum() / e.sum())
        shrunk = empirical_bayes(o, e)
        assert (np.abs(shrunk - 1) <= np.abs(raw - 1) + 1e-12).all()
        assert ((shrunk - 1) * (raw - 1) >= -1e-12).all()


def test_rows_are_worked_out_one_by_one():
    rng = np.random.default_rng(41)
    e = rng.lognormal(3, 0.5, (2, 3, 40))
    o = rng.poisson(e * rng.gamma(8, 1 / 8, e.shape)).astype(float)
    o[0, 1] = 0
    o[1, 2, :38] = np.nan
    o[1, 1] = rng.poisson(e[1, 1])
    together = describe(o, e)
    prior, shrunk = clayton_kaldor(o, e), empirical_bayes(o, e)
    for row in np.ndindex(2, 3):
        alone = describe(o[row], e[row])
        for name, value in asdict(alone).items():
            assert_allclose(getattr(together, name)[row], value, rtol=1e-6, err_msg=f"{name} {row}")
        assert_allclose(shrunk[row], empirical_bayes(o[row], e[row]), rtol=1e-6)
    assert_allclose(prior.rate[0, 0], clayton_kaldor(o[0, 0], e[0, 0]).rate)
