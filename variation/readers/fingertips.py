"""Fingertips: the download of 26 or 27 columns and what its API gives, to indicators, catalogue, areas or features.

Of each indicator one sex and one age are kept, Persons and the age that most rows have, unless the settings name
others; England and every other area type, unless they name some. Rows of a category (deprivation deciles) stand
under the code of the area that they are a part of and are left out, or taken as areas of their own.
"""

import numpy as np
import pandas as pd

from variation.errors import Finding
from variation.formats.part import Asked, Part
from variation.periods import UNREAD, period_end
from variation.readers.layout import Layout, missing_headings, note, row_headings
from variation.readers.published import guess_kind, guess_polarity
from variation.table_source import TableSource
from variation.tables import Table

TEXTS = {
    "indicator": "Indicator ID",
    "indicator_name": "Indicator Name",
    "area": "Area Code",
    "area_name": "Area Name",
    "area_type": "Area Type",
    "parent": "Parent Code",
    "sex": "Sex",
    "age": "Age",
    "category_type": "Category Type",
    "category": "Category",
    "period": "Time period",
    "sortable": "Time period Sortable",
    "value_note": "Value note",
    "compared": "Compared to England value or percentiles",
}
NUMBERS = {
    "numerator": "Count",
    "denominator": "Denominator",
    "value": "Value",
    "lower_95": "Lower CI 95.0 limit",
    "upper_95": "Upper CI 95.0 limit",
}
NEEDED = ("Indicator Name", "Area Code", "Area Name", "Area Type", "Time period", "Value")

# What each of our tables is made from; the rest of a large file is not read.
USED = {
    "indicators": {*TEXTS, *NUMBERS} - {"area_name", "parent", "compared"},
    "features": {*TEXTS, "value"} - {"area_name", "parent", "compared"},
    "areas": {"area", "area_name", "area_type", "parent", "category_type", "category", "period", "sortable"},
    "catalogue": {*TEXTS, *NUMBERS} - {"area_name", "parent"},
}

# ICBs and their parts come with an n before the code that they have elsewhere.
NEW_CODE = r"^n(?=E\d{8}$)"


def _asked(source: TableSource, spec: Table) -> Asked:
    used = USED.get(spec.name, {*TEXTS, *NUMBERS})
    headings = {heading for name, heading in {**TEXTS, **NUMBERS}.items() if name in used}
    rows = row_headings(source)
    needed = {*headings, *NEEDED, *rows}
    return Asked(texts=frozenset({*TEXTS.values(), *rows}), wants=needed.__contains__)


def _arrange(part: Part, source: TableSource, spec: Table, findings: list[Finding]) -> pd.DataFrame | None:
    if absent := [heading for heading in NEEDED if heading not in part.headings]:
        missing_headings(
            part, absent, findings, 'is it a download from Fingertips? reader = "tidy" reads others'
        )
        return None
    theirs = {heading: name for name, heading in {**TEXTS, **NUMBERS}.items()}
    frame = part.frame[[heading for heading in part.frame.columns if heading in theirs]].rename(
        columns=theirs
    )
    for name in USED.get(spec.name, {*TEXTS, *NUMBERS}):
        if name not in frame:
            frame[name] = pd.Series(np.nan, index=frame.index, dtype="float" if name in NUMBERS else "str")
    frame = _of_categories(frame, part, source, findings)
    frame = _of_area_types(frame, part, source, findings)
    if spec.name == "areas":
        return _areas(frame)
    frame = _with_codes(frame, part, findings)
    frame = _of_strata(frame, "sex", source.sex, part, findings)
    frame = _of_strata(frame, "age", source.age, part, findings)
    if spec.name == "catalogue":
        return _catalogue(frame, part, findings)
    frame = _once(_readable_periods(frame), part, findings)
    _note_values(frame, part, findings)
    if spec.name == "features":
        return _latest(frame)
    strata = {ours: frame[name] for ours, name, asked in (("sex", "sex", source.sex), ("age_band", "age", source.age))
              if len(asked) > 1}  # fmt: skip
    return frame[["indicator", "area", "period", *NUMBERS]].assign(**strata)


def _of_categories(
    frame: pd.DataFrame, part: Part, source: TableSource, findings: list[Finding]
) -> pd.DataFrame:
    """Leave rows of categories out, or keep those of one type as areas of their own."""
    of_category = frame["category_type"].notna()
    if not source.category:
        note(part, findings, frame.index[of_category], "categories",
             "{rows} of categories (such as deprivation deciles) are left out", column="Category Type",
             hint="category = \"...\" takes those of one type as areas")  # fmt: skip
        return frame[~of_category]
    kept = frame[frame["category_type"].isin([source.category])]
    if kept.empty:
        there = ", ".join(frame["category_type"].dropna().astype("str").unique()[:8])
        note(part, findings, frame.index[:1], "filter", f"no row has the category type {source.category}",
             severity="error", column="Category Type", value=there)  # fmt: skip
    return kept.assign(area=kept["category"], area_name=kept["category"], area_type=kept["category_type"])


def _of_area_types(
    frame: pd.DataFrame, part: Part, source: TableSource, findings: list[Finding]
) -> pd.DataFrame:
    """Keep the area types that are asked for."""
    if not source.area_types or source.category:
        return frame
    kept = frame[frame["area_type"].isin(source.area_types)]
    if absent := [name for name in source.area_types if not frame["area_type"].isin([name]).any()]:
        there = ", ".join(frame["area_type"].dropna().astype("str").unique())
        note(part, findings, frame.index[:1], "filter", f"no row is of area type {', '.join(absent)}",
             severity="error" if kept.empty else "warning", column="Area Type", value=there)  # fmt: skip
    return kept


