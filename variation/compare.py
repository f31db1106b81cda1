"""The comparison: every indicator, period and area against its peers, and how much areas vary."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from benchmarks import funnel
from benchmarks.comparators import best_of_peers, gather
from benchmarks.dispersion import Dispersion, describe
from benchmarks.quantiles import percentile_rank
from benchmarks.significance import (
    NOT_TESTED,
    Difference,
    benjamini_hochberg,
    difference_from_peers,
    rightcare,
)
from variation.panel import Panel
from variation.peering import Peerings, by_peers
from variation.periods import in_time
from variation.rates import LEVELS, Rates, measure
from variation.settings import ComparisonSettings
from variation.tables import COMPARISON, SIGNIFICANCES, VARIATION

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]

# Cells of a block. The peers of a block's cells are gathered at once: ten numbers a cell.
BLOCK_CELLS = 250_000


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The comparison and variation tables of a block."""

    comparison: pd.DataFrame
    variation: pd.DataFrame


def compare(panel: Panel, peerings: Peerings, settings: ComparisonSettings) -> Compared:
    """Compare a panel of any size, block by block: the tables of all its groups."""
    done = [
        compare_block(block, peers, settings)
        for part, peers in by_peers(panel, peerings)
        for block in part.blocks(BLOCK_CELLS)
    ]
    comparison = _in_order([part.comparison for part in done])
    if settings.false_discovery_rate is not None:
        comparison["significance"] = _after_many_tests(comparison, settings.false_discovery_rate)
    return Compared(
        comparison=comparison,
        variation=_in_order([part.variation for part in done]),
    )


