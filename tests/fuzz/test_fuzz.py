"""The targets themselves: what fuzzing starts from holds, what breaks a reader is seen, and no seed is lost."""

import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import require
from tests.fuzz.seeds import APART
from tests.fuzz.targets import TARGETS, read_tables
from tests.tiny_analysis import AREAS, CATALOGUE, INDICATORS
from variation.errors import Finding

SOUND = (INDICATORS, CATALOGUE, AREAS)
ODD = st.sampled_from(
    ["", " ", "*", "<5", "-", "-1", "0", "1e400", "nan", "inf", "1,000", "12%", "£5", "2016", "1E05",
     "11-Apr", "TRUE", "=1+1", "'", '"', "\x00", "\u200b", "\ud7ff", "P1", "L1", "asthma", "rate",
     "x" * 40_000, "{0}", "%s", "../x"]
) | st.text(max_size=8)  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_hold(name, tmp_path):
    seeds = TARGETS[name].seeds()
    assert seeds
    for data in seeds[:: 1 + len(seeds) // 12]:  # all that are of the corpus are tested there
        TARGETS[name].hold(data, tmp_path)


@pytest.mark.parametrize("name", ["xlsx", "ods", "zip"])
def test_members_of_a_packed_file_are_changed_by_themselves_and_packed_anew(name, tmp_path):
    target = TARGETS[name]
    first = target.seeds()[0][1:]
    (tmp_path / "whole").write_bytes(first)
    for place, (_, content) in enumerate(target.members):
        packed = target.file(bytes([place + 1]) + content)
        assert packed.startswith(b"PK")
        (tmp_path / f"data.{target.ending}").write_bytes(packed)
        assert list(read_tables(target, tmp_path / f"data.{target.ending}")) == []


def test_what_a_reader_should_not_do_is_seen(tmp_path):
    def breaks(target, path):
        raise KeyError("x")

    def undeclared(target, path):
        return [Finding(severity="error", code="no_such_code", table="a", message="b")]

    for read, raised in ((breaks, KeyError), (undeclared, AssertionError)):
        with pytest.raises(raised):
            replace(TARGETS["csv"], read=read).hold(b"a", tmp_path)


@given(
    table=st.integers(0, 2),
    changes=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), ODD), min_size=1, max_size=6),
    drop=st.none() | st.integers(0, 5),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tables_of_any_shape_and_content_are_read_or_said(tmp_path, table, changes, drop, order):
    cells = [line.split(",") for line in SOUND[table].splitlines()]
    for row, column, odd in changes:
        line = cells[row % len(cells)]
        line[column % len(line)] = odd
    if drop is not None:  # a column
        cells = [[cell for place, cell in enumerate(line) if place != drop % len(line)] for line in cells]
    below = cells[1:]
    order.shuffle(below)
    texts = list(SOUND)
    texts[table] = "\n".join(",".join(line) for line in [cells[0], *below, *below[:1]])
    TARGETS["tables"].hold(APART.join(texts).encode("utf-8", errors="replace"), tmp_path)


@pytest.mark.system
def test_the_command_fuzzes_a_target_and_counts(tmp_path):
    if sys.platform != "linux":
        pytest.skip("atheris is for Linux")
    require(find_spec("atheris") is not None, "atheris")
    asked = ["--minutes", "0.25", "--target", "settings", "--keep", str(tmp_path / "kept")]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *asked], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    cells = done.stdout.splitlines()[2].split("|")
    assert cells[1].strip() == "settings"
    assert int(cells[2].replace(",", "")) > 20
