"""Every table declared once: its columns with type, unit and meaning.

Reading, checking, writing, the data dictionary and the documentation are driven by these declarations.
"""

from variation.tables.checks import COMPLETENESS, FINDINGS
from variation.tables.columns import Column, Table, number, text
from variation.tables.comparison import (
    COMPARISON,
    INEQUALITY,
    LIFE_EXPECTANCY,
    PEER_FIT,
    PEERS,
    SIGNIFICANCES,
    TREND,
    VARIATION,
)
from variation.tables.inputs import (
    AREAS,
    ASSUMPTIONS,
    BOUNDARIES,
    CATALOGUE,
    FEATURES,
    INDICATORS,
    INPUTS,
    KINDS,
    LISTED_PEERS,
    OVERLAPS,
    PLAN,
    SCHEMES,
    SUCCESSORS,
)
from variation.tables.opportunity import CHAIN, LEDGER, OPPORTUNITY, SAVINGS, SCHEME_SAVINGS, STEPS, TOTALS

OUTPUTS = (
    COMPARISON,
    VARIATION,
    PEERS,
    PEER_FIT,
    OPPORTUNITY,
    TOTALS,
    LEDGER,
    SAVINGS,
    CHAIN,
    SCHEME_SAVINGS,
    TREND,
    INEQUALITY,
    LIFE_EXPECTANCY,
    COMPLETENESS,
    FINDINGS,
)

__all__ = [
    "AREAS",
    "ASSUMPTIONS",
    "BOUNDARIES",
    "CATALOGUE",
    "CHAIN",
    "COMPARISON",
    "COMPLETENESS",
    "FEATURES",
    "FINDINGS",
    "INDICATORS",
    "INEQUALITY",
    "INPUTS",
    "KINDS",
    "LEDGER",
    "LIFE_EXPECTANCY",
    "LISTED_PEERS",
    "OPPORTUNITY",
    "OUTPUTS",
    "OVERLAPS",
    "PEERS",
    "PEER_FIT",
    "PLAN",
    "SAVINGS",
    "SCHEMES",
    "SCHEME_SAVINGS",
    "SIGNIFICANCES",
    "STEPS",
    "SUCCESSORS",
    "TOTALS",
    "TREND",
    "VARIATION",
    "Column",
    "Table",
    "number",
    "text",
]
