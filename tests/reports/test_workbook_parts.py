"""The workbook's parts by themselves: places and addresses, cells, the file as bytes."""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reports.workbook.addresses import Addresses
from reports.workbook.archive import Archive, ShellError, around_rows, unpack, zipped
from reports.workbook.book import workbook_bytes
from reports.workbook.calculation import FormulaError
from reports.workbook.cells import clean, formula_element, looks_like_formula, number_cell
from reports.workbook.figures import rounded, written
from reports.workbook.layout import LONGEST_NAME, WIDEST, fitted, place, sheet_names
from reports.workbook.rows import ADDRESSED
from reports.workbook.spec import Column, Properties, Sheet, Table

MOMENT = datetime(2017, 9, 1)
LINES = Table(
    name="lines",
    columns=(Column(key="line", heading="Line"), Column(key="pounds", heading="£", format="0", total=True)),
    frame=pd.DataFrame({"line": ["a", "b", "c"], "pounds": [1.0, 2.0, 3.0]}),
)


def sheet(name: str, *tables: Table) -> Sheet:
    return Sheet(name=name, title="Title", description="What it shows", notes=("A note",), tables=tables)


def test_a_table_stands_under_its_notes_and_its_total_under_it() -> None:
    placed = place(sheet("Plan", LINES), "Plan", marking="", home="Contents").tables[0]
    assert (placed.heading, placed.first, placed.last, placed.total) == (5, 6, 8, 9)
    assert placed.range == "A5:B9"


def test_a_column_of_words_is_as_wide_as_its_longest_and_no_wider_than_a_page_can_be() -> None:
    def width(words: str, **more: bool) -> float:
        column = Column(key="line", heading="Line", **more)
        table = Table(name="t", columns=(column,), frame=pd.DataFrame({"line": ["a", words]}))
        return fitted(table).columns[0].width

    assert width("short") == width("a") == 12.0
    assert len("gastrointestinal_emergency_spend") * 0.9 < width("gastrointestinal_emergency_spend") < 34
    assert width("words " * 50) == WIDEST
    assert width("words " * 50, wrap=True) == 12.0


def test_a_long_note_goes_on_in_a_line_of_its_own_and_no_word_is_lost() -> None:
    note = "A note of some length that says what the table holds. " * 4
    placed = place(
        Sheet(name="S", title="T", description="D", notes=(note.strip(),)), "S", marking="", home=""
    )
    lines = [line.words for line in placed.lines][2:]
    assert len(lines) == 2
    assert " ".join(lines) == note.strip()
    assert [line.row for line in placed.lines] == [1, 2, 3, 4]


def test_a_marking_moves_everything_down_by_a_line() -> None:
    plain = place(sheet("Plan", LINES), "Plan", marking="", home="").tables[0]
    marked = place(sheet("Plan", LINES), "Plan", marking="OFFICIAL-SENSITIVE", home="").tables[0]
    assert marked.heading == plain.heading + 1


def test_an_empty_table_is_a_sentence() -> None:
    empty = Table(name="none", columns=LINES.columns, frame=LINES.frame.head(0), empty="Nothing yet.")
    layout = place(sheet("Plan", empty), "Plan", marking="", home="")
    assert not layout.tables
    assert layout.lines[-1].words == "Nothing yet."


def test_a_name_in_a_formula_is_the_cell_of_its_row_or_a_whole_column() -> None:
    layouts = [
        place(sheet(name, table), name, marking="", home="")
        for name, table in (
            ("Plan's lines", LINES),
            ("Other", Table(name="other", columns=LINES.columns, frame=LINES.frame)),
        )
    ]
    here, there = layouts[1].tables[0], layouts[0].tables[0]
    addresses = Addresses(layouts)
    assert addresses.resolve("{pounds}-1", here, 6) == "B6-1"
    assert addresses.resolve("SUM({other.pounds})", here, 6) == "SUM($B$5:$B$7)"
    assert addresses.resolve("{lines.pounds.total}", here, 6) == "'Plan''s lines'!$B$8"
    assert addresses.resolve("SUM({lines.pounds})", there, 6) == "SUM($B$5:$B$7)"


@pytest.mark.parametrize("unknown", ["{nothing}", "{lines.nothing}", "{nothing.pounds}"])
def test_a_formula_that_names_nothing_is_refused(unknown: str) -> None:
    layout = place(sheet("Plan", LINES), "Plan", marking="", home="")
    with pytest.raises(KeyError):
        Addresses([layout]).resolve(unknown, layout.tables[0], 6)


