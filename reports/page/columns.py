"""The columns of the page's figures: the tables of a pack laid out by indicator and area, packed to be carried."""

import string
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports import words
from reports.claims import Claim, headline_claim
from reports.contents import Contents
from reports.page import curves
from reports.page.grid import Axes, Floats, Laid, latest_rows
from reports.page.packed import Scale, pack_columns, scale_of
from reports.tree import Tree
from reports.trends import NO_SPECIAL_CAUSE

# One letter an area and indicator; a dot where there is none.
SIGNIFICANCES = {"b": "better", "w": "worse", "h": "higher", "l": "lower", "s": "similar", "n": "not tested"}
ALPHABET = string.ascii_letters + string.digits  # a letter for each way in which a series may move
FEWEST_ON_A_SPINE = 3  # areas
PUBLISHED = Claim(mode="rightcare", comparator="best_5")


class Columns:
    """The tables of a pack laid out by indicator and area, handed out an indicator at a time."""

    def __init__(self, contents: Contents, axes: Axes) -> None:
        rows, self.axes = latest_rows(contents), axes
        now, series = axes.latest(rows), axes.series(contents.comparison)
        names = ("numerator", "denominator", "expected", "value", "lower_95", "upper_95", "comparator_value",
                 "funnel_target", *curves.LIMITS)  # fmt: skip
        self.now = {name: now[name] for name in names}
        self.period = _period_places(rows, axes)
        self.series = {name: series[name] for name in ("value", "comparator_value")}
        self.hidden = (
            _hidden(now, series, self.period, axes) if "suppressed" in rows else [{}] * len(self.period)
        )
        said = list(SIGNIFICANCES.values())
        self.marks = {"significance": now.words("significance", said)}
        self.marks["rightcare"] = now.words("significance_rightcare", said)
        self.kinds = _same_kind(Tree(contents), axes)
        self.worth = _worth(contents, axes)
        self.units = _units(contents)
        self.moves = _moves(contents.trend, axes)
        self.notes: list[str] = []  # sentences that indicators share
        self.counts: list[list[float | int | None]] = []  # columns of counts that indicators share

    def of(self, number: int, *, price: bool) -> dict[str, Any]:
        """Return the columns of one indicator."""
        now = {name: values[number] for name, values in self.now.items()}
        return {
            "period": int(self.period[number]),
            "numerator": numbers(now["numerator"]),
            "denominator": self._shared(now["denominator"]),
            "expected": self._shared(now["expected"]),
            **self._values(number, now, price),
            **{name: _letters(codes[number], "".join(SIGNIFICANCES)) for name, codes in self.marks.items()},
            "trend": _letters(self.moves["said"][number], ALPHABET),
            "withheld": self.hidden[number],
            **self._funnels(now, price),
            "unit_of_gap": self.units.get(self.axes.indicators[number], ["", ""]),
            **{
                name: numbers(values[number])
                for name, values in self.worth.items()
                if np.isfinite(values[number]).any()
            },
        }

    def _values(self, number: int, now: dict[str, Floats], price: bool) -> dict[str, Any]:
        """Return what is in the indicator's own unit: values, limits, peers, over time too, all on one scale."""
        latest = [] if self.axes.all_followed else [now["value"], now["comparator_value"]]
        limits = [now["lower_95"], now["upper_95"]]
        usual = [self.moves[name][number] for name in ("process_lower", "process_upper")]
        over_time = [list(values[number]) for values in self.series.values()]
        columns = [*limits, *usual, *over_time[0], *over_time[1], *latest]
        scale = scale_of(np.concatenate(columns), price=price)
        packed = iter(pack_columns(columns, scale, price=price))
        return {
            "scale": [scale.start, scale.decimals, scale.width],
            **{name: next(packed) for name in ("lower", "upper")},
            "usual": [next(packed) for _ in usual],
            "values": [next(packed) for _ in over_time[0]],
            "peer_values": [next(packed) for _ in over_time[1]],
            **{name: next(packed) for name, _ in zip(("value", "peers"), latest, strict=False)},
        }

    def _shared(self, values: Floats) -> int:
        """Return where a column of counts stands among those of all indicators: many share a list size."""
        if not np.isfinite(values).any():
            return -1
        return place_among(numbers(values), self.counts)

    def _funnels(self, now: dict[str, Floats], price: bool) -> dict[str, Any]:
        """Return the funnel of each kind of area, and how far outside its limits each area lies."""
        size = now["expected"] if np.isfinite(now["expected"]).any() else now["denominator"]
        beyond = np.zeros(len(self.axes.areas), dtype=np.int64)
        drawn = []
        for inside in self.kinds:
            limits = {name: now[name][inside] for name in curves.LIMITS}
            beyond[inside] = curves.outside(now["value"][inside], limits)
            drawn.append(curves.funnel(size[inside], now["funnel_target"][inside], limits))
        ends = [np.append(one.lines, one.target) for one in drawn if one is not None]
        scale = scale_of(np.concatenate([np.array([]), *ends]), price=price)
        return {
            "funnel_scale": [scale.start, scale.decimals, scale.width],
            "funnels": [one and _funnel(one, scale, price) for one in drawn],
            "spreads": [_spread(now["value"][inside], now["funnel_target"][inside]) for inside in self.kinds],
            "outside": _letters(beyond, curves.OUTSIDE),
        }


