"""The first sheet to read: what the pack says, the biggest opportunities, totals by programme, the plan."""

import pandas as pd

from reports.claims import Claim
from reports.contents import Contents
from reports.headlines import net_sentence, overall
from reports.shorthand import NOT_APPLICABLE
from reports.workbook.amounts import COUNTED_TWICE
from reports.workbook.charts import BarChart
from reports.workbook.opportunity import LEAGUE
from reports.workbook.plan import PLAN, plan_frame
from reports.workbook.sizing import Sizing
from reports.workbook.spec import PERCENT_1, POUNDS, Column, Sheet, Table

BIGGEST = 3
BESIDE = 2  # claims shown beside the headline
BY_PROGRAMME = "by_programme"  # name of the table, for formulas


def summary_sheet(contents: Contents, sizing: Sizing) -> Sheet:
    """Return the summary: sentences, then live figures that lead back to the sheets they are from."""
    sized, league = sizing.claims[: 1 + BESIDE], sizing.league
    programmes = _programmes(league)
    return Sheet(
        name="Summary",
        title=f"Summary: {contents.title}",
        description=(
            "Headlines, then up to three tables below each other: the biggest opportunities, totals by"
            " programme, the plan. Figures are live formulas on the other sheets."
        ),
        notes=tuple(note for note in (*overall(contents), net_sentence(contents), COUNTED_TWICE) if note),
        tables=(
            Table(
                filtered=False,
                name="biggest",
                heading="Biggest opportunities",
                columns=_biggest_columns(sized, league),
                frame=_biggest(league),
                empty="No indicator shows an opportunity with a price.",
            ),
            Table(
                filtered=False,
                name=BY_PROGRAMME,
                heading="Opportunity by programme",
                columns=_programme_columns(sized),
                frame=programmes,
                empty="No opportunity was sized in this pack.",
            ),
            Table(
                filtered=False,
                name="plan_summary",
                heading="The plan",
                columns=_plan_columns(contents),
                frame=plan_frame(contents.plan)[["plan_line", "parent"]],
                empty="This pack has no plan.",
            ),
        ),
        charts=_charts(sized[0], programmes),
    )


def _biggest(league: pd.DataFrame) -> pd.DataFrame:
    pounds = pd.to_numeric(league["gbp_0"], errors="coerce")
    return league[pounds > 0].head(BIGGEST)[["name", "programme", "indicator"]].reset_index(drop=True)


def _programmes(league: pd.DataFrame) -> pd.DataFrame:
    """Programmes that have an opportunity, the largest first; a formula counts and adds up each."""
    pounds = pd.to_numeric(league["gbp_0"], errors="coerce")
    totals = pounds.groupby(league["programme"], sort=False).sum()
    return pd.DataFrame({"programme": totals.sort_values(ascending=False, kind="stable").index})


def _looked_up(key: str) -> str:
    """Return the formula for the league's figure of the indicator in the same row."""
    return f'SUMIFS({{{LEAGUE}.{key}}},{{{LEAGUE}.indicator}},"="&{{indicator}})'


def _biggest_columns(sized: list[Claim], league: pd.DataFrame) -> tuple[Column, ...]:
    def pounds(key: str, heading: str) -> Column:
        return Column(key=key, heading=heading, format=POUNDS, width=16, formula=_looked_up(key))

    columns = [
        Column(key="name", heading="Indicator", width=42),
        Column(key="programme", heading="Programme", width=34),
        pounds("gbp_0", f"{sized[0].label}: saving £"),
    ]
    if league["p10_0"].notna().any():
        columns += [pounds("p10_0", "£, 10th percentile"), pounds("p90_0", "£, 90th percentile")]
    columns.append(pounds("floor_0", "Chance floor £"))
    columns += [
        pounds(f"gbp_{number}", f"{claim.label}: saving £") for number, claim in enumerate(sized[1:], start=1)
    ]
    return (*columns, Column(key="indicator", heading="Indicator code", width=16))


def _programme_columns(sized: list[Claim]) -> tuple[Column, ...]:
    def pounds(key: str, heading: str) -> Column:
        formula = f'SUMIFS({{{LEAGUE}.{key}}},{{{LEAGUE}.programme}},"="&{{programme}})'
        return Column(key=key, heading=heading, format=POUNDS, width=16, formula=formula, total=True)

    return (
        Column(key="programme", heading="Programme", width=42),
        Column(
            key="indicators",
            heading="Indicators with an opportunity",
            format="#,##0",
            width=34,
            formula=f'COUNTIFS({{{LEAGUE}.programme}},"="&{{programme}})',
            total=True,
        ),
        pounds("gbp_0", f"{sized[0].label}: saving £"),
        Column(
            key="share",
            heading="Share of all savings",
            format=PERCENT_1,
            width=14,
            formula=f'IFERROR({{gbp_0}}/SUM({{{BY_PROGRAMME}.gbp_0}}),"{NOT_APPLICABLE}")',
        ),
        pounds("floor_0", "Chance floor £"),
        *(
            pounds(f"gbp_{number}", f"{claim.label}: saving £")
            for number, claim in enumerate(sized[1:], start=1)
        ),
        pounds("investment_0", f"{sized[0].label}: investment need £"),
    )


def _plan_columns(contents: Contents) -> tuple[Column, ...]:
    def pounds(key: str, heading: str) -> Column:
        formula = f'SUMIFS({{{PLAN}.{key}}},{{{PLAN}.plan_line}},"="&{{plan_line}})'
        return Column(key=key, heading=heading, format=POUNDS, width=16, formula=formula)

    columns = [
        Column(key="plan_line", heading="Line of the plan", width=42),
        Column(key="parent", heading="Part of", width=34, missing=NOT_APPLICABLE),
        pounds("target_gbp", "Target £"),
    ]
    if "identified_gbp" in contents.plan:
        columns += [pounds("identified_gbp", "Identified £"), pounds("gap", "Gap £")]
    return tuple(columns)


def _charts(headline: Claim, programmes: pd.DataFrame) -> tuple[BarChart, ...]:
    if programmes.empty:
        return ()
    return (
        BarChart(
            title=f"Saving by programme: {headline.label}",
            table=BY_PROGRAMME,
            category="programme",
            value="gbp_0",
            alt_text=(
                f"Bar chart of the saving by programme ({headline.label}), the largest at the top:"
                f" {programmes['programme'].iloc[0]}. The figures are in the table Opportunity by programme on"
                " this sheet."
            ),
            beside="plan_summary",
        ),
    )
