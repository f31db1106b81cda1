"""Spine chart: one area's indicators on one page, its place among all areas, better to the right."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports import style, words
from reports.charts.axis import beside, segments
from reports.charts.frame import Caption, Drawn, Key, frame, rows_of, say_empty
from reports.charts.marks import draw_marks
from reports.charts.rows import NamedRows, named_rows, write_names
from reports.flags import BEYOND_CHANCE, FLAGGED_BY_CHANCE

ROW = 15.5  # points
LEFT, COLUMN = 318.0, 50.0  # the name and two columns of figures stand left of the spine
NAMES = LEFT - 2 * COLUMN - 24
ROWS = 18  # indicators a page
RANGE: dict[str, Any] = {"color": style.FAINT_GREY, "linewidth": 8, "solid_capstyle": "butt"}
MIDDLE: dict[str, Any] = {"color": style.PALE_GREY, "linewidth": 8, "solid_capstyle": "butt"}

# What each mark says where indicators of either polarity stand on one page.
SIDES = {
    "worse": "To ask about, beyond chance",
    "better": "On the good side, beyond chance",
    "higher": "Higher than peers",
    "lower": "Lower than peers",
    "similar": "No difference beyond chance",
    "not tested": "Not tested",
}

Floats = NDArray[np.float64]


def spine_spread(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return how far the areas of one kind lie apart, by indicator: low, quarter, three_quarters, high.

    >>> rows = pd.DataFrame({"indicator": ["A"] * 5, "value": [1.0, 2.0, 3.0, 4.0, 5.0]})
    >>> spine_spread(rows).loc["A"].tolist()
    [1.0, 2.0, 4.0, 5.0]
    """
    parts = np.array([0.0, 0.25, 0.75, 1.0])
    given = comparison[comparison["value"].notna()]
    spread = given.groupby("indicator")["value"].quantile(parts).unstack()  # noqa: PD010
    spread = spread.reindex(columns=parts)  # none where no area of the kind has a value
    spread.columns = ["low", "quarter", "three_quarters", "high"]
    return spread


