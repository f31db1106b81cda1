"""A run on Spark: rows read where they are, blocks computed on the workers, small tables brought back.

    rows -> groups counted and packed into blocks -> blocks computed and written -> small tables -> analysis

Every block is computed by the functions that a local run uses, and the peers go to each worker once. What a worker
loses with its machine is computed again elsewhere; what is written is complete or is not read.
"""

import warnings
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reports.contents import Source
from variation.analysis import Analysis
from variation.areas.tree import area_tree
from variation.checks.found import stop_on_errors, with_sheets
from variation.checks.periods import check_periods, with_read_periods
from variation.comparison.peering import Peering, bare, choose_peers
from variation.errors import Finding, InputError, VariationError
from variation.inputs import (
    Given,
    Inputs,
    assumed_of,
    check_places,
    read_tables,
    settled,
)
from variation.periods import period_end
from variation.policies import POLICIES
from variation.reading.cells import FILE, LINE
from variation.reading.findings import note_unknown_names
from variation.settings import Settings
from variation.spark.blocks import Shared
from variation.spark.brought import brought, found_in_rows
from variation.spark.rows import counted, read_rows
from variation.spark.session import session, told
from variation.spark.store import Store
from variation.spark.work import (
    BLOCK_ROWS,
    PART,
    compute_blocks,
    compute_series,
)
from variation.tables import (
    COMPLETENESS,
    INDICATORS,
)
from variation.version import VERSION

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from variation.packs.pack import Progress

# Rows of all indicators' latest period that one pack is made of: some 250 indicators of England's practices.
MOST_IN_A_PACK = 2_000_000

NO_ROWS = Finding(
    severity="error",
    code="no_rows",
    table=INDICATORS.name,
    message="there are no rows to compare: none belongs to an area of the areas table",
)
NOT_CHECKED = Finding(
    severity="note",
    code="not_checked",
    table=INDICATORS.name,
    message="on Spark figures are checked one by one, not against each other, and completeness is not told",
    hint="`variation check` does both on what one machine holds",
)


