"""The peers of every kind of area, as the settings ask, with how good each peer group is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.peer_values import Everyone
from benchmarks.peer_values import Peers as PeerPositions
from benchmarks.peers import (
    NHSE_2021,
    PeerGroup,
    everyone_else,
    find_peers,
    peer_fit,
    peer_table,
    same_group,
)
from benchmarks.quantiles import quantile_group
from variation.areas.tree import AreaTree
from variation.checks.peers import numeric_features
from variation.errors import Finding, VariationError
from variation.figures.panel import Panel
from variation.settings import Peers
from variation.tables import PEER_FIT, PEERS

# Areas. Only where some are no peers for an indicator are all the others listed one by one: 32 MB of positions.
MOST_LISTED = 2000


@dataclass(frozen=True, kw_only=True)
class Peering:
    """Peers of the areas of one kind: positions among the areas of that kind, -1 where there are fewer."""

    kind: str
    method: str
    positions: PeerPositions
    peers: pd.DataFrame
    fit: pd.DataFrame
    exceptions: Mapping[str, PeerPositions] = field(default_factory=dict)  # by indicator

    def of_indicator(self, indicator: str) -> "Peering":
        """Return the same with the peers that hold for one indicator."""
        return replace(self, positions=self.exceptions.get(indicator, self.positions))


Peerings = Mapping[str, Peering]


def bare(peerings: Peerings) -> Peerings:
    """Return them without the tables that tell of them, which reckoning does not need: to send them elsewhere."""
    return {
        kind: replace(one, peers=one.peers.head(0), fit=one.fit.head(0)) for kind, one in peerings.items()
    }


def by_peers(panel: Panel, peerings: Peerings) -> Iterator[tuple[Panel, Peerings]]:
    """Split a panel into the indicators that share the usual peers, and each that has peers of its own."""
    special = {name for peering in peerings.values() for name in peering.exceptions}
    if not special:
        yield panel, peerings
        return
    indicator = panel.groups["indicator"]
    usual = np.flatnonzero(~indicator.isin(special))
    if len(usual):
        yield panel.rows(usual), peerings
    for name in sorted(special & set(indicator)):
        own = {kind: peering.of_indicator(name) for kind, peering in peerings.items()}
        yield panel.rows(np.flatnonzero(indicator == name)), own


def choose_peers(
    tree: AreaTree,
    settings: Mapping[str, Peers],
    *,
    seed: int,
    findings: list[Finding],
    listed: pd.DataFrame | None = None,
) -> dict[str, Peering]:
    """Choose the peers of every kind of area; similar areas for the finest kind where nothing is set.

    Kinds above the finest are held against all the others of their kind unless the settings say otherwise.
    """
    chosen = {}
    for depth, kind in enumerate(tree.kinds_by_depth):
        known = set(NHSE_2021) & set(_features(tree, Peers()))
        usual = Peers() if depth == 0 and known else Peers(method="everyone")
        chosen[kind] = _peer(
            tree, kind, settings.get(kind, usual), listed=listed, seed=seed, findings=findings
        )
        for indicator, excluded in settings.get(kind, usual).exclude.items():
            findings.append(
                Finding(
                    severity="note",
                    code="excluded_peers",
                    table="analysis.toml",
                    column=f"peers.{kind}.exclude",
                    value=", ".join(excluded),
                    message=f"no peers for {indicator}; the next most similar take their place",
                )
            )
    return chosen


def _features(tree: AreaTree, peers: Peers) -> list[str]:
    """Columns of the areas table that the peers are found by."""
    numeric = numeric_features(tree.table)
    return [name for name in numeric if not peers.features or name in peers.features]


def _peer(
    tree: AreaTree,
    kind: str,
    settings: Peers,
    *,
    listed: pd.DataFrame | None,
    seed: int,
    findings: list[Finding],
) -> Peering:
    own = tree.of_kind(kind)
    if settings.method == "similar":
        return _by_likeness(tree, kind, own, settings, seed, findings)
    positions = _without_distance(tree, own, settings, listed)
    return Peering(
        kind=kind,
        method=settings.method,
        positions=positions,
        peers=pd.DataFrame(columns=PEERS.names),
        fit=pd.DataFrame(columns=PEER_FIT.names),
        exceptions={
            name: _without(positions, np.isin(tree.codes[own], excluded))
            for name, excluded in settings.exclude.items()
        },
    )


def _by_likeness(
    tree: AreaTree,
    kind: str,
    own: NDArray[np.int64],
    settings: Peers,
    seed: int,
    findings: list[Finding],
) -> Peering:
    """Peers by their distance in the features of the areas table."""
    table, codes = tree.table.iloc[own], tree.codes[own]
    features = table[_features(tree, settings)].set_index(table["area"])
    weights = "equal" if settings.features and settings.weights == "nhse_2021" else settings.weights
    allowed = ~np.isin(codes, settings.not_peers)
    if settings.smallest:
        allowed &= (table["population"] >= settings.smallest).to_numpy()

    def found(may_be_peer: NDArray[np.bool_]) -> PeerGroup:
        return find_peers(features, weights=weights, number=settings.number, candidates=may_be_peer)

    group = found(allowed)
    _note_shortfalls(group, kind, settings, findings)
    return Peering(
        kind=kind,
        method=settings.method,
        positions=group.positions,
        peers=peer_table(group, codes),
        fit=peer_fit(features, group, seed=seed, candidates=allowed).rename_axis("area").reset_index(),
        exceptions={
            name: found(allowed & ~np.isin(codes, excluded)).positions
            for name, excluded in settings.exclude.items()
        },
    )


def _without_distance(
    tree: AreaTree, own: NDArray[np.int64], settings: Peers, listed: pd.DataFrame | None
) -> PeerPositions:
    """Peers by the tree, by category, from a list, or everyone else."""
    if settings.method == "parent":
        return same_group(tree.parent[own])
    if settings.method == "category":
        return same_group(_categories(tree.table.iloc[own], settings.category))
    if settings.method == "list":
        return _listed(pd.Index(tree.codes[own]), listed)
    return Everyone(len(own))


def _without(positions: PeerPositions, excluded: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the same peers but for the areas that are excluded."""
    if isinstance(positions, Everyone):
        if positions.areas > MOST_LISTED:
            raise VariationError(
                f"analysis.toml: of {positions.areas:,} areas that are all each other's peers none can be excluded\n"
                f'  hint: peers.KIND.method = "similar" or "parent"; it can of up to {MOST_LISTED:,} areas'
            )
        positions = everyone_else(positions.areas)
    return np.where(excluded[positions], -1, positions)


