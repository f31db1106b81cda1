"""Commands that write a pack, and the one that verifies what they wrote."""

import json
from pathlib import Path
from typing import Any

import click

from variation.cli.one_run import Asked, carry_out, read
from variation.cli.options import (
    OUTPUTS,
    as_json,
    by_policy,
    edits_of,
    in_processes,
    out_folder,
    parse_outputs,
    quiet,
    settings_file,
)
from variation.cli.terminal import count_of, show_findings
from variation.errors import InputError


@click.command()
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

    with TemporaryDirectory() as folder:

        def write() -> None:
            from variation.example import write_example

            write_example(Path(folder), **({} if seed is None else {"seed": seed}))

        carry_out(
            Asked(
                settings=Path(folder) / "analysis.toml",
                out=out or Path("demo-pack"),
                workers=workers,
                quiet=quiet,
            ),
            first=write,
        )


@click.command()
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
@edits_of("Workbook of an earlier pack in which finance has changed inputs.")
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


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.argument("settings", type=click.Path(path_type=Path, dir_okay=False), required=False)
@edits_of("Workbook whose edits the run was given.")
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
