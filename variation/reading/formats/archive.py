"""Zip archives and compressed files: their members unpacked one at a time to be read as files."""

import gzip
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory

from variation.reading.formats.part import UnreadableError
from variation.settings.table_source import TableSource

# Names that lead elsewhere than to a file of the folder on Windows: to a device, another disk, a name cut short.
ELSEWHERE = re.compile(
    r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?|.*[<>:\"|?*\\\0-\x1f].*|.*[. ]", re.DOTALL
)

# Bytes. The national prescribing file of a month is 1.5 GB; what unpacks to more than this is no table of ours.
LARGEST = 16 << 30


def members(path: Path, source: TableSource, endings: set[str]) -> list[str]:
    """Names of the members to read: those that the source asks for, or all that a table may be in."""
    with zipfile.ZipFile(path) as archive:
        there = sorted(
            info.filename
            for info in archive.infolist()
            if not info.is_dir() and not info.filename.startswith("__MACOSX/")
        )
    asked = source.member or tuple(f"*{ending}" for ending in sorted(endings))
    chosen = [name for name in there if any(_is_asked(name, pattern) for pattern in asked)]
    if not chosen:
        wanted = f"no member {', '.join(source.member)}" if source.member else "no table in it"
        raise UnreadableError(
            f"has {wanted}", f"there are: {', '.join(there[:8])}" if there else "it is empty"
        )
    return chosen


def _is_asked(name: str, pattern: str) -> bool:
    file = PurePosixPath(name).name
    return pattern in (name, file) or fnmatchcase(name.lower(), pattern.lower())


@contextmanager
def unpacked(path: Path, member: str) -> Iterator[Path]:
    """Unpack a member of a zip to a file of its own name, for as long as it is read."""
    with TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
        info = archive.getinfo(member)
        if info.file_size > LARGEST:
            raise UnreadableError(f"unpacks {member} to {info.file_size >> 30:,} GB", "is it what it says?")
        name = PureWindowsPath(member).name  # parts either slash, and leaves out a disk
        if ELSEWHERE.fullmatch(name):
            raise UnreadableError("has a name that no file on Windows may have", "rename it in the zip")
        target = Path(folder) / name
        try:
            with archive.open(info) as packed, target.open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
        except RuntimeError:  # what zipfile raises for a member with a password
            raise UnreadableError(
                "is protected by a password", "unpack it and name the file itself"
            ) from None
        yield target


@contextmanager
def decompressed(path: Path) -> Iterator[Path]:
    """Decompress a .gz file, for as long as it is read."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / path.stem
        size = 0
        try:
            with gzip.open(path) as packed, target.open("wb") as file:
                while chunk := packed.read(1 << 20):
                    size += file.write(chunk)
                    if size > LARGEST:
                        raise UnreadableError(
                            f"unpacks to more than {LARGEST >> 30} GB", "is it what it says?"
                        )
        except (EOFError, zlib.error) as error:
            raise UnreadableError(f"cannot be unpacked: {error}", "was its copy broken off?") from None
        yield target
