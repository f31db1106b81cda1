"""The sentences that a pack opens with, written from its tables so that they are never stale."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from reports import words
from reports.contents import Contents

# Share of areas that RightCare's rule flags in the bad direction when all areas are alike: best five of ten
# peers lies about three quarters of a standard error below the truth. Dropkin, J Public Health 2018;40:e367.
RIGHTCARE_FLAGS_BY_CHANCE = 0.12

Row = Mapping[Any, Any]

MONEY = ["value_gbp", "investment_gbp", "p10", "p50", "p90", "chance_floor_gbp"]


class Flags(NamedTuple):
    """How many areas stand out in one indicator, and how many would by chance alone."""

    areas: int
    flagged: int  # in the bad direction; for local interpretation, above the peers
    other: int  # in the good direction; for local interpretation, below the peers
    expected: float  # by chance, in one direction; NaN where not known
    rightcare: int
    tested: int | None = None  # large enough to be told from their peers; None where not known


def finest_kind(areas: pd.DataFrame) -> str:
    """Kind of the areas that are no one's parent; the most frequent one, if there are several.

    >>> finest_kind(pd.DataFrame({"area": ["P1", "L1"], "kind": ["practice", "locality"],
    ...                           "parent": ["L1", None]}))
    'practice'
    """
    leaves = areas.loc[~areas["area"].isin(areas["parent"].dropna()), "kind"]
    return str(leaves.value_counts().index[0]) if len(leaves) else ""


def parent_kind(areas: pd.DataFrame, kind: str) -> str:
    """Kind of area that the areas of ``kind`` are part of; empty where they have no parent.

    >>> parent_kind(pd.DataFrame({"area": ["P1", "L1"], "kind": ["practice", "locality"],
    ...                           "parent": ["L1", None]}), "practice")
    'locality'
    """
    parents = areas.loc[areas["kind"] == kind, "parent"].dropna()
    kinds = areas.loc[areas["area"].isin(parents), "kind"]
    return str(kinds.value_counts().index[0]) if len(kinds) else ""


def latest(table: pd.DataFrame, period: str) -> pd.DataFrame:
    """Rows of the pack's period; of its own last one, for an indicator that has none then.

    >>> latest(pd.DataFrame({"indicator": ["A", "A", "B"], "period": ["2015", "2016", "2015"]}), "2016")
      indicator period
    1         A   2016
    2         B   2015
    """
    now = table["period"] == period
    behind = ~table["indicator"].isin(table.loc[now, "indicator"].unique())
    if behind.any():
        late = table[behind]
        # Tables stand in the order of time.
        now.loc[late.index] = late["period"] == late.groupby("indicator")["period"].transform("last")
    return table[now]


def league(contents: Contents, *, mode: str = "", comparator: str = "") -> pd.DataFrame:
    """Opportunity of every indicator for the pack's own area, the largest first.

    Parameters
    ----------
    contents
        The pack.
    mode, comparator
        Rule and comparator; empty for those that the headlines quote.

    Returns
    -------
    DataFrame
        One row per indicator that has one: indicator, name, programme, period, direction, units, unit,
        value_gbp, investment_gbp, p10, p50, p90, chance_floor_gbp (£; NaN where there is no price).
        A pack without an area of its own gets the sum over its finest areas, without an interval.
    """
    table = contents.opportunity
    rows = table[
        (table["mode"] == (mode or contents.headline_mode))
        & (table["comparator"] == (comparator or contents.headline_comparator))
    ]
    own = rows[rows["area"] == contents.focus]
    if own.empty:
        own = _summed(rows[rows["kind"] == finest_kind(contents.areas)])
    own = own.merge(contents.catalogue[["indicator", "name", "programme"]], on="indicator", how="left")
    own["name"] = own["name"].fillna(own["indicator"])
    order = ["value_gbp", "investment_gbp", "units"]
    own = own.sort_values(order, ascending=False, kind="stable", na_position="last")
    first = ["indicator", "name", "programme", "period", "direction", "units", "unit"]
    return own[first + MONEY].reset_index(drop=True)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    keys = ["indicator", "period", "direction", "unit"]
    sums = ["units", "value_gbp", "investment_gbp", "chance_floor_gbp"]
    # Against a percentile an area keeps its negative gap; only positive ones are ever added up.
    positive = rows[keys].join(rows[sums].clip(lower=0))
    total = positive.groupby(keys, sort=False, dropna=False)[sums].sum(min_count=1).reset_index()
    # Percentiles do not add up over areas.
    return total.assign(p10=float("nan"), p50=float("nan"), p90=float("nan"))


def flags(contents: Contents, kind: str = "") -> dict[str, Flags]:
    """Count by indicator the areas of one kind (empty: the finest) that stand out from their peers."""
    kind = kind or finest_kind(contents.areas)
    rows = contents.comparison
    rows = latest(rows[(rows["kind"] == kind) & rows["value"].notna()], contents.period)
    marked = rows["significance"]
    counts = pd.DataFrame(
        {
            "areas": 1,
            "flagged": marked.isin(["worse", "higher"]).astype(int),
            "other": marked.isin(["better", "lower"]).astype(int),
            "rightcare": (rows["significance_rightcare"] == "worse").astype(int),
            "tested": (marked != "not tested").astype(int),
        },
        index=rows.index,
    )
    summed: pd.DataFrame = counts.groupby(rows["indicator"], sort=False).sum()
    table = contents.variation
    chance = latest(table[table["kind"] == kind], contents.period)
    by_chance = chance.drop_duplicates("indicator").set_index("indicator")["flags_expected_by_chance"]
    # Where no direction is good both are counted; half of what chance gives is on each side.
    local = contents.catalogue.loc[contents.catalogue["polarity"] == "local", "indicator"]
    sides = 1 + summed.index.isin(local).astype(int)
    summed["expected"] = by_chance.reindex(summed.index).astype(float) / sides
    return {
        str(code): Flags(
            areas=int(row["areas"]),
            flagged=int(row["flagged"]),
            other=int(row["other"]),
            expected=float(row["expected"]),
            rightcare=int(row["rightcare"]),
            tested=int(row["tested"]),
        )
        for code, row in summed.to_dict("index").items()
    }


def headline(contents: Contents, indicator: str) -> str:
    """What, how much, against whom, how sure, and what chance alone would give, for one indicator."""
    of_one = {
        name: (table := getattr(contents, name))[table["indicator"] == indicator]
        for name in ("comparison", "variation", "opportunity", "catalogue")
    }
    if of_one["catalogue"].empty:
        raise ValueError(f"expected an indicator of the catalogue, got {indicator!r}")
    return headlines(replace(contents, **of_one))[indicator]


def headlines(contents: Contents) -> dict[str, str]:
    """Headline of every indicator of the catalogue, by its code."""
    kind = finest_kind(contents.areas)
    counted = flags(contents, kind)
    own = league(contents).set_index("indicator").to_dict("index")
    published = (
        league(contents, mode="rightcare", comparator="best_5").set_index("indicator").to_dict("index")
    )
    withheld = _withheld(contents, kind)
    sentences = {}
    for code, name, polarity in contents.catalogue[["indicator", "name", "polarity"]].itertuples(index=False):
        parts = [f"{words.text(name, code)}: no {words.kind_name(kind)} has a figure to compare."]
        if code in counted:
            judged = words.text(polarity, "local")
            parts = [f"{words.text(name, code)}: {flags_sentence(counted[code], kind, judged)}"]
            parts += [withheld_sentence(withheld[code], kind)] if code in withheld else []
            parts.append(_money_sentence(contents, code, judged, counted[code], own, published))
        sentences[str(code)] = " ".join(parts)
    return sentences


def _withheld(contents: Contents, kind: str) -> dict[str, int]:
    """Count by indicator the areas of a kind whose figures the disclosure policy withholds in its latest period."""
    if "suppressed" not in contents.comparison:
        return {}
    rows = latest(contents.comparison[contents.comparison["kind"] == kind], contents.period)
    counted = rows.loc[rows["suppressed"].astype(bool), "indicator"].value_counts()
    return {str(code): int(number) for code, number in counted.items()}


def withheld_sentence(number: int, kind: str) -> str:
    """Say how many areas are not shown.

    >>> withheld_sentence(1, "practice"), withheld_sentence(12, "practice")
    ('1 practice is withheld.', '12 practices are withheld.')
    """
    return f"{words.count_of(number, kind)} {'is' if number == 1 else 'are'} withheld."


def flags_sentence(counted: Flags, kind: str, polarity: str) -> str:
    """Say how many areas stand out, and beside it how many would by chance.

    >>> flags_sentence(Flags(98, 9, 4, 2.45, 20), "practice", "low")
    '9 of 98 practices are above their peers beyond chance (about 2 expected by chance).'
    """
    if counted.tested == 0:
        return f"Of {words.count_of(counted.areas, kind)} none is large enough to be told from its peers."
    side, other = ("below", "above") if polarity == "high" else ("above", "below")
    of_all = f"{words.number(counted.flagged)} of {words.count_of(counted.areas, kind)}"
    verb = "is" if counted.flagged == 1 else "are"
    expected = f"{words.expected_count(counted.expected)} expected by chance"
    if words.is_missing(counted.expected):
        expected = "number expected by chance not known"
    if polarity == "local":
        return (
            f"{of_all} {verb} {side} and {words.number(counted.other)} {other} their peers beyond chance"
            f" ({expected} on each side)."
        )
    return f"{of_all} {verb} {side} their peers beyond chance ({expected})."


def _money_sentence(
    contents: Contents,
    code: str,
    polarity: str,
    counted: Flags,
    own: Mapping[Any, Row],
    published: Mapping[Any, Row],
) -> str:
    if polarity == "local":
        return "Which direction is better is for local interpretation."
    if code not in own:
        return "No opportunity has been sized."
    row = own[code]
    if all(words.is_missing(row[name]) for name in ("units", "value_gbp", "investment_gbp")):
        return "What it would come to is withheld or not available."
    amount, what = _amount(row)
    gap = f"{amount} in {row['period']} against {words.comparator_name(contents.headline_comparator)}"
    if contents.headline_mode == "credible":
        beside = ""
        if code in published:
            rule = published[code]
            beside = f"; RightCare's published rule would say {_amount(rule)[0]}{_chance(rule)}"
        return f"Credible {what} {gap}{_interval(row)}{beside}."
    sentence = f"{what.capitalize()} {words.mode_name(contents.headline_mode)} {gap}{_chance(row)}."
    if contents.headline_mode != "rightcare":
        return sentence
    by_chance = words.expected_count(RIGHTCARE_FLAGS_BY_CHANCE * counted.areas)
    flagged = f"{words.number(counted.rightcare)} of {words.number(counted.areas)}"
    return f"{sentence} That rule flags {flagged}; {by_chance} by chance alone."


def _amount(row: Row) -> tuple[str, str]:
    """£ of a row of the league and what it is; its units where they have no price."""
    if words.is_missing(row["value_gbp"]) and words.is_missing(row["investment_gbp"]):
        unit = words.text(row["unit"], "units")
        return f"{words.number(row['units'], 0)} {unit} (without a price)", "opportunity"
    if words.is_missing(row["value_gbp"]):
        return words.pounds(row["investment_gbp"]), "investment need"
    return words.pounds(row["value_gbp"]), "opportunity"


def _interval(row: Row) -> str:
    if words.is_missing(row["p10"]) or words.is_missing(row["p90"]):
        return ""
    return f" (80% interval {words.pounds(row['p10'])} to {words.pounds(row['p90'])})"


def _chance(row: Row) -> str:
    floor = row["chance_floor_gbp"]
    return "" if words.is_missing(floor) else f"; chance alone would give {words.pounds(floor)} by that rule"


def overall(contents: Contents) -> list[str]:
    """Three sentences on the whole pack: the total, the biggest three, what chance alone would give."""
    priced = _priced(contents)
    return [_total(contents, priced), _biggest(priced), _caveat(contents, priced)]


def total_sentence(contents: Contents) -> str:
    """Say what all indicators of the pack's own area come to: the first of the three."""
    return _total(contents, _priced(contents))


