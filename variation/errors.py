"""What a user can mend: errors that the command line prints without a traceback."""

from collections.abc import Sequence
from dataclasses import dataclass


class VariationError(Exception):
    """Something that the user can mend; the message says where, what was found and what to do."""

    exit_code = 1


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a check found: where, what stands there, what was expected and what to do.

    ``row`` is the line in the file as an editor or Excel counts it, the heading being line 1.
    """

    severity: str  # error, warning or note
    code: str
    table: str
    message: str
    hint: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    @property
    def line(self) -> str:
        """Place, message and what was found, in one line."""
        place = [self.table]
        if self.sheet:
            place.append(f"sheet {self.sheet}")
        if self.row is not None:
            place.append(f"line {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        found = f" (found: {self.value})" if self.value else ""
        return f"{', '.join(place)}: {self.message}{found}"

    def __str__(self) -> str:
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{self.severity}: {self.line}{hint}"


class InputError(VariationError):
    """Inputs with findings of severity error: all of them, so that they can be mended in one go."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class SettingsError(VariationError):
    """Settings that cannot be used: every wrong key and value of the file at once."""
