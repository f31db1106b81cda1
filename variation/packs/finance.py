"""The finance chain in the form that the workbook's live sheets take: assumptions in force and what they work on."""

import numpy as np
import pandas as pd

from reports.finance import BASES, Finance
from variation.analysis import Analysis
from variation.finance.as_written import general_of, what_if_of
from variation.finance.ledger import BEYOND, NOT_SHOWN_SINGLY, UNITS
from variation.finance.savings import ALL_LINES, largest_line
from variation.finance.savings_lines import rounded_draws


def finance_of(analysis: Analysis) -> Finance | None:
    """Gather what the live sheets need; None where no indicator has a saving with a price."""
    assumed, lines = analysis.inputs.assumptions, analysis.finance.lines
    if lines.table.empty:
        return None
    settings = assumed.general
    table = _with_units(lines.table, analysis)
    table["activity"] = table["indicator"].map(lines.activity).fillna(0.0).astype(float)
    return Finance(
        area=analysis.inputs.settings.focus,
        general=general_of(settings),
        what_if=what_if_of(settings),
        delivery=assumed.delivery,
        phasing=assumed.phasing,
        lines=table,
        investments=_with_units(assumed.investments, analysis),
        schemes=assumed.schemes,
        overlaps=assumed.overlaps,
        ledger=analysis.ledger,
        draws={
            number: rounded_draws(
                np.array([analysis.focus_draws[name][comparator] for name in table["indicator"]]),
                table["unit"],
            )
            for number, (mode, comparator) in enumerate(BASES, start=1)
            if mode == "credible"
        },
        changes=assumed.changes,
        plan_line_shown=settings.plan_line_shown or largest_line(analysis.finance.chain),
        net_as_written=_net(analysis.finance.chain, settings.plan_year),
    )


def _with_units(table: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Add the units of the pack's own area by each way to count."""
    tree = analysis.inputs.tree
    own = analysis.ledger[
        analysis.ledger["area"].isin(tree.codes[tree.own(analysis.inputs.settings.focus)])
        & (analysis.ledger["kind"] != NOT_SHOWN_SINGLY)
    ]
    units = own.groupby("indicator")[[*UNITS, *BEYOND]].sum()
    names = [f"units_{n}" for n in range(1, len(UNITS) + 1)] + ["beyond_1", "beyond_2"]
    units.columns = pd.Index(names)
    there = table[table["indicator"].isin(units.index)]
    return there.join(units, on="indicator").reset_index(drop=True)


def _net(chain: pd.DataFrame, year: int) -> float:
    row = chain[(chain["plan_line"] == ALL_LINES) & (chain["step"] == "net") & (chain["year"] == year)]
    return float(row["commissioner_gbp"].iloc[0]) if len(row) else 0.0
