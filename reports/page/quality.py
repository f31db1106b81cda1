"""Data quality: what the checks found, counted and listed."""

from reports import words
from reports.charts.completeness_chart import is_lacking, title
from reports.contents import Contents
from reports.page.table import Row, Table, columns, number, text

SEVERITIES = ("error", "warning", "note")
FINDINGS_LISTED = 100
FINDING = {"message": "What was found", "severity": "Severity", "table": "Table", "hint": "What to do"}


def quality_sentence(contents: Contents) -> str:
    """Say how many findings there are of each severity."""
    counts = contents.findings["severity"].value_counts()
    parts = [words.count_of(int(counts[name]), name) for name in SEVERITIES if name in counts]
    return f"The checks found {words.series(parts)}." if parts else "The checks found nothing to report."


def completeness_sentence(contents: Contents) -> str:
    """Say how complete the figures are; empty where that is not known."""
    if contents.completeness.empty:
        return ""
    return f"{title(contents.completeness)}."


def completeness_table(contents: Contents) -> Table | None:
    """Return what lacks figures of open areas, the least complete first; None where nothing does."""
    table = contents.completeness
    if table.empty or not is_lacking(table):
        return None
    lacking = table[table["share"] < 1].sort_values("share", kind="stable")
    names = contents.catalogue.set_index("indicator")["name"]
    shown = lacking.head(FINDINGS_LISTED)
    cut = f", the least complete {len(shown)} of {len(lacking):,}" if len(shown) < len(lacking) else ""
    counts = ("Open areas", "With a figure", "Without a count", "Without a row")
    return Table(
        id="completeness-table",
        caption=f"Indicators and periods that lack figures of open areas{cut}",
        columns=columns("Indicator", "Period", *counts, numeric=counts),
        rows=tuple(
            Row(
                cells=(
                    text(names.get(row["indicator"], row["indicator"])),
                    text(row["period"]),
                    *(number(int(row[key])) for key in ("open", "given", "without_count", "without_row")),
                )
            )
            for row in shown.to_dict("records")
        ),
        note="An area is open in a period if it has a row of any indicator then, or both before and after it.",
    )


def counts_table(contents: Contents) -> Table | None:
    """Return the number of findings by severity and check; None where there are none."""
    if contents.findings.empty:
        return None
    counts = contents.findings.groupby(["severity", "code"], dropna=False).size().reset_index(name="count")
    rank = counts["severity"].map({name: position for position, name in enumerate(SEVERITIES)})
    counts = counts.assign(rank=rank).sort_values(["rank", "count", "code"], ascending=[True, False, True])
    return Table(
        id="findings-counts",
        caption="Findings by check",
        columns=columns("Check", "Severity", "Findings", numeric=("Findings",)),
        rows=tuple(
            Row(
                cells=(
                    text(words.text(row["code"]).replace("_", " ")),
                    text(row["severity"]),
                    number(int(row["count_"])),
                )
            )
            for row in counts.rename(columns={"count": "count_"}).to_dict("records")
        ),
    )


def findings_table(contents: Contents) -> Table | None:
    """Return the findings themselves, the gravest first; None where there are none."""
    findings = contents.findings
    if findings.empty:
        return None
    rank = findings["severity"].map({name: position for position, name in enumerate(SEVERITIES)})
    ordered = findings.assign(_rank=rank).sort_values("_rank", kind="stable")
    shown = ordered.head(FINDINGS_LISTED)
    cut = f", the first {len(shown)} of {len(ordered):,}" if len(shown) < len(ordered) else ""
    return Table(
        id="findings-table",
        caption=f"Findings{cut}",
        columns=columns(*FINDING.values()),
        rows=tuple(
            Row(cells=tuple(text(row[column], missing="–") for column in FINDING))
            for row in shown.to_dict("records")
        ),
    )
