"""Results under one address, by what they were made from: what is finished is not done again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from variation.spark.work import PART, PAYLOAD
from variation.tables import COMPARISON

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


# A folder's name is a word, which Spark would else read as a date or a number where it looks like one.
FOLDERS_AS_WORDS = ("spark.sql.sources.partitionColumnTypeInference.enabled", "false")

# Folders that a worker writes into at once. Without it every row is sorted by its folder before it is written.
OPEN_AT_ONCE = ("spark.sql.maxConcurrentOutputFileWriters", "100")

# Bytes of files that a task reads: what it sends is some times that, and the driver's heap is often small.
SMALL_PIECES = ("spark.sql.files.maxPartitionBytes", str(16 * 2**20))

# Hardly any figure is there twice: looking each up in a dictionary costs more than it saves.
PLAIN_FIGURES = {
    f"parquet.enable.dictionary#{column.name}": "false" for column in COMPARISON if column.type == "number"
}


class Store:
    """Results under one address, by what they were made from: a finished step is not done again."""

    def __init__(self, spark: "SparkSession", address: str, fingerprint: str) -> None:
        self.spark, self.address = spark, f"{address}/{fingerprint}"

    def make(self, name: str, frame: Callable[[], "DataFrame"], *, partitions: list[str]) -> None:
        """Compute and write a step, unless it is there whole."""
        if self._is_done(name):
            return
        with _option(self.spark, *OPEN_AT_ONCE):
            written = frame().write.mode("overwrite").options(**PLAIN_FIGURES).partitionBy(*partitions)
            written.parquet(f"{self.address}/{name}")
        # A step is there when this mark is: not every store has files that appear all at once.
        self.spark.range(1).write.mode("overwrite").parquet(f"{self.address}/{name}.done")

    def _is_done(self, name: str) -> bool:
        from pyspark.errors import AnalysisException

        try:
            return self.spark.read.parquet(f"{self.address}/{name}.done").count() == 1
        except AnalysisException:
            return False

    def rows(self, name: str, part: str) -> "DataFrame":
        """Rows of one part of a step."""
        from pyspark.sql import functions as sf

        reader = self.spark.read.option("basePath", f"{self.address}/{name}")
        with _option(self.spark, *FOLDERS_AS_WORDS):
            return reader.parquet(f"{self.address}/{name}").where(sf.col(PART) == part)

    def frames(self, name: str, part: str) -> list[pd.DataFrame]:
        """Small tables of one part, as the blocks made them."""
        payloads = collected(self.rows(name, part).select(PAYLOAD))[PAYLOAD]
        return [pa.ipc.open_stream(payload.as_buffer()).read_pandas() for payload in payloads]


def collected(frame: "DataFrame") -> pa.Table:
    """Bring rows to the driver, which holds a few pieces of files at once and not a few files."""
    with _option(frame.sparkSession, *SMALL_PIECES):
        return frame.toArrow()


@contextmanager
def _option(spark: "SparkSession", name: str, value: str) -> Iterator[None]:
    """Set an option for a while; the session is the user's, and is left as it was."""
    before = spark.conf.get(name, None)
    spark.conf.set(name, value)
    try:
        yield
    finally:
        if before is None:
            spark.conf.unset(name)
        else:
            spark.conf.set(name, before)
