"""A workbook of the live finance sheets alone, and its figures as tables, whoever has reckoned them."""

import io
from datetime import datetime

import pandas as pd
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineWorkbook

from reports.contents import Contents
from reports.tree import Tree
from reports.workbook.book import workbook_bytes
from reports.workbook.checks import checks_sheet
from reports.workbook.finance import finance_checks, finance_sheets, live_plan_sheet
from reports.workbook.layout import Layout, place, sheet_names
from reports.workbook.sizing import Sizing
from reports.workbook.spec import Properties, Sheet

PROPERTIES = Properties(title="Finance", subject="", creator="test", marking="", made=datetime(2017, 4, 1))
FIRST = Sheet(name="First", title="First", description="")


def sheets_of(contents: Contents) -> list[Sheet]:
    """The sheets of finance, the plan and their checks, in a book of their own."""
    assert contents.finance is not None
    tree = Tree(contents)
    bare = contents.__class__(**{**vars(contents), "opportunity": contents.opportunity.iloc[:0]})
    checks = checks_sheet(bare, Sizing(bare), finance_checks(contents, contents.finance, tree))
    sheets = finance_sheets(contents, contents.finance, tree)
    return [FIRST, sheets[0], live_plan_sheet(contents, contents.finance), *sheets[1:], checks]


def write_book(contents: Contents) -> bytes:
    """The book as bytes."""
    return workbook_bytes(sheets_of(contents), PROPERTIES)


def layouts_of(contents: Contents) -> list[Layout]:
    """Where everything in the book stands."""
    sheets = sheets_of(contents)
    names = sheet_names(sheet.name for sheet in sheets)
    home = names[1]
    return [
        place(sheet, name, marking="", home="" if number == 0 else home)
        for number, (sheet, name) in enumerate(zip(sheets, names, strict=True))
    ]


class Figures:
    """The tables of a book that some engine has saved, columns by their keys."""

    def __init__(self, data: bytes, layouts: list[Layout]) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        self._rows = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
        self._placed = {placed.table.name: placed for layout in layouts for placed in layout.tables}

    def __getitem__(self, table: str) -> pd.DataFrame:
        """One table, without its total."""
        placed = self._placed[table]
        rows = self._rows[placed.sheet][placed.first - 1 : placed.last]
        return pd.DataFrame(
            {
                key: [row[column_index_from_string(letter) - 1] for row in rows]
                for key, letter in placed.letters.items()
            }
        )

    def cell(self, where: tuple[str, str]) -> object:
        """One cell, by sheet and address."""
        sheet, address = where
        letters = address.rstrip("0123456789")
        return self._rows[sheet][int(address[len(letters) :]) - 1][column_index_from_string(letters) - 1]


def address(layouts: list[Layout], table: str, key: str, row: int) -> str:
    """Where an input stands, as ``Sheet!B5``, by the number of its row from 0."""
    for layout in layouts:
        for placed in layout.tables:
            if placed.table.name == table:
                return f"{placed.sheet}!{placed.letters[key]}{placed.first + row}"
    raise KeyError(table)
