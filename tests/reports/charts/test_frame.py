"""What stands around the axes of every chart: words that fit, a key that counts, axes that can be read."""

from itertools import combinations

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from reports import style
from reports.charts.frame import WIDTH, Caption, Key, finding, frame, mark_keys

LONG = "Emergency admissions of people aged 65 and over for conditions that primary care may forestall, " * 6


def drawn(title: str, caption: Caption, keys: list[Key] | None = None) -> Figure:
    """A frame with a canvas, so that its words can be measured."""
    with style.context():
        figure, _ = frame(title, caption.about, caption=caption, plot_height=100, keys=keys or [])
        FigureCanvasAgg(figure)
    return figure


def boxes(figure: Figure) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right and top of every line of words, points."""
    with style.context():
        found = [text.get_window_extent(figure.canvas.get_renderer()) for text in figure.texts]
    return [(box.x0, box.y0, box.x1, box.y1) for box in found]


def test_the_subtitle_says_indicator_unit_period_and_kind_of_area() -> None:
    caption = Caption(name="COPD admissions", unit="per 1,000", period="2016/17", kind="sub_icb")
    assert caption.about == "COPD admissions, per 1,000, 2016/17, by sub-ICB area"
    assert Caption(name="Plan").about == "Plan"
    assert Caption(name="a\n\u202eb\x00").about == "a b"


@pytest.mark.parametrize("words", ["", "Short", LONG, "W" * 300])
def test_words_stay_on_the_picture_and_off_each_other(words: str) -> None:
    caption = Caption(
        name=words, unit=words, source=words, notice="Synthetic example data", banner="OFFICIAL-SENSITIVE"
    )
    keys = [Key(f"{words[:60]} {count}", style.PARENT.line) for count in range(5)]
    figure = drawn(words, caption, keys)
    width, height = figure.get_size_inches() * 72
    places = boxes(figure)
    assert width == WIDTH
    assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height for box in places)
    for one, other in combinations(places, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        up = min(one[3], other[3]) - max(one[1], other[1])
        assert across <= 0.5 or up <= 3.5, (one, other)  # lines of text share the room below their letters
    below = figure.axes[0].get_position().y1 * height
    above = [box for box in places if box[1] > height / 2 and box[3] > below + 1]
    assert all(box[1] >= below for box in above)


def test_a_longer_title_makes_the_picture_higher_and_leaves_the_plot_as_it_is() -> None:
    short, long = drawn("Short", Caption(name="A")), drawn(LONG, Caption(name="A"))
    heights = [figure.get_size_inches()[1] * 72 for figure in (short, long)]
    assert heights[1] > heights[0]
    plots = [
        figure.axes[0].get_position().height * high
        for figure, high in zip((short, long), heights, strict=True)
    ]
    assert plots == pytest.approx([100, 100])


def test_markings_stand_on_the_picture_where_there_are_any() -> None:
    marked = drawn("A", Caption(name="A", notice="Synthetic example data", banner="OFFICIAL-SENSITIVE"))
    assert "OFFICIAL-SENSITIVE · Synthetic example data" in [text.get_text() for text in marked.texts]
    assert len(drawn("A", Caption(name="A")).texts) == 2  # title and subtitle alone


def test_the_key_counts_each_mark_once_and_what_matters_first() -> None:
    said = ["similar", "worse", None, "odd", "better", "worse", "not tested"]
    keys = [key.words for key in mark_keys(said, "high")]
    assert keys == [
        "Lower than peers (2)",
        "Higher than peers (1)",
        "No difference beyond chance (1)",
        "Not tested (3)",
    ]
    assert mark_keys([], "low") == []


def table(*significances: str | None) -> pd.DataFrame:
    """Areas with these marks, all with a value."""
    return pd.DataFrame({"value": 1.0, "significance": list(significances)})


@pytest.mark.parametrize(
    ("rows", "polarity", "said"),
    [
        (
            table("worse", "better", "similar"),
            "low",
            "1 of 3 practices is above their peers beyond chance (about 2 expected by chance)",
        ),
        (
            table("worse", "worse", "similar"),
            "high",
            "2 of 3 practices are below their peers beyond chance (about 2 expected by chance)",
        ),
        (
            table("higher", "lower", "lower"),
            "local",
            "1 of 3 practices is above and 2 below their peers beyond chance (about 2 expected by chance on each"
            " side)",
        ),
        (table("not tested", None), "low", "2 practices, not compared with peers"),
        (table("worse").assign(value=float("nan")), "low", "No practice has a figure"),
        (table(), "low", "No practice has a figure"),
    ],
)
def test_the_title_says_the_finding_beside_what_chance_would_give(
    rows: pd.DataFrame, polarity: str, said: str
) -> None:
    caption = Caption(name="A", kind="practice", polarity=polarity)
    assert finding(rows, caption=caption, flags_expected=2.2) == said
