"""The opportunity of some indicators: gaps to what good looks like, taken at the finest level and summed upward."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.comparators import parent_value
from variation.areas.tree import AreaTree
from variation.comparison.compare import THREADS
from variation.comparison.explained import usual_ratio
from variation.comparison.peering import Peering, Peerings
from variation.figures.panel import Panel
from variation.figures.rates import Rates, measure
from variation.opportunity.credibility import COMPARATORS, Credible, Evidence, draw_credible
from variation.opportunity.gaps import units_by_further_comparators, units_by_rule
from variation.opportunity.rows import Rule, in_order, lay_out
from variation.opportunity.totals import Pence, in_pence
from variation.settings import Settings

Floats = NDArray[np.float64]

# Columns of the credible units beyond the gap as counted.
BEYOND = ["indicator", "area", "comparator", "units"]


@dataclass(frozen=True, kw_only=True)
class Priced:
    """The opportunity of some indicators, and what of their draws the totals and the finance chain need.

    ``draws`` are what each indicator saves in each draw where areas have others below them; ``beyond`` the credible
    units beyond the gap as counted (indicator, area, comparator, units), where there are any; ``focus_draws`` the
    units of the pack's own area, (draws,), by indicator and comparator.
    """

    opportunity: pd.DataFrame
    draws: dict[str, Pence]
    beyond: pd.DataFrame
    focus_draws: dict[str, dict[str, Floats]]

    @classmethod
    def joined(cls, parts: "list[Priced]") -> "Priced":
        """Put parts together, each of other indicators; of none, tables without rows."""
        return cls(
            opportunity=in_order([part.opportunity for part in parts]),
            draws={name: own for part in parts for name, own in part.draws.items()},
            beyond=below([part.beyond for part in parts], BEYOND),
            focus_draws={name: own for part in parts for name, own in part.focus_draws.items()},
        )


def below(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Put tables below each other."""
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def size_priced(panel: Panel, peerings: Peerings, settings: Settings, *, threads: int = THREADS) -> Priced:
    """Size the opportunity of groups that are to be priced, all with the same peers; each indicator by itself."""
    parts = []
    for kind in panel.tree.kinds_by_depth:
        rows = np.flatnonzero(panel.groups["finest"] == kind)
        if len(rows):
            parts.append(_size_kind(panel.rows(rows), kind, peerings[kind], settings, threads))
    return Priced.joined(parts)


def priced_groups(panel: Panel, period: str | None) -> NDArray[np.int64]:
    """Rows of the groups to price: each indicator's latest period (or the one asked), local ones left out."""
    directed = (panel.groups["polarity"] != "local").to_numpy()
    if period is not None:
        return np.flatnonzero(directed & (panel.groups["period"] == period).to_numpy())
    latest = panel.latest_rows()
    return latest[directed[latest]]


def _size_kind(panel: Panel, kind: str, peering: Peering, settings: Settings, threads: int) -> Priced:
    """Size the opportunity of indicators whose finest kind is ``kind``."""
    columns = panel.tree.of_kind(kind)
    rates = measure(panel)
    own = rates.columns(columns)
    sign = np.where(panel.groups["polarity"] == "high", -1.0, 1.0)[:, None]
    simple = units_by_rule(own, sign, panel, peering, settings)
    above = parent_value(rates.value, panel.tree.parent)[:, columns]
    simple |= units_by_further_comparators(own, sign, panel, peering, above, settings.opportunity.also)
    # Each indicator has random numbers of its own, so that the number of threads changes nothing.
    with ThreadPoolExecutor(threads) as pool:
        drawn = list(
            pool.map(
                lambda row: _credible_row(panel, own, row, columns, peering, settings), range(len(panel))
            )
        )
    sized: dict[Rule, dict[str, Floats]] = {
        rule: {"units": _summed(panel.tree, columns, units)} for rule, units in simple.items()
    }
    for comparator in COMPARATORS:
        sized["credible", comparator] = _credible(drawn, columns, comparator, settings)
    for rule, matrices in sized.items():
        if rule in drawn[0].floors:
            matrices["chance_floor_gbp"] = np.array([one.floors[rule] for one in drawn])
    price = panel.groups["unit_cost"].to_numpy(dtype=float, na_value=np.nan)
    saving = (panel.groups["polarity"] == "low").to_numpy() & ~np.isnan(price)
    draws = {
        str(panel.groups["indicator"].iloc[row]): in_pence(drawn[row].draws * price[row])
        for row in np.flatnonzero(saving)
    }
    names = panel.groups["indicator"].astype(str)
    return Priced(
        opportunity=lay_out(panel, sized),
        draws=draws,
        beyond=_beyond(panel, columns, drawn, simple),
        focus_draws={name: one.focus for name, one in zip(names, drawn, strict=True)},
    )


def _beyond(
    panel: Panel,
    columns: NDArray[np.int64],
    drawn: list[Credible],
    simple: dict[tuple[str, str], Floats],
) -> pd.DataFrame:
    """Where chance has hidden part of an area's gap: its credible units less those counted, summed up the tree.

    Mostly an area's estimated gap is the smaller of the two. Where it is the larger, the chain from gross to net
    would else grow at its first step.
    """
    parts = []
    for comparator in COMPARATORS:
        credible = np.array([one.mean[comparator][columns] for one in drawn])
        more = _summed(panel.tree, columns, np.clip(credible - simple["gross", comparator], 0, None))
        row, area = np.nonzero(np.nan_to_num(more) > 0)
        parts.append(
            pd.DataFrame(
                {
                    "indicator": panel.groups["indicator"].to_numpy()[row],
                    "area": panel.tree.codes[area],
                    "comparator": comparator,
                    "units": more[row, area],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _credible_row(
    panel: Panel, own: Rates, row: int, columns: NDArray[np.int64], peering: Peering, settings: Settings
) -> Credible:
    """Draw the credible opportunity of one indicator."""
    group = panel.groups.iloc[row]
    centre = usual_ratio(own, row, panel.tree.table.iloc[columns], settings.inequality.case_mix)
    binomial = group["kind"] == "proportion" and group["standardise"] == "none"
    return draw_credible(
        Evidence.of(own, row, centre, binomial=binomial, multiplier=float(group["multiplier"])),
        str(group["indicator"]),
        panel.tree,
        columns,
        peering.positions,
        lower_is_better=group["polarity"] == "low",
        settings=settings,
    )


def _credible(
    drawn: list[Credible], columns: NDArray[np.int64], comparator: str, settings: Settings
) -> dict[str, Floats]:
    """Lay the draws' summaries out by indicator; an area too unreliable by itself is shown only in its parents."""
    matrices = {
        name: np.array([getattr(one, statistic)[comparator] for one in drawn])
        for name, statistic in {"units": "mean", "p10": "p10", "p50": "p50", "p90": "p90"}.items()
    }
    reliability = np.array([one.reliability for one in drawn])
    withheld = reliability < settings.opportunity.publish_reliability
    matrices = {name: np.where(withheld, np.nan, cells) for name, cells in matrices.items()}
    probability = np.array([one.probability for one in drawn])
    return matrices | {"probability": probability, "reliability": reliability}


def _summed(tree: AreaTree, columns: NDArray[np.int64], units: Floats) -> Floats:
    """Sum units up the tree; an area's own negative figure (percentile mode) is kept but never netted off."""
    cells = np.full((len(units), len(tree)), np.nan)
    cells[:, columns] = np.clip(units, 0, None)
    given = np.zeros(cells.shape, dtype=bool)
    given[:, columns] = True
    summed = tree.roll_up(cells, given=given)
    summed[:, columns] = units
    return summed
