"""Folder names of areas: safe on every system, no two alike, the code itself wherever it can be."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.file_names import LONGEST, folder_names


@pytest.mark.parametrize("code", ["Y00001", "L01", "E54000041", "a.b_c-d", "0"])
def test_a_plain_code_is_its_own_folder(code):
    assert folder_names([code, "other"])[code] == code


@pytest.mark.parametrize(
    "code",
    ["../up", "..", ".", "", "/etc", "C:\\x", "CON", "con", "nul.txt", "LPT1", "a/b", "a b", "x.", ".hidden",
     "Straße", "\u202egnp", "x" * 300, "a\x00b", "index.html", "INDEX.CSV"],
)  # fmt: skip
def test_what_no_system_or_another_file_could_bear_gets_a_likeness(code):
    name = folder_names([code], taken=["index.html", "index.csv"])[code]
    assert name != code
    assert set(name) <= set(string.ascii_letters + string.digits + "-_")
    assert name[0] != "-"
    assert len(name) <= LONGEST


def test_codes_that_differ_only_in_case_lie_apart_where_case_is_not_told():
    names = folder_names(["A1", "a1", "B1"])
    assert names["B1"] == "B1"
    assert names["A1"].casefold() != names["a1"].casefold()


@given(st.lists(st.text(max_size=80), unique=True, max_size=30))
def test_no_two_codes_share_a_folder_and_none_leads_out_of_it(codes):
    names = folder_names(codes)
    assert list(names) == codes
    assert len({name.casefold() for name in names.values()}) == len(codes)
    for name in names.values():
        assert name.strip(". ") == name != ""
        assert not set(name) & set('/\\:*?"<>|')
        assert name.split(".")[0].casefold() not in {"con", "prn", "aux", "nul"}


def test_the_name_of_an_area_does_not_depend_on_the_order_of_the_others():
    codes = ["A1", "a1", "../x", "Y1"]
    assert folder_names(codes) == folder_names(list(reversed(codes)))
