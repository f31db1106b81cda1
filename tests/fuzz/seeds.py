"""Small sound files in every format, and the broken ones of the corpus: where fuzzing starts."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import xlwt

from tests.corpus import files, settings, sheets, tables
from tests.corpus.case import ROWS, Case, settings_of
from tests.tiny_analysis import AREAS, CATALOGUE, INDICATORS

# Parts of a joined input: the three tables of an analysis, one below the other.
APART = "\n====\n"

FINGERTIPS = """\
Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,\
Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,Denominator,\
Value note,Recent Trend,Compared to England value or percentiles,Time period Sortable,New data,Time period range
1,Smoking,E1,East,A81001,One,GPs,Persons,15+ yrs,,,2019/20,10,8,12,7,13,50,500,,,,20190000,,1y
1,Smoking,E1,East,A81002,Two,GPs,Male,15+ yrs,Decile,Most deprived,2019/20,,8,12,,,,500,Suppressed,,,20190000,,1y
1,Smoking,,,E92000001,England,England,Persons,15+ yrs,,,2019/20,16,15,17,,,5000,50000,,Increasing,,20190000,,1y
"""
MEASURE = (
    "month,code,numerator,denominator\n2016-05-01,11J,5,50.5\n2016-04-01,11J,4,50.25\n2016-04-01,00D,0,0.0\n"
)
SEARCH = 'date,id,name,y_items,y_actual_cost,total_list_size\n2016-04-01,P1,"A, B",84,220.37,900\n'
REGISTERS = "PRACTICE_CODE,GROUP_CODE,REGISTER,PRACTICE_LIST_SIZE\nA81001,AST,300,5000\nA81002,AST,200,4000\n"
WIDE = """\
Practice,Locality,Asthma register,Asthma list,COPD register,COPD list,Remark
A1,North,5,50,6,60,x
A2,South,*,70,8,80,y
"""
OUTLINES = """\
{"type": "FeatureCollection", "features": [
 {"type": "Feature", "properties": {"area": "P1"}, "geometry": {"type": "Polygon",
  "coordinates": [[[0, 50], [1, 50], [1, 51], [0, 50]]]}},
 {"type": "Feature", "properties": {"area": "P2"}, "geometry": {"type": "MultiPolygon",
  "coordinates": [[[[0, 50], [1, 50], [1, 51], [0, 50]]]]}}]}
"""
SETTINGS = """\
title = "Ours"
focus = "L1"
seed = 7
[tables]
indicators = [
  { file = "a.csv", values = { period = "2016/17" } },
  { file = "b.csv", reader = "wide", across = ["{indicator}"] },
]
catalogue = { rows = [{ indicator = "asthma", name = "Asthma", kind = "rate", polarity = "low" }] }
areas = { file = "areas.csv", levels = { practice = "code", pcn = "network" } }
[peers.practice]
method = "similar"
features = ["imd"]
[periods]
pool = { asthma = 3 }
[comparison]
confidence = 0.95
"""


def workbook(ending: str) -> bytes:
    """The sound indicators as a workbook of a format."""
    if ending == "xlsx":
        return sheets.book()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"data.{ending}"
        if ending == "ods":
            pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_excel(path, index=False, engine="odf")
        else:
            book = xlwt.Workbook()
            sheet = book.add_sheet("Data")
            for line, row in enumerate(ROWS):
                for place, cell in enumerate(row):
                    sheet.write(line, place, cell)
            book.save(str(path))
        return path.read_bytes()


def parquet() -> bytes:
    """The sound indicators as Parquet."""
    stream = io.BytesIO()
    pd.read_csv(io.StringIO(INDICATORS)).to_parquet(stream)
    return stream.getvalue()


def zipped() -> bytes:
    """The sound indicators as a zip of a CSV."""
    return files.zipped({"indicators.csv": INDICATORS})


def members(packed: bytes) -> list[tuple[str, bytes]]:
    """Members of a packed file, in its order."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _broken(ending: str) -> list[bytes]:
    """Files of the corpus with an ending, but bombs: those are tested by themselves."""
    found = []
    for case in CASES:
        for name, content in case.files.items():
            if name.endswith(ending) and not callable(content):
                found.append(content.encode() if isinstance(content, str) else content)
    return [data for data in found if len(data) < 1 << 16]


def _analyses() -> list[bytes]:
    """Cases of the corpus that change a table: all three as one text."""
    sound = {"indicators.csv": INDICATORS, "catalogue.csv": CATALOGUE, "areas.csv": AREAS}
    joined = []
    for case in CASES:
        if not case.tables and not case.toml and set(case.files) <= set(sound):
            texts = sound | dict(case.files)
            if all(isinstance(text, str) for text in texts.values()):
                joined.append(APART.join(map(str, texts.values())).encode())
    return [APART.join(sound.values()).encode(), *joined]


CASES: tuple[Case, ...] = (*files.CASES, *sheets.CASES, *tables.CASES, *settings.CASES)

SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "csv": lambda: [INDICATORS.encode(), *_broken(".csv")],
    "xlsx": lambda: [workbook("xlsx"), *_broken(".xlsx")],
    "xls": lambda: [workbook("xls"), *_broken(".xls")],
    "ods": lambda: [workbook("ods"), *_broken(".ods")],
    "parquet": lambda: [parquet(), *_broken(".parquet")],
    "geojson": lambda: [OUTLINES.encode(), *_broken(".geojson")],
    "zip": lambda: [zipped(), *_broken(".zip")],
    "settings": lambda: [SETTINGS.encode(), *[_toml(case) for case in settings.CASES]],
    "fingertips": lambda: [FINGERTIPS.encode()],
    "openprescribing": lambda: [MEASURE.encode(), SEARCH.encode()],
    "qof": lambda: [REGISTERS.encode()],
    "wide": lambda: [WIDE.encode()],
    "tables": _analyses,
    "init": lambda: [text.encode() for text in (INDICATORS, AREAS, FINGERTIPS, MEASURE, REGISTERS, WIDE)],
}


def _toml(case: Case) -> bytes:
    """Settings of a case as one text."""
    toml = settings_of(case) if case.toml is None or callable(case.toml) else case.toml
    return toml if isinstance(toml, bytes) else toml.encode()
