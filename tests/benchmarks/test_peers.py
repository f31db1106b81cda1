"""Peers equal NHS England's own list, and every odd input has a defined outcome."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from benchmarks.peers import (
    NHSE_2021,
    OFFICIAL_NAMES,
    everyone_else,
    find_peers,
    kept,
    nearest,
    peer_fit,
    peer_table,
    preset_weights,
    reciprocal,
    same_group,
    similar,
    standardised,
)

# NHS England, similar 10 CCGs, April 2021: the peers of Dorset (11J) with their distance.
DORSET = {
    "70F": 0.1304, "97R": 0.1510, "18C": 0.2259, "27D": 0.2618, "15N": 0.2685,
    "11M": 0.2978, "11X": 0.3102, "71E": 0.3419, "26A": 0.3591, "06L": 0.4091,
}  # fmt: skip


@pytest.fixture(scope="module")
def official(shared_data):
    file = shared_data / "similar10_ccg" / "April2021_Similar10CCG_InputData_HD.xlsx"
    return pd.read_excel(file, engine="calamine").set_index("CCGcode")


def features_of(areas, variables=3, seed=1):
    values = np.random.default_rng(seed).gamma(2.0, 10.0, size=(areas, variables))
    codes = [f"A{number:03}" for number in range(areas)]
    return pd.DataFrame(values, index=codes, columns=[f"v{number}" for number in range(variables)])


# --- published figures


@pytest.mark.shared
@pytest.mark.parametrize("names", [{}, OFFICIAL_NAMES], ids=["official headings", "our names"])
def test_peers_of_dorset_are_those_that_nhs_england_published(official, names):
    table = similar(official.rename(columns=names))
    dorset = table[table["area"] == "11J"]
    assert dorset["peer"].to_list() == list(DORSET)
    assert dorset["rank"].to_list() == list(range(1, 11))
    assert dorset["distance"].round(4).to_list() == list(DORSET.values())


@pytest.mark.shared
def test_every_one_of_106_areas_has_ten_peers_and_never_itself(official):
    table = similar(official)
    assert table.groupby("area").size().to_list() == [10] * 106
    assert (table["area"] != table["peer"]).all()


@pytest.mark.shared
def test_fit_says_that_dorset_has_close_peers_that_hold_under_other_weights(official):
    ordered = official.sort_index()
    group = find_peers(ordered)
    fit = peer_fit(ordered, group)
    assert list(fit.index) == list(ordered.index)
    assert fit["fit"].between(0, 100).all()
    assert fit["fit"].median() < 10  # ten of 105 others, the nearest
    assert fit["kept_under_equal_weights"].between(0, 10).all()
    assert (fit["kept_worst_drop"] <= 10).all()
    assert fit.loc["11J", "kept_worst_drop"] >= 4


# --- the arithmetic


def test_the_weights_of_nhs_england_sum_to_one():
    assert sum(NHSE_2021.values()) == pytest.approx(1)
    assert set(OFFICIAL_NAMES.values()) == set(NHSE_2021)


def test_scores_are_z_scores_of_square_roots_with_population_standard_deviation():
    values = np.array([[4.0, 1.0], [9.0, 16.0], [25.0, 4.0]])
    roots = np.sqrt(values)
    np.testing.assert_allclose(
        standardised(values), (roots - roots.mean(axis=0)) / roots.std(axis=0, ddof=0), rtol=1e-12
    )


def test_an_extreme_value_is_capped_five_standard_deviations_above_the_mean():
    values = np.ones(101)
    values[1:51] = 2.0
    values[0] = 10_000.0
    cap = values.mean() + 5 * values.std()
    capped = np.minimum(values, cap)
    assert capped[0] < 10_000
    roots = np.sqrt(capped)
    expected = (roots - roots.mean()) / roots.std()
    np.testing.assert_allclose(standardised(values[:, None])[:, 0], expected, rtol=1e-12)


def test_distances_equal_those_of_scipy():
    features = features_of(40, 4)
    weights = {"v0": 0.4, "v1": 0.3, "v2": 0.2, "v3": 0.1}
    group = find_peers(features, weights=weights, number=5)
    scores = standardised(features.to_numpy())
    everyone = cdist(scores, scores, metric="sqeuclidean", w=list(weights.values()))
    np.fill_diagonal(everyone, np.inf)
    np.testing.assert_array_equal(group.positions, np.argsort(everyone, axis=1, kind="stable")[:, :5])
    np.testing.assert_allclose(group.distance, np.sort(everyone, axis=1)[:, :5], rtol=1e-9)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 10_000), areas=st.integers(1, 90), number=st.integers(1, 12), levels=st.integers(1, 6)
)
def test_the_nearest_are_those_of_all_distances_with_ties_by_position(seed, areas, number, levels):
    random = np.random.default_rng(seed)
    scores = random.integers(0, levels, (areas, 2)).astype(float)  # few levels: many are equally far
    scores[random.random(areas) < 0.1, 0] = np.nan
    candidates = random.random(areas) < 0.8
    positions, distance = nearest(scores, [1.0, 0.25], number=number, candidates=candidates)
    everyone = cdist(scores, scores, metric="sqeuclidean", w=[1.0, 0.25])
    everyone[np.isnan(everyone)] = np.inf
    everyone[:, ~candidates] = np.inf
    np.fill_diagonal(everyone, np.inf)
    order = np.argsort(everyone, axis=1, kind="stable")[:, : min(number, areas - 1)]
    expected = np.take_along_axis(everyone, order, axis=1)
    np.testing.assert_array_equal(positions, np.where(np.isfinite(expected), order, -1))
    np.testing.assert_allclose(distance, np.where(np.isfinite(expected), expected, np.nan), rtol=1e-12)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), areas=st.integers(3, 25))
def test_the_order_of_the_rows_changes_nothing(seed, areas):
    features = features_of(areas, seed=seed)
    shuffled = features.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(
        similar(features, weights="equal", number=4), similar(shuffled, weights="equal", number=4)
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.01, 1000))
def test_the_unit_of_a_variable_changes_nothing(seed, scale):
    features = features_of(12, seed=seed)
    before = similar(features, weights="equal", number=4)
    after = similar(features.assign(v0=features["v0"] * scale), weights="equal", number=4)
    pd.testing.assert_series_equal(before["peer"], after["peer"])
    np.testing.assert_allclose(before["distance"], after["distance"], rtol=1e-6, atol=1e-12)


# --- twins and ties


def test_an_identical_twin_is_a_peer_at_distance_nothing_and_nobody_is_a_peer_of_itself():
    features = pd.DataFrame({"imd": [10.0, 10.0, 30.0]}, index=["A", "B", "C"])
    table = similar(features, number=1).set_index("area")
    assert table.loc["A", "peer"] == "B"
    assert table.loc["B", "peer"] == "A"
    assert table.loc["A", "distance"] == 0


def test_ties_go_to_the_first_code_however_the_rows_stand():
    features = pd.DataFrame({"imd": [20.0, 10.0, 10.0, 10.0]}, index=["A", "D", "C", "B"])
    table = similar(features, number=2)
    assert table[table["area"] == "A"]["peer"].to_list() == ["B", "C"]


# --- odd inputs


def test_a_negative_value_is_refused_with_its_place_and_how_many_there_are():
    with pytest.raises(ValueError, match=r"got -1 at row 1, column 0 \(2 such values\)"):
        standardised([[1.0, 2.0], [-1.0, -3.0]])


@pytest.mark.parametrize("filler", [7.0, np.nan], ids=["constant", "wholly missing"])
def test_a_variable_that_tells_nobody_apart_is_dropped_said_and_its_weight_shared_out(filler):
    features = features_of(12).assign(v2=filler)
    weights = {"v0": 0.4, "v1": 0.1, "v2": 0.5}
    group = find_peers(features, weights=weights, number=3)
    assert group.dropped == ("v2",)
    assert dict(group.weights) == pytest.approx({"v0": 0.8, "v1": 0.2})
    without = find_peers(features[["v0", "v1"]], weights={"v0": 0.8, "v1": 0.2}, number=3)
    np.testing.assert_array_equal(group.positions, without.positions)


def test_where_nothing_tells_areas_apart_there_are_no_peers_and_that_is_said():
    features = pd.DataFrame({"imd": [5.0, 5.0], "rural": [0.0, 0.0]}, index=["A", "B"])
    group = find_peers(features, weights="equal")
    assert group.positions.shape == (2, 0)
    assert group.dropped == ("imd", "rural")
    assert peer_table(group, features.index).empty
    fit = peer_fit(features, group)
    assert fit["fit"].isna().all()
    assert fit["kept_worst_drop"].to_list() == [0, 0]


def test_variables_of_the_preset_that_are_not_given_are_said_and_the_others_scaled_up():
    features = pd.DataFrame({"imd": [1.0, 2.0, 9.0], "rural": [0.1, 0.2, 0.4]}, index=list("ABC"))
    group = find_peers(features, number=2)
    assert set(group.dropped) == set(NHSE_2021) - {"imd", "rural"}
    assert dict(group.weights) == pytest.approx({"imd": 0.25 / 0.40, "rural": 0.15 / 0.40})


def test_an_area_with_a_missing_value_has_no_peers_and_is_no_ones_peer():
    features = features_of(8)
    features.iloc[3, 1] = np.nan
    group = find_peers(features, weights="equal", number=7)
    assert (group.positions[3] == -1).all()
    assert np.isnan(group.distance[3]).all()
    assert not (group.positions == 3).any()
    assert ((group.positions >= 0).sum(axis=1) == np.where(np.arange(8) == 3, 0, 6)).all()
    assert np.isnan(peer_fit(features, group)["fit"].iloc[3])
    assert peer_fit(features, group)["kept_worst_drop"].iloc[3] == 0
    table = peer_table(group, features.index)
    assert "A003" not in {*table["area"], *table["peer"]}


def test_a_column_of_nothing_but_missing_values_scores_missing_without_a_warning():
    assert np.isnan(standardised([[np.nan], [np.nan]])).all()
    assert np.isnan(standardised([[np.nan], [2.0]])[0, 0])


def test_who_may_not_be_a_peer_still_has_peers():
    features = features_of(10)
    allowed = np.arange(10) != 4
    group = find_peers(features, weights="equal", number=3, candidates=allowed)
    assert not (group.positions == 4).any()
    assert (group.positions[4] >= 0).all()
    fit = peer_fit(features, group, candidates=allowed)
    assert (fit["kept_under_equal_weights"] == 3).all()  # the same weights, the same candidates


def test_fewer_areas_than_peers_asked_give_all_the_others():
    group = find_peers(features_of(4), weights="equal", number=10)
    assert group.positions.shape == (4, 3)
    assert (np.sort(group.positions, axis=1) == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]).all()


def test_one_area_alone_has_no_peers():
    group = find_peers(features_of(1), weights="equal")
    assert group.positions.shape == (1, 0)
    assert len(similar(features_of(1), weights="equal")) == 0


def test_a_weight_of_nothing_leaves_its_variable_out_silently():
    features = features_of(10)
    group = find_peers(features, weights={"v0": 1.0, "v1": 0.0}, number=3)
    assert dict(group.weights) == {"v0": 1.0}
    assert group.dropped == ("v1",)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("nhse_2020", "unknown weights 'nhse_2020'; presets are nhse_2021, equal"),
        ("nhse_2021", "none of the variables of nhse_2021"),
        ({"v9": 1.0}, "weights for v9, which the features do not have: v0, v1, v2"),
        ({"v0": -1.0, "v1": 2.0}, "expected weights of 0 and more, with at least one above 0; see v0"),
        ({"v0": float("nan")}, "see v0"),
        ({"v0": 0.0}, "see all"),
    ],
)
def test_weights_that_cannot_be_used_are_refused_in_words(weights, message):
    with pytest.raises(ValueError, match=message):
        find_peers(features_of(5), weights=weights)


def test_equal_weights_over_no_variable_are_refused():
    with pytest.raises(ValueError, match="at least one feature"):
        preset_weights([], "equal")


# --- how good a group is


def test_reciprocity_is_being_among_the_peers_own_peers():
    features = pd.DataFrame({"imd": [10.0, 11.0, 13.0, 30.0]}, index=list("ABCD"))
    group = find_peers(features, number=1)
    assert group.positions[:, 0].tolist() == [1, 0, 1, 2]
    assert reciprocal(group.positions)[:, 0].tolist() == [True, True, False, False]
    table = peer_table(group, features.index)
    assert table.set_index("area")["reciprocal"].to_dict() == {"A": True, "B": True, "C": False, "D": False}


def test_no_peer_is_never_reciprocal():
    positions = np.array([[1], [-1], [1]])
    assert reciprocal(positions)[:, 0].tolist() == [False, False, False]


def test_kept_counts_the_peers_in_both_choices():
    here, there = np.array([[1, 2], [0, -1], [0, 1]]), np.array([[2, 3], [3, -1], [1, 0]])
    assert kept(here, there).tolist() == [1, 0, 2]


def test_fit_is_the_percentile_of_the_mean_distance_among_all_pairs():
    features = pd.DataFrame({"imd": [1.0, 4.0, 25.0, 100.0]}, index=list("ABCD"))
    group = find_peers(features, number=1)
    fit = peer_fit(features, group)
    scores = standardised(features.to_numpy())[:, 0]
    first, second = np.triu_indices(4, 1)
    pairs = (scores[first] - scores[second]) ** 2
    expected = [100 * (pairs < distance - 1e-12).mean() for distance in group.distance[:, 0]]
    assert fit["fit"].to_list() == pytest.approx(expected)
    assert fit["kept_worst_drop"].to_list() == [1, 1, 1, 1]  # one variable cannot be left out


def test_the_worst_drop_is_the_least_that_stays_over_every_variable():
    features = features_of(20, 3)
    group = find_peers(features, weights="equal", number=5)
    by_hand = []
    for left_out in features:
        others = find_peers(features.drop(columns=left_out), weights="equal", number=5)
        by_hand.append(
            [
                len(set(own) & set(theirs))
                for own, theirs in zip(group.positions, others.positions, strict=True)
            ]
        )
    assert peer_fit(features, group)["kept_worst_drop"].to_list() == np.min(by_hand, axis=0).tolist()


def test_pairs_drawn_at_random_give_nearly_the_fit_of_all_pairs():
    features = features_of(120)
    group = find_peers(features, weights="equal", number=5)
    whole = peer_fit(features, group)["fit"]
    drawn = peer_fit(features, group, pairs=5_000, seed=3)["fit"]
    assert (whole - drawn).abs().max() < 2
    pd.testing.assert_series_equal(drawn, peer_fit(features, group, pairs=5_000, seed=3)["fit"])


# --- groups that need no distance


@given(areas=st.integers(0, 12))
def test_everyone_else_is_each_other_area_once(areas):
    positions = everyone_else(areas)
    assert len(positions) == areas
    for area, others in enumerate(positions):
        assert sorted(int(other) for other in others if other >= 0) == [
            other for other in range(areas) if other != area
        ]


@given(groups=st.lists(st.sampled_from("NSW"), min_size=1, max_size=15))
def test_the_same_group_is_everyone_with_the_same_label_but_oneself(groups):
    positions = same_group(groups)
    for area, others in enumerate(positions):
        expected = [other for other, label in enumerate(groups) if label == groups[area] and other != area]
        assert [int(other) for other in others if other >= 0] == expected
