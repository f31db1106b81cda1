"""Fuzz every target, one a processor, and print what came of it: ``python -m tests.fuzz --minutes N``."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic

import click

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]


@dataclass
class Run:
    """What became of one target."""

    target: str
    executions: int = 0
    paths: int = 0  # places of the code that inputs have led through, as libFuzzer counts them
    ended: int = 0  # times that the process itself was ended: a crash, no more memory, or no end
    seconds: float = 0.0


def fuzz(name: str, seconds: float, kept: Path, *, runs: int) -> Run:
    """Fuzz a target for some seconds, or so many executions; where an input ends the process it starts anew."""
    run, start = Run(name), monotonic()
    while (left := seconds - (monotonic() - start)) > 1:
        limits = [f"-max_total_time={int(left)}", f"-runs={runs}", f"-seed={1 + run.ended}"]
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.engine", name, str(kept), *limits],
            cwd=ROOT, capture_output=True, text=True, errors="replace", check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        counted = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
        counts = [int(number) for number in re.findall(r"^#(\d+)\s", done.stderr, re.MULTILINE)]
        if counted is None and not counts:
            raise click.ClickException(f"{name} did not start:\n{done.stderr[-3000:]}")
        run.executions += int(counted[1]) if counted else max(counts)
        run.paths = max([run.paths, *map(int, re.findall(r" cov: (\d+)", done.stderr))])
        if not done.returncode:
            break
        run.ended += 1
        (kept / f"{name}-end-{run.ended}.txt").write_text(done.stderr[-20000:], encoding="utf-8")
    run.seconds = monotonic() - start
    return run


def lines(runs: list[Run], kept: Path) -> Iterator[str]:
    """Lay runs out as a table."""
    yield "| target | executions | a second | paths | exceptions | ends of the process |"
    yield "|---|---:|---:|---:|---:|---:|"
    for run in runs:
        exceptions = len([file for file in kept.glob(f"{run.target}-*.txt") if "-end-" not in file.name])
        speed = run.executions / max(run.seconds, 1)
        yield f"| {run.target} | {run.executions:,} | {speed:.0f} | {run.paths:,} | {exceptions} | {run.ended} |"


@click.command()
@click.option(
    "--minutes", type=click.FloatRange(0.05), default=1.0, show_default=True, help="For all targets together."
)
@click.option(
    "--runs",
    default=-1,
    help="Executions of a target at most: the same inputs, or the first of them, on every machine.",
)
@click.option("--target", "names", type=click.Choice(list(TARGETS)), multiple=True, help="Only these.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Folder for what went wrong.")
def main(minutes: float, runs: int, names: tuple[str, ...], keep: Path | None) -> None:
    """Fuzz the readers; exit 1 where anything but findings and errors in words came out."""
    if find_spec("atheris") is None:
        raise click.ClickException('atheris is not installed (Linux only): pip install ".[fuzz]"')
    kept = keep or Path(tempfile.mkdtemp(prefix="fuzz-kept-"))
    kept.mkdir(parents=True, exist_ok=True)
    chosen = names or tuple(TARGETS)
    beside = min(len(chosen), os.cpu_count() or 1)
    seconds = minutes * 60 * beside / len(chosen)
    done = []
    with ThreadPoolExecutor(beside) as pool:
        for run in pool.map(lambda name: fuzz(name, seconds, kept, runs=runs), chosen):
            done.append(run)
            click.echo(f"{run.target}: {run.executions:,} executions", err=True)
    click.echo("\n".join(lines(done, kept)))
    if any(kept.glob("*.txt")):
        click.echo(f"What went wrong is in {kept}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
