"""A draft of an analysis from given files: which is which table, what is lacking, and what is not sure."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.peers import NHSE_2021
from variation.areas.levels import read_areas
from variation.errors import VariationError
from variation.folders import is_litter
from variation.guess.headings import FEATURES
from variation.guess.look import Look, look_at
from variation.guess.role import Role
from variation.guess.roles import also_possible, roles
from variation.guess.skeleton import areas_skeleton, catalogue_skeleton
from variation.reading.files import tables_in
from variation.reading.formats.part import UnreadableError
from variation.reading.tables import read_table
from variation.settings import AreaSettings
from variation.settings.table_source import TableSource
from variation.tables import CATALOGUE, INDICATORS

NEEDED = ("indicators", "catalogue", "areas")

# Share of the areas with figures that the areas table must have, not to be taken for one of other areas.
ENOUGH = 0.5

NOTHING = (
    "  hint: nothing was written; a table of figures has a column of areas and one of counts or values below a line"
    " of headings. `variation template DIR` writes empty ones to copy figures into"
)

Sources = dict[str, list[dict[str, Any]]]


@dataclass
class Draft:
    """What was understood of the given files, and what is written for what they lack."""

    folder: Path
    given: frozenset[Path] = frozenset()  # files looked at: whatever is written, it is never one of them
    sources: Sources = field(default_factory=dict)
    peers: dict[str, dict[str, Any]] = field(default_factory=dict)
    skeletons: dict[str, pd.DataFrame] = field(default_factory=dict)  # file name = its rows
    used: list[Role] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def draft(paths: Sequence[Path], folder: Path) -> Draft:
    """Look at files and draft the settings that read them, as seen from ``folder``.

    Raises
    ------
    VariationError
        Naming each file and why it cannot be read, or that it is no table, where that is so of all.
    """
    there = expanded(paths)
    made = Draft(folder, frozenset(path.resolve() for path in there))
    looks: list[Look] = []
    for path in there:
        try:
            looks += look_at(path)
        except UnreadableError as error:
            made.unused.append(f"{path}: {error.message}" + (f"; {error.hint}" if error.hint else ""))
    _choose([(look, roles(look)) for look in looks], made)
    if not made.used:
        raise VariationError("\n".join([*made.unused, NOTHING]))
    _fill(made)
    return made


def expanded(paths: Iterable[Path]) -> list[Path]:
    """Files that are named, those of folders and patterns in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += tables_in(path)
        elif set("*?[") & set(path.name) and not path.exists():
            found += sorted(file for file in path.parent.glob(path.name) if not is_litter(file))
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _choose(seen: list[tuple[Look, list[Role]]], made: Draft) -> None:
    """Choose what each file is read as."""
    every = [role for _, found in seen for role in found]
    best = max((role.rank for role in every if role.table == "indicators"), default=0)
    figures = [r for r in every if r.table == "indicators" and (r.rank >= 1 or best == 0)]
    chosen = [*figures, *_areas(every, figures)]
    chosen += [r for r in every if r.table == "catalogue" and (r.rank >= 2 or _beside(r, figures))]
    chosen += [r for r in every if r.table not in NEEDED and r.table != "features" and r.rank >= 0]
    taken = {id(role.look) for role in chosen}
    kinds = {role.kind for role in chosen if role.table in ("areas", "indicators")}
    chosen += [r for r in every if r.table == "features" and id(r.look) not in taken and r.kind in kinds]
    for role in chosen:
        made.sources.setdefault(role.table, []).append(_at(role, made.folder))
        made.unsure += [f"{role.look.name}: {words}" for words in role.unsure]
    made.sources = {table: _together(sources) for table, sources in made.sources.items()}
    made.used = [replace(role, also=also_possible(role, chosen)) for role in chosen]
    used = {id(role.look) for role in chosen}
    made.unused += [
        f"{look.name}: {'no table that fits the others' if found else 'no table of an analysis was found in it'}"
        for look, found in seen
        if id(look) not in used
    ]


def _beside(role: Role, figures: list[Role]) -> bool:
    return any(role.look is other.look for other in figures)


def _areas(every: list[Role], figures: list[Role]) -> list[Role]:
    """Choose the sources of areas: for each kind the one that says most, maps before names before the figures."""
    kinds = {role.kind for role in figures} - {""}
    found = [_of_kind(role, kinds) for role in every if role.table == "areas"]
    found = sorted(found, key=lambda role: (-role.rank, -len(role.look.cells)))
    fitting = [role for role in found if not kinds or role.kind in kinds or not role.kind or role.rank >= 3]
    chosen: dict[str, Role] = {}
    for role in fitting or found:
        key = role.kind or str(id(role.look))
        if role.rank >= 3:
            key = str(id(role.look))
        chosen.setdefault(key, role)
    return list(chosen.values())


def _of_kind(role: Role, kinds: set[str]) -> Role:
    """Take names of areas of no known kind for those of the figures, where these are of one."""
    if role.kind != "area" or len(kinds) != 1:
        return role
    (kind,) = kinds
    unsure = (f"its areas were taken for those of the figures: {kind}",)
    return replace(role, kind=kind, unsure=unsure, source=role.source | {"values": {"kind": kind}})


