"""Read the input tables: sources through their readers to the declared columns, with every finding noted."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from variation.errors import Finding
from variation.folders import file_hash
from variation.periods import MONTH
from variation.periods.pooling import pool_latest_months
from variation.reading.cells import FILE, HEADING, LINE, note_rows, typed
from variation.reading.files import find_files, read_parts
from variation.reading.findings import file_error, missing_columns, note_unknown_names
from variation.reading.formats.columns import typed_in
from variation.reading.formats.part import Part, UnreadableError, not_too_many
from variation.reading.readers import READERS
from variation.reading.readers.layout import row_headings
from variation.reading.readers.patterns import places, read_name
from variation.reading.readers.spans import to_spans
from variation.settings.table_source import TableSource
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
        note_unknown_names(source, spec, reading.findings)
        tables = [
            table
            for part in _source_parts(source, spec, folder, reading)
            if (table := _read_part(part, source, spec, reading.findings)) is not None
        ]
        if source.latest_months and tables:
            tables = [_latest_months(_joined(tables), source.latest_months, reading.findings)]
        parts += tables
    if parts:
        reading.table = _joined(parts)
    return reading


def _source_parts(source: TableSource, spec: Table, folder: Path, reading: Reading) -> list[Part]:
    """Read the parts of a source: each file, sheet and member, or what a database gives."""
    asked = READERS[source.reader].asked(source, spec)
    if source.rows:
        return [typed_in(source, asked)]
    if source.url is not None:
        from variation.reading.formats.database import read_database

        try:
            part, digest = read_database(source, folder, asked)
        except UnreadableError as error:
            reading.findings.append(file_error(source.named, error))
            return []
        reading.sources.append((part.name, len(part.frame), digest))
        return [part]
    paths, absent = find_files(source, folder)
    reading.findings += [file_error(name, why) for name, why in absent]
    parts: list[Part] = []
    with ThreadPoolExecutor(1) as beside:
        for path in paths:
            digest_to_come = beside.submit(file_hash, path)
            try:
                read = read_parts(path, source, asked, reading.findings)
                not_too_many(sum(len(part.frame) for part in [*parts, *read]), source)
            except UnreadableError as error:
                reading.findings.append(file_error(path.name or str(path), error))
                continue
            reading.sources.append(
                (path.name, sum(len(part.frame) for part in read), digest_to_come.result())
            )
            parts += read
    return parts


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0].reset_index(drop=True)


def _read_part(part: Part, source: TableSource, spec: Table, findings: list[Finding]) -> pd.DataFrame | None:
    """Bring one part to the columns of ``spec``; None where it cannot be."""
    tidy = source.reader == "tidy"
    wanted = _headings(part.headings, source, spec) if tidy else {}
    part = replace(part, frame=_without_doubles(part, findings))
    absent = _absent(part, wanted, source, spec) if tidy else row_headings(source) - set(part.headings)
    if absent:
        findings.append(missing_columns(part, sorted(absent), spec))
        return None
    part = replace(part, frame=_filtered(part, source, findings))
    raw = READERS[source.reader].arrange(part, source, spec, findings)
    if raw is None:
        return None
    if not tidy:
        wanted = _arranged(raw, source, spec)
        if unknown := set(wanted.values()) & set(source.columns.values()) - set(raw.columns):
            findings.append(missing_columns(part, sorted(unknown)))
            return None
    wanted = {name: heading for name, heading in wanted.items() if heading in raw.columns}
    table = raw[list(wanted.values())].set_axis(pd.Index(list(wanted), dtype="str"), axis=1)
    for name, value in (_constants(part, source, findings) or {}).items():
        if name in spec.names or spec.open_ended:
            table[name] = pd.Series(value, index=table.index, dtype="str" if isinstance(value, str) else None)
    if HEADING in raw:
        table[HEADING] = raw[HEADING]
    table[FILE], table[LINE] = pd.Series(part.name, index=table.index, dtype="str"), raw.index
    if lacking := sorted(set(spec.required) - set(table.columns)):
        findings.append(missing_columns(part, lacking, spec))
        return None
    if source.unique:
        table = table.drop_duplicates([name for name in table.columns if name != LINE])
    table = typed(table.reset_index(drop=True), spec, source, findings)
    if source.period and "period" in table:
        table = _in_spans(table, source, findings)
    return _scaled(table, part, source, findings)


def _constants(part: Part, source: TableSource, findings: list[Finding]) -> dict[str, str | int | float]:
    """Columns that have one value for all rows: as given, or as the file's name says."""
    named: dict[str, str | int | float] = {}
    if source.stem:
        read = read_name(source.stem, part.stem)
        if read is None:
            findings.append(
                file_error(part.name, UnreadableError(f"its name does not fit stem = {source.stem!r}"))
            )
        named |= read or {}
    for name, value in source.values.items():
        if isinstance(value, str):
            value = value.replace("{stem}", part.stem).replace("{sheet}", part.sheet)
        named[name] = value
    return named


