"""What the gaps are worth: a league of indicators, each way of sizing them beside the others."""

import pandas as pd

from reports.catalogue import focus_name
from reports.claims import Claim
from reports.contents import Contents
from reports.shorthand import NOT_APPLICABLE
from reports.workbook.amounts import COUNTED_TWICE, NOT_NETTED, pounds_format, units_format
from reports.workbook.sizing import Sizing
from reports.workbook.spec import PERCENT_1, POUNDS, WHOLE, Column, Sheet, Table, decimal

LEAGUE = "opportunity"  # name of the table, for formulas


def opportunity_sheet(contents: Contents, sizing: Sizing) -> Sheet:
    """Return the league: a row for each indicator, every claim side by side, the largest first."""
    sized, frame = sizing.claims, sizing.league
    return Sheet(
        name="Opportunity",
        title="Opportunity by indicator",
        description=(
            f"What it would be worth if {focus_name(contents)} stood where its comparators stand, in"
            f" {contents.period}: one row for each indicator, the largest first. Each way of sizing it stands"
            " beside the others."
        ),
        notes=(
            f"The headline is {sized[0].label}. A chance floor is what the same rule would claim if all areas"
            " were alike; set it against the claim.",
            f"{NOT_NETTED} {COUNTED_TWICE}",
            "Indicators for local interpretation have no good direction and no row here. Totals are of the"
            " rows in sight.",
        ),
        tables=(
            Table(
                name=LEAGUE,
                columns=(*_league_columns(sized, frame), *_league_reference_columns(contents)),
                frame=frame,
                empty="No opportunity was sized in this pack.",
            ),
        ),
    )


def _league_columns(sized: list[Claim], frame: pd.DataFrame) -> tuple[Column, ...]:
    headline = sized[0].label

    def pounds(key: str, heading: str, *, total: bool = False) -> Column:
        return Column(key=key, heading=heading, format=pounds_format(frame[key]), width=15, total=total)

    def units(number: int, label: str) -> Column:
        key = f"units_{number}"
        return Column(key=key, heading=f"{label}: units", format=units_format(frame[key]), width=14)

    columns = [
        Column(key="name", heading="Indicator", width=46),
        Column(key="programme", heading="Programme", width=20),
        Column(key="direction", heading="Direction", width=11),
        Column(key="unit", heading="Unit counted", width=12),
        units(0, headline),
        pounds("gbp_0", f"{headline}: saving £", total=True),
        Column(
            key="share",
            heading="Share of all savings shown",
            format=PERCENT_1,
            width=12,
            formula=f'IFERROR({{gbp_0}}/SUM({{{LEAGUE}.gbp_0}}),"{NOT_APPLICABLE}")',
        ),
        pounds("investment_0", f"{headline}: investment need £", total=True),
        pounds("p10_0", f"{headline}: £, 10th percentile"),
        pounds("p90_0", f"{headline}: £, 90th percentile"),
        pounds("floor_0", f"{headline}: chance floor £"),
        Column(key="flags", heading="Flags, calibrated rule", format=WHOLE, width=11),
        Column(key="flags_expected", heading="Flags expected by chance", format=decimal(1), width=11),
        Column(key="flags_rightcare", heading="Flags, RightCare's rule", format=WHOLE, width=11),
    ]
    for number, claim in enumerate(sized[1:], start=1):
        columns += [
            units(number, claim.label),
            pounds(f"gbp_{number}", f"{claim.label}: saving £", total=True),
            Column(
                key=f"difference_{number}",
                heading=f"{claim.label}: £ above the headline",
                format=POUNDS,
                width=15,
                formula=f'IFERROR({{gbp_{number}}}-{{gbp_0}},"{NOT_APPLICABLE}")',
            ),
            pounds(f"floor_{number}", f"{claim.label}: chance floor £"),
        ]
    return tuple(columns)


def _league_reference_columns(contents: Contents) -> tuple[Column, ...]:
    columns = (
        Column(key="pathway_stage", heading="Pathway stage", width=15),
        Column(key="plan_line", heading="Plan line", width=24, missing=NOT_APPLICABLE),
        Column(key="overlap_group", heading="Overlap group", width=20, missing=NOT_APPLICABLE),
        Column(key="unit_cost", heading="Price of one unit", format="£#,##0.00", width=12),
        Column(key="cost_basis", heading="Price from", width=26),
        Column(key="indicator", heading="Indicator code", width=18),
    )
    return tuple(column for column in columns if column.key in contents.catalogue)
