"""Workings behind the what-if sheets: the chain by every way to count, its marginal rate and delivery left open."""

import pandas as pd

from reports.finance import YEARS, Finance
from reports.workbook.finance import names as n
from reports.workbook.finance.once import BASIS, NUMBERS, labels, pounds
from reports.workbook.spec import Column, Sheet, Table


def column_of(key: str) -> str:
    """Return a column of the workings by line, for formulas."""
    return f"{{{n.SENS_LINES}.{key}}}"


def workings_sheet(finance: Finance) -> Sheet:
    """Return the workings by way to count, scheme, overlap group and line."""
    return Sheet(
        name="Sensitivity workings",
        title="Sensitivity workings",
        description="The chain of every line by every way to count, its marginal rate and delivery left open.",
        tables=(_ways(), _schemes(finance), _groups(finance), _lines(finance)),
    )


def _ways() -> Table:
    def total(pattern: str) -> str:
        return f"CHOOSE({{number}},{','.join(pattern.replace('#', str(number)) for number in NUMBERS)})"

    own = f"SUMPRODUCT({column_of('own_#')},{column_of('with_saving')})"
    varied = f"SUMPRODUCT({column_of('open_#')},{column_of('with_saving')})"
    net = (
        f"SUMPRODUCT(({column_of('own_#')}+{column_of('open_#')}*{{{n.CHAIN}.marginal}})"
        f"*{{{n.CHAIN}.confidence}}*{column_of('with_saving')})"
    )
    return Table(
        name=n.SENS_WAYS,
        heading="By way to count",
        filtered=False,
        columns=(
            Column(key="label", heading="Way to count", width=50),
            pounds("own", "Net with full delivery, marginal rate fixed £", total(own), total=False),
            pounds("varied", "Net with full delivery, varied, at full price £", total(varied), total=False),
            pounds("fixed", "Scheme costs in £", total(f"SUM({{{n.SENS_SCHEMES}.fixed_#}})"), total=False),
            pounds("net", "Net, all else in force £", f"{total(net)}-{{fixed}}", total=False),
            Column(key="number", heading="Number", format="0", width=10),
        ),
        frame=pd.DataFrame({"label": labels(), "number": list(NUMBERS)}),
    )


def _schemes(finance: Finance) -> Table:
    def fixed(number: int) -> Column:
        whole = "+".join(
            f"SUMIFS({{{n.SENS_LINES}.{key}_{number}}},{{{n.CHAIN}.scheme_row}},{{number}})"
            for key in ("own", "open")
        )
        return pounds(
            f"fixed_{number}",
            f"Costs in £ if it runs: {labels()[number - 1]}",
            f"IF({whole}>0,{{beside:{n.RATES}.fixed}},0)",
            total=False,
        )

    since = f"({{name:{n.PLAN_YEAR}}}-{{beside:{n.SCHEMES}.start_year}})"

    def phased(end: str) -> Column:
        row = f"MATCH({{cell:{n.SWINGS_FOUND}.{end}:phasing}},{{{n.PHASING}.phasing}},0)"
        ramp = ",".join(f"INDEX({{{n.PHASING}.year_{year}}},{row})" for year in YEARS)
        return Column(
            key=f"phased_{end}",
            heading=f"Net per £ delivered, phasing at its {end} end",
            format="0.0000",
            width=14,
            formula=f"IF({since}<0,0,CHOOSE(MAX({since},0)+1,{ramp})*IF({since}=0,{{beside:{n.SCHEMES}.months}}/12,"
            f'IF({{beside:{n.SCHEMES}.recurrent}}="yes",1,0)))*(1-{{name:{n.REINVESTED}}})'
            f"-{{beside:{n.RATES}.starting}}*{{name:{n.ONE_OFF}}}",
        )

    frame = finance.schemes[["scheme"]].assign(number=range(1, len(finance.schemes) + 1))
    return Table(
        name=n.SENS_SCHEMES,
        heading="By scheme",
        filtered=False,
        columns=(
            Column(key="scheme", heading="Scheme", width=50),
            *(fixed(number) for number in NUMBERS),
            phased("low"),
            phased("high"),
            Column(key="number", heading="Number of the scheme", format="0", width=10),
        ),
        frame=frame,
    )


