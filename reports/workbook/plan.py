"""The plan: what each line is to save, what has been identified, and the gap between them."""

import pandas as pd

from reports.contents import Contents
from reports.shorthand import NOT_APPLICABLE, NOT_AVAILABLE
from reports.workbook.spec import POUNDS, Column, Sheet, Table

PLAN = "plan"  # name of the table, for formulas
AMOUNTS = ("identified_gbp", "net_gbp")


def plan_sheet(contents: Contents) -> Sheet:
    """Return the lines of the plan with a live gap."""
    return Sheet(
        name="Plan",
        title="Plan",
        description="What each line of the plan is to save, what has been identified, and the gap: £ a year.",
        notes=(
            f"A re-investment is negative. Gap = target - {_met(contents.plan)[1]}. A line with parts holds them: add"
            f" up either the lines that are part of none ({NOT_APPLICABLE}) or their parts.",
        ),
        tables=(
            Table(
                name=PLAN,
                columns=plan_columns(contents.plan),
                frame=plan_frame(contents.plan),
                empty="This pack has no plan.",
            ),
        ),
    )


def _met(plan: pd.DataFrame) -> tuple[str, str]:
    """What stands against a target, its column and its name: what is left net, where that was reckoned."""
    return ("net_gbp", "net") if "net_gbp" in plan else ("identified_gbp", "identified")


def plan_frame(plan: pd.DataFrame) -> pd.DataFrame:
    """Return the plan as its sheet shows it: what was given, less the gap, which is a formula there."""
    frame = plan.drop(columns="gap_gbp", errors="ignore").reset_index(drop=True)
    return frame.assign(parent=frame["parent"].where(frame["parent"].fillna("") != "", NOT_APPLICABLE))


def plan_columns(plan: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of the plan; net savings only where they were reckoned."""
    amounts = {"identified_gbp": "Identified £", "net_gbp": "Net of costs £"}
    columns = [
        Column(key="plan_line", heading="Line of the plan", width=46),
        Column(key="parent", heading="Part of", width=34, missing=NOT_APPLICABLE),
        Column(key="target_gbp", heading="Target £", format=POUNDS, width=16),
    ]
    columns += [
        Column(key=key, heading=heading, format=POUNDS, width=16)
        for key, heading in amounts.items()
        if key in plan
    ]
    if "identified_gbp" in plan:
        columns.append(
            Column(
                key="gap",
                heading="Gap £",
                format=POUNDS,
                width=16,
                formula=f'IFERROR({{target_gbp}}-{{{_met(plan)[0]}}},"{NOT_AVAILABLE}")',
            )
        )
    return tuple(columns)