def _priced(contents: Contents) -> pd.DataFrame:
    table = league(contents)
    return table[table["value_gbp"].notna()]


def _total(contents: Contents, priced: pd.DataFrame) -> str:
    """Say what all indicators together come to; each event counted once, where the totals table has the area."""
    if priced.empty:
        return "No opportunity with a price has been sized in this pack."
    rule = words.mode_name(contents.headline_mode)
    credible = contents.headline_mode == "credible"
    what = f"Credible opportunity{_of(contents)}" if credible else f"Opportunity{_of(contents)} {rule}"
    against = f"in {contents.period} against {words.comparator_name(contents.headline_comparator)}"
    own = total_row(contents, contents.headline_mode, contents.headline_comparator)
    if own is None:
        return (
            f"{what}: {words.pounds(priced['value_gbp'].sum())} {against}, over"
            f" {words.count_of(len(priced), 'indicator')} with a price; what two indicators count twice is"
            " not taken out."
        )
    sentence = f"{what}: {words.pounds(own['value_gbp'])} {against}{_interval(own)}"
    if own["overlap_gbp"] > 0:
        sentence += f", after taking out {words.pounds(own['overlap_gbp'])} that two indicators count twice"
    published = total_row(contents, "rightcare", "best_5") if credible else None
    if published is None:
        return f"{sentence}{_chance(own)}."
    sentence += f". RightCare's published rule would say {words.pounds(published['value_gbp'])}"
    if not published["chance_floor_gbp"] <= published["value_gbp"]:  # of a small area, or not known
        return f"{sentence}{_chance(published)}."
    return f"{sentence}, {words.pounds(published['chance_floor_gbp'])} of it by chance alone."


