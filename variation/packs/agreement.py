"""Totals against their parts in the finished tables: one that does not add up stops a run before it writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.areas.tree import AreaTree, area_tree
from variation.errors import Finding, InputError
from variation.finance.ledger import NOT_SHOWN_SINGLY
from variation.policies import Policy
from variation.tables import COMPARISON, LEDGER, OPPORTUNITY, SAVINGS, Column, Table

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Share of an amount that adding up in another order may change.
RELATIVE = 1e-9

# Share of an estimate that three significant figures may leave out, half a unit of the last.
SHORTENED = 0.005

# Figures of one column that do not agree which are listed one by one; the rest are counted.
LISTED = 5

# Steps of the chain that single areas of the finest kind are shown for.
OF_EVERY_AREA = ("gross", "credible", "deduplicated")

# Tables in which a parent's figures are held against those of the areas right below it.
BY_AREA = (COMPARISON, OPPORTUNITY, LEDGER, SAVINGS)


class DisagreementError(InputError):
    """Finished tables in which a total is not the sum of its parts: a fault of the toolkit; nothing is written."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the rows of a table stand: numbers of a group of rows and an area in it, in the order of the rows."""

    own: NDArray[np.int64]
    above: NDArray[np.int64]  # of the area that its figure adds to, -1 where there is none
    held: Flags  # whether its figure may be held against those of the areas below


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What stands right below the area of each row, arrays in the order of the rows."""

    total: Floats  # their sum
    size: Floats  # sum of their amounts without sign, that rounding is a share of
    number: Floats  # how many there are
    hidden: Floats  # how many of them are withheld or not shown


def stop_unless_they_agree(
    tables: Mapping[str, pd.DataFrame], *, policy: Policy, focus: str, plan_year: int
) -> None:
    """Raise where a total of the finished tables is not the sum of its parts.

    Raises
    ------
    DisagreementError
        With a finding for each.
    """
    from variation.packs.agreement_of_money import money_that_disagrees

    found = [
        *figures_that_disagree(tables, policy=policy),
        *money_that_disagrees(tables, focus=focus, plan_year=plan_year),
    ]
    if found:
        raise DisagreementError(found)


def figures_that_disagree(tables: Mapping[str, pd.DataFrame], *, policy: Policy) -> list[Finding]:
    """Hold each area's figures against those of the areas right below it, in every column that adds up.

    ``tables`` are the finished tables by name, as they are written; what is not there is not looked at. Where
    parts are withheld a total may exceed what is shown of them, and never the other way round.
    """
    if "areas" not in tables:
        return []
    tree = area_tree(tables["areas"])
    found: list[Finding] = []
    for spec in BY_AREA:
        frame = tables.get(spec.name)
        if frame is not None and len(frame):
            places = _places(frame, spec, tree)
            for column in (column for column in spec if column.adds_up):
                wrong, parts = _wrong(frame, places, column, policy)
                found += disagreement(
                    frame[wrong], spec.name, column.name, parts[wrong], "the areas below it give"
                )
    return found


def disagreement(
    rows: pd.DataFrame, table: str, column: str, parts: Floats, of: str, *, key: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Say of each row, the first of many, what its figure is and what its parts give, led up to by ``of``."""
    named = [
        name
        for name in key or ("indicator", "period", "comparator", "mode", "step", "year", "area")
        if name in rows
    ]
    for place in range(min(len(rows), LISTED)):
        row = rows.iloc[place]
        where = ", ".join(f"{row[name]}" for name in named if pd.notna(row[name]))
        more = f" ({len(rows) - LISTED} more)" if len(rows) > LISTED and place == LISTED - 1 else ""
        yield Finding(
            severity="error",
            code="totals_disagree",
            table=table,
            column=column,
            value=f"{float(row[column]):,.10g}",
            message=f"{where}: {of} {parts[place]:,.10g}{more}",
            hint="this is a fault of the toolkit, not of the inputs: report it with this message",
        )


def _wrong(frame: pd.DataFrame, places: Places, column: Column, policy: Policy) -> tuple[Flags, Floats]:
    """Tell the rows whose figure is not what the areas below them give, and what those give."""
    own = frame[column.name].to_numpy(dtype=float, na_value=np.nan)
    below = _parts(frame, places, column)
    slack = RELATIVE * (np.abs(own) + below.size + 1)
    if column.adds_up == "counts":
        slack += policy.rounding / 2 * (below.number + 1)
    if column.adds_up == "estimates" and policy.hides:
        slack += SHORTENED * (np.abs(own) + below.size)
    with np.errstate(invalid="ignore"):
        over, under = below.total - own > slack, own - below.total > slack
    looked_at = (below.number > 0) & ~np.isnan(own) & places.held
    return looked_at & (over | (under & (below.hidden == 0))), below.total


def _places(frame: pd.DataFrame, spec: Table, tree: AreaTree) -> Places:
    """Find for each row of a table its own place, in its group and area, and the place above it."""
    keys = [name for name in spec.key if name not in ("area", "kind")]
    group = frame.groupby(keys, dropna=False, sort=False, observed=True).ngroup().to_numpy()
    area = tree.positions(frame["area"])
    above = np.where(_together(frame), area, tree.parent[area])
    return Places(
        own=group * len(tree) + area,
        above=np.where(above >= 0, group * len(tree) + above, -1),
        held=_may_be_held(frame, spec, tree, area),
    )


def _parts(frame: pd.DataFrame, places: Places, column: Column) -> Parts:
    """Add up what stands right below each row's area, in the same group of rows."""
    own = frame[column.name].to_numpy(dtype=float, na_value=np.nan)
    hidden = np.isnan(own)
    if "suppressed" in frame and column.adds_up != "gaps":
        hidden &= frame["suppressed"].to_numpy(dtype=bool)  # a figure that never was adds nothing
    adding = np.nan_to_num(own)
    if column.adds_up == "gaps":
        adding = np.clip(adding, 0, None)
    counted = places.above >= 0
    to, cells = places.above[counted], int(max(places.own.max(), places.above.max())) + 1

    def summed(amount: Floats) -> Floats:
        sums = np.bincount(to, weights=amount[counted], minlength=cells)
        return np.asarray(sums, dtype=float)[places.own]

    return Parts(
        total=summed(adding),
        size=summed(np.abs(adding)),
        number=summed(np.ones(len(frame))),
        hidden=summed(hidden.astype(float)),
    )


def _together(frame: pd.DataFrame) -> Flags:
    return (frame["kind"] == NOT_SHOWN_SINGLY).to_numpy(dtype=bool)


def _may_be_held(frame: pd.DataFrame, spec: Table, tree: AreaTree, area: NDArray[np.int64]) -> Flags:
    """Leave out rows that are no area of their own, and areas not all of whose parts have rows.

    An area may have figures of its own beside those of areas of its kind below it; and late steps of the chain
    are shown for areas with others below them only.
    """
    child = np.flatnonzero(tree.parent >= 0)
    alike = np.zeros(len(tree), dtype=bool)
    alike[tree.parent[child[tree.kinds[child] == tree.kinds[tree.parent[child]]]]] = True
    held = ~_together(frame) & ~alike[area]
    if spec is SAVINGS:
        single = np.ones(len(tree), dtype=bool)
        single[tree.with_children] = False
        of_single = np.zeros(len(tree), dtype=bool)
        of_single[tree.parent[child[single[child]]]] = True
        held &= frame["step"].isin(OF_EVERY_AREA).to_numpy() | ~of_single[area]
    return held
