"""Plan waterfall: published targets line by line to their total, and the opportunity sized towards each."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reports import style, words
from reports.charts.frame import WIDTH, Caption, Drawn, Key, frame, rows_of, say_empty

ROW = 25.0  # points
HEADING = 1.0  # rows left free above the bars for the heading of the column
LEFT, COLUMN, INDENT = 210.0, 76.0, 12.0
TARGET = {"facecolor": style.MID_BLUE, "edgecolor": style.MID_BLUE}
PART = {"facecolor": style.LIGHT_BLUE, "edgecolor": style.MID_BLUE}
NEGATIVE = {"facecolor": style.DARK_GREY, "edgecolor": style.DARK_GREY}
SIZED = style.TURQUOISE
OPAQUE = style.BEHIND_TEXT | {"alpha": 1.0, "pad": 1.0}  # the connecting line is interrupted by a figure
TOTAL = "Total"


def steps(plan: pd.DataFrame) -> pd.DataFrame:
    """Lay the lines of a plan one after another.

    Parameters
    ----------
    plan
        plan_line, parent, target_gbp, identified_gbp. A line whose parent is not a line stands at the top; a
        line without a target counts as the sum of its parts.

    Returns
    -------
    DataFrame
        In drawing order plan_line, level (0 a step of the total, 1 a part of one ...), start, end (£; end -
        start is the target), identified_gbp, ``known`` (it or a part of it has a target) and ``total``: the
        total is the last row. One line that holds all the others is the total; where there are several, their
        sum is added.
    """
    tree = _Tree(plan)
    top = tree.children.get("", [])
    whole = top[0] if len(top) == 1 and tree.children.get(top[0]) else None
    first = tree.children[whole] if whole is not None else top
    rows = tree.laid_out(first, 0, 0.0)
    target = sum(tree.target(line) for line in first) if whole is None else tree.target(whole)
    identified = sum(tree.identified[line] for line in first) if whole is None else tree.identified[whole]
    known = any(tree.known(line) for line in top)
    rows.append((TOTAL if whole is None else whole, 0, 0.0, target, identified, known))
    laid = pd.DataFrame(rows, columns=["plan_line", "level", "start", "end", "identified_gbp", "known"])
    return laid.assign(total=laid.index == len(laid) - 1)


class _Tree:
    """The lines of a plan by the line that they are part of."""

    def __init__(self, plan: pd.DataFrame) -> None:
        lines = [str(line) for line in plan["plan_line"]]
        parents = [words.text(parent) for parent in plan["parent"]]
        self.targets = dict(zip(lines, plan["target_gbp"].astype(float), strict=True))
        self.identified = dict(zip(lines, plan["identified_gbp"].astype(float).fillna(0.0), strict=True))
        self.children: dict[str, list[str]] = {}
        for line, parent in zip(lines, parents, strict=True):
            self.children.setdefault(parent if parent in self.targets else "", []).append(line)

    def target(self, line: str) -> float:
        """£ of a line; the sum of its parts where it has none of its own."""
        own = self.targets[line]
        if not np.isnan(own):
            return own
        return sum(self.target(child) for child in self.children.get(line, []))

    def known(self, line: str) -> bool:
        """Tell whether a line or any part of it has a target: none is not £0."""
        own = not np.isnan(self.targets[line])
        return own or any(self.known(child) for child in self.children.get(line, []))

    def laid_out(
        self, lines: list[str], level: int, start: float
    ) -> list[tuple[str, int, float, float, float, bool]]:
        """Lay lines one after another from ``start``, each with its parts below it."""
        rows = []
        for line in lines:
            end = start + self.target(line)
            rows.append((line, level, start, end, self.identified[line], self.known(line)))
            rows += self.laid_out(self.children.get(line, []), level + 1, start)
            start = end
        return rows


def title(plan: pd.DataFrame) -> str:
    """Say how much of the plan the opportunity sized so far comes to, and where most of it lies."""
    if plan.empty:
        return "There is no plan"
    laid = steps(plan)
    whole = laid.iloc[-1]
    if not whole["identified_gbp"] > 0:
        return f"{words.sentence_case(_sum(whole))}: no opportunity has been sized towards it"
    said = f"{words.pounds(whole['identified_gbp'])} of opportunity is sized towards {_sum(whole)}"
    leaves = laid[~laid["plan_line"].isin(plan["parent"]) & ~laid["total"]]
    most = (
        leaves.loc[leaves["identified_gbp"] == leaves["identified_gbp"].max()].iloc[0]
        if len(leaves)
        else whole
    )
    if not most["identified_gbp"] > 0:
        return said
    return (
        f"{said}; {words.pounds(most['identified_gbp'])} of it towards {most['plan_line']} ({_target(most)})"
    )


def _target(row: Any) -> str:
    """£ of a laid out line; a line without a target, and without parts that have one, is not £0."""
    return words.pounds(row.end - row.start) if row.known else "no target"


def _sum(whole: Any) -> str:
    return f"a plan of {_target(whole)}" if whole.known else "a plan without targets"


@style.context()
def plan(plan: pd.DataFrame, *, caption: Caption) -> Figure:
    """Draw the plan as a waterfall; a row without a plan line draws an empty chart."""
    laid = steps(plan) if len(plan) else pd.DataFrame()
    figure, axes = frame(
        title(plan),
        caption.about,
        caption=caption,
        plot_height=ROW * (max(len(laid), 1) + HEADING),
        left=LEFT,
        right=COLUMN + 18,
        bottom=8.0,
        keys=_keys(laid),
    )
    axes.set_axis_off()
    if laid.empty:
        say_empty(axes)
        return figure
    _scale(axes, laid)
    _draw_steps(axes, laid)
    _write(axes, laid)
    return figure


def _keys(laid: pd.DataFrame) -> list[Key]:
    if laid.empty:
        return []

    def bar(colour: str, width: float = 8) -> dict[str, Any]:
        return {"color": colour, "linewidth": width, "solid_capstyle": "butt"}

    keys = [Key("Target", bar(style.MID_BLUE), long=True)]
    if (laid["level"] > 0).any():
        box = {"linestyle": "none", "marker": "s", "markersize": 8.0, "markerfacecolor": style.LIGHT_BLUE,
               "markeredgecolor": style.MID_BLUE}  # fmt: skip
        keys.append(Key("Part of the target above it", box))
    if (laid["end"] < laid["start"]).any():
        keys.append(Key("Money put in", bar(style.DARK_GREY), long=True))
    keys.append(Key("Opportunity sized so far", bar(SIZED, 4), long=True))
    return keys


def _scale(axes: Axes, laid: pd.DataFrame) -> None:
    right = np.maximum(laid[["start", "end"]].max(axis=1), laid["start"] + laid["identified_gbp"])
    low, high = min(0.0, float(laid[["start", "end"]].to_numpy().min())), float(right.max())
    room = axes.get_position().width * WIDTH
    widest = max(style.text_width(_target(row), style.BODY, bold=True) for row in rows_of(laid))
    span = (high - low) or 1.0
    axes.set_xlim(low, low + span * room / (room - widest - 12))
    axes.set_ylim(len(laid) - 0.5, -0.5 - HEADING)


def _draw_steps(axes: Axes, laid: pd.DataFrame) -> None:
    ended: tuple[float, float] | None = None  # where the step of the total before this one ended
    for y, row in enumerate(rows_of(laid)):
        look = NEGATIVE if row.end < row.start else PART if row.level else TARGET
        axes.add_patch(Rectangle((row.start, y - 0.3), row.end - row.start, 0.44, linewidth=0.8, **look))
        if row.identified_gbp > 0:
            # Below the target, not on it: the two colours need no contrast to each other.
            axes.add_patch(
                Rectangle((row.start, y + 0.2), row.identified_gbp, 0.16, linewidth=0, facecolor=SIZED)
            )
        if row.level == 0:
            if ended is not None:
                axes.plot(
                    [ended[0]] * 2, [ended[1] + 0.14, y - 0.3], color=style.MID_GREY, linewidth=0.8, zorder=0
                )
            ended = (row.end, y)


def _write(axes: Axes, laid: pd.DataFrame) -> None:
    """Write names at the left, targets at the bars, and at the right what is sized so far."""
    left = axes.get_xlim()[0]
    side: dict[str, Any] = {
        "xycoords": ("axes fraction", "data"), "xytext": (COLUMN, 0), "textcoords": "offset points",
        "ha": "right", "va": "center",
    }  # fmt: skip
    heading = "\n".join(style.wrap("Opportunity sized so far", style.SMALL, COLUMN, lines=2))
    axes.annotate(heading, (1.0, -HEADING), fontsize=style.SMALL, color=style.DARK_GREY, **side)
    for y, row in enumerate(rows_of(laid)):
        weight = "normal" if row.level else "bold"
        indent = INDENT * row.level
        room = LEFT - 22 - indent
        lines = style.wrap(style.plain(row.plan_line), style.BODY, room, bold=row.level == 0, lines=2)
        axes.annotate(
            "\n".join(lines), (left, y), xytext=(indent - LEFT + 14, 0), textcoords="offset points",
            va="center", weight=weight, linespacing=1.0,
        )  # fmt: skip
        right = max(row.start, row.end)
        axes.annotate(
            _target(row), (right, y - 0.08), xytext=(5, 0), textcoords="offset points",
            va="center", weight=weight, bbox=OPAQUE,
        )  # fmt: skip
        sized = words.pounds(row.identified_gbp) if row.identified_gbp else "none"
        axes.annotate(sized, (1.0, y), color=style.INK if row.identified_gbp else style.DARK_GREY, **side)


def alt_text(plan: pd.DataFrame, *, caption: Caption) -> str:
    """Say in words what the chart shows."""
    first = f"Waterfall chart of {caption.about}."
    if plan.empty:
        return f"{first} There is no plan."
    laid = steps(plan)
    top = laid[(laid["level"] == 0) & ~laid["total"]]
    lines = [f"{row.plan_line} {_target(row)}" for row in rows_of(top)]
    return f"{first} {title(plan)}. Its steps are {words.series(lines)}. The figures are in the plan table."


def drawn(plan_: pd.DataFrame, *, caption: Caption) -> Drawn:
    """Draw the chart with its words."""
    return Drawn(
        figure=plan(plan_, caption=caption),
        title=title(plan_),
        alt=alt_text(plan_, caption=caption),
        source=caption.source,
    )
