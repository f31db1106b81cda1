"""Control charts and trend markers, against NHSRplotthedots, Fingertips, scipy and plain loops."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2, linregress

from benchmarks.trend import recent_trend, xmr

PUBLISHED = [100, 104, 98, 110, 102, 95, 99, 107, 101, 96, 103, 105, 120]


def test_xmr_gives_the_published_mean_and_limits():
    chart = xmr(PUBLISHED)
    assert [chart.mean, chart.lower, chart.upper] == pytest.approx([103.077, 84.457, 121.697], abs=1e-3)
    assert not chart.trial
    assert chart.upper_line == pytest.approx([chart.upper] * 13)


def test_xmr_limits_and_rules_equal_those_of_nhsrplotthedots(vectors: Path):
    given_values = pd.read_csv(vectors / "trend" / "xmr_input.csv")
    limits = pd.read_csv(vectors / "trend" / "xmr_expected.csv")
    rules = pd.read_csv(vectors / "trend" / "xmr_rules_expected.csv")
    assert given_values["series"].nunique() == 50
    for series, rows in given_values.groupby("series"):
        chart = xmr(rows["value"])
        limit, rule = limits[limits["f"] == series], rules[rules["f"] == series]
        np.testing.assert_allclose(chart.mean_line, limit["mean_col"], rtol=1e-9, err_msg=str(series))
        np.testing.assert_allclose(chart.lower_line, limit["lpl"], rtol=1e-9, err_msg=str(series))
        np.testing.assert_allclose(chart.upper_line, limit["upl"], rtol=1e-9, err_msg=str(series))
        assert chart.trial == limit["short_group_warning"].iloc[0]
        for name, ours in {
            "rule_outside": chart.outside,
            "rule_7oneside": chart.shift,
            "rule_7trend": chart.trend,
            "rule_2of3": chart.two_of_three,
        }.items():
            np.testing.assert_array_equal(ours, rule[name] == 1, err_msg=f"{series} {name}")


def test_xmr_of_many_series_at_once_is_each_by_itself():
    values = np.random.default_rng(3).normal(50, 5, (4, 3, 20))
    together, alone = xmr(values), xmr(values[2, 1])
    assert together.mean.shape == (4, 3)
    assert together.outside.shape == (4, 3, 20)
    assert together.upper[2, 1] == pytest.approx(alone.upper)
    np.testing.assert_array_equal(together.shift[2, 1], alone.shift)


@pytest.mark.parametrize(("points", "flagged"), [(6, False), (7, True), (8, True)])
def test_xmr_calls_seven_points_on_one_side_a_shift(points: int, flagged: bool):
    values = np.array([9.0, 11.0] * 10 + [12.0] * points)
    # The two before are one below and one above the mean: only the last of them joins the run.
    chart = xmr(np.append(values[:19], values[20:]))
    assert chart.shift[-points:].all() == flagged
    assert chart.shift[:19].sum() == 0


@pytest.mark.parametrize(("points", "flagged"), [(6, False), (7, True)])
def test_xmr_calls_seven_rising_points_a_trend_and_marks_all_of_them(points: int, flagged: bool):
    values = [5.0, 4.0, *np.arange(3.0, 3.0 + points), 2.0]
    chart = xmr(values)
    assert chart.trend[2 : 2 + points].all() == flagged
    assert chart.trend.sum() == (points if flagged else 0)
    np.testing.assert_array_equal(xmr(-np.array(values)).trend, chart.trend)


def test_xmr_two_of_three_marks_only_the_near_points_within_the_limits():
    base = [0.0, 1.0] * 8
    chart = xmr([*base, 3.2, 0.8, 3.2, 0.0])
    near = chart.mean + (chart.upper - chart.mean) * 2 / 3
    assert near < 3.2 < chart.upper
    assert list(np.flatnonzero(chart.two_of_three)) == [16, 18]


def test_xmr_a_missing_point_breaks_a_run_and_is_never_flagged():
    values = np.array([9.0, 11.0] * 8 + [12.0] * 4 + [np.nan] + [12.0] * 4)
    chart = xmr(values)
    assert not chart.shift.any()
    assert xmr(np.where(np.isnan(values), 12.0, values)).shift[-9:].all()
    rising = xmr([1.0, 2, 3, 4, np.nan, 5, 6, 7, 8])
    assert not rising.trend.any()
    assert not np.isnan(chart.mean)


def test_xmr_has_no_moving_range_across_a_missing_point():
    chart = xmr([1.0, 2.0, np.nan, 10.0, 11.0])
    assert chart.upper - chart.mean == pytest.approx(2.66)


def test_xmr_screens_a_large_moving_range_once():
    values = [10.0, 11.0] * 10 + [40.0]
    moving = np.abs(np.diff(values))
    kept = moving[moving < 3.267 * moving.mean()]
    assert len(kept) == len(moving) - 1
    assert xmr(values).upper == pytest.approx(np.mean(values) + 2.66 * kept.mean())


@pytest.mark.parametrize("value", [0.1, 7.0, 0.0])
def test_xmr_of_a_constant_flags_nothing(value: float):
    chart = xmr([value] * 15)
    assert chart.mean == chart.lower == chart.upper == value
    assert not (chart.outside | chart.shift | chart.trend | chart.two_of_three).any()


def test_xmr_one_step_in_a_constant_keeps_limits_of_some_width():
    chart = xmr([5.0] * 14 + [9.0])
    assert chart.upper > chart.lower
    assert list(np.flatnonzero(chart.outside)) == [14]


def test_xmr_without_two_neighbouring_points_has_no_limits():
    chart = xmr([[np.nan] * 5, [1.0, np.nan, 2.0, np.nan, 4.0]])
    assert np.isnan(chart.mean[0])
    assert chart.mean[1] == pytest.approx(7 / 3)
    assert np.isnan(chart.upper).all()
    assert not chart.outside.any()


@pytest.mark.parametrize(("points", "trial"), [(12, True), (13, False)])
def test_xmr_below_thirteen_points_gives_trial_limits(points: int, trial: bool):
    assert xmr(np.append(np.arange(points, dtype=float), np.nan)).trial == trial


def test_xmr_rebased_limits_are_those_of_each_part():
    values = np.r_[np.random.default_rng(1).normal(10, 1, 15), np.random.default_rng(2).normal(20, 1, 14)]
    chart = xmr(values, rebase=[15])
    early, late = xmr(values[:15]), xmr(values[15:])
    assert chart.mean == late.mean
    assert chart.mean_line[[0, -1]] == pytest.approx([early.mean, late.mean])
    np.testing.assert_array_equal(chart.shift, np.r_[early.shift, late.shift])
    assert xmr(values).shift.all()


@pytest.mark.parametrize("rebase", [[0], [13], [5, 5], [8, 3], [-2]])
def test_xmr_names_rebase_positions_that_are_not_inside(rebase: list[int]):
    with pytest.raises(ValueError, match="rising rebase positions between 1 and 12"):
        xmr(PUBLISHED, rebase=rebase)


def test_xmr_rejects_a_run_of_two():
    with pytest.raises(ValueError, match="run of at least 3"):
        xmr(PUBLISHED, run=2)


@given(
    arrays(float, st.integers(2, 30), elements=st.integers(-50, 50)), st.sampled_from([-4.0, -1.0, 2.0, 8.0])
)
@settings(max_examples=60, deadline=None)
def test_xmr_does_not_depend_on_the_unit(values: np.ndarray, scale: float):
    one, other = xmr(values), xmr(values * scale)
    assert other.mean == pytest.approx(one.mean * scale)
    assert other.upper - other.mean == pytest.approx(abs(scale) * (one.upper - one.mean))
    # Powers of two are exact, so that ties stay ties.
    for rule in ("outside", "shift", "trend", "two_of_three"):
        np.testing.assert_array_equal(getattr(one, rule), getattr(other, rule))


@given(arrays(bool, st.integers(1, 40)))
@settings(max_examples=60, deadline=None)
def test_xmr_shift_agrees_with_counting_one_point_at_a_time(above: np.ndarray):
    values = np.where(above, 1.0, -1.0)
    sides = np.sign(values - values.mean())
    expected = np.zeros(len(values), dtype=bool)
    for end in range(7, len(values) + 1):
        if abs(sides[end - 7 : end].sum()) == 7:
            expected[end - 7 : end] = True
    np.testing.assert_array_equal(xmr(values).shift, expected)


def test_trend_markers_equal_those_of_fingertips(vectors: Path):
    counts = pd.read_csv(vectors / "trend" / "markers_proportion_input.csv").sort_values(["case", "year"])
    expected = pd.read_csv(vectors / "trend" / "markers_proportion_expected.csv").sort_values("case")
    marker = recent_trend(
        counts["numerator"].to_numpy().reshape(-1, 5), counts["denominator"].to_numpy().reshape(-1, 5)
    )
    np.testing.assert_allclose(marker.chi_square, expected["x2"], rtol=1e-9)
    np.testing.assert_allclose(marker.beta, expected["beta"], rtol=1e-9)
    np.testing.assert_array_equal(marker.trend, expected["recent_trend"])
    significant = marker.chi_square > chi2.isf(0.002, 1)
    np.testing.assert_array_equal(
        marker.outlier & significant, expected["recent_trend_reason"] == "Outlier found"
    )


def test_trend_of_a_proportion_agrees_with_the_score_test_of_a_logistic_regression():
    x, n = np.array([30, 41, 38, 50, 61]), np.array([210, 220, 205, 214, 230])
    null = sm.GLM(np.c_[x, n - x], np.ones((5, 1)), family=sm.families.Binomial())
    score = null.fit().score_test(exog_extra=np.arange(5.0)[:, None])[0]
    marker = recent_trend(x, n)
    assert marker.chi_square == pytest.approx(score)
    assert marker.beta == pytest.approx(linregress(range(5), np.log(x / (n - x))).slope)


def test_trend_of_a_rate_agrees_with_the_score_test_of_a_poisson_regression():
    x, n = np.array([30, 41, 38, 50, 161]), np.array([21, 22.5, 20, 21.4, 23])
    null = sm.GLM(x, np.ones((5, 1)), family=sm.families.Poisson(), exposure=n)
    score = null.fit().score_test(exog_extra=np.arange(5.0)[:, None])[0]
    marker = recent_trend(x, n, kind="rate")
    assert marker.chi_square == pytest.approx(score)
    assert marker.beta == pytest.approx(linregress(range(5), np.log(x / n)).slope)


def test_trend_that_one_point_makes_is_no_trend():
    marker = recent_trend([809, 869, 885, 878, 868], [1000] * 5)
    assert marker.chi_square > 9.5495
    assert marker.outlier
    assert marker.trend == "No significant change"


def test_trend_uses_the_last_five_points_only():
    x = [900, 10, 10, 400, 410, 450, 480, 500]
    assert recent_trend(x, [1000] * 8).chi_square == recent_trend(x[3:], [1000] * 5).chi_square


@pytest.mark.parametrize(
    ("numerator", "denominator"),
    [
        ([1, 2, np.nan, 3, 4], [9, 9, 9, 9, 9]),
        ([1, 2, 3, 3, 4], [9, 9, np.nan, 9, 9]),
        ([1, 2, 0, 3, 4], [9, 9, 0, 9, 9]),
        ([1, 2, 3, 4], [9, 9, 9, 9]),
    ],
)
def test_trend_with_a_missing_point_cannot_be_calculated(numerator: list[float], denominator: list[float]):
    marker = recent_trend(numerator, denominator)
    assert marker.trend == "Cannot be calculated"
    assert np.isnan(marker.chi_square)
    assert np.isnan(marker.beta)
    other = recent_trend([numerator, [1] * len(numerator)], [denominator, [100] * len(numerator)])
    assert other.trend[1] == ("No significant change" if len(numerator) == 5 else "Cannot be calculated")


@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_trend_without_any_event_is_no_change(kind):
    marker = recent_trend([0] * 5, [10, 2000, 30, 400, 50], kind=kind)
    assert (marker.trend, marker.chi_square, marker.beta) == ("No significant change", 0, 0)


def test_trend_with_a_zero_count_still_has_a_slope():
    marker = recent_trend([0, 12, 25, 40, 61], [100] * 5)
    assert marker.trend == "Increasing"
    assert np.isfinite(marker.beta)


def test_trend_names_the_first_impossible_count():
    with pytest.raises(ValueError, match=r"got 7 of 5 at position 1 \(1 such rows\)"):
        recent_trend([1, 7, 2, 2, 2], [5] * 5)
    with pytest.raises(ValueError, match="numerator >= 0, got -1 at position 2"):
        recent_trend([1, 1, -1, 2, 2], [5] * 5)
    assert recent_trend([1, 7, 12, 25, 50], [5] * 5, kind="rate").trend == "Increasing"
    with pytest.raises(ValueError, match="kind"):
        recent_trend([1] * 5, [5] * 5, kind="mean")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least 3 points"):
        recent_trend([1] * 5, [5] * 5, points=2)


@given(
    arrays(np.int64, (3, 5), elements=st.integers(0, 90)),
    arrays(np.int64, (3, 5), elements=st.integers(1, 90)),
)
@settings(max_examples=60, deadline=None)
def test_trend_reversed_in_time_turns_round_and_areas_keep_their_own(without: np.ndarray, events: np.ndarray):
    n = without + events
    forward, backward = recent_trend(events, n), recent_trend(events[:, ::-1], n[:, ::-1])
    np.testing.assert_allclose(forward.chi_square, backward.chi_square, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(forward.beta, -backward.beta, rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(forward.beta[::-1], recent_trend(events[::-1], n[::-1]).beta)
