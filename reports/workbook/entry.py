"""Inputs in the workbook itself: what each cell takes, a message where something else is typed, its name."""

from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import absolute_coordinate, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from reports.workbook.addresses import Addresses, InputCell, input_cells
from reports.workbook.allowed import Allowed, Between, Choice, ChoiceFrom, DateBetween, FreeText
from reports.workbook.cells import serial
from reports.workbook.layout import Layout, Placed


def define_names(workbook: Workbook, names: Mapping[str, InputCell]) -> None:
    """Give the named inputs of a workbook their names."""
    for name, cell in names.items():
        place = f"{quote_sheetname(cell.sheet)}!{absolute_coordinate(cell.address)}"
        workbook.defined_names[name] = DefinedName(name, attr_text=place)


def guard_inputs(worksheet: Worksheet, layout: Layout, addresses: Addresses) -> None:
    """Let every input of a sheet take only what it is for; inputs with one rule share it."""
    for placed in layout.tables:
        rules: dict[Allowed, DataValidation] = {}
        for cells, allowed in _guarded(placed):
            if allowed not in rules:
                rules[allowed] = _validation(allowed, placed, addresses)
                worksheet.add_data_validation(rules[allowed])
            rules[allowed].add(cells)


def _guarded(placed: Placed) -> Iterator[tuple[str, Allowed]]:
    """Yield whole columns of inputs, and the inputs that stand among other cells."""
    for column in placed.table.columns:
        if column.allowed is not None:
            yield placed.column(column.key).replace("$", ""), column.allowed
    single = {column.key for column in placed.table.columns if column.allowed is None}
    for cell in input_cells(placed):
        if cell.key in single:
            yield cell.address, cell.input.allowed


def _validation(allowed: Allowed, placed: Placed, addresses: Addresses) -> DataValidation:
    return DataValidation(
        **_rule(allowed, placed, addresses),
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorStyle="stop",
        errorTitle="Not possible here",
        error=f"Expected: {allowed.words}"[:224],  # the most that a message holds
        promptTitle="Input",
        prompt=f"Allowed: {allowed.words}"[:254],
    )


def _rule(allowed: Allowed, placed: Placed, addresses: Addresses) -> dict[str, Any]:
    match allowed:
        case Choice(options):
            return {"type": "list", "formula1": f'"{",".join(options)}"'}
        case ChoiceFrom(column):
            return {"type": "list", "formula1": addresses.resolve(f"{{{column}}}", placed, placed.first)}
        case Between():
            ends = (f"{allowed.lower:.15g}", f"{allowed.upper:.15g}")
            return _between("whole" if allowed.whole else "decimal", *ends)
        case DateBetween():
            return _between("date", str(serial(allowed.first)), str(serial(allowed.last)))
        case FreeText():
            return {"type": "textLength", "operator": "lessThanOrEqual", "formula1": str(allowed.longest)}


def _between(kind: str, lower: str, upper: str) -> dict[str, Any]:
    return {"type": kind, "operator": "between", "formula1": lower, "formula2": upper}
