"""One analysis from checked inputs to finished tables: the steps in their order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from variation.compare import compare
from variation.errors import Finding
from variation.explained import with_shares
from variation.inequalities import long_lives, unequal
from variation.inputs import Inputs, findings_table
from variation.over_time import follow
from variation.panel import build_panel
from variation.peering import Peering, choose_peers
from variation.sizing import Kept, size_opportunity
from variation.tables import PEER_FIT, PEERS
from variation.totals import plan_against_identified


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """The finished tables of one analysis, and the inputs that they are made from."""

    inputs: Inputs
    comparison: pd.DataFrame
    variation: pd.DataFrame
    peers: pd.DataFrame
    peer_fit: pd.DataFrame
    opportunity: pd.DataFrame
    totals: pd.DataFrame
    trend: pd.DataFrame
    inequality: pd.DataFrame
    life_expectancy: pd.DataFrame
    plan: pd.DataFrame
    findings: pd.DataFrame
    found: tuple[Finding, ...]  # the same, to print


def analyse(
    inputs: Inputs, *, kept: Kept | None = None, progress: Callable[[str], None] = lambda step: None
) -> Analysis:
    """Compare every area with its peers and size the opportunity: the same inputs give the same tables.

    ``progress`` is told what is being done; what is ``kept`` of a run that was interrupted is not done again.
    """
    settings, tree = inputs.settings, inputs.tree
    findings: list[Finding] = list(inputs.findings)
    progress("finding peers")
    peerings = choose_peers(
        tree, settings.peers, seed=settings.seed, findings=findings, listed=inputs.listed_peers
    )
    panel = build_panel(inputs.indicators, inputs.catalogue, tree)
    compared = compare(panel, peerings, settings.comparison, progress=progress)
    sized = size_opportunity(panel, peerings, settings, kept=kept, progress=progress)
    return assembled(
        inputs,
        peerings,
        comparison=compared.comparison,
        variation=with_shares(compared.variation, panel, covariates=settings.inequality.case_mix),
        opportunity=sized.opportunity,
        totals=sized.totals,
        trend=follow(panel, settings.trend),
        inequality=unequal(panel, deprivation=settings.inequality.deprivation),
        findings=findings,
    )


def assembled(
    inputs: Inputs,
    peerings: Mapping[str, Peering],
    *,
    comparison: pd.DataFrame,
    variation: pd.DataFrame,
    opportunity: pd.DataFrame,
    totals: pd.DataFrame,
    trend: pd.DataFrame,
    inequality: pd.DataFrame,
    findings: list[Finding],
) -> Analysis:
    """Add what rests on the finished tables, whichever engine made them: life expectancy, plan, peers, findings."""
    equity = inputs.settings.inequality
    lives = long_lives(
        inputs,
        indicator=equity.deaths,
        pooled=equity.pooled,
        deprivation=equity.deprivation,
        findings=findings,
    )
    return Analysis(
        inputs=inputs,
        comparison=comparison,
        variation=variation,
        peers=_joined([peering.peers for peering in peerings.values()], PEERS.names),
        peer_fit=_joined([peering.fit for peering in peerings.values()], PEER_FIT.names),
        opportunity=opportunity,
        totals=totals,
        trend=trend,
        inequality=inequality,
        life_expectancy=lives,
        plan=plan_against_identified(inputs.plan, opportunity, inputs.catalogue, inputs.settings.focus),
        findings=findings_table(tuple(findings)),
        found=tuple(findings),
    )


def _joined(parts: list[pd.DataFrame], names: list[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[names] if filled else pd.DataFrame(columns=names)
