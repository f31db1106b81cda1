"""The peers of every kind of area, as the settings ask, with how good each peer group is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.peers import (
    PeerGroup,
    everyone_else,
    find_peers,
    peer_fit,
    peer_table,
    same_group,
)
from variation.areas import AreaTree
from variation.errors import Finding
from variation.settings import Peers
from variation.tables import PEER_FIT, PEERS


@dataclass(frozen=True, kw_only=True)
class Peering:
    """Peers of the areas of one kind: positions among the areas of that kind, -1 where there are fewer."""

    kind: str
    method: str
    positions: NDArray[np.int64]
    peers: pd.DataFrame
    fit: pd.DataFrame


def choose_peers(
    tree: AreaTree, settings: dict[str, Peers], *, seed: int, findings: list[Finding]
) -> dict[str, Peering]:
    """Choose the peers of every kind of area; similar areas for the finest kind where nothing is set.

    Kinds above the finest are held against all the others of their kind unless the settings say otherwise.
    """
    chosen = {}
    for depth, kind in enumerate(tree.kinds_by_depth):
        usual = Peers() if depth == 0 and _features(tree, Peers()) else Peers(method="everyone")
        chosen[kind] = _peer(tree, kind, settings.get(kind, usual), seed=seed, findings=findings)
    for kind in set(settings) - set(chosen):
        findings.append(
            Finding(
                severity="warning",
                code="no_such_kind",
                table="analysis.toml",
                column=f"peers.{kind}",
                message="no area is of this kind",
                hint=f"kinds are: {', '.join(chosen)}",
            )
        )
    return chosen


def _features(tree: AreaTree, peers: Peers) -> list[str]:
    """Columns of the areas table that the peers are found by."""
    plain = {"area", "name", "kind", "parent"}
    numeric = [
        name
        for name in tree.table.columns
        if name not in plain and not name.startswith("_") and pd.api.types.is_numeric_dtype(tree.table[name])
    ]
    return [name for name in numeric if not peers.features or name in peers.features]


def _peer(tree: AreaTree, kind: str, settings: Peers, *, seed: int, findings: list[Finding]) -> Peering:
    own = tree.of_kind(kind)
    table = tree.table.iloc[own]
    if settings.method == "similar":
        features = table[_features(tree, settings)].set_index(table["area"])
        weights = "equal" if settings.features and settings.weights == "nhse_2021" else settings.weights
        group = find_peers(features, weights=weights, number=settings.number)
        _note_shortfalls(group, kind, settings, findings)
        return Peering(
            kind=kind,
            method=settings.method,
            positions=group.positions,
            peers=peer_table(group, tree.codes[own]),
            fit=peer_fit(features, group, seed=seed).rename_axis("area").reset_index(),
        )
    positions = everyone_else(len(own)) if settings.method == "everyone" else same_group(tree.parent[own])
    return Peering(
        kind=kind,
        method=settings.method,
        positions=positions,
        peers=pd.DataFrame(columns=PEERS.names),
        fit=pd.DataFrame(columns=PEER_FIT.names),
    )


def _note_shortfalls(group: PeerGroup, kind: str, settings: Peers, findings: list[Finding]) -> None:
    """Say which variables took no part, and how many areas have fewer peers than asked."""
    if group.dropped:
        findings.append(
            Finding(
                severity="warning",
                code="peer_variables",
                table="areas",
                value=", ".join(group.dropped),
                message=f"peers of each {kind} are found without these variables: missing, or the same everywhere",
                hint="the weights of the others are scaled up",
            )
        )
    short = (group.positions >= 0).sum(axis=1) < settings.number
    if short.any():
        findings.append(
            Finding(
                severity="note",
                code="fewer_peers",
                table="areas",
                value=str(int(short.sum())),
                message=f"{kind} areas with fewer than {settings.number} peers",
                hint="a missing feature leaves an area without peers",
            )
        )
