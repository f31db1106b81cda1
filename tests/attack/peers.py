"""Work withheld values out of what other areas are compared with: a mean of ten of which nine are known."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def values_from_peer_means(folder: Path, indicator: str, *, kind: str = "practice") -> "pd.Series[float]":
    """Values of the withheld areas of one indicator, by area, as far as their peers' comparators fix them."""
    comparison = pd.read_parquet(folder / "tables" / "comparison.parquet")
    peers = pd.read_parquet(folder / "tables" / "peers.parquet")
    rows = comparison[(comparison["indicator"] == indicator) & (comparison["kind"] == kind)]
    rows = rows[rows["period"] == rows["period"].max()].set_index("area")
    withheld = rows.index[rows["suppressed"].to_numpy(dtype=bool)]
    own = peers[peers["area"].isin(rows.index) & peers["peer"].isin(rows.index)]
    member = pd.crosstab(own["area"], own["peer"]).reindex(index=rows.index, columns=rows.index, fill_value=0)
    known = rows["value"].where(~rows["suppressed"].astype(bool), 0.0).to_numpy(dtype=float)
    left = rows["comparator_value"] * rows["peers_used"].astype(float) - member.to_numpy() @ known
    there = left.notna().to_numpy()
    matrix = member[withheld].to_numpy(dtype=float)[there]
    found, *_ = np.linalg.lstsq(matrix, left.to_numpy(dtype=float)[there], rcond=None)
    # A value is fixed where no other solution differs from this one in it.
    free = np.linalg.svd(matrix)[2][np.linalg.matrix_rank(matrix) :]
    fixed = (np.abs(free) < 1e-9).all(axis=0) if len(free) else np.ones(len(withheld), dtype=bool)
    return pd.Series(found[fixed], index=withheld[fixed])
