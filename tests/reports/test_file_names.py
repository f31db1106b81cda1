"""File names made of codes: inside their folder, allowed on Windows and Linux, and no two alike on either."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.file_names import DEVICES, LONGEST, distinct, slug

ODD = [
    "../../etc/passwd", "..\\..\\boot.ini", "C:\\x", "CON", "con.txt", "NUL", "COM1", "a\0b", "x" * 300, "trailing. ",
    "", ".", "..", "-", "~", "A B", "a b", "A  B", "ſ", "K", "İ", "ß", "\u202egpj.exe", "\u200b", "=cmd|'/c calc'!A1",
    "<script>", "%2e%2e%2f", "aux ", "lpt9.", "Å", "A\u030a",
]  # fmt: skip


@given(st.lists(st.one_of(st.text(max_size=400), st.sampled_from(ODD)), max_size=30))
def test_any_codes_give_names_that_every_system_takes_and_keeps_apart(codes):
    names = distinct(slug(code) for code in codes)
    assert len({name.casefold() for name in names}) == len(codes)
    for name in names:
        assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name)
        assert len(name) <= LONGEST + 4
        assert name not in DEVICES


@given(st.text(max_size=80))
def test_a_name_depends_on_nothing_but_its_code(code):
    assert slug(code) == slug(code)
    assert slug(slug(code)) == slug(code)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("../..", "x"),
        ("C:\\con", "c-con"),
        ("a" * 300, "a" * 60),
        ("Ynys Môn", "ynys-m-n"),
        ("NUL", "nul-x"),
        ("", "x"),
    ],
)
def test_codes_that_are_no_names_get_one(code, name):
    assert slug(code) == name


def test_numbers_do_not_meet_a_name_that_ends_in_one():
    assert distinct(["a", "a-2", "a"]) == ["a", "a-2", "a-3"]
