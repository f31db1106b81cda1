"""Areas that closed, merged or changed their code: their figures are those of their successors."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from variation.areas.tree import in_a_ring
from variation.errors import Finding
from variation.periods import parse_period, period_end
from variation.periods.pooling import added_up
from variation.reading.cells import at_first, note_rows
from variation.tables import INDICATORS

KEY = INDICATORS.key
# Days are counted (date.toordinal), so that whole columns of them compare.
_EARLIEST, _LATEST = date.min.toordinal(), date.max.toordinal()


def check_successors(table: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Return the steps from area to successor with their days; note splits, rings and days that are none."""
    if table.empty:
        return pd.DataFrame(columns=["area", "successor", "_date", "_from", "_to"])
    days = {name: table.get(name, pd.Series(pd.NA, index=table.index)) for name in ("date", "from", "to")}
    first, last = {"date": _EARLIEST, "from": _EARLIEST, "to": _LATEST}, {"to"}
    for name, values in days.items():
        read = {value: _day(value, end=name in last) for value in values.dropna().unique()}
        wrong = values.isin([value for value, day in read.items() if day is None])
        note_rows(findings, table.assign(**{name: values}), wrong, name, code="unread_date", severity="error",
                  message="expected a day such as 2016-04-01 or a period such as 2016/17")  # fmt: skip
        table = table.assign(**{f"_{name}": values.map(read).astype(float).fillna(first[name])})
    own = table["area"] == table["successor"]
    table = table[~own].drop_duplicates(["area", "successor", "_from", "_to"])
    _note_rings(table, findings)
    _note_splits(table, findings)
    return table


def _day(words: str, *, end: bool) -> int | None:
    """Read a day, or the first or last one of a period, as its count."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        day = pd.to_datetime(words[:10], format=form, errors="coerce")
        if not pd.isna(day):
            return int(day.toordinal())
    period = parse_period(words)
    return None if period is None else (period.end if end else period.start).toordinal()


def _note_rings(table: pd.DataFrame, findings: list[Finding]) -> None:
    codes = pd.Index(pd.concat([table["area"], table["successor"]]).unique())
    child, above = codes.get_indexer(table["area"]), codes.get_indexer(table["successor"])
    ring = in_a_ring(child, above, len(codes))[child] & in_a_ring(child, above, len(codes))[above]
    note_rows(findings, table, pd.Series(ring, index=table.index), "successor", code="ring_of_successors",
              severity="error", message="an area comes after itself",
              hint="follow the successors and take out the row that leads back")  # fmt: skip


def _note_splits(table: pd.DataFrame, findings: list[Finding]) -> None:
    """Note areas with two successors at once: which events went where is in no table of counts."""
    order = table.sort_values(["area", "_from", "_to"], kind="stable")
    same = order["area"].eq(order["area"].shift())
    until = order["_to"].groupby(order["area"]).cummax().shift()
    split = same & (order["_from"] <= until)
    note_rows(findings, order, split, "successor", code="split_area", severity="error",
              message="the area has more than one successor at once: its counts cannot be divided",
              hint="keep the one most of its patients went to, or give from and to that do not overlap")  # fmt: skip


def follow_successors(
    table: pd.DataFrame, steps: pd.DataFrame, areas: "pd.Index[str]", findings: list[Finding]
) -> pd.DataFrame:
    """Move the rows of areas that are no more to their successors and add up what then shares a cell.

    Rows of an area that is not in the areas table move whatever their period; those of one that is, only for
    periods that end on or after the step's date. Steps are followed until none applies; where the last one
    leads off the map, to the last area that is on it.
    """
    concerned = table["area"].isin(steps["area"])
    if not concerned.any():
        return table
    pairs = table.loc[concerned, ["area", "period"]].drop_duplicates()
    ends = pairs["period"].map({text: period_end(text).toordinal() for text in pairs["period"].unique()})
    target = pd.Series(
        _targets(pairs["area"], ends, steps, areas), index=pd.MultiIndex.from_frame(pairs), dtype="str"
    )
    keys = pd.MultiIndex.from_frame(table.loc[concerned, ["area", "period"]])
    moved = table["area"].copy()
    moved[concerned] = target.reindex(keys).to_numpy()
    changed = moved != table["area"]
    if not changed.any():
        return table
    _note_moves(table[changed], moved[changed], findings)
    return _merged(table.assign(area=moved), changed, findings)


def successors_now(codes: pd.Series, steps: pd.DataFrame, areas: "pd.Index[str]") -> NDArray[np.object_]:
    """Area that has the patients of each area today, where what is counted is of no period."""
    return _targets(codes, pd.Series(_LATEST, index=codes.index), steps, areas)


def _targets(
    codes: pd.Series, ends: pd.Series, steps: pd.DataFrame, areas: "pd.Index[str]"
) -> NDArray[np.object_]:
    """Area that each area's rows of a period with this last day count in, by walking from step to step."""
    walk = pd.DataFrame({"at": codes.to_numpy(dtype=object), "end": ends.to_numpy()})
    landed = walk["at"].where(walk["at"].isin(areas))
    for _ in range(len(steps)):
        walk["place"] = np.arange(len(walk))
        possible = walk.merge(steps, left_on="at", right_on="area", how="inner")
        inside = (possible["_from"] <= possible["end"]) & (possible["end"] <= possible["_to"])
        open_then = possible["at"].isin(areas) & (possible["end"] < possible["_date"])
        taken = possible[inside & ~open_then].drop_duplicates("place")
        if taken.empty:
            break
        walk.loc[taken["place"], "at"] = taken["successor"].to_numpy(dtype=object)
        landed = walk["at"].where(walk["at"].isin(areas), landed)
    return landed.fillna(walk["at"]).to_numpy(dtype=object)


def _note_moves(rows: pd.DataFrame, to: "pd.Series[str]", findings: list[Finding]) -> None:
    moves = (rows["area"] + " to " + to).drop_duplicates()
    people = rows["denominator"].groupby([rows["indicator"], rows["period"]]).sum()
    most = f", up to {people.max():,.0f} of a denominator" if len(people) and people.max() > 0 else ""
    findings.append(
        at_first(
            rows,
            "area",
            code="successor",
            severity="note",
            value=", ".join(moves.head(5)),
            message=f"{len(rows):,} rows of {rows['area'].nunique():,} areas that closed or merged count in their"
            f" successors{most}",
        )
    )


def _merged(table: pd.DataFrame, changed: "pd.Series[bool]", findings: list[Finding]) -> pd.DataFrame:
    """Add up the rows that now share a cell; a published value without counts cannot be."""
    keys = [name for name in KEY if name in table]
    shared = table.duplicated(keys, keep=False)
    if not shared.any():
        return table
    rows = table[shared]
    uncounted = rows["value"].notna() & (rows["numerator"].isna() | rows["denominator"].isna())
    note_rows(findings, rows, uncounted & changed[shared], "value", code="cannot_merge", severity="warning",
              message="published values of two areas cannot be added up: the merged area has no value",
              hint="give numerator and denominator")  # fmt: skip
    return pd.concat([table[~shared], added_up(rows)], ignore_index=True)
