"""Which of our tables a file is, and how it is read as that: by its columns, their headings and their cells."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from variation.guess.contents import (
    area_kind,
    has_decimal_commas,
    has_percent_signs,
    holds_numbers,
    holds_periods,
    is_period,
)
from variation.guess.headings import FEATURES, code_columns, features, match, plain
from variation.guess.look import Look
from variation.readers.fingertips_columns import KINDS
from variation.readers.fingertips_columns import NEEDED as FINGERTIPS
from variation.readers.patterns import read_name
from variation.readers.qof import GROUPS, LEVELS, REGISTERS, USUAL, YEAR
from variation.readers.spans import to_spans
from variation.tables import INPUTS

# What a table of ours is told by, where it has our own headings; the first that fits counts.
OURS = {
    "indicators": {"indicator", "area", "period"},
    "catalogue": {"indicator", "name", "kind"},
    "areas": {"area", "kind"},
    "peers": {"area", "peer"},
    "successors": {"area", "successor"},
    "schemes": {"scheme", "start_year"},
    "overlaps": {"indicator", "other"},
    "assumptions": {"indicator", "point_of_delivery"},
    "plan": {"plan_line"},
}

# Where a figure's period is not in its file: what is written in its place, so that the check stops there.
NO_PERIOD = "FILL IN"

# From the finest up.
ORDER = ("lsoa", "msoa", "practice", "pcn", "local_authority", "sub_icb", "icb", "region", "england")


@dataclass(frozen=True, kw_only=True)
class Role:
    """A file as one of our tables: how it is read, and what was understood or is not sure."""

    table: str
    look: Look
    source: dict[str, Any]
    said: str
    unsure: tuple[str, ...] = ()
    kind: str = ""  # of the areas, where known
    rank: int = 0  # of several that would do, the highest is taken
    columns: dict[str, str] = field(default_factory=dict)


def roles(look: Look) -> list[Role]:
    """Every table that a file can be; none where nothing in it is understood."""
    recognisers: tuple[Callable[[Look], Iterator[Role]], ...] = (
        _own, _fingertips, _openprescribing, _qof, _boundaries, _tidy, _map_of_areas, _features, _wide,
    )  # fmt: skip
    for recognise in recognisers:
        if found := list(recognise(look)):
            return found
    return []


def _role(look: Look, table: str, said: str, **given: Any) -> Role:
    """Put what a file needs to be opened before how it is read."""
    source: dict[str, Any] = {}
    if look.member:
        source["member"] = look.member
    if look.sheet:
        source["sheet"] = look.sheet
    if look.encoding != "utf-8":
        source["encoding"] = look.encoding
    if look.separator != ",":
        source["separator"] = look.separator
    if look.header_row > 1:
        source["header_row"] = look.header_row
    more = {name: given.pop(name) for name in ("unsure", "kind", "rank") if name in given}
    return Role(table=table, look=look, source=source | given, said=said, **more)


def _own(look: Look) -> Iterator[Role]:
    headings = set(look.headings)
    for table, needed in OURS.items():
        if needed <= headings:
            kinds = [str(kind) for kind in look.columns["kind"].unique()] if table == "areas" else []
            known = next((spec.names for spec in INPUTS if spec.name == table), sorted(needed))
            number = len(headings & set(known))
            yield _role(look, table, f"our own {table} table ({number} columns)", rank=3,
                        kind=kinds[0] if kinds else "", **_marks(look))  # fmt: skip
            return


def _fingertips(look: Look) -> Iterator[Role]:
    if not set(FINGERTIPS) <= set(look.headings):
        return
    types = [str(name) for name in look.columns["Area Type"].value_counts().index]
    number = look.columns["Indicator Name"].nunique()
    shown = ", ".join(types[:4]) + (f" and {len(types) - 4} more" if len(types) > 4 else "")
    said = f"Fingertips, {number} indicator{'s' if number != 1 else ''}; area types {shown}"
    kind = next((ours for start, ours in KINDS.items() if types[0].startswith(start)), "")
    chosen = {"area_types": types[0]} if len(types) > 1 else {}
    unsure = (f"of {len(types)} area types, {types[0]} was taken, which most rows have",) if chosen else ()
    more: dict[str, Any] = {"reader": "fingertips", "kind": kind}
    yield _role(look, "indicators", said, rank=2, unsure=unsure, **more, **chosen)
    yield _role(look, "areas", said, rank=1, **more, **chosen)
    yield _role(look, "catalogue", said, rank=1, **more)


def _openprescribing(look: Look) -> Iterator[Role]:
    headings = set(look.headings)
    codes = [name for name in ("code", "org_id", "pct_id", "practice_id", "row_id", "id") if name in headings]
    if {"measure_name", "is_percentage", "y_label"} <= headings:
        yield _role(look, "catalogue", "OpenPrescribing's list of measures", reader="openprescribing", rank=2)
    elif codes and {"numerator", "denominator"} <= headings and {"month", "date"} & headings:
        yield from _measures(look, codes[0], "OpenPrescribing, a measure by month", latest_months=12)
    elif codes and {"y_items", "total_list_size"} <= headings and "date" in headings:
        yield from _measures(look, codes[0], "OpenPrescribing, a search by month", latest_months=12)
    elif codes and {"numerator_cost", "denominator_cost"} <= headings:
        columns = {"numerator": "numerator_cost", "denominator": "denominator_cost"}
        yield from _measures(look, codes[0], "OpenPrescribing, spend without months", columns=columns,
                             values={"period": NO_PERIOD}, unsure=("its period is not in the file",))  # fmt: skip


def _measures(
    look: Look, code: str, said: str, *, unsure: tuple[str, ...] = (), **given: Any
) -> Iterator[Role]:
    kind = area_kind(look.columns[code]) or "area"
    yield _role(look, "indicators", said, reader="openprescribing", kind=kind, rank=2, unsure=unsure, **given)
    if {"name", "org_name", "practice_name"} & set(look.headings):
        yield _role(look, "areas", said, reader="openprescribing", values={"kind": kind}, kind=kind, rank=1)


def _qof(look: Look) -> Iterator[Role]:
    headings = set(look.headings)
    if set(REGISTERS.values()) <= headings:
        named = YEAR.search(look.path.stem)
        given = {} if named else {"values": {"period": NO_PERIOD}}
        unsure = () if named else ("its period is not in its name: fill it in under values",)
        said = "QOF registers and list sizes"
        yield _role(look, "indicators", said, reader="qof", kind="practice", rank=2, unsure=unsure, **given)
    elif set(GROUPS.values()) <= headings:
        yield _role(look, "catalogue", "QOF groups of indicators", reader="qof", rank=2)
    elif {"PRACTICE_CODE", "PRACTICE_NAME"} <= headings and "PCN_ODS_CODE" in headings:
        levels = [kind for kind in USUAL if LEVELS[kind][0] in headings]
        said = f"QOF map of organisations: {', '.join(levels)}"
        yield _role(look, "areas", said, reader="qof", kind="practice", rank=2)


def _boundaries(look: Look) -> Iterator[Role]:
    if "geometry" not in look.headings or look.path.suffix.lower() not in (".geojson", ".json"):
        return
    codes = code_columns(look)
    if not codes:
        return
    heading, kind = next(iter(codes.items()))
    columns = {} if heading == "area" else {"columns": {"area": heading}}
    named = next((h for h in look.columns if "name" in plain(h).split()), "")
    if named:
        both = {"area": heading, "name": named}
        yield _role(look, "areas", f"names of areas ({kind})", columns=both, values={"kind": kind}, kind=kind)
    yield _role(
        look, "boundaries", f"outlines of {len(look.cells)} areas ({kind})", kind=kind, rank=2, **columns
    )


def _tidy(look: Look) -> Iterator[Role]:
    """A row a figure: areas, and a count or a value."""
    found = match(look)
    if "area" in found and "numerator" not in found and "value" not in found and "denominator" in found:
        found["value"] = found.pop("denominator")  # one figure alone: how many people
        if not ({"period"} & set(found)):
            return
    if "area" not in found or not ({"numerator", "value"} & set(found)):
        return
    if look.columns[found["area"]].is_unique and len(features(look)) > 2:
        return  # a row for each area, with much about it
    codes = code_columns(look)
    unsure = []
    if kind := codes.get(found["area"], ""):
        finest = min(codes, key=lambda heading: ORDER.index(codes[heading]))
        if ORDER.index(codes[finest]) < ORDER.index(kind) and look.columns[finest].size >= 0.9 * len(
            look.cells
        ):
            found["area"], kind = finest, codes[finest]
    given: dict[str, Any] = {}
    values: dict[str, Any] = {}
    if "indicator" not in found:
        values["indicator"] = "{stem}"
        unsure.append("it names no indicator: the file's name stands for it")
    if "period" not in found:
        given |= _period_of_name(look, values, unsure)
    named = found.pop("name", "")
    columns = {ours: theirs for ours, theirs in found.items() if ours != theirs}
    given |= {"columns": columns} if columns else {}
    given |= {"values": values} if values else {}
    unsure += [
        f"{ours} was taken to be {theirs}"
        for ours, theirs in columns.items()
        if ours in ("numerator", "value")
    ]
    said = f"a row a figure; {', '.join(f'{ours} from {theirs}' for ours, theirs in found.items())}"
    yield _role(look, "indicators", said, unsure=tuple(unsure), kind=kind, rank=1, **given, **_marks(look))
    yield from _areas_of_figures(look, found["area"], named, kind)


def _areas_of_figures(look: Look, area: str, named: str, kind: str) -> Iterator[Role]:
    """The areas that a file of figures names, with the levels above them."""
    levels, names = _levels(look, area)
    if len(levels) > 1:
        yield _role(look, "areas", f"areas of {', '.join(levels)}", levels=levels, level_names=names, unique=True,
                    kind=kind)  # fmt: skip
    elif named and kind:
        columns = {"area": area, "name": named}
        yield _role(
            look,
            "areas",
            "names of its areas",
            columns=columns,
            values={"kind": kind},
            unique=True,
            kind=kind,
        )


def _period_of_name(look: Look, values: dict[str, Any], unsure: list[str]) -> dict[str, Any]:
    """Take the period from the file's name where it ends with one; else leave it to be filled in."""
    before, mark, last = look.path.stem.rpartition("_")
    span = to_spans(pd.Series([last], dtype="str"), "financial_year")
    if mark and span.notna().all() and read_name(f"{before}_{{period}}", look.path.stem):
        unsure.append(f"its period is read from its name: {span.iloc[0]}")
        return {"stem": f"{before}_{{period}}", "period": "financial_year"}
    if mark and is_period(last):
        unsure.append(f"its period is read from its name: {last}")
        return {"stem": f"{before}_{{period}}"}
    values["period"] = NO_PERIOD
    unsure.append("its period is not in the file: fill it in under values")
    return {}


