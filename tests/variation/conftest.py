"""A tiny analysis in files, of which a test changes one thing, and what reading it finds."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

AREAS = """\
area,name,kind,parent,imd
P1,One,practice,L1,10
P2,Two,practice,L1,20
P3,Three,practice,L1,15
L1,Town,locality,,
"""
CATALOGUE = """\
indicator,name,kind,polarity,unit_cost
asthma,Asthma admissions,rate,low,100
smoking,Smoking,proportion,low,
"""
INDICATORS = """\
indicator,area,period,numerator,denominator
asthma,P1,2016/17,10,1000
asthma,P2,2016/17,20,1000
asthma,P3,2016/17,30,1000
smoking,P1,2016/17,100,1000
smoking,P2,2016/17,200,1000
smoking,P3,2016/17,150,1000
"""


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
        *,
        areas: str | bytes | None = AREAS,
        catalogue: str | bytes | None = CATALOGUE,
        indicators: str | bytes | None = INDICATORS,
        tables: dict[str, str] | None = None,
        settings: str = "",
        **others: str | bytes,
    ) -> Path:
        files = {"areas": areas, "catalogue": catalogue, "indicators": indicators, **others}
        for name, content in files.items():
            if content is not None:
                data = content.encode() if isinstance(content, str) else content
                (tmp_path / f"{name}.csv").write_bytes(data)
        lines = {name: f'"{name}.csv"' for name in files} | (tables or {})
        source = "\n".join(f"{name} = {value}" for name, value in lines.items())
        path = tmp_path / "analysis.toml"
        path.write_text(f'title = "Tiny"\n[tables]\n{source}\n{settings}', encoding="utf-8")
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
