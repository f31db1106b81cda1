"""A file as one of our tables: how it is read, and what was understood of it or is not sure."""

from dataclasses import dataclass
from typing import Any

from variation.guess.look import Look

# Where a figure's period is not in its file: what is written in its place, so that the check stops there.
NO_PERIOD = "FILL IN"

# How sure a reading is, the least first.
CERTAINTY = ("a guess", "likely", "certain")

# From the finest up.
ORDER = ("lsoa", "msoa", "practice", "pcn", "local_authority", "sub_icb", "icb", "region", "england")


@dataclass(frozen=True, kw_only=True)
class Role:
    """A file as one of our tables: how it is read, and what was understood or is not sure."""

    table: str
    look: Look
    source: dict[str, Any]
    said: str
    unsure: tuple[str, ...] = ()
    kind: str = ""  # of the areas, where known
    rank: int = 0  # of several that would do, the highest is taken
    known: bool = False  # by headings that its publisher keeps, or that are ours
    also: tuple[str, ...] = ()  # what else would have been possible

    @property
    def sure(self) -> str:
        """How sure it is: told by headings that are known, or guessed, and whether something had to be assumed."""
        return CERTAINTY[int(self.known) + int(not self.unsure)]


def role_of(look: Look, table: str, said: str, **given: Any) -> Role:
    """Put what a file needs to be opened before how it is read."""
    source: dict[str, Any] = {}
    if look.member:
        source["member"] = look.member
    if look.sheet:
        source["sheet"] = look.sheet
    if look.encoding != "utf-8":
        source["encoding"] = look.encoding
    if look.separator != ",":
        source["separator"] = look.separator
    if look.header_row > 1:
        source["header_row"] = look.header_row
    if look.footer_rows:
        source["footer_rows"] = look.footer_rows
    more = {name: given.pop(name) for name in ("unsure", "kind", "rank", "known") if name in given}
    return Role(table=table, look=look, source=source | given, said=said, **more)
