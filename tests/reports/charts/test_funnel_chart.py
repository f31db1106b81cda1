"""The funnel read back: its marks, its limits and its names are those of the comparison table."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from reports import style, words
from reports.charts import files, funnel_chart
from reports.charts.frame import Caption
from reports.contents import Contents
from reports.pack_rows import latest

CAPTION = Caption(
    name="A&E attendances", unit="per 1,000 patients", period="2016/17", kind="practice", polarity="low"
)
LIMITS = [f"funnel_{side}_{level}" for side in ("lower", "upper") for level in ("95", "998")]
ADJUSTED = [name.replace("funnel_", "funnel_adjusted_") for name in LIMITS]

Rows = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="module")
def rows(contents: Contents) -> Rows:
    """Practices' rows of one indicator with their names."""
    table = latest(contents.comparison[contents.comparison["kind"] == "practice"], contents.period)
    table = table.assign(name=table["area"].map(contents.areas.set_index("area")["name"]))
    return lambda indicator: table[table["indicator"] == indicator].reset_index(drop=True)


@pytest.fixture(scope="module")
def attendances(rows: Rows) -> pd.DataFrame:
    """Areas with limits that depend on size alone."""
    return rows("emergency_attendances")


@pytest.fixture(scope="module")
def figure(attendances: pd.DataFrame) -> Figure:
    """The funnel of attendances."""
    return funnel_chart.funnel(attendances, caption=CAPTION, flags_expected=2.4)


def many(table: pd.DataFrame, areas: int) -> pd.DataFrame:
    """The table made as long as asked, each area a little different from that it was made from."""
    random = np.random.default_rng(7)
    large = table.iloc[np.resize(np.arange(len(table)), areas)].reset_index(drop=True)
    noise = np.exp(random.normal(0, 0.15, areas))
    code = [f"A{number:05}" for number in range(areas)]
    return large.assign(
        area=code,
        name=[f"{name} {number}" for number, name in enumerate(large["name"])],
        value=large["value"] * noise,
        denominator=large["denominator"] * np.exp(random.normal(0, 0.01, areas)),
    )


def marks(axes: Axes) -> list[Line2D]:
    """The layers of marks."""
    return [line for line in axes.lines if line.get_linestyle() == "None"]


def dashed(axes: Axes) -> list[Line2D]:
    """The lines of limits."""
    return [line for line in axes.lines if line.is_dashed()]


def points(lines: list[Line2D]) -> pd.DataFrame:
    """Every point of some lines."""
    data = np.vstack([np.column_stack(line.get_data()) for line in lines])
    return pd.DataFrame(data, columns=["across", "value"]).sort_values(["across", "value"], ignore_index=True)


def at_an_end(text: Text) -> bool:
    """Tell whether words stand beside the plot, at the end of a line, rather than beside a mark in it."""
    return text.get_transform() != text.axes.transData


def names(axes: Axes) -> list[str]:
    """The names beside points."""
    return [text.get_text() for text in axes.texts if not at_an_end(text)]


def at(line: Line2D, across: "pd.Series[float]") -> Any:
    """Height of a limit's line at these sizes."""
    x, y = line.get_data()
    return np.interp(-1 / np.sqrt(across), -1 / np.sqrt(np.asarray(x)), np.asarray(y))


def test_every_mark_stands_at_its_size_and_value(figure: Figure, attendances: pd.DataFrame) -> None:
    drawn = points(marks(figure.axes[0]))
    table = attendances.rename(columns={"denominator": "across"})[["across", "value"]]
    pd.testing.assert_frame_equal(drawn, table.sort_values(["across", "value"], ignore_index=True))


def test_each_significance_has_its_own_mark(figure: Figure, attendances: pd.DataFrame) -> None:
    layers = {
        (line.get_marker(), line.get_markeredgecolor(), line.get_markerfacecolor()): set(line.get_ydata())
        for line in marks(figure.axes[0])
    }
    for significance, group in attendances.groupby("significance", observed=True):
        look = style.mark(significance).line
        key = (look["marker"], look["markeredgecolor"], look["markerfacecolor"])
        assert layers.pop(key) == set(group["value"])
    assert layers == {}


