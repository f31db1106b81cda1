"""Files that are not what they should be: absent, closed, cut off, in another encoding, of another kind."""

import gzip
import io
import zipfile
from pathlib import Path

from tests.corpus.case import Case, changed, error
from tests.tiny_analysis import AREAS, CATALOGUE, INDICATORS

CSV = "indicators.csv"


def zipped(members: dict[str, bytes | str]) -> bytes:
    """Zip members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def parquet(path: Path) -> None:
    """Write the indicators as Parquet."""
    import pandas as pd

    pd.read_csv(io.StringIO(INDICATORS)).to_parquet(path)


def cut(name: str, share: float) -> bytes:
    """The first part of a file made by ``parquet``."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        parquet(path)
        data = path.read_bytes()
    return data[: int(len(data) * share)]


def closed(path: Path) -> None:
    """Write a file that this user may not read."""
    path.write_text(INDICATORS, encoding="utf-8")
    path.chmod(0)


def locked_settings(path: Path) -> None:
    """Write settings that this user may not read."""
    path.write_text('title = "x"', encoding="utf-8")
    path.chmod(0)


def remove(path: Path) -> None:
    """Leave a file out."""
    path.unlink(missing_ok=True)


def folder(path: Path) -> None:
    """Put an empty folder in the place of a file."""
    path.mkdir()


def link_to_itself(path: Path) -> None:
    """Write a link that leads nowhere but back."""
    path.symlink_to(path.name)


CLOSED = ("a file that this user may not read", "settings that this user may not read")
LINKS = ("a link that leads to itself",)

