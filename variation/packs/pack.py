"""The pack: an analysis written as workbook, charts, page, booklet and tables, whole or not at all."""

import codecs
import shutil
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from reports.chartbook import draw
from reports.contents import Contents, Setting, Source
from reports.picture import Picture
from reports.processes import Processes
from reports.words import FORMULA_STARTS, not_a_formula
from variation.analysis import Analysis
from variation.methods import methods
from variation.opportunity.totals import HEADLINE
from variation.packs.agreement import stop_unless_they_agree
from variation.packs.area_packs import FOLDER
from variation.packs.finance import finance_of
from variation.packs.manifest import write_manifest
from variation.packs.ready import MODULES, PICTURED, needs_pictures
from variation.packs.whole_folder import Place, replaced_folder, reserved
from variation.periods import period_end
from variation.policies import Policy
from variation.settings import Output, described
from variation.tables import AREAS, CATALOGUE, INDICATORS, OUTPUTS, PLAN
from variation.version import VERSION

# Significant figures of a number in a CSV file: enough for any sheet, a third of the bytes.
CSV_FIGURES = 8

Progress = Callable[[str], None]


def contents_of(analysis: Analysis) -> Contents:
    """Put the analysis into the form that the writers take."""
    inputs, settings = analysis.inputs, analysis.inputs.settings
    periods = analysis.comparison["period"].unique()
    latest = max(periods, key=lambda period: (period_end(period), period)) if len(periods) else ""
    made = settings.made or period_end(latest)
    areas, catalogue = (_without_places(frame) for frame in (inputs.areas, inputs.catalogue))
    return Contents(
        title=settings.title,
        subtitle=settings.subtitle,
        notice=settings.notice,
        banner=analysis.policy.banner,
        made=datetime.combine(made, time()),
        version=VERSION,
        period=latest,
        focus=settings.focus,
        comparison=analysis.comparison,
        variation=analysis.variation,
        peers=analysis.peers,
        peer_fit=analysis.peer_fit,
        opportunity=analysis.opportunity,
        totals=analysis.totals,
        ledger=analysis.ledger,
        savings=analysis.finance.savings,
        chain=analysis.finance.chain,
        scheme_savings=analysis.finance.schemes,
        trend=analysis.trend,
        inequality=analysis.inequality,
        life_expectancy=analysis.life_expectancy,
        plan=analysis.plan,
        completeness=analysis.completeness,
        findings=analysis.findings,
        catalogue=catalogue,
        areas=areas,
        boundaries=inputs.boundaries,
        dictionary=dictionary(),
        sources=_sources(inputs.sources, analysis.policy),
        settings=tuple(Setting(name=n, value=v, meaning=m) for n, v, m in described(settings)),
        methods=tuple(method.in_pack for method in methods()),
        headline_mode=HEADLINE[0],
        headline_comparator=HEADLINE[1],
        attribution=settings.attribution,
        finance=finance_of(analysis),
    )


def _sources(sources: tuple[Source, ...], policy: Policy) -> tuple[Source, ...]:
    """Leave out the hash of files with counts where some are withheld: it would tell which guess is right."""
    if not policy.hides:
        return sources
    of_counts = {source.name for source in sources if source.table == INDICATORS.name}
    return tuple(replace(one, sha256="") if one.name in of_counts else one for one in sources)


