"""What if: net by comparator, marginal rate and delivery; and what moves it most, one assumption at a time."""

import pandas as pd

from reports.finance import Finance
from reports.workbook.allowed import ChoiceFrom
from reports.workbook.finance import names as n
from reports.workbook.finance.inputs import SHARE
from reports.workbook.finance.once import BASIS, NUMBERS, labels, pounds
from reports.workbook.finance.sensitivity_workings import column_of, workings_sheet
from reports.workbook.inputs import Input
from reports.workbook.spec import PERCENT, POUNDS, Column, Formula, Sheet, Table
from reports.workbook.steps import tornado

SHARES = (0.4, 0.6, 0.8, 1.0)  # of every scheme delivered
DELIVERED = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
# Differences are to the penny: what another order of adding leaves is no difference.
BASE = f"{{{n.CHAIN}.net_commissioner.total}}"


# An assumption that is moved: what it is called, its two ends, formulas for the net at each, a key.
Row = tuple[str, float | str, float | str, str, str, str]


def sensitivity_sheets(finance: Finance) -> list[Sheet]:
    """Return the two what-if sheets, and the workings behind them."""
    return [_what_if(finance), _tornado(finance), workings_sheet(finance)]


def _net(saving: str) -> str:
    """Net £ of a SUMPRODUCT over lines, scheme costs in £ taken off."""
    return f"SUMPRODUCT({saving})-SUMPRODUCT({{{n.CHAIN}.fixed_now}})"


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


def _tornado(finance: Finance) -> Sheet:
    rows = _swings(finance)
    return Sheet(
        name="What moves it",
        title="What moves the net saving most",
        description="Net £ in the plan's year for the commissioner when one assumption is moved and the others stay.",
        notes=("The ends of each range are inputs: change them to what is thought possible.",),
        tables=(_widest_first(len(rows)), _one_at_a_time(rows)),
        charts=(
            tornado(
                n.TORNADO,
                title="What moves the net saving most",
                alt_text="Tornado chart: for each assumption a bar from what the net saving would lose at its low end"
                " to what it would gain at its high end, the widest at the top. The figures are in the table above.",
            ),
        ),
    )


def _one_at_a_time(rows: list[Row]) -> Table:
    """Return each assumption with its two ends, what is net at each, and how wide that is."""
    frame = pd.DataFrame(
        {
            "label": [row[0] for row in rows],
            "low": pd.Series([_end(row[1]) for row in rows], dtype=object),
            "high": pd.Series([_end(row[2]) for row in rows], dtype=object),
            "net_low": pd.Series([Formula(row[3]) for row in rows], dtype=object),
            "net_high": pd.Series([Formula(row[4]) for row in rows], dtype=object),
            "key": [row[5] for row in rows],
            "number": range(1, len(rows) + 1),
        }
    )
    return Table(
        name=n.SWINGS_FOUND,
        heading="One assumption at a time",
        rows_by="key",
        filtered=False,
        columns=(
            Column(key="label", heading="Moved", width=46),
            Column(key="low", heading="Low end", format=PERCENT, width=16),
            Column(key="high", heading="High end", format=PERCENT, width=16),
            Column(key="net_low", heading="Net at the low end £", format=POUNDS, width=16),
            Column(key="net_high", heading="Net at the high end £", format=POUNDS, width=16),
            Column(key="width", heading="Width £", format=POUNDS, width=16,
                   formula="ROUND(ABS({net_high}-{net_low}),2)"),
            Column(key="place", heading="Place", format="0", width=10,
                   formula=f"SUMPRODUCT(--({{{n.SWINGS_FOUND}.width}}>{{width}}))"
                           f"+SUMPRODUCT(({{{n.SWINGS_FOUND}.width}}={{width}})*({{{n.SWINGS_FOUND}.number}}<{{number}}))+1"),
            Column(key="number", heading="Number of the row", format="0", width=12),
            Column(key="key", heading="Key", width=18),
        ),
        frame=frame,
    )  # fmt: skip


