"""What to keep in mind of each indicator's figures: how they were made, and what is wrong with them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.pack_rows import latest
from reports.tree import finest_kind

# How the value and its interval are made, by kind of indicator: names of methods, which the pack lists.
INTERVALS = {
    "proportion": "Wilson interval",
    "rate": "Rate interval",
    "ratio": "Rate interval",
    "spend": "Rate interval",
    "mean": "Interval of a mean",
}
STANDARDISATIONS = {"direct": "Direct standardisation", "indirect": "Indirect standardisation"}


def method_notes(about: Mapping[str, Any], known: set[str]) -> list[str]:
    """Name the methods behind an indicator's value, of those that the pack lists.

    >>> method_notes({"kind": "rate", "standardise": "direct", "source": "QOF"}, {"Direct standardisation"})
    ['Methods: Direct standardisation.', 'Source: QOF.']
    """
    standardised = STANDARDISATIONS.get(words.text(about.get("standardise")))
    chosen = [standardised or INTERVALS.get(words.text(about.get("kind")), "")]
    chosen += ["Calibrated difference", "Overdispersion", "Peer mean"]
    named = [name for name in chosen if name in known]
    said = [f"Methods: {', '.join(named)}."] if named else []
    source = words.text(about.get("source"))
    return [*said, f"Source: {source}."] if source else said


def quality_notes(contents: Contents) -> dict[str, list[str]]:
    """Say by indicator what is missing or withheld in its latest period, and how much of the spread is chance."""
    kind = finest_kind(contents.areas)
    notes: dict[str, list[str]] = {str(code): [] for code in contents.catalogue["indicator"]}
    for sentences in (_incomplete(contents), _withheld(contents, kind), _chance(contents, kind)):
        for code, sentence in sentences.items():
            if code in notes:
                notes[code].append(sentence)
    return notes


def _incomplete(contents: Contents) -> dict[str, str]:
    """Say how many open areas have no figure."""
    table = contents.completeness
    if table.empty:
        return {}
    rows = latest(table, contents.period)
    rows = rows[rows["given"] < rows["open"]]
    return {
        str(row["indicator"]): f"Data quality: {words.number(int(row['given']))} of"
        f" {words.count_of(int(row['open']), words.text(row['kind']))} open in {row['period']} have a figure."
        for row in rows.to_dict("records")
    }


def _withheld(contents: Contents, kind: str) -> dict[str, str]:
    """Say how many areas are withheld."""
    if "suppressed" not in contents.comparison:
        return {}
    rows = latest(contents.comparison[contents.comparison["kind"] == kind], contents.period)
    counts = rows.loc[rows["suppressed"].astype(bool), "indicator"].value_counts()
    return {
        str(code): f"Withheld to protect people: {words.count_of(int(count), kind)}."
        for code, count in counts.items()
    }


def _chance(contents: Contents, kind: str) -> dict[str, str]:
    """Say how much of what is seen between areas is chance."""
    table = contents.variation
    rows = latest(table[table["kind"] == kind], contents.period)
    shares = pd.to_numeric(rows["share_chance"], errors="coerce")
    return {
        str(code): f"Of the spread between {words.kind_name(kind, 2)}, {words.percent(share)} is chance."
        for code, share in zip(rows["indicator"], shares, strict=True)
        if not words.is_missing(share)
    }
