"""The packs of areas made one after another: here, or in processes of their own."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from reports.processes import Processes
from variation.packs.one_area import Plan, Worker
from variation.packs.ready import MODULES

# Areas that wait in front of each worker: enough that none stands idle, few enough to stop at once.
AHEAD = 3


def made(tables: Path, folder: Path, plan: Plan, workers: int) -> Iterator[tuple[str, str | None]]:
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
    pool = Processes(workers, _begin, (tables, folder, plan), modules=MODULES)
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
        pool.finish()


# The worker of a process, made when it begins.
_worker: list[Worker] = []


def _begin(tables: Path, folder: Path, plan: Plan) -> None:
    _worker[:] = [Worker(tables, folder, plan)]


def _make(area: str) -> str | None:
    return _worker[0].make(area)
