"""The workbook in a second spreadsheet program: it opens there, and its formulas come to the same."""

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest

from reports.contents import Contents
from reports.workbook import write_workbook
from tests.reports.recalculation import assert_same, carried, in_libreoffice, with_inputs

pytestmark = pytest.mark.system


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
    data = (tmp_path / "ours.xlsx").read_bytes()
    ours = carried(data)
    assert len(ours) > 100
    assert_same(in_libreoffice(soffice, {"ours": with_inputs(data, {})}, tmp_path)["ours"], ours)


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
