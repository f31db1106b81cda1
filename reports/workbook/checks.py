"""Figures that must agree, gathered on one sheet with one light over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.shorthand import NOT_APPLICABLE
from reports.workbook.ledger import LEDGER
from reports.workbook.opportunity import LEAGUE
from reports.workbook.plan import PLAN
from reports.workbook.sizing import Sizing
from reports.workbook.spec import Column, Formula, Sheet, Table, decimal
from reports.workbook.summary import BY_PROGRAMME

CHECKS, LIGHT = "checks", "all_checks"  # names of the tables, for formulas
EQUAL, AT_MOST = "equal to", "at most"  # what the first figure must be
TOLERANCE = 0.005  # £: half a penny, above what adding thousands of figures in another order can shift


@dataclass(frozen=True, kw_only=True)
class Check:
    """Two figures that must agree, or of which the first must not be the larger (``at_most``).

    ``left`` and ``right`` are formulas; ``of`` is the name by which they may pick their rows, as ``{of}``.
    """

    what: str
    left: str
    right: str
    of: str = NOT_APPLICABLE
    unit: str = "£"
    at_most: bool = False


def checks_sheet(contents: Contents, sizing: Sizing, further: Sequence[Check] = ()) -> Sheet:
    """Return every check, and those of further sheets, with both figures, the difference and the verdict."""
    found = [*_programme_checks(contents), *_area_checks(contents, sizing), *_plan_checks(contents), *further]
    return Sheet(
        name="Checks",
        title="Checks",
        description=(
            "Figures of this workbook that must agree, reckoned anew whenever it changes. The first table is"
            " the verdict on all, the second each check."
        ),
        notes=(
            "A sum over areas is checked only where every area has a figure: what is suppressed or not"
            " available leaves it short.",
        ),
        tables=(
            Table(
                filtered=False,
                name=LIGHT,
                heading="All checks",
                columns=_LIGHT_COLUMNS,
                frame=pd.DataFrame({"what": ["All checks"]}) if found else pd.DataFrame(),
                empty="There is nothing to check in this pack.",
            ),
            Table(
                name=CHECKS,
                heading="Each check",
                columns=_CHECK_COLUMNS,
                frame=_frame(found),
                empty="No two figures of this pack can be set against each other.",
            ),
        ),
    )


def _frame(found: list[Check]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "what": [check.what for check in found],
            "of": [check.of for check in found],
            "must": [AT_MOST if check.at_most else EQUAL for check in found],
            "left": pd.Series([Formula(check.left) for check in found], dtype=object),
            "right": pd.Series([Formula(check.right) for check in found], dtype=object),
            "tolerance": [TOLERANCE if check.unit == "£" else 0.0 for check in found],
            "unit": [check.unit for check in found],
        }
    )


_LIGHT_COLUMNS = (
    Column(key="what", heading="Verdict on", width=86),
    Column(
        key="verdict",
        heading="Verdict",
        width=18,
        formula=f'IF(COUNTIFS({{{CHECKS}.result}},"OK")=ROWS({{{CHECKS}.result}}),"OK","CHECK")',
        signal=True,
    ),
    Column(key="made", heading="Checks made", format="#,##0", width=16, formula=f"ROWS({{{CHECKS}.result}})"),
    Column(
        key="failed",
        heading="Checks that do not agree",
        format="#,##0",
        width=16,
        formula=f'COUNTIFS({{{CHECKS}.result}},"<>OK")',
    ),
)
_CHECK_COLUMNS = (
    Column(key="what", heading="Check", width=86),
    Column(key="of", heading="Rows of", width=40),
    Column(key="unit", heading="Unit", width=12),
    Column(key="left", heading="First figure", format=decimal(2), width=16),
    Column(key="must", heading="Must be", width=11),
    Column(key="right", heading="Second figure", format=decimal(2), width=16),
    Column(key="difference", heading="Difference", format=decimal(2), width=14, formula="{left}-{right}"),
    Column(key="tolerance", heading="Tolerance", format=decimal(3), width=11),
    Column(
        key="result",
        heading="Result",
        width=11,
        formula=f'IF(IF({{must}}="{AT_MOST}",{{difference}},ABS({{difference}}))<={{tolerance}},"OK","CHECK")',
        signal=True,
    ),
)


def _programme_checks(contents: Contents) -> list[Check]:
    if contents.opportunity.empty:
        return []
    shown = {"gbp_0": "savings", "investment_0": "investment needs", "indicators": "indicators"}
    return [
        Check(
            what=f"Summary: {name} by programme = {name} of every indicator",
            left=f"SUM({{{BY_PROGRAMME}.{key}}})",
            right=f"ROWS({{{LEAGUE}.indicator}})" if key == "indicators" else f"SUM({{{LEAGUE}.{key}}})",
            unit="indicators" if key == "indicators" else "£",
        )
        for key, name in shown.items()
    ]


def _area_checks(contents: Contents, sizing: Sizing) -> list[Check]:
    """Set the ledger's areas against the league, for each claim and kind of area."""
    if contents.opportunity.empty:
        return []
    tree, sized, frame = sizing.tree, sizing.claims, sizing.ledger
    found = []
    for kind in frame["kind"].unique():
        rows = frame[frame["kind"] == kind]
        for number, claim in enumerate(sized):
            if not tree.divides(kind) or not _complete(rows, f"gbp_{number}"):
                continue
            name, key = words.kind_name(kind), f"gbp_{number}"
            found.append(
                Check(
                    what=f"{claim.label}: sum over {words.kind_name(kind, 2)} = sum over indicators",
                    of=name,
                    # Against a percentile an area can have a negative figure, which no sum counts.
                    left=(
                        f'SUMIFS({{{LEDGER}.{key}}},{{{LEDGER}.kind_name}},"="&{{of}},{{{LEDGER}.{key}}},">0")'
                    ),
                    right=f"SUM({{{LEAGUE}.{key}}})",
                )
            )
    return found


def _complete(rows: pd.DataFrame, key: str) -> bool:
    """Tell whether an indicator that has a figure for one area has one for all of them."""
    there = pd.to_numeric(rows[key], errors="coerce").notna().groupby(rows["indicator"]).agg(["any", "all"])
    return bool((there["any"] == there["all"]).all())


def _plan_checks(contents: Contents) -> list[Check]:
    """Set each line of the plan that has parts against them."""
    plan = contents.plan
    lines = plan.loc[
        plan["plan_line"].isin(plan["parent"].dropna()) & plan["target_gbp"].notna(), "plan_line"
    ]
    return [
        Check(
            what="Plan: targets of the parts = target of the line",
            of=line,
            left=f'SUMIFS({{{PLAN}.target_gbp}},{{{PLAN}.parent}},"="&{{of}})',
            right=f'SUMIFS({{{PLAN}.target_gbp}},{{{PLAN}.plan_line}},"="&{{of}})',
        )
        for line in lines
    ]
