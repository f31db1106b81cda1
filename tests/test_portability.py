"""Every module can be loaded on Windows: what only POSIX has is asked for inside functions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {"resource", "fcntl", "pwd", "grp", "termios"}
SIGNALS = {"SIGKILL", "SIGHUP", "SIGALRM", "SIGSTOP", "SIGCONT", "SIGUSR1"}


def at_once(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is loaded: all but the bodies of functions and what is tried."""
    inside = (
        [*node.decorator_list, node.args] if isinstance(node, ast.FunctionDef) else ast.iter_child_nodes(node)
    )
    for child in inside:
        if not isinstance(child, ast.Try | ast.Lambda):
            yield child
            yield from at_once(child)


def only_posix(source: str) -> set[str]:
    """Names of POSIX alone that a module asks for when it is loaded."""
    found = set()
    for node in at_once(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & MODULES
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module)} & MODULES
        elif (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "signal"
        ):
            found |= {node.attr} & SIGNALS
    return found


@pytest.mark.parametrize("folder", ["benchmarks", "reports", "variation", "tests"])
def test_no_module_asks_for_what_windows_has_not_when_it_is_loaded(folder):
    for path in (ROOT / folder).rglob("*.py"):
        assert only_posix(path.read_text(encoding="utf-8")) == set(), path.relative_to(ROOT)


def test_a_module_of_posix_and_a_signal_in_a_decorator_are_seen():
    assert only_posix("import resource\n") == {"resource"}
    assert only_posix("@rule(signal.SIGKILL)\ndef f(): ...\n") == {"SIGKILL"}
    assert only_posix("def f():\n    import resource\n    signal.SIGKILL\n") == set()
