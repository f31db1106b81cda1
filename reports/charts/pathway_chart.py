"""Pathway on a page: a programme's indicators from risk to outcome, as differences from the peers."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import style, words
from reports.catalogue import OTHER, PATHWAY_STAGES
from reports.charts.axis import beside, number_axis, segments
from reports.charts.frame import Caption, Drawn, Key, frame, mark_keys, rows_of, say_empty
from reports.charts.marks import draw_marks
from reports.charts.rows import NamedRows, named_rows, write_names
from reports.flags import BEYOND_CHANCE

ROW = 17.0  # points
LEFT, COLUMN = 306.0, 50.0
RIGHT = 76.0  # the count of areas that stand out, where there are several
STAGES = PATHWAY_STAGES | {"": OTHER}  # what has no stage stands last
INTERVAL: dict[str, Any] = {"color": style.MID_GREY, "linewidth": 1.3}
NEAREST, FURTHEST = 5.0, 100.0  # per cent: ends of the axis are not nearer or further than these
BY_CHANCE = 0.05  # flags on either side where nothing differs

Floats = NDArray[np.float64]


def pathway_rows(
    comparison: pd.DataFrame, catalogue: pd.DataFrame, programme: str, areas: Collection[str]
) -> pd.DataFrame:
    """Rows of one programme's pathway, in the order of care.

    Parameters
    ----------
    comparison
        Rows of one period (of each indicator's latest).
    catalogue
        indicator, name, programme, pathway_stage, unit, polarity.
    programme
        As the catalogue has it.
    areas
        Codes: one, or several of a kind that are shown beside each other.

    Returns
    -------
    DataFrame
        One row per indicator and area that has a value and peers: indicator, name, unit, polarity, stage (as a
        reader reads it), area, value, comparator_value, significance; and ``relative``, ``relative_lower`` and
        ``relative_upper``: the difference from the peers as a percentage of their value.
    """
    told = catalogue.loc[catalogue["programme"] == programme]
    told = told.set_index("indicator")[["name", "unit", "polarity", "pathway_stage"]]
    own = comparison[comparison["area"].isin(list(areas)) & comparison["indicator"].isin(told.index)]
    rows = own.drop(columns="name", errors="ignore").join(told, on="indicator")
    peers = rows["comparator_value"].astype(float).abs()
    peers = peers.where(peers > 0)
    for name, column in (
        ("", "difference"),
        ("_lower", "difference_lower_95"),
        ("_upper", "difference_upper_95"),
    ):
        rows[f"relative{name}"] = 100 * rows[column].astype(float) / peers
    rows = rows[rows["relative"].notna()]
    stage = rows["pathway_stage"].map(words.text).where(lambda code: code.isin(list(STAGES)), "")
    place = stage.map({code: number for number, code in enumerate(STAGES)}).astype(int)
    rows = rows.assign(stage=stage.map(STAGES), place=place, significance=style.known(rows["significance"]))
    return rows.sort_values(["place", "name", "indicator", "area"], kind="stable").reset_index(drop=True)


def title(rows: pd.DataFrame, programme: str, *, kind: str = "", name: str = "") -> str:
    """Say what of the pathway differs from the peers; of one area by its ``name``, of several by their ``kind``."""
    whose = f"{programme} in {name}" if name else programme
    tested = rows[rows["significance"] != "not tested"]
    if tested.empty:
        return f"{whose}: nothing can be told from its peers"
    flagged = tested[tested["significance"].isin(BEYOND_CHANCE)]
    if name:
        by_chance = words.expected_count(BY_CHANCE * len(tested))
        count = words.number(len(flagged)) if len(flagged) else "none"
        return (
            f"{whose}: {count} of {words.count_of(len(tested), 'indicator')}"
            f" {'differs' if len(flagged) <= 1 else 'differ'} from the peers beyond chance ({by_chance} by chance)"
        )
    if flagged.empty:
        return f"{whose}: no {words.kind_name(kind)} differs from its peers beyond chance"
    counts = flagged["indicator"].value_counts(sort=False)
    most = counts.index[int(np.argmax(counts.to_numpy()))]
    of = int((tested["indicator"] == most).sum())
    said = words.text(rows.loc[rows["indicator"] == most, "name"].iloc[0], str(most))
    return (
        f"{whose}: {said} differs most between {words.kind_name(kind, 2)}: {words.number(int(counts.max()))} of"
        f" {words.number(of)} stand apart from their peers ({words.expected_count(BY_CHANCE * of)} by chance)"
    )


@style.context()
def pathway(rows: pd.DataFrame, *, caption: Caption, name: str = "") -> Figure:
    """Draw a pathway; ``rows`` as ``pathway_rows`` gives them, ``caption.name`` the programme.

    With an area's ``name`` each mark has its interval and its figures; without, the marks of all areas of a
    kind stand on one line.
    """
    indicators = rows.drop_duplicates("indicator").reset_index(drop=True)
    left = LEFT if name else LEFT - 2 * COLUMN + 8
    said = [words.text(row.name, row.indicator) for row in rows_of(indicators)]
    room = left - 28 - (2 * COLUMN + 16 if name else 0)
    laid = named_rows(said, indicators["stage"].tolist(), width=room)
    figure, axes = frame(
        title(rows, caption.name, kind=caption.kind, name=name),
        _subtitle(caption, name),
        caption=caption,
        plot_height=ROW * (laid.end + 0.7),
        left=left,
        right=20.0 if name else RIGHT,
        keys=_keys(rows, name),
    )
    if rows.empty:
        say_empty(axes)
        return figure
    reach = _reach(rows)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(laid.end + 0.3, -0.4)
    number_axis(axes, "x", unit="%", ticks=5, title="Lower than peers  ←  difference from peers  →  higher")
    axes.axvline(0, color=style.DARK_GREY, linewidth=1.0, zorder=1)
    _draw(axes, rows, dict(zip(indicators["indicator"], laid.place, strict=True)), reach, bool(name))
    write_names(axes, laid, beside(axes, left=-left + 14))
    _write(axes, rows, indicators, laid, bool(name))
    return figure


def _subtitle(caption: Caption, name: str) -> str:
    each = f"{name} against its peers" if name else f"each {words.kind_name(caption.kind)} against its peers"
    return ", ".join(part for part in (f"{caption.name} pathway", caption.period, each) if part)


def _keys(rows: pd.DataFrame, name: str) -> list[Key]:
    # Indicators of either polarity stand on one page: what is better differs from row to row.
    said = {"worse": "On the side to ask about", "better": "On the good side"}
    keys = [
        Key(f"{said[mark]} ({words.number(int(count), 0)})", style.mark(mark).line)
        for mark in said
        if (count := (rows["significance"] == mark).sum())
    ]
    rest = rows.loc[~rows["significance"].isin(list(said)), "significance"]
    keys += mark_keys(rest, "local")
    return [*keys, Key("95% interval", INTERVAL, long=True)] if name else keys


def _reach(rows: pd.DataFrame) -> float:
    """End of the axis, the same on both sides: every mark, and intervals as far as most go."""
    ends = rows[["relative_lower", "relative_upper"]].abs().max(axis=1).fillna(0)
    furthest = max(float(rows["relative"].abs().max()), float(ends.quantile(0.75)))
    return float(np.clip(furthest * 1.08, NEAREST, FURTHEST))


def _draw(axes: Axes, rows: pd.DataFrame, place_of: dict[str, float], reach: float, alone: bool) -> None:
    place = rows["indicator"].map(place_of).to_numpy(dtype=float)
    value = np.clip(rows["relative"].to_numpy(dtype=float), -reach, reach)
    if alone:
        low, high = (rows[f"relative_{side}"].to_numpy(dtype=float) for side in ("lower", "upper"))
        ends = segments(np.clip(low, -reach, reach), np.clip(high, -reach, reach), place)
        axes.plot(*ends, zorder=2, label="interval", **INTERVAL)
        for cut, marker, at in ((low < -reach, 4, -reach), (high > reach, 5, reach)):
            axes.plot(
                np.full(cut.sum(), at), place[cut], linestyle="none", marker=marker, markersize=5.0,
                color=INTERVAL["color"], clip_on=False, zorder=2, label="cut",
            )  # fmt: skip
    significance = rows["significance"].to_numpy()
    draw_marks(axes, value, place, significance, size=1.0 if alone else 0.8, clip_on=False)


def _write(axes: Axes, rows: pd.DataFrame, indicators: pd.DataFrame, laid: NamedRows, alone: bool) -> None:
    """Write the figures of one area, or the counts of several."""
    own, peers, right = (
        beside(axes, left=-COLUMN - 14), beside(axes, left=-12), beside(axes, right=8),
    )  # fmt: skip
    look: dict[str, Any] = {"fontsize": style.SMALL, "va": "center"}
    heading: dict[str, Any] = look | {"color": style.DARK_GREY}
    if alone:
        axes.text(0, 0.0, "This area", transform=own, ha="right", **heading)
        axes.text(0, 0.0, "Peers", transform=peers, ha="right", **heading)
    else:
        axes.text(0, 0.0, "Stand apart", transform=right, **heading)
    flagged = rows[rows["significance"].isin(BEYOND_CHANCE)].groupby("indicator").size()
    tested = rows[rows["significance"] != "not tested"].groupby("indicator").size()
    for y, row in zip(laid.place, rows_of(indicators), strict=True):
        unit = words.text(row.unit)
        if alone:
            of_peers = words.bare_value(row.comparator_value, unit)
            axes.text(0, y, words.bare_value(row.value, unit), transform=own, ha="right", **look)
            axes.text(0, y, of_peers, transform=peers, ha="right", **heading)
        else:
            of = tested.get(row.indicator, 0)
            apart = words.number(int(flagged.get(row.indicator, 0)))
            count = f"{apart} of {words.number(int(of))}" if of else "not tested"
            axes.text(0, y, count, transform=right, **look)


def alt_text(rows: pd.DataFrame, *, caption: Caption, name: str = "") -> str:
    """Say in words what the chart shows."""
    first = f"Pathway chart of {_subtitle(caption, name)}."
    if rows.empty:
        return f"{first} No figures are available."
    said = title(rows, caption.name, kind=caption.kind, name=name)
    flagged = rows[rows["significance"].isin(BEYOND_CHANCE)]
    furthest = flagged.iloc[np.argsort(-flagged["relative"].abs().to_numpy(), kind="stable")].head(3)
    named = [
        f"{words.text(row.name, row.indicator)} ({words.signed(row.relative, 0)}%)"
        for row in rows_of(furthest)
    ]
    most = f" Furthest from the peers beyond chance: {words.series(named)}." if named and name else ""
    count = words.count_of(rows["indicator"].nunique(), "indicator")
    return (
        f"{first} {said}. It has {count} from risk to outcome.{most} The figures are in the comparison table."
    )


def drawn(rows: pd.DataFrame, *, caption: Caption, name: str = "") -> Drawn:
    """Draw the chart with its words."""
    return Drawn(
        figure=pathway(rows, caption=caption, name=name),
        title=title(rows, caption.name, kind=caption.kind, name=name),
        alt=alt_text(rows, caption=caption, name=name),
        source=caption.source,
    )
