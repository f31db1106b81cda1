"""A run on Spark: rows read where they are, blocks computed on the workers, small tables brought back.

    rows -> groups counted and packed into blocks -> blocks computed and written -> small tables -> analysis

Every block is computed by the functions that a local run uses, and the peers go to each worker once. What a worker
loses with its machine is computed again elsewhere; what is written is complete or is not read.
"""

import warnings
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from reports.contents import Source
from variation.analysis import Analysis, assembled
from variation.blocks import Shared, checked_rows
from variation.errors import Finding, InputError
from variation.inputs import Inputs, read_inputs, stop_on_errors, with_figures
from variation.peering import Peering, choose_peers
from variation.periods import period_end
from variation.sizing import in_order
from variation.spark.rows import counted, read_rows
from variation.spark.session import session, told
from variation.spark.store import Store
from variation.spark.work import BLOCK_ROWS, PART, added_up, compute_blocks, compute_series, tested_together
from variation.tables import COMPARISON, SIGNIFICANCES
from variation.totals import TotalDraws, totals
from variation.version import VERSION

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from variation.pack import Progress

# Rows of the comparison that are brought back whole; of more, those of the latest periods and of the larger areas.
MOST_BROUGHT = 5_000_000

# Findings of one kind that are brought back.
MOST_FINDINGS = 100


def analyse_on_spark(
    path: Path, results: str, *, block_rows: int = BLOCK_ROWS, progress: "Progress" = lambda step: None
) -> Analysis:
    """Analyse what ``analysis.toml`` names with the indicators read, and their comparison written, by Spark.

    Parameters
    ----------
    path
        The settings. ``tables.indicators`` names Parquet or CSV files or folders, ``table:catalog.schema.name``, or
        addresses that Spark can read (``abfss://``, ``s3://``, ``dbfs:/``).
    results
        Folder or address for what the workers write: ``part=comparison`` by period, and the small tables. A run with
        the same inputs goes on from what an interrupted one has finished there.
    block_rows
        Rows that a worker has in hand at once; the result is the same with any number.
    progress
        Called with the name of each step.

    Raises
    ------
    VariationError
        Where settings or rows cannot be used, or Spark does not start.
    """
    with warnings.catch_warnings():
        # Its bridge to pandas is what that is about; all tables go through Arrow here.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        return _analysed(
            read_inputs(path, indicators_elsewhere=True), path.parent, results, block_rows, progress
        )


def _analysed(inputs: Inputs, folder: Path, results: str, block_rows: int, progress: "Progress") -> Analysis:
    """Count, compute, bring back."""
    spark = session()
    progress("counting rows")
    rows = read_rows(spark, inputs.settings.tables.indicators, folder)
    counts = counted(rows)
    inputs, findings = _with_counts(inputs, counts)
    peerings = choose_peers(
        inputs.tree,
        inputs.settings.peers,
        seed=inputs.settings.seed,
        findings=findings,
        listed=inputs.listed_peers,
    )
    shared = _shared(inputs, peerings, counts)
    store = Store(spark, results.rstrip("/"), _fingerprint(inputs, counts))
    with told(spark, f"comparing {len(counts):,} groups", progress):
        store.make(
            "blocks",
            lambda: compute_blocks(spark, rows, counts, shared, block_rows),
            partitions=[PART, "period"],
        )
    found = _findings(store)
    if any(finding.severity == "error" for finding in found):
        raise InputError([*inputs.findings, *found])
    with told(spark, "following series", progress):
        store.make(
            "series", lambda: compute_series(spark, rows, counts, shared, block_rows), partitions=[PART]
        )
    progress("bringing tables back")
    return _brought(spark, store, inputs, rows, peerings, [*findings, *found], shared)


def _with_counts(inputs: Inputs, counts: pd.DataFrame) -> tuple[Inputs, list[Finding]]:
    """Put what is known of the rows into the inputs: which indicators have any, how many, and their digest."""
    findings = list(inputs.findings)
    if not len(counts):
        findings.append(
            Finding(
                severity="error", code="no_rows", table="indicators", message="there are no rows to compare"
            )
        )
    stop_on_errors(findings)
    source = Source(
        name=", ".join(name for one in inputs.settings.tables.indicators for name in one.file),
        table="indicators",
        rows=int(counts["rows"].sum()),
        sha256=sha256(counts.to_csv(index=False).encode()).hexdigest(),
    )
    catalogue = with_figures(inputs.catalogue, counts["indicator"])
    return replace(inputs, catalogue=catalogue, sources=(source, *inputs.sources)), findings


