"""Where everything is from: indicators, methods, settings, findings on the data, sources, dictionary."""

import pandas as pd

from reports import words
from reports.catalogue import programme_names
from reports.contents import Contents
from reports.shorthand import NOT_APPLICABLE, SUPPRESSED
from reports.workbook import usual_columns as usual
from reports.workbook.spec import PENCE, PERCENT_1, WHOLE, Column, Sheet, Table

LONG = 60.0  # width of a column of sentences, in digits


def _sentences(key: str, heading: str, width: float = LONG, *, missing: str = NOT_APPLICABLE) -> Column:
    return Column(key=key, heading=heading, width=width, wrap=True, missing=missing)


def indicators_sheet(contents: Contents) -> Sheet:
    """Return what each indicator is, what it is worth and what to ask about it."""
    frame = contents.catalogue.assign(
        programme=contents.catalogue["indicator"].map(programme_names(contents.catalogue)),
        good=contents.catalogue["polarity"].map(
            {"low": "low is good", "high": "high is good", "local": "local interpretation"}
        ),
    ).reset_index(drop=True)
    columns = (
        _sentences("name", "Indicator", 46),
        usual.PROGRAMME,
        Column(key="pathway_stage", heading="Pathway stage", width=15),
        usual.UNIT,
        Column(key="good", heading="Direction", width=19, missing="local interpretation"),
        Column(
            key="unit_cost", heading="Price of one unit £", format=PENCE, width=13, missing=NOT_APPLICABLE
        ),
        _sentences("cost_basis", "Price from", 26),
        _sentences("question", "What to ask"),
        _sentences("may_be_warranted", "What may warrant a difference"),
        _sentences("source", "Source", 30, missing="[x]"),
        usual.INDICATOR_CODE,
    )
    return _sheet(
        "Indicators",
        "Indicators",
        "What each indicator is, what one unit of it costs, and what to ask where areas differ.",
        Table(
            name="indicators",
            columns=tuple(column for column in columns if column.key in frame),
            frame=frame,
        ),
    )


def method_sheets(contents: Contents) -> list[Sheet]:
    """Return the methods used, and the settings of the run."""
    methods = pd.DataFrame([(m.name, m.formula, m.source) for m in contents.methods], columns=["a", "b", "c"])
    settings = pd.DataFrame(
        [(s.name, s.value, s.meaning) for s in contents.settings], columns=["a", "b", "c"]
    )
    return [
        _sheet(
            "Method notes",
            "Method notes",
            "How every figure is made, and where the method is from: one row for each method.",
            Table(
                name="methods",
                columns=(
                    _sentences("a", "Method", 34),
                    _sentences("b", "Formula in words", 80),
                    _sentences("c", "Source", 50),
                ),
                frame=methods,
                empty="This pack has no notes on methods.",
            ),
        ),
        _sheet(
            "Settings",
            "Settings",
            "Every choice that this pack was made with: one row for each setting.",
            Table(
                name="settings",
                columns=(
                    Column(key="a", heading="Setting", width=40),
                    _sentences("b", "Value", 40),
                    _sentences("c", "What it does", 70),
                ),
                frame=settings,
                empty="This pack has no settings to show.",
            ),
        ),
    ]


def data_quality_sheet(contents: Contents) -> Sheet:
    """Return what the checks of the inputs found."""
    sheets = bool((contents.findings.get("sheet", pd.Series(dtype="str")).fillna("") != "").any())
    columns = (
        Column(key="severity", heading="Severity", width=11),
        _sentences("message", "What was found"),
        _sentences("hint", "What to do"),
        Column(key="table", heading="Table", width=16),
        Column(key="sheet", heading="Sheet", width=14, missing=NOT_APPLICABLE),
        Column(key="row", heading="Line in the file", format=WHOLE, width=11, missing=NOT_APPLICABLE),
        Column(key="column", heading="Column", width=16, missing=NOT_APPLICABLE),
        Column(key="value", heading="Value", width=20, missing=NOT_APPLICABLE),
        Column(key="code", heading="Name of the check", width=22),
    )
    return _sheet(
        "Data quality",
        "Data quality",
        "What the checks of the data found before anything was reckoned: one row for each finding.",
        Table(
            name="findings",
            columns=tuple(column for column in columns if column.key != "sheet" or sheets),
            frame=contents.findings.reset_index(drop=True),
            empty="The checks of the data found nothing.",
        ),
    )


