"""Places: 98 invented practices in Dorset's 13 localities and three clusters, and what they are like."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.example.assumptions import packaged, stream
from variation.example.population import Bands, overlap

ETHNIC = ["white_other", "mixed", "asian", "black", "other_ethnic"]
FEATURES = ["imd", "rural", "coastal", "aged_18_39", "aged_65_84", "aged_85_plus", *ETHNIC, "x", "y"]
# How alike the practices of a locality are: the first two are standard deviations of a logarithm.
DEPRIVATION_SPREAD, ETHNIC_SPREAD, OLDER_SPREAD = 0.22, 0.25, 0.10
# Of a beta distribution: small keeps most practices nearly all rural or nearly all urban.
SHARE_CONCENTRATION = 4.0


def practices(seed: int) -> pd.DataFrame:
    """Return the practices with features drawn around those of their locality, indexed by area.

    Columns: name, parent; the locality's ``people`` per practice; ``older`` and ``young`` tilt the age
    profile; the rest are peers' features: IMD score, shares 0-1, ``x`` and ``y`` in metres.
    """
    places = packaged("places").set_index("area")
    table = packaged("practices").set_index("area")
    of = places.loc[table["parent"]].set_axis(table.index)
    random = stream(seed, "places")
    table["people"] = of["people"] / of["practices"]
    table["imd"] = (of["imd"] * _lognormal(random, DEPRIVATION_SPREAD, len(of))).clip(3, 60).round(1)
    for share in ("rural", "coastal"):
        mean = of[share].clip(0.001, 0.999)
        drawn = random.beta(SHARE_CONCENTRATION * mean, SHARE_CONCENTRATION * (1 - mean))
        table[share] = pd.Series(drawn, table.index).round(2)
    table["older"] = of["older"] + random.normal(0, OLDER_SPREAD, len(of))
    table["young"] = of["young"] * _lognormal(random, ETHNIC_SPREAD, len(of))
    for group in ETHNIC:
        table[group] = (of[group] * _lognormal(random, ETHNIC_SPREAD, len(of))).round(4)
    for axis in ("x", "y"):
        table[axis] = (of[axis] + of["spread"] * random.normal(0, 0.5, len(of))).round(-2)
    return table


def _lognormal(random: np.random.Generator, sd: float, size: int) -> NDArray[np.float64]:
    """Multipliers of mean 1."""
    return random.lognormal(-(sd**2) / 2, sd, size)


def areas(practices: pd.DataFrame, people: NDArray[np.int64], bands: Bands) -> pd.DataFrame:
    """Return the areas table: practices, localities, clusters and all Dorset, one row each.

    ``people`` is of the latest year, shape ``(practices, sexes, bands)``. A parent's population is the sum
    over its practices, its features are their means weighted by population.
    """
    by_age = people.sum(axis=1)
    size = by_age.sum(axis=1)
    leaf = practices[["name", "parent", "imd", "rural", "coastal", *ETHNIC, "x", "y"]].assign(
        kind="practice",
        population=size,
        aged_18_39=by_age @ overlap(bands, 18, 40) / size,
        aged_65_84=by_age @ overlap(bands, 65, 85) / size,
        aged_85_plus=by_age @ overlap(bands, 85, np.inf) / size,
    )
    places = packaged("places").set_index("area")[["name", "kind", "parent"]]
    rows, members = [leaf], leaf
    for kind in ("locality", "cluster", "icb"):
        members = places[places["kind"] == kind].join(_weighted(members))
        rows.append(members)
    table = pd.concat(rows).rename_axis("area").reset_index()
    table[["x", "y"]] = table[["x", "y"]].round(-2)
    table["imd"] = table["imd"].round(1)
    columns = ["area", "name", "kind", "parent", "population", *FEATURES]
    return table[columns].round(4).astype({"population": "int64"})


def _weighted(members: pd.DataFrame) -> pd.DataFrame:
    """Population and population-weighted features of the parents of ``members``."""
    weighted = members[FEATURES].mul(members["population"], axis=0).assign(population=members["population"])
    sums = weighted.groupby(members["parent"]).sum()
    sums[FEATURES] = sums[FEATURES].div(sums["population"], axis=0)
    return sums
