"""Counts that tell each other: the same count in two places, periods that overlap, parts of a sum."""

from datetime import date
from hashlib import sha256

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from variation.disclosure.ranges import Flags, Floats
from variation.periods import parse_period


def families(groups: pd.DataFrame, numerator: Floats, denominator: Floats) -> NDArray[np.int64]:
    """Number of the family of each count: numerators of all groups first, then their denominators.

    Counts of a family are withheld in the same areas. Then no sum across them helps: at each area either all of
    its terms are shown or none that is not 0 is.

    Parameters
    ----------
    groups
        Indicator, period and, where the catalogue has it, ``part_of``: one row per group.
    numerator, denominator
        Counts, shape (groups, areas).
    """
    number = len(groups)
    pairs = [
        *_alike(np.concatenate([numerator, denominator])),
        *_overlapping(groups, 0),
        *_overlapping(groups, number),
        *_parts(groups),
    ]
    first, second = (np.array([pair[end] for pair in pairs], dtype=int) for end in (0, 1))
    graph = coo_array((np.ones(len(pairs)), (first, second)), shape=(2 * number, 2 * number))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _alike(counts: Floats) -> list[tuple[int, int]]:
    """Pair each row with the first that has the same figures."""
    first: dict[bytes, int] = {}
    digests = [sha256(np.ascontiguousarray(row).tobytes()).digest() for row in counts + 0.0]
    return [(first.setdefault(digest, place), place) for place, digest in enumerate(digests)]


def _overlapping(groups: pd.DataFrame, start: int) -> list[tuple[int, int]]:
    """Pair groups of one indicator whose periods have a day in common: single years and those pooled from them."""
    pairs = []
    spans = {period: period_span(str(period)) for period in groups["period"].unique()}
    for places in groups.groupby("indicator").indices.values():
        ordered = sorted(places, key=lambda place: spans[groups["period"].iloc[place]])
        latest, last = date.min, -1
        for place in ordered:
            begins, ends = spans[groups["period"].iloc[place]]
            if last >= 0 and begins <= latest:
                pairs.append((start + last, start + int(place)))
            if ends > latest:
                latest, last = ends, int(place)
    return pairs


def _parts(groups: pd.DataFrame) -> list[tuple[int, int]]:
    """Pair each indicator that is part of another with it, in the same period."""
    if "part_of" not in groups:
        return []
    places = pd.Series(
        np.arange(len(groups)), index=pd.MultiIndex.from_frame(groups[["indicator", "period"]].astype(str))
    )
    wholes = pd.MultiIndex.from_frame(groups[["part_of", "period"]].astype(str))
    found = places.reindex(wholes).to_numpy()
    return [(int(whole), part) for part, whole in enumerate(found) if not np.isnan(whole)]


def period_span(period: str) -> tuple[date, date]:
    """First and last day of a period; of one that cannot be read, every day there is.

    >>> period_span("2016/17")
    (datetime.date(2016, 4, 1), datetime.date(2017, 3, 31))
    >>> period_span("2014 - 16")[0], period_span("2014/15 to 2016/17")[0], period_span("2016-04 to 2017-03")[0]
    (datetime.date(2014, 1, 1), datetime.date(2014, 4, 1), datetime.date(2016, 4, 1))
    """
    read = parse_period(period)
    return (date.min, date.max) if read is None else (read.start, read.end)


def within_families(withheld: Flags, family: NDArray[np.int64]) -> Flags:
    """Withhold in every row of a family what is withheld in any of them.

    >>> within_families(np.array([[True, False], [False, False], [False, True]]), np.array([0, 0, 1]))
    array([[ True, False],
           [ True, False],
           [False,  True]])
    """
    joined = np.zeros((int(family.max(initial=-1)) + 1, withheld.shape[1]), dtype=bool)
    np.logical_or.at(joined, family, withheld)
    return joined[family]
