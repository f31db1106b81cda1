"""What the example is generated from: the CSV tables beside this module, and how one indicator is drawn."""

import zlib
from dataclasses import dataclass, fields
from importlib import resources

import numpy as np
import pandas as pd


def packaged(name: str) -> pd.DataFrame:
    """Return one of the example's own tables, such as ``"catalogue"``, ``"plan"`` or ``"places"``.

    >>> packaged("plan").set_index("plan_line").loc["Outpatients", "target_gbp"]
    np.int64(8000000)
    """
    with resources.files(__package__).joinpath(f"{name}.csv").open(encoding="utf-8") as table:
        return pd.read_csv(table)


def stream(seed: int, *purpose: str) -> np.random.Generator:
    """Return random numbers for one purpose, so that a new indicator does not change the others.

    >>> bool(stream(1, "places").random() == stream(1, "population").random())
    False
    """
    return np.random.default_rng([seed, *(zlib.crc32(word.encode()) for word in purpose)])


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one indicator is generated; one row of ``generating.csv``, empty cells left at the default.

    Gradients are the relative change for one standard deviation of a practice's own feature.
    """

    indicator: str
    # "" patients on the list, "expected" those whom a model expects, else another indicator's numerator.
    denominator: str = ""
    age_from: float = 0
    age_to: float = np.inf
    sex: str = ""
    # Of the people at risk, the share (or, above 1, the number each) that makes the denominator; 0 = all.
    share: float = 0
    # Of all Dorset in the latest year, in the unit of numerator / denominator.
    level: float = np.nan
    # Standard deviation between practices, over the level, of what no feature explains; 0 = none real.
    relative_sd: float = 0
    deprivation: float = 0
    rural: float = 0
    older: float = 0
    coastal: float = 0
    yearly_change: float = 0
    # An indicator of the same events, whose unexplained variation this one largely shares.
    follows: str = ""
    # Of means only, in the unit of the mean.
    between_people_sd: float = np.nan
    strata: str = ""  # "" | "age" | "age and sex" | "fine age and sex"
    shape: str = ""  # relative rates by age and sex, a name in shapes.csv


def recipes() -> dict[str, Recipe]:
    """Return the recipe of every indicator, in the order of the catalogue."""
    known = {field.name for field in fields(Recipe)}
    rows = packaged("generating").to_dict("records")
    return {
        str(row["indicator"]): Recipe(**{str(k): v for k, v in row.items() if k in known and pd.notna(v)})
        for row in rows
    }
