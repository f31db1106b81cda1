"""From the opportunity to money: the finance chain over the ledger, year by year, with its intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import savings as steps_of
from benchmarks.savings import YEARS as YEARS_COUNTED
from benchmarks.savings import Phased
from variation.areas import AreaTree
from variation.assumptions import YEARS, Assumptions
from variation.ledger import NOT_SHOWN_SINGLY, gross_units
from variation.tables import CHAIN, SAVINGS, SCHEME_SAVINGS, STEPS, Table

Floats = NDArray[np.float64]

ALL_LINES = "All lines"
VIEWS = ("commissioner", "system")
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


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


@dataclass(frozen=True, kw_only=True)
class Savings:
    """The finished tables of the chain, and the lines that they are made from."""

    savings: pd.DataFrame
    chain: pd.DataFrame
    schemes: pd.DataFrame
    lines: Lines


def rule_in_force(assumptions: Assumptions) -> tuple[str, str]:
    """Mode and comparator that count: RightCare's rule is against the best five, whatever the comparator."""
    general = assumptions.general
    return general.rule, "best_5" if general.rule == "rightcare" else general.comparator


def work_out_savings(
    assumptions: Assumptions,
    ledger: pd.DataFrame,
    activity: pd.Series,
    focus_draws: Mapping[str, Mapping[str, Floats]],
    tree: AreaTree,
    focus: str,
) -> Savings:
    """Take every line from gross to net, for the pack's own area and each area of the ledger.

    Parameters
    ----------
    assumptions
        What finance assumes.
    ledger
        Units by rule, indicator and area.
    activity
        Units that are counted now in the pack's own area, by indicator: what a group costs at most.
    focus_draws
        Draws of the units of the pack's own area, by indicator and comparator.
    tree, focus
        The areas, and the code of the pack's own; all of them together where that is empty.
    """
    lines = _lines(assumptions, ledger, activity, focus_draws, tree.codes[tree.own(focus)])
    savings = _savings_table(lines, ledger, assumptions, tree, focus)
    return Savings(
        savings=savings,
        chain=_chain_table(lines, savings, assumptions, tree, focus),
        schemes=_scheme_table(lines, assumptions),
        lines=lines,
    )


def activity_now(
    comparison: pd.DataFrame, opportunity: pd.DataFrame, tree: AreaTree, focus: str
) -> pd.Series:
    """Units counted in the pack's own area in the period priced, by indicator."""
    own = comparison[comparison["area"].isin(tree.codes[tree.own(focus)])]
    priced = opportunity[["indicator", "period"]].drop_duplicates()
    return own.merge(priced, on=["indicator", "period"]).groupby("indicator")["numerator"].sum(min_count=1)


def _lines(
    assumptions: Assumptions,
    ledger: pd.DataFrame,
    activity: pd.Series,
    focus_draws: Mapping[str, Mapping[str, Floats]],
    own_areas: NDArray[np.object_],
) -> Lines:
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
    scheme, schemes, total = _by_scheme(lines, assumptions, full_year)
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


def _by_scheme(
    lines: pd.DataFrame, assumptions: Assumptions, full_year: dict[str, Floats]
) -> tuple[NDArray[np.int64], pd.DataFrame, dict[str, Floats]]:
    schemes = assumptions.schemes
    scheme = pd.Index(schemes["scheme"]).get_indexer(pd.Index(lines["scheme"])).astype(np.int64)
    total = {
        view: np.bincount(scheme, weights=full_year[view], minlength=len(schemes)).astype(float)
        for view in VIEWS
    }
    return scheme, schemes, total


def _per_pound(flow: Floats, full_year: Floats) -> Floats:
    """£ in each year per £ deliverable in a full year, (lines, years); 0 for a line that delivers nothing."""
    whole = full_year[:, None]
    return np.where(whole > 0, flow / np.where(whole > 0, whole, 1.0), 0.0)


def _flow_draws(lines: Lines, assumptions: Assumptions, year: int) -> dict[str, Floats]:
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


def _intervals(draws: Floats | None) -> dict[str, Floats]:
    """10th, 50th and 90th percentile of each row of draws; nothing for a rule without draws."""
    if draws is None:
        return {}
    return dict(zip(QUANTILES, np.quantile(draws, list(QUANTILES.values()), axis=1), strict=True))


