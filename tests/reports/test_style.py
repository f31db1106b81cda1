"""The look of the pictures: contrast, colour blindness, shapes, and text measured without drawing it."""

import logging
from colorsys import rgb_to_hsv
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import style
from reports.charts import caterpillar_chart, funnel_chart, opportunity_chart, plan_chart

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SIMULATED = {
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "full colour": np.eye(3).tolist(),
}
# CIE XYZ of linear sRGB, white D65.
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
PLAIN_DISTANCE = 25.0  # in Lab; a difference of some 2 is just seen, of 25 at a glance and in small marks

MEANT = {
    "limits allowing for overdispersion": funnel_chart.ADJUSTED["color"],
    "limits of chance alone": funnel_chart.UNADJUSTED["color"],
    "interval of a caterpillar": caterpillar_chart.INTERVAL["color"],
    "comparator of a caterpillar": caterpillar_chart.PEERS["color"],
    "bar of an opportunity": opportunity_chart.BAR,
    "interval of an opportunity": opportunity_chart.INTERVAL["color"],
    "what chance would give": opportunity_chart.CHANCE["color"],
    "edge of a target": plan_chart.TARGET["edgecolor"],
    "edge of a part of a target": plan_chart.PART["edgecolor"],
    "money put in": plan_chart.NEGATIVE["facecolor"],
    "opportunity sized so far": plan_chart.SIZED,
    "parent": style.PARENT.colour,
    "words": style.INK,
    "faint words": style.DARK_GREY,
} | {f"mark: {name}": mark.colour for name, mark in style.MARKS.items()}


@pytest.mark.parametrize("colour", MEANT.values(), ids=MEANT.keys())
def test_what_carries_meaning_stands_out_from_white_by_three_to_one(colour: str) -> None:
    assert style.contrast(colour, "#FFFFFF") >= 3


@pytest.mark.parametrize("colour", [style.INK, style.DARK_GREY])
def test_words_stand_out_from_white_by_more_than_four_and_a_half_to_one(colour: str) -> None:
    assert style.contrast(colour, "white") >= 4.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (opportunity_chart.BAR, opportunity_chart.INTERVAL["color"]),
        (opportunity_chart.CHANCE["color"], opportunity_chart.CHANCE_EDGE["color"]),
        (opportunity_chart.BAR, opportunity_chart.CHANCE_EDGE["color"]),
        (plan_chart.TARGET["facecolor"], "white"),
        (style.MARKS["better"].colour, style.MARKS["worse"].colour),
        (style.MARKS["higher"].colour, style.MARKS["lower"].colour),
    ],
)
def test_neighbours_stand_out_from_each_other_by_three_to_one(one: str, other: str) -> None:
    assert style.contrast(one, other) >= 3


@pytest.mark.parametrize(
    ("one", "other", "known"), [("#777777", "#FFFFFF", 4.48), ("#FF0000", "#FFFFFF", 4.0)]
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, known: float) -> None:
    assert style.contrast(one, other) == pytest.approx(known, abs=0.005)
    assert style.contrast(one, other) == style.contrast(other, one)


def linear(colour: str) -> NDArray[np.float64]:
    """Linear RGB of a colour."""
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour: str, matrix: object) -> NDArray[np.float64]:
    """CIE Lab of a colour as someone sees it."""
    seen = np.clip(np.asarray(matrix, dtype=float) @ linear(colour), 0, 1)
    xyz = TO_XYZ @ seen / (TO_XYZ @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_simulation_leaves_grey_as_it_is_and_confuses_red_with_green() -> None:
    for matrix in SIMULATED.values():
        assert lab("#808080", matrix) == pytest.approx([53.59, 0, 0], abs=0.2)
    apart = {
        name: np.linalg.norm(lab("#A52019", matrix) - lab("#4D5F00", matrix))
        for name, matrix in SIMULATED.items()
    }
    assert apart["deuteranopia"] < PLAIN_DISTANCE < apart["full colour"]


@pytest.mark.parametrize("matrix", SIMULATED.values(), ids=SIMULATED.keys())
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("better", "worse"),
        ("higher", "lower"),
        *((name, "similar") for name in ("better", "worse", "higher")),
    ],
)
def test_marks_stay_apart_for_the_colour_blind(one: str, other: str, matrix: object) -> None:
    first, second = (lab(style.MARKS[name].colour, matrix) for name in (one, other))
    assert np.linalg.norm(first - second) > PLAIN_DISTANCE


