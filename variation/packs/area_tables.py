"""The tables of a pack on disk, area by area, so that each worker reads no more than its own area's rows."""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.ipc
from numpy.typing import NDArray

from reports.area_pack import AreaContents
from reports.charts.spine_chart import spine_spread
from reports.contents import Contents
from reports.pack_rows import latest, quick
from variation.opportunity.totals import largest_of_each_overlap
from variation.tables import COMPARISON

# Tables with rows of areas that an area's pack is made from. What else a pack has is of the whole.
OF_AREAS = ("comparison", "opportunity", "trend", "totals", "peers", "peer_fit")
NOT_HERE = ("variation", "ledger", "savings", "chain", "scheme_savings", "inequality", "life_expectancy", "plan",
            "completeness", "findings", "boundaries", "dictionary")  # fmt: skip
# Columns that no pack of one area shows: limits of funnels.
LEFT_OUT = {name for name in COMPARISON.names if name.startswith("funnel_") and name != "funnel_target"}
ROWS_AT_ONCE = 200_000  # written in one piece: 50 MB or so
# Areas of one kind that stand beside each other by name where no peers are listed.
MOST_BESIDE = 40
BASE = "base.pickle"

Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class _Blocks:
    """A table whose rows stand area by area, and where those of each area begin and end.

    ``now`` is where the rows of the latest periods begin, which stand last; the same as ``start`` in other tables.
    """

    rows: pa.Table
    start: Places
    now: Places
    end: Places

    def of(self, areas: list[int], *, only_now: bool = False) -> pa.Table:
        """Return the rows of some areas."""
        begins = self.now if only_now else self.start
        return pa.concat_tables(
            [self.rows.slice(begins[area], self.end[area] - begins[area]) for area in areas]
            or [self.rows.slice(0, 0)]
        )


def write_area_tables(contents: Contents, folder: Path) -> str:
    """Write what the packs of single areas are made from into ``folder``; return a digest of it.

    Everything comes from the tables of the pack, after disclosure control, so that neither a pack of one area nor
    this digest can tell more than the pack of the whole does.
    """
    areas = pd.Index(contents.areas["area"])
    totals = pd.concat([contents.totals, totals_of_the_rest(contents)], ignore_index=True)
    places: dict[str, dict[str, Places]] = {}
    shown = latest(contents.comparison, contents.period)
    for name in OF_AREAS:
        table = totals if name == "totals" else getattr(contents, name)
        now = table.index.isin(shown.index) if name == "comparison" else np.ones(len(table), dtype=bool)
        places[name] = _write_blocks(table, areas, now, folder / f"{name}.arrow")
    base = replace(
        contents, finance=None, **{name: getattr(contents, name).head(0) for name in (*OF_AREAS, *NOT_HERE)}
    )
    spread = {str(kind): spine_spread(rows) for kind, rows in shown.groupby("kind", sort=True)}
    periods = dict(shown.drop_duplicates("indicator").set_index("indicator")["period"].astype(str))
    (folder / BASE).write_bytes(pickle.dumps((base, spread, periods, places)))
    return _digest(contents, folder)


def _write_blocks(
    table: pd.DataFrame, areas: pd.Index, now: NDArray[np.bool_], path: Path
) -> dict[str, Places]:
    """Write a table's rows area by area, and within an area those of its latest periods last."""
    table = table.drop(columns=list(LEFT_OUT), errors="ignore").reset_index(drop=True)
    place = areas.get_indexer(pd.Index(table["area"])).astype(np.int64)
    order = np.lexsort((now, place))
    order = order[place[order] >= 0]
    worded = table.select_dtypes(["str", "object", "category"]).columns
    table = table.astype(dict.fromkeys(worded, "category"))
    schema = pa.Schema.from_pandas(table.head(0), preserve_index=False)
    with pa.ipc.new_file(path, schema) as file:
        for begins in range(0, len(order), ROWS_AT_ONCE):
            part = table.iloc[order[begins : begins + ROWS_AT_ONCE]]
            file.write_table(pa.Table.from_pandas(part, schema=schema, preserve_index=False))
    there = place >= 0
    end = np.cumsum(np.bincount(place[there], minlength=len(areas)))
    late = np.bincount(place[there & now], minlength=len(areas))
    return {"start": np.concatenate([[0], end[:-1]]).astype(np.int64), "now": end - late, "end": end}


