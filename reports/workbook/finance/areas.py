"""Where the savings lie: the ledger by indicator and area, and the areas, each from gross to net."""

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.finance import Finance
from reports.shorthand import NOT_APPLICABLE, NOT_AVAILABLE
from reports.tree import Tree
from reports.workbook import usual_columns as usual
from reports.workbook.finance import names as n
from reports.workbook.finance.inputs import decimals_of
from reports.workbook.finance.lines_above import above_columns, with_above
from reports.workbook.finance.once import BASIS, NUMBERS, labels, pounds
from reports.workbook.spec import MOST_ROWS, POUNDS, Column, Sheet, Table

REST = "not shown singly"  # kind of the rows that hold what single areas do not show
UNITS = (
    "credible_peer_mean_units",
    "credible_best_5_units",
    "rightcare_best_5_units",
    "gross_peer_mean_units",
    "gross_best_5_units",
)
BEYOND = ("beyond_peer_mean_units", "beyond_best_5_units")


def area_sheets(contents: Contents, finance: Finance, tree: Tree) -> list[Sheet]:
    """Return the areas and the ledger; a ledger too long for a sheet leaves out the finest kind of area."""
    ledger = ledger_frame(contents, finance, tree)
    return [_areas(ledger), _ledger(ledger)]


def ledger_frame(contents: Contents, finance: Finance, tree: Tree) -> pd.DataFrame:
    """Rows of indicators that can save, below the pack's own area, in the order of the lines and the areas."""
    place = {code: number for number, code in enumerate(finance.lines["indicator"])}
    rows = shown_rows(contents, finance, tree)
    rest = rows["kind"] == REST
    lines, name = finance.lines.set_index("indicator"), words.each(rows["area"], tree.name)
    rows = rows.assign(
        line=rows["indicator"].map(place) + 1,
        name=rows["indicator"].map(lines["name"]),
        unit=rows["indicator"].map(lines["unit"]),
        format=rows["indicator"].map(lines["unit"]).map(decimals_of),
        area_name=name.where(~rest, name + ": areas not shown singly"),
        kind_name=words.each(rows["kind"], words.kind_name).where(~rest, REST),
        part_of=words.each(rows["area"], tree.parent_name).where(~rest, name),
        part_kind=words.each(rows["area"].map(tree.kind), words.kind_name),
        _area=rows["area"].map(tree.order),
    )
    return rows.sort_values(["line", "_area", "kind"], kind="stable", ignore_index=True)


def shown_rows(contents: Contents, finance: Finance, tree: Tree) -> pd.DataFrame:
    """Return the rows of the ledger that a sheet shows, as they are."""
    rows = finance.ledger[finance.ledger["indicator"].isin(finance.lines["indicator"])]
    own = (
        [contents.focus]
        if contents.focus
        else [area for area in tree.names if tree.parent_name(area) is None]
    )
    rows = rows[~rows["area"].isin(own) | (rows["kind"] == REST)]
    if len(rows) > MOST_ROWS:
        rows = rows[(rows["kind"] != tree.finest) & (rows["kind"] != REST)]
    return rows


def _ledger(frame: pd.DataFrame) -> Sheet:
    columns = (
        Column(key="name", heading="Indicator", width=46),
        Column(key="area_name", heading="Area", width=36),
        Column(key="kind_name", heading="Kind of area", width=18),
        usual.PART_OF,
        *_money_columns(),
        usual.UNIT_COUNTED,
        *_unit_columns(),
        Column(key="line", heading="Place of the indicator", format="0", width=10),
        usual.AREA_CODE,
        Column(key="indicator", heading="Indicator code", width=28),
    )
    return Sheet(
        name="Savings ledger",
        title="Savings ledger",
        description="One row for each indicator and area: units by every way to count, and £ from gross to net.",
        notes=(
            "Units are those of the pack's table ledger, by indicator code, area code and kind. Filter by kind of"
            " area before adding up. A single area whose figure is too uncertain to show is in the row of areas"
            " not shown singly of the one that it is part of.",
            "An area's net figure is its share of its indicator's, which the scheme delivers as a whole.",
        ),
        tables=(Table(name=n.LEDGER, columns=columns, frame=frame),),
        frozen_columns=2,
    )


