"""The settings of an analysis: every key of ``analysis.toml``, its default and what it does."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator

from benchmarks.peers import PRESETS
from variation.policies import POLICIES
from variation.settings.finance import Delivery, FinanceSettings, WhatIf
from variation.settings.section import Section as Section
from variation.settings.table_source import Names, several
from variation.settings.table_source import TableSource as TableSource

Comparator = Literal["peer_median", "parent", "target", "achievable"]
Mode = Literal["gross", "rightcare", "percentile", "credible"]
PolicyName = Literal["hes_2018", "under_5", "up_to_5_secondary", "internal"]
Output = Literal["excel", "charts", "page", "booklet", "tables"]


def _listed(value: object) -> object:
    """Let one table, or the name of its file, stand where a list of tables may."""
    return [{"file": source} if isinstance(source, str) else source for source in _listed_values(value)]


def _listed_values(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _weights(value: object) -> object:
    """Check the weights of peer variables: a preset's name, or numbers of 0 and more."""
    if isinstance(value, str):
        if value not in PRESETS:
            raise ValueError(f"expected {', '.join(PRESETS)}, or a weight for each feature column")
        return value
    if not isinstance(value, dict) or not all(_is_weight(weight) for weight in value.values()):
        raise ValueError(f"expected {', '.join(PRESETS)}, or a number of 0 and more for each feature column")
    if not sum(value.values()):
        raise ValueError("expected at least one weight above 0")
    return value


def _is_weight(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value < float("inf")


Sources = Annotated[tuple[TableSource, ...], BeforeValidator(_listed)]


class Tables(Section):
    """The input tables."""

    indicators: Sources = Field(description="indicator, area, period, numerator, denominator")
    areas: Sources = Field(description="area, name, kind, parent, and features for peers")
    catalogue: Sources = Field(description="what each indicator is")
    features: Sources = Field((), description="more columns for areas, joined by area")
    successors: Sources = Field(
        (), description="areas that closed, merged or changed code: area, successor, date"
    )
    peers: Sources = Field((), description="area and peer, most similar first, for the peer method list")
    plan: Sources = Field((), description="lines of the savings plan with their targets")
    boundaries: Sources = Field((), description="area and its outline, from GeoJSON, for maps")
    assumptions: Sources = Field((), description="point of delivery and scheme of each indicator")
    schemes: Sources = Field((), description="phasing, sign-off and costs of each scheme")
    overlaps: Sources = Field((), description="share of an indicator's events that another counts too")

    @field_validator("indicators", "catalogue", "features", "successors", "peers", "plan")
    @classmethod
    def _no_levels(cls, sources: tuple[TableSource, ...]) -> tuple[TableSource, ...]:
        if any(source.levels for source in sources):
            raise ValueError("levels are for tables.areas only")
        return sources


class Peers(Section):
    """How the peers of one kind of area are chosen."""

    method: Literal["similar", "parent", "everyone", "category", "list"] = Field(
        "similar",
        description="most similar; same parent; all the others; same category; or the list of tables.peers",
    )
    weights: Annotated[str | dict[str, float], BeforeValidator(_weights)] = Field(
        "nhse_2021", description="nhse_2021, equal, or a weight for each feature column"
    )
    features: Names = Field((), description="columns to use with equal weights; all where empty")
    number: int = Field(10, ge=1, description="how many most similar areas")
    category: Names = Field(
        (), description="columns that must agree (method category); a column of numbers is cut into fifths"
    )
    smallest: float = Field(0, ge=0, description="people below which an area is no one's peer")
    not_peers: Names = Field(
        (), description="codes of areas that are no one's peer (university or care-home practices)"
    )
    exclude: dict[str, Names] = Field(
        {}, description="indicator = codes that are no peers for it; the next most similar take their place"
    )


class ComparisonSettings(Section):
    """What areas are held against."""

    comparator: Literal["peer_mean"] = Field(
        "peer_mean", description="what the calibrated rule tests against"
    )
    flag_reliability: float = Field(
        0.7, ge=0, le=1, description="reliability below which an area is not tested by the calibrated rule"
    )
    false_discovery_rate: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="Benjamini-Hochberg over an area's indicators: flags of the calibrated rule must pass it too",
    )
    best: int = Field(5, ge=1, description="RightCare: how many of the peers are the best")


class OpportunitySettings(Section):
    """How gaps become money."""

    period: str | None = Field(None, description="the period priced; each indicator's latest where not given")
    percentile: float = Field(
        10,
        gt=0,
        lt=100,
        description="OpenPrescribing's percentile where low is good; mirrored where high is good",
    )
    also: Annotated[tuple[Comparator, ...], BeforeValidator(several)] = Field(
        (),
        description="more comparators for gross gaps: peer_median, parent, target, achievable (proportions)",
    )
    draws: int = Field(1000, ge=100, description="draws of the credible opportunity")
    publish_reliability: float = Field(
        0.5,
        ge=0,
        le=1,
        description="reliability below which a single area's credible figure is shown only in its parents' sums",
    )
    certainty: float = Field(
        0.8,
        gt=0.5,
        lt=1,
        description="probability of being worse than peers from which a gap counts as credible",
    )


