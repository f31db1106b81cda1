"""The inputs of an analysis: settings and tables, read and checked, or every reason why not."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from reports.contents import Source
from variation.areas.features import with_features
from variation.areas.levels import read_areas, without_unallocated
from variation.areas.successors import check_successors
from variation.areas.tree import AreaTree, area_tree
from variation.checks.boundaries import check_boundaries
from variation.checks.figures import check_figures
from variation.checks.found import stop_on_errors, with_sheets
from variation.checks.lacking import note_empty, with_figures
from variation.checks.peers import check_peers
from variation.checks.periods import with_read_periods
from variation.checks.settings import check_focus, check_words
from variation.checks.tables import check_areas, check_catalogue, check_indicators, check_plan
from variation.errors import Finding
from variation.figures.panel import Panel, build_panel, note_parent_rows
from variation.finance.assumptions import Assumptions, assume, check_assumptions
from variation.periods.pooling import arrange_periods
from variation.reading.tables import Reading, read_table
from variation.settings import Settings, read_settings
from variation.tables import (
    AREAS,
    ASSUMPTIONS,
    BOUNDARIES,
    CATALOGUE,
    FEATURES,
    INDICATORS,
    LISTED_PEERS,
    OVERLAPS,
    PLAN,
    SCHEMES,
    SUCCESSORS,
)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Checked inputs: the rows that can be used, and what was found in the others."""

    settings: Settings
    indicators: pd.DataFrame
    catalogue: pd.DataFrame
    areas: pd.DataFrame
    listed_peers: pd.DataFrame
    plan: pd.DataFrame
    boundaries: pd.DataFrame
    assumptions: Assumptions
    tree: AreaTree
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    completeness: pd.DataFrame

    @cached_property
    def panel(self) -> Panel:
        """The checked rows as matrices, rolled up the tree."""
        return build_panel(self.indicators, self.catalogue, self.tree)


FINANCE = (ASSUMPTIONS, SCHEMES, OVERLAPS)


def read_inputs(path: Path, *, assumptions: Path | None = None) -> Inputs:
    """Read and check everything that ``analysis.toml`` names, and finance's edits of a workbook.

    ``assumptions`` is a workbook of an earlier pack in which inputs were changed: they take the place of those
    of the settings and tables.

    Raises
    ------
    SettingsError
        If the settings cannot be used.
    InputError
        With every finding of severity error, and the warnings and notes beside them.
    """
    given = read_tables(path)
    settings, findings = given.settings, given.findings
    if not given.lacking:  # each against the others: only where all are there
        figures = with_figures(given.tables["indicators"], findings)
        indicators = check_indicators(
            figures, given.catalogue, given.areas, findings, given.tables["successors"]
        )
        indicators = arrange_periods(indicators, given.catalogue, settings.periods, findings)
        settings = with_read_periods(settings, indicators, findings)
        boundaries = check_places(given, settings)
    findings = with_sheets(findings)
    stop_on_errors(findings)
    tree = area_tree(given.areas)
    note_parent_rows(indicators, tree, findings)
    used, assumed, edited = assumed_of(given, indicators["indicator"], assumptions, findings)
    panel = build_panel(indicators, used, tree)
    completeness = check_figures(panel, indicators, given.areas, findings)
    inputs = Inputs(
        settings=settled(settings, tree, assumed),
        indicators=indicators,
        catalogue=used,
        areas=given.areas,
        listed_peers=given.tables["peers"],
        plan=given.plan,
        boundaries=boundaries,
        assumptions=assumed,
        tree=tree,
        findings=tuple(with_sheets(findings)),
        sources=(*given.sources, *edited),
        completeness=completeness,
    )
    vars(inputs)["panel"] = panel  # made already: the cached property need not make it again
    return inputs


@dataclass(frozen=True, kw_only=True)
class Given:
    """Settings and tables as they are given, each checked by itself; ``findings`` grows as more is checked."""

    settings: Settings
    tables: dict[str, pd.DataFrame]
    catalogue: pd.DataFrame
    areas: pd.DataFrame
    plan: pd.DataFrame
    sources: tuple[Source, ...]
    findings: list[Finding]
    lacking: bool  # a table that an analysis needs has no row


