"""Cells: each column brought to its declared type, and what is found in a cell noted with its file and line."""

from typing import Any

import numpy as np
import pandas as pd

from variation.errors import Finding
from variation.files import LISTED, MISSING
from variation.tables import Column, Table

# Where a row stood, carried through reading so that a later finding can name it.
FILE, LINE = "_file", "_line"

# What stands for a count that its publisher withheld.
SUPPRESSED = ("*", "[c]")

THOUSANDS = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?"
# A code that a spreadsheet took for a number: 12E7 becomes 1.20E+08.
EATEN = r"\d(?:\.\d+)?E\+\d+"


def typed(table: pd.DataFrame, spec: Table, findings: list[Finding]) -> pd.DataFrame:
    """Bring each column to its declared type; a cell that is not of it is a finding and becomes missing."""
    declared = {column.name: column for column in spec}
    for name in [name for name in table.columns if name not in (FILE, LINE)]:
        column = declared.get(name)
        if column is not None and column.type == "text":
            table[name] = _text(table[name])
            _check_choices(table, column, findings)
        else:
            table[name] = _numbers(table, name, column, findings)
    for name in spec.required:
        empty = table[name].isna()
        note_rows(findings, table, empty, name, code="empty", severity="error",
                  message=f"{name} is empty", hint=f"every row names its {name}")  # fmt: skip
        table = table[~empty]
        _note_eaten(table, name, findings)
    return table


def _text(values: pd.Series) -> pd.Series:
    stripped = values.astype("str").str.strip()
    return stripped.mask(stripped.isin(MISSING))


def _note_eaten(table: pd.DataFrame, name: str, findings: list[Finding]) -> None:
    """Note codes that a spreadsheet has turned into numbers."""
    if table[name].str.contains("E+", regex=False).any():
        note_rows(findings, table, table[name].str.fullmatch(EATEN), name, code="eaten_code", severity="error",
                  message="a spreadsheet has turned this code into a number",
                  hint="take the column from its source again and format it as text first")  # fmt: skip


def _numbers(table: pd.DataFrame, name: str, column: Column | None, findings: list[Finding]) -> pd.Series:
    """Read a column as numbers; suppressed cells are counted, anything else that is no number is an error."""
    values = table[name]
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        numbers = values.astype(float)
        unread = numbers.isin([np.inf, -np.inf])
    else:
        written = values.astype("str").str.strip()
        thousands = written.str.fullmatch(THOUSANDS).fillna(False).astype(bool)
        plain = written.mask(thousands, written.str.replace(",", "")) if thousands.any() else written
        numbers = pd.to_numeric(plain, errors="coerce").astype(float)
        finite = numbers.notna() & ~numbers.isin([np.inf, -np.inf])
        unread = ~finite & written.notna() & ~written.isin(MISSING)
        if column is None and unread.mean() > 0.5:
            return _text(values)  # a column of words among an areas table's features: kept as words
        hidden = unread & written.isin(SUPPRESSED)
        _note_hidden(table[hidden], name, findings)
        unread &= ~hidden
    note_rows(findings, table, unread, name, code="not_a_number", severity="error",
              message="expected a number", hint="leave the cell empty where there is no figure")  # fmt: skip
    return numbers.mask(unread)


def _note_hidden(hidden: pd.DataFrame, name: str, findings: list[Finding]) -> None:
    if len(hidden):
        findings.append(
            Finding(
                severity="note",
                code="suppressed",
                table=str(hidden[FILE].iloc[0]),
                row=int(hidden[LINE].iloc[0]),
                column=name,
                value=str(hidden[name].iloc[0]),
                message=f"withheld by the publisher and so missing here: {len(hidden):,} in this column",
            )
        )


def _check_choices(table: pd.DataFrame, column: Column, findings: list[Finding]) -> None:
    if column.choices:
        wrong = table[column.name].notna() & ~table[column.name].isin(column.choices)
        note_rows(findings, table, wrong, column.name, code="unknown_value", severity="error",
                  message=f"expected one of {', '.join(column.choices)}")  # fmt: skip


def note_rows(
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
        more = f" (and {len(rows) - LISTED:,} more rows)" if last else ""
        findings.append(
            Finding(
                severity=severity,
                code=code,
                table=str(file),
                row=int(line),
                column=column,
                value=_shown(value),
                message=message + more,
                hint=hint,
            )
        )


def _shown(value: Any) -> str:
    """Write a value as it stood in the file, as far as it is known."""
    if pd.isna(value):
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)[:60]
