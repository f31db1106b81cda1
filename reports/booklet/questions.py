"""Three questions to ask of an indicator: the clinician's own, and two that its figures raise."""

from typing import Any

from reports import words
from reports.catalogue import about_indicators
from reports.contents import Contents
from reports.flags import TO_ASK_ABOUT

ASKED = 3
MOST = 0.5  # share from which one part explains most
LAST = "Are the figures right: is the same counted everywhere, and on the same lists of people?"


def questions(contents: Contents, indicator: str, kind: str) -> tuple[str, ...]:
    """Return three questions.

    Parameters
    ----------
    contents
        The pack with all its periods.
    indicator
        Code.
    kind
        Kind of area whose variation it is.
    """
    about = about_indicators(contents.catalogue)[indicator]
    raised = (
        words.text(about["question"]),
        _before(contents, indicator, kind),
        _split(contents, indicator, kind),
    )
    return tuple([said for said in raised if said] + [LAST])[:ASKED]


def _before(contents: Contents, indicator: str, kind: str) -> str:
    """Ask of those flagged now whether they were a period ago."""
    rows = contents.comparison
    rows = rows[(rows["indicator"] == indicator) & (rows["kind"] == kind)]
    periods = sorted(rows["period"].astype(str).unique())
    if not periods:
        return ""
    flagged = rows[rows["significance"].isin(TO_ASK_ABOUT)]
    now = set(flagged.loc[flagged["period"] == periods[-1], "area"])
    if not now:
        return f"No {words.kind_name(kind)} stands apart: is the level of all of them the one that you want?"
    if len(periods) == 1:
        return ""
    held = len(now & set(flagged.loc[flagged["period"] == periods[-2], "area"]))
    of = f"Of the {words.count_of(len(now), kind)} flagged"
    if held >= MOST * len(now):
        return f"{of}, {words.number(held)} {_was(held)} in {periods[-2]} too: what has been tried there?"
    new = len(now) - held
    return f"{of}, {words.number(new)} {_was(new)} not in {periods[-2]}: what has changed there?"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _split(contents: Contents, indicator: str, kind: str) -> str:
    """Ask what explains what chance and case mix do not."""
    rows = contents.variation
    rows = rows[(rows["indicator"] == indicator) & (rows["kind"] == kind)]
    if rows.empty:
        return ""
    last: Any = rows.sort_values("period", kind="stable").iloc[-1]
    if words.is_missing(last["share_chance"]):
        return ""
    chance, mix = (words.percent(last[name], 0) for name in ("share_chance", "share_case_mix"))
    every = words.kind_name(kind, 2)
    said = f"Chance explains about {chance} of the variation between {every} and their case mix {mix}"
    if last["share_unwarranted"] >= MOST:
        return f"{said}: what explains the rest?"
    return f"{said}: is it one to take up with single {every}, or with all together?"
