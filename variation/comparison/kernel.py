"""The kernel: one block of (indicator, period) groups compared. A local run, its threads and Spark all call it.

Array work over all groups and areas of the block at once; what is in one block does not depend on the others, so that
any split into blocks, on any number of machines, gives the same bytes. Memory is bounded by the block.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks import funnel
from benchmarks.comparators import best_of_peers
from benchmarks.dispersion import Dispersion, describe
from benchmarks.peer_values import number_with_value
from benchmarks.quantiles import rank_and_percentile
from benchmarks.significance import NOT_TESTED, differences_from_peers, rightcare
from variation.comparison.peering import Peering, Peerings
from variation.figures.panel import Panel
from variation.figures.rates import LEVELS, Rates, measure
from variation.settings import ComparisonSettings
from variation.tables import COMPARISON, SIGNIFICANCES, VARIATION, Table

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]
Cells = dict[str, NDArray[np.generic]]

# Cells of one kind of area compared at once: what is in between stays in a core's cache.
CELLS_AT_ONCE = 52_000

SPREAD = (
    "extremal_quotient", "extremal_quotient_chance", "cv", "weighted_cv", "scv", "scv_weighted", "chi_square",
    "p_value", "i_squared", "median_rate_ratio", "gini", "share_chance",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Block:
    """The comparison and variation tables of a block, in the order of its groups."""

    comparison: pa.Table
    variation: pa.Table


def compare_block(panel: Panel, peerings: Peerings, settings: ComparisonSettings) -> Block:
    """Compare every area of a block with its peers, and describe how much areas vary, one kind after the other."""
    rates, kinds = measure(panel), panel.tree.kinds_by_depth
    columns = [panel.tree.of_kind(kind) for kind in kinds]
    cells = _Cells((len(panel), len(panel.tree)))
    variations, done = [], 0
    borrowed = np.zeros((len(panel), 1))
    for kind, chosen in zip(kinds, columns, strict=True):
        own = rates.columns(chosen)
        hidden = np.take(panel.withheld, chosen, axis=1)
        seen = own.without(hidden) if hidden.any() else own
        spread = describe(seen.observed, seen.expected)
        found = funnel.overdispersion(seen.observed, seen.expected, kind="ratio_sqrt")
        tau2 = _variance_between(found, borrowed)
        borrowed = np.where(np.isnan(borrowed) | (borrowed == 0), tau2, borrowed)
        here = slice(done, done + len(chosen))
        step = max(1, CELLS_AT_ONCE // max(len(chosen), 1))
        for start in range(0, len(panel), step):
            rows = slice(start, start + step)
            some = own.rows(rows)
            shown = some if seen is own else seen.rows(rows)
            part = _cells(
                panel.groups.iloc[rows],
                some,
                shown,
                peerings[kind],
                reliability=spread.reliability[rows],
                tau2=tau2[rows],
                settings=settings,
            )
            cells.put((rows, here), part)
        variations.append(_variation(panel, seen, spread, found, tau2, cells.columns(here)))
        done += len(chosen)
    return Block(
        comparison=_comparison_table(panel, np.concatenate(columns), cells.columns(slice(None))),
        variation=_variation_table(panel, kinds, _side_by_side(variations)),
    )


class _Cells:
    """Every column of a comparison as a matrix of (groups, areas), filled a part at a time."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._matrices: Cells = {}

    def put(self, place: tuple[slice, slice], part: Cells) -> None:
        """Put a part of every column in its place."""
        for name, cells in part.items():
            if name not in self._matrices:
                self._matrices[name] = np.empty(self._shape, dtype=cells.dtype)
            self._matrices[name][place] = cells

    def columns(self, areas: slice) -> Cells:
        """Return the matrices of some areas."""
        return {name: matrix[:, areas] for name, matrix in self._matrices.items()}


def _variance_between(found: funnel.Overdispersion, borrowed: Floats) -> Floats:
    """Variance tau2 between areas of the kind; borrowed from a finer kind where there are too few of them."""
    few = np.asarray(found.areas)[:, None] < funnel.MINIMUM_AREAS
    return np.where(few, borrowed, np.asarray(found.tau2)[:, None])


