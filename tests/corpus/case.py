"""One broken input: a small sound analysis of which one thing is changed, and what must be found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

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

# The rows of the indicators as a workbook keeps them: figures as numbers.
ROWS: list[list[object]] = [
    [int(cell) if cell.isdigit() else cell for cell in line.split(",")] for line in INDICATORS.splitlines()
]

Content = str | bytes | Callable[[Path], None]

# Severity, code, file (or table), line, column.
Expected = tuple[str, str, str, int | None, str]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A sound analysis with ``files`` changed, and the findings of severity error and warning that it must give.

    ``files`` holds the content of files by name, or what writes it to a path. ``tables`` replaces lines of
    [tables], ``toml`` the settings as a whole. ``says`` are words that the message and its hint must have.
    """

    name: str
    files: Mapping[str, Content] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    toml: Content | None = None
    finds: tuple[Expected, ...] = ()
    notes: tuple[Expected, ...] = ()
    says: tuple[str, ...] = ()
    exit_code: int = 1


def write(case: Case, folder: Path) -> Path:
    """Write the files of a case and return its settings."""
    sound: dict[str, Content] = {"indicators.csv": INDICATORS, "catalogue.csv": CATALOGUE, "areas.csv": AREAS}
    tables = {name: f'"{name}.csv"' for name in ("indicators", "catalogue", "areas")} | dict(case.tables)
    lines = [f"{name} = {source}" for name, source in tables.items()]
    toml = case.toml or "\n".join(['title = "Tiny"', "[tables]", *lines, case.settings, ""])
    for name, content in {**sound, **case.files, "analysis.toml": toml}.items():
        if callable(content):
            content(folder / name)
        else:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "analysis.toml"


def changed(before: str, after: str, text: str = INDICATORS) -> str:
    """Change one thing of a sound table."""
    assert text.count(before) >= 1, before
    return text.replace(before, after, 1)


def error(code: str, table: str, row: int | None = None, column: str = "") -> Expected:
    """Expect an error."""
    return ("error", code, table, row, column)


def warning(code: str, table: str, row: int | None = None, column: str = "") -> Expected:
    """Expect a warning."""
    return ("warning", code, table, row, column)


# Of few areas, one without a figure is many.
GAP = warning("incomplete", "indicators", None, "period")
