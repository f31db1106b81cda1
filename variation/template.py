"""Empty input tables with their columns explained, to be filled in."""

from pathlib import Path

from variation.tables import INPUTS, Column, Table

SETTINGS = """\
# Settings of one analysis. Run:  variation run analysis.toml --out pack
title = "Our area: variation for inquiry"
# Disclosure policy: hes_2018, under_5 or up_to_5_secondary withhold small counts; internal withholds nothing
# and marks everything OFFICIAL-SENSITIVE.
policy = "hes_2018"

[tables]
indicators = "indicators.csv"
catalogue = "catalogue.csv"
areas = "areas.csv"
plan = "plan.csv"
# What finance assumes; these three may be left out.
assumptions = "assumptions.csv"
schemes = "schemes.csv"
overlaps = "overlaps.csv"

[peers.practice]
method = "similar"
"""


def write_template(folder: Path) -> list[Path]:
    """Write an empty CSV for each input table, ``README.txt`` and ``analysis.toml``; what is there is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{table.name}.csv": ",".join(table.names) + "\n" for table in INPUTS}
    texts["README.txt"] = "\n\n".join(explained(table) for table in INPUTS) + "\n"
    texts["analysis.toml"] = SETTINGS
    written = []
    for name, content in texts.items():
        path = folder / name
        if not path.exists():
            path.write_text(content, encoding="utf-8", newline="\n")
            written.append(path)
    return written


def explained(table: Table) -> str:
    """Explain a table in plain text: what a row is, then each column."""
    more = "\n  any further number column is a feature that peers can be found by" if table.open_ended else ""
    lines = "\n".join(f"  {column.name}: {_about(column)}" for column in table)
    return f"{table.name}.csv: one row per {table.one_row_per}\n{lines}{more}"


def _about(column: Column) -> str:
    parts = [column.meaning]
    if column.unit:
        parts.append(f"in {column.unit}")
    if column.choices:
        parts.append(f"one of {', '.join(column.choices)}")
    parts.append("required" if column.required else "may be left out")
    return "; ".join(parts)
