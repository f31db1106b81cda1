"""The chain of every line from gross to net, the schemes, and the years: each step a column, left to right."""

import pandas as pd

from reports.contents import Contents
from reports.finance import YEARS, Finance
from reports.workbook.finance import names as n
from reports.workbook.finance.inputs import ALL_LINES
from reports.workbook.finance.lines_above import above_columns, with_above
from reports.workbook.finance.once import chosen, number, pounds, share
from reports.workbook.finance.phasing import rates_sheet, years_sheet
from reports.workbook.spec import Column, Sheet, Table

NEVER = "not within five years"


def chain_sheets(contents: Contents, finance: Finance) -> list[Sheet]:
    """Return the lines, the schemes and the years."""
    return [_schemes(finance), _lines(contents, finance), rates_sheet(finance), years_sheet(finance)]


def _looked_up(table: str, key: str, row: str) -> str:
    return f"INDEX({{{table}.{key}}},{{{row}}})"


def _lines(contents: Contents, finance: Finance) -> Sheet:
    columns = (
        *_counted_columns(),
        *_deliverable_columns(),
        *_year_columns(),
        *_share_columns(),
        *_place_columns(),
        *above_columns(contents.plan),
        Column(key="overlap_group", heading="Overlap group", width=28),
        Column(key="indicator", heading="Indicator code", width=30),
    )
    return Sheet(
        name="Savings chain",
        title="Savings chain by indicator",
        description="From every gap to what is left in the plan's year: one row for each indicator, a step a column.",
        notes=(
            "Commissioner: what stops being paid (price x marginal rate x share paid by activity). System: what stops"
            " being spent (price x variable cost). Each step is at most the one before; phased and net are of the"
            " year that stands against the plan.",
        ),
        tables=(
            Table(
                name=n.CHAIN,
                columns=columns,
                frame=with_above(finance.lines, contents.plan),
                rows_by="indicator",
            ),
        ),
        frozen_columns=1,
    )


def _counted_columns() -> tuple[Column, ...]:
    """What the line is, and its gap from gross to what is counted once."""
    return (
        Column(key="name", heading="Indicator", width=50),
        Column(key="scheme", heading="Scheme", width=44, formula=f"{{beside:{n.LINES}.scheme}}"),
        Column(key="plan_line", heading="Line of the plan", width=40),
        pounds("gross", "Gross: every gap £", f"{{beside:{n.VALUES}.gross}}"),
        pounds("credible", "Counted by the rule £", chosen(f"{{beside:{n.VALUES}.value_#}}")),
        pounds("overlap_removed", "Overlap removed £", "{credible}-{once}"),
        pounds("once", "Counted once £", chosen(f"{{beside:{n.ONCE}.once_#}}")),
    )


def _deliverable_columns() -> tuple[Column, ...]:
    """What of it is signed off, cashable for the commissioner and the system, and deliverable."""
    return (
        share("signed_off", "Clinical sign-off", _looked_up(n.RATES, "signed_off", "scheme_row")),
        pounds("addressable", "Addressable £", "{once}*{signed_off}"),
        share(
            "marginal",
            "Marginal rate",
            f"IF(ISNUMBER({{beside:{n.LINES}.marginal_rate}}),{{beside:{n.LINES}.marginal_rate}},"
            f"{_looked_up(n.DELIVERY, 'marginal_rate', 'delivery_row')})",
        ),
        share("contract", "Paid by activity", _looked_up(n.DELIVERY, "contract", "delivery_row")),
        pounds("cashable_commissioner", "Cashable, commissioner £", "{addressable}*{marginal}*{contract}"),
        share("variable", "Variable cost", _looked_up(n.DELIVERY, "variable_cost", "delivery_row")),
        pounds("cashable_system", "Cashable, system £", "{addressable}*{variable}"),
        share("confidence", "Deliverable", _looked_up(n.RATES, "delivered", "scheme_row")),
        pounds(
            "deliverable_commissioner", "Deliverable, commissioner £", "{cashable_commissioner}*{confidence}"
        ),
        pounds("deliverable_system", "Deliverable, system £", "{cashable_system}*{confidence}"),
    )


