"""Method and sources: how every figure came to be, in the words of the run's own settings."""

from reports import words
from reports.contents import Contents
from reports.page.table import Row, Table, columns, number, text
from reports.shorthand import SUPPRESSED

HASH_SHOWN = 12  # characters; the manifest has the whole


def methods_table(contents: Contents) -> Table | None:
    """Return the methods that the pack used; None where none are named."""
    if not contents.methods:
        return None
    rows = (
        Row(cells=(text(method.name), text(method.formula), text(method.source)))
        for method in contents.methods
    )
    return Table(
        id="methods-table",
        caption="Methods",
        columns=columns("Method", "In words", "Source"),
        rows=tuple(rows),
    )


def settings_table(contents: Contents) -> Table | None:
    """Return the settings of the run; None where none are named."""
    if not contents.settings:
        return None
    rows = (
        Row(cells=(text(item.name), text(item.value), text(item.meaning, missing="–")))
        for item in contents.settings
    )
    return Table(
        id="settings-table",
        caption="Settings of this run",
        columns=columns("Setting", "Value", "What it does"),
        rows=tuple(rows),
    )


def sources_table(contents: Contents) -> Table | None:
    """Return the inputs of the run, each with the start of its checksum; None where none are named."""
    if not contents.sources:
        return None
    rows = (
        Row(
            cells=(
                text(source.name),
                text(source.table),
                number(source.rows),
                text(source.sha256[:HASH_SHOWN], missing=SUPPRESSED),
            )
        )
        for source in contents.sources
    )
    return Table(
        id="sources-table",
        caption="Inputs",
        columns=columns("Input", "Table", "Rows", "SHA-256 begins", numeric=("Rows",)),
        rows=tuple(rows),
    )


def published_sources(contents: Contents) -> list[str]:
    """Return the publications that the catalogue names, each once."""
    return sorted({str(name) for name in contents.catalogue["source"] if words.text(name)})
