"""What finance reads first: answers in words that follow the cells, the waterfalls, the largest schemes, years."""

import pandas as pd

from reports.finance import YEARS, Finance
from reports.workbook.checks import LIGHT
from reports.workbook.finance import names as n
from reports.workbook.finance.inputs import ALL_LINES
from reports.workbook.finance.once import pounds
from reports.workbook.spec import PERCENT_1, POUNDS, Column, Formula, Link, Sheet, Table
from reports.workbook.steps import Step, step_table, waterfall

LARGEST = 5  # schemes named
MILLIONS = '"£0.0,,\\m"'  # for TEXT
SHOWN = f"{{name:{n.SHOWN}}}"


def overview_sheets(finance: Finance) -> list[Sheet]:
    """Return the answers, the waterfalls and the years."""
    return [_answers(finance), _waterfalls(), _by_year()]


def _millions(formula: str) -> str:
    return f"TEXT({formula},{MILLIONS})"


def _viewed(key: str) -> str:
    """Sum of a column of the chain over the line of the plan looked at."""
    return f"SUMPRODUCT({{{n.CHAIN}.in_view}},{{{n.CHAIN}.{key}}})"


def _answers(finance: Finance) -> Sheet:
    told = _questions(finance)
    frame = pd.DataFrame(
        {
            "question": [question for question, _, _ in told],
            "answer": pd.Series([Formula(answer) for _, answer, _ in told], dtype=object),
            "where": pd.Series([Link(sheet, sheet) for _, _, sheet in told], dtype=object),
        }
    )
    return Sheet(
        name="Savings summary",
        title="Savings summary",
        description="Questions finance asks, answered for the line of the plan chosen on Assumptions, live.",
        notes=(
            "Every figure is reckoned in this workbook from the units of the ledger and the assumptions. Change an"
            " assumption and all of it follows.",
        ),
        tables=(
            Table(
                name=n.ANSWERS,
                heading="Questions finance asks",
                filtered=False,
                columns=(
                    Column(key="question", heading="Question", width=50),
                    Column(key="answer", heading="Answer", width=84, wrap=True),
                    Column(key="where", heading="Where it is from", width=22, links=True),
                ),
                frame=frame,
            ),
            _largest(finance),
        ),
    )


def _questions(finance: Finance) -> list[tuple[str, str, str]]:
    """Return each question with the formula of its answer and the sheet where that is from."""
    target = f"INDEX({{{n.PLAN_LINES}.target_gbp}},MATCH({SHOWN},{{{n.PLAN_LINES}.plan_line}},0))"
    once = f"{{cell:{n.INTERVALS}.value:once_shown}}"
    net = f"{{cell:{n.INTERVALS}.value:net_shown}}"
    return [
        (
            "What does the plan ask of it?",
            f'{SHOWN}&": "&IF(ISNUMBER({target}),{_millions(target)}&" a year","no target")',
            "Plan",
        ),
        (
            "How much of that is credible?",
            f'{_millions(once)}&" a year counted once"'
            f'&IF(ISNUMBER({target}),", "&TEXT({once}/{target},"0%")&" of the target","")'
            f'&", by the rule "&{{cell:{n.IN_FORCE}.label:now}}',
            "Counted once",
        ),
        (
            "How sure are we?",
            _how_sure(),
            "How sure",
        ),
        (
            "What was removed as double counting?",
            f'{_millions(_viewed("overlap_removed"))}&" of "&{_millions(_viewed("credible"))}'
            f'&"; over all lines "&{_millions(f"{{{n.CHAIN}.overlap_removed.total}}")}',
            "Overlap groups",
        ),
        (
            "What is left in money?",
            f'{_millions(net)}&" net in year "&{{name:{n.PLAN_YEAR}}}&" for the commissioner, "'
            f'&{_millions(_viewed("net_system"))}&" for the health system"',
            "Savings chain",
        ),
        ("Which schemes carry it?", _schemes_that_carry_it(finance), "Schemes"),
        (
            "What happens at 60 % delivery of every scheme?",
            f'{_millions(f"{{cell:{n.DELIVERIES}.shown:60%}}")}&" net in year "&{{name:{n.PLAN_YEAR}}}'
            f'&"; over all lines "&{_millions(f"{{cell:{n.DELIVERIES}.all:60%}}")}',
            "Sensitivity",
        ),
        (
            "Where does each figure come from?",
            f'TEXT(ROWS({{{n.LEDGER}.line}}),"#,##0")&" rows of indicator and area, units x price, each with its'
            f' codes in the table ledger of the pack"',
            "Savings ledger",
        ),
        (
            "Do the sums agree?",
            f'{{{LIGHT}.made}}&" sums are held against each other: "'
            f'&IF({{{LIGHT}.failed}}=0,"all agree",{{{LIGHT}.failed}}&" do not agree")',
            "Checks",
        ),
    ]


def _how_sure() -> str:
    """Words for the intervals of what counts once and of the net, where the rule in force has draws."""

    def interval(key: str) -> str:
        low, high = (f"{{cell:{n.INTERVALS}.{p}:{key}}}" for p in ("p10", "p90"))
        return f'{_millions(low)}&" to "&{_millions(high)}'

    no_draws = '"No interval: the rule in force has no draws"'
    return (
        f'IF({{cell:{n.IN_FORCE}.credible:now}}=1,"80 of 100 draws: "&{interval("once_shown")}'
        f'&" counted once; "&{interval("net_shown")}&" net in year "&{{name:{n.PLAN_YEAR}}},{no_draws})'
    )


