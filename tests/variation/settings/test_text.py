"""The settings as a commented file: every key there, and every line that is uncommented a valid setting."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from variation.settings import Section, Settings, TableSource, read_settings
from variation.settings.text import EXAMPLES, NOT_WITH_FILE, OF_AREAS, _inner, settings_text, toml_value

TABLES = {name: {"file": f"{name}.csv"} for name in ("indicators", "catalogue", "areas")}
TEXT = settings_text({"title": "Ours", "tables": TABLES})

# A setting in a comment: its key, or the heading of its section, directly after the #.
COMMENTED = re.compile(r"#(?=[\w\[])")


def read(tmp_path, text):
    path = tmp_path / "analysis.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def commented_lines():
    return [number for number, line in enumerate(TEXT.splitlines()) if COMMENTED.match(line)]


def keys_of(model, above=()):
    """Every key of the settings with the section that it is in."""
    for name, field in model.model_fields.items():
        inner = _inner(field)
        if inner is None:
            yield (*above, name)
        elif inner is TableSource:
            yield (*above, name, "file")
        else:
            usual = field.get_default(call_default_factory=True)
            named = next(iter(usual), "practice") if isinstance(usual, dict) else None  # one for each name
            yield from keys_of(inner, (*above, name, named) if named else (*above, name))


def test_as_it_stands_it_gives_every_default(tmp_path):
    assert read(tmp_path, TEXT) == Settings.model_validate({"title": "Ours", "tables": TABLES})


def test_every_key_of_the_settings_is_in_it_under_the_heading_of_its_section():
    found, section = set(), ()
    words = re.sub(r"\n# ", " ", TEXT)
    assert all(f"In place of file: {name} = " in words for name in NOT_WITH_FILE)
    for line in TEXT.splitlines():
        if heading := re.match(r"#?\[+([\w.]+)\]", line):
            section = tuple(heading[1].split("."))
        elif key := re.match(r"#?(\w+) = ", line):
            found.add((*section, key[1]))
    asked = set(keys_of(Settings))
    for name in TableSource.model_fields:
        if name not in NOT_WITH_FILE:
            asked.add(("tables", "areas" if name in OF_AREAS else "indicators", name))
    assert asked - found == set()


def test_every_key_is_explained_by_its_description():
    words = re.sub(r"\n# ", " ", TEXT)
    for model in (Settings, *Section.__subclasses__()):
        for name, field in model.model_fields.items():
            if _inner(field) is None:
                assert field.description, f"{model.__name__}.{name} has no description"
                assert field.description.casefold() in words.casefold(), name


def test_with_every_line_uncommented_it_is_valid(tmp_path):
    everything = "\n".join(COMMENTED.sub("", line, count=1) for line in TEXT.splitlines())
    settings = read(tmp_path, everything)
    assert set(settings.peers) == {"practice"}
    assert settings.tables.plan[0].file == ("plan.csv",)


@pytest.mark.parametrize("number", [n for n in commented_lines() if TEXT.splitlines()[n][1] != "["])
def test_with_any_one_line_uncommented_it_is_valid(tmp_path, number):
    lines = TEXT.splitlines()
    lines[number] = lines[number][1:]
    if lines[number].startswith("level_names"):  # which names the levels that are given
        lines = [line.removeprefix("#") if line.startswith("#levels") else line for line in lines]
    for above in range(number, 0, -1):  # and its section's heading, where that is a comment too
        if lines[above].startswith("["):
            break
        if lines[above].startswith("#["):
            section = lines[above].startswith("#[tables")
            lines[above] = lines[above][1:] + ('\nfile = "x.csv"' if section and number != above + 1 else "")
            break
    read(tmp_path, "\n".join(lines))


def test_a_default_that_is_shown_is_the_default(tmp_path):
    shown = [
        line for before, line in zip(TEXT.splitlines(), TEXT.splitlines()[1:], strict=False)
        if COMMENTED.match(line) and "=" in line and not before.endswith("example:")
    ]  # fmt: skip
    assert "#seed = 20170331" in shown
    assert "#draws = 1000" in shown
    section, lines = "[", []  # nothing of a section that is a comment itself
    for line in TEXT.splitlines():
        section = line if line.startswith(("[", "#[")) else section
        lines.append(line[1:] if line in shown and section.startswith("[") else line)
    everything = "\n".join(lines)
    assert read(tmp_path, everything) == read(tmp_path, TEXT)


@pytest.mark.parametrize(
    "keys", [{"rows"}, {"url", "query"}, {"url", "table"}], ids=lambda keys: " and ".join(sorted(keys))
)
def test_what_stands_in_the_place_of_a_file_is_shown_as_it_may_stand_there(keys):
    TableSource.model_validate({key: EXAMPLES[f"tables.{key}"] for key in keys})


def test_examples_are_of_keys_that_there_are():
    known = {f"{key[0]}.{key[-1]}" if len(key) > 1 else key[0] for key in keys_of(Settings)}
    known |= {f"tables.{name}" for name in TableSource.model_fields}
    assert set(EXAMPLES) <= known


def test_what_is_given_is_live_with_its_remarks_and_a_long_mapping_under_a_heading_of_its_own(tmp_path):
    columns = {
        name: f"a heading of the file, number {name}" for name in ("indicator", "area", "period", "numerator")
    }
    live = {
        "title": "Dörset \\ \"quoted\"",
        "tables": TABLES | {"areas": [{"file": "a.csv"}, {"file": "b.csv", "unique": True}],
                            "indicators": {"file": "x.csv", "columns": columns, "separator": "\t"}},
        "peers": {"practice": {"number": 5}, "pcn": {"method": "everyone"}},
        "pack": {"top_indicators": 3},
    }  # fmt: skip
    text = settings_text(live, notes={"tables.areas.1": ["codes of networks"], "title": ["guessed"]})
    settings = read(tmp_path, text)
    assert settings == Settings.model_validate(live)
    assert "# guessed\ntitle = " in text
    assert "# codes of networks\n[[tables.areas]]" in text
    assert "[tables.indicators.columns]" in text


texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)


@given(st.dictionaries(texts, st.one_of(texts, st.integers(-(10**6), 10**6), st.booleans(), st.lists(texts))))
def test_any_value_is_read_back_as_it_was(value):
    assert tomllib.loads(f"key = {toml_value(value)}") == {"key": value}
