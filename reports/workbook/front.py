"""What the workbook opens with: its cover, and the list of what is in it."""

from collections.abc import Sequence

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.shorthand import LOW, SHORTHAND, SUPPRESSED
from reports.workbook.checks import LIGHT
from reports.workbook.spec import WHOLE, Column, Formula, Link, Sheet, Table

SHORT_HASH = 12  # characters: enough to tell two versions of an input apart


def cover_sheet(contents: Contents, *, checked: bool) -> Sheet:
    """Return the cover: what this is, from what it was made, and how to read it."""
    shorthand = "; ".join(f"{word} {meaning}" for word, meaning in SHORTHAND.items())
    return Sheet(
        name="Cover",
        title=contents.title,
        description=contents.subtitle,
        notes=(
            "Variation for inquiry: a difference from peers is a reason to ask, and may be warranted.",
            f"Shorthand in place of a figure: {shorthand}. The cell of {LOW} holds its figure.",
            "Savings, totals, shares and gaps are live formulas; filters on the tables show what you choose.",
        ),
        tables=(
            Table(
                filtered=False,
                name="about",
                columns=(
                    Column(key="item", heading="About this workbook", width=34),
                    Column(key="detail", heading="Detail", width=90, wrap=True),
                ),
                frame=_about(contents, checked=checked),
            ),
        ),
    )


def _about(contents: Contents, *, checked: bool) -> pd.DataFrame:
    areas = contents.areas.set_index("area")["name"]
    rows: list[tuple[str, object]] = [
        ("Area", areas.get(contents.focus, contents.focus) or "No single area"),
        ("Period", contents.period),
        ("Made", words.date_in_full(contents.made)),
        ("Version of the toolkit", contents.version),
        ("Marking", contents.banner or "None"),
        ("Notice", contents.notice or "None"),
    ]
    if checked:
        rows.append(("Checks", Formula(f"INDEX({{{LIGHT}.verdict}},1)")))
    rows += [
        (
            f"Input: {source.name}",
            f"{words.count_of(source.rows, 'row')}, table {source.table},"
            f" SHA-256 {source.sha256[:SHORT_HASH] or SUPPRESSED}",
        )
        for source in contents.sources
    ]
    if contents.attribution:
        rows.append(("Licence of the sources", contents.attribution))
    items, details = zip(*rows, strict=True)
    return pd.DataFrame({"item": items, "detail": pd.Series(details, dtype=object)})


def contents_sheet(sheets: Sequence[Sheet]) -> Sheet:
    """Return the list of the sheets that follow, each with a link and a line on what it shows."""
    frame = pd.DataFrame(
        {
            "sheet": pd.Series([Link(sheet.title, sheet.name) for sheet in sheets], dtype=object),
            "shows": [sheet.description for sheet in sheets],
            "rows": [sum(len(table.frame) for table in sheet.tables) for sheet in sheets],
        }
    )
    return Sheet(
        name="Contents",
        title="Contents",
        description="What is in this workbook: one row for each sheet, in their order.",
        tables=(
            Table(
                filtered=False,
                name="contents",
                columns=(
                    Column(key="sheet", heading="Sheet", width=52, links=True),
                    Column(key="shows", heading="What it shows", width=100, wrap=True),
                    Column(key="rows", heading="Rows", format=WHOLE, width=10),
                ),
                frame=frame,
            ),
        ),
    )
