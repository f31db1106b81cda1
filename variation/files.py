"""Files as they are: CSV, Parquet and workbooks to one frame, codes kept as text, every line numbered."""

import csv
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray
from python_calamine import CalamineError

from variation.errors import Finding
from variation.table_source import TableSource

# What stands for "no value", besides an empty cell.
MISSING = ("", "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "#N/A", "..", "[x]", "[z]")

# Findings of one kind in one column of one file that are listed one by one; the rest are counted.
LISTED = 5

WORKBOOKS = {".xlsx", ".xls", ".ods", ".xlsb", ".xlsm"}

# First bytes of a file, and what they say it is.
SIGNATURES = (
    (b"PK\x03\x04", "a workbook (.xlsx) or a zip file"),
    (b"PAR1", "a Parquet file (.parquet)"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls)"),
    (b"\x1f\x8b", "a compressed file (.gz)"),
    (b"%PDF", "a PDF"),
    (b"<", "a web page: was the download refused?"),
)

# What a library raises for a file that is not what its name says.
_LIBRARY_ERRORS = (OSError, ValueError, LookupError, pa.ArrowException, CalamineError)


class UnreadableError(Exception):
    """A file that cannot be used: what is wrong with it, and a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def read_file(path: Path, source: TableSource, texts: set[str], findings: list[Finding]) -> pd.DataFrame:
    """Read a file whole: headings stripped, wholly empty rows and columns without heading left out.

    Columns whose heading is in ``texts`` come as text, so that codes keep their zeros, the others as
    they are. The index is the line of each row as an editor or Excel counts it, the heading being line 1.
    A heading may stand twice. Rows with too many or too few fields are findings.

    Raises
    ------
    UnreadableError
        In words, with a hint, where the file is missing, empty or not what its ending says.
    """
    _check_there(path)
    try:
        if path.suffix.lower() in WORKBOOKS:
            frame = _read_workbook(path, source, texts)
        elif path.suffix.lower() == ".parquet":
            frame = _as_text(pa.parquet.read_table(path).to_pandas(ignore_metadata=True), texts)
            frame.index = pd.RangeIndex(2, len(frame) + 2)
        else:
            frame = _read_csv(path, source, texts, findings)
    except PermissionError:
        raise UnreadableError("may not be read", "is it open in Excel, or closed to this user?") from None
    except _LIBRARY_ERRORS as error:
        kind = path.suffix.lstrip(".") or "a table"
        looks = looks_like(path)
        hint = f"it looks like {looks}; the ending of its name should say so" if looks else ""
        raise UnreadableError(f"cannot be read as {kind}: {error}", hint) from None
    return frame.loc[:, frame.columns != ""].dropna(how="all")


def _check_there(path: Path) -> None:
    if path.is_dir():
        raise UnreadableError("is a folder", "name a file in it, or a pattern such as data/*.csv")
    if not path.exists():
        near = ", ".join(sorted(other.name for other in path.parent.glob(f"*{path.suffix}"))[:8])
        raise UnreadableError(f"no such file in {path.parent}", f"there are: {near}" if near else "")
    if path.stat().st_size == 0:
        raise UnreadableError("is empty (0 bytes)", "was its export or its copy broken off?")


def looks_like(path: Path) -> str:
    """Say what a file is by its first bytes; "" where it is no kind that is known.

    Text is called plain text unless the name says CSV already.
    """
    with path.open("rb") as stream:
        start = stream.read(256)
    for signature, name in SIGNATURES:
        if start.lstrip(b"\xef\xbb\xbf \r\n").startswith(signature):
            return name
    binary = b"\x00" in start or path.suffix.lower() not in {*WORKBOOKS, ".parquet"}
    return "" if binary else "plain text (.csv)"


def _read_csv(path: Path, source: TableSource, texts: set[str], findings: list[Finding]) -> pd.DataFrame:
    headings, has_rows = _csv_headings(path, source)
    if not has_rows:
        return pd.DataFrame(columns=headings)
    # Columns go by their number while reading: a heading may stand twice.
    numbers = [str(number) for number in range(len(headings))]
    broken: list[pa.csv.InvalidRow] = []

    def note(row: pa.csv.InvalidRow) -> str:
        broken.append(row)
        return "skip"

    try:
        table = pa.csv.read_csv(
            path,
            # One thread, so that a broken row knows its number.
            read_options=pa.csv.ReadOptions(
                encoding=source.encoding,
                use_threads=False,
                block_size=1 << 24,
                column_names=numbers,
                skip_rows_after_names=1,
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=source.separator,
                invalid_row_handler=note,
                newlines_in_values=True,
                ignore_empty_lines=False,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types={
                    n: pa.string() for n, heading in zip(numbers, headings, strict=True) if heading in texts
                },
                null_values=list(MISSING),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        if "UTF8" in str(error):
            raise _wrong_encoding(source) from None
        raise
    if any(pa.types.is_binary(column) for column in table.schema.types):
        raise _wrong_encoding(source)
    _note_broken(broken, path, findings)
    frame = table.to_pandas()
    frame.columns = pd.Index(headings)
    frame.index = pd.Index(_lines(len(frame), broken))
    return frame


def _csv_headings(path: Path, source: TableSource) -> tuple[list[str], bool]:
    """Headings of a CSV, stripped, and whether anything stands below them."""
    encoding = "utf-8-sig" if source.encoding.lower().replace("-", "") == "utf8" else source.encoding
    if (looks := looks_like(path)) and encoding != "utf-16":
        raise UnreadableError("is not a CSV file", f"it looks like {looks}")
    try:
        with path.open(encoding=encoding, newline="") as stream:
            headings = next(csv.reader(stream, delimiter=source.separator), [])
            has_rows = bool(stream.read(1))
    except UnicodeError:
        raise _wrong_encoding(source) from None
    if not any(headings):
        raise UnreadableError("has no heading in its first line", "the first line names the columns")
    return [heading.strip() for heading in headings], has_rows


def _wrong_encoding(source: TableSource) -> UnreadableError:
    return UnreadableError(
        f"is not text in the encoding {source.encoding}",
        'name the file\'s own in analysis.toml, for example encoding = "cp1252" (Excel\'s plain CSV) or "utf-16"',
    )


def _lines(rows: int, broken: "list[pa.csv.InvalidRow]") -> NDArray[np.int64]:
    """Lines of the rows that were read: all from 2 on but the broken ones."""
    return np.setdiff1d(np.arange(2, rows + len(broken) + 2), [row.number for row in broken])


def _note_broken(broken: "list[pa.csv.InvalidRow]", path: Path, findings: list[Finding]) -> None:
    for place, row in enumerate(broken[:LISTED]):
        last = place == LISTED - 1 and len(broken) > LISTED
        more = f" (and {len(broken) - LISTED} more rows)" if last else ""
        findings.append(
            Finding(
                severity="error",
                code="broken_row",
                table=path.name,
                row=row.number,
                value=row.text[:60],
                message=f"{row.actual_columns} fields where the heading has {row.expected_columns}{more}",
                hint="look for a separator or a quote inside a value",
            )
        )


def _read_workbook(path: Path, source: TableSource, texts: set[str]) -> pd.DataFrame:
    with pd.ExcelFile(path, engine="calamine") as book:
        sheet = source.sheet[0] if source.sheet else None
        if sheet is not None and sheet not in book.sheet_names:
            raise UnreadableError(
                f"has no sheet {sheet!r}", f"there are: {', '.join(map(str, book.sheet_names))}"
            )
        # Without a heading for pandas: it would number headings that stand twice.
        cells = pd.read_excel(book, sheet_name=sheet or 0, header=None, dtype=object, keep_default_na=False)
    if cells.empty:
        raise UnreadableError("has nothing on the sheet that is read", "name another one with sheet = ...")
    cells = cells.where(cells.map(lambda cell: cell != ""))
    frame = cells.iloc[1:]
    frame.columns = pd.Index(["" if pd.isna(cell) else _code_as_text(cell) for cell in cells.iloc[0]])
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return _as_text(frame, texts)


def _as_text(frame: pd.DataFrame, texts: set[str]) -> pd.DataFrame:
    """Write the codes of the columns that are read as text, where a file keeps them as something else."""
    frame.columns = frame.columns.astype(str).str.strip()
    columns = [
        frame.iloc[:, place].map(_code_as_text, na_action="ignore")
        if name in texts and frame.dtypes.iloc[place] != "str"
        else frame.iloc[:, place]
        for place, name in enumerate(frame.columns)
    ]
    return pd.concat(columns, axis=1) if columns else frame


def _code_as_text(value: object) -> str:
    """Write a code that a spreadsheet keeps as a number or a date: without decimal point or midnight.

    >>> _code_as_text(12.0), _code_as_text(datetime(2016, 4, 1)), _code_as_text(" 11J ")
    ('12', '2016-04-01', '11J')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()
