"""How the areas of a pack hang together, from the whole to the finest."""

from functools import cached_property

import pandas as pd

from reports.contents import Contents


def finest_kind(areas: pd.DataFrame) -> str:
    """Kind of the areas that are no one's parent; the most frequent one, if there are several.

    >>> finest_kind(pd.DataFrame({"area": ["P1", "L1"], "kind": ["practice", "locality"],
    ...                           "parent": ["L1", None]}))
    'practice'
    """
    leaves = areas.loc[~areas["area"].isin(areas["parent"].dropna()), "kind"]
    return str(leaves.value_counts().index[0]) if len(leaves) else ""


def parent_kind(areas: pd.DataFrame, kind: str) -> str:
    """Kind of area that the areas of ``kind`` are part of; empty where they have no parent.

    >>> parent_kind(pd.DataFrame({"area": ["P1", "L1"], "kind": ["practice", "locality"],
    ...                           "parent": ["L1", None]}), "practice")
    'locality'
    """
    parents = areas.loc[areas["kind"] == kind, "parent"].dropna()
    kinds = areas.loc[areas["area"].isin(parents), "kind"]
    return str(kinds.value_counts().index[0]) if len(kinds) else ""


class Tree:
    """The areas table, asked what the writers need to know of it."""

    def __init__(self, contents: Contents) -> None:
        self._areas = contents.areas
        self._focus = contents.focus
        codes = set(self._areas["area"])
        parents = zip(self._areas["area"], self._areas["parent"], strict=True)
        self._parent = {area: parent for area, parent in parents if parent in codes and parent != area}

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of every area; its code where it has none."""
        names = self._areas["name"].where(self._areas["name"].fillna("") != "", self._areas["area"])
        return dict(zip(self._areas["area"], names, strict=True))

    @cached_property
    def kind(self) -> dict[str, str]:
        """Kind of every area."""
        return dict(zip(self._areas["area"], self._areas["kind"], strict=True))

    @cached_property
    def kinds(self) -> list[str]:
        """Kinds of area, the whole first and the finest last."""
        depth = self._areas.assign(depth=[len(self.ancestors(area)) for area in self._areas["area"]])
        order = depth.groupby("kind", sort=False)["depth"].mean().sort_values(kind="stable")
        kinds = [kind for kind in order.index if kind != self.finest]
        return [*kinds, self.finest] if self.finest else kinds

    @cached_property
    def finest(self) -> str:
        """Kind of the areas that are no one's parent."""
        return finest_kind(self._areas)

    @cached_property
    def group_kind(self) -> str:
        """Kind of the areas that the finest are directly part of, locality as a rule; empty where none."""
        above = self._areas[self._areas["area"] != self._focus]
        kind = parent_kind(above, self.finest)
        return "" if kind == self.finest else kind

    @cached_property
    def groups(self) -> list[str]:
        """Codes of the areas of that kind in the pack's own area, by name."""
        inside = self.within()
        codes = self._areas.loc[self._areas["kind"] == self.group_kind, "area"]
        return sorted((code for code in codes if code in inside), key=lambda code: (self.name(code), code))

    @cached_property
    def order(self) -> dict[str, int]:
        """Place of every area in lists: the whole first, then as the areas table has them."""
        place = {kind: number for number, kind in enumerate(self.kinds)}
        areas = sorted(self._areas["area"], key=lambda area: place[self.kind[area]])
        return {area: number for number, area in enumerate(areas)}

    def name(self, area: object) -> str:
        """Return what an area is called; its code where the areas table does not have it."""
        return self.names.get(str(area), str(area))

    def parent_name(self, area: str) -> str | None:
        """Name of the area that this one is part of."""
        parent = self._parent.get(area)
        return None if parent is None else self.names[parent]

    def ancestors(self, area: str) -> list[str]:
        """Codes of the areas that this one is part of, the nearest first."""
        above: list[str] = []
        while (parent := self._parent.get(area)) is not None and parent not in above:
            above.append(parent)
            area = parent
        return above

    def within(self) -> set[str]:
        """Codes of the pack's own area and everything in it; of every area where it has none."""
        if not self._focus:
            return set(self._areas["area"])
        return {area for area in self._areas["area"] if self._focus in (area, *self.ancestors(area))}

    def divides(self, kind: str) -> bool:
        """Tell whether areas of a kind make up the pack's own area: none overlaps, nothing is left out."""
        inside = self.within() - {self._focus}
        leaves = [area for area in inside if self.kind[area] == self.finest]
        chains = [[area, *self.ancestors(area)] for area in leaves]
        counts = [sum(self.kind[area] == kind and area in inside for area in chain) for chain in chains]
        return bool(counts) and all(count == 1 for count in counts)
