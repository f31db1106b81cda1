"""Figures as the file holds them: as many digits as tell something, so that a county's workbook can be mailed."""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

BEYOND_SHOWN = 3  # decimals kept after those that a cell shows; the pack's Parquet tables hold all
FIGURES = (3, 8)  # significant figures kept at least and, but for whole units and hundredths, at most
HUNDREDTHS = 2
# Of what formulas work on: thousands of £ in it must add up to the penny.
RECKONED_FIGURES, RECKONED_DECIMALS = 10, 5
MOST_DECIMALS = 300  # beyond it 10 to that power is no number
NOT_DIGITS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
DECIMALS = re.compile(r"\.([0#?]+)")


@cache
def decimals_shown(format: str) -> int:
    """Return how many decimals of a figure a number format shows; those of a fraction, where it shows percent.

    >>> decimals_shown("#,##0.00"), decimals_shown("0%"), decimals_shown('[=0]0;[<0.5]"[low]";#,##0')
    (2, 2, 0)
    """
    bare = NOT_DIGITS.sub("", format)
    shown = max((len(digits) for digits in DECIMALS.findall(bare)), default=0)
    return shown + (2 if "%" in bare else 0)


def rounded(values: NDArray[np.float64], shown: NDArray[np.int64] | np.int64 | int) -> NDArray[np.float64]:
    """Round figures to what is stored of them, given the decimals shown; NaN and infinity stay.

    >>> rounded(np.array([0.123456789012, 1234567.891234567, 5.0]), 2).tolist()
    [0.12346, 1234567.89, 5.0]
    >>> rounded(np.array([0.000000123456]), 2).tolist()
    [1.23e-07]
    """
    least, most = (figures - 1 - _magnitude(values) for figures in FIGURES)
    return _round(values, np.minimum(np.maximum(shown + BEYOND_SHOWN, least), np.maximum(most, HUNDREDTHS)))


def rounded_to_reckon(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round figures that formulas work on: ten figures, and at least five decimals.

    >>> rounded_to_reckon(np.array([0.123456789012, 1234567.891234567])).tolist()
    [0.123456789, 1234567.89123]
    """
    return _round(values, np.maximum(RECKONED_FIGURES - 1 - _magnitude(values), RECKONED_DECIMALS))


def _magnitude(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the power of ten of each figure; 0 for those that have none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.floor(np.log10(np.abs(values)))
    return np.where(np.isfinite(powers), powers, 0.0)


def _round(values: NDArray[np.float64], decimals: NDArray[np.float64]) -> NDArray[np.float64]:
    scale = 10.0 ** np.minimum(decimals, MOST_DECIMALS)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = values * scale
        return np.where(np.isfinite(scaled), np.round(scaled) / scale, values)


def written(values: NDArray[np.float64]) -> list[str]:
    """Return figures in the shortest words that give 15 of their digits back, as many as a spreadsheet keeps.

    >>> written(np.array([0.1, 5.0, -1e-7, 123456789012.5]))
    ['0.1', '5', '-1e-07', '123456789012.5']
    """
    return ("%.15g " * len(values) % tuple(values.tolist())).split()
