"""The built-in example, synthetic throughout: invented practices in Dorset, drawn around a known truth."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import pandas as pd

from variation.example.assumptions import packaged
from variation.example.indicators import Setting, indicator_table, truth_table
from variation.example.places import areas, practices
from variation.example.population import bands, people

DEFAULT_SEED = 2017
NOTICE = "Synthetic example data"

TABLES = ("indicators", "catalogue", "areas", "plan", "assumptions", "schemes")
FILES = (*(f"{name}.csv" for name in TABLES), "truth.parquet", "analysis.toml")


@dataclass(frozen=True, kw_only=True)
class Example:
    """The example's tables, in the documented input formats, and the truth that they were drawn from."""

    indicators: pd.DataFrame
    catalogue: pd.DataFrame
    areas: pd.DataFrame
    plan: pd.DataFrame
    assumptions: pd.DataFrame
    schemes: pd.DataFrame
    truth: pd.DataFrame


def dorset(seed: int = DEFAULT_SEED) -> Example:
    """Generate the example: 98 practices, five years, 752,000 people in the latest.

    Practice names, codes and every figure are invented; the localities' names are Dorset's, the plan's
    targets as published. ``truth`` gives, per indicator, practice and period, ``true_value`` (the rate,
    share, mean or £ per 1 of the denominator that the counts were drawn around), ``warranted_value``
    (the part that the patients' age, deprivation and place explain) and ``true_relative_sd`` (between
    practices, of what is left; 0 where an indicator has no real variation).

    >>> example = dorset()
    >>> len(example.catalogue), example.areas["kind"].value_counts().to_list()
    (96, [98, 13, 3, 1])
    """
    lists, age_bands = practices(seed), bands()
    patients = people(lists, age_bands, seed)
    drawn = Setting(lists, patients, age_bands, seed).draw_all()
    is_open = patients.sum(axis=(-2, -1)) > 0
    return Example(
        indicators=indicator_table(drawn, lists.index, is_open),
        catalogue=packaged("catalogue"),
        areas=areas(lists, patients[:, -1], age_bands),
        plan=packaged("plan"),
        assumptions=packaged("lines"),
        schemes=packaged("schemes"),
        truth=truth_table(drawn, lists.index, is_open),
    )


def write_example(folder: Path, *, seed: int = DEFAULT_SEED) -> list[Path]:
    """Write the example as files to edit, and return their paths; the same seed writes the same bytes.

    ``indicators.csv``, ``catalogue.csv``, ``areas.csv``, ``plan.csv``, ``assumptions.csv``, ``schemes.csv`` and
    ``analysis.toml`` are what an analysis reads; ``truth.parquet`` is for scoring methods against the known truth.
    """
    folder.mkdir(parents=True, exist_ok=True)
    example = dorset(seed)
    written = []
    for name in TABLES:
        written.append(folder / f"{name}.csv")
        table: pd.DataFrame = getattr(example, name)
        table.to_csv(written[-1], index=False, float_format="%.10g", encoding="utf-8", lineterminator="\n")
    written.append(folder / "truth.parquet")
    example.truth.to_parquet(written[-1], index=False)
    written.append(folder / "analysis.toml")
    settings = resources.files(__package__).joinpath("analysis.toml").read_text(encoding="utf-8")
    written[-1].write_text(settings, encoding="utf-8", newline="\n")
    return written
