"""Completeness grid: indicators down, periods across, in each cell the share of open areas that have a figure."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports import style, words
from reports.charts.frame import WIDTH, Caption, Drawn, Key, frame, say_empty

ROW = 15.0  # points
LEFT, RIGHT, HEADING = 226.0, 18.0, 20.0
ROWS, PERIODS = 40, 24  # a page's worth: the least complete indicators, the latest periods
LETTERS = 23.0  # points of a column below which no figure fits into a cell

# From the fullest down: name, the least share of areas, colour of the cell and of the figure in it. The darker the
# cell, the more is missing.
CLASSES = (
    ("all of them", 1.0, style.FAINT_GREY, style.INK),
    ("95% or more", 0.95, style.LIGHT_BLUE, style.INK),
    ("80% or more", 0.80, style.MID_BLUE, "white"),
    ("below 80%", 1e-9, style.DARK_BLUE, "white"),
    ("none", 0.0, "white", style.INK),
)


def grid(completeness: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Share of areas by indicator and period, the least complete indicators first.

    Parameters
    ----------
    completeness
        indicator, period, share (a fraction); the periods of each indicator in the order of time.
    catalogue
        indicator, name.

    Returns
    -------
    DataFrame
        Index: names; columns: periods in the order of time; 0 where an indicator has no figure in a period that
        others have. Only indicators that lack an area in some period.
    """
    periods = _in_order(completeness)
    wide = _shares(completeness).reindex(columns=periods)
    names = catalogue.drop_duplicates("indicator").set_index("indicator")["name"]
    order = {code: place for place, code in enumerate(names.index)}
    wide = wide.assign(_mean=wide.mean(axis=1), _order=[order.get(code, len(order)) for code in wide.index])
    wide = wide.sort_values(["_mean", "_order"], kind="stable").drop(columns=["_mean", "_order"])
    chosen = wide[(wide < 1).any(axis=1)]
    chosen.index = pd.Index([words.text(names.get(code), str(code)) for code in chosen.index])
    return chosen


def is_lacking(completeness: pd.DataFrame) -> bool:
    """Tell whether an indicator lacks a figure that the grid would show."""
    return bool(len(completeness) and (_shares(completeness) < 1).any(axis=None))


def _shares(completeness: pd.DataFrame) -> pd.DataFrame:
    """Shares of indicators (down) by period (across); 0 where there is no figure."""
    wide = completeness.pivot_table(index="indicator", columns="period", values="share", aggfunc="first")
    return wide.astype(float).fillna(0.0)


def _in_order(completeness: pd.DataFrame) -> list[str]:
    """Periods in the order of time: that of the indicators which have most of them, merged."""
    series = completeness.groupby("indicator", sort=False)["period"].agg(list)
    ordered: list[str] = []
    for texts in sorted(series, key=len, reverse=True):
        place = 0
        for text in texts:
            if text in ordered:
                place = ordered.index(text) + 1
            else:
                ordered.insert(place, text)
                place += 1
    return ordered


def title(completeness: pd.DataFrame) -> str:
    """Say how many indicators lack areas.

    >>> title(pd.DataFrame({"indicator": ["A", "B"], "period": ["2016", "2016"], "share": [1.0, 0.5]}))
    '1 of 2 indicators lacks figures of some open areas'
    """
    if completeness.empty:
        return "No indicator has a figure"
    wide = _shares(completeness)
    lacking = int((wide < 1).any(axis=1).sum())
    number = words.count_of(len(wide), "indicator")
    if not lacking:
        return f"{number}: every area has a figure in every period it was open"
    return f"{words.number(lacking)} of {number} {'lacks' if lacking == 1 else 'lack'} figures of some open areas"


@style.context()
def completeness(completeness: pd.DataFrame, catalogue: pd.DataFrame, *, caption: Caption) -> Figure:
    """Draw the grid: a row for each of the least complete indicators."""
    shown = _shown(grid(completeness, catalogue)) if len(completeness) else pd.DataFrame()
    figure, axes = frame(
        title(completeness),
        _about(completeness, catalogue, caption),
        caption=caption,
        plot_height=HEADING + ROW * max(len(shown), 1),
        left=LEFT,
        right=RIGHT,
        bottom=8.0,
        keys=_keys(shown),
    )
    axes.set_axis_off()
    if shown.empty:
        say_empty(axes, "Nothing is missing" if len(completeness) else "No figures")
        return figure
    axes.set_xlim(0, len(shown.columns))
    axes.set_ylim(len(shown), -HEADING / ROW)
    _draw_cells(axes, shown)
    _write_edges(axes, shown)
    return figure