def _digest(contents: Contents, folder: Path) -> str:
    """Hash everything that a pack may be made from: rows, words, settings, the version of the toolkit."""
    found = sha256()
    for name in OF_AREAS:
        with (folder / f"{name}.arrow").open("rb") as stream:
            while piece := stream.read(1 << 20):
                found.update(piece)
    for frame in (contents.areas, contents.catalogue):
        found.update(frame.to_csv(index=False).encode("utf-8", "surrogatepass"))
    words = (
        contents.title, contents.subtitle, contents.notice, contents.banner, contents.made.isoformat(),
        contents.version, contents.period, contents.headline_mode, contents.headline_comparator,
        contents.attribution, contents.sources, contents.settings, contents.methods,
    )  # fmt: skip
    found.update(repr(words).encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def totals_of_the_rest(contents: Contents) -> pd.DataFrame:
    """Add savings up over indicators for the areas that the totals table does not have: the finest.

    As there, each event counts once: of indicators that count the same events the one that is largest for the whole.
    Draws of single practices are not kept, so these totals have no interval.
    """
    table = contents.opportunity
    overlap = contents.catalogue.set_index("indicator")["overlap_group"]
    savings = table[table["value_gbp"].notna()]
    rest = ~savings["area"].isin(contents.totals["area"])
    parts = [contents.totals.head(0)]
    for (mode, comparator), rule in savings.groupby(["mode", "comparator"], sort=True, observed=True):
        own = rule[rest.loc[rule.index]].copy()
        own["value_gbp"] = own["value_gbp"].clip(lower=0)  # a negative gap is never netted off
        own["once"] = own["value_gbp"].where(own["indicator"].isin(largest_of_each_overlap(rule, overlap)))
        own["floor"] = own["chance_floor_gbp"].where(own["once"].notna())
        sums = own.groupby(["area", "kind"], observed=True).agg(
            indicators=("once", "count"), value_gbp=("once", "sum"), every=("value_gbp", "sum")
        )
        sums["chance_floor_gbp"] = own.groupby(["area", "kind"], observed=True)["floor"].sum(min_count=1)
        sums["overlap_gbp"] = sums["every"] - sums["value_gbp"]
        parts.append(
            sums.drop(columns="every").reset_index().assign(mode=str(mode), comparator=str(comparator))
        )
    filled = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(filled, ignore_index=True).reindex(columns=contents.totals.columns)


class AreaTables:
    """What `write_area_tables` wrote, read one area at a time; the files are mapped, not loaded."""

    def __init__(self, folder: Path) -> None:
        base, spread, periods, places = pickle.loads((folder / BASE).read_bytes())
        self.base: Contents = base
        self._spread: dict[str, pd.DataFrame] = spread
        self._periods: dict[str, str] = periods
        self._blocks = {name: _open(folder / f"{name}.arrow", places[name]) for name in OF_AREAS}
        areas = self.base.areas
        self._place = {str(code): place for place, code in enumerate(areas["area"])}
        self._parent = areas["parent"].map(self._place).fillna(-1).astype(int).to_numpy()
        self._kind = areas["kind"].astype(str).to_numpy()

    def of(self, area: str, *, packs: Mapping[str, str], main: str) -> AreaContents:
        """Return what the pack of one area is made from; ``packs`` and ``main`` are addresses of other packs."""
        own = self._place[area]
        listed = self._table("peers", [own])
        peers = [self._place[str(code)] for code in listed.sort_values("rank")["peer"]]
        above, inside = self._above(own), np.flatnonzero(self._parent == own).tolist()
        beside = peers or self._all_beside(own)
        others = [place for place in dict.fromkeys([*above, *beside, *inside]) if place != own]
        named = [own, *others]
        named += [self._parent[place] for place in [*beside, *inside] if self._parent[place] >= 0]
        areas = self.base.areas
        comparison = [
            self._blocks["comparison"].of([own]),
            self._blocks["comparison"].of(others, only_now=True),
        ]
        contents = replace(
            self.base,
            focus=area,
            areas=areas.iloc[sorted(set(named))].reset_index(drop=True),
            comparison=_frame(pa.concat_tables(comparison)),
            opportunity=self._table("opportunity", [own, *inside]),
            totals=self._table("totals", [own, *inside]),
            trend=self._table("trend", [own]),
            peers=listed,
            peer_fit=self._table("peer_fit", [own]),
        )
        codes = areas["area"].astype(str).to_numpy()
        return AreaContents(
            contents=contents,
            periods=self._periods,
            spread=self._spread[self._kind[own]],
            alike=areas[self._kind == self._kind[own]],
            listed=tuple(codes[peers]),
            beside=tuple(codes[beside]),
            packs={code: packs[code] for code in codes[[*above, *inside]] if code in packs},
            main=main,
        )

    def _table(self, name: str, places: list[int]) -> pd.DataFrame:
        return _frame(self._blocks[name].of(places))

    def _above(self, own: int) -> list[int]:
        return list(_upwards(self._parent, own))

    def _all_beside(self, own: int) -> list[int]:
        """Places of all areas of a kind, where there are few, else of those in the same area."""
        alike = np.flatnonzero(self._kind == self._kind[own])
        if len(alike) > MOST_BESIDE:
            alike = alike[self._parent[alike] == self._parent[own]][:MOST_BESIDE]
        return [int(place) for place in alike if place != own]


def _open(path: Path, places: dict[str, Places]) -> _Blocks:
    return _Blocks(rows=pa.ipc.open_file(pa.memory_map(str(path))).read_all(), **places)


def _upwards(parent: NDArray[Any], own: int) -> Iterator[int]:
    """Places of the areas that one is part of, the nearest first."""
    passed = {own}
    while (above := int(parent[own])) >= 0 and above not in passed:
        passed.add(above)
        yield above
        own = above


def _frame(rows: pa.Table) -> pd.DataFrame:
    return quick(rows.to_pandas())
