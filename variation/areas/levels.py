"""Areas from the columns of one file: practice, network, cluster, ICB, each below the next."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from variation.errors import Finding
from variation.reading.cells import FILE, LINE, at_first, note_rows
from variation.reading.tables import Reading, read_table
from variation.settings.table_source import TableSource
from variation.tables import AREAS, Table, text


def read_areas(sources: tuple[TableSource, ...], unallocated: tuple[str, ...], *, folder: Path) -> Reading:
    """Read the areas: rows with a parent each, or a file with a column for every level of the tree."""
    plain = tuple(source for source in sources if not source.levels)
    whole = read_table(plain, AREAS, folder=folder)
    parts = [whole.table] if len(whole.table) else []
    for source in sources:
        if source.levels:
            reading = read_table((_with_levels(source),), _spec(source), folder=folder)
            whole.sources += reading.sources
            whole.findings += reading.findings
            if len(reading.table):
                parts.append(areas_of_levels(reading.table, source, unallocated, whole.findings))
    if parts:
        whole.table = pd.concat(parts, ignore_index=True)
    return whole


def _with_levels(source: TableSource) -> TableSource:
    """Return the source as a mapping of columns: the finest level is the area, the others go by number."""
    kinds = list(source.levels)
    columns = {"area": source.levels[kinds[0]]}
    columns |= {_code(place): source.levels[kind] for place, kind in enumerate(kinds) if place}
    columns |= {
        _name(place): source.level_names[kind]
        for place, kind in enumerate(kinds)
        if kind in source.level_names
    }
    return source.model_copy(
        update={"columns": source.columns | columns, "values": {"kind": kinds[0], **source.values}}
    )


def _spec(source: TableSource) -> Table:
    upper = range(1, len(source.levels))
    columns = [text(_code(place), "code of the area above") for place in upper]
    columns += [text(_name(place), "name of the area above") for place in upper]
    return replace(AREAS, columns=(*AREAS.columns, *columns))


def _code(place: int) -> str:
    return f"level {place}"


def _name(place: int) -> str:
    return f"name of level {place}" if place else "name"


def areas_of_levels(
    table: pd.DataFrame, source: TableSource, unallocated: tuple[str, ...], findings: list[Finding]
) -> pd.DataFrame:
    """One row for each area of every level; an area's parent is the next level up that its row names.

    A group of what is not allocated is passed over: what is in it hangs below the level above.
    """
    kinds = list(source.levels)
    codes = [table["area"], *(table[_code(place)] for place in range(1, len(kinds)))]
    names = [table.get(_name(place), pd.Series(pd.NA, index=table.index)) for place in range(len(kinds))]
    _note_groups(table, codes, names, kinds, unallocated, findings)
    allocated = [
        code.mask(is_unallocated(code, name, unallocated))
        for code, name in zip(codes[1:], names[1:], strict=True)
    ]
    above = [pd.Series(pd.NA, index=table.index, dtype="str")]
    for code in reversed(allocated):
        above.insert(0, code.fillna(above[0]))
    own = [name for name in table.columns if name not in {_code(p) for p in range(1, len(kinds))}]
    own = [name for name in own if name not in {_name(p) for p in range(1, len(kinds))}]
    parts = [table[own].assign(parent=above[0])]
    for place, code in enumerate(allocated, start=1):
        level = pd.DataFrame(
            {"area": code, "name": names[place], "kind": kinds[place], "parent": above[place],
             FILE: table[FILE], LINE: table[LINE]}
        )  # fmt: skip
        parts.append(_one_parent(level[level["area"].notna()], kinds[place], findings))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _one_parent(level: pd.DataFrame, kind: str, findings: list[Finding]) -> pd.DataFrame:
    """One row an area: below the parent that most of its rows name; warn of those that name several."""
    rows = level.assign(_rows=level.groupby(["area", "parent"], dropna=False)["area"].transform("size"))
    rows["_parents"] = level.groupby("area")["parent"].transform("nunique")
    order = ["area", "_rows", "parent"]
    rows = rows.sort_values(order, ascending=[True, False, True], kind="stable").drop_duplicates("area")
    note_rows(findings, rows, rows["_parents"] > 1, "area", code="two_parents", severity="warning",
              message=f"this {kind} lies in more than one area above it; all of it counts in the one with most of it",
              hint="where the sums above must be exact, leave the level out or give each part its code")  # fmt: skip
    return rows.drop(columns=["_rows", "_parents"])


def is_unallocated(
    code: "pd.Series[str]", name: "pd.Series[str]", unallocated: tuple[str, ...]
) -> "pd.Series[bool]":
    """Tell which areas stand for what is not allocated, by code or name, whatever the capitals."""
    words = {word.strip().casefold() for word in unallocated}
    return code.astype("str").str.casefold().isin(words) | name.astype("str").str.casefold().isin(words)


def _note_groups(
    table: pd.DataFrame,
    codes: "list[pd.Series[str]]",
    names: "list[pd.Series[str]]",
    kinds: list[str],
    unallocated: tuple[str, ...],
    findings: list[Finding],
) -> None:
    for code, name, kind in zip(codes[1:], names[1:], kinds[1:], strict=True):
        inside = is_unallocated(code, name, unallocated)
        if inside.any():
            said = name[inside].fillna(code[inside]).iloc[0]
            findings.append(unallocated_group(table[inside], str(said), kind, int(inside.sum()), kinds[0]))


def unallocated_group(rows: pd.DataFrame, name: str, kind: str, number: int, inside: str) -> Finding:
    """Note a group of what is not allocated, with how much is in it."""
    people = ""
    if "population" in rows and rows["population"].notna().any():
        people = f", with {rows['population'].sum():,.0f} people,"
    return at_first(
        rows,
        kind,
        code="unallocated",
        severity="note",
        value=name,
        message=f"no {kind} to compare: the {number:,} {inside} areas in it{people} count in the area above",
        hint="areas.unallocated in analysis.toml says which groups these are",
    )


def without_unallocated(
    areas: pd.DataFrame, unallocated: tuple[str, ...], findings: list[Finding]
) -> pd.DataFrame:
    """Take groups of what is not allocated out of the areas; what is below them hangs below their parent."""
    if areas.empty or "kind" not in areas:
        return areas
    nothing = pd.Series(pd.NA, index=areas.index, dtype="str")
    group = is_unallocated(areas["area"], areas.get("name", nothing), unallocated)
    if not group.any():
        return areas
    parents = areas.get("parent", nothing)
    above = parents[group].groupby(areas.loc[group, "area"]).agg(["nunique", "first"])
    # A group that stands below several areas says of none of its parts where it belongs.
    known = above["first"].where(above["nunique"] == 1)
    inside = parents.isin(areas.loc[group, "area"]) & ~group
    for code, rows in areas[group].groupby("area"):
        part = areas[parents == code]
        kind = str(part["kind"].iloc[0]) if len(part) else "other"
        said = str(rows["name"].iloc[0]) if "name" in rows and rows["name"].notna().any() else str(code)
        finding = unallocated_group(
            part if len(part) else rows, said, str(rows["kind"].iloc[0]), len(part), kind
        )
        findings.append(finding)
    return areas.assign(parent=parents.mask(inside, parents.map(known)))[~group]
