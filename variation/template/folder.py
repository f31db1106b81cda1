"""Empty input tables with their columns explained, to be filled in: as CSV, as a workbook, and the settings."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from variation.settings.text import settings_text
from variation.tables import INPUTS
from variation.template.dictionary import dictionary_csv, explained
from variation.template.workbook import WORKBOOK, template_workbook

Form = Literal["both", "csv", "excel"]

TITLE = "Our area: variation for inquiry"

STEPS = """\
1. Fill in the tables: {where}. An analysis needs indicators, catalogue and areas; plan may stay empty.
2. Leave the headings as they are. A column that is not required may stay empty or be taken out.
3. Check:  variation check analysis.toml   names the file, line and column of everything that is wrong.
4. Run:  variation run analysis.toml --out pack

Leave a cell empty where there is no figure; write * where the publisher has withheld it.
0 means that none were counted."""

# Of the columns that hold codes, where they are typed into a spreadsheet.
CODES_IN_CSV = """\
Codes (areas, indicators, periods) are text. In a spreadsheet format these columns as text before you
paste, or it will turn 2016-04 into a date, 1E05 into 100,000 and 0012 into 12."""
CODES_IN_WORKBOOK = """\
Columns of codes (areas, indicators, periods) are formatted as text. Paste values only, so that they
stay it: else 2016-04 becomes a date, 1E05 becomes 100,000 and 0012 becomes 12."""

# How each form is named where the steps speak of it.
PLACES: Mapping[Form, str] = {
    "csv": "one CSV file each",
    "excel": f"one sheet each of {WORKBOOK}",
    "both": f"one CSV file each, or one sheet each of {WORKBOOK}",
}


def write_template(folder: Path, *, form: Form = "both") -> list[Path]:
    """Write empty inputs and ``analysis.toml``, each column explained; what is there is kept.

    ``form`` says what is to be filled in: a CSV for each table (``csv``), the workbook ``inputs.xlsx`` with a
    sheet for each (``excel``), or either (``both``: the settings then read the CSV files, and say what to change
    to read the workbook). The same call writes the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, bytes] = {}
    if form != "excel":
        contents |= {f"{table.name}.csv": f"{','.join(table.names)}\n".encode() for table in INPUTS}
    if form != "csv":
        steps = [*STEPS.format(where=PLACES["excel"]).splitlines(), *CODES_IN_WORKBOOK.splitlines()]
        contents[WORKBOOK] = template_workbook(INPUTS, steps)
    contents["dictionary.csv"] = dictionary_csv(INPUTS).encode()
    contents["README.txt"] = _readme(form).encode()
    contents["analysis.toml"] = _settings(form).encode()
    written = []
    for name, content in contents.items():
        path = folder / name
        if not path.exists():
            path.write_bytes(content)
            written.append(path)
    return written


def _readme(form: Form) -> str:
    codes = CODES_IN_WORKBOOK if form == "excel" else CODES_IN_CSV
    steps = f"{STEPS.format(where=PLACES[form])}\n{codes}"
    return "\n\n".join([steps, *(explained(table) for table in INPUTS)]) + "\n"


def _settings(form: Form) -> str:
    """Write the settings that read the tables beside them."""
    tables: dict[str, dict[str, Any]] = {
        table.name: {"file": WORKBOOK, "sheet": table.name}
        if form == "excel"
        else {"file": f"{table.name}.csv"}
        for table in INPUTS
    }
    opening = ["Settings of one analysis. Run:  variation run analysis.toml --out pack"]
    if form == "both":
        opening.append(
            f"To fill in the workbook in place of the CSV files: in each table below write file = \"{WORKBOOK}\" and"
            " under it its sheet, for example sheet = \"indicators\"."
        )  # fmt: skip
    peers = {"practice": {"method": "similar"}}
    return settings_text(
        {"title": TITLE, "policy": "hes_2018", "tables": tables, "peers": peers}, opening=opening
    )
