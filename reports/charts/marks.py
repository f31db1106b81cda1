"""Marks by significance: one look for all areas of a kind of difference, what matters drawn last."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from reports import style


def draw_marks(
    axes: Axes,
    x: ArrayLike,
    y: ArrayLike,
    significance: NDArray[Any],
    *,
    size: float = 1.0,
    edge: float = 1.0,
    zorder: float = 3.0,
    most: int = 600,
    **look: Any,
) -> None:
    """Draw a mark at each place that is known.

    Parameters
    ----------
    axes
        Its limits are left as they are where they are set.
    x, y
        Places in data units, shape ``(n,)``; one that is NaN has no mark.
    significance
        Words that `reports.style.known` gives, shape ``(n,)``.
    size, edge
        Of the mark and of its edge, as multiples of the usual ones.
    zorder
        Of the first look; the others lie on it by tenths.
    most
        Marks of one look above which an SVG holds a picture of them: thousands of circles are heavy.
    **look
        More of matplotlib's own.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    for order, (said, mark) in enumerate(style.MARKS.items()):
        own = known & (significance == said)
        if own.any():
            line = mark.line
            line["markersize"] *= size
            line["markeredgewidth"] *= edge
            picture = int(own.sum()) > most
            axes.plot(
                x[own], y[own], zorder=zorder + order / 10, label=said, rasterized=picture, **line, **look
            )