def _savings_table(
    lines: Lines, ledger: pd.DataFrame, assumptions: Assumptions, tree: AreaTree, focus: str
) -> pd.DataFrame:
    """The chain of every row of the ledger; single areas of the finest kind up to deduplicated."""
    mode, comparator = rule_in_force(assumptions)
    line = pd.Index(lines.table["indicator"]).get_indexer(pd.Index(ledger["indicator"]))
    rows, line = ledger[line >= 0].reset_index(drop=True), line[line >= 0]
    about = rows[["indicator", "area", "kind"]].assign(
        scheme=lines.table["scheme"].to_numpy()[line], plan_line=lines.table["plan_line"].to_numpy()[line]
    )
    price = lines.table["unit_cost"].to_numpy(dtype=float)[line]
    value = rows[f"{mode}_{comparator}_units"].to_numpy(dtype=float) * price
    gross = gross_units(rows, mode, comparator) * price
    together = (rows["kind"] != NOT_SHOWN_SINGLY).to_numpy()
    whole = together & rows["area"].isin(tree.codes[tree.with_children]).to_numpy()
    own = together & rows["area"].isin(tree.codes[tree.own(focus)]).to_numpy()
    whole |= own

    def part(step: str, year: int | None, pounds: dict[str, Floats], draws: Floats | None) -> pd.DataFrame:
        """One step of the rows that it is shown for, with an interval for the pack's own area."""
        shown = whole if step not in ("gross", "credible", "deduplicated") else np.ones(len(rows), dtype=bool)
        frame = about.assign(step=step, year=year, **{f"{view}_gbp": pounds[view] for view in VIEWS})
        for name, figures in _intervals(draws).items():
            frame[name] = np.where(own, figures[line], np.nan)
        return frame[shown]

    parts = [part("gross", None, dict.fromkeys(VIEWS, gross), None)]
    for step, shares in lines.shares.items():
        drawn = None if lines.draws is None else lines.draws * shares["commissioner"][:, None]
        parts.append(part(step, None, {view: value * shares[view][line] for view in VIEWS}, drawn))
    full = {view: value * lines.shares["deliverable"][view][line] for view in VIEWS}
    for year in range(YEARS_COUNTED):
        drawn_flows = {} if lines.draws is None else _flow_draws(lines, assumptions, year)
        for step, flow in (("phased", "saving"), ("net", "net")):
            pounds = {
                view: full[view]
                * _per_pound(getattr(lines.phased[view], flow), lines.full_year[view])[line, year]
                for view in VIEWS
            }
            parts.append(part(step, year, pounds, drawn_flows.get(step)))
    return _as_declared(pd.concat([*parts, _investment(ledger, assumptions)], ignore_index=True), SAVINGS)


