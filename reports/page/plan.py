"""The plan: each published target, what has been identified towards it, and the gap."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.headlines import net_sentence
from reports.page.table import Cell, Row, Table, columns, pounds, text

Line = Mapping[Any, Any]

HEADINGS = {
    "target_gbp": "Target",
    "identified_gbp": "Identified",
    "net_gbp": "Net",
    "gap_gbp": "Gap",
}


def plan_table(contents: Contents) -> Table | None:
    """Return the lines of the plan, each under the line that it is part of; None without a plan."""
    plan = contents.plan
    if plan.empty:
        return None
    amounts = [column for column in HEADINGS if column in plan.columns]
    lines = [(_cells(line, amounts), level) for line, level in _in_tree_order(plan)]
    top = plan[~plan["parent"].isin(plan["plan_line"])]
    if len(top) > 1:
        sums = top[amounts].sum(min_count=1).to_dict()
        lines.append((_cells({"plan_line": "Total of the top-level lines", **sums}, amounts), 0))
    names = [HEADINGS[column] for column in amounts]
    return Table(
        id="plan-table",
        caption="The plan: published targets and what this pack identifies towards them",
        columns=columns("Line of the plan", *names, numeric=names),
        rows=tuple(Row(level=level, cells=cells) for cells, level in lines),
        note="£. A re-investment is negative. Lines under a line are part of it. "
        "Identified: the opportunity, an event counted once."
        + (" Net: what is left of it in money. Gap = target - net. " if "net_gbp" in plan else " ")
        + net_sentence(contents),
    )


def _cells(line: Line, amounts: list[str]) -> tuple[Cell, ...]:
    return (text(line["plan_line"]), *(pounds(line[column]) for column in amounts))


def _in_tree_order(plan: pd.DataFrame) -> list[tuple[Line, int]]:
    """Return every line with its depth, children under their parent, in the order of the file."""
    known = set(plan["plan_line"])
    children: dict[str, list[Line]] = {}
    lines: list[Any] = plan.to_dict("records")
    for line in lines:
        parent = words.text(line["parent"])
        children.setdefault(parent if parent in known else "", []).append(line)
    ordered: list[tuple[Line, int]] = []
    waiting = [(line, 0) for line in reversed(children.get("", []))]
    while waiting:
        line, level = waiting.pop()
        ordered.append((line, level))
        waiting += [(child, level + 1) for child in reversed(children.pop(str(line["plan_line"]), []))]
    return ordered
