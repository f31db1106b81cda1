"""A pack for each of many areas: in processes of their own, resumed where one was interrupted."""

import json
import os
import platform
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from reports import words
from reports.area_pack import AreaContents, Story, write_area_pack
from reports.area_pack.index import Entry, write_index
from reports.contents import Contents
from reports.file_names import folder_names
from variation.errors import VariationError
from variation.packs.area_packs import FOLDER, area_manifests, half_written, read_area_manifest
from variation.packs.area_tables import AreaTables, write_area_tables
from variation.packs.manifest import (
    LIBRARIES,
    MANIFEST,
    AreaManifest,
    IndexManifest,
    Written,
    file_hash,
    files_of,
)
from variation.packs.whole_folder import replaced_folder
from variation.settings import Output

INDEX = ("index.html", "index.csv")
# Parts that a pack of one area has. Its figures are in its workbook, and in the tables of the whole.
PARTS = ("excel", "charts", "page", "booklet")
PAGE = "index.html"
# Areas that wait in front of each worker: enough that none stands idle, few enough to stop at once.
AHEAD = 3

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be made the same way for every area."""

    outputs: tuple[Output, ...]
    digest: str  # of what the packs are made from
    names: Mapping[str, str]  # folder of each area that gets a pack
    main: str  # address of the page of the whole, seen from an area's folder


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
        for area, said in _made(Path(tables), folder, plan, workers):
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


def _made(tables: Path, folder: Path, plan: Plan, workers: int) -> Iterator[tuple[str, str | None]]:
    """Make the packs; give each area as it is done, with None where it was up to date, else why it failed or ""."""
    if workers == 1:
        worker = Worker(tables, folder, plan)
        for area in plan.names:
            yield area, worker.make(area)
        return
    left = list(plan.names)
    while left:
        done: set[str] = set()
        for area, said in _in_processes(tables, folder, plan, left, workers):
            done.add(area)
            yield area, said
        left = [area for area in left if area not in done]
        if not left:
            return
        # A process died, killed by the system for its memory perhaps: from here on the area in hand is known.
        workers = 1
        if not done:
            yield left.pop(0), "its process died: is there enough memory?"


def _in_processes(
    tables: Path, folder: Path, plan: Plan, areas: Sequence[str], workers: int
) -> Iterator[tuple[str, str | None]]:
    """Make packs in processes of their own, until all are made or one of the processes dies."""
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(tables, folder, plan)
    )
    try:
        waiting = iter(areas)
        running: dict[Future[str | None], str] = {}
        while True:
            for area in waiting:
                running[pool.submit(_make, area)] = area
                if len(running) >= AHEAD * workers:
                    break
            if not running:
                return
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield running[future], future.result()
                del running[future]
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(cancel_futures=True)


class Worker:
    """What makes packs one after another: tables opened once, and what is drawn with kept warm."""

    def __init__(self, tables: Path, folder: Path, plan: Plan) -> None:
        self._tables, self._folder, self._plan = AreaTables(tables), folder, plan
        pages = plan.names.items() if "page" in plan.outputs else ()
        self._packs = {code: f"../{name}/{PAGE}" for code, name in pages}

    def make(self, area: str) -> str | None:
        """Write the pack of an area unless it is there; None where it is, else why it failed, "" if it did not."""
        try:
            return self._make(area)
        except Exception as error:  # one area's failure must not lose the others: it is said at the end
            return f"{type(error).__name__}: {error}" if not isinstance(error, VariationError) else str(error)

    def _make(self, area: str) -> str | None:
        plan, out = self._plan, self._folder / self._plan.names[area]
        contents = self._tables.of(area, packs=self._packs, main=plan.main)
        digest = _digest(contents, plan)
        if _is_whole(out, digest):
            return None
        with replaced_folder(out, settled=False) as folder:
            story = Story(contents)
            write_area_pack(story, folder, plan.outputs)
            if contents.contents.banner and (folder / "charts").is_dir():
                said = f"{contents.contents.banner}: every file of this folder.\n"
                (folder / "charts" / "MARKING.txt").write_text(said, encoding="utf-8", newline="\n")
            _write_manifest(story, plan, digest, folder)
        return ""


_worker: list[Worker] = []


def _begin(tables: Path, folder: Path, plan: Plan) -> None:
    """Begin a worker's process: leave an interruption to the one that started it, and end when that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker[:] = [Worker(tables, folder, plan)]


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _make(area: str) -> str | None:
    return _worker[0].make(area)


def _digest(contents: AreaContents, plan: Plan) -> str:
    """Hash all that decides the bytes of an area's pack."""
    parts = (
        plan.digest, contents.area, sorted(plan.outputs), sorted(contents.packs.items()), plan.main,
        platform.python_version(), [(name, version(name)) for name in LIBRARIES],
    )  # fmt: skip
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _is_whole(folder: Path, digest: str) -> bool:
    """Tell whether a pack is there, made from just this, and no file of it is missing or changed."""
    manifest = read_area_manifest(folder)
    return manifest is not None and manifest.digest == digest and manifest.outputs == _hashes(folder)


def _hashes(folder: Path) -> dict[str, str]:
    return {name: file_hash(folder / name) for name in files_of(folder) if name != MANIFEST}


def _write_manifest(story: Story, plan: Plan, digest: str, folder: Path) -> None:
    """Write what the pack is of, what it says first, what it was made from, and its files with their hashes."""
    area, contents = story.area, story.area.contents
    _write_json(
        AreaManifest(
            area=area.area,
            name=area.name,
            kind=area.kind,
            part_of=area.tree.parent_name(area.area) or "",
            title=contents.title,
            notice=contents.notice,
            banner=contents.banner,
            made=contents.made.date().isoformat(),
            version=contents.version,
            headline=story.headline,
            look_at=[look.name for look in story.looks],
            made_from=plan.digest,
            digest=digest,
            outputs=_hashes(folder),
        ),
        folder,
    )


def _write_json(manifest: Written, folder: Path) -> None:
    text = json.dumps(manifest.model_dump(), indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


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
    _write_json(IndexManifest(made_from=plan.digest, outputs=outputs), folder)


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
