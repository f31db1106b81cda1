"""Any workbook that is written keeps the rules of the file format, and the checker of those rules finds breaches."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from reports.contents import Contents
from reports.workbook import write_workbook
from reports.workbook.archive import Members, unpack, zipped
from tests.reports.package_rules import faults


def written(contents: Contents, folder: Path) -> bytes:
    """A pack's workbook as bytes."""
    write_workbook(contents, folder / "pack.xlsx")
    return (folder / "pack.xlsx").read_bytes()


@pytest.fixture(scope="module")
def small(few: Contents, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small pack's workbook."""
    return written(few, tmp_path_factory.mktemp("small"))


def test_the_whole_pack_keeps_every_rule_of_the_format(contents: Contents, tmp_path: Path) -> None:
    assert faults(written(contents, tmp_path)) == []


def test_words_of_any_length_and_kind_keep_every_rule(few: Contents, tmp_path: Path) -> None:
    nasty = [
        "=1+1",
        "a\x07b",
        "x" * 40_000,
        "very long " * 900,
        "<b>&amp;\"'",
        "+44 1202",
        "\ud800half",
        "_x0041_",
    ]
    catalogue = few.catalogue.assign(
        name=[f"{words} {number}" for number, words in enumerate(nasty[: len(few.catalogue)])],
        question=nasty[3],
        programme=[f"[{number}] History: 'all'/{'long ' * 12}?" for number in range(len(few.catalogue))],
    )
    pack = replace(few, catalogue=catalogue, title="T" * 500, banner="OFFICIAL & SENSITIVE " * 30)
    assert faults(written(pack, tmp_path)) == []


def test_a_pack_of_nothing_keeps_every_rule(few: Contents, tmp_path: Path) -> None:
    frames = {name: value.head(0) for name, value in vars(few).items() if isinstance(value, pd.DataFrame)}
    kept = {"areas": few.areas, "catalogue": few.catalogue}
    assert (
        faults(written(replace(few, **(frames | kept), sources=(), settings=(), methods=()), tmp_path)) == []
    )


def _in(part: str, before: bytes, after: bytes) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        path = next(path for path in sorted(members) if re.fullmatch(part, path) and before in members[path])
        members[path] = members[path].replace(before, after, 1)

    return change


def _without(part: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        members.pop(next(path for path in sorted(members) if re.fullmatch(part, path)))

    return change


BREACHES = [
    (_in(r"xl/workbook\.xml", b'name="Contents"', b'name="Con/tents"'), "no name for a sheet"),
    (_in(r"xl/workbook\.xml", b'name="Contents"', b'name="COVER"'), "two sheets called"),
    (_in(r"xl/tables/table1\.xml", b'displayName="about"', b'displayName="A1"'), "no name for a table"),
    (_in(r"xl/tables/table1\.xml", b'displayName="about"', b'displayName="plan"'), "two things called"),
    (_in(r"xl/tables/table2\.xml", b'id="2"', b'id="1"'), "two tables with id"),
    (_in(r"xl/worksheets/sheet3\.xml", b' s="', b' s="9'), "has look"),
    (_in(r"xl/worksheets/sheet3\.xml", b"<v>0</v>", b"<v>1e999</v>"), "holds"),
    (_in(r"xl/worksheets/sheet3\.xml", b'<row r="2"', b'<row r="1"'), "after row"),
    (_in(r"xl/worksheets/sheet1\.xml", b't="s"><v>0</v>', b't="s"><v>99999999</v>'), "has words"),
    (_in(r"xl/sharedStrings\.xml", b"Contents", b"Con\x07tents"), "is no XML"),
    (_without(r"xl/drawings/drawing1\.xml"), "is not there"),
    (_without(r"xl/styles\.xml"), "is not there"),
    (_in(r"xl/drawings/drawing1\.xml", b"descr=", b"other="), "without words"),
    (_in(r"xl/worksheets/sheet2\.xml", b"location=\"'Summary'", b"location=\"'Nowhere'"), "leads nowhere"),
    (_in(r"\[Content_Types\]\.xml", b'PartName="/xl/tables/table1.xml"', b'PartName="/xl/t.xml"'), "content type"),
]  # fmt: skip


@pytest.mark.parametrize(("breach", "message"), BREACHES, ids=[message for _, message in BREACHES])
def test_a_breach_of_a_rule_is_found(small: bytes, breach: Callable[[Members], None], message: str) -> None:
    members = unpack(small)
    breach(members)
    try:
        found = faults(zipped(members, pd.Timestamp("2017-09-01").to_pydatetime()))
    except KeyError as error:  # a part that everything hangs on
        found = [f"{error} is not there"]
    assert any(message in fault for fault in found), found


def test_an_unbroken_workbook_has_no_fault(small: bytes) -> None:
    assert faults(small) == []
    assert io.BytesIO(small).read(2) == b"PK"
