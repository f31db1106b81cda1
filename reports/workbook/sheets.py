"""Every sheet of the workbook in its order; a further one is added here."""

from reports.contents import Contents
from reports.workbook.about import (
    completeness_sheet,
    data_quality_sheet,
    dictionary_sheet,
    indicators_sheet,
    method_sheets,
    sources_sheet,
)
from reports.workbook.checks import CHECKS, checks_sheet
from reports.workbook.comparison import comparison_sheets, variation_sheet
from reports.workbook.finance import finance_checks, finance_sheets, live_plan_sheet
from reports.workbook.front import contents_sheet, cover_sheet
from reports.workbook.further import further_sheets
from reports.workbook.ledger import ledger_sheet
from reports.workbook.opportunity import opportunity_sheet
from reports.workbook.peers import peer_fit_sheet, peers_sheet
from reports.workbook.plan import plan_sheet
from reports.workbook.sizing import Sizing
from reports.workbook.spec import Sheet
from reports.workbook.summary import summary_sheet


def all_sheets(contents: Contents) -> list[Sheet]:
    """Return the sheets of a pack: what it says first, then what that rests on, then how it was made."""
    sizing, finance = Sizing(contents), contents.finance
    if finance is not None and finance.area != contents.focus:
        finance = None  # a pack of one area of an analysis: schemes are those of the whole
    further = [] if finance is None else finance_checks(contents, finance, sizing.tree)
    checks = checks_sheet(contents, sizing, further)
    checked = any(table.name == CHECKS and not table.frame.empty for table in checks.tables)
    body = [
        summary_sheet(contents, sizing),
        opportunity_sheet(contents, sizing),
        ledger_sheet(contents, sizing),
        plan_sheet(contents) if finance is None else live_plan_sheet(contents, finance),
        *([] if finance is None else finance_sheets(contents, finance, sizing.tree)),
        *comparison_sheets(contents),
        variation_sheet(contents),
        *further_sheets(contents),
        peers_sheet(contents),
        peer_fit_sheet(contents),
        checks,
        indicators_sheet(contents),
        *method_sheets(contents),
        data_quality_sheet(contents),
        completeness_sheet(contents),
        sources_sheet(contents),
        dictionary_sheet(contents),
    ]
    return [cover_sheet(contents, checked=checked), contents_sheet(body), *body]
