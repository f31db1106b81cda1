"""The list of methods is read from the docstrings, and the page in docs/ is up to date."""

from pathlib import Path

import pytest

from variation.methods import markdown, methods

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("method", methods(), ids=lambda method: method.name)
def test_every_method_says_what_it_is_and_where_it_is_from(method):
    assert len(method.summary) > 20
    assert method.notes, f"{method.path} names no source"


def test_the_methods_page_is_what_the_docstrings_say():
    assert (DOCS / "methods.md").read_text(encoding="utf-8") == markdown(), "run python -m variation.methods"
