"""XmR chart: one area's own figures over time, the limits of its process, and what breaks a rule."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style, words
from reports.charts.axis import number_axis, period_axis
from reports.charts.frame import LOW, SMALL, Caption, Drawn, Key, frame, say_empty
from reports.charts.line_ends import LineEnd, name_ends
from reports.charts.marks import draw_marks

LEFT, RIGHT = 56.0, 116.0
MEAN: dict[str, Any] = {"color": style.DARK_GREY, "linewidth": 1.1}
LIMIT: dict[str, Any] = {"color": style.DARK_GREY, "linewidth": 1.1, "linestyle": (0, (5, 2.5))}
SERIES: dict[str, Any] = {"color": style.MID_GREY, "linewidth": 1.2}
# Special causes by direction, as the marks of significance; the rest of the process is common cause.
CAUSES = {
    "better": "Special cause: improvement",
    "worse": "Special cause: concern",
    "higher": "Special cause: higher",
    "lower": "Special cause: lower",
    "similar": "Common cause",
}
OUTSIDE = "outside the limits"
NONE = "none"


def xmr_rows(comparison: pd.DataFrame, trend: pd.DataFrame, indicator: str, area: str) -> pd.DataFrame:
    """Points of one area's series, the earliest period first.

    Parameters
    ----------
    comparison
        Rows of every period.
    trend
        One row per indicator and area, with process_mean, process_lower, process_upper, trial_limits and
        special_cause: the rules that the latest period breaks.
    indicator, area
        Codes.

    Returns
    -------
    DataFrame
        period, value, mean, lower, upper, trial and rule: which rule the point breaks, empty where none. All
        rules are told of the latest point; of earlier ones whether they lie outside the limits.
    """
    own = comparison[(comparison["indicator"] == indicator) & (comparison["area"] == area)]
    found = trend[(trend["indicator"] == indicator) & (trend["area"] == area)] if len(trend) else trend
    points = own[["period", "value"]].assign(value=own["value"].astype(float))
    points = points.sort_values("period", kind="stable").reset_index(drop=True)
    if found.empty:
        return points.assign(mean=np.nan, lower=np.nan, upper=np.nan, trial=False, rule="").iloc[:0]
    one = found.iloc[0]
    points = points.assign(
        mean=float(one["process_mean"]),
        lower=float(one["process_lower"]),
        upper=float(one["process_upper"]),
        trial=bool(one["trial_limits"]),
    )
    outside = (points["value"] < points["lower"]) | (points["value"] > points["upper"])
    points["rule"] = np.where(outside, OUTSIDE, "")
    latest = words.text(one["special_cause"], NONE)
    known = points["value"].notna() & (points["period"].astype(str) == str(one["last_period"]))
    points.loc[known, "rule"] = "" if latest == NONE else latest
    return points


def cause(rows: pd.DataFrame, polarity: str) -> pd.Series:
    """Mark of each point: similar for common cause, else the direction in which it breaks a rule."""
    high = (rows["value"] >= rows["mean"]).to_numpy()
    up, down = {"low": ("worse", "better"), "high": ("better", "worse")}.get(polarity, ("higher", "lower"))
    said = np.where(rows["rule"].to_numpy() == "", "similar", np.where(high, up, down))
    return pd.Series(said, index=rows.index)


def title(rows: pd.DataFrame, *, caption: Caption) -> str:
    """Say whether the latest figure is of a kind with those before it."""
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return "There are too few periods to follow"
    latest = shown.iloc[-1]
    figure = words.value_with_unit(latest["value"], caption.unit)
    mean = words.bare_value(latest["mean"], caption.unit)
    if latest["rule"] == "":
        return f"{figure} in {latest['period']} lies within the usual range of this area's own figures (mean {mean})"
    return f"{figure} in {latest['period']} is a special cause ({latest['rule']}; mean {mean})"


@style.context()
def xmr(rows: pd.DataFrame, *, caption: Caption) -> Figure:
    """Draw one series; ``rows`` as ``xmr_rows`` gives them, ``caption.name`` the indicator and the area."""
    shown = rows[rows["value"].notna()]
    causes = cause(shown, caption.polarity)
    keys = [
        Key(f"{said} ({words.number(int((causes == name).sum()), 0)})", style.mark(name).line)
        for name, said in CAUSES.items()
        if (causes == name).any()
    ]
    figure, axes = frame(
        title(rows, caption=caption), caption.about, caption=caption, plot_height=LOW, left=LEFT, right=RIGHT,
        keys=keys, width=SMALL,
    )  # fmt: skip
    if shown.empty:
        say_empty(axes)
        return figure
    _scale(axes, rows, caption)
    _draw(axes, rows, caption)
    _name_lines(axes, shown, caption)
    return figure


def _scale(axes: Axes, rows: pd.DataFrame, caption: Caption) -> None:
    ends = rows[["value", "lower", "upper"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    pad = 0.12 * (high - low) or abs(high) * 0.1 or 1.0
    axes.set_ylim(low - pad, high + pad)
    axes.set_xlim(-0.4, len(rows) - 0.6)
    number_axis(axes, "y", unit=caption.unit)
    period_axis(axes, rows["period"].tolist())


def _draw(axes: Axes, rows: pd.DataFrame, caption: Caption) -> None:
    place = np.arange(len(rows), dtype=float)
    value = rows["value"].to_numpy(dtype=float)
    for column, look in (("mean", MEAN), ("lower", LIMIT), ("upper", LIMIT)):
        level = float(rows[column].iloc[-1])
        if np.isfinite(level):
            axes.axhline(level, zorder=1, label=column, **look)
    axes.plot(place, value, zorder=2, label="series", **SERIES)
    draw_marks(axes, place, value, cause(rows, caption.polarity).to_numpy())


def _name_lines(axes: Axes, shown: pd.DataFrame, caption: Caption) -> None:
    """Write at the right what each line is, and its level."""
    last = shown.iloc[-1]
    trial = "Trial limit" if last["trial"] else "Limit"
    ends = [
        LineEnd(float(last[column]), f"{said} {words.bare_value(last[column], caption.unit)}")
        for column, said in (("upper", trial), ("mean", "Mean"), ("lower", trial))
        if np.isfinite(last[column])
    ]
    name_ends(axes, ends, room=RIGHT - 8)


def alt_text(rows: pd.DataFrame, *, caption: Caption) -> str:
    """Say in words what the chart shows."""
    first = f"XmR control chart of {caption.about}."
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return f"{first} {title(rows, caption=caption)}."
    start, end, breaking = shown.iloc[0], shown.iloc[-1], int((shown["rule"] != "").sum())
    span = (
        f"{words.count_of(len(shown), 'period')} from {words.value_with_unit(start['value'], caption.unit)}"
        f" ({start['period']}) to {words.value_with_unit(end['value'], caption.unit)} ({end['period']})"
    )
    limits = "trial limits" if end["trial"] else "limits"
    count = words.number(breaking) if breaking else "none"
    return (
        f"{first} {title(rows, caption=caption)}. It shows {span}, {count} of them a special cause by the {limits} of"
        " the area's own process. The figures are in the comparison and trend tables."
    )


def drawn(rows: pd.DataFrame, *, caption: Caption) -> Drawn:
    """Draw the chart with its words; the title says which indicator it is of."""
    return Drawn(
        figure=xmr(rows, caption=caption),
        title=f"{caption.name}: {title(rows, caption=caption)}",
        alt=alt_text(rows, caption=caption),
        source=caption.source,
    )
