"""What comes back from the workers: findings, the small tables, and as much of the comparison as a driver holds."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from variation.analysis import Analysis, Made, assembled
from variation.comparison.peering import Peering
from variation.errors import Finding
from variation.inputs import Inputs
from variation.opportunity.rows import in_order
from variation.opportunity.sizing import BEYOND, Priced, below
from variation.opportunity.sizing_run import overlap_groups, sized_together
from variation.opportunity.totals import TotalDraws
from variation.periods import in_time
from variation.policies import POLICIES
from variation.spark.blocks import Shared, checked_rows
from variation.spark.store import Store, collected
from variation.spark.work import PAYLOAD, added_up, array_of, tested_together
from variation.tables import COMPARISON, INEQUALITY, SIGNIFICANCES, TREND, VARIATION, Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Rows of the comparison that a driver holds; of more, the latest periods come back, and larger areas if they fit.
MOST_BROUGHT = 5_000_000

# Findings of one kind that are brought back.
MOST_FINDINGS = 100


def found_in_rows(store: Store) -> list[Finding]:
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


def brought(
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
    deaths = collected(rows.where(sf.col("indicator") == settings.inequality.deaths)).to_pandas()
    known = inputs.catalogue["indicator"].eq(settings.inequality.deaths).any()
    indicators = checked_rows(deaths, shared)[0] if len(deaths) and known else inputs.indicators
    overlap = overlap_groups(inputs.catalogue)

    def interval(names: list[str]) -> NDArray[np.float64]:
        together = TotalDraws(overlap.iloc[:0])
        together.add({"": added_up(store.rows("blocks", "draws"), names)})
        return together.interval([])

    priced = Priced(
        opportunity=in_order(store.frames("blocks", "opportunity")),
        draws={},
        beyond=below(store.frames("blocks", "beyond"), BEYOND),
        focus_draws=_focus_draws(store),
    )
    made = Made(
        comparison=_comparison(store, shared, findings),
        variation=_sorted(store.frames("blocks", "variation"), VARIATION),
        sized=sized_together(priced, overlap, tree, interval),
        trend=_sorted(store.frames("series", "trend"), TREND),
        inequality=_sorted(store.frames("blocks", "inequality"), INEQUALITY),
    )
    return assembled(
        replace(inputs, indicators=indicators),
        peerings,
        made,
        None,
        POLICIES[settings.policy],
        findings=findings,
    )


def _focus_draws(store: Store) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Draws of the pack's own area by indicator and comparator."""
    found: dict[str, dict[str, NDArray[np.float64]]] = {}
    table = collected(store.rows("blocks", "focus").select("indicator", "comparator", PAYLOAD))
    for indicator, comparator, payload in zip(*(table[name] for name in table.column_names), strict=True):
        found.setdefault(indicator.as_py(), {})[comparator.as_py()] = array_of(payload)
    return found


def _sorted(frames: list[pd.DataFrame], spec: Table) -> pd.DataFrame:
    """Put the blocks' tables together in the order of indicators and, where there are periods, of time."""
    table = below(frames, spec.names)
    if "period" in table:
        return in_time(table)
    return table.sort_values("indicator", kind="stable", ignore_index=True)


def _comparison(store: Store, shared: Shared, findings: list[Finding]) -> pd.DataFrame:
    """Bring the comparison back, or what of it a driver holds, in the order of a local run."""
    rows = store.rows("blocks", "comparison").select(*COMPARISON.names)
    if shared.settings.comparison.false_discovery_rate is not None:
        rows = tested_together(rows, shared.settings.comparison.false_discovery_rate)
    rows = _what_fits(rows, shared, findings)
    frame = collected(rows.select(*COMPARISON.names)).to_pandas()
    for name in ("significance", "significance_998", "significance_rightcare"):
        frame[name] = pd.Categorical(frame[name], categories=SIGNIFICANCES)
    frame["rank"] = frame["rank"].astype("Int64")
    depth = {kind: place for place, kind in enumerate(shared.tree.kinds_by_depth)}
    order = np.lexsort((shared.tree.positions(frame["area"]), frame["kind"].map(depth)))
    return in_time(frame.iloc[order])


def _what_fits(rows: "DataFrame", shared: Shared, findings: list[Finding]) -> "DataFrame":
    """All rows; where a driver cannot hold them, each indicator's latest, and earlier ones of the larger areas."""
    from pyspark.sql import functions as sf

    of_kind = {one["kind"]: one["count"] for one in rows.groupBy("kind").count().collect()}
    if sum(of_kind.values()) <= MOST_BROUGHT:
        return rows
    latest = pa.table({"indicator": list(shared.latest), "latest": list(shared.latest.values())})
    rows = rows.join(sf.broadcast(rows.sparkSession.createDataFrame(latest)), "indicator")
    is_latest = sf.col("period") == sf.col("latest")
    held, whole = rows.where(is_latest).count(), []
    for kind in reversed(shared.tree.kinds_by_depth):
        held += of_kind.get(kind, 0)
        if held > MOST_BROUGHT:
            break
        whole.append(kind)
    findings.append(
        Finding(
            severity="note", code="not_all_brought", table=COMPARISON.name,
            message=f"of {sum(of_kind.values()):,} rows the pack has each indicator's latest period, and earlier"
            f" periods of {', '.join(whole) or 'no kind of area'} only",
            hint="all rows lie where Spark has written its results",
        )
    )  # fmt: skip
    return rows.where(sf.col("kind").isin(whole) | is_latest)
