"""Where the lead of one area should look: what stands out, how sure that is, what to ask and whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports import words
from reports.area_pack.contents import AreaContents
from reports.catalogue import about_indicators
from reports.flags import FLAGGED_BY_CHANCE
from reports.page.table import figure
from reports.trends import NO_SPECIAL_CAUSE, trend_mark

LOOKS = 3
NAMED = 3  # areas or indicators named in a sentence
# Probability from which one more digit would promise what draws cannot tell.
NEARLY_SURE = 0.99

Row = Mapping[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Look:
    """One indicator to look at: every line is a sentence, or empty where there is nothing to say."""

    indicator: str
    name: str
    about: str
    amount: str
    stands: str
    sure: str
    worth: str
    over_time: str
    inside: str
    peers: str
    question: str
    may_be_warranted: str

    @property
    def said(self) -> tuple[str, ...]:
        """What there is to say beside the question, in the order in which it is asked."""
        lines = (self.stands, self.sure, self.worth, self.over_time, self.inside, self.peers)
        return tuple(line for line in lines if line)


def looks(area: AreaContents, rows: pd.DataFrame) -> list[Look]:
    """Return the first of what is ``to_ask_about``, in words.

    Of indicators that count the same events the first one stands for all.
    """
    same_events = rows["overlap_group"].fillna("").where(lambda group: group != "", rows["indicator"])
    return [_look(area, row) for row in rows[~same_events.duplicated()].head(LOOKS).to_dict("records")]


def to_ask_about(area: AreaContents) -> pd.DataFrame:
    """Return the area's rows beyond chance on the side to ask about, those that may be worth most first."""
    rows = with_worth(area)
    rows = rows[rows["significance"].astype(str) == "worse"]
    rows = rows.assign(
        _worth=rows["value_gbp"].fillna(rows["investment_gbp"]).astype(float).fillna(0.0),
        _far=rows["z"].astype(float).abs(),
    )
    return rows.sort_values(["_worth", "_far", "indicator"], ascending=[False, False, True], kind="stable")


def with_worth(area: AreaContents) -> pd.DataFrame:
    """Return the area's own latest rows with its opportunity and what the catalogue says of each indicator."""
    names = ["units", "unit", "direction", "value_gbp", "investment_gbp", "p10", "p90", "probability",
             "chance_floor_gbp", "counted"]  # fmt: skip
    sized = area.sized[area.sized["area"] == area.area].drop_duplicates("indicator").set_index("indicator")
    told = area.contents.catalogue.set_index("indicator")
    told = told[["name", "programme", "unit", "polarity", "overlap_group", "question", "may_be_warranted"]]
    rows = area.own.join(sized[names].rename(columns={"unit": "counts"}))
    return rows.join(told).reset_index()


def _look(area: AreaContents, row: Row) -> Look:
    unit = words.text(row["unit"])
    peers = f"its peers {words.bare_value(row['comparator_value'], unit)}"
    side = words.direction_words(words.text(row["polarity"]), str(row["significance"]))
    return Look(
        indicator=str(row["indicator"]),
        name=words.text(row["name"], str(row["indicator"])),
        about=words.text(row["programme"]),
        amount=amount(row),
        stands=f"{words.value_with_unit(row['value'], unit)}, {peers}: {side}, beyond chance.",
        sure=_sure(row, unit),
        worth=_worth(row),
        over_time=_over_time(area, row),
        inside=_inside(area, row),
        peers=_best_peers(area, row),
        question=words.text(row["question"]),
        may_be_warranted=words.text(row["may_be_warranted"]),
    )


def amount(row: Row) -> str:
    """Write what a gap may be worth, £56,000, or what closing it would cost; empty where that is not known."""
    for name, said in (("value_gbp", ""), ("investment_gbp", " to invest")):
        if not words.is_missing(row[name]) and figure(row[name]) > 0:
            return f"{words.pounds(row[name])}{said}"
    return ""


def _sure(row: Row, unit: str) -> str:
    """Say how far apart area and peers may be, and how probable it is that they are."""
    ends = (row["difference_lower_95"], row["difference_upper_95"])
    if any(words.is_missing(end) for end in ends):
        return ""
    lower, upper = (words.bare_value(abs(end), unit) for end in sorted(ends, key=abs))
    said = f"The difference is {lower} to {upper} (95% interval)"
    if words.is_missing(row["probability"]):
        return f"{said}."
    chance = figure(row["probability"])
    probable = "over 99%" if chance >= NEARLY_SURE else words.percent(chance, 0)
    return f"{said}; the probability that it lies on this side is {probable}."


def _worth(row: Row) -> str:
    """Say what standing where its peers stand would come to, and how sure that is."""
    if words.is_missing(row["units"]):
        return "Too few events for a figure of its own in £; it counts in the area that this one is part of."
    units, counted = figure(row["units"]), words.text(row["counts"], "events")
    way = "fewer" if row["direction"] == "reduce" else "more"
    said = f"To stand where they stand: {words.number(units, 0)} {way} {counted} a year"
    if counted == "£":
        said = (
            f"To stand where they stand: {words.pounds(units)} a year {'less' if way == 'fewer' else 'more'}"
        )
    elif amount(row):
        said += f", {amount(row)}"
    if not words.is_missing(row["p10"]) and not words.is_missing(row["p90"]):
        said += f" (80% interval {words.pounds(row['p10'])} to {words.pounds(row['p90'])})"
    return f"{said}."


