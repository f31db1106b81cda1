"""Cells and rows that cannot be: numbers that are none, codes that are unknown, trees that are none."""

from tests.corpus.case import GAP, Case, Expected, changed, error, warning
from tests.tiny_analysis import AREAS, CATALOGUE, INDICATORS

CSV = "indicators.csv"


def with_number(text: str) -> dict[str, str]:
    """The indicators with one numerator written otherwise."""
    return {CSV: changed("P2,2016/17,20,", f"P2,2016/17,{text},")}


def no_number(name: str, text: str, *says: str) -> Case:
    """A numerator that is no number."""
    finds = (error("not_a_number", CSV, 3, "numerator"),)
    return Case(name=name, files=with_number(text), finds=finds, says=("line 3", "expected a number", *says))


def fine(name: str, text: str, *finds: Expected) -> Case:
    """A numerator that is read."""
    return Case(name=name, files=with_number(text), finds=finds, exit_code=0)


CASES = (
    # --- numbers
    no_number("a pound sign before a figure", "£20", "take out the £ sign"),
    no_number("a percent sign after a figure", "20%", "percent = [...]"),
    no_number("a decimal comma", '"12,5"', 'decimal = ","'),
    no_number("a decimal comma and thousands after it", '"1.234,5"'),
    no_number("infinity", "inf"),
    no_number("a number beyond all that a computer holds", "1e999"),
    no_number("words in place of a figure", "about twenty", "leave the cell empty"),
    no_number("the letter O for a nought", "2O", "leave the cell empty"),
    no_number("a time", "12:30"),
    no_number("a fraction", "1/2"),
    no_number("two numbers in a cell", "20 30"),
    no_number("a range", "20-30"),
    no_number("an error of a spreadsheet", "#VALUE!"),
    no_number("a question mark", "?"),
    no_number("a marker that nobody named", "S", "name its marker under missing or suppressed"),
    fine("commas between thousands", '"1,000"'),
    fine("spaces around a figure", "  20 "),
    fine("NaN as text", "NaN", GAP),
    fine("a figure that is missing", "#N/A", GAP),
    Case(
        name="a withheld figure",
        files=with_number("<5"),
        exit_code=0,
        finds=(GAP,),
        notes=(("note", "suppressed", CSV, 3, "numerator"),),
        says=("withheld by the publisher",),
    ),
    Case(
        name="a negative count",
        files=with_number("-5"),
        exit_code=0,
        finds=(warning("negative", CSV, 3, "numerator"), GAP),
        says=("expected a count of 0 or more",),
    ),
    Case(
        name="a negative denominator",
        files={CSV: changed("P2,2016/17,20,1000", "P2,2016/17,20,-1000")},
        exit_code=0,
        finds=(warning("negative", CSV, 3, "denominator"), GAP),
        says=("expected 0 or more",),
    ),
    Case(
        name="a count above its denominator",
        exit_code=0,
        files={CSV: changed("smoking,P2,2016/17,200,1000", "smoking,P2,2016/17,2000,1000")},
        finds=(warning("above_denominator", CSV, 6, "numerator"), GAP),
        says=("are the two columns swapped",),
    ),
    Case(
        name="events among nobody",
        files={CSV: changed("20,1000", "20,0")},
        exit_code=0,
        finds=(warning("zero_denominator", CSV, 3, "denominator"),),
        says=("nobody to count among",),
    ),
    Case(
        name="a count without its denominator",
        files={CSV: changed("20,1000", "20,")},
        exit_code=0,
        finds=(warning("missing_denominator", CSV, 3, "denominator"), GAP),
        says=("a numerator without a denominator",),
    ),
    Case(
        name="six wrong figures, of which five are listed",
        files={CSV: INDICATORS.replace("2016/17,", "2016/17,c. ")},
        finds=tuple(error("not_a_number", CSV, line, "numerator") for line in range(2, 7)),
        says=("(and 1 more rows)",),
    ),
    # --- headings
    Case(
        name="a heading that is missing",
        files={CSV: changed("period", "when")},
        finds=(error("missing_column", CSV, 1),),
        says=("missing columns period", "columns = { ours"),
    ),
    Case(
        name="headings in capitals",
        files={CSV: changed("indicator,area,period", "INDICATOR,AREA,PERIOD")},
        finds=(error("missing_column", CSV, 1),),
        says=("missing columns area, indicator, period",),
    ),
    Case(
        name="a heading that stands twice in a CSV",
        files={CSV: INDICATORS.replace("\n", ",1\n").replace("denominator,1", "denominator,numerator")},
        finds=(error("duplicate_heading", CSV, 1),),
        says=("which of the columns is meant?",),
    ),
    Case(
        name="a title above the headings of a CSV",
        files={CSV: "Admissions in 2016/17,,,,\n,,,,\n" + INDICATORS},
        finds=(error("missing_column", CSV, 1),),
        says=("header_row = 3",),
    ),
    Case(
        name="no headings at all",
        files={CSV: "\n".join(INDICATORS.splitlines()[1:])},
        finds=(error("missing_column", CSV, 1),),
        says=("missing columns",),
    ),
    Case(
        name="a mapping that names a heading which is not there",
        tables={"indicators": '{ file = "indicators.csv", columns = { area = "PRACTICE_CODE" } }'},
        finds=(error("missing_column", CSV, 1),),
        says=("missing columns PRACTICE_CODE", "found: indicator, area"),
    ),
    Case(
        name="a mapping of a column that the table does not have",
        tables={"indicators": '{ file = "indicators.csv", columns = { practice = "area" } }'},
        finds=(error("unknown_column", "analysis.toml", None, "tables.indicators.columns"),),
        says=("no such column",),
    ),
    Case(
        name="a filter that keeps no row",
        tables={"indicators": '{ file = "indicators.csv", filter = { period = "2030/31" } }'},
        finds=(warning("filter", CSV, None, "period"), error("empty_table", "indicators")),
        says=("no row is 2030/31",),
    ),
    # --- codes
    Case(
        name="a code that became a power of ten",
        files={"areas.csv": AREAS.replace("P2", "1.00E+05")},
        finds=(error("eaten_code", "areas.csv", 3, "area"),),
        says=("into a number", "format it as text first"),
    ),
    Case(
        name="a code that became a day",
        files={"areas.csv": AREAS.replace("P2", "11-Apr")},
        finds=(error("eaten_code", "areas.csv", 3, "area"),),
        says=("into a date", "format it as text first"),
    ),
    Case(
        name="an indicator that became a month",
        finds=(error("eaten_code", CSV, 2, "indicator"), error("not_in_catalogue", CSV, 2, "indicator")),
        files={CSV: changed("asthma,P1", "Mar-01,P1")},
        says=("into a date",),
    ),
    Case(
        name="codes that lost their leading noughts",
        exit_code=0,
        files={CSV: INDICATORS.replace("P1", "12"), "areas.csv": AREAS.replace("P1", "0012")},
        notes=(("note", "outside_the_areas", "indicators", None, "area"),),
        says=("leading zeros or capitals",),
    ),
    Case(
        name="codes in small letters",
        files={CSV: INDICATORS.replace("P1", "p1")},
        exit_code=0,
        notes=(("note", "outside_the_areas", "indicators", None, "area"),),
        says=("leading zeros or capitals",),
    ),
    Case(
        name="codes of another kind or year",
        files={CSV: INDICATORS.replace(",P", ",E3800000")},
        finds=(error("no_rows", "indicators", None, "area"),),
        says=("are they of the same kind and year?",),
    ),
    Case(
        name="an indicator that the catalogue lacks",
        files={CSV: changed("asthma,P1", "copd,P1")},
        finds=(error("not_in_catalogue", CSV, 2, "indicator"),),
        says=("found: copd", "give it a row in the catalogue"),
    ),
    Case(
        name="a row without its area",
        files={CSV: changed("asthma,P2", "asthma,")},
        finds=(error("empty", CSV, 3, "area"),),
        says=("every row names its area",),
    ),
    Case(
        name="two wrong things in two files at once",
        files={
            CSV: changed("20,1000", "x,1000"),
            "areas.csv": changed("P3,Three,practice,L1", "P3,Three,practice,L9", AREAS),
        },
        finds=(error("not_a_number", CSV, 3, "numerator"), error("unknown_parent", "areas.csv", 4, "parent")),
    ),
    # --- rows
    Case(
        name="a row that stands twice",
        files={CSV: INDICATORS + "asthma,P2,2016/17,20,1000\n"},
        finds=(error("duplicate", CSV, 8, "area"),),
        says=("a second row for the same", "unique = true"),
    ),
    Case(
        name="an area that stands twice",
        files={"areas.csv": AREAS + "P2,Two again,practice,L1,9\n"},
        finds=(error("duplicate", "areas.csv", 6, "area"),),
        says=("a second row for the same area",),
    ),
    Case(
        name="an indicator that stands twice in the catalogue",
        files={"catalogue.csv": CATALOGUE + "asthma,Again,rate,low,1\n"},
        finds=(error("duplicate", "catalogue.csv", 4, "indicator"),),
        says=("a second row",),
    ),
    Case(
        name="empty lines in the middle",
        files={CSV: INDICATORS.replace("smoking,P1", "\n\nsmoking,P1")},
        exit_code=0,
    ),
    Case(
        name="line ends of three systems",
        exit_code=0,
        files={CSV: INDICATORS.replace("\n", "\r\n", 2).encode()},
    ),
    Case(
        name="a row of totals at the end of a CSV",
        files={CSV: INDICATORS + "Total,,,510,6000\n"},
        finds=(error("empty", CSV, 8, "area"),),
        says=("area is empty",),
    ),
    Case(
        name="a note of the source at the end",
        files={CSV: INDICATORS + "\nSource: a survey\n"},
        finds=(error("broken_row", CSV, 9),),
        says=("1 fields where the heading has 5", "footer_rows"),
    ),
    # --- periods
    Case(
        name="a period that a spreadsheet turned round",
        files={CSV: INDICATORS.replace("2016/17", "Apr-16")},
        finds=tuple(error("unread_period", CSV, line, "period") for line in range(2, 7)),
        says=("a period such as 2016/17",),
    ),
    Case(
        name="a number of days for a period",
        files={CSV: INDICATORS.replace("2016/17", "42461")},
        finds=tuple(error("unread_period", CSV, line, "period") for line in range(2, 7)),
        says=("a period such as 2016/17",),
    ),
    Case(
        name="words for a period",
        files={CSV: changed("2016/17", "last year")},
        finds=(error("unread_period", CSV, 2, "period"),),
        says=("found: last year",),
    ),
    # --- areas
    Case(
        name="a parent that is not there",
        files={"areas.csv": changed("P2,Two,practice,L1", "P2,Two,practice,L2", AREAS)},
        finds=(error("unknown_parent", "areas.csv", 3, "parent"),),
        says=("the parent is not among the areas",),
    ),
    Case(
        name="an area that is its own parent",
        files={"areas.csv": changed("L1,Town,locality,", "L1,Town,locality,L1", AREAS)},
        finds=(error("ring_of_parents", "areas.csv", 5, "parent"),),
        says=("the area is below itself", "break the ring"),
    ),
    Case(
        name="a ring of three areas",
        files={"areas.csv": "area,kind,parent\nP1,practice,P2\nP2,practice,P3\nP3,practice,P1\n"},
        finds=tuple(error("ring_of_parents", "areas.csv", line, "parent") for line in (2, 3, 4)),
        says=("break the ring",),
    ),
    Case(
        name="an area of no kind",
        files={"areas.csv": changed("P2,Two,practice", "P2,Two,", AREAS)},
        finds=(error("empty", "areas.csv", 3, "kind"),),
        says=("kind is empty",),
    ),
    Case(
        name="fewer than no people",
        files={"areas.csv": changed("imd", "population", AREAS).replace("L1,20", "L1,-20")},
        finds=(error("negative", "areas.csv", 3, "population"),),
        says=("expected 0 or more people",),
    ),
    Case(
        name="a name of 32,768 characters",
        files={"areas.csv": changed("Two", "x" * 32_768, AREAS)},
        finds=(error("too_long", "areas.csv", 3, "name"),),
        says=("a text of 32,768 characters", "shorten it"),
    ),
    Case(
        name="a name of 32,767 characters",
        files={"areas.csv": changed("Two", "x" * 32_767, AREAS)},
        exit_code=0,
    ),
    Case(
        name="a word among the numbers of a feature",
        files={"areas.csv": changed("L1,20", "L1,high", AREAS)},
        finds=(error("not_a_number", "areas.csv", 3, "imd"),),
        says=("expected a number",),
    ),
    # --- the catalogue
    Case(
        name="a kind that there is not",
        files={"catalogue.csv": changed("rate", "percentage", CATALOGUE)},
        finds=(error("unknown_value", "catalogue.csv", 2, "kind"),),
        says=("expected one of proportion, rate",),
    ),
    Case(
        name="a kind in capitals",
        files={"catalogue.csv": changed("rate", "Rate", CATALOGUE)},
        finds=(error("unknown_value", "catalogue.csv", 2, "kind"),),
        says=("expected one of proportion, rate",),
    ),
    Case(
        name="a direction that there is not",
        files={"catalogue.csv": changed("low", "down", CATALOGUE)},
        finds=(error("unknown_value", "catalogue.csv", 2, "polarity"),),
        says=("expected one of low, high, local",),
    ),
    Case(
        name="a price below nothing",
        files={"catalogue.csv": changed("low,100", "low,-100", CATALOGUE)},
        finds=(error("negative", "catalogue.csv", 2, "unit_cost"),),
        says=("expected 0 or more",),
    ),
    Case(
        name="an indicator without a name",
        files={"catalogue.csv": changed("Asthma admissions", "", CATALOGUE)},
        finds=(
            error("empty", "catalogue.csv", 2, "name"),
            *(error("not_in_catalogue", CSV, line, "indicator") for line in (2, 3, 4)),
        ),
        says=("name is empty",),
    ),
)
