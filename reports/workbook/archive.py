"""The file as bytes: a zip of XML whose sheets are written row by row, and in which no clock has a hand.

openpyxl makes the parts but for the cells; what it leaves out or takes from the clock is put right here.
"""

import io
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import IO, Self
from xml.sax.saxutils import quoteattr

EARLIEST = 1980  # the first year that a zip can hold
# How hard to compress: a tenth smaller than the usual for a third more time; level 8 would take six times as
# long. Half of a sheet's bytes are addresses and figures that hardly repeat, for which zlib has a strategy.
LEVEL, MEMORY = 7, 9
# Parts that may wait for the compressor: enough to keep it busy, and no more memory than a few stretches of rows.
AHEAD = 4
SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
DIMENSION = re.compile(rb'<dimension ref="[^"]*"\s*/>')
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
PICTURE = re.compile(rb'(<(?:xdr:)?cNvPr id="(\d+)" name="Chart \d+")\s*/>')
# openpyxl does not say whose number format the figures at bars have, and some programs take the cells'.
LABEL_FORMAT = re.compile(rb'(<c:numFmt formatCode="[^"]*"|<numFmt formatCode="[^"]*")\s*/>')

STRINGS = "xl/sharedStrings.xml"
STRINGS_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/></Types>'
)
STRINGS_RELATION = (
    b'<Relationship Id="strings" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
)

Members = dict[str, bytes]


class ShellError(RuntimeError):
    """A sheet as openpyxl wrote it has no place for rows: it writes them otherwise than the one known here."""


class Archive:
    """A zip written member by member, all as old as ``made``: same members, same bytes.

    Compressing leaves the interpreter free, so a thread of its own does it, part after part in the order in
    which they are added, while the caller makes the next.
    """

    def __init__(self, file: IO[bytes], made: datetime, *, level: int = LEVEL) -> None:
        self._zip = zipfile.ZipFile(file, "w")
        self._moment = (max(made.year, EARLIEST), made.month, made.day, made.hour, made.minute, made.second)
        self._level = level
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[object]] = deque()
        self._member: IO[bytes] | None = None  # which the thread is writing

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        """Write a member from its parts, one after the other."""
        entry = zipfile.ZipInfo(name, self._moment)
        entry.compress_type = zipfile.ZIP_DEFLATED if self._level else zipfile.ZIP_STORED
        entry.create_system = 3  # as on Unix, wherever it is written
        entry.external_attr = 0o644 << 16
        self._later(self._open, entry)
        for part in parts:
            self._later(self._write, part)

    def _later(self, task: Callable[..., object], *given: object, ahead: int = AHEAD) -> None:
        self._waiting.append(self._thread.submit(task, *given))
        while len(self._waiting) > ahead:
            self._waiting.popleft().result()

    def _open(self, entry: zipfile.ZipInfo) -> None:
        self._close()
        self._member = self._zip.open(entry, "w")
        if self._level:  # zipfile itself offers no more than the level, and that not for every Python
            compressor = zlib.compressobj(self._level, zlib.DEFLATED, -15, MEMORY, zlib.Z_FILTERED)
            self._member._compressor = compressor  # type: ignore[attr-defined]

    def _write(self, part: bytes) -> None:
        if self._member is not None:
            self._member.write(part)

    def _close(self) -> None:
        if self._member is not None:
            self._member.close()

    def _finish(self) -> None:
        try:
            self._close()
        finally:
            self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        """Finish the file; what still waits is dropped if making a part failed."""
        try:
            if kind is not None:
                self._thread.shutdown(cancel_futures=True)
                self._finish()
            else:
                self._later(self._finish, ahead=0)
        finally:
            self._thread.shutdown()


def unpack(data: bytes) -> Members:
    """Return the members of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: Mapping[str, bytes], made: datetime, *, level: int = LEVEL) -> bytes:
    """Zip members in their order; level 0 leaves them as they are."""
    file = io.BytesIO()
    with Archive(file, made, level=level) as archive:
        for name, data in members.items():
            archive.add(name, (data,))
    return file.getvalue()


def around_rows(sheet: bytes, dimension: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the rows in a sheet that openpyxl wrote without any."""
    sized = DIMENSION.sub(f'<dimension ref="{dimension}"/>'.encode(), sheet, count=1)
    place = SHEET_DATA.search(sized)
    if place is None:
        raise ShellError("openpyxl wrote a sheet without a place for its rows")
    return sized[: place.start()] + b"<sheetData>", b"</sheetData>" + sized[place.end() :]


def with_strings(members: Members, strings: bytes) -> Members:
    """Add the file of shared words, which openpyxl writes none of."""
    types, relations = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    return members | {
        types: members[types].replace(b"</Types>", STRINGS_TYPE),
        relations: members[relations].replace(b"</Relationships>", STRINGS_RELATION),
        STRINGS: strings,
    }


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
