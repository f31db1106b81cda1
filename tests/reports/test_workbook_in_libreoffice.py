"""The workbook in a second spreadsheet program: it opens there, and its formulas come to the same."""

import io
import re
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook

from reports.contents import Contents
from reports.workbook import write_workbook
from reports.workbook.archive import pack, unpack

pytestmark = pytest.mark.system

FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*><f>')
VALUE_OF_FORMULA = re.compile(rb"(</f>)<v\s*>[^<]*</v>")


def converted(soffice: str, path: Path) -> Path:
    """Open and save a file with a LibreOffice of its own, so that one that is running is no matter."""
    profile = (path.parent / "profile").as_uri()
    out = path.parent / "converted"
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=240)
    return out / path.name


def test_libreoffice_reckons_every_formula_to_the_same_value(
    soffice: str, contents: Contents, tmp_path: Path
) -> None:
    write_workbook(contents, tmp_path / "ours.xlsx")
    members = unpack((tmp_path / "ours.xlsx").read_bytes())
    # Without the values that we filled in, LibreOffice has to find each of them itself.
    bare = {name: VALUE_OF_FORMULA.sub(rb"\1", data) for name, data in members.items()}
    (tmp_path / "bare.xlsx").write_bytes(pack(bare, contents.made))
    ours = CalamineWorkbook.from_path(str(tmp_path / "ours.xlsx"))
    theirs = CalamineWorkbook.from_path(str(converted(soffice, tmp_path / "bare.xlsx")))
    compared = 0
    for number, sheet in enumerate(ours.sheet_names, start=1):
        formulas = FORMULA.findall(members[f"xl/worksheets/sheet{number}.xml"])
        if not formulas:
            continue
        mine = ours.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        other = theirs.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        for coordinate in (found.decode() for found in formulas):
            row, column = coordinate_to_tuple(coordinate)
            expected, value = mine[row - 1][column - 1], other[row - 1][column - 1]
            assert expected != "", (sheet, coordinate)
            if isinstance(expected, str):
                assert value == expected, (sheet, coordinate)
            else:
                assert value == pytest.approx(expected, rel=1e-9, abs=1e-6), (sheet, coordinate)
            compared += 1
    assert compared > 100


def test_libreoffice_keeps_sheets_tables_and_text(soffice: str, few: Contents, tmp_path: Path) -> None:
    write_workbook(few, tmp_path / "pack.xlsx")
    before = openpyxl.load_workbook(io.BytesIO((tmp_path / "pack.xlsx").read_bytes()))
    after = openpyxl.load_workbook(io.BytesIO(converted(soffice, tmp_path / "pack.xlsx").read_bytes()))
    assert after.sheetnames == before.sheetnames
    names = {name for sheet in before.worksheets for name in sheet.tables}
    assert {name for sheet in after.worksheets for name in sheet.tables} == names
    for sheet in before.worksheets:
        for row in sheet.iter_rows():
            for written in row:
                if written.data_type == "s":
                    kept = after[sheet.title][written.coordinate].value
                    assert kept == written.value, (sheet.title, written.coordinate)
