"""What an engine computes of one block of rows: the same functions as a run in one process, on less of the table.

A block holds all rows of some (indicator, period) groups. The large table, the comparison, stays where it was made;
the small ones come back.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from variation.areas.tree import AreaTree
from variation.checks.tables import check_indicators
from variation.comparison.compare import frame_of
from variation.comparison.explained import with_shares
from variation.comparison.inequalities import unequal
from variation.comparison.kernel import compare_block
from variation.comparison.over_time import follow
from variation.comparison.peering import Peerings, by_peers
from variation.errors import Finding
from variation.figures.panel import Panel, build_panel, note_parent_rows
from variation.opportunity.sizing import Priced, priced_groups, size_priced
from variation.reading.cells import FILE, LINE, typed
from variation.settings import Settings
from variation.settings.table_source import TableSource
from variation.tables import INDICATORS

# The column that says which of the sources a row is from, by its number.
SOURCE = "source"

# Findings that only the whole table can give: a block has some of its periods and areas.
OF_THE_WHOLE = (
    "ambiguous_period", "mixed_periods", "no_figures", "no_rows", "no_rows_of_area", "overlapping_periods",
    "period_spelling",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What every block needs, and a cluster sends to each worker once: small beside the rows."""

    settings: Settings
    sources: tuple[TableSource, ...]
    catalogue: pd.DataFrame
    areas: pd.DataFrame
    successors: pd.DataFrame
    tree: AreaTree
    peerings: Peerings
    latest: Mapping[str, str]  # each indicator's latest period, in whatever block it is


@dataclass(frozen=True, kw_only=True)
class BlockTables:
    """The tables of a block, and what was found in its rows."""

    comparison: pa.Table
    variation: pd.DataFrame
    priced: Priced
    inequality: pd.DataFrame
    findings: list[Finding]


def checked_rows(rows: pd.DataFrame, shared: Shared) -> tuple[pd.DataFrame, list[Finding]]:
    """Bring rows to their declared types and check them as a file's would be; a row is not a line here."""
    findings: list[Finding] = []
    placed = rows.copy()
    placed[FILE], placed[LINE] = INDICATORS.name, 0
    parts = []
    for number, source in enumerate(shared.sources):
        part = placed[placed[SOURCE] == number].drop(columns=SOURCE).reset_index(drop=True)
        if len(part):
            part = typed(part, INDICATORS, source, findings)
            parts.append(part.assign(**{name: part[name] * by for name, by in source.scale.items()}))
    table = pd.concat(parts, ignore_index=True)
    absent = [name for name in ("numerator", "denominator") if name not in table]
    table = table.assign(**dict.fromkeys(absent, float("nan")))
    own = shared.catalogue[shared.catalogue["indicator"].isin(table["indicator"].unique())]
    table = check_indicators(table, own, shared.areas, findings, shared.successors)
    return table, [finding for finding in findings if finding.code not in OF_THE_WHOLE]


def block_tables(rows: pd.DataFrame, shared: Shared) -> BlockTables:
    """Everything that can be said of the groups in these rows without the others."""
    table, findings = checked_rows(rows, shared)
    note_parent_rows(table, shared.tree, findings)
    panel = build_panel(table, shared.catalogue, shared.tree)
    settings = shared.settings
    latest = _latest(panel, shared.latest)
    done = [
        compare_block(part, peers, settings.comparison) for part, peers in by_peers(panel, shared.peerings)
    ]
    priced = panel if settings.opportunity.period is not None else latest
    priced = priced.rows(priced_groups(priced, settings.opportunity.period))
    sized = [
        size_priced(part, peers, settings, threads=1)  # a worker has one core, and others beside it
        for part, peers in by_peers(priced, shared.peerings)
    ]
    variation = frame_of([block.variation for block in done])
    return BlockTables(
        comparison=pa.concat_tables([block.comparison for block in done]),
        variation=with_shares(variation, latest, covariates=settings.inequality.case_mix)
        if len(latest)
        else variation,
        priced=Priced.joined(sized),
        inequality=unequal(panel, deprivation=settings.inequality.deprivation),
        findings=findings,
    )


def series_table(rows: pd.DataFrame, shared: Shared) -> pd.DataFrame:
    """Trends of the indicators of these rows, which are all that they have."""
    table, _ = checked_rows(rows, shared)
    return follow(build_panel(table, shared.catalogue, shared.tree), shared.settings.trend, table)


def _latest(panel: Panel, latest: Mapping[str, str]) -> Panel:
    """The groups that are their indicator's latest."""
    period = panel.groups["indicator"].map(latest)
    return panel.rows((panel.groups["period"] == period).to_numpy().nonzero()[0])
