"""The Spark session: the one that there is, or one on this machine."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from variation.errors import VariationError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from variation.packs.pack import Progress

# Folder that this package lies in, for workers that have it from nowhere else.
INSTALLED = str(Path(__file__).parents[2])

# Between two looks at how far a step is.
SECONDS_BETWEEN = 2.0


def session() -> "SparkSession":
    """Return the session that there is (Databricks, Synapse, Foundry, a notebook), or start one on this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise VariationError("Spark is not installed\n  hint: pip install 'variation[spark]'") from None
    there = SparkSession.getActiveSession()
    if there is not None:
        return there
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # workers must be the same Python
    try:
        return (
            SparkSession.builder.appName("variation")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            # What is brought back is bounded here, and larger than Spark expects of a driver.
            .config("spark.driver.memory", "4g")
            .config("spark.driver.maxResultSize", "0")
            .config("spark.sql.session.timeZone", "UTC")
            .config(
                "spark.executorEnv.PYTHONPATH", os.pathsep.join([INSTALLED, os.environ.get("PYTHONPATH", "")])
            )
            .getOrCreate()
        )
    except Exception as error:  # pyspark raises what it likes where Java is missing or too old
        raise VariationError(
            f"Spark did not start: {str(error).splitlines()[0]}\n"
            "  hint: it needs Java 17 or later (java -version), and JAVA_HOME where that is not on the path"
        ) from error


@contextmanager
def told(spark: "SparkSession", step: str, progress: "Progress") -> Iterator[None]:
    """Tell a step, and while it lasts how many of its blocks are done, where the session says."""
    progress(step)
    context = _context(spark)
    if context is None:
        yield
        return
    tracker, done = context.statusTracker(), threading.Event()

    def watch() -> None:
        while not done.wait(SECONDS_BETWEEN):
            stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
            for stage in [one for one in stages if one is not None and one.numTasks > 1]:
                progress(f"{step}: {stage.numCompletedTasks:,} of {stage.numTasks:,} blocks")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _context(spark: "SparkSession") -> Any:
    """Return the session's context; None with Spark Connect, which has none and says so with an error of its own."""
    try:
        return spark.sparkContext
    except Exception:
        return None
