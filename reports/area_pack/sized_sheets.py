"""Sheets of what the gaps of one area may be worth: what to ask about, and every way of sizing it."""

import pandas as pd

from reports.area_pack.contents import AreaContents
from reports.area_pack.story import Story
from reports.catalogue import programme_names
from reports.claims import Claim, claims
from reports.shorthand import NOT_APPLICABLE, with_suppressed
from reports.workbook import usual_columns as usual
from reports.workbook.amounts import NOT_NETTED, marked_where
from reports.workbook.claim_columns import claim_column
from reports.workbook.comparison import value_formats
from reports.workbook.spec import PERCENT, POUNDS, WHOLE, Column, Sheet, Table

COUNTED = "counted_gbp"


def _sentence(key: str, heading: str, width: float = 60) -> Column:
    return Column(key=key, heading=heading, width=width, wrap=True, missing=NOT_APPLICABLE)


def asking_sheet(story: Story) -> Sheet:
    """Return all that is beyond chance on the side to ask about, the most to gain first."""
    area, rows = story.area, story.to_ask_about.reset_index(drop=True)
    first = {look.indicator: place for place, look in enumerate(story.looks, start=1)}
    formats = value_formats(area.contents, rows)
    frame = rows.assign(first=rows["indicator"].map(first)).join(formats, on="indicator")
    return Sheet(
        name="Where to look",
        title=f"Where {area.name} should look",
        description=(
            "Every indicator beyond chance on the side to ask about: one row each, the most to gain first."
        ),
        notes=(
            "A difference is a reason to ask, not a finding: it may be warranted.",
            "Look first at: of indicators that count the same events one stands for all.",
            "Probability: that the area truly lies on this side of its peers.",
        ),
        tables=(
            Table(
                name="asking",
                columns=(
                    Column(key="name", heading="Indicator", width=46),
                    usual.PROGRAMME,
                    Column(
                        key="first", heading="Look first at", format=WHOLE, width=9, missing=NOT_APPLICABLE
                    ),
                    usual.value("value", area.name, width=14),
                    usual.value("comparator_value", "Peers"),
                    usual.UNIT,
                    usual.value("difference_lower_95", "Difference: lower 95 % limit"),
                    usual.value("difference_upper_95", "Difference: upper 95 % limit"),
                    Column(key="probability", heading="Probability", format=PERCENT, width=11),
                    Column(key="units", heading="Units to stand where peers stand", format=WHOLE, width=13),
                    Column(key="counts", heading="Unit counted", width=12, missing=NOT_APPLICABLE),
                    usual.SAVING,
                    usual.INVESTMENT,
                    Column(key="p10", heading="£, 10th percentile", format=POUNDS),
                    Column(key="p90", heading="£, 90th percentile", format=POUNDS),
                    _sentence("question", "Ask"),
                    _sentence("may_be_warranted", "May be warranted by"),
                    usual.INDICATOR_CODE,
                ),
                frame=frame,
                empty="Nothing is beyond chance on the side to ask about.",
            ),
        ),
    )


def opportunity_sheet(area: AreaContents) -> Sheet:
    """Return the area's opportunity, each way of sizing it beside the others, and what of it counts once."""
    contents = area.contents
    sized = claims(contents)
    rows = contents.opportunity[contents.opportunity["area"] == area.area]
    told = contents.catalogue.assign(
        programme=contents.catalogue["indicator"].map(programme_names(contents.catalogue))
    )
    frame = told[told["indicator"].isin(rows["indicator"])][["indicator", "name", "programme"]]
    about = rows.drop_duplicates("indicator").set_index("indicator")[["direction", "unit"]]
    frame = frame.join(about, on="indicator")
    for number, claim in enumerate(sized):
        frame = frame.join(_figures(rows, claim, number), on="indicator")
    saving = frame["direction"] == "reduce"
    counts = (
        frame["counted_0"].eq(True) & frame["gbp_0"].map(lambda cell: not isinstance(cell, str))
    ).tolist()
    frame["counts"] = ["yes" if one else "no" for one in counts]
    for number in range(len(sized)):
        frame[f"gbp_{number}"] = marked_where(frame[f"gbp_{number}"], ~saving)
    frame["investment_0"] = marked_where(frame["investment_0"], saving)
    order = pd.to_numeric(frame["gbp_0"], errors="coerce")
    frame = frame.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)
    return Sheet(
        name="Opportunity",
        title=f"What it may be worth to {area.name}",
        description=(
            f"What it would come to if {area.name} stood where its comparators stand, in {contents.period}: one"
            " row for each indicator, the largest first."
        ),
        notes=(
            f"The headline is {sized[0].label}. A chance floor is what the same rule would claim if all areas"
            " were alike.",
            f"{NOT_NETTED} Counts in the total: of indicators that count the same events only one does.",
        ),
        tables=(Table(name="opportunity", columns=_opportunity_columns(sized, frame), frame=frame),),
    )


def _figures(rows: pd.DataFrame, claim: Claim, number: int) -> pd.DataFrame:
    """Figures of one claim by indicator; [c] where they are withheld."""
    own = rows[(rows["mode"] == claim.mode) & (rows["comparator"] == claim.comparator)]
    names = {"units": "units", "value_gbp": "gbp", "chance_floor_gbp": "floor"}
    if number == 0:
        names |= {"investment_gbp": "investment", "p10": "p10", "p90": "p90", "counted": "counted"}
    own = with_suppressed(own, [name for name in names if name != "counted"])
    own = own.drop_duplicates("indicator").set_index("indicator")[list(names)]
    return own.rename(columns={source: f"{name}_{number}" for source, name in names.items()})


def _opportunity_columns(sized: list[Claim], frame: pd.DataFrame) -> tuple[Column, ...]:
    def of(number: int, figure: str, *, width: float = 15) -> Column:
        return claim_column(frame, sized[number], number, figure, width=width)

    columns = [
        Column(key="name", heading="Indicator", width=46),
        usual.PROGRAMME,
        usual.DIRECTION,
        of(0, "units", width=14),
        usual.UNIT_COUNTED,
        *(of(0, figure) for figure in ("gbp", "p10", "p90", "floor", "investment")),
        Column(key="counts", heading="Counts in the total", width=11),
        Column(
            key=COUNTED,
            heading="Saving £, each event counted once",
            format=POUNDS,
            width=15,
            formula=f'IF({{counts}}="yes",{{gbp_0}},"{NOT_APPLICABLE}")',
            total=True,
        ),
    ]
    for number in range(1, len(sized)):
        columns += [of(number, "gbp"), of(number, "floor")]
    return (*columns, usual.INDICATOR_CODE)
