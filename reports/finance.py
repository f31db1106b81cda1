"""What finance may change and what follows from it: the tables that the live sheets of a workbook are made from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# What a reader chooses from, and the names of the ledger's columns that each stands for.
RULES = {"credible": "Credible", "rightcare": "RightCare's rule", "gross": "Every gap"}
COMPARATORS = {"peer_mean": "Mean of peers", "best_5": "Best five of ten peers"}
# Ways in which a gap can count, by number: RightCare's rule is against the best five, whatever is chosen.
BASES = (
    ("credible", "peer_mean"),
    ("credible", "best_5"),
    ("rightcare", "best_5"),
    ("gross", "peer_mean"),
    ("gross", "best_5"),
)
YEARS = (0, 1, 2, 3, 4)


@dataclass(frozen=True, kw_only=True)
class General:
    """The assumptions that hold for everything; shares from 0 to 1."""

    rule: str  # a key of ``RULES``
    comparator: str  # a key of ``COMPARATORS``
    overlap_cap: float
    addressable: float
    deliverable: float
    reinvestment: float
    one_off: float
    discount_rate: float
    plan_year: int  # 0 to 4


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """What the sheets of sensitivity try."""

    rates: tuple[float, ...]  # marginal rates of one point of delivery
    point_of_delivery: str  # its key
    # Low and high end by what is moved: delivery, sign_off, marginal, reinvestment, cap (shares), phasing (names).
    ranges: dict[str, tuple[float, float] | tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Finance:
    """Assumptions as they are in force, and the figures of the pack's own area that they work on.

    ``lines``: one row per indicator that can save money, with its units by each way to count (``units_1`` to
    ``units_5`` in the order of ``BASES``), those that chance had hidden (``beyond_1``, ``beyond_2``) and
    ``activity`` (units counted now). ``draws`` holds joint draws of the units, (lines, draws), by the number of the
    way to count. ``investments``: the same units for indicators of under-use. ``ledger``: units by area. ``changes``:
    what was edited in a workbook that was read back (table, key, column, was, now).
    """

    area: str  # code of the pack's own area; another pack's sheets must not be made from it
    general: General
    what_if: WhatIf
    delivery: pd.DataFrame  # point_of_delivery, name, price, marginal_rate, contract, variable_cost, source
    phasing: pd.DataFrame  # phasing, year_0 .. year_4
    lines: pd.DataFrame
    investments: pd.DataFrame
    schemes: pd.DataFrame
    overlaps: pd.DataFrame  # indicator, other, share
    ledger: pd.DataFrame
    draws: dict[int, NDArray[np.float64]]
    changes: pd.DataFrame
    plan_line_shown: str  # the line of the plan that the summary is about besides all of them
    net_as_written: (
        float  # £, the commissioner's in the plan's year: what the cells must give before any change
    )
