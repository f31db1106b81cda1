"""Charts of a sheet as the spreadsheet's own: series from cells, one font, the workbook's colours, a place."""

from openpyxl.chart import BarChart as NativeBarChart
from openpyxl.chart import Reference
from openpyxl.chart.data_source import NumFmt
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.series import Series
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from reports.style import DARK_BLUE, INK, LIGHT_BLUE, ORANGE
from reports.workbook.cells import clean
from reports.workbook.charts import BarChart, Chart, TornadoChart, WaterfallChart
from reports.workbook.layout import Layout, Placed, last_row
from reports.workbook.spec import WHOLE
from reports.workbook.styles import FONT

WIDTH, BAR_HEIGHT = 19.0, 0.8  # cm
WIDE = 25.0  # cm, where the names of the bars carry their figures
COLUMN_WIDTH, COLUMNS_HEIGHT = 2.6, 10.5  # cm, of charts whose bars stand
ROW_HEIGHT = 0.53  # cm, of a row of cells
AXIS_LABELS_LOW = "low"  # beside the chart, not beside an axis in its middle


def drawn(layout: Layout) -> list[Chart]:
    """Return the charts of a sheet that have something to draw."""
    there = {placed.table.name for placed in layout.tables}
    return [chart for chart in layout.sheet.charts if chart.table in there]


def draw(worksheet: Worksheet, layout: Layout) -> None:
    """Draw the charts of a sheet, each where it is to stand, those below all else one under the other."""
    tables = {placed.table.name: placed for placed in layout.tables}
    below = last_row(layout) + 2
    for chart in drawn(layout):
        native = _native(worksheet, tables[chart.table], chart)
        beside = tables.get(chart.beside)
        if beside is None:
            worksheet.add_chart(native, f"A{below}")
            below += int(native.height / ROW_HEIGHT) + 2
        else:
            column = get_column_letter(len(beside.table.columns) + 2)
            worksheet.add_chart(native, f"{column}{beside.heading}")


def _native(worksheet: Worksheet, placed: Placed, chart: Chart) -> NativeBarChart:
    match chart:
        case BarChart():
            native = _bars(worksheet, placed, chart)
        case TornadoChart():
            native = _tornado(worksheet, placed, chart)
        case WaterfallChart():
            native = _waterfall(worksheet, placed, chart)
        case _:
            raise TypeError(f"no chart is drawn from {type(chart).__name__}")
    native.title = Title(tx=Text(rich=_rich(chart.title, bold=True, size=12)), overlay=False)
    native.set_categories(_reference(worksheet, placed, chart.category))
    native.x_axis.delete, native.x_axis.txPr = False, _rich("", size=9)
    native.x_axis.tickLblSkip = 1  # every bar has its name, however close they stand
    if chart.category_title:
        native.x_axis.title = _axis_title(chart.category_title)
    if chart.value_title:
        native.y_axis.title, native.y_axis.delete = _axis_title(chart.value_title), False
        native.y_axis.txPr, native.y_axis.numFmt = _rich("", size=9), NumFmt(chart.format or WHOLE)
    return native


def _bars(worksheet: Worksheet, placed: Placed, chart: BarChart) -> NativeBarChart:
    """Bars from the top down in the order of the table, each with its figure."""
    native = _lying(placed)
    native.legend = None
    series = _series(worksheet, placed, chart.value, colour=DARK_BLUE)
    series.dLbls = _figures(_format(placed, chart, chart.value))
    native.series.append(series)
    return native


def _tornado(worksheet: Worksheet, placed: Placed, chart: TornadoChart) -> NativeBarChart:
    """Bars to either side: stacked and fully overlapping, so that both stand on one line."""
    native = _lying(placed)
    native.grouping, native.overlap = "stacked", 100
    native.width = WIDE
    for key, title, colour in (
        (chart.low, chart.low_title, LIGHT_BLUE),
        (chart.high, chart.high_title, DARK_BLUE),
    ):
        native.series.append(_series(worksheet, placed, key, colour=colour, title=title))
    native.legend = Legend(legendPos="b", txPr=_rich("", size=9))
    return native


