"""The Quality and Outcomes Framework (QOF): registers and list sizes by practice, groups, organisations."""

import re

import pandas as pd

from variation.errors import Finding
from variation.reading.formats.part import Asked, Part
from variation.reading.readers.layout import Layout, missing_headings, note, row_headings
from variation.settings.table_source import TableSource
from variation.tables import Table

REGISTERS = {
    "indicator": "GROUP_CODE",
    "area": "PRACTICE_CODE",
    "numerator": "REGISTER",
    "denominator": "PRACTICE_LIST_SIZE",
}
GROUPS = {"indicator": "GROUP_CODE", "name": "GROUP_DESCRIPTION", "programme": "DOMAIN_DESCRIPTION"}

# Kind of area: headings of its code and name, from practices up.
LEVELS = {
    "practice": ("PRACTICE_CODE", "PRACTICE_NAME"),
    "pcn": ("PCN_ODS_CODE", "PCN_NAME"),
    "sub_icb": ("SUB_ICB_LOC_ODS_CODE", "SUB_ICB_LOC_NAME"),
    "ccg": ("CCG_ODS_CODE", "CCG_NAME"),
    "icb": ("ICB_ODS_CODE", "ICB_NAME"),
    "stp": ("STP_ODS_CODE", "STP_NAME"),
    "region": ("REGION_ODS_CODE", "REGION_NAME"),
}
# Code and name of the group of practices that are in no network.
UNALLOCATED = ("U", "Unallocated")

USUAL = ("practice", "pcn", "sub_icb", "ccg")

# The year in the name of a file: PREVALENCE_2021_v2 is of 2020/21.
YEAR = re.compile(r"(?<!\d)(?:20)?(\d\d)[-_]?(?:20)?(\d\d)(?!\d)")


def _asked(source: TableSource, spec: Table) -> Asked:
    known = {
        *REGISTERS.values(),
        *GROUPS.values(),
        *(heading for level in LEVELS.values() for heading in level),
    }
    kept = {
        *known,
        *(source.columns[name] for name in REGISTERS if name in source.columns),
        *row_headings(source),
    }
    figures = {source.columns.get(name, REGISTERS[name]) for name in ("numerator", "denominator")}
    return Asked(texts=frozenset(kept - figures | row_headings(source)), wants=kept.__contains__)


def _arrange(part: Part, source: TableSource, spec: Table, findings: list[Finding]) -> pd.DataFrame | None:
    if spec.name == "areas":
        return _areas(part, source, findings)
    usual = GROUPS if spec.name == "catalogue" else REGISTERS
    wanted = {name: source.columns.get(name, heading) for name, heading in usual.items()}
    if absent := [heading for heading in wanted.values() if heading not in part.headings]:
        findings.append(missing_headings(part, absent, _which(spec)))
        return None
    frame = pd.DataFrame({ours: part.frame[theirs] for ours, theirs in wanted.items()})
    if spec.name == "catalogue":
        return _catalogue(frame, part)
    if "period" not in source.values:
        frame["period"] = pd.Series(_period(part.stem), index=frame.index, dtype="str")
    return frame


def _which(spec: Table) -> str:
    file = {"areas": "MAPPING_NHS_GEOGRAPHIES", "catalogue": "MAPPING_INDICATORS"}.get(
        spec.name, "PREVALENCE"
    )
    return f"the {spec.name} table is read from the publication's {file} file"


def _period(stem: str) -> str | None:
    """Financial year in the name of a file; None where there is none.

    >>> _period("PREVALENCE_2021_v2"), _period("prevalence_2324"), _period("registers")
    ('2020/21', '2023/24', None)
    """
    years = (found for found in YEAR.finditer(stem) if (int(found[1]) + 1) % 100 == int(found[2]))
    return next((f"20{found[1]}/{found[2]}" for found in years), None)


def _catalogue(frame: pd.DataFrame, part: Part) -> pd.DataFrame:
    """A row for each group: the share of the list that is on its register."""
    year = _period(part.stem)
    return frame.drop_duplicates("indicator").assign(
        kind="proportion",
        unit="%",
        multiplier=100.0,
        polarity="local",
        pathway_stage="detection",
        source=f"QOF {year}" if year else "QOF",
    )


def _areas(part: Part, source: TableSource, findings: list[Finding]) -> pd.DataFrame | None:
    """A row for each area of every kind that is read, below the next kind up."""
    there = [kind for kind, (code, _) in LEVELS.items() if code in part.headings]
    kinds = [kind for kind in there if kind in (source.area_types or USUAL)]
    absent = sorted(set(source.area_types) - set(there))
    if not kinds or absent or part.frame.columns.isin([LEVELS["practice"][0]]).sum() == 0:
        wanted = [LEVELS[kind][0] if kind in LEVELS else kind for kind in absent] or ["PRACTICE_CODE"]
        findings.append(
            missing_headings(part, wanted, f"kinds that can be read: {', '.join(there) or 'none'}")
        )
        return None
    codes = {kind: _codes(part.frame, kind) for kind in kinds}
    return pd.concat([_level(part, kinds[place:], codes, findings) for place in range(len(kinds))])


def _codes(frame: pd.DataFrame, kind: str) -> pd.Series:
    """Codes of one kind of area; missing for the group of what is not allocated."""
    code, name = LEVELS[kind]
    codes = frame[code].astype("str").str.strip()
    unallocated = codes == UNALLOCATED[0]
    if name in frame:
        unallocated |= frame[name].astype("str").str.strip() == UNALLOCATED[1]
    return codes.mask(unallocated)


def _level(
    part: Part, kinds: list[str], codes: dict[str, pd.Series], findings: list[Finding]
) -> pd.DataFrame:
    """Areas of the first of the kinds, each once, below the next kind that its rows name."""
    kind, *upper = kinds
    name = LEVELS[kind][1]
    level = pd.DataFrame({"area": codes[kind], "name": codes[kind], "kind": kind, "parent": pd.NA})
    if name in part.frame:
        level["name"] = part.frame[name].astype("str")
    for above in reversed(upper):
        level["parent"] = codes[above].fillna(level["parent"])
    return _below_one(level[level["area"].notna()], part, findings)


def _below_one(level: pd.DataFrame, part: Part, findings: list[Finding]) -> pd.DataFrame:
    """One row an area, below the parent that most of its rows name; warn of those that name several."""
    rows = level.assign(number=level.groupby(["area", "parent"], dropna=False)["area"].transform("size"))
    several = rows.groupby("area")["parent"].transform("nunique") > 1
    if several.any():
        split = rows.loc[several, "area"].unique()
        note(part, findings, rows.index[several], "two_parents",
             f"{len(split)} areas lie in two above them (in {{rows}}): all of each counts where most of it lies",
             severity="warning", column=LEVELS[rows["kind"].iloc[0]][0], value=", ".join(split[:8]),
             hint="area_types without this kind puts practices straight below the next")  # fmt: skip
    order = rows.sort_values(["area", "number", "parent"], ascending=[True, False, True], kind="stable")
    return order.drop_duplicates("area").drop(columns="number").sort_index()


QOF = Layout(asked=_asked, arrange=_arrange, names=frozenset({*REGISTERS, *GROUPS}))
