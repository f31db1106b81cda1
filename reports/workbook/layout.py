"""Where everything stands: rows of titles, notes and tables on each sheet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from openpyxl.utils import get_column_letter

from reports.workbook.inputs import Input
from reports.workbook.spec import Column, Link, Sheet, Table
from reports.workbook.styles import BODY, LINK, MARKING, SUBTITLE, TITLE, Look

LONGEST_NAME = 31  # characters of a sheet's name
BACK = "Back to contents"
LINE = 13.5  # points: a line of text at 10 points
LETTER, BOLD_LETTER = 0.9, 0.95  # digits that a letter is wide
WIDEST = 62.0  # digits that a column of words grows to when its words are longer than it was declared
LONGEST_NOTE = 150  # letters of a line of notes, before its next sentence starts a line of its own
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z£])")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of words in column A."""

    row: int
    words: str
    look: Look
    link: str = ""  # name of the sheet that it leads to


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A table with its place: rows of its heading, first and last figures, and total."""

    sheet: str
    table: Table
    heading: int
    first: int
    last: int
    total: int | None

    @cached_property
    def letters(self) -> dict[str, str]:
        """Letter of each column by its key."""
        keys = (column.key for column in self.table.columns)
        return {key: get_column_letter(place) for place, key in enumerate(keys, start=1)}

    @property
    def letters_by_column(self) -> list[tuple[Column, str]]:
        """Each column with its letter, from the left."""
        return list(zip(self.table.columns, self.letters.values(), strict=True))

    @cached_property
    def indented(self) -> frozenset[str]:
        """Keys of columns of words that follow one of figures, and need a space before them."""
        pairs = zip(self.table.columns, self.table.columns[1:], strict=False)
        return frozenset(word.key for figure, word in pairs if figure.is_number and not word.is_number)

    @cached_property
    def holds(self) -> dict[str, frozenset[type]]:
        """What the values of each column of anything are: most hold no input, formula or link to be found."""
        keys = [column.key for column in self.table.columns if not column.formula]
        frame = self.table.frame
        return {key: frozenset(map(type, frame[key])) for key in keys if frame[key].dtype == object}

    @property
    def range(self) -> str:
        """Cells of the whole table, heading and total with it."""
        last = get_column_letter(len(self.table.columns))
        return f"A{self.heading}:{last}{self.total or self.last}"

    def column(self, key: str) -> str:
        """Return the cells of one column, without heading and total.

        The addresses do not move when a formula is copied, as a total of a whole column should not.
        """
        letter = self.letters[key]
        return f"${letter}${self.first}:${letter}${self.last}"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A sheet with the place of everything on it."""

    sheet: Sheet
    name: str
    lines: tuple[Line, ...]
    tables: tuple[Placed, ...]


def heading_height(table: Table) -> float:
    """Return the points that the headings of a table need when they are wrapped to its widths."""
    lines = (lines_of(column.heading, column.width, letter=BOLD_LETTER) for column in table.columns)
    button = 1 if table.filtered else 0  # a line below the words, where it hides none of them
    return LINE * (max(lines, default=1) + button) + 2


def lines_of(words: str, width: float, *, letter: float = LETTER) -> int:
    """Count the lines of a text in a column: ``width`` in digits, as a letter's is; only spaces break.

    >>> lines_of("Peers kept under equal weights", 14), lines_of("Peers", 14)
    (3, 1)
    """
    lines = 0
    for paragraph in words.split("\n"):
        room, lines = width, lines + 1
        for word in paragraph.split():
            need = len(word) * letter
            if need > room and room < width:
                room, lines = width, lines + 1
            lines += int(need // width) if need > width else 0
            room -= need % width + letter
    return lines


def note_lines(note: str) -> list[str]:
    """Break a note between sentences, so that a page need not shrink for a line that runs beyond its table.

    >>> note_lines("One. " + "Two " * 40 + "of them. Three.")[-1]
    'Three.'
    """
    lines: list[str] = []
    for sentence in SENTENCE.split(note):
        if lines and len(lines[-1]) + len(sentence) < LONGEST_NOTE:
            lines[-1] += f" {sentence}"
        else:
            lines.append(sentence)
    return lines


def fitted(table: Table) -> Table:
    """Return the table with its columns of words wide enough for them, where they are not broken into lines."""
    return replace(table, columns=tuple(_fitted(column, table.frame) for column in table.columns))


def _fitted(column: Column, frame: pd.DataFrame) -> Column:
    if column.formula or column.wrap or column.is_number or frame.empty:
        return column
    known = {word for word in map(_bare, frame[column.key].unique()) if isinstance(word, str)}
    need = min(max(map(len, known), default=0) * LETTER + 2, WIDEST)
    return replace(column, width=need) if column.width < need else column


def _bare(value: object) -> object:
    if isinstance(value, Input):
        return value.value
    return value.text if isinstance(value, Link) else value


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Make names of sheets safe, short and unlike each other whatever their case.

    >>> sheet_names(["Compare A/B", "Compare a b", "'"])
    ['Compare A B', 'Compare a b 2', 'Sheet']
    """
    names: list[str] = []
    for name in wanted:
        safe = re.sub(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff:\\/?*\[\]\s]+", " ", name).strip(" '") or "Sheet"
        unique, count = safe[:LONGEST_NAME].strip(" '"), 1
        while unique.casefold() in {other.casefold() for other in names}:
            count += 1
            ending = f" {count}"
            unique = safe[: LONGEST_NAME - len(ending)].strip(" '") + ending
        names.append(unique)
    return names


def place(sheet: Sheet, name: str, *, marking: str, home: str) -> Layout:
    """Give every line and table of a sheet its rows, from A1 down."""
    words = [(sheet.title, TITLE, ""), (marking, MARKING, ""), (sheet.description, BODY, "")]
    words += [(line, BODY, "") for note in sheet.notes for line in note_lines(note)]
    if home and name != home:
        words.append((BACK, LINK, home))
    written = [entry for entry in words if entry[0]]
    lines = [
        Line(row=row, words=text, look=look, link=link)
        for row, (text, look, link) in enumerate(written, start=1)
    ]
    tables, row = [], len(lines) + 1
    for table in sheet.tables:
        if table.heading:
            lines.append(Line(row=row + 1, words=table.heading, look=SUBTITLE))
            row += 2
        if table.frame.empty:
            lines.append(Line(row=row, words=table.empty, look=BODY))
            row += 1
            continue
        last = row + len(table.frame)
        placed = Placed(
            sheet=name,
            table=fitted(table),
            heading=row,
            first=row + 1,
            last=last,
            total=last + 1 if table.totals else None,
        )
        tables.append(placed)
        row = last + (2 if table.totals else 1)
    return Layout(sheet=sheet, name=name, lines=tuple(lines), tables=tuple(tables))


def last_row(layout: Layout) -> int:
    """Return the last row that holds anything."""
    lines = [line.row for line in layout.lines]
    return max([*lines, *(placed.total or placed.last for placed in layout.tables)])
