"""Withheld figures in the finished tables: emptied, and flagged, so that a reader knows why they are missing."""

from dataclasses import replace

import numpy as np
import pandas as pd

from variation.disclosure.protect import Protected
from variation.disclosure.ranges import Flags
from variation.errors import Finding
from variation.figures.panel import GROUP
from variation.findings import declared
from variation.policies import Policy
from variation.tables import COMPARISON, INDICATORS, OPPORTUNITY, Table

# Columns that say nothing of the area's own count: codes, what all areas or its peers have, chance at its size.
TELL_NOTHING = {
    "comparison": {
        "indicator", "period", "area", "kind", "denominator", "expected", "comparator", "comparator_value",
        "best_5_value", "funnel_target", "peers_used", "suppressed",
        *(name for name in COMPARISON.names if name.startswith("funnel_")),
    },
    "opportunity": {
        "indicator", "period", "area", "kind", "comparator", "mode", "direction", "unit", "suppressed",
    },
}  # fmt: skip
# Columns that also say how many people there are.
TELL_SIZE = {
    "comparison": {"denominator", "expected", *(n for n in COMPARISON.names if n.startswith("funnel_"))}
    - {"funnel_target"}
}
# What stands in a column that is never empty.
INSTEAD = {
    "significance": "not tested",
    "significance_998": "not tested",
    "significance_rightcare": "not tested",
    "counted": False,
}
# Decimal places of life expectancies, in years.
LIVES_PLACES = 1
# Columns of the inputs that hold counts or what is made from them.
OF_COUNTS = {column.name for column in INDICATORS if column.type == "number"}


def withhold_comparison(comparison: pd.DataFrame, protected: Protected) -> pd.DataFrame:
    """Empty what a withheld count could be worked out from, and the size of areas whose size is withheld."""
    table = _emptied(comparison, COMPARISON)
    group = pd.MultiIndex.from_frame(protected.panel.groups[GROUP]).get_indexer(
        pd.MultiIndex.from_frame(table[GROUP])
    )
    people = protected.people_withheld[group, protected.panel.tree.positions(table["area"])]
    return _without(table, people, TELL_SIZE["comparison"])


def withhold_opportunity(opportunity: pd.DataFrame) -> pd.DataFrame:
    """Empty the opportunity of areas whose count is withheld; sums above them count the estimate of it."""
    return _emptied(opportunity, OPPORTUNITY)


def withhold_lives(lives: pd.DataFrame) -> pd.DataFrame:
    """Round life expectancies so far that the deaths of a single age band cannot be told from them."""
    return lives.round(dict.fromkeys(("value", "lower_95", "upper_95"), LIVES_PLACES))


def _emptied(table: pd.DataFrame, spec: Table) -> pd.DataFrame:
    tell = set(spec.names) - TELL_NOTHING[spec.name]
    return _without(table, table["suppressed"].to_numpy(dtype=bool), tell)


def _without(table: pd.DataFrame, rows: Flags, columns: set[str]) -> pd.DataFrame:
    if not rows.any():
        return table
    emptied = table.copy()
    for name in (name for name in table.columns if name in columns):
        emptied[name] = emptied[name].mask(pd.Series(rows, index=table.index), INSTEAD.get(name))
    return emptied


def withhold_findings(findings: list[Finding], policy: Policy) -> list[Finding]:
    """Leave the figures out of what findings quote; the file and line still lead to them."""
    if not policy.hides:
        return findings
    meanings = {one.code: one.meaning for one in declared() if one.group == "doubts"}
    return [_without_figures(finding, meanings) for finding in findings]


def _without_figures(finding: Finding, meanings: dict[str, str]) -> Finding:
    """Leave out the value of a column of counts, and the message of a doubt, which says it against others."""
    if finding.code in meanings:
        return replace(finding, value="[c]", message=meanings[finding.code])
    return replace(finding, value="[c]") if finding.column in OF_COUNTS and finding.value else finding


def withheld_finding(protected: Protected, policy: Policy) -> Finding:
    """Say in one note what the policy does and how much of the pack it touches."""
    cells = int(protected.withheld.sum())
    figures = int((protected.withheld | ~np.isnan(protected.panel.numerator)).sum())
    return Finding(
        severity="note",
        code="disclosure",
        table="analysis.toml",
        column="policy",
        value=policy.name,
        message=f"{policy.summary}; {cells:,} of {figures:,} counts are withheld, with all that is made from them",
        hint="what stands in for them in sums is made from the figures shown",
    )
