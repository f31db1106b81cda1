"""Words of a workbook, each kept once: a cell holds their number, and a file of its own holds the words."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

OPENING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="{count}">'
)


class SharedStrings:
    """The words of a workbook in the order in which its cells first need them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, words: str) -> int:
        """Return the number by which cells refer to words.

        >>> strings = SharedStrings()
        >>> strings.number("Poole"), strings.number("Purbeck"), strings.number("Poole")
        (0, 1, 0)
        """
        return self._numbers.setdefault(words, len(self._numbers))

    def xml(self) -> Iterator[str]:
        """Yield the file of the words.

        >>> strings = SharedStrings()
        >>> number = strings.number(" R&D")
        >>> "".join(strings.xml()).partition('"1">')[2]
        '<si><t xml:space="preserve"> R&amp;D</t></si></sst>'
        """
        yield OPENING.format(count=len(self._numbers))
        for words in self._numbers:
            # Without the attribute a reader may strip blanks at the ends.
            kept = "" if words == words.strip() and "\n" not in words else ' xml:space="preserve"'
            yield f"<si><t{kept}>{escape(words)}</t></si>"
        yield "</sst>"
