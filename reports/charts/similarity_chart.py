"""Peer similarity: one area and its peers on everything by which the peers were chosen."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style, words
from reports.charts.axis import beside, number_axis, segments
from reports.charts.frame import Caption, Drawn, Key, frame, rows_of, say_empty

ROW = 22.0  # points
LEFT, COLUMN = 262.0, 58.0
FEATURES = {
    "imd": "Deprivation (IMD score)",
    "population": "Registered people",
    "rural": "Rural",
    "coastal": "Coastal",
    "aged_18_39": "Aged 18 to 39",
    "aged_65_84": "Aged 65 to 84",
    "aged_85_plus": "Aged 85 and over",
    "white_other": "White other ethnic group",
    "mixed": "Mixed ethnic group",
    "asian": "Asian ethnic group",
    "black": "Black ethnic group",
    "other_ethnic": "Other ethnic group",
}
NOT_FEATURES = ("x", "y")  # places on a map
OWN = style.Mark(marker="o", colour=style.DARK_BLUE, size=8.0)
MEAN = style.Mark(marker="D", colour=style.DARK_GREY, size=6.0)
EACH: dict[str, Any] = {"linestyle": "none", "marker": "|", "markersize": 9.0, "markeredgewidth": 1.0,
                        "color": style.MID_GREY}  # fmt: skip
APART: dict[str, Any] = {"color": style.MID_BLUE, "linewidth": 2.2, "solid_capstyle": "butt"}
FAR = 25.0  # percentile points: further from its peers than a quarter of all areas


def similarity_rows(areas: pd.DataFrame, peers: pd.DataFrame, area: str) -> pd.DataFrame:
    """Rows of one area's similarity to its peers: one per feature, the furthest apart first.

    Parameters
    ----------
    areas
        area, name, kind, and a column of numbers for each feature.
    peers
        area and peer.
    area
        Its code.

    Returns
    -------
    DataFrame
        feature, name; value of the area and mean_peers in the feature's own unit; and as percentiles among all
        areas of the kind (0 lowest, 100 highest): at_area, at_peers (their mean), at_each (a tuple), apart.
    """
    columns = ["feature", "name", "value", "mean_peers", "at_area", "at_peers", "at_each", "apart"]
    own = areas[areas["area"] == area]
    chosen = peers.loc[peers["area"] == area, "peer"] if len(peers) else pd.Series(dtype=object)
    if own.empty or chosen.empty:
        return pd.DataFrame(columns=columns)
    alike = areas[areas["kind"] == own["kind"].iloc[0]].set_index("area")
    features = alike.select_dtypes("number").drop(columns=list(NOT_FEATURES), errors="ignore")
    features = features.loc[:, features.loc[area].notna() & (features.max() > features.min())]
    count = features.notna().sum()
    places = 100 * (features.rank() - 1) / (count - 1).clip(lower=1)
    group = [peer for peer in chosen if peer in features.index]
    table = pd.DataFrame(
        {
            "name": [FEATURES.get(name, words.sentence_case(name.replace("_", " "))) for name in features],
            "value": features.loc[area],
            "mean_peers": features.loc[group].mean(),
            "at_area": places.loc[area],
            "at_peers": places.loc[group].mean(),
            "at_each": [tuple(places.loc[group, name].dropna()) for name in features],
        },
        index=features.columns,
    )
    table["apart"] = (table["at_area"] - table["at_peers"]).abs()
    table = table[table["at_peers"].notna()].rename_axis("feature").reset_index()
    return table.sort_values(["apart", "feature"], ascending=[False, True], kind="stable")[
        columns
    ].reset_index(drop=True)


def title(rows: pd.DataFrame, name: str) -> str:
    """Say in which features the area is far from its peers."""
    if rows.empty:
        return f"{name} has no peers to be like"
    far = rows.loc[rows["apart"] > FAR, "name"].tolist()
    if not far:
        return f"{name} is close to its peers in all {words.count_of(len(rows), 'feature')}"
    said = words.series([_inside(one) for one in far[:3]])
    more = f" and {words.number(len(far) - 3)} more" if len(far) > 3 else ""
    of_all = f"{words.number(len(rows) - len(far))} of {words.count_of(len(rows), 'feature')}"
    return f"{name} is like its peers in {of_all}; further apart in {said}{more}"


def _inside(name: str) -> str:
    """Words of a feature inside a sentence; names of groups keep their capitals."""
    return name if name.split()[0] in ("White", "Asian", "Black", "Mixed") else name[:1].lower() + name[1:]


@style.context()
def similarity(rows: pd.DataFrame, *, caption: Caption) -> Figure:
    """Draw the dumbbells; ``rows`` as ``similarity_rows`` gives them, ``caption.name`` the area's name."""
    keys = [
        Key(style.shorten(style.plain(caption.name), style.BODY, 150), OWN.line),
        Key("Mean of its peers", MEAN.line),
        Key("Each peer", EACH),
    ]
    figure, axes = frame(
        title(rows, caption.name), _subtitle(caption), caption=caption, plot_height=ROW * (len(rows) + 1.0),
        left=LEFT, right=24.0, keys=keys,
    )  # fmt: skip
    if rows.empty:
        say_empty(axes)
        return figure
    axes.set_xlim(-3, 103)
    axes.set_ylim(len(rows) - 0.4, -1.2)
    kind = words.kind_name(caption.kind, 2)
    number_axis(axes, "x", ticks=5, title=f"Place among all {kind}: 0 the lowest, 100 the highest")
    _draw(axes, rows)
    _write(axes, rows)
    return figure


