"""The quadrant read back: spend and outcome against the peers, and which corner each point lies in."""

import numpy as np
import pandas as pd
import pytest

from reports.charts import quadrant_chart
from reports.contents import Contents
from reports.pack_rows import latest
from tests.reports.charts.drawing import CAPTION, said

CATALOGUE = pd.DataFrame(
    {
        "indicator": ["spend", "drugs", "deaths", "survival", "unjudged"],
        "programme": "Cancer",
        "pathway_stage": ["spend", "spend", "outcome", "outcome", "outcome"],
        "polarity": ["low", "low", "low", "high", "local"],
    }
)


def comparison(area: str = "A", significance: str = "similar", **values: tuple[float, float]) -> pd.DataFrame:
    """Value and that of the peers, by indicator."""
    return pd.DataFrame(
        [
            {"indicator": code, "area": area, "value": value, "comparator_value": peers,
             "difference": value - peers, "significance": significance}
            for code, (value, peers) in values.items()
        ]
    )  # fmt: skip


def points(table: pd.DataFrame, *, by: str = "area") -> pd.DataFrame:
    """The points of a comparison."""
    return quadrant_chart.quadrant_rows(table, CATALOGUE, sorted(set(table["area"])), by=by)


def test_spend_is_all_of_it_against_all_of_the_peers_and_outcomes_are_better_upwards() -> None:
    (row,) = points(
        comparison(
            spend=(110.0, 100.0),
            drugs=(8.0, 20.0),
            deaths=(12.0, 10.0),
            survival=(90.0, 60.0),
            unjudged=(9, 1),
        )
    ).itertuples()
    assert row.spend == pytest.approx(100 * (10 - 12) / 120)
    assert row.outcome == pytest.approx((-20 + 50) / 2)
    assert (row.spends, row.outcomes) == (2, 2), "what has no good direction is no outcome to judge"


def test_a_point_needs_both_a_spend_and_an_outcome() -> None:
    assert points(comparison(spend=(1.0, 2.0))).empty
    assert points(comparison(spend=(1.0, 2.0), deaths=(np.nan, 2.0))).empty
    assert points(comparison(spend=(1.0, 2.0), unjudged=(1.0, 2.0))).empty


@pytest.mark.parametrize(
    ("spend", "deaths", "corner"),
    [
        (11.0, 11.0, "Higher spend, worse outcome"),
        (11.0, 9.0, "Higher spend, better outcome"),
        (9.0, 11.0, "Lower spend, worse outcome"),
        (9.0, 9.0, "Lower spend, better outcome"),
        (10.0, 10.0, "Higher spend, better outcome"),
    ],
)
def test_each_point_lies_in_its_corner(spend: float, deaths: float, corner: str) -> None:
    rows = points(comparison(spend=(spend, 10.0), deaths=(deaths, 10.0)))
    assert quadrant_chart.corner(rows).tolist() == [corner]


def test_sure_is_what_differs_beyond_chance_in_both() -> None:
    both = comparison("A", "worse", spend=(11.0, 10.0), deaths=(11.0, 10.0))
    spend_only = pd.concat(
        [comparison("B", "worse", spend=(11.0, 10.0)), comparison("B", "similar", deaths=(11.0, 10.0))]
    )
    rows = points(pd.concat([both, spend_only], ignore_index=True))
    assert quadrant_chart.sure(rows).tolist() == [True, False]
    assert quadrant_chart.title(rows, noun="locality") == (
        "2 of 2 localities spend more than their peers with worse outcomes; 1 beyond chance in both"
    )


def test_the_marks_stand_at_the_points_and_the_key_counts_them() -> None:
    table = pd.concat(
        [
            comparison(
                f"A{n}", "worse" if n % 2 else "similar", spend=(10.0 + n, 12.0), deaths=(10.0, 9.0 + n)
            )
            for n in range(6)
        ],
        ignore_index=True,
    )
    rows = points(table).assign(name=lambda frame: frame["code"])
    figure = quadrant_chart.quadrant(rows, caption=CAPTION, noun="locality")
    drawn = np.vstack([line.get_xydata() for line in figure.axes[0].lines if line.get_marker() == "o"])
    expected = rows[["spend", "outcome"]].to_numpy()
    for column in (0, 1):
        assert np.sort(drawn[:, column]) == pytest.approx(np.sort(expected[:, column]))
    assert {"Beyond chance in spend and in an outcome (3)", "Not in both (3)"} <= set(said(figure))


def test_of_the_example_each_programme_is_counted_from_its_own_indicators(contents: Contents) -> None:
    rows = latest(contents.comparison, contents.period)
    points_ = quadrant_chart.quadrant_rows(rows, contents.catalogue, ["L04"], by="programme").set_index(
        "code"
    )
    told = contents.catalogue.set_index("indicator")
    own = rows[(rows["area"] == "L04") & rows["comparator_value"].notna() & rows["value"].notna()]
    for programme, point in points_.iterrows():
        codes = told.index[(told["programme"] == programme) & (told["pathway_stage"] == "spend")]
        spend = own[own["indicator"].isin(codes)]
        assert point["spends"] == len(spend)
        expected = 100 * (spend["value"].sum() / spend["comparator_value"].sum() - 1)
        assert point["spend"] == pytest.approx(expected)


def test_nobody_in_the_corner_to_ask_about_is_said_so() -> None:
    rows = points(comparison(spend=(9.0, 10.0), deaths=(9.0, 10.0)))
    assert quadrant_chart.title(rows, noun="locality") == (
        "None of 1 locality spends more than its peers with worse outcomes"
    )
    assert quadrant_chart.title(rows.iloc[:0], noun="locality").startswith("No locality has both")
