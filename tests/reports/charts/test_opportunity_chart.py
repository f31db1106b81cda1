"""The opportunity bars read back: their lengths, intervals and order are those of the league."""

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from reports import style, words
from reports.charts import opportunity_chart
from reports.charts.frame import Caption
from reports.contents import Contents
from reports.pack_rows import league

CAPTION = Caption(name="Credible opportunity against the mean of their peers", period="2016/17")
RULE = "RightCare's rule"


@pytest.fixture(scope="module")
def table(contents: Contents) -> pd.DataFrame:
    """Opportunity of every indicator, with what the published rule would say beside it."""
    rule = league(contents, mode="rightcare", comparator="best_5").set_index("indicator")
    beside = rule[["value_gbp", "chance_floor_gbp"]].set_axis(["beside_gbp", "beside_floor_gbp"], axis=1)
    return league(contents).join(beside, on="indicator")


@pytest.fixture(scope="module")
def figure(table: pd.DataFrame) -> Figure:
    """The chart of that."""
    return opportunity_chart.opportunity(table, caption=CAPTION, beside=RULE)


@pytest.fixture(scope="module")
def priced(table: pd.DataFrame) -> pd.DataFrame:
    """The twelve with most to gain, found by plain pandas."""
    return table[table["value_gbp"] > 0].nlargest(12, "value_gbp").reset_index(drop=True)


def bars(axes: Axes) -> pd.DataFrame:
    """Place, beginning and length of every bar, from the top."""
    found = [(bar.get_y() + bar.get_height() / 2, bar.get_x(), bar.get_width()) for bar in axes.patches]
    return pd.DataFrame(found, columns=["place", "start", "value"]).sort_values("place", ignore_index=True)


def chance(axes: Axes) -> list[float]:
    """Where the ticks of chance alone stand."""
    (ticks,) = [line for line in axes.lines if line.get_color() == style.ORANGE]
    return np.asarray(ticks.get_xdata(), dtype=float).tolist()


def test_bars_are_as_long_as_the_opportunity_the_largest_at_the_top(
    figure: Figure, priced: pd.DataFrame
) -> None:
    drawn = bars(figure.axes[0])
    assert drawn["place"].to_numpy() == pytest.approx(np.arange(12))
    assert (drawn["start"] == 0).all()
    assert drawn["value"].to_numpy() == pytest.approx(priced["value_gbp"].to_numpy())
    assert figure.axes[0].get_ylim()[0] > figure.axes[0].get_ylim()[1], "the first stands at the top"


def test_each_bar_has_its_interval_and_what_chance_would_give(figure: Figure, priced: pd.DataFrame) -> None:
    (layer,) = [one for one in figure.axes[0].collections if isinstance(one, LineCollection)]
    ends = np.array(layer.get_segments())[:, :, 0]
    assert ends == pytest.approx(priced[["p10", "p90"]].to_numpy())
    assert chance(figure.axes[0]) == pytest.approx(priced["chance_floor_gbp"].to_numpy())
    assert "80% interval" in [text.get_text() for text in figure.texts]


def test_each_bar_has_its_name_and_its_money(figure: Figure, priced: pd.DataFrame) -> None:
    said = [text.get_text().replace("\n", " ") for text in figure.axes[0].texts]
    assert [one for one in said if one in set(priced["name"])] == priced["name"].tolist()
    assert said[:12] == [words.pounds(amount) for amount in priced["value_gbp"]]


def test_the_other_rule_stands_in_columns_beside(
    figure: Figure, table: pd.DataFrame, priced: pd.DataFrame
) -> None:
    said = [text.get_text().replace("\n", " ") for text in figure.axes[0].texts]
    rule, floor = said.index(RULE), said.index("of it by chance")
    assert said[rule + 1 : rule + 13] == [words.pounds(amount) for amount in priced["beside_gbp"]]
    assert said[floor + 1 : floor + 13] == [words.pounds(amount) for amount in priced["beside_floor_gbp"]]
    alone = opportunity_chart.opportunity(table, caption=CAPTION)
    assert RULE not in [text.get_text() for text in alone.axes[0].texts]


