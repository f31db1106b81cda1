"""A tiny analysis in files, of which a test changes one thing, and what reading it finds."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.tiny_analysis import SOUND, Content, settings_text, write_files


class Found(NamedTuple):
    """What reading an analysis gave: the inputs (None where an error stops them) and every finding."""

    inputs: object
    findings: tuple

    def of(self, code: str) -> list:
        """Findings of one code."""
        return [finding for finding in self.findings if finding.code == code]

    @property
    def errors(self) -> set[str]:
        """Codes of the findings that stop a run."""
        return {finding.code for finding in self.findings if finding.severity == "error"}


@pytest.fixture(scope="session")
def example_inputs(example_folder: Path) -> object:
    """The built-in example, read and checked."""
    from variation.inputs import read_inputs

    return read_inputs(example_folder / "analysis.toml")


@pytest.fixture
def write_tiny(tmp_path: Path) -> Callable[..., Path]:
    """Write the tiny analysis; a table given as None is not written, ``tables`` replaces lines of [tables]."""

    def write(
        *, tables: Mapping[str, str] | None = None, settings: str = "", **changed: Content | None
    ) -> Path:
        given = {name: content for name, content in {**SOUND, **changed}.items() if content is not None}
        lines = {name: f'"{name}.csv"' for name in {**SOUND, **changed}} | dict(tables or {})
        write_files(tmp_path, {f"{name}.csv": content for name, content in given.items()})
        path = tmp_path / "analysis.toml"
        path.write_text(settings_text(lines, settings), encoding="utf-8")
        return path

    return write


@pytest.fixture
def read_tiny(write_tiny: Callable[..., Path]) -> Callable[..., Found]:
    """Write the tiny analysis and read it."""
    from variation.errors import InputError
    from variation.inputs import read_inputs

    def read(**changes: object) -> Found:
        path = write_tiny(**changes)
        try:
            inputs = read_inputs(path)
        except InputError as error:
            return Found(None, error.findings)
        return Found(inputs, inputs.findings)

    return read


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., object]:
    """Read one table from a file that holds ``content``; None where the test has written it."""
    from variation.reading.tables import Reading, read_table
    from variation.settings.table_source import TableSource
    from variation.tables import INDICATORS

    def from_file(content, *, name="data.csv", spec=INDICATORS, **options) -> Reading:
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name).write_bytes(data)
        return read_table((TableSource(file=name, **options),), spec, folder=tmp_path)

    return from_file
