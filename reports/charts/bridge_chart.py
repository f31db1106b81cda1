"""Plan bridge: from the target to the opportunity sized, what is lost on the way to money, and the gap left."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports import style, words
from reports.charts import plan_chart
from reports.charts.frame import WIDTH, Caption, Drawn, Key, frame, rows_of, say_empty

ROW = 25.0  # points
LEFT, RIGHT = 222.0, 24.0
ALL_LINES = "All lines"
SIZED, NET = "deduplicated", "net"
# What each step of the chain takes away, in its order.
LOSSES = {
    "addressable": "Not signed off by clinicians",
    "cashable": "Not released by prices and contracts",
    "deliverable": "Not expected to be delivered",
    "phased": "Not yet reached by then",
    "net": "Cost of the change",
}
LOOKS: dict[str, dict[str, Any]] = {
    "target": {"facecolor": style.MID_BLUE, "edgecolor": style.MID_BLUE},
    "sized": {"facecolor": style.TURQUOISE, "edgecolor": style.TURQUOISE},
    "loss": {"facecolor": style.DARK_GREY, "edgecolor": style.DARK_GREY},
    "net": {"facecolor": style.DARK_BLUE, "edgecolor": style.DARK_BLUE},
    "gap": {"facecolor": "white", "edgecolor": style.MID_BLUE, "linestyle": (0, (3, 2)), "linewidth": 1.2},
}
INTERVAL: dict[str, Any] = {"color": style.INK, "linewidth": 1.6, "solid_capstyle": "butt"}
BOLD = ("target", "sized", "net", "gap")


def bridge_rows(plan: pd.DataFrame, chain: pd.DataFrame, *, year: int | None = None) -> pd.DataFrame:
    """Bars of the bridge, from the top.

    Parameters
    ----------
    plan
        plan_line, parent, target_gbp, identified_gbp.
    chain
        plan_line, step, year, commissioner_gbp, p10, p90 of the finance chain.
    year
        Year of the plan whose saving is told; None: the last one.

    Returns
    -------
    DataFrame
        kind (target, sized, loss, net, gap), said, start and end (£; end - start is the amount, negative for a
        loss), p10 and p90 (£ on the same axis, NaN for none), year. Empty without a target or without a saving.
    """
    columns = ["kind", "said", "start", "end", "p10", "p90", "year"]
    whole = chain[chain["plan_line"] == ALL_LINES] if len(chain) else chain
    laid = plan_chart.steps(plan) if len(plan) else pd.DataFrame({"known": [], "end": []})
    if whole.empty or laid.empty or not laid["known"].iloc[-1] or not (whole["step"] == NET).any():
        return pd.DataFrame(columns=columns)
    target = float(laid["end"].iloc[-1])
    year = int(whole.loc[whole["step"] == NET, "year"].max()) if year is None else year
    at = whole[whole["year"].isna() | (whole["year"] == year).fillna(False)].set_index("step")
    amounts = at["commissioner_gbp"].astype(float)
    levels = amounts.reindex([SIZED, *LOSSES]).ffill().to_numpy(dtype=float)
    sized, net = levels[0], levels[-1]
    rows = [
        ("target", f"Target of the plan ({laid['plan_line'].iloc[-1].lower()})", 0.0, target),
        ("sized", "Opportunity sized, counted once", 0.0, sized),
        *(("loss", said, *ends) for said, ends in zip(LOSSES.values(), np.c_[levels[:-1], levels[1:]], strict=True)),
        ("net", f"Net saving in year {year}", 0.0, net),
        ("gap", "Gap to the target" if net <= target else "Beyond the target", net, target),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns[:4]).assign(p10=np.nan, p90=np.nan, year=year)
    for kind, step in (("sized", SIZED), ("net", NET)):
        table.loc[table["kind"] == kind, ["p10", "p90"]] = at.loc[step, ["p10", "p90"]].to_numpy(dtype=float)
    return table


def _amount(rows: pd.DataFrame, kind: str) -> float:
    one = rows[rows["kind"] == kind].iloc[0]
    return float(one["end"] - one["start"])


def title(rows: pd.DataFrame) -> str:
    """Say how much of the plan is left as net saving, and the gap."""
    if rows.empty:
        return "No saving has been reckoned towards a plan"
    target, sized, net = (_amount(rows, kind) for kind in ("target", "sized", "net"))
    year = int(rows["year"].iloc[0])
    said = (
        f"Of {words.pounds(sized)} sized towards a plan of {words.pounds(target)},"
        f" {words.pounds(net)} a year is left as net saving in year {year}"
    )
    gap = target - net
    return f"{said}; {words.pounds(gap)} has no saving behind it yet" if gap > 0 else said


@style.context()
def bridge(rows: pd.DataFrame, *, caption: Caption) -> Figure:
    """Draw the bridge; ``rows`` as ``bridge_rows`` gives them."""
    keys = [Key("80% interval (chance alone)", INTERVAL, long=True)]
    figure, axes = frame(
        title(rows), caption.about, caption=caption, plot_height=ROW * max(len(rows), 1) + 6, left=LEFT, right=RIGHT,
        bottom=8.0, keys=keys if rows["p10"].notna().any() else (),
    )  # fmt: skip
    axes.set_axis_off()
    if rows.empty:
        say_empty(axes)
        return figure
    _scale(axes, rows)
    for y, row in enumerate(rows_of(rows)):
        axes.add_patch(Rectangle((row.start, y - 0.28), row.end - row.start, 0.56, **LOOKS[row.kind]))
        if not words.is_missing(row.p10):
            axes.plot([row.p10, row.p90], [y, y], label="interval", zorder=3, **INTERVAL)
    _join(axes, rows)
    _write(axes, rows)
    return figure


def _scale(axes: Axes, rows: pd.DataFrame) -> None:
    """Leave room at the right for the longest figure."""
    ends = rows[["start", "end", "p10", "p90"]].to_numpy(dtype=float)
    low, high = min(0.0, float(np.nanmin(ends))), max(0.0, float(np.nanmax(ends)))
    room = WIDTH - LEFT - RIGHT
    span = ((high - low) or 1.0) * room / (room - 62.0)
    axes.set_xlim(low, low + span)
    axes.set_ylim(len(rows) - 0.5, -0.5)


def _join(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw a thin line from the end of each step to the bar that goes on there."""
    for y, row in enumerate(rows_of(rows)):
        if row.kind in ("sized", "loss", "net"):
            axes.plot([row.end] * 2, [y + 0.28, y + 0.72], color=style.MID_GREY, linewidth=0.8, zorder=0)


