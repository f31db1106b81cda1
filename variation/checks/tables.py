"""Check the tables against each other: what stops the run, what is set aside, what a reader should know."""

from typing import Any

import numpy as np
import pandas as pd

from variation.areas.successors import check_successors, follow_successors
from variation.areas.tree import in_a_ring
from variation.checks.maps import inside_the_areas, note_areas_without_figures
from variation.checks.periods import check_periods
from variation.checks.strata import of_a_stratum, strata_first, unstandardised, whole_cells
from variation.errors import Finding
from variation.reading.cells import at_first, note_rows
from variation.tables import CATALOGUE, INDICATORS, KINDS

# Columns of numbers that an indicator table may leave out.
NUMBERS = [column.name for column in INDICATORS if column.type == "number"]
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
    return pd.Series(in_a_ring(child, parent[child], len(table)), index=table.index)


def check_indicators(
    indicators: pd.DataFrame,
    catalogue: pd.DataFrame,
    areas: pd.DataFrame,
    findings: list[Finding],
    steps: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the rows that can be used, those of areas that are no more with their successors.

    Each of the other rows is named in a finding. ``steps`` is what ``check_successors`` gives.
    """
    steps = check_successors(pd.DataFrame(), findings) if steps is None else steps
    strata = {name: indicators[name].fillna("") if name in indicators else "" for name in ("sex", "age_band")}
    table = indicators.assign(**strata)
    absent = [name for name in NUMBERS if name not in table]
    table = table.assign(**dict.fromkeys(absent, float("nan")))
    unknown = ~table["indicator"].isin(catalogue["indicator"])
    note_rows(findings, table, unknown, "indicator", code="not_in_catalogue", severity="error",
              message="the indicator is not in the catalogue",
              hint="give it a row in the catalogue")  # fmt: skip
    table = table[~unknown]
    table = inside_the_areas(table, areas, steps, findings)
    table = check_periods(table, findings)
    table = strata_first(table, findings)
    _duplicates(table, list(INDICATORS.key), findings)
    table = whole_cells(table, _set_aside(table, catalogue, findings), findings)
    if not any(finding.severity == "error" for finding in findings):  # steps may be a ring, periods unread
        table = follow_successors(table, steps, pd.Index(areas["area"]), findings)
        table = inside_the_areas(table, areas, steps[:0], findings)
        note_areas_without_figures(table, areas, findings)
    _incomplete(table, findings)
    unstandardised(table, catalogue, findings)
    _without_figures(table, catalogue, findings)
    return table


def _set_aside(table: pd.DataFrame, catalogue: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Leave out figures that cannot be: each is named, the area has no result there, the others go on."""
    about = catalogue.set_index("indicator")
    kind = table["indicator"].map(about["kind"])
    proportion = kind == "proportion"
    aside = pd.Series(False, index=table.index)

    def set_aside(wrong: pd.Series, column: str, *, code: str, message: str, hint: str = "") -> None:
        """Note the rows of a kind that nothing has set aside before."""
        note_rows(findings, table, wrong & ~aside, column, code=code, severity="warning",
                  message=f"{message}; the row is set aside", hint=hint)  # fmt: skip
        aside[wrong] = True

    for name in ("denominator", "expected", "standard_deviation"):
        set_aside(table[name] < 0, name, code="negative", message="expected 0 or more")
    counted = kind.isin(["proportion", "rate", "ratio"])
    set_aside(
        counted & (table["numerator"] < 0),
        "numerator",
        code="negative",
        message="expected a count of 0 or more",
    )
    set_aside(
        proportion & (table["numerator"] > table["denominator"]),
        "numerator",
        code="above_denominator",
        message="the numerator of a proportion is above its denominator",
        hint="are the two columns swapped, or is it a rate?",
    )
    given = proportion & table["value"].notna()
    if given.any():
        whole = table["indicator"].map(about["multiplier"]).astype(float)
        set_aside(
            given & ((table["value"] > whole) | (table["value"] < 0)),
            "value",
            code="above_whole",
            message="a proportion lies between 0 and the whole",
            hint="is it a rate, or is the catalogue's multiplier 1 where values are in %?",
        )
    return _limits_around_values(table[~aside] if aside.any() else table, findings)


def _limits_around_values(table: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Take out published limits that do not lie around their value."""
    wrong = (table["lower_95"] > table["value"]) | (table["upper_95"] < table["value"])
    if not wrong.any():
        return table
    note_rows(findings, table, wrong, "value", code="limits", severity="warning",
              message="the published limits do not lie around the value, and are taken out",
              hint="are the columns of limits swapped, or of another scale?")  # fmt: skip
    limits = ["lower_95", "upper_95"]
    return table.assign(**{name: table[name].mask(wrong) for name in limits})


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
        findings.append(
            at_first(
                table[small],
                "denominator",
                code="small_denominator",
                severity="note",
                value=f"{table.loc[small, 'denominator'].iloc[0]:g}",
                message=f"{int(small.sum()):,} rows count among fewer than {SMALL_DENOMINATOR} people",
                hint="pool years or compare localities for these indicators",
            )
        )


def _duplicates(table: pd.DataFrame, key: list[str], findings: list[Finding]) -> None:
    again = table.duplicated(key)
    note_rows(findings, table, again, key[-1] if len(key) == 1 else key[1], code="duplicate", severity="error",
              message=f"a second row for the same {', '.join(key)}",
              hint="keep one of them, or read the file with unique = true if they are alike")  # fmt: skip
