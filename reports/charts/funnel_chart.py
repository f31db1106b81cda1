"""Funnel chart: areas by size and value, inside or outside what chance alone would give."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import style, words
from reports.charts import point_labels
from reports.charts.axis import number_axis
from reports.charts.frame import NARROW, Caption, Drawn, Key, finding, frame, mark_keys, say_empty
from reports.charts.line_ends import LineEnd, name_ends
from reports.charts.marks import draw_marks

HEIGHT = 250.0
LEFT, RIGHT = 48.0, 90.0
LABELS = 12  # names; more cannot be read
CROWDED = 250  # areas up to which a name keeps clear of every mark
# Marks of one kind above which an SVG holds a picture of them: 6,500 circles weigh half a megabyte.
AS_PICTURE = 1200
DASHES: dict[str, Any] = {"95": (0, (5, 2.5)), "998": (0, (1, 1.8))}
GRID = 60  # places along a limit that is drawn as a curve
LEVELS = {"95": "95%", "998": "99.8%"}
NEEDED = (
    "area", "name", "denominator", "expected", "value", "significance", "funnel_target",
    *(f"funnel_{adjusted}{side}_{level}" for adjusted in ("", "adjusted_") for side in ("lower", "upper")
      for level in DASHES),
)  # fmt: skip
ADJUSTED = {"color": style.DARK_GREY, "linewidth": 1.1}
UNADJUSTED = {"color": style.MID_GREY, "linewidth": 0.7}

Floats = NDArray[np.float64]

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
    shown = _shown(_needed(comparison))
    adjusted = _adjusted(shown)
    keys = mark_keys(shown["significance"], caption.polarity)
    ages = " at a typical age mix" if len(shown) and _typical(shown) else ""
    if adjusted:
        keys += [
            Key(f"Limits allowing for overdispersion{ages}", _dashed(ADJUSTED), long=True),
            Key(f"Chance alone{ages}", _dashed(UNADJUSTED), long=True),
        ]
    elif ages:
        keys.append(Key(f"Limits{ages}", _dashed(ADJUSTED), long=True))
    figure, axes = frame(
        title(comparison, caption=caption, flags_expected=flags_expected),
        caption.about,
        caption=caption,
        plot_height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        keys=keys,
        width=NARROW,
    )
    if shown.empty:
        say_empty(axes, "No figures with a size")
        return figure
    _scale(axes, shown, adjusted, caption)
    _draw_limits(axes, shown, adjusted, caption)
    _draw_marks(axes, shown)
    _name_outside(axes, shown, labels)
    return figure


def _dashed(look: dict[str, Any]) -> dict[str, Any]:
    return {**look, "linestyle": DASHES["95"]}


def _needed(comparison: pd.DataFrame) -> pd.DataFrame:
    """Columns that are drawn: of a table of forty most of a chart's time would go into the others."""
    return comparison[[name for name in NEEDED if name in comparison]]


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


def _limit(shown: pd.DataFrame, side: str, level: str, *, adjusted: bool) -> Floats:
    prefix = "funnel_adjusted_" if adjusted else "funnel_"
    return shown[f"{prefix}{side}_{level}"].to_numpy(dtype=float, na_value=np.nan)


def outside(comparison: pd.DataFrame) -> pd.DataFrame:
    """Areas outside the 95 % limits, the furthest first.

    ``beyond`` counts in half-widths of the 99.8 % limits on that side; above 1 is outside those too. The
    limits widened for overdispersion are used where there are any.
    """
    return _outside(_shown(comparison))


def _outside(shown: pd.DataFrame) -> pd.DataFrame:
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
    expected = bool(shown["expected"].notna().any())
    size = f"Size of the {words.kind_name(caption.kind)}: the denominator"
    own = ". Named: outside the limits of its own ages" if _typical(shown) else ""
    number_axis(axes, "x", title=("Events expected" if expected else size) + own)
    number_axis(axes, "y", unit=caption.unit)


def _draw_limits(axes: Axes, shown: pd.DataFrame, adjusted: bool, caption: Caption) -> None:
    across = shown["across"].to_numpy(dtype=float)
    for widened, look in ((False, UNADJUSTED if adjusted else ADJUSTED), *(((True, ADJUSTED),) * adjusted)):
        for level, dashes in DASHES.items():
            for side in ("lower", "upper"):
                limit = _limit(shown, side, level, adjusted=widened)
                known = np.isfinite(limit)
                if known.any():
                    line = limit_curve(
                        across[known], limit[known], shown["funnel_target"].to_numpy(float)[known]
                    )
                    axes.plot(*line.T, linestyle=dashes, zorder=1, **look)
    target = shown["funnel_target"].astype(float)
    if target.notna().any():
        axes.axhline(float(target.dropna().iloc[0]), color=style.DARK_GREY, linewidth=1.1, zorder=1)
    _name_lines(axes, shown, adjusted, caption)


