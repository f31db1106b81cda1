"""From the opportunity to money: the tables of the finance chain, by area, line of the plan and scheme."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import savings as steps_of
from benchmarks.savings import YEARS as YEARS_COUNTED
from variation.areas.tree import AreaTree
from variation.finance.assumptions import YEARS, Assumptions
from variation.finance.ledger import NOT_SHOWN_SINGLY, gross_units
from variation.finance.savings_lines import VIEWS, Lines, by_scheme, flow_draws, rule_in_force, work_out_lines
from variation.tables import CHAIN, SAVINGS, SCHEME_SAVINGS, STEPS, Table

Floats = NDArray[np.float64]

ALL_LINES = "All lines"
QUANTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True, kw_only=True)
class Savings:
    """The finished tables of the chain, and the lines that they are made from."""

    savings: pd.DataFrame
    chain: pd.DataFrame
    schemes: pd.DataFrame
    lines: Lines


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
    lines = work_out_lines(assumptions, ledger, activity, focus_draws, tree.codes[tree.own(focus)])
    savings = _savings_table(lines, ledger, assumptions, tree, focus)
    return Savings(
        savings=savings,
        chain=_chain_table(lines, savings, assumptions, tree, focus),
        schemes=_scheme_table(lines, assumptions),
        lines=lines,
    )


def _per_pound(flow: Floats, full_year: Floats) -> Floats:
    """£ in each year per £ deliverable in a full year, (lines, years); 0 for a line that delivers nothing."""
    whole = full_year[:, None]
    return np.where(whole > 0, flow / np.where(whole > 0, whole, 1.0), 0.0)


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
        drawn_flows = {} if lines.draws is None else flow_draws(lines, assumptions, year)
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
        drawn |= {(step, year): flow for step, flow in flow_draws(lines, assumptions, year).items()}
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
    scheme, _, full = by_scheme(lines.table, assumptions, lines.full_year)

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
