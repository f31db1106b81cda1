"""The opportunity of all indicators: some at a time, in processes beside where there are any, and added up."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Protocol

import pandas as pd

from reports.processes import Processes, begun
from variation.areas.tree import AreaTree
from variation.comparison.compare import THREADS
from variation.comparison.peering import Peerings, bare, by_peers
from variation.figures.panel import Panel
from variation.opportunity.sizing import Floats, Priced, priced_groups, size_priced
from variation.opportunity.totals import TotalDraws, counted, totals
from variation.settings import Settings
from variation.tables import OPPORTUNITY

# Indicators sized before their draws are added up: a process holds the draws of so many, and no more, at once.
INDICATORS_AT_ONCE = 8

# Parts that are begun beside what the processes have in hand, so that none stands idle.
AHEAD = 2


@dataclass(frozen=True, kw_only=True)
class Sized:
    """The opportunity table with the rows that count, the totals over indicators, and the rest of ``Priced``."""

    opportunity: pd.DataFrame
    totals: pd.DataFrame
    beyond: pd.DataFrame
    focus_draws: dict[str, dict[str, Floats]]


class Kept(Protocol):
    """Somewhere that parts of the opportunity are kept, by their indicators."""

    def read(self, indicators: list[str]) -> "Priced | None":
        """Return a part, if it is there."""

    def write(self, indicators: list[str], part: "Priced") -> None:
        """Keep a part."""


class SizingRun:
    """The opportunity of every indicator with a direction, being sized: by processes ``beside`` from now on.

    Without them it is sized when it is asked for. Each gap is taken at the finest kind of area that the indicator
    is given for and summed up the tree, so that practice, locality, cluster and ICB agree. A gap in the good
    direction is never netted against one in the bad direction. Parts that are ``kept`` from a run that was
    interrupted are not sized again.
    """

    def __init__(
        self,
        panel: Panel,
        peerings: Peerings,
        settings: Settings,
        *,
        kept: Kept | None = None,
        beside: Processes | None = None,
    ) -> None:
        self._panel = panel.rows(priced_groups(panel, settings.opportunity.period))
        self._overlap = overlap_groups(panel.groups)
        self._peerings, self._settings = peerings, settings
        self._kept, self._beside = kept, beside
        self._to_begin = self._parts()
        self._begun = deque(islice(self._to_begin, 1 if beside is None else beside.number + AHEAD))

    def finished(self, progress: Callable[[str], None] = lambda step: None) -> Sized:
        """Wait for all parts: one row per indicator, area, comparator and mode, and what they come to."""
        parts: list[Priced] = []
        together = TotalDraws(self._overlap)
        done = 0
        while self._begun:
            progress(f"sizing indicator {done + 1:,} of {len(self._panel):,}")
            number, result = self._begun.popleft()
            sized = result()
            self._begun.extend(islice(self._to_begin, 1))
            together.add(sized.draws)
            parts.append(replace(sized, draws={}))
            done += number
        return sized_together(Priced.joined(parts), self._overlap, self._panel.tree, together.interval)

    def _parts(self) -> Iterator[tuple[int, Callable[[], Priced]]]:
        """Begin one part after another: how many indicators it has, and what waits for it."""
        for panel, peers in by_peers(self._panel, self._peerings):
            for some in panel.blocks(INDICATORS_AT_ONCE * len(panel.tree)):
                yield len(some), self._begin(some, peers)

    def _begin(self, panel: Panel, peerings: Peerings) -> Callable[[], Priced]:
        indicators, kept = panel.groups["indicator"].astype(str).tolist(), self._kept
        found = kept.read(indicators) if kept is not None else None
        if found is not None:
            return lambda: found
        threads = THREADS if self._beside is None else 1
        size = begun(self._beside, size_priced, panel, bare(peerings), self._settings, threads=threads)
        if kept is None:
            return size

        def sized_and_kept() -> Priced:
            made = size()
            kept.write(indicators, made)
            return made

        return sized_and_kept


def overlap_groups(catalogue: pd.DataFrame) -> "pd.Series[str]":
    """Overlap group of each indicator."""
    return catalogue.drop_duplicates("indicator").set_index("indicator")["overlap_group"]


def sized_together(
    priced: Priced, overlap: "pd.Series[str]", tree: AreaTree, interval: Callable[[list[str]], Floats]
) -> Sized:
    """Order the opportunity of all indicators, tell which rows count, and add up; ``interval``: see ``totals``."""
    table = priced.opportunity
    if len(table):
        table = table.assign(counted=counted(table, overlap))[OPPORTUNITY.names]
    return Sized(
        opportunity=table,
        totals=totals(table, overlap, tree, interval),
        beyond=priced.beyond,
        focus_draws=priced.focus_draws,
    )
