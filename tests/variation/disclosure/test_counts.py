"""Which counts are too small to show, at the edges of each policy."""

import numpy as np
import pytest

from variation.disclosure.counts import amounts, counts_of_events, rounded_counts
from variation.policies import POLICIES

HES = POLICIES["hes_2018"]
YES, NO = np.array([[True]]), np.array([[False]])


def judged(numbers, everyone=np.nan, policy=HES, *, rounded=YES, exact=NO):
    number = np.array([numbers], dtype=float)
    whole = np.broadcast_to(np.asarray(everyone, dtype=float), number.shape)
    return counts_of_events(number, whole, policy, rounded=rounded, exact=exact)


@pytest.mark.parametrize(("name", "largest"), [("hes_2018", 7), ("under_5", 4), ("up_to_5_secondary", 5)])
def test_counts_up_to_the_largest_are_small_and_the_next_and_zero_are_not(name, largest):
    small = judged([0, 1, largest, largest + 1, np.nan], policy=POLICIES[name]).small
    assert small.tolist() == [[False, True, True, False, False]]


def test_those_who_are_left_over_are_counted_too_and_everyone_is_shown():
    small = judged([93, 92, 99, 100, 50], everyone=100).small
    assert small.tolist() == [[True, False, True, False, False]]


def test_everyone_of_a_few_is_small():
    assert judged([7, 8], everyone=[7, 8]).small.tolist() == [[True, False]]


def test_events_per_person_leave_no_one_over():
    assert not judged([93, 99, 120], everyone=np.nan).small.any()


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1002, 1000)]
)
def test_shown_counts_are_rounded_to_the_nearest_five(count, shown):
    assert rounded_counts(np.array([[float(count)]]), np.array([[1e12]]), HES, YES) == shown


def test_a_rounded_count_is_known_to_be_within_two_and_not_small():
    shown = judged([8, 13, 0]).shown
    assert shown.lower.tolist() == [[8, 13, 0]]
    assert shown.upper.tolist() == [[12, 17, 0]]


def test_a_count_that_other_rows_tell_is_taken_as_known():
    shown = judged([9, 13], exact=YES).shown
    assert shown.lower.tolist() == shown.upper.tolist() == [[9, 13]]


def test_policies_without_rounding_show_counts_as_they_are():
    assert judged([8, 9], policy=POLICIES["under_5"]).published.tolist() == [[8, 9]]


def test_the_range_that_must_stay_possible_reaches_one_beyond_what_is_withheld():
    may_be = judged([3, 96], everyone=[np.nan, 100]).may_be
    assert (may_be.lower.tolist(), may_be.upper.tolist()) == ([[1, 92]], [[8, 99]])


def test_amounts_of_few_people_are_withheld_and_stay_open_from_nothing_to_twice_as_much():
    found = amounts(np.array([[40.0, 900.0, 0.0]]), np.array([[True, False, True]]))
    assert found.small.tolist() == [[True, False, False]]
    assert (found.may_be.lower[0, 0], found.may_be.upper[0, 0]) == (0, 80)
    assert found.published.tolist() == [[40, 900, 0]]


def test_items_that_come_in_parts_may_be_as_small_as_one_likes():
    assert judged([7.5, 0.5, 8.0], rounded=NO).small.tolist() == [[True, True, False]]
    assert judged([7.5, 0.5, 8.0], rounded=NO).open.lower.max() == 0
