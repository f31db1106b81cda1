"""Read the input tables: files as they are, through a mapping of columns, with every finding noted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from variation.errors import Finding
from variation.periods import pool_latest_months
from variation.settings import TableSource
from variation.tables import Column, Table

# Where a row stood, carried through reading so that a later finding can name it.
FILE, LINE = "_file", "_line"

# What stands for "no value" in number columns, besides an empty cell.
MISSING = ("", "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "#N/A", "..", "[x]", "[z]")
# What stands for a count that its publisher withheld.
SUPPRESSED = ("*", "[c]")

# Findings of one kind in one column of one file that are listed one by one; the rest are counted.
LISTED = 5


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
        for path in _paths(source, folder, reading.findings):
            part = _read_source(path, source, spec, reading)
            if part is not None:
                parts.append(part)
    if parts:
        reading.table = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    return reading


def _paths(source: TableSource, folder: Path, findings: list[Finding]) -> list[Path]:
    """Find the files of a source, patterns in the order of names."""
    where = folder / source.folder
    paths = []
    for name in source.file:
        found = sorted(where.glob(name)) if set("*?[") & set(name) else [where / name]
        if not found:
            findings.append(_file_error(name, "no file matches this pattern", f"looked in {where}"))
        paths += found
    return paths


def _read_source(path: Path, source: TableSource, spec: Table, reading: Reading) -> pd.DataFrame | None:
    """Read one file and bring it to the columns of ``spec``; None where it cannot be."""
    texts = {source.columns.get(column.name, column.name) for column in spec if column.type == "text"}
    texts |= set(source.filter)
    try:
        raw = _read_file(path, source, texts, reading.findings)
    except FileNotFoundError:
        near = ", ".join(sorted(other.name for other in path.parent.glob(f"*{path.suffix}"))[:8])
        reading.findings.append(
            _file_error(path.name, f"no such file in {path.parent}", f"there are: {near}" if near else "")
        )
        return None
    except PermissionError:
        reading.findings.append(
            _file_error(path.name, "may not be read", "is it open in Excel, or closed to this user?")
        )
        return None
    except Exception as error:  # a library's own words for a file that is not what its name says
        reading.findings.append(
            _file_error(path.name, f"cannot be read as {path.suffix.lstrip('.') or 'a table'}: {error}")
        )
        return None
    reading.sources.append((path.name, len(raw), _hash(path)))
    raw.columns = raw.columns.astype(str).str.strip()
    for heading, wanted in source.filter.items():
        if heading not in raw.columns:
            reading.findings.append(_missing_columns(path, [heading], raw))
            return None
        raw = raw[raw[heading].isin([wanted] if isinstance(wanted, str) else wanted)]
    table = _mapped(raw, path, source, spec, reading.findings)
    if table is None:
        return None
    if source.unique:
        table = table.drop_duplicates([name for name in table.columns if name != LINE])
    table = table.reset_index(drop=True)
    table = _typed(table, spec, reading.findings)
    for name, factor in source.scale.items():
        table[name] = table[name] * factor
    if source.latest_months:
        table = pool_latest_months(table, months=source.latest_months)
    return table


def _read_file(path: Path, source: TableSource, texts: set[str], findings: list[Finding]) -> pd.DataFrame:
    """Read a file whole: text columns as text (codes keep their zeros), the others as they come."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return pa.parquet.read_table(path).to_pandas()
    if suffix in {".xlsx", ".xls", ".ods", ".xlsb", ".xlsm"}:
        sheet = source.sheet if source.sheet is not None else 0
        frame = pd.read_excel(path, sheet_name=sheet, engine="calamine", dtype=object)
        for name in texts & set(frame.columns):
            frame[name] = frame[name].map(_code_as_text, na_action="ignore")
        return frame
    return _read_csv(path, source, texts, findings)


def _read_csv(path: Path, source: TableSource, texts: set[str], findings: list[Finding]) -> pd.DataFrame:
    broken: list[pa.csv.InvalidRow] = []

    def note(row: pa.csv.InvalidRow) -> str:
        broken.append(row)
        return "skip"

    table = pa.csv.read_csv(
        path,
        # One thread, so that a broken row knows its number.
        read_options=pa.csv.ReadOptions(encoding=source.encoding, use_threads=False, block_size=1 << 24),
        parse_options=pa.csv.ParseOptions(
            delimiter=source.separator, invalid_row_handler=note, newlines_in_values=True
        ),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(texts, pa.string()),
            null_values=list(MISSING),
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )
    for row in broken[:LISTED]:
        findings.append(
            Finding(
                severity="error",
                code="broken_row",
                table=path.name,
                row=row.number,
                value=row.text[:60],
                message=f"{row.actual_columns} fields where the heading has {row.expected_columns}",
                hint="look for a separator or a quote inside a value",
            )
        )
    return table.to_pandas()


