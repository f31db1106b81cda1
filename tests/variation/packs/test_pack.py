"""The pack as a whole: every part there, hashed, the same bytes twice, and never half written."""

import json
from dataclasses import replace
from hashlib import sha256

import pandas as pd
import pyarrow.parquet as pq
import pytest

from variation.packs.pack import contents_of, write_pack, write_tables
from variation.policies import POLICIES
from variation.tables import OUTPUTS


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def pack(example_analysis, tmp_path_factory):
    return write_pack(example_analysis, tmp_path_factory.mktemp("packs") / "pack")


def test_the_pack_has_every_part_that_its_reader_expects(pack):
    there = files(pack)
    assert {"index.html", "variation-pack.xlsx", "manifest.json", "charts/index.csv"} <= set(there)
    for table in OUTPUTS:
        assert {f"tables/{table.name}.parquet", f"tables/{table.name}.csv"} <= set(there)
    pictures = pd.read_csv(pack / "charts" / "index.csv")
    assert {"funnel", "caterpillar", "spine", "opportunity", "plan"} <= set(pictures["kind"])
    assert pictures["alt_text"].str.len().min() > 60


def test_the_tables_have_the_declared_columns_and_csv_and_parquet_agree(pack):
    for table in OUTPUTS:
        frame = pd.read_parquet(pack / "tables" / f"{table.name}.parquet")
        assert list(frame.columns) == table.names, table.name
        text = pd.read_csv(pack / "tables" / f"{table.name}.csv", low_memory=False)
        assert list(text.columns) == table.names
        assert len(text) == len(frame)


def test_numbers_in_the_csv_are_those_of_the_parquet_to_eight_figures(pack):
    exact = pd.read_parquet(pack / "tables" / "opportunity.parquet")
    text = pd.read_csv(pack / "tables" / "opportunity.csv", low_memory=False)
    pd.testing.assert_frame_equal(
        exact.select_dtypes("number"), text.select_dtypes("number"), rtol=1e-7, check_dtype=False
    )


def test_the_manifest_names_every_input_and_output_with_its_hash(pack, example_folder):
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    there = files(pack)
    assert manifest["outputs"] == {
        name: sha256(content).hexdigest() for name, content in there.items() if name != "manifest.json"
    }
    for source in manifest["inputs"]:
        assert source["sha256"] == sha256((example_folder / source["name"]).read_bytes()).hexdigest()
    assert manifest["notice"] == "Synthetic example data"
    assert manifest["settings"]["seed"] == "2017"


def test_the_same_inputs_give_the_same_bytes(pack, example_analysis, tmp_path):
    again = files(write_pack(example_analysis, tmp_path / "again"))
    first = files(pack)
    assert again.keys() == first.keys()
    assert [name for name in first if first[name] != again[name]] == []


def test_some_of_the_outputs_can_be_asked_for(example_analysis, tmp_path):
    out = write_pack(example_analysis, tmp_path / "some", outputs=("tables",))
    assert {path.name for path in out.iterdir()} == {"tables", "manifest.json"}


def test_an_internal_pack_is_marked_in_every_folder_and_a_publishing_one_is_not(
    pack, example_analysis, tmp_path
):
    for part in ("tables", "charts"):
        assert "OFFICIAL-SENSITIVE" in (pack / part / "MARKING.txt").read_text()
    assert pq.read_schema(pack / "tables" / "totals.parquet").metadata[b"marking"] == b"OFFICIAL-SENSITIVE"
    assert json.loads((pack / "manifest.json").read_text(encoding="utf-8"))["banner"] == "OFFICIAL-SENSITIVE"
    published = replace(example_analysis, policy=POLICIES["under_5"])
    there = files(write_pack(published, tmp_path / "published", outputs=("tables",)))
    marked = {name for name, content in there.items() if b"OFFICIAL-SENSITIVE" in content}
    assert marked <= {"manifest.json"}  # its settings say what the policies are
    assert json.loads(there["manifest.json"])["banner"] == ""


def test_the_hash_of_a_file_with_counts_is_not_told_where_some_are_withheld(example_analysis):
    published = contents_of(replace(example_analysis, policy=POLICIES["under_5"])).sources
    hashes = {source.table: source.sha256 for source in published}
    assert hashes["indicators"] == ""
    assert all(len(digest) == 64 for table, digest in hashes.items() if table != "indicators")


def test_no_text_of_a_csv_begins_a_formula_and_negative_numbers_stay_numbers(example_analysis, tmp_path):
    contents = contents_of(example_analysis)
    areas = contents.areas.assign(
        name=contents.areas["name"].where(contents.areas["area"] != "SYN001", "=cmd|calc!A1")
    )
    write_tables(replace(contents, areas=areas), tmp_path / "tables")
    text = pd.read_csv(tmp_path / "tables" / "areas.csv").set_index("area")
    assert text.loc["SYN001", "name"] == "'=cmd|calc!A1"
    assert (
        pd.read_parquet(tmp_path / "tables" / "areas.parquet").set_index("area").loc["SYN001", "name"]
        == "=cmd|calc!A1"
    )
    plan = pd.read_csv(tmp_path / "tables" / "plan.csv")
    assert plan["target_gbp"].min() == -16_000_000


def test_a_word_of_any_kind_of_column_and_any_heading_begins_no_formula():
    from variation.packs.pack import _for_spreadsheets

    table = pd.DataFrame(
        {
            "of a few kinds": pd.Series(["=1+1", "Poole"], dtype="category"),
            "of words": ["-2+3", None],
            "@heading": [-1.0, 2.0],
        }
    )
    safe = _for_spreadsheets(table)
    assert list(safe.columns) == ["of a few kinds", "of words", "'@heading"]
    assert safe["of a few kinds"].tolist() == ["'=1+1", "Poole"]
    assert safe["of words"].dropna().tolist() == ["'-2+3"]
    assert safe["'@heading"].tolist() == [-1.0, 2.0]
