"""Fingertips: the download of 26 or 27 columns and what its API gives, to indicators, catalogue, areas or features.

Of each indicator one sex and one age are kept, Persons and the age that most rows have, unless the settings name
others; England and every other area type, unless they name some. Rows of a category (deprivation deciles) stand
under the code of the area that they are a part of and are left out, or taken as areas of their own.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.errors import Finding
from variation.periods import UNREAD, period_end
from variation.reading.formats.codes import as_text, filled_at, recoded
from variation.reading.formats.part import Asked, Part
from variation.reading.readers.fingertips_columns import KINDS, NEEDED, NUMBERS, TEXTS, USED
from variation.reading.readers.layout import Layout, missing_headings, note, row_headings
from variation.reading.readers.published import guess_kind, guess_polarity
from variation.settings.table_source import TableSource
from variation.tables import Table

Rows = NDArray[np.bool_]
Codes = NDArray[np.integer[Any]]

# ICBs and their parts come with an n before the code that they have elsewhere.
NEW_CODE = r"^n(?=E\d{8}$)"


def _headings(source: TableSource) -> dict[str, str]:
    """Heading of each column: as published, or as the settings say."""
    return {name: source.columns.get(name, heading) for name, heading in (TEXTS | NUMBERS).items()}


def _used(source: TableSource, spec: Table) -> set[str]:
    """Columns that a table of ours is made from, as the settings of the source have it."""
    used = set(USED.get(spec.name, {*TEXTS, *NUMBERS}))
    if spec.name != "areas" and not source.area_types:
        used -= {"area_type"}
    return used if source.category else used - {"category"}


def _asked(source: TableSource, spec: Table) -> Asked:
    headings = _headings(source)
    rows = row_headings(source)
    needed = {headings[name] for name in _used(source, spec)} | rows
    texts = {heading for name, heading in headings.items() if name in TEXTS}
    return Asked(texts=frozenset(texts | rows), wants=needed.__contains__)


def _arrange(part: Part, source: TableSource, spec: Table, findings: list[Finding]) -> pd.DataFrame | None:
    if absent := [heading for heading in NEEDED if heading not in part.headings]:
        findings.append(
            missing_headings(part, absent, 'is it a download from Fingertips? reader = "tidy" reads others')
        )
        return None
    theirs = {heading: name for name, heading in _headings(source).items()}
    given = {heading for name, heading in source.columns.items() if name in {*TEXTS, *NUMBERS}}
    if absent := sorted(given - set(part.headings)):
        findings.append(missing_headings(part, absent, "columns names headings that the file has"))
        return None
    frame = part.frame[[heading for heading in part.frame.columns if heading in theirs]].rename(
        columns=theirs
    )
    for name in _used(source, spec) - set(frame.columns):
        frame[name] = pd.Series(np.nan, index=frame.index, dtype="float")
    texts = [name for name in TEXTS if name in frame]
    frame = frame.assign(**{name: as_text(frame[name]) for name in texts})
    # What is left out is said once, with the figures.
    told = findings if spec.name in ("indicators", "features") else []
    frame, kept = _of_categories(frame, part, source, findings, told)
    kept = kept & _of_area_types(frame, kept, part, source, findings)
    frame["area"] = recoded(frame["area"], _plain)
    if spec.name == "areas":
        return _areas(frame[kept])
    frame["indicator"] = _with_codes(frame, kept, part, told)
    for name, asked in (("sex", source.sex), ("age", source.age)):
        kept = kept & _of_stratum(frame, kept, name, asked, part, findings if asked else told)
    if spec.name == "catalogue":
        return _catalogue(frame[kept], part, findings)
    frame["period"] = _readable_periods(frame)
    kept = kept & _once(frame, kept, part, findings)
    _note_values(frame, kept, part, findings)
    if spec.name == "features":
        return _latest(frame[kept])
    columns = ["indicator", "area", "period", *NUMBERS, "published_trend"]
    strata = {"sex": "sex" if len(source.sex) > 1 else "", "age": "age_band" if len(source.age) > 1 else ""}
    columns += [name for name, ours in strata.items() if ours]
    return frame[columns][kept].rename(columns=strata)


def _of_categories(
    frame: pd.DataFrame, part: Part, source: TableSource, findings: list[Finding], told: list[Finding]
) -> tuple[pd.DataFrame, Rows]:
    """Leave rows of categories out, or keep those of one type as areas of their own."""
    of_category = frame["category_type"].notna().to_numpy()
    if not source.category:
        note(part, told, frame.index[of_category], "categories",
             "{rows} of categories (such as deprivation deciles) are left out", column="Category Type",
             hint="category = \"...\" takes those of one type as areas")  # fmt: skip
        return frame, ~of_category
    kept = frame["category_type"].isin([source.category]).to_numpy()
    if not kept.any():
        _none_of(frame, "category_type", source.category, part, findings)
    named = {"area": "category", "area_name": "category", "area_type": "category_type"}
    return frame.assign(**{ours: frame[theirs] for ours, theirs in named.items()}), kept


def _none_of(
    frame: pd.DataFrame, name: str, wanted: str, part: Part, findings: list[Finding], severity: str = "error"
) -> None:
    """Note that no row has what the settings ask for, and what there is."""
    there = ", ".join(sorted(map(str, frame[name].cat.categories))[:20])
    heading = TEXTS[name]
    note(part, findings, frame.index[:1], "filter", f"no row is of {heading} {wanted}", severity=severity,
         column=heading, value=there, hint="the file has the ones that are listed as found")  # fmt: skip


def _of_area_types(
    frame: pd.DataFrame, kept: Rows, part: Part, source: TableSource, findings: list[Finding]
) -> Rows:
    """Keep the area types that are asked for."""
    if not source.area_types or source.category:
        return kept
    if absent := [name for name in source.area_types if name not in frame["area_type"].cat.categories]:
        severity = "error" if len(absent) == len(source.area_types) else "warning"
        _none_of(frame, "area_type", ", ".join(absent), part, findings, severity)
    return frame["area_type"].isin(source.area_types).to_numpy()


def _plain(codes: pd.Index) -> pd.Index:
    """Codes without the n that Fingertips puts before those of ICBs."""
    return codes.str.replace(NEW_CODE, "", regex=True)


def _with_codes(frame: pd.DataFrame, kept: Rows, part: Part, told: list[Finding]) -> pd.Series:
    """Fill in the code of an indicator where only its name is given: that of the other rows, or the name."""
    codes, names = frame["indicator"], frame["indicator_name"]
    blank = codes.isna().to_numpy()
    if not blank.any():
        return codes
    known = pd.DataFrame({"name": names[~blank], "code": codes[~blank]}).drop_duplicates().astype("str")
    by_name = known.drop_duplicates("name", keep=False).set_index("name")["code"]
    note(part, told, frame.index[blank & kept], "filled_in",
         "{rows} without Indicator ID take the one that their Indicator Name has elsewhere in the file",
         column="Indicator ID")  # fmt: skip
    filled = recoded(
        names, lambda there: pd.Index(by_name.reindex(there).fillna(there.to_series()), dtype="str")
    )
    return filled_at(codes, filled, blank)


def _of_stratum(
    frame: pd.DataFrame, kept: Rows, name: str, asked: tuple[str, ...], part: Part, told: list[Finding]
) -> Rows:
    """Keep the sexes (or ages) that are asked for; of each indicator one where none is. Blank ones are kept."""
    codes = frame[name].cat.codes.to_numpy()
    there = frame[name].cat.categories
    if asked:
        chosen = np.isin(codes, there.get_indexer(pd.Index(asked, dtype="str")))
        if not (chosen & kept).any():
            _none_of(frame, name, ", ".join(asked), part, told)
        return chosen | (codes < 0)
    if len(there) < 2:
        return np.ones(len(frame), dtype=bool)
    indicator = frame["indicator"].cat.codes.to_numpy().astype(np.int64)
    usual = _usual(indicator[kept], codes[kept], frame["indicator"].cat.categories, there)
    left = kept & (codes >= 0) & (codes != usual[indicator])
    words = ", ".join(sorted(map(str, there[np.unique(codes[left])]))[:8])
    note(part, told, frame.index[left], "other_strata",
         f"{{rows}} of another {name} are left out: {words}", column=TEXTS[name],
         hint=f"{name} = [...] names those to keep")  # fmt: skip
    return ~left


def _usual(indicator: Codes, codes: Codes, indicators: pd.Index, there: pd.Index) -> Codes:
    """The sex (or age) of each indicator that is kept: Persons, or the one of most rows, the first by name."""
    given = codes >= 0
    counts = np.bincount(indicator[given] * len(there) + codes[given], minlength=len(indicators) * len(there))
    table = counts.reshape(len(indicators), len(there)).astype(float)
    table[:, there == "Persons"] *= len(indicator) + 1.0
    order = np.argsort(there.to_numpy(dtype=object), kind="stable")
    return order[np.argmax(table[:, order], axis=1)]


def _readable_periods(frame: pd.DataFrame) -> pd.Series:
    """Put the sortable year before a period whose own words name none."""
    unread = [text for text in frame["period"].cat.categories if period_end(text) == UNREAD]
    if not unread:
        return frame["period"]
    wrong = frame["period"].isin(unread) & frame["sortable"].notna()
    year = frame.loc[wrong, "sortable"].astype("str").str.slice(0, 4)
    texts = frame["period"].astype("str")
    return as_text(texts.where(~wrong, year.reindex(texts.index) + " " + texts))


def _once(frame: pd.DataFrame, kept: Rows, part: Part, told: list[Finding]) -> Rows:
    """Leave out rows that stand twice, alike in every figure (England in API downloads, renamed codes)."""
    key = np.zeros(len(frame), dtype=np.int64)
    for name in ("indicator", "area", "period", "sex", "age"):
        key = key * (len(frame[name].cat.categories) + 1) + frame[name].cat.codes.to_numpy() + 1
    places = np.flatnonzero(kept)
    again = pd.Index(key[places]).duplicated(keep=False)
    figures = [name for name in NUMBERS if name in frame]
    alike = frame.iloc[places[again]][figures].assign(key=key[places[again]]).duplicated().to_numpy()
    left = places[again][alike]
    note(part, told, frame.index[left], "stands_twice", "{rows} stand twice and are read once",
         column="Area Code")  # fmt: skip
    once = np.ones(len(frame), dtype=bool)
    once[left] = False
    return once


def _note_values(frame: pd.DataFrame, kept: Rows, part: Part, findings: list[Finding]) -> None:
    """Hand on what the publisher says of single values, once for each remark."""
    codes = np.where(kept, frame["value_note"].cat.codes.to_numpy(), -1)
    for place, words in sorted(enumerate(frame["value_note"].cat.categories), key=lambda pair: str(pair[1])):
        note(part, findings, frame.index[codes == place], "value_note", f"{{rows}}: {words}",
             column="Value note")  # fmt: skip


def _latest(frame: pd.DataFrame) -> pd.DataFrame:
    """Latest value of each area, for a feature."""
    ends = {period: period_end(period) for period in frame["period"].cat.categories}
    order = frame["period"].astype("str").map(ends)
    latest = frame.assign(end=order).sort_values("end", kind="stable").drop_duplicates("area", keep="last")
    return latest.sort_index()[["area", "value"]]


def _kind(area_type: str) -> str:
    """Name a kind of area as we do.

    >>> _kind("GPs"), _kind("ICB sub-locations"), _kind("District")
    ('practice', 'sub_icb', 'District')
    """
    return next((kind for start, kind in KINDS.items() if area_type.startswith(start)), area_type)


def _areas(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each area as it is last named; a parent that has no row of its own is none."""
    last = frame.drop_duplicates("area", keep="last")
    area, parent = last["area"].astype("str"), recoded(last["parent"], _plain).astype("str")
    return pd.DataFrame(
        {
            "area": area,
            "name": last["area_name"],
            "kind": last["area_type"].astype("str").map(_kind),
            "parent": parent.where(parent.isin(area) & (parent != area)),
        }
    )


def _catalogue(frame: pd.DataFrame, part: Part, findings: list[Finding]) -> pd.DataFrame:
    """A row for each indicator; its kind and direction as its own figures show them."""
    last = frame.drop_duplicates("indicator", keep="last").sort_values(
        "indicator", key=lambda c: c.astype("str")
    )
    codes = last["indicator"].astype("str")
    kinds = guess_kind(frame)
    table = pd.DataFrame({"indicator": codes, "name": last["indicator_name"], "source": "Fingertips"})
    for name in ("kind", "multiplier", "unit"):
        table[name] = codes.map(kinds[name])
    table["polarity"] = codes.map(guess_polarity(frame)).fillna("local")
    known = table[table["kind"].notna()]
    shown = known["indicator"] + " " + known["kind"].astype("str") + " " + known["polarity"].astype("str")
    note(part, findings, known.index, "guessed",
         "{rows} of the catalogue: kind and polarity are those that the published values show",
         column="kind", value=", ".join(shown.head(8)),
         hint="values = { kind = ..., polarity = ... } sets them")  # fmt: skip
    return table


FINGERTIPS = Layout(asked=_asked, arrange=_arrange, names=frozenset({*TEXTS, *NUMBERS}))
