"""Peers as the settings ask, for every kind of area, with a finding for whatever falls short."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.peer_values import Everyone
from benchmarks.peers import NHSE_2021, similar
from variation.areas.tree import area_tree
from variation.comparison.peering import choose_peers
from variation.errors import VariationError
from variation.settings import Peers
from variation.tables import PEER_FIT, PEERS


def tree_of(practices=14, **columns):
    """Practices in two localities below one top, with features from a seeded generator."""
    random = np.random.default_rng(4)
    codes = [f"P{number:02}" for number in range(practices)]
    table = pd.DataFrame(
        {
            "area": codes,
            "kind": "practice",
            "parent": ["L1", "L2"] * (practices // 2) + ["L1"] * (practices % 2),
        }
    )
    features = {name: random.gamma(2, 5, practices) for name in ("imd", "population", "rural")} | columns
    table = table.assign(**features)
    above = pd.DataFrame(
        {"area": ["L1", "L2", "I"], "kind": ["locality", "locality", "icb"], "parent": ["I", "I", pd.NA]}
    )
    return area_tree(pd.concat([table, above], ignore_index=True))


def chosen(tree, settings=None, **options):
    findings = []
    settings = {kind: Peers(**value) for kind, value in (settings or {}).items()}
    return choose_peers(tree, settings, seed=1, findings=findings, **options), findings


def test_where_nothing_is_set_the_finest_kind_has_similar_peers_and_the_others_everyone():
    peerings, _ = chosen(tree_of())
    assert {kind: peering.method for kind, peering in peerings.items()} == {
        "practice": "similar", "locality": "everyone", "icb": "everyone",
    }  # fmt: skip
    assert peerings["practice"].positions.shape == (14, 10)
    assert peerings["locality"].positions == Everyone(2)
    assert peerings["icb"].positions == Everyone(1)


def test_similar_peers_equal_those_of_the_method_itself():
    tree = tree_of()
    peerings, _ = chosen(tree)
    practices = tree.table[tree.table["kind"] == "practice"].set_index("area")
    expected = similar(practices[["imd", "population", "rural"]])
    pd.testing.assert_frame_equal(
        peerings["practice"].peers.drop(columns="reciprocal"), expected, check_dtype=False
    )
    assert peerings["practice"].peers.columns.to_list() == PEERS.names
    assert peerings["practice"].fit.columns.to_list() == PEER_FIT.names


def test_variables_of_the_preset_that_are_missing_are_said_once():
    _, findings = chosen(tree_of())
    (finding,) = [f for f in findings if f.code == "peer_variables"]
    assert finding.severity == "warning"
    assert set(finding.value.split(", ")) == set(NHSE_2021) - {"imd", "population", "rural"}


def test_features_that_are_named_are_used_with_equal_weights():
    tree = tree_of()
    peerings, findings = chosen(tree, {"practice": {"features": ("imd", "rural"), "number": 3}})
    practices = tree.table[tree.table["kind"] == "practice"].set_index("area")
    expected = similar(practices[["imd", "rural"]], weights="equal", number=3)
    assert peerings["practice"].peers["peer"].to_list() == expected["peer"].to_list()
    assert findings == []


def test_areas_without_any_variable_of_the_preset_are_held_against_everyone():
    tree = area_tree(
        pd.DataFrame({"area": list("ABC"), "kind": "practice", "parent": pd.NA, "x": [-1.0, 2.0, 3.0]})
    )
    peerings, findings = chosen(tree)
    assert peerings["practice"].method == "everyone"
    assert findings == []


def test_fewer_areas_than_peers_asked_are_noted_and_all_the_others_are_peers():
    peerings, findings = chosen(tree_of(4))
    assert peerings["practice"].positions.shape == (4, 3)
    assert [(f.severity, f.value) for f in findings if f.code == "fewer_peers"] == [("note", "4")]


def test_an_area_with_a_missing_feature_has_no_peers_and_is_counted():
    imd = np.r_[np.nan, np.arange(1.0, 14.0)]
    peerings, findings = chosen(tree_of(imd=imd), {"practice": {"features": ("imd",)}})
    positions = peerings["practice"].positions
    assert (positions[0] == -1).all()
    assert not (positions == 0).any()
    assert [f.value for f in findings if f.code == "fewer_peers"] == ["1"]
    assert np.isnan(peerings["practice"].fit.set_index("area").loc["P00", "fit"])


def test_features_that_are_the_same_everywhere_leave_no_peers_and_the_finding_says_what_to_do():
    peerings, findings = chosen(tree_of(imd=np.full(14, 7.0)), {"practice": {"features": ("imd",)}})
    assert peerings["practice"].positions.shape == (14, 0)
    (finding,) = [f for f in findings if f.code == "peer_variables"]
    assert finding.value == "imd"
    assert 'method = "everyone"' in finding.hint


def test_peers_of_the_same_parent_are_the_siblings():
    peerings, _ = chosen(tree_of(5), {"practice": {"method": "parent"}})
    assert [sorted(int(p) for p in row if p >= 0) for row in peerings["practice"].positions] == [
        [2, 4], [3], [0, 4], [1], [0, 2],
    ]  # fmt: skip


def test_areas_that_may_not_be_peers_have_peers_and_the_fit_knows():
    peerings, _ = chosen(
        tree_of(), {"practice": {"features": ("imd", "rural"), "number": 5, "not_peers": ("P03",)}}
    )
    positions = peerings["practice"].positions
    assert not (positions == 3).any()
    assert (positions[3] >= 0).all()
    fit = peerings["practice"].fit
    assert (fit["kept_under_equal_weights"] == 5).all()  # they are equal: the same candidates, the same peers


def test_the_same_seed_gives_the_same_fit():
    here, there = (chosen(tree_of())[0]["practice"].fit for _ in range(2))
    pd.testing.assert_frame_equal(here, there)


@pytest.mark.parametrize("method", ["similar", "parent"])
def test_one_area_alone_has_no_peers_and_no_error(method):
    tree = area_tree(pd.DataFrame({"area": ["A"], "kind": "practice", "parent": pd.NA, "imd": [3.0]}))
    peerings, _ = chosen(tree, {"practice": {"method": method}})
    assert peerings["practice"].positions.shape == (1, 0)


def test_peers_of_a_category_share_it_and_numbers_are_cut_into_fifths():
    table = pd.DataFrame(
        {
            "area": [f"P{i:02d}" for i in range(20)],
            "kind": "practice",
            "parent": pd.NA,
            "imd": np.arange(20.0),
            "place": ["town", "coast"] * 10,
        }
    )
    settings = {"practice": Peers(method="category", category=("imd", "place"))}
    peering = choose_peers(area_tree(table), settings, seed=1, findings=[])["practice"]
    # Fifths of four areas, two of them in town and two on the coast: one peer each.
    assert peering.positions.shape == (20, 1)
    assert peering.positions[0, 0] == 2
    assert peering.positions[1, 0] == 3


def test_a_category_that_is_no_column_is_an_error_that_lists_the_columns():
    table = pd.DataFrame({"area": ["A", "B"], "kind": "practice", "parent": pd.NA, "imd": [1.0, 2.0]})
    settings = {"practice": Peers(method="category", category=("ruc11",))}
    with pytest.raises(VariationError, match=r"not there: ruc11\n  hint: there are area, kind, parent, imd"):
        choose_peers(area_tree(table), settings, seed=1, findings=[])


def test_listed_peers_stand_in_the_order_of_their_list():
    table = pd.DataFrame({"area": list("ABCD"), "kind": "practice", "parent": pd.NA})
    listed = pd.DataFrame({"area": ["A", "A", "B", "A"], "peer": ["C", "B", "D", "elsewhere"]})
    settings = {"practice": Peers(method="list")}
    peering = choose_peers(area_tree(table), settings, seed=1, findings=[], listed=listed)["practice"]
    assert peering.positions.tolist() == [[2, 1], [3, -1], [-1, -1], [-1, -1]]
    with pytest.raises(VariationError, match="needs a table of peers"):
        choose_peers(area_tree(table), settings, seed=1, findings=[])


def test_any_number_of_areas_can_be_held_against_each_other():
    table = pd.DataFrame({"area": [f"P{i}" for i in range(2001)], "kind": "practice", "parent": pd.NA})
    settings = {"practice": Peers(method="everyone")}
    assert choose_peers(area_tree(table), settings, seed=1, findings=[])["practice"].positions == Everyone(
        2001
    )


def test_among_everyone_an_area_can_be_no_peer_for_an_indicator_where_the_others_can_be_listed():
    table = pd.DataFrame({"area": [f"P{i}" for i in range(2001)], "kind": "practice", "parent": pd.NA})
    settings = {"practice": Peers(method="everyone", exclude={"asthma": ("P1",)})}
    few = choose_peers(area_tree(table.head(3)), settings, seed=1, findings=[])["practice"]
    assert few.of_indicator("asthma").positions.tolist() == [[-1, 2], [2, 0], [0, -1]]
    assert few.of_indicator("copd").positions == Everyone(3)
    with pytest.raises(
        VariationError, match=r'2,001 areas (.|\n)*hint: peers.KIND.method = "similar"'
    ) as error:
        choose_peers(area_tree(table), settings, seed=1, findings=[])
    assert error.value.exit_code == 1