def analyse_on_spark(
    path: Path,
    results: str,
    *,
    assumptions: Path | None = None,
    policy: str | None = None,
    block_rows: int = BLOCK_ROWS,
    progress: "Progress" = lambda step: None,
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
    assumptions
        Workbook of an earlier pack in which finance has changed inputs.
    policy
        Disclosure policy in the place of that of the settings. Only one that withholds nothing: whether a count has
        to be withheld depends on all the others, which no worker has.
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
        given = read_tables(path, indicators_elsewhere=True)
        _refuse(given.settings, policy or given.settings.policy)
        for source in given.settings.tables.indicators:
            note_unknown_names(source, INDICATORS, given.findings)
        boundaries = None if given.lacking else check_places(given, given.settings)
        stop_on_errors(given.findings)
        spark = session()
        progress("counting rows")
        rows = read_rows(spark, given.settings.tables.indicators, path.parent)
        counts = counted(rows, _known(given))
        spelled, rows = _in_one_spelling(counts, rows, given.findings)
        inputs = _with_counts(given, spelled, counts, boundaries, assumptions, policy)
        return _analysed(spark, inputs, given, rows, spelled, results, block_rows, progress)


def _refuse(settings: Settings, policy: str) -> None:
    """Refuse what needs all rows of the table at once, in words."""
    if POLICIES[policy].hides:
        raise VariationError(
            f"analysis.toml: policy {policy} is not for --engine spark: whether a count has to be withheld depends on"
            " all the others\n  hint: --policy internal; or run what is to be published without --engine"
        )
    if settings.periods.pool or settings.periods.annualise:
        raise VariationError(
            "analysis.toml: periods.pool and periods.annualise are not for --engine spark\n"
            "  hint: prepare the periods with Spark, or run without --engine"
        )


def _known(given: Given) -> "pd.Series[str]":
    """Codes of areas that are compared, or have a successor that may be."""
    successors = given.tables["successors"]
    return pd.concat([frame["area"] for frame in (given.areas, successors) if len(frame)])


def _in_one_spelling(
    counts: pd.DataFrame, rows: "DataFrame", findings: list[Finding]
) -> tuple[pd.DataFrame, "DataFrame"]:
    """Give each period one spelling, in counts and rows; what names no indicator or period is an error."""
    unnamed = counts["indicator"].isna() | counts["period"].isna()
    if unnamed.any():
        findings.append(
            Finding(
                severity="error", code="empty", table=INDICATORS.name, column="indicator",
                message=f"indicator or period is empty in {int(counts.loc[unnamed, 'rows'].sum()):,} rows",
                hint="every row names its indicator and period",
            )
        )  # fmt: skip
    table = counts[~unnamed].copy()
    table[FILE], table[LINE] = INDICATORS.name, 0
    spelled = check_periods(table, findings) if len(table) else table
    changed = table["period"] != spelled["period"]
    plain = dict(zip(table.loc[changed, "period"], spelled.loc[changed, "period"], strict=True))
    if plain:
        rows = rows.replace(plain, subset=["period"])
    sums = spelled.groupby(["indicator", "period"], as_index=False)[["rows", "inside"]].sum()
    return sums, rows


def _with_counts(
    given: Given,
    spelled: pd.DataFrame,
    counts: pd.DataFrame,
    boundaries: pd.DataFrame | None,
    assumptions: Path | None,
    policy: str | None,
) -> Inputs:
    """Put what is known of the rows beside the tables: which indicators have any, how many, and their digest."""
    findings = given.findings
    if not spelled["inside"].sum():
        findings.append(NO_ROWS)
    settings = with_read_periods(given.settings, spelled, findings)
    stop_on_errors(findings)
    findings.append(NOT_CHECKED)
    tree = area_tree(given.areas)
    with_rows = spelled.loc[spelled["inside"] > 0, "indicator"]
    catalogue, assumed, edited = assumed_of(given, with_rows, assumptions, findings)
    source = Source(
        name=", ".join(name for one in settings.tables.indicators for name in one.file or ()),
        table=INDICATORS.name,
        rows=int(counts["rows"].sum()),
        sha256=sha256(counts.to_csv(index=False).encode()).hexdigest(),
    )
    if policy is not None:
        settings = settings.model_copy(update={"policy": policy})
    return Inputs(
        settings=settled(settings, tree, assumed),
        indicators=pd.DataFrame(columns=INDICATORS.names),
        catalogue=catalogue,
        areas=given.areas,
        listed_peers=given.tables["peers"],
        plan=given.plan,
        boundaries=given.tables["boundaries"] if boundaries is None else boundaries,
        assumptions=assumed,
        tree=tree,
        findings=tuple(with_sheets(findings)),
        sources=(source, *given.sources, *edited),
        completeness=pd.DataFrame(columns=COMPLETENESS.names),
    )


def _analysed(
    spark: "SparkSession",
    inputs: Inputs,
    given: Given,
    rows: "DataFrame",
    counts: pd.DataFrame,
    results: str,
    block_rows: int,
    progress: "Progress",
) -> Analysis:
    """Compute on the workers, bring back."""
    findings = list(inputs.findings)
    peerings = choose_peers(
        inputs.tree,
        inputs.settings.peers,
        seed=inputs.settings.seed,
        findings=findings,
        listed=inputs.listed_peers,
    )
    shared = _shared(inputs, given, peerings, counts)
    _refuse_more_than_a_pack(inputs, len(shared.latest))
    store = Store(spark, results.rstrip("/"), _fingerprint(shared, inputs.sources[0].sha256, peerings))
    with told(spark, f"comparing {len(counts):,} groups", progress):
        store.make(
            "blocks",
            lambda: compute_blocks(spark, rows, counts, shared, block_rows),
            partitions=[PART, "period"],
        )
    found = found_in_rows(store)
    if any(finding.severity == "error" for finding in found):
        raise InputError([*inputs.findings, *found])
    with told(spark, "following series", progress):
        store.make(
            "series", lambda: compute_series(spark, rows, counts, shared, block_rows), partitions=[PART]
        )
    progress("bringing tables back")
    return brought(store, inputs, rows, peerings, [*findings, *found], shared)


def _refuse_more_than_a_pack(inputs: Inputs, indicators: int) -> None:
    """Refuse before anything is computed what no driver could hold: a pack has every indicator's latest period."""
    rows = indicators * len(inputs.tree)
    if rows > MOST_IN_A_PACK:
        raise VariationError(
            f"tables.indicators: {indicators:,} indicators of {len(inputs.tree):,} areas are up to {rows:,} rows in"
            f" their latest period alone, and a pack holds {MOST_IN_A_PACK:,}\n"
            f"  hint: run some {MOST_IN_A_PACK // len(inputs.tree):,} indicators at a time:"
            ' filter = { INDICATOR = ["...", "..."] }'
        )


def _fingerprint(shared: Shared, rows: str, peerings: Mapping[str, Peering]) -> str:
    """Tell runs apart: the same rows, tables, settings and version give the same results."""
    parts = [VERSION, rows, shared.settings.model_dump_json()]
    frames = [shared.catalogue, shared.areas, shared.successors, *(one.peers for one in peerings.values())]
    return sha256("\n".join([*parts, *(frame.to_csv(index=False) for frame in frames)]).encode()).hexdigest()[
        :16
    ]


def _shared(inputs: Inputs, given: Given, peerings: dict[str, Peering], counts: pd.DataFrame) -> Shared:
    there = counts[counts["inside"] > 0]
    ends = there.assign(end=there["period"].map(lambda period: str(period_end(str(period)))))
    latest = ends.sort_values(["end", "period"], kind="stable").groupby("indicator")["period"].last()
    return Shared(
        settings=inputs.settings,
        sources=inputs.settings.tables.indicators,
        # Rows of an indicator that has none in these areas are checked too.
        catalogue=pd.concat([inputs.catalogue, given.catalogue]).drop_duplicates("indicator"),
        areas=inputs.areas,
        successors=given.tables["successors"],
        tree=inputs.tree,
        peerings=bare(peerings),
        latest={str(name): str(period) for name, period in latest.items()},
    )
