"""The sheets that finance changes: assumptions, prices and contracts, phasing, lines, schemes, overlaps.

Each row is found again by its key and each input by its heading when an edited workbook is read back, so that
sheets may be moved and other cells retyped.
"""

import pandas as pd

from reports.finance import COMPARATORS, RULES, Finance, General
from reports.workbook.allowed import Between, Choice, ChoiceFrom
from reports.workbook.finance import names as n
from reports.workbook.inputs import NOTE, Assumption, assumption_table
from reports.workbook.spec import PENCE, PERCENT, PERCENT_1, POUNDS, Column, Sheet, Table, decimal

SHARE = Between(lower=0, upper=1)
MOST_POUNDS = 1_000_000_000.0  # £: no price or cost in a health system's plan is above
CONVENTION = "Convention, set in analysis.toml"
ALL_LINES = "All lines"
NUMBER = Column(key="number", heading="Number", format="0", width=9)


def input_sheets(finance: Finance) -> list[Sheet]:
    """Return the sheets of inputs, each one table."""
    sheets = [
        _assumptions(finance),
        _delivery(finance),
        _phasing(finance),
        _schemes(finance),
        _lines(finance),
    ]
    return [*sheets, _overlaps(finance)] if len(pairs_of(finance)) else sheets


def _assumptions(finance: Finance) -> Sheet:
    return Sheet(
        name="Assumptions",
        title="Assumptions",
        description="What holds for every line unless its own row says otherwise: one row for each assumption.",
        notes=(
            NOTE,
            "RightCare's rule is published against the best five of ten peers: the comparator does not change it.",
        ),
        tables=(assumption_table(n.ASSUMPTIONS, general_assumptions(finance)),),
    )


def general_assumptions(finance: Finance) -> list[Assumption]:
    """Return the assumptions that hold for everything, in the order of their sheet."""
    return [*_ways_to_count(finance.general), *_general_shares(finance.general), *_choices_of_view(finance)]


def _ways_to_count(general: General) -> list[Assumption]:
    """The rule by which a gap counts, and against whom."""
    return [
        Assumption(
            name=n.RULE,
            label="Rule by which a gap counts",
            value=RULES[general.rule],
            allowed=Choice(tuple(RULES.values())),
            source="Credible: joint draws, chance taken out. RightCare's rule: NHS RightCare, as published",
            note="Every gap takes chance for opportunity",
        ),
        Assumption(
            name=n.COMPARATOR,
            label="Comparator",
            value=COMPARATORS[general.comparator],
            allowed=Choice(tuple(COMPARATORS.values())),
            source="The mean is the headline, the best five the stretch",
        ),
    ]


def _general_shares(general: General) -> list[Assumption]:
    """Shares that hold where a scheme has none of its own."""
    return [
        _share(
            n.CAP, "Cap on an overlap group", general.overlap_cap, "share of what the group costs", CONVENTION,
            "No more is claimed of a group than this share of its spend",
        ),
        _share(
            n.SIGNED_OFF, "Clinical sign-off", general.addressable, "share of the £ counted once", CONVENTION,
            "Where the scheme has no share of its own",
        ),
        _share(
            n.DELIVERED, "Deliverable", general.deliverable, "share of the cashable £", CONVENTION,
            "Where the scheme has no share of its own",
        ),
        _share(
            n.REINVESTED, "Recurrent reinvestment", general.reinvestment, "share of each year's saving", CONVENTION,
            "Spent again on the care that takes the place of what stops",
        ),
        _share(
            n.ONE_OFF, "One-off cost", general.one_off, "share of a full year's saving", CONVENTION,
            "In the year in which a scheme starts",
        ),
        _share(
            n.DISCOUNT, "Discount rate", general.discount_rate, "a year", "HM Treasury Green Book; convention",
        ),
    ]  # fmt: skip


def _share(name: str, label: str, value: float, unit: str, source: str, note: str = "") -> Assumption:
    return Assumption(
        name=name,
        label=label,
        value=value,
        allowed=SHARE,
        unit=unit,
        format=PERCENT_1,
        source=source,
        note=note,
    )


def _choices_of_view(finance: Finance) -> list[Assumption]:
    """The year and the line of the plan that the summaries show."""
    return [
        Assumption(
            name=n.PLAN_YEAR,
            label="Year that stands against the plan",
            value=finance.general.plan_year,
            allowed=Between(lower=0, upper=4, whole=True),
            unit="year, 0 is the first",
            format="0",
            source=CONVENTION,
        ),
        Assumption(
            name=n.SHOWN,
            label="Line of the plan looked at",
            value=finance.plan_line_shown,
            allowed=ChoiceFrom("plan_lines.plan_line"),
            source="A choice of view: it changes no figure but what the summaries show",
        ),
    ]


def _delivery(finance: Finance) -> Sheet:
    frame = numbered(finance.delivery)
    return _sheet(
        "Prices and contracts",
        "What stops being paid and what stops being spent when activity stops: one row for each point of delivery.",
        Table(
            name=n.DELIVERY,
            rows_by="point_of_delivery",
            filtered=False,
            columns=(
                Column(key="name", heading="Point of delivery", width=26),
                Column(key="price", heading="Reference price £", format=POUNDS, width=12, missing="[z]"),
                _share_column("marginal_rate", "Marginal rate: share of the price paid at the margin"),
                _share_column("contract", "Contract: share paid by activity, 0% is a block"),
                _share_column("variable_cost", "Variable cost: share of the price the system stops spending"),
                Column(key="source", heading="Source", width=70, wrap=True, missing="[z]"),
                Column(key="point_of_delivery", heading="Key", width=22),
                NUMBER,
            ),
            frame=frame,
        ),
        "The reference price is for comparison: what is reckoned with is each line's own, on Line assumptions.",
    )


