"""Figures as the file holds them: as many digits as tell something, so that a county's workbook can be mailed."""

import numpy as np
from numpy.typing import NDArray

# Significant figures and decimals kept at least. Eight figures are what the pack's CSV tables hold; the Parquet
# ones hold all. What formulas work on has more: thousands of £ in it must add up to the penny.
SHOWN = (8, 2)
RECKONED = (10, 5)
MOST_DECIMALS = 300  # beyond it 10 to that power is no number


def rounded(values: NDArray[np.float64], *, reckoned: bool) -> NDArray[np.float64]:
    """Round figures to what is stored of them, more if formulas work on them; NaN and infinity stay.

    >>> rounded(np.array([0.123456789012, 1234567.891234567, 5.0]), reckoned=False).tolist()
    [0.12345679, 1234567.89, 5.0]
    >>> rounded(np.array([0.123456789012, 1234567.891234567]), reckoned=True).tolist()
    [0.123456789, 1234567.89123]
    """
    figures, decimals = RECKONED if reckoned else SHOWN
    with np.errstate(divide="ignore", invalid="ignore"):
        places = figures - 1 - np.floor(np.log10(np.abs(values)))
    places = np.where(np.isfinite(places), places, decimals)
    scale = 10.0 ** np.clip(places, decimals, MOST_DECIMALS)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = values * scale
        return np.where(np.isfinite(scaled), np.round(scaled) / scale, values)


def written(values: NDArray[np.float64]) -> list[str]:
    """Return figures in the shortest words that give 15 of their digits back, as many as a spreadsheet keeps.

    >>> written(np.array([0.1, 5.0, -1e-7, 123456789012.5]))
    ['0.1', '5', '-1e-07', '123456789012.5']
    """
    return ("%.15g " * len(values) % tuple(values.tolist())).split()
