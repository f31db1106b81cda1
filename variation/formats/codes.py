"""Codes as text, where a file keeps them as numbers, dates or categories."""

from datetime import date, datetime, time

import pandas as pd


def as_text(values: pd.Series) -> pd.Series:
    """Write values as texts, each distinct one once; what is missing stays so."""
    if values.dtype == "str":
        return values
    places, distinct = pd.factorize(values)
    texts = pd.Series([code_as_text(value) for value in distinct], dtype="str")
    codes = pd.Categorical(texts)
    numbers = pd.Series(codes.codes, dtype="int64").to_numpy()
    taken = numbers.take(places) if len(numbers) else places
    taken[places < 0] = -1
    return pd.Series(
        pd.Categorical.from_codes(taken, dtype=codes.dtype), index=values.index, name=values.name
    )


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