def net_sentence(contents: Contents) -> str:
    """Say what is left of the savings in money, and how sure that is; empty where it was not reckoned."""
    chain = contents.chain
    if chain.empty:
        return ""
    whole = chain[chain["plan_line"] == "All lines"]
    once = whole[whole["step"] == "deduplicated"]
    net = whole[whole["step"] == "net"].sort_values("year")
    year = None if contents.finance is None else contents.finance.general.plan_year
    net = net if year is None else net[net["year"] == year]
    if once.empty or net.empty:
        return ""
    own, interval = net.iloc[-1].to_dict(), _interval(net.iloc[-1].to_dict())
    said = (
        f"Of {words.pounds(once['commissioner_gbp'].iloc[0])} counted once, {words.pounds(own['commissioner_gbp'])}"
        f" is left for commissioners in year {own['year']} of the plan{interval}, and"
        f" {words.pounds(own['system_gbp'])} for the health system: after clinical sign-off, contracts, delivery,"
        " phasing and the cost of change, as the workbook assumes."
    )
    return f"{said} The interval holds chance alone." if interval else said


def total_row(contents: Contents, mode: str, comparator: str) -> Row | None:
    """Return the row of the totals table of the pack's own area; None where there is none."""
    table = contents.totals
    if table.empty:
        return None
    own = table[
        (table["area"] == contents.focus) & (table["mode"] == mode) & (table["comparator"] == comparator)
    ]
    return own.iloc[0].to_dict() if len(own) else None


