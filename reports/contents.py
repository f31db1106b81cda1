"""What a pack is made from: tidy tables, and the words that stand on every page of it."""

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from reports.finance import Finance


@dataclass(frozen=True, kw_only=True)
class Source:
    """One input of the run, as the manifest and the sources sheet name it."""

    name: str
    table: str
    rows: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting of the run in words: what it is called, what it was, what it does."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method used in the pack: its name, its formula in words, and where it is from."""

    name: str
    formula: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Everything that a pack shows; the writers format it and compute no figure.

    The tables' columns are those of the output tables that the toolkit documents: ``comparison``,
    ``variation``, ``peers``, ``peer_fit``, ``opportunity``, ``totals``, ``ledger``, ``savings``,
    ``chain``, ``scheme_savings``, ``trend``, ``inequality``,
    ``life_expectancy``, ``plan``, ``completeness``, ``findings``; ``catalogue`` and
    ``areas`` say what the codes in them mean; ``boundaries`` has area and geometry (GeoJSON as text)
    where maps can be drawn, and may be empty. Values stand in the indicator's own unit, £ in full,
    probabilities and shares as fractions. ``dictionary`` has a row for every column of every table
    (table, column, unit, meaning).
    """

    title: str
    subtitle: str
    notice: str  # stands on every page, sheet and chart: "Synthetic example data"; empty for none
    banner: str  # the policy's marking, "OFFICIAL-SENSITIVE"; empty for none
    made: datetime  # from the settings or the inputs, never the clock
    version: str
    period: str  # the latest period, which the summary is about
    focus: str  # code of the area that the pack is about: the top of the tree
    comparison: pd.DataFrame
    variation: pd.DataFrame
    peers: pd.DataFrame
    peer_fit: pd.DataFrame
    opportunity: pd.DataFrame
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    ledger: pd.DataFrame = field(default_factory=pd.DataFrame)
    savings: pd.DataFrame = field(default_factory=pd.DataFrame)
    chain: pd.DataFrame = field(default_factory=pd.DataFrame)
    scheme_savings: pd.DataFrame = field(default_factory=pd.DataFrame)
    trend: pd.DataFrame = field(default_factory=pd.DataFrame)
    inequality: pd.DataFrame = field(default_factory=pd.DataFrame)
    life_expectancy: pd.DataFrame = field(default_factory=pd.DataFrame)
    plan: pd.DataFrame
    completeness: pd.DataFrame = field(default_factory=pd.DataFrame)
    findings: pd.DataFrame
    catalogue: pd.DataFrame
    areas: pd.DataFrame
    boundaries: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["area", "geometry"]))
    dictionary: pd.DataFrame
    sources: tuple[Source, ...] = ()
    settings: tuple[Setting, ...] = ()
    methods: tuple[Method, ...] = ()
    headline_mode: str = "rightcare"  # the opportunity mode that headlines quote
    headline_comparator: str = "best_5"
    packs_of_areas: str = ""  # address of the index of the packs of single areas; empty where there are none
    attribution: str = field(default="")  # licence line of the sources
    finance: Finance | None = None  # what the live sheets of finance are made from; none without savings

    @property
    def markings(self) -> tuple[str, ...]:
        """What stands on everything that leaves: the policy's marking and the notice, if any."""
        return tuple(words for words in (self.banner, self.notice) if words)

    @property
    def marking(self) -> str:
        """The markings in one line."""
        return ". ".join(self.markings)
