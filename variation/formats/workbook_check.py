"""What is looked at in an XLSX before it is read: whether it would fill the memory, and formulas without a value."""

import re
import zipfile
from functools import reduce
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from variation.formats.part import UnreadableError

# Bytes unpacked, and cells from the first to the last: beyond them a file is damaged, or none for a spreadsheet.
LARGEST = 4 << 30
MOST_CELLS = 100_000_000

# Where the last cell of a sheet stands, as the file itself says at its start.
DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+\d+:)?([A-Z]+)(\d+)"')

# A formula whose value no program has saved: what is read of it is an empty cell.
UNSAVED = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")

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
                with archive.open(info) as sheet:
                    found = DIMENSION.search(sheet.read(4096))
                if found and int(found[2]) * _column(found[1]) > MOST_CELLS:
                    raise UnreadableError(
                        f"has a sheet that reaches to {found[1].decode()}{found[2].decode()}",
                        "a stray cell stands far out: delete the rows and columns beyond the table, and save",
                    )


def _column(letters: bytes) -> int:
    """Number of a column.

    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    return reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


def unsaved_formulas(path: Path, sheet: str) -> int:
    """Number of formulas of a sheet that were never calculated; 0 where the file does not say where the sheet is."""
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        if member is None:
            return 0
        number, before = 0, b""
        with archive.open(member) as stream:
            while block := stream.read(BLOCK):
                text = before + block
                ends = [found.end() for found in UNSAVED.finditer(text)]
                number += len(ends)
                before = text[max(ends[-1] if ends else 0, len(text) - ACROSS) :]
        return number


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
