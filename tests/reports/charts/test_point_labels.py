"""Names beside points: none covers another or leaves the picture, and the most important come first."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from reports import style
from reports.charts import point_labels
from reports.charts.point_labels import HEIGHT, NAME_WIDTH, Label, place

BOUNDS = (10.0, 20.0, 430.0, 270.0)
coordinates = st.tuples(st.floats(10, 430), st.floats(20, 270))


def box(label: Label) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a name."""
    return (label.left, label.bottom, label.left + label.width, label.bottom + HEIGHT)


def covers(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(
    st.lists(st.tuples(coordinates, st.text(max_size=40)), max_size=25),
    st.lists(coordinates, max_size=25),
)
def test_names_never_cover_each_other_a_mark_or_the_edge(
    named: list[tuple[tuple[float, float], str]], marks: list[tuple[float, float]]
) -> None:
    taken = [(x - 3, y - 3, x + 3, y + 3) for x, y in marks]
    labels = place([point for point, _ in named], [name for _, name in named], bounds=BOUNDS, taken=taken)
    boxes = [box(label) for label in labels]
    assert len(labels) <= len(named)
    assert all(
        left >= BOUNDS[0] and bottom >= BOUNDS[1] and right <= BOUNDS[2] and top <= BOUNDS[3]
        for left, bottom, right, top in boxes
    )
    assert not any(covers(one, other) for one, other in combinations(boxes, 2))
    assert not any(covers(one, other) for one in boxes for other in taken)
    places = [point for point, _ in named]
    assert all(label.point in places for label in labels)


def test_the_first_name_takes_the_room_and_the_second_stays_in_the_table() -> None:
    narrow = (0.0, 0.0, 60.0, 12.0)
    labels = place([(5, 6), (5, 6)], ["Poole", "Wimborne"], bounds=narrow, taken=[])
    assert [label.words for label in labels] == ["Poole"]
    assert [label.words for label in place([(5, 6)] * 2, ["Wimborne", "Poole"], bounds=narrow, taken=[])] == [
        "Wimborne"
    ]


def test_a_name_with_room_stands_to_the_right_at_the_height_of_its_point() -> None:
    (label,) = place([(100, 100)], ["Poole"], bounds=BOUNDS, taken=[])
    assert label.left > 100
    assert label.bottom + HEIGHT / 2 == pytest.approx(100)
    assert not label.far


def test_a_name_that_is_pushed_away_gets_a_leader_to_its_point() -> None:
    around = [(60.0, 85.0, 180.0, 115.0)]
    (label,) = place([(120, 100)], ["Poole"], bounds=BOUNDS, taken=around)
    assert label.far
    axes = Figure(figsize=(6, 4), dpi=72).add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 432), ylim=(0, 288))
    point_labels.draw(axes, [label])
    (leader,) = axes.lines
    start = axes.transData.transform(np.column_stack(leader.get_data())[0])
    assert start == pytest.approx([120, 100])
    assert [text.get_text() for text in axes.texts] == ["Poole"]


def test_a_long_or_hostile_name_is_cut_and_cleaned() -> None:
    (label,) = place(
        [(100, 100)], ["\u202eThe " + "very " * 30 + "long\x07 surgery"], bounds=BOUNDS, taken=[]
    )
    assert label.words.startswith("The very")
    assert label.words.endswith("…")
    assert style.text_width(label.words, style.SMALL) == label.width <= NAME_WIDTH


def test_no_points_have_no_names() -> None:
    assert place([], [], bounds=BOUNDS, taken=[]) == []
