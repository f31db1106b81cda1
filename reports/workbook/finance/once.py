"""Workings up to each event counted once: which way to count is in force, £ by each way, overlaps and caps."""

import pandas as pd

from reports.contents import Contents
from reports.finance import BASES, COMPARATORS, RULES, Finance
from reports.workbook.finance import names as n
from reports.workbook.finance.inputs import ALL_LINES, decimals_of, pairs_of
from reports.workbook.spec import PERCENT, POUNDS, Column, Sheet, Table

NUMBERS = range(1, len(BASES) + 1)
BASIS = f"{{cell:{n.IN_FORCE}.number:now}}"  # number of the way to count that is in force


def labels() -> list[str]:
    """Return words for each way to count, by its number from 1.

    >>> labels()[2]
    "RightCare's rule, best five of ten peers"
    """
    return [f"{RULES[mode]}, {COMPARATORS[comparator].lower()}" for mode, comparator in BASES]


def once_sheets(contents: Contents, finance: Finance) -> list[Sheet]:
    """Return the workings from units to £ counted once."""
    sheets = [_rules(contents, finance), _values(finance)]
    if len(pairs_of(finance)):
        sheets.append(_pairs(finance))
    return [*sheets, _groups(finance), _once(finance)]


def chosen(pattern: str) -> str:
    """Return the formula that takes the figure of the way to count in force; ``#`` stands for its number.

    >>> chosen("{value_#}").count("value_")
    5
    """
    return f"CHOOSE({BASIS},{','.join(pattern.replace('#', str(number)) for number in NUMBERS)})"


def _rules(contents: Contents, finance: Finance) -> Sheet:
    return Sheet(
        name="Rule in force",
        title="Rule in force",
        description="Which way of counting a gap the assumptions choose, and the lines of the plan with savings.",
        tables=(_way_in_force(), _ways_to_count(), _plan_lines(contents, finance)),
    )


def _way_in_force() -> Table:
    """The one way of counting that the assumptions choose."""
    return Table(
        name=n.IN_FORCE,
        heading="In force",
        rows_by="row",
        filtered=False,
        columns=(
            Column(key="label", heading="Way to count in force", width=46,
                   formula=f"INDEX({{{n.BASES}.label}},MATCH(1,{{{n.BASES}.chosen}},0))"),
            Column(key="number", heading="Its number", format="0", width=26,
                   formula=f"SUMPRODUCT({{{n.BASES}.chosen}},{{{n.BASES}.number}})"),
            Column(key="credible", heading="Has draws", format="0", width=12,
                   formula="IF({number}<=2,1,0)"),
            Column(key="row", heading="Row", width=46),
        ),
        frame=pd.DataFrame({"row": ["now"]}),
    )  # fmt: skip


def _ways_to_count() -> Table:
    """Every rule and comparator, and which of them is chosen; RightCare's rule has one comparator."""
    choices = [(rule, comparator) for rule in RULES for comparator in COMPARATORS]
    counted = [(rule, "best_5" if rule == "rightcare" else comparator) for rule, comparator in choices]
    ways = pd.DataFrame(
        {
            "rule": [RULES[rule] for rule, _ in choices],
            "comparator": [COMPARATORS[comparator] for _, comparator in choices],
            "number": [BASES.index(pair) + 1 for pair in counted],
            "label": [labels()[BASES.index(pair)] for pair in counted],
        }
    )
    return Table(
        name=n.BASES,
        heading="Ways to count",
        filtered=False,
        columns=(
            Column(key="rule", heading="Rule", width=46),
            Column(key="comparator", heading="Comparator chosen", width=26),
            Column(key="number", heading="Number of the way to count", format="0", width=12),
            Column(key="label", heading="Way to count", width=46),
            Column(key="chosen", heading="Chosen", format="0", width=10,
                   formula=f"IF(AND({{rule}}={{name:{n.RULE}}},{{comparator}}={{name:{n.COMPARATOR}}}),1,0)"),
        ),
        frame=ways,
    )  # fmt: skip


def _plan_lines(contents: Contents, finance: Finance) -> Table:
    """All lines together, then each line of the plan that has savings."""
    lines = [ALL_LINES, *pd.unique(finance.lines["plan_line"])]
    return Table(
        name="plan_lines",
        heading="Lines of the plan with savings",
        filtered=False,
        columns=(Column(key="plan_line", heading="Line of the plan", width=46),
                 Column(key="lines", heading="Indicators", format="0", width=26),
                 Column(key="target_gbp", heading="Target £", format=POUNDS, width=16)),
        frame=pd.DataFrame(
            {
                "plan_line": lines,
                "lines": [
                    int((finance.lines["plan_line"].isin([line]) | (line == ALL_LINES)).sum())
                    for line in lines
                ],
                "target_gbp": _targets(contents, lines),
            }
        ),
    )  # fmt: skip


