"""Commands to start from: the example, empty tables, a draft made from given files."""

from pathlib import Path
from typing import Any

import click

from variation.cli.terminal import count_of
from variation.errors import InputError, VariationError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def example(folder: Path) -> None:
    """Write the built-in example to FOLDER as files to edit; nothing is written over.

    \b
    variation example my-analysis
    variation run my-analysis/analysis.toml --out my-pack
    """
    from variation.example import FILES, write_example

    if there := [name for name in FILES if (folder / name).exists()]:
        raise VariationError(
            f"{folder}: {', '.join(there)} {'is' if len(there) == 1 else 'are'} there already, and nothing is written"
            " over\n  hint: name another folder"
        )
    paths = write_example(folder)
    click.echo(f"Wrote {len(paths)} files to {folder}; next: variation run {folder / 'analysis.toml'}")


@click.command()
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


@click.command()
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
