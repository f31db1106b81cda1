"""Arguments and options that several commands take."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from variation.policies import POLICIES

Command = TypeVar("Command", bound=Callable[..., Any])

OUTPUTS = ("excel", "charts", "page", "booklet", "tables")

settings_file = click.argument("settings", type=click.Path(path_type=Path, dir_okay=False))
quiet = click.option("--quiet", is_flag=True, help="No progress, no summary line.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
by_policy = click.option(
    "--policy",
    type=click.Choice(tuple(POLICIES)),
    help="Disclosure policy, in place of that of the settings.",
)
in_processes = click.option(
    "--workers",
    type=click.IntRange(1),
    default=lambda: min(os.cpu_count() or 1, 4),
    help="Processes that draw the pictures and the packs of areas; the result is the same with any number.",
)
out_folder = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the pack; replaced when all is written.",
)


def parse_outputs(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[str, ...] | None:
    """Split a comma-separated list of outputs."""
    if value is None:
        return None
    asked = tuple(part.strip() for part in value.split(","))
    if wrong := [part for part in asked if part not in OUTPUTS]:
        raise click.BadParameter(f"{', '.join(wrong)}; choose from {', '.join(OUTPUTS)}")
    return asked


def edits_of(what: str) -> Callable[[Command], Command]:
    """The option that names a workbook with finance's edits."""
    return click.option("--assumptions", type=click.Path(path_type=Path, dir_okay=False), help=what)
