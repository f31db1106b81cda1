"""What a table is: its columns in their order, each with type, unit and meaning."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "number", "whole", "flag"]

# How an area's figure comes of those of the areas right below it, where it does: their sum; that of counts, which a
# policy may round; of estimates, which it may shorten; of gaps, of which those below 0 are left out.
AddsUp = Literal["", "sum", "counts", "estimates", "gaps"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: what it is called, what it holds and what that means."""

    name: str
    type: Type
    meaning: str
    unit: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    adds_up: AddsUp = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its name, what one row is, and its columns in their order."""

    name: str
    one_row_per: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    open_ended: bool = False  # further numeric columns are kept (areas: features for peers)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    @property
    def names(self) -> list[str]:
        """Column names in their order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns without which the table cannot be used."""
        return [column.name for column in self.columns if column.required]


def text(
    name: str, meaning: str, *, required: bool = False, choices: tuple[str, ...] = (), unit: str = ""
) -> Column:
    """Declare a column of words or codes."""
    return Column(name=name, type="text", meaning=meaning, required=required, choices=choices, unit=unit)


def number(
    name: str,
    meaning: str,
    unit: str = "",
    *,
    required: bool = False,
    minimum: float | None = None,
    adds_up: AddsUp = "",
) -> Column:
    """Declare a column of real numbers."""
    return Column(
        name=name,
        type="number",
        meaning=meaning,
        unit=unit,
        required=required,
        minimum=minimum,
        adds_up=adds_up,
    )


def whole(name: str, meaning: str, unit: str = "") -> Column:
    """Declare a column of whole numbers."""
    return Column(name=name, type="whole", meaning=meaning, unit=unit)


def flag(name: str, meaning: str) -> Column:
    """Declare a column of true and false."""
    return Column(name=name, type="flag", meaning=meaning)


def limits(prefix: str, meaning: str, unit: str) -> tuple[Column, ...]:
    """Declare the four columns of 95 % and 99.8 % limits."""
    return tuple(
        number(f"{prefix}{side}_{short}", f"{side} {level} % {meaning}", unit)
        for short, level in (("95", "95"), ("998", "99.8"))
        for side in ("lower", "upper")
    )