def _shown(whole: pd.DataFrame) -> pd.DataFrame:
    return whole.iloc[:ROWS, -PERIODS:]


def _about(completeness: pd.DataFrame, catalogue: pd.DataFrame, caption: Caption) -> str:
    """Say what the cells are, and what is not drawn."""
    parts = [caption.about]
    if len(completeness):
        whole = grid(completeness, catalogue)
        if len(whole) > ROWS:
            parts.append(f"the {ROWS} least complete of {len(whole):,} that lack any")
        if len(whole.columns) > PERIODS:
            parts.append(f"the latest {PERIODS} periods")
    return ", ".join(parts)


def _class(share: float) -> int:
    """Return the class of a share: its place in `CLASSES`."""
    return next(place for place, (_, least, _, _) in enumerate(CLASSES) if share >= least)


def _keys(shown: pd.DataFrame) -> list[Key]:
    """Entries of the key for the classes that are drawn, with their number of cells."""
    found = pd.Series(shown.to_numpy().ravel()).map(_class).value_counts()
    return [
        Key(
            f"{name.capitalize()} ({words.number(int(found[place]))})",
            {"linestyle": "none", "marker": "s", "markersize": 8.0, "markerfacecolor": colour,
             "markeredgecolor": style.MID_GREY, "markeredgewidth": 0.6},
        )
        for place, (name, _, colour, _) in enumerate(CLASSES)
        if place in found
    ]  # fmt: skip


def _draw_cells(axes: Axes, shown: pd.DataFrame) -> None:
    wide = (WIDTH - LEFT - RIGHT) / len(shown.columns)
    for (row, column), share in np.ndenumerate(shown.to_numpy()):
        _, _, colour, ink = CLASSES[_class(share)]
        axes.add_patch(
            Rectangle(
                (column + 0.03, row + 0.06), 0.94, 0.88, facecolor=colour, edgecolor=style.MID_GREY, lw=0.4
            )
        )
        if share < 1 and wide >= LETTERS:
            said = _percent(share)
            axes.text(
                column + 0.5, row + 0.5, said, ha="center", va="center", color=ink, fontsize=style.SMALL
            )


def _percent(share: float) -> str:
    """Whole per cent, never rounded up to all nor down to none."""
    return "0" if share == 0 else f"{max(1, math.floor(share * 100))}"


def _write_edges(axes: Axes, shown: pd.DataFrame) -> None:
    wide = (WIDTH - LEFT - RIGHT) / len(shown.columns)
    widest = max(style.text_width(period, style.SMALL) for period in shown.columns) + 8
    step = max(1, math.ceil(widest / wide))
    last = len(shown.columns) - 1
    for column, period in enumerate(shown.columns):
        if (last - column) % step == 0:  # the latest always has its name
            axes.text(column + 0.5, -0.25, period, ha="center", va="bottom", fontsize=style.SMALL)
    for row, name in enumerate(shown.index):
        said = style.shorten(style.plain(name), style.SMALL, LEFT - 14 - 8)
        axes.annotate(
            said, (0, row + 0.5), xytext=(-6, 0), textcoords="offset points",
            ha="right", va="center", fontsize=style.SMALL,
        )  # fmt: skip


def alt_text(completeness: pd.DataFrame, catalogue: pd.DataFrame, *, caption: Caption) -> str:
    """Say in words what the grid shows."""
    first = f"Grid of {caption.about}: a cell for each indicator and period. {title(completeness)}."
    if completeness.empty:
        return first
    whole = grid(completeness, catalogue)
    lowest = whole.min(axis=1).sort_values(kind="stable")
    least = [
        f"{name} ({_percent(share)}% in {whole.loc[[name]].iloc[0].idxmin()})"
        for name, share in lowest[lowest < 1].head(3).items()
    ]
    worst = f" The least complete: {words.series(least)}." if least else ""
    return f"{first}{worst} The figures are in the completeness table."


def drawn(table: pd.DataFrame, catalogue: pd.DataFrame, *, caption: Caption) -> Drawn:
    """Draw the chart with its words."""
    return Drawn(
        figure=completeness(table, catalogue, caption=caption),
        title=title(table),
        alt=alt_text(table, catalogue, caption=caption),
        source=caption.source,
    )
