"""What a terminal shows: findings, tables, how far a run is."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from variation.errors import visible

if TYPE_CHECKING:
    from variation.inputs import Inputs

# Findings of one code listed in the terminal; the pack's data quality sheet has them all.
SHOWN = 10


@contextmanager
def steps(quiet: bool) -> Iterator[Any]:
    """Show what is being done on stderr, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(f"{step} …")


@contextmanager
def counted(quiet: bool, what: str) -> Iterator[Any]:
    """Show on stderr how many of something are done, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def print_json(findings: Any) -> None:
    """Print findings as JSON."""
    click.echo(json.dumps([vars(finding) for finding in findings], indent=2))


def show_findings(findings: Any) -> None:
    """Print findings on stderr, a line each, by what was found, the gravest first; past a few, how many more."""
    order = {"error": 0, "warning": 1, "note": 2}
    groups: dict[tuple[str, str], list[Any]] = {}
    for finding in sorted(findings, key=lambda finding: order[finding.severity]):
        groups.setdefault((finding.severity, finding.code), []).append(finding)
    for (severity, code), group in groups.items():
        click.echo(f"{severity}: {code.replace('_', ' ')} ({len(group)})", err=True)
        for finding in group[:SHOWN]:
            click.echo(f"  {finding.line}", err=True)
        if len(group) > SHOWN:
            click.echo(f"  ... and {len(group) - SHOWN} more", err=True)
        for hint in dict.fromkeys(finding.hint for finding in group[:SHOWN] if finding.hint):
            click.echo(f"  hint: {visible(hint)}", err=True)


def count_of(findings: Any) -> str:
    """Count findings in words.

    >>> count_of([])
    'no findings'
    """
    number = Counter(finding.severity for finding in findings)
    said = [
        f"{n} {word}{'s' if n != 1 else ''}" for word in ("error", "warning", "note") if (n := number[word])
    ]
    return ", ".join(said) or "no findings"


def rows_of(inputs: "Inputs") -> str:
    """Say how much was read."""
    rows = sum(source.rows for source in inputs.sources if source.table == "indicators")
    return (
        f"{rows:,} rows, {len(inputs.catalogue)} indicators, "
        f"{len(inputs.tree)} areas ({', '.join(inputs.tree.kinds_by_depth)})"
    )


def print_table(frame: Any, headings: dict[str, str], *, title: str | None = None) -> None:
    """Print some columns of a frame; numbers to the right, as wide as the terminal, or 150 where there is none."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 150)
    table = Table(box=None, title=title, title_justify="left", pad_edge=False)
    for place, heading in enumerate(headings.values()):
        table.add_column(heading, justify="left" if place == 0 or heading in ("Peer", "Name") else "right")
    for row in frame[list(headings)].itertuples(index=False):
        table.add_row(*(f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row))
    console.print(table)


def print_league(table: Any) -> None:
    """Print the league table as a person reads it: names and rounded £, investment apart."""
    from reports.words import expected_count, pounds

    rules = {
        "credible_peer_mean": "Credible",
        "p10": "from",
        "p90": "to",
        "rightcare_best_5": "RightCare rule",
        "rightcare_chance_floor": "of it chance",
        "gross_peer_mean": "Gap to peers",
    }
    shown = table.assign(**{name: table[name].map(pounds) for name in rules})
    shown["flags"] = shown["flags"].astype(str)
    shown["flags_expected_by_chance"] = shown["flags_expected_by_chance"].map(expected_count)
    headings = {"name": "Indicator", **rules, "flags": "Flags", "flags_expected_by_chance": "By chance"}
    for direction, title in (("reduce", "Savings"), ("increase", "Investment needs (under-use)")):
        own = shown[shown["direction"] == direction]
        if len(own):
            print_table(own, headings, title=title)
