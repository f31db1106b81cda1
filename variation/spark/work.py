"""What Spark's workers do: the blocks' tables by the functions of a local run, laid out as Spark can write them."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from variation.comparison.compare import after_many_tests
from variation.opportunity.totals import Pence
from variation.spark.blocks import BlockTables, Shared, block_tables, series_table
from variation.tables import COMPARISON

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Rows of a block: some seconds of work, some 50 MB in a worker. A group that has more is a block of its own.
BLOCK_ROWS = 250_000

# Sizing a group takes as long as comparing so many, and its draws and tables as much memory.
SIZING = 8

# Rows of what goes from a worker to Java at once, and of a small table in one cell: some 10 MB of it.
ROWS_AT_ONCE = 20_000

# Columns of what the blocks write: the comparison, and in rows of their own the small tables as bytes.
PART, PAYLOAD = "part", "payload"
_TYPES = {"text": "string", "number": "double", "whole": "bigint", "flag": "boolean"}


def pack_blocks(rows: NDArray[np.int64], most: int) -> NDArray[np.int32]:
    """Number the block of each group: neighbours together until a block would have more than ``most`` rows.

    >>> pack_blocks(np.array([4, 4, 4, 30, 1, 1]), 10)
    array([0, 0, 1, 2, 3, 3], dtype=int32)
    """
    block, filled, number = np.zeros(len(rows), dtype=np.int32), 0, 0
    for place, own in enumerate(rows.tolist()):
        if filled and filled + own > most:
            number, filled = number + 1, 0
        filled += own
        block[place] = number
    return block


def _in_blocks(spark: "SparkSession", rows: "DataFrame", keys: pd.DataFrame) -> Any:
    """Bring all rows of each block together; ``keys`` gives the block of each group."""
    from pyspark.sql import functions as sf

    numbers = spark.createDataFrame(pa.Table.from_pandas(keys, preserve_index=False))
    blocks = int(keys["block"].max()) + 1
    placed = rows.join(sf.broadcast(numbers), [name for name in keys.columns if name != "block"])
    # By hash, some tasks would have three blocks and some none.
    return placed.repartitionById(blocks, "block").groupBy("block")


def compute_blocks(
    spark: "SparkSession", rows: "DataFrame", counts: pd.DataFrame, shared: Shared, most: int
) -> "DataFrame":
    """Compute the tables of all blocks of (indicator, period) groups, of ``most`` rows each where that can be."""
    # Periods together: what a block writes falls into few folders, and so into few files.
    groups = counts.sort_values(["period", "indicator"], kind="stable")
    sized = groups["period"] == (shared.settings.opportunity.period or groups["indicator"].map(shared.latest))
    work = groups["rows"].to_numpy() * np.where(sized, SIZING, 1)
    keys = groups[["indicator", "period"]].assign(block=pack_blocks(work, most))
    sent = _sent(spark, shared)
    names = rows.columns

    def compute(table: pa.Table) -> pa.Table:
        return written(block_tables(table.select(names).to_pandas(), sent()))

    columns = [f"{column.name} {_TYPES[column.type]}" for column in COMPARISON]
    schema = ", ".join([*columns, f"{PART} string", f"{PAYLOAD} binary"])
    return _in_blocks(spark, rows, keys).applyInArrow(compute, schema)


def compute_series(
    spark: "SparkSession", rows: "DataFrame", counts: pd.DataFrame, shared: Shared, most: int
) -> "DataFrame":
    """Compute the trends, for which all periods of an indicator must be together."""
    by_indicator = counts.groupby("indicator", sort=True)["rows"].sum().reset_index()
    keys = by_indicator[["indicator"]].assign(block=pack_blocks(by_indicator["rows"].to_numpy(), most))
    sent = _sent(spark, shared)
    names = rows.columns

    def compute(table: pa.Table) -> pa.Table:
        trend = series_table(table.select(names).to_pandas(), sent())
        return pa.table({PART: ["trend"], PAYLOAD: [_bytes(trend)]})

    return _in_blocks(spark, rows, keys).applyInArrow(compute, f"{PART} string, {PAYLOAD} binary")


def _sent(spark: "SparkSession", shared: Shared) -> Any:
    """Send what is shared to each worker once; where there is no broadcast (Spark Connect), with each task."""
    try:
        value = spark.sparkContext.broadcast(shared)
    except Exception:  # Connect has no context, and says so with an error of its own
        return lambda: shared
    return lambda: value.value


def written(tables: BlockTables) -> pa.Table:
    """Lay a block's tables out as one: the rows of the comparison, and a row for each small table."""
    comparison = tables.comparison.cast(_plain_schema(tables.comparison.schema))
    comparison = comparison.append_column(PART, pa.array(["comparison"] * len(comparison), pa.string()))
    comparison = comparison.append_column(PAYLOAD, pa.nulls(len(comparison), pa.binary()))
    found = pd.DataFrame([vars(finding) for finding in tables.findings])
    small = {
        "variation": tables.variation,
        "opportunity": tables.priced.opportunity,
        "beyond": tables.priced.beyond,
        "inequality": tables.inequality,
        "findings": found,
    }
    rows: list[dict[str, object]] = [
        {PART: name, PAYLOAD: _bytes(frame[start : start + ROWS_AT_ONCE])}
        for name, frame in small.items()
        for start in range(0, len(frame), ROWS_AT_ONCE)
    ]
    rows += [
        {"indicator": name, PART: "draws", PAYLOAD: _array(own)} for name, own in tables.priced.draws.items()
    ]
    rows += [
        {"indicator": name, "comparator": comparator, PART: "focus", PAYLOAD: _array(own)}
        for name, by_comparator in tables.priced.focus_draws.items()
        for comparator, own in by_comparator.items()
    ]
    # In pieces: Java holds one at a time, and has it in more than one form.
    pieces = comparison.to_batches(ROWS_AT_ONCE)
    pieces += [pa.RecordBatch.from_pylist([row], schema=comparison.schema) for row in rows]
    return pa.Table.from_batches(pieces, comparison.schema)