def _write(axes: Axes, rows: pd.DataFrame) -> None:
    """Write what each bar is at the left, and its amount at its right end."""
    left = axes.get_xlim()[0]
    for y, row in enumerate(rows_of(rows)):
        weight = "bold" if row.kind in BOLD else "normal"
        indent = 0.0 if row.kind in BOLD else 12.0
        said = style.shorten(style.plain(row.said), style.BODY, LEFT - 22 - indent, bold=weight == "bold")
        offset: dict[str, Any] = {"textcoords": "offset points", "va": "center", "weight": weight}
        axes.annotate(said, (left, y), xytext=(indent - LEFT + 14, 0), **offset)
        right = np.nanmax([row.start, row.end, row.p90])
        axes.annotate(
            words.pounds(row.end - row.start), (right, y), xytext=(6, 0), bbox=plan_chart.OPAQUE, **offset
        )


def alt_text(rows: pd.DataFrame, *, caption: Caption) -> str:
    """Say in words what the chart shows."""
    first = f"Waterfall chart of {caption.about}."
    if rows.empty:
        return f"{first} {title(rows)}."
    lost = [
        f"{row.said.lower()} {words.pounds(row.end - row.start)}"
        for row in rows_of(rows[rows["kind"] == "loss"])
    ]
    return f"{first} {title(rows)}. On the way: {words.series(lost)}. The figures are in the chain and plan tables."


def drawn(rows: pd.DataFrame, *, caption: Caption) -> Drawn:
    """Draw the chart with its words."""
    return Drawn(
        figure=bridge(rows, caption=caption),
        title=title(rows),
        alt=alt_text(rows, caption=caption),
        source=caption.source,
    )
