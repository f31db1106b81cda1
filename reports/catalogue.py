"""What the catalogue and the areas call things."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports import words
from reports.contents import Contents

Catalogue = Mapping[str, Mapping[str, Any]]  # what is said of each indicator, by its code and the column

OTHER = "Other"  # indicators without a programme, or without a stage

# Stages of a pathway by their codes, in the order of care, as a reader reads them.
PATHWAY_STAGES = {
    "risk": "Risk",
    "detection": "Detection",
    "primary care": "Primary care",
    "prescribing": "Prescribing",
    "elective": "Planned care",
    "non-elective": "Emergency care",
    "outcome": "Outcome",
    "spend": "Spend",
}


def programme_names(catalogue: pd.DataFrame) -> pd.Series:
    """Programme of each indicator of the catalogue, by its code.

    >>> programme_names(pd.DataFrame({"indicator": ["A", "B"], "programme": ["Respiratory", None]})).tolist()
    ['Respiratory', 'Other']
    """
    programmes = catalogue.set_index("indicator")["programme"]
    return programmes.where(programmes.fillna("") != "", OTHER)


def about_indicators(catalogue: pd.DataFrame) -> Catalogue:
    """What the catalogue says of each indicator, by its code and the column.

    >>> about_indicators(pd.DataFrame({"indicator": ["A"], "unit": ["days"]}))
    {'A': {'unit': 'days'}}
    """
    rows: list[dict[Any, Any]] = catalogue.drop_duplicates("indicator").to_dict("records")
    return {str(row.pop("indicator")): row for row in rows}


def focus_name(contents: Contents) -> str:
    """Name of the pack's own area; "each area" where it has none."""
    named = contents.areas.loc[contents.areas["area"] == contents.focus, "name"]
    return words.text(named.iloc[0], contents.focus) if len(named) else "each area"
