"""Check the tables against each other: what stops the run, what is set aside, what a reader should know."""

from typing import Any

import pandas as pd

from variation.errors import Finding
from variation.read import FILE, LINE, note_rows
from variation.tables import KINDS

# People. A rate on fewer says next to nothing about a practice.
SMALL_DENOMINATOR = 20


def check_catalogue(catalogue: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Fill what the catalogue leaves out with the plain defaults, and note duplicates."""
    _duplicates(catalogue, ["indicator"], findings)
    table = catalogue.drop_duplicates("indicator").sort_values("indicator").reset_index(drop=True)
    defaults: dict[str, Any] = {
        "programme": "All indicators",
        "pathway_stage": "outcome",
        "unit": "",
        "polarity": "local",
        "standardise": "none",
        "question": "",
        "may_be_warranted": "",
        "source": "",
        "plan_line": pd.NA,
        "overlap_group": pd.NA,
        "care_class": pd.NA,
        "cost_basis": pd.NA,
    }
    for name, value in defaults.items():
        table[name] = table[name].fillna(value) if name in table else value
    for name in ("multiplier", "unit_cost", "cost_per_event", "cost_cv"):
        if name not in table:
            table[name] = float("nan")
    usual = table["kind"].map(dict(zip(KINDS, (100.0, 1000.0, 1.0, 1.0, 1.0), strict=True)))
    table["multiplier"] = table["multiplier"].fillna(usual)
    return table


def check_areas(areas: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Note duplicates, parents that are not there and rings of parents."""
    _duplicates(areas, ["area"], findings)
    table = areas.drop_duplicates("area").sort_values("area").reset_index(drop=True)
    if "parent" not in table:
        table["parent"] = pd.NA
    if "name" not in table:
        table["name"] = table["area"]
    table["name"] = table["name"].fillna(table["area"])
    missing = table["parent"].notna() & ~table["parent"].isin(table["area"])
    note_rows(findings, table, missing, "parent", code="unknown_parent", severity="error",
              message="the parent is not among the areas",
              hint="give the parent a row of its own, or leave the cell empty at the top")  # fmt: skip
    ring = _in_a_ring(table)
    note_rows(findings, table, ring, "parent", code="ring_of_parents", severity="error",
              message="the area is below itself", hint="follow the parents up and break the ring")  # fmt: skip
    return table


def _in_a_ring(table: pd.DataFrame) -> pd.Series:
    """Tell which areas never reach a top by going from parent to parent."""
    parent = pd.Index(table["area"]).get_indexer(pd.Index(table["parent"]))
    above = parent
    for _ in range(len(table).bit_length() + 1):  # each turn doubles the steps
        above = pd.Series(above).where(above < 0, above[above]).to_numpy()
        parent = above
    return pd.Series(above >= 0, index=table.index)


def check_indicators(
    indicators: pd.DataFrame, catalogue: pd.DataFrame, areas: pd.DataFrame, findings: list[Finding]
) -> pd.DataFrame:
    """Return the rows that can be used; each of the others is named in a finding."""
    table = indicators
    for name in ("sex", "age_band"):
        if name not in table:
            table = table.assign(**{name: ""})
        table[name] = table[name].fillna("")
    unknown = ~table["indicator"].isin(catalogue["indicator"])
    note_rows(findings, table, unknown, "indicator", code="not_in_catalogue", severity="error",
              message="the indicator is not in the catalogue",
              hint="give it a row in the catalogue")  # fmt: skip
    table = table[~unknown]
    table = _outside_the_areas(table, areas, findings)
    _duplicates(table, ["indicator", "area", "period", "sex", "age_band"], findings)
    table = _set_aside(table, catalogue, findings)
    _incomplete(table, findings)
    return table


def _outside_the_areas(table: pd.DataFrame, areas: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Leave out rows of areas that the areas table does not have; one note says how many."""
    inside = table["area"].isin(areas["area"])
    if not inside.all():
        outside = table.loc[~inside, "area"]
        findings.append(
            Finding(
                severity="note",
                code="outside_the_areas",
                table="indicators",
                column="area",
                value=", ".join(map(str, outside.drop_duplicates().head(5))),
                message=f"{len(outside):,} rows of {outside.nunique():,} areas that are not compared are left out",
                hint="add them to the areas table if they should be compared",
            )
        )
    if not inside.any():
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


def _set_aside(table: pd.DataFrame, catalogue: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Leave out figures that cannot be: each is named, the area has no result there, the others go on."""
    kind = table["indicator"].map(catalogue.set_index("indicator")["kind"])
    for name in (
        "numerator",
        "denominator",
        "expected",
        "standard_deviation",
        "value",
        "lower_95",
        "upper_95",
    ):
        if name not in table:
            table = table.assign(**{name: float("nan")})
    counted = ["denominator", "expected", "standard_deviation"]
    for name in counted:
        negative = table[name] < 0
        note_rows(findings, table, negative, name, code="negative", severity="warning",
                  message="expected 0 or more; the row is set aside")  # fmt: skip
        table, kind = table[~negative], kind[~negative]
    negative = (table["numerator"] < 0) & kind.isin(["proportion", "rate", "ratio"])
    note_rows(findings, table, negative, "numerator", code="negative", severity="warning",
              message="expected a count of 0 or more; the row is set aside")  # fmt: skip
    table, kind = table[~negative], kind[~negative]
    above = (kind == "proportion") & (table["numerator"] > table["denominator"])
    note_rows(findings, table, above, "numerator", code="above_denominator", severity="warning",
              message="the numerator of a proportion is above its denominator; the row is set aside",
              hint="are the two columns swapped, or is it a rate?")  # fmt: skip
    return table[~above]


def _incomplete(table: pd.DataFrame, findings: list[Finding]) -> None:
    """Note figures that give no rate or a very uncertain one."""
    counts = table["numerator"].notna()
    nobody = counts & (table["denominator"] == 0) & (table["age_band"] == "") & (table["sex"] == "")
    note_rows(findings, table, nobody, "denominator", code="zero_denominator", severity="warning",
              message="nobody to count among: the area has no value here")  # fmt: skip
    absent = counts & table["denominator"].isna()
    note_rows(findings, table, absent, "denominator", code="missing_denominator", severity="warning",
              message="a numerator without a denominator: the area has no value here")  # fmt: skip
    whole = (table["age_band"] == "") & (table["sex"] == "")
    small = (
        whole
        & (table["denominator"] > 0)
        & (table["denominator"] < SMALL_DENOMINATOR)
        & table["expected"].isna()
    )
    if small.any():
        first = table[small].iloc[0]
        findings.append(
            Finding(
                severity="note",
                code="small_denominator",
                table=str(first[FILE]),
                row=int(first[LINE]),
                column="denominator",
                value=f"{first['denominator']:g}",
                message=f"{int(small.sum()):,} rows count among fewer than {SMALL_DENOMINATOR} people",
                hint="pool years or compare localities for these indicators",
            )
        )


def _duplicates(table: pd.DataFrame, key: list[str], findings: list[Finding]) -> None:
    again = table.duplicated(key)
    note_rows(findings, table, again, key[-1] if len(key) == 1 else key[1], code="duplicate", severity="error",
              message=f"a second row for the same {', '.join(key)}",
              hint="keep one of them, or read the file with unique = true if they are alike")  # fmt: skip
