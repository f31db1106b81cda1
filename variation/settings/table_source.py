"""Where one input table is and how it is read: the keys below ``[tables.NAME]`` in ``analysis.toml``."""

import re
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import (
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from variation.settings.section import Section

Reader = Literal["tidy", "wide", "fingertips", "openprescribing", "qof"]
Span = Literal["month", "quarter", "financial_year", "year"]

# A variable of the environment in a url, filled in when the table is read.
VARIABLE = re.compile(r"\$\{(\w+)\}")

# Words that come before a secret among the options of a url.
SECRET = re.compile(r"(?i)(?:pwd|password|passwd|secret|token|accesskey)\s*=\s*([^;&]+)")


def several(value: object) -> object:
    """Let one name stand where several may."""
    return value if isinstance(value, list | tuple) else [value]


def _kept(value: object) -> list[str]:
    """Read what a filter keeps as texts: files hold 2016 and "2016" alike."""
    kept = list(value) if isinstance(value, list | tuple) else [value]
    if not all(isinstance(item, str | int | float) for item in kept):
        raise ValueError("expected a value or a list of values")
    return [str(item) for item in kept]


def _constant(value: object) -> object:
    if isinstance(value, dict | list):
        raise ValueError("expected one text or number")
    return value if isinstance(value, str | int | float) else str(value)  # a date


def _without_secret(url: object) -> object:
    """Refuse a password that is typed into a url; the message does not repeat it."""
    if not isinstance(url, str):
        raise ValueError("expected text in quotes")
    before, found, _ = url.rpartition("@")
    typed = before.rpartition("://")[2].partition(":")[2] if found else ""
    secrets = [typed, *SECRET.findall(unquote(url))]
    if any(VARIABLE.sub("", secret).strip("{} ") for secret in secrets):
        raise ValueError(
            "a password may not stand in this file: write ${NAME} in its place"
            " and give NAME in the environment"
        )
    return url


def _paths(value: object) -> object:
    """Refuse an address in the place of a file, without repeating it: it may hold a password."""
    names = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(name, str) and "://" in name for name in names):
        raise ValueError("expected a path; the address of a database goes into url, files are read from disk")
    return names


Names = Annotated[tuple[str, ...], BeforeValidator(several)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_kept)]


