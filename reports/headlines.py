"""The sentences that a pack opens with, written from its tables so that they are never stale."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from reports import words
from reports.contents import Contents
from reports.flags import Flags, flags, flags_sentence
from reports.pack_rows import latest, league, total_row
from reports.tree import finest_kind

# Share of areas that RightCare's rule flags in the bad direction when all areas are alike: best five of ten
# peers lies about three quarters of a standard error below the truth. Dropkin, J Public Health 2018;40:e367.
RIGHTCARE_FLAGS_BY_CHANCE = 0.12

Row = Mapping[Any, Any]


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
