"""The years: what holds for each scheme, and what it saves and costs in each of five years."""

import numpy as np
import pandas as pd

from reports.finance import YEARS, Finance
from reports.workbook.finance import names as n
from reports.workbook.finance.once import number, pounds, share
from reports.workbook.spec import Column, Sheet, Table

MONTHS = 12  # in a year


def rates_sheet(finance: Finance) -> Sheet:
    """What holds for each scheme: its own shares or the general ones, and its factor in the plan's year."""
    since = f"({{name:{n.PLAN_YEAR}}}-{{beside:{n.SCHEMES}.start_year}})"
    columns = (
        Column(key="scheme", heading="Scheme", width=50),
        share("signed_off", "Clinical sign-off", _own_or_general("addressable", n.SIGNED_OFF)),
        share("delivered", "Deliverable", _own_or_general("deliverable", n.DELIVERED)),
        number("phasing_row", "Place of the phasing",
                f"MATCH({{beside:{n.SCHEMES}.phasing}},{{{n.PHASING}.phasing}},0)"),
        number("factor", "Share of a full year in the plan's year",
                f"SUMIFS({{{n.YEARS}.factor}},{{{n.YEARS}.scheme_number}},{{number}},"
                f"{{{n.YEARS}.year}},{{name:{n.PLAN_YEAR}}})", "0.000"),
        number("starting", "Starts in the plan's year", f"IF({since}=0,1,0)"),
        number("with_saving", "Net of what goes with the saving, plan's year",
                f"{{factor}}*(1-{{name:{n.REINVESTED}}})-{{starting}}*{{name:{n.ONE_OFF}}}", "0.000"),
        pounds("fixed", "Costs in £ in the plan's year, if it runs",
               f"IF({{factor}}>0,{{beside:{n.SCHEMES}.recurrent_cost_gbp}},0)"
               f"+{{starting}}*{{beside:{n.SCHEMES}.one_off_gbp}}", total=False),
        Column(key="number", heading="Number of the scheme", format="0", width=10),
    )  # fmt: skip
    return Sheet(
        name="Scheme workings",
        title="Scheme workings",
        description="The shares and factors that hold for each scheme, its own or the general ones.",
        tables=(
            Table(
                name=n.RATES,
                columns=columns,
                frame=finance.schemes[["scheme"]].assign(number=range(1, len(finance.schemes) + 1)),
            ),
        ),
    )


def _own_or_general(key: str, general: str) -> str:
    own = f"{{beside:{n.SCHEMES}.{key}}}"
    return f"IF(ISNUMBER({own}),{own},{{name:{general}}})"


def years_sheet(finance: Finance) -> Sheet:
    """Return the schemes by year: phased, net of what they cost, discounted, and so far."""
    count = len(finance.schemes)
    frame = pd.DataFrame(
        {
            "scheme": finance.schemes["scheme"].to_numpy().repeat(len(YEARS)),
            "scheme_number": np.arange(1, count + 1).repeat(len(YEARS)),
            "year": list(YEARS) * count,
        }
    )
    columns = (
        *_factor_columns(),
        *_cost_columns("commissioner", ""),
        *_cost_columns("system", "system_"),
        *_payback_columns(),
        Column(key="scheme_number", heading="Number of the scheme", format="0", width=10),
    )
    return Sheet(
        name="Phasing",
        title="Phasing by scheme and year",
        description="What each scheme saves and costs in each year: one row for each scheme and year, 0 the first.",
        notes=(
            "In the year in which a scheme starts only its months in effect count. One-off costs fall in that year.",
        ),
        tables=(Table(name=n.YEARS, columns=columns, frame=frame),),
        frozen_columns=2,
    )


def _own(key: str) -> str:
    """Return the formula for an assumption of the row's scheme."""
    return f"INDEX({{{n.SCHEMES}.{key}}},{{scheme_number}})"


def _factor_columns() -> tuple[Column, ...]:
    """How much of a full year's saving the scheme makes in the year."""
    ramp = ",".join(f"INDEX({{{n.PHASING}.year_{year}}},{{phasing_row}})" for year in YEARS)
    return (
        Column(key="scheme", heading="Scheme", width=50),
        Column(key="year", heading="Year", format="0", width=8),
        number("since", "Years since its start", f"{{year}}-{_own('start_year')}"),
        number("phasing_row", "Place of the phasing", f"INDEX({{{n.RATES}.phasing_row}},{{scheme_number}})"),
        share("ramp", "Share reached", f"IF({{since}}<0,0,CHOOSE(MAX({{since}},0)+1,{ramp}))"),
        share(
            "factor",
            "Share of a full year",
            f'{{ramp}}*IF({{since}}=0,{_own("months")}/{MONTHS},IF({_own("recurrent")}="yes",1,0))',
        ),
    )


def _cost_columns(view: str, prefix: str) -> tuple[Column, ...]:
    """What the year saves and costs for the commissioner or the system; ``prefix`` is of the columns' keys."""
    full, saving = f"{{{prefix}full}}", f"{{{prefix}saving}}"
    key = "deliverable" if view == "commissioner" else "system_deliverable"
    return (
        pounds(f"{prefix}full", f"Full year, {view} £", f"INDEX({{{n.SCHEME_RESULTS}.{key}}},{{scheme_number}})",
               total=False),
        pounds(f"{prefix}saving", f"Phased saving, {view} £", f"{full}*{{factor}}"),
        pounds(f"{prefix}reinvested", f"Recurrent reinvestment and cost, {view} £",
               f"{saving}*{{name:{n.REINVESTED}}}+IF(AND({full}>0,{{factor}}>0),{_own('recurrent_cost_gbp')},0)"),
        pounds(f"{prefix}one_off", f"One-off cost, {view} £",
               f"IF(AND({full}>0,{{since}}=0),{_own('one_off_gbp')}+{{name:{n.ONE_OFF}}}*{full},0)"),
        pounds(f"{prefix}net", f"Net, {view} £", f"{saving}-{{{prefix}reinvested}}-{{{prefix}one_off}}"),
    )  # fmt: skip


def _payback_columns() -> tuple[Column, ...]:
    """The year's net in today's money, the net so far, and when the scheme has paid back."""
    return (
        number("discount", "Discount factor", f"1/(1+{{name:{n.DISCOUNT}}})^{{year}}", "0.0000"),
        pounds("present_value", "Present value of net, commissioner £", "{net}*{discount}"),
        pounds(
            "so_far",
            "Net so far, commissioner £",
            "SUMIFS({so_far:net},{so_far:scheme_number},{scheme_number})",
            total=False,
        ),
        number(
            "pays_back",
            "Pays back in this year",
            "IF(AND({so_far}-{net}<0,{so_far}>=0,"
            f'COUNTIFS({{{n.YEARS}.scheme_number}},{{scheme_number}},{{{n.YEARS}.year}},">"&{{year}},'
            f'{{{n.YEARS}.so_far}},"<0")=0),{{year}}+({{net}}-{{so_far}})/{{net}},0)',
            "0.00",
        ),
    )
