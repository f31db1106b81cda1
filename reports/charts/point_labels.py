"""Names beside points without overlap: the first that finds room is drawn, the rest stay in the table."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from reports import style

HEIGHT = 11.0  # points a line of `style.SMALL` takes
NAME_WIDTH = 160.0  # points; longer names are cut
# Where a name may stand: sides (-1 left, 0 middle, 1 right) and steps up or down, the nearest first.
PLACES = tuple(
    (side, step) for step in (0, 1, -1, 2, -2, 3, -3, 4, -4, 6, -6) for side in (1, -1, 0) if side or step
)


class Label(NamedTuple):
    """A name and its box in points of the figure; the leader ends at the point."""

    words: str
    left: float
    bottom: float
    width: float
    point: tuple[float, float]
    far: bool  # too far from its point to be read without a leader


# The same with places further up and down, for plots whose marks have long tails.
TALL_PLACES = PLACES + tuple((side, step) for step in (-8, 8, -10, 10, -12, 12, -14, 14) for side in (-1, 1))


def place(
    points: ArrayLike,
    names: Sequence[str],
    *,
    bounds: tuple[float, float, float, float],
    taken: ArrayLike,
    places: Sequence[tuple[int, int]] = PLACES,
) -> list[Label]:
    """Find room for names, the most important first.

    Parameters
    ----------
    points
        Places of the points, points of the figure, shape ``(n, 2)``.
    names
        One name per point; the order is the order of importance.
    bounds
        Left, bottom, right and top that no name may leave.
    taken
        Boxes that no name may cover, shape ``(m, 4)``: left, bottom, right, top.
    places
        Where a name may stand, the best first.

    Returns
    -------
    list of Label
        At most one per name; a name without room has none.
    """
    boxes = np.asarray(taken, dtype=float).reshape(-1, 4)
    labels = []
    for (x, y), name in zip(np.asarray(points, dtype=float).reshape(-1, 2), names, strict=True):
        words = style.shorten(style.plain(name), style.SMALL, NAME_WIDTH)
        width = style.text_width(words, style.SMALL)
        for side, step in places:
            left = x + side * 7 - (width if side < 0 else width / 2 if side == 0 else 0)
            bottom = y - HEIGHT / 2 + step * HEIGHT * 0.8 + (2 * np.sign(step) if side == 0 else 0)
            box = np.array([left, bottom, left + width, bottom + HEIGHT])
            if _inside(box, bounds) and not _overlaps(box, boxes):
                labels.append(Label(words, left, bottom, width, (float(x), float(y)), abs(step) > 1))
                boxes = np.vstack([boxes, box])
                break
    return labels


def _inside(box: NDArray[np.float64], bounds: tuple[float, float, float, float]) -> bool:
    return bool(box[0] >= bounds[0] and box[1] >= bounds[1] and box[2] <= bounds[2] and box[3] <= bounds[3])


def _overlaps(box: NDArray[np.float64], boxes: NDArray[np.float64]) -> bool:
    beside = (
        (boxes[:, 0] >= box[2]) | (boxes[:, 2] <= box[0]) | (boxes[:, 1] >= box[3]) | (boxes[:, 3] <= box[1])
    )
    return not beside.all()


LEADER: dict[str, Any] = {"color": style.MID_GREY, "linewidth": 0.6, "zorder": 1.5}


def draw(axes: Axes, labels: Sequence[Label], *, leader: Mapping[str, Any] = LEADER) -> None:
    """Write the names, with a thin leader where a name stands away from its point."""
    back = axes.transData.inverted()
    for label in labels:
        middle = label.bottom + HEIGHT / 2
        x, y = back.transform((label.left, label.bottom + 3))
        axes.text(x, y, label.words, fontsize=style.SMALL, zorder=6, bbox=style.BEHIND_TEXT)
        if label.far:
            end = label.left if label.point[0] < label.left else min(label.left + label.width, label.point[0])
            (x0, y0), (x1, y1) = back.transform([label.point, (end, middle)])
            axes.plot([x0, x1], [y0, y1], **leader)