def _targets(contents: Contents, lines: list[str]) -> list[float]:
    """£ that the plan asks of each line; of all lines together what it asks of those with savings."""
    plan = contents.plan
    asked = dict(zip(plan["plan_line"], plan["target_gbp"].astype(float), strict=True)) if len(plan) else {}
    own = [asked.get(line, float("nan")) for line in lines[1:]]
    known = [target for target in own if target == target]
    return [sum(known) if known else float("nan"), *own]


def _values(finance: Finance) -> Sheet:
    words = labels()
    units = [
        Column(key=f"units_{number}", heading=f"Units: {words[number - 1]}", formats="format", width=14)
        for number in NUMBERS
    ]
    beyond = [
        Column(key=f"beyond_{number}", heading=f"Units that chance had hidden: {words[number - 1]}",
               formats="format", width=14)
        for number in (1, 2)
    ]  # fmt: skip
    price = f"{{beside:{n.LINES}.unit_cost}}"
    values = [
        Column(key=f"value_{number}", heading=f"£: {words[number - 1]}", format=POUNDS, width=14,
               formula=f"{{units_{number}}}*{price}", total=True)
        for number in NUMBERS
    ]  # fmt: skip
    gaps = {
        1: "({units_4}+{beyond_1})",
        2: "({units_5}+{beyond_2})",
        3: "{units_5}",
        4: "{units_4}",
        5: "{units_5}",
    }
    every = f"CHOOSE({BASIS},{','.join(gaps.values())})*{price}"
    return Sheet(
        name="Value by rule",
        title="Value by rule",
        description="Units of each indicator by every way to count a gap, and their £ at the line's price.",
        notes=(
            "Units are from the pack's ledger table and do not change. Where an area's credible gap is larger than"
            " its counted one, chance had hidden the difference: it is part of every gap by the credible rule.",
        ),
        tables=(
            Table(
                name=n.VALUES,
                columns=(
                    Column(key="name", heading="Indicator", width=50),
                    Column(key="unit", heading="Unit counted", width=14),
                    *units,
                    *beyond,
                    Column(key="activity", heading="Units counted now", formats="format", width=14),
                    *values,
                    Column(key="gross", heading="£: every gap, for the way in force", format=POUNDS, width=14,
                           formula=every, total=True),
                    Column(key="indicator", heading="Indicator code", width=30),
                ),
                frame=finance.lines.assign(format=finance.lines["unit"].map(decimals_of)),
            ),
        ),
    )  # fmt: skip


def _pairs(finance: Finance) -> Sheet:
    def removed(number: int) -> Column:
        other = f"INDEX({{{n.VALUES}.value_{number}}},{{other_row}})"
        own = f"INDEX({{{n.VALUES}.value_{number}}},{{own_row}})"
        return Column(
            key=f"removed_{number}",
            heading=f"Share taken out: {labels()[number - 1]}",
            format="0%",
            width=14,
            formula=f"IF(OR({other}>{own},AND({other}={own},{{other_row}}<{{own_row}})),"
            f"{{beside:{n.OVERLAPS}.share}},0)",
        )

    return Sheet(
        name="Overlap workings",
        title="Overlap workings",
        description="For each pair of the sheet Overlaps, the share taken out because the other is the larger.",
        tables=(
            Table(
                name=n.PAIRS,
                columns=(
                    Column(key="name", heading="Indicator", width=50),
                    Column(key="other_name", heading="Also counted by", width=50),
                    Column(key="own_row", heading="Place of the indicator", format="0", width=10,
                           formula=f"MATCH({{indicator}},{{{n.LINES}.indicator}},0)"),
                    Column(key="other_row", heading="Place of the other", format="0", width=10,
                           formula=f"MATCH({{other}},{{{n.LINES}.indicator}},0)"),
                    *(removed(number) for number in NUMBERS),
                    Column(key="indicator", heading="Indicator code", width=30),
                    Column(key="other", heading="Code of the other", width=30),
                ),
                frame=pairs_of(finance),
            ),
        ),
    )  # fmt: skip


