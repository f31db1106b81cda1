"""Sheets into one workbook: openpyxl makes the book, its tables, charts and looks; rows are written beside."""

import io
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import IO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.table import TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from reports.shorthand import NOT_APPLICABLE
from reports.workbook.addresses import Addresses
from reports.workbook.archive import (
    Archive,
    Members,
    around_rows,
    unpack,
    with_alt_texts,
    with_moment,
    with_own_formats,
    with_strings,
)
from reports.workbook.calculation import calculate, used_columns
from reports.workbook.cells import clean
from reports.workbook.columns import Means
from reports.workbook.drawing import draw, drawn
from reports.workbook.entry import define_names, guard_inputs
from reports.workbook.layout import Layout, Placed, last_row, place, sheet_names
from reports.workbook.rows import TOTAL_WORD, SheetRows, total_formula
from reports.workbook.shared_strings import SharedStrings
from reports.workbook.spec import Link, Properties, Sheet
from reports.workbook.styles import Styles, data_bars, signal

A3, A4 = 8, 9  # paper sizes, by the number that a workbook knows them by
LONGEST_HEADER = 110  # characters: 255 with every & doubled and the codes of a header
ROWS_ON_A_PAGE = 70
DIGITS_ON_A4, DIGITS_ON_A3 = 190, 300  # across a landscape page, before they are too small to read


def write_book(sheets: Sequence[Sheet], properties: Properties, file: IO[bytes]) -> None:
    """Write an .xlsx; the first sheet but one is the list of contents.

    Rows go into the file as they are made: a workbook of a million cells needs hardly more memory than its
    tables do.
    """
    names = dict(zip((sheet.name for sheet in sheets), sheet_names(s.name for s in sheets), strict=True))
    home = names[sheets[1].name] if len(sheets) > 1 else ""
    layouts = [
        place(sheet, names[sheet.name], marking=properties.marking, home="" if number == 0 else home)
        for number, sheet in enumerate(sheets)
    ]
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    means, addresses = Means(Styles(workbook), SharedStrings()), Addresses(layouts)
    used = used_columns(layouts, addresses)
    rows = [SheetRows(layout, means, addresses, used) for layout in layouts]
    with ThreadPoolExecutor(1) as beside:  # the calculator leaves the interpreter free
        reckoned = beside.submit(calculate, rows, means.strings, addresses.names, used)
        _make(workbook, layouts, addresses, names, properties)
        members = _parts(workbook, layouts, properties)
        reckoned.result()
    _write(members, rows, means.strings, properties, file)


def workbook_bytes(sheets: Sequence[Sheet], properties: Properties) -> bytes:
    """Return the workbook as the bytes of an .xlsx."""
    file = io.BytesIO()
    write_book(sheets, properties, file)
    return file.getvalue()


def _make(
    workbook: Workbook,
    layouts: Sequence[Layout],
    addresses: Addresses,
    names: dict[str, str],
    properties: Properties,
) -> None:
    """Make everything of the workbook but its cells."""
    for layout in layouts:
        worksheet = workbook.create_sheet(layout.name)
        _furnish(worksheet, layout, names, properties)
        guard_inputs(worksheet, layout, addresses)
    define_names(workbook, addresses.names)
    _describe(workbook, properties)


def _parts(workbook: Workbook, layouts: Sequence[Layout], properties: Properties) -> Members:
    """Return the parts of the file as openpyxl writes them, with what it leaves out."""
    file = io.BytesIO()
    workbook.save(file)
    members = unpack(file.getvalue())
    pictures = [charts for layout in layouts if (charts := drawn(layout))]
    for number, charts in enumerate(pictures, start=1):
        path = f"xl/drawings/drawing{number}.xml"
        members[path] = with_alt_texts(members[path], [clean(chart.alt_text) for chart in charts])
    for path in [path for path in members if path.startswith("xl/charts/")]:
        members[path] = with_own_formats(members[path])
    members["docProps/core.xml"] = with_moment(members["docProps/core.xml"], properties.made)
    return members


def _write(
    members: Members,
    sheets: Sequence[SheetRows],
    strings: SharedStrings,
    properties: Properties,
    file: IO[bytes],
) -> None:
    paths = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=1)}
    with Archive(file, properties.made) as archive:
        for name, data in with_strings(members, "".join(strings.xml()).encode()).items():
            if name in paths:
                before, after = around_rows(data, _dimension(paths[name].layout))
                rows = (xml.encode() for xml in paths[name].xml())
                archive.add(name, chain((before,), rows, (after,)))
            else:
                archive.add(name, (data,))


def _describe(workbook: Workbook, properties: Properties) -> None:
    said = workbook.properties
    said.title, said.subject, said.creator = map(
        clean, (properties.title, properties.subject, properties.creator)
    )
    said.language = "en-GB"
    said.created = properties.made.replace(tzinfo=None)
    workbook.active = 0


