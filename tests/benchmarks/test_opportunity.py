"""Gross gaps and percentile savings against production output of OpenPrescribing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from benchmarks.opportunity import gross, percentile_saving

KEYS = ["measure", "month", "org_type"]
positive = st.lists(st.floats(1, 1e4), min_size=2, max_size=20)


@pytest.mark.parametrize("percentile", range(10, 100, 10))
def test_savings_agree_with_reference_values(vectors: Path, percentile):
    areas = pd.read_csv(vectors / "percentile_savings" / "areas.csv")
    totals = pd.read_csv(vectors / "percentile_savings" / "deciles.csv").set_index(KEYS)
    compared = 0
    for key, rows in areas.groupby(KEYS):
        saving = percentile_saving(rows.numerator, rows.denominator, percentile=percentile)
        assert_allclose(saving, rows[f"cost_savings_{percentile}"], rtol=1e-9, atol=1e-9)
        if key in totals.index:
            total = totals.loc[key, f"cost_savings_{percentile}"]
            assert_allclose(saving.clip(min=0).sum(), total, rtol=1e-9, atol=1e-9)
            compared += 1
    assert compared > 0


def test_a_saving_by_hand_keeps_the_negative():
    saving = percentile_saving([10, 30, 10], [100, 100, 50], percentile=50)
    assert_allclose(saving, [-10, 10, 0])


def test_the_percentile_leaves_out_areas_without_a_value():
    saving = percentile_saving([10, 30, 5, np.nan, 20], [100, 100, 0, 100, 100], percentile=50)
    assert_allclose(saving, [-10, 10, np.nan, np.nan, 0])


@pytest.mark.parametrize("percentile", [-1, 100.5, np.nan])
def test_a_percentile_outside_0_to_100_is_refused(percentile):
    with pytest.raises(ValueError, match="expected a percentile between 0 and 100"):
        percentile_saving([1], [2], percentile=percentile)


def test_negative_inputs_are_refused_by_name():
    with pytest.raises(ValueError, match=r"expected numerator >= 0, got -1 at position 1"):
        percentile_saving([1, -1], [2, 2], percentile=10)
    with pytest.raises(ValueError, match="expected denominator >= 0"):
        gross([0.1], [-5], 0.2, lower_is_better=True)


@given(positive, st.floats(0, 100), st.randoms())
def test_savings_follow_their_areas(numerator, percentile, random):
    x = np.array(numerator)
    n = x[::-1] + 3
    order = random.sample(range(len(x)), len(x))
    saving = percentile_saving(x, n, percentile=percentile)
    scale = 1e-9 * x.max()
    assert_allclose(saving[order], percentile_saving(x[order], n[order], percentile=percentile), atol=scale)
    assert_allclose(7 * saving, percentile_saving(7 * x, n, percentile=percentile), atol=10 * scale)


@given(positive)
def test_nobody_saves_against_the_highest_and_nobody_loses_against_the_lowest(numerator):
    x = np.array(numerator)
    n = np.full(len(x), 50.0)
    assert (percentile_saving(x, n, percentile=100) <= 1e-9 * x.max()).all()
    assert (percentile_saving(x, n, percentile=0) >= -1e-9 * x.max()).all()


def test_rows_have_their_own_percentile():
    x = np.random.default_rng(3).integers(1, 90, (2, 3, 11)).astype(float)
    n = np.full((2, 3, 11), 100.0)
    together = percentile_saving(x, n, percentile=20)
    oracle = x - np.quantile(x / n, 0.2, axis=-1, keepdims=True) * n
    assert_allclose(together, oracle, atol=1e-12)


def test_gross_counts_only_the_wrong_side_of_the_comparator():
    assert_allclose(gross([0.12, 0.05, 0.08], 1000, 0.08, lower_is_better=True), [40, 0, 0], atol=1e-9)
    assert_allclose(gross([0.12, 0.05, 0.08], 1000, 0.08, lower_is_better=False), [0, 30, 0], atol=1e-9)


def test_gross_is_missing_where_an_input_is():
    units = gross(
        [0.1, np.nan, 0.1, 0.3], [10, 10, np.nan, 10], [np.nan, 0.1, 0.1, 0.1], lower_is_better=True
    )
    assert_allclose(units, [np.nan, np.nan, np.nan, 2])


@given(positive, st.floats(0, 1e4))
def test_the_two_directions_share_out_the_whole_gap(value, comparator):
    n = np.full(len(value), 2.0)
    over = gross(value, n, comparator, lower_is_better=True)
    under = gross(value, n, comparator, lower_is_better=False)
    assert ((over == 0) | (under == 0)).all()
    assert_allclose(over - under, (np.array(value) - comparator) * 2)
    assert_array_equal(gross(value, n, value, lower_is_better=True), np.zeros(len(value)))
