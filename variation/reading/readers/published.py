"""What published figures show of their indicator: how value, count and denominator go together, what is better."""

import numpy as np
import pandas as pd

# Values may be rounded, and counts with them: so far the median of value x denominator / count may be off.
CLOSE = 0.02

# Multiplier of the value: what it is then taken for.
KINDS = {
    1.0: ("ratio", ""),
    100.0: ("proportion", "%"),
    1_000.0: ("rate", "per 1,000"),
    10_000.0: ("rate", "per 10,000"),
    100_000.0: ("rate", "per 100,000"),
}

BETTER, WORSE = "Better", "Worse"


def guess_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Kind, multiplier and unit of each indicator from its published values.

    A value of 100 x count / denominator is a proportion where no count is above its denominator. Where value and
    counts do not go together (a standardised rate), or there are none, kind is missing; a value without counts
    and limits, such as a deprivation score, is a mean.

    Parameters
    ----------
    frame
        indicator, value, numerator, denominator, lower_95.
    """
    numbers = frame[["numerator", "denominator", "value"]].apply(pd.to_numeric, errors="coerce").astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (numbers["value"] * numbers["denominator"] / numbers["numerator"]).where(
            numbers["numerator"] > 0
        )
    codes = frame["indicator"].astype("str")
    median = ratio.groupby(codes).median()
    above = (numbers["numerator"] > numbers["denominator"]).groupby(codes).any()
    counted = (
        numbers["numerator"].notna().groupby(codes).any() | frame["lower_95"].notna().groupby(codes).any()
    )
    known = pd.Series(np.nan, index=median.index)
    for multiplier in KINDS:
        known = known.mask((median / multiplier - 1).abs() < CLOSE, multiplier)
    kind = known.map({multiplier: kind for multiplier, (kind, _) in KINDS.items()}).astype(object)
    unit = known.map({multiplier: unit for multiplier, (_, unit) in KINDS.items()}).astype(object)
    share = (known == 100) & above
    return pd.DataFrame(
        {
            "kind": kind.mask(share, "ratio").where(counted, "mean"),
            "multiplier": known.where(counted, 1.0),
            "unit": unit.mask(share, "per 100").where(counted, ""),
        }
    )


def guess_polarity(frame: pd.DataFrame) -> pd.Series:
    """Direction that is good, by indicator: values called better lie below those called worse, or above them."""
    value = pd.to_numeric(frame["value"], errors="coerce")
    words = frame["compared"].astype("str")
    codes = frame["indicator"].astype("str")
    better = value.where(words == BETTER).groupby(codes).median()
    worse = value.where(words == WORSE).groupby(codes).median()
    return pd.Series(
        np.select([better < worse, better > worse], ["low", "high"], "local"), index=better.index
    )
