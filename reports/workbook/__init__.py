"""The workbook of a pack: for finance and analysts, every figure live or traceable, right in any viewer."""

from pathlib import Path

from reports.contents import Contents
from reports.workbook.book import write_book
from reports.workbook.sheets import all_sheets
from reports.workbook.spec import Properties

__all__ = ["write_workbook"]


def write_workbook(contents: Contents, path: Path) -> None:
    """Write a pack's workbook; the same contents give the same bytes.

    Parameters
    ----------
    contents
        What the pack shows. Shorthand that disclosure control put in place of figures, such as ``[c]``,
        stands in their cells.
    path
        File to write, ``variation-pack.xlsx`` as a rule; replaced if it is there, once all is written.
    """
    marking = " - ".join(contents.markings)
    properties = Properties(
        title=contents.title,
        subject=contents.subtitle,
        creator=f"variation {contents.version}",
        marking=marking,
        made=contents.made,
    )
    beside = path.with_name(f".{path.name}.partial")
    try:
        with beside.open("wb") as file:
            write_book(all_sheets(contents), properties, file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
