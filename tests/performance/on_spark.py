"""Spark on this machine, by command: ``python -m tests.performance.on_spark --indicators 167`` reads 65 million rows.

England month by month over five years, on two executors of one core and 1 GB each, as processes of their own. Says
how long it takes and how much memory the driver, the executors and their Python workers have at most.
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tests.performance.inputs import PRACTICES, SEED, area_rows, catalogue_rows, indicator_rows
from tests.performance.lines import ROOT

MONTHS = 60
# Indicators drawn and written at once: 2 million rows.
AT_ONCE = 5

# Whose memory is watched.
ROLES = ("the driver's Python", "the driver's Java", "the executors' Java", "their Python workers")


def write_england(folder: Path, indicators: int, practices: int) -> int:
    """Write areas, catalogue, settings and the rows in as many Parquet files as that takes; return how many rows."""
    random = np.random.default_rng(SEED)
    places, catalogue = area_rows(practices, random), catalogue_rows(indicators)
    places.to_csv(folder / "areas.csv", index=False)
    catalogue.to_csv(folder / "catalogue.csv", index=False)
    (folder / "rows").mkdir()
    sizes, rows = places["population"].to_numpy()[:practices], 0
    for start in range(0, indicators, AT_ONCE):
        part = indicator_rows(sizes, catalogue.iloc[start : start + AT_ONCE], MONTHS, random)
        part.to_parquet(folder / "rows" / f"{start:05d}.parquet", index=False)
        rows += len(part)
    (folder / "analysis.toml").write_text(
        'title = "England"\npolicy = "internal"\n'
        '[tables]\nareas = "areas.csv"\ncatalogue = "catalogue.csv"\nindicators = "rows"\n',
        encoding="utf-8",
    )
    return rows


def memory_of(driver: int) -> dict[str, float]:
    """MB that the driver, its Java, the executors that this started and their Python workers have now."""
    parents, held = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                name = (entry / "comm").read_text().strip()
            except (OSError, IndexError):  # ended meanwhile
                continue
            parents[int(entry.name)] = int(after[1])
            held[int(entry.name)] = (name, int(after[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20)

    def depth(number: int) -> int:
        steps = 0
        while number != driver:
            if number <= 1:
                return -1
            number, steps = parents.get(number, 0), steps + 1
        return steps

    total = dict.fromkeys(ROLES, 0.0)
    for number, (name, megabytes) in held.items():
        generation = depth(number)
        if generation == 0:
            total[ROLES[0]] += megabytes
        elif generation > 0 and name == "java":
            total[ROLES[1] if generation == 1 else ROLES[2]] += megabytes
        elif generation > 1:
            total[ROLES[3]] += megabytes
    return total


def main() -> None:
    """Write, run, say."""
    parser = argparse.ArgumentParser(prog="python -m tests.performance.on_spark", description=__doc__)
    parser.add_argument("--indicators", type=int, default=167)
    parser.add_argument("--practices", type=int, default=PRACTICES)
    parser.add_argument("--executors", type=int, default=2)
    parser.add_argument("--memory", type=int, default=1024, help="MB of each executor")
    parser.add_argument("--folder", type=Path, help="where to write; a temporary folder without it")
    chosen = parser.parse_args()
    with TemporaryDirectory() as spare:
        run(chosen, chosen.folder or Path(spare))


def run(chosen: argparse.Namespace, folder: Path) -> None:
    """Write England where it is not there yet, run it on a cluster of executors here, and say what it took."""
    from pyspark.sql import SparkSession

    from variation.spark.run import analyse_on_spark

    if not (folder / "analysis.toml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"{write_england(folder, chosen.indicators, chosen.practices):,} rows written", flush=True)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master(f"local-cluster[{chosen.executors},1,{chosen.memory}]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.executorEnv.PYTHONPATH", str(ROOT))
        # What docs/spark.md asks of the driver.
        .config("spark.driver.memory", "4g")
        .config("spark.driver.maxResultSize", "4g")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    most, done, begun = dict.fromkeys(ROLES, 0.0), threading.Event(), time.perf_counter()

    def watch() -> None:
        while not done.wait(1.0):
            now = memory_of(os.getpid())
            most.update({name: max(most[name], now[name]) for name in most})

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        found = analyse_on_spark(
            folder / "analysis.toml",
            str(folder / "results"),
            progress=lambda step: print(f"{time.perf_counter() - begun:7.0f} s  {step}", flush=True),
        )
    finally:
        done.set()
        watcher.join()
        session.stop()
    seconds = time.perf_counter() - begun
    print(f"{seconds:7.0f} s  done; {len(found.comparison):,} rows of the comparison brought back")
    print("at most " + ", ".join(f"{megabytes:,.0f} MB {role}" for role, megabytes in most.items()))


if __name__ == "__main__":
    main()
