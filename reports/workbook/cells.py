"""Cells and rows as the file holds them: text that stays text, figures in full, no cell empty.

Half the cells of a pack are figures that openpyxl would box, style and serialise one by one; a row of
text built here costs a tenth of that, and every cell of the workbook goes through this one door, so that
nothing of a source can become a formula.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from reports.workbook.spec import Formula, Link

Figure = float | np.integer[Any] | np.floating[Any]
LONGEST = 32_767  # characters; what a cell can hold
DAY_0 = date(1899, 12, 30).toordinal()  # a workbook counts days from here, and so holds a date
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\n")
# XML 1.0 allows no control characters but tab and newline, no half of a surrogate pair, no U+FFFE and U+FFFF.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(words: object) -> str:
    r"""Text that a cell can hold: no character that XML forbids, not too long.

    >>> clean("Poole\x07\r\nBay")
    'Poole\nBay'
    """
    text = str(words).replace("\r\n", "\n").replace("\r", "\n")
    return ILLEGAL.sub("", text)[:LONGEST]


def looks_like_formula(words: str) -> bool:
    """Tell whether a spreadsheet would take the words for a formula, were they typed or in a CSV.

    >>> looks_like_formula("=1+1"), looks_like_formula("Poole")
    (True, False)
    """
    return words.startswith(STARTS_FORMULA)


def text_cell(style: int, words: str) -> str:
    """Return a cell of words but for its opening, `` r="A1"``.

    >>> text_cell(3, "R&D")
    ' s="3" t="inlineStr"><is><t xml:space="preserve">R&amp;D</t></is></c>'
    """
    return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>'


def number_cell(style: int, number: Figure) -> str:
    """Return a cell of a figure, in as many digits as give it back.

    >>> number_cell(3, 0.1), number_cell(3, np.int64(5))
    (' s="3"><v>0.1</v></c>', ' s="3"><v>5</v></c>')
    """
    # A numpy number would be written with its type: np.float64(0.1).
    figure = number.item() if isinstance(number, np.generic) else number
    return f' s="{style}"><v>{figure!r}</v></c>'


def formula_cell(style: int, formula: str) -> str:
    """Return a cell of a live formula; its value is filled in when the whole is calculated.

    >>> formula_cell(3, "A1<B1")
    ' s="3"><f>A1&lt;B1</f></c>'
    """
    return f' s="{style}"><f>{escape(formula)}</f></c>'


def empty_cell(style: int) -> str:
    """Return a cell that waits for a reader to fill it.

    >>> empty_cell(3)
    ' s="3"/>'
    """
    return f' s="{style}"/>'


def serial(day: date) -> int:
    """Return a date as a workbook holds it; its look makes it a date again.

    >>> serial(date(2017, 4, 1))
    42826
    """
    return day.toordinal() - DAY_0


def is_missing(value: object) -> bool:
    """Tell whether a value of a table is none: None, NaN, NA, an infinite number.

    >>> is_missing(float("inf")), is_missing(0), is_missing("")
    (True, False, True)
    """
    if isinstance(value, (float, np.floating)):
        return not math.isfinite(value)
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, str) and not value)


class CellWriter:
    """Writes the cells of one column: the same look, whatever stands in them.

    ``figures``, ``words``, ``quoted`` and ``shorthand`` are the numbers of the looks for each; ``resolve``
    turns the names in a formula into addresses, given the row.
    """

    def __init__(
        self,
        *,
        figures: int,
        words: int,
        quoted: int,
        missing: str,
        resolve: Callable[[str, int], str],
    ) -> None:
        self._figures = figures
        self._words = words
        self._quoted = quoted
        self._resolve = resolve
        self._known: dict[str, str] = {}  # most words of a column stand in many of its rows
        self._missing = self.words(missing)

    def words(self, words: str) -> str:
        """Return a cell of words, whatever they begin with."""
        if words not in self._known:
            text = clean(words)
            style = self._quoted if looks_like_formula(text) else self._words
            self._known[words] = text_cell(style, text)
        return self._known[words]

    def cell(self, value: object, row: int, figures: int | None = None) -> str:
        """Return the cell of one value."""
        if is_missing(value):
            return self._missing
        if isinstance(value, str):
            return self.words(value)
        if isinstance(value, (bool, np.bool_)):
            return self.words("yes" if value else "no")
        if isinstance(value, Formula):
            return formula_cell(self._figures, self._resolve(value.text, row))
        if isinstance(value, Link):
            return self.words(value.text)
        if isinstance(value, date):
            return number_cell(self._figures if figures is None else figures, serial(value))
        if isinstance(value, (int, float, np.integer, np.floating)):
            return number_cell(self._figures if figures is None else figures, value)
        return self.words(str(value))


def row_xml(number: int, cells: str, height: float | None = None) -> str:
    """Return a row of cells.

    >>> row_xml(2, "", 30.0)
    '<row r="2" ht="30" customHeight="1"></row>'
    """
    size = "" if height is None else f' ht="{height:g}" customHeight="1"'
    return f'<row r="{number}"{size}>{cells}</row>'