def _in_order(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the blocks' tables together in the order of indicators and periods."""
    return in_time(pd.concat(parts, ignore_index=True))


def _after_many_tests(comparison: pd.DataFrame, rate: float) -> "pd.Series[str]":
    """Take back flags that do not stand when all indicators of the area in the period are tested at once."""
    rows, _ = pd.factorize(pd.MultiIndex.from_frame(comparison[["period", "area"]]))
    columns, indicators = pd.factorize(comparison["indicator"])
    p_values = np.full((rows.max(initial=-1) + 1, len(indicators)), np.nan)
    p_values[rows, columns] = 2 * ndtr(-comparison["z"].abs().to_numpy())
    stands = benjamini_hochberg(p_values)[rows, columns] <= rate
    said = comparison["significance"]
    return said.where(stands | said.isin(["similar", "not tested"]), "similar")


def compare_block(panel: Panel, peerings: Peerings, settings: ComparisonSettings) -> Compared:
    """Compare one block: array work over all its groups and areas at once, one kind of area after the other."""
    rates = measure(panel)
    comparisons, variations = [], []
    borrowed = np.zeros((len(panel), 1))
    for kind in panel.tree.kinds_by_depth:
        columns = panel.tree.of_kind(kind)
        own = rates.columns(columns)
        seen = own.without(panel.withheld[:, columns])
        spread = describe(seen.observed, seen.expected)
        tau2 = _variance_between(panel, seen, borrowed)
        borrowed = np.where(np.isnan(borrowed) | (borrowed == 0), tau2, borrowed)
        cells = _cells(panel, own, seen, peerings[kind].positions, spread, tau2, settings)
        comparisons.append(_comparison_frame(panel, columns, kind, own, cells))
        variations.append(_variation_frame(panel, kind, spread, tau2, seen, cells))
    order = {kind: place for place, kind in enumerate(panel.tree.kinds_by_depth)}
    keys = ["_group", "_kind"]
    comparison = pd.concat(comparisons, ignore_index=True)
    comparison["_kind"] = comparison["kind"].map(order)
    comparison = comparison.sort_values(keys, kind="stable", ignore_index=True)
    variation = pd.concat(variations, ignore_index=True)
    variation = variation.sort_values(["_group"], kind="stable", ignore_index=True)
    return Compared(comparison=comparison[COMPARISON.names], variation=variation[VARIATION.names])


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """What the comparison adds to the rates, matrices of (groups, areas of the kind)."""

    difference: Difference
    significance: Codes
    significance_998: Codes
    best: Floats
    significance_rightcare: Codes
    funnel: dict[str, Floats]
    percentile: Floats
    rank: Floats
    reliability: Floats
    peers_used: NDArray[np.int64]


def _cells(
    panel: Panel,
    own: Rates,
    seen: Rates,
    peers: NDArray[np.int64],
    spread: Dispersion,
    tau2: Floats,
    settings: ComparisonSettings,
) -> _Cells:
    """Compare the areas of a kind; ``seen`` are the rates without estimates in the place of withheld counts."""
    difference = difference_from_peers(own.value, own.test_lower_95, own.test_upper_95, peers)
    wider = difference_from_peers(
        own.value, own.test_lower_998, own.test_upper_998, peers, confidence=LEVELS[1]
    )
    low_is_good = panel.groups["polarity"].to_numpy(dtype=object) != "high"
    sign = np.where(low_is_good, 1.0, -1.0)[:, None]
    best_mean = sign * best_of_peers(sign * own.value, peers, best=settings.best, lower_is_better=True)
    hidden = np.isnan(seen.value) & ~np.isnan(own.value)
    untested = hidden | (spread.reliability < settings.flag_reliability)
    percentile = percentile_rank(seen.value)
    number = (~np.isnan(seen.value)).sum(axis=1, keepdims=True)
    return _Cells(
        difference=difference,
        significance=np.where(untested, np.int8(NOT_TESTED), difference.codes),
        significance_998=np.where(untested, np.int8(NOT_TESTED), wider.codes),
        best=best_mean,
        significance_rightcare=rightcare(seen.lower_95, seen.upper_95, best_mean),
        funnel=_funnel(panel, own, tau2),
        percentile=percentile,
        rank=np.where(
            number > 1, percentile / 100 * (number - 1) + 1, np.where(np.isnan(seen.value), np.nan, 1.0)
        ),
        reliability=spread.reliability,
        peers_used=(~np.isnan(gather(own.value, peers))).sum(axis=-1),
    )


def _is_proportion(panel: Panel) -> NDArray[np.bool_]:
    return (panel.groups["kind"] == "proportion").to_numpy()[:, None]


def _variance_between(panel: Panel, own: Rates, borrowed: Floats) -> Floats:
    """Variance tau2 between areas of the kind; borrowed from a finer kind where there are too few of them."""
    estimate = funnel.overdispersion(own.observed, own.expected, kind="ratio_sqrt")
    tau2 = np.asarray(estimate.tau2)[:, None]
    few = np.asarray(estimate.areas)[:, None] < funnel.MINIMUM_AREAS
    return np.where(few, borrowed, tau2)


def _funnel(panel: Panel, own: Rates, tau2: Floats) -> dict[str, Floats]:
    """Funnel limits by chance alone and widened for overdispersion, in the indicator's unit."""
    limits: dict[str, Floats] = {}
    for confidence, name in zip(LEVELS, ("95", "998"), strict=True):
        for prefix, extra in (("funnel_", np.zeros_like(tau2)), ("funnel_adjusted_", tau2)):
            ratio = funnel.limits(
                own.expected, kind="ratio_sqrt", target=1.0, tau2=np.nan_to_num(extra), confidence=confidence
            )
            limits[f"{prefix}lower_{name}"] = ratio.lower * own.reference
            limits[f"{prefix}upper_{name}"] = ratio.upper * own.reference
    top = np.where(_is_proportion(panel), panel.groups["multiplier"].to_numpy(dtype=float)[:, None], np.inf)
    return {name: np.minimum(cells, top) for name, cells in limits.items()}


def significance_words(codes: Codes, polarity: NDArray[np.object_]) -> "pd.Categorical[str]":
    """Say a test in words: better or worse where a direction is good, higher or lower where none is."""
    higher = np.select([polarity == "low", polarity == "high"], ["worse", "better"], "higher")
    lower = np.select([polarity == "low", polarity == "high"], ["better", "worse"], "lower")
    place = {word: code for code, word in enumerate(SIGNIFICANCES)}
    as_code = np.vectorize(place.__getitem__, otypes=[np.int8])
    said = np.full(codes.shape, place["similar"], dtype=np.int8)
    said = np.where(codes == 1, as_code(higher)[:, None], said)
    said = np.where(codes == -1, as_code(lower)[:, None], said)
    said = np.where(codes == NOT_TESTED, np.int8(place["not tested"]), said)
    return pd.Categorical.from_codes(said.ravel(), categories=pd.Index(SIGNIFICANCES))


def _comparison_frame(
    panel: Panel, columns: NDArray[np.int64], kind: str, own: Rates, cells: _Cells
) -> pd.DataFrame:
    """Lay the matrices of one kind of area out as rows; cells without any figure give no row."""
    groups, areas = len(panel), len(columns)
    polarity = panel.groups["polarity"].to_numpy(dtype=object)
    group = np.repeat(np.arange(groups), areas)
    multiplied = {
        "value": own.value,
        "lower_95": own.lower_95,
        "upper_95": own.upper_95,
        "lower_998": own.lower_998,
        "upper_998": own.upper_998,
        "comparator_value": cells.difference.comparator,
        "difference": cells.difference.value,
        "difference_lower_95": cells.difference.lower,
        "difference_upper_95": cells.difference.upper,
        "z": cells.difference.z,
        "best_5_value": cells.best,
        "funnel_target": np.broadcast_to(own.reference, own.value.shape),
        **cells.funnel,
        "percentile": cells.percentile,
        "reliability": cells.reliability,
    }
    frame = pd.DataFrame(
        {
            "_group": group,
            "indicator": panel.groups["indicator"].to_numpy()[group],
            "period": panel.groups["period"].to_numpy()[group],
            "area": np.tile(panel.tree.codes[columns], groups),
            "kind": kind,
            "numerator": panel.numerator[:, columns].ravel(),
            "denominator": panel.denominator[:, columns].ravel(),
            "expected": panel.expected[:, columns].ravel(),
            "comparator": "peer_mean",
            "significance": significance_words(cells.significance, polarity),
            "significance_998": significance_words(cells.significance_998, polarity),
            "significance_rightcare": significance_words(cells.significance_rightcare, polarity),
            "rank": pd.array(np.round(cells.rank).ravel(), dtype="Float64").astype("Int64"),
            "peers_used": cells.peers_used.ravel(),
            "suppressed": panel.withheld[:, columns].ravel(),
            **{name: matrix.ravel() for name, matrix in multiplied.items()},
        }
    )
    return frame[frame["numerator"].notna() | frame["value"].notna() | frame["suppressed"]]


def _variation_frame(
    panel: Panel, kind: str, spread: Dispersion, tau2: Floats, own: Rates, cells: _Cells
) -> pd.DataFrame:
    """One row per group: how much the areas of the kind vary, and how many are flagged."""
    polarity = panel.groups["polarity"].to_numpy(dtype=object)
    bad = np.select([polarity == "low", polarity == "high"], [1, -1], 0)[:, None]
    local = bad == 0

    def flags(codes: Codes) -> NDArray[np.int64]:
        """Areas flagged in the bad direction; in either, where no direction is good."""
        return np.where(local, np.abs(codes) == 1, codes == bad).sum(axis=1)

    tested = (cells.significance != NOT_TESTED).sum(axis=1)
    one_sided = (1 - LEVELS[0]) / 2
    overdispersion = funnel.overdispersion(own.observed, own.expected, kind="ratio_sqrt")
    frame = pd.DataFrame(
        {
            "_group": np.arange(len(panel)),
            "indicator": panel.groups["indicator"].to_numpy(),
            "period": panel.groups["period"].to_numpy(),
            "kind": kind,
            "areas": (~np.isnan(own.value)).sum(axis=1),
            **{
                name: getattr(spread, name)
                for name in (
                    "extremal_quotient", "extremal_quotient_chance", "cv", "weighted_cv", "scv",
                    "scv_weighted", "chi_square", "p_value", "i_squared", "median_rate_ratio", "gini",
                    "share_chance",
                )
            },
            "phi": overdispersion.phi,
            "tau": np.sqrt(tau2[:, 0]),
            "share_case_mix": np.nan,
            "share_unwarranted": np.nan,
            "flags": flags(cells.significance),
            "flags_expected_by_chance": tested * one_sided * np.where(local[:, 0], 2, 1),
            "flags_rightcare": flags(cells.significance_rightcare),
        }
    )  # fmt: skip
    quotients = ["extremal_quotient", "extremal_quotient_chance"]  # infinite where the lowest is 0
    frame[quotients] = frame[quotients].replace(np.inf, np.nan)
    return frame[frame["areas"] >= 2]
