"""What an engine computes of one block of rows: the same functions as a run in one process, on less of the table.

A block holds all rows of some (indicator, period) groups. The large table, the comparison, stays where it was made;
the small ones come back.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from variation.areas import AreaTree
from variation.cells import FILE, LINE, typed
from variation.check import check_indicators
from variation.compare import frame_of
from variation.errors import Finding
from variation.explained import with_shares
from variation.inequalities import unequal
from variation.kernel import compare_block
from variation.over_time import follow
from variation.panel import Panel, build_panel
from variation.peering import Peerings, by_peers
from variation.settings import Settings
from variation.sizing import priced_groups, size_priced
from variation.tables import INDICATORS
from variation.totals import Pence


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What every block needs, and a cluster sends to each worker once: small beside the rows."""

    settings: Settings
    catalogue: pd.DataFrame
    areas: pd.DataFrame
    tree: AreaTree
    peerings: Peerings
    latest: Mapping[str, str]  # each indicator's latest period, in whatever block it is


@dataclass(frozen=True, kw_only=True)
class BlockTables:
    """The tables of a block, and what was found in its rows."""

    comparison: pa.Table
    variation: pd.DataFrame
    opportunity: pd.DataFrame
    inequality: pd.DataFrame
    draws: dict[str, Pence]  # by indicator, see ``variation.totals``
    findings: list[Finding]


def checked_rows(rows: pd.DataFrame, shared: Shared) -> tuple[pd.DataFrame, list[Finding]]:
    """Bring rows to their declared types and check them as a file's would be; a row is not a line here."""
    findings: list[Finding] = []
    placed = rows.copy()
    placed[FILE], placed[LINE] = INDICATORS.name, 0
    own = shared.catalogue[shared.catalogue["indicator"].isin(rows["indicator"].unique())]
    table = typed(placed.reset_index(drop=True), INDICATORS, findings)
    return check_indicators(table, own, shared.areas, findings), findings


def block_tables(rows: pd.DataFrame, shared: Shared) -> BlockTables:
    """Everything that can be said of the groups in these rows without the others."""
    table, findings = checked_rows(rows, shared)
    panel = build_panel(table, shared.catalogue, shared.tree)
    settings = shared.settings
    latest = _latest(panel, shared.latest)
    done = [
        compare_block(part, peers, settings.comparison) for part, peers in by_peers(panel, shared.peerings)
    ]
    opportunities: list[pd.DataFrame] = []
    draws: dict[str, Pence] = {}
    priced = panel if settings.opportunity.period is not None else latest
    for part, peers in by_peers(
        priced.rows(priced_groups(priced, settings.opportunity.period)), shared.peerings
    ):
        sized = size_priced(part, peers, settings, threads=1)  # a worker has one core, and others beside it
        opportunities.append(sized.opportunity)
        draws |= sized.draws
    variation = frame_of([block.variation for block in done])
    return BlockTables(
        comparison=pa.concat_tables([block.comparison for block in done]),
        variation=with_shares(variation, latest, covariates=settings.inequality.case_mix)
        if len(latest)
        else variation,
        opportunity=pd.concat(opportunities, ignore_index=True) if opportunities else pd.DataFrame(),
        inequality=unequal(panel, deprivation=settings.inequality.deprivation),
        draws=draws,
        findings=findings,
    )


def series_table(rows: pd.DataFrame, shared: Shared) -> pd.DataFrame:
    """Trends of the indicators of these rows, which are all that they have."""
    table, _ = checked_rows(rows, shared)
    return follow(build_panel(table, shared.catalogue, shared.tree), shared.settings.trend)


def _latest(panel: Panel, latest: Mapping[str, str]) -> Panel:
    """The groups that are their indicator's latest."""
    period = panel.groups["indicator"].map(latest)
    return panel.rows((panel.groups["period"] == period).to_numpy().nonzero()[0])
