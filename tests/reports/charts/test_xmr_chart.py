"""The XmR chart read back: the points are the table's, and only what breaks a rule is marked."""

import numpy as np
import pandas as pd
import pytest

from reports import words
from reports.charts import xmr_chart
from reports.contents import Contents
from tests.reports.charts.drawing import CAPTION, line_named, marked, said

LIMITS = {"process_mean": 100.0, "process_lower": 84.0, "process_upper": 116.0}


def trend(special: str = "none", *, last: str = "2005", trial: bool = False) -> pd.DataFrame:
    """The trend row of one area."""
    row = {
        "indicator": "copd",
        "area": "A",
        "special_cause": special,
        "last_period": last,
        "trial_limits": trial,
    }
    return pd.DataFrame([row | LIMITS])


def points(*values: float, special: str = "none", trial: bool = False) -> pd.DataFrame:
    """A series from 2001 on, and how its last point is judged."""
    periods = [str(2001 + place) for place in range(len(values))]
    table = pd.DataFrame({"indicator": "copd", "area": "A", "period": periods, "value": values})
    other = table.assign(area="B", value=1.0)
    found = trend(special, last=periods[-1], trial=trial)
    return xmr_chart.xmr_rows(pd.concat([other, table]), found, "copd", "A")


def test_the_line_runs_through_the_values_in_the_order_of_time() -> None:
    rows = points(100, 90, np.nan, 110)
    axes = xmr_chart.xmr(rows.sample(frac=1, random_state=1).sort_values("period"), caption=CAPTION).axes[0]
    drawn = np.asarray(line_named(axes, "series").get_ydata())
    assert drawn.tolist()[:2] == [100, 90]
    assert np.isnan(drawn[2]), "a period without a figure breaks the line"
    levels = {name: line_named(axes, name).get_ydata()[0] for name in ("mean", "lower", "upper")}
    assert levels == {"mean": 100.0, "lower": 84.0, "upper": 116.0}


def test_a_point_outside_the_limits_is_marked_by_its_direction() -> None:
    rows = points(100, 120, 80, 101)
    figure = xmr_chart.xmr(rows, caption=CAPTION)
    layers = marked(figure.axes[0])
    assert layers["worse"].tolist() == [[1, 120]]
    assert layers["better"].tolist() == [[2, 80]]
    assert layers["similar"].tolist() == [[0, 100], [3, 101]]
    assert {"Special cause: concern (1)", "Special cause: improvement (1)", "Common cause (2)"} <= set(
        said(figure)
    )


@pytest.mark.parametrize(
    ("polarity", "up", "down"),
    [("low", "worse", "better"), ("high", "better", "worse"), ("local", "higher", "lower")],
)
def test_what_is_good_decides_the_mark(polarity: str, up: str, down: str) -> None:
    assert xmr_chart.cause(points(120, 80, 100), polarity).tolist() == [up, down, "similar"]


@pytest.mark.parametrize("value", [84.0, 116.0])
def test_a_point_on_a_limit_is_common_cause(value: float) -> None:
    assert points(100, value, 100)["rule"].tolist() == ["", "", ""]


def test_rules_of_the_latest_point_are_those_of_the_trend_table() -> None:
    rows = points(100, 101, 102, 103, special="7 on one side of the mean")
    assert rows["rule"].tolist() == ["", "", "", "7 on one side of the mean"]
    said_ = xmr_chart.title(rows, caption=CAPTION)
    assert said_ == (
        "103 per 1,000 patients in 2004 is a special cause (7 on one side of the mean; mean 100)"
    )


def test_few_periods_have_trial_limits_by_name() -> None:
    figure = xmr_chart.xmr(points(100, 90, trial=True), caption=CAPTION)
    assert {"Trial limit 116", "Trial limit 84.0", "Mean 100"} <= set(said(figure))
    assert "trial limits" in xmr_chart.alt_text(points(100, 90, trial=True), caption=CAPTION)


def test_an_area_without_a_trend_has_no_points() -> None:
    table = pd.DataFrame({"indicator": ["copd"], "area": ["A"], "period": ["2001"], "value": [1.0]})
    rows = xmr_chart.xmr_rows(table, trend().iloc[:0], "copd", "A")
    assert rows.empty
    assert "No figures" in said(xmr_chart.xmr(rows, caption=CAPTION))


def test_the_words_of_the_example_are_those_of_its_tables(contents: Contents) -> None:
    area = contents.focus
    for indicator in contents.catalogue["indicator"].head(20):
        rows = xmr_chart.xmr_rows(contents.comparison, contents.trend, indicator, area)
        own = contents.comparison.query("indicator == @indicator and area == @area")
        found = contents.trend.query("indicator == @indicator and area == @area")
        if rows.empty:
            assert found.empty or own.empty
            continue
        assert rows["value"].tolist() == own.sort_values("period")["value"].tolist()
        title = xmr_chart.title(rows, caption=CAPTION)
        assert ("special cause" in title) == (words.text(found["special_cause"].iloc[0], "none") != "none")
