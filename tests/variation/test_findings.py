"""Every finding that the code can make is declared, with its severity, and documented."""

import ast
from pathlib import Path

import pytest

from variation.findings import GROUPS, declared, markdown

ROOT = Path(__file__).parents[2]


def made():
    """Codes and severities of every call that names them, found in the source."""
    found = []
    for path in sorted((ROOT / "variation").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                given = {word.arg: word.value for word in node.keywords}
                code, severity = given.get("code"), given.get("severity")
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    grave = severity.value if isinstance(severity, ast.Constant) else None
                    found.append((code.value, grave, f"{path.name}:{node.lineno}"))
    return found


def test_every_finding_of_the_code_is_declared_and_every_declared_one_is_made():
    codes = {code for code, _, _ in made()}
    assert len(codes) > 50
    assert codes == {one.code for one in declared()}


@pytest.mark.parametrize(("code", "severity", "place"), [one for one in made() if one[1]])
def test_a_finding_is_as_grave_as_it_is_declared(code, severity, place):
    (one,) = [one for one in declared() if one.code == code]
    assert severity in one.severity.split(", "), place


def test_declarations_are_whole_and_stand_once():
    codes = [one.code for one in declared()]
    assert len(codes) == len(set(codes))
    for one in declared():
        assert one.group in GROUPS
        assert set(one.severity.split(", ")) <= {"error", "warning", "note"}
        assert min(len(one.meaning), len(one.outcome)) > 5


def test_the_page_of_findings_is_what_the_declarations_say():
    page = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
    assert page == markdown(), "run python -m variation.findings"