def limit_curve(across: Floats, limit: Floats, target: Floats, *, grid: Floats | None = None) -> Floats:
    """Points of a limit's line at the sizes ``grid``, from the smallest area to the largest, shape ``(n, 2)``.

    Where the limit does not hang on size alone (a directly standardised rate's hangs on the ages too) the line
    is that of an area of typical ages; which areas lie outside is still told by each area's own limit.
    """
    # Limits are close to straight in 1 over the root of size, so that is where to interpolate.
    if grid is None:
        grid = np.geomspace(across[0], across[-1], GRID)
    if _hangs_on_size(across, limit, target):
        return np.column_stack([grid, np.interp(-1 / np.sqrt(grid), -1 / np.sqrt(across), limit)])
    width = np.polynomial.Polynomial.fit(1 / np.sqrt(across), limit, 2 if len(np.unique(across)) > 2 else 0)
    return np.column_stack([grid, width(1 / np.sqrt(grid))])


def _hangs_on_size(across: Floats, limit: Floats, target: Floats) -> bool:
    """Tell whether areas of one size have one limit: a curve through few places then meets them all."""
    grid = np.geomspace(across[0], across[-1], GRID)
    line = np.interp(-1 / np.sqrt(grid), -1 / np.sqrt(across), limit)
    off = np.abs(np.interp(-1 / np.sqrt(across), -1 / np.sqrt(grid), line) - limit)
    return bool((off <= 0.03 * np.abs(limit - target)).all())


def _typical(shown: pd.DataFrame) -> bool:
    """Tell whether the limits drawn are those of areas of typical ages rather than of each area."""
    limit = _limit(shown, "upper", "95", adjusted=False)
    known = np.isfinite(limit)
    across, target = (shown[name].to_numpy(float)[known] for name in ("across", "funnel_target"))
    return bool(known.any()) and not _hangs_on_size(across, limit[known], target)


def _name_lines(axes: Axes, shown: pd.DataFrame, adjusted: bool, caption: Caption) -> None:
    """Write at the right what each line is: the target and the limits of the darker pair."""
    last = shown.iloc[-1]
    low, high = axes.get_ylim()
    ends = []
    if not words.is_missing(last["funnel_target"]):
        figure_ = words.bare_value(last["funnel_target"], caption.unit)
        ends.append(
            LineEnd(float(last["funnel_target"]), f"All {words.kind_name(caption.kind, 2)} {figure_}")
        )
    for level, words_ in LEVELS.items():
        for side in ("lower", "upper"):
            end = float(_limit(shown, side, level, adjusted=adjusted)[-1])
            if low < end < high:
                ends.append(LineEnd(end, words_))
    name_ends(axes, ends, room=RIGHT - 8, gap=10.0)


def _draw_marks(axes: Axes, shown: pd.DataFrame) -> None:
    # Smaller marks where there are many, down to a third.
    shrink = float(np.clip((250 / len(shown)) ** 0.5, 0.35, 1.0))
    significance = style.known(shown["significance"]).to_numpy()
    draw_marks(
        axes, shown["across"], shown["value"], significance, size=shrink, edge=max(shrink, 0.5), zorder=2,
        most=AS_PICTURE,
    )  # fmt: skip


def _name_outside(axes: Axes, shown: pd.DataFrame, labels: int) -> None:
    beyond = _outside(shown)
    notable = beyond.head(labels)
    if len(notable) == 0:
        return
    to_points = axes.transData.transform
    box = axes.get_window_extent()
    # No name lies on a mark; of thousands the furthest outside count, and those behind a name are dimmed.
    others = shown.drop(index=beyond.index) if len(shown) <= CROWDED else beyond.iloc[:0]
    near = pd.concat([beyond.head(CROWDED), others])
    marks = to_points(near[["across", "value"]].to_numpy(dtype=float))
    half = 3.0
    taken = np.hstack([marks - half, marks + half])
    names = [words.text(name, code) for name, code in zip(notable["name"], notable["area"], strict=True)]
    bounds = (box.x0 + 2, box.y0 + 2, box.x1 - 2, box.y1)
    point_labels.draw(axes, point_labels.place(marks[: len(notable)], names, bounds=bounds, taken=taken))


def alt_text(comparison: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan")) -> str:
    """Say in words what the chart shows."""
    shown = _shown(_needed(comparison))
    first = f"Funnel chart of {caption.about}: {words.count_of(len(shown), caption.kind)} by size and value."
    if shown.empty:
        return (
            f"Funnel chart of {caption.about}. No {words.kind_name(caption.kind)} has a figure with a size."
        )
    beyond = _outside(shown)
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


def drawn(comparison: pd.DataFrame, *, caption: Caption, flags_expected: float = float("nan")) -> Drawn:
    """Draw the chart with its words; the title says which indicator it is of."""
    return Drawn(
        figure=funnel(comparison, caption=caption, flags_expected=flags_expected),
        title=f"{caption.name}: {title(comparison, caption=caption, flags_expected=flags_expected)}",
        alt=alt_text(comparison, caption=caption, flags_expected=flags_expected),
        source=caption.source,
    )
