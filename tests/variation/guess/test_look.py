"""A first look: encoding, separator, headings and notes of any file are told as a person would."""

import gzip
import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from variation.guess.look import encoding_of, header_row, look_at, separator_of
from variation.reading.formats.part import UnreadableError

TABLE = "Practice Code,Practice Name,Year,Admissions\nA81001,Café,2016/17,10\nA81002,Two,2016/17,20\n"


@pytest.fixture
def look(tmp_path):
    """Look at a file that has one table."""

    def at(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (found,) = look_at(path)
        return found

    return at


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_dialect_shows_the_same_table(look, encoding, separator):
    found = look(TABLE.replace(",", separator).encode(encoding))
    assert found.separator == separator
    assert found.encoding == encoding.removesuffix("-sig")
    assert found.headings == ("Practice Code", "Practice Name", "Year", "Admissions")
    assert found.cells.to_numpy().tolist()[0] == ["A81001", "Café", "2016/17", "10"]


def test_a_character_that_a_block_cuts_in_two_is_no_reason_for_another_encoding(tmp_path, monkeypatch):
    monkeypatch.setattr("variation.guess.look.BLOCK", 5)
    for text in ("abcdé" * 40, "ab€" * 40, "a😀" * 40):
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        assert encoding_of(tmp_path / "a.csv") == "utf-8"
    (tmp_path / "a.csv").write_bytes(("a" * 400 + "é").encode("cp1252"))
    assert encoding_of(tmp_path / "a.csv") == "cp1252"


@given(
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1, max_size=400)
)
def test_what_is_utf_8_is_told_to_be_it_and_what_is_told_can_be_read(text):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(text.encode())
        assert path.read_bytes().decode(encoding_of(path)) == text


def test_a_title_and_notes_are_told_from_the_table(look):
    found = look("Admissions by practice,,,\n,,,\n" + TABLE + "\nSource: a survey\nMade in May,,,\n")
    assert found.header_row == 3
    assert found.footer_rows == 2
    assert len(found.cells) == 2


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([["code", "rate"], ["A", "1"]], 1),
        ([["Title", ""], ["code", "rate"], ["A", "1"]], 2),
        ([["Title", ""], ["", ""], ["code", "2016"], ["A", "1"]], 3),
        ([["code", "2015", "2016", "2017"], ["A", "1", "2", "3"]], 1),  # a year is a heading
        ([["A", "1", "2"], ["B", "3", "4"]], 1),  # no headings: the reader says what is missing
        ([], 1),
    ],
)
def test_the_line_of_the_headings_is_the_first_that_is_all_words(rows, line):
    assert header_row(rows) == line


def test_a_comma_in_numbers_does_not_make_it_the_separator():
    assert separator_of(["code;rate\n", "A;1,5\n", "B;2,5\n"]) == ";"
    assert separator_of(["one column\n", "A\n"]) == ","


def test_every_sheet_with_a_table_is_looked_at_and_the_first_needs_no_name(tmp_path):
    with pd.ExcelWriter(tmp_path / "book.xlsx") as book:
        pd.DataFrame({"code": ["A81001"], "rate": [1]}).to_excel(book, sheet_name="First", index=False)
        pd.DataFrame([["only words"]]).to_excel(book, sheet_name="Notes", index=False, header=False)
        pd.DataFrame({"code": ["A81002"], "rate": [2]}).to_excel(book, sheet_name="Third", index=False)
    looks = look_at(tmp_path / "book.xlsx")
    assert [(look.sheet, look.name) for look in looks] == [
        ("", "book.xlsx"),
        ("Third", "book.xlsx, sheet Third"),
    ]


def test_members_of_a_zip_and_what_is_in_a_gz_are_looked_at(tmp_path):
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("in/a.csv", TABLE)
        archive.writestr("letter.docx", "x")
    (look,) = look_at(tmp_path / "data.zip")
    assert (look.path.name, look.member, look.name) == ("data.zip", "in/a.csv", "data.zip, in/a.csv")
    (tmp_path / "data.csv.gz").write_bytes(gzip.compress(TABLE.encode()))
    (look,) = look_at(tmp_path / "data.csv.gz")
    assert look.path.name == "data.csv.gz"
    assert len(look.cells) == 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"PK\x03\x04rest", "is not a CSV file"),
        ("a.xlsx", b"PK\x03\x04rest", "cannot be read"),
        ("a.parquet", b"PAR1rest", "cannot be read"),
        ("a.pdf", b"%PDF-1.4", "is no table that is known"),
        ("a.geojson", b"{", "is not JSON"),
    ],
)
def test_what_is_no_table_is_said_in_words(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableError, match=words):
        look_at(tmp_path / name)


def test_a_file_that_is_not_there_is_said_to_be(tmp_path):
    with pytest.raises(UnreadableError, match="no such file"):
        look_at(tmp_path / "nowhere.csv")
