"""Check strata of age and sex: whole, readable, and there where the catalogue asks for them."""

import pandas as pd

from benchmarks.standardise import standard_for
from variation.errors import Finding
from variation.reading.cells import at_first, note_rows


def of_a_stratum(table: pd.DataFrame) -> pd.Series:
    """Tell which rows are of a stratum of age or sex."""
    return (table["age_band"] != "") | (table["sex"] != "")


def strata_first(table: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Leave out the total of a cell that is given by stratum too: it is the sum of its strata."""
    split = of_a_stratum(table)
    both = set(table.loc[split, "indicator"].unique()) & set(table.loc[~split, "indicator"].unique())
    if not both:
        return table
    cell = ["indicator", "area", "period"]
    given = pd.MultiIndex.from_frame(table.loc[split, cell].drop_duplicates())
    total = ~split & pd.MultiIndex.from_frame(table[cell]).isin(given)
    if total.any():
        findings.append(
            at_first(
                table[total],
                "age_band",
                code="total_and_strata",
                severity="note",
                value=", ".join(sorted(both)[:8]),
                message=f"{int(total.sum()):,} totals are given by age or sex too: those are added up instead",
            )
        )
    return table[~total]


def whole_cells(before: pd.DataFrame, table: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Leave out every stratum of a cell that lacks one: the others added up would say too little."""
    cell = ["indicator", "area", "period"]
    kept = before.index.isin(table.index)
    counted = before["numerator"].notna() & before["denominator"].notna()
    wrong = before[of_a_stratum(before) & ~(kept & counted)]
    if wrong.empty:
        return table
    broken = pd.MultiIndex.from_frame(wrong[cell].drop_duplicates())
    inside = of_a_stratum(table) & pd.MultiIndex.from_frame(table[cell]).isin(broken)
    first = wrong.iloc[0]
    findings.append(
        at_first(
            wrong,
            "numerator",
            code="incomplete_strata",
            severity="warning",
            value=f"{first['indicator']}, {first['area']}, {first['period']}",
            message=f"{len(broken):,} areas and periods lack the count of a stratum and have no value",
            hint="strata added up need all of them: publishers withhold small ones, wider bands may help",
        )
    )
    return table[~inside]


def unstandardised(table: pd.DataFrame, catalogue: pd.DataFrame, findings: list[Finding]) -> None:
    """Note indicators that cannot be standardised as the catalogue asks: no strata, or no age in a band."""
    how = table["indicator"].map(catalogue.set_index("indicator")["standardise"])
    direct = table[(how == "direct") & (table["age_band"] != "")]
    wrong = [band for band in direct["age_band"].unique() if not _is_age_band(band)]
    note_rows(findings, direct, direct["age_band"].isin(wrong), "age_band", code="age_band", severity="error",
              message="expected an age band like 65-74 or 85+")  # fmt: skip
    standardised = of_a_stratum(table) & (how == "indirect") | (table["age_band"] != "") & (how == "direct")
    standardised |= table["expected"].notna() & (how == "indirect")
    crude = table[how.isin(["direct", "indirect"]) & ~standardised]
    if len(crude):
        findings.append(
            at_first(
                crude,
                "age_band",
                code="not_standardised",
                severity="warning",
                value=", ".join(crude["indicator"].unique()[:8]),
                message=f"{len(crude):,} rows have no strata to standardise by: their values are crude",
                hint='give age_band (and sex), or set standardise to "none" in the catalogue',
            )
        )


def _is_age_band(band: str) -> bool:
    try:
        standard_for([band])
    except ValueError:
        return False
    return True