def _over_time(area: AreaContents, row: Row) -> str:
    """Say whether the area's own figures have moved, where there are enough of them."""
    trend = area.contents.trend
    found = trend[trend["indicator"] == row["indicator"]] if len(trend) else trend
    if found.empty:
        return ""
    one = found.iloc[0]
    said = words.text(one["recent_trend"])
    moving = (
        f"{words.sentence_case(said.lower())} over the last periods"
        if trend_mark(said)
        else "No recent trend"
    )
    cause = words.text(one["special_cause"], NO_SPECIAL_CAUSE)
    if cause != NO_SPECIAL_CAUSE:
        return f"{moving}; the latest figure is a special cause in its own series ({cause})."
    return f"{moving}, {one['first_period']} to {one['last_period']}."


def _inside(area: AreaContents, row: Row) -> str:
    """Name the areas in this one that differ in the same direction, those with most to gain first."""
    if not area.inside:
        return ""
    rows = area.now[(area.now["indicator"] == row["indicator"]) & area.now["area"].isin(area.inside)]
    rows = rows[rows["significance"].astype(str) == "worse"]
    kind = area.tree.kind[area.inside[0]]
    of_all = f"of its {words.count_of(len(area.inside), kind)}"
    if rows.empty:
        return f"None {of_all} stands out by itself: talk about the pattern."
    sized = area.sized[area.sized["indicator"] == row["indicator"]].drop_duplicates("area")
    rows = rows.join(sized.set_index("area")["units"], on="area")
    rows = rows.sort_values(["units", "area"], ascending=[False, True], na_position="last", kind="stable")
    names = words.series([area.tree.name(code) for code in rows["area"].head(NAMED)])
    first = f", first {names}" if len(rows) > NAMED else f": {names}"
    verb = "stands" if len(rows) == 1 else "stand"
    return f"{words.number(len(rows))} {of_all} {verb} out by itself{first}.".replace(
        "stand out by itself", "stand out by themselves"
    )


def _best_peers(area: AreaContents, row: Row) -> str:
    """Name the peers furthest on the good side, to ask how they do it."""
    rows = area.now[(area.now["indicator"] == row["indicator"]) & area.now["area"].isin(area.beside)]
    rows = rows[rows["value"].notna() & (rows["area"] != area.area)]
    if rows.empty or row["polarity"] not in ("low", "high"):
        return ""
    low = row["polarity"] == "low"
    best = rows.sort_values(["value", "area"], ascending=[low, True], kind="stable").head(NAMED)
    unit = words.text(row["unit"])
    named = [
        f"{area.tree.name(code)} ({words.bare_value(value, unit)})"
        for code, value in zip(best["area"], best["value"], strict=True)
    ]
    return f"{'Lowest' if low else 'Highest'} of those compared: {words.series(named)}."


def judged_indicators(area: AreaContents) -> tuple[int, int, int]:
    """Count the indicators with a good direction: on the side to ask about, on the good one, all that are tested."""
    catalogue = area.contents.catalogue
    directed = catalogue.loc[catalogue["polarity"].isin(["low", "high"]), "indicator"]
    own = area.own[area.own.index.isin(directed)]
    counts = own["significance"].astype(str).value_counts()
    worse, better = int(counts.get("worse", 0)), int(counts.get("better", 0))
    return worse, better, worse + better + int(counts.get("similar", 0))


def stands_in_short(area: AreaContents) -> str:
    """Say the same as ``stands_sentence`` for a list of areas."""
    worse, better, judged = judged_indicators(area)
    chance = words.expected_count(FLAGGED_BY_CHANCE * judged)
    return (
        f"{words.number(worse)} of {words.count_of(judged, 'indicator')} to ask about, {words.number(better)} on the"
        f" good side ({chance} on each by chance)"
    )


def stands_sentence(area: AreaContents) -> str:
    """Say in how many indicators the area stands out, on which side, and in how many it would by chance."""
    worse, better, judged = judged_indicators(area)
    whom = f"the {words.count_of(len(area.listed), area.kind)} most like it"
    if not area.listed:
        whom = f"the other {words.kind_name(area.kind, 2)}"
    if not judged:
        return f"In no indicator with a good direction is {area.name} large enough to be told from {whom}."
    chance = words.expected_count(FLAGGED_BY_CHANCE * judged)
    return (
        f"Held against {whom}, {area.name} stands out beyond chance on the side to ask about in"
        f" {words.number(worse)} of {words.count_of(judged, 'indicator')} with a good direction, and on the good side"
        f" in {words.number(better)} ({chance} on each side by chance alone)."
    )


def further_sentence(area: AreaContents) -> str:
    """Say what else there is: indicators without a direction that differ, and those too small to tell."""
    counts = area.own["significance"].astype(str).value_counts()
    sides = int(counts.get("higher", 0)) + int(counts.get("lower", 0))
    untested = int(counts.get("not tested", 0))
    said = []
    if sides:
        verb = "differs" if sides == 1 else "differ"
        said.append(
            f"{words.sentence_case(words.count_of(sides, 'indicator'))} for local interpretation {verb} too."
        )
    if untested:
        verb = "is" if untested == 1 else "are"
        said.append(
            f"{words.count_of(untested, 'indicator')} {verb} not tested: too few people or events to tell."
        )
    return " ".join(said)


def good_sentence(area: AreaContents) -> str:
    """Name what others may learn from the area; empty where nothing stands out on the good side."""
    rows = area.own[area.own["significance"].astype(str) == "better"].reset_index()
    if rows.empty:
        return ""
    rows = rows.assign(_far=rows["z"].astype(float).abs())
    rows = rows.sort_values(["_far", "indicator"], ascending=[False, True], kind="stable")
    catalogue = about_indicators(area.contents.catalogue)
    named = [words.text(catalogue[code]["name"], code) for code in rows["indicator"].head(NAMED)]
    more = f" and {words.number(len(rows) - NAMED)} more" if len(rows) > NAMED else ""
    said = f"{', '.join(named)}{more}" if more else words.series(named)
    return f"On the good side beyond chance: {said}. What could others learn here?"
