"""The lines of the finance chain: each indicator's saving in the pack's own area, step by step and year by year."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import savings as steps_of
from benchmarks.savings import Phased
from variation.areas.tree import AreaTree
from variation.finance.assumptions import YEARS, Assumptions
from variation.finance.ledger import NOT_SHOWN_SINGLY, gross_units

Floats = NDArray[np.float64]

VIEWS = ("commissioner", "system")


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The chain of every line (an indicator, for the pack's own area), arrays in the order of ``table``."""

    table: pd.DataFrame  # the assumptions' lines that have an opportunity, the largest first
    overlap: Floats  # (lines, lines)
    value: Floats  # £ by the chosen rule
    gross: Floats
    counted: Floats  # share counted once, of the group's cap too
    keep: Floats  # share left by larger lines
    activity: pd.Series  # units counted now, by indicator
    spend: pd.Series  # £ that each overlap group costs
    full_year: dict[str, Floats]  # £ deliverable, by view
    shares: dict[str, dict[str, Floats]]  # step -> view -> £ per £ counted by the rule, up to deliverable
    phased: dict[str, Phased]  # by view, (lines, years)
    factors: Floats  # share of a full year in each year, (lines, years)
    draws: Floats | None  # £, (lines, draws); None for a rule without draws


def rule_in_force(assumptions: Assumptions) -> tuple[str, str]:
    """Mode and comparator that count: RightCare's rule is against the best five, whatever the comparator."""
    general = assumptions.general
    return general.rule, "best_5" if general.rule == "rightcare" else general.comparator


def activity_now(
    comparison: pd.DataFrame, opportunity: pd.DataFrame, tree: AreaTree, focus: str
) -> pd.Series:
    """Units counted in the pack's own area in the period priced, by indicator."""
    own = comparison[comparison["area"].isin(tree.codes[tree.own(focus)])]
    priced = opportunity[["indicator", "period"]].drop_duplicates()
    return own.merge(priced, on=["indicator", "period"]).groupby("indicator")["numerator"].sum(min_count=1)


def work_out_lines(
    assumptions: Assumptions,
    ledger: pd.DataFrame,
    activity: pd.Series,
    focus_draws: Mapping[str, Mapping[str, Floats]],
    own_areas: NDArray[np.object_],
) -> Lines:
    """Take every line of the pack's own area through the chain."""
    mode, comparator = rule_in_force(assumptions)
    table, own = _in_order(assumptions, ledger, own_areas, f"{mode}_{comparator}_units")
    price = table["unit_cost"].to_numpy(dtype=float)
    value = own[f"{mode}_{comparator}_units"].to_numpy(dtype=float) * price
    gross = gross_units(own, mode, comparator) * price
    overlap = overlap_matrix(assumptions, table)
    keep = steps_of.counted_once(value, overlap)
    groups, spend = group_spend(table, activity)
    cap = steps_of.group_cap(value * keep, groups, spend.to_numpy(), cap=assumptions.general.overlap_cap)
    counted = keep * cap[groups]
    shares = _shares(table, assumptions, counted)
    full_year = {view: value * shares["deliverable"][view] for view in VIEWS}
    factors, phased = _phased(table, assumptions, full_year)
    draws = None
    if mode == "credible" and len(table):
        units = np.array([focus_draws[name][comparator] for name in table["indicator"]])
        draws = rounded_draws(units, table["unit"]) * price[:, None]
    return Lines(
        table=table,
        overlap=overlap,
        value=value,
        gross=gross,
        counted=counted,
        keep=keep,
        activity=activity,
        spend=spend,
        full_year=full_year,
        shares=shares,
        phased=phased,
        factors=factors,
        draws=draws,
    )


def rounded_draws(units: Floats, unit: pd.Series) -> Floats:
    """Draws as the workbook holds them: whole £, hundredths of anything else; far finer than what is drawn."""
    places = np.where(unit.to_numpy() == "£", 1.0, 100.0)[:, None]
    return np.round(units * places) / places


