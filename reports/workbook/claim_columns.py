"""Columns of a claim: what an opportunity comes to by one rule, against one comparator."""

import pandas as pd

from reports.claims import Claim
from reports.workbook.amounts import pounds_format, units_format
from reports.workbook.spec import Column

# Words of each figure, by the part of its key before the claim's number: ``gbp_0`` is the headline's saving.
HEADINGS = {
    "units": "units",
    "gbp": "saving £",
    "investment": "investment need £",
    "p10": "£, 10th percentile",
    "p90": "£, 90th percentile",
    "floor": "chance floor £",
}


def claim_column(
    frame: pd.DataFrame, claim: Claim, number: int, figure: str, *, width: float = 15, total: bool = False
) -> Column:
    """Return the column of one figure of a claim; ``number`` is the claim's in the frame, 0 the headline's."""
    key = f"{figure}_{number}"
    format = units_format(frame[key]) if figure == "units" else pounds_format(frame[key])
    heading = f"{claim.label}: {HEADINGS[figure]}"
    return Column(key=key, heading=heading, format=format, width=width, total=total)
