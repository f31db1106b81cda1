"""Checks of figures through the reader: each slip is found in its file and line, and nothing else is."""

import numpy as np
import pandas as pd
import pytest

from variation.tables import COMPLETENESS

YEARS = ("2012/13", "2013/14", "2014/15", "2015/16", "2016/17")
PRACTICES = [f"P{number:02}" for number in range(40)]
CATALOGUE = """\
indicator,name,kind,polarity,multiplier
asthma,Asthma admissions,rate,low,1000
smoking,Smoking,proportion,low,100
spend,Prescribing,spend,low,1
"""
DOUBTS = {"jump", "far_from_all", "mixed_scale", "shares_for_percent", "value_and_counts", "list_size",
          "list_units", "total_differs", "incomplete", "gap_in_series", "behind"}  # fmt: skip


@pytest.fixture
def table():
    """Forty practices in two localities over five years, alike but for chance and lists of their own size."""
    random = np.random.default_rng(8)
    lists = dict(zip(PRACTICES, random.integers(3000, 15000, len(PRACTICES)), strict=True))
    rows = [
        (indicator, area, year, float(random.poisson(share * lists[area])), float(lists[area]))
        for indicator, share in (("asthma", 0.02), ("smoking", 0.2), ("spend", 14.0))
        for area in PRACTICES
        for year in YEARS
    ]
    return pd.DataFrame(rows, columns=["indicator", "area", "period", "numerator", "denominator"])


@pytest.fixture
def read(read_tiny, table):
    """Read the table after ``change``; tell the findings of doubt and gaps."""

    def run(change=lambda table: table, population=None, catalogue=CATALOGUE, **more):
        lists = table.drop_duplicates("area").set_index("area")["denominator"]
        people = lists if population is None else population(lists.copy())
        areas = "area,kind,parent,population\n"
        areas += "".join(
            f"{area},practice,L{place % 2},{people[area]:.0f}\n" for place, area in enumerate(PRACTICES)
        )
        areas += "L0,locality,,\nL1,locality,,\n"
        changed = change(table.copy())
        found = read_tiny(areas=areas, catalogue=catalogue, indicators=changed.to_csv(index=False), **more)
        assert found.inputs is not None, found.findings
        return found

    return run


def doubts(found):
    return [(f.code, f.severity, f.row) for f in found.findings if f.code in DOUBTS]


def at(table, indicator, area, period):
    return (table["indicator"] == indicator) & (table["area"] == area) & (table["period"] == period)


def line(table, indicator, area, period):
    return int(np.flatnonzero(at(table, indicator, area, period))[0]) + 2


def test_figures_without_a_slip_are_not_doubted(read):
    assert doubts(read()) == []


# --- jumps and areas far from all


@pytest.mark.parametrize("indicator", ["asthma", "smoking", "spend"])
def test_a_jump_names_the_line_the_figure_and_what_was_to_be_expected(read, table, indicator):
    cell = at(table, indicator, "P07", "2014/15")
    usual = table.loc[cell, "numerator"].iloc[0]

    def change(rows):
        rows.loc[cell, "numerator"] = usual * (4 if indicator == "smoking" else 10)
        return rows

    found = read(change)
    (jump,) = found.of("jump")
    assert (jump.severity, jump.table, jump.row) == (
        "warning",
        "indicators.csv",
        line(table, indicator, "P07", "2014/15"),
    )
    assert jump.value.replace(",", "") == f"{usual * (4 if indicator == 'smoking' else 10):.0f}"
    expected = float(jump.message.split("about ")[1].split(" (")[0].replace(",", ""))
    assert expected == pytest.approx(usual, rel=0.3)
    assert doubts(found) == [("jump", "warning", jump.row)]  # and not far from all others as well