def _investment(ledger: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Under-use, priced as the investment that it would take: before and after the rule, in a column of its own."""
    mode, comparator = rule_in_force(assumptions)
    rows = ledger[ledger["direction"] == "increase"].reset_index(drop=True)
    entry = assumptions.investments.set_index("indicator").reindex(rows["indicator"])
    price = entry["unit_cost"].to_numpy(dtype=float)
    about = rows[["indicator", "area", "kind"]].assign(plan_line=entry["plan_line"].to_numpy(dtype=object))
    counted = rows[f"{mode}_{comparator}_units"].to_numpy(dtype=float)
    return pd.concat(
        [
            about.assign(step=step, investment_gbp=units * price)
            for step, units in (("gross", gross_units(rows, mode, comparator)), ("credible", counted))
        ],
        ignore_index=True,
    )


def _chain_table(
    lines: Lines, savings: pd.DataFrame, assumptions: Assumptions, tree: AreaTree, focus: str
) -> pd.DataFrame:
    """Sums of the chain over the lines of each line of the plan, and over all of them."""
    own = savings[savings["area"].isin(tree.codes[tree.own(focus)]) & (savings["kind"] != NOT_SHOWN_SINGLY)]
    amounts = [f"{view}_gbp" for view in VIEWS] + ["investment_gbp"]
    both = pd.concat([own.assign(plan_line=ALL_LINES), own], ignore_index=True)
    keys = ["plan_line", "step", "year"]
    table = both.groupby(keys, dropna=False, sort=False)[amounts].sum(min_count=1).reset_index()
    if lines.draws is not None:
        table = table.merge(_chain_intervals(lines, assumptions), on=keys, how="left")
    order = {step: place for place, step in enumerate(STEPS)}
    first = (
        table.groupby("plan_line")["commissioner_gbp"]
        .transform("max")
        .mask(table["plan_line"] == ALL_LINES, np.inf)
    )
    table = table.assign(_first=-first.fillna(0), _step=table["step"].map(order)).sort_values(
        ["_first", "plan_line", "_step", "year"], kind="stable", ignore_index=True
    )
    return _as_declared(table, CHAIN)


def _chain_intervals(lines: Lines, assumptions: Assumptions) -> pd.DataFrame:
    """Percentiles of the sums inside each draw, by line of the plan, step and year; the commissioner's £."""
    assert lines.draws is not None
    names = [ALL_LINES, *pd.unique(lines.table["plan_line"])]
    member = np.array(
        [
            np.ones(len(lines.table))
            if name == ALL_LINES
            else (lines.table["plan_line"] == name).to_numpy(dtype=float)
            for name in names
        ]
    ).reshape(len(names), len(lines.table))
    drawn: dict[tuple[str, int | None], Floats] = {
        (step, None): lines.draws * shares["commissioner"][:, None] for step, shares in lines.shares.items()
    }
    for year in range(YEARS_COUNTED):
        drawn |= {(step, year): flow for step, flow in _flow_draws(lines, assumptions, year).items()}
    return pd.concat(
        [
            pd.DataFrame({"plan_line": names, "step": step, "year": year, **_intervals(member @ flow)})
            for (step, year), flow in drawn.items()
        ],
        ignore_index=True,
    )


def largest_line(chain: pd.DataFrame) -> str:
    """The line of the plan towards which most has been identified."""
    once = chain[(chain["step"] == "deduplicated") & (chain["plan_line"] != ALL_LINES)]
    largest = once.sort_values("commissioner_gbp", ascending=False, kind="stable")
    return str(largest["plan_line"].iloc[0]) if len(largest) else ALL_LINES


def _scheme_table(lines: Lines, assumptions: Assumptions) -> pd.DataFrame:
    """What each scheme that has a line brings: the largest in the plan's year first."""
    general, schemes = assumptions.general, assumptions.schemes
    scheme, _, full = _by_scheme(lines.table, assumptions, lines.full_year)

    def summed(amount: Floats) -> Floats:
        return np.bincount(scheme, weights=amount, minlength=len(schemes)).astype(float)

    own = lines.phased["commissioner"]
    saving = np.array([summed(own.saving[:, year]) for year in range(YEARS_COUNTED)]).T
    net = np.array([summed(own.net[:, year]) for year in range(YEARS_COUNTED)]).T
    last = assumptions.phasing.set_index("phasing").loc[schemes["phasing"], YEARS[-1]].to_numpy(dtype=float)
    start = schemes["start_year"].to_numpy(dtype=int)
    table = pd.DataFrame(
        {
            "scheme": schemes["scheme"],
            "lines": np.bincount(scheme, minlength=len(schemes)),
            "deduplicated_gbp": summed(lines.value * lines.counted),
            "deliverable_gbp": full["commissioner"],
            "part_year_gbp": saving[np.arange(len(start)), start],
            "full_year_gbp": full["commissioner"] * last,
            "net_gbp": net[:, general.plan_year],
            "system_net_gbp": summed(lines.phased["system"].net[:, general.plan_year]),
            "present_value_gbp": steps_of.present_value(net, rate=general.discount_rate),
            "payback_years": steps_of.payback(net),
        }
    )
    table = table[table["lines"] > 0].sort_values("net_gbp", ascending=False, kind="stable")
    return _as_declared(table.reset_index(drop=True), SCHEME_SAVINGS)


def _as_declared(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give a frame the columns of its table, in their types."""
    frame = frame.reindex(columns=table.names)
    types: dict[str, Any] = {"text": object, "number": float, "whole": "Int64", "flag": bool}
    return frame.astype({column.name: types[column.type] for column in table})
