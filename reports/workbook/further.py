"""What the figures say beyond one period's comparison: trend, inequality and life expectancy."""

import pandas as pd

from reports import words
from reports.catalogue import programme_names
from reports.contents import Contents
from reports.inequality import inequality_sentence, latest_inequality
from reports.life_expectancy import expectancy, expected_at, gap_sentence
from reports.pack_rows import latest
from reports.shorthand import NOT_APPLICABLE, with_suppressed
from reports.tree import Tree
from reports.trends import trend_of, trend_sentence
from reports.workbook import usual_columns as usual
from reports.workbook.comparison import value_formats
from reports.workbook.spec import MOST_ROWS, WHOLE, Column, Sheet, Table, decimal


def further_sheets(contents: Contents) -> list[Sheet]:
    """Return the sheets of trend, inequality and life expectancy; none of what was not measured."""
    sheets = {
        "trend": trend_sheet,
        "inequality": inequality_sheet,
        "life_expectancy": life_expectancy_sheet,
    }
    return [make(contents) for name, make in sheets.items() if not getattr(contents, name).empty]


def trend_sheet(contents: Contents) -> Sheet:
    """Return how each indicator has moved, in the pack's own area and the areas that the finest are part of."""
    tree = Tree(contents)
    rows = trend_of(contents, {contents.focus, *tree.groups})
    own = rows[rows["area"] == contents.focus]
    said = [] if own.empty else [trend_sentence(own, tree.name(contents.focus))]
    of = ["the pack's own area"] if len(own) else []
    if len(rows) > MOST_ROWS:
        rows = own
        said.append(
            f"The {words.kind_name(tree.group_kind, 2)} are too many; they are in the pack's trend table."
        )
    elif tree.group_kind:
        of.append(words.kind_name(tree.group_kind, 2))
    return Sheet(
        name="Trend",
        title="Trend of each indicator",
        description=f"One row for each indicator and area with at least three periods: {words.series(of) or 'none'}.",
        notes=(
            *said,
            "Recent trend: the last five periods, by the test of Fingertips at 99.8 %. Of areas that do not"
            " change, 1 in 500 would be marked by chance.",
            "Special cause: the rules of its own process (XmR) that the latest period breaks. Limits that rest"
            " on fewer than 13 periods are trial ones.",
            "Change = regression to the mean + what all areas of the kind share + the rest, which may be the"
            " area's own.",
        ),
        tables=(
            Table(
                name="trend",
                columns=_TREND_COLUMNS,
                frame=_named(contents, rows, tree),
                empty="No series of these areas is long enough.",
            ),
        ),
        frozen_columns=2,
    )


