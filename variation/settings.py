"""The settings of an analysis: every key of ``analysis.toml``, its default and what it does."""

import difflib
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from variation.errors import SettingsError

Comparator = Literal["peer_mean", "peer_median", "best_5", "percentile"]
Mode = Literal["gross", "rightcare", "percentile", "credible"]
Output = Literal["excel", "charts", "page", "tables"]


def _several(value: object) -> object:
    """Let one name stand where several may."""
    return [value] if isinstance(value, str) else value


def _listed(value: object) -> object:
    """Let one table, or the name of its file, stand where a list of tables may."""
    listed = value if isinstance(value, list) else [value]
    return [{"file": source} if isinstance(source, str) else source for source in listed]


class Section(BaseModel):
    """Part of the settings: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TableSource(Section):
    """Where a table is and how it is read."""

    file: Annotated[tuple[str, ...], BeforeValidator(_several)] = Field(
        description="path, pattern (data/*.csv) or a list of them"
    )
    folder: str = Field("", description="where the files are, from the folder of analysis.toml")
    sheet: str | None = Field(None, description="sheet of a workbook; the first where not given")
    columns: dict[str, str] = Field({}, description="our column = the heading in the file")
    values: dict[str, str | float] = Field(
        {}, description="our column = one value for every row; {stem} stands for the file's name"
    )
    filter: dict[str, str | list[str]] = Field(
        {}, description="heading = the value (or values) of rows to keep"
    )
    encoding: str = Field("utf-8", description="of a CSV file")
    separator: str = Field(",", description="of a CSV file")
    unique: bool = Field(False, description="keep one of rows that are alike (a mapping file)")
    scale: dict[str, float] = Field({}, description="our column = factor that its numbers are multiplied by")
    latest_months: int | None = Field(
        None, ge=1, description="add up the latest so many monthly periods (2016-04) into one"
    )


Sources = Annotated[tuple[TableSource, ...], BeforeValidator(_listed)]


class Tables(Section):
    """The input tables."""

    indicators: Sources = Field(description="indicator, area, period, numerator, denominator")
    areas: Sources = Field(description="area, name, kind, parent, and features for peers")
    catalogue: Sources = Field(description="what each indicator is")
    features: Sources = Field((), description="more columns for areas, joined by area")
    plan: Sources = Field((), description="lines of the savings plan with their targets")


class Peers(Section):
    """How the peers of one kind of area are chosen."""

    method: Literal["similar", "parent", "everyone"] = Field(
        "similar", description="most similar; of the same parent; or all the others"
    )
    weights: str | dict[str, float] = Field(
        "nhse_2021", description="nhse_2021, equal, or a weight for each feature column"
    )
    features: tuple[str, ...] = Field((), description="columns to use with equal weights; all where empty")
    number: int = Field(10, ge=1, description="how many most similar areas")


class ComparisonSettings(Section):
    """What areas are held against."""

    comparator: Literal["peer_mean"] = Field(
        "peer_mean", description="what the calibrated rule tests against"
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
    draws: int = Field(1000, ge=100, description="draws of the credible opportunity")
    certainty: float = Field(
        0.8,
        gt=0.5,
        lt=1,
        description="probability of being worse than peers from which a gap counts as credible",
    )


class TrendSettings(Section):
    """How series are judged."""

    run: int = Field(7, ge=4, description="points on one side, or in one direction, that are a special cause")


class InequalitySettings(Section):
    """How inequality is measured."""

    deprivation: str = Field("imd", description="column of the areas table; higher is more deprived")
    deaths: str = Field("deaths", description="indicator of deaths by age and sex, for life expectancy")
    pooled: int = Field(3, ge=1, description="periods added up for life expectancy")
    case_mix: tuple[str, ...] = Field(
        ("imd", "rural", "aged_65_84"), description="columns of the areas table that warrant a difference"
    )


class PackSettings(Section):
    """What the pack shows."""

    outputs: tuple[Output, ...] = Field(("excel", "charts", "page", "tables"), description="what is written")
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
    policy: Literal["internal"] = Field(
        "internal",
        description="disclosure policy; internal hides nothing and marks everything OFFICIAL-SENSITIVE",
    )
    focus: str = Field(
        "", description="code of the area that the pack is about; the top of the tree where not given"
    )
    tables: Tables
    peers: dict[str, Peers] = Field({}, description="kind of area = how its peers are chosen")
    comparison: ComparisonSettings = ComparisonSettings()
    opportunity: OpportunitySettings = OpportunitySettings()
    trend: TrendSettings = TrendSettings()
    inequality: InequalitySettings = InequalitySettings()
    pack: PackSettings = PackSettings()


def read_settings(path: Path) -> Settings:
    """Read and validate ``analysis.toml``.

    Raises
    ------
    SettingsError
        Naming the file and every key that is unknown (with the nearest known one), missing or wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: no such file\n  hint: `variation example DIR` writes an analysis.toml to start from"
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read as TOML: {error}") from None
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        lines = [_in_words(problem) for problem in error.errors()]
        raise SettingsError("\n".join(f"{path}: {line}" for line in lines)) from None


def _in_words(problem: Any) -> str:
    """Say one problem of the settings: the key, what was found, what was expected, the nearest known key."""
    place = [str(part) for part in problem["loc"]]
    key = ".".join(place)
    if problem["type"] == "extra_forbidden":
        known = known_keys(place[:-1])
        near = difflib.get_close_matches(place[-1], known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
        return f"unknown key {key}\n  hint: {hint}"
    if problem["type"] == "missing":
        return f"missing key {key}"
    return f"{key}: {problem['msg'].lower()} (found: {problem['input']!r})"


def known_keys(place: list[str]) -> list[str]:
    """Keys that may stand at a place of the settings, given by the keys above it.

    >>> known_keys(["opportunity"])
    ['period', 'percentile', 'draws', 'certainty']
    """
    sections: dict[str, type[Section]] = {
        "tables": Tables,
        "peers": Peers,
        "comparison": ComparisonSettings,
        "opportunity": OpportunitySettings,
        "trend": TrendSettings,
        "inequality": InequalitySettings,
        "pack": PackSettings,
    }
    if not place:
        return list(Settings.model_fields)
    if place[0] == "tables" and len(place) > 1:
        return list(TableSource.model_fields)
    return list(sections[place[0]].model_fields)


def described(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting of an analysis with its value and meaning, tables left out: (name, value, meaning)."""
    rows: list[tuple[str, str, str]] = []

    def walk(section: Section, prefix: str) -> None:
        for name, field in type(section).model_fields.items():
            value = getattr(section, name)
            if isinstance(value, Section):
                walk(value, f"{prefix}{name}.")
            elif name == "peers":
                for kind, peers in value.items():
                    walk(peers, f"peers.{kind}.")
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