def _groups(finance: Finance) -> Table:
    kept = f"CHOOSE({BASIS},{','.join(f'{{beside:{n.GROUPS}.kept_{number}}}' for number in NUMBERS)})"

    def factor(end: str) -> Column:
        limit = f"{{beside:{n.GROUPS}.spend}}*{{cell:{n.SWINGS_FOUND}.{end}:cap}}"
        return Column(
            key=f"factor_{end}",
            heading=f"Factor of the cap at its {end} end",
            format="0.000",
            width=14,
            formula=f"IF(AND({{beside:{n.GROUPS}.spend}}>0,{{kept}}>{limit}),{limit}/{{kept}},1)",
        )

    return Table(
        name=n.SENS_GROUPS,
        heading="By overlap group",
        filtered=False,
        columns=(
            Column(key="overlap_group", heading="Overlap group", width=50),
            pounds("kept", "Counted once before the cap £", kept, total=False),
            factor("low"),
            factor("high"),
        ),
        frame=pd.DataFrame({"overlap_group": pd.unique(finance.lines["overlap_group"])}),
    )


def _lines(finance: Finance) -> Table:
    chain = f"{{beside:{n.CHAIN}.%s}}"
    own_row = chain % "scheme_row"

    def base(number: int) -> str:
        return f"{{beside:{n.ONCE}.once_{number}}}*{chain % 'signed_off'}*{chain % 'contract'}"

    opened: list[Column] = []
    for number in NUMBERS:
        opened += [
            pounds(f"own_{number}", f"Cashable, marginal rate fixed £: {labels()[number - 1]}",
                   f"{base(number)}*(1-{{varied}})*{chain % 'marginal'}", total=False),
            pounds(f"open_{number}", f"Varied, at full price £: {labels()[number - 1]}",
                   f"{base(number)}*{{varied}}", total=False),
        ]  # fmt: skip
    kept = f"CHOOSE({BASIS},{','.join(f'{{beside:{n.ONCE}.kept_{number}}}' for number in NUMBERS)})"
    per = f"{chain % 'signed_off'}*{chain % 'marginal'}*{chain % 'contract'}*{chain % 'confidence'}"
    group = f"{{beside:{n.ONCE}.group_row}}"

    def factor(key: str, heading: str, formula: str) -> Column:
        return Column(key=key, heading=heading, format="0.0000", width=12, formula=formula)

    return Table(
        name=n.SENS_LINES,
        heading="By indicator",
        filtered=False,
        columns=(
            Column(key="name", heading="Indicator", width=50),
            factor("varied", "Its marginal rate is varied",
                   f"IF({{beside:{n.LINES}.point_of_delivery}}={{name:{n.VARIED}}},1,0)"),
            factor("factor", "Share of a full year in the plan's year", f"INDEX({{{n.RATES}.factor}},{own_row})"),
            factor("starting", "Starts in the plan's year", f"INDEX({{{n.RATES}.starting}},{own_row})"),
            factor("with_saving", "Net of what goes with the saving", f"INDEX({{{n.RATES}.with_saving}},{own_row})"),
            *opened,
            *(
                pounds(f"cap_{end}", f"Deliverable with the cap at its {end} end £",
                       f"{kept}*INDEX({{{n.SENS_GROUPS}.factor_{end}}},{group})*{per}", total=False)
                for end in ("low", "high")
            ),
            *(
                factor(f"phased_{end}", f"Net per £ delivered, phasing at its {end} end",
                       f"INDEX({{{n.SENS_SCHEMES}.phased_{end}}},{own_row})")
                for end in ("low", "high")
            ),
            Column(key="indicator", heading="Indicator code", width=30),
        ),
        frame=finance.lines,
    )  # fmt: skip
