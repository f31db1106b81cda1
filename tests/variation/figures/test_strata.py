"""Strata of age and sex: added up, turned into expected events, or kept for direct standardisation."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.standardise import direct, indirect, standard_for
from variation.figures.panel import build_panel
from variation.figures.strata import collapse, first_age

KEYS = ["indicator", "area", "period"]


def rows_of(cells, indicator="x", period="2016/17"):
    """Rows from {(area, sex, band): (numerator, denominator)}."""
    return pd.DataFrame(
        [
            {"indicator": indicator, "area": area, "period": period, "sex": sex, "age_band": band,
             "numerator": float(x), "denominator": float(n), "expected": float("nan")}
            for (area, sex, band), (x, n) in cells.items()
        ]
    )  # fmt: skip


CELLS = {
    ("A", "f", "0-64"): (2, 100), ("A", "f", "65+"): (9, 50),
    ("A", "m", "0-64"): (4, 120), ("A", "m", "65+"): (11, 40),
    ("B", "f", "0-64"): (1, 200), ("B", "f", "65+"): (3, 20),
    ("B", "m", "0-64"): (5, 180), ("B", "m", "65+"): (2, 30),
}  # fmt: skip


def standardised(how):
    return pd.DataFrame({"indicator": ["x", "y"], "standardise": [how, "none"]})


def test_strata_are_added_up():
    flat = collapse(rows_of(CELLS), standardised("none")).set_index("area")
    assert flat["numerator"].to_dict() == {"A": 26, "B": 11}
    assert flat["denominator"].to_dict() == {"A": 310, "B": 430}
    assert flat["expected"].isna().all()


def test_expected_events_equal_indirect_standardisation_by_hand():
    rows = rows_of(CELLS)
    flat = collapse(rows, standardised("indirect")).set_index("area")
    wide = rows.pivot_table(index="area", columns=["sex", "age_band"], values=["numerator", "denominator"])
    count, people = wide["numerator"].to_numpy(), wide["denominator"].to_numpy()
    oracle = indirect(count, people, count.sum(axis=0), people.sum(axis=0))
    np.testing.assert_allclose(flat["expected"], oracle.expected, rtol=1e-12)
    assert flat["expected"].sum() == pytest.approx(flat["numerator"].sum())


def test_a_stratum_with_nobody_anywhere_expects_nothing():
    cells = CELLS | {("A", "f", "100+"): (0, 0), ("B", "f", "100+"): (0, 0)}
    flat = collapse(rows_of(cells), standardised("indirect")).set_index("area")
    before = collapse(rows_of(CELLS), standardised("indirect")).set_index("area")
    pd.testing.assert_series_equal(flat["expected"], before["expected"])


def test_each_period_has_reference_rates_of_its_own():
    doubled = {key: (2 * x, n) for key, (x, n) in CELLS.items()}
    rows = pd.concat([rows_of(CELLS), rows_of(doubled, period="2017/18")], ignore_index=True)
    flat = collapse(rows, standardised("indirect")).set_index(["period", "area"])["expected"]
    np.testing.assert_allclose(flat.loc["2017/18"], 2 * flat.loc["2016/17"], rtol=1e-12)


def test_whole_rows_pass_through_beside_added_ones():
    whole = pd.DataFrame(
        [{"indicator": "y", "area": "A", "period": "2016/17", "sex": "", "age_band": "", "numerator": 5.0,
          "denominator": 10.0, "expected": 4.0}]
    )  # fmt: skip
    flat = collapse(pd.concat([whole, rows_of(CELLS)], ignore_index=True), standardised("none"))
    assert flat.set_index(["indicator", "area"])["numerator"].to_dict() == {
        ("y", "A"): 5,
        ("x", "A"): 26,
        ("x", "B"): 11,
    }
    assert collapse(whole, standardised("none"))["expected"].to_list() == [4.0]


@pytest.mark.parametrize(
    ("band", "age"), [("0-4", 0), ("65 to 74", 65), ("90+", 90), ("all", -1), ("Under 5", 5)]
)
def test_bands_are_ordered_by_their_first_age(band, age):
    assert first_age(band) == age


# --- the example


@pytest.fixture(scope="module")
def example(example_inputs):
    inputs = example_inputs
    return inputs, build_panel(inputs.indicators, inputs.catalogue, inputs.tree)


def test_expected_events_sum_to_the_observed_over_all_areas(example):
    _, panel = example
    top = np.flatnonzero(panel.tree.depth == 0)
    indirect_ones = (panel.groups["standardise"] == "indirect").to_numpy()
    rows = indirect_ones & ~np.isnan(panel.expected).all(axis=1)
    assert rows.sum() >= 5
    np.testing.assert_allclose(panel.expected[rows][:, top], panel.numerator[rows][:, top], rtol=1e-9)


def test_direct_rates_equal_the_method_applied_by_hand_to_practices_and_to_a_locality(example):
    inputs, panel = example
    strata = panel.strata[-1]
    rows = inputs.indicators
    rows = rows[(rows["indicator"] == strata.indicator) & (rows["period"] == strata.period)]
    wide = {name: rows.pivot_table(index="area", columns="age_band", values=name, aggfunc="sum")[list(strata.bands)]
            for name in ("numerator", "denominator")}  # fmt: skip
    standard = standard_for(list(strata.bands))
    ours = dict(zip(panel.tree.codes, strata.rate(confidence=0.95).value, strict=True))
    by_hand = direct(wide["numerator"].fillna(0), wide["denominator"].fillna(0), standard).value
    np.testing.assert_allclose([ours[area] for area in wide["numerator"].index], by_hand, rtol=1e-12)
    locality = "L01"
    inside = inputs.areas.loc[inputs.areas["parent"] == locality, "area"]
    summed = {name: frame.reindex(inside).sum().to_numpy()[None] for name, frame in wide.items()}
    expected = direct(summed["numerator"], summed["denominator"], standard).value[0]
    assert ours[locality] == pytest.approx(expected, rel=1e-12)


def test_a_directly_standardised_indicator_has_strata_for_each_period_with_bands_in_order_of_age(example):
    inputs, panel = example
    wanted = set(inputs.catalogue.loc[inputs.catalogue["standardise"] == "direct", "indicator"])
    found = {(strata.indicator, strata.period) for strata in panel.strata}
    assert {indicator for indicator, _ in found} == wanted
    groups = panel.groups[panel.groups["indicator"].isin(wanted)]
    assert found == set(zip(groups["indicator"], groups["period"], strict=True))
    for strata in panel.strata:
        ages = [first_age(band) for band in strata.bands]
        assert ages == sorted(ages)


# --- levels


def test_strata_of_a_wider_area_take_no_part_where_its_children_are_given(read_tiny):
    head = "indicator,area,period,numerator,denominator,age_band\n"
    fine = "".join(
        f"asthma,P{n},2016/17,{10 * n},{100 * n},{band}\n" for n in (1, 2, 3) for band in ("0-64", "65+")
    )
    wide = "asthma,L1,2016/17,900,1000,0-64\nasthma,L1,2016/17,1,1000,65+\n"
    older = "asthma,L1,2015/16,30,1000,0-64\nasthma,L1,2015/16,20,1000,65+\n"
    for how in ("direct", "indirect"):
        catalogue = f"indicator,name,kind,standardise\nasthma,Asthma,rate,{how}\n"
        inputs = read_tiny(catalogue=catalogue, indicators=head + fine + wide + older).inputs
        panel = build_panel(inputs.indicators, inputs.catalogue, inputs.tree)
        assert panel.groups["finest"].to_list() == ["locality", "practice"]
        top = inputs.tree.codes.tolist().index("L1")
        assert panel.numerator[:, top].tolist() == [50, 120]
        if how == "indirect":
            np.testing.assert_allclose(
                panel.expected[1], panel.numerator[1], rtol=1e-12
            )  # all rates are alike
        else:
            assert [strata.period for strata in panel.strata] == ["2015/16", "2016/17"]
            assert panel.strata[0].count[top].tolist() == [30, 20]
            assert panel.strata[1].count[top].tolist() == [60, 60]


def repeated(area, band, people, persons):
    """Rows of a stratum with its people by how many events each had."""
    return "".join(
        f"x,{area},2016/17,{count},{people},{band},{events}\n" for events, count in persons.items()
    )


def test_people_by_number_of_events_give_wider_limits_and_the_same_rate(read_tiny):
    persons = {
        ("P1", "0-64"): (900, {1: 8, 2: 3}), ("P1", "65+"): (100, {1: 5, 3: 2}),
        ("P2", "0-64"): (700, {1: 9}), ("P2", "65+"): (300, {1: 6, 2: 4}),
        ("P3", "0-64"): (800, {1: 12, 2: 1}), ("P3", "65+"): (200, {2: 3, 3: 1}),
    }  # fmt: skip
    rows = "".join(repeated(area, band, people, by) for (area, band), (people, by) in persons.items())
    read = read_tiny(
        indicators="indicator,area,period,numerator,denominator,age_band,event_frequency\n" + rows,
        catalogue="indicator,name,kind,polarity,standardise\nx,Readmissions,rate,low,direct\n",
    ).inputs
    panel = build_panel(read.indicators, read.catalogue, read.tree)
    (strata,) = panel.strata
    p1 = int(np.flatnonzero(read.tree.codes == "P1")[0])
    town = int(np.flatnonzero(read.tree.codes == "L1")[0])
    assert panel.numerator[0, p1] == 8 + 6 + 5 + 6
    assert panel.denominator[0, p1] == 1000
    assert panel.denominator[0, town] == 3000
    by_hand = direct(
        [[[8, 3, 0], [5, 0, 2]]], [[900, 100]], standard_for(["0-64", "65+"]), event_frequency=[1, 2, 3]
    )
    found = strata.rate(confidence=0.95)
    assert found.value[p1] == pytest.approx(by_hand.value[0])
    assert found.lower[p1] == pytest.approx(by_hand.lower[0])
    plain = direct([[14, 11]], [[900, 100]], standard_for(["0-64", "65+"]))
    assert by_hand.value[0] == pytest.approx(plain.value[0])
    assert found.upper[p1] > plain.upper[0]
