"""Counts that tell each other are withheld in the same areas."""

import numpy as np
import pandas as pd
import pytest

from variation.disclosure.families import families, period_span

NONE = np.full((2, 2), np.nan)


def groups(*pairs, **more):
    return pd.DataFrame(pairs, columns=["indicator", "period"]).assign(**more)


def together(family, *places):
    return len({int(family[place]) for place in places}) == 1


def test_separate_years_are_no_family_and_a_pooled_period_joins_its_years():
    numbers = np.arange(8.0).reshape(4, 2)
    years = groups(("I", "2013/14"), ("I", "2014/15"), ("I", "2015/16"), ("I", "2014/15 to 2015/16"))
    family = families(years, numbers, numbers + 100)
    assert together(family, 1, 2, 3)
    assert not together(family, 0, 1)


def test_years_of_different_indicators_are_apart():
    numbers = np.arange(4.0).reshape(2, 2)
    family = families(groups(("I", "2014"), ("J", "2014")), numbers, numbers + 100)
    assert not together(family, 0, 1)


def test_a_count_that_stands_in_two_places_is_one():
    numerator, denominator = np.array([[5.0, 9], [2, 3]]), np.array([[100.0, 200], [5, 9]])
    family = families(groups(("A", "2014"), ("B", "2014")), numerator, denominator)
    assert together(family, 0, 2 + 1)  # the numerator of A is the denominator of B


def test_parts_are_with_their_whole_in_the_same_period():
    rows = groups(("A", "2014"), ("B", "2014"), ("W", "2014"), ("W", "2016"), part_of=["W", "W", None, None])
    numbers = np.arange(8.0).reshape(4, 2)
    family = families(rows, numbers, numbers + 100)
    assert together(family, 0, 1, 2)
    assert not together(family, 2, 3)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("2014/15", "2015/16", False),
        ("2014", "2015", False),
        ("2013 - 15", "2014 - 16", True),
        ("2014/15 to 2016/17", "2015/16", True),
        ("2014/15 to 2016/17", "2013/14", False),
        ("2016-04", "2016-05", False),
        ("2016-04 to 2017-03", "2016-05", True),
    ],
)
def test_periods_overlap_where_they_have_a_day_in_common(one, other, overlap):
    spans = sorted([period_span(one), period_span(other)])
    assert (spans[1][0] <= spans[0][1]) == overlap
