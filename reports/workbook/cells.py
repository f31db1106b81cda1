"""Cells as the file holds them: text that stays text, figures, formulas with their values, no cell empty.

Half the cells of a pack are figures that openpyxl would box, style and serialise one by one; a row of
text built here costs a tenth of that, and every cell of the workbook goes through this one door, so that
nothing of a source can become a formula.
"""

import math
import re
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from reports.workbook.shared_strings import SharedStrings

Figure = float | np.integer[Any] | np.floating[Any]
LONGEST = 32_767  # characters; what a cell can hold
LONGEST_FORMULA = 8_192
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


def text_cell(style: int, number: int) -> str:
    """Return a cell of shared words but for its opening, `` r="A1"``.

    >>> text_cell(3, 17)
    ' s="3" t="s"><v>17</v></c>'
    """
    return f' s="{style}" t="s"><v>{number}</v></c>'


def number_cell(style: int, number: Figure) -> str:
    """Return a cell of a figure, in as many digits as give it back.

    >>> number_cell(3, 0.1), number_cell(3, np.int64(5))
    (' s="3"><v>0.1</v></c>', ' s="3"><v>5</v></c>')
    """
    # A numpy number would be written with its type: np.float64(0.1).
    figure = number.item() if isinstance(number, np.generic) else number
    return f' s="{style}"><v>{figure!r}</v></c>'


def formula_cell(style: int, formula: str, value: object) -> str:
    """Return a cell of a live formula with the value that it has now, for viewers that reckon nothing.

    ``formula`` is its element, ``<f>...</f>``.

    >>> formula_cell(3, formula_element("A1<B1"), True), formula_cell(3, formula_element("A1"), "OK")
    (' s="3" t="b"><f>A1&lt;B1</f><v>1</v></c>', ' s="3" t="str"><f>A1</f><v>OK</v></c>')
    """
    if isinstance(value, str):
        return f' s="{style}" t="str">{formula}<v>{escape(clean(value))}</v></c>'
    if isinstance(value, bool):
        return f' s="{style}" t="b">{formula}<v>{value:d}</v></c>'
    figure = serial(value) if isinstance(value, date) else value
    return f' s="{style}">{formula}<v>{figure:.15g}</v></c>'


def formula_element(formula: str) -> str:
    """Return the element of a formula.

    Raises
    ------
    ValueError
        If it is longer than a cell takes: a mistake in a sheet's declaration.
    """
    if len(formula) > LONGEST_FORMULA:
        raise ValueError(
            f"a formula of {len(formula)} characters; at most {LONGEST_FORMULA}: {formula[:80]}..."
        )
    return f"<f>{escape(formula)}</f>"


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
    """Writes cells of one look, whatever stands in them but formulas.

    ``figures``, ``words`` and ``quoted`` are the numbers of the looks for each; ``missing`` is what stands for
    no value.
    """

    def __init__(
        self, strings: SharedStrings, *, figures: int, words: int, quoted: int, missing: str
    ) -> None:
        self._strings = strings
        self._figures = figures
        self._words = words
        self._quoted = quoted
        self._known: dict[str, str] = {}  # most words of a column stand in many of its rows
        self._missing = missing

    def words(self, words: str) -> str:
        """Return a cell of words, whatever they begin with."""
        if words not in self._known:
            text = clean(words)
            style = self._quoted if looks_like_formula(text) else self._words
            self._known[words] = text_cell(style, self._strings.number(text))
        return self._known[words]

    def cell(self, value: object, figures: int | None = None) -> str:
        """Return the cell of one value; ``figures`` is the look of a figure where rows differ in it."""
        if is_missing(value):
            return self.words(self._missing)
        if isinstance(value, str):
            return self.words(value)
        if isinstance(value, (bool, np.bool_)):
            return self.words("yes" if value else "no")
        style = self._figures if figures is None else figures
        if isinstance(value, date):
            return number_cell(style, serial(value))
        if isinstance(value, (int, float, np.integer, np.floating)):
            return number_cell(style, value)
        return self.words(str(value))