def _waterfall(worksheet: Worksheet, placed: Placed, chart: WaterfallChart) -> NativeBarChart:
    """Columns that stand on an unpainted part; totals, rises and falls each in their colour."""
    native = NativeBarChart()
    native.type, native.grouping, native.overlap, native.gapWidth = "col", "stacked", 100, 35
    native.x_axis.tickLblPos = AXIS_LABELS_LOW
    native.y_axis.delete, native.y_axis.majorGridlines = True, None
    native.width = max(WIDTH, COLUMN_WIDTH * len(placed.table.frame))
    native.height = COLUMNS_HEIGHT
    parts = [(chart.base, "", ""), (chart.totals, "Total", DARK_BLUE)]
    parts += [(key, word, LIGHT_BLUE) for key, word in zip(chart.rises, ("Rise", ""), strict=True)]
    parts += [(key, word, ORANGE) for key, word in zip(chart.falls, ("Fall", ""), strict=True)]
    for key, word, colour in parts:
        native.series.append(_series(worksheet, placed, key, colour=colour, title=word))
    # The unpainted part and what lies below the axis need no words of their own.
    unnamed = [LegendEntry(idx=number, delete=True) for number, (_, word, _) in enumerate(parts) if not word]
    native.legend = Legend(legendPos="b", txPr=_rich("", size=9), legendEntry=unnamed)
    return native


def _lying(placed: Placed) -> NativeBarChart:
    native = NativeBarChart()
    native.type, native.gapWidth = "bar", 40
    native.x_axis.tickLblPos = AXIS_LABELS_LOW
    native.x_axis.scaling.orientation = "maxMin"  # the first row of the table on top
    native.y_axis.crosses = "max"  # and the axis of figures still below
    native.y_axis.delete, native.y_axis.majorGridlines = True, None  # the figures stand at the bars
    native.width = WIDTH
    native.height = max(7.0, 3.0 + BAR_HEIGHT * len(placed.table.frame))
    return native


def _series(worksheet: Worksheet, placed: Placed, key: str, *, colour: str, title: str = "") -> Series:
    """A row of bars in one colour, unpainted without one; its title stands in the legend."""
    series = SeriesFactory(_reference(worksheet, placed, key), title=clean(title) or " ")
    if colour:
        series.graphicalProperties = GraphicalProperties(solidFill=colour.removeprefix("#"))
    else:
        series.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    series.invertIfNegative = False
    return series


def _figures(format: str) -> DataLabelList:
    """Return figures at the ends of bars."""
    labels = DataLabelList(showVal=True, txPr=_rich("", size=9), numFmt=format)
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(labels, other, False)
    return labels


def _format(placed: Placed, chart: Chart, key: str) -> str:
    return chart.format or next(column.format for column in placed.table.columns if column.key == key)


def _axis_title(words: str) -> Title:
    return Title(tx=Text(rich=_rich(words, size=9)), overlay=False)


def _rich(words: str, *, size: int, bold: bool = False) -> RichText:
    """Text of a chart in the workbook's own font; sizes there are hundredths of a point."""
    font = CharacterProperties(
        latin=DrawingFont(typeface=FONT), sz=size * 100, b=bold, solidFill=INK.removeprefix("#")
    )
    runs = [RegularTextRun(rPr=font, t=clean(words))] if words else None
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=font), r=runs, endParaRPr=None if words else CharacterProperties()
    )
    # Horizontal, whatever room there is: a program that finds little would turn the words by itself.
    return RichText(bodyPr=RichTextProperties(rot=0, vert="horz"), p=[paragraph])


def _reference(worksheet: Worksheet, placed: Placed, key: str) -> Reference:
    left, top, right, bottom = range_boundaries(placed.column(key))
    return Reference(worksheet, min_col=left, min_row=top, max_col=right, max_row=bottom)
