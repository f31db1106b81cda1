"""The same inputs, settings and seed give the same bytes of every file, wherever and however they are run."""

import shutil

import pandas as pd
import pytest

from tests.assurance.small import hashes, run, write_small

SHUFFLED = ("areas", "indicators", "catalogue", "assumptions", "schemes")  # a plan is shown in its own order


@pytest.fixture(scope="module")
def analysis(tmp_path_factory):
    return write_small(tmp_path_factory.mktemp("determinism") / "analysis")


def written(settings, out, *, workers, policy="hes_2018", cwd=None, **environment):
    """Hashes of a whole pack of one run."""
    done = run(
        "run", settings, "--out", out, "--policy", policy, "--workers", workers, env=environment, cwd=cwd
    )
    assert done.returncode == 0, done.stderr
    return hashes(out)


@pytest.fixture(scope="module")
def first(analysis, tmp_path_factory):
    out = tmp_path_factory.mktemp("first") / "pack"
    return written(analysis, out, workers=1, PYTHONHASHSEED="0", TZ="Europe/London", LC_ALL="C.UTF-8")


def differing(one, other):
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def test_a_pack_has_every_kind_of_file(first):
    endings = {name.rpartition(".")[2] for name in first}
    assert endings == {"html", "xlsx", "pdf", "svg", "png", "csv", "parquet", "json"}


@pytest.mark.parametrize(
    ("workers", "environment"),
    [
        pytest.param(
            2, {"PYTHONHASHSEED": "1", "TZ": "Pacific/Chatham", "LC_ALL": "C"}, marks=pytest.mark.long
        ),
        (4, {"PYTHONHASHSEED": "random", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"}),
    ],
)
def test_workers_hash_seed_time_zone_language_and_folders_change_no_byte(
    analysis, first, tmp_path, workers, environment
):
    elsewhere = shutil.copytree(analysis.parent, tmp_path / "a folder with spaces" / "and ünïcode")
    (tmp_path / "work").mkdir()
    again = written(
        elsewhere / "analysis.toml", tmp_path / "pack", workers=workers, cwd=tmp_path / "work", **environment
    )
    assert differing(first, again) == set()


@pytest.mark.long
def test_the_order_of_the_rows_of_every_input_changes_no_figure(analysis, first, tmp_path):
    """Their hashes do change: they stand in the manifest, and where a pack lists its inputs."""
    copy = shutil.copytree(analysis.parent, tmp_path / "analysis")
    for number, name in enumerate(SHUFFLED):
        table = pd.read_csv(copy / f"{name}.csv", dtype=str)
        table.sample(frac=1, random_state=number).to_csv(copy / f"{name}.csv", index=False)
    again = written(copy / "analysis.toml", tmp_path / "pack", workers=1)
    assert differing(first, again) <= {"manifest.json", "variation-pack.xlsx", "index.html"}


def test_the_order_of_the_counts_changes_no_byte_where_a_policy_withholds_their_hash(
    analysis, first, tmp_path
):
    copy = shutil.copytree(analysis.parent, tmp_path / "analysis")
    table = pd.read_csv(copy / "indicators.csv", dtype=str)
    table.sample(frac=1, random_state=7).to_csv(copy / "indicators.csv", index=False)
    assert differing(first, written(copy / "analysis.toml", tmp_path / "pack", workers=1)) == set()


@pytest.mark.long
def test_another_seed_does_change_what_is_drawn(analysis, first, tmp_path):
    """Else the tests above could not fail."""
    copy = shutil.copytree(analysis.parent, tmp_path / "analysis") / "analysis.toml"
    text = copy.read_text(encoding="utf-8").replace("seed = 2017", "seed = 2018")
    copy.write_text(text, encoding="utf-8", newline="\n")
    again = written(copy, tmp_path / "pack", workers=1)
    assert "tables/opportunity.parquet" in differing(first, again)
