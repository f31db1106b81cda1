"""The three packages import in one direction: variation -> reports and benchmarks; so do the parts of variation."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "benchmarks": {"benchmarks"},
    "reports": {"reports"},
    "variation": {"benchmarks", "reports", "variation"},
}


# The parts of variation in the way of the data: each imports those before it, and none that comes after.
WAY = (
    "version", "errors", "folders", "policies", "findings", "methods",
    "settings", "tables", "template", "periods", "reading", "areas", "figures", "checks", "finance", "inputs",
    "comparison", "opportunity", "disclosure", "analysis", "league", "packs",
    "guess", "example", "spark", "cli", "__main__",
)  # fmt: skip


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


def parts_imported(source: str) -> set[str]:
    """Return the parts of variation that a module imports."""
    modules = [node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return {str(module).split(".")[1] for module in modules if str(module).startswith("variation.")}


def test_every_part_of_variation_has_its_place_in_the_way_of_the_data():
    there = {
        path.stem
        for path in (ROOT / "variation").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert there - {"__init__"} == set(WAY)


@pytest.mark.parametrize("part", WAY)
def test_a_part_of_variation_imports_none_that_comes_after_it(part):
    path = ROOT / "variation" / part
    after = set(WAY[WAY.index(part) + 1 :])
    for module in [path.with_suffix(".py")] if not path.is_dir() else path.rglob("*.py"):
        wrong = parts_imported(module.read_text(encoding="utf-8")) & after
        assert not wrong, f"{module.relative_to(ROOT)} imports {wrong}"
