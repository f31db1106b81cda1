"""How much of the variation the case mix explains: shares of chance, case mix and the rest, per indicator."""

import numpy as np
import pandas as pd

from benchmarks.case_mix import split
from variation.panel import Panel
from variation.rates import measure

SHARES = ("share_chance", "share_case_mix", "share_unwarranted")


def with_shares(variation: pd.DataFrame, panel: Panel, *, covariates: tuple[str, ...]) -> pd.DataFrame:
    """Put the three shares into the variation table, at the finest kind of each indicator's latest period.

    The share of chance then comes from the same regression as the other two, so that they sum to 1.
    """
    table = panel.tree.table
    names = [name for name in covariates if name in table]
    latest = panel.latest_rows()
    chosen = panel.rows(latest)
    rates = measure(chosen)
    found = []
    keys = ["indicator", "period", "kind"]
    for row, key in enumerate(chosen.groups[["indicator", "period", "finest"]].astype(str).to_numpy()):
        own = chosen.tree.of_kind(key[2])
        features = [table[name].to_numpy(dtype=float)[own] for name in names]
        shares = split(np.clip(rates.observed[row, own], 0, None), rates.expected[row, own], *features)
        found.append((*key, *(getattr(shares, name) for name in SHARES)))
    shares_of = pd.DataFrame(found, columns=[*keys, *SHARES]).set_index(keys)
    result = variation.set_index(keys)
    result.update(shares_of)
    return result.reset_index()[list(variation.columns)]