def _money_columns() -> tuple[Column, ...]:
    """£ of an area from gross to net: its units at the line's price, and its part of what the line is worth."""
    price = f"INDEX({{{n.LINES}.unit_cost}},{{line}})"

    def per(key: str) -> str:
        return f"INDEX({{{n.CHAIN}.{key}}},{{line}})"

    counted = ",".join(f"{{{key}}}" for key in UNITS)
    every = ",".join(
        [
            *(f"{{{gap}}}+{{{more}}}" for gap, more in zip(UNITS[3:], BEYOND, strict=True)),
            *(f"{{{key}}}" for key in (UNITS[4], UNITS[3], UNITS[4])),
        ]
    )

    def shown(formula: str) -> str:
        return f'IFERROR({formula},"{NOT_AVAILABLE}")'

    return (
        pounds("gross", "Gross: every gap £", shown(f"CHOOSE({BASIS},{every})*{price}"), width=14),
        pounds("credible", "Counted by the rule £", shown(f"CHOOSE({BASIS},{counted})*{price}"), width=14),
        pounds("once", "Counted once £", shown(f"{{credible}}*{per('once_per_unit')}"), width=14),
        pounds(
            "net", "Net, plan's year, commissioner £", shown(f"{{credible}}*{per('net_per_unit')}"), width=14
        ),
    )


def _unit_columns() -> list[Column]:
    """Units by every way to count, and those that chance had hidden."""
    units = [
        Column(key=key, heading=f"Units: {label}", formats="format", width=13)
        for key, label in zip(UNITS, labels(), strict=True)
    ]
    beyond = [
        Column(key=key, heading=f"Units that chance had hidden: {label}", formats="format", width=13)
        for key, label in zip(BEYOND, labels(), strict=False)
    ]
    return [*units, *beyond]


def _areas(ledger: pd.DataFrame) -> Sheet:
    frame = ledger.drop_duplicates(["area", "kind"]).sort_values(["_area", "kind"], kind="stable")
    frame = frame[["area_name", "kind_name", "part_of", "part_kind", "area"]].reset_index(drop=True)

    def summed(key: str, heading: str) -> Column:
        formula = (
            f'SUMIFS({{{n.LEDGER}.{key}}},{{{n.LEDGER}.area}},"="&{{area}},'
            f'{{{n.LEDGER}.kind_name}},"="&{{kind_name}})'
        )
        return Column(key=key, heading=heading, format=POUNDS, width=18, formula=formula)

    return Sheet(
        name="Savings by area",
        title="Savings by area",
        description="What each area could save, from every gap to net: one row for each area.",
        notes=(
            "No total stands below: a locality holds its practices. The areas of a kind, with those not shown singly,"
            " add up to the whole; the sheet Checks holds them against it.",
        ),
        tables=(
            Table(
                name=n.AREAS,
                columns=(
                    Column(key="area_name", heading="Area", width=44),
                    Column(key="kind_name", heading="Kind of area", width=18),
                    Column(key="part_of", heading="Part of", width=28, missing=NOT_APPLICABLE),
                    summed("gross", "Gross: every gap £"),
                    summed("credible", "Counted by the rule £"),
                    summed("once", "Counted once £"),
                    summed("net", "Net, plan's year, commissioner £"),
                    usual.AREA_CODE,
                    Column(key="part_kind", heading="Kind of the area of the code", width=16),
                ),
                frame=frame,
            ),
        ),
    )


def investment_sheet(contents: Contents, finance: Finance) -> Sheet:
    """Return what under-use would take, priced: never netted off savings."""
    counted = ",".join(f"{{units_{number}}}" for number in NUMBERS)
    every = "{units_4}+{beyond_1},{units_5}+{beyond_2},{units_5},{units_4},{units_5}"
    columns = (
        Column(key="name", heading="Indicator", width=50),
        Column(key="programme", heading="Programme", width=24),
        Column(key="plan_line", heading="Line of the plan", width=40),
        pounds("gross", "Every gap £", f"CHOOSE({BASIS},{every})*{{unit_cost}}"),
        pounds("credible", "Counted by the rule £", f"CHOOSE({BASIS},{counted})*{{unit_cost}}"),
        Column(key="unit_cost", heading="Price of one unit £", format="£#,##0.00", width=12),
        Column(key="unit", heading="Unit counted", width=14),
        *(
            Column(key=f"units_{number}", heading=f"Units: {labels()[number - 1]}", formats="format", width=13)
            for number in NUMBERS
        ),
        *(
            Column(key=f"beyond_{number}", heading=f"Units that chance had hidden: {labels()[number - 1]}",
                   formats="format", width=13)
            for number in (1, 2)
        ),
        *above_columns(contents.plan),
        Column(key="indicator", heading="Indicator code", width=30),
    )  # fmt: skip
    frame = with_above(finance.investments, contents.plan)
    return Sheet(
        name="Investment needs",
        title="Investment needs",
        description="What it would take to bring too little care up to its peers' level: one row for each indicator.",
        notes=(
            "An under-use is a need for investment. It is netted off no saving, and is in no total of savings.",
        ),
        tables=(
            Table(
                name=n.INVESTMENT,
                columns=columns,
                frame=frame.assign(format=frame["unit"].map(decimals_of)),
                empty="No indicator shows a need for investment with a price.",
            ),
        ),
    )