def _subtitle(caption: Caption) -> str:
    return ", ".join(filter(None, (f"{caption.name} and its peers", caption.period)))


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    place = np.arange(len(rows), dtype=float)
    own, peers = (rows[name].to_numpy(dtype=float) for name in ("at_area", "at_peers"))
    each = rows["at_each"].tolist()
    axes.plot(
        np.concatenate(each), np.repeat(place, [len(one) for one in each]), zorder=1, label="each", **EACH
    )
    axes.plot(*segments(own, peers, place), zorder=2, label="apart", **APART)
    axes.plot(peers, place, zorder=3, label="peers", **MEAN.line)
    axes.plot(own, place, zorder=4, label="own", **OWN.line)


def _write(axes: Axes, rows: pd.DataFrame) -> None:
    names, own, peers = (
        beside(axes, left=-LEFT + 14), beside(axes, left=-COLUMN - 14), beside(axes, left=-12),
    )  # fmt: skip
    look: dict[str, Any] = {"fontsize": style.SMALL, "va": "center"}
    faint: dict[str, Any] = look | {"color": style.DARK_GREY, "ha": "right"}
    axes.text(0, -0.9, "This area", transform=own, **faint)
    axes.text(0, -0.9, "Peers", transform=peers, **faint)
    for y, row in enumerate(rows_of(rows)):
        said = _figures(row)
        said_name = style.shorten(style.plain(row.name), style.SMALL, LEFT - 2 * COLUMN - 30)
        axes.text(0, y, said_name, transform=names, **look)
        axes.text(0, y, said[0], transform=own, ha="right", **look)
        axes.text(0, y, said[1], transform=peers, **faint)


def _figures(row: Any) -> tuple[str, str]:
    """Value of the area and mean of its peers; shares are fractions in the areas table."""
    share = 0 <= row.value <= 1 and 0 <= row.mean_peers <= 1
    written = words.percent if share else words.number
    return written(row.value), written(row.mean_peers)


def alt_text(rows: pd.DataFrame, *, caption: Caption) -> str:
    """Say in words what the chart shows."""
    every = words.kind_name(caption.kind, 2)
    first = f"Dumbbell chart of {_subtitle(caption)}: its place among all {every} beside theirs."
    if rows.empty:
        return f"{first} {title(rows, caption.name)}."
    furthest = rows.iloc[0]
    own, peers = _figures(furthest)
    gap = f"Furthest apart is {_inside(str(furthest['name']))}: {own} against a mean of {peers}"
    return f"{first} {title(rows, caption.name)}. {gap}. The figures are in the areas and peers tables."


def drawn(rows: pd.DataFrame, *, caption: Caption) -> Drawn:
    """Draw the chart with its words."""
    return Drawn(
        figure=similarity(rows, caption=caption),
        title=title(rows, caption.name),
        alt=alt_text(rows, caption=caption),
        source=caption.source,
    )
