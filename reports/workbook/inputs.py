"""Cells that a reader may change: what they take, what they are called, and the table of assumptions.

Everything else in a workbook is reckoned. Inputs have one look of their own, a rule for what may be typed
into them, and where formulas use them, a name:

>>> from reports.workbook.allowed import Between
>>> rate = Assumption(
...     name="marginal_rate", label="Marginal rate", value=0.7, allowed=Between(lower=0, upper=1),
...     unit="share of the tariff", format="0%", source="NHS England, 2015/16 rules",
... )
>>> table = assumption_table("assumptions", [rate])
>>> [column.heading for column in table.columns][:4]
['Assumption', 'Value', 'Unit', 'As given']

and in any formula of the workbook ``{name:marginal_rate}``, as in ``{gross}*{name:marginal_rate}``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from reports.shorthand import NOT_APPLICABLE
from reports.workbook.allowed import Allowed, Between
from reports.workbook.spec import DATE, TEXT, Column, Table

LONGEST_NAME = 255  # characters of a defined name
LEGAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What a spreadsheet reads as an address: A1 to XFD1048576, R1C1 and its parts.
ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*")
NOTE = (
    "Change only cells with this workbook's look for inputs, blue on pale yellow; everything else follows from"
    " them by formula."
)


@dataclass(frozen=True, kw_only=True)
class Input:
    """One cell to change, as a value of a table's frame; None is a cell that waits for an answer.

    A column of nothing but inputs is declared on the column instead (``Column.allowed``). ``name`` is the
    workbook's own name of the cell, for formulas; ``format`` overrides the column's.
    """

    value: float | str | date | None
    allowed: Allowed
    name: str = ""
    format: str = ""

    def __post_init__(self) -> None:
        """Refuse a name that no spreadsheet takes."""
        if self.name:
            check_name(self.name)


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One labelled input with its unit, where it is from, and the name that formulas use."""

    name: str
    label: str
    value: float | str | date
    allowed: Allowed
    unit: str = NOT_APPLICABLE
    format: str = TEXT
    source: str = ""
    note: str = ""


def check_name(name: str) -> None:
    """Refuse a name that a spreadsheet would not take, or take for an address.

    >>> check_name("discount_rate")
    >>> check_name("tax2017")
    Traceback (most recent call last):
    ValueError: 'tax2017' cannot name a cell: letters, digits and _ only, and nothing like an address
    """
    if not LEGAL_NAME.fullmatch(name) or ADDRESS.fullmatch(name) or len(name) > LONGEST_NAME:
        raise ValueError(
            f"{name!r} cannot name a cell: letters, digits and _ only, and nothing like an address"
        )


def assumption_table(name: str, assumptions: Iterable[Assumption], *, heading: str = "") -> Table:
    """Return the table of assumptions: one row each, the value an input with a name for formulas.

    ``As given`` keeps what the pack was made with, so that the table itself shows what a reader changed.
    """
    rows = list(assumptions)
    values = [Input(value=row.value, allowed=row.allowed, name=row.name, format=_format(row)) for row in rows]
    frame = pd.DataFrame(
        {
            "label": [row.label for row in rows],
            "value": pd.Series(values, dtype=object),
            "unit": [row.unit for row in rows],
            "given": pd.Series([row.value for row in rows], dtype=object),
            "format": [_format(row) for row in rows],
            "allowed": [_words(row) for row in rows],
            "source": [row.source for row in rows],
            "note": [row.note for row in rows],
            "name": [row.name for row in rows],
        }
    )
    return Table(
        name=name, heading=heading, columns=_ASSUMPTION_COLUMNS, frame=frame, rows_by="name", filtered=False
    )


def _format(row: Assumption) -> str:
    return DATE if isinstance(row.value, date) and row.format == TEXT else row.format


def _words(row: Assumption) -> str:
    if isinstance(row.allowed, Between) and "%" in row.format:
        return f"{row.allowed.lower:.0%} to {row.allowed.upper:.0%}"
    return row.allowed.words


_ASSUMPTION_COLUMNS = (
    Column(key="label", heading="Assumption", width=46, wrap=True),
    Column(key="value", heading="Value", formats="format", width=18),
    Column(key="unit", heading="Unit", width=24),
    Column(key="given", heading="As given", formats="format", width=18),
    Column(
        key="changed",
        heading="Changed",
        width=12,
        formula='IF({value}={given},"as given","changed")',
        signal=True,
    ),
    Column(key="allowed", heading="Allowed", width=26, wrap=True),
    Column(key="source", heading="Source", width=40, wrap=True),
    Column(key="note", heading="Note", width=50, wrap=True, missing=NOT_APPLICABLE),
    Column(key="name", heading="Name in formulas", width=26),
)