def _groups(finance: Finance) -> Sheet:
    groups = pd.unique(finance.lines["overlap_group"])
    columns = [
        Column(key="overlap_group", heading="Overlap group", width=40),
        Column(key="lines", heading="Indicators", format="0", width=11,
               formula=f'COUNTIF({{{n.LINES}.overlap_group}},"="&{{overlap_group}})'),
        Column(key="spend", heading="What the group costs £", format=POUNDS, width=15,
               formula=f"SUMPRODUCT(MAX(({{{n.LINES}.overlap_group}}={{overlap_group}})*{{{n.VALUES}.activity}}"
                       f"*{{{n.LINES}.unit_cost}}))"),
        Column(key="limit", heading="Cap £", format=POUNDS, width=14, formula=f"{{spend}}*{{name:{n.CAP}}}"),
    ]  # fmt: skip
    for number in NUMBERS:
        kept = f'SUMIFS({{{n.ONCE}.kept_{number}}},{{{n.ONCE}.overlap_group}},"="&{{overlap_group}})'
        columns += [
            Column(key=f"kept_{number}", heading=f"Counted once £: {labels()[number - 1]}", format=POUNDS, width=14,
                   formula=kept),
            Column(key=f"factor_{number}", heading=f"Factor of the cap: {labels()[number - 1]}", format="0.000",
                   width=12,
                   formula=f"IF(AND({{spend}}>0,{{kept_{number}}}>{{limit}}),{{limit}}/{{kept_{number}}},1)"),
        ]  # fmt: skip
    columns.append(
        Column(key="removed", heading="Removed in the group £, way in force", format=POUNDS, width=15, total=True,
               formula=f'SUMIFS({{{n.CHAIN}.overlap_removed}},{{{n.CHAIN}.overlap_group}},"="&{{overlap_group}})')
    )  # fmt: skip
    return Sheet(
        name="Overlap groups",
        title="Overlap groups",
        description="Indicators that count the same events: what each group costs, its cap, and what was removed.",
        notes=("A group costs what the dearest of its indicators does, as they count the same events.",),
        tables=(Table(name=n.GROUPS, columns=tuple(columns), frame=pd.DataFrame({"overlap_group": groups})),),
    )


def _once(finance: Finance) -> Sheet:
    has_pairs = len(pairs_of(finance)) > 0
    columns = [
        Column(key="name", heading="Indicator", width=50),
        Column(key="overlap_group", heading="Overlap group", width=28),
    ]
    for number in NUMBERS:
        out = f'SUMIFS({{{n.PAIRS}.removed_{number}}},{{{n.PAIRS}.indicator}},"="&{{indicator}})'
        factor = f"INDEX({{{n.GROUPS}.factor_{number}}},{{group_row}})"
        columns += [
            Column(key=f"keep_{number}", heading=f"Share left: {labels()[number - 1]}", format="0%", width=12,
                   formula=f"MAX(0,1-{out})" if has_pairs else "1"),
            Column(key=f"kept_{number}", heading=f"£ left: {labels()[number - 1]}", format=POUNDS, width=14,
                   formula=f"{{beside:{n.VALUES}.value_{number}}}*{{keep_{number}}}"),
            Column(key=f"once_{number}", heading=f"£ after the cap: {labels()[number - 1]}", format=POUNDS, width=14,
                   formula=f"{{kept_{number}}}*{factor}", total=True),
        ]  # fmt: skip
    columns += [
        Column(key="group_row", heading="Place of the group", format="0", width=10,
               formula=f"MATCH({{overlap_group}},{{{n.GROUPS}.overlap_group}},0)"),
        Column(key="indicator", heading="Indicator code", width=30),
    ]  # fmt: skip
    return Sheet(
        name="Counted once",
        title="Counted once",
        description="What is left of each indicator when what larger ones count is taken out and its group capped.",
        tables=(Table(name=n.ONCE, columns=tuple(columns), frame=finance.lines),),
    )


def pounds(key: str, heading: str, formula: str, *, total: bool = True, width: float = 15) -> Column:
    """Return a column of £ by formula, with a live total."""
    return Column(key=key, heading=heading, format=POUNDS, width=width, formula=formula, total=total)


def share(key: str, heading: str, formula: str) -> Column:
    """Return a column of shares by formula."""
    return Column(key=key, heading=heading, format=PERCENT, width=12, formula=formula)


def number(key: str, heading: str, formula: str, format: str = "0") -> Column:
    """Return a column of numbers by formula."""
    return Column(key=key, heading=heading, format=format, width=11, formula=formula)
