"""Over time: where the pack's own area is moving, and what stands out of its own series."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports import words
from reports.catalogue import about_indicators
from reports.contents import Contents
from reports.page.table import (
    MARKS,
    Cell,
    Row,
    Section,
    Table,
    between,
    columns,
    figure,
    marked,
    measured,
    named,
    text,
)  # fmt: skip
from reports.shorthand import with_suppressed
from reports.tree import Tree
from reports.trends import NO_SPECIAL_CAUSE, stands_out, trend_of, trend_sentence

NOTE = (
    "Recent trend: the last five periods, by the test of Fingertips at 99.8%. Usual range: within it lies"
    " what the area's own figures vary by from period to period (XmR limits). Change: from the period before,"
    " marked where it is beyond chance at 95%."
)
TRIAL = " The range rests on fewer than 13 periods, so it is a trial one."


def trend_section(contents: Contents) -> Section | None:
    """Return what moves in the pack's own area; None where no series is long enough."""
    rows = trend_of(contents, {contents.focus})
    if rows.empty:
        return None
    area = Tree(contents).name(contents.focus)
    shown = stands_out(rows)
    return Section(
        id="trend",
        title="Trend",
        sentence=trend_sentence(rows, area),
        table=None if shown.empty else _table(contents, area, shown),
    )


def changed(row: Mapping[Any, Any]) -> Cell:
    """Return the change from the period before, marked where it is beyond chance."""
    significance = words.text(row["change_significance"])
    mark = significance if significance in MARKS else ""
    said = words.signed(figure(row["change"]))
    return Cell(text=f"{said} {mark}".rstrip(), value=figure(row["change"]), mark=mark)


def _table(contents: Contents, area: str, rows: pd.DataFrame) -> Table:
    catalogue = about_indicators(contents.catalogue)
    own = with_suppressed(contents.comparison[contents.comparison["area"] == contents.focus])
    latest = dict(zip(own["indicator"], own["value"], strict=True))
    trial = rows["trial_limits"].fillna(False).astype(bool).any()
    return Table(
        id="trend-table",
        caption=f"{area}: indicators with a recent trend or a special cause",
        columns=columns(
            "Indicator",
            "Series",
            "Latest value",
            "Change",
            "Recent trend",
            "Usual range",
            "Special cause",
            numeric=("Latest value",),
        ),
        rows=tuple(
            Row(
                cells=(
                    named(row["indicator"], catalogue[row["indicator"]]),
                    text(f"{row['first_period']} to {row['last_period']}"),
                    measured(latest.get(row["indicator"]), catalogue[row["indicator"]]["unit"]),
                    changed(row),
                    marked(words.text(row["recent_trend"], "Cannot be calculated"), row["mark"]),
                    between(row["process_lower"], row["process_upper"]),
                    text(row["special_cause"], missing=NO_SPECIAL_CAUSE),
                )
            )
            for row in with_suppressed(rows).to_dict("records")
        ),
        note=NOTE + (TRIAL if trial else ""),
        tools=True,
        file="trend.csv",
    )
