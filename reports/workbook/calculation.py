"""The value of every formula, which openpyxl leaves out, and previews, Protected View and pandas then lack.

The calculator is given the formulas and the columns that they work on, and nothing else: a nation's comparison
sheets, which no formula touches, cost it nothing, and it need not know a workbook's tables and charts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

import formualizer
from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname
from openpyxl.utils.cell import range_boundaries

from reports.workbook.addresses import Addresses, InputCell
from reports.workbook.archive import zipped
from reports.workbook.columns import Formulas, Mixed, Used
from reports.workbook.layout import Layout, Placed
from reports.workbook.rows import SheetRows
from reports.workbook.shared_strings import SharedStrings
from reports.workbook.spec import Formula

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WITHOUT_VALUE = (dict, list, type(None))  # as which the calculator hands out errors, arrays and nothing
LISTED = 5  # wrong formulas that a message names


class FormulaError(RuntimeError):
    """A formula of the workbook gives no value: a mistake in a sheet's declaration, not in the data."""


def used_columns(layouts: Iterable[Layout], addresses: Addresses) -> Used:
    """Return the columns that formulas work on, by table and key: those of which every digit counts."""
    places = [placed for layout in layouts for placed in layout.tables]
    used = {name for placed in places for name in _used_by(placed, addresses)}
    used |= {(p.table.name, column.key) for p in places for column in p.table.columns if column.total}
    return frozenset(used | {(cell.table, cell.key) for cell in addresses.names.values()})


def _used_by(placed: Placed, addresses: Addresses) -> Iterator[tuple[str, str]]:
    for column in placed.table.columns:
        if column.formula:
            yield from addresses.used(column.formula, placed)
        elif Formula in placed.holds.get(column.key, ()):
            texts = {value.text for value in placed.table.frame[column.key] if isinstance(value, Formula)}
            for text in texts:
                yield from addresses.used(text, placed)


def calculate(
    sheets: Sequence[SheetRows], strings: SharedStrings, names: Mapping[str, InputCell], used: Used
) -> None:
    """Reckon every formula and give the columns and totals of the sheets their values.

    Raises
    ------
    FormulaError
        If a formula gives an error; the first few are named with their cells.
    """
    filled = [sheet for sheet in sheets if _has_formulas(sheet) or any(_feeds(sheet, used))]
    if not any(_has_formulas(sheet) for sheet in filled):
        return
    engine = formualizer.load_workbook_bytes(_package(filled, strings, names, used))
    engine.evaluate_all()
    wrong: list[str] = []
    for sheet in filled:
        values = _Values(engine, sheet.layout.name, wrong)
        for table in sheet.tables:
            _fill(table.placed, table.columns, table.totals, values)
    if wrong:
        more = f" and {len(wrong) - LISTED} more" if len(wrong) > LISTED else ""
        raise FormulaError(f"formulas without a value: {'; '.join(sorted(wrong)[:LISTED])}{more}")


class _Values:
    """Values of a sheet's cells, as the calculator has them."""

    def __init__(self, engine: formualizer.Workbook, sheet: str, wrong: list[str]) -> None:
        self._engine, self._sheet, self._wrong = engine.sheet(sheet), sheet, wrong

    def of(self, cells: str) -> list[object]:
        """Return the values of a range of one column, from the top."""
        left, top, right, bottom = range_boundaries(cells)
        rows = self._engine.get_values(formualizer.RangeAddress(self._sheet, top, left, bottom, right))
        values = [row[0] for row in rows]
        for row, value in enumerate(values, start=top):
            formula = self._engine.get_cell(row, left).formula if isinstance(value, WITHOUT_VALUE) else None
            if formula:
                said = value.get("kind", value) if isinstance(value, dict) else "no value"
                cell = f"{get_column_letter(left)}{row}"
                self._wrong.append(f"{self._sheet}!{cell}, {formula}, gives {said}")
        return values


def _fill(placed: Placed, columns: Mapping[str, object], totals: dict[str, object], values: _Values) -> None:
    for key, cells in columns.items():
        if isinstance(cells, Formulas):
            cells.values = values.of(placed.column(key))
        elif isinstance(cells, Mixed) and cells.formulas:
            column = values.of(placed.column(key))
            cells.values = [column[row] for row in cells.formulas]
    for key in totals:
        (totals[key],) = values.of(f"{placed.letters[key]}{placed.total}:{placed.letters[key]}{placed.total}")


def _has_formulas(sheet: SheetRows) -> bool:
    return any(table.has_formulas or table.totals for table in sheet.tables)


def _feeds(sheet: SheetRows, used: Used) -> Iterator[bool]:
    for table in sheet.tables:
        yield any((table.placed.table.name, key) in used for key in table.columns)


def _package(
    sheets: Sequence[SheetRows], strings: SharedStrings, names: Mapping[str, InputCell], used: Used
) -> bytes:
    """Return a workbook of nothing but cells and names."""
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/{path}" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.{kind}+xml"/>'
            for path, kind in (
                ("xl/workbook.xml", "sheet.main"),
                ("xl/sharedStrings.xml", "sharedStrings"),
                *((f"xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers),
            )
        )
        + "</Types>",
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{n}.xml") for n in numbers),
                ("sharedStrings", "sharedStrings.xml"),
            ]
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(sheet.layout.name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, sheet in zip(numbers, sheets, strict=True)
        )
        + "</sheets><definedNames>"
        + "".join(
            f'<definedName name="{name}">{escape(_place(cell))}</definedName>' for name, cell in names.items()
        )
        + "</definedNames></workbook>",
        "xl/sharedStrings.xml": "".join(strings.xml()),
    }
    for n, sheet in zip(numbers, sheets, strict=True):
        rows = "".join(sheet.bare(used))
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    members = {path: text.encode() for path, text in parts.items()}
    return zipped(members, datetime(1980, 1, 1), level=0)


def _relations(ends: Iterable[tuple[str, str]]) -> str:
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{path}"/>'
        for n, (kind, path) in enumerate(ends, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'


def _place(cell: InputCell) -> str:
    return f"{quote_sheetname(cell.sheet)}!{absolute_coordinate(cell.address)}"
