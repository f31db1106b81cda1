"""Life tables against phe_life_expectancy, simulation and a plain loop; gaps and their split."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from benchmarks.life_expectancy import deprivation_gap, gap_by_age_and_cause, life_expectancy

PEOPLE = np.array([1000, 4000, *[5000] * 14, 4000, 3000, 2000, 1000], dtype=float)
DEATHS = np.array([4, 1, 1, 1, 2, 2, 3, 4, 6, 8, 12, 18, 28, 44, 70, 110, 150, 190, 230, 220], dtype=float)


def _table_by_loop(deaths: np.ndarray, people: np.ndarray) -> float:
    """Life expectancy at birth, a band at a time as in the textbook."""
    widths, lived_shares = [1, 4, *[5] * 17], [0.1, *[0.5] * 18]
    alive, years = 1.0, 0.0
    for band in range(19):
        rate = deaths[band] / people[band]
        dying = widths[band] * rate / (1 + widths[band] * (1 - lived_shares[band]) * rate)
        years += alive * widths[band] * (1 - dying * (1 - lived_shares[band]))
        alive *= 1 - dying
    return years + alive * people[19] / deaths[19]


def test_life_expectancy_equals_phe_life_expectancy(vectors: Path):
    counts = pd.read_csv(vectors / "inequality" / "life_expectancy_input.csv")
    expected = pd.read_csv(vectors / "inequality" / "life_expectancy_expected.csv")
    merged = counts.merge(expected, on=["case", "startage"]).sort_values(["case", "startage"])
    assert len(merged) == 600
    deaths, people = (merged[column].to_numpy().reshape(-1, 20) for column in ("deaths", "pops"))
    for confidence, suffix in ((0.95, "95_0cl"), (0.998, "99_8cl")):
        result = life_expectancy(deaths, people, confidence=confidence)
        for ours, column in (
            (result.value, "value"),
            (result.lower, "lower" + suffix),
            (result.upper, "upper" + suffix),
        ):
            theirs = merged[column].where(merged["value"].notna()).to_numpy().reshape(-1, 20)
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, err_msg=column)


def test_life_expectancy_equals_the_textbook_loop():
    assert life_expectancy(DEATHS, PEOPLE).value[0] == pytest.approx(_table_by_loop(DEATHS, PEOPLE))


def test_a_constant_death_rate_gives_its_reciprocal_in_the_open_band():
    assert life_expectancy(PEOPLE * 2, PEOPLE * 100).value[-1] == pytest.approx(50)


def test_limits_are_those_of_simulated_deaths():
    rng = np.random.default_rng(4)
    dying = np.minimum(DEATHS / PEOPLE, 1)
    drawn = life_expectancy(rng.binomial(PEOPLE.astype(int), dying, (20_000, 20)), PEOPLE)
    result = life_expectancy(DEATHS, PEOPLE)
    # Chiang's variance of q is the binomial one of deaths out of those at risk: 4 % of the error is allowed.
    error = (result.upper - result.lower)[[0, 10]] / 2 / norm.ppf(0.975)
    np.testing.assert_allclose(np.nanstd(drawn.value, axis=0)[[0, 10]], error, rtol=0.04)


@pytest.mark.parametrize(("people", "shown"), [(5000, False), (5001, True)])
def test_nothing_is_shown_for_five_thousand_people_or_fewer(people: int, shown: bool):
    population = np.full(20, 250.0)
    population[5] += people - 5000
    result = life_expectancy(np.full(20, 20.0), population)
    assert np.isfinite(result.value).all() == shown
    assert np.isfinite(result.lower).any() == shown


def test_a_band_with_an_interval_wider_than_twenty_years_is_empty_with_its_limits():
    population = np.full(20, 400.0)
    deaths = np.zeros(20)
    deaths[-1] = 6
    result = life_expectancy(deaths, population)
    # The open band alone has 400 / 6 = 66.7 years, plus or minus 53.
    assert np.isnan(result.value).all()
    assert np.isnan(result.upper).all()
    deaths[-1] = 60
    assert np.isfinite(life_expectancy(deaths, population).value).all()


def test_the_twenty_years_are_of_the_95_percent_interval_whatever_is_asked_for():
    deaths = np.zeros(20)
    deaths[-1] = 20
    people = np.full(20, 400.0)
    at_95 = life_expectancy(deaths, people)
    assert at_95.upper[-1] - at_95.lower[-1] == pytest.approx(2 * norm.ppf(0.975) * 20 / 20**0.5)
    wide = life_expectancy(deaths, people, confidence=0.998)
    assert wide.upper[-1] - wide.lower[-1] > 20
    assert wide.value[-1] == pytest.approx(20)


@pytest.mark.parametrize(
    ("band", "deaths", "people"),
    [(4, np.nan, 500), (4, 1, np.nan), (4, 0, 0), (19, 0, 500), (19, 501, 500), (3, 501, 500)],
)
def test_an_area_that_gives_no_life_table_is_missing_and_stops_no_other(
    band: int, deaths: float, people: float
):
    died, population = np.stack([DEATHS, DEATHS]), np.stack([PEOPLE, PEOPLE])
    died[0, band], population[0, band] = deaths, people
    result = life_expectancy(died, population)
    assert np.isnan(result.value[0]).all()
    np.testing.assert_array_equal(result.value[1], life_expectancy(DEATHS, PEOPLE).value)


def test_a_band_without_deaths_adds_no_uncertainty():
    deaths = DEATHS.copy()
    deaths[2] = 0
    assert np.isfinite(life_expectancy(deaths, PEOPLE).lower).all()


def test_a_band_in_which_nearly_all_die_does_not_turn_survival_negative():
    deaths = DEATHS.copy()
    deaths[18] = 1900
    value = life_expectancy(deaths, PEOPLE).value
    assert (value[:19] > 0).all()
    assert np.isnan(value[19])  # nobody is left to reach it


def test_life_expectancy_names_negative_deaths_and_wrong_bands():
    with pytest.raises(ValueError, match="deaths >= 0, got -1 at position 3"):
        life_expectancy(np.where(np.arange(20) == 3, -1, DEATHS), PEOPLE)
    with pytest.raises(ValueError, match=r"20 age bands on the last axis, got shape \(19,\)"):
        life_expectancy(DEATHS[:19], PEOPLE[:19])


@given(arrays(float, (4, 20), elements=st.integers(1, 200)), st.integers(2, 9))
@settings(max_examples=40, deadline=None)
def test_more_people_with_the_same_rates_live_as_long_and_are_known_better(deaths: np.ndarray, times: int):
    people = np.full((4, 20), 1000.0)
    one, more = life_expectancy(deaths, people), life_expectancy(deaths * times, people * times)
    shown = ~np.isnan(one.value)
    np.testing.assert_allclose(more.value[shown], one.value[shown])
    assert ((more.upper - more.lower)[shown] < (one.upper - one.lower)[shown]).all()
    np.testing.assert_array_equal(life_expectancy(deaths[::-1], people).value, one.value[::-1])


@given(st.integers(0, 18))
@settings(max_examples=19, deadline=None)
def test_more_deaths_at_any_age_never_lengthen_life(band: int):
    more = DEATHS.copy()
    more[band] += 5
    assert life_expectancy(more, PEOPLE).value[0] < life_expectancy(DEATHS, PEOPLE).value[0]


def test_the_gap_between_fifths_pools_the_areas_of_each():
    areas = np.stack([DEATHS * 1.5, DEATHS * 1.3, DEATHS, DEATHS * 0.9, DEATHS * 0.8])
    gap = deprivation_gap(areas, np.stack([PEOPLE] * 5), [1, 1, 3, np.nan, 5])
    most = life_expectancy(areas[:2].sum(axis=0), 2 * PEOPLE)
    least = life_expectancy(areas[4], PEOPLE)
    np.testing.assert_allclose(gap.value, least.value - most.value)
    assert gap.value[0] > 0
    half = np.hypot(most.upper - most.value, least.upper - least.value)
    np.testing.assert_allclose(gap.upper - gap.value, half)
    np.testing.assert_allclose(gap.value - gap.lower, half)


def test_the_gap_is_given_by_sex_and_missing_without_a_fifth():
    areas, people = np.stack([[DEATHS * 1.5, DEATHS], [DEATHS * 1.2, DEATHS]]), np.full((2, 2, 20), PEOPLE)
    gap = deprivation_gap(areas, people, [1, 5])
    assert gap.value.shape == (2, 20)
    assert gap.value[0, 0] > gap.value[1, 0] > 0
    assert np.isnan(deprivation_gap(areas, people, [2, 5]).value).all()


def _by_cause(deaths: np.ndarray) -> np.ndarray:
    share = np.array([[0.5], [0.3], [0.2]]) * np.linspace(0.5, 1.0, 20)
    share[2] += 1 - share.sum(axis=0)
    return deaths * share


def test_the_parts_of_the_gap_sum_to_it():
    first, other = _by_cause(DEATHS * 1.4), _by_cause(DEATHS)[[1, 0, 2]]
    parts = gap_by_age_and_cause(first, PEOPLE, other, PEOPLE * 1.1)
    expected = life_expectancy(DEATHS, PEOPLE * 1.1).value[0] - life_expectancy(DEATHS * 1.4, PEOPLE).value[0]
    assert parts.shape == (3, 20)
    assert parts.sum() == pytest.approx(expected)
    assert parts[0].sum() > 0 > parts[1].sum()


def test_a_gap_that_one_cause_at_one_age_makes_is_put_there():
    first, other = _by_cause(DEATHS), _by_cause(DEATHS)
    first[1, 13] += 30
    parts = gap_by_age_and_cause(first, PEOPLE, other, PEOPLE)
    elsewhere = np.ones((3, 20), dtype=bool)
    elsewhere[1, 13] = False
    assert parts[1, 13] > 0.1
    np.testing.assert_allclose(parts[elsewhere], 0, atol=1e-12)


def test_the_split_turned_round_turns_its_sign():
    first, other = _by_cause(DEATHS * 1.3), _by_cause(DEATHS)
    forward = gap_by_age_and_cause(first, PEOPLE, other, PEOPLE)
    backward = gap_by_age_and_cause(other, PEOPLE, first, PEOPLE)
    # Arriaga's split weights by the survivors of the first: the sums agree, the cells nearly.
    assert forward.sum() == pytest.approx(-backward.sum())
    np.testing.assert_allclose(forward.sum(axis=-1), -backward.sum(axis=-1), rtol=0.05)


def test_the_split_of_a_missing_life_table_is_missing():
    first = np.stack([_by_cause(DEATHS), _by_cause(DEATHS)])
    people = np.stack([PEOPLE, PEOPLE / 100])
    parts = gap_by_age_and_cause(first / [[[1.0]], [[100.0]]], people, _by_cause(DEATHS * 0.9), PEOPLE)
    assert np.isfinite(parts[0]).all()
    assert np.isnan(parts[1]).all()
