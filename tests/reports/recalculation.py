"""Recalculate a written workbook with other inputs, in two spreadsheet engines, and read every formula's value.

    edits = {"as given": {}, "block contract": {"contract": "block", "Schemes!C9": 0.6}}
    edited = {label: with_inputs(data, inputs) for label, inputs in edits.items()}
    theirs = in_libreoffice(soffice, edited, tmp_path)     # the fixture ``soffice`` skips where it is missing
    others = {label: in_formualizer(data) for label, data in edited.items()}
    assert_same(theirs["block contract"], others["block contract"])

An input is named by its name in the workbook, or by sheet and cell. Values that the workbook carries are left
out before it is recalculated, so that an engine has to find each of them itself.
"""

import io
import math
import re
import subprocess
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, unescape

import formualizer
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook

from reports.workbook.archive import unpack, zipped

Value = float | str | bool
Values = dict[tuple[str, str], Value]  # sheet and cell -> value
MADE = datetime(2017, 9, 1)  # of the files written here; no matter which
DAY_0 = date(1899, 12, 30).toordinal()  # dates are numbers of days from here
TIMEOUT = 240  # seconds for LibreOffice to convert everything it is given

SHEET = re.compile(r'<sheet [^>]*?name="([^"]*)"')
NAME = re.compile(r"<definedName name=\"(\w+)\"[^>]*>'?(.*?)'?!([^<]*)</definedName>")
FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*><f[ >]')
VALUE_OF_FORMULA = re.compile(rb"(</f>|<f [^>]*/>)<v>[^<]*</v>")
TYPE_OF_FORMULA = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?) t="\w+"(><f[ >])')
BESIDE_CELLS = re.compile(r"xl/(worksheets/_rels|tables|drawings|charts)/")
OVERRIDE = re.compile(rb'<Override (?=[^>]*PartName="/xl/(?:tables|drawings|charts)/)[^>]*/>')
CELLS = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
BARE = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%b</worksheet>'


def with_inputs(data: bytes, inputs: Mapping[str, float | str | date | None]) -> bytes:
    """Change inputs of a workbook, given by name or as ``Sheet!B5``; no formula keeps a value."""
    members = unpack(data)
    paths = sheet_paths(data)
    for where, value in inputs.items():
        sheet, address = address_of(data, where)
        members[paths[sheet]] = _with_input(members[paths[sheet]], address, value, where)
    for path in paths.values():
        members[path] = TYPE_OF_FORMULA.sub(rb"\1\2", VALUE_OF_FORMULA.sub(rb"\1", members[path]))
    return zipped(members, MADE)


def sheet_paths(data: bytes) -> dict[str, str]:
    """Return the part of the file that holds each sheet, as our own workbooks number them."""
    names = SHEET.findall(unpack(data)["xl/workbook.xml"].decode())
    return {
        unescape(name, {"&quot;": '"'}): f"xl/worksheets/sheet{n}.xml"
        for n, name in enumerate(names, start=1)
    }


def address_of(data: bytes, where: str) -> tuple[str, str]:
    """Return sheet and cell of an input."""
    names = {
        name: (unescape(sheet).replace("''", "'"), address.replace("$", ""))
        for name, sheet, address in NAME.findall(unpack(data)["xl/workbook.xml"].decode())
    }
    if where in names:
        return names[where]
    sheet, _, address = where.rpartition("!")
    if sheet not in sheet_paths(data):
        raise AssertionError(f"{where} is neither a name of the workbook ({sorted(names)}) nor a cell of it")
    return sheet, address


def carried(data: bytes) -> Values:
    """Return the values that the workbook itself carries for its formulas."""
    return _values(data, formulas_of(data))


def in_libreoffice(soffice: str, edited: Mapping[str, bytes], folder: Path) -> dict[str, Values]:
    """Recalculate workbooks in a LibreOffice of its own, all in one start of it."""
    given, out = folder / "given", folder / "recalculated"
    given.mkdir(parents=True)
    names = {label: f"{number}.xlsx" for number, label in enumerate(edited)}
    for label, data in edited.items():
        (given / names[label]).write_bytes(data)
    profile = (folder / "profile").as_uri()
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
    files = [str(given / name) for name in names.values()]
    subprocess.run([*command, "--outdir", str(out), *files], check=True, capture_output=True, timeout=TIMEOUT)
    return {label: _values((out / names[label]).read_bytes(), formulas_of(edited[label])) for label in edited}