def completeness_sheet(contents: Contents) -> Sheet:
    """Return how many of the open areas each indicator is given for in each period, the least complete first."""
    names = contents.catalogue.set_index("indicator")["name"]
    frame = contents.completeness
    if len(frame):
        frame = frame.assign(
            indicator_name=frame["indicator"].map(names),
            kind_name=[words.kind_name(kind, 2) for kind in frame["kind"]],
        ).sort_values("share", kind="stable", ignore_index=True)
    return _sheet(
        "Completeness",
        "Completeness",
        "For how many areas each indicator is given in each period: one row each, the least complete first.",
        Table(
            name="completeness",
            columns=(
                _sentences("indicator_name", "Indicator", 46),
                Column(key="period", heading="Period", width=18),
                Column(key="kind_name", heading="Kind of area", width=14),
                Column(key="areas", heading="Areas on the map", format=WHOLE, width=11),
                Column(key="open", heading="Open areas", format=WHOLE, width=11),
                Column(key="given", heading="With a figure", format=WHOLE, width=11),
                Column(key="without_count", heading="With a row and no count", format=WHOLE, width=12),
                Column(key="without_row", heading="Open, without a row", format=WHOLE, width=12),
                Column(key="share", heading="Share of open areas with a figure", format=PERCENT_1, width=14),
                Column(key="indicator", heading="Indicator code", width=28),
            ),
            frame=frame,
            empty="How complete the figures are is not known.",
        ),
        notes=(
            "An area is open in a period if it has a row of any indicator then, or both before and after it.",
        ),
    )


def sources_sheet(contents: Contents) -> Sheet:
    """Return the inputs with their fingerprints, so that a figure can be traced to a file."""
    frame = pd.DataFrame(
        [(source.name, source.table, source.rows, source.sha256) for source in contents.sources],
        columns=["name", "table", "rows", "sha256"],
    )
    return _sheet(
        "Sources",
        "Sources",
        "The inputs of this pack: a file with the same SHA-256 is the same to the letter.",
        Table(
            name="sources",
            columns=(
                _sentences("name", "Input", 46),
                Column(key="table", heading="Table", width=18),
                Column(key="rows", heading="Rows", format=WHOLE, width=12),
                Column(key="sha256", heading="SHA-256", width=72, missing=SUPPRESSED),
            ),
            frame=frame,
            empty="This pack names no sources.",
        ),
        notes=(contents.attribution,),
    )


def dictionary_sheet(contents: Contents) -> Sheet:
    """Return the meaning of every column of the pack's tables."""
    return _sheet(
        "Data dictionary",
        "Data dictionary",
        "Every column of the tables that come with this pack, as files of their own.",
        Table(
            name="dictionary",
            columns=(
                Column(key="table", heading="Table", width=18),
                Column(key="column", heading="Column", width=32),
                Column(key="unit", heading="Unit", width=22, missing=NOT_APPLICABLE),
                _sentences("meaning", "Meaning", 90),
            ),
            frame=contents.dictionary.reset_index(drop=True),
            empty="This pack has no dictionary.",
        ),
    )


def _sheet(name: str, title: str, description: str, table: Table, notes: tuple[str, ...] = ()) -> Sheet:
    return Sheet(
        name=name,
        title=title,
        description=description,
        tables=(table,),
        notes=tuple(note for note in notes if note),
    )
