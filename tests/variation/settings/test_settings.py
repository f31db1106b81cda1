"""analysis.toml: every problem at once, in words, with the nearest known key."""

from itertools import pairwise
from typing import get_args

import pytest

from variation.errors import SettingsError
from variation.policies import POLICIES
from variation.settings import (
    PolicyName,
    Section,
    Settings,
    TableSource,
    described,
    known_keys,
    read_settings,
)

TABLES = """
[tables]
indicators = "indicators.csv"
catalogue = "catalogue.csv"
areas = "areas.csv"
"""
SOURCE = 'title = "x"\n[tables]\ncatalogue = "c.csv"\nareas = "a.csv"\n[tables.indicators]\n'


@pytest.fixture
def problems(tmp_path):
    """Read settings that are wrong; give the message as lines without the path."""

    def read(text, *, encoding="utf-8"):
        path = tmp_path / "analysis.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        with pytest.raises(SettingsError) as caught:
            read_settings(path)
        return str(caught.value).replace(f"{path}: ", "").splitlines()

    return read


@pytest.fixture
def settings(tmp_path):
    def read(text):
        path = tmp_path / "analysis.toml"
        path.write_text(text, encoding="utf-8")
        return read_settings(path)

    return read


def test_three_tables_and_a_title_are_enough(settings):
    read = settings(f'title = "Dorset"{TABLES}')
    assert read.title == "Dorset"
    assert [source.file for source in read.tables.indicators] == [("indicators.csv",)]
    assert read.tables.features == ()
    assert (read.peers, read.policy, read.seed) == ({}, "hes_2018", 20170331)


def test_a_byte_order_mark_before_the_settings_is_no_matter(tmp_path):
    path = tmp_path / "analysis.toml"
    path.write_bytes(b"\xef\xbb\xbf" + f'title = "Dorset"{TABLES}'.encode())
    assert read_settings(path).title == "Dorset"


def test_a_missing_file_is_named_with_the_command_that_writes_one(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.toml: no such file\n  hint: `variation example DIR`"):
        read_settings(tmp_path / "none.toml")


def test_a_folder_in_place_of_the_file_is_said_in_words(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read as TOML"):
        read_settings(tmp_path)


def test_an_empty_file_misses_title_and_tables_and_says_both(problems):
    assert problems("") == ["missing key title", "missing key tables"]


def test_bad_toml_is_named_with_its_line(problems):
    assert "at line 1" in problems("title = \n")[0]
    assert "cannot be read as TOML" in problems(b"\xff\xfe\x00")[0]


def test_a_windows_path_with_backslashes_gets_the_remedy(problems):
    lines = problems('title = "x"\n[tables]\nareas = "C:\\data\\areas.csv"\n')
    assert lines[1] == "  hint: in a path write / in place of \\"


def test_every_unknown_key_is_named_at_once_with_the_nearest_known_one(problems):
    text = f'titel = "x"\n{TABLES}are = "x"\n[peers.practice]\nmetod = "x"\n[opportunity]\ndraw = 1\n'
    lines = problems(text)
    hinted = dict(pairwise(lines))
    assert hinted["unknown key tables.are"] == "  hint: did you mean areas?"
    assert hinted["unknown key peers.practice.metod"] == "  hint: did you mean method?"
    assert hinted["unknown key opportunity.draw"] == "  hint: did you mean draws?"
    assert hinted["unknown key titel"] == "  hint: did you mean title?"
    assert "missing key title" in lines


def test_an_unknown_key_that_is_near_none_lists_those_there_are(problems):
    lines = problems(f'title = "x"\n{TABLES}[pack]\nzzz = 1\n')
    assert lines[0] == "unknown key pack.zzz"
    assert lines[1].startswith("  hint: known here: outputs")


def test_an_unknown_key_of_a_table_source_is_named_without_an_index(problems):
    text = f'{SOURCE}file = "i.csv"\ncolum = {{}}\n'
    assert problems(text) == ["unknown key tables.indicators.colum", "  hint: did you mean columns?"]


def test_the_second_of_several_tables_is_told_by_its_number(problems):
    text = (
        'title = "x"\n[tables]\nindicators = "i.csv"\ncatalogue = "c.csv"\n'
        '[[tables.areas]]\nfile = "a.csv"\n[[tables.areas]]\nfile = 5\n'
    )
    assert problems(text) == ["tables.areas (number 2).file: expected text in quotes (found: 5)"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("seed = 'x'", "seed: expected a whole number (found: 'x')"),
        ("seed = 1.5", "seed: expected a whole number (found: 1.5)"),
        ("seed = -1", "seed: expected 0 or more (found: -1)"),
        ("title = 5", "title: expected text in quotes (found: 5)"),
        ("made = 'soon'", "made: expected a date such as 2017-03-31 (found: 'soon')"),
        (
            "policy = 'none'",
            "policy: expected 'hes_2018', 'under_5', 'up_to_5_secondary' or 'internal' (found: 'none')",
        ),
        ("tables = 'areas.csv'", "tables: expected a table of settings (found: 'areas.csv')"),
        ("peers = 3", "peers: expected a table of settings (found: 3)"),
    ],
)
def test_a_wrong_value_is_named_once_with_what_was_expected_and_found(problems, line, message):
    key = line.split(" = ")[0]
    whole = {"title": "title = 'x'", "tables": "", key: line}
    text = "\n".join(whole.values()) + ("" if key == "tables" else TABLES)
    assert message in problems(text)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("number = 'ten'", "peers.practice.number: expected a whole number (found: 'ten')"),
        ("number = 0", "peers.practice.number: expected 1 or more (found: 0)"),
        (
            "weights = 5",
            "peers.practice.weights: expected nhse_2021, equal, or a number of 0 and more for each feature column"
            " (found: 5)",
        ),
        (
            "weights = 'nhse'",
            "peers.practice.weights: expected nhse_2021, equal, or a weight for each feature column (found: 'nhse')",
        ),
        (
            "weights = { imd = 'x' }",
            "peers.practice.weights: expected nhse_2021, equal, or a number of 0 and more for each feature column"
            " (found: {'imd': 'x'})",
        ),
        (
            "weights = { imd = -1 }",
            "peers.practice.weights: expected nhse_2021, equal, or a number of 0 and more for each feature column"
            " (found: {'imd': -1})",
        ),
        ("weights = { imd = 0 }", "peers.practice.weights: expected at least one weight above 0 (found: {'imd': 0})"),
    ],
)  # fmt: skip
def test_a_setting_that_may_be_of_two_types_is_reported_once_and_in_words(problems, line, message):
    assert problems(f'title = "x"{TABLES}[peers.practice]\n{line}\n') == [message]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("file = 5", "tables.indicators.file: expected text in quotes (found: 5)"),
        ("file = ['a.csv', 5]", "tables.indicators.file (number 2): expected text in quotes (found: 5)"),
        ("file = []", "tables.indicators.file: expected at least 1 (found: [])"),
        ("file = 'a'\nseparator = '||'", "tables.indicators.separator: expected 1 character (found: '||')"),
        ("file = 'a'\nlatest_months = 0", "tables.indicators.latest_months: expected 1 or more (found: 0)"),
        ("file = 'a'\nscale = { value = 'x' }", "tables.indicators.scale.value: expected a number (found: 'x')"),
        (
            "file = 'a'\nfilter = { Year = { a = 1 } }",
            "tables.indicators.filter.Year: expected a value or a list of values (found: {'a': 1})",
        ),
        (
            "file = 'a'\nvalues = { period = ['a'] }",
            "tables.indicators.values.period: expected one text or number (found: ['a'])",
        ),
    ],
)  # fmt: skip
def test_a_wrong_setting_of_a_source_is_named_by_its_key(problems, line, message):
    assert problems(f"{SOURCE}{line}\n") == [message]


