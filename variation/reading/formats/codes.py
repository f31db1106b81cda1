"""Codes as text, each distinct one kept once, where a file keeps them as numbers, dates or texts."""

from collections.abc import Callable
from datetime import date, datetime, time

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def as_text(values: pd.Series) -> pd.Series:
    """Write values as texts in a categorical column, each distinct one once; what is missing stays so."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        places, distinct = pd.factorize(values)
        values = pd.Series(
            pd.Categorical.from_codes(places, pd.RangeIndex(len(distinct))),
            index=values.index,
            name=values.name,
        )
    else:
        distinct = values.cat.categories
        if distinct.dtype == "str" and distinct.equals(distinct.str.strip()):
            return values
    texts = pd.Index([code_as_text(value) for value in distinct], dtype="str")
    return with_categories(values, texts)


def recoded(values: pd.Series, change: Callable[[pd.Index], pd.Index]) -> pd.Series:
    """Change the texts of a categorical column, each distinct one once; two may become one, and missing."""
    return with_categories(values, change(values.cat.categories.astype("str")))


def with_categories(values: pd.Series, texts: pd.Index) -> pd.Series:
    """Put a text in the place of each category."""
    places, distinct = pd.factorize(texts)
    codes = np.append(places, -1)[values.cat.codes]
    return pd.Series(
        pd.Categorical.from_codes(codes, pd.Index(distinct, dtype="str")),
        index=values.index,
        name=values.name,
    )


def filled_at(values: pd.Series, others: pd.Series, places: NDArray[np.bool_]) -> pd.Series:
    """Take the texts of another categorical column at some places."""
    every = values.cat.categories.union(others.cat.categories)
    own, other = (np.append(every.get_indexer(c.cat.categories), -1)[c.cat.codes] for c in (values, others))
    codes = np.where(places, other, own)
    return pd.Series(pd.Categorical.from_codes(codes, every), index=values.index, name=values.name)


def code_as_text(value: object) -> str:
    """Write a code that a spreadsheet keeps as a number or a date: without decimal point or midnight.

    >>> code_as_text(12.0), code_as_text(datetime(2016, 4, 1)), code_as_text(" 11J ")
    ('12', '2016-04-01', '11J')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()
