"""People: list sizes over five years, and how each list divides by sex and age."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.example.assumptions import packaged, stream

PERIODS = ("2012/13", "2013/14", "2014/15", "2015/16", "2016/17")
SEXES = ("female", "male")
TOTAL = 752_000  # people registered in the latest year
SMALLEST, LARGEST = 1_800, 22_000  # patients of one practice, in every year
SIZE_SPREAD = 0.55  # standard deviation of the logarithm of list sizes within a locality
GROWTH, GROWTH_SPREAD = 0.006, 0.010  # yearly, of a list
AGEING = 0.008  # yearly, in units of the tilt `older`
# Two practices opened meanwhile: position of their first period. Before, neighbours had their patients.
OPENED = {"SYN041": 1, "SYN083": 2}


@dataclass(frozen=True, kw_only=True)
class Bands:
    """The 20 age bands of a life table, and the seven broad ones they add up to."""

    label: NDArray[np.str_]  # "0", "1-4", "5-9" ... "90+"
    start: NDArray[np.float64]  # first year of age
    broad: NDArray[np.str_]  # the broad band of each: "0-4", "5-14" ... "85+"
    share: NDArray[np.float64]  # of all Dorset's people, (sexes, bands), sums to 1
    deprivation_weight: NDArray[np.float64]  # how steeply deaths follow deprivation at that age

    @property
    def end(self) -> NDArray[np.float64]:
        """First year of age after each band; the last is treated as five years wide."""
        return np.append(self.start[1:], self.start[-1] + 5)


def bands() -> Bands:
    """Return the age bands with Dorset's age profile, older than England's."""
    table = packaged("ages")
    share = table[list(SEXES)].to_numpy(float).T
    return Bands(
        label=table["age_band"].to_numpy(str),
        start=table["age_from"].to_numpy(float),
        broad=table["broad_band"].to_numpy(str),
        share=share / share.sum(),
        deprivation_weight=table["deprivation_weight"].to_numpy(float),
    )


def overlap(bands: Bands, age_from: float, age_to: float) -> NDArray[np.float64]:
    """Share of each band's people who are ``age_from`` or over and under ``age_to``.

    >>> overlap(bands(), 18, 40)[4:10]
    array([0.4, 1. , 1. , 1. , 1. , 0. ])
    """
    inside = np.minimum(bands.end, age_to) - np.maximum(bands.start, age_from)
    return np.clip(inside, 0, None) / (bands.end - bands.start)


def list_sizes(practices: pd.DataFrame, seed: int) -> NDArray[np.int64]:
    """Patients of every practice in every year, shape ``(practices, periods)``; 0 before it opened.

    The latest year adds up to 752,000.
    """
    random = stream(seed, "list sizes")
    relative = pd.Series(random.lognormal(0, SIZE_SPREAD, len(practices)), practices.index)
    relative /= relative.groupby(practices["parent"]).transform("mean")
    size = (practices["people"] * relative).to_numpy(float)
    # Room inside the limits for four years of growth and for a neighbour's patients.
    for _ in range(20):
        size = np.clip(size * TOTAL / size.sum(), 1.06 * SMALLEST, 0.96 * LARGEST)
    growth = random.normal(GROWTH, GROWTH_SPREAD, len(practices))
    years = np.arange(len(PERIODS)) - (len(PERIODS) - 1)
    sizes = np.clip(size[:, None] * (1 + growth[:, None]) ** years, SMALLEST, LARGEST)
    for area, opened in OPENED.items():
        new = practices.index == area
        neighbours = (practices["parent"] == practices.loc[area, "parent"]).to_numpy() & ~new
        moved = sizes[new, :opened].sum(axis=0)
        sizes[neighbours, :opened] *= 1 + moved / sizes[neighbours, :opened].sum(axis=0)
        sizes[new, :opened] = 0
    return _whole(sizes.T, np.append(np.rint(sizes[:, :-1].sum(axis=0)), TOTAL)).T


def people(practices: pd.DataFrame, bands: Bands, seed: int) -> NDArray[np.int64]:
    """Patients by practice, period, sex and age band, shape ``(practices, periods, sexes, bands)``."""
    sizes = list_sizes(practices, seed)
    years = np.arange(len(PERIODS)) - (len(PERIODS) - 1)
    middle = (bands.start + bands.end) / 2
    older = practices["older"].to_numpy(float)[:, None] + AGEING * years
    # Students and young workers: a bump around the age of 23.
    young = practices["young"].to_numpy(float)[:, None, None] * np.exp(-(((middle - 23) / 7) ** 2))
    tilt = np.exp(older[..., None] * (middle - 45) / 25 + young)
    share = bands.share * tilt[:, :, None, :]
    share = share.reshape(*sizes.shape, -1)
    return _whole(share, sizes).reshape(*sizes.shape, len(SEXES), -1)


def _whole(weight: NDArray[np.float64], total: NDArray[np.floating] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers in proportion to ``weight`` (last axis) that add up to ``total`` exactly."""
    cumulative = np.cumsum(weight, axis=-1)
    upto = np.rint(cumulative / cumulative[..., -1:] * np.asarray(total)[..., None])
    return np.diff(upto, axis=-1, prepend=0).astype(np.int64)