def test_one_value_stands_where_several_may_and_numbers_filter_as_texts(settings):
    read = settings(
        'title = "x"\n[tables]\ncatalogue = "c.csv"\n'
        'areas = ["a.csv", { file = "b.csv", filter = { Year = 2016 } }]\n'
        '[tables.indicators]\nfile = "i.csv"\nvalues = { period = 2016, numerator = 1.5 }\n'
        'filter = { A = ["x", 1] }\n'
        '[pack]\noutputs = "excel"\n[peers.practice]\nfeatures = "imd"\n'
    )
    assert [source.file for source in read.tables.areas] == [("a.csv",), ("b.csv",)]
    assert read.tables.areas[1].filter == {"Year": ("2016",)}
    assert read.tables.indicators[0].filter == {"A": ("x", "1")}
    assert read.tables.indicators[0].values == {"period": 2016, "numerator": 1.5}
    assert read.pack.outputs == ("excel",)
    assert read.peers["practice"].features == ("imd",)


def test_known_keys_are_those_of_the_section():
    assert known_keys([]) == list(Settings.model_fields)
    assert "weights" in known_keys(["peers", "practice"])
    assert known_keys(["tables", "areas", "0"]) == list(TableSource.model_fields)


@pytest.mark.parametrize(
    "section", [n for n, f in Settings.model_fields.items() if isinstance(f.default, Section)]
)
def test_every_section_knows_its_keys(section):
    assert known_keys([section]) == list(type(Settings.model_fields[section].default).model_fields)


def test_every_setting_has_a_meaning_and_is_described_with_its_value(settings):
    read = settings(f'title = "x"{TABLES}[peers.practice]\nweights = {{ imd = 1, rural = 0.5 }}\n')
    rows = {name: (value, meaning) for name, value, meaning in described(read)}
    assert rows["title"][0] == "x"
    assert rows["peers.practice.weights"][0] == "imd 1.0, rural 0.5"
    assert rows["opportunity.draws"][0] == "1000"
    assert rows["made"][0] == ""
    assert not any(name.startswith("tables") for name in rows)
    assert [name for name, (_, meaning) in rows.items() if not meaning] == []


def test_settings_cannot_be_changed_once_read(settings):
    read = settings(f'title = "x"{TABLES}')
    with pytest.raises(ValueError, match="frozen"):
        read.title = "y"


# --- sources


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("columns = {}", "tables.indicators: expected file, or url with query or table, or rows"),
        ("url = 'sqlite:///a.db'", "tables.indicators: expected query or table beside url"),
        ("file = 'a'\nreader = 'fingertip'", "tables.indicators.reader: expected 'tidy', 'wide'"),
        ("file = 'a'\nheader_row = 0", "tables.indicators.header_row: expected 1 or more (found: 0)"),
        ("file = 'a'\nperiod = 'week'", "tables.indicators.period: expected 'month', 'quarter'"),
        ("url = 5\ntable = 't'", "tables.indicators.url: expected text in quotes"),
    ],
)
def test_a_source_that_cannot_be_is_told_by_its_place(problems, lines, said):
    (line,) = problems(SOURCE + lines + "\n")
    assert line.startswith(said)


def test_the_policies_of_the_settings_are_those_of_disclosure_control():
    assert get_args(PolicyName) == tuple(POLICIES)
    assert Settings.model_fields["policy"].default == "hes_2018"
    assert not POLICIES["internal"].hides
