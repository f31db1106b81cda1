"""Map of one indicator: each area by its significance, inside its boundary or as a hexagon."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import style, words
from reports.charts import boundaries, hexagons, point_labels
from reports.charts.frame import EDGE, WIDTH, Caption, Drawn, finding, frame, mark_keys, rows_of, say_empty
from reports.flags import TO_ASK_ABOUT

HEIGHT = 330.0  # points, of a map of boundaries
TALLEST = 460.0  # of a map of hexagons
LARGEST = 26.0  # points, width of a hexagon
LABELS = 24
CROWDED = 40  # areas above which only half as many are named
NAMED = 0.5  # share of blocks whose names must fit for any to be written
AS_PICTURE = 1200  # hexagons above which an SVG holds a picture of them
PICTURE = 2.5  # order of drawing below which that picture holds everything
# Fill by significance; the shape on it is that of every chart.
FILL = {
    "not tested": "white",
    "similar": style.FAINT_GREY,
    "lower": style.LIGHT_PURPLE,
    "higher": style.DARK_PINK,
    "better": style.DARK_BLUE,
    "worse": style.ORANGE,
}
LEADER: dict[str, Any] = {"color": style.INK, "linewidth": 0.7, "zorder": 5}
EDGES: dict[str, Any] = {"edgecolor": style.MID_GREY, "linewidth": 0.7}

Floats = NDArray[np.float64]


def map_rows(comparison: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Rows of a map: every area of the comparison's kind, with its parent and place.

    Parameters
    ----------
    comparison
        Rows of one indicator, period and kind of area.
    areas
        area, name, kind, parent; and x and y, where known.

    Returns
    -------
    DataFrame
        area, name, value, significance, group (the parent's name), x and y; by area. An area without a figure
        is not tested.
    """
    names = areas.set_index("area")["name"]
    here = areas[areas["kind"].isin(comparison["kind"].unique())]
    columns = [name for name in ("x", "y") if name in here]
    rows = here[["area", "name", "parent", *columns]].merge(
        comparison[["area", "value", "significance"]], on="area", how="left"
    )
    group = rows["parent"].map(names).fillna(rows["parent"]).fillna("")
    rows = rows.assign(significance=style.known(rows["significance"]), group=group.astype(object))
    return rows.drop(columns="parent").sort_values("area", kind="stable", ignore_index=True)


