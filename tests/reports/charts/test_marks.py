"""Marks by significance: every known place has its own, and what matters lies on what does not."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style
from reports.charts.marks import draw_marks


def plot() -> Axes:
    return Figure(dpi=72).add_axes((0, 0, 1, 1))


def test_each_area_has_the_mark_of_its_significance_and_one_without_a_place_has_none() -> None:
    axes = plot()
    said = np.array(["worse", "similar", "worse", "better"], dtype=object)
    draw_marks(axes, [1, 2, 3, np.nan], [10, 20, np.nan, 40], said)
    drawn = {line.get_label(): line for line in axes.lines}
    assert set(drawn) == {"worse", "similar"}
    assert drawn["worse"].get_xydata().tolist() == [[1, 10]]
    assert drawn["worse"].get_marker() == style.mark("worse").marker


def test_what_differs_lies_on_what_does_not() -> None:
    axes = plot()
    said = np.array(list(style.MARKS), dtype=object)
    draw_marks(axes, np.arange(len(said)), np.arange(len(said)), said, zorder=2)
    order = {line.get_label(): line.get_zorder() for line in axes.lines}
    assert sorted(order, key=lambda name: order[name]) == list(style.MARKS)
    assert min(order.values()) == 2


@pytest.mark.parametrize(("areas", "picture"), [(4, False), (5, False), (6, True)])
def test_more_marks_of_one_look_than_asked_for_become_a_picture(areas: int, picture: bool) -> None:
    axes = plot()
    draw_marks(axes, np.zeros(areas), np.zeros(areas), np.array(["worse"] * areas), most=5)
    assert axes.lines[0].get_rasterized() is picture


def test_size_and_edge_are_multiples_and_the_next_chart_has_the_usual_ones() -> None:
    axes = plot()
    for size in (0.5, 1.0):
        draw_marks(axes, [0], [0], np.array(["worse"]), size=size, edge=size)
    small, usual = axes.lines
    assert usual.get_markersize() == style.mark("worse").size
    assert small.get_markersize() == usual.get_markersize() / 2
    assert small.get_markeredgewidth() == usual.get_markeredgewidth() / 2
