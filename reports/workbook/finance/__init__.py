"""The live sheets of finance: what is assumed, what follows from it step by step, and what holds it together."""

from reports.contents import Contents
from reports.finance import Finance
from reports.tree import Tree
from reports.workbook.finance import names as n
from reports.workbook.finance.areas import area_sheets, investment_sheet
from reports.workbook.finance.chain import chain_sheets
from reports.workbook.finance.checks import finance_checks
from reports.workbook.finance.control import control_sheets, sign_off_sheet
from reports.workbook.finance.draws import draw_sheets
from reports.workbook.finance.inputs import input_sheets
from reports.workbook.finance.once import once_sheets
from reports.workbook.finance.overview import overview_sheets
from reports.workbook.finance.plan import live_plan_sheet
from reports.workbook.finance.sensitivity import sensitivity_sheets
from reports.workbook.spec import Sheet, Table

TABLES_OF_INPUTS = {
    n.ASSUMPTIONS, n.DELIVERY, n.PHASING, n.SCHEMES, n.LINES, n.OVERLAPS, n.SIGN_OFF, n.TRIED, n.VARIED_TABLE,
    n.SWINGS_FOUND,
}  # fmt: skip

__all__ = ["finance_checks", "finance_sheets", "input_tables", "live_plan_sheet"]


def input_tables(finance: Finance) -> list[tuple[str, Table]]:
    """Return every table of inputs that can be read back, with the name of its sheet."""
    sheets = [*input_sheets(finance), sign_off_sheet(finance), *sensitivity_sheets(finance)]
    inputs = (table for sheet in sheets for table in sheet.tables)
    sheet_of = {table.name: sheet.name for sheet in sheets for table in sheet.tables}
    return [(sheet_of[table.name], table) for table in inputs if table.name in TABLES_OF_INPUTS]


def finance_sheets(contents: Contents, finance: Finance, tree: Tree) -> list[Sheet]:
    """Return the sheets of finance: outputs first, then inputs, workings and control apart from each other."""
    schemes, lines, rates, years = chain_sheets(contents, finance)
    intervals, *draws = draw_sheets(finance)
    what_if, moves, workings = sensitivity_sheets(finance)
    areas, ledger = area_sheets(contents, finance, tree)
    answers, waterfall, by_year = overview_sheets(finance)
    changes, sign_off = control_sheets(finance)
    return [
        *(answers, waterfall, schemes, by_year, intervals, what_if, moves),
        *(areas, investment_sheet(contents, finance)),
        *input_sheets(finance),
        sign_off,
        lines,
        *(*once_sheets(contents, finance), rates, years, ledger, workings, *draws),
        changes,
    ]