def read_tables(path: Path, *, indicators_elsewhere: bool = False) -> Given:
    """Read everything that ``analysis.toml`` names and check each table by itself.

    With ``indicators_elsewhere`` the indicator table is left to an engine that reads it where it is.
    """
    settings = read_settings(path)
    named = [INDICATORS, CATALOGUE, FEATURES, LISTED_PEERS, PLAN, BOUNDARIES, SUCCESSORS, *FINANCE]
    needed = [INDICATORS, CATALOGUE, AREAS]
    if indicators_elsewhere:
        named, needed = named[1:], needed[1:]
    readings = {
        spec.name: read_table(getattr(settings.tables, spec.name), spec, folder=path.parent) for spec in named
    }
    unallocated = settings.areas.unallocated
    readings[AREAS.name] = read_areas(settings.tables.areas, unallocated, folder=path.parent)
    findings = [finding for reading in readings.values() for finding in reading.findings]
    tables = {name: reading.table for name, reading in readings.items()}
    lacking = note_empty({spec.name: readings[spec.name] for spec in needed}, findings)
    catalogue = check_catalogue(tables["catalogue"], findings)
    allocated = without_unallocated(tables["areas"], unallocated, findings)
    tables["successors"] = check_successors(tables["successors"], findings)
    features = (tables["features"], tables["successors"])
    areas = check_areas(with_features(allocated, *features, findings), findings)
    plan = check_plan(tables["plan"], findings)
    check_assumptions(tables, catalogue, settings.finance, findings)
    return Given(
        settings=settings,
        tables=tables,
        catalogue=catalogue,
        areas=areas,
        plan=plan,
        sources=_sources(readings),
        findings=findings,
        lacking=lacking,
    )


def check_places(given: Given, settings: Settings) -> pd.DataFrame:
    """Check what the settings and tables say of the areas; return the boundaries that can be drawn."""
    areas, findings = given.areas, given.findings
    check_peers(areas, given.tables["peers"], settings.peers, findings)
    boundaries = check_boundaries(given.tables["boundaries"], areas, findings)
    check_focus(settings, areas, findings)
    check_words(settings, areas, findings)
    return boundaries


def assumed_of(
    given: Given, indicators: "pd.Series[str]", workbook: Path | None, findings: list[Finding]
) -> tuple[pd.DataFrame, Assumptions, tuple[Source, ...]]:
    """Catalogue of the ``indicators`` that have rows, and what finance assumes of them, with edits of a workbook."""
    used = given.catalogue[given.catalogue["indicator"].isin(indicators.unique())].reset_index(drop=True)
    assumed = assume(given.settings.finance, used, given.tables)
    if workbook is None:
        return used, assumed, ()
    from variation.finance.edits import read_back  # with the workbook's library, that checking needs not

    assumed, edited = read_back(workbook, assumed, findings)
    stop_on_errors(findings)
    return _with_prices(used, assumed), assumed, edited


def settled(settings: Settings, tree: AreaTree, assumed: Assumptions) -> Settings:
    """Settings with what they leave to the tables: the pack's own area, finance's edits."""
    return settings.model_copy(update={"focus": settings.focus or tree.top, "finance": assumed.general})


def _with_prices(catalogue: pd.DataFrame, assumed: Assumptions) -> pd.DataFrame:
    """Let a line's price hold wherever its indicator is priced."""
    price = assumed.lines.set_index("indicator")["unit_cost"]
    return catalogue.assign(unit_cost=catalogue["indicator"].map(price).fillna(catalogue["unit_cost"]))


def looking_at(inputs: Inputs, plan_line: str) -> Inputs:
    """Return the same inputs with another line of the plan for the summaries; "" for that with most identified."""
    general = inputs.assumptions.general.model_copy(update={"plan_line_shown": plan_line})
    return replace(
        inputs,
        settings=inputs.settings.model_copy(update={"finance": general}),
        assumptions=replace(inputs.assumptions, general=general),
    )


def _sources(readings: dict[str, Reading]) -> tuple[Source, ...]:
    return tuple(
        Source(name=name, table=table, rows=rows, sha256=digest)
        for table, reading in readings.items()
        for name, rows, digest in reading.sources
    )