def test_marks_that_stand_out_differ_by_shape_as_well_as_by_colour() -> None:
    telling = [style.MARKS[name] for name in ("better", "worse", "higher", "lower")] + [style.PARENT]
    assert all(one.marker != other.marker for one, other in combinations(telling, 2))
    hollow = [mark for mark in style.MARKS.values() if not mark.filled]
    assert [style.MARKS["similar"], style.MARKS["not tested"]] == hollow[::-1]
    assert style.MARKS["similar"].size > style.MARKS["not tested"].size


def test_there_is_no_red_amber_or_green() -> None:
    coloured = [mark for mark in style.MARKS.values() if mark.filled]
    for mark in coloured:
        hue = 360 * rgb_to_hsv(*to_rgb(mark.colour))[0]
        assert not any(low <= hue <= high for low, high in ((0, 15), (40, 150), (345, 360))), mark


def test_a_word_without_a_mark_is_drawn_as_not_tested() -> None:
    assert style.mark("odd") is style.mark(None) is style.MARKS["not tested"]
    said = pd.Series(["better", None, "odd"], dtype=pd.CategoricalDtype(["better", "odd"]))
    assert style.known(said).tolist() == ["better", "not tested", "not tested"]


def test_a_hollow_mark_is_white_inside_and_a_filled_one_has_a_white_edge() -> None:
    hollow, filled = style.MARKS["similar"].line, style.MARKS["worse"].line
    assert (hollow["markerfacecolor"], hollow["markeredgecolor"]) == ("white", style.MID_GREY)
    assert (filled["markerfacecolor"], filled["markeredgecolor"]) == (style.ORANGE, "white")


def test_the_font_is_there_so_that_none_is_looked_for_in_vain(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="matplotlib.font_manager"), style.context():
        figure = Figure(figsize=(1, 1))
        figure.text(0, 0, "Poole", weight="bold")
        FigureCanvasAgg(figure).draw()
    assert caplog.records == []


@pytest.mark.parametrize("bold", [False, True])
def test_text_is_measured_as_it_is_drawn(bold: bool) -> None:
    names = ["Weymouth and Portland", "Illyria", "£12,345 − 7.5%", "WWW"]
    with style.context():
        figure = Figure(figsize=(4, 4), dpi=72)
        renderer = FigureCanvasAgg(figure).get_renderer()
        for name in names:
            text = figure.text(0, 0, name, fontsize=9.5, weight="bold" if bold else "normal")
            drawn = text.get_window_extent(renderer).width
            assert style.text_width(name, 9.5, bold=bold) == pytest.approx(drawn, abs=2.0)


lines_of_text = st.lists(
    st.text(st.characters(codec="latin-1", exclude_categories=["C", "Z"]), min_size=1, max_size=25),
    max_size=30,
).map(" ".join)


@given(lines_of_text, st.floats(40, 400), st.integers(1, 4))
def test_wrapped_lines_fit_and_say_the_words_in_their_order(said: str, width: float, lines: int) -> None:
    broken = style.wrap(said, 10, width, lines=lines)
    assert len(broken) <= lines
    assert all(style.text_width(line, 10) <= width for line in broken)
    if not any("…" in line for line in broken):
        assert " ".join(broken).split() == said.split()


@given(lines_of_text, st.floats(10, 400))
def test_shortened_text_is_the_beginning_of_the_text(said: str, width: float) -> None:
    cut = style.shorten(said, 9, width)
    assert cut == said or (cut.endswith("…") and said.startswith(cut[:-1]))
    assert style.text_width(cut, 9) <= width


def test_a_narrower_line_never_holds_more() -> None:
    cut = [style.shorten("Weymouth and Portland", 9, width) for width in range(120, 10, -10)]
    assert all(len(wide) >= len(narrow) for wide, narrow in pairwise(cut))


@pytest.mark.parametrize(
    ("hostile", "safe"),
    [
        ("Poole\r\n\tBay", "Poole Bay"),
        ("\u202eyaB\u202c elooP", "yaB elooP"),  # turns the letters about
        ("Poole\u200b\u00adBay", "PooleBay"),  # takes no room
        ("Poole\x00\x1bBay", "PooleBay"),
        ("Poole\ud800Bay\ue000", "PooleBay"),  # half a character, and one without a meaning
        ("Poole\ufffe\uffffBay", "PooleBay"),  # no characters: an SVG with them is unreadable
        ("Ynys Môn – Ŵyl", "Ynys Môn – Ŵyl"),
        (None, "None"),
    ],
)
def test_invisible_characters_are_left_out(hostile: object, safe: str) -> None:
    assert style.plain(hostile) == safe
