"""The workbook's parts by themselves: places and addresses, cells, the file as bytes."""

import zipfile
from datetime import datetime
from io import BytesIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.workbook.addresses import Addresses
from reports.workbook.archive import pack, unpack, with_rows
from reports.workbook.cells import clean, looks_like_formula, number_cell
from reports.workbook.layout import LONGEST_NAME, place, sheet_names
from reports.workbook.spec import Column, Sheet, Table

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
    data = pack(members, datetime(2017, 9, 1, 12, 30))
    assert data == pack(members, datetime(2017, 9, 1, 12, 30))
    assert list(unpack(data)) == ["b.xml", "a.xml"]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2017, 9, 1, 12, 30, 0)}


def test_rows_are_put_in_as_they_are() -> None:
    shell = b'<worksheet><dimension ref="A1" /><sheetData /></worksheet>'
    row = rb"<row r='1'>\1 \g<0></row>"
    assert with_rows(shell, row, "A1:B2") == (
        b'<worksheet><dimension ref="A1:B2"/><sheetData>' + row + b"</sheetData></worksheet>"
    )