def in_formualizer(data: bytes) -> Values:
    """Recalculate a workbook in formualizer, which is given its cells and names and nothing else."""
    members = {name: part for name, part in unpack(data).items() if not BESIDE_CELLS.match(name)}
    members["[Content_Types].xml"] = OVERRIDE.sub(b"", members["[Content_Types].xml"])
    for path in sheet_paths(data).values():
        cells = CELLS.search(members[path])
        members[path] = BARE % (cells[0] if cells else b"<sheetData/>")
    engine = formualizer.load_workbook_bytes(zipped(members, MADE))
    engine.evaluate_all()
    return {where: _reckoned(engine, *where) for where in formulas_of(data)}


def _reckoned(engine: formualizer.Workbook, sheet: str, cell: str) -> Value:
    value = engine.get_value(sheet, *coordinate_to_tuple(cell))
    if isinstance(value, (dict, list, type(None))):
        raise AssertionError(f"{sheet}!{cell} gives {value}")
    return float(value.toordinal() - DAY_0) if isinstance(value, date) else value


def formulas_of(data: bytes) -> list[tuple[str, str]]:
    """Return sheet and cell of every formula."""
    members = unpack(data)
    return [
        (sheet, cell.decode())
        for sheet, path in sheet_paths(data).items()
        for cell in FORMULA.findall(members[path])
    ]


def assert_same(one: Values, other: Values, *, pounds: float = 0.005, relative: float = 1e-9) -> None:
    """Compare two engines cell by cell: to the penny, or to nine figures where figures are large."""
    assert one.keys() == other.keys()
    wrong = [f"{sheet}!{cell}: {one[sheet, cell]!r}, {other[sheet, cell]!r}" for sheet, cell in one
             if not _alike(one[sheet, cell], other[sheet, cell], pounds, relative)]  # fmt: skip
    assert not wrong, f"{len(wrong)} of {len(one)} cells differ: {wrong[:10]}"


def _alike(one: Value, other: Value, pounds: float, relative: float) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if (
        max(abs(one), abs(other)) < 10
    ):  # shares, rates, flags: a penny is no test of them; sums near 0 differ by their order
        return math.isclose(one, other, rel_tol=relative, abs_tol=1e-6)
    return math.isclose(one, other, rel_tol=relative, abs_tol=pounds)


def _with_input(sheet: bytes, address: str, value: float | str | date | None, where: str) -> bytes:
    found = re.compile(rb'<c r="%b"( s="[0-9]+")?[^>]*?(?:/>|>(.*?)</c>)' % address.encode()).search(sheet)
    if found is None or b"<f" in (found[2] or b""):
        raise AssertionError(f"{where}, {address}, is no cell to change")
    return sheet[: found.start()] + _cell(address, (found[1] or b"").decode(), value) + sheet[found.end() :]


def _cell(address: str, style: str, value: float | str | date | None) -> bytes:
    if isinstance(value, str):
        return f'<c r="{address}"{style} t="inlineStr"><is><t>{escape(value)}</t></is></c>'.encode()
    if value is None:
        return f'<c r="{address}"{style}/>'.encode()
    figure = value.toordinal() - DAY_0 if isinstance(value, date) else value
    return f'<c r="{address}"{style}><v>{figure!r}</v></c>'.encode()


def _values(data: bytes, cells: list[tuple[str, str]]) -> Values:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in dict(cells)}
    values: Values = {}
    for sheet, cell in cells:
        row, column = coordinate_to_tuple(cell)
        rows = sheets[sheet]
        value = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""
        if value == "":
            raise AssertionError(f"{sheet}!{cell} has a formula and no value")
        values[sheet, cell] = float(value.toordinal() - DAY_0) if isinstance(value, date) else value
    return values