def spine_rows(
    comparison: pd.DataFrame,
    catalogue: pd.DataFrame,
    area: str,
    *,
    parent: str = "",
    spread: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Rows of one area's spine, in the order of the catalogue.

    Parameters
    ----------
    comparison
        Rows of one period (of each indicator's latest), of the area's own kind and of its parent.
    catalogue
        indicator, name, programme, unit, polarity.
    area, parent
        Codes; without a parent no diamond is drawn.
    spread
        How far the areas of the kind lie apart, where ``spine_spread`` was asked already: the comparison then
        need not have them all.

    Returns
    -------
    DataFrame
        indicator, name, programme, unit, polarity, value, significance, parent_value, and on the spine's scale
        (-1 worst to 1 best of all areas of the kind, 0 their average; lowest to highest where neither is
        better) area, parent, low, quarter, three_quarters, high.
    """
    comparison = comparison[comparison["indicator"].isin(catalogue["indicator"])]
    if spread is None:
        kind = comparison.loc[comparison["area"] == area, "kind"]
        spread = spine_spread(comparison[comparison["kind"].isin(kind)])
    own = comparison[comparison["area"] == area].set_index("indicator")
    above = comparison[comparison["area"] == parent].set_index("indicator")["value"].astype(float)
    told = catalogue.set_index("indicator")[["name", "programme", "unit", "polarity"]]
    table = told.join(own[["value", "significance", "funnel_target"]], how="inner").join(spread)
    table = table[table["value"].notna() & table["low"].notna()]
    table["significance"] = style.known(table["significance"])
    table["parent_value"] = above.reindex(table.index)
    scaled = _scaled(table)
    return table.join(scaled).rename_axis("indicator").reset_index()


def telling(rows: pd.DataFrame, most: int = ROWS, *, first: Collection[str] = ()) -> pd.DataFrame:
    """Rows for one page, in their order: beyond chance before the others, the furthest from the average first.

    Indicators named ``first`` come before all: what a page speaks of stands on its spine.
    """
    order = pd.DataFrame(
        {
            "unnamed": ~rows["indicator"].isin(list(first)),
            "quiet": ~rows["significance"].isin(BEYOND_CHANCE),
            "near": -rows["at_area"].abs(),
        }
    ).sort_values(["unnamed", "quiet", "near"], kind="stable")
    return rows.loc[sorted(order.index[:most])].reset_index(drop=True)


def _scaled(table: pd.DataFrame) -> pd.DataFrame:
    """Put values on the spine: the average in the centre, the further extreme at its edge, better to the right."""
    centre = table["funnel_target"].fillna(table[["low", "high"]].mean(axis=1)).to_numpy(dtype=float)
    reach = np.maximum(table["high"] - centre, centre - table["low"]).to_numpy(dtype=float)
    sign = np.where(table["polarity"] == "low", -1.0, 1.0)

    def on_spine(name: str) -> Floats:
        value = table[name].to_numpy(dtype=float, na_value=np.nan)
        return np.clip(sign * (value - centre) / np.where(reach > 0, reach, 1.0), -1.0, 1.0)

    places = {f"at_{name}": on_spine(name) for name in ("low", "quarter", "three_quarters", "high")}
    places |= {"at_area": on_spine("value"), "at_parent": on_spine("parent_value")}
    return pd.DataFrame(places, index=table.index)


def title(rows: pd.DataFrame, name: str) -> str:
    """Say how many of the area's indicators stand out, and how many would by chance."""
    judged = rows[rows["polarity"].isin(["low", "high"]) & (rows["significance"].astype(str) != "not tested")]
    if judged.empty:
        return f"{name}: {words.count_of(len(rows), 'indicator')}, none tested against peers"
    worse, better = ((judged["significance"] == word).sum() for word in ("worse", "better"))
    by_chance = words.expected_count(FLAGGED_BY_CHANCE * len(judged))
    return (
        f"{name}: of {words.count_of(len(judged), 'indicator')}, {words.number(worse, 0)} beyond chance on the side"
        f" to ask about and {words.number(better, 0)} on the other ({by_chance} on each by chance)"
    )


@style.context()
def spine(
    rows: pd.DataFrame,
    *,
    caption: Caption,
    parent_name: str = "",
    every: pd.DataFrame | None = None,
    named: bool = False,
) -> Figure:
    """Draw one page of a spine.

    Parameters
    ----------
    rows
        As ``spine_rows`` gives them.
    caption
        The words; its name is the area's.
    parent_name
        Of the area that the diamond is; empty for none.
    every
        Rows of all the area's indicators, where ``rows`` are chosen from them: the title counts over all, as a
        choice of what differs would count too many.
    named
        Whether some were chosen because the page speaks of them.
    """
    said = rows["significance"].astype(str).value_counts()
    keys = [Key(f"{SIDES[one]} ({said[one]})", style.mark(one).line) for one in SIDES if one in said.index]
    keys += [Key("Lowest to highest area", RANGE, long=True), Key("Middle half", MIDDLE, long=True)]
    if parent_name:
        keys.append(Key(style.plain(parent_name), style.PARENT.line))
    left = LEFT if parent_name else LEFT - COLUMN
    laid = named_rows(
        [_about(row) for row in rows_of(rows)], rows["programme"].map(words.text).tolist(), width=NAMES
    )
    figure, axes = frame(
        title(every if every is not None else rows, caption.name),
        _subtitle(rows, every, caption, named),
        caption=caption,
        plot_height=ROW * (laid.end + 1.6),
        left=left,
        right=18.0,
        bottom=6.0,
        keys=keys,
    )
    axes.set_axis_off()
    if rows.empty:
        say_empty(axes)
        return figure
    axes.set_xlim(-1.06, 1.06)
    axes.set_ylim(laid.end + 0.2, -1.4)
    _draw(axes, rows, laid.place)
    _write(axes, rows, laid, parent_name, left)
    return figure


def _about(row: Any) -> str:
    unit = words.text(row.unit)
    return f"{words.text(row.name)} ({unit})" if unit and unit != "%" else words.text(row.name)


def _subtitle(rows: pd.DataFrame, every: pd.DataFrame | None, caption: Caption, named: bool) -> str:
    if every is None or len(every) == len(rows):
        return caption.about
    if named:
        some = f"{words.number(len(rows))} of {words.count_of(len(every), 'indicator')}"
        return f"{caption.about}: {some}, those to look at first and what differs most"
    of_all = f"the {words.number(len(rows))} of {words.count_of(len(every), 'indicator')} that differ most"
    return f"{caption.about}: {of_all}"


def _draw(axes: Axes, rows: pd.DataFrame, place: Floats) -> None:
    axes.plot(*segments(rows["at_low"], rows["at_high"], place), zorder=1, label="range", **RANGE)
    axes.plot(
        *segments(rows["at_quarter"], rows["at_three_quarters"], place), zorder=2, label="middle", **MIDDLE
    )
    foot, head = axes.get_ylim()
    axes.axvline(0, color=style.DARK_GREY, linewidth=0.9, zorder=2.5, ymax=1 - 0.9 / (foot - head))
    if rows["at_parent"].notna().any():
        axes.plot(rows["at_parent"], place, zorder=3, **style.PARENT.line)
    draw_marks(axes, rows["at_area"], place, rows["significance"].to_numpy(), zorder=4)


def _write(axes: Axes, rows: pd.DataFrame, laid: NamedRows, parent_name: str, left: float) -> None:
    """Write programmes, names and figures left of the spine, and what its two ends mean above it."""
    small: dict[str, Any] = {"fontsize": style.SMALL, "va": "center"}
    faint: dict[str, Any] = small | {"color": style.DARK_GREY}
    write_names(axes, laid, beside(axes, left=-left + 14))
    own, above = beside(axes, left=-8 - COLUMN * bool(parent_name)), beside(axes, left=-8)
    axes.text(0, -0.8, "This area", transform=own, ha="right", **faint)
    if parent_name:
        shown_parent = style.shorten(style.plain(parent_name).split(" (")[0], style.SMALL, COLUMN - 2)
        axes.text(0, -0.8, shown_parent, transform=above, ha="right", **faint)
    directed = rows["polarity"].isin(["low", "high"])
    ends = ("Worse", "Better") if directed.all() else ("Worse, or lower", "Better, or higher")
    for x, said, side in ((-1.0, f"← {ends[0]}", "left"), (1.0, f"{ends[1]} →", "right")):
        axes.text(x, -0.8, said, ha=side, **faint)
    axes.text(0, -0.8, "Average", ha="center", **faint)
    for y, row in zip(laid.place, rows_of(rows), strict=True):
        unit = words.text(row.unit)
        axes.text(0, y, words.bare_value(row.value, unit), transform=own, ha="right", **small)
        if parent_name:
            parent = "–" if words.is_missing(row.parent_value) else words.bare_value(row.parent_value, unit)
            axes.text(0, y, parent, transform=above, ha="right", **faint)


def alt_text(
    rows: pd.DataFrame, *, caption: Caption, parent_name: str = "", every: pd.DataFrame | None = None
) -> str:
    """Say in words what the chart shows."""
    first = (
        f"Spine chart of {caption.about}: {words.count_of(len(rows), 'indicator')}, the area's place in each."
    )
    every = rows if every is None else every
    if rows.empty:
        return f"{first} No figures are available."
    asked = rows.loc[rows["significance"] == "worse"]
    furthest = asked.sort_values("at_area", kind="stable")["name"].map(words.text).tolist()[:3]
    named = f" Furthest on the side to ask about: {words.series(furthest)}." if furthest else ""
    beside = f" The diamond is {parent_name}." if parent_name else ""
    return f"{first} {title(every, caption.name)}.{named}{beside} The figures are in the comparison table."


def drawn(
    every: pd.DataFrame, *, caption: Caption, parent_name: str = "", first: Collection[str] = ()
) -> Drawn:
    """Draw one page of a spine with its words: of ``every`` indicator of an area those that tell most.

    ``first`` are indicators that are on it in any case.
    """
    rows = telling(every, first=first)
    return Drawn(
        figure=spine(rows, caption=caption, parent_name=parent_name, every=every, named=len(first) > 0),
        title=title(every, caption.name),
        alt=alt_text(rows, caption=caption, parent_name=parent_name, every=every),
        source=caption.source,
    )
