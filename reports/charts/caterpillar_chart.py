"""Caterpillar chart: areas in the order of their value, each with its interval, against its peers."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style, words
from reports.charts import point_labels
from reports.charts.axis import foot, number_axis, segments, write_ticks
from reports.charts.frame import NARROW, Caption, Drawn, Key, finding, frame, mark_keys, say_empty
from reports.charts.marks import draw_marks
from reports.flags import BEYOND_CHANCE

HEIGHT = 230.0
ROW = 15.0  # points a named row takes
NAMED = 30  # areas up to which each has a row with its name
LEFT, NAMES = 52.0, 150.0
LABELS = 8
# Areas above which an interval is thinner than a pixel: a band from limit to limit says the same.
AS_BAND = 600
INTERVAL: dict[str, Any] = {"color": style.MID_GREY, "linewidth": 0.9}
PEERS: dict[str, Any] = {
    "linestyle": "none",
    "marker": "|",
    "markersize": 7.0,
    "markeredgewidth": 1.4,
    "color": style.INK,
}

title = finding


@style.context()
def caterpillar(
    comparison: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan"), labels: int = LABELS
) -> Figure:
    """Draw the areas of one indicator in the order of their value.

    Parameters
    ----------
    comparison
        Rows of the comparison table of one indicator, period and kind of area, with each area's ``name``;
        areas without a value are left out.
    caption
        The words.
    flags_expected
        Areas that chance alone would flag in the bad direction; NaN where not known.
    labels
        Most names drawn where there are more areas than rows with names (30).
    """
    shown = _shown(comparison)
    named = 0 < len(shown) <= NAMED
    keys = [
        *mark_keys(shown["significance"], caption.polarity),
        Key("95% interval", INTERVAL, long=True),
        Key("Mean of its peers", PEERS | ({} if named else {"marker": "_"})),
    ]
    figure, axes = frame(
        title(comparison, caption=caption, flags_expected=flags_expected),
        caption.about,
        caption=caption,
        plot_height=ROW * len(shown) + 8 if named else HEIGHT,
        left=NAMES if named else LEFT,
        keys=keys,
        width=NARROW,
    )
    if shown.empty:
        say_empty(axes)
    elif named:
        _draw_rows(axes, shown, caption)
    else:
        _draw_columns(axes, shown, caption, labels)
    return figure


def _shown(comparison: pd.DataFrame) -> pd.DataFrame:
    """Rows that can be drawn, lowest value first."""
    numbers = ["value", "lower_95", "upper_95", "comparator_value", "funnel_target"]
    shown = comparison.assign(**{name: comparison[name].astype(float) for name in numbers})
    shown = shown[shown["value"].notna()]
    return shown.sort_values(["value", "area"], kind="stable").reset_index(drop=True)


def _names(shown: pd.DataFrame) -> list[str]:
    return [words.text(name, code) for name, code in zip(shown["name"], shown["area"], strict=True)]


def _limits(shown: pd.DataFrame, caption: Caption) -> tuple[float, float]:
    """Ends of the axis of values: every interval, but not further than a wild one of a tiny area."""
    low = float(np.nanmin([shown["value"].min(), shown["lower_95"].quantile(0.02)]))
    high = float(np.nanmax([shown["value"].max(), shown["upper_95"].quantile(0.98)]))
    pad = 0.04 * (high - low) or abs(high) * 0.1 or 1.0
    low, high = low - pad, high + pad
    if shown["value"].min() >= 0:
        low = max(low, 0.0)
    if caption.unit.startswith("%") and shown["value"].max() <= 100:
        high = min(high, 101.0)
    return low, high


def _draw_rows(axes: Axes, shown: pd.DataFrame, caption: Caption) -> None:
    """One named row an area, highest at the top."""
    place = np.arange(len(shown), dtype=float)
    axes.plot(*segments(shown["lower_95"], shown["upper_95"], place), zorder=1, label="interval", **INTERVAL)
    axes.plot(shown["comparator_value"].to_numpy(), place, zorder=2, **PEERS)
    draw_marks(axes, shown["value"], place, style.known(shown["significance"]).to_numpy(), size=0.9)
    axes.set_xlim(*_limits(shown, caption))
    axes.set_ylim(-0.7, len(shown) - 0.3)
    number_axis(axes, "x", unit=caption.unit, title=caption.unit)
    names = [style.shorten(style.plain(name), style.SMALL, NAMES - 18) for name in _names(shown)]
    write_ticks(axes, "y", place, names, fontsize=style.SMALL)
    _target(axes, shown, vertical=True)


def _draw_columns(axes: Axes, shown: pd.DataFrame, caption: Caption, labels: int) -> None:
    """One column an area, lowest at the left; names of the most notable only."""
    place = np.arange(len(shown), dtype=float)
    many = len(shown) > AS_BAND
    if many:
        axes.fill_between(place, shown["lower_95"], shown["upper_95"], color=style.PALE_GREY, linewidth=0)
    else:
        width = float(np.clip(110 / len(shown), 0.4, 0.9))
        value, column = segments(shown["lower_95"], shown["upper_95"], place)
        axes.plot(column, value, zorder=1, label="interval", **(INTERVAL | {"linewidth": width}))
        axes.plot(place, shown["comparator_value"], zorder=2, **(PEERS | {"marker": "_", "markersize": 4.0}))
    shrink = float(np.clip((120 / len(shown)) ** 0.5, 0.3, 0.85))
    draw_marks(
        axes, place, shown["value"], style.known(shown["significance"]).to_numpy(), size=shrink, most=AS_BAND
    )
    axes.set_ylim(*_limits(shown, caption))
    axes.set_xlim(-1 - 0.01 * len(shown), len(shown) + 0.01 * len(shown))
    number_axis(axes, "y", unit=caption.unit)
    foot(axes, f"{words.count_of(len(shown), caption.kind)}, lowest to highest", gap=6.0)
    _target(axes, shown, vertical=False)
    _name_notable(axes, shown, place, labels)


def _target(axes: Axes, shown: pd.DataFrame, *, vertical: bool) -> None:
    target = shown["funnel_target"].dropna()
    if len(target):
        line = axes.axvline if vertical else axes.axhline
        line(float(target.iloc[0]), color=style.DARK_GREY, linewidth=0.9, zorder=0.5)


def notable(shown: pd.DataFrame) -> pd.DataFrame:
    """Areas that differ from their peers beyond chance, the surest first."""
    flagged = shown[shown["significance"].isin(BEYOND_CHANCE)]
    return flagged.assign(sure=flagged["z"].astype(float).abs()).sort_values(
        ["sure", "area"], ascending=[False, True], kind="stable"
    )


def _name_notable(axes: Axes, shown: pd.DataFrame, place: "np.ndarray[Any, Any]", labels: int) -> None:
    found = notable(shown).head(labels)
    if found.empty:
        return
    to_points = axes.transData.transform
    # An interval is as much in the way of a name as its mark is; a pale band is not.
    low, high = axes.get_ylim()
    ends = ("value", "value") if len(shown) > AS_BAND else ("lower_95", "upper_95")
    bottoms, tops = (
        to_points(np.column_stack([place, shown[end].fillna(shown["value"].mean()).clip(low, high)]))
        for end in ends
    )
    taken = np.hstack([bottoms - 1.0, tops + 1.0])
    points = to_points(np.column_stack([place[found.index], shown.loc[found.index, "value"]]))
    box = axes.get_window_extent()
    bounds = (box.x0 + 2, box.y0 + 2, box.x1 - 2, box.y1)
    placed = point_labels.place(
        points, _names(found), bounds=bounds, taken=taken, places=point_labels.TALL_PLACES
    )
    point_labels.draw(axes, placed)


def alt_text(comparison: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan")) -> str:
    """Say in words what the chart shows."""
    shown = _shown(comparison)
    first = (
        f"Caterpillar chart of {caption.about}: {words.count_of(len(shown), caption.kind)} in order of value."
    )
    if shown.empty:
        return f"{first} No figures are available."
    names, value = _names(shown), shown["value"]
    span = (
        f"Values run from {words.value_with_unit(value.iloc[0], caption.unit)} ({names[0]})"
        f" to {words.value_with_unit(value.iloc[-1], caption.unit)} ({names[-1]})"
    )
    said = title(comparison, caption=caption, flags_expected=flags_expected)
    return f"{first} {said}. {span}. The figures are in the comparison table."


def drawn(
    comparison: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan"), inside: str = ""
) -> Drawn:
    """Draw the chart with its words; the title says which indicator it is of, and ``inside`` what the areas are."""
    of = f"{caption.name}, {inside}" if inside else caption.name
    return Drawn(
        figure=caterpillar(comparison, caption=caption, flags_expected=flags_expected),
        title=f"{of}: {title(comparison, caption=caption, flags_expected=flags_expected)}",
        alt=alt_text(comparison, caption=caption, flags_expected=flags_expected),
        source=caption.source,
    )
