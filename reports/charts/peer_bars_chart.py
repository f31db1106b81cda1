"""Peer bars: every area's value in order, one area filled, its peers and their mean, the best five of them marked."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style, words
from reports.charts import point_labels
from reports.charts.axis import foot, number_axis, write_ticks
from reports.charts.frame import HEIGHT, Caption, Drawn, Key, frame, say_empty

LEFT, RIGHT = 56.0, 24.0
ROW, NAMES = 15.0, 150.0  # points of a named row, and of its name
NAMED = 30  # areas up to which each has a row with its name
# Areas above which the rest are drawn as one shape: a bar would be thinner than a pixel.
AS_SHAPE = 400
BEST = 5
OWN: dict[str, Any] = {"facecolor": style.DARK_BLUE, "edgecolor": style.DARK_BLUE}
PEER: dict[str, Any] = {"facecolor": "white", "edgecolor": style.DARK_BLUE}
REST: dict[str, Any] = {"facecolor": style.PALE_GREY, "edgecolor": style.PALE_GREY}
STAR: dict[str, Any] = {"linestyle": "none", "marker": "*", "markersize": 9.0, "markerfacecolor": style.ORANGE,
                        "markeredgecolor": style.INK, "markeredgewidth": 0.5}  # fmt: skip
MEAN: dict[str, Any] = {"color": style.INK, "linewidth": 1.2}
BEST_MEAN: dict[str, Any] = MEAN | {"linestyle": (0, (5, 2.5))}
NARROWEST = 3.0  # points: marked bars are never thinner, however many areas there are


def peer_bar_rows(
    comparison: pd.DataFrame, peers: Collection[str], area: str, *, polarity: str
) -> pd.DataFrame:
    """Rows of the bars, lowest value first.

    Parameters
    ----------
    comparison
        Rows of one indicator, period and kind of area, each with its ``name``.
    peers
        Codes of the area's peers; none: all the others are.
    area
        Its code.
    polarity
        Which direction is good: the best are the lowest or the highest peers; local: none are marked.

    Returns
    -------
    DataFrame
        area, name, value, role (own, peer, rest) and best (of the best five peers); on every row best_value, the
        simple mean of those five, NaN where none are marked, and peers_value, the mean of the peers that the area is
        compared with, NaN where it is not.
    """
    rows = comparison[["area", "name", "value"]].assign(value=comparison["value"].astype(float))
    compared = comparison.loc[comparison["area"] == area, "comparator_value"].astype(float)
    rows = rows[rows["value"].notna()].sort_values(["value", "area"], kind="stable").reset_index(drop=True)
    chosen = rows["area"].isin(list(peers)) if len(peers) else rows["area"] != area
    rows["role"] = np.where(rows["area"] == area, "own", np.where(chosen, "peer", "rest"))
    found = rows[rows["role"] == "peer"]
    best = (
        found.head(BEST) if polarity == "low" else found.tail(BEST) if polarity == "high" else found.iloc[:0]
    )
    return rows.assign(
        best=rows.index.isin(best.index),
        best_value=best["value"].mean() if len(best) else np.nan,
        peers_value=compared.iloc[0] if len(compared) else np.nan,
    )


def title(rows: pd.DataFrame, *, caption: Caption, name: str) -> str:
    """Say where the area stands among its peers, and how far from their mean and their best."""
    own, peers = rows[rows["role"] == "own"], rows[rows["role"] == "peer"]
    if own.empty or peers.empty:
        return f"{name} has no figure to hold against peers"
    value = float(own["value"].iloc[0])
    above = int((peers["value"] < value).sum())
    said = f"{name} is higher than {words.number(above)} of its {words.count_of(len(peers), 'peer')}"
    marks = (("its peers", "peers_value"), ("the best five of them", "best_value"))
    others = [
        f"{of} {words.bare_value(float(rows[column].iloc[0]), caption.unit)}"
        for of, column in marks
        if rows[column].notna().any()
    ]
    if not others:
        return said
    return f"{said}: {', '.join([words.bare_value(value, caption.unit), *others])} on average"


@style.context()
def peer_bars(rows: pd.DataFrame, *, caption: Caption, name: str) -> Figure:
    """Draw the bars; ``rows`` as ``peer_bar_rows`` gives them, ``name`` the area's.

    Up to 30 areas each have a row with their name; of more, names stand above the bars as far as there is room.
    """
    named = 0 < len(rows) <= NAMED
    figure, axes = frame(
        title(rows, caption=caption, name=name),
        caption.about,
        caption=caption,
        plot_height=ROW * len(rows) + 8 if named else HEIGHT,
        left=NAMES if named else LEFT,
        right=RIGHT,
        keys=_keys(rows, name),
    )
    if rows.empty:
        say_empty(axes)
        return figure
    value = rows["value"].to_numpy()
    low, high = min(0.0, float(value.min())), max(0.0, float(value.max()))
    room = (low, (high + 0.14 * (high - low)) or 1.0)
    if named:
        axes.set_xlim(*room)
        axes.set_ylim(-0.7, len(rows) - 0.3)
        number_axis(axes, "x", unit=caption.unit, title=caption.unit)
        names = [style.shorten(style.plain(one), style.SMALL, NAMES - 18) for one in _names(rows)]
        write_ticks(axes, "y", np.arange(len(rows), dtype=float), names, fontsize=style.SMALL)
    else:
        axes.set_ylim(*room)
        axes.set_xlim(-0.8, len(rows) - 0.2)
        number_axis(axes, "y", unit=caption.unit)
        foot(axes, f"{words.count_of(len(rows), caption.kind)}, lowest to highest", gap=6.0)
    _draw(axes, rows, across=named)
    if not named:
        _name(axes, rows)
    return figure


def _names(rows: pd.DataFrame) -> list[str]:
    return [words.text(name, code) for name, code in zip(rows["name"], rows["area"], strict=True)]


def _keys(rows: pd.DataFrame, name: str) -> list[Key]:
    def box(look: dict[str, Any]) -> dict[str, Any]:
        return {"linestyle": "none", "marker": "s", "markersize": 8.0, "markerfacecolor": look["facecolor"],
                "markeredgecolor": look["edgecolor"], "markeredgewidth": 1.2}  # fmt: skip

    keys = [
        Key(style.shorten(style.plain(name), style.BODY, 150), box(OWN)),
        Key(f"Its peers ({words.number(int((rows['role'] == 'peer').sum()))})", box(PEER)),
    ]
    if rest := int((rows["role"] == "rest").sum()):
        keys.append(Key(f"Others ({words.number(rest)})", box(REST)))
    if rows["peers_value"].notna().any():
        keys.append(Key("Mean of its peers", MEAN, long=True))
    if rows["best"].any():
        keys += [Key("Best five peers", STAR), Key("Mean of the best five", BEST_MEAN, long=True)]
    return keys


def _draw(axes: Axes, rows: pd.DataFrame, *, across: bool) -> None:
    """Draw bars, stars and the means of the peers and of the best; ``across`` puts values along x."""
    value, place = rows["value"].to_numpy(), np.arange(len(rows), dtype=float)
    bar = axes.barh if across else axes.bar
    wide = 0.7 if across else 0.8
    role = rows["role"].to_numpy()
    if len(rows) > AS_SHAPE:
        axes.fill_between(place, 0, value, step="mid", linewidth=0, color=REST["facecolor"], zorder=1)
        wide = max(NARROWEST * len(rows) / axes.get_window_extent().width, wide)
    else:
        rest = role == "rest"
        bar(place[rest], value[rest], wide, linewidth=0, zorder=1, label="rest", **REST)
    for name, look in (("peer", PEER), ("own", OWN)):
        own = role == name
        bar(place[own], value[own], wide, linewidth=1.0, zorder=2, label=name, **look)
    best = rows["best"].to_numpy()
    if best.any():
        end = (axes.get_xlim() if across else axes.get_ylim())[1]
        beyond = value[best] + 0.03 * end
        axes.plot(
            *((beyond, place[best]) if across else (place[best], beyond)), zorder=3, label="best", **STAR
        )
    line = axes.axvline if across else axes.axhline
    for column, look in (("peers_value", MEAN), ("best_value", BEST_MEAN)):
        if rows[column].notna().any():
            line(float(rows[column].iloc[0]), zorder=2.5, label=column, **look)


def _name(axes: Axes, rows: pd.DataFrame) -> None:
    """Write the area's name above its bar, and its peers' where there is room."""
    marked = rows[rows["role"] != "rest"]
    shown = pd.concat([marked[marked["role"] == "own"], marked[marked["role"] == "peer"]])
    every = axes.transData.transform(np.column_stack([np.arange(len(rows)), rows["value"]]).astype(float))
    over = np.where(shown["best"].to_numpy(), 14.0, 4.0)
    tops = every[shown.index] + np.column_stack([np.zeros(len(shown)), over])
    box = axes.get_window_extent()
    # No name lies on a bar or a star.
    half = max(0.5 * box.width / len(rows), 1.5)
    step = max(1, len(rows) // AS_SHAPE)
    foot_ = np.full(len(every), box.y0)
    bars = np.column_stack([every[:, 0] - half, foot_, every[:, 0] + half, every[:, 1]])[::step]
    stars = every[rows["best"].to_numpy()]
    starred = np.column_stack([stars[:, 0] - 5, stars[:, 1], stars[:, 0] + 5, stars[:, 1] + 14])
    bounds = (box.x0 + 2, box.y0 + 2, box.x1 - 2, box.y1)
    taken = np.vstack([bars, starred])
    point_labels.draw(axes, point_labels.place(tops, _names(shown), bounds=bounds, taken=taken))


def alt_text(rows: pd.DataFrame, *, caption: Caption, name: str) -> str:
    """Say in words what the chart shows."""
    count = words.count_of(len(rows), caption.kind)
    first = f"Bar chart of {caption.about}: {count} in order of value, {name} marked."
    if rows.empty:
        return f"{first} No figures are available."
    named = _names(rows[rows["best"]])
    peers = f" The best five peers are {words.series(named)}." if named else ""
    return (
        f"{first} {title(rows, caption=caption, name=name)}.{peers} The figures are in the comparison table."
    )


def drawn(rows: pd.DataFrame, *, caption: Caption, name: str) -> Drawn:
    """Draw the chart with its words; the title says which indicator it is of."""
    return Drawn(
        figure=peer_bars(rows, caption=caption, name=name),
        title=f"{caption.name}: {title(rows, caption=caption, name=name)}",
        alt=alt_text(rows, caption=caption, name=name),
        source=caption.source,
    )
