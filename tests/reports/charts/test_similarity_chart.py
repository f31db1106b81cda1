"""The likeness of an area to its peers read back: places among all areas, the furthest apart first."""

import numpy as np
import pandas as pd
import pytest

from reports.charts import similarity_chart
from tests.reports.charts.drawing import CAPTION, line_named, said, some_areas


def areas(**features: list[float]) -> pd.DataFrame:
    """Practices with these features."""
    number = len(next(iter(features.values())))
    return pd.DataFrame(
        {"area": [f"P{n}" for n in range(number)], "name": "Any", "kind": "practice", "parent": "L"}
        | features
    )


def peers(*codes: str) -> pd.DataFrame:
    """The peers of the first area."""
    return pd.DataFrame({"area": "P0", "peer": codes})


def test_places_are_percentiles_among_all_areas_of_the_kind() -> None:
    table = areas(imd=[10.0, 20, 30, 40, 50])
    (row,) = similarity_chart.similarity_rows(table, peers("P2", "P4"), "P0").itertuples()
    assert (row.value, row.mean_peers) == (10.0, 40.0)
    assert (row.at_area, row.at_peers, row.apart) == (0.0, 75.0, 75.0)
    assert sorted(row.at_each) == [50.0, 100.0]
    assert row.name == "Deprivation (IMD score)"


def test_the_furthest_apart_stands_first_and_places_on_a_map_are_no_feature() -> None:
    table = areas(imd=[1.0, 2, 3, 4], population=[10.0, 40, 20, 30], x=[1.0, 2, 3, 4], y=[4.0, 3, 2, 1])
    rows = similarity_chart.similarity_rows(table, peers("P1"), "P0")
    assert rows["feature"].tolist() == ["population", "imd"]
    assert rows["apart"].is_monotonic_decreasing


def test_what_does_not_vary_or_is_not_known_of_the_area_is_left_out() -> None:
    table = areas(imd=[1.0, 2, 3], rural=[0.5, 0.5, 0.5], aged_85_plus=[np.nan, 0.1, 0.2])
    assert similarity_chart.similarity_rows(table, peers("P1"), "P0")["feature"].tolist() == ["imd"]


def test_an_area_without_peers_has_no_rows_and_says_so() -> None:
    none = similarity_chart.similarity_rows(areas(imd=[1.0, 2.0]), peers().iloc[:0], "P0")
    assert none.empty
    assert similarity_chart.title(none, "Quay") == "Quay has no peers to be like"
    assert "No figures" in said(similarity_chart.similarity(none, caption=CAPTION))


def test_marks_are_drawn_at_their_places() -> None:
    table = some_areas(60)
    own = table[table["kind"] == "practice"]
    chosen = pd.DataFrame({"area": "P00000", "peer": own["area"].iloc[1:11]})
    rows = similarity_chart.similarity_rows(own, chosen, "P00000")
    assert len(rows) == 3
    axes = similarity_chart.similarity(rows, caption=CAPTION).axes[0]
    assert line_named(axes, "own").get_xdata() == pytest.approx(rows["at_area"].to_numpy())
    assert line_named(axes, "peers").get_xdata() == pytest.approx(rows["at_peers"].to_numpy())
    assert len(line_named(axes, "each").get_xdata()) == 30
    percentile = own["imd"].rank().sub(1).div(59).mul(100).set_axis(own["area"])
    imd = rows.set_index("feature").loc["imd"]
    assert imd["at_area"] == pytest.approx(percentile["P00000"])
    assert imd["at_peers"] == pytest.approx(percentile[chosen["peer"]].mean())


@pytest.mark.parametrize(("apart", "close"), [(25.0, True), (25.1, False)])
def test_the_title_names_what_is_further_than_a_quarter_of_all_areas(apart: float, close: bool) -> None:
    rows = pd.DataFrame(
        {"feature": ["imd", "rural"], "name": ["Deprivation (IMD score)", "Rural"], "apart": [apart, 3.0]}
    )
    expected = (
        "Quay is close to its peers in all 2 features"
        if close
        else "Quay is like its peers in 1 of 2 features; further apart in deprivation (IMD score)"
    )
    assert similarity_chart.title(rows, "Quay") == expected
