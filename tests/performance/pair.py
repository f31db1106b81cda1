"""What a line of the speed suite is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Work of ours, and the same by what it is held against, often on fewer rows."""

    ours: Callable[[], Any]
    rows: int
    peer: Callable[[], Any] | None = None
    peer_rows: int = 0
    same: Callable[[Any, Any], None] = lambda ours, peer: None  # raises where numbers differ


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the table. ``make`` prepares the work at a size, whose full one comes first."""

    title: str
    unit: str
    make: Callable[[int], Pair]
    sizes: tuple[int, ...]
    quick: Callable[[], Pair] | None = None  # the same, small, with what it is held against
    against: str = ""
    budget: str = ""
    repeats: int = 3
    bound: str = ""