def _categories(table: pd.DataFrame, columns: tuple[str, ...]) -> NDArray[np.object_]:
    """Join the categories of each area; a column of numbers is cut into fifths."""
    absent = [name for name in columns if name not in table]
    if absent or not columns:
        there = ", ".join(name for name in table.columns if not name.startswith("_"))
        raise VariationError(
            f"analysis.toml: peers by category need columns of the areas table; "
            f"not there: {', '.join(absent) or 'none was named'}\n  hint: there are {there}"
        )
    parts = [
        pd.Series(quantile_group(table[name].to_numpy(dtype=float), number=5), index=table.index)
        if pd.api.types.is_numeric_dtype(table[name])
        else table[name]
        for name in columns
    ]
    return pd.concat(parts, axis=1).astype(str).agg(" ".join, axis=1).to_numpy(dtype=object)


def _listed(codes: pd.Index, listed: pd.DataFrame | None) -> NDArray[np.int64]:
    """Peers as a table gives them, in its order; -1 fills where an area has fewer."""
    if listed is None or listed.empty:
        raise VariationError(
            "analysis.toml: the peer method list needs a table of peers\n"
            "  hint: add [tables.peers] with columns area and peer"
        )
    inside = listed[listed["area"].isin(codes) & listed["peer"].isin(codes)]
    place = inside.groupby("area").cumcount().to_numpy()
    positions = np.full((len(codes), int(place.max(initial=-1)) + 1), -1)
    area, peer = (codes.get_indexer(pd.Index(inside[name])) for name in ("area", "peer"))
    positions[area, place] = peer
    return positions


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
                hint="the weights of the others are scaled up"
                if group.weights
                else 'nothing is left to find peers by, and nothing is tested; method = "everyone" does without',
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
