"""The cells of one column of a table, for any stretch of its rows: words, figures, formulas, or all mixed.

A column is looked at once, as a whole, when it is made: which words it has, which looks. Its cells are then
written a stretch at a time, so that a workbook of a nation needs no more memory than its tables.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from types import MappingProxyType
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.workbook.addresses import Addresses, Rowed
from reports.workbook.cells import (
    CellWriter,
    empty_cell,
    formula_cell,
    formula_element,
    is_missing,
)
from reports.workbook.figures import rounded, written
from reports.workbook.inputs import Input
from reports.workbook.layout import Placed
from reports.workbook.shared_strings import SharedStrings
from reports.workbook.spec import Column, Formula, Link
from reports.workbook.styles import BODY, LINK, Look, Styles, as_input, shorthand

Used = frozenset[tuple[str, str]]  # tables and keys of the columns that formulas work on
NOTHING: Mapping[int, str] = MappingProxyType({})
FIGURES_AND_WORDS = frozenset((float, str))


class Looks:
    """The look of each row of a column: one for all, or one for each number format that rows have."""

    def __init__(self, column: Column, look: Look, frame: pd.DataFrame, styles: Styles) -> None:
        codes, formats = pd.factorize(frame[column.formats]) if column.formats else (None, [column.format])
        self._codes: NDArray[np.int32] | None = None if codes is None else codes.astype(np.int32)
        self._formats = list(formats)
        numbers = [styles.number(replace(look, format=format)) for format in self._formats]
        self._styles = np.array(numbers, dtype=np.int32)

    def styles(self, start: int, stop: int) -> list[int]:
        """Return the number of the look of each row of a stretch."""
        if self._codes is None:
            return [int(self._styles[0])] * (stop - start)
        return self._styles[self._codes[start:stop]].tolist()

    def format(self, row: int) -> str:
        """Return the number format of a row."""
        return self._formats[0 if self._codes is None else int(self._codes[row])]


class ColumnCells(Protocol):
    """Cells of a column, each but for the sheet's row around it."""

    def cells(self, start: int, stop: int, *, addressed: bool = True) -> list[str]:
        """Return the cells of a stretch of rows, counted from 0, with their addresses or without."""
        ...


def openings(letter: str, first: int, count: int, *, addressed: bool) -> Iterator[str]:
    """Yield how each cell begins: with its address, or as the one after the cell before.

    >>> list(openings("C", 6, 2, addressed=True)), list(openings("C", 6, 2, addressed=False))
    (['<c r="C6"', '<c r="C7"'], ['<c', '<c'])
    """
    if not addressed:
        return repeat("<c", count)
    return (f'<c r="{letter}{row}"' for row in range(first, first + count))


@dataclass(frozen=True)
class Means:
    """What cells are made with: the workbook's looks and words."""

    styles: Styles
    strings: SharedStrings

    def writer(self, figures: Look, words: Look, missing: str) -> CellWriter:
        """Return a writer of cells of one look."""
        return CellWriter(
            self.strings,
            figures=self.styles.number(figures),
            words=self.styles.number(words),
            quoted=self.styles.number(replace(words, quoted=True)),
            missing=missing,
        )


class Words:
    """A column of words: each is looked at once, however many rows have it."""

    def __init__(self, values: pd.Series, letter: str, first: int, writer: CellWriter) -> None:
        codes, known = pd.factorize(values)
        self._letter, self._first = letter, first
        self._codes: NDArray[np.int32] = codes.astype(np.int32)
        self._known = [writer.cell(word) for word in known] + [writer.cell(None)]  # missing has code -1

    def cells(self, start: int, stop: int, *, addressed: bool = True) -> list[str]:
        """Return the cells of a stretch of rows, counted from 0, with their addresses or without."""
        known, codes = self._known, self._codes[start:stop].tolist()
        if not addressed:
            return [f"<c{known[code]}" for code in codes]
        letter = self._letter
        return [f'<c r="{letter}{row}"{known[code]}' for row, code in enumerate(codes, self._first + start)]


