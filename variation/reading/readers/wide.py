"""Wide tables: areas down, and indicators, periods or both across; numerators and denominators in pairs."""

import re

import pandas as pd

from variation.errors import Finding
from variation.periods import UNREAD, period_end
from variation.reading.cells import HEADING
from variation.reading.formats.part import Asked, Part
from variation.reading.readers.layout import Layout, missing_headings, row_headings
from variation.reading.readers.patterns import matcher, places
from variation.settings.table_source import TableSource
from variation.tables import Table


def _asked(source: TableSource, spec: Table) -> Asked:
    theirs = {source.columns.get(column.name, column.name) for column in spec if column.type == "text"}
    kept = {*source.columns.values(), *row_headings(source), *(set(spec.names) - set(source.columns))}
    patterns = _patterns(source)
    return Asked(
        texts=frozenset(theirs | row_headings(source)),
        wants=lambda heading: heading in kept or any(pattern.fullmatch(heading) for pattern in patterns),
    )


def _patterns(source: TableSource) -> list[re.Pattern[str]]:
    return [matcher(pattern, _words(source)) for pattern in source.across]


def _words(source: TableSource) -> dict[str, str]:
    """Words that stand for ``{measure}``: as given, or our own."""
    return source.measures or {name: name for name in ("numerator", "denominator", "value")}


def _arrange(part: Part, source: TableSource, spec: Table, findings: list[Finding]) -> pd.DataFrame | None:
    """Bring each column of figures below the others, its heading read into columns of its own."""
    beside = {*source.columns.values(), *row_headings(source)}
    said = _said(part, source, spec, beside)
    if not said or not beside <= set(part.headings):
        absent = sorted(beside - set(part.headings)) or list(source.across)
        findings.append(missing_headings(part, absent, _hint(source)))
        return None
    kept = [heading for heading in part.frame.columns if heading not in said]
    groups: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    for heading, (cells, about) in said.items():
        groups.setdefault(tuple(about.items()), {})[cells] = heading
    blocks = [_block(part.frame, kept, dict(about), figures) for about, figures in groups.items()]
    return pd.concat(blocks)


def _said(
    part: Part, source: TableSource, spec: Table, beside: set[str]
) -> dict[str, tuple[str, dict[str, str]]]:
    """What each heading of figures says: our column of its cells, and the columns that it gives."""
    ours = {word.casefold(): name for name, word in _words(source).items()}
    pairs = list(zip(source.across, _patterns(source), strict=True))
    said: dict[str, tuple[str, dict[str, str]]] = {}
    for heading in part.frame.columns:
        found = next(((p, m) for p, r in pairs if (m := r.fullmatch(heading))), None)
        if found is None or heading in beside or (heading in spec.names and heading not in source.across):
            continue
        about = found[1].groupdict() or {"indicator": heading}
        if "period" in about and period_end(about["period"]) == UNREAD and source.period is None:
            continue
        measure = about.pop("measure", "")
        said[heading] = (ours.get(measure.casefold(), source.cells), {k: v.strip() for k, v in about.items()})
    return said


def _block(
    frame: pd.DataFrame, kept: list[str], about: dict[str, str], figures: dict[str, str]
) -> pd.DataFrame:
    """Rows of one indicator and period: the columns beside, the figures, and what their headings say."""
    block = frame[kept].copy()
    for cells, heading in figures.items():
        block[cells] = frame[heading]
    for name, text in about.items():
        block[name] = pd.Series(text, index=block.index, dtype="str")
    above = "\n".join(f"{cells}\t{heading}" for cells, heading in figures.items())
    block[HEADING] = pd.Series(above, index=block.index, dtype="str")
    return block


def _hint(source: TableSource) -> str:
    used = sorted({place for pattern in source.across for place in places(pattern)})
    words = f"; {{measure}} is one of {', '.join(_words(source).values())}" if "measure" in used else ""
    return f"across takes headings as they are, or patterns of them{words}"


WIDE = Layout(asked=_asked, arrange=_arrange)
