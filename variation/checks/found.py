"""What was found: each in its file and sheet, all of them as a table, and whether a run stops for it."""

from dataclasses import replace

import pandas as pd

from variation.errors import Finding, InputError
from variation.tables import FINDINGS


def with_sheets(findings: list[Finding]) -> list[Finding]:
    """Part the sheet from the file in findings of a workbook of which the settings name sheets."""
    parted = [(finding, finding.table.rpartition(", sheet ")) for finding in findings]
    return [
        replace(finding, table=file, sheet=sheet) if mark else finding
        for finding, (file, mark, sheet) in parted
    ]


def stop_on_errors(findings: list[Finding]) -> None:
    """Raise with all the findings where one of them is an error."""
    if any(finding.severity == "error" for finding in findings):
        raise InputError(findings)


def findings_table(findings: tuple[Finding, ...]) -> pd.DataFrame:
    """Lay findings out as the findings table, errors first."""
    order = {"error": 0, "warning": 1, "note": 2}
    rows = [[getattr(finding, name) for name in FINDINGS.names] for finding in findings]
    frame = pd.DataFrame(rows, columns=FINDINGS.names)
    frame["row"] = frame["row"].astype("Int64")
    return frame.sort_values(
        "severity", key=lambda column: column.map(order), kind="stable", ignore_index=True
    )
