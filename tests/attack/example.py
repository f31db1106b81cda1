"""The built-in example with few indicators: one of each kind, most with small counts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from variation.analysis import Analysis, analyse
from variation.disclosure.protect import Protected, protect
from variation.figures.panel import GROUP, build_panel
from variation.inputs import Inputs
from variation.policies import POLICIES, Policy

# Few events (rate), few of many and many of few (proportions), directly standardised, days and money.
CHOSEN = (
    "diabetes_admissions",
    "hip_fractures",
    "amputations",
    "staff_aged_55",
    "mmr_vaccination",
    "deaths_under_75_cancer",
    "length_of_stay",
    "cancer_spend",
)


def few_indicators(inputs: Inputs, names: tuple[str, ...] = CHOSEN) -> Inputs:
    """Keep some indicators of the inputs, the last three periods, few draws and few pictures."""
    rows = inputs.indicators
    last = sorted(rows["period"].unique())[-3:]
    kept = rows["indicator"].isin(names) & rows["period"].isin(last)
    settings = inputs.settings
    fewer = {
        "opportunity": settings.opportunity.model_copy(update={"draws": 100}),
        "pack": settings.pack.model_copy(update={"top_indicators": 4}),
    }
    return replace(
        inputs,
        settings=settings.model_copy(update=fewer),
        indicators=rows[kept].reset_index(drop=True),
        catalogue=inputs.catalogue[inputs.catalogue["indicator"].isin(names)].reset_index(drop=True),
    )


def under(inputs: Inputs, policy: str) -> Inputs:
    """Ask for another policy."""
    return replace(inputs, settings=inputs.settings.model_copy(update={"policy": policy}))


def protected(inputs: Inputs, policy: Policy) -> Protected:
    """What the policy withholds of the inputs."""
    return protect(build_panel(inputs.indicators, inputs.catalogue, inputs.tree), policy)


def only_marked(inputs: Inputs, policy: Policy) -> Analysis:
    """Analyse without disclosure control, and mark as suppressed what should have been: nothing is emptied."""
    hidden, analysis = protected(inputs, policy), analyse(inputs, policy=POLICIES["internal"])
    group = pd.MultiIndex.from_frame(hidden.panel.groups[GROUP])

    def marked(table: pd.DataFrame) -> pd.DataFrame:
        rows = group.get_indexer(pd.MultiIndex.from_frame(table[GROUP]))
        return table.assign(suppressed=hidden.withheld[rows, inputs.tree.positions(table["area"])])

    return replace(analysis, comparison=marked(analysis.comparison), opportunity=marked(analysis.opportunity))


def twin(inputs: Inputs, policy: Policy) -> tuple[Inputs, int]:
    """Other inputs that must give the same pack: withheld counts moved between practices of one locality.

    A small count stays small, and one that only protects others stays too large to be; returns with them how
    many counts differ.
    """
    hidden = protected(inputs, policy)
    groups, tree = hidden.panel.groups, hidden.panel.tree
    table = inputs.indicators.copy()
    alone = (table["age_band"] == "") & (table["sex"] == "") & ~table.duplicated([*GROUP, "area"], keep=False)
    row = pd.MultiIndex.from_frame(groups[GROUP]).get_indexer(pd.MultiIndex.from_frame(table[GROUP]))
    column = tree.positions(table["area"])
    kind = groups["kind"].to_numpy(dtype=object)[row]
    free = alone & hidden.withheld[row, column] & ~hidden.people_withheld[row, column]
    free &= np.isin(kind, ("rate", "proportion"))
    counts, people = (
        table["numerator"].to_numpy(dtype=float).copy(),
        table["denominator"].to_numpy(dtype=float),
    )
    for _, places in table[free].groupby([row[free], tree.parent[column[free]]]).indices.items():
        places = np.flatnonzero(free)[places]
        for giver, taker in zip(places[::2], places[1::2], strict=False):
            part = kind[giver] == "proportion"
            if all(
                _same_class(counts[place], counts[place] + step, people[place] if part else np.inf, policy)
                for place, step in ((giver, -1), (taker, 1))
            ):
                counts[giver] -= 1
                counts[taker] += 1
    other = replace(inputs, indicators=table.assign(numerator=counts))
    # Whether one more cell had to be withheld can depend on what is withheld: those groups stay as they are.
    same = (protected(other, policy).withheld == hidden.withheld).all(axis=1)
    table["numerator"] = np.where(same[row], counts, table["numerator"])
    return replace(inputs, indicators=table), int(
        (table["numerator"] != inputs.indicators["numerator"]).sum()
    )


def _same_class(before: float, after: float, whole: float, policy: Policy) -> bool:
    """Tell whether a count is as small as before, and leaves as few over."""

    def classes(count: float) -> tuple[bool, bool, bool, bool]:
        over = whole - count
        return (count > 0, count <= policy.largest, over > 0, over <= policy.largest)

    return classes(before) == classes(after)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