def _cells(
    groups: pd.DataFrame,
    own: Rates,
    seen: Rates,
    peering: Peering,
    *,
    reliability: Floats,
    tau2: Floats,
    settings: ComparisonSettings,
) -> Cells:
    """Every column that the comparison of one kind of area adds, matrices of (groups, areas of the kind).

    ``seen`` are the rates without the estimates that stand in the place of withheld counts.
    """
    peers = peering.positions
    tested = [
        (own.test_lower_95, own.test_upper_95, LEVELS[0]),
        (own.test_lower_998, own.test_upper_998, LEVELS[1]),
    ]
    narrow, wide = differences_from_peers(own.value, tested, peers)
    polarity = groups["polarity"].to_numpy(dtype=object)
    sign = np.where(polarity == "high", -1.0, 1.0)[:, None]
    best = sign * best_of_peers(sign * own.value, peers, best=settings.best, lower_is_better=True)
    untested = reliability < settings.flag_reliability
    if seen is not own:
        untested |= np.isnan(seen.value) & ~np.isnan(own.value)
    rank, percentile = rank_and_percentile(seen.value)
    # How many peers have a value: those without limits, which the test leaves out, are counted here.
    used = number_with_value(own.value, peers)
    tests = {
        "significance": np.where(untested, np.int8(NOT_TESTED), narrow.codes),
        "significance_998": np.where(untested, np.int8(NOT_TESTED), wide.codes),
        "significance_rightcare": rightcare(seen.lower_95, seen.upper_95, best),
    }
    return {
        "value": own.value,
        **{name: getattr(own, name) for name in ("lower_95", "upper_95", "lower_998", "upper_998")},
        "comparator_value": narrow.comparator,
        "difference": narrow.value,
        "difference_lower_95": narrow.lower,
        "difference_upper_95": narrow.upper,
        "z": narrow.z,
        "best_5_value": best,
        "funnel_target": np.broadcast_to(own.reference, own.value.shape),
        **_funnel(groups, own, tau2),
        "percentile": percentile,
        "rank": rank,
        "reliability": reliability,
        "peers_used": used.astype(np.int64),
        **{name: said_codes(codes, polarity) for name, codes in tests.items()},
    }


def _funnel(groups: pd.DataFrame, own: Rates, tau2: Floats) -> dict[str, Floats]:
    """Funnel limits by chance alone and widened for overdispersion, in the indicator's unit."""
    proportion = (groups["kind"] == "proportion").to_numpy()[:, None]
    top = np.where(proportion, groups["multiplier"].to_numpy(dtype=float)[:, None], np.inf)
    limits: dict[str, Floats] = {}
    for prefix, extra in (("funnel_", np.zeros_like(tau2)), ("funnel_adjusted_", np.nan_to_num(tau2))):
        levels = funnel.limits_at(own.expected, LEVELS, kind="ratio_sqrt", target=1.0, tau2=extra)
        for ratio, name in zip(levels, ("95", "998"), strict=True):
            for side, cells in zip(("lower", "upper"), ratio, strict=True):
                cells *= own.reference
                limits[f"{prefix}{side}_{name}"] = np.minimum(cells, top, out=cells)
    return limits


# Codes of a test as a place in SIGNIFICANCES, by polarity.
_SAID = {
    "low": {1: "worse", -1: "better"},
    "high": {1: "better", -1: "worse"},
    "local": {1: "higher", -1: "lower"},
}


def said_codes(codes: Codes, polarity: NDArray[np.object_]) -> Codes:
    """Say a test in words, as places in SIGNIFICANCES: better or worse; else higher or lower."""
    place = {word: np.int8(code) for code, word in enumerate(SIGNIFICANCES)}
    said = np.full(codes.shape, place["similar"], dtype=np.int8)
    for code in (1, -1):
        word = np.array(
            [place[_SAID.get(str(good), _SAID["local"])[code]] for good in polarity], dtype=np.int8
        )
        said = np.where(codes == code, word[:, None], said)
    return np.where(codes == NOT_TESTED, place["not tested"], said)


