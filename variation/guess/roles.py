"""Which of our tables a file is: each way of telling in turn, the surest first."""

from collections.abc import Callable, Iterator

from variation.guess.figures import tidy, wide
from variation.guess.look import Look
from variation.guess.maps import features_of_areas, map_of_areas
from variation.guess.publishers import boundaries, fingertips, openprescribing, own, qof
from variation.guess.role import Role


def roles(look: Look) -> list[Role]:
    """Every table that a file can be; none where nothing in it is understood."""
    recognisers: tuple[Callable[[Look], Iterator[Role]], ...] = (
        own, fingertips, openprescribing, qof, boundaries, tidy, map_of_areas, features_of_areas, wide,
    )  # fmt: skip
    for recognise in recognisers:
        if found := list(recognise(look)):
            return found
    return []
