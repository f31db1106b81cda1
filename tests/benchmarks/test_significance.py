"""Tests of difference: RightCare's as published with its false alarms, and ours with as many as it says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.proportion import confint_proportions_2indep

from benchmarks.comparators import best_of_peers
from benchmarks.intervals import Interval, mid_p, rate_interval, wilson
from benchmarks.significance import (
    HIGHER,
    LOWER,
    NOT_TESTED,
    SIMILAR,
    change_from,
    difference_from_peers,
    rightcare,
)

NAN = np.nan
TEN = np.array([[(area + step) % 11 for step in range(1, 11)] for area in range(11)])


# --- RightCare's rule


def test_rightcare_asks_whether_the_areas_own_interval_leaves_the_comparator_out():
    codes = rightcare([0.9, 0.5, 0.7, NAN, 0.7], [1.4, 0.8, 0.9, 1.0, NAN], [0.85, 0.85, 0.85, 0.85, 0.85])
    assert codes.tolist() == [HIGHER, LOWER, SIMILAR, NOT_TESTED, NOT_TESTED]
    assert rightcare([0.9], [1.4], [NAN]).tolist() == [NOT_TESTED]


def test_a_limit_that_touches_the_comparator_is_similar():
    assert rightcare([1.0, 0.5], [2.0, 1.0], [1.0, 1.0]).tolist() == [SIMILAR, SIMILAR]


# --- limits put together by squares


def test_limits_of_a_difference_are_put_together_by_squares_by_hand():
    value, lower, upper = [0.20, 0.10, 0.12], [0.15, 0.08, 0.09], [0.27, 0.13, 0.16]
    found = difference_from_peers(value, lower, upper, [[1, 2], [0, -1], [-1, -1]])
    mean = (0.10 + 0.12) / 2
    mean_below = np.sqrt(0.02**2 + 0.03**2) / 2
    mean_above = np.sqrt(0.03**2 + 0.04**2) / 2
    assert found.comparator[0] == pytest.approx(mean)
    assert found.value[0] == pytest.approx(0.09)
    assert found.lower[0] == pytest.approx(0.09 - np.hypot(0.05, mean_above))
    assert found.upper[0] == pytest.approx(0.09 + np.hypot(0.07, mean_below))
    assert found.z[0] == pytest.approx(norm.ppf(0.975) * 0.09 / np.hypot(0.05, mean_above))
    assert found.z[1] == pytest.approx(norm.ppf(0.975) * -0.10 / np.hypot(0.03, 0.05))
    assert np.isnan(found.lower[2])
    assert found.codes.tolist() == [HIGHER, LOWER, NOT_TESTED]


@pytest.mark.parametrize(("x", "n", "y", "m"), [(30, 100, 12, 90), (5, 50, 9, 40), (88, 100, 70, 110)])
def test_against_one_peer_it_is_newcombes_interval_for_two_proportions(x, n, y, m):
    limits = wilson([x, y], [n, m])
    found = difference_from_peers([x / n, y / m], *limits, [[1], [0]])
    oracle = confint_proportions_2indep(x, n, y, m, method="newcomb", compare="diff")
    assert (found.lower[0], found.upper[0]) == pytest.approx(oracle, rel=1e-9)


def test_symmetric_intervals_give_the_usual_z():
    value, error = np.array([3.0, 1.0, 2.0]), np.array([0.4, 0.3, 0.5])
    half = norm.ppf(0.975) * error
    found = difference_from_peers(value, value - half, value + half, [[1, 2]] * 3)
    expected = (3.0 - 1.5) / np.sqrt(0.4**2 + (0.3**2 + 0.5**2) / 4)
    assert found.z[0] == pytest.approx(expected)
    wide = norm.ppf(0.999) * error
    wider = difference_from_peers(value, value - wide, value + wide, [[1, 2]] * 3, confidence=0.998)
    assert wider.z[0] == pytest.approx(expected)


def test_a_peer_that_lacks_either_limit_is_left_out_whole():
    value = [2.0, 1.0, 5.0]
    with_it = difference_from_peers(value, [1.8, 0.9, 4.0], [2.2, 1.1, NAN], [[1, 2], [0, 2], [0, 1]])
    without = difference_from_peers(value[:2], [1.8, 0.9], [2.2, 1.1], [[1], [0]])
    for name in ("comparator", "value", "lower", "upper", "z"):
        np.testing.assert_allclose(getattr(with_it, name)[:2], getattr(without, name), rtol=1e-12)
    assert with_it.codes[2] == NOT_TESTED


def test_an_area_without_a_value_or_any_peer_is_not_tested_and_stops_nobody():
    value, lower, upper = [NAN, 1.0, 2.0], [NAN, 0.9, 1.9], [NAN, 1.1, 2.1]
    codes = difference_from_peers(value, lower, upper, [[1, 2], [2, 0], [-1, -1]]).codes
    assert codes.tolist() == [NOT_TESTED, LOWER, NOT_TESTED]
    nobody = difference_from_peers(value, lower, upper, np.empty((3, 0), dtype=int))
    assert (nobody.codes == NOT_TESTED).all()


def test_areas_all_alike_are_all_similar_with_a_z_of_nothing():
    for count, people in ((10, 100), (0, 100), (100, 100)):
        x, n = np.full(11, count), np.full(11, people)
        found = difference_from_peers(x / n, *wilson(x, n), TEN)
        assert (found.codes == SIMILAR).all()
        np.testing.assert_allclose(found.z, 0, atol=1e-6)


def test_codes_speak_of_higher_and_lower_whatever_is_good():
    value, lower, upper = np.array([9.0, 1.0]), np.array([8.0, 0.5]), np.array([10.0, 1.5])
    found = difference_from_peers(value, lower, upper, [[1], [0]])
    assert found.codes.tolist() == [HIGHER, LOWER]
    mirrored = difference_from_peers(-value, -upper, -lower, [[1], [0]])
    assert mirrored.codes.tolist() == [LOWER, HIGHER]
    np.testing.assert_allclose(mirrored.z, -found.z, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(0, 200), min_size=11, max_size=11),
    seed=st.integers(0, 1000),
    scale=st.floats(0.01, 1000),
)
def test_neither_the_order_of_areas_nor_the_unit_changes_a_flag(counts, seed, scale):
    x = np.array(counts, dtype=float)
    limits = mid_p(x)
    before = difference_from_peers(x, *limits, TEN)
    order = np.random.default_rng(seed).permutation(11)
    everyone = np.argsort(order)[TEN[order]]
    after = difference_from_peers(x[order], limits.lower[order], limits.upper[order], everyone)
    np.testing.assert_allclose(after.z, before.z[order], rtol=1e-7, atol=1e-9)
    scaled = difference_from_peers(x * scale, limits.lower * scale, limits.upper * scale, TEN)
    np.testing.assert_allclose(scaled.z, before.z, rtol=1e-7, atol=1e-9)


# --- false alarms where nothing differs


def simulated(kind, *, expected, trials=4000, areas=11, share=0.2):
    """Values with limits to show and to test, (trials, areas), of areas that are all alike."""
    random = np.random.default_rng(20170331)
    if kind == "events":
        x, n = random.poisson(expected, (trials, areas)).astype(float), expected
        tested = mid_p(x)
        return x / n, rate_interval(x, n), Interval(tested.lower / n, tested.upper / n)
    people = round(expected / share)
    x = random.binomial(people, share, (trials, areas)).astype(float)
    return x / people, wilson(x, people), wilson(x, people)


@pytest.mark.parametrize("kind", ["events", "proportion"])
def test_rightcares_rule_flags_twelve_to_thirteen_in_a_hundred_areas_that_are_no_different(kind):
    value, shown, _ = simulated(kind, expected=1000, share=0.5)  # large and even: near the normal case
    best = best_of_peers(value, TEN, lower_is_better=True)
    flagged = (rightcare(*shown, best) == HIGHER).mean()
    assert 0.115 < flagged < 0.135


@pytest.mark.parametrize("kind", ["events", "proportion"])
@pytest.mark.parametrize("expected", [10, 30, 400])
def test_the_calibrated_rule_flags_two_and_a_half_in_a_hundred_on_each_side(kind, expected):
    value, _, tested = simulated(kind, expected=expected)
    codes = difference_from_peers(value, *tested, TEN).codes
    for side in (HIGHER, LOWER):
        assert (codes == side).mean() == pytest.approx(0.025, abs=0.005)


def test_a_real_difference_is_found():
    random = np.random.default_rng(5)
    x = random.poisson(np.r_[150.0, np.full(10, 100.0)], (2000, 11)).astype(float)
    codes = difference_from_peers(x, *mid_p(x), TEN).codes
    assert (codes[:, 0] == HIGHER).mean() > 0.95


# --- change from the period before


def test_a_change_of_two_proportions_has_newcombes_limits():
    # Newcombe 1998, table II, method 10: 56/70 less 48/80 is 0.20, 0.0524 to 0.3339.
    now, before = (wilson([count], [size]) for count, size in ((56, 70), (48, 80)))
    change = change_from(56 / 70, now.lower, now.upper, 48 / 80, before.lower, before.upper)
    np.testing.assert_allclose(
        [change.value[0], change.lower[0], change.upper[0]], [0.2, 0.0524, 0.3339], atol=1e-4
    )
    assert change.codes.tolist() == [1]


def test_a_change_without_one_of_its_limits_is_not_tested():
    lower, upper_before = [1.0, np.nan], [np.nan, 6.0]
    change = change_from([2.0, 2.0], lower, [3.0, 3.0], [5.0, 5.0], [4.0, 4.0], upper_before)
    assert change.codes.tolist() == [NOT_TESTED, NOT_TESTED]


@pytest.mark.parametrize("events", [5, 20, 200])
def test_where_nothing_changes_one_in_twenty_is_marked(events):
    random = np.random.default_rng(11)
    now, before = random.poisson(events, (2, 20_000))
    change = change_from(now, *mid_p(now), before, *mid_p(before))
    assert 0.035 <= (change.codes != 0).mean() <= 0.058