CASES = (
    Case(
        name="a file that does not exist",
        tables={"indicators": '"indicatros.csv"'},
        finds=(error("file", "indicatros.csv"),),
        says=("no such file in", "indicators.csv"),
    ),
    Case(
        name="a folder that does not exist",
        tables={"indicators": '"nowhere/indicators.csv"'},
        finds=(error("file", "indicators.csv"),),
        says=("no such file in", "nowhere"),
    ),
    Case(
        name="a pattern that matches nothing",
        tables={"indicators": '"returns_*.csv"'},
        finds=(error("file", "returns_*.csv"),),
        says=("no file matches this pattern",),
    ),
    Case(
        name="an empty folder for a file",
        files={"returns": folder},
        tables={"indicators": '"returns"'},
        finds=(error("file", "returns"),),
        says=("is a folder without a table", ".csv"),
    ),
    Case(
        name="a file that this user may not read",
        files={CSV: closed},
        finds=(error("file", CSV),),
        says=("may not be read", "open in Excel"),
    ),
    Case(
        name="a link that leads to itself",
        files={CSV: link_to_itself},
        finds=(error("file", CSV),),
        says=("no such file",),
    ),
    Case(
        name="a file of 0 bytes",
        files={CSV: b""},
        finds=(error("file", CSV),),
        says=("is empty (0 bytes)", "broken off"),
    ),
    Case(
        name="a file of empty lines",
        files={CSV: "\n\n\n"},
        finds=(error("file", CSV),),
        says=("has no heading in its first line",),
    ),
    Case(
        name="a file of commas only",
        files={CSV: ",,,,\n,,,,\n"},
        finds=(error("file", CSV),),
        says=("has no heading",),
    ),
    Case(
        name="a heading and nothing below",
        files={CSV: INDICATORS.splitlines()[0] + "\n"},
        finds=(error("empty_table", CSV),),
        says=("has no rows below its heading", "variation template"),
    ),
    Case(
        name="a heading, without so much as the end of its line",
        files={"areas.csv": AREAS.splitlines()[0]},
        finds=(error("empty_table", "areas.csv"),),
        says=("has no rows below its heading",),
    ),
    Case(
        name="three empty tables at once",
        files={
            name: text.splitlines()[0]
            for name, text in ((CSV, INDICATORS), ("catalogue.csv", CATALOGUE), ("areas.csv", AREAS))
        },
        finds=(
            error("empty_table", CSV),
            error("empty_table", "catalogue.csv"),
            error("empty_table", "areas.csv"),
        ),
    ),
    Case(
        name="text that was cut off in the middle of a row",
        files={CSV: INDICATORS[: INDICATORS.index("150")]},
        finds=(error("broken_row", CSV, 7),),
        says=("4 fields where the heading has 5",),
    ),
    Case(
        name="text that was cut off in the middle of a code",
        files={CSV: INDICATORS[: INDICATORS.rindex("P3") + 1]},
        finds=(error("broken_row", CSV, 7),),
        says=("2 fields where the heading has 5",),
    ),
    Case(
        name="cp1252, not UTF-8",
        files={"areas.csv": AREAS.replace("One", "Café").encode("cp1252")},
        finds=(error("file", "areas.csv"),),
        says=("is not text in the encoding utf-8", 'encoding = "cp1252"'),
    ),
    Case(
        name="UTF-16, not UTF-8",
        files={CSV: INDICATORS.encode("utf-16")},
        finds=(error("file", CSV),),
        says=("encoding", "utf-16"),
    ),
    Case(
        name="UTF-8 that is said to be UTF-16",
        files={CSV: INDICATORS},
        tables={"indicators": '{ file = "indicators.csv", encoding = "utf-16" }'},
        finds=(error("file", CSV),),
        says=("is not text in the encoding utf-16",),
    ),
    Case(
        name="an encoding that there is not",
        tables={"indicators": '{ file = "indicators.csv", encoding = "utf-9" }'},
        finds=(error("file", CSV),),
        says=("utf-9", "encoding"),
    ),
    Case(
        name="half of a character at the end",
        files={"areas.csv": AREAS.encode() + "é".encode()[:1]},
        finds=(error("file", "areas.csv"),),
        says=("encoding utf-8",),
    ),
    Case(
        name="NUL bytes among the text",
        files={CSV: INDICATORS.replace("20,1000", "2\x000,1000").encode()},
        finds=(error("not_a_number", CSV, 3, "numerator"),),
        says=("expected a number",),
    ),
    Case(
        name="a file of NUL bytes, as a broken copy leaves it",
        files={CSV: b"\0" * 4096},
        finds=(error("file", CSV),),
        says=("NUL bytes", "a broken copy"),
    ),
    Case(
        name="a byte order mark in the middle of two files put together",
        files={
            CSV: INDICATORS.encode() + b"\xef\xbb\xbf" + INDICATORS.replace("2016/17", "2015/16").encode()
        },
        finds=(
            error("not_a_number", CSV, 8, "denominator"),
            error("not_a_number", CSV, 8, "numerator"),
            error("not_in_catalogue", CSV, 8, "indicator"),
        ),
        says=("expected a number",),
    ),
    Case(
        name="semicolons where commas are expected",
        files={CSV: INDICATORS.replace(",", ";")},
        finds=(error("missing_column", CSV, 1),),
        says=("give separator = ';'",),
    ),
    Case(
        name="a quote that is never closed",
        files={CSV: changed("smoking,P1", '"smoking,P1')},
        finds=(error("broken_row", CSV, 5),),
        says=("a quote",),
    ),
    Case(
        name="a comma inside a name without quotes",
        files={"areas.csv": changed("Two", "Two, the High Street", AREAS)},
        finds=(error("broken_row", "areas.csv", 3),),
        says=("6 fields where the heading has 5", "separator or a quote inside a value"),
    ),
    Case(
        name="a picture named .csv",
        files={CSV: b"\x89PNG\r\n\x1a\n" + bytes(range(256))},
        finds=(error("file", CSV),),
    ),
    Case(
        name="a web page in place of a download",
        files={CSV: "<!DOCTYPE html>\n<html><body>Please log in</body></html>"},
        finds=(error("file", CSV),),
        says=("a web page", "refused"),
    ),
    Case(
        name="a workbook named .csv",
        files={CSV: zipped({"[Content_Types].xml": "<Types/>"})},
        finds=(error("file", CSV),),
        says=("looks like a workbook",),
    ),
    Case(
        name="a CSV named .xlsx",
        files={"data.xlsx": INDICATORS},
        tables={"indicators": '"data.xlsx"'},
        finds=(error("file", "data.xlsx"),),
        says=("plain text (.csv)",),
    ),
    Case(
        name="a CSV named .parquet",
        files={"data.parquet": INDICATORS},
        tables={"indicators": '"data.parquet"'},
        finds=(error("file", "data.parquet"),),
        says=("plain text (.csv)",),
    ),
    Case(
        name="a Parquet file that was cut off",
        files={"data.parquet": cut("data.parquet", 0.6)},
        tables={"indicators": '"data.parquet"'},
        finds=(error("file", "data.parquet"),),
    ),
    Case(
        name="a zip that was cut off",
        files={"data.zip": zipped({"a.csv": INDICATORS * 50})[:200]},
        tables={"indicators": '"data.zip"'},
        finds=(error("file", "data.zip"),),
    ),
    Case(
        name="a zip without a table",
        files={"data.zip": zipped({"letter.docx": b"x"})},
        tables={"indicators": '"data.zip"'},
        finds=(error("file", "data.zip"),),
        says=("has no table in it", "letter.docx"),
    ),
    Case(
        name="a zip without the member that is named",
        files={"data.zip": zipped({"a.csv": INDICATORS})},
        tables={"indicators": '{ file = "data.zip", member = "b.csv" }'},
        finds=(error("file", "data.zip"),),
        says=("has no member b.csv", "a.csv"),
    ),
    Case(
        name="a .gz that was cut off",
        files={"data.csv.gz": gzip.compress(INDICATORS.encode(), mtime=0)[:-12]},
        tables={"indicators": '"data.csv.gz"'},
        finds=(error("file", "data.csv.gz"),),
        says=("broken off",),
    ),
    Case(
        name="JSON that is no GeoJSON",
        files={"data.geojson": '{"rows": []}'},
        tables={"areas": '"data.geojson"'},
        finds=(error("file", "data.geojson"),),
        says=("FeatureCollection",),
    ),
    Case(
        name="GeoJSON whose properties are a list",
        files={
            "data.geojson": '{"type": "FeatureCollection", "features": [{"properties": [1], "geometry": null}]}'
        },
        tables={"areas": '"data.geojson"'},
        finds=(error("file", "data.geojson"),),
        says=("properties",),
    ),
    Case(
        name="GeoJSON that was cut off",
        files={"data.geojson": '{"type": "FeatureCollection", "features": [{"ty'},
        tables={"areas": '"data.geojson"'},
        finds=(error("file", "data.geojson"),),
        says=("is not JSON",),
    ),
)