def _in_spans(table: pd.DataFrame, source: TableSource, findings: list[Finding]) -> pd.DataFrame:
    """Bring dates to the periods that the source asks for; a row whose date is none is left out."""
    assert source.period is not None
    spans = to_spans(table["period"], source.period)
    note_rows(findings, table, spans.isna(), "period", code="not_a_date", severity="error",
              message=f"expected a date, or a {source.period.replace('_', ' ')}",
              hint="dates are read as 2016-04-01, 01/04/2016, 01APR2016, Apr-16 and the like")  # fmt: skip
    return table.assign(period=spans)[spans.notna()].reset_index(drop=True)


def _headings(there: tuple[str, ...], source: TableSource, spec: Table) -> dict[str, str]:
    """Our column = the file's heading, for every column that is wanted of the file."""
    theirs = {name: source.columns.get(name, name) for name in spec.names}
    if spec.open_ended:
        taken = set(theirs.values())
        extra = [name for name in there if name not in taken and not source.columns and name != HEADING]
        theirs |= {name: name for name in extra} | {
            name: heading for name, heading in source.columns.items() if name not in spec.names
        }
    return theirs


def _arranged(raw: pd.DataFrame, source: TableSource, spec: Table) -> dict[str, str]:
    """Our column = the column that a reader gives, for every one that is wanted of it."""
    found = READERS[source.reader].names
    left = {name: heading for name, heading in source.columns.items() if name not in found}
    return _headings(tuple(raw.columns), source.model_copy(update={"columns": left}), spec)


def _without_doubles(part: Part, findings: list[Finding]) -> pd.DataFrame:
    """Note headings that stand twice, and go on with the first of each."""
    again = part.frame.columns[part.frame.columns.duplicated()]
    if len(again):
        findings.append(
            Finding(
                severity="error",
                code="duplicate_heading",
                table=part.name,
                row=part.heading_line,
                value=", ".join(sorted(set(again))),
                message="a heading stands twice: which of the columns is meant?",
                hint="rename or take out one of them",
            )
        )
    return part.frame.loc[:, ~part.frame.columns.duplicated()] if len(again) else part.frame


def _absent(part: Part, wanted: dict[str, str], source: TableSource, spec: Table) -> set[str]:
    """Headings that are named in the settings or required, and are not in the file."""
    given = {*source.values, *places(source.stem)}
    needed = {name for name in (*spec.required, *source.columns) if name in wanted} - given
    return ({wanted[name] for name in needed} | row_headings(source)) - set(part.headings)


def _filtered(part: Part, source: TableSource, findings: list[Finding]) -> pd.DataFrame:
    """Keep the rows that the source's filter asks for, and leave out those that it drops."""
    raw = part.frame
    for heading, wanted in source.filter.items():
        there = _plain(raw[heading])
        raw = raw[there.isin(wanted)]
        if raw.empty and len(there):
            findings.append(
                Finding(
                    severity="warning",
                    code="filter",
                    table=part.name,
                    column=heading,
                    value=", ".join(name for name in there.unique()[:8] if name),
                    message=f"no row is {' or '.join(wanted)}",
                    hint="the filter in analysis.toml keeps no row of this file",
                )
            )
            break
    for heading, left_out in source.drop.items():
        raw = raw[~_plain(raw[heading]).isin(left_out)]
    return raw


def _plain(values: pd.Series) -> pd.Series:
    """Cells as texts without spaces around them; "" where empty."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        texts = pd.Series(values.cat.categories.astype("str"), dtype="str").str.strip().to_list()
        return pd.Series([*texts, ""], dtype="str").take(values.cat.codes.to_numpy()).set_axis(values.index)
    return values.astype("str").str.strip().fillna("")


def _scaled(table: pd.DataFrame, part: Part, source: TableSource, findings: list[Finding]) -> pd.DataFrame:
    """Multiply the columns that are given in another unit."""
    for name, factor in source.scale.items():
        if name in table and pd.api.types.is_numeric_dtype(table[name]):
            table[name] = table[name] * factor
        elif name in source.columns or name not in table:
            findings.append(missing_columns(part, [name]))
    return table


def _latest_months(table: pd.DataFrame, months: int, findings: list[Finding]) -> pd.DataFrame:
    """Add up the latest months; a period that is no month is an error."""
    monthly = table["period"].str.fullmatch(MONTH)
    note_rows(findings, table, ~monthly, "period", code="not_a_month", severity="error",
              message="latest_months adds up months", hint="give months as 2016-04")  # fmt: skip
    return pool_latest_months(table[monthly], months=months)
