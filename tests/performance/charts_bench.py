"""How long a chart takes: each kind by itself, and the whole set of a pack on two cores.

    python tests/performance/charts_bench.py [--workers 2] [--repeat 5]

draws every picture of the built-in example as SVG and PNG. Of each kind the fastest of some repeats is told, in
milliseconds of processor time, so that what else the machine does counts little; the whole set is told in seconds
on the clock, in processes that stand ready, as they do in a run. Budget: 40 ms a chart on two cores.
"""

import argparse
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reports import style
from reports.chartbook import draw
from reports.charts import files
from reports.charts.jobs import Job
from reports.charts.standard_set import jobs
from reports.contents import Contents
from reports.pack_rows import quick
from reports.processes import Processes
from variation.packs.ready import MODULES

BUDGET = 40.0  # milliseconds a chart, on two cores


def example() -> Contents:
    """Contents of the built-in example's pack."""
    from variation import analyse, read_inputs
    from variation.example import write_example
    from variation.packs.pack import contents_of

    with TemporaryDirectory() as folder:
        write_example(Path(folder))
        return contents_of(analyse(read_inputs(Path(folder) / "analysis.toml")))


def fastest(work: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """Milliseconds of processor time of the fastest of some repeats, and what the last returned."""
    times = []
    for _ in range(repeat):
        started = time.process_time()
        made = work()
        times.append(1000 * (time.process_time() - started))
    return min(times), made


@style.context()
def of_one(job: Job, repeat: int) -> tuple[float, float, float]:
    """Milliseconds of a picture: its figure, its SVG, its PNG."""
    figure, drawn = fastest(job.draw, repeat)
    words = {"title": drawn.title, "alt": drawn.alt}
    svg, _ = fastest(lambda: files.svg(drawn.figure, **words), repeat)
    png, _ = fastest(lambda: files.png(drawn.figure, **words), repeat)
    return figure, svg, png


def by_kind(contents: Contents, repeat: int) -> dict[str, list[tuple[float, float, float]]]:
    """Times of up to three pictures of each kind."""
    contents = replace(contents, comparison=quick(contents.comparison))
    found: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for job in jobs(contents):
        if len(found[job.kind]) < 3:
            found[job.kind].append(of_one(job, repeat))
    return found


def ready(workers: int) -> Processes:
    """Processes that have imported all that drawing needs."""
    beside = Processes(workers, modules=MODULES)
    beside.start()
    wait([beside.submit(time.sleep, 1.0) for _ in range(workers)])  # each has one: all are ready
    return beside


def main() -> int:
    """Draw, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    contents = example()
    print(f"{'kind':<14}{'figure':>9}{'SVG':>9}{'PNG':>9}{'all':>9}   ms of processor time")
    for kind, times in by_kind(contents, asked.repeat).items():
        parts = [sum(column) / len(times) for column in zip(*times, strict=True)]
        print(f"{kind:<14}" + "".join(f"{part:9.1f}" for part in (*parts, sum(parts))))
    with TemporaryDirectory() as folder, ready(asked.workers) as beside:
        started = time.perf_counter()
        pictures = draw(contents, Path(folder) / "charts", beside=beside)
        took = time.perf_counter() - started
    each = 500 * took / len(pictures)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(
        f"{len(pictures)} pictures, SVG and PNG, {asked.workers} workers: {took:.2f} s, {each:.1f} ms a file"
        f" (budget {BUDGET:.0f}; load of the machine {load:.1f})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
