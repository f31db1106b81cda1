"""The map read back: every area is there once, filled by its significance, and the title says where they lie."""

import json

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_hex

from reports import style
from reports.charts import map_chart
from tests.reports.charts.drawing import CAPTION, covered, said, some_areas, some_rows


def rows(number: int = 20) -> pd.DataFrame:
    """Rows of a map of that many practices."""
    return map_chart.map_rows(some_rows(number), some_areas(number))


def squares(areas: list[str]) -> dict[str, str]:
    """A boundary for each area: squares in a row."""
    return {
        area: json.dumps(
            {"type": "Polygon", "coordinates": [[[n, 0], [n + 1, 0], [n + 1, 1], [n, 1], [n, 0]]]}
        )
        for n, area in enumerate(areas)
    }


def fills(collection: PathCollection | PolyCollection) -> list[str]:
    """Colours of the shapes."""
    return [to_hex(colour).upper() for colour in collection.get_facecolor()]


def test_every_area_has_a_hexagon_filled_by_its_significance() -> None:
    table = rows()
    axes = map_chart.map_of_areas(table, caption=CAPTION).axes[0]
    (layer,) = [one for one in axes.collections if isinstance(one, PolyCollection)]
    expected = pd.Series([map_chart.FILL[one] for one in table["significance"]]).replace("white", "#FFFFFF")
    assert sorted(fills(layer)) == sorted(expected)
    assert len(layer.get_paths()) == 20


def test_an_area_whose_figure_is_withheld_is_there_and_not_tested() -> None:
    table = some_rows(20)
    table.loc[3, ["value", "significance"]] = [np.nan, None]
    placed = map_chart.map_rows(table.drop(index=5), some_areas(20)).set_index("area")
    assert placed.loc["P00003", "significance"] == "not tested"
    assert placed.loc["P00005", "significance"] == "not tested"
    assert len(placed) == 20


def test_with_a_boundary_for_each_area_those_are_drawn_each_with_its_own_fill() -> None:
    table = rows()
    figure = map_chart.map_of_areas(table, caption=CAPTION, geometries=squares(table["area"].tolist()))
    (layer,) = [one for one in figure.axes[0].collections if isinstance(one, PathCollection)]
    left = [path.vertices[:, 0].min() for path in layer.get_paths()]
    assert left == sorted(left)
    expected = pd.Series([map_chart.FILL[one] for one in table["significance"]]).replace("white", "#FFFFFF")
    assert fills(layer) == expected.tolist()
    assert covered(figure) == []


def test_where_one_boundary_is_missing_all_are_hexagons() -> None:
    table = rows()
    figure = map_chart.map_of_areas(table, caption=CAPTION, geometries=squares(table["area"].tolist()[1:]))
    assert any(isinstance(one, PolyCollection) for one in figure.axes[0].collections)
    assert any("one hexagon each" in words for words in said(figure))


def test_what_stands_out_carries_a_shape_as_well_as_a_colour() -> None:
    table = rows(98)
    axes = map_chart.map_of_areas(table, caption=CAPTION).axes[0]
    drawn = {line.get_label(): (line.get_marker(), len(line.get_xdata())) for line in axes.lines}
    counts = table["significance"].value_counts()
    assert drawn == {said_: (style.mark(said_).marker, counts[said_]) for said_ in ("worse", "better")}
    for fill in ("worse", "better", "higher", "lower"):
        assert style.contrast(map_chart.FILL[fill], "#FFFFFF") > 2.9, "the white shape is seen on it"


def test_the_title_says_in_which_group_most_of_them_lie() -> None:
    table = rows(40)
    asked = table[table["significance"] == "worse"]["group"].value_counts()
    most = asked.index[0] if len(asked) == 1 or asked.iloc[0] > asked.iloc[1] else sorted(
        asked.index[asked == asked.iloc[0]]
    )[0]  # fmt: skip
    of = (table["group"] == most).sum()
    assert map_chart.title(table, caption=CAPTION).endswith(f"most in {most} ({asked[most]} of {of})")


@pytest.mark.parametrize("areas", [1, 7])
def test_without_groups_the_title_names_the_areas(areas: int) -> None:
    table = rows(areas).assign(significance="worse", group="")
    title = map_chart.title(table, caption=CAPTION)
    assert ("and 4 more" in title) == (areas == 7)
