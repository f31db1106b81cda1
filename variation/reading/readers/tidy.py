"""Tidy tables: a row a figure, the columns by their own headings or through ``columns``."""

import pandas as pd

from variation.errors import Finding
from variation.reading.formats.part import Asked, Part
from variation.reading.readers.layout import Layout, row_headings
from variation.settings.table_source import TableSource
from variation.tables import Table


def _asked(source: TableSource, spec: Table) -> Asked:
    theirs = {source.columns.get(column.name, column.name): column.type for column in spec}
    rows = row_headings(source)
    texts = {heading for heading, kind in theirs.items() if kind == "text"} | rows
    if spec.open_ended and not source.columns:
        return Asked(texts=frozenset(texts))
    wanted = {*theirs, *source.columns.values(), *rows}
    return Asked(texts=frozenset(texts), wants=wanted.__contains__)


def _arrange(part: Part, source: TableSource, spec: Table, findings: list[Finding]) -> pd.DataFrame:
    return part.frame


TIDY = Layout(asked=_asked, arrange=_arrange)