def _at(role: Role, folder: Path) -> dict[str, Any]:
    """Put where the file is before how it is read, as seen from the folder of the settings."""
    path = role.look.path.resolve()
    try:
        file = Path(os.path.relpath(path, folder.resolve())).as_posix()
    except ValueError:  # on another drive
        file = path.as_posix()
    return {"file": file} | {name: value for name, value in role.source.items() if value not in ({}, [])}


def _together(sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join sources that are read alike, as one of several files."""
    joined: list[dict[str, Any]] = []
    for source in sources:
        how = {name: value for name, value in source.items() if name != "file"}
        same = next(
            (other for other in joined if {k: v for k, v in other.items() if k != "file"} == how), None
        )
        if same is None:
            joined.append(dict(source))
        elif source["file"] not in (same["file"] if isinstance(same["file"], list) else [same["file"]]):
            before = same["file"] if isinstance(same["file"], list) else [same["file"]]
            same["file"] = [*before, source["file"]]
    return [_with_folder(source) for source in joined]


def _with_folder(source: dict[str, Any]) -> dict[str, Any]:
    """Name the folder of several files once."""
    files = source["file"]
    if not isinstance(files, list):
        return source
    folders = {file.rpartition("/")[0] for file in files}
    if len(folders) > 1 or folders == {""}:
        return source
    rest = {name: value for name, value in source.items() if name != "file"}
    return {"file": [file.rpartition("/")[2] for file in files], "folder": folders.pop()} | rest


def _fill(made: Draft) -> None:
    """Write what the files lack: a catalogue and areas from the figures, an empty table of figures."""
    figures = read_table(_sources(made, "indicators"), INDICATORS, folder=made.folder).table
    catalogue = read_table(_sources(made, "catalogue"), CATALOGUE, folder=made.folder).table
    areas = read_areas(_sources(made, "areas"), AreaSettings().unallocated, folder=made.folder).table
    if figures.empty and "indicators" not in made.sources:
        _add(made, "indicators", pd.DataFrame(columns=INDICATORS.names))
        made.unsure.append("no file with figures was found: indicators.csv is empty, to be filled in")
    missing = figures[~figures["indicator"].isin(catalogue["indicator"])]
    if len(missing) or "catalogue" not in made.sources:
        rows = catalogue_skeleton(missing)
        _add(made, "catalogue", rows)
        if len(rows):
            made.unsure.append(
                f"catalogue.csv: name, kind and unit are guesses ({len(rows)}), and the polarity is to be chosen"
            )
    there = figures["area"].drop_duplicates()
    lacking = there[~there.isin(areas["area"])]
    if "areas" not in made.sources or len(lacking) > (1 - ENOUGH) * len(there):
        rows = areas_skeleton(lacking)
        _add(made, "areas", rows)
        areas = pd.concat([areas, rows], ignore_index=True) if len(areas) else rows
        if len(rows):
            made.unsure.append(
                f"areas.csv: the kinds of {len(rows)} areas are guessed from their codes; parents are to be filled in"
            )
    made.peers = _peers(made, areas)


def _sources(made: Draft, table: str) -> tuple[TableSource, ...]:
    """Sources with the whole path of each file: the folder of the settings need not be there yet."""
    found = []
    for source in made.sources.get(table, []):
        names = source["file"] if isinstance(source["file"], list) else [source["file"]]
        base = made.folder.resolve() / source.get("folder", "")
        files = [os.path.normpath(base / name) for name in names]
        found.append(TableSource.model_validate(source | {"file": files, "folder": ""}))
    return tuple(found)


def _add(made: Draft, table: str, rows: pd.DataFrame) -> None:
    file = f"{table}.csv"
    if (made.folder / file).resolve() in made.given:
        file = f"{table}-drafted.csv"
    made.skeletons[file] = rows
    made.sources.setdefault(table, []).append({"file": file})


def _peers(made: Draft, areas: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Choose peers: the most similar by what is known of a kind of area, else all others of the kind."""
    known = {name for source in made.sources.get("features", []) for name in source["columns"]} & set(
        FEATURES
    )
    numeric = {str(n) for n in areas.columns if n in FEATURES and pd.api.types.is_numeric_dtype(areas[n])}
    of_features = {role.kind for role in made.used if role.table == "features"}
    peers: dict[str, dict[str, Any]] = {}
    for kind in areas["kind"].dropna().unique():
        rows = areas[areas["kind"] == kind]
        filled = {name for name in numeric if rows[name].notna().mean() > ENOUGH}
        there = sorted(filled | (known if kind in of_features else set()))
        if len(set(there) & set(NHSE_2021)) > len(NHSE_2021) / 2:
            peers[str(kind)] = {"method": "similar", "weights": "nhse_2021"}
        elif there and len(rows) > 10:
            peers[str(kind)] = {"method": "similar", "features": there, "weights": "equal"}
        else:
            peers[str(kind)] = {"method": "everyone"}
    return peers
