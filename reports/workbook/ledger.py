"""The ledger of areas: for each indicator and area, the opportunity that the league is the sum of."""

from dataclasses import replace

import pandas as pd

from reports import words
from reports.claims import Claim
from reports.contents import Contents
from reports.workbook import usual_columns as usual
from reports.workbook.amounts import NOT_NETTED
from reports.workbook.claim_columns import claim_column
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
    def of(number: int, figure: str, *, total: bool = False) -> Column:
        return claim_column(frame, sized[number], number, figure, width=14, total=total)

    columns = [
        usual.INDICATOR,
        usual.AREA,
        usual.KIND,
        usual.PART_OF,
        usual.PROGRAMME,
        usual.DIRECTION,
        usual.UNIT_COUNTED,
        replace(of(0, "units"), format=decimal(1)),  # of single areas: small, and not whole
        of(0, "gbp", total=True),
        of(0, "investment", total=True),
        of(0, "p10"),
        of(0, "p90"),
        of(0, "floor"),
        Column(
            key="probability_0",
            heading="Probability above peers in the bad direction",
            format=PERCENT,
            width=14,
        ),
        Column(key="reliability_0", heading="Reliability", format=decimal(2), width=11),
        Column(key="counted_0", heading="Counts towards the headline", width=13),
    ]
    columns += [of(number, "gbp", total=True) for number in range(1, len(sized))]
    columns += [
        usual.AREA_CODE,
        usual.INDICATOR_CODE,
    ]
    return tuple(columns)