def _marks(look: Look) -> dict[str, Any]:
    """How the numbers of a file are written, where not as usual."""
    given: dict[str, Any] = {}
    columns = [texts for texts in look.columns.values() if holds_numbers(texts)]
    if any(has_decimal_commas(texts) for texts in columns):
        given["decimal"] = ","
    found = match(look)
    ours = {name for name in ("numerator", "denominator", "value", "lower_95", "upper_95") if name in found}
    if signed := sorted(name for name in ours if has_percent_signs(look.columns[found[name]])):
        given["percent"] = signed
    return given


def _map_of_areas(look: Look) -> Iterator[Role]:
    """A row for each area, with the groups that it is in or its name, and few figures."""
    codes = code_columns(look)
    figures = [h for h, texts in look.columns.items() if h not in codes and holds_numbers(texts)]
    if len(figures) > 2:
        return
    if not codes:
        yield from _names_alone(look)
        return
    finest = min(codes, key=lambda heading: ORDER.index(codes[heading]))
    if not look.columns[finest].is_unique:
        return
    levels, names = _levels(look, finest)
    kind = codes[finest]
    if len(levels) > 1:
        yield _role(
            look, "areas", f"map of {', '.join(levels)}", levels=levels, level_names=names, kind=kind, rank=2
        )
        return
    name = _name_beside(look, finest)
    if name:
        columns = {"area": finest, "name": name}
        yield _role(
            look,
            "areas",
            f"names of areas ({kind})",
            columns=columns,
            values={"kind": kind},
            kind=kind,
            rank=1,
        )
    elif figures:
        yield from _features(look)


