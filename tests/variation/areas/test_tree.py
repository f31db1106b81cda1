"""The tree of areas: figures of a parent are sums over whatever lies below it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variation.areas.tree import area_tree

NAN = np.nan


def tree_of(parents, kinds=None):
    """Build a tree from {area: parent}; "" stands at the top."""
    frame = pd.DataFrame({"area": list(parents), "parent": list(parents.values())})
    frame["parent"] = frame["parent"].replace("", pd.NA)
    frame["kind"] = frame["area"].map(kinds) if kinds else "area"
    return area_tree(frame)


@st.composite
def random_trees(draw):
    """A forest of up to 14 areas: each hangs below an earlier one, or stands at the top; shuffled codes."""
    number = draw(st.integers(1, 14))
    above = [draw(st.integers(-1, place - 1)) for place in range(number)]
    codes = draw(st.permutations([f"A{place:02}" for place in range(number)]))
    return {codes[place]: codes[over] if over >= 0 else "" for place, over in enumerate(above)}


def below(parents, top):
    """Areas at and below one, by brute force."""
    found = {top}
    while more := {area for area, parent in parents.items() if parent in found} - found:
        found |= more
    return found


PRACTICES = {"P1": "L1", "P2": "L1", "P3": "L2", "L1": "C", "L2": "C", "C": ""}


def test_areas_stand_in_the_order_of_their_codes_with_positions_of_their_parents():
    tree = tree_of({"B": "A", "C": "A", "A": ""})
    assert tree.codes.tolist() == ["A", "B", "C"]
    assert tree.parent.tolist() == [-1, 0, 0]
    assert tree.depth.tolist() == [0, 1, 1]
    assert tree.positions(pd.Series(["C", "X", "A"])).tolist() == [2, -1, 0]


def test_sums_go_up_every_step_by_hand():
    tree = tree_of(PRACTICES)
    values = pd.Series({"P1": 1.0, "P2": 2.0, "P3": 4.0, "L1": 99.0, "L2": 99.0, "C": 99.0}).loc[tree.codes]
    given_ = np.array([code.startswith("P") for code in tree.codes])
    rolled = dict(zip(tree.codes, tree.roll_up(values.to_numpy(), given=given_), strict=True))
    assert rolled == {"P1": 1, "P2": 2, "P3": 4, "L1": 3, "L2": 4, "C": 7}


def test_nothing_below_an_area_with_a_figure_is_missing_and_not_nothing():
    tree = tree_of(PRACTICES)
    values = pd.Series({"P1": NAN, "P2": NAN, "P3": 0.0}).reindex(tree.codes).to_numpy()
    rolled = dict(zip(tree.codes, tree.roll_up(values, given=np.ones(6, dtype=bool)), strict=True))
    assert np.isnan([rolled["P1"], rolled["L1"]]).all()
    assert (rolled["P3"], rolled["L2"], rolled["C"]) == (0, 0, 0)


def test_a_missing_child_does_not_take_its_siblings_with_it():
    tree = tree_of({"A": "", "B": "A", "C": "A"})
    np.testing.assert_array_equal(
        tree.roll_up(np.array([NAN, NAN, 5.0]), given=np.ones(3, dtype=bool)), [5, NAN, 5]
    )


@settings(max_examples=60, deadline=None)
@given(parents=random_trees(), seed=st.integers(0, 1000))
def test_a_roll_up_equals_sums_by_brute_force_on_any_tree(parents, seed):
    random = np.random.default_rng(seed)
    tree = tree_of(parents)
    shape = (2, 3, len(tree))
    values = np.where(random.random(shape) < 0.2, NAN, random.integers(0, 100, shape).astype(float))
    given_ = random.random(shape) < 0.7
    rolled = tree.roll_up(values, given=given_)
    assert rolled.shape == shape
    place = {code: number for number, code in enumerate(tree.codes)}
    for code in parents:
        own = [place[area] for area in below(parents, code)]
        cells = np.where(given_, values, NAN)[..., own]
        expected = np.where(np.isnan(cells).all(axis=-1), NAN, np.nansum(cells, axis=-1))
        np.testing.assert_allclose(rolled[..., place[code]], expected, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(parents=random_trees())
def test_ancestry_and_depth_are_those_of_walking_up(parents):
    tree = tree_of(parents)
    dense = tree.ancestry.toarray()
    for row, code in enumerate(tree.codes):
        assert {str(tree.codes[column]) for column in np.flatnonzero(dense[row])} == below(parents, code)
        steps, at = 0, parents[code]
        while at:
            steps, at = steps + 1, parents[at]
        assert tree.depth[row] == steps


# --- ragged trees


def test_kinds_are_ordered_from_the_finest_also_where_branches_differ_in_length():
    parents = {"P1": "L1", "P2": "C", "P3": "L1", "L1": "C", "C": "I", "I": ""}
    kinds = {
        "P1": "practice",
        "P2": "practice",
        "P3": "practice",
        "L1": "locality",
        "C": "cluster",
        "I": "icb",
    }
    tree = tree_of(parents, kinds)
    assert tree.kinds_by_depth == ["practice", "locality", "cluster", "icb"]
    assert [str(tree.codes[position]) for position in tree.of_kind("practice")] == ["P1", "P2", "P3"]


def test_a_figure_at_a_short_branch_counts_at_the_top_once():
    tree = tree_of({"P1": "L1", "P2": "I", "L1": "I", "I": ""})
    values = pd.Series({"P1": 1.0, "P2": 10.0}).reindex(tree.codes).to_numpy()
    rolled = dict(zip(tree.codes, tree.roll_up(values, given=~np.isnan(values)), strict=True))
    assert (rolled["L1"], rolled["I"]) == (1, 11)


# --- tops


@pytest.mark.parametrize(
    ("parents", "top"),
    [
        (PRACTICES, "C"),
        ({"A": "", "B": "", "C": "B"}, "B"),  # the one that most areas are below
        ({"A": "", "B": ""}, ""),  # no tree at all
        ({"A": ""}, ""),
        ({"A": "England", "B": "A"}, "A"),  # a parent that is not in the table counts as none
    ],
)
def test_the_top_is_the_area_that_most_are_below(parents, top):
    assert tree_of(parents).top == top


def test_no_areas_make_an_empty_tree():
    tree = area_tree(pd.DataFrame({"area": [], "kind": [], "parent": []}, dtype="str"))
    assert (len(tree), tree.top, tree.kinds_by_depth) == (0, "", [])
