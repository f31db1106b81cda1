"""A pack for each of many areas: which ones, what becomes of them, and the index of all that are there."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from reports import words
from reports.area_pack.index import Entry, write_index
from reports.contents import Contents
from reports.file_names import folder_names
from variation.errors import VariationError
from variation.folders import file_hash
from variation.packs.area_packs import FOLDER, area_manifests, half_written
from variation.packs.area_tables import write_area_tables
from variation.packs.manifest import MANIFEST, AreaManifest, IndexManifest, save_manifest
from variation.packs.many import made
from variation.packs.one_area import PAGE, Plan
from variation.settings import Output

INDEX = ("index.html", "index.csv")
# Parts that a pack of one area has. Its figures are in its workbook, and in the tables of the whole.
PARTS = ("excel", "charts", "page", "booklet")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Each:
    """What became of the packs: areas written, those up to date already, and those that failed and why."""

    folder: Path
    written: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """The same in a line."""
        said = [f"Wrote {words.count_of(len(self.written), 'pack')} of single areas to {self.folder}"]
        if self.kept:
            said.append(f"{words.number(len(self.kept))} up to date")
        if self.failed:
            said.append(f"{words.number(len(self.failed))} failed")
        return ", ".join(said)

    @property
    def summary(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "index": str(self.folder / PAGE),
            "written": len(self.written),
            "kept": len(self.kept),
            "failed": self.failed,
        }


def areas_of(table: pd.DataFrame, *, kind: str = "", areas: Sequence[str] = ()) -> list[str]:
    """Return the codes of every area of a kind and of those named, in the order of the areas table.

    Raises
    ------
    VariationError
        If there is no area of the kind, or none of a code; with what there is.
    """
    kinds = list(dict.fromkeys(table["kind"].astype(str)))
    if kind and kind not in kinds:
        raise VariationError(
            f"--each {kind}: no area of that kind\n  hint: there are {', '.join(sorted(kinds))}"
        )
    known = table["area"].astype(str).tolist()
    if unknown := [code for code in areas if code not in set(known)]:
        raise VariationError(
            f"--area {', '.join(unknown)}: no such area\n  hint: codes are those of the areas table:"
            f" {', '.join(known[:3])} ..."
        )
    chosen = table["area"].isin(list(areas))
    if kind:
        chosen |= table["kind"] == kind
    return [str(code) for code in table.loc[chosen, "area"]]


def parts_of(outputs: Sequence[Output]) -> tuple[Output, ...]:
    """Return those outputs that a pack of one area has.

    Raises
    ------
    VariationError
        If it has none of them.
    """
    parts = tuple(output for output in outputs if output in PARTS)
    if not parts:
        raise VariationError(
            f"{', '.join(outputs)}: a pack of one area has none of it\n"
            f"  hint: add one of {', '.join(PARTS)} to --only"
        )
    return parts


def write_each(
    contents: Contents,
    areas: Sequence[str],
    out: Path,
    *,
    outputs: Sequence[Output],
    workers: int = 1,
    progress: Progress = lambda done, of: None,
) -> Each:
    """Write a pack for each of ``areas`` under ``out``/areas, and an index of all that are there.

    A pack that is whole and made from the same figures, settings and version stays; one of others goes. A pack that
    fails leaves the rest as they are. With several ``workers`` each is a process of its own: a script that asks for
    them needs ``if __name__ == "__main__"``.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    names = folder_names(contents.areas["area"].astype(str), taken=(*INDEX, MANIFEST))
    with TemporaryDirectory(prefix="variation-", ignore_cleanup_errors=True) as tables:
        digest = write_area_tables(contents, Path(tables))
        plan = Plan(
            outputs=parts_of(outputs),
            digest=digest,
            names={code: names[code] for code in areas},
            main=f"../../{PAGE}" if (out / PAGE).is_file() else "",
        )
        _clear(folder, digest)
        kept: list[str] = []
        written: list[str] = []
        failed: dict[str, str] = {}
        for area, said in made(Path(tables), folder, plan, workers):
            if said is None:
                kept.append(area)
            elif said:
                failed[area] = said
            else:
                written.append(area)
            progress(len(kept) + len(written) + len(failed), len(areas))
    _write_index(contents, folder, plan, failed)
    order = {area: place for place, area in enumerate(areas)}
    return Each(
        folder=folder,
        written=tuple(sorted(written, key=order.__getitem__)),
        kept=tuple(sorted(kept, key=order.__getitem__)),
        failed={area: failed[area] for area in sorted(failed, key=order.__getitem__)},
    )


def _clear(folder: Path, digest: str) -> None:
    """Remove the index, what an interrupted run left half written, and packs made from other figures."""
    gone = [path for path, manifest in area_manifests(folder) if manifest.made_from != digest]
    for path in [*half_written(folder), *gone]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for name in (*INDEX, MANIFEST):
        (folder / name).unlink(missing_ok=True)


def _write_index(contents: Contents, folder: Path, plan: Plan, failed: Mapping[str, str]) -> None:
    """Write the index of every pack that is there, those of an earlier run with the same figures too."""
    entries = [
        _entry(path, manifest) for path, manifest in area_manifests(folder) if manifest.area not in failed
    ]
    about = contents.areas.set_index("area")
    for area, why in failed.items():
        name, kind = (words.text(about.loc[area, column], area) for column in ("name", "kind"))
        said = f"Could not be written: {why}"
        entries.append(Entry(area=area, name=name, kind=kind, part_of="", headline=said, look_at=(), link=""))
    write_index(contents, entries, folder, main=f"../{PAGE}" if plan.main else "")
    outputs = {name: file_hash(folder / name) for name in INDEX}
    save_manifest(IndexManifest(made_from=plan.digest, outputs=outputs), folder)


def _entry(path: Path, manifest: AreaManifest) -> Entry:
    return Entry(
        area=manifest.area,
        name=manifest.name,
        kind=manifest.kind,
        part_of=manifest.part_of,
        headline=manifest.headline,
        look_at=tuple(manifest.look_at),
        link=f"{path.name}/{PAGE if PAGE in manifest.outputs else ''}",
    )
