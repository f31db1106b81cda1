"""Every indicator of the example: its denominators, its truth, and the counts drawn around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.example import counts
from variation.example.assumptions import Recipe, packaged, recipes, stream
from variation.example.population import PERIODS, Bands
from variation.example.strata import Strata, at_risk, shapes, strata
from variation.example.truth import case_mix, own_effect, standardised, true_rate, yearly_level

Array = NDArray[np.float64]

# A practice with nobody to ask has no row; the smallest still has this many.
FEWEST = 2


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One indicator of every practice and period, by stratum: shape ``(practices, periods, strata)``."""

    strata: Strata
    numerator: Array
    denominator: Array
    standard_deviation: Array
    true_rate: Array  # per 1 of the denominator
    warranted_rate: Array  # what the patients' age, deprivation and place alone would give
    relative_sd: float  # of what they do not explain

    def over_strata(self, rate: Array) -> Array:
        """Rate of all strata together, shape ``(practices, periods)``; NaN where nobody is at risk."""
        people = self.denominator.sum(axis=-1)
        if rate.shape[-1] == 1:  # not divided: a rate without variation stays the same to the last bit
            return np.where(people > 0, rate[..., 0], np.nan)
        return _ratio((rate * self.denominator).sum(axis=-1), people, empty=np.nan)


class Setting:
    """What all indicators share: the practices, their patients and the seed."""

    def __init__(self, practices: pd.DataFrame, people: NDArray[np.int64], bands: Bands, seed: int) -> None:
        self.people, self.bands, self.seed = people, bands, seed
        self.features = standardised(practices, people, bands)
        self.sizes = people[:, -1].sum(axis=(-2, -1)).astype(float)
        self.shapes = shapes(bands)

    def draw_all(self) -> dict[str, Drawn]:
        """Draw every indicator, a denominator before what is counted of it; returned in catalogue order."""
        entries = {str(entry["indicator"]): entry for entry in packaged("catalogue").to_dict("records")}
        drawn: dict[str, Drawn] = {}
        for name, recipe in recipes().items():
            if recipe.follows == "deaths":
                drawn[name] = self._cause_of_death(recipe, drawn["deaths"])
            else:
                drawn[name] = self._draw(recipe, entries[name], drawn)
        return {name: drawn[name] for name in entries}

    def _draw(self, recipe: Recipe, entry: Mapping[Any, Any], drawn: Mapping[str, Drawn]) -> Drawn:
        random = stream(self.seed, "counts", recipe.indicator)
        parts = strata(recipe, self.bands)
        denominator = self._denominator(recipe, parts, drawn, random)
        base = self._base(recipe, parts, denominator)
        patients = case_mix(self.features, recipe)[..., None] * parts.deprivation_weight
        effect = recipe.relative_sd * own_effect(recipe, len(self.sizes), self.seed)[..., None]
        proportion = entry["kind"] == "proportion"
        rate = true_rate(base, patients + effect, proportion=proportion, weights=self.sizes)
        warranted = true_rate(base, patients, proportion=proportion, weights=self.sizes)
        return Drawn(
            strata=parts,
            denominator=denominator,
            true_rate=rate,
            warranted_rate=np.broadcast_to(warranted, rate.shape),
            relative_sd=recipe.relative_sd,
            **_observe(entry, recipe, rate, denominator, random)._asdict(),
        )

    def _denominator(
        self, recipe: Recipe, parts: Strata, drawn: Mapping[str, Drawn], random: np.random.Generator
    ) -> Array:
        """People, events or people expected, of which the numerator is counted."""
        if recipe.denominator == "expected":
            shape = self.shapes[recipe.shape]
            level = recipe.share * self.sizes.sum() / (self.people[:, -1] * shape).sum()
            return np.round(level * np.einsum("ptsb,sb->pt", self.people, shape), 1)[..., None]
        if recipe.denominator:
            return drawn[recipe.denominator].numerator.sum(axis=-1, keepdims=True)
        fine = self.people * at_risk(recipe, self.bands)
        everyone = np.rint(np.einsum("ptsb,sbk->ptk", fine, parts.member))
        if not recipe.share:
            return everyone
        if recipe.share > 1:
            return random.poisson(recipe.share * everyone).astype(float)
        some = random.binomial(everyone.astype(np.int64), recipe.share).astype(float)
        return np.where(everyone > 0, np.maximum(some, FEWEST), 0)

    def _base(self, recipe: Recipe, parts: Strata, denominator: Array) -> Array:
        """Rates that everyone would have alike, by period and stratum: the level, shaped by age and sex."""
        level = (recipe.level * yearly_level(recipe))[None, :, None]
        if not recipe.strata:
            return level
        fine = self.people * at_risk(recipe, self.bands)
        expected = np.einsum("ptsb,sbk->ptk", fine * self.shapes[recipe.shape], parts.member)
        return level * _ratio(expected, denominator) * denominator[:, -1].sum() / expected[:, -1].sum()

    def _cause_of_death(self, recipe: Recipe, deaths: Drawn) -> Drawn:
        """Deaths of one cause, a part of all deaths in each broad band, so that causes never exceed them."""
        parts = strata(recipe, self.bands)
        shares = packaged("causes").set_index("broad_band").loc[parts.age_band]
        cause = shares[recipe.shape].to_numpy(float)
        # (fine strata, broad strata): which sexes and fine bands of the deaths each broad band holds.
        broad = _flat(deaths.strata.member).T @ _flat(parts.member)
        denominator = deaths.denominator @ broad
        each = np.column_stack([shares, 1 - shares.sum(axis=1)])
        # One stream for all causes: they split the same deaths.
        split = stream(self.seed, "causes of death").multinomial(
            (deaths.numerator @ broad).astype(np.int64), each
        )
        return Drawn(
            strata=parts,
            numerator=split[..., list(shares).index(recipe.shape)].astype(float),
            denominator=denominator,
            standard_deviation=np.full(denominator.shape, np.nan),
            true_rate=_ratio((deaths.true_rate * deaths.denominator) @ broad * cause, denominator),
            warranted_rate=_ratio((deaths.warranted_rate * deaths.denominator) @ broad * cause, denominator),
            relative_sd=deaths.relative_sd,
        )


