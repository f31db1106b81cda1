"""The pack of one area: a page, a booklet and a workbook that name it against its peers and what it is part of."""

from reports.area_pack.contents import AreaContents
from reports.area_pack.story import Story
from reports.area_pack.write import write_area_pack

__all__ = ["AreaContents", "Story", "write_area_pack"]
