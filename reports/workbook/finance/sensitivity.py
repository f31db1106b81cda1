"""What if: net by way to count, marginal rate and share delivered."""

import pandas as pd

from reports.finance import Finance
from reports.workbook.allowed import ChoiceFrom
from reports.workbook.finance import names as n
from reports.workbook.finance.inputs import SHARE
from reports.workbook.finance.once import NUMBERS, labels, pounds
from reports.workbook.finance.sensitivity_workings import column_of, workings_sheet
from reports.workbook.finance.swings import tornado_sheet
from reports.workbook.inputs import Input
from reports.workbook.spec import PERCENT, POUNDS, Column, Sheet, Table

SHARES = (0.4, 0.6, 0.8, 1.0)  # of every scheme delivered
DELIVERED = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def sensitivity_sheets(finance: Finance) -> list[Sheet]:
    """Return the two what-if sheets, and the workings behind them."""
    return [_what_if(finance), tornado_sheet(finance), workings_sheet(finance)]


def _what_if(finance: Finance) -> Sheet:
    return Sheet(
        name="Sensitivity",
        title="Sensitivity: way to count, marginal rate, delivery",
        description="Net £ in the plan's year for the commissioner, if the figures in the rows and headings held.",
        notes=(
            "The second table holds every other assumption as it is. Its marginal rates are those of the third table,"
            " for the point of delivery of the fourth: inputs to change.",
        ),
        # Shares delivered stand above the grid, so that its shares are the grid's too.
        tables=(_deliveries(), _grid(finance), _rates_tried(finance), _delivery_varied(finance)),
    )


def _deliveries() -> Table:
    """Net by the share of every scheme that is delivered, with all else as assumed."""
    flat = f"{{{n.CHAIN}.cashable_commissioner}}*{column_of('with_saving')}"
    return Table(
        name=n.DELIVERIES,
        heading="Net in the plan's year by share delivered",
        rows_by="words",
        filtered=False,
        columns=(
            Column(key="words", heading="Share of every scheme delivered", width=46),
            Column(key="share", heading="Share", format=PERCENT, width=12),
            pounds("all", "All lines, commissioner £",
                   f"{{share}}*SUMPRODUCT({flat})-SUMPRODUCT({{{n.CHAIN}.fixed}})", total=False, width=16),
            pounds("shown", "Line of the plan looked at, commissioner £",
                   f"{{share}}*SUMPRODUCT({{{n.CHAIN}.in_view}}*{flat})"
                   f"-SUMPRODUCT({{{n.CHAIN}.in_view}}*{{{n.CHAIN}.fixed}})", total=False, width=16),
        ),
        frame=pd.DataFrame({"words": [f"{share:.0%}" for share in DELIVERED], "share": list(DELIVERED)}),
    )  # fmt: skip


def _grid(finance: Finance) -> Table:
    """Net by way to count, marginal rate of one point of delivery, and share delivered."""
    ways = labels()
    grid = pd.DataFrame(
        [(ways[number - 1], number, place) for number in NUMBERS for place in _places(finance)],
        columns=["way", "number", "tried"],
    )

    def of_way(key: str) -> str:
        return f"INDEX({{{n.SENS_WAYS}.{key}}},{{number}})"

    cells = [
        Column(
            key=f"net_{place}",
            heading=f"Net £ at {share:.0%} delivered",
            format=POUNDS,
            width=16,
            formula=f"{{cell:{n.DELIVERIES}.share:{share:.0%}}}*({of_way('own')}+{{rate}}*{of_way('varied')})"
            f"-{of_way('fixed')}",
        )
        for place, share in enumerate(SHARES, start=1)
    ]
    return Table(
        name=n.GRID,
        heading="Net by way to count, marginal rate and share delivered",
        filtered=False,
        columns=(
            Column(key="way", heading="Way to count", width=46),
            Column(
                key="rate",
                heading="Marginal rate",
                format=PERCENT,
                width=12,
                formula=f"INDEX({{{n.TRIED}.rate}},MATCH({{tried}},{{{n.TRIED}.place}},0))",
            ),
            *cells,
            Column(key="number", heading="Number of the way to count", format="0", width=14),
            Column(key="tried", heading="Number of the rate tried", format="0", width=14),
        ),
        frame=grid,
    )


def _rates_tried(finance: Finance) -> Table:
    """The marginal rates of the grid: inputs."""
    return Table(
        name=n.TRIED,
        heading="Marginal rates tried",
        filtered=False,
        rows_by="place",
        columns=(
            Column(key="words", heading="Rate tried in the table above", width=46),
            Column(key="rate", heading="Rate", format=PERCENT, width=12, allowed=SHARE),
            Column(key="place", heading="Number of the rate", format="0", width=16),
        ),
        frame=pd.DataFrame(
            {
                "words": [f"Rate {place}" for place in _places(finance)],
                "rate": list(finance.what_if.rates),
                "place": list(_places(finance)),
            }
        ),
    )


def _delivery_varied(finance: Finance) -> Table:
    """The point of delivery whose marginal rate the grid varies: an input."""
    return Table(
        name=n.VARIED_TABLE,
        heading="Point of delivery whose marginal rate is varied",
        filtered=False,
        rows_by="what",
        columns=(
            Column(key="what", heading="Choice", width=46),
            Column(key="value", heading="Point of delivery", width=12),
        ),
        frame=pd.DataFrame(
            {
                "what": ["Varied above and on the sheet What moves it"],
                "value": pd.Series(
                    [
                        Input(
                            value=_varied(finance),
                            allowed=ChoiceFrom(f"{n.DELIVERY}.name"),
                            name=n.VARIED,
                        )
                    ],
                    dtype=object,
                ),
            }
        ),
    )


def _places(finance: Finance) -> range:
    return range(1, len(finance.what_if.rates) + 1)


def _varied(finance: Finance) -> str:
    """Name of the point of delivery whose marginal rate is varied."""
    return str(finance.delivery.set_index("point_of_delivery")["name"][finance.what_if.point_of_delivery])
