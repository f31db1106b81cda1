"""Every broken input through the command line: the findings it must give, its exit code, and no traceback."""

import json
import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.corpus import files, settings, sheets, tables
from tests.corpus.case import write
from variation.cli.main import main

CASES = (*files.CASES, *sheets.CASES, *tables.CASES, *settings.CASES)
CLOSED = files.CLOSED
NOBODY = 65534  # the user without any right


@contextmanager
def as_ordinary_user(folder):
    """Let go of root's right to read every file, for as long as a file is to be closed."""
    if os.geteuid() != 0:
        yield
        return
    folder.chmod(0o755)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder():
    """A folder that every user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def found(findings, severities):
    return sorted(
        (f["severity"], f["code"], f["table"], f["row"] or 0, f["column"])
        for f in findings if f["severity"] in severities
    )  # fmt: skip


def expected(rows):
    return sorted((severity, code, table, row or 0, column) for severity, code, table, row, column in rows)


def hold(case, path):
    """Check a case's settings through the command line, in words and as JSON, against what must be found."""
    shown = CliRunner().invoke(main, ["check", str(path)])
    assert shown.exit_code == case.exit_code, shown.output
    assert shown.exception is None or isinstance(shown.exception, SystemExit), shown.exception
    said = " ".join(shown.output.split())
    for words in case.says:
        assert words in said
    if case.exit_code and not case.finds:  # the settings themselves
        assert path.name in shown.output
        return
    listed = CliRunner().invoke(main, ["check", "--json", str(path)])
    assert listed.exit_code == case.exit_code
    findings = json.loads(listed.stdout)
    assert found(findings, ("error", "warning")) == expected(case.finds)
    assert set(expected(case.notes)) <= set(found(findings, ("note",)))
    for finding in findings:
        if finding["severity"] == "error":  # what to do is said as a hint, or as what was expected
            assert finding["table"] in said
            assert finding["hint"] or finding["message"].startswith("expected"), finding


@pytest.mark.parametrize("case", [c for c in CASES if c.name not in CLOSED], ids=lambda case: case.name)
def test_it_gives_exactly_these_findings_and_no_traceback(case, tmp_path):
    if case.name in files.LINKS and sys.platform == "win32":
        pytest.skip("links need a privilege on Windows")
    hold(case, write(case, tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows closes files by other means")
@pytest.mark.parametrize("case", [c for c in CASES if c.name in CLOSED], ids=lambda case: case.name)
def test_what_is_closed_to_the_user_is_said_to_be(case, open_folder):
    path = write(case, open_folder)
    with as_ordinary_user(open_folder):
        hold(case, path)


def test_the_sound_analysis_itself_gives_no_finding(tmp_path):
    from tests.corpus.case import Case

    shown = CliRunner().invoke(main, ["check", "--json", str(write(Case(name="sound"), tmp_path))])
    assert shown.exit_code == 0
    assert found(json.loads(shown.stdout), ("error", "warning")) == []


def test_there_are_enough_of_them_and_each_is_named_once():
    names = [case.name for case in CASES]
    assert len(names) >= 100
    assert len(set(names)) == len(names)
