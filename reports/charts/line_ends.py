"""Names at the right end of lines, moved apart where levels lie close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes

from reports import style
from reports.charts.axis import beside

# Points above the plot's foot: no name stands so low that the last figure of the axis below is in its way.
FOOT = 6.0


@dataclass(frozen=True)
class LineEnd:
    """Where a line ends, in the units of the y axis, and what is written beside it."""

    level: float
    words: str
    look: Mapping[str, Any] = field(default_factory=dict)


def name_ends(axes: Axes, ends: Sequence[LineEnd], *, room: float, gap: float = 12.0) -> None:
    """Write each name right of the plot, in a column ``room`` points wide, ``gap`` points apart or more."""
    low, high = axes.get_ylim()
    scale = axes.get_window_extent().height / (high - low)
    places = spread([max((end.level - low) * scale, FOOT) for end in ends], gap)
    raised = max(0.0, FOOT - min(places, default=FOOT))
    right = beside(axes, right=4)
    for place, end in zip(places, ends, strict=True):
        look = {"fontsize": style.SMALL, "va": "center", **end.look}
        short = style.shorten(style.plain(end.words), style.SMALL, room, bold=look.get("weight") == "bold")
        axes.text(0, low + (place + raised) / scale, short, transform=right, **look)


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Move labels apart along one axis until no two are nearer than ``gap``, keeping their order.

    >>> spread([10.0, 11.0, 40.0], 8.0)
    [6.5, 14.5, 40.0]
    """
    order = sorted(range(len(places)), key=lambda position: places[position])
    groups: list[tuple[float, int]] = []  # middle, members
    for position in order:
        groups.append((places[position], 1))
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < gap * (groups[-1][1] + groups[-2][1]) / 2:
            (high, many), (low, few) = groups.pop(), groups.pop()
            groups.append(((high * many + low * few) / (many + few), many + few))
    moved = [middle + gap * (step - (size - 1) / 2) for middle, size in groups for step in range(size)]
    return [moved[order.index(position)] for position in range(len(places))]
