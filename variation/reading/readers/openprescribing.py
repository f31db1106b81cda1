"""OpenPrescribing: its measures by month and organisation, its searches, and its list of measures.

In measures per 1,000 patients the denominator is in thousands of patients, as published: a multiplier of 1 in the
catalogue, which this reader gives them, makes the value one per 1,000.
"""

import numpy as np
import pandas as pd

from variation.errors import Finding
from variation.reading.formats.part import Asked, Part
from variation.reading.readers.layout import Layout, missing_headings, note, row_headings
from variation.settings.table_source import TableSource
from variation.tables import Table

# Our column: what its downloads have called it.
HEADINGS = {
    "indicator": ("measure", "measure_id", "measure_name"),
    "area": ("code", "org_id", "pct_id", "practice_id", "practice", "row_id", "id"),
    "name": ("org_name", "practice_name", "row_name", "name"),
    "period": ("month", "date"),
    "numerator": ("numerator", "y_items", "numerator_items", "items"),
    "denominator": ("denominator", "total_list_size", "denominator_items"),
}
NEEDED = {
    "indicators": ("area", "numerator", "denominator"),
    "areas": ("area",),
    "catalogue": ("measure_name", "name", "is_percentage", "y_label"),
}
LIST_OF_MEASURES = ("measure_name", "name", "is_percentage", "y_label", "tags")
NUMBERS = {"numerator", "denominator"}

PROGRAMME = "Prescribing"


def _asked(source: TableSource, spec: Table) -> Asked:
    known = {heading for names in HEADINGS.values() for heading in names} | set(LIST_OF_MEASURES)
    kept = {*known, *row_headings(source), *source.columns.values()}
    figures = {heading for name in NUMBERS for heading in HEADINGS[name]}
    texts = {*(known - figures), *row_headings(source)} - {source.columns.get(name) for name in NUMBERS}
    return Asked(texts=frozenset(text for text in texts if text), wants=kept.__contains__)


def _arrange(part: Part, source: TableSource, spec: Table, findings: list[Finding]) -> pd.DataFrame | None:
    if spec.name == "catalogue":
        return _catalogue(part, findings)
    given = {name: heading for name, heading in source.columns.items() if name in HEADINGS}
    if absent := sorted(set(given.values()) - set(part.headings)):
        findings.append(missing_headings(part, absent, "columns names headings that the file has"))
        return None
    found = given | {
        ours: next((heading for heading in theirs if heading in part.frame.columns), None)
        for ours, theirs in HEADINGS.items()
        if ours not in given
    }
    if absent := [name for name in NEEDED.get(spec.name, ("area",)) if found[name] is None]:
        findings.append(
            missing_headings(part, absent, 'columns = { ours = "theirs" } names them in this download')
        )
        return None
    if (
        spec.name == "indicators"
        and found["period"] is None
        and not ({"period"} & ({*source.values} | {*source.columns}))
    ):
        findings.append(
            missing_headings(
                part,
                ["month"],
                'values = { period = "2016/17" } names the period of a file without months',
            )
        )
        return None
    frame = pd.DataFrame({ours: part.frame[heading] for ours, heading in found.items() if heading})
    if spec.name == "areas":
        return frame[[name for name in ("area", "name") if name in frame]].drop_duplicates("area")
    if "indicator" not in frame:
        frame["indicator"] = pd.Series(part.stem, index=frame.index, dtype="str")
    if "period" in frame:
        frame["period"] = _months(frame["period"])
    return _with_patients(frame.drop(columns="name", errors="ignore"), part, findings)


def _months(dates: pd.Series) -> pd.Series:
    """Months of the first days that stand for them; anything else stays."""
    texts = dates.astype("str")
    return texts.where(
        ~texts.str.fullmatch(r"\d{4}-\d\d-01").fillna(False).astype(bool), texts.str.slice(0, 7)
    )


def _with_patients(frame: pd.DataFrame, part: Part, findings: list[Finding]) -> pd.DataFrame:
    """Leave out months in which an organisation has neither patients nor prescriptions: it is not open."""
    figures = frame[["numerator", "denominator"]].apply(pd.to_numeric, errors="coerce").astype(float)
    nothing = figures.eq(0).all(axis=1)
    number = frame.loc[nothing, "area"].nunique()
    note(part, findings, frame.index[nothing], "closed",
         f"{{rows}} of {number:,} organisations with neither patients nor prescriptions are left out",
         column="denominator")  # fmt: skip
    return frame[~nothing]


def _catalogue(part: Part, findings: list[Finding]) -> pd.DataFrame | None:
    """A row for each measure: a percentage, £ or something else per 1,000 patients, or a ratio."""
    if absent := [heading for heading in NEEDED["catalogue"] if heading not in part.headings]:
        findings.append(
            missing_headings(part, absent, "the catalogue is read from OpenPrescribing's list of measures")
        )
        return None
    frame = part.frame
    label = frame["y_label"].astype("str").fillna("")
    percentage = frame["is_percentage"].astype("str").str.lower().isin(["true", "1", "t", "yes"])
    pounds = label.str.contains(r"£|\bcost\b|\bspend\b", case=False, regex=True)
    per_1000 = label.str.contains(r"per 1,?000", case=False, regex=True)
    kind = np.select([percentage, pounds, per_1000], ["proportion", "spend", "rate"], "ratio")
    return pd.DataFrame(
        {
            "indicator": frame["measure_name"],
            "name": frame["name"],
            "programme": PROGRAMME,
            "pathway_stage": np.where(kind == "spend", "spend", "prescribing"),
            "kind": kind,
            "unit": label.mask(percentage, "%"),
            "multiplier": np.where(percentage, 100.0, 1.0),
            "source": "OpenPrescribing",
        },
        index=frame.index,
    )


OPENPRESCRIBING = Layout(asked=_asked, arrange=_arrange, names=frozenset(HEADINGS))
