"""Periods: when they end, and months added up."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from variation.periods import (
    UNREAD,
    Period,
    parse_period,
    period_end,
    read_periods,
)
from variation.periods.pooling import pool_latest_months


@pytest.mark.parametrize(
    ("period", "start", "end", "written"),
    [
        ("2016/17", "2016-04-01", "2017-03-31", "2016/17"),
        ("2016/2017", "2016-04-01", "2017-03-31", "2016/17"),
        ("2016-17", "2016-04-01", "2017-03-31", "2016/17"),  # no month 17
        ("2016 - 17", "2016-04-01", "2017-03-31", "2016/17"),
        ("201617", "2016-04-01", "2017-03-31", "2016/17"),
        ("FY2016/17", "2016-04-01", "2017-03-31", "2016/17"),
        ("1999/00", "1999-04-01", "2000-03-31", "1999/00"),
        ("2016", "2016-01-01", "2016-12-31", "2016"),
        ("2011-12", "2011-12-01", "2011-12-31", "2011-12"),  # December
        ("2016-02", "2016-02-01", "2016-02-29", "2016-02"),
        ("2016-04-01", "2016-04-01", "2016-04-30", "2016-04"),
        ("2016-04-01 00:00:00", "2016-04-01", "2016-04-30", "2016-04"),
        ("202104", "2021-04-01", "2021-04-30", "2021-04"),
        ("01APR2021", "2021-04-01", "2021-04-30", "2021-04"),
        ("April 2016", "2016-04-01", "2016-04-30", "2016-04"),
        ("31/03/2017", "2017-03-01", "2017-03-31", "2017-03"),
        ("Q1 2016/17", "2016-04-01", "2016-06-30", "2016/17 Q1"),
        ("2016/17 Q4", "2017-01-01", "2017-03-31", "2016/17 Q4"),
        ("2016-17 Q3", "2016-10-01", "2016-12-31", "2016/17 Q3"),
        ("Q1 2016", "2016-01-01", "2016-03-31", "2016 Q1"),
        ("2016Q4", "2016-10-01", "2016-12-31", "2016 Q4"),
        ("H2 2016/17", "2016-10-01", "2017-03-31", "2016-10 to 2017-03"),
        ("to 2017-02", "2016-03-01", "2017-02-28", "to 2017-02"),
        ("12 months to February 2017", "2016-03-01", "2017-02-28", "to 2017-02"),
        ("year ending 28/02/2017", "2016-03-01", "2017-02-28", "to 2017-02"),
        ("to 2017-03", "2016-04-01", "2017-03-31", "2016/17"),  # twelve months that are a year of their own
        ("3 months to 2016-05", "2016-03-01", "2016-05-31", "2016-03 to 2016-05"),
        ("2025-01 to 2025-12", "2025-01-01", "2025-12-31", "2025"),
        ("2016-04-01 to 2016-09-30", "2016-04-01", "2016-09-30", "2016-04 to 2016-09"),
        ("Aug 2010 - Jul 2013", "2010-08-01", "2013-07-31", "2010-08 to 2013-07"),
        ("2014/15-2016/17", "2014-04-01", "2017-03-31", "2014/15-2016/17"),
        ("2014/15 - 16/17", "2014-04-01", "2017-03-31", "2014/15-2016/17"),
        ("1998/99 - 00/01", "1998-04-01", "2001-03-31", "1998/99-2000/01"),
        ("2014 - 16", "2014-01-01", "2016-12-31", "2014-2016"),
        ("2014-2016", "2014-01-01", "2016-12-31", "2014-2016"),
        ("1999 - 01", "1999-01-01", "2001-12-31", "1999-2001"),
        ("2010–12", "2010-01-01", "2012-12-31", "2010-2012"),  # a long dash is between years
    ],
)
def test_every_form_has_a_start_an_end_and_one_plain_spelling_that_reads_as_the_same(
    period, start, end, written
):
    read = parse_period(period)
    assert (read.start.isoformat(), read.end.isoformat(), str(read)) == (start, end, written)
    assert period_end(period) == read.end
    again = parse_period(written)
    assert (again.start, again.end) == (read.start, read.end)


@pytest.mark.parametrize(
    "period",
    ["Apr-16", "42461", "9999", "", "last year", "Q5 2016", "H3 2016", "2016-13", "13/13/2016", "2016/18",
     "2016/17-2014/15", "2016 - 2016/17", "0 months to 2016-04"],
)  # fmt: skip
def test_what_is_no_period_is_not_read_as_one(period):
    assert parse_period(period) is None
    assert period_end(period) == UNREAD


@given(st.text(max_size=12) | st.from_regex(r"[0-9Qqto/ -]{1,16}", fullmatch=True))
def test_no_text_is_an_exception(text):
    assert isinstance(period_end(text), date)


@given(st.integers(1900, 2098))
def test_financial_years_end_in_march_one_after_the_other_over_the_turn_of_a_century(year):
    this, following = (period_end(f"{y}/{(y + 1) % 100:02}") for y in (year, year + 1))
    assert (this, following) == (date(year + 1, 3, 31), date(year + 2, 3, 31))


@given(st.integers(1901, 2090), st.integers(1, 12), st.integers(1, 40), st.booleans())
def test_any_whole_months_are_written_so_that_they_read_as_themselves(year, month, count, financial):
    start = pd.Period(year=year, month=month, freq="M")
    period = Period(
        end=(start + count - 1).end_time.date(), start=start.start_time.date(), financial=financial
    )
    again = parse_period(str(period))
    assert (again.start, again.end, again.months) == (period.start, period.end, count)


def test_periods_stand_in_the_order_of_their_ends_whatever_their_form():
    said = ["2015/16", "2015/16 Q4", "2016 Q2", "2016-08", "2014-2016", "to 2017-02", "2016/17 Q4"]
    assert [str(period) for period in sorted(map(parse_period, reversed(said)))] == said
    assert parse_period("2015/16 Q4").adjoins(parse_period("2016 Q2"))
    assert not parse_period("2015/16").adjoins(parse_period("2017/18"))


def test_years_written_like_months_are_told_from_months_by_the_other_periods_of_their_table():
    def starts(*periods):
        return [str(period) for period in read_periods(periods).values()]

    assert starts("2009-10", "2010-11", "2011-12") == ["2009/10", "2010/11", "2011/12"]
    assert starts("2011-12", "2012-13") == ["2011/12", "2012/13"]
    assert starts("200910", "201011") == ["2009/10", "2010/11"]
    assert starts("2011-10", "2011-11", "2011-12") == ["2011-10", "2011-11", "2011-12"]
    assert starts("2011-12") == ["2011-12"]  # one alone says nothing: checks warn of it


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
