"""What one area's pack says, told once for its page, its booklet and its workbook."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reports import headlines, words
from reports.area_pack.contents import AreaContents
from reports.area_pack.looks import (
    Look,
    further_sentence,
    good_sentence,
    looks,
    stands_in_short,
    stands_sentence,
    to_ask_about,
)
from reports.area_pack.tables import asking_table, inside_table, peers_sentence, peers_table
from reports.page.table import Table


@dataclass(frozen=True)
class Story:
    """The words and tables of one area's pack; each is made when it is first asked for."""

    area: AreaContents

    @cached_property
    def to_ask_about(self) -> pd.DataFrame:
        """Rows beyond chance on the side to ask about, the most to gain first."""
        return to_ask_about(self.area)

    @cached_property
    def looks(self) -> list[Look]:
        """The first of them, in words."""
        return looks(self.area, self.to_ask_about)

    @cached_property
    def headline(self) -> str:
        """In how many indicators the area stands out, and in how many it would by chance, for a list of areas."""
        return stands_in_short(self.area)

    @cached_property
    def sentences(self) -> list[str]:
        """What the page and the booklet open with."""
        said = (
            stands_sentence(self.area),
            headlines.total_sentence(self.area.contents),
            good_sentence(self.area),
            further_sentence(self.area),
        )
        return [sentence for sentence in said if sentence]

    @cached_property
    def asking(self) -> Table | None:
        """All that is to ask about, as a table."""
        return asking_table(self.area, self.to_ask_about)

    @cached_property
    def inside(self) -> Table | None:
        """The areas in this one."""
        return inside_table(self.area)

    @property
    def inside_title(self) -> str:
        """What those are called, with a capital; empty where there are none."""
        if not self.area.inside:
            return ""
        return words.sentence_case(words.kind_name(self.area.tree.kind[self.area.inside[0]], 2))

    @cached_property
    def peers(self) -> Table | None:
        """Whom the area is held against."""
        return peers_table(self.area)

    @cached_property
    def peers_sentence(self) -> str:
        """The same in words, and how good the fit is."""
        return peers_sentence(self.area)
