"""Areas from the columns of one file, and groups of what is not allocated."""

import pandas as pd
import pytest

from variation.analysis import analyse
from variation.policies import POLICIES

HEAD = "indicator,area,period,numerator,denominator"
MAP = """\
PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,CCG_CODE,CCG_NAME,LIST
P1,One,N1,North,11J,Dorset,1000
P2,Two,N1,North,11J,Dorset,2000
P3,Three,N2,South,11J,Dorset,3000
P4,Four,U,Unallocated,11J,Dorset,4000
P5,Five,,,11X,Somerset,5000
P6,Six,U,Unallocated,11X,Somerset,6000
"""
LEVELS = (
    '{ file = "areas.csv", levels = { practice = "PRACTICE_CODE", network = "PCN_CODE", ccg = "CCG_CODE" },'
    ' level_names = { practice = "PRACTICE_NAME", network = "PCN_NAME" }, columns = { population = "LIST" } }'
)
ROWS = f"{HEAD}\n" + "".join(f"asthma,P{n},2016/17,{n},1000\n" for n in range(1, 7))


@pytest.fixture
def read_levels(read_tiny):
    def read(areas=MAP, levels=LEVELS, indicators=ROWS, **more):
        return read_tiny(areas=areas, tables={"areas": levels}, indicators=indicators, **more)

    return read


def parents(found):
    table = found.inputs.areas
    return dict(zip(table["area"], table["parent"].fillna(""), strict=True))


def test_a_column_for_every_level_makes_the_tree(read_levels):
    found = read_levels()
    assert parents(found) == {
        "P1": "N1", "P2": "N1", "P3": "N2", "P4": "11J", "P5": "11X", "P6": "11X",
        "N1": "11J", "N2": "11J", "11J": "", "11X": "",
    }  # fmt: skip
    table = found.inputs.areas.set_index("area")
    assert table.loc[["P1", "N1", "11J"], "kind"].to_list() == ["practice", "network", "ccg"]
    assert table.loc[["P1", "N1", "11J"], "name"].to_list() == ["One", "North", "11J"]
    assert table.loc["P3", "population"] == 3000
    assert pd.isna(table.loc["N1", "population"])
    assert found.inputs.tree.kinds_by_depth == ["practice", "network", "ccg"]


def test_sums_go_past_an_unallocated_group_to_the_area_above_it(read_levels):
    found = analyse(read_levels().inputs, policy=POLICIES["internal"])
    rows = found.comparison.set_index("area")["numerator"]
    assert rows[["N1", "N2", "11J", "11X"]].to_list() == [3, 3, 10, 11]


def test_an_unallocated_group_is_named_with_what_is_in_it(read_levels):
    (finding,) = read_levels().of("unallocated")
    assert (finding.severity, finding.table, finding.row, finding.value) == (
        "note",
        "areas.csv",
        5,
        "Unallocated",
    )
    assert "the 2 practice areas in it, with 10,000 people, count in the area above" in finding.message


def test_unallocated_groups_are_areas_like_others_where_the_settings_say_so(read_levels):
    found = read_levels(areas=MAP.replace("P6,Six,U", "P6,Six,N2"), settings="[areas]\nunallocated = []\n")
    assert parents(found)["P4"] == "U"
    assert found.of("unallocated") == []


def test_a_network_in_two_ccgs_counts_where_most_of_it_lies_and_is_a_warning(read_levels):
    found = read_levels(areas=MAP.replace("P5,Five,,", "P5,Five,N1,North"))
    assert parents(found)["N1"] == "11J"
    assert [(f.severity, f.value) for f in found.of("two_parents")] == [("warning", "N1")]


def test_areas_with_parents_of_their_own_lose_an_unallocated_group_too(read_tiny):
    areas = "area,name,kind,parent,population\nP1,One,practice,L1,10\nP2,Two,practice,X,20\nP3,Three,practice,L1,30\n"
    areas += "L1,Town,locality,I,\nX,unallocated ,locality,I,\nI,All,icb,,\n"
    found = read_tiny(areas=areas)
    assert parents(found) == {"P1": "L1", "P2": "I", "P3": "L1", "L1": "I", "I": ""}
    (finding,) = found.of("unallocated")
    assert "the 1 practice areas in it, with 20 people, count in the area above" in finding.message


def test_levels_are_for_areas_only_and_names_are_of_levels(read_tiny):
    from variation.errors import SettingsError

    with pytest.raises(SettingsError, match=r"tables\.plan: .*levels are for tables\.areas only"):
        read_tiny(tables={"plan": '{ file = "plan.csv", levels = { a = "A" } }'})
    with pytest.raises(SettingsError, match=r"no such level: b; levels has a"):
        read_tiny(tables={"areas": '{ file = "areas.csv", levels = { a = "A" }, level_names = { b = "B" } }'})


def test_a_missing_level_column_is_named(read_levels):
    found = read_levels(areas=MAP.replace("PCN_CODE", "PCN"))
    assert [f.message for f in found.of("missing_column")] == ["missing columns PCN_CODE"]


@pytest.mark.shared
def test_the_published_practice_map_reads_in_five_lines(shared_data, tmp_path):
    from variation.areas.levels import read_areas
    from variation.settings import TableSource

    source = TableSource(
        file=str(shared_data / "list_size" / "gp-reg-pat-prac-map_jan2022.csv"),
        levels={"practice": "PRACTICE_CODE", "pcn": "PCN_CODE", "ccg": "CCG_CODE", "icb": "STP_CODE"},
        level_names={"practice": "PRACTICE_NAME", "pcn": "PCN_NAME", "ccg": "CCG_NAME", "icb": "STP_NAME"},
        encoding="cp1252",
    )
    reading = read_areas((source,), ("U",), folder=tmp_path)
    raw = pd.read_csv(source.file[0], dtype=str, encoding="cp1252")
    assert reading.table["kind"].value_counts().to_dict() == {
        "practice": len(raw), "pcn": raw["PCN_CODE"].nunique() - 1,
        "ccg": raw["CCG_CODE"].nunique(), "icb": raw["STP_CODE"].nunique(),
    }  # fmt: skip
    table = reading.table.set_index("area")
    alone = raw[raw["PCN_CODE"] == "U"]
    assert (table.loc[alone["PRACTICE_CODE"], "parent"].to_numpy() == alone["CCG_CODE"].to_numpy()).all()
    two = raw[["PCN_CODE", "CCG_CODE"]].drop_duplicates()["PCN_CODE"].value_counts().gt(1).sum() - 1
    warned = [finding for finding in reading.findings if finding.code == "two_parents"]
    assert len(warned) == 5
    assert f"and {two - 5} more rows" in warned[-1].message
