"""Formats: old and new workbooks, archives, folders, compressed files and GeoJSON give what a CSV gives."""

import csv
import gzip
import io
import json
import shutil
import subprocess
import zipfile

import openpyxl
import pandas as pd
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import require
from variation.reading.formats.part import join_headings
from variation.reading.tables import FILE, LINE, read_table
from variation.settings.table_source import TableSource
from variation.tables import AREAS, BOUNDARIES, INDICATORS

CSV = "indicator,area,period,numerator,denominator\nasthma,001,2016/17,12,1000\nasthma,Ünï,2016/17,7.5,800\n"
FRAME = pd.read_csv(io.StringIO(CSV), dtype={"area": str, "numerator": float, "denominator": float})


def assert_same(reading):
    assert reading.findings == []
    table = reading.table.drop(columns=[FILE])
    pd.testing.assert_frame_equal(table.drop(columns=LINE), FRAME, check_dtype=False)
    assert table[LINE].to_list() == [2, 3]


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def words(reading):
    (finding,) = reading.findings
    return f"{finding.table}: {finding.message} | {finding.hint}"


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_workbooks_of_every_age_give_the_same_frame(read, tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    if ending == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("s")
        for line, row in enumerate([list(FRAME), *FRAME.to_numpy().tolist()]):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
        book.save(str(path))
    else:
        FRAME.to_excel(path, index=False, engine={"xlsx": "openpyxl", "ods": "odf"}[ending])
    assert_same(read(None, name=path.name))


def test_a_stray_cell_far_out_is_said_before_it_fills_the_memory(read, tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "area", "x"
    book.save(tmp_path / "a.xlsx")
    assert "reaches to XFD1048576 | a stray cell stands far out" in words(read(None, name="a.xlsx"))


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_does(read, monkeypatch, tmp_path):
    FRAME.to_excel(tmp_path / "a.xlsx", index=False)
    monkeypatch.setattr("variation.reading.formats.workbook_check.LARGEST", 1000)
    assert "unpacks to 0 GB" in words(read(None, name="a.xlsx"))


@pytest.mark.parametrize("block", [1 << 22, 300, 700])
def test_formulas_that_nobody_has_calculated_are_warned_of(read, tmp_path, monkeypatch, block):
    monkeypatch.setattr("variation.reading.formats.workbook_check.BLOCK", block)
    book = openpyxl.Workbook()
    other = book.create_sheet("Other sheet")
    for sheet, number in ((book.active, 7), (other, 40)):
        sheet.append(["area", "kind", "imd"])
        for row in range(2, number + 2):
            sheet.append([f"A{row}", "practice", f"=ROW()*{row}"])
    book.save(tmp_path / "a.xlsx")
    for options, number in (({}, 7), ({"sheet": "Other sheet"}, 40)):
        reading = read(None, name="a.xlsx", spec=AREAS, **options)
        (warning,) = [finding for finding in reading.findings if finding.code == "unsaved_formula"]
        assert warning.message == f"{number} formulas have no saved value and are read as empty"
        assert reading.table["imd"].isna().all()


@pytest.mark.system
def test_formulas_that_were_calculated_are_read_as_their_values(read, tmp_path):
    require(shutil.which("soffice") is not None, "LibreOffice")
    book = openpyxl.Workbook()
    book.active.append(["area", "kind", "imd"])
    book.active.append(["A", "practice", "=6*7"])
    (tmp_path / "raw").mkdir()
    book.save(tmp_path / "raw" / "a.xlsx")
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(tmp_path / 'home').as_uri()}",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "raw" / "a.xlsx")],
        check=True,
        capture_output=True,
    )
    reading = read(None, name="a.xlsx", spec=AREAS)
    assert reading.findings == []
    assert reading.table["imd"].to_list() == [42]


def test_a_zip_gives_its_tables_in_the_order_of_names(read):
    content = zipped(
        {"b.csv": CSV.replace("asthma", "b"), "sub/a.csv": CSV, "read me.pdf": "x", "__MACOSX/._a.csv": "x"}
    )
    reading = read(content, name="data.zip")
    assert reading.findings == []
    assert reading.table["indicator"].to_list() == ["b", "b", "asthma", "asthma"]
    assert reading.table[FILE].unique().tolist() == ["data.zip/b.csv", "data.zip/sub/a.csv"]
    assert reading.sources[0][:2] == ("data.zip", 4)


@pytest.mark.parametrize("member", ["CON.csv", "sub/nul.csv", "a.csv:b.csv", "a?.csv"])
def test_a_member_whose_name_leads_elsewhere_on_windows_is_refused_everywhere(read, member):
    reading = read(zipped({"good.csv": CSV, member: CSV}), name="data.zip")
    (finding,) = reading.findings
    assert (finding.severity, finding.code, finding.table) == ("error", "file", "data.zip")
    assert "has a name that no file on Windows may have" in finding.message


