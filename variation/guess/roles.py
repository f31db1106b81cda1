"""Which of our tables a file is: each way of telling in turn, the surest first."""

from collections.abc import Callable, Iterable, Iterator

from variation.guess.figures import tidy, wide
from variation.guess.headings import fitting
from variation.guess.look import Look
from variation.guess.maps import features_of_areas, map_of_areas
from variation.guess.publishers import boundaries, fingertips, openprescribing, own, qof
from variation.guess.role import Role

RECOGNISERS: tuple[Callable[[Look], Iterator[Role]], ...] = (
    own, fingertips, openprescribing, qof, boundaries, tidy, map_of_areas, features_of_areas, wide,
)  # fmt: skip


def roles(look: Look) -> list[Role]:
    """Every table that a file can be; none where nothing in it is understood."""
    for recognise in RECOGNISERS:
        if found := list(recognise(look)):
            return found
    return []


def also_possible(role: Role, chosen: Iterable[Role]) -> tuple[str, ...]:
    """Say what else a file could have been read as: by other headings that fit, or as another table.

    Nothing where it was told by headings that are known: there is no other meaning.
    """
    if role.known:
        return ()
    columns: dict[str, str] = role.source.get("columns", {})
    words = [
        f"{ours} from {other} (taken: {theirs})"
        for ours, theirs in columns.items()
        for other in fitting(ours, role.look)
        if other not in columns.values()
    ]
    tables = {other.table for other in chosen if other.look is role.look}
    others = [other for recognise in RECOGNISERS for other in recognise(role.look)]
    words += [f"{other.table}: {other.said}" for other in others if other.table not in tables]
    return tuple(dict.fromkeys(words))
