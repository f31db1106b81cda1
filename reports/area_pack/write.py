"""Write the pack of one area into its folder."""

import shutil
from collections.abc import Collection
from pathlib import Path

from reports.area_pack.contents import AreaContents
from reports.area_pack.looks import Look, looks
from reports.area_pack.pictures import area_jobs
from reports.chartbook import Picture, draw_all

# SVG opens wherever a page does and in every office program; PNG beside it would double the time.
FORMATS = ("svg",)


def write_area_pack(area: AreaContents, folder: Path, outputs: Collection[str]) -> list[Look]:
    """Write the page, booklet, workbook and pictures that ``outputs`` names; return what to look at first."""
    found = looks(area)
    pictures: tuple[Picture, ...] = ()
    if not {"charts", "page", "booklet"}.isdisjoint(outputs):
        todo = area_jobs(area, [look.indicator for look in found])
        pictures = draw_all(todo, folder / "charts", formats=FORMATS)
    if "page" in outputs:
        from reports.area_pack.page import write_page

        write_page(area, found, pictures, folder / "index.html")
    if "booklet" in outputs:
        from reports.area_pack.booklet import write_booklet

        write_booklet(area, found, pictures, folder / "booklet.pdf")
    if "excel" in outputs:
        from reports.area_pack.workbook import write_workbook

        write_workbook(area, found, folder / "variation-pack.xlsx")
    if "charts" not in outputs:
        shutil.rmtree(folder / "charts", ignore_errors=True)
    return found
