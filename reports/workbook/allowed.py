"""What may be typed into an input: the rules that a spreadsheet enforces, and their words for a reader."""

from dataclasses import dataclass
from datetime import date

from reports import words

LONGEST_LIST = 255  # characters of a list of choices that a cell can carry


@dataclass(frozen=True)
class Choice:
    """One of a few words, offered as a list.

    >>> Choice(("block", "cost and volume")).words
    'block, cost and volume'
    """

    options: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what a cell cannot carry."""
        if not self.options or any("," in option or not option for option in self.options):
            raise ValueError(f"a list of choices needs words without commas: {self.options}")
        if len(",".join(self.options)) > LONGEST_LIST:
            raise ValueError(f"choices of over {LONGEST_LIST} characters need ChoiceFrom: {self.options}")

    @property
    def words(self) -> str:
        """What is allowed, for a reader."""
        return ", ".join(self.options)


@dataclass(frozen=True)
class ChoiceFrom:
    """One of the words in a column of the workbook, given as ``table.key``; for lists that are long or live."""

    column: str

    @property
    def words(self) -> str:
        """What is allowed, for a reader."""
        return "one of the list"


@dataclass(frozen=True, kw_only=True)
class Between:
    """A number, both ends included; ``whole`` for whole ones only.

    >>> Between(lower=0, upper=1).words, Between(lower=1, upper=12, whole=True).words
    ('0 to 1', '1 to 12, whole')
    """

    lower: float
    upper: float
    whole: bool = False

    @property
    def words(self) -> str:
        """What is allowed, for a reader."""
        return f"{self.lower:,g} to {self.upper:,g}{', whole' if self.whole else ''}"


@dataclass(frozen=True, kw_only=True)
class DateBetween:
    """A date, both ends included.

    >>> DateBetween(first=date(2017, 4, 1), last=date(2018, 3, 31)).words
    '1 April 2017 to 31 March 2018'
    """

    first: date
    last: date

    @property
    def words(self) -> str:
        """What is allowed, for a reader."""
        return " to ".join(words.date_in_full(day) for day in (self.first, self.last))


@dataclass(frozen=True)
class FreeText:
    """Any words up to a length: a name, a remark."""

    longest: int = 250

    @property
    def words(self) -> str:
        """What is allowed, for a reader."""
        return f"up to {self.longest} characters"


Allowed = Choice | ChoiceFrom | Between | DateBetween | FreeText
