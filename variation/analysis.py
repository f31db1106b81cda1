"""One analysis from checked inputs to finished tables: the steps in their order."""

from dataclasses import dataclass

import pandas as pd

from variation.compare import compare
from variation.errors import Finding
from variation.explained import with_shares
from variation.inequalities import long_lives, unequal
from variation.inputs import Inputs, findings_table, looking_at
from variation.ledger import make_ledger
from variation.over_time import follow
from variation.peering import choose_peers
from variation.plan import plan_against_savings
from variation.savings import Savings, largest_line, work_out_savings
from variation.savings_lines import activity_now
from variation.sizing import Floats, size_opportunity
from variation.tables import PEER_FIT, PEERS


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
    ledger: pd.DataFrame
    finance: Savings
    focus_draws: dict[str, dict[str, Floats]]  # units of the pack's own area by indicator and comparator
    trend: pd.DataFrame
    inequality: pd.DataFrame
    life_expectancy: pd.DataFrame
    plan: pd.DataFrame
    completeness: pd.DataFrame
    findings: pd.DataFrame
    found: tuple[Finding, ...]  # the same, to print


def analyse(inputs: Inputs) -> Analysis:
    """Compare every area with its peers and size the opportunity; pure: the same inputs give the same tables."""
    settings, tree = inputs.settings, inputs.tree
    findings: list[Finding] = list(inputs.findings)
    peerings = choose_peers(
        tree, settings.peers, seed=settings.seed, findings=findings, listed=inputs.listed_peers
    )
    panel = inputs.panel
    compared = compare(panel, peerings, settings.comparison)
    sized = size_opportunity(panel, peerings, settings)
    equity = settings.inequality
    lives = long_lives(
        inputs,
        indicator=equity.deaths,
        pooled=equity.pooled,
        deprivation=equity.deprivation,
        findings=findings,
    )
    ledger = make_ledger(sized.opportunity, sized.beyond, inputs.catalogue, tree, settings.focus)
    finance = work_out_savings(
        inputs.assumptions,
        ledger,
        activity_now(compared.comparison, sized.opportunity, tree, settings.focus),
        sized.focus_draws,
        tree,
        settings.focus,
    )
    if inputs.assumptions.general.plan_line_shown == largest_line(finance.chain):
        inputs = looking_at(inputs, "")  # what is shown where nothing is chosen: the same pack
    return Analysis(
        inputs=inputs,
        comparison=compared.comparison,
        variation=with_shares(compared.variation, panel, covariates=equity.case_mix),
        peers=_joined([peering.peers for peering in peerings.values()], PEERS.names),
        peer_fit=_joined([peering.fit for peering in peerings.values()], PEER_FIT.names),
        opportunity=sized.opportunity,
        totals=sized.totals,
        ledger=ledger,
        finance=finance,
        focus_draws=sized.focus_draws,
        trend=follow(panel, settings.trend),
        inequality=unequal(panel, deprivation=equity.deprivation),
        life_expectancy=lives,
        completeness=inputs.completeness,
        plan=plan_against_savings(inputs.plan, finance.chain, inputs.assumptions.general.plan_year),
        findings=findings_table(tuple(findings)),
        found=tuple(findings),
    )


def _joined(parts: list[pd.DataFrame], names: list[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[names] if filled else pd.DataFrame(columns=names)
