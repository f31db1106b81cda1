"""What the gaps are worth: a league of indicators, each way of sizing them beside the others."""

import pandas as pd

from reports.catalogue import focus_name
from reports.claims import Claim
from reports.contents import Contents
from reports.shorthand import NOT_APPLICABLE
from reports.workbook import usual_columns as usual
from reports.workbook.amounts import COUNTED_TWICE, NOT_NETTED
from reports.workbook.claim_columns import claim_column
from reports.workbook.sizing import Sizing
from reports.workbook.spec import PERCENT_1, POUNDS, Column, Sheet, Table, decimal

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
    def of(number: int, figure: str, *, width: float = 15, total: bool = False) -> Column:
        return claim_column(frame, sized[number], number, figure, width=width, total=total)

    columns = [
        Column(key="name", heading="Indicator", width=46),
        usual.PROGRAMME,
        usual.DIRECTION,
        usual.UNIT_COUNTED,
        of(0, "units", width=14),
        of(0, "gbp", total=True),
        Column(
            key="share",
            heading="Share of all savings shown",
            format=PERCENT_1,
            width=12,
            formula=f'IFERROR({{gbp_0}}/SUM({{{LEAGUE}.gbp_0}}),"{NOT_APPLICABLE}")',
        ),
        of(0, "investment", total=True),
        of(0, "p10"),
        of(0, "p90"),
        of(0, "floor"),
        usual.FLAGS,
        Column(key="flags_expected", heading="Flags expected by chance", format=decimal(1), width=11),
        usual.FLAGS_RIGHTCARE,
    ]
    for number, claim in enumerate(sized[1:], start=1):
        columns += [
            of(number, "units", width=14),
            of(number, "gbp", total=True),
            Column(
                key=f"difference_{number}",
                heading=f"{claim.label}: £ above the headline",
                format=POUNDS,
                width=15,
                formula=f'IFERROR({{gbp_{number}}}-{{gbp_0}},"{NOT_APPLICABLE}")',
            ),
            of(number, "floor"),
        ]
    return tuple(columns)


def _league_reference_columns(contents: Contents) -> tuple[Column, ...]:
    columns = (
        Column(key="pathway_stage", heading="Pathway stage", width=15),
        Column(key="plan_line", heading="Plan line", width=24, missing=NOT_APPLICABLE),
        Column(key="overlap_group", heading="Overlap group", width=20, missing=NOT_APPLICABLE),
        Column(key="unit_cost", heading="Price of one unit", format="£#,##0.00", width=12),
        Column(key="cost_basis", heading="Price from", width=26),
        usual.INDICATOR_CODE,
    )
    return tuple(column for column in columns if column.key in contents.catalogue)
