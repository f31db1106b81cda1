"""What else is withheld so that no small count can be worked out, and no more than needed."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from tests.attack.worlds import random_world
from variation.areas.tree import area_tree
from variation.disclosure.complementary import complement, nearest_shown, too_narrow
from variation.disclosure.counts import counts_of_events
from variation.disclosure.protect import protect
from variation.disclosure.ranges import Levels
from variation.policies import POLICIES

TO_5 = POLICIES["up_to_5_secondary"]


def withheld_of(leaves, pairs, *, policy=TO_5, rounded=False):
    """Withheld areas of a tree, given the counts of its finest areas; smaller lists first in the order of codes."""
    tree = area_tree(
        pd.DataFrame([(area, "kind", parent) for area, parent in pairs], columns=["area", "kind", "parent"])
    )
    given = np.array([[code in leaves for code in tree.codes]])
    own = np.array([[float(leaves.get(code, 0)) for code in tree.codes]])
    number = tree.roll_up(own, given=given)
    counts = counts_of_events(
        number,
        np.full(number.shape, np.nan),
        policy,
        rounded=np.array([[rounded]]),
        exact=np.array([[False]]),
    )
    levels, order = Levels(tree), np.arange(len(tree))[None, :]
    cells = complement(levels, counts, order, counts.small)
    assert not too_narrow(levels, counts, cells).any()
    return set(tree.codes[cells[0]])


FLAT = [("A", "T"), ("B", "T"), ("C", "T"), ("D", "T"), ("T", None)]
DEEP = [("A", "L"), ("B", "L"), ("C", "M"), ("D", "M"), ("L", "T"), ("M", "T"), ("T", None)]


def test_where_nothing_is_small_nothing_is_withheld():
    assert withheld_of({"A": 6, "B": 20, "C": 30, "D": 0}, FLAT) == set()


def test_one_small_count_takes_the_first_other_with_it():
    assert withheld_of({"A": 60, "B": 20, "C": 3, "D": 30}, FLAT) == {"A", "C"}


def test_a_zero_protects_nothing():
    assert withheld_of({"A": 0, "B": 20, "C": 3, "D": 30}, FLAT) == {"B", "C"}


def test_small_counts_that_hide_each_other_need_no_other():
    assert withheld_of({"A": 4, "B": 5, "C": 50, "D": 30}, FLAT) == {"A", "B"}


def test_small_counts_whose_sum_says_too_much_need_another():
    assert withheld_of({"A": 1, "B": 2, "C": 50, "D": 30}, FLAT) == {"A", "B", "C"}


def test_where_a_locality_has_no_other_it_is_withheld_with_another_locality_and_one_in_that():
    assert withheld_of({"A": 3, "B": 0, "C": 40, "D": 50}, DEEP) == {"A", "L", "C", "M"}


def test_where_everything_else_is_zero_the_whole_is_withheld():
    assert withheld_of({"A": 3, "B": 0, "C": 0, "D": 0}, FLAT) == {"A", "T"}


def test_rounding_can_make_another_cell_unnecessary():
    counts = {"A": 60, "B": 20, "C": 3, "D": 30}
    assert withheld_of(counts, FLAT, policy=POLICIES["hes_2018"], rounded=True) == {"C"}
    assert withheld_of(counts, FLAT, policy=POLICIES["hes_2018"]) == {"A", "C"}


def test_the_nearest_shown_area_above_is_found_past_withheld_ones():
    tree = area_tree(pd.DataFrame(DEEP, columns=["area", "parent"]).assign(kind="kind"))
    withheld = np.array([[code == "L" for code in tree.codes]])
    codes = dict(zip(tree.codes, nearest_shown(Levels(tree), withheld)[0], strict=True))
    assert tree.codes[codes["A"]] == "T"
    assert tree.codes[codes["C"]] == "M"
    assert codes["T"] == -1


@pytest.mark.parametrize("seed", range(6))
def test_close_to_the_fewest_cells_that_would_do(seed):
    """Against every choice of cells, in small trees: at most one more than the best."""
    draw = np.random.default_rng(seed)
    leaves = dict(zip("ABCD", draw.choice([0, 1, 3, 9, 30], 4), strict=True))
    tree = area_tree(pd.DataFrame(DEEP, columns=["area", "parent"]).assign(kind="kind"))
    given = np.array([[code in leaves for code in tree.codes]])
    number = tree.roll_up(np.array([[float(leaves.get(code, 0)) for code in tree.codes]]), given=given)
    none = np.full(number.shape, np.nan)
    counts = counts_of_events(number, none, TO_5, rounded=np.array([[False]]), exact=np.array([[False]]))
    levels = Levels(tree)
    ours = int(complement(levels, counts, np.arange(len(tree))[None, :], counts.small).sum())
    free = np.flatnonzero(counts.usable[0] & ~counts.small[0])
    best = next(
        size + int(counts.small.sum())
        for size in range(len(free) + 1)
        for chosen in combinations(free, size)
        if not too_narrow(levels, counts, counts.small | np.isin(np.arange(len(tree)), chosen)[None, :]).any()
    )
    assert best <= ours <= best + 1


def test_the_same_is_withheld_whatever_the_order_of_the_rows():
    world = random_world(3)
    again = world.panel
    shuffled = type(world)(
        areas=world.areas.sample(frac=1, random_state=1).reset_index(drop=True),
        indicators=world.indicators.sample(frac=1, random_state=2).reset_index(drop=True),
        catalogue=world.catalogue,
    ).panel
    for policy in POLICIES.values():
        assert (protect(again, policy).withheld == protect(shuffled, policy).withheld).all()
