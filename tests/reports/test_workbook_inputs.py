"""A workbook with inputs: their look, what they take, their names, and figures that follow them in any engine."""

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from reports.workbook.addresses import Addresses
from reports.workbook.allowed import Between, Choice, ChoiceFrom, DateBetween, FreeText
from reports.workbook.book import workbook_bytes
from reports.workbook.charts import BarChart
from reports.workbook.inputs import Assumption, Input, assumption_table, check_name
from reports.workbook.layout import place
from reports.workbook.spec import PERCENT, POUNDS, Column, Properties, Sheet, Table, look_up
from reports.workbook.steps import Step, Swing, step_table, swing_table, tornado, waterfall
from tests.reports.recalculation import assert_same, carried, in_formualizer, in_libreoffice, with_inputs

ASSUMPTIONS = (
    Assumption(
        name="marginal_rate",
        label="Marginal rate",
        value=0.7,
        allowed=Between(lower=0, upper=1),
        unit="share of the tariff",
        format=PERCENT,
        source="National rules",
    ),
    Assumption(
        name="first_day",
        label="First day of year 0",
        value=date(2017, 4, 1),
        allowed=DateBetween(first=date(2016, 4, 1), last=date(2020, 3, 31)),
    ),
    Assumption(
        name="contract", label="Contract", value="cost", allowed=Choice(("block", "cost")), source="Contract"
    ),
    Assumption(
        name="months", label="Months", value=6, allowed=Between(lower=0, upper=12, whole=True), format="0"
    ),
)
KINDS = Table(
    name="kinds",
    columns=(
        Column(key="kind", heading="Kind of care", width=20),
        Column(key="price", heading="Price £", format=POUNDS, allowed=Between(lower=0, upper=1e5)),
    ),
    frame=pd.DataFrame({"kind": ["day case", "elective"], "price": [738.0, 3684.0]}),
    rows_by="kind",
)
SCHEMES = Table(
    name="schemes",
    columns=(
        Column(key="scheme", heading="Scheme", width=20),
        Column(key="cases", heading="Cases", format="#,##0", total=True, bars=True),
        Column(key="sign_off", heading="Signed off", format=PERCENT, allowed=Between(lower=0, upper=1)),
        Column(key="kind", heading="Kind", allowed=ChoiceFrom("kinds.kind")),
        Column(key="lead", heading="Lead", allowed=FreeText(40)),
        Column(
            key="gross",
            heading="Gross £",
            format=POUNDS,
            formula="{cases}*" + look_up("kinds.price", where="kinds.kind", equals="{kind}"),
            total=True,
        ),
        Column(
            key="net",
            heading="Net £",
            format=POUNDS,
            formula='IF({name:contract}="block",0,{gross}*{sign_off}*{name:marginal_rate}*{name:months}/12)',
            total=True,
        ),
        Column(key="sum", heading="Net so far £", format=POUNDS, formula="SUM({so_far:net})"),
    ),
    frame=pd.DataFrame(
        {
            "scheme": ["A", "B", "C"],
            "cases": [300.0, 200.0, 100.0],
            "sign_off": [0.9, 0.8, None],
            "kind": ["day case", "elective", "day case"],
            "lead": [None, None, None],
        }
    ),
)
STEPS = step_table(
    "steps",
    [
        Step("Gross", "{schemes.gross.total}", total=True),
        Step("Not counted", "{schemes.net.total}-{schemes.gross.total}"),
        Step("Invested", "-200*{cell:kinds.price:day case}"),
        Step("Given back", "1000"),
        Step("Net", "{schemes.net.total}-200*{cell:kinds.price:day case}+1000", total=True),
    ],
)
SWINGS = swing_table("swings", [Swing("Rate", "-{schemes.net.total}*0.5", "{schemes.net.total}*0.4")])