class TableSource(Section):
    """Where a table is and how it is read."""

    # Where it is.
    file: Annotated[tuple[str, ...], BeforeValidator(_paths), Field(min_length=1)] | None = Field(
        None, description="path, folder, pattern (data/*.csv) or a list of them"
    )
    folder: str = Field("", description="where the files are, from the folder of analysis.toml")
    member: Names = Field((), description="files in a zip, or patterns of them; all where not given")
    sheet: Names = Field((), description="sheets of a workbook, or patterns (20*); the first where not given")
    rows: tuple[dict[str, Annotated[str | int | float, BeforeValidator(_constant)]], ...] = Field(
        (), description='the table itself, for a few rows: [{ area = "A1", name = "North" }]'
    )
    url: Annotated[str, BeforeValidator(_without_secret)] | None = Field(
        None,
        description="database, for example postgresql+psycopg://${DB_USER}:${DB_PASSWORD}@server/name: ${NAME} is"
        " taken from the environment when the table is read and stands nowhere else",
    )
    query: str = Field("", description="SQL to run there, or the .sql file that holds it")
    table: str = Field("", description="table or view to read there, schema.name")

    # How the file is laid out.
    encoding: str = Field("utf-8", description="of a CSV file")
    separator: str = Field(",", min_length=1, max_length=1, description="of a CSV file")
    header_row: int = Field(1, ge=1, description="line of the headings, or the first of them")
    header_rows: int = Field(
        1, ge=1, description="lines of headings; merged cells are carried on, the lines joined by ' | '"
    )
    skip_rows: int = Field(0, ge=0, description="lines below the headings that are no data (units, totals)")
    footer_rows: int = Field(0, ge=0, description="lines at the end that are no data (totals, notes)")

    # What its cells say.
    missing: Texts = Field(
        (), description="what stands for no value, besides empty, NA, N/A, NULL, .. and the like"
    )
    suppressed: Texts = Field(
        (),
        description="what stands for a withheld figure, besides *, [c], <5 and the like: missing, and counted",
    )
    decimal: Literal[".", ","] = Field(".", description="decimal mark of numbers")
    thousands: Literal[",", ".", " ", "'"] | None = Field(
        None, description="thousands mark; a comma, or a full stop where the decimal mark is a comma"
    )
    percent: Names = Field(
        (), description="our columns whose numbers may carry a % sign: 12.5 % is read as 12.5"
    )
    period: Span | None = Field(
        None,
        description="what dates and years in the period column become: 2016-04, 2016/17 Q1, 2016/17 or 2016",
    )

    # Which of its rows, and what they become.
    filter: dict[str, Texts] = Field({}, description="heading = the value (or values) of rows to keep")
    drop: dict[str, Texts] = Field(
        {}, description='heading = the value (or values) of rows to leave out, such as totals; "" where empty'
    )
    reader: Reader = Field(
        "tidy",
        description="layout: tidy (a row a figure), wide (figures across), or what Fingertips, OpenPrescribing and"
        " QOF publish",
    )
    columns: dict[str, str] = Field({}, description="our column = the heading in the file")
    values: dict[str, Annotated[str | int | float, BeforeValidator(_constant)]] = Field(
        {},
        description="our column = one value for every row; {stem} and {sheet} stand for the names of file and sheet",
    )
    stem: str = Field("", description="columns read from the file's name, for example payments_{period}")
    unique: bool = Field(False, description="keep one of rows that are alike (a mapping file)")
    scale: dict[str, float] = Field({}, description="our column = factor that its numbers are multiplied by")
    most_rows: int = Field(
        10_000_000,
        ge=1,
        description="rows above which it is refused before they fill the memory; --engine spark reads any number",
    )
    latest_months: int | None = Field(
        None, ge=1, description="add up the latest so many monthly periods (2016-04) into one"
    )
    levels: dict[str, str] = Field(
        {},
        description="areas only: kind = the heading of its code, the finest first; each is below the next",
    )
    level_names: dict[str, str] = Field({}, description="areas only: kind = the heading of its name")

    # Of one reader.
    across: Names = Field(
        (),
        description='wide: headings of figures, as they are or by pattern: "{period}", "{indicator} {measure}"',
    )
    cells: str = Field(
        "numerator", description="wide: our column that the figures belong to, without {measure}"
    )
    measures: dict[str, str] = Field(
        {}, description="wide: our column = the word for it in the headings, for {measure}"
    )
    area_types: Names = Field(
        (),
        description="fingertips: area types to read, all where not given; qof: practice, pcn, ccg, stp, region",
    )
    sex: Names = Field((), description="fingertips: sexes to read; Persons where there is such")
    age: Names = Field((), description="fingertips: ages to read; the one that most rows have")
    category: str = Field(
        "", description="fingertips: category type whose categories are read as areas; none where not given"
    )

    @field_validator("level_names")
    @classmethod
    def _name_levels(cls, names: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        levels = info.data.get("levels", {})
        if wrong := [kind for kind in names if kind not in levels]:
            raise ValueError(f"no such level: {', '.join(wrong)}; levels has {', '.join(levels) or 'none'}")
        return names

    @model_validator(mode="after")
    def _whole(self) -> "TableSource":
        """Refuse what does not go together."""
        if [self.file is None, self.url is None, not self.rows].count(False) != 1:
            raise ValueError("expected file, or url with query or table, or rows")
        if self.url is not None and bool(self.query) == bool(self.table):
            raise ValueError("expected query or table beside url")
        if self.url is None and (self.query or self.table):
            raise ValueError("expected url beside query or table")
        if self.thousands_mark == self.decimal:
            raise ValueError("expected thousands and decimal marks that differ")
        if self.reader == "wide" and not self.across:
            raise ValueError('expected across = ["{period}"] or the like beside reader = "wide"')
        return self

    @property
    def thousands_mark(self) -> str:
        """Mark between thousands, as given or as goes with the decimal mark."""
        return self.thousands or ("," if self.decimal == "." else ".")

    @property
    def named(self) -> str:
        """What a message calls the source: its files, or its table or query; never its url."""
        if self.rows:
            return "analysis.toml"
        return ", ".join(self.file) if self.file else self.table or "the query"