def title(rows: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan")) -> str:
    """Say where the areas that stand out lie."""
    asked = rows[rows["significance"].isin(TO_ASK_ABOUT)]
    said = finding(rows, caption=caption, flags_expected=flags_expected)
    groups = rows["group"].nunique()
    if asked.empty or len(rows) < 2:
        return said
    if groups < 2:
        named = [words.text(name, area) for name, area in zip(asked["name"], asked["area"], strict=True)]
        more = len(named) - 3
        listed = (
            words.series(named[:3]) if more <= 0 else f"{', '.join(named[:3])} and {words.number(more)} more"
        )
        return f"{said}: {listed}"
    counts = asked["group"].value_counts(sort=False).sort_index()
    most = str(counts.index[int(np.argmax(counts.to_numpy()))])
    of = int((rows["group"] == most).sum())
    return f"{said}; most in {most} ({words.number(int(counts.max()))} of {words.number(of)})"


@style.context()
def map_of_areas(
    rows: pd.DataFrame,
    *,
    caption: Caption,
    geometries: Mapping[str, str] | None = None,
    flags_expected: float = float("nan"),
) -> Figure:
    """Draw the map.

    Parameters
    ----------
    rows
        As ``map_rows`` gives them.
    caption
        The words.
    geometries
        Area code: GeoJSON geometry as text. Where any area has none, all are drawn as hexagons in blocks by
        their parent.
    flags_expected
        Areas that chance alone would flag in the bad direction; NaN where not known.
    """
    here = {area: geometries[area] for area in rows["area"] if area in geometries} if geometries else {}
    outlined = bool(here) and len(here) == len(rows)
    layout = hexagons.pack(rows) if not outlined and len(rows) else None
    inner = WIDTH - 2 * EDGE
    size = min(LARGEST, inner / layout.width, TALLEST / layout.height) if layout else 0.0
    about = f"{caption.about}, one hexagon each" if layout else caption.about
    figure, axes = frame(
        title(rows, caption=caption, flags_expected=flags_expected), about, caption=caption,
        plot_height=layout.height * size if layout else HEIGHT, left=EDGE, right=EDGE, bottom=8.0,
        keys=mark_keys(rows["significance"], caption.polarity, _key_look),
    )  # fmt: skip
    axes.set_axis_off()
    if rows.empty:
        say_empty(axes)
    elif layout:
        _draw_hexagons(axes, rows, layout, size)
    else:
        _draw_outlines(axes, rows, here)
    return figure


def _draw_hexagons(axes: Axes, rows: pd.DataFrame, layout: hexagons.Layout, size: float) -> None:
    axes.set_xlim(0, (WIDTH - 2 * EDGE) / size)
    axes.set_ylim(-layout.height, 0)
    placed = layout.areas.merge(rows[["area", "significance"]], on="area")
    angle = np.radians(np.arange(6) * 60 + 30)
    corners = np.column_stack([np.cos(angle), np.sin(angle)]) / np.sqrt(3) * 0.96
    centres = placed[["x", "y"]].to_numpy(dtype=float)
    fills = [FILL[said] for said in placed["significance"]]
    if len(placed) > AS_PICTURE:
        axes.set_rasterization_zorder(PICTURE)
    edges = EDGES | {"linewidth": min(0.7, size / 20)}
    axes.add_collection(
        PolyCollection(list(centres[:, None, :] + corners), facecolors=fills, zorder=1, **edges)
    )
    _draw_marks(axes, placed["significance"].to_numpy(), centres, size * 0.36)
    _name_blocks(axes, layout, size)


def _name_blocks(axes: Axes, layout: hexagons.Layout, size: float) -> None:
    room = layout.groups["width"].max() * size
    names = [style.plain(name) for name in layout.groups["group"]]
    fits = [style.text_width(name, style.SMALL) <= room for name in names]
    if sum(fits) < NAMED * len(fits):
        return
    for group, name in zip(rows_of(layout.groups), names, strict=True):
        said = style.shorten(name, style.SMALL, room)
        axes.text(group.x, group.y, said, fontsize=style.SMALL, va="bottom", clip_on=False)


def _draw_marks(axes: Axes, significance: NDArray[Any], centres: Floats, size: float) -> None:
    """Draw on each dark fill, in white, the shape that says the same."""
    for said, mark in style.MARKS.items():
        own = significance == said
        if own.any() and mark.filled:
            axes.plot(*centres[own].T, zorder=2, label=said, **_on_fill(mark, min(size, 8.0)))


def _on_fill(mark: style.Mark, size: float) -> dict[str, Any]:
    return mark.line | {"markersize": size, "markerfacecolor": "white", "markeredgecolor": "white"}


def _key_look(said: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Fill of a significance as a hexagon, and the shape on it."""
    mark = style.mark(said)
    fill = {
        "linestyle": "none", "marker": "h", "markersize": 12.0, "markerfacecolor": FILL[said],
        "markeredgecolor": style.MID_GREY, "markeredgewidth": 0.7,
    }  # fmt: skip
    return fill, _on_fill(mark, 4.5) if mark.filled else None


def _draw_outlines(axes: Axes, rows: pd.DataFrame, geometries: dict[str, str]) -> None:
    width = WIDTH - 2 * EDGE
    axes.set_xlim(0, width)
    axes.set_ylim(0, HEIGHT)
    found = boundaries.shapes(geometries, width=width, height=HEIGHT)
    shown = rows[rows["area"].isin(list(found))]
    fills = [FILL[said] for said in shown["significance"]]
    axes.add_collection(
        PathCollection([found[area].path for area in shown["area"]], facecolors=fills, zorder=1, **EDGES)
    )
    middles = np.array([found[area].middle for area in shown["area"]]).reshape(-1, 2)
    _draw_marks(axes, shown["significance"].to_numpy(), middles, 6.0)
    _name(axes, shown, middles)


def _name(axes: Axes, shown: pd.DataFrame, middles: Floats) -> None:
    """Write the names of the areas that stand out, then of the others, as far as there is room."""
    quiet = (~shown["significance"].isin(["worse", "higher", "better", "lower"])).to_numpy()
    order = np.argsort(quiet, kind="stable")[: LABELS if len(shown) <= CROWDED else LABELS // 2]
    points = axes.transData.transform(middles)
    half = 4.0
    box = axes.get_window_extent()
    names = [words.text(name, area) for name, area in zip(shown["name"], shown["area"], strict=True)]
    placed = point_labels.place(
        points[order], [names[place] for place in order], bounds=(box.x0, box.y0, box.x1, box.y1),
        taken=np.hstack([points - half, points + half]),
    )  # fmt: skip
    point_labels.draw(axes, placed, leader=LEADER)


def alt_text(
    rows: pd.DataFrame, *, caption: Caption, outlined: bool = False, flags_expected: float = float("nan")
) -> str:
    """Say in words what the map shows; ``outlined`` where it has boundaries."""
    how = "Map" if outlined else "Hexagon map"
    first = f"{how} of {caption.about}: each {words.kind_name(caption.kind)} by whether it differs from its peers."
    if rows.empty:
        return f"{first} No figures are available."
    said = title(rows, caption=caption, flags_expected=flags_expected)
    counts = rows["significance"].value_counts()
    parts = [
        f"{words.number(int(counts[name]))} {words.direction_words(caption.polarity, name)}"
        for name in reversed(style.MARKS)
        if name in counts.index
    ]
    return f"{first} {said}. It shows {words.series(parts)}. The figures are in the comparison table."


def drawn(
    rows: pd.DataFrame,
    *,
    caption: Caption,
    geometries: Mapping[str, str] | None = None,
    flags_expected: float = float("nan"),
) -> Drawn:
    """Draw the chart with its words; the title says which indicator it is of."""
    outlined = geometries is not None
    return Drawn(
        figure=map_of_areas(rows, caption=caption, geometries=geometries, flags_expected=flags_expected),
        title=f"{caption.name}: {title(rows, caption=caption, flags_expected=flags_expected)}",
        alt=alt_text(rows, caption=caption, outlined=outlined, flags_expected=flags_expected),
        source=caption.source,
    )
