"""A table of the booklet: headings, rows of words, and how wide its columns are to each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.page.table import Table

# Letters of a column's longest cell that count for its width: longer cells wrap.
WIDEST, NARROWEST = 40, 7
# Width of a heading's letters for those of a cell, and of the space on both sides of a cell in its letters.
BOLD, AROUND = 1.2, 2


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A table as the layout takes it."""

    headings: tuple[str, ...]
    numeric: tuple[bool, ...]
    widths: tuple[float, ...]  # shares of the line
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def listing(table: Table, *, most: int | None = None) -> Listing:
    """Return a table of the page for the booklet: its words, its first ``most`` rows, without its links."""
    rows = tuple(
        tuple(_said(cell.text, row.level, place) for place, cell in enumerate(row.cells))
        for row in table.rows
    )
    return Listing(
        headings=tuple(
            f"{column.name}, {column.unit}" if column.unit else column.name for column in table.columns
        ),
        numeric=tuple(column.numeric for column in table.columns),
        widths=widths([column.name for column in table.columns], rows),
        rows=rows[:most],
        note=table.note,
    )


def _said(words: str, level: int, place: int) -> str:
    """Write a cell; the first one of a line that is part of another stands further in."""
    return "\N{EM SPACE}" * level + words if place == 0 else words


def widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Return the share of the line that each column gets: by its longest cell, within limits.

    >>> widths(["Practice", "Value"], [("A surgery with a long name", "1.2")])
    (28.0, 9.0)
    """
    longest_word = [BOLD * max(map(len, heading.split()), default=0) for heading in headings]
    cells = [max((len(row[place]) for row in rows), default=0) for place in range(len(headings))]
    return tuple(
        float(min(max(word, cell, NARROWEST), WIDEST)) + AROUND
        for word, cell in zip(longest_word, cells, strict=True)
    )
