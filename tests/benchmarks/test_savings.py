"""The finance chain: each step alone, by hand, against plain loops, and never larger than the one before."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.savings import (
    addressable,
    cashable,
    counted_once,
    deliverable,
    group_cap,
    payback,
    phased,
    present_value,
    year_factors,
)

LINES, YEARS = 5, 5
shares = arrays(float, LINES, elements=st.floats(0, 1))
pounds = arrays(float, LINES, elements=st.floats(0, 1e8))
ramps = arrays(float, (LINES, YEARS), elements=st.floats(0, 1))


def test_within_a_group_the_largest_alone_counts():
    group = np.array([0, 0, 1, 0, 1])
    overlap = (group[:, None] == group[None, :]).astype(float)
    left = counted_once([3.0, 8.0, 2.0, 5.0, 1.0], overlap)
    np.testing.assert_array_equal(left, [0, 1, 1, 0, 0])


def test_of_two_equal_lines_the_first_counts():
    np.testing.assert_array_equal(counted_once([4.0, 4.0], [[0, 1], [1, 0]]), [1, 0])


def test_only_what_a_larger_line_counts_too_is_taken_out():
    # 40 % of the smaller is in the larger; all of the larger being in the smaller takes nothing from it.
    np.testing.assert_allclose(counted_once([10.0, 6.0], [[0, 1.0], [0.4, 0]]), [1.0, 0.6])


def test_a_line_without_a_figure_takes_nothing_out_of_others():
    np.testing.assert_array_equal(counted_once([np.nan, 6.0], [[0, 1], [1, 0]]), [0, 1])


@pytest.mark.parametrize("overlap", [[[0, 1.2], [0, 0]], [[0, -0.1], [0, 0]]])
def test_an_overlap_that_is_no_share_is_refused(overlap):
    with pytest.raises(ValueError, match="overlap between 0 and 1"):
        counted_once([1.0, 2.0], overlap)


def test_an_overlap_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 2\)"):
        counted_once([1.0, 2.0], [[0.0]])


@given(pounds, arrays(float, (LINES, LINES), elements=st.floats(0, 1)), st.permutations(range(LINES)))
def test_the_order_of_unlike_lines_does_not_matter(value, overlap, order):
    value = value + np.arange(LINES) * 1e9  # no two alike
    moved = counted_once(value[list(order)], overlap[np.ix_(list(order), list(order))])
    np.testing.assert_allclose(moved, counted_once(value, overlap)[list(order)])


@pytest.mark.parametrize(("total", "factor"), [(19.9, 1.0), (20.0, 1.0), (40.0, 0.5)])
def test_a_group_is_capped_at_its_share_of_what_it_costs(total, factor):
    np.testing.assert_allclose(group_cap([total], [0], [100.0], cap=0.2), [factor])


def test_a_group_whose_cost_is_not_known_has_no_cap():
    np.testing.assert_array_equal(group_cap([50.0, 50.0], [0, 1], [np.nan, 100.0], cap=0.2), [1.0, 0.4])


def test_a_block_contract_cashes_nothing_and_a_marginal_rate_its_share():
    np.testing.assert_allclose(cashable([1590.0, 1590.0], marginal_rate=0.3, contract=[1, 0]), [477.0, 0.0])


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_shares_outside_0_to_1_are_refused(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        addressable([1.0], signed_off=share)
    with pytest.raises(ValueError, match="between 0 and 1"):
        deliverable([1.0], confidence=share)
    with pytest.raises(ValueError, match="between 0 and 1"):
        cashable([1.0], marginal_rate=share, contract=1)


@given(pounds, arrays(float, (LINES, LINES), elements=st.floats(0, 1)), shares, shares, shares, shares, ramps,
       st.integers(0, YEARS), st.floats(0, 12), st.booleans(), st.floats(0, 1), st.floats(0, 1e6),
       st.floats(0, 1e6))  # fmt: skip
def test_no_step_is_larger_than_the_one_before_it(
    value, overlap, signed, marginal, contract, confidence, ramp, start, months, recurrent, again, cost, once
):
    kept = value * counted_once(value, overlap)
    capped = kept * group_cap(kept, np.zeros(LINES, dtype=int), [1e8], cap=0.2)
    agreed = addressable(capped, signed_off=signed)
    cash = cashable(agreed, marginal_rate=marginal, contract=contract)
    full = deliverable(cash, confidence=confidence)
    factors = year_factors(ramp, start=start, months=months, recurrent=recurrent)
    flows = phased(full, factors, reinvestment=again, recurrent_cost=cost, one_off=once, start=start)
    steps = [value, kept, capped, agreed, cash, full]
    for before, after in pairwise(steps):
        assert (after <= before).all()
        assert (after >= 0).all()
    assert (flows.saving <= full[:, None]).all()
    assert (flows.net <= flows.saving).all()


def by_loops(ramp, start, months, recurrent, years):
    """Year factors as a person would fill them in."""
    factors = [0.0] * years
    for year in range(years):
        if year == start:
            factors[year] = ramp[0] * months / 12
        elif year > start and recurrent:
            factors[year] = ramp[year - start]
    return factors


@given(ramps, st.lists(st.integers(0, YEARS), min_size=LINES, max_size=LINES),
       st.lists(st.integers(0, 12), min_size=LINES, max_size=LINES),
       st.lists(st.booleans(), min_size=LINES, max_size=LINES))  # fmt: skip
def test_year_factors_are_what_filling_them_in_one_by_one_gives(ramp, start, months, recurrent):
    found = year_factors(ramp, start=start, months=months, recurrent=recurrent)
    expected = [by_loops(*line, YEARS) for line in zip(ramp, start, months, recurrent, strict=True)]
    np.testing.assert_allclose(found, expected)


def test_a_line_that_delivers_nothing_costs_nothing():
    flows = phased([0.0, 100.0], [[1.0, 1.0]] * 2, recurrent_cost=10.0, one_off=5.0)
    np.testing.assert_array_equal(flows.net, [[0, 0], [85, 90]])


def test_recurrent_costs_run_only_while_the_line_does():
    flows = phased(
        [100.0], year_factors([[1.0, 1.0, 1.0]], start=1), recurrent_cost=10.0, one_off=5.0, start=1
    )
    np.testing.assert_array_equal(flows.net, [[0, 85, 90]])


@pytest.mark.parametrize("name", ["recurrent_cost", "one_off"])
def test_negative_costs_are_refused(name):
    with pytest.raises(ValueError, match=f"{name} of 0 or more"):
        phased([1.0], [[1.0]], **{name: -1.0})


def test_present_value_is_that_of_the_green_book():
    # £100 a year for five years at 3.5 %, the first at once: 100 (1 + annuity factor of four years).
    annuity = (1 - 1.035**-4) / 0.035
    np.testing.assert_allclose(present_value([100.0] * 5), 100 * (1 + annuity))


def test_present_value_without_a_discount_is_the_sum():
    assert present_value([1.0, 2.0, 3.0], rate=0) == 6.0


def first_time_at_0(flows):
    """Payback found by walking through each year in a thousand steps."""
    total, negative_until = 0.0, 0.0
    for year, flow in enumerate(flows):
        for step in range(1, 1001):
            if total + flow * step / 1000 < -1e-9:
                negative_until = year + step / 1000
        total += flow
    return np.nan if total < 0 else negative_until


@given(st.lists(st.integers(-50, 50), min_size=5, max_size=5))
def test_payback_is_where_the_sum_so_far_stops_being_negative(flows):
    found, walked = payback([flows])[0], first_time_at_0(flows)
    so_far = np.cumsum(flows)
    if (so_far >= 0).all():
        assert found == 0  # within a year the sum may dip, at no year's end
    else:
        np.testing.assert_allclose(found, walked, atol=0.002)
