"""What areas are like once some of them have closed or merged: people summed, other features weighted by them."""

import pandas as pd
from pandas.api.types import is_numeric_dtype

from variation.areas.successors import successors_now
from variation.errors import Finding

# The one feature that is a count of people: it is summed, and weights the others.
PEOPLE = "population"


def merge_features(
    figures: pd.DataFrame, steps: pd.DataFrame, areas: "pd.Index[str]", findings: list[Finding], *, table: str
) -> pd.DataFrame:
    """Let the features of areas that are no more count in their successors.

    Areas of the areas table keep their own: only a code that is not there moves, along the steps as they are
    today. Numbers become the mean of those that merge, weighted by ``population``, which is summed; an area whose
    population is missing has no weight. Where there is no population at all, the successor's own figures stand,
    and where it has none the plain mean. Of words the successor's own stand, else those of the most people.

    Parameters
    ----------
    figures
        Features, a row an area, its code as index.
    steps
        From area to successor, as ``check_successors`` gives them.
    areas
        Codes of the areas table.
    table
        File that a finding names.
    """
    codes = pd.Series(figures.index, index=figures.index, dtype="str")
    gone = codes.isin(steps["area"]) & ~codes.isin(areas)
    if not gone.any():
        return figures
    to = codes.where(
        ~gone, pd.Series(successors_now(codes[gone], steps, areas), codes.index[gone], dtype="str")
    )
    moved = gone & to.isin(areas)
    if not moved.any():
        return figures
    concerned = to.isin(to[moved]) & (moved | codes.isin(areas))
    weighted = PEOPLE in figures and is_numeric_dtype(figures[PEOPLE])
    _note(codes[moved] + " to " + to[moved], findings, table, weighted=weighted)
    merged = _merged(figures[concerned], to[concerned], moved[concerned], weighted=weighted)
    return pd.concat([figures[~concerned], merged.reindex(columns=figures.columns)]).rename_axis("area")


def _merged(rows: pd.DataFrame, to: pd.Series, moved: pd.Series, *, weighted: bool) -> pd.DataFrame:
    """Make one row of those that share a successor."""
    numbers = [name for name in rows if is_numeric_dtype(rows[name]) and name != PEOPLE]
    people = rows[PEOPLE] if weighted else pd.Series(1.0, index=rows.index)
    order = (
        pd.DataFrame({"moved": moved, "people": -people})
        .sort_values(["moved", "people"], kind="stable")
        .index
    )
    first = rows.loc[order].groupby(to.loc[order]).first()
    carried = rows[numbers].notna().mul(people, axis=0).groupby(to).sum()
    mean = rows[numbers].mul(people, axis=0).groupby(to).sum(min_count=1) / carried.where(carried > 0)
    if not weighted:
        own = rows.loc[~moved, numbers]
        return first.assign(**own.combine_first(mean))
    return first.assign(**mean.combine_first(first[numbers]), **{PEOPLE: people.groupby(to).sum(min_count=1)})


def _note(moves: pd.Series, findings: list[Finding], table: str, *, weighted: bool) -> None:
    how = (
        "their population is added, other numbers are weighted by it"
        if weighted
        else "without a population to weight by, the successors' own figures stand, and where there are none the mean"
    )
    findings.append(
        Finding(
            severity="note" if weighted else "warning",
            code="successor_features",
            table=table,
            column="area",
            value=", ".join(moves.head(5)),
            message=f"features of {len(moves):,} areas that closed or merged count in their successors: {how}",
            hint="" if weighted else "give the features table a column population",
        )
    )