def _widest_first(count: int) -> Table:
    """Return the same in the order of their width, as differences, with the words of the chart."""
    found = f"INDEX({{{n.SWINGS_FOUND}.%s}},MATCH({{place}},{{{n.SWINGS_FOUND}.place}},0))"
    return Table(
        name=n.TORNADO,
        heading="The widest first, as differences from the net in force",
        filtered=False,
        columns=(
            Column(key="label", heading="Moved", width=46, formula=found % "label"),
            Column(key="low", heading="At the low end £", format=POUNDS, width=16,
                   formula=f"ROUND({found % 'net_low'}-{BASE},2)"),
            Column(key="high", heading="At the high end £", format=POUNDS, width=16,
                   formula=f"ROUND({found % 'net_high'}-{BASE},2)"),
            Column(key="place", heading="Place", format="0", width=10),
            Column(key="caption", heading="Chart: words", width=16,
                   formula='{label}&": "&TEXT({low},"+£0.0,,\\m;\\\N{MINUS SIGN}£0.0,,\\m;£0.0,,\\m")&" to "'
                           '&TEXT({high},"+£0.0,,\\m;\\\N{MINUS SIGN}£0.0,,\\m;£0.0,,\\m")'),
        ),
        frame=pd.DataFrame({"place": range(1, count + 1)}),
    )  # fmt: skip


def _end(value: float | str | None) -> object:
    """One end of a range: a share or a word to change, or a word that says that there is nothing to change."""
    if isinstance(value, float):
        return Input(value=value, allowed=SHARE, format=PERCENT)
    if isinstance(value, str) and value.startswith("="):
        return Input(value=value.removeprefix("="), allowed=ChoiceFrom(f"{n.PHASING}.phasing"))
    return value


def _swings(finance: Finance) -> list[Row]:
    """Label, ends, net at each, key: the closed form of the chain with one factor replaced."""
    chain = {key: f"{{{n.CHAIN}.{key}}}" for key in
             ("once", "signed_off", "marginal", "contract", "confidence", "fixed", "fixed_now", "net_commissioner",
              "addressable", "deliverable_commissioner", "cashable_commissioner")}  # fmt: skip
    coef = column_of("with_saving")

    def both(formula: str) -> tuple[str, str]:
        return formula.replace("#", "{low}"), formula.replace("#", "{high}")

    signed = _net(f"{chain['once']}*{chain['marginal']}*{chain['contract']}*{chain['confidence']}*{coef}*#")
    rate = _net(
        f"{chain['addressable']}*{chain['contract']}*{chain['confidence']}*{coef}"
        f"*({chain['marginal']}*(1-{column_of('varied')})+{column_of('varied')}*#)"
    )
    delivery = f"#*SUMPRODUCT({chain['cashable_commissioner']}*{coef})-SUMPRODUCT({chain['fixed']})"
    again = _net(
        f"{chain['deliverable_commissioner']}*({column_of('factor')}*(1-#)-{column_of('starting')}*{{name:{n.ONE_OFF}}})"
    )
    way = f"INDEX({{{n.SENS_WAYS}.net}},%s)"
    low_way = f"IF({BASIS}<=2,1,IF({BASIS}=3,3,4))"
    high_way = f"IF({BASIS}<=2,2,IF({BASIS}=3,3,5))"
    looser = f"IF(OR({BASIS}=1,{BASIS}=4),4,5)"
    stricter = f"IF(OR({BASIS}=1,{BASIS}=4),1,2)"
    sure = f"IF(ISNUMBER({{cell:{n.INTERVALS}.%s:net_all}}),{{cell:{n.INTERVALS}.%s:net_all}},{BASE})"
    cap = _net(f"{column_of('cap_%s')}*{coef}")
    phased = _net(f"{chain['deliverable_commissioner']}*{column_of('phased_%s')}")
    ends = finance.what_if.ranges
    slow, quick = ends["phasing"]
    return [
        ("Delivery of every scheme", *ends["delivery"], *both(delivery), "delivery"),
        ("Clinical sign-off of every line", *ends["sign_off"], *both(signed), "sign_off"),
        ("Marginal rate of the point of delivery varied", *ends["marginal"], *both(rate), "marginal"),
        ("Recurrent reinvestment", *ends["reinvestment"], *both(again), "reinvestment"),
        ("Cap on overlap groups", *ends["cap"], cap % "low", cap % "high", "cap"),
        ("Phasing of every scheme", f"={slow}", f"={quick}", phased % "low", phased % "high", "phasing"),
        ("Comparator", "mean", "best five", way % low_way, way % high_way, "comparator"),
        ("Rule", "credible", "every gap", way % stricter, way % looser, "rule"),
        (
            "Chance: 10th to 90th percentile",
            "10th",
            "90th",
            sure % ("p10", "p10"),
            sure % ("p90", "p90"),
            "chance",
        ),
    ]
