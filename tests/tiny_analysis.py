"""The tiny analysis: three practices and two indicators in files, of which a test or a case changes one thing."""

from collections.abc import Callable, Mapping
from pathlib import Path

AREAS = """\
area,name,kind,parent,imd
P1,One,practice,L1,10
P2,Two,practice,L1,20
P3,Three,practice,L1,15
L1,Town,locality,,
"""
CATALOGUE = """\
indicator,name,kind,polarity,unit_cost
asthma,Asthma admissions,rate,low,100
smoking,Smoking,proportion,low,
"""
INDICATORS = """\
indicator,area,period,numerator,denominator
asthma,P1,2016/17,10,1000
asthma,P2,2016/17,20,1000
asthma,P3,2016/17,30,1000
smoking,P1,2016/17,100,1000
smoking,P2,2016/17,200,1000
smoking,P3,2016/17,150,1000
"""
SOUND = {"areas": AREAS, "catalogue": CATALOGUE, "indicators": INDICATORS}

# What a file holds, or what writes it to a path.
Content = str | bytes | Callable[[Path], None]


def settings_text(tables: Mapping[str, str], settings: str = "") -> str:
    """Settings of which ``tables`` are the lines of [tables], and ``settings`` stands below them."""
    lines = [f"{name} = {source}" for name, source in tables.items()]
    return "\n".join(['title = "Tiny"', "[tables]", *lines, settings, ""])


def write_files(folder: Path, files: Mapping[str, Content]) -> None:
    """Write each file as it is given, to the byte."""
    for name, content in files.items():
        if callable(content):
            content(folder / name)
        else:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
