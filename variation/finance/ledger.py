"""The ledger: units of every priced indicator and area by each rule, and what single areas do not show."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from reports.finance import BASES
from variation.areas.tree import AreaTree
from variation.tables import LEDGER

Floats = NDArray[np.float64]

NOT_SHOWN_SINGLY = "not shown singly"
UNITS = [f"{mode}_{comparator}_units" for mode, comparator in BASES]
BEYOND = ["beyond_peer_mean_units", "beyond_best_5_units"]


def make_ledger(
    opportunity: pd.DataFrame, beyond: pd.DataFrame, catalogue: pd.DataFrame, tree: AreaTree, focus: str
) -> pd.DataFrame:
    """Lay the opportunity of priced indicators out for finance: one row per indicator and area of the pack's own.

    Where the figures of some areas are withheld, a row of the kind "not shown singly" holds what is left of the area
    that they are part of, so that the rows of each kind of area add up to the same total. Areas of the finest
    kind without any gap have no row.
    """
    priced = catalogue.loc[catalogue["unit_cost"].notna() & (catalogue["polarity"] != "local"), "indicator"]
    names = pd.Index(priced[priced.isin(opportunity["indicator"].unique())])
    cells = {
        column: _matrix(
            opportunity[(opportunity["mode"] == mode) & (opportunity["comparator"] == comparator)],
            names,
            tree,
        )
        for column, (mode, comparator) in zip(UNITS, BASES, strict=True)
    }
    for column, (mode, comparator) in zip(BEYOND, BASES, strict=False):
        more = np.nan_to_num(_matrix(beyond[beyond["comparator"] == comparator], names, tree))
        cells[column] = np.where(np.isnan(cells[f"{mode}_{comparator}_units"]), np.nan, more)
    direction = opportunity.drop_duplicates("indicator").set_index("indicator")["direction"]
    inside = _within(tree, focus)
    shown = _rows(cells, names, tree, inside, _keep_shown(cells, tree))
    left = {name: _left_over(matrix, tree) for name, matrix in cells.items()}
    for column, (_, comparator) in zip(BEYOND, BASES, strict=False):
        # An area whose credible figure is withheld keeps its gap as counted to itself only by the other rules.
        counted = f"gross_{comparator}_units"
        left[column] = _left_over(cells[counted] + cells[column], tree) - left[counted]
    rest = _rows(left, names, tree, inside, _any_above_0(left)).assign(kind=NOT_SHOWN_SINGLY)
    table = pd.concat([shown, rest], ignore_index=True)
    table["direction"] = table["indicator"].map(direction)
    table["_rest"] = table["kind"] == NOT_SHOWN_SINGLY
    table = table.sort_values(["_indicator", "_area", "_rest"], kind="stable", ignore_index=True)
    return table[LEDGER.names]


def gross_units(ledger: pd.DataFrame, mode: str, comparator: str) -> Floats:
    """Units of every gap before a rule leaves any out: as counted, a credible one with what chance hid."""
    counted = ledger[f"gross_{comparator}_units"].to_numpy(dtype=float)
    if mode != "credible":
        return counted
    return counted + ledger[f"beyond_{comparator}_units"].to_numpy(dtype=float)


def _matrix(frame: pd.DataFrame, names: pd.Index, tree: AreaTree) -> Floats:
    """Units as a matrix (indicators, areas of the tree); NaN where there is no row."""
    cells = np.full((len(names), len(tree)), np.nan)
    row = names.get_indexer(pd.Index(frame["indicator"]))
    there = row >= 0
    cells[row[there], tree.positions(frame["area"])[there]] = frame["units"].to_numpy(dtype=float)[there]
    return cells


def _within(tree: AreaTree, focus: str) -> NDArray[np.bool_]:
    own = tree.own(focus)
    return np.asarray(tree.ancestry[own].sum(axis=0)).ravel() > 0


def _keep_shown(cells: Mapping[str, Floats], tree: AreaTree) -> NDArray[np.bool_]:
    """Every area that has others below it and a figure; of the rest those with a gap."""
    above = np.zeros(len(tree), dtype=bool)
    above[tree.with_children] = True
    known = np.any([~np.isnan(matrix) for matrix in cells.values()], axis=0)
    return (known & above[None, :]) | _any_above_0(cells)


def _any_above_0(cells: Mapping[str, Floats]) -> NDArray[np.bool_]:
    return np.any([np.nan_to_num(matrix) > 0 for matrix in cells.values()], axis=0)


def _left_over(matrix: Floats, tree: AreaTree) -> Floats:
    """What an area's own children do not show of its sum: 0 where each of them shows its figure."""
    child = np.flatnonzero(tree.parent >= 0)
    direct = csr_array(
        (np.ones(len(child)), (tree.parent[child], child)),
        shape=(len(tree), len(tree)),
    )
    total = np.nan_to_num(matrix)
    hidden = (direct @ np.isnan(matrix).T.astype(float)).T > 0
    rest = total - (direct @ total.T).T
    # What is left over after adding up in another order is not a figure.
    return np.where(hidden & (rest > 1e-9 * total), rest, 0.0)


def _rows(
    cells: Mapping[str, Floats],
    names: pd.Index,
    tree: AreaTree,
    inside: NDArray[np.bool_],
    keep: NDArray[np.bool_],
) -> pd.DataFrame:
    row, area = np.nonzero(keep & inside[None, :])
    return pd.DataFrame(
        {
            "indicator": names.to_numpy(dtype=object)[row],
            "area": tree.codes[area],
            "kind": tree.kinds[area],
            **{column: matrix[row, area] for column, matrix in cells.items()},
            "_indicator": row,
            "_area": area,
        }
    )
