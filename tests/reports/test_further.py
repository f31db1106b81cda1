"""Trend, inequality and life expectancy as both writers show them."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from reports.contents import Contents
from reports.inequality import inequality_sentence, latest_inequality, way_mark
from reports.life_expectancy import expectancy, gap_sentence
from reports.trends import stands_out, trend_mark, trend_of, trend_sentence
from reports.workbook.figures import rounded
from reports.workbook.further import further_sheets, trend_sheet
from reports.workbook.spec import Sheet


@pytest.fixture(scope="module")
def sheets(contents: Contents) -> dict[str, Sheet]:
    """The further sheets of the whole pack, by name."""
    return {sheet.name: sheet for sheet in further_sheets(contents)}


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        ("Increasing and getting worse", "worse"),
        ("Decreasing and getting worse", "worse"),
        ("Increasing and getting better", "better"),
        ("Increasing", "higher"),
        ("Decreasing", "lower"),
        ("No significant change", ""),
        ("Cannot be calculated", ""),
        (None, ""),
    ],
)
def test_a_recent_trend_is_marked_by_what_is_good_where_that_is_known(said: str | None, mark: str) -> None:
    assert trend_mark(said) == mark


def test_what_gets_worse_comes_first_and_a_special_cause_is_enough(contents: Contents) -> None:
    rows = pd.DataFrame(
        {
            "indicator": contents.catalogue["indicator"].head(4),
            "area": "X",
            "periods": 5,
            "recent_trend": ["Increasing", "Decreasing and getting better", "No significant change", None],
            "trend_chi_square": [20.0, 30.0, 1.0, float("nan")],
            "special_cause": ["none", None, "outside the limits", "none"],
        }
    )
    pack = replace(contents, trend=pd.concat([rows, rows.assign(area="Y")]))
    own = trend_of(pack, {"X"})
    assert stands_out(own)["mark"].tolist() == ["better", "higher", ""]
    assert trend_sentence(own, "Poole") == (
        "Poole: 2 of 4 indicators have a recent trend (fewer than 1 expected by chance): 0 are getting worse,"
        " 1 better. 1 breaks a rule of its own process in the latest period."
    )


def slopes(contents: Contents, *rows: tuple[float, float, float, float]) -> Contents:
    """A pack whose indicators have these limits of the slope index and of the gradient."""
    limits = ["sii_lower_95", "sii_upper_95", "gradient_lower_95", "gradient_upper_95"]
    frame = pd.DataFrame(rows, columns=limits)
    return replace(
        contents,
        inequality=frame.assign(
            indicator=contents.catalogue["indicator"].head(len(rows)).to_numpy(),
            period=contents.period,
            kind="practice",
            sii=frame[["sii_lower_95", "sii_upper_95"]].mean(axis=1),
            gradient=frame[["gradient_lower_95", "gradient_upper_95"]].mean(axis=1),
            rii=1.5,
        ),
    )


def test_inequality_is_certain_where_slope_and_gradient_agree(contents: Contents) -> None:
    pack = slopes(
        contents,
        (-3, -1, 1, 4),  # more among the most deprived, by both
        (1, 3, -4, -1),  # fewer, by both
        (-3, -1, -1, 4),  # the gradient is not sure
        (-1, 3, -4, -1),  # the slope is not sure
        (1, 3, 1, 4),  # they disagree
    )
    found = latest_inequality(pack).set_index("indicator").loc[pack.inequality["indicator"]]
    assert found["way"].tolist() == ["higher", "lower", "", "", ""]
    assert found["certain"].tolist() == [True, True, False, False, False]
    assert inequality_sentence(latest_inequality(pack)) == (
        "2 of 5 indicators run with the deprivation of the practices, beyond chance (at most 0 expected by"
        " chance): 1 higher among the most deprived, 1 lower."
    )


def test_an_indicator_without_a_slope_is_not_counted(contents: Contents) -> None:
    nothing = float("nan")
    assert len(latest_inequality(slopes(contents, (-3, -1, 1, 4), (nothing,) * 4))) == 1


@pytest.mark.parametrize("way", ["higher", "lower"])
def test_what_the_most_deprived_have_is_worse_or_better_only_where_a_direction_is_good(way: str) -> None:
    assert {way_mark(way, "low"), way_mark(way, "high")} == {"worse", "better"}
    assert way_mark(way, "local") == way
    assert way_mark("", "low") == ""


def test_life_expectancy_puts_fifths_first_then_areas_from_the_whole_down(contents: Contents) -> None:
    rows = expectancy(contents)
    at_birth = rows[(rows["age"] == 0) & (rows["sex"] == "female")]
    first = ["Most deprived fifth", "Least deprived fifth", "Gap"]
    whole = contents.areas.set_index("area").loc[contents.focus, "name"]
    assert at_birth["area_name"].tolist()[:4] == [*first, whole]
    assert len(rows) == len(contents.life_expectancy)


def test_areas_outside_the_pack_are_left_out_of_life_expectancy(few: Contents) -> None:
    rows = expectancy(few)
    inside = set(few.areas["area"])
    assert set(rows.loc[rows["kind"] != "deprivation", "area"]) <= inside
    assert len(rows) < len(few.life_expectancy)


def test_the_gap_is_told_by_sex_with_its_interval(contents: Contents) -> None:
    gap = pd.DataFrame(
        {
            "sex": ["persons"],
            "area": ["gap"],
            "kind": ["deprivation"],
            "period": ["2014/15 to 2016/17"],
            "age": [0],
            "value": [4.4],
            "lower_95": [3.7],
            "upper_95": [5.1],
        }
    )
    assert gap_sentence(gap) == (
        "The gap in life expectancy at birth between the least and the most deprived fifth is 4.4 years for"
        " all (95% interval 3.7 to 5.1), 2014/15 to 2016/17."
    )
    assert gap_sentence(gap.assign(area="most deprived fifth")) == ""


def test_the_trend_sheet_has_the_pack_s_own_area_and_its_localities(
    sheets: dict[str, Sheet], contents: Contents
) -> None:
    (table,) = sheets["Trend"].tables
    kinds = contents.areas.set_index("area")["kind"]
    rows = contents.trend[contents.trend["area"].map(kinds).isin(["icb", "locality"])]
    key = ["indicator", "area"]
    shown, expected = table.frame.set_index(key).sort_index(), rows.set_index(key).sort_index()
    for column in ("recent_trend", "process_mean", "special_cause", "excess"):
        pd.testing.assert_series_equal(shown[column], expected[column], check_dtype=False)
    assert table.frame["area"].iloc[0] == contents.focus


def test_too_many_areas_for_a_sheet_leave_the_pack_s_own(
    contents: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.workbook.further.MOST_ROWS", 100)
    sheet = trend_sheet(contents)
    assert set(sheet.tables[0].frame["area"]) == {contents.focus}
    assert any("localities are too many" in note for note in sheet.notes)


def test_the_inequality_sheet_has_every_indicator_with_a_slope(
    sheets: dict[str, Sheet], contents: Contents
) -> None:
    (table,) = sheets["Inequality"].tables
    rows = contents.inequality[contents.inequality["period"] == contents.period].dropna(subset=["sii"])
    shown = table.frame.set_index("indicator")
    assert sorted(shown.index) == sorted(rows["indicator"])
    assert shown["sii"].to_dict() == rows.set_index("indicator")["sii"].to_dict()
    steep = shown["rii"].apply(lambda ratio: max(ratio, 1 / ratio))
    assert steep.is_monotonic_decreasing


def test_what_was_not_measured_has_no_sheet(few: Contents) -> None:
    none = pd.DataFrame()
    assert further_sheets(replace(few, trend=none, inequality=none, life_expectancy=none)) == []


def test_the_sheets_can_be_written_and_hold_the_years(few: Contents, tmp_path: Path) -> None:
    from reports.workbook import write_workbook

    path = tmp_path / "pack.xlsx"
    write_workbook(few, path)
    sheet = openpyxl.load_workbook(path)["Life expectancy"]
    years = {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, float)}
    stored = rounded(expectancy(few)["value"].to_numpy(), reckoned=False)
    assert set(stored.tolist()) <= years