def test_all_words_stay_on_the_picture(figure: Figure) -> None:
    with style.context():
        renderer = FigureCanvasAgg(figure).get_renderer()
        boxes = [text.get_window_extent(renderer) for text in (*figure.texts, *figure.axes[0].texts)]
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 for box in boxes)


def test_only_what_has_a_price_and_something_to_gain_is_drawn(table: pd.DataFrame) -> None:
    some = table.head(6).assign(value_gbp=[300.0, float("nan"), 0.0, -50.0, 300.0, 700.0])
    found = opportunity_chart.largest(some)
    first, second = sorted([some["indicator"].iloc[0], some["indicator"].iloc[4]])
    assert found["indicator"].tolist() == [some["indicator"].iloc[5], first, second]
    assert opportunity_chart.largest(some, 1)["value_gbp"].tolist() == [700.0]


def test_the_order_of_the_rows_does_not_matter(table: pd.DataFrame) -> None:
    shuffled = opportunity_chart.largest(table.sample(frac=1, random_state=5))
    pd.testing.assert_frame_equal(shuffled, opportunity_chart.largest(table))


def test_without_intervals_and_chance_there_are_bars_alone(table: pd.DataFrame) -> None:
    plain = table.head(5).assign(p10=float("nan"), p90=float("nan"), chance_floor_gbp=float("nan"))
    drawn = opportunity_chart.opportunity(plain, caption=CAPTION)
    assert bars(drawn.axes[0])["value"].to_numpy() == pytest.approx(plain["value_gbp"].to_numpy())
    assert np.isnan(chance(drawn.axes[0])).all()
    said = " ".join(text.get_text() for text in drawn.texts)
    assert "80% interval" not in said
    assert "chance" not in said


def test_a_column_says_nothing_where_the_other_rule_does(table: pd.DataFrame) -> None:
    none = table.head(2).assign(beside_gbp=float("nan"))
    said = [
        text.get_text()
        for text in opportunity_chart.opportunity(none, caption=CAPTION, beside=RULE).axes[0].texts
    ]
    assert said.count("–") == 2


def test_one_bar_is_the_only_one(table: pd.DataFrame) -> None:
    one = table.head(1)
    drawn = opportunity_chart.opportunity(one, caption=CAPTION, beside=RULE)
    assert len(drawn.axes[0].patches) == 1
    assert " is the only one: £" in opportunity_chart.title(one)


def test_nothing_sized_draws_an_empty_picture(table: pd.DataFrame) -> None:
    for none in (table.iloc[:0], table.assign(value_gbp=float("nan"))):
        drawn = opportunity_chart.opportunity(none, caption=CAPTION, beside=RULE)
        assert [text.get_text() for text in drawn.axes[0].texts] == ["No figures"]
        assert opportunity_chart.title(none) == "No opportunity with a price has been sized"
        said = opportunity_chart.alt_text(none, caption=CAPTION, beside=RULE)
        assert said.endswith("No opportunity with a price has been sized.")


def test_the_title_counts_all_that_have_something_to_gain(table: pd.DataFrame, priced: pd.DataFrame) -> None:
    first = priced.iloc[0]
    assert opportunity_chart.title(table) == (
        f"{first['name']} is the largest of {(table['value_gbp'] > 0).sum()}: {words.pounds(first['value_gbp'])} (80%"
        f" interval {words.pounds(first['p10'])} to {words.pounds(first['p90'])})"
    )


def test_every_figure_in_the_words_beside_the_picture_is_that_of_the_league(
    table: pd.DataFrame, priced: pd.DataFrame
) -> None:
    said = opportunity_chart.alt_text(table, caption=CAPTION, beside=RULE)
    first = priced.iloc[0]
    figures = [
        *first[["value_gbp", "p10", "p90"]],
        *priced["value_gbp"][1:3],
        *first[["beside_gbp", "beside_floor_gbp"]],
    ]
    assert re.findall(r"£[\d,.]*\d(?:m|bn)?", said) == [words.pounds(figure) for figure in figures]
    assert said.endswith("The figures are in the opportunity table.")
