"""Files of figures in other people's headings: a row a figure, or areas down and figures across."""

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from variation.guess.contents import (
    has_decimal_commas,
    has_percent_signs,
    holds_numbers,
    holds_periods,
    is_period,
)
from variation.guess.headings import FEATURES, code_columns, features, match, plain
from variation.guess.look import Look
from variation.guess.maps import areas_of_figures, name_beside
from variation.guess.role import NO_PERIOD, ORDER, Role, role_of
from variation.reading.readers.patterns import read_name
from variation.reading.readers.spans import to_spans

# What a row of totals is called.
TOTAL = r"(?i)(?:grand |sub-?|overall )?totals?(?: .*)?|all (?:practices|areas)|overall|sum"


def tidy(look: Look) -> Iterator[Role]:
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
    given |= marks_of(look) | _totals(look, found["area"])
    yield role_of(look, "indicators", said, unsure=tuple(unsure), kind=kind, rank=1, **given)
    yield from areas_of_figures(look, found["area"], named, kind)


def wide(look: Look) -> Iterator[Role]:
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
    yield role_of(look, "indicators", said, reader="wide", across=across, cells=cells, columns=beside, kind=kind,
                unsure=tuple(unsure), **given, **marks_of(look), **_totals(look, area))  # fmt: skip
    yield from areas_of_figures(look, area, name_beside(look, area), kind)
    if look.columns[area].is_unique:  # beside a file of figures it says what areas are like
        names = {
            re.sub(r"\W+", "_", plain(heading)): heading for heading in figures if not is_period(heading)
        }
        said = f"{len(names)} figures about areas"
        yield role_of(look, "features", said, columns={"area": area} | names, kind=kind)


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


def marks_of(look: Look) -> dict[str, Any]:
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


def _totals(look: Look, area: str) -> dict[str, Any]:
    """Leave out rows of totals: by the word in the column of areas, or where none stands and a total beside it."""
    texts = look.cells.iloc[:, look.headings.index(area)]
    totals = texts.str.fullmatch(TOTAL)
    left_out = sorted(texts[totals].unique())
    beside = look.cells[(texts == "").to_numpy()]
    if beside.apply(lambda cells: cells.str.fullmatch(TOTAL)).any(axis=None):
        left_out.append("")
    return {"drop": {area: left_out}} if left_out and not totals.all() else {}