def place_among(value: Any, among: list[Any]) -> int:
    """Return where a value stands among others, at the end of which it is put if it is none of them."""
    if value not in among:
        among.append(value)
    return among.index(value)


def _funnel(drawn: curves.Funnel, scale: Scale, price: bool) -> dict[str, Any]:
    target, *lines = pack_columns([np.array([drawn.target]), *drawn.lines], scale, price=price)
    return {"across": numbers(drawn.across), "target": target, "lines": lines}


def _spread(value: Floats, centre: Floats) -> list[float | int | None] | None:
    """Average, lowest, first and third quartile and highest of areas of one kind: what a spine is drawn on."""
    known = np.isfinite(value)
    if known.sum() < FEWEST_ON_A_SPINE:
        return None
    low, quarter, three_quarters, high = np.quantile(value[known], [0.0, 0.25, 0.75, 1.0])
    average = centre[np.isfinite(centre)]
    middle = average[0] if average.size else (low + high) / 2
    return [float(f"{end:.5g}") for end in (middle, low, quarter, three_quarters, high)]


def _same_kind(tree: Tree, axes: Axes) -> list[NDArray[np.bool_]]:
    kinds = [tree.kind[area] for area in axes.areas]
    return [np.array([kind == one for kind in kinds]) for one in dict.fromkeys(kinds)]


def _period_places(rows: pd.DataFrame, axes: Axes) -> NDArray[np.int64]:
    """Place of the period that each indicator's latest figures are of."""
    own = rows.drop_duplicates("indicator").set_index("indicator")["period"]
    return np.array([axes.periods.index(own[code]) if code in own.index else -1 for code in axes.indicators])


def _hidden(now: Laid, series: Laid, period: NDArray[np.int64], axes: Axes) -> list[dict[str, list[int]]]:
    """Places of the areas that are withheld, by indicator and the period's place."""
    found: list[dict[str, list[int]]] = [{} for _ in axes.indicators]
    followed = np.array([axes.areas.index(area) for area in axes.followed], dtype=np.int64)
    before = series["suppressed"] == 1
    for indicator, place in zip(*np.nonzero(before.any(axis=2)), strict=True):
        found[indicator][str(place)] = followed[before[indicator, place]].tolist()
    for indicator, withheld in enumerate(now["suppressed"] == 1):
        if withheld.any():
            found[indicator][str(period[indicator])] = np.flatnonzero(withheld).tolist()
    return found


def _worth(contents: Contents, axes: Axes) -> dict[str, Floats]:
    """£ by the headline's claim with its interval and chance floor, by RightCare's rule, and the gap in units."""
    table, claim = contents.opportunity, headline_claim(contents)
    own, published, gross = (
        table[(table["mode"] == mode) & (table["comparator"] == comparator)]
        for mode, comparator in (
            (claim.mode, claim.comparator),
            (PUBLISHED.mode, PUBLISHED.comparator),
            ("gross", claim.comparator),
        )
    )
    made = {}
    for name, rows in (("amount", own), ("published", published)):
        laid = axes.latest(rows)
        made[name] = np.where(np.isfinite(laid["value_gbp"]), laid["value_gbp"], laid["investment_gbp"])
    laid = axes.latest(own)
    made |= {"p10": laid["p10"], "p90": laid["p90"], "floor": laid["chance_floor_gbp"]}
    made["gap"] = axes.latest(gross)["units"]
    return made


def _units(contents: Contents) -> dict[str, list[str]]:
    """Direction and unit of the gap of each indicator."""
    rows = contents.opportunity.drop_duplicates("indicator")
    return {
        str(code): [words.text(direction), words.text(unit)]
        for code, direction, unit in zip(rows["indicator"], rows["direction"], rows["unit"], strict=True)
    }


def _moves(trend: pd.DataFrame, axes: Axes) -> dict[str, Any]:
    """Usual range of each area's own series, and its recent trend and special cause in words."""
    if trend.empty:
        none = np.full((len(axes.indicators), len(axes.areas)), np.nan)
        return {"process_lower": none, "process_upper": none, "phrases": [], "said": np.full(none.shape, -1)}
    said = _move_words(trend)
    phrases, laid = sorted(set(said)), axes.latest(trend.assign(said=said))
    moves: dict[str, Any] = {name: laid[name] for name in ("process_lower", "process_upper")}
    return moves | {"phrases": phrases, "said": laid.words("said", phrases)}


def _move_words(trend: pd.DataFrame) -> "pd.Series[str]":
    """Recent trend, and the special cause where there is one."""
    recent, special = trend["recent_trend"].astype(object), trend["special_cause"].astype(object)
    recent = recent.fillna("Cannot be calculated")
    both = recent.where(
        special.fillna(NO_SPECIAL_CAUSE) == NO_SPECIAL_CAUSE, recent + "; special cause: " + special
    )
    return both if both.nunique() <= len(ALPHABET) else recent


def _letters(codes: NDArray[np.int64], letters: str) -> str:
    """Write one letter a code; a dot where there is none (-1)."""
    return "".join(np.array([*letters, "."])[codes].tolist())


def numbers(values: Floats, *, decimals: int = 0) -> list[float | int | None]:
    """Write figures as JSON numbers; None where there is none."""
    short: list[float] = np.round(values, decimals).tolist()
    return [None if value != value else int(value) if value.is_integer() else value for value in short]
