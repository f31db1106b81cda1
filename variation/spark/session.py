"""The Spark session: the one that there is, or one on this machine."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from variation.errors import VariationError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


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
    package = str(Path(__file__).parents[1])
    try:
        return (
            SparkSession.builder.appName("variation")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config(
                "spark.executorEnv.PYTHONPATH", os.pathsep.join([package, os.environ.get("PYTHONPATH", "")])
            )
            .getOrCreate()
        )
    except Exception as error:  # pyspark raises what it likes where Java is missing or too old
        raise VariationError(
            f"Spark did not start: {str(error).splitlines()[0]}\n"
            "  hint: it needs Java 17 or later (java -version), and JAVA_HOME where that is not on the path"
        ) from error
