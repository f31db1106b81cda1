"""The inputs of an analysis: settings and tables, read and checked, or every reason why not."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reports.contents import Source
from variation.areas import AreaTree, area_tree
from variation.check import check_areas, check_catalogue, check_indicators
from variation.errors import Finding, InputError
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


def read_inputs(path: Path) -> Inputs:
    """Read and check everything that ``analysis.toml`` names.

    Raises
    ------
    SettingsError
        If the settings cannot be used.
    InputError
        With every finding of severity error, and the warnings and notes beside them.
    """
    settings = read_settings(path)
    readings = {
        spec.name: read_table(getattr(settings.tables, spec.name), spec, folder=path.parent)
        for spec in (INDICATORS, CATALOGUE, AREAS, FEATURES, LISTED_PEERS, PLAN)
    }
    findings = [finding for reading in readings.values() for finding in reading.findings]
    stop_on_errors(findings)
    catalogue = check_catalogue(readings["catalogue"].table, findings)
    areas = check_areas(_with_features(readings["areas"].table, readings["features"].table), findings)
    indicators = check_indicators(readings["indicators"].table, catalogue, areas, findings)
    tree = area_tree(areas)
    focus = _focus(settings, tree, findings)
    stop_on_errors(findings)
    return Inputs(
        settings=settings.model_copy(update={"focus": focus}),
        indicators=indicators,
        catalogue=catalogue[catalogue["indicator"].isin(indicators["indicator"])].reset_index(drop=True),
        areas=areas,
        listed_peers=readings["peers"].table,
        plan=readings["plan"].table,
        tree=tree,
        findings=tuple(findings),
        sources=_sources(readings),
    )


def stop_on_errors(findings: list[Finding]) -> None:
    """Raise with all the findings where one of them is an error."""
    if any(finding.severity == "error" for finding in findings):
        raise InputError(findings)


def _with_features(areas: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Join further columns to the areas by code; what the areas table has itself is kept."""
    if features.empty:
        return areas
    extra = features.drop_duplicates("area").set_index("area")
    extra = extra[[name for name in extra.columns if name not in areas.columns and not name.startswith("_")]]
    return areas.join(extra, on="area")


def _focus(settings: Settings, tree: AreaTree, findings: list[Finding]) -> str:
    if settings.focus and settings.focus not in tree.codes:
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
    return settings.focus or tree.top


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
