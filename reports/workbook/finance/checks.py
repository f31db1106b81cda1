"""Checks of the finance sheets: sums that must agree, inputs that must be possible, rows in their order."""

from itertools import pairwise

from reports import words
from reports.contents import Contents
from reports.finance import Finance
from reports.tree import Tree
from reports.workbook.checks import Check
from reports.workbook.finance import names as n
from reports.workbook.finance.areas import REST, shown_rows
from reports.workbook.finance.inputs import pairs_of
from reports.workbook.plan import PLAN

PENNY = 0.005  # £
CHAINED = ("gross", "credible", "once", "addressable", "cashable_commissioner", "deliverable_commissioner",
           "phased_commissioner", "net_commissioner")  # fmt: skip
FOR_SYSTEM = ("addressable", "cashable_system", "deliverable_system", "phased_system", "net_system")


def finance_checks(contents: Contents, finance: Finance, tree: Tree) -> list[Check]:
    """Return the checks of the finance sheets: what is on the left must equal what is on the right."""
    chain = f"{{{n.CHAIN}.%s.total}}"
    found = [
        Check(what=f"Savings: {words} by scheme = by indicator", of="all", left=f"SUM({{{n.SCHEME_RESULTS}.{key}}})",
              right=chain % line)
        for key, line, words in (
            ("once", "once", "counted once"), ("net", "net_commissioner", "net, commissioner"),
            ("system_net", "net_system", "net, system"),
        )
    ]  # fmt: skip
    found += [
        Check(what="Savings: net by year, plan's year = by indicator", of="all",
              left=f"SUMIFS({{{n.YEAR_SUMS}.net}},{{{n.YEAR_SUMS}.year}},{{name:{n.PLAN_YEAR}}})",
              right=chain % "net_commissioner"),
        Check(what="Savings: phased - reinvested - one-off = net", of="all",
              left=f"{chain % 'phased_commissioner'}-{chain % 'reinvested'}-{chain % 'one_off'}",
              right=chain % "net_commissioner"),
        Check(what="Savings: net = net of each £ counted, scheme costs apart", of="all",
              left=f"SUMPRODUCT({{{n.CHAIN}.credible}},{{{n.CHAIN}.net_with_saving}})-SUM({{{n.CHAIN}.fixed_now}})",
              right=chain % "net_commissioner"),
        Check(what="Savings: present value by year = by scheme", of="all",
              left=f"{{{n.YEAR_SUMS}.present_value.total}}", right=f"SUM({{{n.SCHEME_RESULTS}.present_value}})"),
        Check(what="Savings: overlap removed by group = by indicator", of="all",
              left=f"SUM({{{n.GROUPS}.removed}})", right=chain % "overlap_removed"),
        Check(what="Savings: indicators in exactly one scheme = indicators", of="all",
              left=f"SUM({{{n.SCHEME_RESULTS}.lines}})", right=f"ROWS({{{n.CHAIN}.indicator}})", unit="indicators"),
        Check(what="Savings: rows in which a step is larger than the one before = none", of="all",
              left=_grows(CHAINED), right="0", unit="rows"),
        Check(what="Savings, system: rows in which a step is larger than the one before = none", of="all",
              left=_grows(FOR_SYSTEM), right="0", unit="rows"),
        Check(what="Inputs outside what they allow = none", of="all", left=_impossible(finance), right="0",
              unit="inputs"),
        Check(what="Rows sorted into another order than they were written in = none", of="all",
              left=_moved(finance), right="0", unit="rows"),
        Check(what="Net as this pack was written, while nothing is changed = net", of="all",
              left=f"IF({_changed()}=0,{finance.net_as_written!r},{chain % 'net_commissioner'})",
              right=chain % "net_commissioner"),
    ]  # fmt: skip
    return [*found, *_by_kind(contents, finance, tree), *_of_the_plan(contents, finance)]


def _grows(steps: tuple[str, ...]) -> str:
    return "+".join(
        f"SUMPRODUCT(--({{{n.CHAIN}.{later}}}>{{{n.CHAIN}.{earlier}}}+{PENNY}))"
        for earlier, later in pairwise(steps)
    )


