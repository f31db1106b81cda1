"""The plan: each line's target, what has been identified towards it, and what is left of that in money."""

import numpy as np
import pandas as pd

from variation.areas.tree import AreaTree, area_tree

PLAN_COLUMNS = [
    "plan_line",
    "parent",
    "target_gbp",
    "identified_gbp",
    "net_gbp",
    "system_net_gbp",
    "investment_gbp",
    "gap_gbp",
]


def plan_against_savings(plan: pd.DataFrame, chain: pd.DataFrame, plan_year: int) -> pd.DataFrame:
    """Put what is identified, and what is left of it net, beside each line's target; a line sums its parts.

    Identified is the saving by the rule in force, each event counted once. Net is the commissioner's (and beside it
    the health system's) saving in the plan's year, after delivery, phasing and costs. The gap is target - net.
    What under-use would take stands in a column of its own and is netted off nowhere.
    """
    if plan.empty:
        return pd.DataFrame(columns=PLAN_COLUMNS)
    lines = area_tree(plan.rename(columns={"plan_line": "area"}).assign(kind="line"))
    table = lines.table.rename(columns={"area": "plan_line"})
    at_end = chain[(chain["step"] == "net") & (chain["year"] == plan_year)]
    once = chain[chain["step"] == "deduplicated"]
    table["identified_gbp"] = _by_line(lines, once, "commissioner_gbp")
    table["net_gbp"] = _by_line(lines, at_end, "commissioner_gbp")
    table["system_net_gbp"] = _by_line(lines, at_end, "system_gbp")
    table["investment_gbp"] = _by_line(lines, chain[chain["step"] == "credible"], "investment_gbp")
    table["gap_gbp"] = table["target_gbp"] - table["net_gbp"]
    in_their_order = table.set_index("plan_line").loc[plan["plan_line"]].reset_index()
    return in_their_order[PLAN_COLUMNS]


def _by_line(lines: AreaTree, rows: pd.DataFrame, column: str) -> np.ndarray:
    """£ of each line of the plan with its parts; 0 where nothing counts towards it."""
    amounts = rows.set_index("plan_line")[column]
    cells = lines.table["area"].map(amounts).fillna(0.0).to_numpy(dtype=float)
    return lines.roll_up(cells, given=np.ones(len(cells), dtype=bool))