def _without_places(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the columns that say which file and line a row is from."""
    return frame.loc[:, ~frame.columns.str.startswith("_")]


def dictionary() -> pd.DataFrame:
    """Every column of every table that a pack carries: table, column, unit, meaning."""
    rows = [
        (table.name, column.name, column.unit, column.meaning)
        for table in (*OUTPUTS, PLAN, CATALOGUE, AREAS)
        for column in table
    ]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning"])


def write_pack(
    analysis: Analysis,
    out: Path | Place,
    *,
    outputs: tuple[Output, ...] | None = None,
    progress: Progress = lambda step: None,
    workers: int = 1,
    beside: Processes | None = None,
    areas: bool = False,
) -> Path:
    """Write the pack to the folder ``out`` (or a place reserved there); a failing run leaves the last good one.

    Where packs of single ``areas`` are to lie in it, those of the last pack stay, and the page leads to them; else
    they go with all that stood there.

    With several ``workers`` (or processes that stand ready ``beside``) the pictures are drawn in processes of their
    own; the bytes are the same. A script that asks for them needs ``if __name__ == "__main__"``.

    Raises
    ------
    VariationError
        If ``out`` is something else than a pack of ours or may not be written, or totals do not agree.
    """
    settings = analysis.inputs.settings
    chosen = outputs or settings.pack.outputs
    contents = contents_of(analysis)
    if areas:
        contents = replace(contents, packs_of_areas=f"{FOLDER}/index.html")
    with ExitStack() as held:
        place = out if isinstance(out, Place) else held.enter_context(reserved(out))
        if beside is None and workers > 1 and needs_pictures(chosen):
            beside = held.enter_context(Processes(workers, modules=MODULES))
        # Left the other way round: the folder goes first where a run ends early, so that nobody draws on.
        waiting = held.enter_context(ThreadPoolExecutor(1))
        folder = held.enter_context(replaced_folder(place, kept=(FOLDER,) if areas else ()))
        pictured = None
        if needs_pictures(chosen):
            progress(shown := ", ".join(name for name in PICTURED if name in chosen))
            top = settings.pack.top_indicators
            pictured = waiting.submit(_write_pictured, contents, folder, chosen, top=top, beside=beside)
            if beside is None:
                pictured.result()
        # Beside the drawing: nothing takes its place until all is written.
        stop_unless_they_agree(
            tables_of(contents),
            policy=analysis.policy,
            focus=settings.focus,
            plan_year=settings.finance.plan_year,
        )
        _write_tables_and_workbook(contents, folder, chosen, progress)
        if pictured is not None:
            progress(shown)
            pictured.result()
        _mark(contents, folder)
        progress("manifest")
        write_manifest(contents, folder)
    return out.out if isinstance(out, Place) else out


def _write_tables_and_workbook(
    contents: Contents, folder: Path, chosen: Collection[Output], progress: Progress
) -> None:
    if "tables" in chosen:
        progress("tables")
        write_tables(contents, folder / "tables")
    if "excel" in chosen:
        from reports.workbook import write_workbook

        progress("workbook")
        write_workbook(contents, folder / "variation-pack.xlsx")


def _write_pictured(
    contents: Contents, folder: Path, chosen: Collection[Output], *, top: int, beside: Processes | None
) -> None:
    """Draw the pictures, which takes longest, and write the page and the booklet that show them."""
    pictures = draw(contents, folder / "charts", top=top, beside=beside)
    written: dict[Output, Callable[..., None]] = {"booklet": _write_booklet, "page": _write_page}
    writing = [
        partial(write, contents, pictures, folder) for name, write in written.items() if name in chosen
    ]
    if beside is None:
        for write in writing:
            write()
    else:
        beside.write_into(folder, writing)
    if "charts" not in chosen:
        shutil.rmtree(folder / "charts")


def _write_booklet(contents: Contents, pictures: tuple[Picture, ...], folder: Path) -> None:
    from reports.booklet import write_booklet

    write_booklet(contents, pictures, folder / "booklet.pdf")


def _write_page(contents: Contents, pictures: tuple[Picture, ...], folder: Path) -> None:
    from reports.page import write_page

    write_page(contents, pictures, folder / "index.html")


def _mark(contents: Contents, folder: Path) -> None:
    """Lay the policy's marking beside the files that cannot carry it themselves: CSV has no place for it."""
    if contents.banner:
        for part in ("tables", "charts"):
            if (folder / part).is_dir():
                said = f"{contents.banner}: every file of this folder.\n"
                (folder / part / "MARKING.txt").write_text(said, encoding="utf-8", newline="\n")


def tables_of(contents: Contents) -> dict[str, pd.DataFrame]:
    """Every finished table by its name, and the plan, catalogue and areas that they speak of."""
    tables = {table.name: getattr(contents, table.name) for table in OUTPUTS}
    return tables | {"plan": contents.plan, "catalogue": contents.catalogue, "areas": contents.areas}


def write_tables(contents: Contents, folder: Path) -> None:
    """Write every finished table as Parquet and as CSV (UTF-8 with a mark, so that Excel reads it)."""
    folder.mkdir()
    for name, frame in (tables_of(contents) | {"dictionary": contents.dictionary}).items():
        _write_parquet(frame, folder / f"{name}.parquet", marking=contents.banner)
        with (folder / f"{name}.csv").open("wb") as stream:
            stream.write(codecs.BOM_UTF8)
            pa.csv.write_csv(
                pa.Table.from_pandas(_for_spreadsheets(frame), preserve_index=False),
                stream,
                pa.csv.WriteOptions(quoting_style="needed"),
            )


def _write_parquet(frame: pd.DataFrame, path: Path, *, marking: str) -> None:
    """Write a table as Parquet, with the policy's marking among what the file says of itself."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    if marking:
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"marking": marking.encode()})
    pa.parquet.write_table(table, path)


def _for_spreadsheets(frame: pd.DataFrame) -> pd.DataFrame:
    """Round numbers to a CSV's figures and let no text begin a formula; the Parquet has all as it is."""
    numbers = frame.select_dtypes("float")
    values = numbers.to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        places = CSV_FIGURES - 1 - np.floor(np.log10(np.abs(values)))
        scale = 10.0 ** np.clip(
            np.where(np.isfinite(places), places, 0), -300, 300
        )  # a p-value may be 1e-310
    shortened = frame.copy()
    shortened[numbers.columns] = np.round(values * scale) / scale
    categories = frame.select_dtypes("category").columns
    shortened[categories] = frame[categories].astype(str)
    for name in shortened.select_dtypes(["object", "str"]).columns:
        words = shortened[name].astype("str")
        risky = words.str.startswith(FORMULA_STARTS).fillna(False).astype(bool)
        if risky.any():
            shortened[name] = shortened[name].where(~risky, "'" + words)
    return shortened.rename(columns=not_a_formula)
