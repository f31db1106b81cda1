"""Features of areas that closed or merged: people are summed, the rest weighted by them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from variation.areas.successor_features import merge_features
from variation.areas.successors import check_successors

SUCCESSORS = "area,successor,date\nX8,P1,2015-07-01\nX9,X8,2014-07-01\n"


@pytest.fixture
def about(read_tiny):
    def read(features, successors=SUCCESSORS, **more):
        found = read_tiny(features=features, successors=successors, areas=AREAS, **more)
        return found, None if found.inputs is None else found.inputs.areas.set_index("area")

    return read


AREAS = (
    "area,name,kind,parent\nP1,One,practice,L1\nP2,Two,practice,L1\nP3,Three,practice,L1\nL1,Town,locality,\n"
)


def test_people_are_summed_and_other_figures_weighted_by_them_along_the_chain(about):
    found, areas = about(
        "area,population,imd,setting\nP1,100,10,town\nX8,200,20,\nX9,700,30,village\nP2,50,15,town\nP3,50,15,town\n"
    )
    assert areas.loc["P1", "population"] == 1000
    assert areas.loc["P1", "imd"] == pytest.approx((100 * 10 + 200 * 20 + 700 * 30) / 1000)
    assert areas.loc["P1", "setting"] == "town"
    assert areas.loc["P2", ["population", "imd"]].tolist() == [50, 15]
    (finding,) = found.of("successor_features")
    assert (finding.severity, finding.table, finding.value) == ("note", "features.csv", "X8 to P1, X9 to P1")


def test_without_a_population_the_successors_own_figures_stand_and_a_warning_says_so(about):
    found, areas = about("area,imd,rural\nP1,10,\nX8,20,0.5\nX9,30,0.7\nP2,15,0\nP3,15,0\n")
    assert areas.loc["P1", "imd"] == 10
    assert areas.loc["P1", "rural"] == pytest.approx(0.6)
    (finding,) = found.of("successor_features")
    assert finding.severity == "warning"
    assert finding.hint == "give the features table a column population"


def test_a_successor_without_a_row_of_its_own_takes_what_its_predecessors_had(about):
    _, areas = about("area,population,imd\nX8,200,20\nX9,600,30\nP2,50,15\nP3,50,15\n")
    assert areas.loc["P1", ["population", "imd"]].tolist() == [800, 27.5]


def test_an_area_on_the_map_keeps_its_own_features(about):
    found, areas = about(
        "area,population,imd\nP1,100,10\nP2,50,15\nP3,50,15\n",
        successors="area,successor,date\nP2,P1,2015-07-01\n",
    )
    assert areas.loc["P1", ["population", "imd"]].tolist() == [100, 10]
    assert areas.loc["P2", ["population", "imd"]].tolist() == [50, 15]
    assert found.of("successor_features") == []


def test_a_missing_figure_or_population_has_no_weight(about):
    _, areas = about("area,population,imd\nP1,100,10\nX8,,90\nX9,300,\nP2,50,15\nP3,50,15\n")
    assert areas.loc["P1", ["population", "imd"]].tolist() == [400, 10]


def test_features_of_closed_areas_alone_are_no_error(about):
    found, areas = about("area,population,imd\nX8,200,20\n")
    assert found.errors == set()
    assert areas.loc["P1", "imd"] == 20


@given(
    people=st.lists(st.integers(1, 10_000), min_size=2, max_size=12),
    values=st.lists(st.floats(-1e6, 1e6), min_size=12, max_size=12),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=50, deadline=None)
def test_no_person_is_lost_the_mean_is_numpys_and_the_order_of_rows_does_not_matter(people, values, order):
    codes = [f"A{place}" for place in range(len(people))]
    frame = pd.DataFrame(
        {"population": people, "imd": values[: len(people)]}, index=pd.Index(codes, name="area", dtype="str")
    ).astype(float)
    steps = check_successors(pd.DataFrame({"area": codes[1:], "successor": codes[0]}), [])
    shuffled = list(codes)
    order.shuffle(shuffled)
    for rows in (frame, frame.loc[shuffled]):
        merged = merge_features(rows, steps, pd.Index(codes[:1]), [], table="features.csv")
        assert merged.index.tolist() == codes[:1]
        assert merged.loc["A0", "population"] == sum(people)
        np.testing.assert_allclose(
            merged.loc["A0", "imd"], np.average(frame["imd"], weights=people), rtol=1e-9, atol=1e-6
        )
