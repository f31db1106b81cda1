"""Cells: each column brought to its declared type, and what is found in a cell noted with its file and line."""

import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.errors import Finding
from variation.reading.formats.part import LISTED, MISSING
from variation.settings.table_source import TableSource
from variation.tables import Column, Table

# Where a row stood, carried through reading so that a later finding can name it.
FILE, LINE = "_file", "_line"

# In a wide table the headings above the figures of a row, for the same: a line for each column, name and heading.
HEADING = "_heading"

# What stands for a count that its publisher withheld; and that it is below a number.
SUPPRESSED = ("*", "**", "[c]")
BELOW = r"[<≤]\s*=?\s*\d+(?:\.\d+)?"

# Spaces that people put between thousands.
SPACES = " \u00a0\u202f"

# A code that a spreadsheet took for a number: 12E7 becomes 1.20E+08.
EATEN = r"\d(?:\.\d+)?E\+\d+"

# A code that a spreadsheet took for a date: MAR01 becomes 01-Mar, and as a cell of a workbook 2017-03-01.
MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATED = rf"\d{{1,2}}-(?:{MONTHS})(?:-\d\d(?:\d\d)?)?|(?:{MONTHS})-\d\d|\d{{4}}-\d\d-\d\d"

# Characters that a cell of a workbook may hold.
LONGEST = 32_767


def typed(table: pd.DataFrame, spec: Table, source: TableSource, findings: list[Finding]) -> pd.DataFrame:
    """Bring each column to its declared type; a cell that is not of it is a finding and becomes missing."""
    declared = {column.name: column for column in spec}
    for name in [name for name in table.columns if name not in (FILE, LINE, HEADING)]:
        column = declared.get(name)
        if column is not None and column.type == "text":
            table[name] = _text(table[name], source)
            _note_long(table, name, findings)
            _check_choices(table, column, findings)
        else:
            table[name] = _numbers(table, name, column, source, findings)
    for name in spec.required:
        empty = table[name].isna()
        note_rows(findings, table, empty, name, code="empty", severity="error",
                  message=f"{name} is empty", hint=f"every row names its {name}")  # fmt: skip
        table = table[~empty] if empty.any() else table
        _note_eaten(table, name, findings)
    return table


def _text(values: pd.Series, source: TableSource) -> pd.Series:
    """Texts without spaces around them, missing where a marker stands for that; distinct ones looked at once."""
    codes, distinct = _distinct(values)
    texts = pd.Series(distinct, dtype="str").str.strip()
    texts = texts.mask(texts.isin([*MISSING, *source.missing]))
    return pd.Series(texts.array.take(codes, allow_fill=True), index=values.index)


