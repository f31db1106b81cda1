"""Write the pack of one area into its folder."""

import shutil
from collections.abc import Collection
from pathlib import Path

from reports.area_pack.pictures import area_jobs
from reports.area_pack.story import Story
from reports.charts.saving import draw_all
from reports.picture import Picture

# SVG opens wherever a page does and in every office program; PNG beside it would double the time.
FORMATS = ("svg",)


def write_area_pack(story: Story, folder: Path, outputs: Collection[str]) -> None:
    """Write the page, booklet, workbook and pictures that ``outputs`` names."""
    pictures: tuple[Picture, ...] = ()
    if not {"charts", "page", "booklet"}.isdisjoint(outputs):
        todo = area_jobs(story.area, [look.indicator for look in story.looks])
        pictures = draw_all(todo, folder / "charts", formats=FORMATS)
    if "page" in outputs:
        from reports.area_pack.page import write_page

        write_page(story, pictures, folder / "index.html")
    if "booklet" in outputs:
        from reports.area_pack.booklet import write_booklet

        write_booklet(story, pictures, folder / "booklet.pdf")
    if "excel" in outputs:
        from reports.area_pack.workbook import write_workbook

        write_workbook(story, folder / "variation-pack.xlsx")
    if "charts" not in outputs and (folder / "charts").is_dir():
        shutil.rmtree(folder / "charts")
