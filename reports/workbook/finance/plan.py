"""The plan against what is left in money: target, identified, net and gap of every line, and the bridge between."""

import pandas as pd

from reports.contents import Contents
from reports.finance import Finance
from reports.shorthand import NOT_APPLICABLE
from reports.workbook.charts import Chart
from reports.workbook.finance import names as n
from reports.workbook.finance.lines_above import depth_of
from reports.workbook.plan import PLAN
from reports.workbook.spec import POUNDS, Column, Sheet, Table
from reports.workbook.steps import Step, step_table, waterfall

BRIDGE = "plan_bridge"


def live_plan_sheet(contents: Contents, finance: Finance) -> Sheet:
    """Return the lines of the plan, each a sum over the chain, and the bridge from target to gap."""
    plan = contents.plan.reset_index(drop=True)
    frame = plan[["plan_line", "parent", "target_gbp"]].assign(
        parent=plan["parent"].where(plan["parent"].fillna("") != "", NOT_APPLICABLE)
    )
    tables = [Table(name=PLAN, columns=_columns(plan, finance), frame=frame, empty="This pack has no plan.")]
    steps = _steps(plan, finance)
    if not steps:
        return _sheet(tables, ())
    tables.append(step_table(BRIDGE, steps, heading="From the target to the gap"))
    chart = waterfall(
        BRIDGE,
        title="What the net savings leave of the plan's target",
        alt_text="Bridge of the plan: from left to right the targets of its lines up to the whole target, then what"
        " each line saves net in the plan's year, down to the gap. The figures are in the table From the target to"
        " the gap on this sheet.",
    )
    return _sheet(tables, (chart,))


def _sheet(tables: list[Table], charts: tuple[Chart, ...]) -> Sheet:
    return Sheet(
        name="Plan",
        title="Plan",
        description="What each line is to save, what has been identified, and what is left net: £ a year.",
        notes=(
            "A re-investment is negative. Identified: savings by the rule in force, each event counted once. Net:"
            " what is left in the year that stands against the plan. Gap = target - net, for the commissioner.",
            f"A line with parts holds them: add up either the lines that are part of none ({NOT_APPLICABLE}) or their"
            " parts. What schemes spend again is taken off their own net, not off the line for re-investment.",
        ),
        tables=tuple(tables),
        charts=charts,
    )


def _columns(plan: pd.DataFrame, finance: Finance) -> tuple[Column, ...]:
    """Sums over the chain by the line and those above it, which savings lines carry as columns of their own."""
    levels = range(depth_of(plan))

    def summed(key: str, table: str = n.CHAIN) -> str:
        return "+".join(
            f'SUMIFS({{{table}.{key}}},{{{table}.above_{level}}},"="&{{plan_line}})' for level in levels
        )

    def pounds(key: str, heading: str, formula: str = "", width: float = 16) -> Column:
        return Column(key=key, heading=heading, format=POUNDS, width=width, formula=formula)

    investment = summed("credible", n.INVESTMENT) if len(finance.investments) else "0"
    return (
        Column(key="plan_line", heading="Line of the plan", width=46),
        Column(key="parent", heading="Part of", width=34, missing=NOT_APPLICABLE),
        pounds("target_gbp", "Target £"),
        pounds("identified_gbp", "Identified, counted once £", summed("once")),
        pounds("net_gbp", "Net, commissioner £", summed("net_commissioner")),
        pounds("gap", "Gap £", "{target_gbp}-{net_gbp}"),
        pounds("system_net_gbp", "Net, system £", summed("net_system")),
        pounds("investment_gbp", "Investment need £", investment),
    )


def _steps(plan: pd.DataFrame, finance: Finance) -> list[Step]:
    """From the target of the whole plan, less the net of each line with savings, to the gap."""
    if plan.empty:
        return []
    tops = plan.loc[~plan["parent"].isin(plan["plan_line"]) & plan["target_gbp"].notna(), "plan_line"]
    lines = [line for line in pd.unique(finance.lines["plan_line"]) if line in set(plan["plan_line"])]
    if not len(tops) or not lines:
        return []
    leaves = plan[~plan["plan_line"].isin(plan["parent"]) & plan["target_gbp"].notna()]["plan_line"]
    if len(leaves) < 2:
        return []
    gap = "+".join(_of_plan("gap", line) for line in tops)
    first, *others = leaves
    net = [
        Step(
            f"Net: {line}",
            f'-SUMIFS({{{n.CHAIN}.net_commissioner}},{{{n.CHAIN}.plan_line}},"={_quoted(line)}")',
        )
        for line in lines
    ]
    return [
        Step(str(first), _of_plan("target_gbp", first), total=True),
        *(Step(str(line), _of_plan("target_gbp", line)) for line in others),
        Step("Target", "+".join(_of_plan("target_gbp", line) for line in tops), total=True),
        *net,
        Step("Gap", gap, total=True),
    ]


def _of_plan(key: str, line: object) -> str:
    return f'SUMIFS({{{PLAN}.{key}}},{{{PLAN}.plan_line}},"={_quoted(line)}")'


def _quoted(line: object) -> str:
    return str(line).replace('"', '""').replace("{", "(").replace("}", ")")
