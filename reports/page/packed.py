"""Columns of figures as text: a figure is two or three letters, rounded to what the page shows of it.

A pack of a hundred areas, a hundred indicators and five years has a quarter of a million figures. As JSON numbers
they weigh five bytes each; counted in steps of the last decimal that is shown they weigh two or three.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# What stands in JSON, in HTML and in a quoted attribute as it is; a letter counts as its place here.
LETTERS = string.digits + string.ascii_letters + "!#$%()*+,-/:;=?@[]^_{|}~"
BASE = len(LETTERS)
NONE = "."  # a figure that is not there is dots
MOST_DECIMALS = 6
TYPICAL = 0.25  # the share of figures that may be so small that they lose a decimal


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How the figures of one indicator are written: ``start`` + steps of 10 to the power of -``decimals``."""

    start: int  # in steps
    decimals: int
    width: int  # letters a figure

    @property
    def step(self) -> float:
        """Distance of two neighbouring figures, in the indicator's unit."""
        return float(10.0**-self.decimals)


def decimals_shown(values: Floats, *, price: bool = False) -> NDArray[np.int64]:
    """Decimals with which ``reports.words`` writes each figure: three figures from 1 up, two below.

    >>> decimals_shown(np.array([310.42, 9.996, 0.0421, 0.0])).tolist()
    [0, 1, 3, 0]
    >>> decimals_shown(np.array([14.2, 1590.0]), price=True).tolist()  # £: pence below 100
    [2, 0]
    """
    size = np.abs(np.nan_to_num(values))
    if price:
        return np.where(size < 100, 2, 0).astype(np.int64)
    first = np.floor(np.log10(np.where(size > 0, size, 1.0)))
    figures = np.where(size >= 1, 3, 2)
    # 9.996 is 10.0: rounding may reach the next power of ten.
    first += np.round(size * 10.0 ** (figures - 1 - first)) >= 10.0**figures
    above, below = np.maximum(0, 2 - first), np.minimum(MOST_DECIMALS, 1 - first)
    shown = np.where(10.0**first >= 1, above, below)
    return np.where(size > 0, shown, 0).astype(np.int64)


def scale_of(values: Floats, *, price: bool = False) -> Scale:
    """Return the scale of all figures of one indicator; NaN where there is none.

    >>> scale_of(np.array([62.13, 58.0, 71.9]))
    Scale(start=580, decimals=1, width=2)
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return Scale(start=0, decimals=0, width=1)
    sizes = np.abs(known[known != 0])
    typical = np.quantile(sizes, TYPICAL, method="lower") if sizes.size else 0.0
    decimals = int(decimals_shown(np.array([typical]), price=price)[0])
    shown = _rounded(known, decimals, price=price)
    low, high = (round(float(end) * 10**decimals) for end in (shown.min(), shown.max()))
    width = next(width for width in count(1) if high - low < BASE**width)
    return Scale(start=low, decimals=decimals, width=width)


def rounded(values: Floats, scale: Scale, *, price: bool = False) -> Floats:
    """Round figures to what is shown of them, and to the scale's step where that is coarser.

    >>> rounded(np.array([62.13, 108.46]), Scale(start=0, decimals=1, width=2)).tolist()
    [62.1, 108.0]
    """
    return _rounded(values, scale.decimals, price=price)


def _rounded(values: Floats, decimals: int, *, price: bool) -> Floats:
    places = 10.0 ** np.minimum(decimals_shown(values, price=price), decimals)
    return np.asarray(np.round(values * places) / places)


def pack(values: Floats, scale: Scale, *, price: bool = False) -> str:
    """Write a column of figures in letters; dots where there is none.

    >>> pack(np.array([62.13, np.nan, 58.0]), Scale(start=580, decimals=1, width=2))
    '0F..00'
    """
    known = np.isfinite(values)
    shown = rounded(np.where(known, values, 0.0), scale, price=price)
    steps = np.round(shown * 10.0**scale.decimals).astype(np.int64) - scale.start
    powers = BASE ** np.arange(scale.width - 1, -1, -1)
    digits = np.clip(steps, 0, BASE**scale.width - 1)[:, None] // powers % BASE
    letters = np.array(list(LETTERS))[digits]
    letters[~known] = NONE
    return "".join(letters.ravel().tolist())


def pack_columns(columns: Sequence[Floats], scale: Scale, *, price: bool = False) -> list[str]:
    """Write several columns on one scale, each as ``pack`` writes it; together it takes a tenth of the time.

    >>> pack_columns([np.array([62.0]), np.array([58.0, 58.1])], Scale(start=580, decimals=1, width=2))
    ['0E', '0001']
    """
    text = pack(np.concatenate([*columns, np.array([])]), scale, price=price)
    ends = np.cumsum([len(column) * scale.width for column in columns]).tolist()
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]