class Figures:
    """A column of figures, in one look or in one for each row; ``others`` are words in place of some, by row."""

    def __init__(
        self,
        values: NDArray[np.float64],
        letter: str,
        first: int,
        looks: Looks,
        missing: str,
        *,
        reckoned: bool,
        others: Mapping[int, str] = NOTHING,
    ) -> None:
        self._values, self._letter, self._first = values, letter, first
        self._looks, self._missing, self._reckoned = looks, missing, reckoned
        self._others = others

    def cells(self, start: int, stop: int, *, addressed: bool = True) -> list[str]:
        """Return the cells of a stretch of rows, counted from 0, with their addresses or without."""
        values = self._values[start:stop]
        figures = written(rounded(values, reckoned=self._reckoned))
        there, missing, others = np.isfinite(values).tolist(), self._missing, self._others
        opened = openings(self._letter, self._first + start, len(figures), addressed=addressed)
        styles = self._looks.styles(start, stop)
        return [
            f'{opening} s="{style}"><v>{figure}</v></c>' if known else opening + others.get(row, missing)
            for row, opening, style, figure, known in zip(
                range(start, stop), opened, styles, figures, there, strict=True
            )
        ]


class Formulas:
    """A column of one formula, the same in every row but for the row; ``values`` come when all is reckoned.

    In the file the formula stands once, in the first row, and the others share it, as a spreadsheet writes
    what was filled down: ``shared`` is its number on the sheet. Its cells always carry their addresses.
    """

    def __init__(self, formula: Rowed, letter: str, placed: Placed, style: int, shared: int) -> None:
        self._formula, self._letter, self._placed = formula, letter, placed
        self._style, self._shared = style, shared
        self.values: list[object] = []

    def bare(self, start: int, stop: int) -> list[str]:
        """Return cells without values, the formula written out in each, for a calculator to fill."""
        letter, at = self._letter, self._formula.at
        rows = range(self._placed.first + start, self._placed.first + stop)
        return [f'<c r="{letter}{row}">{formula_element(at(row))}</c>' for row in rows]

    def cells(self, start: int, stop: int, *, addressed: bool = True) -> list[str]:
        """Return the cells of a stretch of rows, counted from 0, with their addresses or without."""
        letter, style, first = self._letter, self._style, self._placed.first
        others = f'<f t="shared" si="{self._shared}"/>'
        cells = [
            f'<c r="{letter}{row}"{formula_cell(style, others, value)}'
            for row, value in enumerate(self.values[start:stop], first + start)
        ]
        if start == 0:
            whole = formula_element(self._formula.at(first))
            if len(self.values) > 1:
                span = f"{letter}{first}:{letter}{self._placed.last}"
                whole = whole.replace("<f>", f'<f t="shared" ref="{span}" si="{self._shared}">', 1)
            cells[0] = f'<c r="{letter}{first}"{formula_cell(style, whole, self.values[0])}'
        return cells


class Mixed:
    """A column of anything: figures, words, links, inputs, formulas of single rows.

    Inputs (``entered``) and formulas carry their addresses in tables of any length, for whoever edits the file.
    """

    def __init__(
        self,
        values: Sequence[object],
        letter: str,
        first: int,
        write: Callable[[int, object], str],
        formulas: dict[int, tuple[Rowed, int]],
        *,
        entered: bool,
    ) -> None:
        self._letter, self._first, self._formulas = letter, first, formulas
        self._addressed = entered or bool(formulas)
        self._cells = [write(row, value) if row not in formulas else "" for row, value in enumerate(values)]
        self.values: list[object] = []  # of the formulas, in the order of their rows

    @property
    def formulas(self) -> list[int]:
        """Rows that hold a formula, counted from 0."""
        return list(self._formulas)

    def bare(self, start: int, stop: int) -> list[str]:
        """Return cells without values, for a calculator to fill."""
        return [
            f'<c r="{self._letter}{row}">{formula_element(self._formulas[place][0].at(row))}</c>'
            if place in self._formulas
            else f'<c r="{self._letter}{row}"{self._cells[place]}'
            for place, row in zip(
                range(start, stop), range(self._first + start, self._first + stop), strict=True
            )
        ]

    def cells(self, start: int, stop: int, *, addressed: bool = True) -> list[str]:
        """Return the cells of a stretch of rows, counted from 0, with their addresses or without."""
        values = dict(zip(self._formulas, self.values, strict=True))
        addressed = addressed or self._addressed
        opened = openings(self._letter, self._first + start, stop - start, addressed=addressed)
        if not self._formulas:
            return [f"{o}{cell}" for o, cell in zip(opened, self._cells[start:stop], strict=True)]
        cells = []
        for place, opening in zip(range(start, stop), opened, strict=True):
            cell = self._cells[place]
            if place in self._formulas:
                rowed, style = self._formulas[place]
                element = formula_element(rowed.at(self._first + place))
                cell = formula_cell(style, element, values[place])
            cells.append(f"{opening}{cell}")
        return cells


