"""The rows of a sheet: its lines, then each table's headings, figures and total."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from reports.shorthand import NOT_AVAILABLE
from reports.workbook.addresses import Addresses
from reports.workbook.cells import CellWriter, empty_cell, is_missing, row_xml, text_cell
from reports.workbook.inputs import Input
from reports.workbook.layout import LINE, Layout, Placed, heading_height, lines_of
from reports.workbook.spec import Column, Formula
from reports.workbook.styles import BODY, HEADING, LINK, TITLE, TOTAL, Look, Styles, as_input, shorthand

TOTAL_WORD = "Total"


def sheet_rows(layout: Layout, styles: Styles, addresses: Addresses) -> str:
    """Return the rows of a whole sheet, top to bottom."""
    lines = []
    for line in layout.lines:
        cell = _writer(line.look, line.look, styles).words(line.words)
        height = LINE * 1.6 if line.look == TITLE else None
        lines.append((line.row, row_xml(line.row, f'<c r="A{line.row}"{cell}', height)))
    for placed in layout.tables:
        lines.append((placed.heading, _heading_row(placed, styles)))
        lines.append((placed.first, _figure_rows(placed, styles, addresses)))
        if placed.total is not None:
            lines.append((placed.total, _total_row(placed, placed.total, styles, addresses)))
    return "".join(xml for _, xml in sorted(lines))


def _writer(
    figures: Look,
    words: Look,
    styles: Styles,
    *,
    missing: str = NOT_AVAILABLE,
    placed: Placed | None = None,
    addresses: Addresses | None = None,
) -> CellWriter:
    def resolve(formula: str, row: int) -> str:
        if placed is None or addresses is None:
            return formula
        return addresses.resolve(formula, placed, row)

    return CellWriter(
        figures=styles.number(figures),
        words=styles.number(words),
        quoted=styles.number(replace(words, quoted=True)),
        missing=missing,
        resolve=resolve,
    )


def _heading_row(placed: Placed, styles: Styles) -> str:
    cells, indented = [], placed.indented
    for column, letter in zip(placed.table.columns, placed.letters.values(), strict=True):
        style = styles.number(replace(HEADING, right=column.is_number, indent=column.key in indented))
        cells.append(f'<c r="{letter}{placed.heading}"{text_cell(style, column.heading)}')
    return row_xml(placed.heading, "".join(cells), heading_height(placed.table))


def _figure_rows(placed: Placed, styles: Styles, addresses: Addresses) -> str:
    columns = [
        _column_cells(column, letter, placed, styles, addresses)
        for column, letter in zip(placed.table.columns, placed.letters.values(), strict=True)
    ]
    numbers = range(placed.first, placed.last + 1)
    return "".join(
        row_xml(row, "".join(cells), height)
        for row, cells, height in zip(numbers, zip(*columns, strict=True), _heights(placed), strict=True)
    )


def _heights(placed: Placed) -> list[float | None]:
    """Heights of rows whose text is wrapped; not every viewer fits them itself."""
    wrapped = [column for column in placed.table.columns if column.wrap]
    if not wrapped:
        return [None] * len(placed.table.frame)
    texts = [_words_of(placed.table.frame[column.key]) for column in wrapped]
    widths = [column.width for column in wrapped]
    return [LINE * max(map(lines_of, row, widths)) + 1 for row in zip(*texts, strict=True)]


def _words_of(values: pd.Series) -> list[str]:
    """Return the words that a row must have room for."""
    bare = [value.value if isinstance(value, Input) else value for value in values.tolist()]
    return ["" if is_missing(value) else str(value) for value in bare]


def _column_cells(
    column: Column, letter: str, placed: Placed, styles: Styles, addresses: Addresses
) -> list[str]:
    base = LINK if column.links else BODY
    look = replace(
        base,
        format=column.format,
        right=column.is_number,
        wrap=column.wrap,
        indent=column.key in placed.indented,
    )
    if column.allowed is not None:
        look = as_input(look)
    writer = _writer(
        look,
        shorthand(look) if column.is_number else look,
        styles,
        missing=column.missing,
        placed=placed,
        addresses=addresses,
    )
    rows = range(placed.first, placed.last + 1)
    frame = placed.table.frame
    if column.formula:
        formula = Formula(column.formula)
        return [f'<c r="{letter}{row}"{writer.cell(formula, row)}' for row in rows]
    values = frame[column.key]
    if column.allowed is not None or values.map(lambda value: isinstance(value, Input)).any():
        return _input_cells(column, letter, look, placed, styles, writer)
    looks = [styles.number(look)] * len(frame)
    if column.formats:
        codes = frame[column.formats].tolist()
        known = {code: styles.number(replace(look, format=code)) for code in dict.fromkeys(codes)}
        looks = [known[code] for code in codes]
    if values.dtype == np.dtype(float):
        return _float_cells(values, letter, rows, looks, writer)
    return [
        f'<c r="{letter}{row}"{writer.cell(value, row, style)}'
        for value, row, style in zip(values.tolist(), rows, looks, strict=True)
    ]


def _input_cells(
    column: Column, letter: str, look: Look, placed: Placed, styles: Styles, writer: CellWriter
) -> list[str]:
    """Write a column that has inputs: those that wait for an answer are empty, with the look of the others."""
    frame, cells = placed.table.frame, []
    formats = frame[column.formats].tolist() if column.formats else [column.format] * len(frame)
    for row, (value, format) in enumerate(
        zip(frame[column.key].tolist(), formats, strict=True), placed.first
    ):
        is_input = isinstance(value, Input) or column.allowed is not None
        bare = value.value if isinstance(value, Input) else value
        own = replace(look, format=(value.format if isinstance(value, Input) else "") or format)
        own = as_input(own) if is_input else own
        if is_input and is_missing(bare):
            xml = empty_cell(styles.number(own))
        elif is_input:
            words = shorthand(own) if column.is_number else own
            xml = _writer(own, words, styles, missing=column.missing).cell(bare, row)
        else:
            xml = writer.cell(bare, row, styles.number(own))
        cells.append(f'<c r="{letter}{row}"{xml}')
    return cells


def _float_cells(
    values: "pd.Series[float]", letter: str, rows: range, looks: list[int], writer: CellWriter
) -> list[str]:
    """Write figures without asking each what it is: two thirds of a pack's cells go this way."""
    missing = writer.cell(None, 0)
    finite = values.abs().lt(float("inf")).tolist()
    return [
        f'<c r="{letter}{row}" s="{style}"><v>{value!r}</v></c>'
        if there
        else f'<c r="{letter}{row}"{missing}'
        for value, there, row, style in zip(values.tolist(), finite, rows, looks, strict=True)
    ]


def _total_row(placed: Placed, row: int, styles: Styles, addresses: Addresses) -> str:
    """Live totals of the rows in sight, so that a filter gives the total of what it leaves."""
    cells = []
    for position, (column, letter) in enumerate(
        zip(placed.table.columns, placed.letters.values(), strict=True)
    ):
        figures = replace(
            TOTAL, format=column.format, right=column.is_number, indent=column.key in placed.indented
        )
        words = shorthand(figures) if column.is_number else figures
        write = partial(
            _writer(figures, words, styles, missing="[z]", placed=placed, addresses=addresses).cell, row=row
        )
        value = TOTAL_WORD if position == 0 else total_formula(placed, column) if column.total else None
        cells.append(f'<c r="{letter}{row}"{write(value)}')
    return row_xml(row, "".join(cells))


def total_formula(placed: Placed, column: Column) -> Formula:
    """Return the total of a column: function 109 adds the rows that a filter leaves."""
    return Formula(f"SUBTOTAL(109,{placed.column(column.key)})")