def test_an_area_far_from_all_in_every_year_is_told_once(read, table):
    def change(rows):
        far = (rows["indicator"] == "asthma") & (rows["area"] == "P11")
        return rows.assign(numerator=rows["numerator"].where(~far, rows["numerator"] * 5))

    found = read(change)
    (finding,) = found.of("far_from_all")
    assert (finding.severity, finding.row) == ("note", line(table, "asthma", "P11", "2016/17"))
    assert doubts(found) == [("far_from_all", "note", finding.row)]


def test_published_values_are_checked_without_counts(read, table):
    def change(rows):
        rows["value"] = rows["numerator"] / rows["denominator"] * 100
        rows.loc[at(rows, "smoking", "P03", "2015/16"), "value"] *= 4
        return rows[rows["indicator"] == "smoking"].drop(columns=["numerator", "denominator"])

    found = read(change, catalogue="indicator,name,kind\nsmoking,Smoking,proportion\n")
    (jump,) = found.of("jump")
    assert (jump.column, jump.row) == ("value", line(table, "smoking", "P03", "2015/16") - len(table) // 3)


def test_many_slips_are_listed_gravest_first_and_the_rest_counted(read):
    def change(rows):
        wrong = (
            rows["indicator"].isin(["asthma", "spend"])
            & (rows["period"] == "2014/15")
            & (rows["area"] >= "P25")
        )
        return rows.assign(numerator=rows["numerator"].where(~wrong, rows["numerator"] * 10))

    jumps = read(change).of("jump")
    assert len(jumps) == 25
    assert jumps[-1].message.endswith("(and 5 more such figures)")
    sure = [int(jump.message.split(" standard")[0].split("(")[-1]) for jump in jumps]
    assert sure == sorted(sure, reverse=True)


# --- scales


def test_shares_beside_percentages_are_told_with_the_first_of_the_rarer(read):
    def change(rows):
        rows["value"] = rows["numerator"] / rows["denominator"] * 100
        late = rows["period"] == "2016/17"
        rows["value"] = rows["value"].where(~late, rows["value"] / 100)
        return rows[rows["indicator"] == "smoking"].drop(columns=["numerator", "denominator"])

    found = read(change, catalogue="indicator,name,kind\nsmoking,Smoking,proportion\n")
    (finding,) = found.of("mixed_scale")
    assert (finding.severity, finding.column, finding.row) == ("warning", "value", 6)
    assert "40 values lie below" in finding.message
    assert "160 above, about 100 times as high" in finding.message


def test_thousands_beside_units_are_told(read):
    def change(rows):
        thousands = (rows["indicator"] == "asthma") & (rows["area"] < "P10")
        return rows.assign(denominator=rows["denominator"].where(~thousands, rows["denominator"] / 1000))

    (finding,) = read(change).of("mixed_scale")
    assert (finding.column, finding.row) == ("denominator", 2)
    assert "about 1000 times" in finding.message


def test_wide_values_without_a_gap_are_one_scale(read):
    random = np.random.default_rng(3)

    def change(rows):
        rows["numerator"] = np.floor(rows["denominator"] * random.uniform(0, 1, len(rows)) ** 4)
        return rows

    assert read(change).of("mixed_scale") == []


def test_shares_for_an_indicator_in_percent_are_told(read):
    def change(rows):
        rows["value"] = rows["numerator"] / rows["denominator"]
        return rows[rows["indicator"] == "smoking"].drop(columns=["numerator", "denominator"])

    (finding,) = read(change, catalogue="indicator,name,kind\nsmoking,Smoking,proportion\n").of(
        "shares_for_percent"
    )
    assert (finding.severity, finding.row) == ("warning", 2)


@pytest.mark.parametrize(("factor", "told"), [(1.0, False), (1.004, False), (100.0, True)])
def test_published_values_that_are_not_their_counts_are_told_once_an_indicator(read, factor, told):
    def change(rows):
        rate = rows["indicator"].map({"asthma": 1000, "smoking": 100, "spend": 1})
        rows["value"] = (rows["numerator"] / rows["denominator"] * rate * factor).round(1)
        return rows[rows["indicator"] == "asthma"]

    found = read(change).of("value_and_counts")
    assert len(found) == told
    if told:
        assert "200 published values" in found[0].message
        assert "most are 100 times it" in found[0].hint


def test_a_published_proportion_above_the_whole_is_set_aside(read_tiny):
    head = "indicator,area,period,value,lower_95,upper_95\n"
    found = read_tiny(indicators=head + "smoking,P1,2016/17,101,1,2\nsmoking,P2,2016/17,100,99,100\n")
    assert [(f.severity, f.row, f.value) for f in found.of("above_whole")] == [("warning", 2, "101")]
    assert found.inputs.indicators["area"].to_list() == ["P2"]


def test_limits_that_do_not_lie_around_their_value_are_taken_out(read_tiny):
    head = "indicator,area,period,value,lower_95,upper_95\n"
    rows = "smoking,P1,2016/17,20,0.18,0.22\nsmoking,P2,2016/17,20,18,22\nsmoking,P3,2016/17,20,,\n"
    found = read_tiny(indicators=head + rows)
    assert [(f.severity, f.row) for f in found.of("limits")] == [("warning", 2)]
    assert found.inputs.indicators["lower_95"].isna().to_list() == [True, False, True]


# --- lists


def test_an_old_list_is_told_once_for_all_its_indicators(read, table):
    def population(lists):
        lists["P05"] *= 2.5
        return lists

    found = read(population=population)
    (finding,) = found.of("list_size")
    assert (finding.severity, finding.row) == ("warning", line(table, "asthma", "P05", "2016/17"))
    assert "0.4 times the share that other areas have, in 3 indicators" in finding.message
    assert len(doubts(found)) == 1


def test_one_indicator_that_counts_another_part_of_the_list_is_no_old_list(read):
    def change(rows):
        part = (rows["indicator"] == "smoking") & (rows["area"] == "P05")
        return rows.assign(
            **{
                name: rows[name].where(~part, (rows[name] / 2).round())
                for name in ("numerator", "denominator")
            }
        )

    assert read(change).of("list_size") == []


def test_denominators_in_thousands_and_populations_in_thousands_are_told(read):
    def change(rows):
        return rows.assign(denominator=rows["denominator"] / 1000)

    (finding,) = read(change, catalogue=CATALOGUE.replace("proportion", "rate")).of("list_units")
    assert (finding.severity, finding.value) == ("note", "asthma, smoking, spend")
    assert "a thousandth or so of" in finding.message
    (other,) = read(population=lambda lists: lists / 1000).of("list_units")
    assert "hundreds of times" in other.message


# --- totals


def totals(rows, *, unit=1.0, add=0.0):
    """Rows of the two localities, as a publisher would add them."""
    of = rows["area"].map({area: f"L{place % 2}" for place, area in enumerate(PRACTICES)})
    sums = (
        rows.groupby(["indicator", of, "period"], sort=False)[["numerator", "denominator"]]
        .sum()
        .reset_index()
    )
    sums["numerator"] = (sums["numerator"] / unit).round() * unit
    sums.loc[
        (sums["area"] == "L1") & (sums["period"] == "2016/17") & (sums["indicator"] == "asthma"), "numerator"
    ] += add
    return pd.concat([rows, sums], ignore_index=True)


def test_totals_that_agree_are_not_told(read):
    assert doubts(read(totals)) == []


def test_a_total_that_is_not_the_sum_is_told_with_both_figures(read, table):
    found = read(lambda rows: totals(rows, add=7))
    (finding,) = found.of("total_differs")
    own = table[
        (table["indicator"] == "asthma")
        & (table["period"] == "2016/17")
        & table["area"].isin(PRACTICES[1::2])
    ]
    assert (finding.severity, finding.column) == ("warning", "numerator")
    assert finding.value == f"{own['numerator'].sum() + 7:.0f}"
    assert f"the areas below have {own['numerator'].sum():,.0f}" in finding.message


@pytest.mark.parametrize(("add", "told"), [(50, False), (55, True)])
def test_counts_rounded_to_five_may_differ_by_half_of_that_for_each_area(read, add, told):
    def change(rows):
        rows["numerator"] = (rows["numerator"] / 5).round() * 5
        return totals(rows, unit=5, add=add)

    assert bool(read(change).of("total_differs")) == told


def test_a_total_above_its_parts_is_as_it_should_be_where_a_part_is_withheld(read, table):
    def change(rows):
        whole = totals(rows)
        whole.loc[at(whole, "asthma", "P01", "2016/17"), ["numerator", "denominator"]] = np.nan
        return whole

    assert read(change).of("total_differs") == []


# --- completeness


def test_completeness_counts_by_brute_force(read, table):
    def change(rows):
        random = np.random.default_rng(5)
        rows.loc[random.random(len(rows)) < 0.1, "numerator"] = np.nan
        return rows[random.random(len(rows)) > 0.1]

    found = read(change)
    made = found.inputs.completeness
    assert list(made.columns) == COMPLETENESS.names
    rows = change(table.copy())
    for row in made.itertuples():
        own = rows[(rows["indicator"] == row.indicator) & (rows["period"] == row.period)]
        years = rows.groupby("area")["period"].agg(["min", "max"])
        is_open = years[(years["min"] <= row.period) & (row.period <= years["max"])]
        assert (row.areas, row.open, row.given) == (40, len(is_open), own["numerator"].notna().sum())
        assert (row.without_count, row.without_row) == (
            own["numerator"].isna().sum(),
            len(is_open) - len(own),
        )
        assert row.share == row.given / row.open


def test_areas_that_opened_late_or_closed_early_are_not_missing(read):
    def change(rows):
        late = (rows["area"] == "P01") & (rows["period"] < "2014/15")
        early = (rows["area"] == "P02") & (rows["period"] > "2014/15")
        return rows[~late & ~early]

    assert set(read(change).inputs.completeness["share"]) == {1.0}


@pytest.mark.parametrize(("kept", "told"), [(31, True), (32, False)])
def test_fewer_than_four_in_five_of_the_areas_is_a_warning(read, kept, told):
    def change(rows):
        gone = (
            (rows["indicator"] == "asthma")
            & (rows["period"] == "2016/17")
            & ~rows["area"].isin(PRACTICES[:kept])
        )
        return rows[~gone]

    found = read(change).of("incomplete")
    assert [f.value for f in found] == (["asthma"] if told else [])


def test_a_year_that_lacks_and_a_series_that_ends_early_are_notes(read):
    def change(rows):
        gap = (rows["indicator"] == "asthma") & (rows["period"] == "2014/15")
        end = (rows["indicator"] == "smoking") & (rows["period"] == "2016/17")
        return rows[~gap & ~end]

    found = read(change)
    assert [(code, severity) for code, severity, _ in doubts(found)] == [
        ("gap_in_series", "note"),
        ("behind", "note"),
    ]
    assert "from 2013/14 to 2015/16" in found.of("gap_in_series")[0].message
    assert found.of("behind")[0].value == "smoking (2015/16)"


# --- sheets


def test_a_finding_in_a_workbook_names_the_sheet_that_the_settings_name(read_tiny, tmp_path):
    frame = pd.DataFrame(
        {"indicator": ["asthma"], "area": ["P1"], "period": ["2016/17"], "numerator": ["lots"]}
    )
    frame["denominator"] = 10
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        frame.to_excel(book, sheet_name="Counts", index=False)
    found = read_tiny(tables={"indicators": '{ file = "book.xlsx", sheet = "Counts" }'})
    (finding,) = found.of("not_a_number")
    assert (finding.table, finding.sheet) == ("book.xlsx", "Counts")
    assert (
        finding.line == "book.xlsx, sheet Counts, line 2, column numerator: expected a number (found: lots)"
    )
