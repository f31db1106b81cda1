"""Boundaries: shapes keep their proportions and their holes, and the mark of each lies inside it."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from reports.charts.boundaries import NEAR, shapes

SQUARE = [[[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]]


def polygon(*rings: list[list[float]]) -> str:
    """GeoJSON of one polygon."""
    return json.dumps({"type": "Polygon", "coordinates": list(rings)})


def filled(path: Path, point: tuple[float, float]) -> bool:
    """Tell whether that point has a colour where the path is drawn."""
    figure = Figure(figsize=(1, 1), dpi=100)
    figure.add_artist(PathPatch(path, facecolor="black", linewidth=0, transform=IdentityTransform()))
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return int(np.asarray(canvas.buffer_rgba())[99 - round(point[1]), round(point[0]), 0]) < 128


def test_a_shape_is_fitted_with_its_proportions_kept() -> None:
    metres = [[x * 1000, y * 1000] for x, y in SQUARE[0]]
    (shape,) = shapes({"A": polygon(metres)}, width=100, height=100).values()
    low, high = shape.path.vertices.min(axis=0), shape.path.vertices.max(axis=0)
    assert (high - low).tolist() == [100.0, 50.0]
    assert low.tolist() == [0.0, 25.0], "it stands in the middle of the room left"


def test_a_degree_of_longitude_is_as_short_as_it_is_there() -> None:
    ring = [[0.0, 59.5], [1, 59.5], [1, 60.5], [0, 60.5], [0, 59.5]]
    (shape,) = shapes({"A": polygon(ring)}, width=100, height=100).values()
    low, high = shape.path.vertices.min(axis=0), shape.path.vertices.max(axis=0)
    assert (high - low).tolist() == pytest.approx([50.0, 100.0]), (
        "at 60 degrees it is half of one of latitude"
    )


def test_the_mark_of_a_ring_shaped_area_is_not_in_its_hole() -> None:
    outer = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]
    hole = [[1, 1], [1, 8], [5, 8], [5, 1], [1, 1]]
    for ring in (hole, hole[::-1]):
        (shape,) = shapes({"A": polygon(outer, ring)}, width=90, height=90).values()
        assert 50 < shape.middle[0] < 90
        assert filled(shape.path, (70, 45))
        assert not filled(shape.path, (30, 45)), "a hole is no part, whichever way it is written round"


def test_of_several_parts_the_largest_carries_the_mark() -> None:
    parts = [[[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]], [[[5, 0], [9, 0], [9, 4], [5, 4], [5, 0]]]]
    text = json.dumps({"type": "MultiPolygon", "coordinates": parts})
    (shape,) = shapes({"A": text}, width=90, height=90).values()
    assert shape.middle[0] > 45


@given(st.integers(5, 60), st.floats(0.3, 0.95), st.integers(0, 10_000))
def test_the_mark_lies_inside_a_star_of_any_number_of_points(points: int, depth: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    angle = np.sort(random.uniform(0, 2 * np.pi, points))
    far = np.where(np.arange(points) % 2, 1.0, depth) * 5000
    ring = np.column_stack([far * np.cos(angle), far * np.sin(angle)]).round(3)
    closed = [*ring.tolist(), ring[0].tolist()]
    (shape,) = shapes({"A": polygon(closed)}, width=400, height=400).values()
    assert shape.path.contains_point(shape.middle, radius=1.0) or shape.path.contains_point(
        shape.middle, radius=-1.0
    )


def test_corners_nearer_than_the_eye_can_tell_are_one() -> None:
    angle = np.linspace(0, 2 * np.pi, 20_001)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * 10_000
    (shape,) = shapes({"A": polygon(ring.tolist())}, width=100, height=100).values()
    assert len(shape.path.vertices) < 2 * np.pi * 50 / NEAR * 2
    area = 0.5 * abs(
        np.dot(shape.path.vertices[:-1, 0], shape.path.vertices[1:, 1])
        - np.dot(shape.path.vertices[1:, 0], shape.path.vertices[:-1, 1])
    )
    assert area == pytest.approx(np.pi * 50**2, rel=0.02)


@pytest.mark.parametrize(
    "text", ["{", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Polygon"}', "[]"]
)
def test_what_is_no_polygon_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="L04"):
        shapes({"L04": text}, width=10, height=10)


def test_no_boundaries_are_no_shapes() -> None:
    assert shapes({}, width=10, height=10) == {}
    assert shapes({"A": '{"type": "MultiPolygon", "coordinates": []}'}, width=10, height=10) == {}
