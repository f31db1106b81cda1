"""What is looked at in an XLSX before it is read: whether it would fill the memory, and formulas without a value."""

import re
import zipfile
from collections.abc import Iterator
from functools import reduce
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from variation.reading.formats.part import UnreadableError

# Bytes unpacked, and cells from the first to the last: beyond them a file is damaged, or none for a spreadsheet.
LARGEST = 4 << 30
MOST_CELLS = 100_000_000

# Where the last cell of a sheet stands, as the file itself says at its start.
DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')

# A formula whose value no program has saved: what is read of it is an empty cell.
UNSAVED = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")

# A formula that gives an error: what is read of it is an empty cell. #N/A means that there is no figure.
FAILED = re.compile(rb"<v>#(?:DIV/0!|REF!|VALUE!|NAME\?|NULL!|NUM!)</v>")

# A row that is hidden, by hand or by a filter: it is read like the others.
HIDDEN = re.compile(rb'<row\b[^>]*\shidden="(?:1|true)"')

# Where a cell stands.
CELL = re.compile(rb'<c\s[^>]*?\br="([A-Z]+)(\d+)"')

# Bytes of a sheet looked through at a time, and of the one before, as a match may lie across.
BLOCK, ACROSS = 1 << 22, 256

OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def check_size(path: Path) -> None:
    """Refuse what would fill the memory: a little file may unpack to much, or have one stray cell far out.

    Raises
    ------
    UnreadableError
        Naming the size, or the stray cell.
    """
    with zipfile.ZipFile(path) as archive:
        size = sum(info.file_size for info in archive.infolist())
        if size > LARGEST:
            raise UnreadableError(
                f"unpacks to {size / 1e9:.0f} GB", "is it what it says? a CSV may be as large"
            )
        for info in archive.infolist():
            if PurePosixPath(info.filename).match("xl/worksheets/*.xml"):
                column, row = _last_cell(archive, info)
                if row * _column(column) > MOST_CELLS:
                    raise UnreadableError(
                        f"has a sheet that reaches to {column.decode()}{row}",
                        "a stray cell stands far out: delete the rows and columns beyond the table, and save",
                    )


def _last_cell(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[bytes, int]:
    """Last column and row of a sheet: as it says at its start, else of all its cells."""
    with archive.open(info) as sheet:
        if found := DIMENSION.search(sheet.read(4096)):
            return found[1], int(found[2])
    column, row = b"A", 1
    for found in _matches(archive, info.filename, CELL):
        column, row = max(column, found[1], key=_column), max(row, int(found[2]))
    return column, row


def _column(letters: bytes) -> int:
    """Number of a column.

    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    return reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


def count_in_sheet(path: Path, sheet: str, pattern: re.Pattern[bytes]) -> int:
    """Number of times that a sheet's XML has a pattern; 0 where the file does not say where the sheet is."""
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        return 0 if member is None else sum(1 for _ in _matches(archive, member, pattern))


def _matches(archive: zipfile.ZipFile, member: str, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """Find a pattern of at most ``ACROSS`` bytes in a member, a block at a time."""
    before = b""
    with archive.open(member) as stream:
        while block := stream.read(BLOCK):
            text = before + block
            end = 0
            for found in pattern.finditer(text):
                end = found.end()
                yield found
            before = text[max(end, len(text) - ACROSS) :]


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """File of a sheet within the workbook."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    key = next((item.get(f"{OFFICE}id") for item in book.iter() if item.get("name") == sheet), None)
    target = next((link.get("Target") for link in links if link.get("Id") == key), None)
    if target is None:
        return None
    member = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return member if member in archive.namelist() else None