def _variation(
    panel: Panel, seen: Rates, spread: Dispersion, found: funnel.Overdispersion, tau2: Floats, cells: Cells
) -> Cells:
    """How much the areas of one kind vary, and how many are flagged: one column of (groups, 1)."""
    polarity = panel.groups["polarity"].to_numpy(dtype=object)
    local = ~np.isin(polarity, ("low", "high"))

    def flags(name: str) -> NDArray[np.int64]:
        """Areas flagged in the bad direction; in either, where no direction is good."""
        bad = [cells[name] == SIGNIFICANCES.index(word) for word in ("worse", "higher", "lower")]
        return (bad[0] | bad[1] | bad[2]).sum(axis=1)

    tested = (cells["significance"] != SIGNIFICANCES.index("not tested")).sum(axis=1)
    columns: Cells = {
        "areas": (~np.isnan(seen.value)).sum(axis=1),
        **{name: np.asarray(getattr(spread, name)) for name in SPREAD},
        "phi": np.asarray(found.phi),
        "tau": np.sqrt(tau2[:, 0]),
        "share_case_mix": np.full(len(panel), np.nan),
        "share_unwarranted": np.full(len(panel), np.nan),
        "flags": flags("significance"),
        "flags_expected_by_chance": tested * ((1 - LEVELS[0]) / 2) * np.where(local, 2, 1),
        "flags_rightcare": flags("significance_rightcare"),
    }
    for name in ("extremal_quotient", "extremal_quotient_chance"):  # infinite where the lowest is 0
        columns[name] = np.where(np.isinf(columns[name]), np.nan, columns[name])
    return {name: column[:, None] for name, column in columns.items()}


def _side_by_side(parts: list[Cells]) -> Cells:
    """Put the matrices of the kinds beside each other."""
    return {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}


def _comparison_table(panel: Panel, order: NDArray[np.int64], cells: Cells) -> pa.Table:
    """Lay matrices out as rows, group by group, the finest kind first; cells without any figure give no row."""
    tree, groups, areas = panel.tree, len(panel), len(order)
    counts = {
        name: np.take(getattr(panel, name), order, axis=1)
        for name in ("numerator", "denominator", "expected")
    }
    hidden = np.take(panel.withheld, order, axis=1)
    kept = (hidden | ~(np.isnan(counts["numerator"]) & np.isnan(cells["value"]))).ravel()
    whole = bool(kept.all())
    columns = {
        "indicator": _repeated(panel.groups["indicator"], areas),
        "period": _repeated(panel.groups["period"], areas),
        "area": _tiled(tree.codes[order], groups),
        "kind": _tiled(tree.kinds[order], groups),
        "comparator": _repeated(pd.Series(["peer_mean"]), groups * areas),
    }
    if not whole:
        chosen = pa.array(kept)
        columns = {name: column.filter(chosen) for name, column in columns.items()}
    for name, matrix in (counts | cells | {"suppressed": hidden}).items():
        flat = matrix.ravel() if whole else matrix.ravel()[kept]
        if name.startswith("significance"):
            columns[name] = pa.DictionaryArray.from_arrays(pa.array(flat), pa.array(SIGNIFICANCES))
        elif name == "rank":
            columns[name] = pa.array(np.nan_to_num(flat).astype(np.int64), mask=np.isnan(flat))
        else:
            columns[name] = pa.array(flat)
    return _table(columns, COMPARISON)


def _variation_table(panel: Panel, kinds: list[str], cells: Cells) -> pa.Table:
    """One row per group and kind of area of which two or more have a value."""
    kept = (np.asarray(cells["areas"], dtype=np.int64) >= 2).ravel()
    group, kind = (index.ravel()[kept] for index in np.indices((len(panel), len(kinds))))
    columns = {
        "indicator": _text(panel.groups["indicator"].to_numpy(dtype=object), group),
        "period": _text(panel.groups["period"].to_numpy(dtype=object), group),
        "kind": _text(np.array(kinds, dtype=object), kind),
    } | {name: pa.array(matrix.ravel()[kept]) for name, matrix in cells.items()}
    return _table(columns, VARIATION)


def _text(words: NDArray[np.object_], places: NDArray[np.int64]) -> pa.Array:
    """Words at their places, as a column of text."""
    return pa.array(words.astype(str), pa.large_string()).take(pa.array(places))


def _repeated(words: "pd.Series[str]", times: int) -> pa.Array:
    """Each word so many times."""
    return _joined([pa.repeat(pa.scalar(str(word), pa.large_string()), times) for word in words])


def _tiled(words: NDArray[np.object_], times: int) -> pa.Array:
    """All words, so many times over."""
    return _joined([pa.array(words.astype(str), pa.large_string())] * times)


def _joined(arrays: list[pa.Array]) -> pa.Array:
    return pa.concat_arrays(arrays) if arrays else pa.array([], pa.large_string())


def _table(columns: dict[str, pa.Array], spec: Table) -> pa.Table:
    """Columns in their order; a rank alone may be empty, a number that is not known is NaN."""
    fields = [pa.field(name, columns[name].type, nullable=name == "rank") for name in spec.names]
    return pa.table([columns[name] for name in spec.names], schema=pa.schema(fields))
