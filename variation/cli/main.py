"""The command line: parse, call one function, print one line."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from variation.cli.one_run import Asked, carry_out, read
from variation.cli.terminal import count_of, print_json, print_league, print_table, rows_of, show_findings
from variation.disclosure.policies import POLICIES
from variation.errors import InputError, VariationError, visible
from variation.version import VERSION

# Heavy imports only where a command needs them: help must come at once.
OUTPUTS = ("excel", "charts", "page", "booklet", "tables")


class Commands(click.Group):
    """The commands, with what a user can mend printed in words: no traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; give 1 for what the user can mend, 130 for an interruption."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            show_findings(error.findings)
            click.echo(f"Error: {count_of(error.findings)}; nothing was written", err=True)
            ctx.exit(error.exit_code)
        except VariationError as error:
            click.echo("\n".join(map(visible, f"Error: {error}".split("\n"))), err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("Interrupted; the last good pack is as it was", err=True)
            ctx.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION)
def main() -> None:
    """Find unwarranted variation between areas, size the opportunity, write the pack.

    \b
    Start with the built-in example:
      variation demo --out demo-pack
    """


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


@main.command()
@out_folder
@click.option("--seed", type=int, help="Another random example.")
@in_processes
@quiet
def demo(out: Path | None, seed: int | None, workers: int, quiet: bool) -> None:
    """Run the built-in Dorset example from files on disk to a finished pack.

    The example is synthetic: no figure in it is of a real practice.

    \b
    variation demo --out demo-pack
    """
    from tempfile import TemporaryDirectory

    from variation.example import write_example

    with TemporaryDirectory() as folder:
        write_example(Path(folder), **({} if seed is None else {"seed": seed}))
        carry_out(
            Asked(
                settings=Path(folder) / "analysis.toml",
                out=out or Path("demo-pack"),
                workers=workers,
                quiet=quiet,
            )
        )


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def example(folder: Path) -> None:
    """Write the built-in example to FOLDER as files to edit.

    \b
    variation example my-analysis
    variation run my-analysis/analysis.toml --out my-pack
    """
    from variation.example import write_example

    paths = write_example(folder)
    click.echo(f"Wrote {len(paths)} files to {folder}; next: variation run {folder / 'analysis.toml'}")


@main.command()
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


