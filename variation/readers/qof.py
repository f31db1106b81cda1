"""The Quality and Outcomes Framework (QOF): registers and list sizes by practice, groups, organisations."""

import re

import pandas as pd

from variation.errors import Finding
from variation.formats.part import Asked, Part
from variation.readers.layout import Layout, missing_headings, row_headings
from variation.table_source import TableSource
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
        missing_headings(part, absent, findings, _which(spec))
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
        missing_headings(part, wanted, findings, f"kinds that can be read: {', '.join(there) or 'none'}")
        return None
    levels = [
        _level(part.frame, kind, kinds[place + 1] if place + 1 < len(kinds) else None)
        for place, kind in enumerate(kinds)
    ]
    return pd.concat(levels)


def _level(frame: pd.DataFrame, kind: str, above: str | None) -> pd.DataFrame:
    """Areas of one kind, each once."""
    code, name = LEVELS[kind]
    known = frame[frame[code].notna()]
    level = pd.DataFrame(
        {
            "area": known[code].astype("str"),
            "name": known[name].astype("str") if name in known else known[code].astype("str"),
            "kind": kind,
        }
    )
    if above:
        level["parent"] = known[LEVELS[above][0]].astype("str")
    return level.drop_duplicates("area")


QOF = Layout(asked=_asked, arrange=_arrange, names=frozenset({*REGISTERS, *GROUPS}))
