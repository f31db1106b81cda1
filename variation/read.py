"""Read the input tables: files through a mapping of columns to declared ones, with every finding noted."""

import difflib
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path

import pandas as pd

from variation.cells import FILE, LINE, note_rows, typed
from variation.errors import Finding
from variation.files import UnreadableError, read_file
from variation.periods import MONTH, pool_latest_months
from variation.table_source import TableSource
from variation.tables import Table


@dataclass
class Reading:
    """A table as read, what it was read from, and what was found on the way."""

    table: pd.DataFrame
    sources: list[tuple[str, int, str]] = field(default_factory=list)  # name, rows, sha256
    findings: list[Finding] = field(default_factory=list)


def read_table(sources: tuple[TableSource, ...], spec: Table, *, folder: Path) -> Reading:
    """Read one table from all its sources.

    The frame has the columns that ``spec`` declares and the sources have, with their declared types, and
    the file and line of each row. Rows that cannot be used are left out, each with a finding.
    """
    reading = Reading(pd.DataFrame(columns=[*spec.names, FILE, LINE]))
    parts = []
    for source in sources:
        _note_unknown_names(source, spec, reading.findings)
        read = [
            _read_source(path, source, spec, reading) for path in _paths(source, folder, reading.findings)
        ]
        tables = [table for table in read if table is not None]
        if source.latest_months and tables:
            tables = [_latest_months(_joined(tables), source.latest_months, reading.findings)]
        parts += tables
    if parts:
        reading.table = _joined(parts)
    return reading


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0].reset_index(drop=True)


def _paths(source: TableSource, folder: Path, findings: list[Finding]) -> list[Path]:
    """Find the files of a source, patterns in the order of names."""
    where = folder / source.folder
    paths = []
    for name in source.file or ():
        path = where / name
        if not set("*?[") & set(name) or path.exists():
            paths.append(path)
            continue
        root = Path(path.anchor) if Path(name).is_absolute() else where
        found = sorted(root.glob(str(path.relative_to(root))))
        if not found:
            findings.append(_file_error(name, "no file matches this pattern", f"looked in {root}"))
        paths += found
    return paths


def _note_unknown_names(source: TableSource, spec: Table, findings: list[Finding]) -> None:
    """Note settings of a source that name a column which the table does not have."""
    numbers = [column.name for column in spec if column.type != "text"]
    for option, known in (("columns", spec.names), ("values", spec.names), ("scale", numbers)):
        for name in getattr(source, option):
            if name in known or (spec.open_ended and name not in spec.names):
                continue
            near = difflib.get_close_matches(name, known, n=1)
            findings.append(
                Finding(
                    severity="error",
                    code="unknown_column",
                    table="analysis.toml",
                    column=f"tables.{spec.name}.{option}",
                    value=name,
                    message=f"no such {'number ' if option == 'scale' else ''}column of the {spec.name} table",
                    hint=f"did you mean {near[0]}?" if near else f"it has: {', '.join(known)}",
                )
            )


def _read_source(path: Path, source: TableSource, spec: Table, reading: Reading) -> pd.DataFrame | None:
    """Read one file and bring it to the columns of ``spec``; None where it cannot be."""
    texts = {source.columns.get(column.name, column.name) for column in spec if column.type == "text"}
    try:
        raw = read_file(path, source, texts | set(source.filter), reading.findings)
    except UnreadableError as error:
        reading.findings.append(_file_error(path.name or str(path), error.message, error.hint))
        return None
    reading.sources.append((path.name, len(raw), _hash(path)))
    wanted = _headings(raw, source, spec)
    raw = _without_doubles(raw, path, {*wanted.values(), *source.filter}, reading.findings)
    if absent := _absent(raw, wanted, source, spec):
        reading.findings.append(_missing_columns(path, absent, raw))
        return None
    raw = _filtered(raw, path, source, reading.findings)
    table = pd.DataFrame({name: raw[heading] for name, heading in wanted.items() if heading in raw.columns})
    for name, value in source.values.items():
        if name in spec.names or spec.open_ended:
            table[name] = value.replace("{stem}", path.stem) if isinstance(value, str) else value
    table[FILE], table[LINE] = path.name, raw.index
    if source.unique:
        table = table.drop_duplicates([name for name in table.columns if name != LINE])
    table = typed(table.reset_index(drop=True), spec, reading.findings)
    return _scaled(table, path, source, reading.findings)


