"""How fast large files are read, beside a bare read by Arrow: ``python -m tests.performance.readers_bench``."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.csv

from variation.reading.readers.fingertips_columns import NUMBERS, TEXTS
from variation.reading.tables import read_table
from variation.settings.table_source import TableSource
from variation.tables import INDICATORS

SEED = 20170331
PRACTICES = 6_500
YEARS = 10


def write_fingertips(path: Path, rows: int) -> None:
    """Write a download of 27 columns: indicators of all practices by year, and a hundredth of category rows."""
    draw = np.random.default_rng(SEED)
    row = np.arange(rows)
    indicator, area, year = row // (PRACTICES * YEARS), row % PRACTICES, row // PRACTICES % YEARS
    people, share = draw.integers(500, 20_000, rows), draw.uniform(0.02, 0.3, rows)
    count = np.round(people * share)
    value = 100 * count / people
    of_category = draw.random(rows) < 0.01
    columns = {
        TEXTS["indicator"]: 90_000 + indicator,
        TEXTS["indicator_name"]: _named("Indicator with a name as long as they are there, {}", indicator),
        TEXTS["parent"]: _named("E{:08d}", area % 100),
        "Parent Name": _named("NHS Somewhere and Elsewhere ICB - {}", area % 100),
        TEXTS["area"]: _named("A{:05d}", area),
        TEXTS["area_name"]: _named("The {} Surgery", area),
        TEXTS["area_type"]: np.full(rows, "GPs"),
        TEXTS["sex"]: np.full(rows, "Persons"),
        TEXTS["age"]: np.full(rows, "All ages"),
        TEXTS["category_type"]: np.where(of_category, "Deciles", ""),
        TEXTS["category"]: np.where(of_category, "Decile 1", ""),
        TEXTS["period"]: _named("20{:02d}/99", 10 + year),
        NUMBERS["value"]: value,
        NUMBERS["lower_95"]: value * 0.9,
        NUMBERS["upper_95"]: value * 1.1,
        "Lower CI 99.8 limit": value * 0.8,
        "Upper CI 99.8 limit": value * 1.2,
        NUMBERS["numerator"]: count,
        NUMBERS["denominator"]: people,
        TEXTS["value_note"]: np.full(rows, ""),
        "Recent Trend": np.full(rows, "Cannot be calculated"),
        TEXTS["compared"]: np.full(rows, "Not compared"),
        "Column not used": np.full(rows, "Not compared"),
        TEXTS["sortable"]: _named("20{:02d}0000", 10 + year),
        "New data": np.full(rows, ""),
        "Compared to goal": np.full(rows, ""),
        "Time period range": np.full(rows, "1y"),
    }
    pa.csv.write_csv(pa.table(columns), path)


def write_tidy(path: Path, rows: int) -> None:
    """Write an indicator table with remarks that nobody reads: about 170 bytes a row."""
    draw = np.random.default_rng(SEED)
    row = np.arange(rows)
    columns = {
        "indicator": _named("indicator_{:03d}", row // (PRACTICES * 5) % 200),
        "area": _named("A{:05d}", row % PRACTICES),
        "period": _named("201{}", row // PRACTICES % 5),
        "numerator": draw.poisson(50, rows),
        "denominator": draw.integers(500, 20_000, rows),
        "name": np.full(rows, "Practice of the town and the country, a long name for a surgery"),
        "note": np.full(rows, "some remark that nobody ever reads in this file at all, no more"),
    }
    pa.csv.write_csv(pa.table(columns), path)


def _named(words: str, numbers: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> pa.Array:
    distinct, places = np.unique(numbers, return_inverse=True)
    return pa.array([words.format(number) for number in distinct]).take(pa.array(places))


def compared(path: Path, source: TableSource, repeats: int) -> tuple[float, float]:
    """Best seconds of a bare Arrow read of a file and of ours into the indicator table, taken in turns."""
    bare = lambda: pa.csv.read_csv(path)  # noqa: E731
    ours = lambda: read_table((source,), INDICATORS, folder=path.parent)  # noqa: E731
    seconds = [(_seconds(bare), _seconds(ours)) for _ in range(repeats)]
    first, second = zip(*seconds, strict=True)
    return min(first), min(second)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print a line for each file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--fingertips-rows", type=int, default=1_000_000)
    options.add_argument("--tidy-rows", type=int, default=6_500_000)
    options.add_argument("--repeats", type=int, default=5)
    asked = options.parse_args()
    with TemporaryDirectory() as folder:
        for write, rows, reader in (
            (write_fingertips, asked.fingertips_rows, "fingertips"),
            (write_tidy, asked.tidy_rows, "tidy"),
        ):
            path = Path(folder) / f"{reader}.csv"
            write(path, rows)
            bare, ours = compared(path, TableSource(file=str(path), reader=reader), asked.repeats)
            print(
                f"{reader}: {rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB: bare Arrow {bare:.2f} s, "
                f"indicator table {ours:.2f} s, ratio {ours / bare:.2f}"
            )


if __name__ == "__main__":
    main()
