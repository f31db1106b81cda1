"""The plan read back: steps add up to their total, parts to their step, whatever the tree is like."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports import style, words
from reports.charts import plan_chart
from reports.charts.frame import Caption
from reports.contents import Contents

CAPTION = Caption(name="Plan: published targets, and the opportunity sized towards them")
Line = tuple[str, str | None, float, float]


def plan(*lines: Line) -> pd.DataFrame:
    """A plan of these lines: what it is called, what it is part of, target and what is sized towards it."""
    return pd.DataFrame(lines, columns=["plan_line", "parent", "target_gbp", "identified_gbp"])


NONE = float("nan")


@pytest.fixture(scope="module")
def example(contents: Contents) -> pd.DataFrame:
    """The published plan."""
    return contents.plan


@pytest.fixture(scope="module")
def figure(example: pd.DataFrame) -> Figure:
    """The chart of it."""
    return plan_chart.plan(example, caption=CAPTION)


def bars(figure: Figure) -> list[tuple[int, float, float, str]]:
    """Row, beginning, end and kind of every bar."""
    found = []
    for patch in figure.axes[0].patches:
        assert isinstance(patch, Rectangle)
        sized = patch.get_height() < 0.2
        row = round(patch.get_y() - (0.2 if sized else -0.3))
        found.append((row, patch.get_x(), patch.get_x() + patch.get_width(), "sized" if sized else "target"))
    return found


def test_the_published_plan_adds_up_to_the_pound(example: pd.DataFrame) -> None:
    laid = plan_chart.steps(example)
    top = laid[(laid["level"] == 0) & ~laid["total"]]
    assert (top["end"] - top["start"]).tolist() == [83e6, 100e6, -16e6, 34e6, 28e6]
    assert laid["end"].iloc[-1] == (top["end"] - top["start"]).sum() == 229e6
    assert laid["start"].iloc[-1] == 0
    parts = laid[laid["level"] == 1]
    assert (parts["end"] - parts["start"]).tolist() == [28e6, 27e6, 8e6, 20e6, 81e6, 19e6]


def test_each_step_begins_where_the_one_before_it_ends(example: pd.DataFrame) -> None:
    laid = plan_chart.steps(example)
    top = laid[(laid["level"] == 0) & ~laid["total"]]
    assert top["start"].tolist() == [0.0, *top["end"].iloc[:-1]]
    for name in ("Managing demand together", "Provider system efficiencies"):
        parts = laid[laid["plan_line"].isin(example.loc[example["parent"] == name, "plan_line"])]
        whole = laid[laid["plan_line"] == name].iloc[0]
        assert parts["start"].iloc[0] == whole["start"]
        assert parts["end"].iloc[-1] == whole["end"]
        assert parts["start"].tolist()[1:] == parts["end"].tolist()[:-1]


def test_bars_stand_where_the_steps_do_and_what_is_sized_below_them(
    figure: Figure, example: pd.DataFrame
) -> None:
    laid = plan_chart.steps(example)
    expected = []
    for row, line in enumerate(laid.itertuples()):
        expected.append((row, line.start, line.end, "target"))
        if line.identified_gbp > 0:
            expected.append((row, line.start, line.start + line.identified_gbp, "sized"))
    assert bars(figure) == expected
    assert {kind for *_, kind in expected} == {"target", "sized"}


def test_money_put_in_runs_backwards_in_another_colour(figure: Figure, example: pd.DataFrame) -> None:
    laid = plan_chart.steps(example)
    (row,) = laid.index[laid["end"] < laid["start"]]
    (bar,) = [patch for patch in figure.axes[0].patches if patch.get_width() < 0]
    assert bar.get_y() == pytest.approx(row - 0.3)
    assert bar.get_facecolor()[:3] == pytest.approx(
        tuple(int(style.DARK_GREY[i : i + 2], 16) / 255 for i in (1, 3, 5))
    )
    said = [text.get_text() for text in figure.axes[0].texts]
    assert "−£16m" in said
    assert "Money put in" in [text.get_text() for text in figure.texts]


def test_every_line_has_its_name_its_target_and_what_is_sized(figure: Figure, example: pd.DataFrame) -> None:
    said = [text.get_text().replace("\n", " ") for text in figure.axes[0].texts]
    laid = plan_chart.steps(example)
    assert said[0] == "Opportunity sized so far"
    for row, line in enumerate(laid.itertuples()):
        sized = words.pounds(line.identified_gbp) if line.identified_gbp else "none"
        assert said[1 + 3 * row : 4 + 3 * row] == [line.plan_line, words.pounds(line.end - line.start), sized]


def test_all_words_stay_on_the_picture_and_off_each_other(figure: Figure) -> None:
    with style.context():
        renderer = FigureCanvasAgg(figure).get_renderer()
        boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 for box in boxes)
    for row in range(len(boxes) // 3):
        name, target, sized = boxes[1 + 3 * row : 4 + 3 * row]
        assert name.x1 <= target.x0
        assert target.x1 <= sized.x0


def test_lines_without_parents_get_a_total() -> None:
    laid = plan_chart.steps(plan(("A", None, 5.0, 1.0), ("B", None, -2.0, 0.0), ("C", "", 4.0, 3.0)))
    assert laid["plan_line"].tolist() == ["A", "B", "C", "Total"]
    assert laid[["start", "end"]].to_numpy().tolist() == [[0, 5], [5, 3], [3, 7], [0, 7]]
    assert laid["identified_gbp"].iloc[-1] == 4.0
    assert laid["total"].tolist() == [False, False, False, True]


def test_several_roots_with_parts_of_their_own_are_summed() -> None:
    laid = plan_chart.steps(
        plan(("A", None, 5.0, 1.0), ("A1", "A", 3.0, 1.0), ("A2", "A", 2.0, 0.0), ("B", None, 4.0, 2.0))
    )
    assert laid["plan_line"].tolist() == ["A", "A1", "A2", "B", "Total"]
    assert laid["level"].tolist() == [0, 1, 1, 0, 0]
    assert laid[["start", "end"]].iloc[[1, 2, -1]].to_numpy().tolist() == [[0, 3], [3, 5], [0, 9]]
    assert laid["identified_gbp"].iloc[-1] == 3.0


def test_one_line_alone_is_a_step_and_its_total() -> None:
    laid = plan_chart.steps(plan(("A", None, 5.0, 0.0)))
    assert laid[["plan_line", "end"]].to_numpy().tolist() == [["A", 5.0], ["Total", 5.0]]


def test_a_line_without_a_target_is_the_sum_of_its_parts() -> None:
    laid = plan_chart.steps(
        plan(("All", None, NONE, 0.0), ("A", "All", NONE, 0.0), ("A1", "A", 3.0, 0.0), ("B", "All", 4.0, 0.0))
    )
    assert laid["plan_line"].tolist() == ["A", "A1", "B", "All"]
    assert (laid["end"] - laid["start"]).tolist() == [3.0, 3.0, 4.0, 7.0]
    assert laid["known"].all()


def test_a_line_that_has_no_target_anywhere_is_not_nought() -> None:
    table = plan(("A", None, 2e6, 1e6), ("B", None, NONE, NONE))
    figure = plan_chart.plan(table, caption=CAPTION)
    said = [text.get_text() for text in figure.axes[0].texts]
    assert said[1:] == ["A", "£2m", "£1m", "B", "no target", "none", "Total", "£2m", "£1m"]
    assert "A £2m and B no target" in plan_chart.alt_text(table, caption=CAPTION)
    unknown = table.assign(target_gbp=NONE)
    assert plan_chart.title(unknown).startswith("£1m of opportunity is sized towards a plan without targets")
    assert plan_chart.title(unknown.assign(identified_gbp=0.0)).startswith(
        "A plan without targets: no opportunity"
    )


def test_a_parent_that_is_no_line_leaves_its_part_at_the_top() -> None:
    laid = plan_chart.steps(plan(("A", "Elsewhere", 5.0, 0.0), ("B", None, 4.0, 0.0)))
    assert laid[["plan_line", "level"]].to_numpy().tolist() == [["A", 0], ["B", 0], ["Total", 0]]


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1000, 1000)), min_size=1, max_size=12))
def test_the_steps_always_add_up_to_the_total(lines: list[tuple[int, int]]) -> None:
    # Each line is part of one before it, or of none; only those without parts have a target of their own.
    table = plan(
        *(
            (f"L{n}", f"L{up}" if 0 <= up < n else None, float(target), 0.0)
            for n, (up, target) in enumerate(lines)
        )
    )
    leaf = ~table["plan_line"].isin(table["parent"])
    table["target_gbp"] = table["target_gbp"].where(leaf)
    laid = plan_chart.steps(table)
    top = laid[(laid["level"] == 0) & ~laid["total"]]
    assert laid["end"].iloc[-1] == (top["end"] - top["start"]).sum() == table.loc[leaf, "target_gbp"].sum()
    assert sorted(laid["plan_line"].drop(laid.index[-1])) == sorted(
        set(table["plan_line"]) - {laid["plan_line"].iloc[-1]}
    )


def test_no_plan_draws_an_empty_picture(example: pd.DataFrame) -> None:
    none = example.iloc[:0]
    assert [text.get_text() for text in plan_chart.plan(none, caption=CAPTION).axes[0].texts] == [
        "No figures"
    ]
    assert plan_chart.title(none) == "There is no plan"
    assert plan_chart.alt_text(none, caption=CAPTION).endswith("There is no plan.")


def test_the_title_says_the_total_and_where_most_of_it_lies(example: pd.DataFrame) -> None:
    named = example.set_index("plan_line")
    total, rule = (
        plan_chart.steps(example)["identified_gbp"].iloc[-1],
        named.loc["RightCare", "identified_gbp"],
    )
    assert plan_chart.title(example) == (
        f"{words.pounds(total)} of opportunity is sized towards a plan of £229m; {words.pounds(rule)} of it towards"
        " RightCare (£28m)"
    )
    nothing = example.assign(identified_gbp=0.0)
    assert plan_chart.title(nothing) == "A plan of £229m: no opportunity has been sized towards it"


def test_the_words_beside_the_picture_name_every_step(example: pd.DataFrame) -> None:
    said = plan_chart.alt_text(example, caption=CAPTION)
    assert (
        "Its steps are Managing demand together £83m, Provider system efficiencies £100m, Re-investment in community"
        " services −£16m, Health system stretch target £34m and Nationally managed programmes £28m." in said
    )
    assert said.endswith("The figures are in the plan table.")
