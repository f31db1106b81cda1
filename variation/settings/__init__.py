"""The settings: every key of ``analysis.toml``, read, described, and written as a commented file."""

from variation.settings.model import (
    AreaSettings,
    ComparisonSettings,
    Output,
    Peers,
    PeriodSettings,
    PolicyName,
    Settings,
    Tables,
    TrendSettings,
    described,
    known_keys,
)
from variation.settings.read import read_settings
from variation.settings.section import Section
from variation.settings.table_source import TableSource

__all__ = [
    "AreaSettings",
    "ComparisonSettings",
    "Output",
    "Peers",
    "PeriodSettings",
    "PolicyName",
    "Section",
    "Settings",
    "TableSource",
    "Tables",
    "TrendSettings",
    "described",
    "known_keys",
    "read_settings",
]
