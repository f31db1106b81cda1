"""The file as bytes: rows put into openpyxl's sheets, formulas calculated, times fixed.

An .xlsx is a zip of XML. openpyxl stamps it with the clock and leaves formulas without values, which
previews, Protected View and pandas then show as blanks.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import quoteattr

import formualizer

EARLIEST = 1980  # the first year that a zip can hold
SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
PICTURE = re.compile(rb'(<(?:xdr:)?cNvPr id="(\d+)" name="Chart \d+")\s*/>')

# openpyxl does not say whose number format the figures at bars have, and some programs take the cells'.
LABEL_FORMAT = re.compile(rb'(<c:numFmt formatCode="[^"]*"|<numFmt formatCode="[^"]*")\s*/>')

BESIDE_CELLS = re.compile(r"xl/(worksheets/_rels|tables|drawings|charts)/")
OVERRIDE = re.compile(rb'<Override (?=[^>]*PartName="/xl/(?:tables|drawings|charts)/)[^>]*/>')
BARE_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%b</sheetData></worksheet>"
)

Members = dict[str, bytes]


class FormulaError(RuntimeError):
    """A formula of the workbook gives no value: a mistake in a sheet's declaration, not in the data."""


def unpack(data: bytes) -> Members:
    """Return the members of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(members: Mapping[str, bytes], made: datetime, *, compressed: bool = True) -> bytes:
    """Zip members in their order, all as old as ``made``: same members, same bytes."""
    moment = (max(made.year, EARLIEST), made.month, made.day, made.hour, made.minute, made.second)
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = method
            entry.create_system = 3  # as on Unix, wherever it is written
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return file.getvalue()


def with_rows(sheet: bytes, rows: bytes, dimension: str) -> bytes:
    """Put rows into the XML of a sheet that openpyxl wrote without any."""
    sized = DIMENSION.sub(f'<dimension ref="{dimension}"/>'.encode(), sheet, count=1)
    filled, count = SHEET_DATA.subn(lambda _: b"<sheetData>" + rows + b"</sheetData>", sized, count=1)
    if count != 1:
        raise FormulaError("openpyxl wrote a sheet without a place for its rows")
    return filled


def with_alt_texts(drawing: bytes, alt_texts: list[str]) -> bytes:
    """Give the charts of a drawing the words that a screen reader says."""

    def described(match: re.Match[bytes]) -> bytes:
        words = alt_texts[int(match[2]) - 1]
        return match[1] + b" descr=" + quoteattr(words).encode() + b"/>"

    return PICTURE.sub(described, drawing)


def with_own_formats(chart: bytes) -> bytes:
    """Let the figures at the bars of a chart have the number format given for them, not that of the cells."""
    return LABEL_FORMAT.sub(rb'\1 sourceLinked="0"/>', chart)


def with_moment(core: bytes, made: datetime) -> bytes:
    """Set when the document was changed, which openpyxl takes from the clock."""
    return MODIFIED.sub(rf"\g<1>{made:%Y-%m-%dT%H:%M:%SZ}\g<2>".encode(), core)


def calculated(members: Members, rows: Mapping[str, str], made: datetime) -> Members:
    """Fill in the value of every formula: rows of each sheet in, the same rows out.

    The calculator is given cells and nothing else. It would refuse a workbook whose tables have more
    columns between them than it allows; our formulas name cells, not tables, and need none of them.
    """
    bare = {name: data for name, data in members.items() if not BESIDE_CELLS.match(name)}
    bare["[Content_Types].xml"] = OVERRIDE.sub(b"", members["[Content_Types].xml"])
    for name, cells in rows.items():
        bare[name] = BARE_SHEET % cells.encode()
    result = formualizer.recalculate_xlsx_bytes(pack(bare, made, compressed=False))
    if errors := result["summary"]["total_errors"]:
        raise FormulaError(f"{errors} formulas of the workbook give an error: {result['summary']}")
    filled = unpack(result["bytes"])
    return {name: _between(filled[name], b"<sheetData>", b"</sheetData>") for name in rows}


def _between(data: bytes, start: bytes, end: bytes) -> bytes:
    return data[data.index(start) + len(start) : data.rindex(end)]
