"""What finance assumes of each indicator and scheme: the settings and tables brought together and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from variation.errors import Finding
from variation.reading.cells import note_rows
from variation.settings.finance import FinanceSettings
from variation.tables import SCHEMES

NO_PLAN_LINE = "No line of the plan"
YEARS = ("year_0", "year_1", "year_2", "year_3", "year_4")

# Where the assumptions table says nothing: the point of delivery by the stage of the pathway.
BY_STAGE = {"prescribing": "prescribing", "elective": "elective", "non-elective": "non_elective"}


# Schemes without lines, for a reader of the workbook who gathers lines anew.
SPARE_SCHEMES = 2


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """All that the finance chain assumes, each table complete: one row for everything that it can be asked of.

    ``lines``: indicator, name, programme, plan_line, overlap_group, point_of_delivery, scheme, unit, unit_cost (£),
    marginal_rate (NaN: the point of delivery's). ``investments``: indicator, name, programme, plan_line, unit and
    unit_cost of those for which high is good. ``schemes``: as the input table, with nothing empty but ``addressable``
    and ``deliverable`` (NaN: the general share), costs 0 where none are known. ``overlaps``: a row for each ordered
    pair that counts some of the same events. ``delivery`` and ``phasing`` are the settings' as tables. ``changes``
    lists what was edited in a workbook: table, key, column, was, now.
    """

    general: FinanceSettings
    delivery: pd.DataFrame
    phasing: pd.DataFrame
    lines: pd.DataFrame
    investments: pd.DataFrame
    schemes: pd.DataFrame
    overlaps: pd.DataFrame
    changes: pd.DataFrame

    def with_tables(self, **tables: pd.DataFrame) -> "Assumptions":
        """Return the same with some tables in place of its own."""
        return replace(self, **tables)  # type: ignore[arg-type]


CHANGES = ("table", "key", "column", "was", "now")


def assume(
    general: FinanceSettings, catalogue: pd.DataFrame, given: Mapping[str, pd.DataFrame]
) -> Assumptions:
    """Bring settings, catalogue and the tables assumptions, schemes and overlaps together.

    Indicators with a price for which low is good become lines; schemes and overlaps that no table names are made
    from the programme and point of delivery, and from the overlap groups.
    """
    lines = _lines(catalogue, given["assumptions"])
    return Assumptions(
        general=general,
        delivery=delivery_table(general),
        phasing=phasing_table(general),
        lines=lines,
        investments=_investments(catalogue),
        schemes=_schemes(lines, given["schemes"], general),
        overlaps=_overlaps(lines, given["overlaps"]),
        changes=pd.DataFrame(columns=list(CHANGES)),
    )


def delivery_table(general: FinanceSettings) -> pd.DataFrame:
    """Points of delivery, one row each, in the order of the settings."""
    rows = [{"point_of_delivery": key, **part.model_dump()} for key, part in general.delivery.items()]
    return pd.DataFrame(rows).astype({"price": float})


def phasing_table(general: FinanceSettings) -> pd.DataFrame:
    """Phasings, one row each: the share of a full year's saving reached in each year of a scheme."""
    rows = [[name, *shares] for name, shares in general.phasing.items()]
    return pd.DataFrame(rows, columns=["phasing", *YEARS]).astype(dict.fromkeys(YEARS, float))


def _lines(catalogue: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    priced = catalogue[(catalogue["polarity"] == "low") & catalogue["unit_cost"].notna()]
    table = priced[
        ["indicator", "name", "programme", "pathway_stage", "plan_line", "overlap_group", "unit_cost"]
    ]
    table = table.assign(
        unit=priced["counts"],
        plan_line=priced["plan_line"].fillna(NO_PLAN_LINE).astype(object),
        overlap_group=priced["overlap_group"].fillna(priced["indicator"]).astype(object),
    )
    own = given.drop_duplicates("indicator").set_index("indicator")
    for name in ("point_of_delivery", "scheme", "marginal_rate"):
        table[name] = table["indicator"].map(own[name]) if name in own and len(own) else np.nan
    usual = table["pathway_stage"].map(BY_STAGE).fillna("other")
    table["point_of_delivery"] = table["point_of_delivery"].astype(object).fillna(usual)
    words = table["point_of_delivery"].astype(str).str.replace("_", " ")
    table["scheme"] = table["scheme"].astype(object).fillna(table["programme"].astype(str) + ": " + words)
    table["marginal_rate"] = table["marginal_rate"].astype(float)
    return table.drop(columns="pathway_stage").reset_index(drop=True)


def _investments(catalogue: pd.DataFrame) -> pd.DataFrame:
    """Indicators with a price for which high is good: what is lacking is an investment need."""
    priced = catalogue[(catalogue["polarity"] == "high") & catalogue["unit_cost"].notna()]
    table = priced[["indicator", "name", "programme", "unit_cost"]].assign(
        unit=priced["counts"], plan_line=priced["plan_line"].fillna(NO_PLAN_LINE).astype(object)
    )
    return table.reset_index(drop=True)


def _schemes(lines: pd.DataFrame, given: pd.DataFrame, general: FinanceSettings) -> pd.DataFrame:
    """One row per scheme that a line is part of, or that the table names; the general figures where it is silent."""
    spare = pd.Series([f"Spare scheme {number}" for number in range(1, SPARE_SCHEMES + 1)], dtype=object)
    names = pd.unique(pd.concat([given["scheme"].astype(object), lines["scheme"].sort_values(), spare]))
    table = pd.DataFrame({"scheme": names}).merge(
        given.loc[:, ~given.columns.str.startswith("_")].drop_duplicates("scheme"), on="scheme", how="left"
    )
    table = table.reindex(columns=SCHEMES.names)
    usual: dict[str, Any] = {
        "start_year": general.start_year,
        "months": general.months,
        "recurrent_cost_gbp": 0.0,
        "one_off_gbp": 0.0,
    }
    for name, value in usual.items():
        table[name] = table[name].astype(float).fillna(float(value))
    for name, word in (
        ("phasing", general.profile),
        ("recurrent", "yes"),
        ("signed_off_by", ""),
        ("signed_off_on", ""),
    ):
        table[name] = table[name].astype(object).fillna(word)
    return table.astype({"addressable": float, "deliverable": float})


def _overlaps(lines: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Ordered pairs with the share of the first that the second counts too: within a group all, unless given."""
    own = lines[["indicator", "overlap_group"]]
    pairs = own.merge(own.rename(columns={"indicator": "other"}), on="overlap_group")
    pairs = pairs.loc[pairs["indicator"] != pairs["other"], ["indicator", "other"]].assign(share=1.0)
    known = set(lines["indicator"])
    said = given.reindex(columns=["indicator", "other", "share"])
    said = said[said["indicator"].isin(known) & said["other"].isin(known)]
    table = pd.concat([said, pairs], ignore_index=True).drop_duplicates(["indicator", "other"])
    table = table[table["indicator"] != table["other"]]
    return table.astype({"share": float}).sort_values(["indicator", "other"], ignore_index=True)


def _check_names(general: FinanceSettings, findings: list[Finding]) -> None:
    """Note settings that name a phasing or a point of delivery that is not there."""
    tried = general.what_if
    for key, names, known in (
        ("profile", (general.profile,), general.phasing),
        ("what_if.phasing", tried.phasing, general.phasing),
        ("what_if.point_of_delivery", (tried.point_of_delivery,), general.delivery),
    ):
        findings += [
            Finding(
                severity="error",
                code="unknown_value",
                table="analysis.toml",
                column=f"finance.{key}",
                value=name,
                message="is not among those of the settings",
                hint=f"known: {', '.join(known)}",
            )
            for name in names
            if name not in known
        ]


def check_assumptions(
    given: Mapping[str, pd.DataFrame],
    catalogue: pd.DataFrame,
    general: FinanceSettings,
    findings: list[Finding],
) -> None:
    """Note what cannot be: unknown indicators, points of delivery and phasings, shares outside 0 to 1."""
    _check_names(general, findings)
    known = set(catalogue["indicator"])
    for table, name, choices, hint in (
        ("assumptions", "indicator", known, "give it a row in the catalogue"),
        ("assumptions", "point_of_delivery", set(general.delivery), f"known: {', '.join(general.delivery)}"),
        ("schemes", "phasing", set(general.phasing), f"known: {', '.join(general.phasing)}"),
        ("overlaps", "indicator", known, "give it a row in the catalogue"),
        ("overlaps", "other", known, "give it a row in the catalogue"),
    ):
        frame = given[table]
        if name in frame:
            wrong = frame[name].notna() & ~frame[name].isin(choices)
            note_rows(findings, frame, wrong, name, code="unknown_value", severity="error",
                      message=f"not a known {name.replace('_', ' ')}", hint=hint)  # fmt: skip
    for table, name, low, high in (
        ("assumptions", "marginal_rate", 0, 1),
        ("schemes", "addressable", 0, 1),
        ("schemes", "deliverable", 0, 1),
        ("schemes", "months", 0, 12),
        ("schemes", "start_year", 0, 4),
        ("schemes", "recurrent_cost_gbp", 0, np.inf),
        ("schemes", "one_off_gbp", 0, np.inf),
        ("overlaps", "share", 0, 1),
    ):
        frame = given[table]
        if name in frame:
            wrong = (frame[name] < low) | (frame[name] > high)
            if name == "start_year":
                wrong |= frame[name].notna() & (frame[name] % 1 != 0)
            expected = f"expected {low} to {high:g}" if np.isfinite(high) else "expected 0 or more"
            note_rows(findings, frame, wrong, name, code="out_of_range", severity="error", message=expected)
    for table, key in (
        ("assumptions", ["indicator"]),
        ("schemes", ["scheme"]),
        ("overlaps", ["indicator", "other"]),
    ):
        frame = given[table]
        note_rows(findings, frame, frame.duplicated(key), key[0], code="duplicate", severity="error",
                  message=f"a second row for the same {', '.join(key)}")  # fmt: skip
