"""How fast a workbook of a nation's size is written, beside bare openpyxl, and how much memory it takes.

    python tests/performance/workbook_bench.py [--rows 35000] [--columns 29]

writes the same cells (words, figures, some suppressed) in three ways, each in a process of its own: openpyxl's
write-only mode without any look; ours; ours with half the rows, so that memory shows whether it grows with the
file. Budget: ours within 1.2 times openpyxl; memory beyond the tables themselves flat.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

SHEETS = 3  # a national pack has a sheet for each programme
BUDGET = 1.2  # times bare openpyxl in write-only mode
MEGABYTE = 1_048_576
WORDS = 7  # columns of words; the rest are figures
LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def frame(rows: int, columns: int, seed: int) -> pd.DataFrame:
    """Rows of areas as a comparison sheet has them: names that recur, figures that do not, some missing."""
    draw = np.random.default_rng(seed)
    names = {
        f"words_{n}": pd.Series([f"{a}{n} practice of the county" for a in LETTERS]).sample(
            rows, replace=True, random_state=seed + n, ignore_index=True
        )
        for n in range(WORDS)
    }
    figures = {f"figure_{n}": draw.lognormal(3, 2, rows) for n in range(columns - WORDS)}
    table = pd.DataFrame(names | figures)
    return table.mask(draw.random(table.shape) < 0.02)


def frames(rows: int, columns: int) -> list[pd.DataFrame]:
    """Tables of all sheets."""
    return [frame(rows, columns, number) for number in range(SHEETS)]


def openpyxl_write_only(path: Path, tables: list[pd.DataFrame]) -> None:
    """Write the bare cells with openpyxl."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for number, bare in enumerate(tables):
        sheet = book.create_sheet(f"Sheet {number}")
        table = bare.astype(object)
        table = table.where(table.notna(), "[x]")
        sheet.append(list(table.columns))
        for row in table.itertuples(index=False, name=None):
            sheet.append(row)
    book.save(path)


def ours(path: Path, tables: list[pd.DataFrame]) -> None:
    """Write the cells as a pack's workbook has them: looks, tables, totals, notes, contents."""
    from reports.workbook.book import write_book
    from reports.workbook.spec import Column, Properties, Sheet, Table, decimal

    def declared(table: pd.DataFrame) -> tuple[Column, ...]:
        return tuple(
            Column(key=key, heading=key, width=20)
            if key.startswith("words")
            else Column(key=key, heading=key, format=decimal(2), total=key == "figure_0")
            for key in table.columns
        )

    sheets = [
        Sheet(name=name, title=name, description="Written to be measured") for name in ("Cover", "Contents")
    ]
    for number, table in enumerate(tables):
        shown = (Table(name=f"table_{number}", columns=declared(table), frame=table),)
        sheets.append(
            Sheet(name=f"Sheet {number}", title="Areas", description="Areas beside their peers", tables=shown)
        )
    properties = Properties(
        title="Bench", subject="", creator="bench", marking="OFFICIAL", made=datetime(2017, 9, 1)
    )
    with path.open("wb") as file:
        write_book(sheets, properties, file)


def nothing(path: Path, tables: list[pd.DataFrame]) -> None:
    """Load what writes the tables, to know what that and they alone take."""
    import reports.workbook.book

    assert reports.workbook.book
    path.write_bytes(b" " * len(tables))


WAYS = {way.__name__: way for way in (openpyxl_write_only, ours, nothing)}


def measure(way: str, rows: int, columns: int) -> dict[str, float]:
    """Run one way in a process of its own: seconds of processor, peak megabytes, megabytes of file."""
    command = [sys.executable, __file__, "--way", way, "--rows", str(rows), "--columns", str(columns)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run(way: str, rows: int, columns: int) -> dict[str, float]:
    """Write once, and measure this process."""
    import resource  # Windows has none

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        tables = frames(rows, columns)
        start = time.process_time()
        WAYS[way](path, tables)
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {"seconds": seconds, "peak_mb": peak, "file_mb": path.stat().st_size / MEGABYTE}


def main() -> int:
    """Measure, print a line for each way, and fail above the budget."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=11_500, help="of each of the sheets")
    parser.add_argument("--columns", type=int, default=29)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(run(options.way, options.rows, options.columns)))
        return 0
    cells = SHEETS * options.rows * options.columns
    bare = measure("openpyxl_write_only", options.rows, options.columns)
    whole = measure("ours", options.rows, options.columns)
    own = {}
    for rows in (options.rows // 2, options.rows, 2 * options.rows):
        with_book, without = (measure(way, rows, options.columns)["peak_mb"] for way in ("ours", "nothing"))
        own[rows] = with_book - without
    print(f"{cells:,} cells")
    for name, result in (("openpyxl, write-only, no looks", bare), ("ours", whole)):
        print(f"  {name}: {result['seconds']:.2f} s of processor, {result['file_mb']:.1f} MB")
    ratio = whole["seconds"] / bare["seconds"]
    print(f"  ours takes {ratio:.2f} of openpyxl's time (budget {BUDGET})")
    grown = ", ".join(
        f"{SHEETS * rows * options.columns:,} cells {peak:.0f} MB" for rows, peak in own.items()
    )
    print(f"  memory beyond the tables: {grown}")
    return 0 if ratio <= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
