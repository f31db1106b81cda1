"""The empty workbook: a sheet for each input table with notes, dropdowns and checks, to be filled in by hand."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from reports.style import DARK_BLUE, INK, MID_GREY
from reports.workbook.archive import unpack, with_moment, zipped
from reports.workbook.styles import FONT, argb
from variation.tables import Column, Table
from variation.template.dictionary import HEADINGS, about, dictionary_rows

WORKBOOK = "inputs.xlsx"
COVER, DICTIONARY = "Start here", "Dictionary"

# The last row that a sheet can have: dropdowns and checks reach down to it.
LAST_ROW = 1_048_576
# When the file was made, as far as the file says: the same template is the same bytes.
MADE = datetime(2017, 4, 1, tzinfo=UTC)

PROMPT_LENGTH, PROMPT_TITLE_LENGTH, LIST_LENGTH = 255, 32, 255  # characters, by Excel's own limits
WIDEST = 44  # characters
DICTIONARY_WIDTHS = (13, 20, 11, 10, 26, 34, 11, 60, 44)  # characters, as the dictionary's headings

# A column whose codes are those of another sheet: table, column -> sheet, column.
LOOKED_UP = {
    ("indicators", "indicator"): ("catalogue", "indicator"),
    ("indicators", "area"): ("areas", "area"),
    ("catalogue", "plan_line"): ("plan", "plan_line"),
    ("assumptions", "indicator"): ("catalogue", "indicator"),
    ("assumptions", "scheme"): ("schemes", "scheme"),
    ("areas", "parent"): ("areas", "area"),
    ("plan", "parent"): ("plan", "plan_line"),
}

NORMAL = Font(name=FONT, sz=11, color=argb(INK))
TITLE = Font(name=FONT, sz=18, b=True, color=argb(DARK_BLUE))
BOLD = Font(name=FONT, sz=11, b=True, color=argb(INK))
LINK = Font(name=FONT, sz=11, u="single", color=argb(DARK_BLUE))
NEEDED = (Font(name=FONT, sz=11, b=True, color="FFFFFFFF"), PatternFill("solid", fgColor=argb(DARK_BLUE)))
OPTIONAL = (Font(name=FONT, sz=11, i=True, color=argb(INK)), PatternFill("solid", fgColor="FFE8EDF3"))
RULE = Border(bottom=Side(style="thin", color=argb(MID_GREY)))
WRAPPED = Alignment(wrap_text=True, vertical="top")


def template_workbook(tables: Sequence[Table], steps: Sequence[str]) -> bytes:
    """Return the workbook as the bytes of an .xlsx: a cover, a sheet for each table, the data dictionary.

    Each table's sheet has its headings in the first row and nothing else, so that it is read as it stands.
    """
    workbook = Workbook()
    cover = workbook.worksheets[0]
    cover.title = COVER
    by_name = {table.name: table for table in tables}
    for table in tables:
        _table_sheet(workbook.create_sheet(table.name), table, by_name)
    _dictionary_sheet(workbook.create_sheet(DICTIONARY), tables)
    _cover(cover, tables, steps)
    said = workbook.properties
    said.title, said.creator, said.language = "Inputs of a variation analysis", "variation", "en-GB"
    said.created = MADE.replace(tzinfo=None)
    file = io.BytesIO()
    workbook.save(file)
    members = unpack(file.getvalue())
    members["docProps/core.xml"] = with_moment(members["docProps/core.xml"], MADE)
    return zipped(members, MADE)


def _table_sheet(sheet: Worksheet, table: Table, by_name: dict[str, Table]) -> None:
    for number, column in enumerate(table, start=1):
        letter = get_column_letter(number)
        heading = sheet.cell(1, number, column.name)
        heading.font, heading.fill = NEEDED if column.required else OPTIONAL
        heading.border, heading.alignment = RULE, Alignment(vertical="center")
        heading.comment = _note(f"{column.name}: {about(column)}.")
        dimension = sheet.column_dimensions[letter]
        dimension.width, dimension.font = _width(column), NORMAL
        # As text, so that a spreadsheet leaves codes and periods as they are typed.
        dimension.number_format = "@" if column.type == "text" else "General"
        validation = _validation(table, column, by_name)
        sheet.add_data_validation(validation)
        validation.add(f"{letter}2:{letter}{LAST_ROW}")
    last = get_column_letter(len(table.columns))
    native = NativeTable(displayName=f"input_{table.name}", ref=f"A1:{last}2")
    native.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(native)
    sheet.row_dimensions[1].height = 22
    sheet.freeze_panes = f"{get_column_letter(1 + min(2, len(table.required)))}2"
    _for_print(sheet)


def _note(words: str) -> Comment:
    note = Comment(words, "variation")
    note.width, note.height = 320, 40 + 18 * (len(words) // 42 + 1)  # pixels
    return note


def _width(column: Column) -> float:
    """Characters: the heading with the button of its filter, and what usually stands below."""
    usual = {"name": 34, "question": WIDEST, "may_be_warranted": WIDEST, "source": 28, "cost_basis": 28}
    longest = max((len(choice) for choice in column.choices), default=0)
    return float(max(len(column.name) + 6, longest + 4, usual.get(column.name, 12)))


def _validation(table: Table, column: Column, by_name: dict[str, Table]) -> DataValidation:
    """Check a column as it is typed: choices from a list, numbers that can be, words of any kind.

    Only a wrong choice is refused: a number column may hold * where a publisher withheld the figure, and a code
    may be typed before its row on the other sheet is.
    """
    listed = f'"{",".join(column.choices)}"'
    looked_up = LOOKED_UP.get((table.name, column.name))
    if column.choices and len(listed) <= LIST_LENGTH:
        made = DataValidation(type="list", formula1=listed, errorStyle="stop")
        made.error = f"Choose one of: {', '.join(column.choices)}."
    elif looked_up is not None and looked_up[0] in by_name:
        made = DataValidation(type="list", formula1=_cells(*looked_up, by_name), errorStyle="information")
        made.error = (
            f"This code is not (yet) on the sheet {looked_up[0]}. It must be before the analysis runs."
        )
    elif column.type in ("number", "whole"):
        least = -1e300 if column.minimum is None else column.minimum
        made = DataValidation(
            type="decimal", operator="greaterThanOrEqual", formula1=f"{least:g}", errorStyle="warning"
        )
        expected = "a number" if column.minimum is None else f"a number of {column.minimum:g} or more"
        made.error = f"Expected {expected}. Leave the cell empty where there is none; * where it is withheld."
    else:
        made = DataValidation()
    made.allow_blank, made.showErrorMessage, made.showInputMessage = True, True, True
    made.errorTitle = made.promptTitle = column.name[:PROMPT_TITLE_LENGTH]
    made.prompt = f"{about(column)}."[:PROMPT_LENGTH]
    return made


def _cells(name: str, column: str, by_name: dict[str, Table]) -> str:
    letter = get_column_letter(by_name[name].names.index(column) + 1)
    return f"'{name}'!${letter}$2:${letter}${LAST_ROW}"


def _cover(sheet: Worksheet, tables: Sequence[Table], steps: Sequence[str]) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24.0, 96.0
    sheet.sheet_view.showGridLines = False
    sheet["A1"], sheet["A1"].font = "Inputs of a variation analysis", TITLE
    row = 3
    for step in steps:
        # Across both columns without merging: the text of a cell runs on over an empty one.
        sheet.cell(row, 1, step).font = NORMAL
        row += 1
    row += 1
    for number, words in enumerate(("Sheet", "What a row is"), start=1):
        heading = sheet.cell(row, number, words)
        heading.font, heading.fill = NEEDED
    for name, words in [
        *((table.name, f"{table.one_row_per}{_need(table)}") for table in tables),
        (DICTIONARY, "column of a sheet: what it holds, its unit, what may stand there, and an example"),
    ]:
        row += 1
        link = sheet.cell(row, 1, name)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{name}'!A1")
        link.font, link.border = LINK, RULE
        about_it = sheet.cell(row, 2, words)
        about_it.font, about_it.alignment, about_it.border = NORMAL, WRAPPED, RULE
    row += 2
    sheet.cell(row, 1, "Headings").font = BOLD
    _sample(sheet, row + 1, NEEDED, "a column that is required")
    _sample(sheet, row + 2, OPTIONAL, "a column that may be left out")
    _for_print(sheet)


def _need(table: Table) -> str:
    return "" if table.name in ("indicators", "catalogue", "areas") else " (the table may stay empty)"


def _sample(sheet: Worksheet, row: int, look: tuple[Font, PatternFill], words: str) -> None:
    cell = sheet.cell(row, 1, "required" if look is NEEDED else "optional")
    cell.font, cell.fill = look
    sheet.cell(row, 2, words).font = NORMAL


def _dictionary_sheet(sheet: Worksheet, tables: Sequence[Table]) -> None:
    rows = dictionary_rows(tables)
    for number, (heading, width) in enumerate(zip(HEADINGS, DICTIONARY_WIDTHS, strict=True), start=1):
        cell = sheet.cell(1, number, heading)
        cell.font, cell.fill = NEEDED
        sheet.column_dimensions[get_column_letter(number)].width = float(width)
    for row, values in enumerate(rows, start=2):
        for number, value in enumerate(values, start=1):
            cell = sheet.cell(row, number, value or None)
            cell.font, cell.alignment, cell.number_format = NORMAL, WRAPPED, "@"
        needed = max(len(value) // width + 1 for value, width in zip(values, DICTIONARY_WIDTHS, strict=True))
        sheet.row_dimensions[row].height = 4.0 + 14.0 * needed
    native = NativeTable(
        displayName="dictionary", ref=f"A1:{get_column_letter(len(HEADINGS))}{len(rows) + 1}"
    )
    native.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(native)
    sheet.freeze_panes = "C2"
    _for_print(sheet)


def _for_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "Page &P of &N"