def _headings(raw: pd.DataFrame, source: TableSource, spec: Table) -> dict[str, str]:
    """Our column = the file's heading, for every column that is wanted of the file."""
    theirs = {name: source.columns.get(name, name) for name in spec.names}
    if spec.open_ended:
        taken = set(theirs.values())
        extra = [name for name in raw.columns if name not in taken and not source.columns]
        theirs |= {name: name for name in extra} | {
            name: heading for name, heading in source.columns.items() if name not in spec.names
        }
    return theirs


def _without_doubles(
    raw: pd.DataFrame, path: Path, wanted: set[str], findings: list[Finding]
) -> pd.DataFrame:
    """Note headings that stand twice where they are wanted, and go on with the first of each."""
    again = raw.columns[raw.columns.duplicated()]
    if doubled := sorted(wanted & set(again)):
        findings.append(
            Finding(
                severity="error",
                code="duplicate_heading",
                table=path.name,
                row=1,
                value=", ".join(doubled),
                message="a heading stands twice: which of the columns is meant?",
                hint="rename or take out one of them",
            )
        )
    return raw.loc[:, ~raw.columns.duplicated()] if len(again) else raw


def _absent(raw: pd.DataFrame, wanted: dict[str, str], source: TableSource, spec: Table) -> list[str]:
    """Headings that are named in the settings or required, and are not in the file."""
    needed = {name for name in (*spec.required, *source.columns) if name in wanted} - set(source.values)
    return sorted(({wanted[name] for name in needed} | set(source.filter)) - set(raw.columns))


def _filtered(raw: pd.DataFrame, path: Path, source: TableSource, findings: list[Finding]) -> pd.DataFrame:
    """Keep the rows that the source's filter asks for."""
    for heading, wanted in source.filter.items():
        there = raw[heading].astype("str").str.strip()
        raw = raw[there.isin(wanted)]
        if raw.empty and len(there):
            findings.append(
                Finding(
                    severity="warning",
                    code="filter",
                    table=path.name,
                    column=heading,
                    value=", ".join(there.dropna().unique()[:8]),
                    message=f"no row is {' or '.join(wanted)}",
                    hint="the filter in analysis.toml keeps no row of this file",
                )
            )
            break
    return raw


def _scaled(table: pd.DataFrame, path: Path, source: TableSource, findings: list[Finding]) -> pd.DataFrame:
    """Multiply the columns that are given in another unit."""
    for name, factor in source.scale.items():
        if name in table and pd.api.types.is_numeric_dtype(table[name]):
            table[name] = table[name] * factor
        elif name in source.columns or name not in table:
            findings.append(_missing_columns(path, [name], table))
    return table


def _latest_months(table: pd.DataFrame, months: int, findings: list[Finding]) -> pd.DataFrame:
    """Add up the latest months; a period that is no month is an error."""
    monthly = table["period"].str.fullmatch(MONTH)
    note_rows(findings, table, ~monthly, "period", code="not_a_month", severity="error",
              message="latest_months adds up months", hint="give months as 2016-04")  # fmt: skip
    return pool_latest_months(table[monthly], months=months)


def _missing_columns(path: Path, absent: list[str], raw: pd.DataFrame) -> Finding:
    headings = [str(name) for name in raw.columns if not str(name).startswith("_")]
    hint = 'name the file\'s own headings under columns = { ours = "theirs" } in analysis.toml'
    if len(headings) == 1 and (other := [mark for mark in ";\t|," if mark in headings[0]]):
        hint = f"the file is separated by {other[0]!r}: give separator = {other[0]!r} in analysis.toml"
    return Finding(
        severity="error",
        code="missing_column",
        table=path.name,
        row=1,
        value=", ".join(headings[:30]),
        message=f"missing columns {', '.join(absent)}",
        hint=hint,
    )


def _file_error(name: str, message: str, hint: str = "") -> Finding:
    return Finding(severity="error", code="file", table=name, message=message, hint=hint)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