def _plain_codes(codes: pd.Series) -> pd.Series:
    """Codes without the n that Fingertips puts before those of ICBs."""
    texts = codes.astype("category")
    there = texts.cat.categories.astype("str")
    return texts.map(dict(zip(there, there.str.replace(NEW_CODE, "", regex=True), strict=True)))


def _with_codes(frame: pd.DataFrame, part: Part, findings: list[Finding]) -> pd.DataFrame:
    """Fill in the code of an indicator where only its name is given: that of the other rows, or the name."""
    blank = frame["indicator"].isna()
    frame = frame.assign(area=_plain_codes(frame["area"]))
    if not blank.any():
        return frame
    named = frame.loc[~blank, ["indicator_name", "indicator"]].drop_duplicates().astype("str")
    codes = named.drop_duplicates("indicator_name", keep=False).set_index("indicator_name")["indicator"]
    names = frame["indicator_name"].astype("str")
    note(part, findings, frame.index[blank], "filled_in",
         "{rows} without Indicator ID take the one that their Indicator Name has elsewhere in the file",
         column="Indicator ID")  # fmt: skip
    filled = frame["indicator"].astype("str").where(~blank, names.map(codes).fillna(names))
    return frame.assign(indicator=filled.astype("category"))


def _of_strata(
    frame: pd.DataFrame, name: str, asked: tuple[str, ...], part: Part, findings: list[Finding]
) -> pd.DataFrame:
    """Keep the sexes (or ages) that are asked for; of each indicator one where none is. Blank ones are kept."""
    heading = TEXTS[name]
    given = frame[name].notna()
    if asked:
        kept = ~given | frame[name].isin(asked)
        if not frame[name].isin(asked).any():
            there = ", ".join(frame[name].dropna().astype("str").unique()[:12])
            note(part, findings, frame.index[:1], "filter", f"no row is of {name} {', '.join(asked)}",
                 severity="error", column=heading, value=there)  # fmt: skip
        return frame[kept]
    usual = _usual(frame[given], name)
    chosen = frame["indicator"].astype("str").map(usual)
    kept = ~given | (frame[name].astype("str") == chosen)
    left = frame.loc[~kept, name].astype("str").unique()
    note(part, findings, frame.index[~kept], "other_strata",
         f"{{rows}} of another {name} are left out: {', '.join(left[:8])}", column=heading,
         hint=f"{name} = [...] names those to keep")  # fmt: skip
    return frame[kept]


def _usual(frame: pd.DataFrame, name: str) -> pd.Series:
    """The sex (or age) of each indicator that is kept: Persons, or the one of most rows, first by name."""
    counts = frame.groupby(["indicator", name], observed=True).size().reset_index(name="rows")
    counts[["indicator", name]] = counts[["indicator", name]].astype("str")
    counts["persons"] = counts[name] == "Persons"
    counts = counts.sort_values(["persons", "rows", name], ascending=[False, False, True], kind="stable")
    return counts.drop_duplicates("indicator").set_index("indicator")[name]


def _readable_periods(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the sortable year before a period whose own words name none."""
    texts = frame["period"].astype("str")
    unread = [period for period in texts.dropna().unique() if period_end(period) == UNREAD]
    if not unread:
        return frame
    year = frame["sortable"].astype("str").str.slice(0, 4)
    wrong = texts.isin(unread) & year.notna()
    return frame.assign(period=texts.where(~wrong, year + " " + texts))


def _once(frame: pd.DataFrame, part: Part, findings: list[Finding]) -> pd.DataFrame:
    """Leave out rows that stand twice, alike in every figure (England in API downloads, renamed codes)."""
    key = ["indicator", "area", "period", "sex", "age"]
    figures = [name for name in NUMBERS if name in frame]
    again = frame.duplicated([*key, *figures])
    note(part, findings, frame.index[again], "stands_twice", "{rows} stand twice and are read once",
         column="Area Code")  # fmt: skip
    return frame[~again]


def _note_values(frame: pd.DataFrame, part: Part, findings: list[Finding]) -> None:
    """Hand on what the publisher says of single values, once for each remark."""
    for words, rows in frame.groupby("value_note", observed=True).groups.items():
        note(part, findings, pd.Index(rows), "value_note", f"{{rows}}: {words}", column="Value note")


def _latest(frame: pd.DataFrame) -> pd.DataFrame:
    """Latest value of each area, for a feature."""
    ends = {period: period_end(period) for period in frame["period"].astype("str").unique()}
    order = frame["period"].astype("str").map(ends)
    latest = frame.assign(end=order).sort_values("end", kind="stable").drop_duplicates("area", keep="last")
    return latest.sort_index()[["area", "value"]]


def _areas(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each area as it is last named; a parent that has no row of its own is none."""
    frame = frame.assign(area=_plain_codes(frame["area"]), parent=_plain_codes(frame["parent"]))
    last = frame.drop_duplicates("area", keep="last")
    known = last["parent"].isin(last["area"]) & (last["parent"].astype("str") != last["area"].astype("str"))
    parent = last["parent"].astype("str").where(known)
    return last.assign(name=last["area_name"], kind=last["area_type"], parent=parent)[
        ["area", "name", "kind", "parent"]
    ]


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
    note(part, findings, last.index[table["kind"].notna()], "guessed",
         "{rows} of the catalogue: kind and polarity are those that the published values show",
         column="kind", hint="values = { kind = ..., polarity = ... } sets them")  # fmt: skip
    return table


FINGERTIPS = Layout(asked=_asked, arrange=_arrange)