def _moved(finance: Finance) -> str:
    """Count the rows that do not stand beside their like: formulas work from row to row, and none may be sorted."""
    lines = [n.LINES, n.VALUES, n.ONCE, n.SENS_LINES]
    same = [(f"{table}.indicator", f"{n.CHAIN}.indicator") for table in lines]
    same += [
        (f"{n.SCHEMES}.scheme", f"{table}.scheme")
        for table in (n.SCHEME_RESULTS, n.RATES, n.SENS_SCHEMES, n.SIGN_OFF)
    ]
    same += [(f"{n.SENS_GROUPS}.overlap_group", f"{n.GROUPS}.overlap_group")]
    if len(pairs_of(finance)):
        same += [(f"{n.OVERLAPS}.{key}", f"{n.PAIRS}.{key}") for key in ("indicator", "other")]
    return "+".join(f"SUMPRODUCT(--({{{one}}}<>{{{other}}}))" for one, other in same)


def _outside(column: str, low: float, high: float) -> str:
    return f'COUNTIF({{{column}}},"<{low:g}")+COUNTIF({{{column}}},">{high:g}")'


def _impossible(finance: Finance) -> str:
    """Count the inputs that are outside their limits."""
    shares = [f"{n.DELIVERY}.{key}" for key in ("marginal_rate", "contract", "variable_cost")]
    shares += [f"{n.PHASING}.year_{year}" for year in range(5)]
    shares += [f"{n.SCHEMES}.addressable", f"{n.SCHEMES}.deliverable", f"{n.LINES}.marginal_rate"]
    if len(pairs_of(finance)):
        shares.append(f"{n.OVERLAPS}.share")
    counts = [_outside(column, 0, 1) for column in shares]
    counts += [_outside(f"{n.SCHEMES}.months", 0, 12), _outside(f"{n.SCHEMES}.start_year", 0, 4)]
    names = (n.CAP, n.SIGNED_OFF, n.DELIVERED, n.REINVESTED, n.ONE_OFF, n.DISCOUNT)
    counts += [f"IF(AND({{name:{name}}}>=0,{{name:{name}}}<=1),0,1)" for name in names]
    return "+".join(counts)


def _changed() -> str:
    """Count the inputs that are not as the pack was written with."""
    counts = [f'COUNTIF({{{n.ASSUMPTIONS}.changed}},"changed")-IF({{name:{n.SHOWN}}}={{cell:{n.ASSUMPTIONS}.given:'
              f"{n.SHOWN}}},0,1)"]  # fmt: skip
    return "+".join([*counts, f"{{cell:{n.FINGERPRINT}.differs:all}}"])


def _by_kind(contents: Contents, finance: Finance, tree: Tree) -> list[Check]:
    """Areas of each kind that make up the whole, with those not shown singly above them, against the chain."""
    kinds = [kind for kind in tree.kinds if tree.divides(kind)]
    present = set(shown_rows(contents, finance, tree)["kind"])
    found = []
    for kind in kinds:
        if kind not in present:
            continue
        name = words.kind_name(kind)
        depth = tree.kinds.index(kind)
        # Rows of areas not shown singly stand for areas below the one that they are part of.
        above = [words.kind_name(other) for other in tree.kinds[:depth]]
        for key in ("gross", "credible", "once", "net"):
            column = "net_commissioner" if key == "net" else key
            rest = (
                f'SUMIFS({{{n.AREAS}.{key}}},{{{n.AREAS}.kind_name}},"={REST}",{{{n.AREAS}.part_kind}},"=%s")'
            )
            parts = [f'SUMIFS({{{n.AREAS}.{key}}},{{{n.AREAS}.kind_name}},"="&{{of}})']
            parts += [rest % other for other in above]
            found.append(
                Check(
                    what=f"Savings: {key} over areas of this kind = over indicators",
                    of=name,
                    left="+".join(parts),
                    right=f"{{{n.CHAIN}.{column}.total}}",
                )
            )
    return found


def _of_the_plan(contents: Contents, finance: Finance) -> list[Check]:
    plan = contents.plan
    if plan.empty:
        return []
    inside = finance.lines["plan_line"].isin(plan["plan_line"])
    if not inside.all():
        return []
    tops = plan.loc[~plan["parent"].isin(plan["plan_line"]), "plan_line"]
    return [
        Check(
            what=f"Plan: {words} of the lines that are part of none = by indicator",
            of="all",
            left="+".join(
                f'SUMIFS({{{PLAN}.{key}}},{{{PLAN}.plan_line}},"={str(line).replace(chr(34), chr(34) * 2)}")'
                for line in tops
            ),
            right=f"{{{n.CHAIN}.{column}.total}}",
        )
        for key, column, words in (
            ("identified_gbp", "once", "identified"),
            ("net_gbp", "net_commissioner", "net"),
            ("system_net_gbp", "net_system", "net, system"),
        )
    ]
