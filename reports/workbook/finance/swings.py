"""What moves the net saving: one assumption at a time from its low end to its high end, the widest first."""

import pandas as pd

from reports.finance import Finance
from reports.workbook.allowed import ChoiceFrom
from reports.workbook.finance import names as n
from reports.workbook.finance.inputs import SHARE
from reports.workbook.finance.once import BASIS
from reports.workbook.finance.sensitivity_workings import column_of
from reports.workbook.inputs import Input
from reports.workbook.spec import PERCENT, POUNDS, Column, Formula, Sheet, Table
from reports.workbook.steps import tornado

# Differences are to the penny: what another order of adding leaves is no difference.
BASE = f"{{{n.CHAIN}.net_commissioner.total}}"

# An assumption that is moved: what it is called, its two ends, formulas for the net at each, a key.
Row = tuple[str, float | str, float | str, str, str, str]


def tornado_sheet(finance: Finance) -> Sheet:
    """Return the tornado and the table of ends that it is drawn from."""
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


def _net(saving: str) -> str:
    """Net £ of a SUMPRODUCT over lines, scheme costs in £ taken off."""
    return f"SUMPRODUCT({saving})-SUMPRODUCT({{{n.CHAIN}.fixed_now}})"
