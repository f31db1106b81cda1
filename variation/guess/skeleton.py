"""Rows for tables that given files lack: a catalogue of the indicators found, and the areas that have figures."""

import numpy as np
import pandas as pd

from variation.guess.contents import AREA_CODES

MONEY = r"cost|spend|payment|£|gbp|\bfee|funding|global sum|expenditure|scheme"
EVENTS = r"admission|attendance|item|event|death|spell|appointment|referral|per 1,?000|rate"

# Said in the column that marks guesses; the column is not read.
GUESSED = "name, kind and unit are guesses; polarity is to be chosen: low, high or local"

UNITS = {"proportion": "%", "rate": "per 1,000", "spend": "£ a head", "mean": "", "ratio": ""}


def catalogue_skeleton(figures: pd.DataFrame) -> pd.DataFrame:
    """A row for each indicator: its kind as its words and numbers have it, and what is a guess.

    What is money by its name is spend; what has a value and no count is a mean; counts never above their
    denominators are proportions, unless their name speaks of events; other counts are rates.
    """
    table = figures.reindex(columns=["indicator", "numerator", "denominator", "value"])
    codes = table["indicator"].astype("str")
    counted = table["numerator"].notna().groupby(codes).any()
    above = (table["numerator"] > table["denominator"]).groupby(codes).any()
    names = pd.Series(counted.index, index=counted.index, dtype="str")
    money = names.str.contains(MONEY, case=False, regex=True)
    events = names.str.contains(EVENTS, case=False, regex=True)
    kind = np.select([~counted, money, above | events], ["mean", "spend", "rate"], "proportion")
    return pd.DataFrame(
        {
            "indicator": names.to_numpy(),
            "name": names.str.replace("_", " ").to_numpy(),
            "kind": kind,
            "unit": pd.Series(kind, dtype="str").map(UNITS).to_numpy(),
            "polarity": "local",
            "guessed": GUESSED,
        }
    )


def areas_skeleton(codes: pd.Series) -> pd.DataFrame:
    """A row for each area: its kind as its code has it, ``area`` where it is of none that is known."""
    distinct = pd.Series(sorted(codes.dropna().unique()), dtype="str")
    matches = [distinct.str.fullmatch(pattern).to_numpy(dtype=bool) for pattern in AREA_CODES.values()]
    kind = np.select(matches, list(AREA_CODES), "area")
    return pd.DataFrame({"area": distinct, "name": distinct, "kind": kind, "parent": ""})
