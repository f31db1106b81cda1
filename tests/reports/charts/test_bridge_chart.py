"""The plan bridge read back: it runs from what is sized to what is saved, and the gap is the rest of the target."""

import numpy as np
import pandas as pd
import pytest

from reports import words
from reports.charts import bridge_chart
from reports.contents import Contents
from tests.reports.charts.drawing import CAPTION, covered, said

PLAN = pd.DataFrame(
    {"plan_line": ["Total", "RightCare"], "parent": [None, "Total"], "target_gbp": [50e6, 50e6],
     "identified_gbp": [20e6, 20e6]}
)  # fmt: skip


def chain(net: float = 5e6) -> pd.DataFrame:
    """The finance chain of all lines, the last two steps in years 0 and 4."""
    steps = [
        ("gross", pd.NA, 40e6), ("credible", pd.NA, 24e6), ("deduplicated", pd.NA, 20e6),
        ("addressable", pd.NA, 15e6), ("cashable", pd.NA, 12e6), ("deliverable", pd.NA, 9e6),
        ("phased", 0, 1e6), ("phased", 4, 8e6), ("net", 0, -1e6), ("net", 4, net),
    ]  # fmt: skip
    table = pd.DataFrame(steps, columns=["step", "year", "commissioner_gbp"])
    table["year"] = table["year"].astype("Int64")
    return table.assign(
        plan_line="All lines", p10=table["commissioner_gbp"] * 0.9, p90=table["commissioner_gbp"] * 1.1
    )


def test_each_step_begins_where_the_one_before_it_ends_and_the_last_is_what_is_saved() -> None:
    rows = bridge_chart.bridge_rows(PLAN, chain())
    assert rows["kind"].tolist() == ["target", "sized", *["loss"] * 5, "net", "gap"]
    losses = rows[rows["kind"] == "loss"]
    assert losses["start"].tolist() == [20e6, 15e6, 12e6, 9e6, 8e6]
    assert losses["end"].tolist() == [15e6, 12e6, 9e6, 8e6, 5e6]
    assert rows[["start", "end"]].iloc[[0, 1, 7, 8]].to_numpy().tolist() == [
        [0, 50e6], [0, 20e6], [0, 5e6], [5e6, 50e6],
    ]  # fmt: skip


@pytest.mark.parametrize(("year", "net"), [(0, -1e6), (4, 5e6), (None, 5e6)])
def test_the_year_is_the_plan_s_or_the_last(year: int | None, net: float) -> None:
    rows = bridge_chart.bridge_rows(PLAN, chain(), year=year)
    assert rows.loc[rows["kind"] == "net", "end"].tolist() == [net]
    assert f"in year {4 if year is None else year}" in bridge_chart.title(rows)
    assert covered(bridge_chart.bridge(rows, caption=CAPTION)) == []


def test_bars_intervals_and_amounts_are_those_of_the_rows() -> None:
    rows = bridge_chart.bridge_rows(PLAN, chain())
    figure = bridge_chart.bridge(rows, caption=CAPTION)
    axes = figure.axes[0]
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]
    assert ends == list(rows[["start", "end"]].itertuples(index=False, name=None))
    intervals = [line.get_xdata().tolist() for line in axes.lines if line.get_label() == "interval"]
    assert intervals == [pytest.approx([18e6, 22e6]), pytest.approx([4.5e6, 5.5e6])]
    assert [word for word in said(figure) if "£" in word][1:] == [
        "£50m", "£20m", "−£5m", "−£3m", "−£3m", "−£1m", "−£3m", "£5m", "£45m",
    ]  # fmt: skip


def test_more_than_the_target_is_beyond_it() -> None:
    rows = bridge_chart.bridge_rows(PLAN.assign(target_gbp=3e6), chain())
    assert rows["said"].iloc[-1] == "Beyond the target"
    assert "no saving behind it" not in bridge_chart.title(rows)


def test_without_a_target_or_a_saving_there_is_none() -> None:
    assert bridge_chart.bridge_rows(PLAN.assign(target_gbp=np.nan), chain()).empty
    assert bridge_chart.bridge_rows(PLAN, chain().iloc[:0]).empty
    assert bridge_chart.bridge_rows(PLAN.iloc[:0], chain()).empty
    assert "No figures" in said(
        bridge_chart.bridge(bridge_chart.bridge_rows(PLAN.iloc[:0], chain()), caption=CAPTION)
    )


def test_the_example_s_bridge_is_its_plan(contents: Contents) -> None:
    rows = bridge_chart.bridge_rows(contents.plan, contents.chain)
    total = contents.plan.set_index("plan_line").loc["Total"]
    amounts = (rows["end"] - rows["start"]).set_axis(rows["kind"])
    assert amounts["target"] == total["target_gbp"] == 229e6
    assert amounts["sized"] == pytest.approx(total["identified_gbp"])
    assert amounts["net"] == pytest.approx(total["net_gbp"])
    assert amounts["gap"] == pytest.approx(total["gap_gbp"])
    assert words.pounds(total["gap_gbp"]) in bridge_chart.title(rows)
