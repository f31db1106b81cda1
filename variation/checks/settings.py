"""Check what the settings say of the areas: the one that the pack is about, and columns that methods need."""

import pandas as pd

from benchmarks.peers import NHSE_2021
from variation.checks.peers import numeric_features
from variation.errors import Finding
from variation.reading.cells import note_rows
from variation.settings import Settings


def check_focus(settings: Settings, areas: pd.DataFrame, findings: list[Finding]) -> None:
    """Note a pack that is to be about an area which there is not."""
    if settings.focus and settings.focus not in set(areas["area"]):
        findings.append(
            Finding(
                severity="error",
                code="unknown_focus",
                table="analysis.toml",
                column="focus",
                value=settings.focus,
                message="no such area",
                hint="give the code of an area of the areas table",
            )
        )


def check_words(settings: Settings, areas: pd.DataFrame, findings: list[Finding]) -> None:
    """Note columns of the areas that a method needs numbers of and that hold words."""
    asked = settings.inequality
    needed = {*NHSE_2021, asked.deprivation, *asked.case_mix} & set(areas.columns) - set(
        numeric_features(areas)
    )
    for name in sorted(needed):
        note_rows(findings, areas, areas[name].notna(), name, code="not_a_number", severity="error",
                  message="expected a number", hint="leave the cell empty where there is no figure")  # fmt: skip
