"""How areas hang together, asked by every writer."""

from dataclasses import replace

import pandas as pd
import pytest

from reports.contents import Contents
from reports.tree import Tree, parent_kind


@pytest.fixture
def pack(few: Contents) -> Contents:
    """Two ICBs, the first with two localities of two practices; one practice without a name."""
    rows = [
        ("I1", "First", "icb", None),
        ("I2", "Second", "icb", None),
        ("L2", "Axe", "locality", "I1"),
        ("L1", "Bere", "locality", "I1"),
        ("L3", "Char", "locality", "I2"),
        *((f"P{number}", f"Practice {number}", "practice", f"L{1 + number // 2}") for number in range(5)),
        ("P5", "", "practice", "L3"),
    ]
    return replace(few, areas=pd.DataFrame(rows, columns=["area", "name", "kind", "parent"]), focus="I1")


def test_an_area_without_a_name_goes_by_its_code(pack: Contents) -> None:
    assert Tree(pack).name("P5") == "P5"
    assert Tree(pack).name("elsewhere") == "elsewhere"


def test_groups_are_those_of_the_pack_s_own_area_by_name(pack: Contents) -> None:
    tree = Tree(pack)
    assert tree.group_kind == "locality"
    assert tree.groups == ["L2", "L1"]
    assert Tree(replace(pack, focus="")).groups == ["L2", "L1", "L3"]


def test_an_area_is_within_itself_and_all_that_it_is_part_of(pack: Contents) -> None:
    tree = Tree(pack)
    assert tree.within() == {"I1", "L1", "L2", "P0", "P1", "P2", "P3"}
    assert tree.ancestors("P0") == ["L1", "I1"]
    assert tree.parent_name("P0") == "Bere"
    assert tree.parent_name("I1") is None


def test_areas_without_parents_have_no_groups(pack: Contents) -> None:
    areas = pack.areas[pack.areas["kind"] == "practice"].assign(parent=None)
    tree = Tree(replace(pack, areas=areas, focus=""))
    assert (tree.group_kind, tree.groups, tree.finest) == ("", [], "practice")


def test_parents_that_go_round_in_a_ring_end(pack: Contents) -> None:
    areas = pack.areas.assign(parent=pack.areas["parent"].mask(pack.areas["area"] == "I1", "P0"))
    assert Tree(replace(pack, areas=areas)).ancestors("P0") == ["L1", "I1", "P0"]


def test_a_kind_divides_the_pack_s_area_if_every_leaf_is_in_one_of_it(pack: Contents) -> None:
    assert Tree(pack).divides("locality")
    astray = pack.areas.assign(parent=pack.areas["parent"].mask(pack.areas["area"] == "P0", "I1"))
    assert not Tree(replace(pack, areas=astray)).divides("locality")


def test_areas_without_parents_have_no_kind_above_them(contents: Contents) -> None:
    alone = contents.areas[contents.areas["kind"] == "practice"]
    assert parent_kind(alone, "practice") == ""
    assert parent_kind(contents.areas, "practice") == "locality"