def sheets() -> list[Sheet]:
    """A workbook of a cover, contents, inputs and what follows from them."""
    return [
        Sheet(name="Cover", title="Model", description="A model"),
        Sheet(name="Contents", title="Contents", description="What is in it"),
        sheet("Assumptions", assumption_table("assumptions", ASSUMPTIONS)),
        sheet("Kinds", KINDS),
        sheet("Schemes", SCHEMES),
        Sheet(
            name="Chain",
            title="From gross to net",
            description="Steps",
            tables=(STEPS,),
            charts=(waterfall("steps", title="From gross to net", alt_text="Waterfall of the steps."),),
        ),
        Sheet(
            name="Sensitivity",
            title="What moves the net figure",
            description="Swings",
            tables=(SWINGS,),
            charts=(
                tornado("swings", title="Swings", alt_text="Tornado of the swings.", value_title="£m"),
                BarChart(title="High", table="swings", category="label", value="high", alt_text="Bars.",
                         category_title="Moved", value_title="£"),
                BarChart(title="None", table="no_table", category="a", value="b", alt_text="Not drawn."),
            ),
        ),
    ]  # fmt: skip


def sheet(name: str, table: Table) -> Sheet:
    return Sheet(name=name, title=name, description=name, tables=(table,))


@pytest.fixture(scope="module")
def data() -> bytes:
    """The workbook as bytes."""
    made = datetime(2017, 9, 1)
    return workbook_bytes(
        sheets(), Properties(title="Model", subject="", creator="test", marking="", made=made)
    )


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    """The workbook opened again."""
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def values(data: bytes) -> dict[tuple[str, str], object]:
    """What its formulas carry."""
    return dict(carried(data))


def column(book: Workbook, sheet: str, heading: str) -> list[openpyxl.cell.Cell]:
    """The cells below a heading, without the total."""
    (native,) = book[sheet].tables.values()
    rows = list(book[sheet][native.ref])
    place = [cell.value for cell in rows[0]].index(heading)
    return [row[place] for row in (rows[1:-1] if native.totalsRowCount else rows[1:])]


def test_an_input_has_a_look_of_its_own_and_stays_open_when_the_sheet_is_protected(book: Workbook) -> None:
    inputs = [*column(book, "Assumptions", "Value"), *column(book, "Schemes", "Signed off")]
    inputs += [*column(book, "Schemes", "Kind"), *column(book, "Kinds", "Price £")]
    others = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    others = [cell for cell in others if cell.value is not None and cell not in inputs]
    looks = {(cell.fill.fgColor.rgb, cell.font.color.rgb, cell.border.top.style) for cell in inputs}
    assert len(looks) == 1
    assert not looks & {
        (cell.fill.fgColor.rgb, cell.font.color.rgb, cell.border.top.style) for cell in others
    }
    assert {cell.protection.locked for cell in inputs} == {False}
    leads = column(book, "Schemes", "Lead")
    assert {cell.protection.locked for cell in others if cell not in leads} == {True}


def test_an_input_that_waits_for_an_answer_is_empty_and_looks_like_one(book: Workbook) -> None:
    waiting = column(book, "Schemes", "Signed off")[2]
    assert waiting.value is None
    assert not waiting.protection.locked


def test_every_input_takes_only_what_it_is_for(book: Workbook) -> None:
    rules = {}
    for name in ("Assumptions", "Schemes", "Kinds"):
        for rule in book[name].data_validations.dataValidation:
            for cells in rule.sqref.ranges:
                rules[name, cells.coord] = (rule.type, rule.formula1, rule.formula2)
                assert rule.showErrorMessage
                assert rule.error.startswith("Expected: ")
    value = [cell.coordinate for cell in column(book, "Assumptions", "Value")]
    assert rules["Assumptions", value[0]] == ("decimal", "0", "1")
    assert rules["Assumptions", value[1]] == ("date", "42461", "43921")
    assert rules["Assumptions", value[2]] == ("list", '"block,cost"', None)
    assert rules["Assumptions", value[3]] == ("whole", "0", "12")
    kinds = column(book, "Kinds", "Kind of care")
    kind = [cell.coordinate for cell in column(book, "Schemes", "Kind")]
    expected = f"'Kinds'!$A${kinds[0].row}:$A${kinds[-1].row}"
    assert rules["Schemes", f"{kind[0]}:{kind[-1]}"] == ("list", expected, None)


