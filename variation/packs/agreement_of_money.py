"""Money against what it is made of: totals over indicators, the chain from gross to net, schemes and the plan."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.finance import BASES
from variation.areas.tree import area_tree
from variation.errors import Finding
from variation.finance.ledger import NOT_SHOWN_SINGLY
from variation.finance.savings import ALL_LINES
from variation.packs.agreement import RELATIVE, disagreement
from variation.tables import STEPS

Floats = NDArray[np.float64]
Tables = Mapping[str, pd.DataFrame]

AMOUNTS = ("commissioner_gbp", "system_gbp", "investment_gbp")
OF_SCHEMES = (("deduplicated_gbp", "deduplicated"), ("deliverable_gbp", "deliverable"))
OF_PLAN = {
    "identified_gbp": ("deduplicated", "commissioner_gbp"),
    "net_gbp": ("net", "commissioner_gbp"),
    "system_net_gbp": ("net", "system_gbp"),
    "investment_gbp": ("credible", "investment_gbp"),
}


def money_that_disagrees(tables: Tables, *, focus: str, plan_year: int) -> list[Finding]:
    """Hold every sum of money against its parts in another table; what is not there is not looked at."""
    checks: tuple[tuple[tuple[str, ...], Callable[[], Iterator[Finding]]], ...] = (
        (("totals", "opportunity"), lambda: _totals(tables)),
        (("ledger", "opportunity"), lambda: _ledger(tables)),
        (("chain", "savings", "areas"), lambda: _chain(tables, focus)),
        (("chain",), lambda: _steps(tables["chain"])),
        (("scheme_savings", "chain"), lambda: _schemes(tables, plan_year)),
        (("plan", "chain"), lambda: _plan(tables, plan_year)),
    )
    return [
        finding
        for needed, check in checks
        if all(len(tables.get(name, ())) for name in needed)
        for finding in check()
    ]


def _differ(own: Floats, parts: Floats) -> NDArray[np.bool_]:
    """Tell where two amounts differ by more than adding up in another order does; one alone missing is 0."""
    one, other = np.nan_to_num(own), np.nan_to_num(parts)
    return np.abs(one - other) > RELATIVE * (np.abs(one) + np.abs(other) + 1)


def _held(
    rows: pd.DataFrame, table: str, column: str, parts: pd.Series | Floats, of: str, key: Iterable[str]
) -> Iterator[Finding]:
    expected = np.asarray(parts, dtype=float)
    wrong = _differ(rows[column].to_numpy(dtype=float, na_value=np.nan), expected)
    return disagreement(rows[wrong], table, column, np.nan_to_num(expected[wrong]), of, key=tuple(key))


def _totals(tables: Tables) -> Iterator[Finding]:
    """Savings counted once and those left out are all savings; the headline is that of the rows that count."""
    keys = ["area", "comparator", "mode"]
    opportunity, totals = tables["opportunity"], tables["totals"]
    every = totals.assign(all_gbp=totals["value_gbp"] + totals["overlap_gbp"])
    parts = opportunity.groupby(keys)["value_gbp"].sum()
    yield from _held(
        every, "totals", "all_gbp", _of(parts, every, keys), "its indicators give together", keys
    )
    counted = opportunity[opportunity["counted"].to_numpy(dtype=bool)]
    if len(counted):
        rules = counted[["comparator", "mode"]].drop_duplicates()
        headline = totals.merge(rules, on=["comparator", "mode"])
        parts = counted.groupby(keys)["value_gbp"].sum()
        yield from _held(
            headline,
            "totals",
            "value_gbp",
            _of(parts, headline, keys),
            "the indicators that count give",
            keys,
        )


def _of(parts: pd.Series, rows: pd.DataFrame, keys: list[str]) -> Floats:
    """Figures of the rows' own keys, 0 where there is none."""
    at = pd.MultiIndex.from_frame(rows[keys])
    return parts.reindex(at).fillna(0.0).to_numpy(dtype=float)


