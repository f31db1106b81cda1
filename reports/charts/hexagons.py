"""A hexagon for every area where there is no boundary: areas of one parent lie together, in a block of their own."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

GAP = 0.9  # hexagon widths between two blocks
HEADING = 1.1  # hexagon widths above each block for its name
WIDE = 1.7  # blocks beside each other for one below the other, as pictures are wider than high
TALL = float(np.sqrt(3) / 2)  # distance of two rows of hexagons of width 1

Floats = NDArray[np.float64]


class Layout(NamedTuple):
    """Where hexagons of width 1 lie, y upwards; and the blocks' names."""

    areas: pd.DataFrame  # area, group, x, y: the centre
    groups: pd.DataFrame  # group, x, y: left end and foot of its name; width: room for it
    width: float
    height: float


def pack(areas: pd.DataFrame) -> Layout:
    """Lay out areas in blocks by their group.

    Parameters
    ----------
    areas
        area, group; and x and y (any unit, y northwards), NaN or left out where the place is not known: blocks
        and the areas in them then stand in the order of their codes.

    Returns
    -------
    Layout
        The same for the same areas in any order. Blocks in the north stand above those in the south, and in the
        west left of those in the east.

    >>> layout = pack(pd.DataFrame({"area": ["A", "B", "C"], "group": ["N", "N", "S"]}))
    >>> layout.areas[["area", "group"]].to_numpy().tolist()
    [['A', 'N'], ['B', 'N'], ['C', 'S']]
    """
    placed = _ordered(areas)
    sizes = placed.groupby("group", sort=False).size()
    columns = max(1, min(len(sizes), round(float(np.sqrt(len(sizes) * WIDE)))))
    across = max(2, int(np.ceil(np.sqrt(sizes.max() * 1.2)))) if len(sizes) else 1
    order = _rows_of_blocks(placed, columns)
    block = order.loc[placed["group"], ["row", "column"]].to_numpy()
    step = placed.groupby("group", sort=False).cumcount().to_numpy()
    lines = order.assign(lines=np.ceil(sizes.loc[order.index] / across)).groupby("row")["lines"].max()
    tops = np.concatenate([[0.0], np.cumsum(lines.to_numpy() * TALL + HEADING + GAP)])
    wide = across + 0.5 + GAP
    line, place = step // across, step % across
    x = block[:, 1] * wide + place + 0.5 * (line % 2) + 0.5
    y = -(tops[block[:, 0]] + HEADING + line * TALL + 0.5)
    names = order.reset_index().assign(
        x=lambda frame: frame["column"] * wide,
        y=lambda frame: -(tops[frame["row"]] + HEADING - 0.25),
        width=wide - 0.4,
    )
    return Layout(
        placed[["area", "group"]].assign(x=x, y=y),
        names[["group", "x", "y", "width"]],
        float(columns * wide - GAP),
        float(tops[-1]),
    )


def _ordered(areas: pd.DataFrame) -> pd.DataFrame:
    """Areas by group, north to south and west to east in each; by code where places are not known."""
    frame = areas.assign(
        **{axis: areas[axis].astype(float) if axis in areas else np.nan for axis in ("x", "y")}
    )
    return frame.assign(north=-frame["y"]).sort_values(
        ["group", "north", "x", "area"], kind="stable", na_position="last", ignore_index=True
    )


def _rows_of_blocks(placed: pd.DataFrame, columns: int) -> pd.DataFrame:
    """Row and column of each group's block, indexed by group."""
    middle = placed.groupby("group", sort=True)[["x", "y"]].mean()
    middle = middle.assign(north=-middle["y"]).rename_axis("group").reset_index()
    middle = middle.sort_values(["north", "group"], kind="stable", na_position="last", ignore_index=True)
    middle["row"] = np.arange(len(middle)) // columns
    middle = middle.sort_values(["row", "x", "group"], kind="stable", na_position="last", ignore_index=True)
    middle["column"] = middle.groupby("row").cumcount()
    return middle.set_index("group")[["row", "column"]]
