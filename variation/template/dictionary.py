"""The data dictionary: what each column of the input tables holds, in words, as rows and as an example."""

import csv
import io
from collections.abc import Iterable

from variation.tables import Column, Table

HEADINGS = ("table", "column", "required", "type", "unit", "choices", "minimum", "meaning", "example")

# What a filled-in row looks like. The rows belong together: read as they stand they make an analysis.
EXAMPLES = {
    "indicators": {
        "indicator": "copd_admissions",
        "area": "A81001",
        "period": "2016/17",
        "numerator": "42",
        "denominator": "7815",
    },
    "catalogue": {
        "indicator": "copd_admissions",
        "name": "Emergency admissions for COPD",
        "programme": "Respiratory",
        "pathway_stage": "non-elective",
        "kind": "rate",
        "unit": "per 1,000 patients",
        "counts": "admissions",
        "multiplier": "1000",
        "polarity": "low",
        "unit_cost": "1590",
        "cost_basis": "Reference costs 2016/17, non-elective spell",
        "target": "4.5",
        "overlap_group": "respiratory admissions",
        "care_class": "effective",
        "plan_line": "RightCare",
        "standardise": "none",
        "source": "Secondary uses service",
        "question": "Which of these patients had a review in the past year?",
        "may_be_warranted": "Age, smoking history and past occupation",
    },
    "areas": {
        "area": "A81001",
        "name": "The High Street Surgery",
        "kind": "practice",
        "population": "7815",
    },
    "plan": {"plan_line": "RightCare", "target_gbp": "28000000"},
    "assumptions": {
        "indicator": "copd_admissions",
        "point_of_delivery": "non_elective",
        "scheme": "COPD reviews in practices",
        "marginal_rate": "0.7",
    },
    "schemes": {
        "scheme": "COPD reviews in practices",
        "start_year": "1",
        "months": "6",
        "phasing": "standard",
        "recurrent": "yes",
        "addressable": "0.8",
        "deliverable": "0.6",
        "recurrent_cost_gbp": "40000",
        "one_off_gbp": "15000",
        "signed_off_by": "Clinical lead, respiratory",
        "signed_off_on": "2017-03-01",
    },
}


def dictionary_rows(tables: Iterable[Table]) -> list[tuple[str, ...]]:
    """Lay out the dictionary: a row for each column of each table, in the order of ``HEADINGS``."""
    return [
        (
            table.name,
            column.name,
            "yes" if column.required else "no",
            column.type,
            column.unit,
            "; ".join(column.choices),
            "" if column.minimum is None else f"{column.minimum:g}",
            column.meaning,
            EXAMPLES.get(table.name, {}).get(column.name, ""),
        )
        for table in tables
        for column in table
    ]


def dictionary_csv(tables: Iterable[Table]) -> str:
    """Write the dictionary as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([HEADINGS, *dictionary_rows(tables)])
    return text.getvalue()


def explained(table: Table) -> str:
    """Explain a table in plain text: what a row is, then each column."""
    more = "\n  any further number column is a feature that peers can be found by" if table.open_ended else ""
    lines = "\n".join(f"  {column.name}: {about(column)}" for column in table)
    return f"{table.name}: one row per {table.one_row_per}\n{lines}{more}"


def about(column: Column) -> str:
    """Say what a column holds: meaning, unit, choices, and whether it is needed.

    >>> about(Column(name="population", type="number", meaning="registered people", unit="people"))
    'registered people; in people; may be left out'
    """
    parts = [column.meaning]
    if column.unit:
        parts.append(f"in {column.unit}")
    if column.choices:
        parts.append(f"one of {', '.join(column.choices)}")
    parts.append("required" if column.required else "may be left out")
    return "; ".join(parts)
