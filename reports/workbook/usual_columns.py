"""Columns that mean the same on every sheet: names, codes, periods, and values in their indicator's own format."""

from reports.shorthand import NOT_APPLICABLE, NOT_AVAILABLE
from reports.workbook.spec import POUNDS, WHOLE, Column

INDICATOR = Column(key="indicator_name", heading="Indicator", width=46)
INDICATOR_CODE = Column(key="indicator", heading="Indicator code", width=18)
PROGRAMME = Column(key="programme", heading="Programme", width=20)
UNIT = Column(key="unit", heading="Unit", width=22)
UNIT_COUNTED = Column(key="unit", heading="Unit counted", width=12)
DIRECTION = Column(key="direction", heading="Direction", width=11)
PERIOD = Column(key="period", heading="Period", width=10)
AREA = Column(key="area_name", heading="Area", width=32)
AREA_CODE = Column(key="area", heading="Area code", width=12)
KIND = Column(key="kind_name", heading="Kind of area", width=12)
PART_OF = Column(key="part_of", heading="Part of", width=24, missing=NOT_APPLICABLE)
AGAINST_PEERS = Column(key="significance", heading="Against peers, at 95 %", width=13, signal=True)
CHANGE_BEYOND_CHANCE = Column(
    key="change_significance", heading="Change beyond chance, at 95 %", width=13, signal=True
)
FLAGS = Column(key="flags", heading="Flags, calibrated rule", format=WHOLE, width=11)
FLAGS_RIGHTCARE = Column(key="flags_rightcare", heading="Flags, RightCare's rule", format=WHOLE, width=11)
SAVING = Column(key="value_gbp", heading="Saving £", format=POUNDS, missing=NOT_APPLICABLE)
INVESTMENT = Column(key="investment_gbp", heading="Investment need £", format=POUNDS, missing=NOT_APPLICABLE)


def value(key: str, heading: str, *, width: float = 12, missing: str = NOT_AVAILABLE) -> Column:
    """Return a column of values in the unit of their indicator; rows say in which format."""
    return Column(
        key=key, heading=heading, format=WHOLE, formats="value_format", width=width, missing=missing
    )


def counts(width: float = 13) -> tuple[Column, Column]:
    """Return numerator and denominator; rows say whether they are whole, in parts or in £."""
    return (
        Column(key="numerator", heading="Numerator", format=WHOLE, formats="numerator_format", width=width),
        Column(
            key="denominator", heading="Denominator", format=WHOLE, formats="denominator_format", width=width
        ),
    )