def _year_columns() -> tuple[Column, ...]:
    """Of the plan's year: the line's part of what its scheme saves and costs."""
    part = "IF({%s}>0,{deliverable_%s}/{%s}*%s,0)"

    def of_scheme(view: str, key: str) -> str:
        total = f"scheme_{view}"
        return part % (total, view, total, _looked_up(n.SCHEME_RESULTS, key, "scheme_row"))

    return (
        pounds(
            "phased_commissioner", "Phased, plan's year, commissioner £", of_scheme("commissioner", "phased")
        ),
        pounds("phased_system", "Phased, plan's year, system £", of_scheme("system", "system_phased")),
        pounds("net_commissioner", "Net, plan's year, commissioner £", of_scheme("commissioner", "net")),
        pounds("net_system", "Net, plan's year, system £", of_scheme("system", "system_net")),
        pounds(
            "reinvested",
            "Recurrent reinvestment and cost, plan's year, commissioner £",
            of_scheme("commissioner", "reinvested"),
        ),
        pounds("one_off", "One-off cost, plan's year, commissioner £", of_scheme("commissioner", "one_off")),
    )


def _share_columns() -> tuple[Column, ...]:
    """What other sheets take of a line: £ a unit, costs in £, whether it is in the line looked at."""
    return (
        number(
            "once_per_unit",
            "£ counted once per £ counted",
            "IF({credible}>0,{once}/{credible},0)",
            "0.0000",
        ),
        number(
            "net_per_unit",
            "Net £ per £ counted",
            "IF({credible}>0,{net_commissioner}/{credible},0)",
            "0.0000",
        ),
        number(
            "net_with_saving",
            "Net £ that goes with each £ counted, scheme costs in £ apart",
            "IF({credible}>0,{deliverable_commissioner}/{credible},0)"
            f"*{_looked_up(n.RATES, 'with_saving', 'scheme_row')}",
            "0.0000",
        ),
        pounds(
            "fixed",
            "Costs of its scheme in £, plan's year, if it runs",
            "IF({scheme_cashable}>0,{cashable_commissioner}/{scheme_cashable},0)"
            f"*{_looked_up(n.RATES, 'fixed', 'scheme_row')}",
        ),
        pounds(
            "fixed_now",
            "Costs of its scheme in £, plan's year",
            "IF({deliverable_commissioner}>0,{fixed},0)",
        ),
        number(
            "in_view",
            "In the line of the plan looked at",
            f'IF(OR({{name:{n.SHOWN}}}="{ALL_LINES}",{{plan_line}}={{name:{n.SHOWN}}}),1,0)',
        ),
    )


def _place_columns() -> tuple[Column, ...]:
    """Where the line's scheme and point of delivery stand, and what the whole scheme comes to."""
    return (
        number("scheme_row", "Place of the scheme", f"MATCH({{scheme}},{{{n.SCHEMES}.scheme}},0)"),
        number(
            "delivery_row",
            "Place of the point of delivery",
            f"MATCH({{beside:{n.LINES}.point_of_delivery}},{{{n.DELIVERY}.name}},0)",
        ),
        pounds(
            "scheme_commissioner",
            "Deliverable of the whole scheme, commissioner £",
            _looked_up(n.SCHEME_RESULTS, "deliverable", "scheme_row"),
            total=False,
        ),
        pounds(
            "scheme_system",
            "Deliverable of the whole scheme, system £",
            _looked_up(n.SCHEME_RESULTS, "system_deliverable", "scheme_row"),
            total=False,
        ),
        pounds(
            "scheme_cashable",
            "Cashable of the whole scheme, commissioner £",
            _looked_up(n.SCHEME_RESULTS, "cashable", "scheme_row"),
            total=False,
        ),
    )


def _numbered(schemes: pd.DataFrame) -> pd.DataFrame:
    return schemes[["scheme"]].assign(number=range(1, len(schemes) + 1))


def _summed(key: str) -> str:
    return f"SUMIFS({{{n.CHAIN}.{key}}},{{{n.CHAIN}.scheme_row}},{{number}})"


def _in_year(key: str, year: str) -> str:
    return f"SUMIFS({{{n.YEARS}.{key}}},{{{n.YEARS}.scheme_number}},{{number}},{{{n.YEARS}.year}},{year})"


