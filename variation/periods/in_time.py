"""Periods, and rows of tables, in the order of time."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.periods.period import UNREAD, Period, parse_period

_NEVER = Period(end=UNREAD, start=UNREAD)


def order_in_time(periods: Iterable[str]) -> NDArray[np.int64]:
    """Places of periods in the order of time; those that cannot be read first.

    >>> order_in_time(["2017/18", "2016/17 Q4", "2016/17 Q1"]).tolist()
    [2, 1, 0]
    """
    keys = [(parse_period(text) or _NEVER, text) for text in periods]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def in_time(table: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order of their indicators and, within each, of time; the order of alike ones stays."""
    periods = table["period"].unique()
    order = {str(periods[place]): rank for rank, place in enumerate(order_in_time(periods))}
    by = table[["indicator"]].assign(_period=table["period"].map(order))
    return table.loc[by.sort_values(["indicator", "_period"], kind="stable").index].reset_index(drop=True)
