"""A table of the page: its caption, its columns, and cells which know both their words and their number."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reports import words
from reports.page.markup import anchor
from reports.shorthand import NOT_AVAILABLE

MARKS = ("better", "worse", "higher", "lower")
PENCE = 2  # decimals of £


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its heading, whether it holds numbers, and the unit they are in."""

    name: str
    numeric: bool = False
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: the words that are read, the full figure that sorts and downloads, and where it leads."""

    text: str
    value: float | None = None
    link: str = ""
    mark: str = ""  # better, worse, higher, lower: shown as a mark beside the word
    view: str = ""  # of the charts, to which the words lead where scripts run
    spine: Any = None  # places to draw instead of words


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of cells in the order of the columns; ``id`` where a link leads to it."""

    cells: tuple[Cell, ...]
    id: str = ""
    level: int = 0  # indentation of a line that is part of the one above
    group: str = (
        ""  # heading that it stands under with the rows next to it; the page sorts no table that has any
    )


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: the macro ``table`` of the template writes any of them."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    header: int = 0  # column whose cells head their rows
    note: str = ""
    sorted: int | None = None  # column, by which the rows stand from the largest down
    tools: bool = False  # sorting, filter and download, where scripts run
    file: str = ""  # name that the download gets

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"{self.id}: a row of {len(row.cells)} cells under {len(self.columns)} columns"
                )


@dataclass(frozen=True, kw_only=True)
class Section:
    """A sentence with the table behind it; the table is None where there is nothing to list."""

    id: str
    title: str
    sentence: str
    table: Table | None


def figure(value: object) -> float:
    """Return a number of a frame as a float, NaN where there is none, where it is infinite or a shorthand.

    >>> figure(3), figure("[c]")
    (3.0, nan)
    """
    return math.nan if words.is_missing(value) or isinstance(value, str) else float(value)  # type: ignore[arg-type]


def numbers(values: "pd.Series[Any]") -> "pd.Series[float]":
    """Return a column as floats, NaN where a shorthand stands in place of a figure."""
    return pd.to_numeric(values, errors="coerce").astype(float)


def text(value: object, *, link: str = "", missing: str = NOT_AVAILABLE) -> Cell:
    """Return a cell of words."""
    return Cell(text=words.text(value, missing), link=link)


def named(code: str, about: Mapping[str, Any], *, leads_to: str = "row") -> Cell:
    """Return the cell of an indicator's name, which leads to its row of the league or to its article."""
    return text(words.text(about["name"], code), link=f"#{anchor(leads_to, code)}")


def pounds(value: object, *, missing: str = NOT_AVAILABLE) -> Cell:
    """Return a cell of money: rounded to be read, to the penny to be sorted and downloaded."""
    return _cell(round(figure(value), PENCE) if isinstance(value, float) else value, words.pounds, missing)


def number(value: object, *, decimals: int | None = None, missing: str = NOT_AVAILABLE) -> Cell:
    """Return a cell of a count or another plain number."""
    return _cell(value, lambda amount: words.number(amount, decimals), missing)


def measured(value: object, unit: object, *, missing: str = NOT_AVAILABLE) -> Cell:
    """Return a cell of an indicator's value with its unit."""
    return _cell(value, lambda amount: words.value_with_unit(amount, unit), missing)


def _cell(value: object, written: Callable[[float], str], missing: str) -> Cell:
    """Write a figure; a shorthand in its place, such as [c], stands as it is."""
    amount = figure(value)
    if math.isnan(amount):
        return Cell(text=value if isinstance(value, str) and value else missing)
    whole = isinstance(value, (int, np.integer))  # a count is written without decimals
    return Cell(text=written(int(amount) if whole else amount), value=amount)


def between(lower: object, upper: object, written: Callable[[float], str] = words.number) -> Cell:
    """Return a cell of an interval or of any other range.

    >>> between(1.234, 20).text, between(None, 2).text
    ('1.23 to 20.0', '[x]')
    """
    ends = figure(lower), figure(upper)
    if any(math.isnan(end) for end in ends):
        shorthand = (end for end in (lower, upper) if isinstance(end, str) and end)
        return Cell(text=next(shorthand, NOT_AVAILABLE))
    return Cell(text=f"{written(ends[0])} to {written(ends[1])}")


def significance(value: object) -> Cell:
    """Return a cell of a significance: the word, with the mark that the charts use."""
    return marked(words.text(value, "not tested"), words.text(value))


def marked(said: str, mark: str) -> Cell:
    """Return a cell of words with a mark; no mark but the four of the charts."""
    return Cell(text=said, mark=mark if mark in MARKS else "")


def columns(*names: str, numeric: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return columns of these names; those in ``numeric`` hold numbers."""
    return tuple(Column(name=name, numeric=name in numeric) for name in names)