def _schemes_that_carry_it(finance: Finance) -> str:
    """Words for the largest schemes: their share of the net, and the first two by name."""
    count = min(LARGEST, len(finance.schemes))
    named = [
        f'{{cell:{n.TOP_SCHEMES}.scheme:{place}}}&" ("&{_millions(f"{{cell:{n.TOP_SCHEMES}.net:{place}}}")}&")"'
        for place in range(1, min(2, count) + 1)
    ]
    first = named[0]
    if count > 1:
        first += f'&IF({{cell:{n.TOP_SCHEMES}.net:2}}>0," and "&{named[1]},"")'
    share = f'TEXT({{cell:{n.TOP_SCHEMES}.so_far:{count}}},"0%")'
    return f'{share}&" of its net comes from those below, first "&{first}'


def _largest(finance: Finance) -> Table:
    count = min(LARGEST, len(finance.schemes))
    row = f"MATCH({{place}},{{{n.SCHEME_RESULTS}.place}},0)"
    net = _viewed("net_commissioner")
    return Table(
        name=n.TOP_SCHEMES,
        heading="The largest schemes",
        filtered=False,
        rows_by="place",
        columns=(
            Column(key="scheme", heading="Scheme", width=50,
                   formula=f"INDEX({{{n.SCHEME_RESULTS}.scheme}},{row})"),
            Column(key="net", heading="Net in the plan's year £", format=POUNDS, width=22, bars=True, total=True,
                   formula=f"INDEX({{{n.SCHEME_RESULTS}.net_shown}},{row})"),
            pounds("once", "Counted once £", f"INDEX({{{n.SCHEME_RESULTS}.once_shown}},{row})", width=22),
            Column(key="so_far", heading="Share of the net of the line looked at, with those above", format=PERCENT_1,
                   width=26, formula=f"IF({net}=0,0,SUM({{so_far:net}})/{net})"),
            Column(key="place", heading="Place", format="0", width=10),
        ),
        frame=pd.DataFrame({"place": range(1, count + 1)}),
    )  # fmt: skip


def _steps(of: str) -> list[Step]:
    """The waterfall; ``of`` makes the formula of a column's sum."""

    def total(key: str) -> str:
        return of.replace("#", key)

    return [
        Step("Every gap", total("gross"), total=True),
        Step("Not beyond the rule", f"{total('credible')}-{total('gross')}"),
        Step("Counted twice", f"-{total('overlap_removed')}"),
        Step("Counted once", total("once"), total=True),
        Step("Not signed off", f"{total('addressable')}-{total('once')}"),
        Step("Not cashable", f"{total('cashable_commissioner')}-{total('addressable')}"),
        Step("Not delivered", f"{total('deliverable_commissioner')}-{total('cashable_commissioner')}"),
        Step("Deliverable", total("deliverable_commissioner"), total=True),
        Step("Not yet phased in", f"{total('phased_commissioner')}-{total('deliverable_commissioner')}"),
        Step("Reinvested, recurrent", f"-{total('reinvested')}"),
        Step("One-off cost", f"-{total('one_off')}"),
        Step("Net, plan's year", total("net_commissioner"), total=True),
    ]


def _waterfalls() -> Sheet:
    everything = _steps(f"{{{n.CHAIN}.#.total}}")
    shown = _steps(f"SUMPRODUCT({{{n.CHAIN}.in_view}},{{{n.CHAIN}.#}})")
    where = "The figures are in the table beside it, each a formula on Savings chain."
    return Sheet(
        name="Waterfall",
        title="From every gap to net",
        description="What is taken off at each step, for the commissioner: all lines, then the line looked at.",
        tables=(
            step_table(n.STEPS_ALL, everything, heading="All lines of the plan"),
            step_table(n.STEPS_SHOWN, shown, heading="The line of the plan looked at"),
        ),
        charts=(
            waterfall(
                n.STEPS_ALL,
                title="From every gap to net: all lines",
                alt_text="Waterfall of the savings of all lines of the plan, from every gap on the left down to what"
                f" is net in the plan's year on the right. {where}",
            ),
            waterfall(
                n.STEPS_SHOWN,
                title="From every gap to net: the line of the plan looked at",
                alt_text="Waterfall of the savings of the line of the plan that Assumptions chooses, from every gap"
                f" on the left down to what is net in the plan's year on the right. {where}",
            ),
        ),
    )


def _by_year() -> Sheet:
    def summed(key: str, heading: str) -> Column:
        return pounds(key, heading, f"SUMIFS({{{n.YEARS}.{key}}},{{{n.YEARS}.year}},{{year}})", width=18)

    return Sheet(
        name="Savings by year",
        title="Savings by year",
        description=f"What {ALL_LINES.lower()} save and cost in each year, 0 the first: one row for each year.",
        notes=("The total of the present value is the net present value of five years.",),
        tables=(
            Table(
                name=n.YEAR_SUMS,
                filtered=False,
                rows_by="year",
                columns=(
                    Column(key="year", heading="Year", format="0", width=12),
                    summed("saving", "Phased saving, commissioner £"),
                    summed("reinvested", "Recurrent reinvestment and cost, commissioner £"),
                    summed("one_off", "One-off cost, commissioner £"),
                    summed("net", "Net, commissioner £"),
                    summed("present_value", "Present value, commissioner £"),
                    summed("system_saving", "Phased saving, system £"),
                    summed("system_net", "Net, system £"),
                ),
                frame=pd.DataFrame({"year": list(YEARS)}),
            ),
        ),
    )