@given(st.lists(st.text(max_size=50), max_size=8))
def test_sheet_names_are_those_that_every_spreadsheet_takes(wanted: list[str]) -> None:
    names = sheet_names(wanted)
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 0 < len(name) <= LONGEST_NAME
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


@given(st.text())
def test_clean_text_can_be_written_to_xml_and_has_lost_nothing_else(words: str) -> None:
    text = clean(words)
    text.encode()
    kept = [letter for letter in words if letter.isprintable()]
    assert [letter for letter in text if letter.isprintable()] == kept


def test_a_text_longer_than_a_cell_is_cut() -> None:
    assert len(clean("x" * 40_000)) == 32_767


def test_half_a_surrogate_pair_is_left_out() -> None:
    assert clean("Poo\ud800le") == "Poole"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n"])
def test_every_start_of_a_formula_is_known(start: str) -> None:
    assert looks_like_formula(f"{start}1")
    assert not looks_like_formula(f"1{start}")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_figure_is_written_so_that_it_is_read_back_to_the_last_bit(figure: float) -> None:
    written = number_cell(0, figure)
    assert float(written[written.index("<v>") + 3 : written.index("</v>")]) == figure


def test_packing_forgets_the_clock_and_keeps_the_order() -> None:
    members = {"b.xml": b"<b/>", "a.xml": b"<a/>"}
    data = zipped(members, datetime(2017, 9, 1, 12, 30))
    assert data == zipped(members, datetime(2017, 9, 1, 12, 30))
    assert list(unpack(data)) == ["b.xml", "a.xml"]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2017, 9, 1, 12, 30, 0)}


def test_what_fails_while_a_file_is_packed_is_raised_and_nothing_hangs() -> None:
    def rows() -> Iterator[bytes]:
        yield b"<row/>" * 100_000
        raise RuntimeError("no more rows")

    with pytest.raises(RuntimeError, match="no more rows"), Archive(BytesIO(), MOMENT) as archive:
        archive.add("sheet.xml", rows())


def test_a_disk_that_is_full_is_said() -> None:
    class Full(BytesIO):
        def write(self, data: object) -> int:
            raise OSError("no space left")

    members = {f"{number}.xml": b"<row/>" * 1_000 for number in range(20)}
    archive = Archive(Full(), MOMENT)
    with pytest.raises(OSError, match="no space left"):
        _fill(archive, members)


def _fill(archive: Archive, members: dict[str, bytes]) -> None:
    with archive:
        for name, data in members.items():
            archive.add(name, (data,))


def test_rows_have_their_place_in_a_sheet_as_openpyxl_writes_it() -> None:
    shell = b'<worksheet><dimension ref="A1" /><sheetData /></worksheet>'
    assert around_rows(shell, "A1:B2") == (
        b'<worksheet><dimension ref="A1:B2"/><sheetData>',
        b"</sheetData></worksheet>",
    )


def test_a_sheet_without_a_place_for_rows_is_refused() -> None:
    with pytest.raises(ShellError, match="without a place for its rows"):
        around_rows(b"<worksheet></worksheet>", "A1")


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_eight_figures_are_stored_and_hundredths_of_any_figure(figure: float) -> None:
    (stored,) = rounded(np.array([figure]), reckoned=False).tolist()
    assert stored == pytest.approx(figure, rel=0.51e-7, abs=1e-300)
    assert abs(stored - figure) <= 0.00501
    assert float(written(np.array([stored]))[0]) == pytest.approx(stored, rel=1e-15)


@given(st.floats(min_value=-1e9, max_value=1e9))
def test_what_formulas_work_on_is_stored_to_a_thousandth_of_a_penny(figure: float) -> None:
    (stored,) = rounded(np.array([figure]), reckoned=True).tolist()
    assert stored == pytest.approx(figure, rel=0.51e-9, abs=1e-300)
    assert abs(stored - figure) <= 0.51e-5


def test_missing_and_endless_figures_are_left_for_the_shorthand() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 0.0])
    for stored in (rounded(values, reckoned=False), rounded(values, reckoned=True)):
        np.testing.assert_array_equal(stored, values)