def _of(contents: Contents) -> str:
    name = contents.areas.loc[contents.areas["area"] == contents.focus, "name"]
    return f" for {name.iloc[0]}" if len(name) and words.text(name.iloc[0]) else ""


def _biggest(priced: pd.DataFrame) -> str:
    top = priced[priced["value_gbp"] > 0].head(3)
    if top.empty:
        return "No indicator shows an opportunity with a price."
    named = [
        f"{name} ({words.pounds(value)})"
        for name, value in zip(top["name"], top["value_gbp"].astype(float), strict=True)
    ]
    verb = ("biggest is", "two biggest are", "three biggest are")[len(top) - 1]
    return f"The {verb} {words.series(named)}."


def _caveat(contents: Contents, priced: pd.DataFrame) -> str:
    kind = finest_kind(contents.areas)
    judged = contents.catalogue.loc[contents.catalogue["polarity"].isin(["low", "high"]), "indicator"]
    every = flags(contents, kind)
    counted = [one for code, one in every.items() if code in set(judged)]
    if not counted:  # nothing has a good direction: both sides of everything
        counted = [
            one._replace(flagged=one.flagged + one.other, expected=2 * one.expected) for one in every.values()
        ]
    own = total_row(contents, contents.headline_mode, contents.headline_comparator)
    floor = priced["chance_floor_gbp"].sum(min_count=1) if own is None else own["chance_floor_gbp"]
    claim = "" if words.is_missing(floor) else f"the same rule would still claim {words.pounds(floor)} and "
    return (
        f"If all {words.kind_name(kind, 2)} were alike, {claim}chance would still raise"
        f" {words.expected_count(sum(one.expected for one in counted if one.expected >= 0))} flags; there are"
        f" {words.number(sum(one.flagged for one in counted))} over"
        f" {words.count_of(len(counted), 'indicator')}. Each is a question to ask, not a finding."
    )
