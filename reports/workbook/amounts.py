"""What figures of £ and of events have in common: how they are shown, and where they do not apply."""

import pandas as pd

from reports.shorthand import NOT_APPLICABLE
from reports.workbook.spec import POUNDS, POUNDS_OR_LOW, WHOLE, WHOLE_OR_LOW

NOT_NETTED = (
    "Gaps in the good direction are never taken off. An under-use is a need for investment, not a saving:"
    " it has its own column and is in no total of savings."
)
COUNTED_TWICE = (
    "Indicators of one overlap group count some events twice: a sum over them is what the indicators say,"
    " not what could be saved."
)


def not_applicable(frame: pd.DataFrame, number: int) -> dict[str, pd.Series]:
    """Mark the savings of an under-use and the investment of an over-use as not applicable."""
    increase = frame["direction"] == "increase"
    marked = {}
    for key, mask in [(f"gbp_{i}", increase) for i in range(number)] + [("investment_0", ~increase)]:
        marked[key] = marked_where(frame[key], mask)
    return marked


def marked_where(figures: pd.Series, mask: "pd.Series[bool]", word: str = NOT_APPLICABLE) -> pd.Series:
    """Put a shorthand where there is no figure and the mask says why."""
    missing = mask & figures.isna()
    return figures.astype(object).mask(missing, word) if missing.any() else figures


def pounds_format(figures: pd.Series) -> str:
    """Return the format of a column of £: only where none is negative can [low] be shown."""
    numbers = pd.to_numeric(figures, errors="coerce")
    return POUNDS if (numbers < 0).any() else POUNDS_OR_LOW


def units_format(figures: pd.Series) -> str:
    """Return the format of a column of events, people or items."""
    numbers = pd.to_numeric(figures, errors="coerce")
    return WHOLE if (numbers < 0).any() else WHOLE_OR_LOW