def _schemes(finance: Finance) -> Sheet:
    columns = (
        *_scheme_sums(),
        *_scheme_years(),
        *_scheme_in_view(),
        Column(key="number", heading="Number of the scheme", format="0", width=10),
    )
    return Sheet(
        name="Schemes",
        title="Schemes",
        description="What each scheme brings: one row for each, in the order of their assumptions.",
        notes=(
            "A scheme gathers the indicators that Line assumptions gives it. Part-year effect is what it saves in the"
            " year in which it starts; full-year effect what it saves in twelve months once it is built up.",
        ),
        tables=(Table(name=n.SCHEME_RESULTS, columns=columns, frame=_numbered(finance.schemes)),),
    )


def _scheme_sums() -> tuple[Column, ...]:
    """Sums over the lines of a scheme, in a full year."""
    return (
        Column(key="scheme", heading="Scheme", width=50),
        number("lines", "Indicators", f"COUNTIF({{{n.CHAIN}.scheme_row}},{{number}})"),
        pounds("credible", "Counted by the rule £", _summed("credible")),
        pounds("once", "Counted once £", _summed("once")),
        pounds("cashable", "Cashable, commissioner £", _summed("cashable_commissioner")),
        pounds(
            "deliverable", "Deliverable in a full year, commissioner £", _summed("deliverable_commissioner")
        ),
        pounds("system_deliverable", "Deliverable in a full year, system £", _summed("deliverable_system")),
    )


def _scheme_years() -> tuple[Column, ...]:
    """What the scheme saves and costs in the plan's year, over five years, and when it pays back."""
    plan_year = f"{{name:{n.PLAN_YEAR}}}"
    return (
        pounds("part_year", "Part-year effect: saving in the year it starts £",
               _in_year("saving", f"{{beside:{n.SCHEMES}.start_year}}")),
        pounds("full_year", "Full-year effect: twelve months at its last stage £",
               f"{{deliverable}}*INDEX({{{n.PHASING}.year_4}},{{beside:{n.RATES}.phasing_row}})"),
        pounds("phased", "Phased, plan's year £", _in_year("saving", plan_year)),
        pounds("reinvested", "Recurrent reinvestment and cost, plan's year £", _in_year("reinvested", plan_year)),
        pounds("one_off", "One-off cost, plan's year £", _in_year("one_off", plan_year)),
        pounds("net", "Net, plan's year, commissioner £", _in_year("net", plan_year)),
        pounds("system_phased", "Phased, plan's year, system £", _in_year("system_saving", plan_year)),
        pounds("system_net", "Net, plan's year, system £", _in_year("system_net", plan_year)),
        pounds("present_value", "Net present value, five years £",
               f"SUMIFS({{{n.YEARS}.present_value}},{{{n.YEARS}.scheme_number}},{{number}})"),
        Column(key="payback", heading="Pays back, years from the start of year 0", format="0.0", width=14,
               formula=f'IF(COUNTIFS({{{n.YEARS}.scheme_number}},{{number}},{{{n.YEARS}.so_far}},"<0")=0,0,'
                       f'IF({_in_year("so_far", str(YEARS[-1]))}<0,"{NEVER}",'
                       f"SUMIFS({{{n.YEARS}.pays_back}},{{{n.YEARS}.scheme_number}},{{number}})))"),
    )  # fmt: skip


def _scheme_in_view() -> tuple[Column, ...]:
    """What of it is in the line of the plan looked at, and its place by that."""
    shown = f"SUMPRODUCT(({{{n.CHAIN}.scheme_row}}={{number}})*{{{n.CHAIN}.in_view}}*{{{n.CHAIN}.%s}})"
    return (
        pounds("once_shown", "Counted once, line of the plan looked at £", shown % "once"),
        pounds("net_shown", "Net, plan's year, line of the plan looked at £", shown % "net_commissioner"),
        number("place", "Place by net, line of the plan looked at",
                f"SUMPRODUCT(--({{{n.SCHEME_RESULTS}.net_shown}}>{{net_shown}}))"
                f"+SUMPRODUCT(({{{n.SCHEME_RESULTS}.net_shown}}={{net_shown}})"
                f"*({{{n.SCHEME_RESULTS}.number}}<{{number}}))+1"),
    )  # fmt: skip