def _in_order(
    assumptions: Assumptions, ledger: pd.DataFrame, own_areas: NDArray[np.object_], column: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines that have an opportunity, the largest by the chosen rule first, and their units in the same order."""
    rows = ledger[(ledger["direction"] == "reduce") & ledger["area"].isin(own_areas)]
    rows = rows[rows["kind"] != NOT_SHOWN_SINGLY]
    units = rows.drop(columns=["area", "kind", "direction"]).groupby("indicator").sum()
    table = assumptions.lines[assumptions.lines["indicator"].isin(units.index)]
    worth = table["indicator"].map(units[column]).astype(float) * table["unit_cost"]
    order = worth.sort_values(ascending=False, kind="stable").index
    table = table.loc[order].reset_index(drop=True)
    return table, units.reindex(table["indicator"]).reset_index(drop=True)


def overlap_matrix(assumptions: Assumptions, lines: pd.DataFrame) -> Floats:
    """Share of the row's events that the column's line counts too, (lines, lines)."""
    index = pd.Index(lines["indicator"])
    pairs = assumptions.overlaps
    row, column = index.get_indexer(pd.Index(pairs["indicator"])), index.get_indexer(pd.Index(pairs["other"]))
    there = (row >= 0) & (column >= 0)
    matrix = np.zeros((len(index), len(index)))
    matrix[row[there], column[there]] = pairs["share"].to_numpy(dtype=float)[there]
    return matrix


def group_spend(lines: pd.DataFrame, activity: pd.Series) -> tuple[NDArray[np.int64], pd.Series]:
    """Group of each line by number, and what each costs, £: the largest of its lines, as they count the same."""
    number, names = pd.factorize(lines["overlap_group"])
    cost = lines["indicator"].map(activity).astype(float) * lines["unit_cost"]
    spend = cost.groupby(number).max().reindex(range(len(names)))
    return number.astype(np.int64), pd.Series(spend.to_numpy(), index=names)


def _shares(lines: pd.DataFrame, assumptions: Assumptions, counted: Floats) -> dict[str, dict[str, Floats]]:
    """£ left at each step of each £ that the rule counts, by view."""
    general = assumptions.general
    delivery = assumptions.delivery.set_index("point_of_delivery").reindex(lines["point_of_delivery"])
    schemes = assumptions.schemes.set_index("scheme").reindex(lines["scheme"])
    marginal = lines["marginal_rate"].fillna(pd.Series(delivery["marginal_rate"].to_numpy())).to_numpy()
    signed_off = schemes["addressable"].fillna(general.addressable).to_numpy(dtype=float)
    confidence = schemes["deliverable"].fillna(general.deliverable).to_numpy(dtype=float)
    agreed = steps_of.addressable(counted, signed_off=signed_off)
    cash = {
        "commissioner": steps_of.cashable(
            agreed, marginal_rate=marginal, contract=delivery["contract"].to_numpy(dtype=float)
        ),
        # The system's books know no price and no contract: what stops is what the activity costs at the margin.
        "system": steps_of.cashable(
            agreed, marginal_rate=delivery["variable_cost"].to_numpy(dtype=float), contract=1.0
        ),
    }
    ones = np.ones(len(lines))
    return {
        "credible": dict.fromkeys(VIEWS, ones),
        "deduplicated": dict.fromkeys(VIEWS, counted),
        "addressable": dict.fromkeys(VIEWS, agreed),
        "cashable": cash,
        "deliverable": {view: steps_of.deliverable(cash[view], confidence=confidence) for view in VIEWS},
    }


def _phased(
    lines: pd.DataFrame, assumptions: Assumptions, full_year: dict[str, Floats]
) -> tuple[Floats, dict[str, Phased]]:
    """Phase whole schemes and share each one's years out over its lines, by what they deliver."""
    scheme, schemes, total = by_scheme(lines, assumptions, full_year)
    general = assumptions.general
    ramp = assumptions.phasing.set_index("phasing").loc[schemes["phasing"], list(YEARS)].to_numpy()
    start = schemes["start_year"].to_numpy(dtype=int)
    factors = steps_of.year_factors(
        ramp,
        start=start,
        months=schemes["months"].to_numpy(),
        recurrent=(schemes["recurrent"] == "yes").to_numpy(),
    )
    found = {}
    for view in VIEWS:
        whole = steps_of.phased(
            total[view],
            factors,
            reinvestment=general.reinvestment,
            recurrent_cost=schemes["recurrent_cost_gbp"].to_numpy(),
            one_off=schemes["one_off_gbp"].to_numpy() + general.one_off * total[view],
            start=start,
        )
        part = full_year[view] / np.where(total[view] > 0, total[view], 1.0)[scheme]
        found[view] = Phased(*(flow[scheme] * part[:, None] for flow in whole))
    return factors[scheme], found


def by_scheme(
    lines: pd.DataFrame, assumptions: Assumptions, full_year: dict[str, Floats]
) -> tuple[NDArray[np.int64], pd.DataFrame, dict[str, Floats]]:
    """Return the number of each line's scheme, the schemes, and what each delivers in a full year, by view."""
    schemes = assumptions.schemes
    scheme = pd.Index(schemes["scheme"]).get_indexer(pd.Index(lines["scheme"])).astype(np.int64)
    total = {
        view: np.bincount(scheme, weights=full_year[view], minlength=len(schemes)).astype(float)
        for view in VIEWS
    }
    return scheme, schemes, total


def flow_draws(lines: Lines, assumptions: Assumptions, year: int) -> dict[str, Floats]:
    """Draws of the commissioner's phased and net £ of each line in one year, (lines, draws).

    A scheme's costs in £ are the same in every draw; what is a share of the saving goes with it.
    """
    assert lines.draws is not None
    general, full = assumptions.general, lines.full_year["commissioner"]
    scheme = assumptions.schemes.set_index("scheme").reindex(lines.table["scheme"])
    starts = (scheme["start_year"].to_numpy() == year).astype(float)
    factor = lines.factors[:, year]
    with_saving = factor * (1 - general.reinvestment) - starts * general.one_off
    fixed = full * with_saving - lines.phased["commissioner"].net[:, year]
    delivered = lines.draws * lines.shares["deliverable"]["commissioner"][:, None]
    return {
        "phased": delivered * factor[:, None],
        "net": delivered * with_saving[:, None] - fixed[:, None],
    }