def test_a_formula_that_gives_an_error_is_named_with_its_cell() -> None:
    wrong = Table(
        name="wrong",
        columns=(
            Column(key="line", heading="Line"),
            Column(key="share", heading="Share", formula="1/({nought}-{nought})", format="0%"),
            Column(key="nought", heading="Nought", format="0"),
        ),
        frame=pd.DataFrame({"line": ["a", "b"], "nought": [1.0, 2.0]}),
    )
    properties = Properties(title="T", subject="", creator="t", marking="", made=datetime(2017, 9, 1))
    with pytest.raises(FormulaError, match=r"Wrong sums!B6, =1 / \(C6 - C6\), gives Div; Wrong sums!B7"):
        workbook_bytes([sheet("Cover"), sheet("Contents"), sheet("Wrong sums", wrong)], properties)


def test_a_formula_longer_than_a_cell_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 8192"):
        formula_element("1+" * 4_100)


def test_one_formula_of_a_column_is_written_once_and_shared() -> None:
    table = Table(
        name="sums",
        columns=(
            Column(key="pounds", heading="£", format="0"),
            Column(key="double", heading="Double", format="0", formula="{pounds}*2"),
        ),
        frame=pd.DataFrame({"pounds": [1.0, 2.0, 3.0]}),
    )
    properties = Properties(title="T", subject="", creator="t", marking="", made=datetime(2017, 9, 1))
    data = workbook_bytes([sheet("Cover"), sheet("Contents"), sheet("Sums", table)], properties)
    xml = unpack(data)["xl/worksheets/sheet3.xml"].decode()
    assert xml.count("*2") == 1
    book = openpyxl.load_workbook(BytesIO(data))
    assert [cell.value for cell in book["Sums"]["B"][-3:]] == ["=A6*2", "=A7*2", "=A8*2"]
    values = openpyxl.load_workbook(BytesIO(data), data_only=True)
    assert [cell.value for cell in values["Sums"]["B"][-3:]] == [2, 4, 6]


def test_a_formula_over_a_range_of_columns_works_on_all_between() -> None:
    table = Table(
        name="years",
        columns=(
            *(Column(key=f"year_{n}", heading=f"Year {n}", format="0") for n in range(4)),
            Column(key="sum", heading="Sum", format="0", formula="SUM({year_0}:{year_3})"),
        ),
        frame=pd.DataFrame({f"year_{n}": [float(n), 10.0 * n] for n in range(4)}),
    )
    properties = Properties(title="T", subject="", creator="t", marking="", made=datetime(2017, 9, 1))
    data = workbook_bytes([sheet("Cover"), sheet("Contents"), sheet("Years", table)], properties)
    values = openpyxl.load_workbook(BytesIO(data), data_only=True)
    assert [cell.value for cell in values["Years"]["E"][-2:]] == [6, 60]


def test_cells_of_long_tables_stand_where_they_do_in_short_ones() -> None:
    rows = ADDRESSED + 1
    table = Table(
        name="long",
        columns=(
            Column(key="word", heading="Word"),
            Column(key="pounds", heading="£", format="0.00", total=True),
            Column(key="double", heading="Double", format="0.00", formula="{pounds}*2"),
            Column(key="mixed", heading="Mixed"),
            Column(key="last", heading="Last", format="0"),
        ),
        frame=pd.DataFrame(
            {
                "word": ["a", None, "c"] * (rows // 3) + ["z"] * (rows % 3),
                "pounds": np.arange(rows) / 4,
                "mixed": pd.Series([1.5, "x", None] * (rows // 3) + ["z"] * (rows % 3), dtype=object),
                "last": range(rows),
            }
        ),
    )
    properties = Properties(title="T", subject="", creator="t", marking="", made=datetime(2017, 9, 1))
    data = workbook_bytes([sheet("Cover"), sheet("Contents"), sheet("Long", table)], properties)
    xml = unpack(data)["xl/worksheets/sheet3.xml"].decode()
    assert "<c s=" in xml
    expected = [
        (word or "[x]", pounds, 2 * pounds, "[x]" if mixed is None else mixed, last)
        for word, pounds, mixed, last in table.frame.astype(object)
        .replace({np.nan: None})
        .itertuples(index=False)
    ]
    first = 6
    for options in ({"data_only": True}, {"data_only": True, "read_only": True}):
        book = openpyxl.load_workbook(BytesIO(data), **options)
        read = list(book["Long"].iter_rows(min_row=first, max_row=first + rows - 1, values_only=True))
        assert read == expected
        book.close()
    calamine = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("Long")
    assert [tuple(row) for row in calamine.to_python(skip_empty_area=False)[first - 1 :][:rows]] == expected