def _dimension(layout: Layout) -> str:
    widest = max((len(placed.table.columns) for placed in layout.tables), default=1)
    return f"A1:{get_column_letter(widest)}{last_row(layout)}"


def _furnish(worksheet: Worksheet, layout: Layout, names: dict[str, str], properties: Properties) -> None:
    """Give a sheet everything but its cells."""
    _widths(worksheet, layout)
    if len(layout.tables) == 1:
        (placed,) = layout.tables
        frozen = min(layout.sheet.frozen_columns, len(placed.table.columns) - 1)
        worksheet.freeze_panes = f"{get_column_letter(frozen + 1)}{placed.first}"
    for placed in layout.tables:
        worksheet.add_table(_native_table(placed))
        for column in placed.table.columns:
            if column.signal:
                signal(worksheet, placed.column(column.key).replace("$", ""))
            if column.bars:
                data_bars(worksheet, placed.column(column.key).replace("$", ""))
    _links(worksheet, layout, names)
    _for_print(worksheet, layout, properties.marking)
    draw(worksheet, layout)


def _widths(worksheet: Worksheet, layout: Layout) -> None:
    """Make each column as wide as the widest of the tables that share it asks."""
    for placed in layout.tables:
        for column, letter in zip(placed.table.columns, placed.letters.values(), strict=True):
            dimension = worksheet.column_dimensions[letter]
            wide = dimension.width if dimension.customWidth else 0.0
            dimension.width = max(wide, column.width)
    if not layout.tables:
        worksheet.column_dimensions["A"].width = 100.0


def _native_table(placed: Placed) -> NativeTable:
    """Declare the table as a real one, with its headings and totals."""
    columns = [
        TableColumn(id=number, name=column.heading)
        for number, column in enumerate(placed.table.columns, start=1)
    ]
    if placed.total is not None:
        columns[0].totalsRowLabel = TOTAL_WORD
        for native, column in list(zip(columns, placed.table.columns, strict=True))[1:]:
            if column.total:
                native.totalsRowFunction = "custom"
                native.totalsRowFormula = TableFormula(attr_text=total_formula(placed, column))
            else:
                native.totalsRowLabel = NOT_APPLICABLE
    last = get_column_letter(len(columns))
    return NativeTable(
        displayName=placed.table.name,
        ref=placed.range,
        tableColumns=columns,
        totalsRowCount=1 if placed.total is not None else None,
        autoFilter=(
            AutoFilter(ref=f"A{placed.heading}:{last}{placed.last}") if placed.table.filtered else None
        ),
        tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=True),
    )


def _links(worksheet: Worksheet, layout: Layout, names: dict[str, str]) -> None:
    """Make words lead to other sheets; the cells made here only carry the link, their words come later."""
    ends = [(f"A{line.row}", line.link) for line in layout.lines if line.link]
    for placed in layout.tables:
        for key in (key for key, types in placed.holds.items() if Link in types):
            ends += [
                (f"{placed.letters[key]}{row}", names[value.sheet])
                for row, value in enumerate(placed.table.frame[key], start=placed.first)
                if isinstance(value, Link)
            ]
    for cell, sheet in ends:
        worksheet[cell].hyperlink = Hyperlink(ref=cell, location=f"{quote_sheetname(sheet)}!A1")


def _for_print(worksheet: Worksheet, layout: Layout, marking: str) -> None:
    """Print landscape, on as many pages side by side as it takes to be read, headings on each."""
    widths = [sum(column.width for column in placed.table.columns) for placed in layout.tables]
    widest = max(widths, default=0.0)
    setup = worksheet.page_setup
    setup.orientation, setup.paperSize = "landscape", A3 if widest > DIGITS_ON_A4 else A4
    setup.fitToWidth, setup.fitToHeight = max(1, math.ceil(widest / DIGITS_ON_A3)), 0
    if (len(layout.tables) > 1 or drawn(layout)) and last_row(layout) <= ROWS_ON_A_PAGE:
        setup.fitToHeight = 1  # what is to be seen together: no chart is cut by the end of a page
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    if len(layout.tables) == 1:
        worksheet.print_title_rows = f"{layout.tables[0].heading}:{layout.tables[0].heading}"
        if setup.fitToWidth > 1:
            worksheet.print_title_cols = f"A:{get_column_letter(layout.sheet.frozen_columns)}"
    # In a header & starts a code; && is the letter itself.
    worksheet.oddHeader.center.text = clean(marking)[:LONGEST_HEADER].replace("&", "&&") or None
    worksheet.oddFooter.left.text = "&A"
    worksheet.oddFooter.right.text = "Page &P of &N"
