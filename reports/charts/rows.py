"""Rows with names: where each stands where long names take two lines and groups have a heading."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Transform
from numpy.typing import NDArray

from reports import style

SECOND_LINE = 0.62  # rows that a second line of a name takes


@dataclass(frozen=True, kw_only=True)
class NamedRows:
    """Names in lines, and places in rows from the top: the first row or heading stands at 0."""

    lines: tuple[str, ...]  # a name each, a line break in it where it takes two
    place: NDArray[np.float64]  # middle of each row
    headings: tuple[tuple[float, str], ...]  # middle of each heading, and the group's name
    end: float  # foot of the last row


def named_rows(names: Sequence[str], groups: Sequence[str], *, width: float) -> NamedRows:
    """Lay out rows below each other.

    Parameters
    ----------
    names
        A name for each row.
    groups
        The group of each; a heading stands where it changes. Empty strings have none.
    width
        Points that a name has room for.

    >>> laid = named_rows(["Asthma", "COPD", "Falls"], ["Lungs", "Lungs", "Frailty"], width=100)
    >>> laid.place, laid.headings
    (array([1., 2., 4.]), ((0.0, 'Lungs'), (3.0, 'Frailty')))
    """
    broken = [style.wrap(style.plain(name), style.SMALL, width, lines=2) for name in names]
    size = np.array([1.0 + SECOND_LINE * (len(lines) - 1) for lines in broken])
    starts = np.array([bool(new) and new != old for new, old in zip(groups, ["", *groups], strict=False)])
    above = np.cumsum(starts) + np.concatenate([[0.0], np.cumsum(size)[:-1]]) if len(size) else size
    headings = tuple(
        (float(top - 1), style.plain(group))
        for top, group, first in zip(above, groups, starts, strict=True)
        if first
    )
    place = above + size / 2 - 0.5
    end = float(above[-1] + size[-1] - 0.5) if len(size) else 0.5
    return NamedRows(lines=tuple("\n".join(one) for one in broken), place=place, headings=headings, end=end)


def write_names(axes: Axes, laid: NamedRows, transform: Transform) -> None:
    """Write the names and, in bold, the headings, from the transform's left edge."""
    look: dict[str, Any] = {"fontsize": style.SMALL, "va": "center", "transform": transform}
    for y, heading in laid.headings:
        axes.text(0, y, heading, weight="bold", **look)
    for y, name in zip(laid.place, laid.lines, strict=True):
        axes.text(0, float(y), name, linespacing=1.0, **look)
