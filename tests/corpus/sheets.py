"""Workbooks as people make them: merged headings, formulas, stray cells, passwords, bombs, no such sheet."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from struct import pack, pack_into, unpack_from

import xlwt
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.case import GAP, ROWS, Case, error, warning

XLSX = "data.xlsx"
FROM = {"indicators": f'"{XLSX}"'}
FROM_OLD = {"indicators": '"data.xls"'}
Rows = Sequence[Sequence[object]]


def book(
    rows: Rows = ROWS, *, change: Callable[[Worksheet], None] = lambda sheet: None, first: Rows = ()
) -> bytes:
    """A workbook with one sheet of rows, below those of ``first``."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Data"
    for row in [*first, *rows]:
        sheet.append(list(row))
    change(sheet)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def put(**cells: object) -> Callable[[Worksheet], None]:
    """Put values into cells."""

    def change(sheet: Worksheet) -> None:
        for place, value in cells.items():
            sheet[place] = value

    return change


def old_book(rows: Rows = ROWS) -> bytes:
    """The same as a workbook of Excel 97."""
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Data")
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(line, place, cell)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def in_a_circle() -> bytes:
    """An old workbook of which the chain of a part leads back to its start: who follows it never arrives."""
    data = bytearray(old_book())
    chains = 512 * (1 + unpack_from("<I", data, 76)[0])
    for place in range(128):
        if unpack_from("<i", data, chains + 4 * place)[0] >= 0 or place == unpack_from("<I", data, 48)[0]:
            pack_into("<I", data, chains + 4 * place, place)
    return bytes(data)


def hide(*lines: int) -> Callable[[Worksheet], None]:
    """Hide rows."""

    def change(sheet: Worksheet) -> None:
        for line in lines:
            sheet.row_dimensions[line].hidden = True

    return change


def merged_headings(sheet: Worksheet) -> None:
    """Put a line above the headings whose cells are merged."""
    sheet.insert_rows(1)
    sheet["A1"], sheet["D1"] = "What", "How many"
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("D1:E1")


