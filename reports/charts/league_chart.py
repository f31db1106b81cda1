"""Variation league: how much of the variation in each indicator is chance, case mix, or neither."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports import style, words
from reports.charts.axis import beside
from reports.charts.frame import Caption, Drawn, Key, frame, rows_of, say_empty

ROW = 17.0  # points
LEFT, RIGHT = 250.0, 24.0
TOP = 24  # indicators a page
# Words of the key, fill, edge and ink. Chance is hollow, as what is not significant is everywhere.
PARTS = {
    "share_unwarranted": ("Left: to ask about", style.DARK_BLUE, style.DARK_BLUE, "white"),
    "share_case_mix": ("Explained by case mix", style.MID_BLUE, style.MID_BLUE, "white"),
    "share_chance": ("Chance", "white", style.MID_GREY, style.INK),
}
NARROW = 0.09  # shares below which there is no room for a figure in the bar
PADDED = 0.005  # of the axis: a white line keeps neighbours apart


def league_rows(variation: pd.DataFrame, catalogue: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rows of the league, the most left to ask about first.

    Parameters
    ----------
    variation
        Rows of one period (of each indicator's latest).
    catalogue
        indicator, name, programme.
    kind
        Kind of area whose variation it is.

    Returns
    -------
    DataFrame
        indicator, name, programme, areas, and the three shares (fractions that sum to 1) of the indicators that
        have them.
    """
    own = variation[variation["kind"] == kind].drop_duplicates("indicator")
    shares = list(PARTS)
    rows = own[["indicator", "areas", *shares]].dropna(subset=shares)
    rows = rows.merge(catalogue[["indicator", "name", "programme"]], on="indicator")
    order = ["share_unwarranted", "share_case_mix", "indicator"]
    return rows.sort_values(order, ascending=[False, False, True], kind="stable").reset_index(drop=True)


def title(rows: pd.DataFrame) -> str:
    """Say in how many indicators neither chance nor case mix explains most of the variation."""
    if rows.empty:
        return "The variation of no indicator has been split"
    most = int((rows["share_unwarranted"] > 0.5).sum())
    chance = int((rows["share_chance"] > 0.5).sum())
    return (
        f"In {words.number(most)} of {words.count_of(len(rows), 'indicator')} neither chance nor case mix explains"
        f" most of the variation; in {words.number(chance)} most of it is chance"
    )


@style.context()
def league(rows: pd.DataFrame, *, caption: Caption, top: int = TOP) -> Figure:
    """Draw the ``top`` indicators; ``rows`` as ``league_rows`` gives them, the title is about all of them."""
    shown = rows.head(top)
    keys = [
        Key(
            said,
            {
                "linestyle": "none",
                "marker": "s",
                "markersize": 8.0,
                "markerfacecolor": fill,
                "markeredgecolor": edge,
            },
        )
        for said, fill, edge, _ in PARTS.values()
    ]
    figure, axes = frame(
        title(rows), _subtitle(rows, caption, top), caption=caption, plot_height=ROW * max(len(shown), 1) + 6,
        left=LEFT, right=RIGHT, bottom=8.0, keys=keys,
    )  # fmt: skip
    axes.set_axis_off()
    if shown.empty:
        say_empty(axes)
        return figure
    axes.set_xlim(0, 1)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    _draw(axes, shown)
    return figure


def _subtitle(rows: pd.DataFrame, caption: Caption, top: int) -> str:
    part = f"the {top} with the largest share left" if len(rows) > top else ""
    return ", ".join(filter(None, (caption.about, part)))


def _draw(axes: Axes, shown: pd.DataFrame) -> None:
    names = beside(axes, left=-10)
    small: dict[str, Any] = {"fontsize": style.SMALL, "va": "center"}
    for y, row in enumerate(rows_of(shown)):
        said = style.shorten(style.plain(words.text(row.name, row.indicator)), style.SMALL, LEFT - 26)
        axes.text(0, y, said, transform=names, ha="right", **small)
        start = 0.0
        for column, (_, fill, edge, ink) in PARTS.items():
            share = max(float(getattr(row, column)), 0.0)
            box = Rectangle((start, y - 0.34), max(share - PADDED, 0.0), 0.68)
            axes.add_patch(box)
            box.set(facecolor=fill, edgecolor=edge, linewidth=0.8 if share > PADDED else 0.0)
            if share >= NARROW:
                axes.text(start + share / 2, y, words.percent(share, 0), ha="center", color=ink, **small)
            start += share


def alt_text(rows: pd.DataFrame, *, caption: Caption, top: int = TOP) -> str:
    """Say in words what the chart shows."""
    first = f"Stacked bar chart of {caption.about}: the variation between areas split into three shares."
    if rows.empty:
        return f"{first} {title(rows)}."
    named = [
        f"{words.text(row.name, row.indicator)} ({words.percent(row.share_unwarranted, 0)})"
        for row in rows_of(rows.head(3))
    ]
    shown = min(len(rows), top)
    return (
        f"{first} {title(rows)}. The largest shares left, of the {words.number(shown)} shown, are in"
        f" {words.series(named)}. The figures are in the variation table."
    )


def drawn(rows: pd.DataFrame, *, caption: Caption) -> Drawn:
    """Draw the chart with its words."""
    return Drawn(
        figure=league(rows, caption=caption),
        title=title(rows),
        alt=alt_text(rows, caption=caption),
        source=caption.source,
    )
