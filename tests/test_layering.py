"""The three packages import in one direction: variation -> reports, variation -> benchmarks."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "benchmarks": {"benchmarks"},
    "reports": {"reports"},
    "variation": {"benchmarks", "reports", "variation"},
}


def imported_packages(source: str) -> set[str]:
    """Return the top-level packages that a module imports, wherever in the file it does so."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_itself_and_the_ones_below(package):
    for path in (ROOT / package).rglob("*.py"):
        ours = imported_packages(path.read_text(encoding="utf-8")) & MAY_IMPORT.keys()
        assert ours <= MAY_IMPORT[package], f"{path.relative_to(ROOT)} imports {ours - MAY_IMPORT[package]}"


def test_a_forbidden_import_is_seen_even_inside_a_function():
    assert "variation" in imported_packages("def f():\n    from variation.tables import TABLES\n")