def test_standardised_indicators_stand_by_the_events_expected(rows: Rows) -> None:
    table = rows("emergency_admissions").assign(expected=lambda frame: frame["denominator"] / 9)
    drawn = funnel_chart.funnel(table, caption=CAPTION)
    assert sorted(points(marks(drawn.axes[0]))["across"]) == pytest.approx(sorted(table["expected"]))
    assert "Events expected" in [text.get_text().split(".")[0] for text in drawn.texts]


@pytest.mark.parametrize("indicator", ["emergency_attendances", "bowel_screening", "cancer_spend"])
def test_limits_stand_at_each_size_where_the_table_has_them(rows: Rows, indicator: str) -> None:
    table = rows(indicator)
    shown = table.dropna(subset=["value", "funnel_target"])
    size = shown["expected"] if shown["expected"].notna().any() else shown["denominator"]
    lines = dashed(funnel_chart.funnel(table, caption=CAPTION).axes[0])
    wider = bool((shown["funnel_adjusted_upper_95"] > shown["funnel_upper_95"]).any())
    columns = LIMITS + ADJUSTED * wider
    assert len(lines) == len(columns)
    for column in columns:
        width = (shown[column] - shown["funnel_target"]).abs()
        off = [((at(line, size) - shown[column]).abs() / width).max() for line in lines]
        assert min(off) < 0.035, column


def test_limits_that_hang_on_ages_too_are_drawn_at_a_typical_age_mix_and_say_so(rows: Rows) -> None:
    table = rows("deaths").dropna(subset=["value"])
    drawn = funnel_chart.funnel(table, caption=CAPTION)
    lines = dashed(drawn.axes[0])
    assert len(lines) == 8
    for column in (*LIMITS, *ADJUSTED):
        width = (table[column] - table["funnel_target"]).abs()
        # In the middle of the areas' own limits: as many lie on one side as on the other, within a quarter.
        off = [(at(line, table["denominator"]) - table[column]) / width for line in lines]
        best = min(off, key=lambda one: one.abs().max())
        assert best.abs().max() > 0.03
        assert abs((best > 0).mean() - 0.5) < 0.25, column
    for line in lines:
        steps = np.diff(np.asarray(line.get_ydata()))
        assert (steps > 0).all() or (steps < 0).all(), "a limit runs one way"
    said = " ".join(text.get_text() for text in drawn.texts)
    assert "Limits allowing for overdispersion at a typical age mix" in said
    assert "Named: outside the limits of its own ages" in said


def test_limits_that_hang_on_size_alone_claim_no_typical_age_mix(figure: Figure) -> None:
    assert "age" not in " ".join(text.get_text().replace("average", "") for text in figure.texts)


def test_a_limit_is_not_drawn_beyond_the_areas_that_have_one(attendances: pd.DataFrame) -> None:
    small = attendances["denominator"] < attendances["denominator"].quantile(0.3)
    table = attendances.copy()
    table.loc[small, [*LIMITS, *ADJUSTED]] = float("nan")
    smallest = attendances.loc[~small, "denominator"].min()
    lines = dashed(funnel_chart.funnel(table, caption=CAPTION).axes[0])
    assert lines
    assert all(min(line.get_xdata()) == pytest.approx(smallest) for line in lines)


def test_ninety_five_per_cent_is_dashed_and_the_further_limit_dotted(figure: Figure) -> None:
    drawn = files.svg(figure, title="", alt="")
    lines = len(dashed(figure.axes[0])) // 2
    assert drawn.count("stroke-dasharray:5,2.5") == lines + 2  # and two entries of the key
    assert drawn.count("stroke-dasharray:1,1.8") == lines


