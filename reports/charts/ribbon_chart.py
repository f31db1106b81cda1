"""Decile ribbon: one area over time on the spread of all areas, from the 10th percentile to the 90th."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style, words
from reports.charts.axis import number_axis, period_axis
from reports.charts.frame import LOW, SMALL, Caption, Drawn, Key, frame, mark_keys, say_empty
from reports.charts.line_ends import LineEnd, name_ends
from reports.charts.marks import draw_marks

LEFT, RIGHT = 56.0, 132.0
DECILES = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
COLUMNS = ["period", *(f"p{round(100 * part)}" for part in DECILES), "areas", "value", "significance"]
OUTER: dict[str, Any] = {"color": style.FAINT_GREY}
INNER: dict[str, Any] = {"color": style.PALE_GREY}
MEDIAN: dict[str, Any] = {"color": style.DARK_GREY, "linewidth": 1.1, "linestyle": (0, (5, 2.5))}
OWN: dict[str, Any] = {"color": style.DARK_BLUE, "linewidth": 1.6}


def ribbon_rows(comparison: pd.DataFrame, indicator: str, area: str, kind: str) -> pd.DataFrame:
    """Spread of all areas of a kind in each period, and one area's own value, the earliest period first.

    Parameters
    ----------
    comparison
        Rows of every period.
    indicator, area
        Codes; the area may be of another kind (all Dorset over its practices).
    kind
        Kind of the areas whose spread it is.

    Returns
    -------
    DataFrame
        period; p10, p25, p50, p75, p90 (unweighted, linear between areas); areas (with a value); value and
        significance of the area.
    """
    one = comparison[comparison["indicator"] == indicator]
    every = one[(one["kind"] == kind) & one["value"].notna()]
    if every.empty:
        return pd.DataFrame(
            columns=["period", *(f"p{int(100 * q)}" for q in DECILES), "areas", "value", "significance"]
        )
    grouped = every.assign(value=every["value"].astype(float)).groupby("period", sort=True, observed=True)[
        "value"
    ]
    parts = grouped.quantile(DECILES).unstack()  # noqa: PD010
    parts.columns = [f"p{round(100 * part)}" for part in DECILES]
    own = one[one["area"] == area].set_index("period")
    parts["areas"] = grouped.size()
    parts["value"] = own["value"].astype(float).reindex(parts.index)
    parts["significance"] = style.known(own["significance"].reindex(parts.index))
    return parts.rename_axis("period").reset_index()


def title(rows: pd.DataFrame, *, name: str, kind: str) -> str:
    """Say where the area stood at first and stands now, and whether the spread has narrowed."""
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return f"{name} has no figures to follow"
    first, last = shown.iloc[0], shown.iloc[-1]
    now = f"{name} {_where(last)} of {words.kind_name(kind, 2)} in {last['period']}"
    if len(shown) == 1:
        return now
    # Relative to the median, so that a level that moves is no change of spread.
    before, after = (
        (row["p90"] - row["p10"]) / abs(row["p50"]) if row["p50"] else np.nan for row in (first, last)
    )
    change = after / before - 1 if before else np.nan
    if words.is_missing(change):
        return now
    moved = (
        "is as wide as" if abs(change) < 0.1 else "has narrowed since" if change < 0 else "has widened since"
    )
    return f"{now}; the spread {moved}{' in' if abs(change) < 0.1 else ''} {first['period']}"


def _where(row: Any) -> str:
    value = row["value"]
    if value > row["p90"]:
        return "is above nine tenths"
    if value < row["p10"]:
        return "is below nine tenths"
    if row["p25"] <= value <= row["p75"]:
        return "is in the middle half"
    return "is in the upper quarter" if value > row["p75"] else "is in the lower quarter"


@style.context()
def ribbon(rows: pd.DataFrame, *, caption: Caption, name: str) -> Figure:
    """Draw the ribbon; ``rows`` as ``ribbon_rows`` gives them, ``name`` the area's, ``caption.kind`` the others'."""
    shown = rows[rows["value"].notna()]
    keys = [
        *mark_keys(shown.loc[shown["significance"] != "not tested", "significance"], caption.polarity),
        Key("10th to 90th percentile", {**OUTER, "linewidth": 9, "solid_capstyle": "butt"}, long=True),
        Key("Middle half", {**INNER, "linewidth": 9, "solid_capstyle": "butt"}, long=True),
    ]
    figure, axes = frame(
        title(rows, name=name, kind=caption.kind), f"{caption.about}, and {name}", caption=caption,
        plot_height=LOW, left=LEFT, right=RIGHT, keys=keys if len(shown) else (), width=SMALL,
    )  # fmt: skip
    if shown.empty:
        say_empty(axes)
        return figure
    _scale(axes, rows, caption)
    _draw(axes, rows)
    _name_lines(axes, rows, shown, name)
    return figure


def _scale(axes: Axes, rows: pd.DataFrame, caption: Caption) -> None:
    ends = rows[["p10", "p90", "value"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    pad = 0.15 * (high - low) or abs(high) * 0.1 or 1.0
    axes.set_ylim(max(low - pad, 0.0) if low >= 0 else low - pad, high + pad)
    axes.set_xlim(-0.25, len(rows) - 0.75)
    number_axis(axes, "y", unit=caption.unit)
    period_axis(axes, rows["period"].tolist())


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    place = np.arange(len(rows), dtype=float)
    columns = {
        name: rows[name].to_numpy(dtype=float) for name in ("p10", "p25", "p50", "p75", "p90", "value")
    }
    axes.fill_between(place, columns["p10"], columns["p90"], linewidth=0, zorder=0.4, **OUTER)
    axes.fill_between(place, columns["p25"], columns["p75"], linewidth=0, zorder=0.5, **INNER)
    axes.plot(place, columns["p50"], zorder=1, label="median", **MEDIAN)
    axes.plot(place, columns["value"], zorder=2, label="own", **OWN)
    draw_marks(axes, place, columns["value"], rows["significance"].to_numpy())


def _name_lines(axes: Axes, rows: pd.DataFrame, shown: pd.DataFrame, name: str) -> None:
    last, own = rows.iloc[-1], shown.iloc[-1]
    ends = [
        LineEnd(float(last["p90"]), "90th percentile"),
        LineEnd(float(last["p50"]), "Median"),
        LineEnd(float(last["p10"]), "10th percentile"),
    ]
    if own["period"] == last["period"]:
        ends.append(LineEnd(float(own["value"]), name, {"weight": "bold", "color": OWN["color"]}))
    name_ends(axes, ends, room=RIGHT - 12)


def alt_text(rows: pd.DataFrame, *, caption: Caption, name: str) -> str:
    """Say in words what the chart shows."""
    every = words.kind_name(caption.kind, 2)
    first = f"Ribbon chart of {caption.about}: {name} over time on the spread of all {every}."
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return f"{first} No figures are available."
    last = shown.iloc[-1]
    low, high = (words.bare_value(last[name], caption.unit) for name in ("p10", "p90"))
    spread_ = (
        f"In {last['period']} the value is {words.value_with_unit(last['value'], caption.unit)}; four fifths of"
        f" {words.count_of(last['areas'], caption.kind)} lie between {low} and {high}"
    )
    return f"{first} {title(rows, name=name, kind=caption.kind)}. {spread_}. The figures are in the comparison table."


def drawn(rows: pd.DataFrame, *, caption: Caption, name: str) -> Drawn:
    """Draw the chart with its words; the title says which indicator it is of."""
    return Drawn(
        figure=ribbon(rows, caption=caption, name=name),
        title=f"{caption.name}: {title(rows, name=name, kind=caption.kind)}",
        alt=alt_text(rows, caption=caption, name=name),
        source=caption.source,
    )
