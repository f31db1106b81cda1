"""Completeness: which share of the open areas each indicator is given for in each period, and which periods lack."""

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.checks.figures.places import Places
from variation.errors import Finding
from variation.figures.panel import Panel
from variation.periods import Period, in_time, parse_period
from variation.tables import COMPLETENESS

# Share of open areas below which an indicator's latest period is a warning.
MOST = 0.8
# Names that a finding lists.
NAMED = 8


def completeness_table(panel: Panel, places: Places) -> pd.DataFrame:
    """One row per indicator and period: areas on the map, open, given, without a count, without a row."""
    tree, groups = panel.tree, panel.groups
    there = np.zeros((len(groups), len(tree)), dtype=bool)
    there[places.cells] = True
    finest = places.finest
    figure = ~np.isnan(panel.numerator) | ~np.isnan(panel.value)
    is_open = _open(there, groups["period"]) & finest
    areas, given, named = ((cells & finest).sum(axis=1) for cells in (np.ones_like(there), figure, there))
    number = is_open.sum(axis=1)
    return pd.DataFrame(
        {
            "indicator": groups["indicator"],
            "period": groups["period"],
            "kind": groups["finest"],
            "areas": areas,
            "open": number,
            "given": given,
            "without_count": named - given,
            "without_row": number - named,
            "share": given / np.maximum(number, 1),
        }
    )[COMPLETENESS.names]


def _open(there: NDArray[np.bool_], periods: "pd.Series[str]") -> NDArray[np.bool_]:
    """Tell which areas were open in each group's period: a row of any indicator then, or both before and after."""
    texts = list(in_time(pd.DataFrame({"indicator": "", "period": periods.unique()}))["period"])
    place = periods.map({text: number for number, text in enumerate(texts)}).to_numpy()
    seen = np.zeros((len(texts), there.shape[1]), dtype=bool)
    np.logical_or.at(seen, place, there)
    before, after = np.logical_or.accumulate(seen, axis=0), np.logical_or.accumulate(seen[::-1], axis=0)[::-1]
    open_then: NDArray[np.bool_] = (before & after)[place]
    return open_then


def note_incomplete(table: pd.DataFrame, findings: list[Finding]) -> None:
    """Note indicators that many areas lack, periods missing from a series, and series that end early."""
    latest = table.drop_duplicates("indicator", keep="last")
    for row in latest[latest["share"] < MOST].itertuples():
        findings.append(
            _finding(
                severity="warning", code="incomplete", value=str(row.indicator),
                message=f"{row.indicator} is given for {row.given:,} of {row.open:,} open areas in {row.period}:"
                f" {row.without_count:,} have a row without a count, {row.without_row:,} no row",
                hint="those that are missing are rarely like the others: read sums and comparisons with care",
            )
        )  # fmt: skip
    _note_gaps(table, findings)
    _note_behind(latest, findings)


def _note_gaps(table: pd.DataFrame, findings: list[Finding]) -> None:
    """Note series in which a period lacks between two others."""
    read = {text: period for text in table["period"].unique() if (period := parse_period(text))}
    broken = {}
    for indicator, texts in table.groupby("indicator", sort=True)["period"]:
        series = [(text, read[text]) for text in texts if text in read]
        missing = [
            f"{one} to {other}" for (one, first), (other, second) in pairwise(series) if _gap(first, second)
        ]
        if missing:
            broken[str(indicator)] = missing
    if broken:
        findings.append(
            _finding(
                severity="note", code="gap_in_series", value=", ".join(list(broken)[:NAMED]),
                message=f"{len(broken):,} indicators lack a period between two others: from "
                + ", ".join(dict.fromkeys(gap for gaps in broken.values() for gap in gaps[:2])),
                hint="changes and trends there span more than one period",
            )
        )  # fmt: skip


def _gap(first: Period, second: Period) -> bool:
    return first.months == second.months and first.end < second.start and not first.adjoins(second)


def _note_behind(latest: pd.DataFrame, findings: list[Finding]) -> None:
    """Note indicators whose latest period is before that of the others."""
    ends = latest["period"].map(lambda text: period.end if (period := parse_period(text)) else None)
    behind = latest[ends < ends.max()]
    if len(behind):
        newest = latest.loc[ends == ends.max(), "period"].iloc[0]
        named = [f"{row.indicator} ({row.period})" for row in behind.head(NAMED).itertuples()]
        findings.append(
            _finding(
                severity="note", code="behind", value=", ".join(named),
                message=f"{len(behind):,} indicators have no figures of {newest}: their own latest stands beside it",
                hint="opportunity.period in analysis.toml prices one period only",
            )
        )  # fmt: skip


def _finding(*, severity: str, code: str, value: str, message: str, hint: str) -> Finding:
    return Finding(severity=severity, code=code, table="indicators", column="period", value=value,
                   message=message, hint=hint)  # fmt: skip
