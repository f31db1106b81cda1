"""Opportunity bars: the indicators with most to gain, how sure that is, and what chance alone would give."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style, words
from reports.charts.frame import WIDTH, Caption, Drawn, Key, frame, say_empty

ROW = 26.0  # points: two lines of a name
HEADING = 1.1  # rows left free above the bars for the headings of the columns
LEFT, COLUMN = 186.0, 62.0
TOP = 12  # bars; more do not fit beside a headline

BAR = style.MID_BLUE
INTERVAL: dict[str, Any] = {"color": style.INK, "linewidth": 1.6, "solid_capstyle": "butt"}
CHANCE: dict[str, Any] = {
    "linestyle": "none",
    "marker": "|",
    "markersize": 15.0,
    "markeredgewidth": 2.0,
    "color": style.ORANGE,
}
# Orange on the bar's blue is under 3:1; a white edge keeps them apart.
CHANCE_EDGE = CHANCE | {"markersize": 16.0, "markeredgewidth": 4.0, "color": "white"}


def largest(league: pd.DataFrame, top: int = TOP) -> pd.DataFrame:
    """Rows that have an opportunity with a price, the largest first."""
    amount = league["value_gbp"].astype(float)
    order = league.assign(value_gbp=amount).sort_values(
        ["value_gbp", "indicator"], ascending=[False, True], kind="stable"
    )
    return order[order["value_gbp"] > 0].head(top).reset_index(drop=True)


def title(league: pd.DataFrame) -> str:
    """Say which opportunity is the largest, how large and how sure."""
    bars = largest(league, len(league))
    if bars.empty:
        return "No opportunity with a price has been sized"
    first = bars.iloc[0]
    name = words.text(first["name"], str(first["indicator"]))
    among = f"the largest of {len(bars)}" if len(bars) > 1 else "the only one"
    return f"{name} is {among}: {words.pounds(first['value_gbp'])}{_interval(first)}"


def _interval(row: "pd.Series[Any]") -> str:
    if words.is_missing(row["p10"]) or words.is_missing(row["p90"]):
        return ""
    return f" (80% interval {words.pounds(row['p10'])} to {words.pounds(row['p90'])})"


@style.context()
def opportunity(league: pd.DataFrame, *, caption: Caption, beside: str = "", top: int = TOP) -> Figure:
    """Draw the largest opportunities.

    Parameters
    ----------
    league
        One row per indicator: indicator, name, value_gbp, p10, p90, chance_floor_gbp; and, where another
        rule stands beside, beside_gbp and beside_floor_gbp. £; NaN where there is none.
    caption
        The words; its name says by which rule and against whom.
    beside
        What the other rule is called; empty for none.
    top
        Most bars drawn.
    """
    bars = largest(league, top)
    figure, axes = frame(
        title(league),
        caption.about,
        caption=caption,
        plot_height=ROW * (max(len(bars), 1) + HEADING),
        left=LEFT,
        right=2 * COLUMN + 14 if beside else 24.0,
        bottom=8.0,
        keys=_keys(bars),
    )
    axes.set_axis_off()
    if bars.empty:
        say_empty(axes)
        return figure
    _draw_bars(axes, bars)
    _name_bars(axes, bars)
    if beside:
        _draw_columns(axes, bars, beside)
    return figure


def _keys(bars: pd.DataFrame) -> list[Key]:
    keys = [Key("Opportunity", {"color": BAR, "linewidth": 8, "solid_capstyle": "butt"}, long=True)]
    if bars[["p10", "p90"]].notna().all(axis=1).any():
        keys.append(Key("80% interval", INTERVAL, long=True))
    if bars["chance_floor_gbp"].notna().any():
        keys.append(Key("What chance alone would give by the same rule", CHANCE))
    return keys


def _draw_bars(axes: Axes, bars: pd.DataFrame) -> None:
    import seaborn as sns  # takes a second to import: the other charts do without

    place = np.arange(len(bars))
    value, low, high, chance = (
        bars[column].to_numpy(dtype=float, na_value=np.nan)
        for column in ("value_gbp", "p10", "p90", "chance_floor_gbp")
    )
    sns.barplot(
        x=value,
        y=place,
        orient="y",
        native_scale=True,
        width=0.55,
        color=BAR,
        saturation=1,
        errorbar=None,
        ax=axes,
    )
    axes.hlines(place, low, high, zorder=3, color=INTERVAL["color"], linewidth=INTERVAL["linewidth"])
    for look in (CHANCE_EDGE, CHANCE):
        axes.plot(chance, place, zorder=4, **look)
    ends = np.fmax(np.fmax(value, high), chance)
    axes.set_xlim(0, float(ends.max()) * 1.02)
    axes.set_ylim(len(bars) - 0.5, -0.5 - HEADING)
    axes.axvline(0, color=style.MID_GREY, linewidth=0.8, ymax=len(bars) / (len(bars) + HEADING))
    room = axes.get_position().width * WIDTH
    widest = max(style.text_width(words.pounds(amount), style.BODY, bold=True) for amount in value)
    axes.set_xlim(0, float(ends.max()) * room / (room - widest - 12))
    for y, end, amount in zip(place, ends, value, strict=True):
        axes.annotate(
            words.pounds(amount), (end, y), xytext=(6, 0), textcoords="offset points", va="center",
            weight="bold",
        )  # fmt: skip


def _name_bars(axes: Axes, bars: pd.DataFrame) -> None:
    names = (words.text(name, code) for name, code in zip(bars["name"], bars["indicator"], strict=True))
    for y, name in enumerate(names):
        lines = style.wrap(style.plain(name), style.BODY, LEFT - 24, lines=2)
        axes.annotate(
            "\n".join(lines), (0, y), xytext=(-8, 0), textcoords="offset points", va="center", ha="right",
            linespacing=1.05,
        )  # fmt: skip


def _draw_columns(axes: Axes, bars: pd.DataFrame, beside: str) -> None:
    """Write at the right what the other rule would say, and chance alone by it."""
    headings = ((beside, "beside_gbp"), ("of it by chance", "beside_floor_gbp"))
    for column, (heading, source) in enumerate(headings, start=1):
        # Points right of the axes' edge, so that the columns stand still whatever the bars' scale is.
        options: dict[str, Any] = {
            "xytext": (column * COLUMN, 0), "textcoords": "offset points", "ha": "right", "va": "center",
            "color": style.DARK_GREY,
        }  # fmt: skip
        where = ("axes fraction", "data")
        lines = "\n".join(style.wrap(heading, style.SMALL, COLUMN - 6, lines=2))
        axes.annotate(lines, (1.0, -HEADING), xycoords=where, fontsize=style.SMALL, **options)
        for y, amount in enumerate(bars[source]):
            written = "–" if words.is_missing(amount) else words.pounds(amount)
            axes.annotate(written, (1.0, y), xycoords=where, **options)


def alt_text(league: pd.DataFrame, *, caption: Caption, beside: str = "", top: int = TOP) -> str:
    """Say in words what the chart shows."""
    bars = largest(league, top)
    first = f"Bar chart of {caption.about}: the {words.count_of(len(bars), 'indicator')} with most to gain."
    if bars.empty:
        return f"Bar chart of {caption.about}. No opportunity with a price has been sized."
    others = [
        f"{words.text(name, code)} {words.pounds(amount)}"
        for name, code, amount in zip(bars["name"], bars["indicator"], bars["value_gbp"], strict=True)
    ][1:3]
    then = f"; then {words.series(others)}" if others else ""
    rule = ""
    if beside and not words.is_missing(bars["beside_gbp"].iloc[0]):
        rule = f" For the first, {beside} would say {words.pounds(bars['beside_gbp'].iloc[0])}"
        floor = bars["beside_floor_gbp"].iloc[0]
        rule += (
            "." if words.is_missing(floor) else f", of which {words.pounds(floor)} is what chance would give."
        )
    return f"{first} {title(league)}{then}.{rule} The figures are in the opportunity table."


def drawn(league: pd.DataFrame, *, caption: Caption, beside: str = "", top: int = TOP) -> Drawn:
    """Draw the chart with its words."""
    return Drawn(
        figure=opportunity(league, caption=caption, beside=beside, top=top),
        title=title(league),
        alt=alt_text(league, caption=caption, beside=beside, top=top),
        source=caption.source,
    )
