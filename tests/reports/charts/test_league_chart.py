"""The variation league read back: shares that sum to one, in the order of what is left to ask about."""

import numpy as np
import pandas as pd
import pytest

from reports.charts import league_chart
from reports.contents import Contents
from reports.pack_rows import latest
from tests.reports.charts.drawing import CAPTION, covered, said

CATALOGUE = pd.DataFrame({"indicator": list("abcd"), "name": ["Antibiotics", "Bowel", "COPD", "Deaths"],
                          "programme": "Any"})  # fmt: skip


def variation(*shares: tuple[float, float, float], kind: str = "practice") -> pd.DataFrame:
    """Rows of the variation table with these shares left, of case mix and of chance."""
    table = pd.DataFrame(shares, columns=["share_unwarranted", "share_case_mix", "share_chance"])
    return table.assign(indicator=list("abcd")[: len(shares)], kind=kind, areas=98)


ROWS = league_chart.league_rows(
    variation((0.2, 0.1, 0.7), (0.6, 0.3, 0.1), (np.nan, np.nan, np.nan), (0.5, 0.0, 0.5)),
    CATALOGUE,
    "practice",
)


def test_the_most_left_to_ask_about_stands_first_and_what_is_not_split_is_left_out() -> None:
    assert ROWS["name"].tolist() == ["Bowel", "Deaths", "Antibiotics"]


def test_the_title_counts_majorities_and_half_is_none() -> None:
    assert league_chart.title(ROWS) == (
        "In 1 of 3 indicators neither chance nor case mix explains most of the variation; in 1 most of it is chance"
    )


def test_bars_are_as_long_as_their_shares_and_follow_each_other() -> None:
    axes = league_chart.league(ROWS, caption=CAPTION).axes[0]
    boxes = np.array([[bar.get_x(), bar.get_width()] for bar in axes.patches]).reshape(3, 3, 2)
    shares = ROWS[list(league_chart.PARTS)].to_numpy()
    assert boxes[:, :, 1] == pytest.approx(np.maximum(shares - league_chart.PADDED, 0))
    assert boxes[:, :, 0] == pytest.approx(np.cumsum(shares, axis=1) - shares)
    assert (boxes.sum(axis=2)[:, -1] <= 1).all()


def test_areas_of_another_kind_are_not_mixed_in() -> None:
    other = pd.concat([variation((0.9, 0.05, 0.05), kind="locality"), variation((0.1, 0.1, 0.8))])
    rows = league_chart.league_rows(other, CATALOGUE, "practice")
    assert rows["share_unwarranted"].tolist() == [0.1]


def test_only_the_first_are_drawn_and_the_title_is_about_all(contents: Contents) -> None:
    rows = league_chart.league_rows(
        latest(contents.variation, contents.period), contents.catalogue, "practice"
    )
    assert rows[list(league_chart.PARTS)].sum(axis=1).to_numpy() == pytest.approx(1.0)
    figure = league_chart.league(rows, caption=CAPTION)
    assert len(figure.axes[0].patches) == 3 * league_chart.TOP
    assert covered(figure) == []
    most = (rows["share_unwarranted"] > 0.5).sum()
    assert league_chart.title(rows).startswith(f"In {most} of {len(rows)} indicators")
    assert any("the 24 with the largest share left" in words for words in said(figure))


def test_nothing_split_draws_an_empty_picture() -> None:
    none = ROWS.iloc[:0]
    assert "No figures" in said(league_chart.league(none, caption=CAPTION))
    assert league_chart.alt_text(none, caption=CAPTION).endswith("has been split.")
