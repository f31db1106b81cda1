"""Areas beside their comparators, a sheet for each programme, and how much the areas vary."""

from functools import partial

import numpy as np
import pandas as pd

from reports import words
from reports.catalogue import programme_names
from reports.contents import Contents
from reports.pack_rows import latest
from reports.shorthand import NOT_APPLICABLE, with_suppressed
from reports.tree import Tree
from reports.trends import with_change
from reports.workbook import usual_columns as usual
from reports.workbook.spec import MOST_ROWS, PENCE, PERCENT, POUNDS, WHOLE, Column, Sheet, Table, decimal

# An SCV below 0 means that there is less variation than chance would give. It is shown as 0.
NONE_BELOW_ZERO = '#,##0.00;"0";0'


def comparison_sheets(contents: Contents) -> list[Sheet]:
    """Return a sheet for each programme: every indicator and area of the latest period."""
    tree = Tree(contents)
    rows = named_rows(contents, tree)
    return [
        _programme_sheet(contents, tree, str(programme), part.reset_index(drop=True), number)
        for number, (programme, part) in enumerate(rows.groupby("programme", sort=False), start=1)
    ]


def named_rows(contents: Contents, tree: Tree) -> pd.DataFrame:
    """Return the latest rows of the comparison with names, units and number formats, by programme."""
    catalogue = contents.catalogue.set_index("indicator")
    rows = latest(contents.comparison, contents.period)
    rows = rows[rows["indicator"].isin(catalogue.index)]
    programmes = programme_names(contents.catalogue)
    order = {code: place for place, code in enumerate(catalogue.index)}
    appears = {name: place for place, name in enumerate(programmes.unique())}
    rows = rows.assign(
        indicator_name=rows["indicator"].map(catalogue["name"]),
        programme=rows["indicator"].map(programmes),
        unit=rows["indicator"].map(catalogue["unit"]),
        area_name=rows["area"].map(tree.names),
        part_of=words.each(rows["area"], tree.parent_name),
        kind_name=words.each(rows["kind"], words.kind_name),
        comparator_name=words.each(rows["comparator"], _comparator),
        indicator_order=rows["indicator"].map(order),
        area_order=rows["area"].map(tree.order),
    )
    rows["programme_order"] = rows["programme"].map(appears)
    rows = with_change(rows, contents.trend)
    rows = rows.sort_values(["programme_order", "indicator_order", "area_order"], kind="stable")
    return rows.join(value_formats(contents, rows), on="indicator")


def _comparator(comparator: str) -> str:
    return words.comparator_name(comparator).removeprefix("the ")


def value_formats(contents: Contents, rows: pd.DataFrame) -> pd.DataFrame:
    """Number formats of each indicator: of its value, and of its counts.

    Three figures of a typical value are shown, as in the pack's sentences; the cells hold eight.
    """
    catalogue = contents.catalogue.set_index("indicator")
    figures = (
        rows[["value", "numerator", "denominator"]].apply(pd.to_numeric, errors="coerce").astype(float).abs()
    )
    typical = figures.groupby(rows["indicator"])["value"].median().reindex(catalogue.index)
    pieces = (figures[["numerator", "denominator"]] % 1 > 0).groupby(rows["indicator"]).any()
    pieces = pieces.reindex(catalogue.index, fill_value=False)
    in_pounds = catalogue["unit"].fillna("").str.startswith("£")
    spend = catalogue["kind"] == "spend"
    return pd.DataFrame(
        {
            "value_format": [
                _value_format(value, pounds) for value, pounds in zip(typical, in_pounds, strict=True)
            ],
            "numerator_format": [
                POUNDS if money else decimal(1) if parts else WHOLE
                for money, parts in zip(spend, pieces["numerator"], strict=True)
            ],
            "denominator_format": [decimal(1) if parts else WHOLE for parts in pieces["denominator"]],
        },
        index=catalogue.index,
    )


def _value_format(typical: float, in_pounds: bool) -> str:
    if in_pounds:
        return POUNDS if typical >= 100 else PENCE
    if not np.isfinite(typical) or typical == 0:
        return decimal(2)
    return decimal(int(np.clip(2 - np.floor(np.log10(typical)), 0, 4)))


def _programme_sheet(
    contents: Contents, tree: Tree, programme: str, rows: pd.DataFrame, number: int
) -> Sheet:
    notes = [
        "Better and worse follow the direction that is good for the indicator; higher and lower are for local"
        " interpretation. About 1 area in 40 is flagged each way by chance alone.",
        "Against peers: the uncertainty of the area and of its peers both count. RightCare's rule takes the"
        " best five of ten peers as fixed, and flags about 12 % of areas by chance.",
    ]
    if len(rows) > MOST_ROWS:
        rows = rows[rows["kind"] != tree.finest].reset_index(drop=True)
        notes.append(
            f"The {words.kind_name(tree.finest, 2)} are too many for one sheet; they are in the pack's"
            " comparison table."
        )
    indicators = words.count_of(rows["indicator"].nunique(), "indicator")
    return Sheet(
        name=f"Compare {programme}",
        title=f"{programme}: areas beside their comparators",
        description=(
            f"{indicators}, one row for each indicator and area, in {contents.period} or the indicator's last"
            " period before it. Variation is a reason to ask, not an answer."
        ),
        notes=tuple(notes),
        tables=(
            Table(
                name=f"comparison_{number}",
                columns=comparison_columns(rows),
                frame=with_suppressed(rows),
                empty="No figure of this programme is shown here.",
            ),
        ),
        frozen_columns=2,
    )