def test_members_of_a_zip_are_chosen_by_name_or_pattern(read):
    read(zipped({"a_2015.csv": CSV, "a_2016.csv": CSV, "b.csv": CSV}), name="data.zip")
    for member, number in (("b.csv", 2), ("a_*.csv", 4), (["b.csv", "a_2015.csv"], 4)):
        table = read(None, name="data.zip", member=member, values={"indicator": "{stem}"}).table
        assert len(table) == number
    assert table["indicator"].unique().tolist() == ["a_2015", "b"]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (zipped({"a.pdf": "x"}), {}, "data.zip: has no table in it | there are: a.pdf"),
        (zipped({}), {}, "has no table in it | it is empty"),
        (zipped({"a.csv": CSV}), {"member": "b.csv"}, "has no member b.csv | there are: a.csv"),
        (zipped({"a.csv": CSV})[:60], {}, "data.zip: cannot be read as zip"),
        (CSV.encode(), {}, "data.zip: cannot be read as zip"),
        (zipped({"a.xlsx": CSV}), {}, "its member a.xlsx cannot be read as xlsx"),
        (zipped({"a.csv": CSV.encode("cp1252")}), {}, "its member a.csv is not text in the encoding utf-8"),
    ],
    ids=["no table", "empty", "no such member", "broken off", "no zip", "bad workbook", "bad text"],
)  # fmt: skip
def test_a_zip_that_cannot_be_used_is_said_in_words(read, content, options, said):
    assert said in words(read(content, name="data.zip", **options))


def test_a_member_with_a_password_is_said(read, tmp_path):
    content = bytearray(zipped({"a.csv": CSV}))
    content[6] |= 1  # the flag of an encrypted member, in its own header and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "is protected by a password | unpack it" in words(read(bytes(content), name="data.zip"))


def test_a_member_that_would_unpack_to_too_much_is_refused_before_it_does(read, monkeypatch):
    monkeypatch.setattr("variation.reading.formats.archive.LARGEST", 50)
    assert "unpacks a.csv to" in words(read(zipped({"a.csv": CSV}), name="data.zip"))
    assert "unpacks to more than" in words(read(gzip.compress(CSV.encode() * 1000), name="data.csv.gz"))


def test_a_compressed_csv_is_read_as_itself(read):
    reading = read(gzip.compress(CSV.encode()), name="data.csv.gz")
    assert_same(reading)
    assert reading.table[FILE].unique().tolist() == ["data.csv.gz"]
    assert "data.csv.gz: cannot be" in words(read(gzip.compress(CSV.encode())[:-20], name="data.csv.gz"))


def test_a_folder_gives_all_its_tables_and_nothing_else(tmp_path):
    (tmp_path / "data").mkdir()
    for name in ("b.csv", "a.csv"):
        (tmp_path / "data" / name).write_text(CSV, encoding="utf-8")
    (tmp_path / "data" / "notes.docx").write_text("x")
    reading = read_table((TableSource(file="data"),), INDICATORS, folder=tmp_path)
    assert [source[0] for source in reading.sources] == ["a.csv", "b.csv"]


# --- GeoJSON


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features
    ]})  # fmt: skip


SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}


def test_boundaries_are_read_by_the_property_that_is_the_code(read):
    content = collection(({"CODE": "01", "long": 5}, SQUARE), ({"CODE": "02", "other": "x"}, SQUARE))
    reading = read(content, name="a.geojson", spec=BOUNDARIES, columns={"area": "CODE"})
    assert reading.findings == []
    assert reading.table["area"].to_list() == ["01", "02"]
    assert [json.loads(outline) for outline in reading.table["geometry"]] == [SQUARE, SQUARE]


def test_properties_of_boundaries_may_be_areas_and_features(read):
    content = collection(
        ({"area": 12, "kind": "ward", "imd": 20.5}, SQUARE), ({"area": 13, "kind": "ward", "imd": 3}, None)
    )
    table = read(content, name="a.geojson", spec=AREAS).table
    assert table[["area", "kind", "imd"]].to_numpy().tolist() == [["12", "ward", 20.5], ["13", "ward", 3.0]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (collection(({"code": "A"}, SQUARE))[:50], "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"type": "Topology"}', "is TopoJSON | save it as GeoJSON"),
        ('{"type": "Feature"}', "holds no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": [1]}', "holds no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "has no features"),
        ("[1]", "holds no FeatureCollection"),
        ("\u00fc".encode("cp1252"), "is not text in the encoding utf-8"),
        (collection(({"code": "A"}, SQUARE)), "missing columns area"),
        (collection(({"area": "A"}, None)), "geometry is empty"),
    ],
)
def test_boundaries_that_cannot_be_read_are_said_in_words(read, content, said):
    assert said in words(read(content, name="a.geojson", spec=BOUNDARIES))


