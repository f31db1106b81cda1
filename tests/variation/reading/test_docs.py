"""The guide to reading: its examples are valid settings, and it names every key."""

import re
import tomllib
from pathlib import Path

import pytest

from variation.settings import Tables
from variation.settings.table_source import TableSource

GUIDE = (Path(__file__).parents[3] / "docs" / "reading.md").read_text(encoding="utf-8")
FENCED = re.compile(r"```toml\n(.*?)```", re.DOTALL)
EXAMPLES = FENCED.findall(GUIDE)
CODE = "\n".join([*EXAMPLES, *re.findall(r"`[^`]+`", FENCED.sub("", GUIDE))])


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("\n")[0])
def test_every_example_is_valid(example):
    tables = tomllib.loads(example)["tables"]
    needed = {"indicators": "i.csv", "areas": "a.csv", "catalogue": "c.csv"}
    assert Tables.model_validate(needed | tables)


@pytest.mark.parametrize("key", TableSource.model_fields)
def test_every_key_of_a_source_is_in_the_guide(key):
    assert re.search(rf"(?<![\w.]){key}(?!\w)", CODE)