@pytest.mark.parametrize("indicator", ["emergency_attendances", "cancer_spend", "deaths", "bowel_screening"])
def test_only_areas_outside_the_limits_are_named_the_furthest_first(rows: Rows, indicator: str) -> None:
    table = rows(indicator).dropna(subset="value")
    prefix = (
        "funnel_adjusted_"
        if (table["funnel_adjusted_upper_95"] > table["funnel_upper_95"]).any()
        else "funnel_"
    )
    high = table["value"] > table[f"{prefix}upper_95"]
    low = table["value"] < table[f"{prefix}lower_95"]
    beyond = funnel_chart.outside(table)
    assert set(beyond["area"]) == set(table.loc[high | low, "area"])
    assert beyond["beyond"].is_monotonic_decreasing
    far = table[
        (table["value"] > table[f"{prefix}upper_998"]) | (table["value"] < table[f"{prefix}lower_998"])
    ]
    assert set(beyond.loc[beyond["beyond"] > 1, "area"]) == set(far["area"])
    named = names(funnel_chart.funnel(table, caption=CAPTION).axes[0])
    shown = {style.shorten(name, style.SMALL, 130) for name in table.loc[high | low, "name"]}
    assert named
    assert set(named) <= shown
    assert len(named) <= funnel_chart.LABELS


def test_areas_outside_do_not_depend_on_the_order_of_the_rows(attendances: pd.DataFrame) -> None:
    shuffled = funnel_chart.outside(attendances.sample(frac=1, random_state=3))
    assert shuffled["area"].tolist() == funnel_chart.outside(attendances)["area"].tolist()


@pytest.mark.parametrize("areas", [13, 98, 6500])
def test_names_neither_cover_each_other_nor_leave_the_picture(attendances: pd.DataFrame, areas: int) -> None:
    table = many(attendances, areas)
    drawn = funnel_chart.funnel(table, caption=CAPTION)
    axes = drawn.axes[0]
    with style.context():
        renderer = FigureCanvasAgg(drawn).get_renderer()
        boxes = [text.get_window_extent(renderer) for text in axes.texts if not at_an_end(text)]
        right = [text.get_window_extent(renderer) for text in axes.texts if at_an_end(text)]
    assert 0 < len(boxes) <= funnel_chart.LABELS
    room = axes.get_window_extent()
    for one in boxes:
        assert one.x0 >= room.x0 - 1
        assert one.x1 <= room.x1 + 1
        assert one.y0 >= room.y0 - 1
        assert one.y1 <= room.y1 + 1
    for one, other in combinations(boxes, 2):
        across, up = (
            min(one.x1, other.x1) - max(one.x0, other.x0),
            min(one.y1, other.y1) - max(one.y0, other.y0),
        )
        assert across <= 1 or up <= 1, "two names lie on each other"
    assert all(box.x1 <= drawn.bbox.x1 for box in right)


def test_thousands_of_marks_are_a_picture_inside_the_svg_and_few_are_not(
    attendances: pd.DataFrame, figure: Figure
) -> None:
    large = funnel_chart.funnel(many(attendances, 6500), caption=CAPTION)
    drawn = files.svg(large, title="", alt="")
    ET.fromstring(drawn)
    assert "<image" in drawn
    assert len(drawn.encode()) < 300_000
    assert "<image" not in files.svg(figure, title="", alt="")


def test_the_target_and_the_limits_are_named_at_their_ends(figure: Figure, attendances: pd.DataFrame) -> None:
    said = [text.get_text() for text in figure.axes[0].texts if at_an_end(text)]
    assert said[0] == f"All practices {words.bare_value(attendances['funnel_target'].iloc[0], CAPTION.unit)}"
    assert sorted(said[1:]) == ["95%", "95%", "99.8%", "99.8%"]
    level = next(line for line in figure.axes[0].lines if line.get_linestyle() == "-")
    assert set(level.get_ydata()) == {attendances["funnel_target"].iloc[0]}


