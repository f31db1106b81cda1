"""Checks of the figures themselves: what can hardly be, what does not agree, what is missing.

They read the panel, which the analysis is made from, so that what is checked is what is compared. Each notes
findings and changes no figure.
"""

import pandas as pd

from variation.checks.figures.completeness import completeness_table, note_incomplete
from variation.checks.figures.doubts import note_far_areas, note_jumps, tested_events
from variation.checks.figures.lists import note_lists
from variation.checks.figures.places import Places
from variation.checks.figures.published import note_published_parents
from variation.checks.figures.scales import note_mixed_scales, note_values_and_counts
from variation.errors import Finding
from variation.figures.panel import Panel

__all__ = ["check_figures"]


def check_figures(
    panel: Panel, indicators: pd.DataFrame, areas: pd.DataFrame, findings: list[Finding]
) -> pd.DataFrame:
    """Note figures to be doubted and gaps; return the completeness table."""
    places = Places(panel, indicators)
    note_mixed_scales(panel, places, findings)
    note_values_and_counts(indicators, panel, findings)
    tested = tested_events(panel, places)
    jumps = note_jumps(panel, places, tested, findings)
    note_far_areas(panel, places, tested, findings, told=jumps)
    note_lists(panel, areas, places, findings)
    note_published_parents(panel, indicators, places, findings)
    table = completeness_table(panel, places)
    note_incomplete(table, findings)
    return table