def _names_alone(look: Look) -> Iterator[Role]:
    """Two columns, codes of no kind that is known and names."""
    found = match(look, ("area", "name"))
    if len(look.columns) == 2 and len(found) == 2 and look.columns[found["area"]].is_unique:
        columns = {ours: theirs for ours, theirs in found.items() if ours != theirs}
        yield _role(look, "areas", "names of areas", columns=columns, values={"kind": "area"}, kind="area", rank=1,
                    unsure=("of what kind its areas are is not in the file: fill it in under values",))  # fmt: skip


def _levels(look: Look, finest: str) -> tuple[dict[str, str], dict[str, str]]:
    """Kinds of area with the headings of their codes, each below the next, and those of their names."""
    codes = code_columns(look)
    levels = {codes.get(finest, "area"): finest}
    for kind in ORDER[:-1]:
        candidates = [heading for heading, found in codes.items() if found == kind and heading != finest]
        ons = [heading for heading in candidates if look.columns[heading].str.contains(r"E\d{8}").any()]
        candidates = [heading for heading in candidates if heading not in ons] or ons
        below = list(levels.values())[-1]
        for heading in candidates:
            pairs = look.cells.iloc[
                :, [look.headings.index(below), look.headings.index(heading)]
            ].drop_duplicates()
            fewer = look.columns[heading].nunique() < look.columns[below].nunique()
            if kind not in levels and fewer and pairs.iloc[:, 0].duplicated().mean() < 0.1:
                levels[kind] = heading
    names = {kind: name for kind, heading in levels.items() if (name := _name_beside(look, heading))}
    return levels, names


