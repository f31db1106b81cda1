"""Strata: who is at risk of an indicator, and how rates by age and sex divide among the published bands."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from variation.example.assumptions import Recipe, packaged
from variation.example.population import SEXES, Bands, overlap

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Strata:
    """The strata an indicator is published by; one, with empty labels, where it is not stratified."""

    sex: list[str]
    age_band: list[str]
    member: Array  # (sexes, fine bands, strata): 1 where a fine band belongs to a stratum, else 0
    deprivation_weight: Array  # (strata,)


def at_risk(recipe: Recipe, bands: Bands) -> Array:
    """Share of each sex and fine band who can be counted, shape ``(sexes, bands)``."""
    sexes = np.array([recipe.sex in ("", sex) for sex in SEXES], dtype=float)
    return np.outer(sexes, overlap(bands, recipe.age_from, recipe.age_to))


def strata(recipe: Recipe, bands: Bands) -> Strata:
    """Return the strata of an indicator that have anyone at risk, by sex and then by age."""
    sexes = SEXES if "sex" in recipe.strata else ("",)
    fine = "fine" in recipe.strata
    of_band = bands.label if fine else bands.broad
    ages = list(dict.fromkeys(of_band.tolist())) if recipe.strata else [""]
    labels = [(sex, age) for sex in sexes for age in ages]
    member = np.stack([_belongs(sex, age, of_band) for sex, age in labels], axis=-1)
    kept = np.einsum("sbk,sb->k", member, at_risk(recipe, bands)) > 0
    return Strata(
        sex=[sex for (sex, _), keep in zip(labels, kept, strict=True) if keep],
        age_band=[age for (_, age), keep in zip(labels, kept, strict=True) if keep],
        member=member[..., kept],
        deprivation_weight=np.tile(bands.deprivation_weight, len(sexes)) if fine else np.ones(kept.sum()),
    )


def _belongs(sex: str, age: str, of_band: NDArray[np.str_]) -> Array:
    of_sex = np.array([sex in ("", each) for each in SEXES])
    return np.outer(of_sex, (of_band == age) | (age == "")).astype(float)


def shapes(bands: Bands) -> dict[str, Array]:
    """Relative rates by sex and fine age band, shape ``(sexes, bands)``, by name of shape."""
    return {
        str(name): table.set_index("age_band").reindex(bands.label)[list(SEXES)].to_numpy(float).T
        for name, table in packaged("shapes").groupby("shape")
    }
