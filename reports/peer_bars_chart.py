"""Peer bars: every area's value in order, one area filled, its peers outlined, the best five of them marked."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import chart_labels, style, words
from reports.chart_axis import foot, number_axis
from reports.chart_frame import HEIGHT, Caption, Key, frame

LEFT, RIGHT = 56.0, 24.0
# Areas above which the rest are drawn as one shape: a bar would be thinner than a pixel.
AS_SHAPE = 400
BEST = 5
OWN: dict[str, Any] = {"facecolor": style.DARK_BLUE, "edgecolor": style.DARK_BLUE}
PEER: dict[str, Any] = {"facecolor": "white", "edgecolor": style.DARK_BLUE}
REST: dict[str, Any] = {"facecolor": style.PALE_GREY, "edgecolor": style.PALE_GREY}
STAR: dict[str, Any] = {"linestyle": "none", "marker": "*", "markersize": 9.0, "markerfacecolor": style.ORANGE,
                        "markeredgecolor": style.INK, "markeredgewidth": 0.5}  # fmt: skip
MEAN: dict[str, Any] = {"color": style.INK, "linewidth": 1.2, "linestyle": (0, (5, 2.5))}
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
        area, name, value, role (own, peer, rest) and best (of the best five peers); best_value on every row: the
        simple mean of those five, NaN where none are marked.
    """
    rows = comparison[["area", "name", "value"]].assign(value=comparison["value"].astype(float))
    rows = rows[rows["value"].notna()].sort_values(["value", "area"], kind="stable").reset_index(drop=True)
    chosen = rows["area"].isin(list(peers)) if len(peers) else rows["area"] != area
    rows["role"] = np.where(rows["area"] == area, "own", np.where(chosen, "peer", "rest"))
    found = rows[rows["role"] == "peer"]
    best = (
        found.head(BEST) if polarity == "low" else found.tail(BEST) if polarity == "high" else found.iloc[:0]
    )
    return rows.assign(
        best=rows.index.isin(best.index), best_value=best["value"].mean() if len(best) else np.nan
    )


def title(rows: pd.DataFrame, *, caption: Caption, name: str) -> str:
    """Say where the area stands among its peers and how far from their best."""
    own, peers = rows[rows["role"] == "own"], rows[rows["role"] == "peer"]
    if own.empty or peers.empty:
        return f"{name} has no figure to hold against peers"
    value = float(own["value"].iloc[0])
    above = int((peers["value"] < value).sum())
    said = f"{name} is higher than {words.number(above)} of its {words.count_of(len(peers), 'peer')}"
    best = float(rows["best_value"].iloc[0])
    if np.isnan(best):
        return said
    unit = caption.unit
    figures = (
        f"{words.bare_value(value, unit)}, the best five peers {words.bare_value(best, unit)} on average"
    )
    return f"{said}: {figures}"


@style.context()
def peer_bars(rows: pd.DataFrame, *, caption: Caption, name: str) -> Figure:
    """Draw the bars; ``rows`` as ``peer_bar_rows`` gives them, ``name`` the area's."""
    marked = rows[rows["role"] != "rest"]
    figure, axes = frame(
        title(rows, caption=caption, name=name), caption.about, caption=caption, plot_height=HEIGHT, left=LEFT,
        right=RIGHT, keys=_keys(rows, name),
    )  # fmt: skip
    if rows.empty:
        axes.text(0.5, 0.5, "No figures", transform=axes.transAxes, ha="center")
        axes.set_axis_off()
        return figure
    value = rows["value"].to_numpy()
    low, high = min(0.0, float(value.min())), max(0.0, float(value.max()))
    axes.set_ylim(low, (high + 0.14 * (high - low)) or 1.0)
    axes.set_xlim(-0.8, len(rows) - 0.2)
    number_axis(axes, "y", unit=caption.unit)
    foot(axes, f"{words.count_of(len(rows), caption.kind)}, lowest to highest", gap=6.0)
    _draw(axes, rows, marked)
    _name(axes, rows, marked)
    return figure


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
    if rows["best"].any():
        keys += [Key("Best five peers", STAR), Key("Their mean", MEAN, long=True)]
    return keys


def _draw(axes: Axes, rows: pd.DataFrame, marked: pd.DataFrame) -> None:
    value, place = rows["value"].to_numpy(), np.arange(len(rows), dtype=float)
    width = 0.8
    if len(rows) > AS_SHAPE:
        axes.fill_between(place, 0, value, step="mid", linewidth=0, color=REST["facecolor"], zorder=1)
        points = axes.get_window_extent().width / len(rows)
        width = max(NARROWEST / points, 0.8)
    else:
        rest = (rows["role"] == "rest").to_numpy()
        axes.bar(place[rest], value[rest], width=width, linewidth=0, zorder=1, label="rest", **REST)
    for role, look in (("peer", PEER), ("own", OWN)):
        own = marked[marked["role"] == role]
        axes.bar(own.index, own["value"], width=width, linewidth=1.0, zorder=2, label=role, **look)
    best = rows[rows["best"]]
    if len(best):
        high = axes.get_ylim()[1]
        axes.plot(best.index, best["value"] + 0.03 * high, zorder=3, label="best", **STAR)
        axes.axhline(float(rows["best_value"].iloc[0]), zorder=2.5, label="best mean", **MEAN)


def _name(axes: Axes, rows: pd.DataFrame, marked: pd.DataFrame) -> None:
    """Write the area's name above its bar, and its peers' where there is room."""
    shown = marked.iloc[
        np.argsort(marked["role"].eq("own").map({True: 0, False: 1}).to_numpy(), kind="stable")
    ]
    tops = axes.transData.transform(np.column_stack([shown.index, shown["value"]]).astype(float))
    tops = tops + np.where(shown["best"].to_numpy(), 14.0, 4.0)[:, None] * np.array([0.0, 1.0])
    every = axes.transData.transform(np.column_stack([np.arange(len(rows)), rows["value"]]).astype(float))
    box = axes.get_window_extent()
    # No name lies on a bar or a star.
    reach = max(0.5 * box.width / len(rows), 1.5)
    step = max(1, len(rows) // 400)
    bars = np.column_stack(
        [every[:, 0] - reach, np.full(len(every), box.y0), every[:, 0] + reach, every[:, 1]]
    )[::step]
    stars = axes.transData.transform(
        np.column_stack([marked.index[marked["best"]], marked["value"][marked["best"]]])
    )
    taken = np.vstack([bars, np.hstack([stars + [-5, 0], stars + [5, 14]])]) if len(stars) else bars
    names = [words.text(name, code) for name, code in zip(shown["name"], shown["area"], strict=True)]
    bounds = (box.x0 + 2, box.y0 + 2, box.x1 - 2, box.y1)
    chart_labels.draw(axes, chart_labels.place(tops, names, bounds=bounds, taken=taken))


def alt_text(rows: pd.DataFrame, *, caption: Caption, name: str) -> str:
    """Say in words what the chart shows."""
    first = f"Bar chart of {caption.about}: {words.count_of(len(rows), caption.kind)} in order of value, {name} marked."
    if rows.empty:
        return f"{first} No figures are available."
    best = [words.text(one, code) for one, code in zip(rows["name"], rows["area"], strict=True)]
    named = [said for said, is_best in zip(best, rows["best"], strict=True) if is_best]
    peers = f" The best five peers are {words.series(named)}." if named else ""
    return (
        f"{first} {title(rows, caption=caption, name=name)}.{peers} The figures are in the comparison table."
    )
