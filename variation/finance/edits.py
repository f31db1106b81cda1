"""Edits of finance carried into an analysis: settings, prices, schemes, lines, overlaps, and the log of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reports.contents import Source
from reports.finance import COMPARATORS, RULES, Finance
from reports.workbook.finance import names as n
from variation.errors import Finding
from variation.finance.as_written import general_of, what_if_of
from variation.finance.assumptions import CHANGES, Assumptions, delivery_table, phasing_table
from variation.finance.edited_cells import Cell
from variation.finance.edited_workbook import Edit, keys_of, read_edits
from variation.settings.finance import FinanceSettings

# Input by its name in the workbook -> setting.
GENERAL = {
    n.RULE: "rule",
    n.COMPARATOR: "comparator",
    n.CAP: "overlap_cap",
    n.SIGNED_OFF: "addressable",
    n.DELIVERED: "deliverable",
    n.REINVESTED: "reinvestment",
    n.ONE_OFF: "one_off",
    n.DISCOUNT: "discount_rate",
    n.PLAN_YEAR: "plan_year",
    n.SHOWN: "plan_line_shown",
}
ENDS = {"low": 0, "high": 1}  # column of a range -> which of its ends
KEYS_OF_WORDS = {word: key for words in (RULES, COMPARATORS) for key, word in words.items()}


def read_back(
    path: Path, assumptions: Assumptions, findings: list[Finding]
) -> tuple[Assumptions, tuple[Source, ...]]:
    """Read the edits of a workbook into the assumptions; nothing edited gives back the same, and no source.

    The source that is named stands for the edits themselves: the same edits in another file are the same.
    """
    if assumptions.lines.empty:
        return assumptions, ()  # nothing can be saved: the workbook has no inputs
    edits = read_edits(path, as_written(assumptions), findings)
    if any(finding.severity == "error" for finding in findings):
        return assumptions, ()
    looked_at = [edit for edit in edits if _only_the_view(edit)]
    assumptions = replace(assumptions, general=_general(assumptions, looked_at))
    edits = [edit for edit in edits if not _only_the_view(edit)]
    if not edits:
        return assumptions, ()
    findings += [_said(edit) for edit in edits]
    changed = apply_edits(assumptions, edits)
    canonical = json.dumps([[edit.table, edit.key, edit.column, edit.now] for edit in edits]).encode()
    source = Source(
        name="Assumptions edited in a workbook",
        table="assumptions",
        rows=len(edits),
        sha256=sha256(canonical).hexdigest(),
    )
    return changed, (source,)


def _only_the_view(edit: Edit) -> bool:
    """Tell whether an edit chooses what the summaries show and changes no figure."""
    return (edit.table, edit.key) == (n.ASSUMPTIONS, n.SHOWN)


def as_written(assumptions: Assumptions) -> Finance:
    """The assumptions as the workbook of this run would have them; without figures, which no input rests on."""
    nothing = pd.DataFrame()
    general = assumptions.general
    return Finance(
        area="",
        general=general_of(general),
        what_if=what_if_of(general),
        delivery=assumptions.delivery,
        phasing=assumptions.phasing,
        lines=assumptions.lines,
        investments=nothing,
        schemes=assumptions.schemes,
        overlaps=assumptions.overlaps,
        ledger=nothing,
        draws={},
        changes=assumptions.changes,
        plan_line_shown=general.plan_line_shown,
        net_as_written=0.0,
    )


def apply_edits(assumptions: Assumptions, edits: Sequence[Edit]) -> Assumptions:
    """Return the assumptions with the edits in them, and a log of what was changed."""
    general = _general(assumptions, edits)
    keys = {name: key for key, name in zip(assumptions.delivery["point_of_delivery"], assumptions.delivery["name"],
                                           strict=True)}  # fmt: skip
    lines, schemes, overlaps = (
        frame.copy() for frame in (assumptions.lines, assumptions.schemes, assumptions.overlaps)
    )
    for edit in edits:
        value: Any = np.nan if edit.now is None else edit.now
        if edit.table == n.LINES:
            value = keys.get(str(value), value) if edit.column == "point_of_delivery" else value
            lines.loc[lines["indicator"] == edit.key, edit.column] = value
        elif edit.table in (n.SCHEMES, n.SIGN_OFF):
            value = "" if edit.table == n.SIGN_OFF and edit.now is None else value
            schemes.loc[schemes["scheme"] == edit.key, edit.column] = value
        elif edit.table == n.OVERLAPS:
            named = pd.Series(keys_of(overlaps, ["indicator", "other"]), index=overlaps.index)
            overlaps.loc[named == edit.key, edit.column] = value
    return replace(
        assumptions,
        general=general,
        delivery=delivery_table(general),
        phasing=phasing_table(general),
        lines=lines,
        schemes=schemes,
        overlaps=overlaps,
        changes=_log(edits),
    )


def _general(assumptions: Assumptions, edits: Sequence[Edit]) -> FinanceSettings:
    """The settings with the edits of assumptions, prices and phasing; checked again as any settings are."""
    content = assumptions.general.model_dump()
    keys = {part["name"]: key for key, part in content["delivery"].items()}
    for edit in edits:
        value: Any = KEYS_OF_WORDS.get(str(edit.now), edit.now)
        if edit.table == n.ASSUMPTIONS:
            content[GENERAL[edit.key]] = int(value) if edit.key == n.PLAN_YEAR else value
        elif edit.table == n.DELIVERY:
            content["delivery"][edit.key][edit.column] = value
        elif edit.table == n.PHASING:
            shares = list(content["phasing"][edit.key])
            shares[int(edit.column.removeprefix("year_"))] = value
            content["phasing"][edit.key] = tuple(shares)
        elif edit.table in (n.TRIED, n.VARIED_TABLE, n.SWINGS_FOUND):
            _try(content["what_if"], edit, keys)
    return FinanceSettings.model_validate(content)


def _try(what_if: dict[str, Any], edit: Edit, keys: Mapping[str, str]) -> None:
    """Put an edit of the sheets of sensitivity into what they try; ``keys`` are those of points of delivery."""
    if edit.table == n.VARIED_TABLE:
        what_if["point_of_delivery"] = keys[str(edit.now)]
        return
    name, place = (
        ("marginal_rates", int(edit.key) - 1) if edit.table == n.TRIED else (edit.key, ENDS[edit.column])
    )
    values = list(what_if[name])
    values[place] = edit.now
    what_if[name] = tuple(values)


def _log(edits: Sequence[Edit]) -> pd.DataFrame:
    rows = [(edit.sheet, edit.key, edit.heading, _words(edit.was), _words(edit.now)) for edit in edits]
    return pd.DataFrame(rows, columns=list(CHANGES)).astype(object)


def _words(value: Cell) -> str:
    if value is None:
        return "empty"
    return f"{value:.10g}" if isinstance(value, float) else value


def _said(edit: Edit) -> Finding:
    return Finding(
        severity="note",
        code="assumption_changed",
        table=edit.sheet,
        column=edit.heading,
        value=_words(edit.now),
        message=f"{edit.key}: was {_words(edit.was)}, edited in a workbook",
    )
