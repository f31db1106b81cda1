"""The rows that a pack speaks of: each indicator's latest, its own opportunity, its own total."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports.contents import Contents
from reports.tree import finest_kind

TOP = 12  # indicators with a funnel and a caterpillar of their own
MONEY = ["value_gbp", "investment_gbp", "p10", "p50", "p90", "chance_floor_gbp"]


def latest(table: pd.DataFrame, period: str) -> pd.DataFrame:
    """Rows of the pack's period; of its own last one, for an indicator that has none then.

    >>> latest(pd.DataFrame({"indicator": ["A", "A", "B"], "period": ["2015", "2016", "2015"]}), "2016")
      indicator period
    1         A   2016
    2         B   2015
    """
    now = table["period"] == period
    behind = ~table["indicator"].isin(table.loc[now, "indicator"].unique())
    if behind.any():
        late = table[behind]
        # Tables stand in the order of time.
        now.loc[late.index] = late["period"] == late.groupby("indicator")["period"].transform("last")
    return table[now]


def quick(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its words as plain objects, of which rows are taken many times faster than of Arrow's."""
    worded = table.select_dtypes(["str", "category"]).columns
    return table.astype(dict.fromkeys(worded, object)).copy()


def most_to_gain(contents: Contents, top: int) -> list[str]:
    """Return the codes of the indicators to draw: by £, investment, units; then those that are not sized."""
    sized = league(contents)["indicator"].tolist()
    rest = [code for code in contents.catalogue["indicator"] if code not in set(sized)]
    return [str(code) for code in (sized + rest)[:top]]


def followed(contents: Contents, top: int) -> list[str]:
    """Return the codes of the indicators that are drawn over time: their series are needed."""
    return most_to_gain(contents, top) if contents.focus else []


def league(contents: Contents, *, mode: str = "", comparator: str = "") -> pd.DataFrame:
    """Opportunity of every indicator for the pack's own area, the largest first.

    Parameters
    ----------
    contents
        The pack.
    mode, comparator
        Rule and comparator; empty for those that the headlines quote.

    Returns
    -------
    DataFrame
        One row per indicator that has one: indicator, name, programme, period, direction, units, unit,
        value_gbp, investment_gbp, p10, p50, p90, chance_floor_gbp (£; NaN where there is no price).
        A pack without an area of its own gets the sum over its finest areas, without an interval.
    """
    table = contents.opportunity
    rows = table[
        (table["mode"] == (mode or contents.headline_mode))
        & (table["comparator"] == (comparator or contents.headline_comparator))
    ]
    own = rows[rows["area"] == contents.focus]
    if own.empty:
        own = _summed(rows[rows["kind"] == finest_kind(contents.areas)])
    own = own.merge(contents.catalogue[["indicator", "name", "programme"]], on="indicator", how="left")
    own["name"] = own["name"].fillna(own["indicator"])
    order = ["value_gbp", "investment_gbp", "units"]
    own = own.sort_values(order, ascending=False, kind="stable", na_position="last")
    first = ["indicator", "name", "programme", "period", "direction", "units", "unit"]
    return own[first + MONEY].reset_index(drop=True)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    keys = ["indicator", "period", "direction", "unit"]
    sums = ["units", "value_gbp", "investment_gbp", "chance_floor_gbp"]
    # Against a percentile an area keeps its negative gap; only positive ones are ever added up.
    positive = rows[keys].join(rows[sums].clip(lower=0))
    total = positive.groupby(keys, sort=False, dropna=False)[sums].sum(min_count=1).reset_index()
    # Percentiles do not add up over areas.
    return total.assign(p10=float("nan"), p50=float("nan"), p90=float("nan"))


def total_row(contents: Contents, mode: str, comparator: str) -> Mapping[Any, Any] | None:
    """Return the row of the totals table of the pack's own area; None where there is none."""
    table = contents.totals
    if table.empty:
        return None
    own = table[
        (table["area"] == contents.focus) & (table["mode"] == mode) & (table["comparator"] == comparator)
    ]
    return own.iloc[0].to_dict() if len(own) else None
