"""The standard set of pictures of a pack: which are drawn, and in which order."""

from functools import partial

from reports import words
from reports.charts import (
    bridge_chart,
    completeness_chart,
    league_chart,
    opportunity_chart,
    plan_chart,
    quadrant_chart,
)
from reports.charts.frame import Drawn
from reports.charts.jobs import Job, caption_of
from reports.charts.of_areas import area_jobs, compared, subjects
from reports.charts.of_indicators import indicator_jobs
from reports.contents import Contents
from reports.pack_rows import TOP, latest, league
from reports.tree import finest_kind

FEWEST_POINTS = 3  # fewer make no quadrant
KINDS = (
    "opportunity", "plan", "bridge", "league", "quadrant", "funnel", "caterpillar", "map", "ribbon", "xmr", "pathway",
    "spine", "similarity", "peer-bars", "completeness",
)  # fmt: skip


def jobs(contents: Contents, *, top: int = TOP) -> list[Job]:
    """Return the standard set, not yet drawn, in the order of the pack.

    Opportunity bars; the plan, where there is one, and its bridge; what the variation is made of; spend against
    outcome. Of the
    ``top`` indicators with most to gain a funnel and a caterpillar of the finest kind of area, of the first few
    of them a map, and the pack's own area over time. A pathway of each programme; a spine of each area that
    the finest are part of. In the pack of an area that has peers those are its own: pathways with intervals,
    its spine, its likeness to its peers, and its place among them. Last, where figures lack: how complete they are.
    """
    todo = [Job(kind="opportunity", draw=partial(_opportunity, contents, top))]
    if len(contents.plan):
        todo += [_plan(contents), *_bridge(contents)]
    todo += _league(contents)
    todo += _quadrant(contents)
    return [*todo, *indicator_jobs(contents, top), *area_jobs(contents, top), *_completeness(contents)]


def _opportunity(contents: Contents, top: int) -> Drawn:
    own, published = league(contents), league(contents, mode="rightcare", comparator="best_5")
    beside = "" if contents.headline_mode == "rightcare" else "RightCare's rule"
    rule = published.set_index("indicator")[["value_gbp", "chance_floor_gbp"]]
    rule.columns = ["beside_gbp", "beside_floor_gbp"]
    bars = own.join(rule, on="indicator")
    against = words.comparator_name(contents.headline_comparator)
    rule_name = words.mode_name(contents.headline_mode)
    what = "Credible opportunity" if contents.headline_mode == "credible" else f"Opportunity, {rule_name},"
    name = f"{what} against {against}"
    caption = caption_of(contents, name, period=contents.period)
    return opportunity_chart.drawn(bars, caption=caption, beside=beside, top=top)


def _plan(contents: Contents) -> Job:
    caption = caption_of(contents, "Plan: published targets, and the opportunity sized towards them")
    return Job(kind="plan", draw=partial(plan_chart.drawn, contents.plan, caption=caption))


def _bridge(contents: Contents) -> list[Job]:
    """Draw what is left of the opportunity as money, where that was reckoned."""
    year = None if contents.finance is None else contents.finance.general.plan_year
    rows = bridge_chart.bridge_rows(contents.plan, contents.chain, year=year)
    if rows.empty:
        return []
    caption = caption_of(contents, "Plan: from the target to what commissioners would save")
    return [Job(kind="bridge", draw=partial(bridge_chart.drawn, rows, caption=caption))]


def _league(contents: Contents) -> list[Job]:
    """Draw what the variation of each indicator is made of, at the finest kind of area that it is split for."""
    kind = finest_kind(contents.areas)
    rows = league_chart.league_rows(latest(contents.variation, contents.period), contents.catalogue, kind)
    if rows.empty:
        return []
    every = words.kind_name(kind, 2)
    caption = caption_of(contents, f"What the variation between {every} is made of", period=contents.period)
    return [Job(kind="league", draw=partial(league_chart.drawn, rows, caption=caption))]


def _quadrant(contents: Contents) -> list[Job]:
    """Draw spend against outcome: of the pack's own area by programme, of one without peers by the areas below it."""
    alone = compared(contents)
    areas = subjects(contents)
    comparison = latest(contents.comparison, contents.period)
    by = "programme" if alone else "area"
    rows = quadrant_chart.quadrant_rows(comparison, contents.catalogue, areas["area"].tolist(), by=by)
    if len(rows) < FEWEST_POINTS:
        return []
    names = contents.areas.set_index("area")["name"]
    rows = rows.assign(name=rows["code"] if alone else rows["code"].map(names))
    kind = "" if alone else str(areas["kind"].iloc[0])
    whose = words.text(names.get(contents.focus)) if alone else "all programmes"
    caption = caption_of(contents, f"Spend and outcome, {whose}", period=contents.period, kind=kind)
    noun = "programme" if alone else kind
    draw_one = partial(quadrant_chart.drawn, rows, caption=caption, noun=noun)
    return [Job(kind="quadrant", area=contents.focus if alone else "", draw=draw_one)]


def _completeness(contents: Contents) -> list[Job]:
    """Draw how complete the figures are, unless every one is there."""
    if not completeness_chart.is_lacking(contents.completeness):
        return []
    caption = caption_of(contents, "Share of open areas that have a figure")
    table, catalogue = contents.completeness, contents.catalogue
    draw_one = partial(completeness_chart.drawn, table, catalogue, caption=caption)
    return [Job(kind="completeness", draw=draw_one)]
