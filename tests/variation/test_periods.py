"""Periods: when they end, and months added up."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from variation.periods import UNREAD, period_end, pool_latest_months


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("2016/17", date(2017, 3, 31)),
        ("2016/2017", date(2017, 3, 31)),
        ("2016-17", date(2017, 3, 31)),  # no month 17
        ("1999/00", date(2000, 3, 31)),
        ("2011-12", date(2011, 12, 31)),  # December
        ("2016-02", date(2016, 2, 29)),
        ("2016-04-01", date(2016, 4, 30)),
        ("2025-01 to 2025-12", date(2025, 12, 31)),
        ("2016", date(2016, 12, 31)),
        ("2014 - 16", date(2016, 12, 31)),
        ("2014/15 - 16/17", date(2017, 3, 31)),
        ("Q1 2016/17", date(2017, 3, 31)),
        ("2014-2016", date(2016, 12, 31)),
        ("Q1 2016", date(2016, 12, 31)),
        ("Apr-16", UNREAD),
        ("42461", UNREAD),  # a date that a spreadsheet made a number of
        ("9999", UNREAD),
        ("", UNREAD),
    ],
)
def test_a_period_ends_on_its_last_day(period, end):
    assert period_end(period) == end


@given(st.text(max_size=12))
def test_no_text_is_an_exception(text):
    assert isinstance(period_end(text), date)


@given(st.integers(1900, 2098))
def test_financial_years_end_in_march_one_after_the_other_over_the_turn_of_a_century(year):
    this, following = (period_end(f"{y}/{(y + 1) % 100:02}") for y in (year, year + 1))
    assert (this, following) == (date(year + 1, 3, 31), date(year + 2, 3, 31))


def monthly(rows):
    names = ["indicator", "area", "period", "numerator", "denominator"]
    return pd.DataFrame(rows, columns=names).assign(_file="a.csv", _line=range(2, len(rows) + 2))


def test_the_latest_months_are_added_up_by_hand():
    table = monthly(
        [
            ("x", "A", "2016-01", 100, 1000),
            ("x", "A", "2016-02", 1, 10),
            ("x", "A", "2016-03", 2, 20),
            ("x", "B", "2016-03", 5, 50),
        ]
    )
    pooled = pool_latest_months(table, months=2).set_index("area")
    assert pooled["numerator"].to_dict() == {"A": 3, "B": 5}
    assert pooled["denominator"].to_dict() == {"A": 30, "B": 50}
    assert pooled["period"].to_dict() == dict.fromkeys("AB", "2016-02 to 2016-03")
    assert pooled.loc["A", "_line"] == 3


def test_months_are_those_of_the_calendar_so_that_a_gap_brings_no_older_month_in():
    table = monthly(
        [("x", "A", "2015-11", 100, 100), ("x", "A", "2016-01", 1, 10), ("x", "A", "2016-03", 2, 10)]
    )
    pooled = pool_latest_months(table, months=3)
    assert pooled["numerator"].to_list() == [3]
    assert pooled["period"].to_list() == ["2016-01 to 2016-03"]


def test_each_indicator_has_latest_months_of_its_own():
    table = monthly(
        [("x", "A", "2016-03", 1, 10), ("y", "A", "2014-07-01", 2, 10), ("y", "A", "2014-06-01", 3, 10)]
    )
    pooled = pool_latest_months(table, months=2).set_index("indicator")
    assert pooled["numerator"].to_dict() == {"x": 1, "y": 5}
    assert pooled.loc["y", "period"] == "2014-06 to 2014-07"


def test_a_month_with_only_one_of_the_counts_adds_neither():
    table = monthly(
        [("x", "A", "2016-01", np.nan, 1000), ("x", "A", "2016-02", 2, 10), ("x", "A", "2016-03", 3, np.nan)]
    )
    pooled = pool_latest_months(table, months=12)
    assert pooled[["numerator", "denominator"]].to_numpy().tolist() == [[2.0, 10.0]]


def test_an_area_without_any_figure_stays_missing_and_is_not_nothing():
    pooled = pool_latest_months(monthly([("x", "A", "2016-01", np.nan, np.nan)]), months=12)
    assert pooled[["numerator", "denominator"]].isna().all(axis=None)


def test_strata_are_kept_apart_and_missing_ones_are_kept():
    table = monthly([("x", "A", "2016-01", 1, 10), ("x", "A", "2016-02", 2, 10)])
    assert pool_latest_months(table.assign(sex=pd.NA, age_band="0-4"), months=2)["numerator"].to_list() == [3]
    assert pool_latest_months(table.assign(sex=["f", "m"]), months=2)["numerator"].to_list() == [1, 2]


def test_no_rows_give_no_rows():
    assert pool_latest_months(monthly([]).astype({"period": "str"}), months=12).empty
