"""Inequality and life expectancy on the synthetic example, whose gradient by deprivation is built in."""

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def latest(example_analysis):
    return example_analysis.inequality.query("period == '2016/17'").set_index("indicator")


def test_smoking_and_chest_disease_rise_with_deprivation_and_screening_falls(latest):
    for indicator in ("smoking_prevalence", "copd_admissions", "alcohol_admissions"):
        assert latest.loc[indicator, "gradient_lower_95"] > 0
        assert latest.loc[indicator, "sii_upper_95"] < 0
    assert latest.loc["bowel_screening", "gradient_upper_95"] < 0


def test_slope_and_gradient_point_the_same_way_where_both_are_certain(latest):
    sure = latest[(latest["gradient_lower_95"] > 0) & (latest["sii_upper_95"] < 0)]
    opposite = latest[(latest["gradient_lower_95"] > 0) & (latest["sii_lower_95"] > 0)]
    assert len(sure) > 10
    assert opposite.empty


def test_fifths_are_pooled_from_the_practices_counts(latest, example_analysis):
    areas = example_analysis.inputs.areas.query("kind == 'practice'").set_index("area")
    rows = example_analysis.comparison.query(
        "indicator == 'smoking_prevalence' and period == '2016/17' and kind == 'practice'"
    ).set_index("area")
    most = areas["imd"].rank(ascending=False, method="min").le(len(areas) / 5 + 0.5)
    own = rows.loc[areas.index[most]]
    pooled = 100 * own["numerator"].sum() / own["denominator"].sum()
    assert latest.loc["smoking_prevalence", "most_deprived"] == pytest.approx(pooled, rel=0.02)


def test_people_of_the_least_deprived_fifth_live_years_longer(example_analysis):
    lives = example_analysis.life_expectancy.query("age == 0").set_index(["sex", "area"])
    for sex in ("female", "male"):
        gap = lives.loc[(sex, "gap")]
        fifths = lives.loc[sex]["value"]
        assert gap["value"] == pytest.approx(fifths["least deprived fifth"] - fifths["most deprived fifth"])
        assert 2 < gap["lower_95"] < gap["value"] < gap["upper_95"] < 8
    assert lives.loc[("female", "DOR"), "value"] > lives.loc[("male", "DOR"), "value"]


def test_life_expectancy_is_given_for_no_area_below_5001_people(example_analysis):
    lives = example_analysis.life_expectancy
    areas = example_analysis.inputs.areas.set_index("area")
    shown = lives.loc[lives["kind"] == "practice", "area"].unique()
    # Three years of one sex: a list of about 3,300 people or more.
    assert areas.loc[shown, "population"].min() > 5001 / 3
    assert isinstance(lives["age"].iloc[0].item(), int)
    assert pd.notna(lives["value"]).all()
