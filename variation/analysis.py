"""One analysis from checked inputs to finished tables: the steps in their order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from reports.processes import Processes, begun
from variation.checks.found import findings_table
from variation.comparison.compare import compare
from variation.comparison.explained import with_shares
from variation.comparison.inequalities import long_lives, unequal
from variation.comparison.over_time import follow
from variation.comparison.peering import Peering, choose_peers
from variation.disclosure.protect import Protected, protect
from variation.disclosure.withhold import (
    withheld_finding,
    withhold_comparison,
    withhold_findings,
    withhold_lives,
    withhold_opportunity,
)
from variation.errors import Finding
from variation.figures.panel import build_panel
from variation.finance.ledger import make_ledger
from variation.finance.plan import plan_against_savings
from variation.finance.savings import Savings, largest_line, work_out_savings
from variation.finance.savings_lines import activity_now
from variation.inputs import Inputs, looking_at
from variation.opportunity.sizing import Floats
from variation.opportunity.sizing_run import Kept, Sized, SizingRun
from variation.policies import POLICIES, Policy
from variation.tables import PEER_FIT, PEERS


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """The finished tables of one analysis, and the inputs that they are made from."""

    inputs: Inputs
    policy: Policy  # what these tables may be shown under
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


def analyse(
    inputs: Inputs,
    *,
    policy: Policy | None = None,
    kept: Kept | None = None,
    beside: Processes | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Analysis:
    """Compare every area with its peers and size the opportunity: the same inputs give the same tables.

    Counts that the disclosure policy withholds (the settings' own where none is given) are replaced before
    anything is made from them, so that no table, picture or sentence can tell them. ``progress`` is told what is
    being done; what is ``kept`` of a run that was interrupted is not done again. Processes that stand ready
    ``beside`` size the opportunity while the rest is done here; the tables are the same.
    """
    settings, tree = inputs.settings, inputs.tree
    policy = policy or POLICIES[settings.policy]
    findings: list[Finding] = list(inputs.findings)
    progress("finding peers")
    peerings = choose_peers(
        tree, settings.peers, seed=settings.seed, findings=findings, listed=inputs.listed_peers
    )
    # Where strata are withheld the events expected of them must be coarse: a panel of its own.
    given = inputs.panel
    if policy.hides:
        progress("withholding small counts")
        given = build_panel(inputs.indicators, inputs.catalogue, tree, withheld_up_to=policy.largest)
    protected = protect(given, policy)
    panel = protected.panel
    equity = settings.inequality
    sizing = SizingRun(panel, peerings, settings, kept=kept, beside=beside)
    compared = compare(panel, peerings, settings.comparison, progress=progress)
    latest = panel.rows(panel.latest_rows())
    explained = begun(beside, with_shares, compared.variation, latest, covariates=equity.case_mix)
    made = Made(
        comparison=compared.comparison,
        trend=follow(panel, settings.trend, inputs.indicators),
        inequality=unequal(panel, deprivation=equity.deprivation),
        sized=sizing.finished(progress),
        variation=explained(),
    )
    return assembled(inputs, peerings, made, protected, policy, findings=findings)


@dataclass(frozen=True, kw_only=True)
class Made:
    """The tables that an engine makes of the rows, before what a policy withholds is emptied in them."""

    comparison: pd.DataFrame
    variation: pd.DataFrame
    sized: Sized
    trend: pd.DataFrame
    inequality: pd.DataFrame


def assembled(
    inputs: Inputs,
    peerings: Mapping[str, Peering],
    made: Made,
    protected: Protected | None,
    policy: Policy,
    *,
    findings: list[Finding],
) -> Analysis:
    """Add what rests on the finished tables, whichever engine made them, and empty what is withheld.

    ``protected`` is None where the policy withholds nothing.
    """
    tree, settings = inputs.tree, inputs.settings
    equity = settings.inequality
    lives = long_lives(
        inputs,
        indicator=equity.deaths,
        pooled=equity.pooled,
        deprivation=equity.deprivation,
        findings=findings,
    )
    comparison, opportunity = made.comparison, withhold_opportunity(made.sized.opportunity)
    ledger = make_ledger(opportunity, made.sized.beyond, inputs.catalogue, tree, settings.focus)
    finance = work_out_savings(
        inputs.assumptions,
        ledger,
        activity_now(comparison, made.sized.opportunity, tree, settings.focus),
        made.sized.focus_draws,
        tree,
        settings.focus,
    )
    if inputs.assumptions.general.plan_line_shown == largest_line(finance.chain):
        inputs = looking_at(inputs, "")  # what is shown where nothing is chosen: the same pack
    if protected is not None and policy.hides:
        comparison, lives = withhold_comparison(comparison, protected), withhold_lives(lives)
        findings = [withheld_finding(protected, policy), *withhold_findings(findings, policy)]
    return Analysis(
        inputs=inputs,
        policy=policy,
        comparison=comparison,
        variation=made.variation,
        peers=_joined([peering.peers for peering in peerings.values()], PEERS.names),
        peer_fit=_joined([peering.fit for peering in peerings.values()], PEER_FIT.names),
        opportunity=opportunity,
        totals=made.sized.totals,
        ledger=ledger,
        finance=finance,
        focus_draws=made.sized.focus_draws,
        trend=made.trend,
        inequality=made.inequality,
        life_expectancy=lives,
        completeness=inputs.completeness,
        plan=plan_against_savings(inputs.plan, finance.chain, inputs.assumptions.general.plan_year),
        findings=findings_table(tuple(findings)),
        found=tuple(findings),
    )


def _joined(parts: list[pd.DataFrame], names: list[str]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True)[names] if filled else pd.DataFrame(columns=names)
