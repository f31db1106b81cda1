"""Check the settings of peers against the areas: every variable, category and list that they name is there."""

import difflib
from collections.abc import Iterator, Mapping

import pandas as pd

from benchmarks.peers import NHSE_2021
from variation.errors import Finding
from variation.reading.cells import note_rows
from variation.settings import Peers

# Columns of the areas table that say what an area is, not what it is like.
PLAIN = ("area", "name", "kind", "parent")


def numeric_features(areas: pd.DataFrame) -> list[str]:
    """Columns of numbers that the areas can be compared by."""
    return [
        name
        for name in areas.columns
        if name not in PLAIN and not name.startswith("_") and pd.api.types.is_numeric_dtype(areas[name])
    ]


def check_peers(
    areas: pd.DataFrame, listed: pd.DataFrame, settings: Mapping[str, Peers], findings: list[Finding]
) -> None:
    """Note what the peer settings name and the areas do not have, and negative values of a variable."""
    _check_listed(areas, listed, findings)
    there = numeric_features(areas)
    used = set(NHSE_2021) & set(there)
    kinds = sorted(areas["kind"].dropna().unique())
    for kind, peers in settings.items():
        if kind not in kinds:
            findings.append(_unknown_kind(kind, kinds))
        problems = list(_problems(peers, areas, listed, there))
        findings.extend(
            Finding(severity="error", code="peers", table="analysis.toml", column=f"peers.{kind}.{key}",
                    value=value, message=message, hint=hint)
            for key, value, message, hint in problems
        )  # fmt: skip
        if peers.method == "similar":
            used |= _variables(peers, there) & set(there)
    for name in sorted(used - {"population"}):  # which is looked at with the areas
        note_rows(findings, areas, areas[name] < 0, name, code="negative", severity="error",
                  message="a variable that peers are found by is 0 or more")  # fmt: skip


def _unknown_kind(kind: str, kinds: list[str]) -> Finding:
    """Warn of settings for a kind of area that there is not: another kind's peers are chosen the usual way."""
    near = difflib.get_close_matches(kind, kinds, n=1)
    return Finding(
        severity="warning",
        code="unknown_kind",
        table="analysis.toml",
        column=f"peers.{kind}",
        value=kind,
        message="no area is of this kind: the settings are not used",
        hint=f"did you mean {near[0]}?" if near else f"the areas are of kind {', '.join(kinds)}",
    )


def _check_listed(areas: pd.DataFrame, listed: pd.DataFrame, findings: list[Finding]) -> None:
    """Note listed peers that are no areas, and areas listed as their own peers."""
    codes = areas["area"].unique()
    for name in ("area", "peer"):
        note_rows(findings, listed, ~listed[name].isin(codes), name, code="outside_the_areas", severity="warning",
                  message="not among the areas; this peer is left out")  # fmt: skip
    note_rows(findings, listed, listed["area"] == listed["peer"], "peer", code="own_peer", severity="error",
              message="an area cannot be a peer of its own")  # fmt: skip
    again = listed.duplicated(["area", "peer"])
    note_rows(findings, listed, again, "peer", code="duplicate", severity="error",
              message="the same peer is listed twice")  # fmt: skip


def _variables(peers: Peers, there: list[str]) -> set[str]:
    """Columns that similar areas are found by."""
    if isinstance(peers.weights, dict):
        return set(peers.weights)
    if peers.features:
        return set(peers.features)
    return set(NHSE_2021) & set(there) if peers.weights == "nhse_2021" else set(there)


def _problems(
    peers: Peers, areas: pd.DataFrame, listed: pd.DataFrame, there: list[str]
) -> Iterator[tuple[str, str, str, str]]:
    """Give the problems of one kind's settings: key, what was found, what is wrong, what to do."""
    if peers.smallest and "population" not in areas:
        yield (
            "smallest",
            f"{peers.smallest:g}",
            "the areas have no column population",
            "add it to the areas table",
        )
    if peers.method == "list" and listed.empty:
        yield "method", "list", "there is no table of peers", "add [tables.peers] with columns area and peer"
    if peers.method == "category":
        yield from _absent("category", list(peers.category), [*there, *areas.columns])
    if peers.method != "similar":
        return
    names = _variables(peers, there)
    key = "weights" if isinstance(peers.weights, dict) else "features"
    if names:
        yield from _absent(key, sorted(names), there)
    else:
        wanted = ", ".join(NHSE_2021) if peers.weights == "nhse_2021" else "columns of numbers"
        yield ("weights", str(peers.weights), "none of its variables is among the columns of the areas table",
               f"give the areas {wanted}; or method = \"everyone\"; or name features. "
               f"There are: {', '.join(there) or 'none'}")  # fmt: skip


def _absent(key: str, names: list[str], there: list[str]) -> Iterator[tuple[str, str, str, str]]:
    if not names:
        yield key, "", "no column is named", f"there are: {', '.join(_shown(there))}"
    for name in names:
        if name not in there:
            near = difflib.get_close_matches(name, there, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(_shown(there)) or 'none'}"
            yield key, name, "no such column of the areas table that holds what is needed", hint


def _shown(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name not in PLAIN and not name.startswith("_")]
