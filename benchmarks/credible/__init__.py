"""The credible opportunity: what areas would do differently at the level of their peers once chance is taken out."""

from benchmarks.credible.between import PRIOR, BetweenAreas, Prior, between_areas, reliability
from benchmarks.credible.opportunity import JointDraws, joint_opportunity_draws, opportunity_draws
from benchmarks.credible.summary import (
    COUNTED_ABOVE,
    Summary,
    counted,
    headline_draws,
    probability_worse,
    roll_up,
    summarise,
)

__all__ = [
    "COUNTED_ABOVE",
    "PRIOR",
    "BetweenAreas",
    "JointDraws",
    "Prior",
    "Summary",
    "between_areas",
    "counted",
    "headline_draws",
    "joint_opportunity_draws",
    "opportunity_draws",
    "probability_worse",
    "reliability",
    "roll_up",
    "summarise",
]
