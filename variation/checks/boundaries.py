"""Boundaries of areas, for maps: one outline an area, held against the areas table."""

import json

import pandas as pd

from variation.errors import Finding
from variation.reading.cells import note_rows

OUTLINES = ("Polygon", "MultiPolygon")


def check_boundaries(boundaries: pd.DataFrame, areas: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Return area and geometry of the areas that are compared; each of the other outlines is noted."""
    table = boundaries.reindex(columns=["area", "geometry", *_places(boundaries)])
    again = table.duplicated("area")
    note_rows(findings, table, again, "area", code="duplicate", severity="error",
              message="a second outline for the same area",
              hint="join its parts into one MultiPolygon")  # fmt: skip
    shape = table["geometry"].map(_kind, na_action="ignore")
    note_rows(findings, table, ~shape.isin(OUTLINES), "area", code="no_outline", severity="error",
              message="the geometry is not a Polygon or MultiPolygon",
              hint="points and lines cannot be filled on a map")  # fmt: skip
    inside = table["area"].isin(areas["area"])
    if len(table):
        _note_unmatched(table, inside, areas, findings)
    return table.loc[inside & ~again, ["area", "geometry"]].sort_values("area", ignore_index=True)


def _places(boundaries: pd.DataFrame) -> list[str]:
    return [name for name in boundaries.columns if name.startswith("_")]


def _kind(geometry: str) -> str:
    """Type of a GeoJSON geometry; \"\" where the text is none."""
    try:
        content = json.loads(geometry)
    except ValueError:
        return ""
    return str(content.get("type", "")) if isinstance(content, dict) and content.get("coordinates") else ""


def _note_unmatched(
    table: pd.DataFrame, inside: pd.Series, areas: pd.DataFrame, findings: list[Finding]
) -> None:
    """Note outlines without an area, and areas without an outline among kinds that have some."""
    if not inside.any():
        findings.append(
            Finding(
                severity="error",
                code="no_boundary",
                table="boundaries",
                column="area",
                value=", ".join(table["area"].head(3)),
                message="no outline belongs to an area of the areas table",
                hint="compare the codes of the two tables: are they of the same kind and year?",
            )
        )
        return
    kinds = areas.loc[areas["area"].isin(table["area"]), "kind"].unique()
    without = areas.loc[areas["kind"].isin(kinds) & ~areas["area"].isin(table["area"]), "area"]
    for codes, words in (
        (without, "areas have no outline and are missing on maps"),
        (table.loc[~inside, "area"], "outlines belong to no area of the areas table and are left out"),
    ):
        if len(codes):
            findings.append(
                Finding(
                    severity="note",
                    code="no_boundary",
                    table="boundaries",
                    column="area",
                    value=", ".join(codes.head(5)),
                    message=f"{len(codes):,} {words}",
                )
            )
