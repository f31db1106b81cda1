"""The tables of what was checked: how complete the figures are, and what was found."""

from variation.tables.columns import Table, number, text, whole

SEVERITIES = ("error", "warning", "note")

COMPLETENESS = Table(
    name="completeness",
    one_row_per="indicator and period",
    key=("indicator", "period"),
    columns=(
        text("indicator", "indicator code"),
        text("period", "period"),
        text("kind", "finest kind of area that it is given for"),
        whole("areas", "areas of that kind on the map"),
        whole(
            "open", "areas open then: with a row of any indicator in the period, or both before and after it"
        ),
        whole("given", "areas with a figure"),
        whole("without_count", "areas with a row and no count: withheld, empty or set aside"),
        whole("without_row", "open areas without a row"),
        number("share", "given out of open"),
    ),
)

FINDINGS = Table(
    name="findings",
    one_row_per="finding",
    columns=(
        text("severity", "error stops the run; warning and note do not", choices=SEVERITIES),
        text("code", "short name of the check"),
        text("table", "table or file"),
        text("sheet", "sheet of a workbook, where the settings name one"),
        whole("row", "line in the file, the heading being line 1; empty for the whole table"),
        text("column", "column"),
        text("value", "what was found"),
        text("message", "what is wrong"),
        text("hint", "what to do"),
    ),
)
