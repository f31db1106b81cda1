"""Peers: the most similar areas by what an area cannot change, and how good each peer group is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

Floats = NDArray[np.float64]

# NHS England, 'similar 10 CCGs', April 2021: weight of each variable. They sum to 1.
NHSE_2021 = {
    "imd": 0.25,
    "population": 0.15,
    "rural": 0.15,
    "aged_18_39": 0.10,
    "aged_65_84": 0.10,
    "aged_85_plus": 0.10,
    "white_other": 0.03,
    "mixed": 0.03,
    "asian": 0.03,
    "black": 0.03,
    "other_ethnic": 0.03,
}
# The same variables as the official input file heads them.
OFFICIAL_NAMES = {
    "IMDscore": "imd",
    "poptot": "population",
    "pc_pop_rural_sparse": "rural",
    "pop_18_39": "aged_18_39",
    "pop_65_84": "aged_65_84",
    "pop_85plus": "aged_85_plus",
    "pc_White_other": "white_other",
    "pc_Mixed": "mixed",
    "pc_Asian": "asian",
    "pc_Black": "black",
    "pc_OtherEth": "other_ethnic",
}
PRESETS = ("nhse_2021", "equal")

# Standard deviations above the mean at which a value is capped, so that one extreme area does not
# squeeze the scale for all the others.
CAP_SD = 5

# Nearest areas looked at beyond those asked for, and pairs of areas measured at once where many are equally near.
SPARE_CANDIDATES, PAIRS_AT_ONCE = 8, 2_000_000


@dataclass(frozen=True, kw_only=True)
class PeerGroup:
    """Peers of every area as positions, for the array methods: -1 where an area has fewer than asked."""

    positions: NDArray[np.int64]  # (areas, N), most similar first
    distance: Floats  # (areas, N), NaN where there is no peer
    dropped: tuple[str, ...] = field(default=())  # variables without variance or wholly missing
    weights: Mapping[str, float] = field(default_factory=dict)  # as used: the remaining ones, summing to 1


def preset_weights(columns: list[str], weights: str | Mapping[str, float]) -> dict[str, float]:
    """Weights of the variables among ``columns``, from a preset's name or given one by one.

    >>> preset_weights(["imd", "rural"], "equal")
    {'imd': 0.5, 'rural': 0.5}
    """
    if isinstance(weights, Mapping):
        if unknown := [name for name in weights if name not in columns]:
            raise ValueError(
                f"weights for {', '.join(unknown)}, which the features do not have: {', '.join(columns)}"
            )
        if (bad := [name for name, weight in weights.items() if not weight >= 0]) or not sum(
            weights.values()
        ):
            raise ValueError(
                f"expected weights of 0 and more, with at least one above 0; see {', '.join(bad) or 'all'}"
            )
        return {name: float(weight) for name, weight in weights.items()}
    if weights == "nhse_2021":
        known = {
            name: NHSE_2021[OFFICIAL_NAMES.get(name, name)]
            for name in columns
            if OFFICIAL_NAMES.get(name, name) in NHSE_2021
        }
        if not known:
            raise ValueError(
                f"none of the variables of nhse_2021 ({', '.join(NHSE_2021)}) among {', '.join(columns)}"
            )
        return known
    if weights == "equal":
        if not columns:
            raise ValueError("expected at least one feature to find peers by, got none")
        return dict.fromkeys(columns, 1 / len(columns))
    raise ValueError(
        f"unknown weights {weights!r}; presets are {', '.join(PRESETS)}, or give a weight to each variable"
    )


def standardised(features: ArrayLike) -> Floats:
    """z-scores of the square root of each variable, capped at five standard deviations above its mean.

    Population standard deviations throughout; a variable without variance gives 0. Shape (areas, variables).

    >>> standardised([[1.0], [9.0]])
    array([[-1.], [ 1.]])
    """
    values = np.asarray(features, dtype=float)
    if (bad := values < 0).any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"expected features of 0 and more, got {values[row, column]:g} at row {row}, column {column}"
            f" ({int(bad.sum())} such values)"
        )
    mean, spread = _moments(values)
    roots = np.sqrt(np.minimum(values, mean + CAP_SD * spread))
    mean, spread = _moments(roots)
    alike = np.where(np.isnan(roots), np.nan, 0.0)
    return np.divide(roots - mean, spread, out=alike, where=spread > 0)


def _moments(values: Floats) -> tuple[Floats, Floats]:
    """Mean and population standard deviation of each column without the missing; NaN where all are."""
    number = (~np.isnan(values)).sum(axis=0)
    number = np.where(number > 0, number, np.nan)
    mean = np.nansum(values, axis=0) / number
    return mean, np.sqrt(np.nansum((values - mean) ** 2, axis=0) / number)


def nearest(
    scores: ArrayLike, weights: ArrayLike, *, number: int, candidates: ArrayLike | None = None
) -> tuple[NDArray[np.int64], Floats]:
    """Positions of and distances to the ``number`` nearest areas, itself left out; ties go to the first.

    Distance is the weighted sum of squared differences, with no square root. An area with a
    missing score has no peers and is no one's peer. ``candidates`` says who may be a peer (a mask).
    """
    points = np.asarray(scores, dtype=float) * np.sqrt(np.asarray(weights, dtype=float))
    areas = len(points)
    number = min(number, max(areas - 1, 0))
    known = ~np.isnan(points).any(axis=1)
    allowed = np.ones(areas, dtype=bool) if candidates is None else np.asarray(candidates, dtype=bool)
    pool = np.flatnonzero(allowed & known)
    positions, distances = np.full((areas, number), -1), np.full((areas, number), np.nan)
    looking = np.flatnonzero(known)
    if not (number and len(pool) and len(looking)):
        return positions, distances
    # A few more than asked: itself is among them, and equal distances must be told from nearly equal ones.
    wanted = min(number + 1 + SPARE_CANDIDATES, len(pool))
    nearby = KDTree(points[pool], leafsize=32).query(points[looking], k=[*range(1, wanted + 1)], workers=-1)
    roughly, found = (np.asarray(part) for part in nearby)
    positions[looking], distances[looking] = _first(points, looking, pool[found], number)
    if wanted < len(pool):  # as far away as what was not looked at: ties may go on beyond it
        furthest = distances[looking, -1]
        unsure = ~(furthest < roughly[:, -1] ** 2 * (1 - 1e-9))
        for rows in np.array_split(looking[unsure], max(1, int(unsure.sum()) * len(pool) // PAIRS_AT_ONCE)):
            everyone = np.broadcast_to(pool, (len(rows), len(pool)))
            positions[rows], distances[rows] = _first(points, rows, everyone, number)
    return positions, distances


def _first(
    points: Floats, rows: NDArray[np.int64], candidates: NDArray[np.int64], number: int
) -> tuple[NDArray[np.int64], Floats]:
    """Nearest ``number`` of each row's candidates (rows, candidates), the row itself left out; ties by position."""
    squared = np.zeros(candidates.shape)
    for variable in range(points.shape[1]):
        squared += (points[rows, variable, None] - points[candidates, variable]) ** 2
    squared[candidates == rows[:, None]] = np.inf
    order = np.lexsort((candidates, squared), axis=1)[:, :number]
    found, distance = (np.take_along_axis(array, order, axis=1) for array in (candidates, squared))
    there = np.isfinite(distance)
    short = ((0, 0), (0, number - order.shape[1]))  # fewer candidates than asked for
    return (
        np.pad(np.where(there, found, -1), short, constant_values=-1),
        np.pad(np.where(there, distance, np.nan), short, constant_values=np.nan),
    )


