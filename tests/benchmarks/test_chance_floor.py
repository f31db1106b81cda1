from dataclasses import fields

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from benchmarks.chance_floor import ChanceFloors, chance_floors
from benchmarks.credible import counted, opportunity_draws

RULES = [field.name for field in fields(ChanceFloors)]
AREAS = 98
PEERS = np.argsort(np.random.default_rng(1).random((AREAS, AREAS)) + 2 * np.eye(AREAS), axis=1)[:, :10]
SIZES = np.random.default_rng(2).lognormal(0, 0.5, AREAS) * 100


def floors(expected=SIZES, peers=PEERS, *, seed=3, **options):
    return chance_floors(expected, peers, seed=seed, **options)


def test_gross_floor_is_that_of_a_normal_gap_between_one_area_and_ten():
    floor = floors(np.full(AREAS, 400.0), simulations=2000, credible_simulations=4).gross_peer_mean
    # E(gap+) of a normal gap is its standard deviation / sqrt(2 pi); ten peers add a tenth of the variance.
    assert_allclose(floor.mean(), np.sqrt(400 * 1.1 / (2 * np.pi)), rtol=0.01)


def test_best_five_of_ten_lie_three_quarters_of_a_standard_error_below_the_truth():
    found = floors(np.full(AREAS, 400.0), simulations=2000, credible_simulations=4)
    gap = 0.738 * 20  # best 5 of 10 sits .738 standard errors low
    assert gap < found.gross_best_5.mean() < gap * 1.35
    assert found.rightcare.mean() < 0.5 * found.gross_best_5.mean()


def test_credible_headline_claims_a_small_part_of_what_the_published_rule_does():
    found = floors(credible_simulations=100)
    assert 0 <= found.credible.sum() < 0.05 * found.rightcare.sum()
    assert found.credible.sum() < 0.001 * SIZES.sum()


def test_credible_floor_is_what_drawn_headlines_average_to():
    # Few areas, events and peers, where the headline claims enough by chance to be compared.
    expected, peers = SIZES[:14] / 5, np.array([[(i + 1) % 14, (i + 5) % 14] for i in range(14)])
    rng = np.random.default_rng(4)
    claims = []
    for _ in range(400):
        draws = opportunity_draws(
            rng.poisson(expected), expected, peers, comparator="peer_mean", draws=200, seed=rng
        )
        claims.append(draws.mean(axis=0)[counted(draws)].sum())
    floor = floors(expected, peers, simulations=30, credible_simulations=3000).credible.sum()
    error = np.std(claims) / np.sqrt(len(claims))
    assert abs(np.mean(claims) - floor) < 3.5 * error


def test_floors_grow_with_the_square_root_of_events():
    few, many = (floors(SIZES * times, simulations=600, credible_simulations=4) for times in (1, 16))
    for rule in ("gross_peer_mean", "gross_best_5", "rightcare", "percentile"):
        assert_allclose(getattr(many, rule).sum() / getattr(few, rule).sum(), 4, rtol=0.08)


@pytest.mark.parametrize("rule", ["gross_peer_mean", "gross_best_5", "rightcare", "percentile"])
def test_both_directions_have_the_same_floor_when_chance_is_symmetric(rule):
    expected = SIZES * 100
    low, high = (
        getattr(floors(expected, lower_is_better=way, credible_simulations=4), rule).sum()
        for way in (True, False)
    )
    assert_allclose(low, high, rtol=0.08)


def test_proportion_has_the_smaller_floor_of_binomial_counts():
    people = SIZES * 4
    share = floors(SIZES, denominator=people, simulations=1000, credible_simulations=4)
    count = floors(SIZES, simulations=1000, credible_simulations=4)
    assert_allclose(share.gross_peer_mean.sum() / count.gross_peer_mean.sum(), np.sqrt(0.75), rtol=0.03)


def test_area_without_data_or_peers_is_missing_alone():
    expected, peers = SIZES.copy(), PEERS.copy()
    expected[3], expected[4], peers[5] = np.nan, 0, -1
    found = floors(expected, peers, simulations=30)
    for rule in RULES:
        missing = np.isin(np.arange(AREAS), [3, 4] if rule == "percentile" else [3, 4, 5])
        assert_array_equal(np.isnan(getattr(found, rule)), missing)


def test_seed_decides_the_floors():
    first, again, other = (floors(seed=seed, simulations=30, credible_simulations=4) for seed in (1, 1, 2))
    for rule in RULES:
        assert_array_equal(getattr(first, rule), getattr(again, rule))
    assert (first.rightcare != other.rightcare).any()


def test_expectation_above_the_people_is_named():
    with pytest.raises(ValueError, match=r"expected <= denominator, got .* at position 0 \(98 such rows\)"):
        floors(denominator=SIZES / 2)
