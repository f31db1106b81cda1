"""Axes of numbers: a faint grid, and figures as people read them beside it.

matplotlib's own axes make, measure and draw an object for every tick; these are one line and a few words. They
belong to the figure, so that the axes hold nothing but data.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D, ScaledTranslation, Transform
from numpy.typing import ArrayLike, NDArray

from reports import style, words

Floats = NDArray[np.float64]

GRID: dict[str, Any] = {"color": style.PALE_GREY, "linewidth": 0.5, "zorder": -2}  # behind the plot
BASE: dict[str, Any] = {"color": style.MID_GREY, "linewidth": 0.8, "zorder": -1}
GAP = 4.0  # points between the plot and the figures beside it
BETWEEN = 8.0  # points between the names of two periods at least
TITLE_GAP = 18.0  # points between the plot's foot and the words below its figures


def number_axis(
    axes: Axes, which: str, *, unit: str = "", ticks: int = 6, title: str = "", grid: bool = True
) -> None:
    """Draw one axis of numbers between the limits that are set: few ticks, thousands commas, % or £.

    Parameters
    ----------
    axes
        Its limits are set and stay as they are.
    which
        "x" or "y".
    unit
        A % or £ at its beginning stands with every figure.
    ticks
        Most ticks.
    title
        Words below an x axis; above a y axis there is no room: the subtitle says the unit.
    grid
        Whether lines go through the plot.
    """
    axes.set_axis_off()
    low, high = sorted(axes.get_xlim() if which == "x" else axes.get_ylim())
    places, said = tick_labels(low, high, unit=unit, ticks=ticks)
    if grid:
        across = np.tile([0.0, 1.0, np.nan], len(places))
        along = np.repeat(places, 3)
        data = (along, across) if which == "x" else (across, along)
        _figure(axes).add_artist(Line2D(*data, transform=_transform(axes, which), **GRID))
    write_ticks(axes, which, places, said)
    if which == "x":
        foot(axes, title)


def foot(axes: Axes, title: str = "", *, gap: float = TITLE_GAP) -> None:
    """Draw the line that a plot stands on, and words ``gap`` points below it."""
    axes.set_axis_off()
    _figure(axes).add_artist(Line2D([0, 1], [0, 0], transform=axes.transAxes, **BASE))
    if title:
        below = _shifted(axes, axes.transAxes, 0, -gap)
        look = {"va": "top", "fontsize": style.BODY, "color": style.DARK_GREY}
        _figure(axes).text(0, 0, style.plain(title), transform=below, **look)


def write_ticks(axes: Axes, which: str, places: Floats, said: list[str], **look: Any) -> None:
    """Write words at places along an axis: below the plot, or left of it."""
    shift = (0, -GAP) if which == "x" else (-GAP, 0)
    beside = _shifted(axes, _transform(axes, which), *shift)
    align = {"ha": "center", "va": "top"} if which == "x" else {"ha": "right", "va": "center"}
    for place, figure in zip(places, said, strict=True):
        x, y = (place, 0.0) if which == "x" else (0.0, place)
        _figure(axes).text(x, y, figure, transform=beside, **({"fontsize": style.BODY} | align | look))


def period_axis(axes: Axes, periods: Sequence[str]) -> None:
    """Name the periods that stand at 0, 1, 2 ... along x: as many as there is room for, and always the latest."""
    low, high = axes.get_xlim()
    room = axes.get_window_extent().width / (high - low)
    widest = max((style.text_width(period, style.BODY) for period in periods), default=0.0)
    step = max(1, math.ceil((widest + BETWEEN) / room))
    places = np.arange(len(periods) - 1, -1, -step, dtype=float)
    write_ticks(axes, "x", places, [periods[int(place)] for place in places])


def tick_labels(low: float, high: float, *, unit: str = "", ticks: int = 6) -> tuple[Floats, list[str]]:
    """Places of round numbers between two ends, and how each is written.

    >>> tick_labels(-2000, 4100, unit="£ per patient", ticks=4)[1]
    ['−£2,000', '£0', '£2,000', '£4,000']
    """
    values: Floats = np.asarray(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    step = abs(values[1] - values[0]) if len(values) > 1 else 1.0
    decimals = next((d for d in range(6) if abs(step * 10**d - round(step * 10**d)) < 1e-6), 6)
    if unit.startswith("£") and decimals == 1:
        decimals = 2  # £2.50
    slack = 1e-9 * (high - low)
    places = values[(values >= low - slack) & (values <= high + slack)]
    before = "£" if unit.startswith("£") else ""
    after = "%" if unit.startswith("%") else ""

    def written(value: float) -> str:
        sign = words.MINUS if round(value, decimals) < 0 else ""
        return f"{sign}{before}{words.number(abs(value), decimals)}{after}"

    return places, [written(float(value)) for value in places]


def _transform(axes: Axes, which: str) -> Transform:
    """Return data along the axis, shares of the plot across it."""
    return axes.get_xaxis_transform() if which == "x" else axes.get_yaxis_transform()


def _shifted(axes: Axes, by: Transform, x: float, y: float) -> Transform:
    """Return a transform moved by some points."""
    return by + ScaledTranslation(x / 72, y / 72, _figure(axes).dpi_scale_trans)


def _figure(axes: Axes) -> Figure:
    return axes.get_figure(root=True)  # type: ignore[return-value]


def beside(axes: Axes, *, left: float = 0.0, right: float | None = None) -> Transform:
    """Return a transform for words in a column: points from the plot's left edge (or right), data upwards."""
    if right is None:
        return _shifted(axes, axes.get_yaxis_transform(), left, 0)
    return _shifted(axes, Affine2D().translate(1, 0) + axes.get_yaxis_transform(), right, 0)


def segments(low: ArrayLike, high: ArrayLike, place: ArrayLike) -> tuple[Floats, Floats]:
    """Points of one line that runs from ``low`` to ``high`` at each place and breaks between them.

    >>> segments([1], [3], [0])
    (array([ 1.,  3., nan]), array([ 0.,  0., nan]))
    """
    ends = np.column_stack([low, high, np.full(np.shape(low), np.nan)]).astype(float)
    level = np.column_stack([place, place, np.full(np.shape(low), np.nan)]).astype(float)
    return ends.ravel(), level.ravel()