def find_peers(
    features: pd.DataFrame,
    *,
    weights: str | Mapping[str, float] = "nhse_2021",
    number: int = 10,
    candidates: ArrayLike | None = None,
) -> PeerGroup:
    """Find the ``number`` most similar areas for every row of ``features``.

    Parameters
    ----------
    features
        One row per area in the order of codes (ties go to the first), one column per variable, 0 and more.
        Columns that ``weights`` does not name are not used.
    weights
        ``"nhse_2021"``, ``"equal"`` or a weight for each variable; scaled to sum to 1 over those used.
    number
        How many peers; fewer where there are not so many areas.
    candidates
        Mask of the areas that may be peers (hard filters: tiny lists, university practices).

    Notes
    -----
    NHS England 'similar 10 CCGs' explorer (2021). A variable without variance, or missing for every area, is
    dropped and the weights of the others are scaled up; ``dropped`` says which.
    """
    chosen = preset_weights(list(features.columns), weights)
    usable = {
        name: weight
        for name, weight in chosen.items()
        if weight > 0 and features[name].min() < features[name].max()
    }
    expected = NHSE_2021 if weights == "nhse_2021" else chosen
    there = {OFFICIAL_NAMES.get(name, name) for name in usable} | set(usable)
    dropped = tuple(name for name in expected if name not in there)
    if not usable:  # nothing tells the areas apart
        empty = np.full((len(features), 0), np.nan)
        return PeerGroup(positions=empty.astype(np.int64), distance=empty, dropped=dropped)
    total = sum(usable.values())
    shares = {name: weight / total for name, weight in usable.items()}
    scores = standardised(features[list(shares)].to_numpy(dtype=float, na_value=np.nan))
    positions, distance = nearest(scores, list(shares.values()), number=number, candidates=candidates)
    return PeerGroup(positions=positions, distance=distance, dropped=dropped, weights=shares)


