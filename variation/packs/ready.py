"""The processes beside a run: what they are for, and what they import while the run reads."""

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from variation.settings import Output

# What sizing, drawing and setting need: seconds that they would else take when there is work.
MODULES = (
    "reports.booklet",
    "reports.charts.saving",
    "reports.page",
    "seaborn",
    "statsmodels.genmod.families",
    "statsmodels.genmod.generalized_linear_model",
    "variation.packs.pack",
)


# Outputs that pictures are drawn for.
PICTURED = ("charts", "page", "booklet")


def needs_pictures(outputs: "Collection[Output]") -> bool:
    """Tell whether pictures are drawn for these outputs."""
    return not set(PICTURED).isdisjoint(outputs)