def test_an_assumption_has_a_name_that_formulas_use(book: Workbook) -> None:
    assert set(book.defined_names) == {row.name for row in ASSUMPTIONS}
    value = column(book, "Assumptions", "Value")
    for cell, assumption in zip(value, ASSUMPTIONS, strict=True):
        ((sheet, address),) = book.defined_names[assumption.name].destinations
        assert (sheet, address.replace("$", "")) == ("Assumptions", cell.coordinate)
    assert "*marginal_rate*months" in column(book, "Schemes", "Net £")[0].value


def test_a_date_is_a_date(book: Workbook) -> None:
    assert column(book, "Assumptions", "Value")[1].value == datetime(2017, 4, 1)
    assert column(book, "Assumptions", "Allowed")[1].value == "1 April 2016 to 31 March 2020"


def test_the_figures_follow_the_inputs(book: Workbook, values: dict[tuple[str, str], object]) -> None:
    net = [values["Schemes", cell.coordinate] for cell in column(book, "Schemes", "Net £")]
    assert net == pytest.approx([300 * 738 * 0.9 * 0.35, 200 * 3684 * 0.8 * 0.35, 0])
    so_far = [values["Schemes", cell.coordinate] for cell in column(book, "Schemes", "Net so far £")]
    assert so_far == pytest.approx([net[0], net[0] + net[1], net[0] + net[1]])


def test_the_steps_of_a_waterfall_lead_to_its_total_and_float_where_the_one_before_ended(
    book: Workbook, values: dict[tuple[str, str], object]
) -> None:
    def of(heading: str) -> list[float]:
        return [values["Chain", cell.coordinate] for cell in column(book, "Chain", heading)]

    amounts, levels = of("Amount £"), of("Level after the step £")
    assert levels[3] == pytest.approx(sum(amounts[:4]))
    assert of("Agrees with the steps") == ["OK", "[z]", "[z]", "[z]", "OK"]
    base = of("Chart: unpainted part £")
    painted = {word: (of(f"Chart: {word} £"), of(f"Chart: {word} below 0 £")) for word in ("rises", "falls")}
    for row, kind in ((1, "falls"), (2, "falls"), (3, "rises")):
        above, below = painted[kind][0][row], painted[kind][1][row]
        ends = sorted((levels[row - 1], levels[row]))
        drawn = (base[row] + below, base[row] + above)  # no step here crosses 0
        assert drawn == pytest.approx(tuple(ends), abs=1e-6)
    words = of("Chart: words")
    assert words[0] == "Gross £1.0m"
    assert words[1].startswith("Not counted less £")


def test_a_step_that_crosses_zero_is_painted_on_both_sides(soffice: str, data: bytes, tmp_path: Path) -> None:
    edited = with_inputs(data, {"marginal_rate": 0.1})
    theirs = in_libreoffice(soffice, {"low": edited}, tmp_path)["low"]
    book = openpyxl.load_workbook(io.BytesIO(data))
    row = column(book, "Chain", "Step")[2].row
    assert theirs["Chain", f"C{row - 1}"] > 0 > theirs["Chain", f"C{row}"]
    headings = [cell.value for cell in book["Chain"][column(book, "Chain", "Step")[0].row - 1]]
    falls, below = (headings.index(f"Chart: {word} £") + 1 for word in ("falls", "falls below 0"))
    painted = [theirs["Chain", book["Chain"].cell(row, place).coordinate] for place in (falls, below)]
    assert painted == pytest.approx([theirs["Chain", f"C{row - 1}"], theirs["Chain", f"C{row}"]])


EDITS = {
    "as given": {},
    "block contract": {"contract": "block"},
    "high rate": {"marginal_rate": 1.0, "months": 12},
    "nothing": {"marginal_rate": 0.0},
    "another price": {"Kinds!B6": 1000.0, "first_day": date(2018, 4, 1)},
}