@main.command()
@settings_file
@out_folder
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    help="Where the figures are computed; the same to the last bit.",
)
@click.option(
    "--results", help="Folder or address for the tables that Spark writes; beside the pack if not given."
)
@click.option("--only", callback=parse_outputs, help=f"Some of the outputs: {','.join(OUTPUTS)}.")
@click.option(
    "--each", metavar="KIND", default="", help="A pack for every area of a kind too: practice, locality ..."
)
@click.option(
    "--area",
    "areas",
    metavar="CODE",
    multiple=True,
    help="A pack for this area too; may be given more than once.",
)
@click.option(
    "--assumptions",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Workbook of an earlier pack in which finance has changed inputs.",
)
@by_policy
@in_processes
@as_json
@quiet
def run(
    settings: Path,
    out: Path | None,
    engine: str,
    results: str | None,
    only: Any,
    each: str,
    areas: tuple[str, ...],
    assumptions: Path | None,
    policy: str | None,
    workers: int,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run the analysis that SETTINGS describes and write its pack.

    Packs of single areas lie in the folder areas, with an index; what is up to date there is not written again.

    Small counts are withheld unless the settings or --policy ask for internal, which marks everything.

    \b
    variation run my-analysis/analysis.toml --out my-pack
    variation run my-analysis/analysis.toml --out my-pack --each practice
    """
    out = out or settings.parent / "out"
    if engine == "spark":
        results = results or str(out.absolute().with_name(f"{out.name}.spark"))
    elif results is not None:
        raise click.UsageError("--results is for --engine spark")
    carry_out(
        Asked(
            settings=settings,
            out=out,
            outputs=only,
            workers=workers,
            quiet=quiet,
            as_json=as_json,
            assumptions=assumptions,
            policy=policy,
            spark_results=results,
            each=each,
            areas=areas,
        )
    )


@main.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.argument("settings", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option(
    "--assumptions",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Workbook whose edits the run was given.",
)
@by_policy
@as_json
def verify(
    out: Path, settings: Path | None, assumptions: Path | None, policy: str | None, as_json: bool
) -> None:
    """Verify that the pack in OUT is what a run wrote, and with SETTINGS that it is made from those inputs.

    Every file is held against the manifest, every total against its parts; exit code 1 if anything differs.

    \b
    variation verify my-pack my-analysis/analysis.toml
    """
    from variation.packs.verify import verify_pack
    from variation.packs.whole_folder import check_there

    check_there(out)
    inputs, unread = None, []
    if settings is not None:
        try:
            inputs = read(settings, assumptions, policy)
        except InputError as error:
            unread = [*error.findings]
    manifest, found = verify_pack(out, inputs)
    found += unread
    if as_json:
        click.echo(json.dumps([vars(finding) for finding in found], indent=2))
    else:
        show_findings(found)
        what = f"{len(manifest.outputs)} files" if manifest is not None else "no manifest"
        of = f", {len(inputs.sources)} inputs" if inputs is not None else ""
        click.echo(f"Verified {out}: {what}{of}; {count_of(found)}")
    if any(finding.severity == "error" for finding in found):
        click.get_current_context().exit(1)


@main.command()
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
        if area not in inputs.tree.codes:
            raise VariationError(
                f"{area}: no such area\n  hint: codes are in {inputs.settings.tables.areas[0].named}"
            )
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


@main.command()
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
    from variation.opportunity.league import league

    inputs = read_inputs(settings)
    area = area or inputs.settings.focus
    if area not in inputs.tree.codes:
        raise VariationError(
            f"{area}: no such area\n  hint: codes are in {inputs.settings.tables.areas[0].named}"
        )
    table = league(analyse(inputs), area)
    if as_json:
        click.echo(table.to_json(orient="records", indent=2))
    elif as_csv:
        click.echo(table.to_csv(index=False), nl=False)
    else:
        print_league(table)


@main.command()
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


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--form",
    type=click.Choice(["both", "csv", "excel"]),
    default="both",
    help="What is to be filled in: CSV files, the workbook inputs.xlsx, or either.",
)
def template(folder: Path, form: Any) -> None:
    """Write empty input tables to FOLDER, with every column explained and every setting listed.

    What is there already is kept.

    \b
    variation template my-analysis --form excel
    """
    from variation.template.folder import write_template

    paths = write_template(folder, form=form)
    if not paths:
        raise VariationError(
            f"{folder}: has the files of a template already, and they are kept\n  hint: name another folder"
        )
    click.echo(f"Wrote {', '.join(path.name for path in paths)} to {folder}")
    click.echo("README.txt says what to do and explains every column; analysis.toml lists every setting")


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Folder for analysis.toml and what the files lack; the current one where not given.",
)
@click.option("--force", is_flag=True, help="Write over what an earlier draft wrote; never over the FILES.")
def init(files: tuple[Path, ...], out: Path, force: bool) -> None:
    """Look at FILES, guess how they are read, and write an analysis.toml that reads them.

    CSV of any kind, workbooks, Parquet, GeoJSON, zip files and folders of them. What the files lack, a catalogue
    or the areas, is written beside it with what can be told from the figures; over what is there only with --force.

    \b
    variation init PREVALENCE_2021.csv practices.xlsx --out my-analysis
    """
    from variation.guess.draft import draft
    from variation.guess.write import SETTINGS, refuse_to_overwrite, report, write_draft
    from variation.inputs import read_inputs

    if not force:
        refuse_to_overwrite(out, [SETTINGS])
    made = draft(files, out)
    click.echo(report(made, write_draft(made, force=force)))
    settings = out / SETTINGS
    try:
        found = read_inputs(settings).findings
    except InputError as error:
        found = error.findings
    click.echo(f"Next\n  look through {settings}\n  variation check {settings}  ({count_of(found)} now)")
    if all(finding.severity != "error" for finding in found):
        click.echo(f"  variation run {settings} --out pack")
