"""What good looks like, against hand-made cases and plain numpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.comparators import (
    best_of_peers,
    peer_mean,
    peer_median,
    peer_pooled,
    peer_quantile,
    percentile_of_all,
    quantile_of,
)

NAN = np.nan
VALUES = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, NAN])
PEERS = np.array([[1, 2, 3], [0, 2, 6], [6, -1, -1], [-1, -1, -1], [5, 0, -1], [0, 1, 4], [0, 1, 2]])


def lists_with_gaps(width):
    number = st.one_of(st.floats(-1e6, 1e6), st.just(NAN))
    return st.lists(number, min_size=width, max_size=width)


# --- by hand


def test_the_best_five_of_ten_are_averaged_simply():
    values = np.arange(11.0)
    peers = [list(range(1, 11))] + [[0] * 10] * 10
    assert best_of_peers(values, peers, lower_is_better=True)[0] == 3.0  # 1 to 5
    assert best_of_peers(values, peers, lower_is_better=False)[0] == 8.0  # 6 to 10


def test_with_fewer_peers_than_the_best_asked_the_mean_of_those_there_are():
    assert best_of_peers([9.0, 2.0, NAN], [[1, 2]] * 3, best=5, lower_is_better=True)[0] == 2.0


def test_the_best_where_high_is_good_mirrors_the_best_where_low_is():
    values = np.random.default_rng(2).normal(size=30)
    peers = np.random.default_rng(3).integers(0, 30, size=(30, 10))
    low = best_of_peers(values, peers, lower_is_better=True)
    np.testing.assert_allclose(best_of_peers(-values, peers, lower_is_better=False), -low, rtol=1e-12)


def test_peers_without_a_value_are_left_out_and_no_peers_give_nothing():
    np.testing.assert_array_equal(peer_mean(VALUES, PEERS), [3.0, 2.0, NAN, NAN, 3.5, 8 / 3, 2.0])
    np.testing.assert_array_equal(peer_median(VALUES, PEERS), [3.0, 2.0, NAN, NAN, 3.5, 2.0, 2.0])


def test_peers_pooled_are_their_events_over_their_people_where_both_are_there():
    events, people = [1.0, 5.0, NAN, 2.0], [10.0, 10.0, 100.0, NAN]
    assert peer_pooled(events, people, [[0, 1, 2, 3]] * 4)[0] == pytest.approx(6 / 20)
    assert np.isnan(peer_pooled(events, [0.0, 0.0, 1.0, 1.0], [[0, 1]] * 4)).all()


def test_percentile_of_all_is_one_figure_for_every_area_even_the_missing():
    result = percentile_of_all([[3.0, NAN, 1.0], [NAN, NAN, NAN]], percentile=50)
    np.testing.assert_array_equal(result, [[2.0, 2.0, 2.0], [NAN, NAN, NAN]])


@pytest.mark.parametrize(
    "method",
    [
        lambda values, peers: peer_mean(values, peers),
        lambda values, peers: peer_median(values, peers),
        lambda values, peers: best_of_peers(values, peers, lower_is_better=True),
        lambda values, peers: best_of_peers(values, peers, lower_is_better=False),
        lambda values, peers: peer_pooled(values, values, peers),
    ],
)
def test_a_group_without_any_peer_gives_missing_and_no_error(method):
    nobody = np.empty((3, 0), dtype=int)
    assert np.isnan(method(np.ones(3), nobody)).all()
    assert np.isnan(method(np.ones((2, 3)), nobody)).all()
    assert method(np.ones((2, 0)), np.empty((0, 5), dtype=int)).shape == (2, 0)


# --- against numpy


@settings(max_examples=60)
@given(values=lists_with_gaps(8), quantile=st.floats(0, 1))
def test_a_quantile_equals_numpys_without_the_missing(values, quantile):
    there = np.array(values)[~np.isnan(values)]
    ours = quantile_of(np.array(values), quantile)
    if len(there) == 0:
        assert np.isnan(ours)
    else:
        assert ours == pytest.approx(np.quantile(there, quantile), rel=1e-9, abs=1e-6)


@settings(max_examples=40)
@given(values=st.lists(st.floats(0, 1e6), min_size=9, max_size=9), seed=st.integers(0, 1000))
def test_the_order_of_the_areas_changes_nothing(values, seed):
    order = np.random.default_rng(seed).permutation(9)
    peers = np.array([[other for other in range(9) if other != area][:5] for area in range(9)])
    before = peer_quantile(values, peers, quantile=0.3)
    moved = np.argsort(order)[peers[order]]  # the same groups, written in the new positions
    after = peer_quantile(np.array(values)[order], moved, quantile=0.3)
    np.testing.assert_allclose(after, before[order], rtol=1e-12)


@given(values=st.lists(st.floats(0, 1e6), min_size=11, max_size=11))
def test_the_best_five_are_never_above_the_mean_where_low_is_good(values):
    peers = everyone = np.array([[other for other in range(11) if other != area] for area in range(11)])
    best = best_of_peers(values, everyone, lower_is_better=True)
    assert (best <= peer_mean(values, peers) * (1 + 1e-12) + 1e-9).all()
