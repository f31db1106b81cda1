"""Hexagons: every area has one of its own, none touch another block, and the order of the rows changes nothing."""

import numpy as np
import pandas as pd
import pytest

from reports.charts import hexagons
from tests.reports.charts.drawing import SIZES, some_areas


def practices(number: int) -> pd.DataFrame:
    """Areas with their group and place."""
    areas = some_areas(number)
    return areas[areas["kind"] == "practice"].rename(columns={"parent": "group"})[["area", "group", "x", "y"]]


@pytest.mark.parametrize("number", SIZES)
def test_no_two_hexagons_are_nearer_than_their_width(number: int) -> None:
    placed = hexagons.pack(practices(number)).areas
    assert len(placed) == number
    from scipy.spatial import cKDTree

    near, _ = cKDTree(placed[["x", "y"]]).query(placed[["x", "y"]], k=2)
    assert near[:, 1].min() > 0.999


def test_areas_of_a_group_lie_together_and_apart_from_others() -> None:
    placed = hexagons.pack(practices(98)).areas
    points = placed[["x", "y"]].to_numpy()
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    same = placed["group"].to_numpy()[:, None] == placed["group"].to_numpy()[None]
    assert apart[~same].min() > 1 + hexagons.GAP / 2


def test_everything_lies_inside_the_layout() -> None:
    layout = hexagons.pack(practices(98))
    assert layout.areas["x"].between(0.5, layout.width - 0.5 + 1e-9).all()
    assert layout.areas["y"].between(-layout.height + 0.5, -0.5).all()


def test_the_order_of_the_rows_changes_nothing() -> None:
    areas = practices(98)
    one, other = hexagons.pack(areas), hexagons.pack(areas.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(one.areas, other.areas)
    pd.testing.assert_frame_equal(one.groups, other.groups)


def test_north_stands_above_south_and_west_left_of_east() -> None:
    corners = {"NW": (0, 9), "NE": (9, 9), "SW": (0, 0), "SE": (9, 0)}
    areas = pd.DataFrame([{"area": name, "group": name, "x": x, "y": y} for name, (x, y) in corners.items()])
    placed = hexagons.pack(areas).areas.set_index("area")
    for north in ("NW", "NE"):
        for south in ("SW", "SE"):
            assert placed.loc[north, "y"] >= placed.loc[south, "y"]
    assert placed.loc["NW", "y"] == placed.loc["NE", "y"] > placed["y"].min()
    assert placed.loc["NW", "x"] < placed.loc["NE", "x"]


def test_without_places_blocks_stand_in_the_order_of_their_names() -> None:
    layout = hexagons.pack(pd.DataFrame({"area": ["3", "1", "2"], "group": ["B", "A", "A"]}))
    assert layout.areas["area"].tolist() == ["1", "2", "3"]
