"""Commands that look and write no file: findings, peers, the league table, methods."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from variation.cli.options import as_json, settings_file
from variation.cli.terminal import count_of, print_json, print_league, print_table, rows_of, show_findings
from variation.errors import InputError, VariationError

if TYPE_CHECKING:
    from variation.inputs import Inputs


@click.command()
@settings_file
@as_json
def check(settings: Path, as_json: bool) -> None:
    """Read and check everything that SETTINGS names; exit code 1 if something stops a run.

    \b
    variation check my-analysis/analysis.toml
    """
    from variation.inputs import read_inputs

    try:
        inputs = read_inputs(settings)
    except InputError as error:
        if not as_json:
            raise
        print_json(error.findings)
        sys.exit(error.exit_code)
    if as_json:
        print_json(inputs.findings)
        return
    show_findings(inputs.findings)
    click.echo(f"Checked {rows_of(inputs)}: {count_of(inputs.findings)}")


@click.command()
@settings_file
@click.argument("area", required=False)
@as_json
def peers(settings: Path, area: str | None, as_json: bool) -> None:
    """List the peers of AREA (or of every area) with their distance, and how good the group is.

    \b
    variation peers my-analysis/analysis.toml SYN001
    """
    from variation.comparison.peering import choose_peers
    from variation.inputs import read_inputs

    inputs = read_inputs(settings)
    chosen = choose_peers(
        inputs.tree,
        inputs.settings.peers,
        seed=inputs.settings.seed,
        findings=[],
        listed=inputs.listed_peers,
    ).values()
    import pandas as pd

    found = pd.concat([peering.peers for peering in chosen], ignore_index=True)
    fit = pd.concat([peering.fit for peering in chosen], ignore_index=True)
    if area is not None:
        _stop_if_unknown(area, inputs)
        found, fit = found[found["area"] == area], fit[fit["area"] == area]
    if as_json:
        click.echo(found.to_json(orient="records", indent=2))
        return
    names = inputs.areas.set_index("area")["name"]
    found = found.assign(name=found["peer"].map(names))
    print_table(
        found, {"area": "Area", "rank": "Rank", "peer": "Peer", "name": "Name", "distance": "Distance"}
    )
    for row in fit.to_dict("records") if area is not None else ():
        click.echo(
            f"Fit: closer than {100 - row['fit']:.0f} % of all pairs; {row['kept_under_equal_weights']} of its "
            f"peers stay with equal weights, at least {row['kept_worst_drop']} without any one variable."
        )


@click.command()
@settings_file
@click.option("--area", help="Code of the area; the pack's own where not given.")
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="Print the result as CSV.")
def opportunity(settings: Path, area: str | None, as_json: bool, as_csv: bool) -> None:
    """Show the opportunity of every indicator, largest first, by rule.

    \b
    variation opportunity my-analysis/analysis.toml --area L01
    """
    from variation.analysis import analyse
    from variation.inputs import read_inputs
    from variation.league import league

    inputs = read_inputs(settings)
    area = area or inputs.settings.focus
    _stop_if_unknown(area, inputs)
    table = league(analyse(inputs), area)
    if as_json:
        click.echo(table.to_json(orient="records", indent=2))
    elif as_csv:
        click.echo(table.to_csv(index=False), nl=False)
    else:
        print_league(table)


def _stop_if_unknown(area: str, inputs: "Inputs") -> None:
    if area not in inputs.tree.codes:
        raise VariationError(
            f"{area}: no such area\n  hint: codes are in {inputs.settings.tables.areas[0].named}"
        )


@click.command()
@click.argument("name", required=False)
def methods(name: str | None) -> None:
    """List every method with its formula, source and settings, or tell one in full.

    \b
    variation methods "Wilson interval"
    """
    from variation.methods import methods as all_methods

    known = all_methods()
    if name is None:
        for method in known:
            options = ", ".join(f"{option}={default}" for option, default in method.options)
            click.echo(f"{method.name}: {method.summary}" + (f" [{options}]" if options else ""))
        return
    chosen = [
        m
        for m in known
        if name.casefold() in (m.name.casefold(), m.path.casefold(), m.path.rsplit(".", 1)[1])
    ]
    if not chosen:
        raise VariationError(f"{name}: no such method\n  hint: `variation methods` lists them")
    click.echo(f"{chosen[0].name} ({chosen[0].path})\n\n{chosen[0].docstring}")
