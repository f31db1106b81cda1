"""The comparison: every indicator, period and area against its peers, and how much areas vary."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import ndtr

from benchmarks.significance import benjamini_hochberg
from variation.comparison.kernel import Block, compare_block
from variation.comparison.peering import Peerings, by_peers
from variation.figures.panel import Panel
from variation.periods import in_time
from variation.settings import ComparisonSettings
from variation.tables import SIGNIFICANCES

# Cells of a block: 2 MB of each of some hundred matrices. Half as many take a twentieth more time, in calls rather
# than numbers, and of England's memory 140 MB less.
BLOCK_CELLS = 256_000

# Threads that work on blocks where nothing else is asked: numpy lets them run beside each other.
THREADS = min(os.cpu_count() or 1, 4)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The comparison and variation tables of a panel."""

    comparison: pd.DataFrame
    variation: pd.DataFrame


def compare(
    panel: Panel,
    peerings: Peerings,
    settings: ComparisonSettings,
    *,
    threads: int = THREADS,
    progress: Callable[[str], None] = lambda step: None,
) -> Compared:
    """Compare a panel of any size, block by block: the tables of all its groups.

    The tables are the same with any number of ``threads``; each works on one block at a time.
    """
    blocks = (
        (block, peers)
        for part, peers in by_peers(panel, peerings)
        for block in part.blocks(BLOCK_CELLS)
    )  # fmt: skip
    comparisons, variations = Rows(len(panel) * len(panel.tree)), []
    done = 0
    for number, block in _in_threads(blocks, settings, threads):
        comparisons.add(block.comparison)
        variations.append(block.variation)
        done += number
        progress(f"comparing {done:,} of {len(panel):,} groups")
    comparison, variation = comparisons.frame(), frame_of(variations)
    if any(peering.exceptions for peering in peerings.values()):  # their blocks came last
        comparison, variation = in_time(comparison), in_time(variation)
    if settings.false_discovery_rate is not None:
        comparison["significance"] = after_many_tests(comparison, settings.false_discovery_rate)
    return Compared(comparison=comparison, variation=variation)


def _in_threads(
    blocks: Iterable[tuple[Panel, Peerings]], settings: ComparisonSettings, threads: int
) -> Iterator[tuple[int, Block]]:
    """Groups and result of each block, in their order; no more at work than there are threads, and one waiting."""
    waiting = iter(blocks)
    with ThreadPoolExecutor(threads) as pool:

        def started(number: int) -> list[tuple[int, Future[Block]]]:
            some = islice(waiting, number)
            return [(len(block), pool.submit(compare_block, block, peers, settings)) for block, peers in some]

        running = started(threads + 1)
        while running:
            number, future = running.pop(0)
            yield number, future.result()
            running += started(1)


def frame_of(tables: list[pa.Table]) -> pd.DataFrame:
    """Put tables of one form below each other as a frame."""
    rows = Rows(sum(table.num_rows for table in tables))
    for table in tables:
        rows.add(table)
    return rows.frame()


class Rows:
    """Rows of tables of one form, put into the columns of a frame as they come: no table is held beside them."""

    def __init__(self, most: int) -> None:
        self._most, self._filled = most, 0
        self._schema = pa.schema([])
        self._numbers: dict[str, NDArray[np.generic]] = {}
        self._texts: dict[str, list[pa.Array]] = {}

    def add(self, table: pa.Table) -> None:
        """Put a table below those that are there."""
        self._schema = table.schema
        for field in table.schema:
            start = self._filled
            for chunk in table.column(field.name).chunks:
                self._put(field, chunk, start)
                start += len(chunk)
        self._filled += table.num_rows

    def _put(self, field: pa.Field, chunk: pa.Array, start: int) -> None:
        here = slice(start, start + len(chunk))
        if pa.types.is_large_string(field.type):
            above = self._texts.setdefault(field.name, [])
            # Blocks mostly hold the same areas: their texts are held once, and take no more memory each time.
            above.append(above[-1] if above and above[-1].equals(chunk) else chunk)
        elif pa.types.is_dictionary(field.type):
            self._column(field.name, np.dtype(np.int8))[here] = chunk.indices.to_numpy()
        elif field.nullable:
            missing = chunk.is_null()
            self._column(f"{field.name} is missing", np.dtype(bool))[here] = missing.to_numpy(
                zero_copy_only=False
            )
            self._column(field.name, np.dtype(np.int64))[here] = chunk.fill_null(0).to_numpy()
        else:
            values = chunk.to_numpy(zero_copy_only=False)
            self._column(field.name, values.dtype)[here] = values

    def _column(self, name: str, kind: np.dtype) -> NDArray[np.generic]:
        """Return a column long enough for all rows; what is never filled takes no memory."""
        if name not in self._numbers:
            self._numbers[name] = np.empty(self._most, dtype=kind)
        return self._numbers[name]

    def frame(self) -> pd.DataFrame:
        """Give the frame; text and tests as their own types, whole numbers that may be missing as ``Int64``."""
        return pd.DataFrame({field.name: self._finished(field) for field in self._schema}, copy=False)

    def _finished(self, field: pa.Field) -> "NDArray[np.generic] | pd.api.extensions.ExtensionArray":
        if pa.types.is_large_string(field.type):
            return pa.chunked_array(self._texts.get(field.name, []), type=field.type).to_pandas().array
        values = self._column(field.name, np.dtype(float))[: self._filled]
        if pa.types.is_dictionary(field.type):
            return pd.Categorical.from_codes(
                values.astype(np.int8, copy=False), categories=pd.Index(SIGNIFICANCES)
            )
        if field.nullable:
            missing = self._column(f"{field.name} is missing", np.dtype(bool))[: self._filled]
            return pd.arrays.IntegerArray(
                values.astype(np.int64, copy=False), missing.astype(bool, copy=False)
            )
        return values


def after_many_tests(comparison: pd.DataFrame, rate: float) -> "pd.Series[str]":
    """Take back flags that do not stand when all indicators of the area in the period are tested at once."""
    rows, _ = pd.factorize(pd.MultiIndex.from_frame(comparison[["period", "area"]]))
    columns, indicators = pd.factorize(comparison["indicator"])
    p_values = np.full((rows.max(initial=-1) + 1, len(indicators)), np.nan)
    p_values[rows, columns] = 2 * ndtr(-comparison["z"].abs().to_numpy())
    stands = benjamini_hochberg(p_values)[rows, columns] <= rate
    said = comparison["significance"]
    return said.where(stands | said.isin(["similar", "not tested"]), "similar")
