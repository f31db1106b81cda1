"""Sheets into one workbook: openpyxl makes the book, its tables, charts and looks; rows are written beside."""

import io
import math
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.chart import BarChart as NativeBarChart
from openpyxl.chart import Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.utils import get_column_letter, quote_sheetname, range_boundaries
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.table import TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from reports.shorthand import NOT_APPLICABLE
from reports.style import DARK_BLUE, INK
from reports.workbook.archive import calculated, pack, unpack, with_alt_texts, with_moment, with_rows
from reports.workbook.cells import clean
from reports.workbook.layout import Addresses, Layout, Placed, last_row, place, sheet_names
from reports.workbook.rows import TOTAL_WORD, sheet_rows, total_formula
from reports.workbook.spec import BarChart, Link, Properties, Sheet
from reports.workbook.styles import FONT, Styles, signal

A3, A4 = 8, 9  # paper sizes, by the number that a workbook knows them by
DIGITS_ON_A4, DIGITS_ON_A3 = 190, 300  # across a landscape page, before they are too small to read
CHART_WIDTH, BAR_HEIGHT = 19.0, 0.8  # cm


def workbook_bytes(sheets: Sequence[Sheet], properties: Properties) -> bytes:
    """Return the workbook as the bytes of an .xlsx; the first sheet but one is the list of contents."""
    names = dict(zip((sheet.name for sheet in sheets), sheet_names(s.name for s in sheets), strict=True))
    home = names[sheets[1].name] if len(sheets) > 1 else ""
    layouts = [
        place(sheet, names[sheet.name], marking=properties.marking, home="" if number == 0 else home)
        for number, sheet in enumerate(sheets)
    ]
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    styles, addresses = Styles(workbook), Addresses(layouts)
    worksheets = [workbook.create_sheet(layout.name) for layout in layouts]
    for worksheet, layout in zip(worksheets, layouts, strict=True):
        _furnish(worksheet, layout, names, properties)
    rows = [sheet_rows(layout, styles, addresses) for layout in layouts]
    _describe(workbook, properties)
    members = _members(workbook)
    paths = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(layouts) + 1)]
    filled = calculated(members, dict(zip(paths, rows, strict=True)), properties.made)
    for path, layout in zip(paths, layouts, strict=True):
        members[path] = with_rows(members[path], filled[path], _dimension(layout))
    drawn = [layout.sheet.charts for layout in layouts if layout.sheet.charts]
    for number, charts in enumerate(drawn, start=1):
        path = f"xl/drawings/drawing{number}.xml"
        members[path] = with_alt_texts(members[path], [clean(chart.alt_text) for chart in charts])
    members["docProps/core.xml"] = with_moment(members["docProps/core.xml"], properties.made)
    return pack(members, properties.made)


def _members(workbook: Workbook) -> dict[str, bytes]:
    file = io.BytesIO()
    workbook.save(file)
    return unpack(file.getvalue())


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
    _links(worksheet, layout, names)
    _for_print(worksheet, layout, properties.marking)
    for chart in layout.sheet.charts:
        _draw(worksheet, layout, chart)


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
                native.totalsRowFormula = TableFormula(attr_text=total_formula(placed, column).text)
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
        for column, letter in zip(placed.table.columns, placed.letters.values(), strict=True):
            if column.formula or placed.table.frame[column.key].dtype != object:
                continue
            ends += [
                (f"{letter}{row}", names[value.sheet])
                for row, value in enumerate(placed.table.frame[column.key], start=placed.first)
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
    worksheet.sheet_properties.pageSetUpPr.fitToPage = True
    if len(layout.tables) == 1:
        worksheet.print_title_rows = f"{layout.tables[0].heading}:{layout.tables[0].heading}"
        if setup.fitToWidth > 1:
            worksheet.print_title_cols = f"A:{get_column_letter(layout.sheet.frozen_columns)}"
    # In a header & starts a code; && is the letter itself.
    worksheet.oddHeader.center.text = clean(marking).replace("&", "&&") or None
    worksheet.oddFooter.left.text = "&A"
    worksheet.oddFooter.right.text = "Page &P of &N"


def _draw(worksheet: Worksheet, layout: Layout, chart: BarChart) -> None:
    """Draw bars from the top down in the order of the table, each with its figure."""
    tables = {placed.table.name: placed for placed in layout.tables}
    if chart.table not in tables:
        return
    placed = tables[chart.table]
    native = NativeBarChart()
    native.type, native.gapWidth, native.legend = "bar", 40, None
    native.title = Title(tx=Text(rich=_rich(chart.title, bold=True, size=12)), overlay=False)
    native.add_data(_reference(worksheet, placed, chart.value), titles_from_data=False)
    native.set_categories(_reference(worksheet, placed, chart.category))
    native.series[0].graphicalProperties = GraphicalProperties(solidFill=DARK_BLUE.removeprefix("#"))
    native.dataLabels = DataLabelList(showVal=True, txPr=_rich("", size=9))
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(native.dataLabels, other, False)
    native.x_axis.scaling.orientation = "maxMin"  # the first row of the table on top
    native.x_axis.delete, native.y_axis.delete = False, True  # the figures stand at the bars
    native.x_axis.txPr, native.y_axis.majorGridlines = _rich("", size=9), None
    native.width = CHART_WIDTH
    native.height = max(7.0, 3.0 + BAR_HEIGHT * len(placed.table.frame))
    beside = tables.get(chart.beside)
    if beside is None:
        worksheet.add_chart(native, f"A{last_row(layout) + 2}")
    else:
        column = get_column_letter(len(beside.table.columns) + 2)
        worksheet.add_chart(native, f"{column}{beside.heading}")


def _rich(words: str, *, size: int, bold: bool = False) -> RichText:
    """Text of a chart in the workbook's own font; sizes there are hundredths of a point."""
    font = CharacterProperties(
        latin=DrawingFont(typeface=FONT), sz=size * 100, b=bold, solidFill=INK.removeprefix("#")
    )
    runs = [RegularTextRun(rPr=font, t=clean(words))] if words else None
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=font), r=runs, endParaRPr=None if words else CharacterProperties()
    )
    return RichText(p=[paragraph])


def _reference(worksheet: Worksheet, placed: Placed, key: str) -> Reference:
    left, top, right, bottom = range_boundaries(placed.column(key))
    return Reference(worksheet, min_col=left, min_row=top, max_col=right, max_row=bottom)