def rezipped(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with its members changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return file.getvalue()


def without_dimension(data: bytes) -> bytes:
    """A workbook that does not say where its last cell is."""
    return rezipped(data, lambda name, member: re.sub(rb"<dimension[^>]*/>", b"", member))


def bomb() -> bytes:
    """A workbook whose directory says that its members unpack to 8 GB."""
    data = bytearray(book())
    place = -1
    for _ in range(2):
        place = data.index(b"PK\x01\x02", place + 1)
        data[place + 24 : place + 28] = pack("<I", 0xF0000000)
    return bytes(data)


def damaged(member: str) -> bytes:
    """A workbook of which one member is not what it should be."""
    return rezipped(book(), lambda name, data: b"<broken" if name == member else data)


def without(member: str) -> bytes:
    """A workbook of which one member is missing."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name != member:
                new.writestr(name, old.read(name))
    return file.getvalue()


PROTECTED = (Path(__file__).parent / "protected.xlsx").read_bytes()  # by the password "secret"
TITLE: Rows = [["Admissions, 2016/17"], []]
TOTAL: Rows = [["asthma", "Total", "2016/17", 60, 3000]]
AREA_DATE = [row if row[1] != "P2" else [row[0], datetime(2017, 4, 11), *row[2:]] for row in ROWS]

CASES = (
    Case(
        name="a workbook protected by a password",
        files={XLSX: PROTECTED},
        tables=FROM,
        finds=(error("file", XLSX),),
        says=("password",),
    ),
    Case(
        name="a workbook that unpacks to 8 GB",
        files={XLSX: bomb()},
        tables=FROM,
        finds=(error("file", XLSX),),
        says=("unpacks to 8 GB", "is it what it says?"),
    ),
    Case(
        name="a workbook with a stray cell in its last corner",
        files={XLSX: book(change=put(XFD1048576="x"))},
        tables=FROM,
        finds=(error("file", XLSX),),
        says=("reaches to XFD1048576", "stray cell"),
    ),
    Case(
        name="a stray cell in a workbook that does not say how large its sheets are",
        files={XLSX: without_dimension(book(change=put(XFD1048576="x")))},
        tables=FROM,
        finds=(error("file", XLSX),),
        says=("reaches to XFD1048576", "stray cell"),
    ),
    Case(
        name="an old workbook whose parts lead round in a circle",
        files={"data.xls": in_a_circle()},
        tables=FROM_OLD,
        finds=(error("file", "data.xls"),),
        says=("save it", ".xlsx"),
    ),
    Case(
        name="an old workbook that was cut off",
        files={"data.xls": old_book()[:2000]},
        tables=FROM_OLD,
        finds=(error("file", "data.xls"),),
        says=("save it", ".xlsx"),
    ),
    Case(
        name="an old workbook with words in place of figures",
        files={"data.xls": old_book([*ROWS[:-1], [*ROWS[-1][:3], "many", 1000]])},
        tables=FROM_OLD,
        finds=(error("not_a_number", "data.xls", 7, "numerator"),),
        says=("many",),
    ),
    Case(
        name="a workbook of today named as an old one",
        files={"data.xls": book()},
        tables=FROM_OLD,
        finds=(error("file", "data.xls"),),
        says=("it looks like a workbook (.xlsx)",),
    ),
    Case(
        name="a workbook that was cut off",
        files={XLSX: book()[:3000]},
        tables=FROM,
        finds=(error("file", XLSX),),
    ),
    Case(
        name="a workbook whose sheet is damaged",
        files={XLSX: damaged("xl/worksheets/sheet1.xml")},
        tables=FROM,
        finds=(error("file", XLSX),),
    ),
    Case(
        name="a workbook whose list of sheets is damaged",
        files={XLSX: damaged("xl/workbook.xml")},
        tables=FROM,
        finds=(error("file", XLSX),),
    ),
    Case(
        name="a workbook without its list of sheets",
        files={XLSX: without("xl/workbook.xml")},
        tables=FROM,
        finds=(error("file", XLSX),),
    ),
    Case(
        name="a workbook of nothing",
        files={XLSX: book([])},
        tables=FROM,
        finds=(error("file", XLSX),),
        says=("has nothing on the sheet that is read", "sheet = "),
    ),
    Case(
        name="a workbook with headings alone",
        files={XLSX: book(ROWS[:1])},
        tables=FROM,
        finds=(error("empty_table", XLSX),),
        says=("has no rows below its heading",),
    ),
    Case(
        name="a sheet that there is not",
        files={XLSX: book()},
        tables={"indicators": f'{{ file = "{XLSX}", sheet = "2016-17" }}'},
        finds=(error("file", XLSX),),
        says=("has no sheet '2016-17'", "there are: Data"),
    ),
    Case(
        name="a title above the headings",
        files={XLSX: book(first=TITLE)},
        tables=FROM,
        finds=(error("missing_column", XLSX, 1),),
        says=("seem to stand in line 3", "header_row = 3"),
    ),
    Case(
        name="headings of two lines, merged across",
        files={XLSX: book(change=merged_headings)},
        tables=FROM,
        finds=(error("missing_column", XLSX, 1),),
        says=("header_row = 2",),
    ),
    Case(
        name="a heading that stands twice",
        files={XLSX: book(change=put(F1="numerator", F2=1))},
        tables=FROM,
        finds=(error("duplicate_heading", XLSX, 1),),
        says=("numerator", "a heading stands twice", "rename"),
    ),
    Case(
        name="two tables side by side",
        files={XLSX: book([[*row, None, *row] for row in ROWS])},
        tables=FROM,
        finds=(error("duplicate_heading", XLSX, 1),),
        says=("area, denominator, indicator, numerator, period",),
    ),
    Case(
        name="two tables one below the other, each with its headings",
        files={XLSX: book([*ROWS, [], *ROWS])},
        tables=FROM,
        finds=(
            error("not_a_number", XLSX, 9, "denominator"),
            error("not_a_number", XLSX, 9, "numerator"),
            error("not_in_catalogue", XLSX, 9, "indicator"),
            *(error("duplicate", XLSX, line, "area") for line in range(10, 15)),
        ),
        says=("a second row for the same",),
    ),
    Case(
        name="formulas that no program has calculated",
        files={XLSX: book(change=put(D2="=5+5", D3="=10+10"))},
        tables=FROM,
        exit_code=0,
        finds=(warning("unsaved_formula", XLSX), GAP),
        says=("2 formulas have no saved value", "open the workbook in Excel"),
    ),
    Case(
        name="errors of formulas in place of figures",
        files={XLSX: book(change=put(D2="#DIV/0!", D3="#REF!", D4="#N/A"))},
        tables=FROM,
        exit_code=0,
        finds=(warning("failed_formula", XLSX), GAP),
        says=("2 cells of the sheet show an error such as #DIV/0!", "mend the formulas"),
    ),
    Case(
        name="a code that became a date",
        files={XLSX: book(AREA_DATE)},
        tables=FROM,
        finds=(error("eaten_code", XLSX, 3, "area"), error("eaten_code", XLSX, 6, "area")),
        says=("a spreadsheet has turned this code into a date", "format it as text first"),
    ),
    Case(
        name="a code that became a number",
        tables=FROM,
        files={
            XLSX: book(change=put(B2=100000, B5=100000)),
            "areas.csv": "area,name,kind\n1E05,One,practice\nP2,,practice\nP3,,practice\n",
        },
        finds=(),
        notes=(("note", "outside_the_areas", "indicators", None, "area"),),
        exit_code=0,
    ),
    Case(
        name="periods that became numbers of days",
        files={XLSX: book([ROWS[0], *([*r[:2], 42461, *r[3:]] for r in ROWS[1:])])},
        tables=FROM,
        finds=tuple(error("unread_period", XLSX, line, "period") for line in range(2, 7)),
        says=("expected a period such as 2016/17",),
    ),
    Case(
        name="figures as text with the marks of a report",
        files={XLSX: book(change=put(D2="£10", D3="20*", D4="c. 30"))},
        tables=FROM,
        finds=(
            error("not_a_number", XLSX, 2, "numerator"),
            error("not_a_number", XLSX, 3, "numerator"),
            error("not_a_number", XLSX, 4, "numerator"),
        ),
        says=("take out the £ sign",),
    ),
    Case(
        name="a note of the source below the table",
        files={XLSX: book([*ROWS, [], ["Source: a survey"]])},
        tables=FROM,
        finds=(error("empty", XLSX, 9, "area"),),
        says=("area is empty",),
    ),
    Case(
        name="a row of totals at the end",
        files={XLSX: book([*ROWS, *TOTAL])},
        tables=FROM,
        exit_code=0,
        notes=(("note", "outside_the_areas", "indicators", None, "area"),),
        says=("Total",),
    ),
    Case(
        name="a row of totals that names no area",
        files={XLSX: book([*ROWS, ["Total", None, None, 510, 6000]])},
        tables=FROM,
        finds=(error("empty", XLSX, 8, "area"),),
        says=("area is empty",),
    ),
    Case(
        name="hidden rows",
        files={XLSX: book(change=hide(3, 4))},
        tables=FROM,
        exit_code=0,
        notes=(("note", "hidden_rows", XLSX, None, ""),),
        says=("2 rows of the sheet are hidden", "filter = {...}"),
    ),
    Case(
        name="empty rows in the middle",
        files={XLSX: book([*ROWS[:3], [], [], *ROWS[3:]])},
        tables=FROM,
        exit_code=0,
    ),
    Case(
        name="a wrong figure below empty rows keeps its line",
        tables=FROM,
        files={XLSX: book([*ROWS[:3], [], [], *ROWS[3:]], change=put(D6="many"))},
        finds=(error("not_a_number", XLSX, 6, "numerator"),),
        says=("line 6",),
    ),
    Case(
        name="true and false in place of figures",
        files={XLSX: book(change=put(D2=True))},
        tables=FROM,
        finds=(error("not_a_number", XLSX, 2, "numerator"),),
        says=("expected a number",),
    ),
    Case(
        name="a date in place of a figure",
        files={XLSX: book(change=put(D2=datetime(2016, 4, 10)))},
        tables=FROM,
        finds=(error("not_a_number", XLSX, 2, "numerator"),),
        says=("2016-04-10",),
    ),
)
