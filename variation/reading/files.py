"""Files as they are: CSV, Parquet, workbooks, GeoJSON, alone or in a zip, to parts with every line numbered."""

import csv
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError

from variation.errors import Finding
from variation.folders import is_litter
from variation.reading.formats.archive import decompressed, members, unpacked
from variation.reading.formats.columns import read_parquet
from variation.reading.formats.csv_file import read_csv
from variation.reading.formats.geojson import read_geojson
from variation.reading.formats.part import WORKBOOKS, Asked, Part, UnreadableError, looks_like
from variation.reading.formats.workbook import read_workbook
from variation.settings.table_source import TableSource

# Endings of files that a table is looked for in, where a folder or a zip is named.
TEXTS = {".csv", ".txt", ".tsv"}
TABLES = {*TEXTS, *WORKBOOKS, ".parquet", ".geojson"}
PACKED = {".zip", ".gz"}

# What a library raises for a file that is not what its name says.
LIBRARY_ERRORS = (
    OSError,
    ValueError,
    LookupError,
    EOFError,
    NotImplementedError,
    pa.ArrowException,
    CalamineError,
    csv.Error,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def read_parts(path: Path, source: TableSource, asked: Asked, findings: list[Finding]) -> list[Part]:
    """Read a file: a part for each sheet or member that the source asks for, in their order.

    Columns whose heading is among ``asked.texts`` come as text, so that codes keep their zeros, the others as
    they are. Rows with too many or too few fields are findings.

    Raises
    ------
    UnreadableError
        In words, with a hint, where the file is missing, empty or not what its ending says.
    """
    check_there(path)
    try:
        if path.suffix.lower() == ".zip":
            return list(_members(path, source, asked, findings))
        if path.suffix.lower() == ".gz":
            with decompressed(path) as file:
                return _parts(file, path.name, source, asked, findings)
    except LIBRARY_ERRORS as error:
        raise in_words(path, error) from None
    return _parts(path, path.name, source, asked, findings)


def _members(path: Path, source: TableSource, asked: Asked, findings: list[Finding]) -> Iterator[Part]:
    for member in members(path, source, TABLES):
        with unpacked(path, member) as file:
            try:
                yield from _parts(file, f"{path.name}/{member}", source, asked, findings)
            except UnreadableError as error:
                raise UnreadableError(f"its member {member} {error.message}", error.hint) from None


def _parts(path: Path, name: str, source: TableSource, asked: Asked, findings: list[Finding]) -> list[Part]:
    """Read one unpacked file."""
    ending = path.suffix.lower()
    try:
        if ending in WORKBOOKS:
            return read_workbook(path, name, source, asked, findings)
        if ending == ".parquet":
            return [read_parquet(path, name, source, asked)]
        if ending in (".geojson", ".json"):
            return [read_geojson(path, name, asked)]
        return [read_csv(path, name, source, asked, findings)]
    except LIBRARY_ERRORS as error:
        raise in_words(path, error) from None


def in_words(path: Path, error: Exception) -> UnreadableError:
    """Say in words why a library could not read a file."""
    if isinstance(error, PermissionError):
        return UnreadableError("may not be read", "is it open in Excel, or closed to this user?")
    kind = path.suffix.lstrip(".") or "a table"
    looks = looks_like(path)
    hint = f"it looks like {looks}; the ending of its name should say so" if looks else ""
    if isinstance(error, csv.Error):
        hint = "is a quote opened and never closed?"
    return UnreadableError(f"cannot be read as {kind}: {error}", hint)


def find_files(source: TableSource, folder: Path) -> tuple[list[Path], list[tuple[str, UnreadableError]]]:
    """Find the files of a source, those of a pattern or folder in the order of names; and what finds none."""
    where = folder / source.folder
    paths, absent = [], []
    for name in source.file or ():
        path = where / name
        if path.is_dir():
            found = tables_in(path)
            words = UnreadableError(
                "is a folder without a table",
                f"it should hold files ending in {', '.join(sorted(TABLES | PACKED))}",
            )
        elif set("*?[") & set(name) and not path.exists():
            root = Path(path.anchor) if Path(name).is_absolute() else where
            found = sorted(file for file in root.glob(str(path.relative_to(root))) if not is_litter(file))
            words = UnreadableError(
                f"no file matches this pattern in {root}",
                "* stands for any letters; capitals count on some systems",
            )
        else:
            found, words = [path], UnreadableError("")
        paths += found
        if not found:
            absent.append((name, words))
    return paths, absent


def tables_in(folder: Path) -> list[Path]:
    """Files of a folder that a table may be in, in the order of their names; not what Excel keeps of an open one."""
    return sorted(
        file for file in folder.iterdir() if file.suffix.lower() in TABLES | PACKED and not is_litter(file)
    )


def check_there(path: Path) -> None:
    """Say in words where a file is missing or empty."""
    if not path.exists():
        near = ", ".join(sorted(other.name for other in path.parent.glob(f"*{path.suffix}"))[:8])
        there = path.parent.is_dir()
        hint = (
            "paths are read from the folder of analysis.toml" if there else "there is no such folder either"
        )
        raise UnreadableError(f"no such file in {path.parent}", f"there are: {near}" if near else hint)
    if path.stat().st_size == 0:
        raise UnreadableError("is empty (0 bytes)", "was its export or its copy broken off?")