class TrendSettings(Section):
    """How series are judged."""

    run: int = Field(7, ge=4, description="points on one side, or in one direction, that are a special cause")
    rebase: dict[str, tuple[str, ...]] = Field(
        {},
        description="indicator = periods from which its limits start anew (a change of definition or service)",
    )


class InequalitySettings(Section):
    """How inequality is measured."""

    deprivation: str = Field("imd", description="column of the areas table; higher is more deprived")
    deaths: str = Field("deaths", description="indicator of deaths by age and sex, for life expectancy")
    pooled: int = Field(3, ge=1, description="periods added up for life expectancy")
    case_mix: Names = Field(
        ("imd", "rural", "aged_65_84"),
        description="columns of the areas table that may warrant a difference",
    )


class AreaSettings(Section):
    """What counts as an area."""

    unallocated: Names = Field(
        ("U", "Unallocated"),
        description="codes or names of groups that are no areas to compare; what is in them counts in the area above",
    )


class PeriodSettings(Section):
    """How periods are put together; nothing is pooled or given per year unless asked for here."""

    pool: dict[str, Annotated[int, Field(ge=2)]] = Field(
        {},
        description="indicator = how many of its periods are added up into one, the latest first, without overlap",
    )
    annualise: Names = Field(
        (),
        description="rates and spend whose values are given per year where a period is longer or shorter",
    )


class PackSettings(Section):
    """What the pack shows."""

    outputs: Annotated[tuple[Output, ...], BeforeValidator(several)] = Field(
        ("excel", "charts", "page", "booklet", "tables"), description="what is written"
    )
    top_indicators: int = Field(12, ge=1, description="how many indicators get pictures of their own")


class Settings(Section):
    """Settings of one analysis, as ``analysis.toml`` gives them."""

    title: str = Field(description="stands on every page and sheet")
    subtitle: str = Field("", description="a line under the title")
    notice: str = Field(
        "", description="a notice on every page, sheet and chart, for example Synthetic example data"
    )
    attribution: str = Field("", description="licence line of the sources")
    made: date | None = Field(
        None, description="date on the pack; the end of the latest period where not given"
    )
    seed: int = Field(20170331, ge=0, description="start of every random number")
    policy: PolicyName = Field(
        "hes_2018",
        description="disclosure policy: " + "; ".join(f"{p.name}: {p.summary}" for p in POLICIES.values()),
    )
    focus: str = Field(
        "", description="code of the area that the pack is about; the top of the tree where not given"
    )
    tables: Tables
    peers: dict[str, Peers] = Field({}, description="kind of area = how its peers are chosen")
    comparison: ComparisonSettings = ComparisonSettings()
    opportunity: OpportunitySettings = OpportunitySettings()
    areas: AreaSettings = AreaSettings()
    periods: PeriodSettings = PeriodSettings()
    trend: TrendSettings = TrendSettings()
    inequality: InequalitySettings = InequalitySettings()
    finance: FinanceSettings = FinanceSettings()
    pack: PackSettings = PackSettings()


def known_keys(place: list[str]) -> list[str]:
    """Keys that may stand at a place of the settings, given by the keys above it.

    >>> known_keys(["trend"])
    ['run', 'rebase']
    """
    sections: dict[str, type[Section]] = {
        "tables": Tables,
        "peers": Peers,
        "comparison": ComparisonSettings,
        "opportunity": OpportunitySettings,
        "areas": AreaSettings,
        "periods": PeriodSettings,
        "trend": TrendSettings,
        "inequality": InequalitySettings,
        "finance": FinanceSettings,
        "pack": PackSettings,
    }
    if not place:
        return list(Settings.model_fields)
    if place[0] == "tables" and len(place) > 1:
        return list(TableSource.model_fields)
    if place[:2] == ["finance", "delivery"] and len(place) > 2:
        return list(Delivery.model_fields)
    if place[:2] == ["finance", "what_if"]:
        return list(WhatIf.model_fields)
    return list(sections[place[0]].model_fields)


def described(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting of an analysis with its value and meaning, tables left out: (name, value, meaning)."""
    rows: list[tuple[str, str, str]] = []

    def walk(section: Section, prefix: str) -> None:
        for name, field in type(section).model_fields.items():
            value = getattr(section, name)
            if isinstance(value, Section):
                walk(value, f"{prefix}{name}.")
            elif name in ("peers", "delivery") and isinstance(value, dict):
                for key, part in value.items():
                    walk(part, f"{prefix}{name}.{key}.")
            else:
                rows.append((f"{prefix}{name}", _plain(value), field.description or ""))

    walk(settings.model_copy(update={"tables": ""}), "")
    return [row for row in rows if row[0] != "tables"]


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
