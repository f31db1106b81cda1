"""Results under one address, by what they were made from: what is finished is not done again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from variation.spark.work import PART, PAYLOAD

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


INFERENCE = "spark.sql.sources.partitionColumnTypeInference.enabled"


class Store:
    """Results under one address, by what they were made from: a finished step is not done again."""

    def __init__(self, spark: "SparkSession", address: str, fingerprint: str) -> None:
        self.spark, self.address = spark, f"{address}/{fingerprint}"

    def make(self, name: str, frame: Callable[[], "DataFrame"], *, partitions: list[str]) -> None:
        """Compute and write a step, unless it is there whole."""
        if self._is_done(name):
            return
        frame().write.mode("overwrite").partitionBy(*partitions).parquet(f"{self.address}/{name}")
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

        # The period is a folder's name, which Spark would else read as a date or a number where it looks like one.
        reader = self.spark.read.option("basePath", f"{self.address}/{name}")
        with self._folders_as_words():
            return reader.parquet(f"{self.address}/{name}").where(sf.col(PART) == part)

    @contextmanager
    def _folders_as_words(self) -> Iterator[None]:
        """Take the names of folders as they are; the session is the user's, and is left as it was."""
        before = self.spark.conf.get(INFERENCE, None)
        self.spark.conf.set(INFERENCE, "false")
        try:
            yield
        finally:
            if before is None:
                self.spark.conf.unset(INFERENCE)
            else:
                self.spark.conf.set(INFERENCE, before)

    def frames(self, name: str, part: str) -> list[pd.DataFrame]:
        """Small tables of one part, as the blocks made them."""
        payloads = self.rows(name, part).select(PAYLOAD).toArrow()[PAYLOAD]
        return [pa.ipc.open_stream(payload.as_buffer()).read_pandas() for payload in payloads]