def _flat(member: Array) -> Array:
    return member.reshape(-1, member.shape[-1])


def _ratio(numerator: Array, denominator: Array, *, empty: float = 0.0) -> Array:
    return np.divide(numerator, denominator, out=np.full_like(numerator, empty), where=denominator > 0)


def _observe(
    entry: Mapping[Any, Any], recipe: Recipe, rate: Array, denominator: Array, random: np.random.Generator
) -> counts.Observed:
    match entry["kind"]:
        case "proportion":
            return counts.people_of(rate, denominator, random)
        case "mean":
            return counts.mean(rate, denominator, random, sd=recipe.between_people_sd)
        case "spend":
            return counts.spend(
                rate, denominator, random, per_event=entry["cost_per_event"], cv=entry["cost_cv"]
            )
        case _:
            return counts.events(rate, denominator, random)


def indicator_table(drawn: Mapping[str, Drawn], areas: pd.Index, is_open: NDArray[np.bool_]) -> pd.DataFrame:
    """One row per indicator, practice, period and stratum; none for a practice not yet open.

    ``is_open`` has shape ``(practices, periods)``. ``sex`` and ``age_band`` are missing where an indicator
    has no strata of that kind.
    """
    area, period = np.nonzero(is_open)
    strata = [one.strata for one in drawn.values()]
    number = [len(each.sex) for each in strata]
    rows = np.concatenate([np.repeat(np.arange(len(area)), each) for each in number])

    def counts_of(part: str) -> Array:
        return np.concatenate([getattr(one, part)[is_open].ravel() for one in drawn.values()])

    def labels(part: str) -> pd.Series:
        tiled = [np.tile(np.array(getattr(each, part), dtype=object), len(area)) for each in strata]
        return pd.Series(np.concatenate(tiled), dtype="str").replace("", np.nan)

    return pd.DataFrame(
        {
            "indicator": pd.Index(drawn).repeat(np.multiply(number, len(area))),
            "area": areas[area[rows]],
            "period": pd.Index(PERIODS)[period[rows]],
            "numerator": counts_of("numerator"),
            "denominator": counts_of("denominator"),
            "standard_deviation": counts_of("standard_deviation"),
            "sex": labels("sex"),
            "age_band": labels("age_band"),
        }
    )


def truth_table(drawn: Mapping[str, Drawn], areas: pd.Index, is_open: NDArray[np.bool_]) -> pd.DataFrame:
    """One row per indicator, practice and period: what its rate truly is, and how it was made."""
    area, period = np.nonzero(is_open)
    true = [one.over_strata(one.true_rate)[is_open] for one in drawn.values()]
    warranted = [one.over_strata(one.warranted_rate)[is_open] for one in drawn.values()]
    return pd.DataFrame(
        {
            "indicator": pd.Index(drawn).repeat(len(area)),
            "area": areas[np.tile(area, len(drawn))],
            "period": pd.Index(PERIODS)[np.tile(period, len(drawn))],
            "true_value": np.concatenate(true),
            "warranted_value": np.concatenate(warranted),
            "true_relative_sd": np.repeat([one.relative_sd for one in drawn.values()], len(area)),
        }
    )
