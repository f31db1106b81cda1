"""What is read and written: a national download, a workbook of a million cells, pictures, packs of practices."""

import atexit
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow.csv

from reports import chartbook
from reports.charts.standard_set import jobs
from reports.contents import Contents
from tests.performance import charts_bench, workbook_bench
from tests.performance.pair import Pair
from tests.performance.readers_bench import write_fingertips, write_tidy
from variation import analyse, read_inputs
from variation.example import write_example
from variation.packs.each import PARTS, areas_of, write_each
from variation.packs.pack import contents_of
from variation.reading.tables import read_table
from variation.settings.table_source import TableSource
from variation.tables import INDICATORS


@cache
def _folder() -> Path:
    """A folder for the files of this process, gone with it."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _read(write: Callable[[Path, int], None], reader: Any, rows: int) -> Pair:
    path = _folder() / f"{reader}.csv"
    write(path, rows)
    source = TableSource(file=path.name, reader=reader)

    def same(ours: Any, bare: Any) -> None:
        assert len(bare) == rows
        assert 0.95 * rows <= len(ours.table) <= rows  # rows of categories are left out

    return Pair(
        ours=lambda: read_table((source,), INDICATORS, folder=path.parent), rows=rows,
        peer=lambda: pyarrow.csv.read_csv(path), peer_rows=rows, same=same,
    )  # fmt: skip


def fingertips(rows: int) -> Pair:
    return _read(write_fingertips, "fingertips", rows)


def tidy(rows: int) -> Pair:
    return _read(write_tidy, "tidy", rows)


def workbook(cells: int) -> Pair:
    """The same cells by ours, with looks, and by bare openpyxl."""
    from openpyxl import load_workbook

    columns = 29
    tables = workbook_bench.frames(cells // columns // workbook_bench.SHEETS, columns)
    ours, bare = _folder() / "ours.xlsx", _folder() / "bare.xlsx"

    def figures(path: Path, sheet: str) -> list[float]:
        """The last column of figures of a sheet; its heading and what stands above and below it are no figures."""
        book = load_workbook(path, read_only=True)
        found = [row[-1] for row in book[sheet].iter_rows(values_only=True) if row]
        book.close()
        return [value for value in found if isinstance(value, int | float)]

    def same(_: Any, __: Any) -> None:
        rounded, exact = figures(ours, "Sheet 0"), figures(bare, "Sheet 0")
        assert len(exact) > 0.9 * len(tables[0])
        np.testing.assert_allclose(rounded[: len(exact)], exact, rtol=1e-7, atol=0.0051)

    return Pair(
        ours=lambda: workbook_bench.ours(ours, tables), rows=cells,
        peer=lambda: workbook_bench.openpyxl_write_only(bare, tables), peer_rows=cells, same=same,
    )  # fmt: skip


def _of_example() -> Contents:
    """What the writers take, of the built-in example."""
    example = _folder() / "example"
    write_example(example)
    return contents_of(analyse(read_inputs(example / "analysis.toml")))


def area_packs(number: int) -> Pair:
    """Packs of the example's first practices, in two processes."""
    contents = _of_example()
    practices = areas_of(contents.areas, kind="practice")[:number]

    def ours() -> None:
        with TemporaryDirectory() as folder:
            made = write_each(contents, practices, Path(folder), outputs=PARTS, workers=2)
            assert len(made.written) == number, made.failed

    return Pair(ours=ours, rows=number)


def pictures(workers: int) -> Pair:
    """The example's pictures, each as SVG and PNG, in so many processes that stand ready, as they do in a run."""
    contents = _of_example()
    made = jobs(contents)
    beside = charts_bench.ready(workers)

    def ours() -> None:
        with TemporaryDirectory() as folder:
            chartbook.draw(contents, Path(folder) / "charts", beside=beside)

    return Pair(ours=ours, rows=2 * len(made))
