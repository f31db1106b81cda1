"""The spine read back: better stands at the right whatever the polarity, each area at its own place."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from reports import style
from reports.charts import spine_chart
from reports.charts.frame import Caption
from reports.contents import Contents
from reports.pack_rows import latest

CAPTION = Caption(name="North Dorset", period="2016/17", kind="locality")


def catalogue(**polarities: str) -> pd.DataFrame:
    """A catalogue of indicators of these polarities in one programme."""
    codes = list(polarities)
    return pd.DataFrame(
        {
            "indicator": codes,
            "name": codes,
            "programme": "Respiratory",
            "unit": "%",
            "polarity": list(polarities.values()),
        }
    )


def comparison(indicator: str, target: float, parent: float = float("nan"), **values: float) -> pd.DataFrame:
    """Rows of one indicator: localities with these values, and the parent of them all."""
    rows: list[dict[str, Any]] = [
        {"area": area, "kind": "locality", "value": value} for area, value in values.items()
    ]
    rows.append({"area": "DOR", "kind": "icb", "value": parent})
    return pd.DataFrame(rows).assign(indicator=indicator, significance="similar", funnel_target=target)


def test_better_stands_at_the_right_whatever_the_polarity() -> None:
    values = {"A": 10.0, "B": 20.0, "C": 30.0}
    table = pd.concat([comparison(code, 18.0, **values) for code in ("low", "high", "local")])
    told = catalogue(low="low", high="high", local="local")
    first = spine_chart.spine_rows(table, told, "A").set_index("indicator")["at_area"]
    last = spine_chart.spine_rows(table, told, "C").set_index("indicator")["at_area"]
    assert first["low"] == pytest.approx(8 / 12)  # few is good: right of the centre
    assert last["low"] == -1
    assert first["high"] == pytest.approx(-8 / 12)
    assert last["high"] == 1
    assert last["local"] == 1, "higher stands at the right where neither is better"


def test_each_scale_ends_at_the_further_extreme_and_holds_the_middle_half() -> None:
    values = {"A": 10.0, "B": 20.0, "C": 22.0, "D": 24.0, "E": 50.0}
    (row,) = spine_chart.spine_rows(
        comparison("a", 21.0, 21.0, **values), catalogue(a="high"), "B", parent="DOR"
    ).to_dict("records")
    places = {
        name: row[f"at_{name}"] for name in ("low", "quarter", "area", "parent", "three_quarters", "high")
    }
    assert places == pytest.approx(
        {
            "low": -11 / 29,
            "quarter": -1 / 29,
            "area": -1 / 29,
            "parent": 0.0,
            "three_quarters": 3 / 29,
            "high": 1.0,
        }
    )
    assert (row["value"], row["parent_value"]) == (20.0, 21.0)


def test_the_parent_stands_on_the_same_scale_and_not_beyond_its_edge() -> None:
    for parent, place in ((15.0, 0.5), (25.0, -0.5), (300.0, -1.0), (float("nan"), float("nan"))):
        rows = spine_chart.spine_rows(
            comparison("a", 20.0, parent, A=10.0, B=30.0), catalogue(a="low"), "A", parent="DOR"
        )
        assert rows["at_parent"].tolist() == pytest.approx([place], nan_ok=True)
    assert (
        spine_chart.spine_rows(comparison("a", 20.0, 15.0, A=10.0), catalogue(a="low"), "A")["at_parent"]
        .isna()
        .all()
    )


def test_where_all_areas_are_alike_all_stand_in_the_centre() -> None:
    rows = spine_chart.spine_rows(
        comparison("a", 20.0, 20.0, A=20.0, B=20.0), catalogue(a="low"), "A", parent="DOR"
    )
    assert (rows.filter(like="at_") == 0).all(axis=None)


def test_without_an_average_the_middle_of_the_range_is_the_centre() -> None:
    rows = spine_chart.spine_rows(comparison("a", float("nan"), A=10.0, B=30.0), catalogue(a="high"), "B")
    assert rows[["at_low", "at_high"]].to_numpy().tolist() == [[-1.0, 1.0]]


def test_an_indicator_without_a_value_for_the_area_has_no_row() -> None:
    table = pd.concat([comparison("a", 1.0, A=1.0, B=2.0), comparison("b", 1.0, A=float("nan"), B=2.0)])
    assert spine_chart.spine_rows(table, catalogue(a="low", b="low"), "A")["indicator"].tolist() == ["a"]
    empty = table.assign(value=float("nan"))
    assert spine_chart.spine_rows(empty, catalogue(a="low"), "A").empty


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.floats(0, 100), min_size=2, max_size=9),
    st.floats(0.01, 50),
    st.floats(-5, 200),
    st.sampled_from(["low", "high", "local"]),
)
def test_places_do_not_depend_on_the_unit(
    values: list[float], scale: float, shift: float, polarity: str
) -> None:
    if np.ptp(values) < 1e-3:
        values = [0.0, 10.0]
    areas = {f"L{place}": value for place, value in enumerate(values)}
    target = float(np.mean(values))
    told = catalogue(a=polarity)
    one = spine_chart.spine_rows(comparison("a", target, target, **areas), told, "L0", parent="DOR")
    moved = {area: value * scale + shift for area, value in areas.items()}
    other = spine_chart.spine_rows(
        comparison("a", target * scale + shift, target * scale + shift, **moved), told, "L0", parent="DOR"
    )
    places = one.filter(like="at_").to_numpy()
    assert other.filter(like="at_").to_numpy() == pytest.approx(places, abs=1e-6)
    assert np.abs(places).max() == pytest.approx(1.0)


@pytest.fixture(scope="module")
def table(contents: Contents) -> pd.DataFrame:
    """Latest rows of every area."""
    return latest(contents.comparison, contents.period)


@pytest.fixture(scope="module")
def rows(contents: Contents, table: pd.DataFrame) -> pd.DataFrame:
    """Spine of one locality: nine indicators of each polarity, by programme."""
    told = contents.catalogue.groupby("polarity").head(9).sort_values(["programme", "name"])
    return spine_chart.spine_rows(table, told, "L01", parent=contents.focus)


@pytest.fixture(scope="module")
def axes(rows: pd.DataFrame) -> Axes:
    """The axes of that spine."""
    return spine_chart.spine(rows, caption=CAPTION, parent_name="Dorset (synthetic example)").axes[0]


def test_of_the_example_the_good_side_is_the_right_side(rows: pd.DataFrame, table: pd.DataFrame) -> None:
    assert {"low", "high", "local"} == set(rows["polarity"])
    own = table[table["area"] == "L01"].set_index("indicator")
    for row in rows.itertuples():
        above = own.loc[row.indicator, "value"] > own.loc[row.indicator, "funnel_target"]
        assert (row.at_area > 0) == (above if row.polarity != "low" else not above)
    ends = rows[["at_low", "at_high"]].abs().max(axis=1)
    assert ends.to_numpy() == pytest.approx(1.0)


def bands(axes: Axes, name: str) -> Any:
    """Both ends of every piece of the line of that name, shape ``(pieces, 2, 2)``."""
    (line,) = [line for line in axes.lines if line.get_label() == name]
    return np.asarray(line.get_xydata()).reshape(-1, 3, 2)[:, :2]


def test_every_indicator_has_its_dot_its_diamond_and_its_bands(axes: Axes, rows: pd.DataFrame) -> None:
    marks = [line for line in axes.lines if line.get_linestyle() == "None"]
    diamonds = [line for line in marks if line.get_marker() == style.PARENT.marker]
    dots = np.sort(np.concatenate([line.get_xdata() for line in marks if line not in diamonds]))
    assert dots == pytest.approx(np.sort(rows["at_area"].to_numpy()))
    (diamond,) = diamonds
    assert np.asarray(diamond.get_xdata()) == pytest.approx(rows["at_parent"].to_numpy())
    whole, middle = (bands(axes, name) for name in ("range", "middle"))
    assert whole[:, :, 0] == pytest.approx(rows[["at_low", "at_high"]].to_numpy())
    assert middle[:, :, 0] == pytest.approx(rows[["at_quarter", "at_three_quarters"]].to_numpy())
    heights = np.asarray(diamond.get_ydata())
    assert whole[:, 0, 1].tolist() == middle[:, 0, 1].tolist() == heights.tolist()
    assert (np.diff(heights) >= 1).all()


def test_each_dot_has_the_mark_of_its_significance(axes: Axes, rows: pd.DataFrame) -> None:
    for significance, group in rows.groupby("significance"):
        look = style.mark(significance).line
        found = [
            sorted(line.get_xdata())
            for line in axes.lines
            if (line.get_marker(), line.get_markeredgecolor(), line.get_markersize())
            == (look["marker"], look["markeredgecolor"], look["markersize"])
        ]
        assert found == [sorted(group["at_area"])]


def test_an_indicator_is_named_with_its_figures_and_each_programme_once(
    axes: Axes, rows: pd.DataFrame
) -> None:
    said = [text.get_text() for text in axes.texts]
    assert [one for one in said if one in set(rows["programme"])] == list(dict.fromkeys(rows["programme"]))
    assert "This area" in said
    assert "Dorset" in said
    assert {"← Worse, or lower", "Average", "Better, or higher →"} <= set(said)


def test_the_ends_are_better_and_worse_where_each_indicator_has_a_good_side(rows: pd.DataFrame) -> None:
    judged = rows[rows["polarity"] != "local"]
    said = [text.get_text() for text in spine_chart.spine(judged, caption=CAPTION).axes[0].texts]
    assert {"← Worse", "Better →"} <= set(said)


def test_the_title_counts_both_sides_beside_what_chance_would_give(rows: pd.DataFrame) -> None:
    judged = rows[(rows["polarity"] != "local") & (rows["significance"] != "not tested")]
    worse, better = ((judged["significance"] == word).sum() for word in ("worse", "better"))
    assert spine_chart.title(rows, "North Dorset") == (
        f"North Dorset: of {len(judged)} indicators, {worse} beyond chance on the side to ask about"
        f" and {better} on the other (fewer than 1 on each by chance)"
    )
    untested = rows.assign(significance="not tested")
    assert spine_chart.title(untested, "Poole") == f"Poole: {len(rows)} indicators, none tested against peers"


def test_the_words_beside_the_picture_name_the_furthest_on_the_side_to_ask_about(rows: pd.DataFrame) -> None:
    worse = rows[rows["significance"] == "worse"].nsmallest(3, "at_area")["name"].tolist()
    assert len(worse) == 3
    said = spine_chart.alt_text(rows, caption=CAPTION, parent_name="Dorset")
    assert (
        f" Furthest on the side to ask about: {worse[0]}, {worse[1]} and {worse[2]}. The diamond is Dorset."
        in said
    )
    assert said.startswith(f"Spine chart of North Dorset, 2016/17, by locality: {len(rows)} indicators")


def test_no_indicators_draw_an_empty_picture(rows: pd.DataFrame) -> None:
    none = rows.iloc[:0]
    assert [text.get_text() for text in spine_chart.spine(none, caption=CAPTION).axes[0].texts] == [
        "No figures"
    ]
    assert spine_chart.alt_text(none, caption=CAPTION).endswith("No figures are available.")


def test_an_unknown_significance_is_drawn_as_not_tested() -> None:
    table = comparison("a", 20.0, A=10.0, B=30.0).assign(significance=None)
    rows = spine_chart.spine_rows(table, catalogue(a="low"), "A")
    figure = spine_chart.spine(rows, caption=CAPTION)
    assert "Not tested (1)" in [text.get_text() for text in figure.texts]
    assert [line.get_marker() for line in figure.axes[0].lines].count("o") == 1


def many_rows(number: int) -> pd.DataFrame:
    """Rows of a spine: the further down, the nearer the average; every third beyond chance."""
    return pd.DataFrame(
        {
            "indicator": [f"i{place}" for place in range(number)],
            "at_area": np.linspace(1.0, 0.0, number),
            "significance": ["worse" if place % 3 == 0 else "similar" for place in range(number)],
        }
    )


def test_a_page_holds_what_is_beyond_chance_then_the_furthest_in_the_order_of_the_catalogue() -> None:
    shown = spine_chart.telling(many_rows(9), 5)["indicator"].tolist()
    assert shown == ["i0", "i1", "i2", "i3", "i6"]


def test_what_the_page_speaks_of_stands_on_its_spine_however_near_the_average() -> None:
    shown = spine_chart.telling(many_rows(9), 5, first=["i8", "i7"])["indicator"].tolist()
    assert shown == ["i0", "i3", "i6", "i7", "i8"]
    assert "not there" not in spine_chart.telling(many_rows(2), 5, first=["not there"])["indicator"].tolist()
