"""Check what an analysis cannot do without: rows in its tables, and figures in its indicators."""

import pandas as pd

from variation.errors import Finding
from variation.reading.cells import FILE
from variation.reading.tables import Reading


def note_empty(readings: dict[str, Reading], findings: list[Finding]) -> bool:
    """Note which of the tables that an analysis needs have no row; tell whether there are such."""
    empty = [name for name, reading in readings.items() if reading.table.empty]
    for name in empty:
        reading = readings[name]
        if any(finding.severity in ("error", "warning") for finding in reading.findings):
            continue  # why it is empty is said already
        findings.append(
            Finding(
                severity="error",
                code="empty_table",
                table=", ".join(source[0] for source in reading.sources) or name,
                message=f"the {name} table has no rows below its heading",
                hint=f"`variation template DIR` writes the columns of {name}.csv, each explained",
            )
        )
    if empty and all(finding.severity != "error" for finding in findings):
        findings.append(
            Finding(
                severity="error",
                code="empty_table",
                table=", ".join(empty),
                message="no row can be used",
                hint="the warnings say why each was left out",
            )
        )
    return bool(empty)


def with_figures(indicators: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Give the columns of counts to a table of published values; a table without any figures is an error."""
    if not {"numerator", "value"} & set(indicators.columns):
        findings.append(
            Finding(
                severity="error",
                code="missing_column",
                table=", ".join(indicators[FILE].unique()[:3]),
                row=1,
                message="missing columns numerator and denominator, or value",
                hint='name the file\'s own headings under columns = { ours = "theirs" } in analysis.toml',
            )
        )
    return indicators.assign(
        **{name: float("nan") for name in ("numerator", "denominator") if name not in indicators}
    )
