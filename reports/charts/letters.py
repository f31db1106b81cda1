"""Words on a bitmap: every letter is rasterised once and set at a quarter of a pixel, without hinting.

FreeType shapes and hints each string anew in matplotlib's own drawing; half of a chart's time goes there.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFont

from reports import style

# Letters are rasterised this many times larger and averaged down: exact edges, quarters of a pixel.
FINER = 4

Coverage = NDArray[np.uint8]


class Letter(NamedTuple):
    """One letter's coverage, 0 to 255, rows downwards; where it begins from the pen and above the baseline."""

    coverage: Coverage
    left: int
    top: int


@cache
def _face(bold: bool, size: float) -> Any:
    return ImageFont.truetype(style.font_path(bold), size * FINER, layout_engine=ImageFont.Layout.BASIC)


@cache
def _letter(letter: str, bold: bool, size: float, quarter: int) -> Letter:
    """Rasterise a letter of ``size`` pixels whose pen stands ``quarter`` quarters right of a pixel's edge."""
    drawn, (left, top) = _face(bold, size).getmask2(letter, mode="L", anchor="ls")
    width, height = drawn.size
    if not width or not height:
        return Letter(np.zeros((0, 0), dtype=np.uint8), 0, 0)
    ink = np.asarray(Image.frombytes("L", drawn.size, bytes(drawn)), dtype=np.float32)
    left, top = int(left) + quarter, int(top)
    first, above = left // FINER, top // FINER
    columns = -(-(left + width) // FINER) - first
    rows = -(-(top + height) // FINER) - above
    fine = np.zeros((rows * FINER, columns * FINER), dtype=np.float32)
    x, y = left - first * FINER, top - above * FINER
    fine[y : y + height, x : x + width] = ink
    coarse = fine.reshape(rows, FINER, columns, FINER).mean(axis=(1, 3))
    return Letter(np.rint(coarse).astype(np.uint8), first, above)


def line(words: str, x: float, size: float, *, bold: bool = False) -> Letter | None:
    """Set one line of text.

    Parameters
    ----------
    words
        The text.
    x
        Where the pen starts, pixels from the left edge of the picture.
    size
        Pixels of the text size.
    bold
        Weight.

    Returns
    -------
    Letter
        The line's coverage; ``left`` in pixels of the picture, ``top`` from the baseline downwards (so mostly
        negative). None where the font lacks one of the letters.
    """
    if not style.has_letters(words, bold):
        return None
    placed = []
    for letter in words:
        quarters = round(x * FINER)
        one = _letter(letter, bold, size, quarters % FINER)
        if one.coverage.size:
            placed.append(one._replace(left=quarters // FINER + one.left))
        x += style.advance(letter, bold) * size
    if not placed:
        return Letter(np.zeros((0, 0), dtype=np.uint8), 0, 0)
    left, top = min(one.left for one in placed), min(one.top for one in placed)
    right = max(one.left + one.coverage.shape[1] for one in placed)
    bottom = max(one.top + one.coverage.shape[0] for one in placed)
    coverage = np.zeros((bottom - top, right - left), dtype=np.uint8)
    for one in placed:
        rows, columns = one.coverage.shape
        part = coverage[one.top - top :, one.left - left :][:rows, :columns]
        np.maximum(part, one.coverage, out=part)
    return Letter(coverage, left, top)
