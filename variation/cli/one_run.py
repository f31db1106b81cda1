"""One run from the command line: read, analyse, write the pack and those of areas, say what came of it."""

import json
import signal
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from variation.cli.terminal import count_of, counted, rows_of, show_findings, steps

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from reports.processes import Processes
    from variation.analysis import Analysis
    from variation.inputs import Inputs
    from variation.packs.each import Each
    from variation.settings import Output


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a run is asked for."""

    settings: Path
    out: Path
    outputs: "tuple[Output, ...] | None" = None  # those of the settings where none are named
    workers: int
    quiet: bool = False
    as_json: bool = False
    assumptions: Path | None = None  # workbook with finance's edits
    policy: str | None = None  # that of the settings where none is named
    spark_results: str | None = None  # where Spark writes its tables; computed here where empty
    each: str = ""  # kind of area of which every one gets a pack
    areas: tuple[str, ...] = ()  # codes of areas that get one


def carry_out(asked: Asked, *, first: Callable[[], object] = lambda: None) -> None:
    """Run, and say on the terminal what came of it; exit code 1 where the pack of an area failed.

    What is to be done ``first`` is done while the processes beside get ready.
    """
    from variation.packs.whole_folder import reserved

    silent = asked.quiet or asked.as_json
    with reserved(asked.out, edited=asked.assumptions) as place:
        with steps(silent) as step, _processes(asked) as beside:
            from variation.packs.pack import write_pack

            first()
            analysis, clear = _analysed(asked, step, beside)
            chosen = _chosen_areas(asked, analysis.inputs)
            write_pack(
                analysis,
                place,
                outputs=asked.outputs,
                progress=step,
                beside=beside,
                areas=len(chosen) > 0,
            )
            clear()
        made = _each(asked, analysis, chosen, quiet=silent) if chosen else None
    if asked.as_json:
        _print_summary(asked, analysis, made)
    elif not asked.quiet:
        _say(asked, analysis, made)
    if made is not None and made.failed:
        for area, why in made.failed.items():
            click.echo(f"Error: {area}: {why}", err=True)
        click.get_current_context().exit(1)


def read(settings: Path, assumptions: Path | None, policy: str | None) -> "Inputs":
    """Read the inputs, with another policy than that of the settings where one is asked for."""
    from variation.inputs import read_inputs

    inputs = read_inputs(settings, assumptions=assumptions)
    if policy is None:
        return inputs
    return replace(inputs, settings=inputs.settings.model_copy(update={"policy": policy}))


def _processes(asked: Asked) -> "AbstractContextManager[Processes | None]":
    """Return the processes that size and draw, which get ready while the inputs are read; None where none do."""
    from reports.processes import Processes
    from variation.packs.ready import MODULES, needs_pictures

    if asked.workers == 1 or (asked.outputs is not None and not needs_pictures(asked.outputs)):
        return nullcontext()
    processes = Processes(asked.workers, modules=MODULES)
    processes.start()
    return processes


def _analysed(asked: Asked, step: Any, beside: "Processes | None") -> tuple["Analysis", Callable[[], None]]:
    """Read and analyse, here or on Spark; with what clears away the parts that were kept in case of interruption."""
    if asked.spark_results is not None:
        from variation.spark.run import analyse_on_spark

        analysis = analyse_on_spark(
            asked.settings,
            asked.spark_results,
            assumptions=asked.assumptions,
            policy=asked.policy,
            progress=step,
        )
        return analysis, lambda: None
    from variation.analysis import analyse
    from variation.packs.unfinished import Unfinished

    step("reading")
    inputs = read(asked.settings, asked.assumptions, asked.policy)
    _chosen_areas(asked, inputs)  # what is wrong with the choice is said before anything is reckoned
    unfinished = Unfinished.beside(asked.out, inputs)
    return analyse(inputs, kept=unfinished, beside=beside, progress=step), unfinished.clear


def _chosen_areas(asked: Asked, inputs: "Inputs") -> list[str]:
    """Return the areas that get a pack."""
    if not asked.each and not asked.areas:
        return []
    from variation.packs.each import areas_of, parts_of

    parts_of(asked.outputs or inputs.settings.pack.outputs)
    return areas_of(inputs.areas, kind=asked.each, areas=asked.areas)


def _each(asked: Asked, analysis: "Analysis", areas: list[str], *, quiet: bool) -> "Each":
    """Write the packs of single areas with a progress bar."""
    from variation.packs.each import write_each
    from variation.packs.pack import contents_of

    contents = contents_of(analysis)
    outputs = asked.outputs or analysis.inputs.settings.pack.outputs
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is temporary goes
    try:
        with counted(quiet, "areas") as progress:
            return write_each(
                contents, areas, asked.out, outputs=outputs, workers=asked.workers, progress=progress
            )
    except KeyboardInterrupt:
        click.echo("Interrupted; what is done of the areas stays, the next run goes on from there", err=True)
        sys.exit(130)
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_summary(asked: Asked, analysis: "Analysis", made: "Each | None") -> None:
    counts = Counter(analysis.findings["severity"])
    said = {"out": str(asked.out), "rows": len(analysis.comparison), "findings": dict(counts)}
    click.echo(json.dumps(said | ({} if made is None else {"areas": made.summary})))


def _say(asked: Asked, analysis: "Analysis", made: "Each | None") -> None:
    show_findings([finding for finding in analysis.found if finding.severity != "note"])
    counted_rows, findings = rows_of(analysis.inputs), count_of(analysis.found)
    click.echo(f"Wrote {asked.out}: {counted_rows}; {findings}. Open {asked.out / 'index.html'}")
    if made is not None:
        click.echo(f"{made.said}. Open {made.folder / 'index.html'}")
