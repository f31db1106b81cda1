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

from reports.area_pack import AreaContents, write_area_pack
from reports.area_pack.index import Entry, write_index
from reports.area_pack.looks import Look, stands_sentence
from reports.contents import Contents
from variation.area_tables import AreaTables, write_area_tables
from variation.errors import VariationError
from variation.folder_names import folder_names
from variation.pack import LIBRARIES, replaced_folder
from variation.settings import Output

FOLDER = "areas"
INDEX = ("index.html", "index.csv")
PAGE, MANIFEST = "index.html", "manifest.json"
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


def areas_of(contents: Contents, *, kind: str = "", areas: Sequence[str] = ()) -> list[str]:
    """Return the codes of every area of a kind and of those named, in the order of the areas table.

    Raises
    ------
    VariationError
        If there is no area of the kind, or none of a code; with what there is.
    """
    table = contents.areas
    kinds = list(dict.fromkeys(table["kind"].astype(str)))
    if kind and kind not in kinds:
        raise VariationError(
            f"--each {kind}: no area of that kind\n  hint: there are {', '.join(sorted(kinds))}"
        )
    known = table["area"].astype(str).tolist()
    if unknown := [code for code in areas if code not in set(known)]:
        raise VariationError(
            f"--area {', '.join(unknown)}: no such area\n  hint: codes are as in the areas table: {', '.join(known[:3])} ..."
        )
    chosen = table["area"].isin(list(areas))
    if kind:
        chosen |= table["kind"] == kind
    return [str(code) for code in table.loc[chosen, "area"]]


def write_each(
    contents: Contents,
    areas: Sequence[str],
    out: Path,
    *,
    outputs: tuple[Output, ...],
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
    names = folder_names(contents.areas["area"].astype(str), taken=INDEX)
    with TemporaryDirectory(prefix="variation-", ignore_cleanup_errors=True) as tables:
        digest = write_area_tables(contents, Path(tables))
        plan = Plan(
            outputs=outputs,
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
    _write_index(contents, folder, names, failed, main=f"../{PAGE}" if plan.main else "")
    order = {area: place for place, area in enumerate(areas)}
    return Each(
        folder=folder,
        written=tuple(sorted(written, key=order.__getitem__)),
        kept=tuple(sorted(kept, key=order.__getitem__)),
        failed={area: failed[area] for area in sorted(failed, key=order.__getitem__)},
    )


def _clear(folder: Path, digest: str) -> None:
    """Remove the index, what an interrupted run left half written, and packs made from other figures."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and (path.name.startswith(".") or _manifest(path).get("made_from") != digest):
            shutil.rmtree(path, ignore_errors=True)
        elif path.name in INDEX:
            path.unlink()


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of an area's pack; empty where there is none that can be read."""
    try:
        read = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


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

    def make(self, area: str) -> str | None:
        """Write the pack of an area unless it is there; None where it is, else why it failed, "" if it did not."""
        try:
            return self._make(area)
        except Exception as error:  # one area's failure must not lose the others: it is said at the end
            return f"{type(error).__name__}: {error}" if not isinstance(error, VariationError) else str(error)

    def _make(self, area: str) -> str | None:
        plan, out = self._plan, self._folder / self._plan.names[area]
        packs = {code: f"../{name}/{PAGE}" for code, name in plan.names.items() if "page" in plan.outputs}
        contents = self._tables.of(area, packs=packs, main=plan.main)
        digest = _digest(contents, plan)
        if _is_whole(out, digest):
            return None
        with replaced_folder(out) as folder:
            found = write_area_pack(contents, folder, plan.outputs)
            if contents.contents.banner and (folder / "charts").is_dir():
                said = f"{contents.contents.banner}: every file of this folder.\n"
                (folder / "charts" / "MARKING.txt").write_text(said, encoding="utf-8", newline="\n")
            _write_manifest(contents, found, plan, digest, folder)
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
    manifest = _manifest(folder)
    outputs = manifest.get("outputs")
    if manifest.get("digest") != digest or not isinstance(outputs, dict):
        return False
    return outputs == _hashes(folder)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def _write_manifest(
    contents: AreaContents, found: Sequence[Look], plan: Plan, digest: str, folder: Path
) -> None:
    """Write what the pack is of, what it says first, what it was made from, and its files with their hashes."""
    manifest = {
        "area": contents.area,
        "name": contents.name,
        "kind": contents.kind,
        "part_of": contents.tree.parent_name(contents.area) or "",
        "title": contents.contents.title,
        "notice": contents.contents.notice,
        "banner": contents.contents.banner,
        "made": contents.contents.made.date().isoformat(),
        "version": contents.contents.version,
        "headline": stands_sentence(contents),
        "look_at": [look.name for look in found],
        "made_from": plan.digest,
        "digest": digest,
        "outputs": _hashes(folder),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _write_index(
    contents: Contents, folder: Path, names: Mapping[str, str], failed: Mapping[str, str], *, main: str
) -> None:
    """Write the index of every pack that is there, those of an earlier run with the same figures too."""
    entries = []
    for row in contents.areas[["area", "name", "kind"]].astype(object).to_dict("records"):
        area = str(row["area"])
        manifest = _manifest(folder / names[area])
        if area in failed:
            headline = f"could not be written: {failed[area]}"
            entries.append(
                Entry(area=area, name=str(row["name"] or area), kind=str(row["kind"]), part_of="",
                      headline=headline, look_at=(), link="")
            )  # fmt: skip
        elif manifest:
            first = PAGE if PAGE in manifest["outputs"] else ""
            entries.append(
                Entry(
                    **{name: manifest[name] for name in ("area", "name", "kind", "part_of", "headline")},
                    look_at=tuple(manifest["look_at"]),
                    link=f"{names[area]}/{first}",
                )
            )
    write_index(contents, entries, folder, main=main)
