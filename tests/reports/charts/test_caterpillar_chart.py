"""The caterpillar read back: order, intervals and names are those of the comparison table."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D

from reports import style, words
from reports.charts import caterpillar_chart
from reports.charts.frame import Caption
from reports.contents import Contents
from reports.pack_rows import latest

CAPTION = Caption(
    name="COPD admissions", unit="per 1,000 patients", period="2016/17", kind="practice", polarity="low"
)

Rows = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def rows(contents: Contents) -> Rows:
    """Rows of one indicator with their names, practices unless another kind is asked for."""
    table = latest(contents.comparison, contents.period)
    table = table.assign(name=table["area"].map(contents.areas.set_index("area")["name"]))
    return lambda indicator, kind="practice": table.query(
        "indicator == @indicator and kind == @kind"
    ).reset_index(drop=True)


@pytest.fixture(scope="module")
def practices(rows: Rows) -> pd.DataFrame:
    """More areas than can be named."""
    return rows("copd_admissions")


@pytest.fixture(scope="module")
def localities(rows: Rows) -> pd.DataFrame:
    """Few enough areas to name them all."""
    return rows("copd_admissions", "locality")


def marks(axes: Axes) -> list[Line2D]:
    """The layers of areas' marks, without the ticks of their peers."""
    return [line for line in axes.lines if line.get_linestyle() == "None" and line.get_marker() not in "|_"]


def drawn(axes: Axes, *, across: bool) -> pd.DataFrame:
    """Place and value of every mark, by place; ``across`` where values stand along x."""
    data = np.vstack([np.column_stack(line.get_data()) for line in marks(axes)])
    columns = ["value", "place"] if across else ["place", "value"]
    return pd.DataFrame(data, columns=columns).sort_values("place", ignore_index=True)


def intervals(axes: Axes, *, across: bool) -> pd.DataFrame:
    """Place and both ends of every interval, by place."""
    (line,) = [one for one in axes.lines if one.get_label() == "interval"]
    data = np.column_stack(line.get_data()).reshape(-1, 3, 2)
    assert np.isnan(data[:, 2]).any(axis=1).all(), "each interval is on its own"
    ends = data[:, :2]
    value, place = (0, 1) if across else (1, 0)
    table = np.column_stack([ends[:, 0, place], ends[:, 0, value], ends[:, 1, value]])
    return pd.DataFrame(table, columns=["place", "lower_95", "upper_95"]).sort_values(
        "place", ignore_index=True
    )


@pytest.mark.parametrize("kind", ["practice", "locality"])
def test_areas_stand_in_the_order_of_their_value_with_their_own_interval(rows: Rows, kind: str) -> None:
    table = rows("copd_admissions", kind)
    axes = caterpillar_chart.caterpillar(table, caption=CAPTION).axes[0]
    across = len(table) <= caterpillar_chart.NAMED
    ordered = table.sort_values(["value", "area"], ignore_index=True)
    shown = drawn(axes, across=across)
    assert shown["value"].is_monotonic_increasing
    assert shown["place"].tolist() == list(range(len(table)))
    pd.testing.assert_series_equal(shown["value"], ordered["value"])
    limits = ["lower_95", "upper_95"]
    pd.testing.assert_frame_equal(intervals(axes, across=across)[limits], ordered[limits])


def test_the_mean_of_the_peers_stands_in_each_areas_place(
    practices: pd.DataFrame, localities: pd.DataFrame
) -> None:
    axes = caterpillar_chart.caterpillar(practices, caption=CAPTION).axes[0]
    (peers,) = [line for line in axes.lines if line.get_marker() == "_"]
    ordered = practices.sort_values(["value", "area"])
    assert np.asarray(peers.get_ydata()) == pytest.approx(ordered["comparator_value"].to_numpy(), nan_ok=True)
    named = caterpillar_chart.caterpillar(localities, caption=CAPTION).axes[0]
    (peers,) = [line for line in named.lines if line.get_marker() == "|"]
    ordered = localities.sort_values(["value", "area"])
    assert np.asarray(peers.get_xdata()) == pytest.approx(ordered["comparator_value"].to_numpy(), nan_ok=True)


def test_each_significance_has_its_own_mark(practices: pd.DataFrame) -> None:
    axes = caterpillar_chart.caterpillar(practices, caption=CAPTION).axes[0]
    layers = {(line.get_marker(), line.get_markeredgecolor()): len(line.get_xdata()) for line in marks(axes)}
    for significance, count in practices["significance"].value_counts().items():
        look = style.mark(significance).line
        if count and significance not in ("similar", "not tested"):
            assert layers[look["marker"], look["markeredgecolor"]] == count


@pytest.mark.parametrize(("areas", "named"), [(1, True), (13, True), (30, True), (31, False)])
def test_every_area_is_named_up_to_thirty(practices: pd.DataFrame, areas: int, named: bool) -> None:
    table = practices.dropna(subset=["value"]).head(areas)
    figure = caterpillar_chart.caterpillar(table, caption=CAPTION)
    axes = figure.axes[0]
    said = [label.get_text() for label in figure.texts]
    ordered = [style.shorten(name, style.SMALL, 132) for name in table.sort_values(["value", "area"])["name"]]
    assert ([word for word in said if word in ordered] == ordered) == named
    if named:
        assert axes.get_ylim()[0] < axes.get_ylim()[1], "the highest stands at the top"


