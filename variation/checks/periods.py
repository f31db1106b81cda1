"""Check periods: each can be read, has one spelling, and stands beside others of its own length."""

import pandas as pd

from variation.errors import Finding
from variation.periods import EITHER, Period, parse_period, read_periods
from variation.reading.cells import at_first, note_rows
from variation.settings import Settings

UNREAD_HINT = "a spreadsheet turns 2016-04 into Apr-16: format the column as text"


def check_periods(table: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Return the rows with one spelling for each period; note what cannot be read or may mean two things."""
    # In the order of their texts: the result does not depend on that of the rows.
    read = read_periods(sorted(table["period"].unique()))
    unread = [text for text, period in read.items() if period is None]
    note_rows(findings, table, table["period"].isin(unread), "period", code="unread_period", severity="error",
              message="expected a period such as 2016/17, 2016-04, 2016 Q1 or to 2017-03",
              hint=UNREAD_HINT)  # fmt: skip
    _note_either(table, read, findings)
    table = _one_spelling(table, read, findings)
    _note_lengths(table, findings)
    return table


def _note_either(table: pd.DataFrame, read: dict[str, Period | None], findings: list[Finding]) -> None:
    """Note the only period of a table, where it could be a December as well as a financial year."""
    alike = [text for text in read if EITHER.fullmatch(text)]
    if len(alike) != 1 or (period := read[alike[0]]) is None or period.months != 1:
        return
    year, last = alike[0][:4], int(alike[0][-2:])
    if last != (int(year) + 1) % 100:
        return
    note_rows(findings, table, table["period"] == alike[0], "period", code="ambiguous_period", severity="warning",
              message=f"read as the month {period.end:%B %Y}",
              hint=f"if it is the financial year, give it as {year}/{last:02}")  # fmt: skip


def _one_spelling(
    table: pd.DataFrame, read: dict[str, Period | None], findings: list[Finding]
) -> pd.DataFrame:
    """Give a period that is written in several ways, or could be read in two, its plain spelling."""
    spelled: dict[tuple[object, object], list[str]] = {}
    for text, period in read.items():
        if period is not None:
            spelled.setdefault((period.start, period.end), []).append(text)
    plain: dict[str, str] = {}
    for texts in spelled.values():
        written = str(read[texts[0]])
        if len(texts) > 1 or (EITHER.fullmatch(texts[0]) and read[texts[0]].months == 12):  # type: ignore[union-attr]
            plain |= {text: written for text in texts if text != written}
    if not plain:
        return table
    respelled = table[table["period"].isin(plain)]
    findings.append(
        at_first(
            respelled,
            "period",
            code="period_spelling",
            severity="note",
            value=str(respelled["period"].iloc[0]),
            message="periods are given one spelling: "
            + ", ".join(f"{text} is {written}" for text, written in list(plain.items())[:8]),
        )
    )
    return table.assign(period=table["period"].replace(plain))


def _note_lengths(table: pd.DataFrame, findings: list[Finding]) -> None:
    """Note indicators whose periods have different lengths, or overlap: neither is a plain series."""
    pairs = table[["indicator", "period"]].drop_duplicates()
    read = {text: period for text, period in read_periods(pairs["period"].unique()).items() if period}
    pairs = pairs[pairs["period"].isin(read)]
    days = pairs.assign(
        months=pairs["period"].map({text: period.months for text, period in read.items()}),
        start=pairs["period"].map({text: period.start.toordinal() for text, period in read.items()}),
        end=pairs["period"].map({text: period.end.toordinal() for text, period in read.items()}),
    ).sort_values(["indicator", "end", "start"])
    lengths = days.groupby("indicator")["months"].agg(["min", "max"])
    mixed = lengths[lengths["min"] < lengths["max"]]
    for indicator, shortest, longest in mixed.itertuples():
        findings.append(
            _of_indicator(
                table,
                str(indicator),
                code="mixed_periods",
                severity="warning",
                message=f"periods of {int(shortest)} and of {int(longest)} months stand in one series",
                hint="give them as two indicators, or keep one length with filter",
            )
        )
    rolling = days["start"] <= days["end"].groupby(days["indicator"]).shift()
    overlapping = days.loc[rolling & ~days["indicator"].isin(mixed.index), "indicator"].unique()
    if len(overlapping):
        findings.append(
            _of_indicator(
                table,
                str(overlapping[0]),
                code="overlapping_periods",
                severity="note",
                message=f"neighbouring periods of {len(overlapping):,} indicators share months: their figures are not"
                " independent, and tests of trend and change take them as if they were",
                hint="keep one period a year (or a pool) for trends, with filter",
            )
        )


def _of_indicator(
    table: pd.DataFrame, indicator: str, *, code: str, severity: str, message: str, hint: str
) -> Finding:
    rows = table[table["indicator"] == indicator]
    return at_first(rows, "period", code=code, severity=severity, value=indicator, message=message, hint=hint)


def with_read_periods(settings: Settings, table: pd.DataFrame, findings: list[Finding]) -> Settings:
    """Give periods that the settings name the spelling of the table; one that it does not have is an error."""
    there = {
        (p.start, p.end): text for text, p in read_periods(sorted(table["period"].unique())).items() if p
    }

    def spelled(text: str, key: str) -> str:
        period = parse_period(text)
        if period is not None and (period.start, period.end) in there:
            return there[period.start, period.end]
        latest = sorted(there.items(), key=lambda item: item[0][::-1])[-6:]
        findings.append(
            Finding(
                severity="error",
                code="unknown_period",
                table="analysis.toml",
                column=key,
                value=text,
                message="no indicator has figures of this period",
                hint=f"there are: {', '.join(found for _, found in latest)}",
            )
        )
        return text

    priced, rebase = settings.opportunity.period, settings.trend.rebase
    opportunity = settings.opportunity.model_copy(
        update={"period": priced and spelled(priced, "opportunity.period")}
    )
    anew = {
        name: tuple(spelled(text, f"trend.rebase.{name}") for text in texts) for name, texts in rebase.items()
    }
    trend = settings.trend.model_copy(update={"rebase": anew})
    return settings.model_copy(update={"opportunity": opportunity, "trend": trend})