def _fingerprint(inputs: Inputs, counts: pd.DataFrame) -> str:
    """Tell runs apart: the same rows, tables, settings and version give the same results."""
    parts = [VERSION, counts.to_csv(index=False), inputs.settings.model_dump_json()]
    parts += [frame.to_csv(index=False) for frame in (inputs.catalogue, inputs.areas, inputs.listed_peers)]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def _shared(inputs: Inputs, peerings: dict[str, Peering], counts: pd.DataFrame) -> Shared:
    ends = counts.assign(end=counts["period"].map(lambda period: str(period_end(str(period)))))
    latest = ends.sort_values(["end", "period"], kind="stable").groupby("indicator")["period"].last()
    bare = {
        kind: replace(one, peers=one.peers.head(0), fit=one.fit.head(0)) for kind, one in peerings.items()
    }
    return Shared(
        settings=inputs.settings,
        catalogue=inputs.catalogue,
        areas=inputs.areas,
        tree=inputs.tree,
        peerings=bare,
        latest={str(name): str(period) for name, period in latest.items()},
    )


def _findings(store: Store) -> list[Finding]:
    """What was found in the rows of all blocks: each kind of finding so many times, in one order."""
    frames = store.frames("blocks", "findings")
    if not frames:
        return []
    table = pd.concat(frames, ignore_index=True).drop(columns="row").drop_duplicates()
    table = (
        table.sort_values(list(table.columns), kind="stable")
        .groupby(["severity", "code"])
        .head(MOST_FINDINGS)
    )
    return [Finding(**{str(k): v for k, v in record.items()}) for record in table.to_dict("records")]


def _brought(
    spark: "SparkSession",
    store: Store,
    inputs: Inputs,
    rows: "DataFrame",
    peerings: dict[str, Peering],
    findings: list[Finding],
    shared: Shared,
) -> Analysis:
    """Put the analysis together from what the workers have written."""
    from pyspark.sql import functions as sf

    settings, tree = inputs.settings, inputs.tree
    deaths = rows.where(sf.col("indicator") == settings.inequality.deaths).toArrow().to_pandas()
    known = inputs.catalogue["indicator"].eq(settings.inequality.deaths).any()
    indicators = checked_rows(deaths, shared)[0] if len(deaths) and known else inputs.indicators
    overlap = inputs.catalogue.set_index("indicator")["overlap_group"]
    opportunity = in_order(store.frames("blocks", "opportunity"), overlap, tree)

    def interval(names: list[str]) -> NDArray[np.float64]:
        together = TotalDraws(overlap.iloc[:0])
        together.add({"": added_up(store.rows("blocks", "draws"), names)})
        return together.interval([])

    return assembled(
        replace(inputs, indicators=indicators),
        peerings,
        comparison=_comparison(store, shared),
        variation=_sorted(store.frames("blocks", "variation"), ["indicator", "period"]),
        opportunity=opportunity,
        totals=totals(opportunity, overlap, tree, interval),
        trend=_sorted(store.frames("series", "trend"), ["indicator"]),
        inequality=_sorted(store.frames("blocks", "inequality"), ["indicator", "period"]),
        findings=findings,
    )


def _sorted(frames: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)] or frames
    return pd.concat(filled, ignore_index=True).sort_values(keys, kind="stable", ignore_index=True)


def _comparison(store: Store, shared: Shared) -> pd.DataFrame:
    """Bring the comparison back: all of it; where that is much, the latest periods and the areas above the finest."""
    from pyspark.sql import functions as sf

    rows = store.rows("blocks", "comparison").select(*COMPARISON.names)
    if shared.settings.comparison.false_discovery_rate is not None:
        rows = tested_together(rows, shared.settings.comparison.false_discovery_rate)
    if rows.count() > MOST_BROUGHT:
        finest = shared.tree.kinds_by_depth[0]
        latest = store.spark.createDataFrame(
            pa.table({"indicator": list(shared.latest), "latest": list(shared.latest.values())})
        )
        rows = rows.join(sf.broadcast(latest), "indicator")
        rows = rows.where((sf.col("kind") != finest) | (sf.col("period") == sf.col("latest")))
    frame = rows.select(*COMPARISON.names).toArrow().to_pandas()
    for name in ("significance", "significance_998", "significance_rightcare"):
        frame[name] = pd.Categorical(frame[name], categories=SIGNIFICANCES)
    frame["rank"] = frame["rank"].astype("Int64")
    depth = {kind: place for place, kind in enumerate(shared.tree.kinds_by_depth)}
    order = np.lexsort(
        (shared.tree.positions(frame["area"]), frame["kind"].map(depth), frame["period"], frame["indicator"])
    )
    return frame.iloc[order].reset_index(drop=True)
