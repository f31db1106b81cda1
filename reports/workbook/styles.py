"""The looks of cells: fonts, fills and alignment, each known to the file once and used by its number."""

from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.worksheet.worksheet import Worksheet

from reports.style import DARK_BLUE, DARK_PINK, INK, LIGHT_BLUE, LIGHT_PURPLE, MID_GREY, ORANGE
from reports.workbook.spec import TEXT

FONT, SIZE = "Arial", 10.0  # points
WHITE = "#FFFFFF"
INPUT_FILL = "#FFF6D5"  # pale yellow, as in most financial models; 12:1 under dark blue

# Word of a cell -> colour behind it and of it. The word itself stays: colour is never alone.
SIGNALS = {
    "better": (DARK_BLUE, WHITE),
    "worse": (ORANGE, INK),
    "higher": (DARK_PINK, WHITE),
    "lower": (LIGHT_PURPLE, INK),
    "OK": (DARK_BLUE, WHITE),
    "CHECK": (ORANGE, INK),
    "changed": (ORANGE, INK),
}


def argb(colour: str) -> str:
    """Return a web colour as a workbook writes it.

    >>> argb("#12436D")
    'FF12436D'
    """
    return f"FF{colour.removeprefix('#')}"


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a cell looks."""

    size: float = SIZE
    bold: bool = False
    colour: str = INK
    fill: str = ""
    right: bool = False
    wrap: bool = False
    underline: bool = False
    ruled: bool = False  # a line above: totals
    divided: bool = False  # thin white lines to both sides: headings, which would else run together
    indent: bool = False  # words beside figures, which would else run together
    format: str = TEXT
    input: bool = False  # a frame, and the one kind of cell that stays open when a sheet is protected
    quoted: bool = False  # text that a spreadsheet would take for a formula if it were typed again


BODY = Look()
TITLE = Look(size=16.0, bold=True, colour=DARK_BLUE)
SUBTITLE = Look(size=12.0, bold=True, colour=DARK_BLUE)
MARKING = Look(bold=True)
LINK = Look(colour=DARK_BLUE, underline=True)
HEADING = Look(bold=True, colour=WHITE, fill=DARK_BLUE, wrap=True, divided=True)
TOTAL = Look(bold=True, ruled=True)


class Styles:
    """Numbers of the looks used in one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        # The first font of a file is the one of every cell without a style, and sets the width of columns.
        workbook._fonts = IndexedList([Font(name=FONT, sz=SIZE, family=2)])
        self._sheet = Worksheet(workbook)  # a cell needs one to be given a look; it is no part of the book
        self._numbers: dict[Look, int] = {}

    def number(self, look: Look) -> int:
        """Return the number by which cells of the file refer to a look."""
        if look not in self._numbers:
            self._numbers[look] = self._register(look)
        return self._numbers[look]

    def _register(self, look: Look) -> int:
        cell = WriteOnlyCell(self._sheet)
        cell.font = Font(
            name=FONT,
            sz=look.size,
            b=look.bold,
            u="single" if look.underline else None,
            color=argb(look.colour),
            family=2,
        )
        if look.fill:
            cell.fill = PatternFill("solid", fgColor=argb(look.fill))
        if look.ruled:
            cell.border = Border(top=Side(style="thin", color=argb(MID_GREY)))
        if look.divided:
            side = Side(style="thin", color=argb(WHITE))
            cell.border = Border(left=side, right=side, top=Side(), bottom=Side())
        cell.alignment = Alignment(
            horizontal="right" if look.right else "left" if look.indent else None,
            vertical="top",
            wrap_text=look.wrap or None,
            indent=1 if look.indent and not look.right else 0,
        )
        if look.input:
            side = Side(style="thin", color=argb(MID_GREY))
            cell.border = Border(left=side, right=side, top=side, bottom=side)
            cell.protection = Protection(locked=False)
        cell.number_format = look.format
        cell.quotePrefix = int(look.quoted)
        return int(cell.style_id)


def as_input(look: Look) -> Look:
    """Return the look of a cell to change: the same everywhere, but for its format and alignment."""
    return replace(look, colour=DARK_BLUE, fill=INPUT_FILL, input=True)


def shorthand(look: Look) -> Look:
    """Return the look of a word that stands in place of a figure: under the figures, to the right."""
    return replace(look, format=TEXT, right=True)


def signal(worksheet: Worksheet, cells: str) -> None:
    """Set off the words of significance and of checks in a range of cells by colour."""
    for word, (fill, colour) in SIGNALS.items():
        rule = CellIsRule(
            operator="equal",
            formula=[f'"{word}"'],
            fill=PatternFill("solid", fgColor=argb(fill), bgColor=argb(fill)),
            font=Font(b=True, color=argb(colour)),
        )
        worksheet.conditional_formatting.add(cells, rule)


def data_bars(worksheet: Worksheet, cells: str) -> None:
    """Put a bar behind each figure of a range, from 0 to the largest."""
    rule = DataBarRule(start_type="num", start_value=0, end_type="max", color=argb(LIGHT_BLUE))
    worksheet.conditional_formatting.add(cells, rule)
