"""What an installation brings: bounded, locked, licensed; and nothing asks for a network at run time."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.assurance.small import run, write_small
from tests.assurance.supply import (
    EXTRAS,
    LICENCES,
    LICENCES_HEAD,
    brought,
    declared,
    everything,
    licence,
    locked,
)

NO_NETWORK = Path(__file__).parent / "no_network"


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_every_requirement_has_a_lowest_version_and_one_that_it_stays_below(extra):
    for one in declared(extra):
        operators = {part.operator for part in one.specifier}
        assert operators & {"==", ">="}, str(one)
        assert operators & {"==", "<"}, str(one)


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_the_lock_file_has_a_version_within_the_bounds_of_every_requirement(extra):
    lock = locked()
    for one in declared(extra):
        assert one.specifier.contains(lock[one.name]), f"{one}: run python -m tests.assurance.supply"


@pytest.mark.skipif(sys.platform != "linux", reason="the lock file is made on Linux")
def test_the_lock_file_has_everything_that_an_installation_brings():
    lock = locked()
    installed = {name: one.version for name, one in everything().items()}
    assert installed.keys() <= lock.keys(), "run python -m tests.assurance.supply"
    if os.environ.get("CI") == "true":  # installed with the lock file: these versions and no others
        assert installed == {name: lock[name] for name in installed}


def test_no_library_of_the_main_installation_is_under_the_gpl():
    main = brought(declared())
    assert {"pandas", "numpy", "pydantic-core"} <= main.keys()  # what they need is looked at too
    assert [name for name, one in main.items() if re.search(r"GPL|General Public", licence(one))] == []
    assert [name for name, one in main.items() if licence(one) in ("see the library", "not named")] == []


def test_every_library_is_on_the_page_of_licences_with_its_licence():
    page = LICENCES.read_text(encoding="utf-8")
    assert page.startswith(LICENCES_HEAD)
    rows = dict(re.findall(r"^\| ([a-z0-9-]+) \| (.+?) \|", page, flags=re.MULTILINE))
    assert rows.keys() >= everything().keys(), "run python -m tests.assurance.supply"


def test_the_page_of_assurance_counts_libraries_as_the_lock_file_and_the_licences_do():
    page = (LICENCES.parent / "assurance.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| [a-z0-9-]+ \| .+ \| (.*) \|$", LICENCES.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    rows = [one for one in rows if one != "comes with"]
    main = [one for one in rows if one == "the main installation"]
    assert len(rows) == len(locked())
    assert f"| {len(rows)} | `python -m tests.assurance.supply` writes it |" in page
    assert f"| 0 of {len(main)} | the same;" in page
    assert f"| all, {len(EXTRAS)} extras too |" in page


def test_a_run_asks_for_no_network(tmp_path):
    """Every kind of output, drawn in processes of their own, where any use of a network is refused and said."""
    path = [str(NO_NETWORK), os.environ.get("PYTHONPATH", str(Path.cwd()))]
    closed = {"PYTHONPATH": os.pathsep.join(path)}
    for way in ("create_connection(('127.0.0.1', 9), timeout=1)", "socket().bind(('127.0.0.1', 0))"):
        tried = subprocess.run(
            [sys.executable, "-c", f"import socket; socket.{way}"],
            capture_output=True, text=True, check=False, env={**os.environ, **closed},
        )  # fmt: skip
        assert "no network here" in tried.stderr  # it is closed
    done = run(
        "run", write_small(tmp_path / "analysis"), "--out", tmp_path / "pack", "--workers", 2, env=closed
    )
    assert done.returncode == 0, done.stderr
    assert "no network here" not in done.stderr
    assert (tmp_path / "pack" / "index.html").exists()
