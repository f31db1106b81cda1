"""Peer bars read back: the order, who is a peer, who is best, and where the area stands."""

import numpy as np
import pandas as pd
import pytest

from reports.charts import peer_bars_chart
from tests.reports.charts.drawing import CAPTION, line_named, some_rows

PEERS = [f"P{place:05}" for place in range(1, 11)]


def bars(polarity: str = "low", areas: int = 40) -> pd.DataFrame:
    """Bars of the first area and its ten peers."""
    return peer_bars_chart.peer_bar_rows(some_rows(areas), PEERS, "P00000", polarity=polarity)


@pytest.mark.parametrize(("polarity", "lowest"), [("low", True), ("high", False)])
def test_the_best_five_are_the_peers_on_the_good_side(polarity: str, lowest: bool) -> None:
    values = some_rows(40).set_index("area").loc[PEERS, "value"]
    best = values.nsmallest(5) if lowest else values.nlargest(5)
    rows = bars(polarity)
    assert set(rows.loc[rows["best"], "area"]) == set(best.index)
    assert rows["best_value"].iloc[0] == pytest.approx(best.mean())


def test_the_mean_of_the_peers_is_what_the_area_is_compared_with() -> None:
    compared = some_rows(40).set_index("area").loc["P00000", "comparator_value"]
    assert (bars()["peers_value"] == compared).all()
    alone = some_rows(40).assign(comparator_value=np.nan)
    rows = peer_bars_chart.peer_bar_rows(alone, PEERS, "P00000", polarity="low")
    axes = peer_bars_chart.peer_bars(rows, caption=CAPTION, name="Quay").axes[0]
    assert "peers_value" not in [line.get_label() for line in axes.lines]


def test_where_neither_direction_is_good_none_is_best() -> None:
    rows = bars("local")
    assert not rows["best"].any()
    assert rows["best_value"].isna().all()
    assert "best" not in peer_bars_chart.title(rows, caption=CAPTION, name="Quay")


def test_every_area_stands_in_the_order_of_its_value() -> None:
    rows = bars()
    assert rows["value"].is_monotonic_increasing
    assert rows["role"].value_counts().to_dict() == {"rest": 29, "peer": 10, "own": 1}
    axes = peer_bars_chart.peer_bars(rows, caption=CAPTION, name="Quay").axes[0]
    heights = {group.get_label(): [bar.get_height() for bar in group] for group in axes.containers}
    for role in ("own", "peer", "rest"):
        assert heights[role] == pytest.approx(rows.loc[rows["role"] == role, "value"].tolist())
    for mean in ("peers_value", "best_value"):
        assert line_named(axes, mean).get_ydata()[0] == pytest.approx(rows[mean].iloc[0])
    stars = np.asarray(line_named(axes, "best").get_xdata())
    assert stars.tolist() == rows.index[rows["best"]].tolist()


def test_a_peer_whose_figure_is_withheld_is_neither_drawn_nor_counted() -> None:
    table = some_rows(40)
    table.loc[table["area"].isin(PEERS[:3]), "value"] = np.nan
    rows = peer_bars_chart.peer_bar_rows(table, PEERS, "P00000", polarity="low")
    assert (rows["role"] == "peer").sum() == 7
    assert "of its 7 peers" in peer_bars_chart.title(rows, caption=CAPTION, name="Quay")


def test_the_title_counts_the_peers_below() -> None:
    rows = bars()
    own = rows.loc[rows["role"] == "own", "value"].iloc[0]
    below = int((rows.loc[rows["role"] == "peer", "value"] < own).sum())
    assert peer_bars_chart.title(rows, caption=CAPTION, name="Quay").startswith(
        f"Quay is higher than {below} of its 10 peers: "
    )


def test_an_area_without_a_figure_says_so() -> None:
    table = some_rows(13)
    table.loc[0, "value"] = np.nan
    rows = peer_bars_chart.peer_bar_rows(table, PEERS, "P00000", polarity="low")
    assert (
        peer_bars_chart.title(rows, caption=CAPTION, name="Quay")
        == "Quay has no figure to hold against peers"
    )


@pytest.mark.parametrize(("areas", "named"), [(30, True), (31, False)])
def test_up_to_thirty_areas_each_have_a_row_with_their_name(areas: int, named: bool) -> None:
    rows = bars(areas=areas)
    figure = peer_bars_chart.peer_bars(rows, caption=CAPTION, name="Quay")
    words = {text.get_text() for text in figure.texts}
    assert all(name.split("…")[0] in words for name in rows["name"] if len(name) < 18) == named
