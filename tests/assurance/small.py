"""The built-in example cut down to a few areas and indicators: a run of some seconds, with every kind of output."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

from variation.example import write_example

LOCALITIES = ("L01", "L02", "L05")
INDICATORS = (
    "smoking_prevalence",
    "copd_prevalence",
    "copd_admissions",
    "alcohol_admissions",
    "talking_therapies",
    "nhs_health_checks",
)
PERIODS = ("2015/16", "2016/17")
LESS = """
[pack]
top_indicators = 1

[opportunity]
draws = 100
"""


def write_small(folder: Path) -> Path:
    """Write the small analysis to a folder; return the path of its settings."""
    write_example(folder)
    areas = pd.read_csv(folder / "areas.csv", dtype=str)
    above = areas.loc[areas["area"].isin(LOCALITIES), "parent"]
    kept = areas["area"].isin([*LOCALITIES, *above, "DOR"]) | areas["parent"].isin(LOCALITIES)
    areas = areas[kept]
    figures = pd.read_csv(folder / "indicators.csv", dtype=str)
    kept = figures["indicator"].isin(INDICATORS) & figures["period"].isin(PERIODS)
    tables = {
        "areas": areas,
        "indicators": figures[kept & figures["area"].isin(areas["area"])],
        "catalogue": _of(folder, "catalogue"),
        "assumptions": _of(folder, "assumptions"),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    (folder / "truth.parquet").unlink(missing_ok=True)
    settings = folder / "analysis.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + LESS, encoding="utf-8", newline="\n")
    return settings


def _of(folder: Path, name: str) -> pd.DataFrame:
    table = pd.read_csv(folder / f"{name}.csv", dtype=str)
    return table[table["indicator"].isin(INDICATORS)]


def hashes(folder: Path) -> dict[str, str]:
    """sha256 of every file of a folder, by its path from there."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def command(*arguments: object) -> list[str]:
    """The command line as a process of its own takes it."""
    return [sys.executable, "-m", "variation", *map(str, arguments)]


def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own."""
    environment = {**os.environ, **dict(options.pop("env", {}))}
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=environment, check=False, **options
    )
