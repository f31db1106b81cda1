"""Quadrant of spend against outcome: where more is spent than by peers, and what comes of it."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports import style, words
from reports.charts import point_labels
from reports.charts.axis import number_axis
from reports.charts.frame import Caption, Drawn, Key, frame, say_empty
from reports.flags import BEYOND_CHANCE

HEIGHT = 300.0
LEFT, RIGHT = 56.0, 24.0
LABELS = 20
CROWDED = 50  # points above which half as many are named
CORNERS = {
    (-1, 1): "Lower spend, better outcome",
    (1, 1): "Higher spend, better outcome",
    (-1, -1): "Lower spend, worse outcome",
    (1, -1): "Higher spend, worse outcome",
}
SURE = style.Mark(marker="o", colour=style.DARK_BLUE, size=7.0)
UNSURE = style.Mark(marker="o", colour=style.MID_GREY, filled=False, size=6.0)
MANY = 200  # points above which marks shrink
SPEND, OUTCOME = "spend", "outcome"


def quadrant_rows(
    comparison: pd.DataFrame, catalogue: pd.DataFrame, areas: Collection[str], *, by: str
) -> pd.DataFrame:
    """Points of a quadrant.

    Parameters
    ----------
    comparison
        Rows of one period (of each indicator's latest).
    catalogue
        indicator, programme, pathway_stage, polarity.
    areas
        Codes of the areas counted.
    by
        "area": a point for each area over all programmes; "programme": a point for each programme over all the
        areas.

    Returns
    -------
    DataFrame
        code (of the area or programme); spend: how much more all its spend indicators together come to than
        the peers', %; outcome: the mean difference of its outcome indicators from the peers, %, positive where
        better; and the number of spend and outcome indicators, and of those beyond chance: spends, outcomes,
        spends_flagged, outcomes_flagged. Only points that have both.
    """
    told = catalogue.set_index("indicator")[["programme", "pathway_stage", "polarity"]]
    own = comparison[comparison["area"].isin(list(areas)) & comparison["comparator_value"].notna()]
    rows = own.join(told, on="indicator")
    rows = rows[rows["value"].notna()]
    rows = rows.assign(
        flagged=rows["significance"].isin(BEYOND_CHANCE).astype(int),
        difference=rows["difference"].astype(float),
        comparator_value=rows["comparator_value"].astype(float),
    )
    spend = rows[rows["pathway_stage"] == SPEND].groupby(by)
    across = 100 * spend["difference"].sum() / spend["comparator_value"].sum()
    judged = rows[(rows["pathway_stage"] == OUTCOME) & rows["polarity"].isin(["low", "high"])]
    judged = judged[judged["comparator_value"] > 0]
    sign = np.where(judged["polarity"] == "high", 1.0, -1.0)
    relative = 100 * sign * judged["difference"] / judged["comparator_value"]
    up = judged.assign(relative=relative).groupby(by)
    points = pd.DataFrame(
        {
            "spend": across,
            "outcome": up["relative"].mean(),
            "spends": spend.size(),
            "outcomes": up.size(),
            "spends_flagged": spend["flagged"].sum(),
            "outcomes_flagged": up["flagged"].sum(),
        }
    )
    counts = ["spends", "outcomes", "spends_flagged", "outcomes_flagged"]
    return points.dropna().astype(dict.fromkeys(counts, int)).rename_axis("code").sort_index().reset_index()


def corner(rows: pd.DataFrame) -> pd.Series:
    """Words for the quadrant that each point lies in; on a line it counts to the higher side."""
    across, up = (np.where(rows[name] >= 0, 1, -1) for name in (SPEND, OUTCOME))
    said = [CORNERS[int(x), int(y)] for x, y in zip(across, up, strict=True)]
    return pd.Series(said, index=rows.index, dtype=object)


def sure(rows: pd.DataFrame) -> pd.Series:
    """Tell which points have both a spend and an outcome indicator that differs beyond chance."""
    return (rows["spends_flagged"] > 0) & (rows["outcomes_flagged"] > 0)


def title(rows: pd.DataFrame, *, noun: str) -> str:
    """Say how many spend more than their peers without better outcomes."""
    if rows.empty:
        return f"No {words.kind_name(noun)} has both a spend and an outcome to compare"
    ask = int((corner(rows) == CORNERS[1, -1]).sum())
    verb, their = ("spends", "its") if ask <= 1 else ("spend", "their")
    of_all = f"{words.number(ask) if ask else 'None'} of {words.count_of(len(rows), noun)}"
    said = f"{of_all} {verb} more than {their} peers with worse outcomes"
    beyond = int((sure(rows) & (corner(rows) == CORNERS[1, -1])).sum())
    return f"{said}; {words.number(beyond) if beyond else 'none'} beyond chance in both" if ask else said


@style.context()
def quadrant(rows: pd.DataFrame, *, caption: Caption, noun: str, labels: int = LABELS) -> Figure:
    """Draw the quadrant.

    Parameters
    ----------
    rows
        As ``quadrant_rows`` gives them, each with its ``name``.
    caption
        The words.
    noun
        What the points are: a kind of area, or "programme".
    labels
        Most names drawn, of the points furthest from the middle.
    """
    figure, axes = frame(
        title(rows, noun=noun),
        f"{caption.about}. Upwards: mean difference of the outcomes from the peers, better at the top",
        caption=caption,
        plot_height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        keys=_keys(rows),
    )
    if rows.empty:
        say_empty(axes)
        return figure
    for name, setter in ((SPEND, axes.set_xlim), (OUTCOME, axes.set_ylim)):
        reach = max(1.18 * float(rows[name].abs().max()), 1.0)
        setter(-reach, reach)
    number_axis(axes, "x", unit="%", grid=False, title="Spend, difference from peers  →  higher")
    number_axis(axes, "y", unit="%", grid=False)
    axes.axhline(0, color=style.DARK_GREY, linewidth=1.0, zorder=1)
    axes.axvline(0, color=style.DARK_GREY, linewidth=1.0, zorder=1)
    taken = [*_corners(axes), *_lines(axes)]
    _draw(axes, rows)
    _name(axes, rows, taken, labels)
    return figure


def _keys(rows: pd.DataFrame) -> list[Key]:
    known = sure(rows) if len(rows) else pd.Series(dtype=bool)
    keys = []
    if known.any():
        keys.append(
            Key(f"Beyond chance in spend and in an outcome ({words.number(int(known.sum()))})", SURE.line)
        )
    if (~known).any():
        keys.append(Key(f"Not in both ({words.number(int((~known).sum()))})", UNSURE.line))
    return keys


def _corners(axes: Axes) -> list[tuple[float, float, float, float]]:
    """Name the four quadrants, and return the boxes of their names in points of the figure."""
    box = axes.get_window_extent()
    taken = []
    for (across, up), said in CORNERS.items():
        axes.text(
            0.99 if across > 0 else 0.01, 0.98 if up > 0 else 0.02, said, transform=axes.transAxes,
            ha="right" if across > 0 else "left", va="top" if up > 0 else "bottom", fontsize=style.SMALL,
            color=style.DARK_GREY, weight="bold",
        )  # fmt: skip
        width = style.text_width(said, style.SMALL, bold=True)
        left = box.x1 - 0.01 * box.width - width if across > 0 else box.x0 + 0.01 * box.width
        bottom = box.y1 - 0.02 * box.height - 12 if up > 0 else box.y0 + 0.02 * box.height
        taken.append((left - 3, bottom - 2, left + width + 3, bottom + 14))
    return taken


def _lines(axes: Axes) -> list[tuple[float, float, float, float]]:
    """Boxes of the two lines through the middle: no name is crossed by one."""
    box, (x, y) = axes.get_window_extent(), axes.transData.transform((0.0, 0.0))
    return [(x - 1, box.y0, x + 1, box.y1), (box.x0, y - 1, box.x1, y + 1)]


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    shrink = float(np.clip((MANY / len(rows)) ** 0.5, 0.35, 1.0))
    known = sure(rows).to_numpy()
    for own, mark in ((~known, UNSURE), (known, SURE)):
        if own.any():
            look = mark.line | {"markersize": mark.size * shrink}
            x, y = (rows[name].to_numpy(dtype=float)[own] for name in (SPEND, OUTCOME))
            axes.plot(x, y, zorder=3, rasterized=int(own.sum()) > 1200, **look)


def _name(
    axes: Axes, rows: pd.DataFrame, taken: list[tuple[float, float, float, float]], labels: int
) -> None:
    points = axes.transData.transform(rows[[SPEND, OUTCOME]].to_numpy(dtype=float))
    box = axes.get_window_extent()
    reach = rows[[SPEND, OUTCOME]].abs()
    far = (reach / reach.max().clip(lower=1e-9)).max(axis=1)
    order = np.argsort(-far.to_numpy(dtype=float), kind="stable")
    names = [words.text(name, code) for name, code in zip(rows["name"], rows["code"], strict=True)]
    near = points[order[:300]]
    half = 4.0
    boxes = [*taken, *map(tuple, np.hstack([near - half, near + half]))]
    first = order[: labels if len(rows) <= CROWDED else labels // 2]
    placed = point_labels.place(
        points[first], [names[place] for place in first],
        bounds=(box.x0 + 2, box.y0 + 2, box.x1 - 2, box.y1), taken=boxes,
    )  # fmt: skip
    point_labels.draw(axes, placed)


def alt_text(rows: pd.DataFrame, *, caption: Caption, noun: str) -> str:
    """Say in words what the chart shows."""
    first = f"Quadrant chart of {caption.about}: spend across and outcome upwards, each against the peers."
    if rows.empty:
        return f"{first} {title(rows, noun=noun)}."
    corners = corner(rows)
    counts = [f"{words.number(int((corners == said).sum()))} {said.lower()}" for said in CORNERS.values()]
    asked = rows[corners == CORNERS[1, -1]]
    order = np.argsort(-(asked[SPEND] - asked[OUTCOME]).to_numpy(dtype=float), kind="stable")[:3]
    named = [words.text(asked["name"].iloc[place], str(asked["code"].iloc[place])) for place in order]
    furthest = f" Higher spend with worse outcome, furthest first: {words.series(named)}." if named else ""
    return (
        f"{first} {title(rows, noun=noun)}; in all {words.series(counts)}.{furthest}"
        " The figures are in the comparison table."
    )


def drawn(rows: pd.DataFrame, *, caption: Caption, noun: str) -> Drawn:
    """Draw the chart with its words."""
    return Drawn(
        figure=quadrant(rows, caption=caption, noun=noun),
        title=title(rows, noun=noun),
        alt=alt_text(rows, caption=caption, noun=noun),
        source=caption.source,
    )
