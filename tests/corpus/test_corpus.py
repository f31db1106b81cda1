"""Every broken input through the command line: the findings it must give, its exit code, and no traceback."""

import json
import os
import sys

import pytest
from click.testing import CliRunner

from tests.conftest import require
from tests.corpus import files, settings, sheets, tables
from tests.corpus.case import write
from variation.cli import main

CASES = (*files.CASES, *sheets.CASES, *tables.CASES, *settings.CASES)


def needs(case):
    """Skip where the system cannot make such a file."""
    if case.name in files.NEEDS_PERMISSIONS:
        require(hasattr(os, "geteuid") and os.geteuid() != 0, "a user other than root, whom no file is closed to")
    if case.name in files.NEEDS_LINKS and sys.platform == "win32":
        pytest.skip("links need a privilege on Windows")


def found(findings, severities):
    return sorted(
        (f["severity"], f["code"], f["table"], f["row"] or 0, f["column"])
        for f in findings if f["severity"] in severities
    )  # fmt: skip


def expected(rows):
    return sorted((severity, code, table, row or 0, column) for severity, code, table, row, column in rows)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_gives_exactly_these_findings_and_no_traceback(case, tmp_path):
    needs(case)
    path = write(case, tmp_path)
    shown = CliRunner().invoke(main, ["check", str(path)])
    assert shown.exit_code == case.exit_code, shown.output
    assert shown.exception is None or isinstance(shown.exception, SystemExit), shown.exception
    said = " ".join(shown.output.split())
    for words in case.says:
        assert words in said
    if case.exit_code and not case.finds:  # the settings themselves
        assert str(path) in shown.output
        return
    listed = CliRunner().invoke(main, ["check", "--json", str(path)])
    assert listed.exit_code == case.exit_code
    findings = json.loads(listed.stdout)
    assert found(findings, ("error", "warning")) == expected(case.finds)
    assert set(expected(case.notes)) <= set(found(findings, ("note",)))
    for finding in findings:
        if finding["severity"] == "error":
            assert finding["table"] in said
            assert finding["hint"] or finding["message"].startswith(("expected", "has no")), finding


def test_the_sound_analysis_itself_gives_no_finding(tmp_path):
    from tests.corpus.case import Case

    shown = CliRunner().invoke(main, ["check", "--json", str(write(Case(name="sound"), tmp_path))])
    assert shown.exit_code == 0
    assert found(json.loads(shown.stdout), ("error", "warning")) == []


def test_there_are_enough_of_them_and_each_is_named_once():
    names = [case.name for case in CASES]
    assert len(names) >= 100
    assert len(set(names)) == len(names)
