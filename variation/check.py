"""Check the tables against each other: what stops the run, what is set aside, what a reader should know."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from variation.cells import FILE, LINE, note_rows
from variation.errors import Finding
from variation.periods import UNREAD, period_end
from variation.strata_check import of_a_stratum, strata_first, unstandardised, whole_cells
from variation.tables import CATALOGUE, INDICATORS, KINDS

# People. A rate on fewer says next to nothing about a practice.
SMALL_DENOMINATOR = 20


def check_catalogue(catalogue: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Fill what the catalogue leaves out with the plain defaults, and note duplicates."""
    _duplicates(catalogue, ["indicator"], findings)
    for name in [
        column.name for column in CATALOGUE if column.minimum is not None and column.name in catalogue
    ]:
        wrong = catalogue[name] <= 0 if name == "multiplier" else catalogue[name] < 0
        note_rows(findings, catalogue, wrong, name, code="negative", severity="error",
                  message="expected more than 0" if name == "multiplier" else "expected 0 or more")  # fmt: skip
    if "part_of" in catalogue:
        alone = catalogue["part_of"].notna() & ~catalogue["part_of"].isin(catalogue["indicator"])
        note_rows(findings, catalogue, alone, "part_of", code="unknown_indicator", severity="warning",
                  message="no indicator of the catalogue has this code",
                  hint="an indicator and its parts are looked at together only where both are there")  # fmt: skip
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
    for name in ("multiplier", "unit_cost", "target", "cost_per_event", "cost_cv"):
        if name not in table:
            table[name] = float("nan")
    counts = table["kind"].map(dict(zip(KINDS, ("people", "events", "events", "units", "£"), strict=True)))
    table["counts"] = table["counts"].fillna(counts) if "counts" in table else counts
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
    _parents(table, "area", findings)
    if "population" in table:
        note_rows(findings, table, table["population"] < 0, "population", code="negative", severity="error",
                  message="expected 0 or more people")  # fmt: skip
    return table


def check_plan(plan: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Note duplicates, parent lines that are not there and rings of them."""
    _duplicates(plan, ["plan_line"], findings)
    table = plan.drop_duplicates("plan_line").reset_index(drop=True)
    if "parent" not in table:
        table["parent"] = pd.NA
    if "target_gbp" not in table:
        table["target_gbp"] = float("nan")
    _parents(table, "plan_line", findings)
    return table


def _parents(table: pd.DataFrame, key: str, findings: list[Finding]) -> None:
    """Note parents that the table does not have, and rings of parents: a tree cannot be made of them."""
    word = key.replace("_", " ")
    missing = table["parent"].notna() & ~table["parent"].isin(table[key])
    note_rows(findings, table, missing, "parent", code="unknown_parent", severity="error",
              message=f"the parent is not among the {word}s",
              hint="give the parent a row of its own, or leave the cell empty at the top")  # fmt: skip
    note_rows(findings, table, _in_a_ring(table, key), "parent", code="ring_of_parents", severity="error",
              message=f"the {word} is below itself", hint="follow the parents up and break the ring")  # fmt: skip


def _in_a_ring(table: pd.DataFrame, key: str) -> pd.Series:
    """Tell which rows come back to themselves by going from parent to parent."""
    parent = pd.Index(table[key]).get_indexer(pd.Index(table["parent"]))
    child = np.flatnonzero(parent >= 0)
    steps = csr_array((np.ones(len(child)), (child, parent[child])), shape=(len(table), len(table)))
    if not len(child):
        return pd.Series(False, index=table.index)
    _, ring = connected_components(steps, connection="strong")
    together = np.bincount(ring)[ring] > 1
    return pd.Series(together | (parent == np.arange(len(table))), index=table.index)


def check_indicators(
    indicators: pd.DataFrame, catalogue: pd.DataFrame, areas: pd.DataFrame, findings: list[Finding]
) -> pd.DataFrame:
    """Return the rows that can be used; each of the others is named in a finding."""
    strata = {name: indicators[name].fillna("") if name in indicators else "" for name in ("sex", "age_band")}
    table = indicators.assign(**strata)
    if "event_frequency" not in table:
        table = table.assign(event_frequency=float("nan"))
    unknown = ~table["indicator"].isin(catalogue["indicator"])
    note_rows(findings, table, unknown, "indicator", code="not_in_catalogue", severity="error",
              message="the indicator is not in the catalogue",
              hint="give it a row in the catalogue")  # fmt: skip
    table = table[~unknown]
    table = _outside_the_areas(table, areas, findings)
    table = strata_first(table, findings)
    _duplicates(table, list(INDICATORS.key), findings)
    table = whole_cells(table, _set_aside(table, catalogue, findings), findings)
    _incomplete(table, findings)
    unstandardised(table, catalogue, findings)
    _unread_periods(table, findings)
    _without_figures(table, catalogue, findings)
    return table


def _outside_the_areas(table: pd.DataFrame, areas: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Leave out rows of areas that the areas table does not have; one note says how many."""
    inside = table["area"].isin(areas["area"])
    hint = "add them to the areas table if they should be compared"
    if not inside.all():
        outside = table.loc[~inside, "area"]
        if set(outside.str.upper().str.lstrip("0")) & set(areas["area"].str.upper().str.lstrip("0")):
            hint = "some differ from areas only in leading zeros or capitals: did a spreadsheet take them?"
        findings.append(
            Finding(
                severity="note",
                code="outside_the_areas",
                table="indicators",
                column="area",
                value=", ".join(map(str, outside.drop_duplicates().head(5))),
                message=f"{len(outside):,} rows of {outside.nunique():,} areas that are not compared are left out",
                hint=hint,
            )
        )
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


def _unread_periods(table: pd.DataFrame, findings: list[Finding]) -> None:
    """Note periods without a year that can be read: they would stand before all others."""
    unread = [period for period in table["period"].unique() if period_end(period) == UNREAD]
    note_rows(findings, table, table["period"].isin(unread), "period", code="unread_period", severity="error",
              message="expected a period such as 2016/17, 2016-04 or 2016",
              hint="a spreadsheet turns 2016-04 into Apr-16: format the column as text")  # fmt: skip


def _without_figures(table: pd.DataFrame, catalogue: pd.DataFrame, findings: list[Finding]) -> None:
    """Note indicators of the catalogue that have no rows; an error where no row is left at all."""
    absent = catalogue.loc[~catalogue["indicator"].isin(table["indicator"].unique()), "indicator"]
    if table.empty and not any(finding.code == "no_rows" for finding in findings):
        findings.append(
            Finding(severity="error", code="no_rows", table="indicators", message="no row is left to compare")
        )
    elif len(absent) and len(table):
        findings.append(
            Finding(
                severity="note",
                code="no_figures",
                table="catalogue",
                column="indicator",
                value=", ".join(absent.head(8)),
                message=f"{len(absent)} indicators of the catalogue have no rows",
            )
        )


def _incomplete(table: pd.DataFrame, findings: list[Finding]) -> None:
    """Note figures that give no rate or a very uncertain one."""
    counts = table["numerator"].notna()
    whole = ~of_a_stratum(table)
    nobody = counts & (table["denominator"] == 0) & whole
    note_rows(findings, table, nobody, "denominator", code="zero_denominator", severity="warning",
              message="nobody to count among: the area has no value here")  # fmt: skip
    absent = counts & table["denominator"].isna() & table["value"].isna()
    note_rows(findings, table, absent, "denominator", code="missing_denominator", severity="warning",
              message="a numerator without a denominator: the area has no value here")  # fmt: skip
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