@pytest.mark.system
def test_two_engines_agree_on_every_cell_whatever_the_inputs(
    soffice: str, data: bytes, tmp_path: Path
) -> None:
    edited = {label: with_inputs(data, inputs) for label, inputs in EDITS.items()}
    theirs = in_libreoffice(soffice, edited, tmp_path)
    for label in EDITS:
        assert_same(theirs[label], in_formualizer(edited[label]))
    assert_same(theirs["as given"], carried(data))
    book = openpyxl.load_workbook(io.BytesIO(data))
    total = f"G{column(book, 'Schemes', 'Net £')[-1].row + 1}"
    assert theirs["block contract"]["Schemes", total] == 0
    assert theirs["high rate"]["Schemes", total] == pytest.approx(300 * 738 * 0.9 + 200 * 3684 * 0.8)
    changed = [cell.coordinate for cell in column(book, "Assumptions", "Changed")]
    said = [theirs["high rate"]["Assumptions", cell] for cell in changed]
    assert said == ["changed", "as given", "as given", "changed"]


def test_charts_are_drawn_from_the_cells_with_words_for_a_screen_reader(book: Workbook) -> None:
    (chart,) = book["Chain"]._charts
    assert (chart.type, chart.grouping, chart.overlap) == ("col", "stacked", 100)
    assert len(chart.series) == 6
    assert chart.series[0].graphicalProperties.noFill
    lying = book["Sensitivity"]._charts
    assert [chart.type for chart in lying] == ["bar", "bar"]  # the third names no table of the sheet
    assert lying[0].y_axis.title is not None


def test_charts_below_each_other_do_not_overlap(book: Workbook) -> None:
    first, second = book["Sensitivity"]._charts
    assert second.anchor._from.row > first.anchor._from.row + first.height / 0.53


@pytest.mark.parametrize("name", ["A1", "tax2017", "R1C1", "r", "C", "XFD12", "two words", "", "1st", "a.b"])
def test_a_name_that_no_spreadsheet_takes_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a cell"):
        check_name(name)


@pytest.mark.parametrize("name", ["marginal_rate", "rate_2017", "_x", "discountrate1"])
def test_other_names_are_taken(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("options", [(), ("a,b",), ("",), tuple("x" * 60 for _ in range(5))])
def test_choices_that_a_cell_cannot_carry_are_refused(options: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="choices"):
        Choice(options)


def test_two_things_cannot_have_one_name() -> None:
    one = Table(
        name="rates",
        columns=(Column(key="value", heading="Value", formats="format"),),
        frame=pd.DataFrame(
            {"value": [Input(value=1, allowed=FreeText(), name="Rates")], "format": ["0"]}, dtype=object
        ),
    )
    with pytest.raises(ValueError, match="names two things"):
        Addresses([place(sheet("Rates", one), "Rates", marking="", home="")])


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("{name:unknown}", "unknown"),
        ("{beside:kinds.price}", "do not have the same rows"),
        ("{cell:kinds.price:night}", "0 rows called night"),
        ("{kinds.price.total}", "has no totals"),
    ],
)
def test_a_formula_that_cannot_be_placed_says_why(formula: str, message: str) -> None:
    layouts = [place(sheet(t.name, t), t.name, marking="", home="") for t in (KINDS, SCHEMES)]
    with pytest.raises(KeyError, match=message):
        Addresses(layouts).resolve(formula, layouts[1].tables[0], 6)


def test_a_cell_beside_is_in_the_row_at_the_same_place() -> None:
    other = Table(name="other", columns=KINDS.columns, frame=KINDS.frame, heading="Below")
    layouts = [place(sheet(t.name, t), t.name, marking="", home="") for t in (KINDS, other)]
    here, there = layouts[1].tables[0], layouts[0].tables[0]
    assert Addresses(layouts).resolve("{beside:kinds.price}", here, here.last) == f"'kinds'!B{there.last}"


def test_steps_must_begin_with_a_total() -> None:
    with pytest.raises(ValueError, match="begin with a total"):
        step_table("steps", [Step("Fall", "-1")])