def _ledger(tables: Tables) -> Iterator[Finding]:
    """Units that finance works with are those of the opportunity."""
    keys = ["indicator", "area"]
    ledger = tables["ledger"]
    own = ledger[ledger["kind"] != NOT_SHOWN_SINGLY]
    for mode, comparator in BASES:
        rule = tables["opportunity"].query("mode == @mode and comparator == @comparator")
        column = f"{mode}_{comparator}_units"
        units = _of(rule.groupby(keys)["units"].sum(), own, keys)
        yield from _held(own, "ledger", column, units, "the opportunity has", keys)


def _chain(tables: Tables, focus: str) -> Iterator[Finding]:
    """Each line of the plan is the sum of its indicators in the pack's own area, and all lines of each."""
    keys = ["plan_line", "step", "year"]
    savings, chain, tree = tables["savings"], tables["chain"], area_tree(tables["areas"])
    at_area = savings["area"].isin(tree.codes[tree.own(focus)]) & (savings["kind"] != NOT_SHOWN_SINGLY)
    without = {"year": -1, "plan_line": ""}
    own, lines = savings[at_area].fillna(without), chain.fillna(without)
    every = pd.concat([own, own.assign(plan_line=ALL_LINES)], ignore_index=True)
    for column in AMOUNTS:
        parts = every.groupby(keys)[column].sum()
        yield from _held(lines, "chain", column, _of(parts, lines, keys), "its indicators give", keys)


def _steps(chain: pd.DataFrame) -> Iterator[Finding]:
    """No step of the chain is larger than the one before it; net is held against phased of the same year."""
    by_step = dict(iter(chain.groupby("step")))
    early = [by_step[step] for step in STEPS[:-2] if step in by_step]
    pairs = [(before, now, ["plan_line"]) for before, now in pairwise(early)]
    if set(STEPS[-2:]) <= set(by_step):
        pairs.append((by_step[STEPS[-2]], by_step[STEPS[-1]], ["plan_line", "year"]))
    for before, now, keys in pairs:
        both = now.merge(before, on=keys, suffixes=("", "_before"))
        for column in AMOUNTS[:2]:
            most = both[f"{column}_before"].to_numpy(dtype=float, na_value=np.nan)
            amount = both[column].to_numpy(dtype=float, na_value=np.nan)
            with np.errstate(invalid="ignore"):
                wrong = amount - most > RELATIVE * (np.abs(amount) + np.abs(most) + 1)
            of = "no more may be left than by the step before, which has"
            yield from disagreement(
                both[wrong], "chain", column, most[wrong], of, key=("plan_line", "step", "year")
            )


def _schemes(tables: Tables, plan_year: int) -> Iterator[Finding]:
    """All schemes together are all lines of the plan."""
    schemes, chain = tables["scheme_savings"], tables["chain"]
    every = chain[chain["plan_line"] == ALL_LINES].set_index("step")
    net = every[every["year"].eq(plan_year).fillna(False)]
    expected = {column: every["commissioner_gbp"].get(step, 0.0) for column, step in OF_SCHEMES}
    expected |= {
        "net_gbp": net["commissioner_gbp"].get("net", 0.0),
        "system_net_gbp": net["system_gbp"].get("net", 0.0),
    }
    together = pd.DataFrame({name: [schemes[name].sum()] for name in expected}).assign(scheme="all schemes")
    for column, amount in expected.items():
        parts = np.array([amount], dtype=float)
        yield from _held(together, "scheme_savings", column, parts, "the lines of the chain give", ["scheme"])


def _plan(tables: Tables, plan_year: int) -> Iterator[Finding]:
    """Each line of the plan is its own part of the chain and the lines below it; the gap is what is left."""
    plan, chain = tables["plan"], tables["chain"]
    for column, (step, amount) in OF_PLAN.items():
        rows = chain[chain["step"] == step]
        if step == STEPS[-1]:
            rows = rows[rows["year"].eq(plan_year).fillna(False).astype(bool)]
        own = plan["plan_line"].map(rows.set_index("plan_line")[amount]).fillna(0.0)
        below = plan["plan_line"].map(plan.groupby("parent")[column].sum()).fillna(0.0)
        yield from _held(plan, "plan", column, own + below, "its lines give", ["plan_line"])
    left = plan["target_gbp"] - plan["net_gbp"]
    yield from _held(plan, "plan", "gap_gbp", left, "target less net is", ["plan_line"])
