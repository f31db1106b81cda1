"""The completeness grid read back: each cell's share and colour, what is drawn and what is said of it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from reports import style
from reports.charts import completeness_chart
from reports.charts.completeness_chart import (
    CLASSES,
    PERIODS,
    ROWS,
    alt_text,
    completeness,
    grid,
    is_lacking,
    title,
)
from reports.charts.frame import Caption
from reports.charts.standard_set import jobs
from reports.contents import Contents
from reports.page.quality import completeness_sentence, completeness_table
from reports.workbook.about import completeness_sheet

CAPTION = Caption(name="Share of open areas that have a figure")


def table(shares: dict[str, dict[str, float]]) -> pd.DataFrame:
    """Completeness of these shares by indicator and period, in the order given."""
    rows = [(code, period, share) for code, own in shares.items() for period, share in own.items()]
    frame = pd.DataFrame(rows, columns=["indicator", "period", "share"])
    given_ = (frame["share"] * 200).round().astype(int)
    counts = {"kind": "practice", "areas": 200, "open": 200, "given": given_}
    return frame.assign(**counts, without_count=0, without_row=200 - given_)


def catalogue(*codes: str) -> pd.DataFrame:
    return pd.DataFrame({"indicator": codes, "name": [f"Indicator {code}" for code in codes]})


THREE = table(
    {
        "A": {"2015/16": 1.0, "2016/17": 1.0},
        "B": {"2015/16": 0.5, "2016/17": 0.996},
        "C": {"2016/17": 0.9},
    }
)
NAMES = catalogue("A", "B", "C")


def test_rows_are_the_indicators_that_lack_something_the_least_complete_first() -> None:
    shown = grid(THREE, NAMES)
    assert shown.index.tolist() == ["Indicator C", "Indicator B"]
    assert shown.columns.tolist() == ["2015/16", "2016/17"]
    assert shown.to_numpy().tolist() == [[0.0, 0.9], [0.5, 0.996]]


def test_every_cell_has_the_colour_of_its_class_and_its_whole_per_cent() -> None:
    figure = completeness(THREE, NAMES, caption=CAPTION)
    axes = figure.axes[0]
    cells = {
        (round(patch.get_y() - 0.06), round(patch.get_x() - 0.03)): to_hex(patch.get_facecolor())
        for patch in axes.patches
        if isinstance(patch, Rectangle)
    }
    white = to_hex("white")
    assert cells == {
        (0, 0): white, (0, 1): to_hex(style.MID_BLUE),
        (1, 0): to_hex(style.DARK_BLUE), (1, 1): to_hex(style.LIGHT_BLUE),
    }  # fmt: skip
    assert {"0", "90", "50", "99"} <= {text.get_text() for text in axes.texts}  # 99.6 % is not all


@pytest.mark.parametrize(("share", "name"), [(1.0, "all of them"), (0.999, "95% or more"), (0.95, "95% or more"),
                                             (0.949, "80% or more"), (0.80, "80% or more"), (0.799, "below 80%"),
                                             (0.001, "below 80%"), (0.0, "none")])  # fmt: skip
def test_classes_at_their_edges(share: float, name: str) -> None:
    assert CLASSES[completeness_chart._class(share)][0] == name


def test_neighbouring_classes_are_told_apart_and_their_figures_can_be_read() -> None:
    for _, _, colour, ink in CLASSES:
        assert (
            style.contrast(colour if colour != "white" else "#FFFFFF", ink if ink != "white" else "#FFFFFF")
            >= 4.5
        )


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_title_counts_what_the_grid_has(shares: list[list[float]]) -> None:
    made = table({f"I{row}": dict(zip("abc", own, strict=True)) for row, own in enumerate(shares)})
    lacking = sum(min(own) < 1 for own in shares)
    assert len(grid(made, catalogue())) == lacking
    assert is_lacking(made) == bool(lacking)
    assert title(made).startswith(f"{lacking} of " if lacking else f"{len(shares)} indicator")


def test_a_long_table_is_cut_and_that_is_said() -> None:
    periods = [f"{year}-{month:02}" for year in (2014, 2015, 2016) for month in range(1, 13)]
    random = np.random.default_rng(1)
    many = table(
        {f"I{row}": dict(zip(periods, random.uniform(0.5, 0.99, 36), strict=True)) for row in range(60)}
    )
    figure = completeness(many, catalogue(*many["indicator"].unique()), caption=CAPTION)
    assert len(figure.axes[0].patches) == ROWS * PERIODS
    said = " ".join(text.get_text() for text in figure.texts)
    assert "the 40 least complete of 60 that lack any, the latest 24 periods" in said
    assert "2016-12" in {text.get_text() for text in figure.axes[0].texts}


@pytest.mark.parametrize("periods", [1, 5, 12, 24])
def test_no_two_texts_overlap_and_none_leaves_the_picture(periods: int) -> None:
    names = [
        f"{year}/{(year + 1) % 100:02} Q{quarter}" for year in range(2010, 2016) for quarter in range(1, 5)
    ]
    own = table({"A": dict.fromkeys(names[:periods], 0.55), "B": dict.fromkeys(names[:periods], 0.9)})
    long = catalogue("A", "B").assign(
        name="Emergency admissions for ambulatory care sensitive conditions, all ages"
    )
    figure = completeness(own, long, caption=CAPTION)
    canvas = FigureCanvasAgg(figure)
    with style.context():
        canvas.draw()
        boxes = [text.get_window_extent(canvas.get_renderer()) for text in figure.axes[0].texts]
    width, height = canvas.get_width_height()
    for place, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.x1 <= width
        assert 0 <= box.y0 <= box.y1 <= height
        assert not any(box.shrunk(0.98, 0.9).overlaps(other) for other in boxes[place + 1 :])


def test_periods_of_indicators_that_begin_and_end_apart_stand_in_the_order_of_time() -> None:
    made = table({"A": {"2": 1, "3": 1, "4": 1}, "B": {"1": 1, "2": 0.5}, "C": {"4": 1, "5": 1}})
    assert grid(made, catalogue("A", "B", "C")).columns.tolist() == ["1", "2", "3", "4", "5"]


def test_the_words_name_the_least_complete() -> None:
    said = alt_text(THREE, NAMES, caption=CAPTION)
    assert "2 of 3 indicators lack figures of some open areas." in said
    assert "Indicator C (0% in 2015/16) and Indicator B (50% in 2015/16)" in said


def test_without_figures_a_picture_is_drawn_that_says_so() -> None:
    nothing = table({})
    assert "No figures" in {
        text.get_text() for text in completeness(nothing, NAMES, caption=CAPTION).axes[0].texts
    }
    assert alt_text(nothing, NAMES, caption=CAPTION).endswith("No indicator has a figure.")


def test_a_pack_has_the_picture_only_where_something_is_missing(contents: Contents) -> None:
    whole = contents.completeness
    assert set(whole["share"]) == {1.0}
    assert not [job for job in jobs(contents) if job.kind == "completeness"]
    short = replace(contents, completeness=whole.assign(share=whole["share"].where(whole.index > 0, 0.5)))
    (job,) = [job for job in jobs(short) if job.kind == "completeness"]
    assert job.draw().title == "1 of 96 indicators lacks figures of some open areas"


def test_page_and_workbook_tell_the_same_gaps(contents: Contents) -> None:
    whole = contents.completeness
    gap = whole.index == 7
    short = replace(
        contents,
        completeness=whole.assign(
            given=whole["given"].where(~gap, whole["given"] - 9),
            without_row=whole["without_row"].where(~gap, 9),
            share=whole["share"].where(~gap, 1 - 9 / whole["open"]),
        ),
    )
    row = whole.iloc[7]
    listed = completeness_table(short)
    assert listed is not None
    assert [cell.text for cell in listed.rows[0].cells][1:] == [
        row["period"], f"{row['open']}", f"{row['given'] - 9}", "0", "9",
    ]  # fmt: skip
    assert completeness_sentence(short) == "1 of 96 indicators lacks figures of some open areas."
    assert completeness_table(contents) is None
    sheet = completeness_sheet(short).tables[0].frame
    assert len(sheet) == len(whole)
    assert sheet.loc[0, ["indicator", "period", "given"]].tolist() == [
        row["indicator"],
        row["period"],
        row["given"] - 9,
    ]