def many(table: pd.DataFrame, areas: int) -> pd.DataFrame:
    """The table made as long as asked, each area a little different from that it was made from."""
    large = table.iloc[np.resize(np.arange(len(table)), areas)].reset_index(drop=True)
    noise = np.exp(np.random.default_rng(7).normal(0, 0.2, areas))
    code = [f"A{number:05}" for number in range(areas)]
    scaled = {name: large[name] * noise for name in ("value", "lower_95", "upper_95")}
    return large.assign(area=code, name=code, **scaled)


@pytest.mark.parametrize("areas", [31, 98, 6500])
def test_only_areas_that_stand_out_are_named_and_no_name_covers_another(
    practices: pd.DataFrame, areas: int
) -> None:
    table = many(practices, areas)
    # Some stand out for sure, however many areas there are.
    flagged = np.arange(len(table)) % 9 == 0
    table = table.assign(significance=np.where(flagged, "worse", "similar"), z=np.linspace(2, 9, len(table)))
    figure = caterpillar_chart.caterpillar(table, caption=CAPTION)
    axes = figure.axes[0]
    said = [text.get_text() for text in axes.texts]
    assert 0 < len(said) <= caterpillar_chart.LABELS
    assert set(said) <= set(table.loc[flagged, "name"])
    with style.context():
        renderer = FigureCanvasAgg(figure).get_renderer()
        boxes = [text.get_window_extent(renderer) for text in axes.texts]
    room = axes.get_window_extent()
    assert all(
        one.x0 >= room.x0 and one.x1 <= room.x1 and one.y0 >= room.y0 - 1 and one.y1 <= room.y1 + 1
        for one in boxes
    )
    for one, other in combinations(boxes, 2):
        across, up = (
            min(one.x1, other.x1) - max(one.x0, other.x0),
            min(one.y1, other.y1) - max(one.y0, other.y0),
        )
        assert across <= 1 or up <= 1


def test_thousands_of_intervals_become_a_band_from_limit_to_limit(practices: pd.DataFrame) -> None:
    table = many(practices, 1000)
    axes = caterpillar_chart.caterpillar(table, caption=CAPTION).axes[0]
    (band,) = axes.collections
    ordered = table.sort_values(["value", "area"])
    corners = {(round(x), round(y, 9)) for x, y in band.get_paths()[0].vertices}
    ends = zip(range(len(ordered)), ordered["lower_95"].round(9), strict=True)
    assert set(ends) <= corners


def test_the_surest_come_first_whatever_their_direction() -> None:
    table = pd.DataFrame(
        {
            "area": list("ABCDE"),
            "significance": ["worse", "better", "similar", "not tested", "higher"],
            "z": [3.0, -5.0, 9.0, float("nan"), 3.0],
        }
    )
    assert caterpillar_chart.notable(table)["area"].tolist() == ["B", "A", "E"]


def test_areas_without_a_value_are_left_out(practices: pd.DataFrame) -> None:
    table = practices.copy()
    table.loc[table.index[:7], "value"] = float("nan")
    figure = caterpillar_chart.caterpillar(table, caption=CAPTION)
    assert len(drawn(figure.axes[0], across=False)) == len(table) - 7
    assert "91 practices, lowest to highest" in [text.get_text() for text in figure.texts]


def test_kinds_keep_their_capitals(practices: pd.DataFrame) -> None:
    caption = Caption(name="A", kind="sub_icb")
    said = [text.get_text() for text in caterpillar_chart.caterpillar(practices, caption=caption).texts]
    assert "98 sub-ICB areas, lowest to highest" in said


@pytest.mark.parametrize("areas", [1, 12, 40])
def test_without_intervals_peers_or_a_target_there_are_only_marks(
    practices: pd.DataFrame, areas: int
) -> None:
    columns = ["lower_95", "upper_95", "comparator_value", "funnel_target", "z"]
    table = practices.dropna(subset=["value"]).head(areas).assign(**dict.fromkeys(columns, float("nan")))
    axes = caterpillar_chart.caterpillar(table, caption=CAPTION).axes[0]
    assert len(drawn(axes, across=areas <= caterpillar_chart.NAMED)) == areas


def test_no_areas_draw_an_empty_picture(practices: pd.DataFrame) -> None:
    for none in (practices.iloc[:0], practices.assign(value=float("nan"))):
        axes = caterpillar_chart.caterpillar(none, caption=CAPTION).axes[0]
        assert [text.get_text() for text in axes.texts] == ["No figures"]
        assert caterpillar_chart.alt_text(none, caption=CAPTION).endswith("No figures are available.")


def test_one_wild_interval_does_not_flatten_the_others(practices: pd.DataFrame) -> None:
    wild = practices.copy()
    wild.loc[0, "upper_95"] = 1e6
    assert caterpillar_chart.caterpillar(wild, caption=CAPTION).axes[0].get_ylim()[1] < 1000


def test_the_words_beside_the_picture_name_the_ends(practices: pd.DataFrame) -> None:
    said = caterpillar_chart.alt_text(practices, caption=CAPTION, flags_expected=2.4)
    ordered = practices.sort_values(["value", "area"])
    low, high = ordered.iloc[0], ordered.iloc[-1]
    assert (
        f"Values run from {words.value_with_unit(low['value'], CAPTION.unit)} ({low['name']}) to"
        f" {words.value_with_unit(high['value'], CAPTION.unit)} ({high['name']})."
        " The figures are in the comparison table."
    ) in said
    assert said.startswith(
        "Caterpillar chart of COPD admissions, per 1,000 patients, 2016/17, by practice: 98 practices"
    )
    assert caterpillar_chart.title(practices, caption=CAPTION, flags_expected=2.4) in said
