"""What areas are like: columns of further tables joined to them by code."""

import pandas as pd

from variation.areas.successor_features import merge_features
from variation.errors import Finding
from variation.reading.cells import FILE, note_rows


def with_features(
    areas: pd.DataFrame, features: pd.DataFrame, steps: pd.DataFrame, findings: list[Finding]
) -> pd.DataFrame:
    """Join further columns to the areas by code; what the areas table has itself is kept.

    Several features tables may each bring columns; where two rows bring the same, the first counts. Those of areas
    that closed or merged count in their successors.
    """
    if features.empty or areas.empty:
        return areas
    names = [name for name in features.columns if name not in areas.columns and not name.startswith("_")]
    if not names:
        return areas
    by_area = features.groupby("area", sort=False)
    changed = pd.concat([features[name] != by_area[name].transform("first") for name in names], axis=1)
    again = (changed & features[names].notna()).any(axis=1) & features["area"].isin(areas["area"].unique())
    note_rows(findings, features, again, "area", code="duplicate", severity="warning",
              message="a second row with other figures for the same area; the first counts",
              hint="is it an older year, or a wider area with the same code?")  # fmt: skip
    figures = merge_features(
        by_area[names].first(), steps, pd.Index(areas["area"]), findings, table=str(features[FILE].iloc[0])
    )
    without = areas.loc[~areas["area"].isin(figures.index), "kind"]
    if len(without) == len(areas):
        findings.append(
            Finding(
                severity="error",
                code="no_features",
                table="features",
                column="area",
                value=", ".join(features["area"].head(3)),
                message="no row belongs to an area of the areas table",
                hint="compare the codes of the two tables: are they of the same kind and year?",
            )
        )
    return areas.join(figures, on="area")
