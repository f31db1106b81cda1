"""The league table: the opportunity of every indicator for one area, the rules side by side."""

import pandas as pd

from variation.analysis import Analysis
from variation.opportunity.totals import HEADLINE


def league(analysis: Analysis, area: str) -> pd.DataFrame:
    """One row per indicator with a price: £ by each rule and comparator, flags and what chance would flag.

    Largest first by the headline rule. An under-use is an investment need and has rows of its own below.
    """
    rows = analysis.opportunity[analysis.opportunity["area"] == area]
    priced = rows.assign(gbp=rows["value_gbp"].fillna(rows["investment_gbp"]))
    priced["rule"] = priced["mode"] + "_" + priced["comparator"]
    wide = priced.pivot_table(index=["indicator", "direction"], columns="rule", values="gbp", aggfunc="first")
    wide = wide.reset_index().rename_axis(columns=None)
    for name, source, mode in (
        ("p10", "p10", "credible"),
        ("p90", "p90", "credible"),
        ("credible_chance_floor", "chance_floor_gbp", "credible"),
        ("rightcare_chance_floor", "chance_floor_gbp", "rightcare"),
    ):
        comparator = "peer_mean" if mode == "credible" else "best_5"
        own = rows[(rows["mode"] == mode) & (rows["comparator"] == comparator)]
        wide[name] = wide["indicator"].map(own.set_index("indicator")[source])
    flags = _flags(analysis)
    table = wide.merge(flags, on="indicator", how="left")
    table.insert(1, "name", table["indicator"].map(analysis.inputs.catalogue.set_index("indicator")["name"]))
    headline = "_".join(HEADLINE)
    order = {"reduce": 0, "increase": 1}
    return table.sort_values(
        ["direction", headline],
        key=lambda c: c.map(order) if c.name == "direction" else -c,
        ignore_index=True,
    )


def _flags(analysis: Analysis) -> pd.DataFrame:
    """Areas flagged in the bad direction in each indicator's priced period, at its finest kind."""
    keys = ["indicator", "period"]
    priced = analysis.opportunity[keys].drop_duplicates()
    depth = {kind: place for place, kind in enumerate(analysis.inputs.tree.kinds_by_depth)}
    found = analysis.variation.merge(priced, on=keys)
    found = found.assign(depth=found["kind"].map(depth)).sort_values("depth", kind="stable")
    return found.groupby("indicator", as_index=False)[["flags", "flags_expected_by_chance"]].first()
