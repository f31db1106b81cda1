"""Control: what was changed since the pack was written, and who has signed off what."""

import pandas as pd

from reports.finance import Finance
from reports.workbook.allowed import FreeText
from reports.workbook.finance import names as n
from reports.workbook.finance.inputs import pairs_of
from reports.workbook.spec import PERCENT, POUNDS, Column, Formula, Sheet, Table

INPUT, AS_WRITTEN = "Input", "Weighed sum as written"  # headings by which a reader finds what was written


def control_sheets(finance: Finance) -> list[Sheet]:
    """Return the change log and the sign-off."""
    return [_changes(finance), sign_off_sheet(finance)]


def _changes(finance: Finance) -> Sheet:
    return Sheet(
        name="Change log",
        title="Change log",
        description="Assumptions that were edited in a workbook and read back into this pack: a row for each.",
        notes=(
            "What is changed in this workbook itself shows on Assumptions (changed), and is listed here once it has"
            " been read back with variation run --assumptions.",
        ),
        tables=(
            Table(
                name=n.CHANGES,
                columns=(
                    Column(key="table", heading="Table", width=26),
                    Column(key="key", heading="Row", width=46),
                    Column(key="column", heading="What was changed", width=30),
                    Column(key="was", heading="Was", width=26),
                    Column(key="now", heading="Now", width=26),
                ),
                frame=finance.changes,
                heading="Read back",
                empty="Nothing has been read back: the assumptions are those of analysis.toml and its tables.",
            ),
            _fingerprint(finance),
        ),
    )


def _fingerprint(finance: Finance) -> Table:
    """Weighed sums of the inputs against those that this workbook was written with: any change shows."""
    rows = [*_weighed(n.DELIVERY, finance.delivery, ("marginal_rate", "contract", "variable_cost")),
            *_weighed(n.PHASING, finance.phasing, tuple(f"year_{year}" for year in range(5))),
            *_weighed(n.SCHEMES, finance.schemes, ("start_year", "months", "addressable", "deliverable",
                                                   "recurrent_cost_gbp", "one_off_gbp")),
            *_weighed(n.LINES, finance.lines, ("unit_cost", "marginal_rate"))]  # fmt: skip
    if len(pairs_of(finance)):
        rows += _weighed(n.OVERLAPS, pairs_of(finance), ("share",))
    rows += [
        (rows_of(table), f"ROWS({{{table}.number}})", float(len(frame)))
        for table, frame in ((n.LINES, finance.lines), (n.OVERLAPS, pairs_of(finance)))
        if len(frame)
    ]
    rows += [
        _placed(finance.schemes["phasing"], finance.phasing["phasing"], n.RATES, "phasing_row"),
        _placed(finance.lines["scheme"], finance.schemes["scheme"], n.CHAIN, "scheme_row"),
        _placed(finance.lines["point_of_delivery"], finance.delivery["point_of_delivery"], n.CHAIN, "delivery_row"),
        ("Recurrent", f'SUMPRODUCT(({{{n.SCHEMES}.recurrent}}="yes")*{{{n.SCHEMES}.number}})',
         float(((finance.schemes["recurrent"] == "yes") * _places(finance.schemes)).sum())),
    ]  # fmt: skip
    frame = pd.DataFrame(
        {
            "what": [*(row[0] for row in rows), "All inputs of these"],
            "live": pd.Series([*(Formula(row[1]) for row in rows), Formula("0")], dtype=object),
            "written": [*(row[2] for row in rows), 0.0],
            "key": [*("" for _ in rows), "all"],
            "differs": pd.Series(
                [
                    *(Formula("IF(ABS({live}-{written})<=0.000000001*(1+ABS({written})),0,1)") for _ in rows),
                    Formula(
                        f"SUM({{cell:{n.FINGERPRINT}.differs:1}}:{{cell:{n.FINGERPRINT}.differs:{len(rows)}}})"
                    ),
                ],
                dtype=object,
            ),
        }
    )
    frame["key"] = [*(str(place) for place in range(1, len(rows) + 1)), "all"]
    number = "#,##0.0000"
    return Table(
        name=n.FINGERPRINT,
        heading="Inputs now and as this workbook was written",
        rows_by="key",
        filtered=False,
        columns=(
            Column(key="what", heading=INPUT, width=26),
            Column(key="key", heading="Number", width=46),
            Column(key="live", heading="Weighed sum now", format=number, width=30),
            Column(key="written", heading=AS_WRITTEN, format=number, width=26),
            Column(key="differs", heading="Changed", format="0", width=26),
        ),
        frame=frame,
    )


def rows_of(table: str) -> str:
    """Return the words for how many rows a table of inputs was written with."""
    return f"{table.replace('_', ' ')}: rows"


def _places(frame: pd.DataFrame) -> "pd.Series[int]":
    return pd.Series(range(1, len(frame) + 1), index=frame.index)


def _weighed(table: str, frame: pd.DataFrame, keys: tuple[str, ...]) -> list[tuple[str, str, float]]:
    """Words, live formula and value of each column's sum, weighed by the number of the row, and of its count."""
    place = _places(frame)
    rows = []
    for key in keys:
        column = frame[key].astype(float)
        words_of = f"{table.replace('_', ' ')}: {key.replace('_', ' ')}"
        formula = f"SUMPRODUCT({{{table}.{key}}},{{{table}.number}})+COUNT({{{table}.{key}}})"
        rows.append((words_of, formula, float((column.fillna(0) * place).sum() + column.notna().sum())))
    return rows


def _placed(values: pd.Series, among: pd.Series, table: str, key: str) -> tuple[str, str, float]:
    """The same of a choice, by its place in the list."""
    at = pd.Index(among).get_indexer(pd.Index(values)) + 1
    weights = range(1, len(values) + 1)
    words_of = f"{table.replace('_', ' ')}: {key.replace('_', ' ')}"
    number = n.SCHEMES if table == n.RATES else n.LINES
    value = float(sum(a * w for a, w in zip(at.tolist(), weights, strict=True)))
    return words_of, f"SUMPRODUCT({{{table}.{key}}},{{{number}.number}})", value


def sign_off_sheet(finance: Finance) -> Sheet:
    """Return who has agreed to each scheme; names and dates are inputs."""
    frame = finance.schemes.assign(
        signed_off_by=finance.schemes["signed_off_by"].replace("", None),
        signed_off_on=finance.schemes["signed_off_on"].replace("", None),
    )
    return Sheet(
        name="Sign-off",
        title="Sign-off",
        description="Who has agreed to each scheme and its share, and when: one row for each scheme.",
        notes=("The share itself is an input of Scheme assumptions. A date is written in words, 1 April 2017.",),
        tables=(
            Table(
                name=n.SIGN_OFF,
                rows_by="scheme",
                columns=(
                    Column(key="scheme", heading="Scheme", width=50),
                    Column(key="share", heading="Clinical sign-off in force", format=PERCENT, width=14,
                           formula=f"{{beside:{n.RATES}.signed_off}}"),
                    Column(key="once", heading="Counted once £", format=POUNDS, width=16,
                           formula=f"{{beside:{n.SCHEME_RESULTS}.once}}"),
                    Column(key="net", heading="Net, plan's year £", format=POUNDS, width=16,
                           formula=f"{{beside:{n.SCHEME_RESULTS}.net}}"),
                    Column(key="signed_off_by", heading="Signed off by", width=34, allowed=FreeText(120)),
                    Column(key="signed_off_on", heading="Signed off on", width=20, allowed=FreeText(40)),
                ),
                frame=frame,
            ),
        ),
    )  # fmt: skip