def _share_column(key: str, heading: str, width: float = 18) -> Column:
    return Column(key=key, heading=heading, format=PERCENT, width=width, allowed=SHARE)


def _phasing(finance: Finance) -> Sheet:
    columns = [_share_column(f"year_{year}", f"Year {year + 1} of the scheme", 13) for year in range(5)]
    return _sheet(
        "Phasing profiles",
        "Share of a full year's saving that a scheme has reached in its first, second ... fifth year.",
        Table(
            name=n.PHASING,
            rows_by="phasing",
            filtered=False,
            columns=(Column(key="phasing", heading="Phasing", width=26), *columns, NUMBER),
            frame=numbered(finance.phasing),
        ),
    )


def _schemes(finance: Finance) -> Sheet:
    frame = numbered(finance.schemes)
    return _sheet(
        "Scheme assumptions",
        "When each scheme starts, how it builds up, what has been signed off, what it costs: a row for each.",
        Table(
            name=n.SCHEMES,
            rows_by="scheme",
            columns=(
                Column(key="scheme", heading="Scheme", width=50),
                Column(
                    key="start_year", heading="Starts in year", format="0", width=10,
                    allowed=Between(lower=0, upper=4, whole=True),
                ),
                Column(
                    key="months", heading="Months in effect in that year", format="0", width=12,
                    allowed=Between(lower=0, upper=12),
                ),
                Column(
                    key="phasing", heading="Phasing", width=14, allowed=ChoiceFrom(f"{n.PHASING}.phasing")
                ),
                Column(key="recurrent", heading="Recurrent", width=11, allowed=Choice(("yes", "no"))),
                _share_column("addressable", "Clinical sign-off; empty for the general share", 16),
                _share_column("deliverable", "Deliverable; empty for the general share", 16),
                Column(
                    key="recurrent_cost_gbp", heading="Recurrent cost £ a year", format=POUNDS, width=14,
                    allowed=Between(lower=0, upper=MOST_POUNDS),
                ),
                Column(
                    key="one_off_gbp", heading="One-off cost £, beside the general share", format=POUNDS, width=16,
                    allowed=Between(lower=0, upper=MOST_POUNDS),
                ),
                NUMBER,
            ),
            frame=frame,
        ),
        "A scheme that saves once (not recurrent) gives nothing after its first year. A scheme that delivers nothing"
        " is not started and costs nothing. Spare schemes are for gathering lines anew, on Line assumptions.",
    )  # fmt: skip


def _lines(finance: Finance) -> Sheet:
    delivery = dict(zip(finance.delivery["point_of_delivery"], finance.delivery["name"], strict=True))
    frame = numbered(finance.lines)
    frame["point_of_delivery"] = frame["point_of_delivery"].map(delivery)
    return _sheet(
        "Line assumptions",
        "Which scheme each indicator's saving belongs to, how it is delivered, and its price: one row for each.",
        Table(
            name=n.LINES,
            rows_by="indicator",
            columns=(
                Column(key="name", heading="Indicator", width=50),
                Column(key="scheme", heading="Scheme", width=46, allowed=ChoiceFrom(f"{n.SCHEMES}.scheme")),
                Column(
                    key="point_of_delivery", heading="Point of delivery", width=24,
                    allowed=ChoiceFrom(f"{n.DELIVERY}.name"),
                ),
                Column(
                    key="unit_cost", heading="Price of one unit £", format=PENCE, width=13,
                    allowed=Between(lower=0, upper=MOST_POUNDS),
                ),
                Column(key="unit", heading="Unit counted", width=14),
                _share_column("marginal_rate", "Marginal rate; empty for the point of delivery's", 16),
                Column(key="plan_line", heading="Line of the plan", width=40),
                Column(key="overlap_group", heading="Overlap group", width=28),
                Column(key="indicator", heading="Indicator code", width=30),
                NUMBER,
            ),
            frame=frame,
        ),
        "Every indicator is in one scheme only, so that no saving is in two.",
    )  # fmt: skip


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Number the rows of a table from 1, for formulas."""
    return frame.assign(number=range(1, len(frame) + 1)).reset_index(drop=True)


def pairs_of(finance: Finance) -> pd.DataFrame:
    """Return pairs of lines that count some of the same events, with their names."""
    lines = finance.lines.set_index("indicator")["name"]
    pairs = finance.overlaps
    pairs = pairs[pairs["indicator"].isin(lines.index) & pairs["other"].isin(lines.index)]
    return pairs.assign(name=pairs["indicator"].map(lines), other_name=pairs["other"].map(lines)).reset_index(
        drop=True
    )


def _overlaps(finance: Finance) -> Sheet:
    return _sheet(
        "Overlaps",
        "Share of an indicator's events that another counts too: one row for each pair, in each direction.",
        Table(
            name=n.OVERLAPS,
            columns=(
                Column(key="name", heading="Indicator", width=50),
                Column(key="other_name", heading="Also counted by", width=50),
                _share_column("share", "Share of its events counted there too"),
                Column(key="indicator", heading="Indicator code", width=30),
                Column(key="other", heading="Code of the other", width=30),
                NUMBER,
            ),
            frame=numbered(pairs_of(finance)),
        ),
        "Only what a larger indicator counts is taken out of a smaller one. All of it (100%) within an overlap group"
        " leaves the largest of the group.",
    )


def _sheet(title: str, description: str, table: Table, *notes: str) -> Sheet:
    return Sheet(name=title, title=title, description=description, notes=(NOTE, *notes), tables=(table,))


def decimals_of(unit: object) -> str:
    """Return the number format of units: whole £, tenths of anything else."""
    return decimal(0) if unit == "£" else decimal(1)
