"""The ribbon read back: percentiles are those of plain pandas, and the sentence is true to them."""

import numpy as np
import pandas as pd
import pytest

from reports.charts import ribbon_chart
from tests.reports.charts.drawing import CAPTION, line_named, said, some_series


@pytest.fixture(scope="module")
def series() -> pd.DataFrame:
    """Forty areas over fifteen periods."""
    return some_series(40)


def spread(*areas: tuple[float, ...], own: tuple[float, ...]) -> pd.DataFrame:
    """Periods of areas with these values, and of our own."""
    parts = [
        pd.DataFrame(
            {"area": f"P{place}", "period": [str(year) for year in range(len(values))], "value": values}
        )
        for place, values in enumerate((own, *areas))
    ]
    table = pd.concat(parts).assign(indicator="copd", kind="practice", significance="similar")
    return ribbon_chart.ribbon_rows(table, "copd", "P0", "practice")


def test_the_bands_are_the_percentiles_of_all_areas_in_each_period(series: pd.DataFrame) -> None:
    rows = ribbon_chart.ribbon_rows(series, "copd", "P00003", "practice").set_index("period")
    for period, every in series.groupby("period"):
        expected = np.percentile(every["value"], [10, 25, 50, 75, 90])
        assert rows.loc[period, ["p10", "p25", "p50", "p75", "p90"]].astype(float).tolist() == pytest.approx(
            expected.tolist()
        )
        assert rows.loc[period, "areas"] == 40
        assert rows.loc[period, "value"] == every.set_index("area").loc["P00003", "value"]


def test_lines_are_drawn_where_the_rows_say(series: pd.DataFrame) -> None:
    rows = ribbon_chart.ribbon_rows(series, "copd", "P00003", "practice")
    axes = ribbon_chart.ribbon(rows, caption=CAPTION, name="Quay").axes[0]
    assert line_named(axes, "own").get_ydata() == pytest.approx(rows["value"].to_numpy())
    assert line_named(axes, "median").get_ydata() == pytest.approx(rows["p50"].to_numpy())
    outer, inner = (band.get_paths()[0].vertices for band in axes.collections)
    assert {round(y, 6) for y in outer[:, 1]} >= {round(y, 6) for y in (*rows["p10"], *rows["p90"])}
    assert {round(y, 6) for y in inner[:, 1]} >= {round(y, 6) for y in (*rows["p25"], *rows["p75"])}


@pytest.mark.parametrize(
    ("own", "where"),
    [
        (100.0, "is above nine tenths"),
        (-1.0, "is below nine tenths"),
        (5.0, "is in the middle half"),
        (7.9, "is in the upper quarter"),
        (2.1, "is in the lower quarter"),
    ],
)
def test_the_title_says_where_the_area_stands(own: float, where: str) -> None:
    rows = spread(*((float(value),) for value in range(1, 10)), own=(own,))
    assert ribbon_chart.title(rows, name="Quay", kind="practice") == f"Quay {where} of practices in 0"


@pytest.mark.parametrize(
    ("factor", "moved"),
    [(1.0, "is as wide as in 0"), (0.5, "has narrowed since 0"), (2.0, "has widened since 0")],
)
def test_the_title_says_whether_the_spread_has_moved(factor: float, moved: str) -> None:
    areas = [(float(value), 50 + (value - 50) * factor) for value in range(1, 100)]
    rows = spread(*areas, own=(50.0, 50.0))
    assert ribbon_chart.title(rows, name="Quay", kind="practice").endswith(f"; the spread {moved}")


def test_a_level_that_moves_is_no_change_of_spread() -> None:
    rows = spread(*((float(value), 3.0 * value) for value in range(1, 100)), own=(50.0, 150.0))
    assert "is as wide as" in ribbon_chart.title(rows, name="Quay", kind="practice")


def test_what_is_withheld_in_a_period_is_a_gap_not_a_nought() -> None:
    rows = spread((1.0, 1.0, 1.0), (3.0, 3.0, 3.0), own=(2.0, np.nan, 2.0))
    axes = ribbon_chart.ribbon(rows, caption=CAPTION, name="Quay").axes[0]
    assert np.isnan(line_named(axes, "own").get_ydata()[1])
    alone = spread((1.0,), (3.0,), own=(np.nan,))
    figure = ribbon_chart.ribbon(alone, caption=CAPTION, name="Quay")
    assert "Quay has no figures to follow" in said(figure)
    assert ribbon_chart.alt_text(alone, caption=CAPTION, name="Quay").endswith("No figures are available.")


def test_the_words_beside_it_give_the_value_and_the_spread() -> None:
    rows = spread(*((float(value),) for value in range(11)), own=(5.0,))
    said_ = ribbon_chart.alt_text(rows, caption=CAPTION, name="Quay")
    assert (
        "In 0 the value is 5.00 per 1,000 patients; four fifths of 12 practices lie between 1.10 and 8.90."
        in said_
    )