def similar(
    features: pd.DataFrame, *, weights: str | Mapping[str, float] = "nhse_2021", number: int = 10
) -> pd.DataFrame:
    """Peers of every area as a table: area, rank (1 is the most similar), peer, distance.

    ``features`` is indexed by area code, one column per variable (see ``find_peers``).

    >>> similar(pd.DataFrame({"imd": [10.0, 11.0, 30.0]}, index=["A", "B", "C"]), number=1)[["area", "peer"]]
      area peer
    0    A    B
    1    B    A
    2    C    B
    """
    ordered = features.sort_index()
    group = find_peers(ordered, weights=weights, number=number)
    table = peer_table(group, ordered.index.to_numpy())
    return table.drop(columns="reciprocal")


def peer_table(group: PeerGroup, areas: ArrayLike) -> pd.DataFrame:
    """Lay out a peer group as area, rank, peer, distance, reciprocal."""
    codes = np.asarray(areas)
    number = group.positions.shape[1]
    area = np.repeat(np.arange(len(codes)), number)
    peer = group.positions.ravel()
    kept = peer >= 0
    return pd.DataFrame(
        {
            "area": codes[area[kept]],
            "rank": np.tile(np.arange(1, number + 1), len(codes))[kept],
            "peer": codes[peer[kept]],
            "distance": group.distance.ravel()[kept],
            "reciprocal": reciprocal(group.positions).ravel()[kept],
        }
    )