# --- any table in any dialect


CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(['"', ",", ";", "\t", "\n", "|", "'"]),
    max_size=12,
)
TEXTS = CELLS.map(str.strip).filter(lambda cell: cell.isprintable() or "\n" in cell)
MISSING = {"", "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "#N/A", "..", "[x]", "[z]"}


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_any_texts_written_as_csv_in_any_dialect_are_read_back(
    tmp_path_factory, rows, separator, encoding, line, quoted
):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.writer(stream, delimiter=separator, lineterminator=line, quoting=quoting)
        writer.writerow(["area", "kind", "name", "imd"])
        writer.writerows([f"A{number}", "practice", *pair[:1], number] for number, pair in enumerate(rows))
    source = TableSource(file=str(path), separator=separator, encoding=encoding.removesuffix("-sig"))
    reading = read_table((source,), AREAS, folder=path.parent)
    assert [f for f in reading.findings if f.severity == "error"] == []
    wanted = [None if first in MISSING else first.replace("\r\n", "\n") for first, _ in rows]
    assert reading.table["name"].astype(object).where(reading.table["name"].notna(), None).to_list() == wanted
    assert reading.table["area"].to_list() == [f"A{number}" for number in range(len(rows))]
    assert reading.table["imd"].to_list() == list(range(len(rows)))


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(["", "a", "b", " c "]), max_size=6), min_size=1, max_size=4))
def test_joined_headings_hold_every_word_below_each_other(lines):
    joined = join_headings(lines)
    assert len(joined) == max(len(line) for line in lines)
    for line in lines:
        for place, cell in enumerate(line):
            assert cell.strip() in joined[place].split(" | ") or not cell.strip()


# --- anything at all

STARTS = st.sampled_from(
    [
        *(b"", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08\x00"),
        *(
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"indicator,area,period\n",
            b'{"type": "FeatureCollection", "features": [',
        ),
    ]
)
ENDINGS = ["csv", "txt", "xlsx", "xls", "ods", "xlsb", "parquet", "zip", "gz", "geojson", "nothing"]


@settings(deadline=None, max_examples=300)
@given(
    STARTS,
    st.binary(max_size=200),
    st.sampled_from(ENDINGS),
    st.sampled_from(["tidy", "wide", "fingertips", "qof"]),
)
def test_no_file_whatever_it_holds_ends_in_a_traceback(tmp_path_factory, start, rest, ending, reader):
    path = tmp_path_factory.mktemp("some") / f"a.{ending}"
    path.write_bytes(start + rest)
    source = TableSource(file=path.name, reader=reader, across="{indicator}", header_row=1 + len(rest) % 3)
    reading = read_table((source,), INDICATORS, folder=path.parent)
    assert reading.table.empty
    assert all(finding.table.startswith("a.") for finding in reading.findings)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2000), st.integers(0, 255), st.sampled_from(["xlsx", "parquet", "csv.gz", "zip"]))
def test_one_wrong_byte_in_a_packed_file_is_read_or_said(tmp_path_factory, place, byte, ending):
    path = tmp_path_factory.mktemp("bent") / f"a.{ending}"
    if ending == "xlsx":
        FRAME.to_excel(path, index=False)
    elif ending == "parquet":
        FRAME.to_parquet(path)
    else:
        path.write_bytes(zipped({"a.csv": CSV}) if ending == "zip" else gzip.compress(CSV.encode()))
    content = bytearray(path.read_bytes())
    content[place % len(content)] = byte
    path.write_bytes(content)
    reading = read_table((TableSource(file=path.name),), INDICATORS, folder=path.parent)
    assert len(reading.table) <= 2


def test_a_number_that_stands_for_missing_is_missing_beside_words_too(tmp_path):
    frame = pd.DataFrame(
        {"indicator": "asthma", "area": list("ABCD"), "period": "2016/17", "numerator": [5, 999, "-", 7.5]}
    )
    frame.to_excel(tmp_path / "data.xlsx", index=False)
    source = TableSource(file=("data.xlsx",), missing=["-", 999])
    reading = read_table((source,), INDICATORS, folder=tmp_path)
    assert reading.findings == []
    pd.testing.assert_series_equal(
        reading.table["numerator"], pd.Series([5, None, None, 7.5], name="numerator", dtype=float)
    )


@pytest.mark.parametrize("file", ["returns", "returns/*.csv"])
def test_what_excel_keeps_of_an_open_file_is_not_read(tmp_path, file):
    folder = tmp_path / "returns"
    folder.mkdir()
    (folder / "data.csv").write_text(CSV, encoding="utf-8")
    (folder / "~$data.csv").write_bytes(b"\x05owner")
    (folder / "._data.csv").write_bytes(b"\0\5\x16\7")
    assert_same(read_table((TableSource(file=(file,)),), INDICATORS, folder=tmp_path))
