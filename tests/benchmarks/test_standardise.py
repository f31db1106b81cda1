"""Standardised rates and ratios against published values and the field's own tools."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import stats

from benchmarks.standardise import EUROPEAN_STANDARD_2013, direct, indirect

COUNT, PEOPLE = np.array([5, 20, 60, 80.0]), np.array([10000, 8000, 6000, 2000.0])
STANDARD = np.array([30000, 35000, 25000, 10000.0])


def test_direct_gives_the_published_rate():
    rate = direct(COUNT, PEOPLE, STANDARD)
    assert_allclose(
        [1e5 * rate.value, 1e5 * rate.lower, 1e5 * rate.upper], [752.5, 641.450, 877.166], rtol=1e-6
    )


def test_the_standard_population_is_a_hundred_thousand_in_nineteen_bands():
    assert len(EUROPEAN_STANDARD_2013) == 19
    assert sum(EUROPEAN_STANDARD_2013.values()) == 100_000
    assert list(EUROPEAN_STANDARD_2013)[-1] == "90+"


@pytest.fixture(scope="module")
def bands(vectors: Path) -> pd.DataFrame:
    return pd.read_csv(vectors / "standardised" / "dsr_input.csv")


def by_area(frame: pd.DataFrame, column: str) -> np.ndarray:
    return frame[column].to_numpy(float).reshape(frame.case.nunique(), 19)


@pytest.mark.parametrize("repeats", [False, True])
def test_direct_agrees_with_reference_values(vectors: Path, bands, repeats):
    people, standard = by_area(bands, "n"), list(EUROPEAN_STANDARD_2013.values())
    assert_array_equal(by_area(bands, "stdpop")[0], standard)
    name = "dsr_nonindependent" if repeats else "dsr"
    expected = pd.read_csv(vectors / "standardised" / f"{name}_expected.csv")
    count, frequency = by_area(bands, "x"), None
    if repeats:
        persons = pd.read_csv(vectors / "standardised" / "dsr_nonindependent_input.csv")
        frequency = persons.freq.unique()
        count = persons.persons.to_numpy(float).reshape(len(people), 19, len(frequency))
    for confidence, level in ((0.95, "95_0"), (0.998, "99_8")):
        rate = direct(count, people, standard, confidence=confidence, event_frequency=frequency)
        assert_allclose(1e5 * rate.value, expected.value, rtol=1e-9)
        assert_allclose(1e5 * rate.lower, expected[f"lower{level}cl"], rtol=1e-9)
        assert_allclose(1e5 * rate.upper, expected[f"upper{level}cl"], rtol=1e-9)


def test_indirect_agrees_with_reference_values(vectors: Path, bands):
    reference = pd.read_csv(vectors / "standardised" / "isr_reference.csv")
    for confidence, level in ((0.95, "95_0"), (0.998, "99_8")):
        ours = indirect(
            by_area(bands, "x"), by_area(bands, "n"), reference.x_ref, reference.n_ref, confidence=confidence
        )
        ratio = pd.read_csv(vectors / "standardised" / "ISRatio_expected.csv")
        assert_array_equal(ours.observed, ratio.observed)
        assert_allclose(ours.expected, ratio.expected, rtol=1e-9)
        rate = pd.read_csv(vectors / "standardised" / "ISRate_expected.csv")
        for table, scale in ((ratio, 100), (rate, 1e5 * reference.x_ref.sum() / reference.n_ref.sum())):
            assert_allclose(scale * ours.ratio, table.value, rtol=1e-9)
            assert_allclose(scale * ours.lower, table[f"lower{level}cl"], rtol=1e-9)
            assert_allclose(scale * ours.upper, table[f"upper{level}cl"], rtol=1e-9)


@pytest.mark.parametrize(("events", "given_out"), [(9, False), (10, True), (11, True)])
def test_no_rate_below_ten_events(events, given_out):
    rate = direct([[events, 0]], [[100, 100]], [1, 1])
    assert np.isfinite([rate.value[0], rate.lower[0], rate.upper[0]]).all() == given_out
    assert np.isnan([rate.value[0], rate.lower[0], rate.upper[0]]).all() != given_out


def test_events_of_one_person_each_give_the_plain_limits():
    persons = np.stack([COUNT, np.zeros(4)], axis=-1)
    plain, repeated = (
        direct(COUNT, PEOPLE, STANDARD),
        direct(persons, PEOPLE, STANDARD, event_frequency=[1, 2]),
    )
    assert_allclose([repeated.value, repeated.lower, repeated.upper], [plain.value, plain.lower, plain.upper])


def test_the_same_events_in_fewer_people_widen_the_limits_by_the_square_root_of_two():
    pairs = (COUNT / 2)[:, None]
    plain, paired = direct(COUNT, PEOPLE, STANDARD), direct(pairs, PEOPLE, STANDARD, event_frequency=[2])
    assert_allclose(paired.value, plain.value)
    assert_allclose(paired.upper - paired.value, np.sqrt(2) * (plain.upper - plain.value))


def test_one_band_is_the_crude_rate_with_byar_limits():
    rate = direct([[65.0]], [[1000.0]], [7])
    assert_allclose([rate.value[0], rate.lower[0], rate.upper[0]], [0.065, 0.05016319, 0.08284914], rtol=1e-6)


def test_limits_cover_the_true_rate_about_as_often_as_they_say():
    rng = np.random.default_rng(20)
    true = np.array([0.0005, 0.002, 0.01, 0.04])
    rate = direct(rng.poisson(true * PEOPLE, (4000, 4)), np.tile(PEOPLE, (4000, 1)), STANDARD)
    truth = (STANDARD * true).sum() / STANDARD.sum()
    covered = ((rate.lower <= truth) & (truth <= rate.upper)).mean()
    assert 0.94 < covered < 0.97


def test_a_missing_or_empty_band_leaves_out_its_own_area_alone():
    count, people = np.tile(COUNT, (4, 1)), np.tile(PEOPLE, (4, 1))
    count[0, 1], people[1, 2], people[2, 0], count[2, 0] = np.nan, np.nan, 0, 0
    assert_array_equal(np.isnan(direct(count, people, STANDARD).value), [True, True, True, False])
    reference = indirect(count, people, COUNT, PEOPLE)
    assert_array_equal(np.isnan(reference.ratio), [True, True, False, False])


def test_indirect_without_anyone_is_missing():
    assert np.isnan(indirect([[0, 0]], [[0, 0]], [1, 1], [10, 10]).upper).all()
    assert np.isnan(indirect([[5, 1]], [[50, 50]], [1, 1], [10, 0]).ratio).all()


def test_indirect_of_the_reference_itself_is_one():
    result = indirect(COUNT, PEOPLE, COUNT, PEOPLE)
    assert_allclose([result.ratio, result.expected], [1, COUNT.sum()])
    exact = stats.chi2.ppf(0.025, 2 * 6) / 2
    assert_allclose(indirect([[6.0]], [[100.0]], [10], [100]).lower, exact / 10)


def test_bands_that_do_not_match_are_refused():
    with pytest.raises(
        ValueError, match=r"expected population with 4 bands on the last axis, got shape \(3,\)"
    ):
        direct(COUNT, PEOPLE[:3], STANDARD)
    with pytest.raises(ValueError, match="expected count with 3 frequencies"):
        direct(np.ones((4, 2)), PEOPLE, STANDARD, event_frequency=[1, 2, 3])
    with pytest.raises(ValueError, match=r"expected count >= 0, got -1 at position 0"):
        indirect([-1, 1], [10, 10], [1, 1], [10, 10])


@given(st.floats(0.01, 1000), st.permutations(range(4)))
def test_scale_of_the_standard_and_order_of_bands_do_not_matter(scale, order):
    plain, other = (
        direct(COUNT, PEOPLE, STANDARD),
        direct(COUNT[order], PEOPLE[order], scale * STANDARD[order]),
    )
    assert_allclose([plain.value, plain.lower, plain.upper], [other.value, other.lower, other.upper])


def test_leading_axes_are_worked_out_one_by_one():
    count = np.random.default_rng(1).poisson(40, (3, 5, 4)).astype(float)
    people = np.broadcast_to(PEOPLE, (3, 5, 4))
    together = direct(count, people, STANDARD).upper
    assert_array_equal(together[2], direct(count[2], people[2], STANDARD).upper)
