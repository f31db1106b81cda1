"""The panel that is published from: what is in the place of withheld counts, and what is left of the rest."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.attack.worlds import World, catalogue, random_world
from variation.disclosure.protect import protect
from variation.policies import POLICIES

TO_5 = POLICIES["up_to_5_secondary"]
AREAS = pd.DataFrame(
    [("A", "practice", "T"), ("B", "practice", "T"), ("C", "practice", "T"), ("T", "icb", None)],
    columns=["area", "kind", "parent"],
).assign(name="x")


def world(indicators, kinds, **more):
    rows = pd.DataFrame(indicators, columns=["indicator", "area", "numerator", "denominator"])
    for name in ("value", "lower_95", "upper_95", "standard_deviation", "expected"):
        rows[name] = more.pop(name, np.nan)
    table = catalogue(kinds)
    for name, values in more.items():
        table[name] = values
    return World(areas=AREAS, indicators=rows.assign(period="2016/17", sex="", age_band=""), catalogue=table)


def cells(matrix, panel, row=0):
    return dict(zip(panel.tree.codes, matrix[row].tolist(), strict=True))


@pytest.fixture
def one_small():
    return world([("I", "A", 3, 100), ("I", "B", 40, 300), ("I", "C", 50, 500)], {"I": "rate"}).panel


def test_internal_leaves_everything_as_it_is(one_small):
    found = protect(one_small, POLICIES["internal"])
    assert found.panel is one_small
    assert not found.withheld.any()


def test_withheld_counts_get_their_share_of_what_is_left_over_by_denominator(one_small):
    found = protect(one_small, TO_5)
    assert cells(found.withheld, one_small) == {"A": True, "B": True, "C": False, "T": False}
    assert cells(found.panel.numerator, one_small) == {"A": 43 / 4, "B": 3 * 43 / 4, "C": 50, "T": 93}


def test_the_estimate_is_the_same_whatever_is_withheld(one_small):
    moved = replace(one_small, numerator=one_small.numerator + np.array([[1, -1, 0, 0]]))
    np.testing.assert_array_equal(
        protect(one_small, TO_5).panel.numerator, protect(moved, TO_5).panel.numerator
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", ["under_5", "up_to_5_secondary"])
def test_estimates_add_up_to_the_shown_sums(seed, name):
    panel = random_world(seed).panel
    found = protect(panel, POLICIES[name])
    number = found.panel.numerator
    leaf = ~np.isin(np.arange(len(panel.tree)), panel.tree.with_children)
    # Where an estimate meets the end of what is known of its count, the rest is not shared out anew.
    shown = ~found.withheld & ~np.isnan(number)
    sums = panel.tree.roll_up(number, given=leaf[None, :])
    off = np.abs(sums - number)[shown]
    assert np.median(off) < 1e-9 if len(off) else not shown.any()


def test_where_the_whole_is_withheld_nothing_is_known(one_small):
    few = replace(one_small, numerator=np.array([[2.0, 0, 0, 2]]))
    found = protect(few, TO_5)
    assert cells(found.withheld, few) == {"A": True, "B": False, "C": False, "T": True}
    assert np.isnan(found.panel.numerator[0, [0, 3]]).all()


def test_few_who_are_left_over_are_withheld_as_well():
    panel = world(
        [("I", "A", 97, 100), ("I", "B", 150, 300), ("I", "C", 250, 500)], {"I": "proportion"}
    ).panel
    assert cells(protect(panel, TO_5).withheld, panel)["A"]


def test_a_denominator_that_is_another_count_is_withheld_and_rounded_with_it():
    panel = world(
        [
            ("R", "A", 3, 100), ("R", "B", 41, 300), ("R", "C", 52, 500),
            ("S", "A", 1, 3), ("S", "B", 22, 41), ("S", "C", 33, 52),
        ],
        {"R": "rate", "S": "proportion"},
    ).panel  # fmt: skip
    found = protect(panel, POLICIES["hes_2018"])
    assert cells(found.people_withheld, panel, 1) == cells(found.withheld, panel, 0)
    assert found.panel.denominator[1, 2] == found.panel.numerator[0, 2] == 50


def test_everyone_stays_everyone_where_the_denominator_is_rounded():
    panel = world(
        [
            ("R", "A", 38, 100), ("R", "B", 41, 300), ("R", "C", 52, 500),
            ("S", "A", 38, 38), ("S", "B", 22, 41), ("S", "C", 33, 52),
        ],
        {"R": "rate", "S": "proportion"},
    ).panel  # fmt: skip
    found = protect(panel, POLICIES["hes_2018"]).panel
    assert (found.numerator[1, 0], found.denominator[1, 0]) == (40, 40)
    assert (found.numerator <= found.denominator)[1].all()


def test_a_mean_over_few_people_is_withheld_and_its_spread_with_it():
    panel = world(
        [("I", "A", 12, 4), ("I", "B", 400, 80), ("I", "C", 500, 100)],
        {"I": "mean"},
        standard_deviation=[2.0, 3.0, 4.0],
    ).panel
    found = protect(panel, TO_5)
    assert cells(found.withheld, panel)["A"]
    assert cells(found.people_withheld, panel)["A"]
    own, other = panel.squares[0], protect(panel, TO_5).panel.squares[0]
    assert other[2] == own[2]
    assert other[0] != own[0]
    assert other[3] == pytest.approx(other[:3].sum())


def test_spend_on_few_items_is_withheld():
    panel = world(
        [("I", "A", 45, 900), ("I", "B", 4000, 800), ("I", "C", 5000, 1000)],
        {"I": "spend"},
        cost_per_event=[10.0],
    ).panel
    found = cells(protect(panel, TO_5).withheld, panel)
    assert (found["A"], found["T"]) == (True, False)
    assert sum(found.values()) == 2


def test_published_values_of_a_withheld_count_are_withheld_too():
    rows = [("I", "A", 3, 100), ("I", "B", 40, 300), ("I", "C", 50, 500)]
    panel = world(rows, {"I": "rate"}, value=[30.0, 133.0, 100.0]).panel
    found = protect(panel, TO_5)
    assert np.isnan(found.panel.value[0, :2]).all()
    assert found.panel.value[0, 2] == 100


def test_protecting_is_pure_and_repeats(one_small):
    before = one_small.numerator.copy()
    first, second = protect(one_small, TO_5), protect(one_small, TO_5)
    np.testing.assert_array_equal(one_small.numerator, before)
    np.testing.assert_array_equal(first.panel.numerator, second.panel.numerator)
