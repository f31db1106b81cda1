"""Values of peers, worked on all at once, are what numpy gives area by area and row by row."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import benchmarks.peer_values as peer_values
from benchmarks.peer_values import (
    Everyone,
    mean_and_number,
    mean_of_lowest,
    quantile_of_peers,
    sorting_network,
)
from benchmarks.peers import everyone_else

NAN = np.nan
VALUES = st.one_of(st.floats(-1e3, 1e3), st.just(NAN), st.just(2.0))


def row_by_row(values, peers, method):
    """The answer of a method of a plain array, peer group by peer group; NaN where no peer has a value."""
    answer = np.full((len(values), len(peers)), NAN)
    for row, own in enumerate(values):
        for area, group in enumerate(peers):
            there = own[[peer for peer in group if peer >= 0]]
            there = there[~np.isnan(there)]
            if len(there):
                answer[row, area] = method(there)
    return answer


METHODS = {
    "mean": (lambda v, p: mean_and_number(v, p)[0], np.mean),
    "best": (lambda v, p: mean_of_lowest(v, p, lowest=3), lambda there: np.sort(there)[:3].mean()),
    "median": (lambda v, p: quantile_of_peers(v, p, quantile=0.5), np.median),
    "quantile": (lambda v, p: quantile_of_peers(v, p, quantile=0.3), lambda there: np.quantile(there, 0.3)),
}


@pytest.mark.parametrize("name", METHODS)
@settings(deadline=None, max_examples=40)
@given(
    drawn=st.integers(1, 40).flatmap(
        lambda n: st.tuples(
            arrays(np.int64, (6, n), elements=st.integers(-1, 5)), arrays(np.float64, (3, 6), elements=VALUES)
        )
    )
)
def test_peers_by_position_give_what_numpy_gives_one_by_one(name, drawn):
    peers, values = drawn
    ours, plain = METHODS[name]
    np.testing.assert_allclose(ours(values, peers), row_by_row(values, peers, plain), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", METHODS)
@settings(deadline=None, max_examples=40)
@given(values=st.integers(1, 9).flatmap(lambda n: arrays(np.float64, (2, n), elements=VALUES)))
def test_everyone_is_the_same_as_a_list_of_all_the_others(name, values):
    ours, _ = METHODS[name]
    areas = values.shape[1]
    np.testing.assert_allclose(
        ours(values, Everyone(areas)), ours(values, everyone_else(areas)), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("peers", [Everyone(50), np.random.default_rng(1).integers(-1, 50, (50, 10))])
@pytest.mark.parametrize("name", METHODS)
def test_rows_at_once_give_the_bits_of_rows_one_by_one(name, peers, monkeypatch):
    values = np.random.default_rng(2).lognormal(size=(7, 50))
    values[2, 3] = NAN
    ours, _ = METHODS[name]
    whole = ours(values, peers)
    monkeypatch.setattr(peer_values, "ORDERED_AT_ONCE", 100)
    np.testing.assert_array_equal(whole, np.concatenate([ours(row[None], peers) for row in values]))
    np.testing.assert_array_equal(whole[4], ours(values[4], peers))


def test_sorting_network_sorts_every_pattern_of_zeros_and_ones():
    # Knuth's 0-1 principle: a network that sorts these sorts everything.
    for number in range(1, 11):
        patterns = np.array(list(itertools.product([0, 1], repeat=number))).T.copy()
        for low, high in sorting_network(number):
            pair = patterns[[low, high]]
            patterns[low], patterns[high] = pair.min(axis=0), pair.max(axis=0)
        assert (np.diff(patterns, axis=0) >= 0).all()
