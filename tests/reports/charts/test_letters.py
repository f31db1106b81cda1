"""Words set from cached letters: what matplotlib itself draws, but for hinting and kerning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import style
from reports.charts import letters
from reports.charts.renderers import Bitmap, pixels

WIDTH, HEIGHT = 360, 60


def ink(renderer: type[RendererAgg], said: str, dpi: float = 144, **look: object) -> NDArray[np.float64]:
    """How dark each pixel of one line of text is, 0 to 1."""
    with style.context():
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72)
        figure.text(0.1, 0.4, said, **look)  # type: ignore[arg-type]
        figure.set_dpi(dpi)
        drawn = renderer(WIDTH * dpi / 72, HEIGHT * dpi / 72, dpi)
        figure.draw(drawn)
    return 1 - np.asarray(drawn.buffer_rgba())[..., :3].mean(axis=-1) / 255


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("said", ["Weymouth and Portland", "£12,345 − 7.5% (80% interval)", "Ynys Môn"])
def test_a_line_is_drawn_as_matplotlib_draws_it(said: str, weight: str) -> None:
    ours, theirs = (ink(one, said, fontsize=9.5, weight=weight) for one in (Bitmap, RendererAgg))
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.03), "as much ink"
    for axis in (0, 1):
        places = [np.flatnonzero(one.max(axis=axis) > 0.3) for one in (ours, theirs)]
        assert places[0][0] == pytest.approx(places[1][0], abs=1)
        assert places[0][-1] == pytest.approx(places[1][-1], abs=3), "kerning moves the end a little"
    rows = np.corrcoef(ours.sum(axis=1), theirs.sum(axis=1))[0, 1]
    assert rows > 0.97


@pytest.mark.parametrize(
    "look",
    [{"rotation": 90}, {"rotation": 30}],
)
def test_what_is_turned_is_left_to_matplotlib(look: dict[str, float]) -> None:
    assert ink(Bitmap, "Poole", **look).sum() == pytest.approx(
        ink(RendererAgg, "Poole", **look).sum(), rel=0.01
    )


def test_a_letter_that_the_face_lacks_is_taken_from_another() -> None:
    said = "Poole \N{SNOWMAN}"
    assert not style.has_letters(said, False)
    assert letters.line(said, 0.0, 19.0) is None
    assert ink(Bitmap, said).sum() == pytest.approx(ink(RendererAgg, said).sum(), rel=0.05)


@pytest.mark.parametrize(("alpha", "darkest"), [(1.0, 1.0), (0.4, 0.4)])
def test_words_have_their_colour_and_opacity(alpha: float, darkest: float) -> None:
    with style.context():
        figure = Figure(figsize=(2, 1), dpi=72)
        figure.text(0.1, 0.4, "HH", fontsize=30, color=style.DARK_BLUE, alpha=alpha)
        drawn = pixels(figure, 144).astype(float)
    full = np.array([18, 67, 109])
    wanted = 255 - darkest * (255 - full)
    assert drawn.reshape(-1, 4)[:, :3].min(axis=0) == pytest.approx(wanted, abs=1.5)


def test_words_are_cut_at_the_edge_of_the_picture_and_empty_ones_leave_no_mark() -> None:
    for x, said in ((-0.02, "Weymouth"), (0.99, "Weymouth"), (0.5, "   ")):
        with style.context():
            figure = Figure(figsize=(2, 1), dpi=72)
            figure.text(x, 0.9, said)
            drawn = pixels(figure, 144)
        assert drawn.shape == (144, 288, 4)
        assert (drawn[..., :3] < 255).any() == bool(said.strip())


@given(st.text("abcdefgABCXYZ 0123456789.,%£", min_size=1, max_size=30), st.floats(0, 200))
def test_a_line_is_as_wide_as_it_is_measured_wherever_it_starts(said: str, x: float) -> None:
    line = letters.line(f"|{said}|", x, 19.0)
    assert line is not None
    width = style.text_width(f"|{said}|", 19.0)
    assert line.coverage.shape[1] == pytest.approx(width, abs=6)
    assert line.left == pytest.approx(x, abs=4)
    assert line.coverage.max() > 150


def test_the_same_words_at_another_quarter_of_a_pixel_are_as_dark() -> None:
    lines = [letters.line("Purbeck", 10 + quarter / 4, 19.0) for quarter in range(4)]
    inks = [int(line.coverage.sum()) for line in lines if line is not None]
    assert len(inks) == 4
    assert max(inks) - min(inks) < 0.02 * inks[0]
    arrays = [line.coverage for line in lines if line is not None]
    assert not np.array_equal(arrays[0], arrays[2]), "letters move by less than a pixel"
