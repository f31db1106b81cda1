"""Axes of numbers: round figures in their unit at their places, words below, nothing of matplotlib's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from reports import style
from reports.charts.axis import foot, number_axis, segments, tick_labels, write_ticks


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (0, 100, "%", ["0%", "20%", "40%", "60%", "80%", "100%"]),
        (0, 12_000, "", ["0", "2,000", "4,000", "6,000", "8,000", "10,000", "12,000"]),
        (-4, 4, "£ per patient", ["−£4", "−£2", "£0", "£2", "£4"]),
        (0, 0.05, "", ["0.00", "0.01", "0.02", "0.03", "0.04", "0.05"]),
    ],
)
def test_an_axis_has_few_round_figures_in_its_unit(
    low: float, high: float, unit: str, said: list[str]
) -> None:
    assert tick_labels(low, high, unit=unit)[1] == said


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 9))
def test_figures_stand_inside_the_axis_and_no_two_are_alike(low: float, span: float, ticks: int) -> None:
    places, said = tick_labels(low, low + span, ticks=ticks)
    assert len(set(said)) == len(said) == len(places) <= ticks + 2
    assert all(low - 1e-6 * span <= place <= low + span + 1e-6 * span for place in places)


@pytest.fixture
def figure() -> Figure:
    """A figure whose plot takes the middle half."""
    with style.context():
        figure = Figure(figsize=(6, 4), dpi=72)
        axes = figure.add_axes((0.25, 0.25, 0.5, 0.5))
        axes.set(xlim=(0, 100), ylim=(200, 100))
    return figure


def test_figures_stand_beside_the_plot_at_their_values(figure: Figure) -> None:
    (axes,) = figure.axes
    with style.context():
        number_axis(axes, "x", unit="%", title="Share")
        number_axis(axes, "y", unit="£")
        boxes = {text.get_text(): text.get_window_extent() for text in figure.texts}
    room = axes.get_window_extent()
    x = axes.transData.transform([(40, 100)])[0][0]
    assert (boxes["40%"].x0 + boxes["40%"].x1) / 2 == pytest.approx(x, abs=0.6)
    assert boxes["40%"].y1 <= room.y0
    y = axes.transData.transform([(0, 160)])[0][1]
    assert (boxes["£160"].y0 + boxes["£160"].y1) / 2 == pytest.approx(y, abs=0.6)
    assert boxes["£160"].x1 <= room.x0
    assert boxes["Share"].y1 <= boxes["40%"].y0 + 1
    assert boxes["Share"].x0 == pytest.approx(room.x0, abs=1)
    assert axes.lines[:] == axes.texts[:] == []
    assert not axes.axison


def test_a_line_goes_through_the_plot_at_every_figure(figure: Figure) -> None:
    (axes,) = figure.axes
    number_axis(axes, "x")
    grid = [*figure.lines, *figure.artists]
    along = {float(x) for line in grid for x in np.asarray(line.get_xdata()) if x > 1}  # type: ignore[attr-defined]
    assert along == set(tick_labels(0, 100)[0]) - {0.0}


def test_words_may_stand_in_the_place_of_figures(figure: Figure) -> None:
    (axes,) = figure.axes
    write_ticks(axes, "y", np.array([120.0, 150.0]), ["Poole", "Purbeck"], fontsize=7)
    foot(axes)
    assert [(text.get_text(), text.get_fontsize()) for text in figure.texts] == [("Poole", 7), ("Purbeck", 7)]


def test_segments_break_between_places() -> None:
    ends, level = segments([1, np.nan], [2, 4], [0, 1])
    assert ends[:2].tolist() == [1, 2]
    assert level[3:5].tolist() == [1, 1]
    assert np.isnan(ends[[2, 5]]).all()
