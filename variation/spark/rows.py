"""The rows as Spark reads them: our columns, and how many each indicator and period has."""

from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from variation.errors import VariationError
from variation.settings.table_source import TableSource
from variation.spark.blocks import SOURCE
from variation.tables import INDICATORS

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

# Keys of a source that hold where Spark reads; how numbers are written (``decimal`` and the like) is read by the
# workers as in a local run.
HERE = frozenset(
    (
        "file", "folder", "encoding", "separator", "missing", "suppressed", "decimal", "thousands", "percent",
        "filter", "drop", "columns", "values", "scale",
    )
)  # fmt: skip


def read_rows(spark: "SparkSession", sources: tuple[TableSource, ...], folder: Path) -> "DataFrame":
    """Give the rows of all sources, with our column names and the source's number; keys without spaces around."""
    from pyspark.sql import functions as sf

    parts = [
        _source(spark, source, folder).withColumn(SOURCE, sf.lit(number))
        for number, source in enumerate(sources)
    ]
    return reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), parts)


def _source(spark: "SparkSession", source: TableSource, folder: Path) -> "DataFrame":
    from pyspark.sql import functions as sf

    for name, key in TableSource.model_fields.items():
        if name not in HERE and getattr(source, name) != key.default:
            raise VariationError(
                f"analysis.toml: tables.indicators.{name} is not for --engine spark\n"
                "  hint: prepare the table with Spark, or run without --engine"
            )
    frame = _opened(spark, source, folder)
    for heading, kept in source.filter.items():
        frame = frame.where(_words(heading).isin(list(kept)))
    for heading, left_out in source.drop.items():
        frame = frame.where(~_words(heading).isin(list(left_out)))
    there = set(frame.columns)
    wanted = {name: source.columns.get(name, name) for name in INDICATORS.names}
    asked = {*INDICATORS.required, *source.columns, *source.scale}
    absent = [n for n in wanted if n in asked and wanted[n] not in there and n not in source.values]
    if absent:
        raise VariationError(
            f"analysis.toml: tables.indicators: missing columns {', '.join(absent)}\n"
            f'  found: {", ".join(sorted(there))}\n  hint: map them: columns = {{ {absent[0]} = "HEADING" }}'
        )
    if not {wanted["numerator"], wanted["value"]} & there:
        raise VariationError(
            f"analysis.toml: tables.indicators: missing columns numerator and denominator, or value\n"
            f'  found: {", ".join(sorted(there))}\n  hint: map them: columns = {{ numerator = "HEADING" }}'
        )
    text = {column.name for column in INDICATORS if column.type == "text"}
    columns = []
    for name, heading in wanted.items():
        if name in source.values:
            column = sf.lit(source.values[name])
        elif heading in there:
            column = sf.col(f"`{heading}`")
        else:
            continue
        if name in text:
            column = sf.trim(column.cast("string"))
        columns.append(column.alias(name))
    return frame.select(columns)


def _words(heading: str) -> "Column":
    """Cells as texts without spaces around them; "" where empty."""
    from pyspark.sql import functions as sf

    return sf.coalesce(sf.trim(sf.col(f"`{heading}`").cast("string")), sf.lit(""))


def _opened(spark: "SparkSession", source: TableSource, folder: Path) -> "DataFrame":
    """Open files, folders, addresses or a table that the session knows."""
    frames = []
    for name in source.file or ():
        if name.startswith("table:"):
            frames.append(spark.table(name.removeprefix("table:")))
            continue
        remote = ":/" in name
        where = name if remote else str((folder / source.folder / name).absolute())
        if name.lower().endswith((".csv", ".csv.gz")):
            reader = spark.read.option("header", True).option("sep", source.separator)
            frames.append(reader.option("encoding", source.encoding).csv(where))
        elif name.lower().endswith((".xlsx", ".xls", ".ods")):
            raise VariationError(
                f"{name}: Spark reads Parquet, CSV and tables\n  hint: run without --engine spark"
            )
        else:
            frames.append(_parquet(spark, where, name))
    first, *others = frames
    for other in others:
        first = first.unionByName(other, allowMissingColumns=True)
    return first


def _parquet(spark: "SparkSession", where: str, name: str) -> "DataFrame":
    from pyspark.errors import AnalysisException

    try:
        return spark.read.parquet(where)
    except AnalysisException as error:
        raise VariationError(f"{name}: cannot be read as Parquet: {str(error).splitlines()[0]}") from None


def counted(rows: "DataFrame", areas: pd.Series) -> pd.DataFrame:
    """Count the rows of every indicator and period, and those of them that are of the ``areas``.

    With a sum of hashes that tells whether the rows changed.
    """
    from pyspark.sql import functions as sf

    hashed = sf.sum(sf.xxhash64(*[sf.col(name) for name in sorted(rows.columns)]).cast("decimal(38,0)"))
    known = rows.sparkSession.createDataFrame(pa.table({"area": areas.unique().astype(str)}))
    known = known.withColumn("inside", sf.lit(1))
    placed = rows.join(sf.broadcast(known), "area", "left")
    inside = sf.count(sf.col("inside"))
    found = placed.groupBy("indicator", "period").agg(
        sf.count(sf.lit(1)).alias("rows"), inside.alias("inside"), hashed.alias("hash")
    )
    table = found.toArrow().to_pandas().astype({"hash": str})
    return table.sort_values(["indicator", "period"], ignore_index=True)
