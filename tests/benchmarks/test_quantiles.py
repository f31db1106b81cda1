"""Quantile groups and percentile ranks against the field's own tools."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy import stats

from benchmarks.quantiles import percentile_rank, quantile_group

values = st.lists(st.one_of(st.integers(0, 20).map(float), st.just(np.nan)), min_size=1, max_size=40)


def test_quantile_groups_agree_with_reference_values(vectors: Path):
    expected = pd.read_csv(vectors / "quantiles" / "quantile_expected.csv")
    for (_, number, invert), rows in expected.groupby(["grp", "nquantiles", "invert"]):
        assert_array_equal(quantile_group(rows.value, number=number, invert=invert), rows["quantile"])


def test_percentiles_agree_with_reference_values(vectors: Path):
    areas = pd.read_csv(vectors / "percentile_savings" / "areas.csv")
    for _, rows in areas.groupby(["measure", "org_type", "month"]):
        np.testing.assert_allclose(percentile_rank(rows.calc_value), rows.percentile, rtol=1e-9)


def test_fifths_of_ten_areas_hold_two_each():
    value = [3, 1, 4, 10, 5, 9, 2, 6, 8, 7]
    assert_array_equal(quantile_group(value, number=5, invert=False), [2, 1, 2, 5, 3, 5, 1, 3, 4, 4])
    assert_array_equal(quantile_group(value, number=5), [4, 5, 4, 1, 3, 1, 5, 3, 2, 2])


def test_the_default_is_tenths_with_the_highest_first():
    assert_array_equal(quantile_group(np.arange(10)), np.arange(10, 0, -1))


@pytest.mark.parametrize(("areas", "grouped"), [(4, False), (5, True), (6, True)])
def test_fewer_areas_than_groups_are_not_grouped(areas, grouped):
    group = quantile_group([*range(areas), np.nan], number=5)
    assert np.isnan(group[-1])
    assert np.isfinite(group[:-1]).all() == grouped


def test_no_groups_at_all_is_refused():
    with pytest.raises(ValueError, match="expected at least 1 quantile group, got 0"):
        quantile_group([1.0], number=0)


def test_a_percentile_runs_from_0_to_100_and_a_single_area_has_none():
    assert_array_equal(percentile_rank([5, 7, 6]), [0, 100, 50])
    assert_array_equal(percentile_rank([5, np.nan]), [np.nan, np.nan])
    assert_array_equal(percentile_rank([5, 5, np.nan, 8]), [0, 0, np.nan, 100])
    assert percentile_rank([]).shape == (0,)


@given(values)
def test_percentiles_count_the_areas_strictly_below(value):
    array = np.array(value)
    known = array[~np.isnan(array)]
    oracle = [stats.percentileofscore(known, x, kind="strict") for x in known]
    if len(known) > 1:
        expected = np.array(oracle) * len(known) / (len(known) - 1)
        np.testing.assert_allclose(percentile_rank(array)[~np.isnan(array)], expected)


@given(values, st.integers(1, 10), st.booleans())
def test_groups_follow_the_order_of_values_and_ties_stay_together(value, number, invert):
    array = np.array(value)
    group = quantile_group(array, number=number, invert=invert)
    assert_array_equal(group, quantile_group(array * 3 + 1, number=number, invert=invert))
    known = ~np.isnan(group)
    assert (np.isin(group[known], np.arange(1, number + 1))).all()
    order = np.argsort(array[known])
    steps = np.diff(group[known][order]) * (-1 if invert else 1)
    assert (steps >= 0).all()
    assert (steps[np.diff(array[known][order]) == 0] == 0).all()


def test_each_row_is_ranked_by_itself():
    table = np.random.default_rng(4).integers(0, 30, (2, 3, 25)).astype(float)
    table[1, 2, :8] = np.nan
    for row in np.ndindex(2, 3):
        assert_array_equal(percentile_rank(table)[row], percentile_rank(table[row]))
        assert_array_equal(quantile_group(table, number=4)[row], quantile_group(table[row], number=4))
