"""Areas that closed, merged or changed their code: chains, vintages, splits and rings."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variation.areas.successors import check_successors, follow_successors

HEAD = "indicator,area,period,numerator,denominator"
ASTHMA = "asthma,{},{},{},{}\n"


def rows(*lines):
    return f"{HEAD}\n" + "".join(
        f"asthma,{area},{period},{count},{people}\n" for area, period, count, people in lines
    )


@pytest.fixture
def moved(read_tiny):
    def read(successors, *lines, **more):
        found = read_tiny(successors=successors, indicators=rows(*lines), **more)
        if found.inputs is None:
            return found, None
        table = found.inputs.indicators
        cells = zip(table["area"], table["period"], strict=True)
        return found, dict(
            zip(cells, zip(table["numerator"], table["denominator"], strict=True), strict=True)
        )

    return read


def test_events_and_people_of_a_closed_practice_go_to_its_successor(moved):
    found, cells = moved(
        "area,successor,date\nX9,P1,2015-07-01\n", ("X9", "2016/17", 3, 100), ("P1", "2016/17", 10, 1000)
    )
    assert cells == {("P1", "2016/17"): (13, 1100)}
    (finding,) = found.of("successor")
    assert (finding.severity, finding.row, finding.value) == ("note", 2, "X9 to P1")
    assert "1 rows of 1 areas that closed or merged count in their successors, up to 100" in finding.message


def test_an_area_that_is_not_on_the_map_moves_whatever_the_period(moved):
    _, cells = moved("area,successor,date\nX9,P1,2015-07-01\n", ("X9", "2012/13", 3, 100))
    assert cells == {("P1", "2012/13"): (3, 100)}


@pytest.mark.parametrize(("date", "stays"), [("2016-03-31", False), ("2016-04-01", True)])
def test_an_area_on_the_map_keeps_the_periods_that_end_before_the_day(moved, date, stays):
    _, cells = moved(
        f"area,successor,date\nP2,P1,{date}\n", ("P2", "2015/16", 3, 100), ("P2", "2016/17", 4, 100)
    )
    assert cells == {("P2" if stays else "P1", "2015/16"): (3, 100), ("P1", "2016/17"): (4, 100)}


def test_chains_are_followed_over_vintages_of_codes(moved):
    chain = "area,successor,date\n2016A,2021A,2021-04-01\n2016B,2021A,2021-04-01\n2021A,P1,2022-07-01\n"
    _, cells = moved(
        chain, ("2016A", "2016/17", 1, 10), ("2016B", "2016/17", 2, 20), ("2021A", "2021/22", 4, 40)
    )
    assert cells == {("P1", "2016/17"): (3, 30), ("P1", "2021/22"): (4, 40)}


def test_a_chain_stops_at_the_vintage_of_the_map(moved):
    _, cells = moved("area,successor\n2016A,P1\nP1,2022A\n", ("2016A", "2016/17", 1, 10))
    assert cells == {("P1", "2016/17"): (1, 10)}


def test_a_chain_that_never_comes_to_the_map_is_left_out_and_counted(moved):
    found, cells = moved("area,successor\nX1,X2\n", ("X1", "2016/17", 7, 70), ("P1", "2016/17", 1, 10))
    assert cells == {("P1", "2016/17"): (1, 10)}
    assert "they carry up to 70 of the 80 people or units that asthma counts among in 2016/17" in found.of(
        "outside_the_areas"
    )[0].message  # fmt: skip


def test_a_code_used_again_has_a_successor_for_each_time(moved):
    both = "area,successor,from,to\nX1,P1,,2013/14\nX1,P2,2014/15,\n"
    _, cells = moved(both, ("X1", "2013/14", 1, 10), ("X1", "2014/15", 2, 20))
    assert cells == {("P1", "2013/14"): (1, 10), ("P2", "2014/15"): (2, 20)}


def test_two_successors_at_once_are_an_error_with_a_hint(moved):
    found, _ = moved("area,successor\nX1,P1\nX1,P2\n", ("X1", "2016/17", 1, 10))
    (finding,) = found.of("split_area")
    assert (finding.severity, finding.table, finding.row, finding.value) == (
        "error",
        "successors.csv",
        3,
        "P2",
    )
    assert "from and to" in finding.hint


def test_a_ring_of_successors_is_an_error_and_never_walked(moved):
    found, _ = moved("area,successor\nA,B\nB,A\nC,A\n", ("A", "2016/17", 1, 10))
    assert [(f.row, f.value) for f in found.of("ring_of_successors")] == [(2, "B"), (3, "A")]


def test_a_day_that_is_none_is_an_error_with_its_line(moved):
    found, _ = moved("area,successor,date\nX1,P1,soon\n", ("P1", "2016/17", 1, 10))
    assert [(f.row, f.column, f.value) for f in found.of("unread_date")] == [(2, "date", "soon")]


def test_days_are_read_as_the_payments_file_writes_them(moved):
    _, cells = moved("area,successor,date\nP2,P1,01/04/2017\n", ("P2", "2016/17", 1, 10))
    assert cells == {("P2", "2016/17"): (1, 10)}


def test_half_a_figure_adds_nothing_to_a_merger(moved):
    _, cells = moved("area,successor\nX1,P1\n", ("X1", "2016/17", "*", 500), ("P1", "2016/17", 10, 1000))
    assert cells == {("P1", "2016/17"): (10, 1000)}


def test_published_values_move_alone_but_cannot_be_merged(read_tiny):
    head = "indicator,area,period,value\n"
    alone = read_tiny(successors="area,successor\nX1,P1\n", indicators=head + "asthma,X1,2016/17,5\n")
    assert alone.inputs.indicators[["area", "value"]].to_numpy().tolist() == [["P1", 5.0]]
    both = read_tiny(
        successors="area,successor\nX1,P1\n", indicators=head + "asthma,X1,2016/17,5\nasthma,P1,2016/17,6\n"
    )
    assert [(f.severity, f.row) for f in both.of("cannot_merge")] == [("warning", 2)]
    assert both.inputs.indicators["value"].isna().all()


def test_strata_of_a_merger_are_added_each_to_its_own(read_tiny):
    strata = f"{HEAD},sex\nasthma,X1,2016/17,1,10,f\nasthma,X1,2016/17,2,20,m\nasthma,P1,2016/17,4,40,f\n"
    table = read_tiny(successors="area,successor\nX1,P1\n", indicators=strata).inputs.indicators
    assert table.set_index("sex")["numerator"].to_dict() == {"f": 5, "m": 2}


def test_areas_on_the_map_without_a_figure_are_named_with_their_people(read_tiny):
    areas = "area,kind,population\nP1,practice,100\nP2,practice,300\nP3,practice,600\n"
    found = read_tiny(areas=areas, indicators=rows(("P1", "2016/17", 1, 10), ("P3", "2016/17", 1, 10)))
    (finding,) = found.of("no_rows_of_area")
    assert (finding.severity, finding.row, finding.value) == ("note", 3, "P2")
    assert "1 areas on the map have no figure of any indicator; 300 of 1,000 people" in finding.message


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_moving_equals_walking_one_row_at_a_time_and_loses_no_one(seed):
    random = np.random.default_rng(seed)
    codes = [f"A{place}" for place in range(8)]
    above = {
        code: codes[int(random.integers(place + 1, 8))]
        for place, code in enumerate(codes[:-1])
        if random.random() < 0.6
    }
    on_map = [code for code in codes if random.random() < 0.5]
    years = ("2014/15", "2015/16", "2016/17")
    dates = {code: f"{int(random.integers(2015, 2018))}-04-01" for code in above}
    steps = pd.DataFrame(
        {"area": list(above), "successor": list(above.values()), "date": [dates[c] for c in above]}
    )
    table = pd.DataFrame(
        [("x", code, year) for code in codes for year in years], columns=["indicator", "area", "period"]
    )
    table = table.assign(
        numerator=random.integers(0, 9, len(table)).astype(float), denominator=10.0, expected=np.nan
    )
    table = table.assign(standard_deviation=np.nan, value=np.nan, sex="", age_band="", event_frequency=np.nan)
    table = table.assign(_file="a", _line=range(len(table)))
    found = []
    moved = follow_successors(
        table,
        check_successors(steps.astype("str").assign(_file="s", _line=2), found),
        pd.Index(on_map),
        found,
    )

    def walk(code, year):
        end = f"20{year[-2:]}-03-31"
        best = code if code in on_map else None
        while code in above and not (code in on_map and end < dates[code]):
            code = above[code]
            best = code if code in on_map else best
        return best or code

    expected = {}
    for row in table.itertuples():
        key = (walk(row.area, row.period), row.period)
        expected[key] = expected.get(key, 0) + row.numerator
    assert (
        dict(zip(zip(moved["area"], moved["period"], strict=True), moved["numerator"], strict=True))
        == expected
    )
    assert all(finding.severity == "note" for finding in found)
