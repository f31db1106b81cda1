"""What is fuzzed: each reader, the settings, the tables against each other, and the guessing of a mapping.

A target takes bytes, puts them where a user's file would be and reads it by the functions that the command line
calls. What a user can mend comes back as findings or as an error in words; any other exception is a crash.
"""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.fuzz import seeds
from variation.errors import Finding, InputError, VariationError
from variation.findings import declared
from variation.guess.draft import draft
from variation.guess.write import draft_text
from variation.inputs import read_inputs
from variation.reading.tables import read_table
from variation.settings import read_settings
from variation.settings.table_source import TableSource
from variation.tables import AREAS, BOUNDARIES, CATALOGUE, INDICATORS, Table

CODES = {one.code for one in declared()}


@dataclass(frozen=True, kw_only=True)
class Target:
    """Something that reads bytes of others: ``hold`` raises where it does not hold."""

    name: str
    ending: str = "csv"
    options: Mapping[str, Any] = field(default_factory=dict)
    specs: Sequence[Table] = (INDICATORS,)
    read: Callable[["Target", Path], Sequence[Finding]] | None = None

    @cached_property
    def members(self) -> list[tuple[str, bytes]]:
        """Members of the first seed, where it is packed: each is changed by itself, or no change would get in."""
        first = seeds.SEEDS[self.name]()[0]
        return seeds.members(first) if first.startswith(b"PK") else []

    def seeds(self) -> list[bytes]:
        """Inputs to start from. Of packed files: which member, and what is in it; 0 for the file as it is."""
        whole = seeds.SEEDS[self.name]()
        if not self.members:
            return whole
        return [
            *(b"\0" + data for data in whole),
            *(bytes([place + 1]) + data for place, (_, data) in enumerate(self.members)),
        ]

    def file(self, data: bytes) -> bytes:
        """Make the file of an input."""
        if not self.members or not data:
            return data
        chosen = data[0] % (len(self.members) + 1) - 1
        if chosen < 0:
            return data[1:]
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for place, (name, content) in enumerate(self.members):
                archive.writestr(zipfile.ZipInfo(name), data[1:] if place == chosen else content)
        return stream.getvalue()

    def hold(self, data: bytes, folder: Path) -> None:
        """Read an input as a user's file; whatever it is, it comes back in words."""
        path = folder / f"data.{self.ending}"
        path.write_bytes(self.file(data))
        for finding in (self.read or read_tables)(self, path):
            assert finding.code in CODES, f"{finding.code} is not declared"
            assert finding.severity in ("error", "warning", "note")
            assert finding.table, finding
            assert finding.message, finding


def read_tables(target: Target, path: Path) -> list[Finding]:
    """Read a file as each of the tables that it may be."""
    findings = []
    for spec in target.specs:
        source = TableSource.model_validate({"file": path.name, **target.options})
        reading = read_table((source,), spec, folder=path.parent)
        assert (
            set(spec.names) >= {name for name in reading.table if not name.startswith("_")} or spec.open_ended
        )
        findings += reading.findings
    return findings


def _names(path: Path, error: VariationError) -> None:
    assert path.name in str(error), error


def _settings(_: Target, path: Path) -> list[Finding]:
    try:
        read_settings(path)
    except VariationError as error:
        _names(path, error)
    return []


def _analysis(_: Target, path: Path) -> Sequence[Finding]:
    """Read three tables that lie one below the other in one text, as an analysis."""
    parts = path.read_bytes().split(seeds.APART.encode())
    names = ("indicators", "catalogue", "areas")
    for name, part in zip(names, [*parts, b"", b""], strict=False):
        (path.parent / f"{name}.csv").write_bytes(part)
    settings = path.parent / "analysis.toml"
    lines = [f'{name} = "{name}.csv"' for name in names]
    settings.write_text("\n".join(['title = "T"', "[tables]", *lines, ""]), encoding="utf-8")
    try:
        return read_inputs(settings).findings
    except InputError as error:
        return error.findings


def _init(_: Target, path: Path) -> list[Finding]:
    """Guess how a file is read, and read it so."""
    try:
        text = draft_text(draft([path], path.parent))
    except VariationError as error:
        _names(path, error)
        return []
    settings = path.parent / "analysis.toml"
    settings.write_text(text, encoding="utf-8")
    read_settings(settings)
    return []


WIDE = {
    "reader": "wide",
    "across": ["{indicator} {measure}"],
    "columns": {"area": "Practice"},
    "measures": {"numerator": "register", "denominator": "list"},
    "values": {"period": "2016/17"},
}

TARGETS = {
    target.name: target
    for target in (
        Target(name="csv", specs=(INDICATORS, AREAS)),
        Target(name="xlsx", ending="xlsx"),
        Target(name="xls", ending="xls"),
        Target(name="ods", ending="ods"),
        Target(name="parquet", ending="parquet"),
        Target(name="geojson", ending="geojson", specs=(BOUNDARIES,)),
        Target(name="zip", ending="zip"),
        Target(name="settings", ending="toml", read=_settings),
        Target(name="fingertips", options={"reader": "fingertips"}, specs=(INDICATORS, AREAS, CATALOGUE)),
        Target(name="openprescribing", options={"reader": "openprescribing"}, specs=(INDICATORS,)),
        Target(name="qof", options={"reader": "qof", "values": {"period": "2020/21"}}),
        Target(name="wide", options=WIDE),
        Target(name="tables", read=_analysis),
        Target(name="init", read=_init),
    )
}