def column_cells(
    column: Column, placed: Placed, means: Means, addresses: Addresses, used: Used, shared: int
) -> ColumnCells:
    """Return the cells of a column; ``shared`` is a number for its formula that no other on the sheet has."""
    letter, frame = placed.letters[column.key], placed.table.frame
    look = replace(
        LINK if column.links else BODY,
        format=column.format,
        right=column.is_number,
        wrap=column.wrap,
        indent=column.key in placed.indented,
    )
    if column.formula:
        return Formulas(
            addresses.rowed(column.formula, placed), letter, placed, means.styles.number(look), shared
        )
    values = frame[column.key]
    look = look if column.allowed is None else as_input(look)
    words = shorthand(look) if column.is_number else look
    writer = means.writer(look, words, column.missing)
    plain = column.allowed is None and not column.formats
    if plain and (isinstance(values.dtype, pd.CategoricalDtype) or values.dtype == "str"):
        return Words(values, letter, placed.first, writer)
    if column.allowed is None and isinstance(values.dtype, np.dtype) and values.dtype.kind in "fiu":
        looks = Looks(column, look, frame, means.styles)
        reckoned = (placed.table.name, column.key) in used
        figures = values.to_numpy(dtype=float)
        return Figures(figures, letter, placed.first, looks, writer.cell(None), reckoned=reckoned)
    if column.allowed is None and placed.holds.get(column.key) == FIGURES_AND_WORDS:
        return _figures_and_words(column, placed, values.tolist(), writer, means, used, look)
    return _mixed(column, placed, means, addresses, used, look, writer)


def _figures_and_words(
    column: Column,
    placed: Placed,
    values: Sequence[object],
    writer: CellWriter,
    means: Means,
    used: Used,
    look: Look,
) -> Figures:
    """Return a column of which some figures are withheld or do not apply, and a word stands for them."""
    others = {row: writer.cell(value) for row, value in enumerate(values) if isinstance(value, str)}
    figures = np.array([value if isinstance(value, float) else np.nan for value in values], dtype=float)
    return Figures(
        figures,
        placed.letters[column.key],
        placed.first,
        Looks(column, look, placed.table.frame, means.styles),
        writer.cell(None),
        reckoned=(placed.table.name, column.key) in used,
        others=others,
    )


def _mixed(
    column: Column,
    placed: Placed,
    means: Means,
    addresses: Addresses,
    used: Used,
    look: Look,
    writer: CellWriter,
) -> Mixed:
    values = placed.table.frame[column.key].tolist()
    looks = Looks(column, look, placed.table.frame, means.styles)
    styles = looks.styles(0, len(values))
    figures = _figures(values, reckoned=(placed.table.name, column.key) in used)
    formulas = {
        row: (addresses.rowed(value.text, placed), styles[row])
        for row, value in enumerate(values)
        if isinstance(value, Formula)
    }

    writers: dict[str, Callable[[object], str]] = {}  # of inputs, by their number format

    def write(row: int, value: object) -> str:
        if isinstance(value, Input) or column.allowed is not None:
            own = value.format if isinstance(value, Input) and value.format else looks.format(row)
            if own not in writers:
                writers[own] = _input_writer(column, replace(look, format=own), means)
            return writers[own](value)
        if row in figures:
            return f' s="{styles[row]}"><v>{figures[row]}</v></c>'
        return writer.cell(value.text if isinstance(value, Link) else value, styles[row])

    entered = column.allowed is not None or any(isinstance(value, Input) for value in values)
    return Mixed(values, placed.letters[column.key], placed.first, write, formulas, entered=entered)


def _figures(values: Sequence[object], *, reckoned: bool) -> dict[int, str]:
    """Return the figures among values by their rows, as they are stored."""
    figures = np.array([value if isinstance(value, float) else np.nan for value in values], dtype=float)
    rows = np.flatnonzero(np.isfinite(figures))
    return dict(zip(rows.tolist(), written(rounded(figures[rows], reckoned=reckoned)), strict=True))


def _input_writer(column: Column, look: Look, means: Means) -> Callable[[object], str]:
    """Return what writes an input's cell; one that waits for an answer is empty, with the look of the others."""
    own = as_input(look)
    words = shorthand(own) if column.is_number else own
    writer, empty = means.writer(own, words, column.missing), empty_cell(means.styles.number(own))

    def write(value: object) -> str:
        bare = value.value if isinstance(value, Input) else value
        return empty if is_missing(bare) else writer.cell(bare)

    return write