def _plain_schema(schema: pa.Schema) -> pa.Schema:
    """Types that Spark knows: words for categories, and text with short offsets."""

    def plain(kind: pa.DataType) -> pa.DataType:
        words = pa.types.is_dictionary(kind) or pa.types.is_large_string(kind)
        return pa.string() if words else kind

    return pa.schema([pa.field(field.name, plain(field.type)) for field in schema])


def _bytes(frame: pd.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def _array(draws: NDArray[Any]) -> bytes:
    buffer = BytesIO()
    np.save(buffer, draws, allow_pickle=False)
    return buffer.getvalue()


def array_of(payload: pa.Scalar) -> NDArray[Any]:
    """Read what ``written`` has made of an array."""
    return np.load(BytesIO(payload.as_py()), allow_pickle=False)


def added_up(draws: "DataFrame", indicators: list[str]) -> Pence:
    """Sum the draws of some indicators where they are: whole pence, so that no order of adding changes them."""
    from pyspark.sql import functions as sf

    def partly(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        total: Any = None
        for batch in batches:
            for payload in batch.column(PAYLOAD):
                own = array_of(payload)
                total = own if total is None else total + own
        if total is not None:
            yield pa.RecordBatch.from_pydict({PAYLOAD: [_array(total)]})

    drawn = draws.where(sf.col("indicator").isin(indicators)).select(PAYLOAD)
    parts = drawn.coalesce(8).mapInArrow(partly, f"{PAYLOAD} binary").toArrow()[PAYLOAD]
    return np.asarray(sum(array_of(part) for part in parts), dtype=np.int64)


def tested_together(rows: "DataFrame", rate: float) -> "DataFrame":
    """Test all indicators of an area in a period at once, areas spread over the workers."""
    from pyspark.sql import functions as sf

    def tested(table: pa.Table) -> pa.Table:
        frame = table.select(COMPARISON.names).to_pandas()
        frame["significance"] = after_many_tests(frame, rate)
        return pa.Table.from_pandas(frame, preserve_index=False)

    spread = rows.withColumn("spread", sf.pmod(sf.xxhash64("area"), sf.lit(64)))
    schema = ", ".join(f"{column.name} {_TYPES[column.type]}" for column in COMPARISON)
    return spread.groupBy("period", "spread").applyInArrow(tested, schema)
