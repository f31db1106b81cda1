"""How much of the variation the case mix explains: shares of chance, case mix and the rest, per indicator."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.case_mix import VarianceShares, split
from variation.figures.panel import Panel
from variation.figures.rates import Rates, measure

Floats = NDArray[np.float64]

SHARES = ("share_chance", "share_case_mix", "share_unwarranted")


def explain(rates: Rates, row: int, table: pd.DataFrame, covariates: tuple[str, ...]) -> VarianceShares:
    """Split one indicator's variation; ``rates`` and ``table`` have the same areas, all of one kind."""
    features = [table[name].to_numpy(dtype=float) for name in covariates if name in table]
    return split(np.clip(rates.observed[row], 0, None), rates.expected[row], *features)


def usual_ratio(rates: Rates, row: int, table: pd.DataFrame, covariates: tuple[str, ...]) -> Floats:
    """Ratio to expect of each area from its case mix, 1 on the whole; 1 throughout where nothing could be fitted."""
    fit = explain(rates, row, table, covariates)
    if not fit.adjusted:
        return np.ones(rates.expected.shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = fit.expected / rates.expected[row]
    return np.where(np.isnan(ratio), 1.0, ratio)


def with_shares(variation: pd.DataFrame, latest: Panel, *, covariates: tuple[str, ...]) -> pd.DataFrame:
    """Put the three shares into the variation table, at the finest kind of each indicator's ``latest`` period.

    The share of chance then comes from the same regression as the other two, so that they sum to 1.
    """
    chosen = latest.as_shown()
    rates = measure(chosen)
    keys = ["indicator", "period", "kind"]
    found = []
    for row, key in enumerate(chosen.groups[["indicator", "period", "finest"]].astype(str).to_numpy()):
        own = chosen.tree.of_kind(key[2])
        shares = explain(rates.columns(own), row, chosen.tree.table.iloc[own], covariates)
        found.append((*key, *(getattr(shares, name) for name in SHARES)))
    shares_of = pd.DataFrame(found, columns=[*keys, *SHARES]).set_index(keys)
    result = variation.set_index(keys)
    result.update(shares_of)
    return result.reset_index()[list(variation.columns)]