def _code_as_text(value: object) -> str:
    """Write a code that a spreadsheet keeps as a number without its decimal point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _mapped(
    raw: pd.DataFrame, path: Path, source: TableSource, spec: Table, findings: list[Finding]
) -> pd.DataFrame | None:
    """Give the file's columns our names; required ones that are missing are one finding."""
    theirs = {name: source.columns.get(name, name) for name in spec.names}
    if spec.open_ended:
        taken = set(theirs.values())
        extra = [name for name in raw.columns if name not in taken and not source.columns]
        theirs |= {name: name for name in extra} | {
            name: heading for name, heading in source.columns.items() if name not in spec.names
        }
    absent = [
        theirs[name]
        for name in {*spec.required, *source.columns}
        if theirs.get(name, name) not in raw.columns and name not in source.values
    ]
    if absent:
        findings.append(_missing_columns(path, sorted(absent), raw))
        return None
    table = pd.DataFrame({name: raw[heading] for name, heading in theirs.items() if heading in raw.columns})
    for name, value in source.values.items():
        table[name] = value.replace("{stem}", path.stem) if isinstance(value, str) else value
    table[FILE], table[LINE] = path.name, raw.index + 2
    return table


def _typed(table: pd.DataFrame, spec: Table, findings: list[Finding]) -> pd.DataFrame:
    """Bring each column to its declared type; a cell that is not of it is a finding and becomes missing."""
    declared = {column.name: column for column in spec}
    for name in [name for name in table.columns if name not in (FILE, LINE)]:
        column = declared.get(name)
        if column is not None and column.type == "text":
            table[name] = table[name].astype("str").str.strip().replace({"": pd.NA})
            _check_choices(table, column, findings)
        elif column is not None or spec.open_ended:
            table[name] = _numbers(table, name, column, findings)
    for name in spec.required:
        empty = table[name].isna()
        _note_rows(findings, table, empty, name, code="empty", severity="error",
                   message=f"{name} is empty", hint=f"every row names its {name}")  # fmt: skip
        table = table[~empty]
    return table


def _numbers(table: pd.DataFrame, name: str, column: Column | None, findings: list[Finding]) -> pd.Series:
    """Read a column as numbers; suppressed cells are counted, anything else that is no number is an error."""
    values = table[name]
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        return values.astype(float)
    written = values.astype("str").str.strip()
    numbers = pd.to_numeric(written.str.replace(",", ""), errors="coerce")
    unread = numbers.isna() & written.notna() & ~written.isin(MISSING)
    if column is None and unread.mean() > 0.5:
        return written  # a column of words among an areas table's features: kept as words
    hidden = unread & written.isin(SUPPRESSED)
    if hidden.any():
        findings.append(
            Finding(
                severity="note",
                code="suppressed",
                table=str(table.loc[hidden, FILE].iloc[0]),
                column=name,
                value=str(written[hidden].iloc[0]),
                message=f"{int(hidden.sum())} cells were withheld by their publisher; they count as missing",
            )
        )
    _note_rows(findings, table, unread & ~hidden, name, code="not_a_number", severity="error",
               message="expected a number", hint="leave the cell empty where there is no figure")  # fmt: skip
    return numbers.astype(float)


def _check_choices(table: pd.DataFrame, column: Column, findings: list[Finding]) -> None:
    if column.choices:
        wrong = table[column.name].notna() & ~table[column.name].isin(column.choices)
        _note_rows(findings, table, wrong, column.name, code="unknown_value", severity="error",
                   message=f"expected one of {', '.join(column.choices)}")  # fmt: skip


def _note_rows(
    findings: list[Finding],
    table: pd.DataFrame,
    wrong: pd.Series,
    column: str,
    *,
    code: str,
    severity: str,
    message: str,
    hint: str = "",
) -> None:
    """Note the first few rows of a kind one by one, and how many more there are."""
    rows = table[wrong.to_numpy(dtype=bool)]
    for place, (file, line, value) in enumerate(
        zip(rows[FILE].head(LISTED), rows[LINE].head(LISTED), rows[column].head(LISTED), strict=True)
    ):
        last = place == LISTED - 1 and len(rows) > LISTED
        more = f" (and {len(rows) - LISTED} more rows)" if last else ""
        findings.append(
            Finding(
                severity=severity,
                code=code,
                table=str(file),
                row=int(line),
                column=column,
                value="" if pd.isna(value) else str(value)[:60],
                message=message + more,
                hint=hint,
            )
        )


note_rows = _note_rows


def _missing_columns(path: Path, absent: list[str], raw: pd.DataFrame) -> Finding:
    return Finding(
        severity="error",
        code="missing_column",
        table=path.name,
        row=1,
        value=", ".join(map(str, raw.columns[:30])),
        message=f"missing columns {', '.join(absent)}",
        hint='name the file\'s own headings under columns = { ours = "theirs" } in analysis.toml',
    )


def _file_error(name: str, message: str, hint: str = "") -> Finding:
    return Finding(severity="error", code="file", table=name, message=message, hint=hint)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        digest = sha256()
        read: Callable[[], bytes] = lambda: stream.read(1 << 20)  # noqa: E731
        for chunk in iter(read, b""):
            digest.update(chunk)
    return digest.hexdigest()