def _named(contents: Contents, rows: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Name the rows, give each the number format of its indicator and order them as the catalogue has them."""
    catalogue = contents.catalogue.set_index("indicator")
    order = {code: place for place, code in enumerate(catalogue.index)}
    rows = rows.assign(
        indicator_name=rows["indicator"].map(catalogue["name"]),
        programme=rows["indicator"].map(programme_names(contents.catalogue)),
        unit=rows["indicator"].map(catalogue["unit"]),
        kind_name=words.each(rows["kind"], words.kind_name),
        first=rows["indicator"].map(order),
    )
    by = ["first"]
    if "area" in rows:
        rows = rows.assign(area_name=rows["area"].map(tree.names), second=rows["area"].map(tree.order))
        by.append("second")
    rows = rows.sort_values(by, kind="stable", ignore_index=True)
    formats = value_formats(contents, latest(contents.comparison, contents.period))
    return with_suppressed(rows.join(formats["value_format"], on="indicator"))


_TREND_COLUMNS = (
    usual.INDICATOR,
    usual.AREA,
    usual.KIND,
    usual.PROGRAMME,
    usual.UNIT,
    Column(key="first_period", heading="First period", width=11),
    Column(key="last_period", heading="Latest period", width=11),
    Column(key="periods", heading="Periods with a value", format=WHOLE, width=11),
    Column(key="recent_trend", heading="Recent trend", width=30),
    Column(key="trend_chi_square", heading="Chi-square for trend", format=decimal(2), width=12),
    Column(key="special_cause", heading="Special cause", width=26),
    usual.value("process_mean", "Mean of its own process"),
    usual.value("process_lower", "Its lower limit"),
    usual.value("process_upper", "Its upper limit"),
    Column(key="trial_limits", heading="Trial limits", width=10),
    Column(key="period_before", heading="Period before", width=11),
    usual.value("value_before", "Value in the period before"),
    usual.value("change", "Change from the period before"),
    usual.value("change_lower_95", "Change: lower 95 % limit"),
    usual.value("change_upper_95", "Change: upper 95 % limit"),
    usual.CHANGE_BEYOND_CHANCE,
    # The parts of a change are estimated over areas of a kind: one alone has none.
    usual.value("regression_to_mean", "Of it: regression to the mean", missing=NOT_APPLICABLE),
    usual.value("trend_of_all", "Of it: all areas of the kind", missing=NOT_APPLICABLE),
    usual.value("excess", "Of it: the rest", missing=NOT_APPLICABLE),
    usual.value("excess_lower_95", "The rest: lower 95 % limit", missing=NOT_APPLICABLE),
    usual.value("excess_upper_95", "The rest: upper 95 % limit", missing=NOT_APPLICABLE),
    usual.AREA_CODE,
    usual.INDICATOR_CODE,
)


def inequality_sheet(contents: Contents) -> Sheet:
    """Return how each indicator runs from the most to the least deprived areas."""
    rows = latest_inequality(contents)
    said = [] if rows.empty else [inequality_sentence(rows)]
    return Sheet(
        name="Inequality",
        title="Inequality between deprived and less deprived areas",
        description=(
            f"One row for each indicator, the steepest first, in {contents.period} or the indicator's last"
            " period before it."
        ),
        notes=(
            *said,
            "The slope index runs from the most to the least deprived person: below 0, the most deprived have"
            " more. The gradient is the most deprived area less the least deprived: above 0, they have more.",
            "Certain: both leave out 0 with 95 % confidence, on the same side. The slope's limits count chance"
            " in the events; the gradient's all that scatters the areas.",
        ),
        tables=(
            Table(
                name="inequality",
                columns=_INEQUALITY_COLUMNS,
                frame=_with_formats(contents, rows),
                empty="No indicator could be set against deprivation.",
            ),
        ),
    )


def _with_formats(contents: Contents, rows: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return rows
    named = _named(contents, rows.assign(place=range(len(rows))), Tree(contents))
    way = named["way"].where(named["way"] != "", NOT_APPLICABLE)
    return named.assign(way=way).sort_values("place", ignore_index=True)


_INEQUALITY_COLUMNS = (
    usual.INDICATOR,
    usual.PROGRAMME,
    usual.UNIT,
    usual.PERIOD,
    usual.KIND,
    usual.value("most_deprived", "Most deprived fifth"),
    usual.value("least_deprived", "Least deprived fifth"),
    usual.value("sii", "Slope index"),
    usual.value("sii_lower_95", "Slope index: lower 95 % limit"),
    usual.value("sii_upper_95", "Slope index: upper 95 % limit"),
    Column(key="rii", heading="Relative index, least over most deprived", format=decimal(2), width=14),
    usual.value("gradient", "Gradient over areas"),
    usual.value("gradient_lower_95", "Gradient: lower 95 % limit"),
    usual.value("gradient_upper_95", "Gradient: upper 95 % limit"),
    Column(key="certain", heading="Certain", width=9),
    Column(key="way", heading="Among the most deprived, where certain", width=18),
    usual.INDICATOR_CODE,
)


def life_expectancy_sheet(contents: Contents) -> Sheet:
    """Return life expectancy of every area and deprivation fifth, by sex."""
    rows, tree = expectancy(contents), Tree(contents)
    notes = [gap_sentence(rows)] if not rows.empty and gap_sentence(rows) else []
    if len(rows) > MOST_ROWS:
        rows = rows[rows["kind"] != tree.finest].reset_index(drop=True)
        notes.append(f"The {words.kind_name(tree.finest, 2)} are in the pack's table of life expectancy.")
    notes.append("No figure where 5,000 people or fewer live, or where the 95 % interval is over 20 years.")
    frame = (
        rows
        if rows.empty
        else rows.assign(
            from_age=rows["age"].map(expected_at), kind_name=[words.kind_name(kind) for kind in rows["kind"]]
        )
    )
    return Sheet(
        name="Life expectancy",
        title="Life expectancy",
        description="Further years of life: one row for each age, area or deprivation fifth, and sex.",
        notes=tuple(notes),
        tables=(
            Table(
                name="life_expectancy",
                columns=(
                    Column(key="area_name", heading="Area or deprivation fifth", width=34),
                    Column(key="sex", heading="Sex", width=10),
                    Column(key="from_age", heading="Expected", width=11),
                    Column(key="value", heading="Years", format=decimal(1), width=10),
                    Column(key="lower_95", heading="Years: lower 95 % limit", format=decimal(1), width=12),
                    Column(key="upper_95", heading="Years: upper 95 % limit", format=decimal(1), width=12),
                    Column(key="period", heading="Periods pooled", width=22),
                    Column(key="kind_name", heading="Kind", width=14),
                    Column(key="area", heading="Code", width=20),
                ),
                frame=frame,
                empty="No life expectancy of these areas can be shown.",
            ),
        ),
        frozen_columns=2,
    )
