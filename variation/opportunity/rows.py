"""The opportunity as rows: matrices of every rule priced, and laid out in the order of the table."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from variation.figures.panel import Panel
from variation.tables import OPPORTUNITY

Floats = NDArray[np.float64]

# Mode and comparator.
Rule = tuple[str, str]


def lay_out(panel: Panel, sized: dict[Rule, dict[str, Floats]]) -> pd.DataFrame:
    """Price what each rule gives, and give it as rows in the order of indicators, areas, comparators and modes.

    ``sized`` holds by rule matrices of (groups, areas of the tree) by name; what a rule lacks is missing. A cell has
    a row where a rule gives it units or a probability, or where it is withheld.
    """
    tree, groups = panel.tree, panel.groups
    rules = sorted(sized, key=lambda rule: rule[::-1])

    def stacked(name: str) -> Floats:
        cells = np.full((len(groups), len(tree), len(rules)), np.nan)
        for place, rule in enumerate(rules):
            if name in sized[rule]:
                cells[..., place] = sized[rule][name]
        return cells

    numbers = {name: stacked(name) for name in ("units", "probability")}
    kept = ~(np.isnan(numbers["units"]) & np.isnan(numbers["probability"])) | panel.withheld[..., None]
    group, area, rule = np.nonzero(kept)
    price = groups["unit_cost"].to_numpy(dtype=float, na_value=np.nan)[group]
    low = (groups["polarity"] == "low").to_numpy()
    numbers = {name: cells[kept] for name, cells in numbers.items()}
    pounds = numbers["units"] * price
    modes, comparators = (np.array([one[end] for one in rules], dtype=object) for end in (0, 1))
    columns = {
        "indicator": texts(groups["indicator"], group),
        "period": texts(groups["period"], group),
        "area": texts(tree.codes, area),
        "kind": texts(tree.kinds, area),
        "comparator": texts(comparators, rule),
        "mode": texts(modes, rule),
        "direction": texts(np.where(low, "reduce", "increase"), group),
        "unit": texts(groups["counts"], group),
        "value_gbp": np.where(low[group], pounds, np.nan),
        "investment_gbp": np.where(low[group], np.nan, pounds),
        **numbers,
        **{name: stacked(name)[kept] * price for name in ("p10", "p50", "p90", "chance_floor_gbp")},
        "reliability": stacked("reliability")[kept],
        "suppressed": panel.withheld[group, area],
    }
    return pd.DataFrame({name: columns[name] for name in OPPORTUNITY.names if name in columns}, copy=False)


def texts(
    words: "pd.Series[str] | NDArray[np.object_] | NDArray[np.str_]", places: NDArray[np.int64]
) -> "pd.api.extensions.ExtensionArray":
    """Words at their places, as a column of text."""
    distinct = pa.array(np.asarray(words, dtype=object), pa.large_string(), from_pandas=True)
    return pa.chunked_array([distinct.take(pa.array(places))]).to_pandas().array


def in_order(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of some indicators each, in their order within, together in the order of all indicators."""
    filled = sorted((table for table in tables if len(table)), key=lambda table: table["indicator"].iloc[0])
    if not filled:
        return pd.DataFrame(columns=OPPORTUNITY.names)
    ends = [(table["indicator"].iloc[0], table["indicator"].iloc[-1]) for table in filled]
    table = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    if all(before[1] < after[0] for before, after in pairwise(ends)):
        return table
    return table.sort_values("indicator", kind="stable", ignore_index=True)
