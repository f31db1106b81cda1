"""Workbooks of Excel 97 to 2003 (.xls), read in Python alone.

A damaged one may lead the faster reader of other workbooks round in a circle until the memory is full, which ends
the process and not only the reading. Here the worst is an exception.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path

import xlrd
from xlrd.biffh import XLRDError

from variation.reading.formats.part import UnreadableError


class OldBook:
    """An .xls that is open: its sheets, and their cells as values."""

    def __init__(self, book: xlrd.Book) -> None:
        self.book = book
        self.sheet_names: list[str] = [str(name) for name in book.sheet_names()]

    def cells(self, sheet: str, *, most: int | None = None) -> list[list[object]]:
        """Rows of a sheet from its first cell on, as wide as the widest; "" for what is empty or an error."""
        with in_words():
            page = self.book.sheet_by_name(sheet)
            rows = range(page.nrows if most is None else min(page.nrows, most))
            return [
                [
                    _value(kind, value, self.book.datemode)
                    for kind, value in zip(page.row_types(row), page.row_values(row), strict=True)
                ]
                for row in rows
            ]


@contextmanager
def open_old(path: Path) -> Iterator[OldBook]:
    """Open an .xls.

    Raises
    ------
    UnreadableError
        Where it is protected by a password, cut off or damaged.
    """
    with in_words():
        book = xlrd.open_workbook(str(path), logfile=io.StringIO(), on_demand=True)
    try:
        yield OldBook(book)
    finally:
        book.release_resources()


@contextmanager
def in_words() -> Iterator[None]:
    """Say what the library raises: where a file breaks its assumptions that can be any exception."""
    try:
        yield
    except XLRDError as error:
        if "encrypted" in str(error):
            hint = "save it without a password"
            raise UnreadableError("is protected by a password", hint) from None
        raise UnreadableError(
            f"cannot be read as xls: {error}", "open it in Excel and save it as .xlsx"
        ) from None
    except Exception as error:
        words = f"is damaged and cannot be read ({type(error).__name__})"
        raise UnreadableError(words, "open it in Excel and save it anew as .xlsx") from None


def _value(kind: int, value: object, datemode: int) -> object:
    """Value of a cell by its kind; a day without a time is a date."""
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return ""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind != xlrd.XL_CELL_DATE:
        return value
    try:
        moment = xlrd.xldate_as_datetime(value, datemode)
    except (ValueError, OverflowError):  # no day of the calendar: the number as it is
        return value
    return moment.date() if moment.time() == time() else moment