def reciprocal(positions: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell for each peer whether the area is among the peer's own peers; False where there is no peer."""
    theirs = positions[positions]  # (areas, N, N): the peers of the peers
    here = np.arange(len(positions))[:, None, None]
    return (theirs == here).any(axis=-1) & (positions >= 0)


def kept(positions: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count how many of each area's peers are also among ``others``, another choice of peers."""
    return (
        ((positions[:, :, None] == others[:, None, :]) & (positions >= 0)[:, :, None])
        .any(axis=-1)
        .sum(axis=-1)
    )


def peer_fit(
    features: pd.DataFrame,
    group: PeerGroup,
    *,
    seed: int = 0,
    pairs: int = 100_000,
    candidates: ArrayLike | None = None,
) -> pd.DataFrame:
    """Show how good each area's peer group is.

    Returns a row per area: ``fit``, the mean distance to its peers as a percentile of the distances
    between pairs of areas (``pairs`` of them drawn with ``seed`` where there are more); how many peers
    stay when all weights are equal; and how many stay, at worst, when any one variable is left out.
    ``candidates`` is the mask that the group was found with.
    """
    names = list(group.weights)
    if not names:
        nothing = np.full(len(features), np.nan)
        return pd.DataFrame(
            {"fit": nothing, "kept_under_equal_weights": 0, "kept_worst_drop": 0}, index=features.index
        )
    scores = standardised(features[names].to_numpy(dtype=float, na_value=np.nan))
    weights = np.array(list(group.weights.values()))
    number = group.positions.shape[1]
    present = (group.positions >= 0).sum(axis=1)

    def found(weighted: Floats) -> NDArray[np.int64]:
        return nearest(scores, weighted, number=number, candidates=candidates)[0]

    equal = found(np.full(len(names), 1 / len(names)))
    worst = present
    for variable in range(len(names)) if len(names) > 1 else ():
        without = found(np.where(np.arange(len(names)) == variable, 0, weights))
        worst = np.minimum(worst, kept(group.positions, without))
    everyone = _pair_distances(scores, weights, seed=seed, pairs=pairs)
    mean = np.where(group.positions >= 0, group.distance, np.nan)
    mean = np.divide(np.nansum(mean, axis=1), present, out=np.full(len(features), np.nan), where=present > 0)
    fit = np.where(np.isnan(mean), np.nan, 100 * np.searchsorted(everyone, mean) / max(len(everyone), 1))
    return pd.DataFrame(
        {
            "fit": fit,
            "kept_under_equal_weights": kept(group.positions, equal),
            "kept_worst_drop": worst,
        },
        index=features.index,
    )


def _pair_distances(scores: Floats, weights: Floats, *, seed: int, pairs: int) -> Floats:
    """Sorted distances between pairs of areas: all of them, or ``pairs`` drawn at random."""
    areas = len(scores)
    if areas * (areas - 1) // 2 <= pairs:
        first, second = np.triu_indices(areas, 1)
    else:
        random = np.random.default_rng(seed)
        first = random.integers(0, areas, pairs)
        second = (first + random.integers(1, areas, pairs)) % areas
    distance = ((scores[first] - scores[second]) ** 2) @ weights
    return np.sort(distance[~np.isnan(distance)])


def everyone_else(areas: int) -> NDArray[np.int64]:
    """Positions of all the other areas, for each area: the widest peer group.

    >>> everyone_else(3)
    array([[1, 2],
           [2, 0],
           [0, 1]])
    """
    return (
        (np.arange(1, areas)[None, :] + np.arange(areas)[:, None]) % max(areas, 1)
        if areas > 1
        else np.full((areas, 0), -1)
    )


def same_group(groups: ArrayLike) -> NDArray[np.int64]:
    """Positions of the other areas with the same group (parent, deprivation quintile ...); -1 fills.

    >>> same_group(["N", "S", "N", "N"])
    array([[ 2,  3],
           [-1, -1],
           [ 0,  3],
           [ 0,  2]])
    """
    _, number, size = np.unique(np.asarray(groups).astype(str), return_inverse=True, return_counts=True)
    members = np.argsort(number, kind="stable")  # group by group, in the order of the areas
    first = np.cumsum(size) - size
    rank = np.empty(len(number), dtype=np.int64)
    rank[members] = np.arange(len(number))
    rank -= first[number]
    place = np.arange(int(size.max(initial=1)) - 1)[None, :]
    others = first[number][:, None] + place + (place >= rank[:, None])  # the area itself is stepped over
    there = place < size[number][:, None] - 1
    return np.where(there, members[np.where(there, others, 0)], -1)