def _name_beside(look: Look, heading: str) -> str:
    """Heading of the names that go with codes: PRACTICE_NAME beside PRACTICE_CODE, or simply name."""
    stem = (
        plain(heading)
        .removesuffix(" code")
        .removesuffix(" id")
        .removesuffix(" ods")
        .removesuffix("code")
        .strip()
    )
    stem = stem.removeprefix("ons ")
    for other in look.columns:
        if plain(other) in (f"{stem} name", f"{stem}name"):
            return other
    lone = [
        other for other in look.columns if plain(other) in ("name", "practice name", "area name", "ccg name")
    ]
    return lone[0] if lone and stem in ("", "code", "area", "practice", "ccg", "id") else ""


def _features(look: Look) -> Iterator[Role]:
    """A row for each area with columns of numbers that peers can be found by."""
    found = features(look)
    codes = code_columns(look)
    unique = [heading for heading in codes if look.columns[heading].is_unique]
    if not unique or not found:
        return
    area, kind = unique[0], codes[unique[0]]
    columns = {"area": area} | found
    said = f"{', '.join(found)} of areas ({kind})"
    rank = 1 if len(found) > 2 else 0
    name = _name_beside(look, area)
    yield _role(look, "features", said, columns=columns, kind=kind, rank=rank)
    columns = {"area": area, **({"name": name} if name else {}), **found}
    yield _role(look, "areas", said, columns=columns, values={"kind": kind}, kind=kind)


def _wide(look: Look) -> Iterator[Role]:
    """Areas down and figures across: periods, or lines of figures with a denominator beside them."""
    codes = code_columns(look)
    found = match(look, ("area", "denominator", "period"))
    area = min(codes, key=lambda heading: ORDER.index(codes[heading])) if codes else found.get("area", "")
    if not area:
        return
    beside = {"area": area} | ({"denominator": found["denominator"]} if "denominator" in found else {})
    figures = [h for h, texts in look.columns.items()
               if (h not in beside.values() and h not in codes and holds_numbers(texts) and not holds_periods(texts))
               or (is_period(h) and holds_numbers(texts))]  # fmt: skip
    known = {heading for names in FEATURES.values() for heading in figures if plain(heading) in names}
    figures = [heading for heading in figures if heading not in known]
    if not figures:
        return
    kind = codes.get(area, "")
    values: dict[str, Any] = {}
    unsure: list[str] = []
    periods = [heading for heading in figures if is_period(heading)]
    cells = "numerator" if "denominator" in beside else "value"
    across: list[str] = figures
    given: dict[str, Any] = {}
    if len(periods) > 1:
        across, values["indicator"] = ["{period}"], "{stem}"
        said = f"areas down, {len(periods)} periods across"
    else:
        given = {} if "period" in found else _period_of_name(look, values, unsure)
        beside |= {"period": found["period"]} if "period" in found else {}
        said = f"areas down, {len(figures)} figures across"
        unsure.append("every column of figures was taken for an indicator: take out of across what is none")
    given |= {"values": values} if values else {}
    yield _role(look, "indicators", said, reader="wide", across=across, cells=cells, columns=beside, kind=kind,
                unsure=tuple(unsure), **given, **_marks(look))  # fmt: skip
    yield from _areas_of_figures(look, area, _name_beside(look, area), kind)
    if look.columns[area].is_unique:  # beside a file of figures it says what areas are like
        names = {
            re.sub(r"\W+", "_", plain(heading)): heading for heading in figures if not is_period(heading)
        }
        said = f"{len(names)} figures about areas"
        yield _role(look, "features", said, columns={"area": area} | names, kind=kind)
