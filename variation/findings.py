"""Every finding, declared once in findings.csv: its code, how grave it is, what it means, what becomes of figures.

`python -m variation.findings` writes them to docs/findings.md.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from benchmarks.plausibility import FACTOR, THRESHOLD

GROUPS = {
    "files": "Files and cells",
    "areas": "Areas",
    "periods": "Periods",
    "catalogue": "Catalogue, plan and settings",
    "figures": "Figures that cannot be, and rows that do not fit",
    "doubts": "Figures to be doubted",
    "gaps": "What is missing",
    "peers": "Peers and results",
    "finance": "Assumptions of finance",
}


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One finding as its reader should understand it."""

    code: str
    group: str
    severity: str  # error, warning, note; several where it depends
    meaning: str
    outcome: str


@cache
def declared() -> tuple[Declared, ...]:
    """Every finding, in the order of the documentation.

    >>> [one.severity for one in declared() if one.code == "jump"]
    ['warning']
    """
    text = resources.files(__package__).joinpath("findings.csv").read_text(encoding="utf-8")
    return tuple(Declared(**row) for row in csv.DictReader(text.splitlines()))


HEAD = f"""\
# Findings

What `variation check`, the sheet *Data quality* and `tables/findings` may say, generated from their declarations by
`python -m variation.findings`. An **error** stops the run before anything is written. A **warning** is to be looked
at: the table says whether a row is set aside. A **note** is for the reader. Every finding names file, sheet, line,
column and value where it has them, and what to do.

## How sure a doubt is

A figure is doubted (`jump`, `far_from_all`) where it lies {THRESHOLD:g} standard errors or more from what is expected
of it **and** is {FACTOR:g} times that or more, or 1/{FACTOR:g} or less. A standard error counts chance (as two
Poisson counts, so that 4 after 0 is no jump) and what areas usually differ or move by beyond chance. That is told
from the middle half of the figures: those far out do not hide themselves. What all areas share is no jump.

On a normal curve one figure in 500 million lies so far out. In simulated years without any error (areas alike, or
differing by 30 % or 60 %; 0.5 to 2,000 events each), at most 6 figures in a million were far from all others and
none in a million a jump; `tests/benchmarks/test_plausibility.py` repeats a part of it. Areas that truly differ may
lie further out than any such curve: so `far_from_all` is a note, and a question to ask.

`list_size` doubts an area if most of its denominators are 1.4 times (or 1/1.4 of) the share of its population that is
usual, and 6 robust standard deviations out, among denominators that follow the list. `total_differs` allows for
rounding: where all counts are multiples of 5, half of that for each area below; where they are whole, fractions of
one only. `mixed_scale` needs two groups of values, two or more in each, 4 times apart with nothing between, whose
middles differ by about 100 or 1,000 times.
"""

COLUMNS = "| code | severity | what it means | what becomes of it |\n|---|---|---|---|"


def markdown() -> str:
    """Write every finding as a page of documentation."""
    parts = [HEAD]
    for group, title in GROUPS.items():
        rows = [one for one in declared() if one.group == group]
        lines = [f"| `{one.code}` | {one.severity} | {one.meaning} | {one.outcome} |" for one in rows]
        parts.append(f"## {title}\n\n" + "\n".join([COLUMNS, *lines]) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    Path("docs/findings.md").write_text(markdown(), encoding="utf-8", newline="\n")
