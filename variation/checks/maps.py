"""Check the figures against the map: areas that are on one and not in the other, and the people they carry."""

import pandas as pd

from variation.errors import Finding
from variation.reading.cells import FILE, LINE


def inside_the_areas(
    table: pd.DataFrame, areas: pd.DataFrame, steps: pd.DataFrame, findings: list[Finding]
) -> pd.DataFrame:
    """Leave out rows of areas that are neither on the map nor have a successor; say how many people they carry."""
    inside = table["area"].isin(areas["area"]) | table["area"].isin(steps["area"])
    if not inside.all():
        findings.append(_outside(table, inside, areas))
    if len(table) and not inside.any():
        findings.append(
            Finding(
                severity="error",
                code="no_rows",
                table="indicators",
                column="area",
                message="no row belongs to an area of the areas table",
                hint="compare the codes of the two tables: are they of the same kind and year?",
            )
        )
    return table[inside]


def _outside(table: pd.DataFrame, inside: "pd.Series[bool]", areas: pd.DataFrame) -> Finding:
    outside = table[~inside]
    codes = outside["area"].drop_duplicates()
    hint = "add them to the areas table if they should be compared"
    if set(_plain(codes)) & set(_plain(areas["area"])):
        hint = "some differ from areas only in leading zeros or capitals: did a spreadsheet take them?"
    return Finding(
        severity="note",
        code="outside_the_areas",
        table="indicators",
        column="area",
        value=", ".join(map(str, codes.head(5))),
        message=f"{len(outside):,} rows of {len(codes):,} areas that are not compared are left out"
        + _carried(table, inside),
        hint=hint,
    )


def _plain(codes: "pd.Series[str]") -> "pd.Series[str]":
    return codes.str.upper().str.lstrip("0")


def _carried(table: pd.DataFrame, inside: "pd.Series[bool]") -> str:
    """Say how much of a denominator the rows left out carry, where that is most."""
    cells = [table["indicator"], table["period"]]
    left = table["denominator"].where(~inside).groupby(cells).sum()
    if not left.max() > 0:
        return ""
    sums = pd.DataFrame({"left": left, "of_all": table["denominator"].groupby(cells).sum()}).reset_index()
    indicator, period, carried, of_all = sums.nlargest(1, "left").iloc[0]
    return (
        f"; they carry up to {carried:,.0f} of the {of_all:,.0f} people or units that {indicator} counts"
        f" among in {period}"
    )


def note_areas_without_figures(table: pd.DataFrame, areas: pd.DataFrame, findings: list[Finding]) -> None:
    """Note areas with nothing below them that have no row at all, and their population where it is known."""
    leaves = ~areas["area"].isin(areas["parent"].dropna())
    given = areas["area"].isin(table["area"].unique())
    # Where an indicator is given for wider areas only, finer ones are there for features: nothing is missing.
    kinds = areas.loc[given, "kind"].unique()
    without = areas[leaves & ~given & areas["kind"].isin(kinds)]
    if without.empty or table.empty:
        return
    people = ""
    if "population" in areas and without["population"].notna().any():
        own, of_all = (frame["population"].sum() for frame in (without, areas[leaves]))
        people = f"; {own:,.0f} of {of_all:,.0f} people live there or are registered there"
    first = without.iloc[0]
    findings.append(
        Finding(
            severity="note",
            code="no_rows_of_area",
            table=str(first.get(FILE, "areas")),
            row=int(first[LINE]) if LINE in first else None,
            column="area",
            value=", ".join(without["area"].head(5)),
            message=f"{len(without):,} areas on the map have no figure of any indicator{people}",
            hint="have they closed or changed their code? tables.successors says who has their patients",
        )
    )
