"""One broken input: a small sound analysis of which one thing is changed, and what must be found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.tiny_analysis import INDICATORS, SOUND, Content, settings_text, write_files

# The rows of the indicators as a workbook keeps them: figures as numbers.
ROWS: list[list[object]] = [
    [int(cell) if cell.isdigit() else cell for cell in line.split(",")] for line in INDICATORS.splitlines()
]

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
    sound = {f"{name}.csv": text for name, text in SOUND.items()}
    write_files(folder, {**sound, **case.files, "analysis.toml": case.toml or settings_of(case)})
    return folder / "analysis.toml"


def settings_of(case: Case) -> str:
    """Settings of a case that are not given as a whole."""
    tables = {name: f'"{name}.csv"' for name in ("indicators", "catalogue", "areas")} | dict(case.tables)
    return settings_text(tables, case.settings)


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
