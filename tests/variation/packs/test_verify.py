"""A pack verified: what is missing, changed, added or made from something else is said, and nothing else."""

import json
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from variation import write_pack
from variation.cli.main import main
from variation.folders import file_hash
from variation.packs.manifest import MANIFEST, ManifestError, read_manifest


@pytest.fixture(scope="module")
def written(small_analysis, tmp_path_factory):
    return write_pack(small_analysis, tmp_path_factory.mktemp("packs") / "pack", outputs=("tables",))


@pytest.fixture
def pack(written, tmp_path):
    return shutil.copytree(written, tmp_path / "pack")


@pytest.fixture
def settings(small_settings, tmp_path):
    return shutil.copytree(small_settings.parent, tmp_path / "analysis") / "analysis.toml"


def verify(*arguments):
    """Exit code and findings, as a program reads them."""
    result = CliRunner().invoke(main, ["verify", *map(str, arguments), "--json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.exit_code, [(one["code"], one["table"]) for one in json.loads(result.stdout)]


def rewrite(pack, **changes):
    """Change the manifest."""
    manifest = json.loads((pack / MANIFEST).read_text(encoding="utf-8"))
    (pack / MANIFEST).write_text(json.dumps(manifest | changes), encoding="utf-8")
    return manifest


def test_a_pack_as_it_was_written_and_its_inputs_verify(pack, settings):
    assert verify(pack) == (0, [])
    assert verify(pack, settings) == (0, [])


def test_the_summary_counts_files_and_inputs(pack, settings):
    shown = CliRunner().invoke(main, ["verify", str(pack), str(settings)])
    number = len(read_manifest(pack).outputs)
    assert shown.output == f"Verified {pack}: {number} files, 6 inputs; no findings\n"


@pytest.mark.parametrize("name", ["tables/comparison.csv", "tables/MARKING.txt", "tables/savings.parquet"])
def test_a_file_that_is_gone_or_has_one_byte_changed_is_found(pack, name):
    content = (pack / name).read_bytes()
    (pack / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert verify(pack) == (1, [("pack_changed", name)])
    (pack / name).unlink()
    assert verify(pack) == (1, [("pack_missing", name)])


def test_a_file_too_many_is_found_but_not_what_file_managers_leave(pack):
    (pack / ".DS_Store").write_text("")
    assert verify(pack) == (0, [])
    (pack / "tables" / "more.csv").write_text("area,deaths")
    assert verify(pack) == (1, [("pack_extra", "tables/more.csv")])


def test_a_link_in_the_place_of_a_file_is_found_though_what_it_leads_to_is_the_same(pack, tmp_path):
    one = pack / "tables" / "plan.csv"
    shutil.move(one, tmp_path / "elsewhere.csv")
    one.symlink_to(tmp_path / "elsewhere.csv")
    assert verify(pack) == (1, [("pack_changed", "tables/plan.csv")])


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "there is none"),
        ("", "cannot be read"),
        ("[]", "valid dictionary"),
        ("{}", "Field required"),
        ('{"outputs": NaN}', "NaN is no number"),
        ("[" * 100_000, "cannot be read"),
        ("\ud83d".encode("utf-8", "surrogatepass"), "cannot be read"),
    ],
)
def test_a_manifest_that_is_none_is_said_in_words(pack, manifest, said):
    (pack / MANIFEST).unlink()
    if manifest is not None:
        (pack / MANIFEST).write_bytes(manifest.encode() if isinstance(manifest, str) else manifest)
    assert verify(pack) == (1, [("no_manifest", MANIFEST)])
    with pytest.raises(ManifestError, match=said):
        read_manifest(pack)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\win.ini", "tables/../../x", "", ".", "a\0b"]
)
def test_a_manifest_that_leads_out_of_the_pack_is_refused(pack, name):
    rewrite(pack, outputs={name: "0" * 64})
    with pytest.raises(ManifestError, match="not a path inside the pack"):
        read_manifest(pack)
    assert verify(pack)[0] == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("outputs", {"index.html": "abc"}),
        ("made", "yesterday"),
        ("settings", {"policy": 1}),
        ("more", "keys"),
    ],
)
def test_a_manifest_with_a_wrong_value_is_refused(pack, key, value):
    rewrite(pack, **{key: value})
    assert verify(pack) == (1, [("no_manifest", MANIFEST)])


def test_a_manifest_whose_policy_nobody_knows_is_found(pack):
    manifest = rewrite(pack)
    rewrite(pack, settings=manifest["settings"] | {"policy": "mine"})
    assert verify(pack) == (1, [("no_manifest", MANIFEST)])


def test_a_total_that_was_changed_together_with_its_hash_is_found(pack):
    path = pack / "tables" / "opportunity.parquet"
    table = pd.read_parquet(path)
    table.loc[table["value_gbp"].idxmax(), "value_gbp"] += 1
    table.to_parquet(path)
    manifest = rewrite(pack)
    rewrite(pack, outputs=manifest["outputs"] | {"tables/opportunity.parquet": file_hash(path)})
    code, found = verify(pack)
    assert code == 1
    assert set(found) >= {("totals_disagree", "opportunity"), ("totals_disagree", "totals")}


def test_another_input_other_rows_and_one_too_many_are_found(pack, settings):
    figures = settings.parent / "indicators.csv"
    text = figures.read_text(encoding="utf-8")
    figures.write_text(text.replace("\n", " \n", 2), encoding="utf-8", newline="\n")
    assert verify(pack, settings) == (1, [("input_changed", "indicators.csv")])
    figures.write_text(text.rstrip("\n").rpartition("\n")[0] + "\n", encoding="utf-8", newline="\n")
    code, found = verify(pack, settings)
    assert (code, found) == (1, [("input_changed", "indicators.csv")])
    figures.write_text(text, encoding="utf-8", newline="\n")
    named = settings.read_text(encoding="utf-8")
    (settings.parent / "plan2.csv").write_bytes((settings.parent / "plan.csv").read_bytes())
    settings.write_text(named.replace('"plan.csv"', '"plan2.csv"'), encoding="utf-8", newline="\n")
    assert verify(pack, settings) == (1, [("input_changed", "plan.csv"), ("input_changed", "plan2.csv")])


def test_a_setting_that_was_changed_since_is_found(pack, settings):
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("seed = 2017", "seed = 2018"), encoding="utf-8", newline="\n")
    shown = CliRunner().invoke(main, ["verify", str(pack), str(settings)])
    assert shown.exit_code == 1
    assert "analysis.toml, column seed: the pack was made with '2017' (found: 2018)" in shown.output


def test_inputs_that_can_no_longer_be_read_are_found_beside_the_pack(pack, settings):
    (settings.parent / "areas.csv").unlink()
    (pack / "tables" / "plan.csv").unlink()
    assert verify(pack, settings) == (1, [("pack_missing", "tables/plan.csv"), ("file", "areas.csv")])


def test_under_a_publishing_policy_counts_are_said_not_to_be_comparable(small_settings, tmp_path):
    out = tmp_path / "published"
    arguments = ["run", str(small_settings), "--out", str(out), "--only", "tables", "--policy", "hes_2018"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert verify(out, small_settings, "--policy", "hes_2018") == (
        0,
        [("input_not_compared", "indicators.csv")],
    )
    assert verify(out, small_settings)[1][-1] == ("setting_changed", "analysis.toml")


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path):
    shown = CliRunner().invoke(main, ["verify", str(tmp_path / "none")])
    assert shown.exit_code == 1
    assert "no such folder" in shown.output
