"""The comparison: every indicator, period and area against its peers, and how much areas vary."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.special import ndtr

from benchmarks.significance import benjamini_hochberg
from variation.kernel import Block, compare_block
from variation.panel import Panel
from variation.peering import Peerings, by_peers
from variation.settings import ComparisonSettings
from variation.tables import SIGNIFICANCES

# Cells of a block. So many numbers (1 MB) of each of some hundred matrices stay near a core; fewer would spend more
# on calls than on numbers.
BLOCK_CELLS = 128_000

# Threads that work on blocks where nothing else is asked: numpy lets them run beside each other.
THREADS = min(os.cpu_count() or 1, 4)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The comparison and variation tables of a panel."""

    comparison: pd.DataFrame
    variation: pd.DataFrame


def compare(
    panel: Panel, peerings: Peerings, settings: ComparisonSettings, *, threads: int = THREADS
) -> Compared:
    """Compare a panel of any size, block by block: the tables of all its groups.

    The tables are the same with any number of ``threads``; each works on one block at a time.
    """
    blocks = (
        (block, peers)
        for part, peers in by_peers(panel, peerings)
        for block in part.blocks(BLOCK_CELLS)
    )  # fmt: skip
    done = list(_in_threads(blocks, settings, threads))
    variation = frame_of([block.variation for block in done])
    comparison = frame_of([block.comparison for block in done])
    if any(peering.exceptions for peering in peerings.values()):  # their blocks came last
        comparison, variation = _in_order(comparison), _in_order(variation)
    if settings.false_discovery_rate is not None:
        comparison["significance"] = after_many_tests(comparison, settings.false_discovery_rate)
    return Compared(comparison=comparison, variation=variation)


def _in_threads(
    blocks: Iterable[tuple[Panel, Peerings]], settings: ComparisonSettings, threads: int
) -> Iterator[Block]:
    """Blocks' results in the order of the blocks, no more of them at work than there are threads, and one waiting."""
    waiting = iter(blocks)
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(compare_block, *one, settings) for one in islice(waiting, threads + 1)]
        while running:
            yield running.pop(0).result()
            running += [pool.submit(compare_block, *one, settings) for one in islice(waiting, 1)]


def frame_of(tables: list[pa.Table]) -> pd.DataFrame:
    """Put tables of one form below each other as a frame; takes the list apart, so that memory is not held twice."""
    schema = tables[0].schema
    columns = [[table.column(name) for table in tables] for name in schema.names]
    tables.clear()
    frame = {}
    for name in schema.names:
        frame[name] = _joined(columns.pop(0), may_be_missing=schema.field(name).nullable)
    return pd.DataFrame(frame, copy=False)


def _joined(
    parts: list[pa.ChunkedArray], *, may_be_missing: bool
) -> "np.ndarray | pd.api.extensions.ExtensionArray":
    """One column of all the blocks: text, categories of a test, whole numbers that may be missing, or numbers."""
    kind = parts[0].type
    if pa.types.is_dictionary(kind):
        codes = np.concatenate([chunk.indices.to_numpy() for part in parts for chunk in part.chunks])
        return pd.Categorical.from_codes(codes, categories=pd.Index(SIGNIFICANCES))
    column = pa.chunked_array([chunk for part in parts for chunk in part.chunks], type=kind)
    if pa.types.is_large_string(kind):
        return pd.array(column.combine_chunks(), dtype="str")
    if may_be_missing:
        whole = column.combine_chunks()
        return pd.arrays.IntegerArray(
            whole.fill_null(0).to_numpy(), whole.is_null().to_numpy(zero_copy_only=False)
        )
    return column.to_numpy()


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Put rows in the order of indicators and periods."""
    return table.sort_values(["indicator", "period"], kind="stable", ignore_index=True)


def after_many_tests(comparison: pd.DataFrame, rate: float) -> "pd.Series[str]":
    """Take back flags that do not stand when all indicators of the area in the period are tested at once."""
    rows, _ = pd.factorize(pd.MultiIndex.from_frame(comparison[["period", "area"]]))
    columns, indicators = pd.factorize(comparison["indicator"])
    p_values = np.full((rows.max(initial=-1) + 1, len(indicators)), np.nan)
    p_values[rows, columns] = 2 * ndtr(-comparison["z"].abs().to_numpy())
    stands = benjamini_hochberg(p_values)[rows, columns] <= rate
    said = comparison["significance"]
    return said.where(stands | said.isin(["similar", "not tested"]), "similar")
