"""A pack held against its manifest, its own totals and its inputs: whether it is what a run wrote, and of what."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from reports.contents import Source
from variation.errors import Finding
from variation.folders import file_hash, files_of
from variation.inputs import Inputs
from variation.packs.agreement import figures_that_disagree
from variation.packs.agreement_of_money import money_that_disagrees
from variation.packs.area_packs import UNKNOWN, area_outputs, is_half_written
from variation.packs.manifest import MANIFEST, Input, Manifest, ManifestError, read_manifest
from variation.policies import POLICIES
from variation.settings import described

RUN_AGAIN = "run the analysis again to write it anew"

# Which line of the plan the summaries show first: a choice of the view, which changes no figure.
OF_THE_VIEW = ("finance.plan_line_shown",)


def verify_pack(folder: Path, inputs: Inputs | None = None) -> tuple[Manifest | None, list[Finding]]:
    """Return a pack's manifest (None where there is none to read) and all that is wrong with the pack.

    A file and its entry in the manifest can be changed together: what is verified is that nothing is lost or
    damaged, not who wrote it.

    Parameters
    ----------
    folder
        The pack.
    inputs
        What the pack should have been made from, as it is read now; the pack alone is verified without.
    """
    try:
        manifest = read_manifest(folder)
    except ManifestError as error:
        finding = Finding(
            severity="error",
            code="no_manifest",
            table=MANIFEST,
            message=str(error),
            hint="is this the folder of a pack?",
        )
        return None, [finding]
    found = [*_files(folder, manifest), *_totals(folder, manifest)]
    if inputs is not None:
        found += [*_inputs(inputs.sources, manifest.inputs), *_settings(inputs, manifest)]
    return manifest, found


def _files(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    """Hold the files that are there against those that were written; a link is no file of a pack."""
    there = {name for name in files_of(folder) if not is_half_written(name)}
    outputs = manifest.outputs | area_outputs(folder)
    for name, digest in outputs.items():
        if name not in there:
            yield Finding(severity="error", code="pack_missing", table=name, message="is not in the pack",
                          hint=f"was the pack copied whole? {RUN_AGAIN}")  # fmt: skip
        elif (folder / name).is_symlink() or (digest != UNKNOWN and file_hash(folder / name) != digest):
            yield Finding(severity="error", code="pack_changed", table=name, message="is not what was written",
                          hint=f"was it edited, or broken in a copy? {RUN_AGAIN}")  # fmt: skip
    for name in sorted(there - set(outputs) - {MANIFEST}):
        yield Finding(severity="error", code="pack_extra", table=name, message="is no part of the pack",
                      hint="move it to a folder of its own")  # fmt: skip


def _totals(folder: Path, manifest: Manifest) -> list[Finding]:
    """Hold the totals of the written tables against their parts, as before writing."""
    policy = POLICIES.get(manifest.settings.get("policy", ""))
    year = manifest.settings.get("finance.plan_year", "")
    if policy is None or not year.isdigit():
        return [
            Finding(
                severity="error",
                code="no_manifest",
                table=MANIFEST,
                column="settings",
                message="policy and finance.plan_year are not what a run writes",
                hint=RUN_AGAIN,
            )
        ]
    tables = dict(_tables(folder, manifest))
    focus = manifest.settings.get("focus", "")
    return [
        *figures_that_disagree(tables, policy=policy),
        *money_that_disagrees(tables, focus=focus, plan_year=int(year)),
    ]


def _tables(folder: Path, manifest: Manifest) -> Iterator[tuple[str, pd.DataFrame]]:
    """Read the tables that are there as they were written; of one that is broken nothing more need be said."""
    for name, digest in manifest.outputs.items():
        path = folder / name
        is_table = path.parent == folder / "tables" and path.suffix == ".parquet"
        if is_table and path.is_file() and file_hash(path) == digest:
            yield path.stem, pa.parquet.read_table(path).to_pandas()


def _inputs(now: Sequence[Source], then: Sequence[Input]) -> Iterator[Finding]:
    """Hold the inputs as they are now against those that the pack was made from."""
    read = {(source.table, source.name): source for source in now}
    used = {(one.table, one.name): one for one in then}
    for key, one in used.items():
        source = read.get(key)
        if source is None:
            yield _changed(one, "went into the pack, and is not among the inputs now")
        elif source.rows != one.rows:
            yield _changed(one, f"has {source.rows:,} rows, the pack was made from {one.rows:,}")
        elif not one.sha256:
            yield Finding(severity="note", code="input_not_compared", table=one.name,
                          message="only its rows: withheld counts have no hash in the manifest")  # fmt: skip
        elif source.sha256 != one.sha256:
            yield _changed(one, "is not the file that the pack was made from")
    for key, source in read.items():
        if key not in used:
            yield _changed(source, "is an input now, and did not go into the pack")


def _changed(source: Source | Input, message: str) -> Finding:
    return Finding(
        severity="error",
        code="input_changed",
        table=source.name,
        message=message,
        hint="run the analysis again, or give the workbook of its --assumptions here too",
    )


def _settings(inputs: Inputs, manifest: Manifest) -> Iterator[Finding]:
    """Hold the settings as they are now against those that the pack was made with."""
    now = {name: value for name, value, _ in described(inputs.settings)}
    for name in (*now, *(name for name in manifest.settings if name not in now)):
        before, after = manifest.settings.get(name), now.get(name)
        if before != after and name not in OF_THE_VIEW:
            yield Finding(
                severity="error",
                code="setting_changed",
                table="analysis.toml",
                column=name,
                value=str(after),
                message=f"the pack was made with {before!r}"
                if before is not None
                else "the pack knows no such setting",
                hint="run the analysis again, or give its --policy and --assumptions here too",
            )
