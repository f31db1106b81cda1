"""The pathway read back: the order of care, differences in per cent of the peers, and true counts."""

import numpy as np
import pandas as pd
import pytest

from reports.charts import pathway_chart
from tests.reports.charts.drawing import CAPTION, line_named, marked, said

STAGES = {
    "deaths": "outcome",
    "smoking": "risk",
    "copd": "non-elective",
    "spend": "spend",
    "odd": "elsewhere",
}
CATALOGUE = pd.DataFrame(
    {"indicator": list(STAGES), "name": [one.capitalize() for one in STAGES], "programme": "Respiratory",
     "pathway_stage": list(STAGES.values()), "unit": "%", "polarity": "low"}
)  # fmt: skip


def comparison(**values: tuple[float, float, str]) -> pd.DataFrame:
    """Rows of one area: value, that of its peers and significance, by indicator; intervals are one tenth wide."""
    rows = [
        {
            "indicator": code, "area": "A", "value": value, "comparator_value": peers, "significance": significance,
            "difference": value - peers, "difference_lower_95": value - peers - peers / 10,
            "difference_upper_95": value - peers + peers / 10,
        }
        for code, (value, peers, significance) in values.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def pathway(table: pd.DataFrame, *areas: str) -> pd.DataFrame:
    """Rows of the pathway of those areas."""
    return pathway_chart.pathway_rows(table, CATALOGUE, "Respiratory", areas or ("A",))


ALL = comparison(
    deaths=(50.0, 40.0, "worse"), copd=(3.0, 4.0, "better"), smoking=(20.0, 20.0, "similar"),
    spend=(30.0, 20.0, "worse"), odd=(1.0, 2.0, "not tested"),
)  # fmt: skip


def test_indicators_stand_from_risk_to_outcome_and_what_has_no_stage_last() -> None:
    rows = pathway(ALL)
    assert rows["indicator"].tolist() == ["smoking", "copd", "deaths", "spend", "odd"]
    assert rows["stage"].tolist() == ["Risk", "Emergency care", "Outcome", "Spend", "Other"]
    assert rows["relative"].tolist() == [0.0, -25.0, 25.0, 50.0, -50.0]
    assert (rows["relative_upper"] - rows["relative_lower"]).tolist() == pytest.approx([20.0] * 5)


@pytest.mark.parametrize(("value", "peers"), [(np.nan, 4.0), (3.0, np.nan), (3.0, 0.0)])
def test_without_a_value_or_peers_above_nought_there_is_no_per_cent(value: float, peers: float) -> None:
    rows = pathway(pd.concat([ALL.drop(index=1), comparison(copd=(value, peers, "similar"))]))
    assert "copd" not in set(rows["indicator"])


def test_marks_and_intervals_of_one_area_stand_where_the_rows_say() -> None:
    rows = pathway(ALL)
    axes = pathway_chart.pathway(rows, caption=CAPTION, name="Quay").axes[0]
    layers = marked(axes)
    assert layers["worse"][:, 0].tolist() == [25.0, 50.0]
    assert layers["better"][:, 0].tolist() == [-25.0]
    ends = np.asarray(line_named(axes, "interval").get_xydata()).reshape(-1, 3, 2)[:, :2, 0]
    assert ends[:, 0] == pytest.approx(np.maximum(rows["relative_lower"], axes.get_xlim()[0]).to_numpy())
    assert ends[:, 1] == pytest.approx(np.minimum(rows["relative_upper"], axes.get_xlim()[1]).to_numpy())


def test_an_interval_that_runs_off_the_axis_ends_in_an_arrow() -> None:
    wide = ALL.assign(difference_upper_95=ALL["comparator_value"] * [9.0, 0, 0, 0, 0])
    axes = pathway_chart.pathway(pathway(wide), caption=CAPTION, name="Quay").axes[0]
    right = [line for line in axes.lines if line.get_label() == "cut" and line.get_marker() == 5]
    assert [line.get_xdata().tolist() for line in right] == [[axes.get_xlim()[1]]]


def test_the_title_of_one_area_counts_what_differs_of_what_was_tested() -> None:
    assert pathway_chart.title(pathway(ALL), "Respiratory", name="Quay") == (
        "Respiratory in Quay: 3 of 4 indicators differ from the peers beyond chance (fewer than 1 by chance)"
    )
    calm = pathway(ALL.assign(significance="similar"))
    assert "none of 5 indicators differs" in pathway_chart.title(calm, "Respiratory", name="Quay")
    untested = pathway(ALL.assign(significance="not tested"))
    assert pathway_chart.title(untested, "Respiratory", name="Quay").endswith(
        "nothing can be told from its peers"
    )


def test_the_title_of_several_names_the_indicator_in_which_most_stand_apart() -> None:
    every = pd.concat([ALL.assign(area=area) for area in "ABC"], ignore_index=True)
    every.loc[(every["area"] == "B") & (every["indicator"] != "odd"), "significance"] = "similar"
    every.loc[(every["area"] == "B") & (every["indicator"] == "copd"), "significance"] = "worse"
    rows = pathway(every, "A", "B", "C")
    assert pathway_chart.title(rows, "Respiratory", kind="locality") == (
        "Respiratory: Copd differs most between localities: 3 of 3 stand apart from their peers"
        " (fewer than 1 by chance)"
    )
    words = said(pathway_chart.pathway(rows, caption=CAPTION))
    assert words.count("2 of 3") == 2
    assert words.count("3 of 3") == 1
    assert words.count("not tested") == 1


def test_the_words_beside_it_name_the_furthest_beyond_chance() -> None:
    words = pathway_chart.alt_text(pathway(ALL), caption=CAPTION, name="Quay")
    assert "Furthest from the peers beyond chance: Spend (+50%), Copd (−25%) and Deaths (+25%)." in words
