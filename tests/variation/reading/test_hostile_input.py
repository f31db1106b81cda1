"""Names that are meant to do harm: none leaves its folder, runs in a spreadsheet or page, or moves a terminal."""

import csv
import io
import re
import zipfile
from pathlib import PurePosixPath

import pytest
from click.testing import CliRunner

from variation.cli.main import main
from variation.errors import Finding, visible

# What a spreadsheet would run, a browser would run, a file system would follow, a reader would not see.
NAMES = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    '@SUM(1+1)*HYPERLINK("http://x.example")',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "../../../../tmp/out",
    "..\\..\\windows\\system32",
    "CON",
    "nul.txt",
    "Surgery\u202egnp.exe",
    "zero\u200bwidth",
    "N" * 300,
    "same",
    "SAME",
    "{{ 7 * 7 }} ${7*7} %s {0}",
)
INDICATORS = (NAMES[0], NAMES[4], NAMES[6], NAMES[12], NAMES[13])
RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def hostile(folder):
    """An analysis whose areas and indicators are called by all of these, by code and by name."""
    areas = [["area", "name", "kind", "parent"], ["TOP", "=1+1", "locality", ""]]
    areas += [[name, name, "practice", "TOP"] for name in NAMES]
    catalogue = [["indicator", "name", "kind", "polarity", "programme", "unit_cost", "question"]]
    catalogue += [[name, name, "rate", "low", name, "100", name] for name in INDICATORS]
    rows = [["indicator", "area", "period", "numerator", "denominator"]]
    rows += [
        [what, area, period, str(40 + 3 * place + number), "1000"]
        for number, what in enumerate(INDICATORS)
        for place, area in enumerate(NAMES)
        for period in ("2015/16", "2016/17")
    ]
    for name, table in (("areas", areas), ("catalogue", catalogue), ("indicators", rows)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(table)
    lines = [f'{name} = "{name}.csv"' for name in ("areas", "catalogue", "indicators")]
    (folder / "analysis.toml").write_text(
        "\n".join(
            [
                'title = "<script>alert(2)</script>"',
                'subtitle = "=1+1"',
                "[tables]",
                *lines,
                "[pack]",
                "top_indicators = 2",
                "",
            ]
        ),
        encoding="utf-8",
    )
    return folder / "analysis.toml"


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The pack of that analysis, and what was said while it was made."""
    folder = tmp_path_factory.mktemp("hostile") / "deep"
    folder.mkdir()
    shown = CliRunner().invoke(
        main, ["run", str(hostile(folder)), "--out", str(folder / "pack"), "--policy", "internal"]
    )
    assert shown.exit_code == 0, shown.output
    return folder / "pack", shown.output


def test_nothing_is_written_beside_the_pack_and_its_names_are_good_on_every_system(pack):
    folder, _ = pack
    above = folder.parent.parent
    assert [path.name for path in above.iterdir()] == ["deep"]
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        "analysis.toml", "areas.csv", "catalogue.csv", "indicators.csv", "pack",
    ]  # fmt: skip
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        for part in PurePosixPath(name).parts:
            assert re.fullmatch(r"[\w .()-]{1,120}", part, re.ASCII), name
            assert not RESERVED.fullmatch(part), name


def test_no_cell_of_a_csv_starts_what_a_spreadsheet_would_run(pack):
    folder, _ = pack
    files = sorted(folder.rglob("*.csv"))
    assert len(files) > 5
    seen = 0
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.reader(stream):
                for cell in row:
                    if cell.startswith(("=", "+", "-", "@", "\t", "\r")):
                        float(cell)  # a number may be negative; nothing else begins so
                    seen += "cmd|" in cell
    assert seen > 10


def test_no_formula_of_the_workbook_holds_a_name_and_every_name_is_text(pack):
    folder, _ = pack
    with zipfile.ZipFile(folder / "variation-pack.xlsx") as book:
        parts = {
            name: book.read(name).decode("utf-8")
            for name in book.namelist()
            if name.endswith((".xml", ".rels"))
        }
    formulas = [
        f for text in parts.values() for f in re.findall(r"<(?:f|c:f|x:f)(?:\s[^>]*)?>([^<]*)<", text)
    ]
    assert len(formulas) > 100
    assert not [formula for formula in formulas if "cmd|" in formula or 'HYPERLINK("http://x' in formula]
    assert not [
        name for name, text in parts.items() if "externalLink" in name or 'TargetMode="External"' in text
    ]
    assert sum(text.count("cmd|") for text in parts.values()) > 5


def test_no_name_becomes_a_tag_of_the_page_or_of_a_picture(pack):
    folder, _ = pack
    for file in [folder / "index.html", *folder.rglob("*.svg")]:
        text = file.read_text(encoding="utf-8").casefold()
        assert "<script>alert" not in text, file
        assert "<img src=x" not in text, file
        assert "\u202e" not in text, file


def test_what_is_said_moves_no_terminal(pack, tmp_path):
    assert not [sign for sign in pack[1] if not sign.isprintable() and sign != "\n"]
    settings = hostile(tmp_path)
    areas = (tmp_path / "areas.csv").read_text(encoding="utf-8")
    (tmp_path / "areas.csv").write_text(
        areas + "\x1b[2J\x1b]0;owned\x07,x,practice,\u202eNOWHERE\n", encoding="utf-8"
    )
    shown = CliRunner().invoke(main, ["check", str(settings)], color=True)
    assert shown.exit_code == 1
    assert "\\u202eNOWHERE" in shown.output
    assert not [sign for sign in shown.output if not sign.isprintable() and sign != "\n"]


def test_a_finding_writes_out_what_cannot_be_seen():
    finding = Finding(
        severity="note", code="x", table="a\x00b", message="\x1b[1mbold", value="P1\u200b", hint="\u202eh"
    )
    assert finding.line == "a\\x00b: \\x1b[1mbold (found: P1\\u200b)"
    assert str(finding).endswith("hint: \\u202eh")
    assert visible("Caffè £5 – ok") == "Caffè £5 – ok"


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/etc/evil.csv", "..\\..\\evil.csv", "deep/../../evil.csv"]
)
def test_a_member_of_a_zip_is_never_unpacked_outside_its_folder(read, tmp_path, name):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "indicator,area,period,numerator,denominator\nasthma,P1,2016/17,1,10\n")
    before = set(tmp_path.parent.rglob("*evil*"))
    reading = read(stream.getvalue(), name="data.zip")
    assert reading.table["numerator"].tolist() == [1]
    assert set(tmp_path.parent.rglob("*evil*")) == before
    assert not list(tmp_path.glob("*evil*"))


def test_a_member_with_a_name_too_long_for_any_system_is_said(read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"{'n' * 300}.csv", "indicator,area\n")
    (finding,) = read(stream.getvalue(), name="data.zip").findings
    assert finding.code == "file"


DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY a "ha"><!ENTITY b "{}">]>'
).format("&a;" * 50)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize("entity", ["&secret;", "&b;"])
def test_entities_of_a_workbook_are_neither_fetched_nor_multiplied(read, part, entity):
    from tests.corpus.sheets import book, rezipped

    def change(name, member):
        if name != part:
            return member
        text = re.sub(r"<\?xml[^>]*\?>", "", member.decode("utf-8"))
        return (DOCTYPE + text.replace("asthma", entity).replace('name="Data"', f'name="{entity}"')).encode()

    reading = read(rezipped(book(), change), name="data.xlsx")
    said = " ".join(map(str, reading.findings)) + reading.table.to_csv()
    assert "root:" not in said
    assert "hahaha" not in said


def test_a_field_of_many_megabytes_is_said_and_not_printed(read_tiny):
    found = read_tiny(
        indicators="indicator,area,period,numerator,denominator\nasthma,P1,2016/17," + "9" * 5_000_000
    )
    assert found.inputs is None
    assert max(len(str(finding)) for finding in found.findings) < 5_000