def test_the_title_is_the_finding(figure: Figure, attendances: pd.DataFrame) -> None:
    flagged = (attendances["significance"] == "worse").sum()
    lines = " ".join(text.get_text() for text in figure.texts)
    assert (
        f"{flagged} of 98 practices are above their peers beyond chance (about 2 expected by chance)" in lines
    )


def test_no_areas_draw_an_empty_picture(attendances: pd.DataFrame) -> None:
    for none in (attendances.iloc[:0], attendances.assign(value=float("nan"))):
        drawn = funnel_chart.funnel(none, caption=CAPTION)
        assert [text.get_text() for text in drawn.axes[0].texts] == ["No figures with a size"]
        assert funnel_chart.title(none, caption=CAPTION) == "No practice has a figure"
        assert funnel_chart.alt_text(none, caption=CAPTION).endswith("No practice has a figure with a size.")


def test_figures_without_a_size_are_not_drawn_and_the_words_say_so(attendances: pd.DataFrame) -> None:
    none = attendances.assign(denominator=float("nan"), expected=float("nan"))
    drawn = funnel_chart.funnel(none, caption=CAPTION)
    assert marks(drawn.axes[0]) == []
    assert "No practice has a figure with a size." in funnel_chart.alt_text(none, caption=CAPTION)


@pytest.mark.parametrize("value", [0.0, 12.5])
def test_one_area_is_drawn(attendances: pd.DataFrame, value: float) -> None:
    one = attendances.head(1).assign(value=value)
    axes = funnel_chart.funnel(one, caption=CAPTION).axes[0]
    assert points(marks(axes))["value"].tolist() == [value]
    low, high = axes.get_ylim()
    assert low <= value < high


def test_without_limits_there_are_only_marks(attendances: pd.DataFrame) -> None:
    means = attendances.assign(**dict.fromkeys([*LIMITS, *ADJUSTED, "funnel_target"], float("nan")))
    axes = funnel_chart.funnel(means, caption=CAPTION).axes[0]
    assert len(points(marks(axes))) == len(means)
    assert dashed(axes) == []
    assert axes.texts[:] == []
    assert "0 lie outside" in funnel_chart.alt_text(means, caption=CAPTION)


def test_an_area_without_a_significance_has_the_mark_and_the_key_of_the_untested(
    attendances: pd.DataFrame,
) -> None:
    unknown = attendances.assign(
        significance=pd.Series([None] * len(attendances), dtype=pd.CategoricalDtype(["worse"]))
    )
    drawn = funnel_chart.funnel(unknown, caption=CAPTION)
    assert [line.get_marker() for line in marks(drawn.axes[0])] == ["o"]
    assert "Not tested (98)" in [text.get_text() for text in drawn.texts]


def test_the_words_beside_the_picture_count_and_name_as_the_table_does(attendances: pd.DataFrame) -> None:
    said = funnel_chart.alt_text(attendances, caption=CAPTION, flags_expected=2.4)
    beyond = funnel_chart.outside(attendances)
    far = (beyond["beyond"] > 1).sum()
    first, second, third = beyond["name"].head(3)
    flagged = (attendances["significance"] == "worse").sum()
    assert said == (
        "Funnel chart of A&E attendances, per 1,000 patients, 2016/17, by practice: 98 practices by size and value."
        f" {flagged} of 98 practices are above their peers beyond chance (about 2 expected by chance)."
        f" {len(beyond)} lie outside the 95% and {far} outside the 99.8% limits widened for overdispersion, furthest"
        f" {first}, {second} and {third}. The figures are in the comparison table."
    )


def test_a_percentage_does_not_run_beyond_a_hundred(rows: Rows) -> None:
    table = rows("copd_flu_vaccination")
    caption = Caption(name="Flu", unit="%", kind="practice", polarity="high")
    axes = funnel_chart.funnel(table, caption=caption).axes[0]
    assert axes.get_ylim()[1] <= 101
    assert axes.get_ylim()[0] >= 0
