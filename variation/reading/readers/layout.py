"""What a reader is: the headings that it asks of a file, and how it brings them to a table of ours."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from variation.errors import Finding
from variation.reading.formats.part import Asked, Part
from variation.settings.table_source import TableSource
from variation.tables import Table


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A reader. Rows keep their line as index; what cannot be read is a finding, and the frame None."""

    asked: Callable[[TableSource, Table], Asked]
    arrange: Callable[[Part, TableSource, Table, list[Finding]], pd.DataFrame | None]
    # Names of columns that the reader itself looks for, under the heading that ``columns`` gives them.
    names: frozenset[str] = frozenset()


def row_headings(source: TableSource) -> set[str]:
    """Headings by which rows are kept or left out."""
    return {*source.filter, *source.drop}


def note(part: Part, findings: list[Finding], rows: pd.Index, code: str, message: str, **more: str) -> None:
    """Note rows that a reader deals with in its own way: how many, and the first line.

    ``{rows}`` in the message stands for their number; other braces are the publisher's own words.
    """
    if len(rows):
        severity = more.pop("severity", "note")
        number = f"{len(rows):,} row{'s' if len(rows) > 1 else ''}"
        findings.append(
            Finding(
                severity=severity,
                code=code,
                table=part.name,
                row=int(rows[0]),
                message=message.replace("{rows}", number),
                **more,
            )
        )


def missing_headings(part: Part, absent: list[str], hint: str) -> Finding:
    """Say which headings are needed and not there, and which there are."""
    return Finding(
        severity="error",
        code="missing_column",
        table=part.name,
        row=part.heading_line,
        value=", ".join(part.headings[:30]),
        message=f"missing columns {', '.join(absent)}",
        hint=hint,
    )
