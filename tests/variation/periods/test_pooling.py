"""Periods made of periods: pools by hand and by brute force, values per year from counts as they are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.intervals import byar
from variation.analysis import analyse
from variation.periods.pooling import pool

HEAD = "indicator,area,period,numerator,denominator"
YEARS = ("2012/13", "2013/14", "2014/15", "2015/16", "2016/17")


def rows(*lines):
    names = ["indicator", "area", "period", "numerator", "denominator"]
    table = pd.DataFrame(lines, columns=names).assign(standard_deviation=np.nan, expected=np.nan)
    return table.assign(_file="a.csv", _line=range(2, len(table) + 2), sex="", age_band="")


def series(*counts, area="A", years=YEARS):
    return [("x", area, year, count, 100) for year, count in zip(years[-len(counts) :], counts, strict=True)]


def test_the_latest_three_years_are_one_and_what_fills_no_pool_is_left_out():
    findings = []
    pooled = pool(rows(*series(1, 2, 3, 4, 5)), {"x": 3}, findings)
    assert pooled[["period", "numerator", "denominator"]].to_numpy().tolist() == [
        ["2014/15-2016/17", 12, 300]
    ]
    assert [(f.severity, f.code) for f in findings] == [("note", "pooled")]
    assert "3 rows are added up to 1 over 1 pools; 2 of periods that fill no pool" in findings[0].message


def test_pools_go_back_without_overlap():
    pooled = pool(rows(*series(1, 2, 3, 4, 5)), {"x": 2}, [])
    assert dict(zip(pooled["period"], pooled["numerator"], strict=True)) == {
        "2015/16-2016/17": 9, "2013/14-2014/15": 5,
    }  # fmt: skip


def test_a_gap_is_not_pooled_over():
    gap = rows(*series(1, 2, years=("2012/13", "2016/17")))
    assert pool(gap, {"x": 2}, []).empty


def test_other_indicators_and_strata_are_kept_apart():
    table = pd.concat(
        [rows(*series(1, 2)).assign(sex="f"), rows(*series(10, 20)).assign(sex="m"),
         rows(*series(5, 6)).assign(indicator="y")]
    )  # fmt: skip
    pooled = pool(table, {"x": 2}, [])
    assert pooled.query("indicator == 'x'").set_index("sex")["numerator"].to_dict() == {"f": 3, "m": 30}
    assert pooled.query("indicator == 'y'")["period"].to_list() == ["2015/16", "2016/17"]


def test_an_area_that_opened_late_counts_the_years_it_has_and_half_a_figure_adds_nothing():
    late = rows(*series(4), *series(1, np.nan, area="B"))
    late.loc[late["numerator"].isna(), "denominator"] = 1000
    late = pd.concat([late, rows(*series(0, 0, area="C"))])
    pooled = pool(late, {"x": 2}, []).set_index("area")
    assert pooled.loc["A", ["numerator", "denominator"]].tolist() == [4, 100]
    assert pooled.loc["B", ["numerator", "denominator"]].tolist() == [1, 100]
    assert pooled.loc["C", ["numerator", "denominator"]].tolist() == [0, 200]


def test_the_spread_of_a_pooled_mean_is_that_of_all_its_people():
    random = np.random.default_rng(5)
    people = [random.normal(50, 9, size) for size in (40, 60)]
    table = rows(
        *[("x", "A", year, part.sum(), len(part)) for year, part in zip(YEARS[-2:], people, strict=True)]
    )
    table["standard_deviation"] = [part.std(ddof=1) for part in people]
    pooled = pool(table, {"x": 2}, [])
    np.testing.assert_allclose(pooled["standard_deviation"], np.concatenate(people).std(ddof=1), rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(2, 4))
def test_pools_equal_sums_by_brute_force_in_any_order_of_rows(seed, size):
    random = np.random.default_rng(seed)
    cells = [(area, year) for area in "ABC" for year in YEARS if random.random() < 0.8 or area == "A"]
    lines = [
        ("x", area, year, int(random.integers(0, 9)), int(random.integers(1, 99))) for area, year in cells
    ]
    random.shuffle(lines)
    pooled = pool(rows(*lines), {"x": size}, [])
    expected = {}
    for stop in range(len(YEARS), size - 1, -size):
        for area in "ABC":
            own = [line for line in lines if line[1] == area and line[2] in YEARS[stop - size : stop]]
            if own:
                name = f"{YEARS[stop - size]}-{YEARS[stop - 1]}"
                expected[area, name] = (sum(line[3] for line in own), sum(line[4] for line in own))
    found = {(row.area, row.period): (row.numerator, row.denominator) for row in pooled.itertuples()}
    assert found == expected


# --- through the settings


QUARTERS = f"{HEAD}\n" + "".join(
    f"asthma,P{area},2016/17 Q{quarter},{10 * area},1000\n" for area in (1, 2, 3) for quarter in (1, 2)
)


def test_a_quarter_per_year_has_four_times_the_rate_and_the_limits_of_its_own_count(read_tiny):
    found = read_tiny(indicators=QUARTERS, settings='[periods]\nannualise = "asthma"\n')
    assert [(f.severity, f.column, f.value) for f in found.of("annualised")] == [
        ("note", "periods.annualise", "asthma")
    ]
    row = analyse(found.inputs).comparison.query("area == 'P2' and period == '2016/17 Q2'").iloc[0]
    limits = byar([20])
    assert (row["numerator"], row["denominator"], row["value"]) == (20, 250, 80)
    np.testing.assert_allclose([row["lower_95"], row["upper_95"]],
                               [limits.lower[0] / 250 * 1000, limits.upper[0] / 250 * 1000])  # fmt: skip


def test_without_being_asked_a_quarter_stays_a_quarter(read_tiny):
    found = read_tiny(indicators=QUARTERS)
    assert found.of("annualised") == []
    assert set(found.inputs.indicators["denominator"]) == {1000}


def test_a_year_is_left_as_it_is(read_tiny):
    found = read_tiny(settings='[periods]\nannualise = "asthma"\n')
    assert found.of("annualised") == []
    assert set(found.inputs.indicators["denominator"]) == {1000}


@pytest.mark.parametrize(
    ("line", "key", "value", "words"),
    [
        ('annualise = "smoking"', "annualise", "smoking", "a proportion has no value per year"),
        ('annualise = ["astma"]', "annualise", "astma", "did you mean asthma?"),
        ("pool = { astma = 3 }", "pool", "astma", "did you mean asthma?"),
    ],
)
def test_settings_of_periods_that_cannot_be_are_errors_with_a_hint(read_tiny, line, key, value, words):
    (finding,) = read_tiny(settings=f"[periods]\n{line}\n").of("periods")
    assert (finding.severity, finding.column, finding.value) == ("error", f"periods.{key}", value)
    assert words in finding.message + finding.hint


def test_people_counted_by_their_events_are_not_pooled(read_tiny):
    counted = f"{HEAD},event_frequency\nasthma,P1,2015/16,5,100,1\nasthma,P1,2016/17,5,100,1\n"
    found = read_tiny(indicators=counted, settings="[periods]\npool = { asthma = 2 }\n")
    assert found.errors == {"periods"}


def test_a_pool_runs_through_to_the_comparison(read_tiny):
    both = f"{HEAD}\n" + "".join(
        f"asthma,P{area},{year},{10 * area},1000\n" for area in (1, 2, 3) for year in ("2015/16", "2016/17")
    )
    found = read_tiny(indicators=both, settings="[periods]\npool = { asthma = 2 }\n")
    comparison = analyse(found.inputs).comparison.set_index("area")
    assert set(comparison["period"]) == {"2015/16-2016/17"}
    assert comparison.loc["P3", ["numerator", "denominator", "value"]].tolist() == [60, 2000, 30]


# --- spellings


def test_two_spellings_of_a_period_are_one_period(read_tiny):
    found = read_tiny(
        indicators=f"{HEAD}\nasthma,P1,2016/17,1,100\nasthma,P2,2016-17,1,100\nasthma,P3,2015-16,1,100\n"
    )
    assert set(found.inputs.indicators["period"]) == {"2016/17", "2015/16"}
    assert "2015-16 is 2015/16, 2016-17 is 2016/17" in found.of("period_spelling")[0].message


def test_the_same_cell_in_two_spellings_is_a_duplicate(read_tiny):
    found = read_tiny(indicators=f"{HEAD}\nasthma,P1,2016/17,1,100\nasthma,P1,2016-17,1,100\n")
    assert "duplicate" in found.errors


def test_years_that_look_like_months_are_read_as_years_and_said_so(read_tiny):
    lines = "".join(f"asthma,P{area},{year},1,100\n" for area in (1, 2, 3) for year in ("2010-11", "2011-12"))
    found = read_tiny(indicators=f"{HEAD}\n{lines}")
    assert set(found.inputs.indicators["period"]) == {"2010/11", "2011/12"}


def test_a_single_period_that_may_be_a_month_or_a_year_is_a_warning(read_tiny):
    found = read_tiny(indicators=f"{HEAD}\nasthma,P1,2011-12,1,100\n")
    (finding,) = found.of("ambiguous_period")
    assert (finding.severity, finding.row, finding.value) == ("warning", 2, "2011-12")
    assert finding.hint == "if it is the financial year, give it as 2011/12"


def test_months_beside_years_of_one_indicator_are_a_warning(read_tiny):
    found = read_tiny(indicators=f"{HEAD}\nasthma,P1,2016/17,1,100\nasthma,P1,2016-04,1,100\n")
    assert [(f.severity, f.value) for f in found.of("mixed_periods")] == [("warning", "asthma")]


def test_rolling_periods_share_months_and_that_is_noted_once(read_tiny):
    rolling = ("to 2017-01", "to 2017-02", "to 2017-03")
    lines = "".join(f"{name},P1,{period},1,100\n" for name in ("asthma", "smoking") for period in rolling)
    found = read_tiny(indicators=f"{HEAD}\n{lines}")
    assert [(f.severity, f.value) for f in found.of("overlapping_periods")] == [("note", "asthma")]
    assert "of 2 indicators share months" in found.of("overlapping_periods")[0].message
    years = found.of("mixed_periods") + read_tiny().of("overlapping_periods")
    assert years == []


def test_settings_name_a_period_in_any_spelling(read_tiny):
    named = '[opportunity]\nperiod = "2016-17"\n[trend]\nrebase = { asthma = ["FY 2016/17"] }\n'
    settings = read_tiny(settings=named).inputs.settings
    assert settings.opportunity.period == "2016/17"
    assert settings.trend.rebase == {"asthma": ("2016/17",)}


def test_a_period_of_the_settings_without_figures_is_an_error(read_tiny):
    (finding,) = read_tiny(settings='[opportunity]\nperiod = "2019/20"\n').of("unknown_period")
    assert (finding.column, finding.hint) == ("opportunity.period", "there are: 2016/17")


def test_quarters_stand_in_the_order_of_time_in_every_table(read_tiny):
    quarters = ("Q4 2015/16", "Q1 2016/17", "Q2 2016/17")
    lines = "".join(f"asthma,P{area},{quarter},5,100\n" for area in (1, 2, 3) for quarter in quarters)
    analysis = analyse(read_tiny(indicators=f"{HEAD}\n{lines}").inputs)
    assert analysis.comparison["period"].drop_duplicates().to_list() == list(quarters)
    assert set(analysis.opportunity["period"]) == {"Q2 2016/17"}
    assert set(analysis.trend["last_period"]) == {"Q2 2016/17"}
