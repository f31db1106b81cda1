"""The ledger of areas: for each indicator and area, the opportunity that the league is the sum of."""

import pandas as pd

from reports import words
from reports.claims import Claim
from reports.contents import Contents
from reports.shorthand import NOT_APPLICABLE
from reports.workbook.amounts import NOT_NETTED, pounds_format
from reports.workbook.sizing import Sizing
from reports.workbook.spec import PERCENT, Column, Sheet, Table, decimal

LEDGER = "opportunity_by_area"  # name of the table, for formulas


def ledger_sheet(contents: Contents, sizing: Sizing) -> Sheet:
    """Return the ledger: a row for each indicator and area, the finest and what they are grouped in."""
    sized = sizing.claims
    frame, left_out = sizing.ledger, sizing.left_out
    kinds = " and ".join(words.kind_name(kind, 2) for kind in sizing.kinds)
    notes = [f"The headline is {sized[0].label}. {NOT_NETTED}"]
    notes += [
        "Filter by kind of area before adding up: a locality holds its practices. Totals are of the rows in"
        " sight. Intervals (10th to 90th percentile) do not add up."
    ]
    notes += [
        f"The {words.kind_name(kind, 2)} are too many for one sheet; they are in the pack's opportunity table."
        for kind in left_out
    ]
    return Sheet(
        name="Opportunity by area",
        title="Opportunity by area",
        description=(
            f"Where the opportunity lies in {contents.period}: one row for each indicator and area"
            f" ({kinds or 'none'})."
        ),
        notes=tuple(notes),
        tables=(
            Table(
                name=LEDGER,
                columns=_ledger_columns(sized, frame),
                frame=frame,
                empty="No opportunity of single areas is shown here.",
            ),
        ),
        frozen_columns=2,
    )


def _ledger_columns(sized: list[Claim], frame: pd.DataFrame) -> tuple[Column, ...]:
    headline = sized[0].label

    def pounds(key: str, heading: str, *, total: bool = False) -> Column:
        return Column(key=key, heading=heading, format=pounds_format(frame[key]), width=14, total=total)

    columns = [
        Column(key="indicator_name", heading="Indicator", width=46),
        Column(key="area_name", heading="Area", width=32),
        Column(key="kind_name", heading="Kind of area", width=12),
        Column(key="part_of", heading="Part of", width=24, missing=NOT_APPLICABLE),
        Column(key="programme", heading="Programme", width=20),
        Column(key="direction", heading="Direction", width=11),
        Column(key="unit", heading="Unit counted", width=12),
        Column(
            key="units_0",
            heading=f"{headline}: units",
            format=decimal(1),
            width=14,
        ),
        pounds("gbp_0", f"{headline}: saving £", total=True),
        pounds("investment_0", f"{headline}: investment need £", total=True),
        pounds("p10_0", f"{headline}: £, 10th percentile"),
        pounds("p90_0", f"{headline}: £, 90th percentile"),
        pounds("floor_0", f"{headline}: chance floor £"),
        Column(
            key="probability_0",
            heading="Probability above peers in the bad direction",
            format=PERCENT,
            width=14,
        ),
        Column(key="reliability_0", heading="Reliability", format=decimal(2), width=11),
        Column(key="counted_0", heading="Counts towards the headline", width=13),
    ]
    columns += [
        pounds(f"gbp_{number}", f"{claim.label}: saving £", total=True)
        for number, claim in enumerate(sized[1:], start=1)
    ]
    columns += [
        Column(key="area", heading="Area code", width=12),
        Column(key="indicator", heading="Indicator code", width=18),
    ]
    return tuple(columns)
