"""Names at the ends of lines: apart, in the order of their lines, clear of the figures below the plot."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style
from reports.charts.line_ends import FOOT, LineEnd, name_ends, spread


def empty_plot() -> Axes:
    """A plot 200 points wide and 100 high, from 0 to 50."""
    axes = Figure(figsize=(300 / 72, 150 / 72), dpi=72).add_axes((0.1, 0.2, 200 / 300, 100 / 150))
    axes.set_ylim(0, 50)
    return axes


def points_up(axes: Axes) -> list[float]:
    """How far above the plot's foot each name stands, points."""
    return [2 * float(text.get_position()[1]) for text in axes.texts]


@given(st.lists(st.floats(-500, 500), max_size=25), st.floats(0.5, 30))
def test_labels_are_moved_apart_in_their_order_and_no_further_than_needed(
    places: list[float], gap: float
) -> None:
    moved = spread(places, gap)
    order = np.argsort(places, kind="stable")
    assert all(high - low >= gap - 1e-6 for low, high in pairwise(np.array(moved)[order]))
    assert np.mean(moved or [0]) == pytest.approx(np.mean(places or [0]), abs=1e-6)
    apart = sorted(places)
    if all(high - low >= gap for low, high in pairwise(apart)):
        assert moved == pytest.approx(places)


def test_names_of_levels_that_lie_close_are_apart_and_in_the_order_of_their_lines() -> None:
    axes = empty_plot()
    name_ends(axes, [LineEnd(30, "Upper"), LineEnd(29.5, "Middle"), LineEnd(10, "Lower")], room=80)
    upper, middle, lower = points_up(axes)
    assert upper - middle == pytest.approx(12)
    assert lower == pytest.approx(20)


@pytest.mark.parametrize("levels", [[0.0], [0.0, 0.5, 1.0], [50.0, 0.0]])
def test_no_name_stands_so_low_that_it_meets_the_figures_of_the_axis_below(levels: list[float]) -> None:
    axes = empty_plot()
    name_ends(axes, [LineEnd(level, "Limit") for level in levels], room=80)
    assert min(points_up(axes)) >= FOOT - 1e-9


def test_a_long_name_is_cut_to_its_column_and_a_bold_one_by_its_own_width() -> None:
    axes = empty_plot()
    long = "A practice with a name that is far too long for the column"
    name_ends(axes, [LineEnd(10, long), LineEnd(40, long, {"weight": "bold"})], room=80)
    for text, bold in zip(axes.texts, (False, True), strict=True):
        assert style.text_width(text.get_text(), style.SMALL, bold=bold) <= 80
    assert len(axes.texts[1].get_text()) <= len(axes.texts[0].get_text())


def test_without_lines_nothing_is_written() -> None:
    axes = empty_plot()
    name_ends(axes, [], room=80)
    assert not axes.texts