def comparison_columns(rows: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of a table of areas beside their comparators."""
    value = partial(usual.value, width=11)
    columns = (
        usual.INDICATOR,
        usual.AREA,
        usual.KIND,
        usual.PART_OF,
        usual.PERIOD,
        *usual.counts(),
        Column(key="expected", heading="Expected from case mix", format=decimal(1), width=12),
        value("value", "Value"),
        usual.UNIT,
        value("lower_95", "Value: lower 95 % limit"),
        value("upper_95", "Value: upper 95 % limit"),
        value("lower_998", "Value: lower 99.8 % limit"),
        value("upper_998", "Value: upper 99.8 % limit"),
        Column(key="comparator_name", heading="Comparator", width=20, missing=NOT_APPLICABLE),
        value("comparator_value", "Comparator's value"),
        value("difference", "Difference"),
        value("difference_lower_95", "Difference: lower 95 % limit"),
        value("difference_upper_95", "Difference: upper 95 % limit"),
        usual.AGAINST_PEERS,
        Column(key="significance_998", heading="Against peers, at 99.8 %", width=13, signal=True),
        value("best_5_value", "Best five of ten peers"),
        Column(key="significance_rightcare", heading="By RightCare's rule", width=13, signal=True),
        value("value_before", "Value in the period before"),
        value("change", "Change from the period before"),
        usual.CHANGE_BEYOND_CHANCE,
        Column(key="percentile", heading="Percentile among areas of its kind", format=WHOLE, width=13),
        Column(key="rank", heading="Rank, 1 is lowest", format=WHOLE, width=10),
        Column(key="peers_used", heading="Peers with a value", format=WHOLE, width=10),
        Column(key="reliability", heading="Reliability", format=decimal(2), width=11),
        usual.AREA_CODE,
        usual.INDICATOR_CODE,
    )
    # Not every pack has case-mix adjusted indicators or two periods: a column of [x] only tells no one anything.
    rare = ("expected", "value_before", "change", "change_significance")
    return tuple(column for column in columns if column.key not in rare or rows[column.key].notna().any())


def variation_sheet(contents: Contents) -> Sheet:
    """Return how much the areas of each kind vary, and how much of that chance would give."""
    catalogue, tree = contents.catalogue.set_index("indicator"), Tree(contents)
    rows = latest(contents.variation, contents.period)
    rows = rows[rows["indicator"].isin(catalogue.index)]
    order = {code: place for place, code in enumerate(catalogue.index)}
    kinds = {kind: place for place, kind in enumerate(reversed(tree.kinds))}
    rows = rows.assign(
        indicator_name=rows["indicator"].map(catalogue["name"]),
        programme=rows["indicator"].map(programme_names(contents.catalogue)),
        kind_name=[words.kind_name(kind, 2) for kind in rows["kind"]],
        first=rows["indicator"].map(order),
        second=rows["kind"].map(kinds),
    ).sort_values(["first", "second"], kind="stable", ignore_index=True)
    return Sheet(
        name="Variation",
        title="How much the areas vary",
        description=(
            "Measures of variation between areas of a kind, one row for each indicator and kind of area, in"
            f" {contents.period} or the indicator's last period before it."
        ),
        notes=(
            "SCV is the systematic component of variation, times 100: above 3 notable, above 5 high, above 10"
            " very high (a convention). A negative SCV means less variation than chance would give, and is"
            " shown as 0.",
            "Read the extremal quotient, highest over lowest, only beside what chance alone would give.",
        ),
        tables=(
            Table(
                name="variation",
                columns=_VARIATION_COLUMNS,
                frame=rows,
                empty="No variation was measured in this pack.",
            ),
        ),
    )


def _measure(key: str, heading: str, places: int = 2) -> Column:
    return Column(key=key, heading=heading, format=decimal(places), width=12)


_VARIATION_COLUMNS = (
    usual.INDICATOR,
    usual.PROGRAMME,
    usual.KIND,
    usual.PERIOD,
    Column(key="areas", heading="Areas with a value", format=WHOLE, width=10),
    usual.FLAGS,
    _measure("flags_expected_by_chance", "Flags expected by chance", 1),
    usual.FLAGS_RIGHTCARE,
    _measure("extremal_quotient", "Extremal quotient"),
    _measure("extremal_quotient_chance", "Extremal quotient by chance alone"),
    Column(key="scv", heading="SCV", format=NONE_BELOW_ZERO, width=11),
    Column(key="scv_weighted", heading="SCV, weighted by expected events", format=NONE_BELOW_ZERO, width=12),
    _measure("cv", "Coefficient of variation"),
    _measure("weighted_cv", "Coefficient of variation, weighted"),
    _measure("chi_square", "Chi-square", 1),
    _measure("p_value", "P value of chi-square", 4),
    Column(key="i_squared", heading="Share of chi-square beyond chance", format=PERCENT, width=12),
    _measure("phi", "Overdispersion of the funnel (phi)"),
    _measure("tau", "Standard deviation beyond chance (tau)", 3),
    _measure("median_rate_ratio", "Median rate ratio"),
    _measure("gini", "Gini coefficient", 3),
    Column(key="share_chance", heading="Share of variance: chance", format=PERCENT, width=12),
    Column(key="share_case_mix", heading="Share of variance: case mix", format=PERCENT, width=12),
    Column(key="share_unwarranted", heading="Share of variance: what is left", format=PERCENT, width=12),
    usual.INDICATOR_CODE,
)
