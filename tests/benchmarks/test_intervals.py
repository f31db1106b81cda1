"""Confidence intervals against published values, the field's own tools and scipy."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from benchmarks.intervals import (
    byar,
    event_limits,
    mid_p,
    non_negative,
    part_of_whole,
    poisson_exact,
    rate_interval,
    student,
    wilson,
    z_value,
)

counts = st.lists(st.integers(0, 5000), min_size=1, max_size=12)
levels = st.sampled_from([0.8, 0.95, 0.998])


def test_wilson_gives_the_published_limits():
    assert_allclose(wilson(65, 100), (0.552544, 0.736358), rtol=1e-5)
    assert_allclose(wilson(65, 100, confidence=0.998), (0.495495, 0.778354), rtol=1e-5)
    assert_allclose(wilson(0, 20), (0, 0.161125), rtol=1e-5)


@pytest.mark.parametrize(("count", "lower", "upper"), [(65, 50.16319, 82.84914), (10, 4.78745, 18.39146)])
def test_byar_gives_the_published_limits(count, lower, upper):
    assert_allclose(byar(count), (lower, upper), rtol=1e-6)


@pytest.mark.parametrize(
    ("count", "lower", "upper"), [(9, 4.11537, 17.08480), (3, 0.61867, 8.76727), (0, 0, 3.68888)]
)
def test_exact_gives_the_published_limits(count, lower, upper):
    assert_allclose(poisson_exact(count), (lower, upper), rtol=1e-5)


def test_wilson_agrees_with_reference_values(vectors: Path):
    expected = pd.read_csv(vectors / "rates" / "wilson.csv")
    for confidence, rows in expected.groupby("confidence"):
        ours = wilson(rows.x, rows.n, confidence=confidence)
        assert_allclose(ours.lower, rows.wilson_lower, rtol=1e-9, atol=1e-15)
        assert_allclose(ours.upper, rows.wilson_upper, rtol=1e-9)


def test_byar_agrees_with_reference_values(vectors: Path):
    expected = pd.read_csv(vectors / "rates" / "byars.csv")
    for confidence, rows in expected.groupby("confidence"):
        ours = byar(rows.x, confidence=confidence)
        assert_allclose(ours.lower, rows.byars_lower.fillna(0.0), rtol=1e-9)  # at 0 the peer leaves it out
        assert_allclose(ours.upper, rows.byars_upper, rtol=1e-9)


@pytest.mark.parametrize(
    ("file", "interval"),
    [("rate", rate_interval), ("rate_smalldenom", rate_interval), ("proportion", wilson)],
)
def test_published_rates_agree_with_reference_values(vectors: Path, file, interval):
    rows = pd.read_csv(vectors / "rates" / f"{file}.csv")
    for confidence, name in ((0.95, "95_0"), (0.998, "99_8")):
        ours = interval(rows.x, rows.n, confidence=confidence)
        assert_allclose(ours.lower * rows.multiplier, rows[f"lower{name}cl"], rtol=1e-9, atol=1e-15)
        assert_allclose(ours.upper * rows.multiplier, rows[f"upper{name}cl"], rtol=1e-9)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
@pytest.mark.parametrize(("x", "n"), [(0, 7), (1, 7), (7, 7), (13, 400), (399, 400)])
def test_wilson_agrees_with_scipy(x, n, confidence):
    oracle = stats.binomtest(x, n).proportion_ci(confidence, method="wilson")
    assert_allclose(wilson(x, n, confidence=confidence), (oracle.low, oracle.high), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("count", [1, 2, 9, 10, 250])
def test_exact_limits_are_the_counts_with_a_tail_of_half_the_rest(count):
    limits = poisson_exact(count, confidence=0.95)
    assert_allclose(stats.poisson.sf(count - 1, limits.lower), 0.025, rtol=1e-9)
    assert_allclose(stats.poisson.cdf(count, limits.upper), 0.025, rtol=1e-9)


def test_student_agrees_with_scipy_and_needs_two_people():
    ours = student([12.0, 5.0, 5.0], [3.0, 2.0, 0.0], [25, 2, 1], confidence=0.9)
    oracle = stats.t.interval(0.9, [24, 1], loc=[12.0, 5.0], scale=[3 / 5, 2 / np.sqrt(2)])
    assert_allclose(ours.lower[:2], oracle[0])
    assert_allclose(ours.upper[:2], oracle[1])
    assert np.isnan([ours.lower[2], ours.upper[2]]).all()


def test_student_takes_a_country_beside_practices_and_numbers_that_are_not_whole():
    people = np.array([2, 99_999, 100_000, 100_001, 56e6, 24.5, np.nan])
    for _ in range(2):  # worked out, and as kept
        found = student(0.0, np.sqrt(people), people).upper
        assert_allclose(found[:-1], stats.t.ppf(0.975, people[:-1] - 1))
        assert np.isnan(found[-1])


@pytest.mark.parametrize(("count", "method"), [(9, poisson_exact), (10, byar), (11, byar)])
def test_event_limits_are_exact_below_ten_and_byar_from_ten(count, method):
    assert_array_equal(event_limits([count, 4]).lower[0], method(count).lower)
    assert_array_equal(event_limits([count, 4]).upper[0], method(count).upper)


def test_event_limits_of_part_events_are_not_those_of_the_whole_below():
    assert_allclose(event_limits([9.5, 3.0, np.nan]), poisson_exact([9.5, 3.0, np.nan]))


def test_mid_p_lies_within_the_exact_limits():
    count = np.arange(1, 60)
    assert (mid_p(count).lower > poisson_exact(count).lower).all()
    assert (mid_p(count).upper < poisson_exact(count).upper).all()


def test_wilson_without_people_is_missing_not_zero():
    ours = wilson([0, 3, np.nan, 3], [0, np.nan, 9, 9])
    assert_array_equal(np.isnan(ours.lower), [True, True, True, False])
    assert_array_equal(np.isnan(ours.upper), [True, True, True, False])


def test_a_rate_without_people_is_missing_and_does_not_stop_the_others():
    ours = rate_interval([5, 5, np.nan, 0], [0, 10, 10, 10])
    assert_array_equal(np.isnan(ours.upper), [True, False, True, False])
    assert ours.lower[3] == 0


def test_a_small_denominator_may_give_a_rate_above_one():
    assert rate_interval(12, 3).upper > 1


def test_a_proportion_above_one_names_value_and_position():
    with pytest.raises(ValueError, match=r"got 7 of 5 at position 1 \(2 such rows\)"):
        wilson([1, 7, 9], [2, 5, 5])


def test_a_negative_count_names_itself_and_its_position():
    with pytest.raises(ValueError, match=r"expected count >= 0, got -3 at position 2 \(1 such rows\)"):
        byar([1, np.nan, -3])
    with pytest.raises(ValueError, match="expected denominator >= 0"):
        part_of_whole([1], [-1])
    assert_array_equal(non_negative([np.nan, 0], "count"), [np.nan, 0])


@pytest.mark.parametrize("confidence", [0, 1, 95])
@pytest.mark.parametrize(
    "method",
    [z_value, *(lambda confidence, f=f: f([3], confidence=confidence) for f in (byar, poisson_exact, mid_p))],
)
def test_confidence_is_a_fraction(method, confidence):
    with pytest.raises(ValueError, match=f"expected confidence between 0 and 1, got {confidence}"):
        method(confidence)


@given(counts, levels)
def test_limits_bracket_the_count_and_widen_with_confidence(count, level):
    x = np.array(count, dtype=float)
    limits, wider = event_limits(x, confidence=level), event_limits(x, confidence=0.9999)
    assert (limits.lower <= x).all()
    assert (x < limits.upper).all()
    assert (wider.lower <= limits.lower).all()
    assert (wider.upper > limits.upper).all()


@given(counts, levels, st.randoms())
def test_a_permutation_of_areas_permutes_the_limits(count, level, random):
    x = np.array(count, dtype=float)
    order = random.sample(range(len(x)), len(x))
    n = x * 2 + 5
    assert_array_equal(
        np.array(wilson(x, n, confidence=level))[:, order], wilson(x[order], n[order], confidence=level)
    )
    assert_array_equal(np.array(event_limits(x))[:, order], event_limits(x[order]))


@given(st.integers(1, 400), st.floats(0, 1), levels)
def test_wilson_of_those_without_mirrors_wilson_of_those_with(people, share, level):
    x = round(people * share)
    ours, mirrored = wilson(x, people, confidence=level), wilson(people - x, people, confidence=level)
    assert_allclose(ours.lower, 1 - mirrored.upper, atol=1e-12)
