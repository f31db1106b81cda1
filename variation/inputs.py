"""The inputs of an analysis: settings and tables, read and checked, or every reason why not."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.peers import NHSE_2021
from reports.contents import Source
from variation.areas import AreaTree, area_tree
from variation.cells import note_rows
from variation.check import check_areas, check_catalogue, check_indicators, check_plan
from variation.errors import Finding, InputError
from variation.peer_check import check_peers, numeric_features
from variation.read import Reading, read_table
from variation.settings import Settings, read_settings
from variation.tables import AREAS, CATALOGUE, FINDINGS, INDICATORS, PLAN, Column, Table


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Checked inputs: the rows that can be used, and what was found in the others."""

    settings: Settings
    indicators: pd.DataFrame
    catalogue: pd.DataFrame
    areas: pd.DataFrame
    listed_peers: pd.DataFrame
    plan: pd.DataFrame
    tree: AreaTree
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]


FEATURES = Table(
    name="features",
    one_row_per="area",
    key=("area",),
    open_ended=True,
    columns=(Column(name="area", type="text", meaning="area code", required=True),),
)


LISTED_PEERS = Table(
    name="peers",
    one_row_per="area and peer",
    columns=(
        Column(name="area", type="text", meaning="area code", required=True),
        Column(name="peer", type="text", meaning="area code of a peer, most similar first", required=True),
    ),
)


def read_inputs(path: Path, *, indicators_elsewhere: bool = False) -> Inputs:
    """Read and check everything that ``analysis.toml`` names.

    With ``indicators_elsewhere`` the indicator table is left to an engine that reads it where it is: the inputs then
    have none of its rows, and the whole catalogue.

    Raises
    ------
    SettingsError
        If the settings cannot be used.
    InputError
        With every finding of severity error, and the warnings and notes beside them.
    """
    settings = read_settings(path)
    readings = {
        spec.name: read_table(
            () if indicators_elsewhere and spec is INDICATORS else getattr(settings.tables, spec.name),
            spec,
            folder=path.parent,
        )
        for spec in (INDICATORS, CATALOGUE, AREAS, FEATURES, LISTED_PEERS, PLAN)
    }
    findings = [finding for reading in readings.values() for finding in reading.findings]
    tables = {name: reading.table for name, reading in readings.items()}
    empty = _note_empty(readings, findings, (INDICATORS, CATALOGUE, AREAS)[indicators_elsewhere:])
    catalogue = check_catalogue(tables["catalogue"], findings)
    areas = check_areas(_with_features(tables["areas"], tables["features"], findings), findings)
    plan = check_plan(tables["plan"], findings)
    indicators = tables["indicators"]
    if not empty:  # each against the others: only where all are there
        if not indicators_elsewhere:
            indicators = check_indicators(indicators, catalogue, areas, findings)
        check_peers(areas, tables["peers"], settings.peers, findings)
        _check_focus(settings, areas, findings)
        _check_words(settings, areas, findings)
    stop_on_errors(findings)
    tree = area_tree(areas)
    return Inputs(
        settings=settings.model_copy(update={"focus": settings.focus or tree.top}),
        indicators=indicators,
        catalogue=catalogue if indicators_elsewhere else with_figures(catalogue, indicators["indicator"]),
        areas=areas,
        listed_peers=tables["peers"],
        plan=plan,
        tree=tree,
        findings=tuple(findings),
        sources=_sources(readings),
    )


def with_figures(catalogue: pd.DataFrame, indicators: "pd.Series[str]") -> pd.DataFrame:
    """Return the catalogue of the indicators that have any row."""
    return catalogue[catalogue["indicator"].isin(indicators.unique())].reset_index(drop=True)


def stop_on_errors(findings: list[Finding]) -> None:
    """Raise with all the findings where one of them is an error."""
    if any(finding.severity == "error" for finding in findings):
        raise InputError(findings)


def _note_empty(readings: dict[str, Reading], findings: list[Finding], needed: tuple[Table, ...]) -> bool:
    """Note the tables that an analysis needs and that have no row; tell whether there are such."""
    empty = [spec.name for spec in needed if readings[spec.name].table.empty]
    for name in empty:
        reading = readings[name]
        if any(finding.severity in ("error", "warning") for finding in reading.findings):
            continue  # why it is empty is said already
        findings.append(
            Finding(
                severity="error",
                code="empty_table",
                table=", ".join(source[0] for source in reading.sources) or name,
                message=f"the {name} table has no rows below its heading",
                hint=f"`variation template DIR` writes the columns of {name}.csv, each explained",
            )
        )
    if empty and all(finding.severity != "error" for finding in findings):
        findings.append(
            Finding(
                severity="error", code="empty_table", table=", ".join(empty), message="no row can be used"
            )
        )
    return bool(empty)


def _with_features(areas: pd.DataFrame, features: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Join further columns to the areas by code; what the areas table has itself is kept.

    Several features tables may each bring columns; where two rows bring the same, the first counts.
    """
    if features.empty or areas.empty:
        return areas
    by_area = features.groupby("area", sort=False)
    names = [name for name in features.columns if name not in areas.columns and not name.startswith("_")]
    changed = pd.concat([features[name] != by_area[name].transform("first") for name in names], axis=1)
    again = (changed & features[names].notna()).any(axis=1) & features["area"].isin(areas["area"].unique())
    note_rows(findings, features, again, "area", code="duplicate", severity="warning",
              message="a second row with other figures for the same area; the first counts",
              hint="is it an older year, or a wider area with the same code?")  # fmt: skip
    without = areas.loc[~areas["area"].isin(features["area"].unique()), "kind"]
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
    return areas.join(by_area[names].first(), on="area")


def _check_focus(settings: Settings, areas: pd.DataFrame, findings: list[Finding]) -> None:
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


def _check_words(settings: Settings, areas: pd.DataFrame, findings: list[Finding]) -> None:
    """Note columns of the areas that a method needs numbers of and that hold words."""
    asked = settings.inequality
    needed = {*NHSE_2021, asked.deprivation, *asked.case_mix} & set(areas.columns) - set(
        numeric_features(areas)
    )
    for name in sorted(needed):
        note_rows(findings, areas, areas[name].notna(), name, code="not_a_number", severity="error",
                  message="expected a number", hint="leave the cell empty where there is no figure")  # fmt: skip


def _sources(readings: dict[str, Reading]) -> tuple[Source, ...]:
    return tuple(
        Source(name=name, table=table, rows=rows, sha256=digest)
        for table, reading in readings.items()
        for name, rows, digest in reading.sources
    )


def findings_table(findings: tuple[Finding, ...]) -> pd.DataFrame:
    """Lay findings out as the findings table, errors first."""
    order = {"error": 0, "warning": 1, "note": 2}
    rows = [[getattr(finding, name) for name in FINDINGS.names] for finding in findings]
    frame = pd.DataFrame(rows, columns=FINDINGS.names)
    frame["row"] = frame["row"].astype("Int64")
    return frame.sort_values(
        "severity", key=lambda column: column.map(order), kind="stable", ignore_index=True
    )
