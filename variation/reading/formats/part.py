"""A part of a source as it is read: one CSV, one sheet, one query; and what says that it cannot be."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from variation.settings.table_source import TableSource

# What stands for "no value", besides an empty cell.
MISSING = ("", "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "#N/A", "..", "[x]", "[z]")

# Findings of one kind in one column of one file that are listed one by one; the rest are counted.
LISTED = 5

# Rows of a file that are looked through for its headings where they are not where they should be.
LOOKED_THROUGH = 20

# Between the lines of headings that span several.
JOINT = " | "

WORKBOOKS = {".xlsx", ".xls", ".ods", ".xlsb", ".xlsm"}

# First bytes of a file, and what they say it is.
SIGNATURES = (
    (b"PK\x03\x04", "a workbook (.xlsx) or a zip file"),
    (b"PAR1", "a Parquet file (.parquet)"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls)"),
    (b"\x1f\x8b", "a compressed file (.gz)"),
    (b"%PDF", "a PDF"),
    (b"<", "a web page: was the download refused?"),
)


class UnreadableError(Exception):
    """A source that cannot be used: what is wrong with it, and a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def not_too_many(rows: int, source: TableSource) -> None:
    """Refuse more rows than a source may have: beyond what the memory holds, the system would end the run.

    Raises
    ------
    UnreadableError
        Where there are more.
    """
    if rows > source.most_rows:
        raise UnreadableError(
            f"has {rows:,} rows or more, and most_rows = {source.most_rows} allows no more than that",
            "a larger most_rows reads them where the memory allows; --engine spark reads any number",
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a file: headings that are read at all, and those of them that are read as text."""

    texts: frozenset[str] = frozenset()
    wants: Callable[[str], bool] = lambda heading: True

    def __contains__(self, heading: object) -> bool:
        return isinstance(heading, str) and heading != "" and self.wants(heading)


@dataclass(frozen=True, kw_only=True)
class Part:
    """Cells of one table of a source.

    ``frame`` has the columns that were asked for under their stripped headings (one may stand twice); its index
    is the line of each row as an editor or Excel counts it. ``headings`` are all that the file has, ``top`` its
    first rows as texts.
    """

    name: str  # what findings call it: data.csv, data.zip/a.csv, "data.xlsx, sheet 2019"
    stem: str  # the file's name without ending
    frame: pd.DataFrame
    headings: tuple[str, ...]
    heading_line: int = 1
    sheet: str = ""
    top: tuple[tuple[str, ...], ...] = ()


def without_empty_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows without any value."""
    blank = np.ones(len(frame), dtype=bool)
    for place in range(frame.shape[1]):
        blank &= frame.iloc[:, place].isna().to_numpy()
        if not blank.any():
            return frame
    return frame[~blank]


def join_headings(lines: list[list[str]]) -> list[str]:
    """Make one heading of several lines of them, merged cells carried on to the right.

    A cell is carried on below the same heading only; equal ones are not repeated.

    >>> join_headings([["Code", "Asthma", "", "COPD", ""], ["", "Register", "List", "Register", "List"]])
    ['Code', 'Asthma | Register', 'Asthma | List', 'COPD | Register', 'COPD | List']
    """
    width = max((len(line) for line in lines), default=0)
    cells = [[cell.strip() for cell in line] + [""] * (width - len(line)) for line in lines]
    for row, line in enumerate(cells[:-1]):
        for place in range(1, width):
            same = all(above[place] == above[place - 1] for above in cells[:row])
            below = any(lower[place] for lower in cells[row + 1 :])
            if not line[place] and same and below:
                line[place] = line[place - 1]
    columns = zip(*cells, strict=True)
    return [JOINT.join(dict.fromkeys(part for part in column if part)) for column in columns]


def looks_like(path: Path) -> str:
    """Say what a file is by its first bytes; "" where it is no kind that is known.

    Text is called plain text unless the name says CSV already.
    """
    with path.open("rb") as stream:
        start = stream.read(256)
    for signature, name in SIGNATURES:
        if start.lstrip(b"\xef\xbb\xbf \r\n").startswith(signature):
            return name
    binary = b"\x00" in start or path.suffix.lower() not in {*WORKBOOKS, ".parquet"}
    return "" if binary else "plain text (.csv)"