def _distinct(values: pd.Series) -> tuple[NDArray[np.integer[Any]], pd.Index]:
    """Place of each cell among the distinct texts (-1 where missing), and those."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(dtype=np.intp), values.cat.categories.astype("str")
    codes, distinct = pd.factorize(values.astype("str"))
    return codes, pd.Index(distinct)


def _note_eaten(table: pd.DataFrame, name: str, findings: list[Finding]) -> None:
    """Note codes that a spreadsheet has turned into numbers or dates; a period may be a date."""
    distinct = pd.Series(table[name].unique(), dtype="str")
    for pattern, word in ((EATEN, "number"), (DATED, "date")):
        eaten = distinct[distinct.str.fullmatch(pattern).fillna(False).astype(bool)]
        if len(eaten) and not (name == "period" and word == "date"):
            note_rows(findings, table, table[name].isin(eaten), name, code="eaten_code", severity="error",
                      message=f"a spreadsheet has turned this code into a {word}",
                      hint="take the column from its source again and format it as text first")  # fmt: skip


def _note_long(table: pd.DataFrame, name: str, findings: list[Finding]) -> None:
    """Note texts that no cell of a workbook can hold: the pack would lose their ends."""
    distinct = pd.Series(table[name].unique(), dtype="str")
    long = distinct[(distinct.str.len() > LONGEST).fillna(False).astype(bool)]
    if len(long):
        note_rows(findings, table, table[name].isin(long), name, code="too_long", severity="error",
                  message=f"a text of {len(long.iloc[0]):,} characters, where a workbook holds {LONGEST:,}",
                  hint="shorten it; or is a quote opened here and never closed?")  # fmt: skip


def _numbers(
    table: pd.DataFrame, name: str, column: Column | None, source: TableSource, findings: list[Finding]
) -> pd.Series:
    """Read a column as numbers; suppressed cells are counted, anything else that is no number is an error."""
    values = table[name]
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        numbers = values.astype(float)
        if source.missing:
            markers = _plain(pd.Series(source.missing, dtype="str"), source).dropna()
            numbers = numbers.mask(numbers.isin(markers))
        endless = pd.Series(np.isinf(numbers.to_numpy()), index=numbers.index)
        if not endless.any():
            return numbers
        note_rows(findings, table, endless, name, code="not_a_number", severity="error",
                  message="expected a number", hint="infinity is none")  # fmt: skip
        return numbers.mask(endless)
    codes, distinct = _distinct(values)
    written = pd.Series(distinct, dtype="str").str.strip()
    plain = _plain(written, source, percent=name in source.percent)
    marked = written.isin([*MISSING, *source.missing])
    if source.missing:  # 999 beside words is 999.0 in a workbook
        marked |= plain.isin(_plain(pd.Series(source.missing, dtype="str"), source).dropna())
    finite = plain.notna() & ~plain.isin([np.inf, -np.inf]) & ~marked
    other = ~finite & ~marked
    withheld = other & (written.isin([*SUPPRESSED, *source.suppressed]) | written.str.fullmatch(BELOW))
    wrong = other & ~withheld
    unread, hidden = (
        pd.Series(_taken(cells.to_numpy(dtype=bool), codes, False), index=values.index)
        for cells in (wrong, withheld)
    )
    if column is None and unread.mean() > 0.5:
        return _text(values, source)  # a column of words among an areas table's features: kept as words
    _note_hidden(table[hidden], name, findings)
    note_rows(findings, table, unread, name, code="not_a_number", severity="error",
              message="expected a number", hint=_remedy(written[wrong]))  # fmt: skip
    return pd.Series(_taken(plain.where(finite).to_numpy(), codes, np.nan), index=values.index)


def _taken(values: NDArray[Any], codes: NDArray[np.integer[Any]], missing: Any) -> NDArray[Any]:
    """Value at each place; ``missing`` where the place is -1."""
    return np.append(values, missing)[codes]


def _plain(written: pd.Series, source: TableSource, *, percent: bool = False) -> pd.Series:
    """Numbers of texts, with the marks that the source uses; NaN where a text is none."""
    mark, point = source.thousands_mark, source.decimal
    if percent:
        written = written.str.replace(r"\s*%$", "", regex=True)
    marks = f"[{re.escape(SPACES if mark == ' ' else mark)}]"
    grouped = written.str.fullmatch(rf"[+-]?\d{{1,3}}(?:{marks}\d{{3}})+(?:{re.escape(point)}\d*)?")
    written = written.mask(grouped, written.str.replace(marks, "", regex=True))
    if point == ",":
        other = written.str.contains(".", regex=False)
        written = written.mask(other).str.replace(",", ".")
    return pd.to_numeric(written, errors="coerce").astype(float)


def _remedy(wrong: pd.Series) -> str:
    """Say what may be done about the first cell that is no number."""
    first = str(wrong.iloc[0]) if len(wrong) else ""
    if re.fullmatch(r"[+-]?[\d.,]+\s*%", first):
        return "percent = [...] in analysis.toml names the columns whose numbers carry a % sign"
    if re.fullmatch(r"[+-]?\d+,\d{1,2}", first):
        return 'decimal = "," in analysis.toml reads numbers with a decimal comma'
    if re.fullmatch(r"[+-]?£\s*[\d.,]+", first):
        return "take out the £ sign: numbers stand alone"
    return "leave the cell empty where there is no figure, or name its marker under missing or suppressed"


def _note_hidden(hidden: pd.DataFrame, name: str, findings: list[Finding]) -> None:
    if len(hidden):
        findings.append(
            at_first(
                hidden,
                name,
                code="suppressed",
                severity="note",
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
    mask = wrong.to_numpy(dtype=bool)
    if not mask.any():
        return
    rows = table[mask]
    head = rows.head(LISTED)
    above = head[HEADING].fillna("") if HEADING in head else [""] * len(head)
    for place, (file, line, value, headings) in enumerate(
        zip(head[FILE], head[LINE], head[column], above, strict=True)
    ):
        last = place == LISTED - 1 and len(rows) > LISTED
        more = f" (and {len(rows) - LISTED:,} more rows)" if last else ""
        findings.append(
            Finding(
                severity=severity,
                code=code,
                table=str(file),
                row=int(line),
                column=_named(column, headings),
                value=_shown(value),
                message=message + more,
                hint=hint,
            )
        )


def at_first(
    rows: pd.DataFrame, column: str, *, code: str, severity: str, value: str, message: str, hint: str = ""
) -> Finding:
    """Say one thing of many rows, at the place of the first: for what is to be looked at as a whole."""
    first = rows.iloc[0]
    return Finding(severity=severity, code=code, table=str(first[FILE]), row=int(first[LINE]), column=column,
                   value=value, message=message, hint=hint)  # fmt: skip


def _named(column: str, headings: str) -> str:
    """Name a column, and the heading that its figures have in a wide table."""
    heading = dict(line.split("\t", 1) for line in headings.splitlines()).get(column)
    return f"{column} ({heading})" if heading else column


def _shown(value: Any) -> str:
    """Write a value as it stood in the file, as far as it is known."""
    if pd.isna(value):
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)[:60]
