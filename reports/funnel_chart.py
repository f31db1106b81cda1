"""Funnel chart: areas by size and value, inside or outside what chance alone would give."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import chart_labels, style, words
from reports.chart_frame import Caption, Key, finding, frame, mark_keys, number_axis, spread

HEIGHT = 250.0
LEFT, RIGHT = 52.0, 92.0
LABELS = 12  # names; more cannot be read
# Marks of one kind above which an SVG holds a picture of them: 6,500 circles weigh half a megabyte.
AS_PICTURE = 1200
DASHES: dict[str, Any] = {"95": (0, (5, 2.5)), "998": (0, (1, 1.8))}
GRID = 60  # places along a limit that is drawn as a curve
LEVELS = {"95": "95%", "998": "99.8%"}
ADJUSTED = {"color": style.DARK_GREY, "linewidth": 1.1}
UNADJUSTED = {"color": style.MID_GREY, "linewidth": 0.7}

title = finding


@style.context()
def funnel(
    comparison: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan"), labels: int = LABELS
) -> Figure:
    """Draw the funnel of one indicator.

    Parameters
    ----------
    comparison
        Rows of the comparison table of one indicator, period and kind of area, with each area's ``name``.
        Across stands ``expected`` where the indicator is standardised by it, else ``denominator``; areas
        without a value or a size are left out.
    caption
        The words.
    flags_expected
        Areas that chance alone would flag in the bad direction; NaN where not known.
    labels
        Most names drawn, of the areas furthest outside the 95 % limits.
    """
    shown = _shown(comparison)
    adjusted = _adjusted(shown)
    keys = mark_keys(shown["significance"], caption.polarity)
    if adjusted:
        keys += [
            Key("Limits allowing for overdispersion", {**ADJUSTED, "linestyle": DASHES["95"]}, long=True),
            Key("Chance alone", {**UNADJUSTED, "linestyle": DASHES["95"]}, long=True),
        ]
    figure, axes = frame(
        title(comparison, caption=caption, flags_expected=flags_expected),
        caption.about,
        caption=caption,
        plot_height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        keys=keys,
    )
    if shown.empty:
        axes.text(0.5, 0.5, "No figures with a size", transform=axes.transAxes, ha="center")
        axes.set_axis_off()
        return figure
    _scale(axes, shown, adjusted, caption)
    _draw_limits(axes, shown, adjusted, caption)
    _draw_marks(axes, shown)
    _name_outside(axes, shown, labels)
    return figure


def _shown(comparison: pd.DataFrame) -> pd.DataFrame:
    """Rows that can be drawn, with their size as ``across``."""
    expected = comparison["expected"].astype(float)
    size = expected if expected.notna().any() else comparison["denominator"].astype(float)
    shown = comparison.assign(across=size, value=comparison["value"].astype(float))
    shown = shown[shown["value"].notna() & (shown["across"] > 0)]
    return shown.sort_values(["across", "area"], kind="stable").reset_index(drop=True)


def _adjusted(shown: pd.DataFrame) -> bool:
    """Tell whether there are limits widened for overdispersion, and they are wider."""
    wide = shown["funnel_adjusted_upper_95"].astype(float)
    return bool((wide - shown["funnel_upper_95"].astype(float) > 1e-9 * wide.abs()).any())


def _limit(shown: pd.DataFrame, side: str, level: str, *, adjusted: bool) -> NDArray[np.float64]:
    prefix = "funnel_adjusted_" if adjusted else "funnel_"
    return shown[f"{prefix}{side}_{level}"].to_numpy(dtype=float, na_value=np.nan)


def outside(comparison: pd.DataFrame) -> pd.DataFrame:
    """Areas outside the 95 % limits, the furthest first.

    ``beyond`` counts in half-widths of the 99.8 % limits on that side; above 1 is outside those too. The
    limits widened for overdispersion are used where there are any.
    """
    shown = _shown(comparison)
    adjusted = _adjusted(shown)
    target = shown["funnel_target"].to_numpy(dtype=float, na_value=np.nan)
    value = shown["value"].to_numpy()
    sides = {
        side: (_limit(shown, side, "95", adjusted=adjusted), _limit(shown, side, "998", adjusted=adjusted))
        for side in ("lower", "upper")
    }
    high = value > target
    width = np.where(high, sides["upper"][1], sides["lower"][1]) - target
    beyond = np.divide(value - target, width, out=np.full(len(value), np.nan), where=np.abs(width) > 0)
    out = (value > sides["upper"][0]) | (value < sides["lower"][0])
    found = shown.assign(beyond=beyond)[out]
    return found.sort_values(["beyond", "area"], ascending=[False, True], kind="stable")


def _scale(axes: Axes, shown: pd.DataFrame, adjusted: bool, caption: Caption) -> None:
    """Set the ends of both axes: all values, and the limits but for the very smallest areas."""
    value = shown["value"].to_numpy()
    typical = slice(len(shown) // 5, None)  # below that size limits run off to no use
    limits = [_limit(shown, side, "998", adjusted=adjusted)[typical] for side in ("lower", "upper")]
    ends = np.concatenate([value, *limits])
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    pad = 0.06 * (high - low) or abs(high) * 0.1 or 1.0
    low, high = low - pad, high + pad
    if value.min() >= 0:
        low = max(low, 0.0)
    if caption.unit.startswith("%") and value.max() <= 100:
        high = min(high, 101.0)
    axes.set_ylim(low, high)
    axes.set_xlim(0, float(shown["across"].max()) * 1.02)
    number_axis(axes, "x")
    number_axis(axes, "y", unit=caption.unit)
    expected = bool(shown["expected"].notna().any())
    across = (
        "Events expected" if expected else f"Size of the {words.kind_name(caption.kind)}: the denominator"
    )
    axes.set_xlabel(across, loc="left", color=style.DARK_GREY)


def _draw_limits(axes: Axes, shown: pd.DataFrame, adjusted: bool, caption: Caption) -> None:
    across = shown["across"].to_numpy(dtype=float)
    for widened, look in ((False, UNADJUSTED if adjusted else ADJUSTED), *(((True, ADJUSTED),) * adjusted)):
        for level, dashes in DASHES.items():
            for side in ("lower", "upper"):
                limit = _limit(shown, side, level, adjusted=widened)
                known = np.isfinite(limit)
                if known.any():
                    line = _curve(across[known], limit[known], shown["funnel_target"].to_numpy(float)[known])
                    many = len(line) > AS_PICTURE
                    axes.plot(*line.T, linestyle=dashes, zorder=1, rasterized=many, **look)
    target = shown["funnel_target"].astype(float)
    if target.notna().any():
        axes.axhline(float(target.dropna().iloc[0]), color=style.DARK_GREY, linewidth=1.1, zorder=1)
    _name_lines(axes, shown, adjusted, caption)


def _curve(across: NDArray[np.float64], limit: NDArray[np.float64], target: Any) -> NDArray[np.float64]:
    """Points of a limit's line, from the smallest area that has one to the largest, shape ``(n, 2)``.

    A curve where the limit depends on size alone. Where it does not (a directly standardised rate's depends
    on the ages too) the line goes through each area's own limit, so that no mark is on the wrong side of it.
    """
    # Limits are close to straight in 1 over the root of size, so that is where to interpolate.
    grid = np.geomspace(across[0], across[-1], GRID)
    line = np.interp(-1 / np.sqrt(grid), -1 / np.sqrt(across), limit)
    off = np.abs(np.interp(-1 / np.sqrt(across), -1 / np.sqrt(grid), line) - limit)
    smooth = (off <= 0.03 * np.abs(limit - target)).all()
    return np.column_stack([grid, line] if smooth else [across, limit])


def _name_lines(axes: Axes, shown: pd.DataFrame, adjusted: bool, caption: Caption) -> None:
    """Write at the right what each line is: the target and the limits of the darker pair."""
    last = shown.iloc[-1]
    low, high = axes.get_ylim()
    entries = []
    if not words.is_missing(last["funnel_target"]):
        figure_ = words.value_with_unit(last["funnel_target"], "%" if caption.unit.startswith("%") else "")
        entries.append((float(last["funnel_target"]), f"All {words.kind_name(caption.kind, 2)} {figure_}"))
    for level, words_ in LEVELS.items():
        for side in ("lower", "upper"):
            end = float(_limit(shown, side, level, adjusted=adjusted)[-1])
            if low < end < high:
                entries.append((end, words_))
    scale = HEIGHT / (high - low)
    places = spread([(end - low) * scale for end, _ in entries], 10.0)
    for place, (_, words_) in zip(places, entries, strict=True):
        short = style.shorten(words_, style.SMALL, RIGHT - 8)
        axes.annotate(
            short,
            (1.0, low + place / scale),
            xycoords=("axes fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL,
        )


def _draw_marks(axes: Axes, shown: pd.DataFrame) -> None:
    # Smaller marks where there are many, down to a third.
    shrink = float(np.clip((250 / len(shown)) ** 0.5, 0.35, 1.0))
    significance = style.known(shown["significance"])
    for order, (name, mark) in enumerate(style.MARKS.items()):
        group = shown[significance == name]
        if len(group):
            line = mark.line
            line["markersize"] *= shrink
            line["markeredgewidth"] *= max(shrink, 0.5)
            axes.plot(
                group["across"].to_numpy(),
                group["value"].to_numpy(),
                zorder=2 + order / 10,
                rasterized=len(group) > AS_PICTURE,
                **line,
            )


def _name_outside(axes: Axes, shown: pd.DataFrame, labels: int) -> None:
    beyond = outside(shown)
    notable = beyond.head(labels)
    to_points = axes.transData.transform
    box = axes.get_window_extent()
    marks = to_points(beyond[["across", "value"]].head(200).to_numpy(dtype=float))
    if len(notable) == 0:
        return
    half = 3.0
    taken = np.hstack([marks - half, marks + half])
    names = [words.text(name, code) for name, code in zip(notable["name"], notable["area"], strict=True)]
    bounds = (box.x0 + 2, box.y0 + 2, box.x1 - 2, box.y1)
    chart_labels.draw(axes, chart_labels.place(marks[: len(notable)], names, bounds=bounds, taken=taken))


def alt_text(comparison: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan")) -> str:
    """Say in words what the chart shows."""
    shown = _shown(comparison)
    first = f"Funnel chart of {caption.about}: {words.count_of(len(shown), caption.kind)} by size and value."
    if shown.empty:
        return (
            f"Funnel chart of {caption.about}. No {words.kind_name(caption.kind)} has a figure with a size."
        )
    beyond = outside(comparison)
    far = int((beyond["beyond"] > 1).sum())
    limits = "limits widened for overdispersion" if _adjusted(shown) else "limits"
    say = (
        f"{words.number(len(beyond))} lie outside the 95% and {words.number(far)} outside the 99.8% {limits}"
    )
    named = [words.text(name, code) for name, code in zip(beyond["name"], beyond["area"], strict=True)][:3]
    furthest = f", furthest {words.series(named)}" if named else ""
    return (
        f"{first} {title(comparison, caption=caption, flags_expected=flags_expected)}. {say}{furthest}."
        " The figures are in the comparison table."
    )
