"""Ranges that a tree of sums leaves to each count, against linear programming."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.attack.worlds import random_world
from variation.areas.tree import area_tree
from variation.disclosure.ranges import Levels, Ranges, from_below, from_everywhere


def tree_of(*pairs):
    rows = [(area, "kind", parent) for area, parent in pairs]
    return area_tree(pd.DataFrame(rows, columns=["area", "kind", "parent"]))


def known(levels, lower, upper):
    there = np.ones((1, len(levels.tree)), dtype=bool)
    ranges = Ranges(lower=np.array([lower], dtype=float), upper=np.array([upper], dtype=float))
    return from_everywhere(levels, from_below(levels, ranges, there))


def test_the_one_part_that_is_not_shown_is_the_sum_less_the_others():
    levels = Levels(tree_of(("A", "T"), ("B", "T"), ("C", "T"), ("T", None)))
    found = known(levels, [10, 20, 1, 33], [10, 20, 99, 33])
    assert (found.lower[0, 2], found.upper[0, 2]) == (3, 3)


def test_two_parts_that_are_not_shown_share_what_is_left():
    levels = Levels(tree_of(("A", "T"), ("B", "T"), ("C", "T"), ("T", None)))
    found = known(levels, [10, 1, 1, 33], [10, 99, 99, 33])
    assert (found.lower[0].tolist(), found.upper[0].tolist()) == ([10, 1, 1, 33], [10, 22, 22, 33])


def test_rounded_sums_and_parts_leave_a_range():
    levels = Levels(tree_of(("A", "T"), ("B", "T"), ("T", None)))
    found = known(levels, [8, 1, 13], [12, 99, 17])
    assert (found.lower[0, 1], found.upper[0, 1]) == (1, 9)


def test_what_is_known_above_reaches_two_levels_down():
    levels = Levels(tree_of(("A", "L"), ("B", "L"), ("L", "T"), ("M", "T"), ("T", None)))
    found = known(levels, [1, 1, 1, 30, 33], [99, 99, 99, 30, 33])
    assert (found.lower[0, 0], found.upper[0, 0]) == (1, 2)


def test_areas_without_a_figure_do_not_count():
    levels = Levels(tree_of(("A", "T"), ("B", "T"), ("T", None)))
    there = np.array([[True, False, True]])
    ranges = Ranges(lower=np.array([[1.0, 0, 9]]), upper=np.array([[99.0, 0, 9]]))
    found = from_everywhere(levels, from_below(levels, ranges, there))
    assert (found.lower[0, 0], found.upper[0, 0]) == (9, 9)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_ranges_are_those_of_linear_programming(seed):
    draw = np.random.default_rng(seed)
    tree = area_tree(random_world(seed).areas)
    counts = np.zeros((1, len(tree)))
    leaf = ~np.isin(np.arange(len(tree)), tree.with_children)
    counts[:, leaf] = draw.integers(0, 20, leaf.sum())
    counts = tree.roll_up(counts, given=leaf[None, :])
    hidden, width = draw.random(len(tree)) < 0.5, draw.integers(0, 3)
    lower = np.where(hidden, 0, np.maximum(counts - width, 0))
    upper = np.where(hidden, 50_000, counts + width)  # above any sum
    found = from_everywhere(
        levels := Levels(tree),
        from_below(levels, Ranges(lower=lower, upper=upper), np.ones(lower.shape, dtype=bool)),
    )
    equations = np.zeros((len(tree), len(tree)))
    inside = tree.parent >= 0
    equations[tree.parent[inside], np.flatnonzero(inside)] = 1
    equations = equations - np.diag((~leaf).astype(float))
    for place in draw.choice(len(tree), min(4, len(tree)), replace=False):
        for sign, side in ((1.0, found.lower), (-1.0, found.upper)):
            wanted = sign * (np.arange(len(tree)) == place)
            best = linprog(
                wanted,
                A_eq=equations,
                b_eq=np.zeros(len(tree)),
                bounds=np.column_stack([lower[0], upper[0]]),
            )
            assert best.status == 0
            assert abs(sign * best.fun - side[0, place]) < 1e-6
