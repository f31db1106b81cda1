"""What reading finds in the settings of a source and in the headings of a file."""

import difflib

from variation.errors import Finding
from variation.reading.formats.part import Part, UnreadableError
from variation.reading.readers.layout import missing_headings
from variation.reading.readers.patterns import places
from variation.settings.table_source import TableSource
from variation.tables import Table


def note_unknown_names(source: TableSource, spec: Table, findings: list[Finding]) -> None:
    """Note settings of a source that name a column which the table does not have."""
    numbers = [column.name for column in spec if column.type != "text"]
    allowed = {"columns": spec.names, "values": spec.names, "scale": numbers, "percent": numbers}
    if source.reader == "wide":
        allowed |= {"measures": numbers, "cells": numbers}
    written = {option: getattr(source, option) for option in allowed} | {
        "across": [place for pattern in source.across for place in places(pattern) if place != "measure"],
        "stem": places(source.stem),
    }
    for option, names in written.items():
        known = allowed.get(option, spec.names)
        for name in [names] if isinstance(names, str) else names:
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
                    message=f"no such {'number ' if known is numbers else ''}column of the {spec.name} table",
                    hint=f"did you mean {near[0]}?" if near else f"it has: {', '.join(known)}",
                )
            )


def missing_columns(part: Part, absent: list[str], spec: Table | None = None) -> Finding:
    """Say which headings a file lacks, and what may be done: map them, or look in another line or by another mark."""
    hint = 'name the file\'s own headings under columns = { ours = "theirs" } in analysis.toml'
    if line := _better_line(part, {*absent, *(spec.required if spec else ())}):
        hint = f"the headings seem to stand in line {line}: give header_row = {line} in analysis.toml"
    elif len(part.headings) == 1 and (other := [mark for mark in ";\t|," if mark in part.headings[0]]):
        hint = f"the file is separated by {other[0]!r}: give separator = {other[0]!r} in analysis.toml"
    return missing_headings(part, absent, hint)


def _better_line(part: Part, headings: set[str]) -> int | None:
    """Line near the top of a file that has more of the headings than the one that was taken."""
    found = [len(headings & {cell.strip() for cell in row}) for row in part.top]
    best = max(found, default=0)
    return found.index(best) + 1 if best > len(headings & set(part.headings)) else None


def file_error(name: str, error: UnreadableError) -> Finding:
    """Say that a source cannot be read."""
    return Finding(severity="error", code="file", table=name, message=error.message, hint=error.hint)
