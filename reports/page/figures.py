"""The figures behind the page's interactive charts: one block of JSON, in columns, with no statistic left to do.

Areas, periods and indicators stand once, in the order in which every column has its figures. What a policy
withholds is not there: its place is empty and ``withheld`` says why. ``reports/page/scripts/data.js`` reads it.
"""

import json
import string
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from reports import words
from reports.catalogue import about_indicators, programme_names
from reports.claims import Claim, headline_claim
from reports.contents import Contents
from reports.headlines import Flags, flags
from reports.page import curves
from reports.page.grid import Axes, Floats, Laid, latest_rows
from reports.page.league import in_order
from reports.page.markup import anchor, clean
from reports.page.notes import method_notes, quality_notes
from reports.page.packed import LETTERS, Scale, pack, scale_of
from reports.spine_chart import FLAGGED_BY_CHANCE
from reports.tree import Tree
from reports.trends import NO_SPECIAL_CAUSE

# One letter an area and indicator; a dot where there is none.
SIGNIFICANCES = {"b": "better", "w": "worse", "h": "higher", "l": "lower", "s": "similar", "n": "not tested"}
FEWEST_ON_A_SPINE = 3  # areas
NUMBERS = {int, float, type(None)}
PUBLISHED = Claim(mode="rightcare", comparator="best_5")
ALPHABET = string.ascii_letters + string.digits  # a letter for each way in which a series may move


def figures_json(contents: Contents) -> Markup:
    """Return the block as JSON that may stand inside an element; empty where nothing can be explored."""
    axes = Axes.of(contents)
    if not axes.areas or not axes.indicators:
        return Markup("")
    text = json.dumps(_clean(_figures(contents, axes)), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # so that no name can end the element


def _clean(value: Any) -> Any:
    """Rid all words of what cannot be seen."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _clean(inside) for key, inside in value.items()}
    if isinstance(value, list) and not set(map(type, value)) <= NUMBERS:
        return [_clean(inside) for inside in value]
    return value


def _figures(contents: Contents, axes: Axes) -> dict[str, Any]:
    tree = Tree(contents)
    programmes = programme_names(contents.catalogue)
    place = {code: number for number, code in enumerate(axes.areas)}
    parents = [
        next((place[above] for above in tree.ancestors(area) if above in place), -1) for area in axes.areas
    ]
    columns = _Columns(contents, axes)
    indicators = _indicators(contents, axes, columns, programmes)
    shown_kinds = [kind for kind in tree.kinds if kind in {tree.kind[area] for area in axes.areas}]
    return {
        "letters": LETTERS,
        "period": contents.period,
        "periods": list(axes.periods),
        "focus": place.get(contents.focus, -1),
        "marking": ". ".join(part for part in (contents.banner, contents.notice) if part),
        "kinds": [_kind(kind) for kind in shown_kinds],
        "left_out": [words.kind_name(kind, 2) for kind in tree.kinds if kind not in shown_kinds],
        "areas": {
            "code": list(axes.areas),
            "name": [tree.name(area) for area in axes.areas],
            "kind": [shown_kinds.index(tree.kind[area]) for area in axes.areas],
            "parent": parents,
            "peers": _peers(contents.peers, axes),
            "fit": _fit(contents.peer_fit, axes),
        },
        "followed": [place[area] for area in axes.followed],
        "programmes": sorted(set(programmes)),
        "flagged_by_chance": FLAGGED_BY_CHANCE,
        "trends": columns.moves["phrases"],
        "significances": SIGNIFICANCES,
        "directions": {
            polarity: {said: words.direction_words(polarity, said) for said in SIGNIFICANCES.values()}
            for polarity in ("low", "high", "local")
        },
        "claims": {"headline": headline_claim(contents).label, "published": PUBLISHED.label},
        "order": [axes.indicators.index(code) for code in in_order(contents)],
        "counts": columns.counts,
        "notes": columns.notes,
        "indicators": indicators,
    }


def _kind(kind: str) -> dict[str, str]:
    return {"code": kind, "one": words.kind_name(kind), "many": words.kind_name(kind, 2)}


def _peers(peers: pd.DataFrame, axes: Axes) -> list[list[int]]:
    """Places of the peers of each area, the most similar first."""
    place = {code: number for number, code in enumerate(axes.areas)}
    rows = peers[peers["area"].isin(place) & peers["peer"].isin(place)].sort_values(["area", "rank"])
    found: dict[str, list[int]] = {}
    for area, peer in zip(rows["area"], rows["peer"], strict=True):
        found.setdefault(str(area), []).append(place[str(peer)])
    return [found.get(area, []) for area in axes.areas]


def _fit(fit: pd.DataFrame, axes: Axes) -> list[float | None]:
    """Mean distance of each area to its peers, as a percentile of all pairs."""
    known = dict(zip(fit["area"], fit["fit"].astype(float), strict=True))
    return _numbers(np.array([known.get(area, np.nan) for area in axes.areas]), decimals=1)


def _indicators(
    contents: Contents, axes: Axes, columns: "_Columns", programmes: "pd.Series[str]"
) -> list[dict[str, Any]]:
    """Return what is known of each indicator: words, then columns with a figure an area."""
    catalogue, notes = about_indicators(contents.catalogue), quality_notes(contents)
    known = {method.name for method in contents.methods}
    names = sorted(set(programmes))
    counted = [
        flags(contents, kind) for kind in dict.fromkeys(Tree(contents).kind[area] for area in axes.areas)
    ]
    made = []
    for number, code in enumerate(axes.indicators):
        about = catalogue[code]
        made.append(
            {
                "code": code,
                "anchor": anchor("indicator", code),
                "name": words.text(about["name"], code),
                "programme": names.index(programmes[code]),
                "unit": words.text(about["unit"]),
                "polarity": words.text(about["polarity"], "local"),
                "kind": words.text(about.get("kind")),
                "counts": words.text(about.get("counts")),
                "notes": [
                    _place(note, columns.notes) for note in (*notes[code], *method_notes(about, known))
                ],
                "flags": [_flags(of_kind.get(code)) for of_kind in counted],
                **columns.of(number, price=words.text(about["unit"]).startswith("£")),
            }
        )
    return made


def _flags(counted: Flags | None) -> list[float | None] | None:
    """Areas, flagged in the bad direction (above), in the other, and how many chance would flag in one."""
    if counted is None:
        return None
    expected = None if words.is_missing(counted.expected) else round(counted.expected, 3)
    return [counted.areas, counted.flagged, counted.other, expected]


class _Columns:
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
        drawn = [now[name] for name in ("value", "lower_95", "upper_95", "comparator_value")]
        drawn += [values[number].ravel() for values in self.series.values()]
        drawn += [self.moves[name][number] for name in ("process_lower", "process_upper")]
        scale = scale_of(np.concatenate(drawn), price=price)

        def packed(values: Floats) -> str:
            return pack(values, scale, price=price)

        latest = {"value": packed(now["value"]), "peers": packed(now["comparator_value"])}
        return {
            "period": int(self.period[number]),
            "scale": [scale.start, scale.decimals, scale.width],
            "numerator": _numbers(now["numerator"]),
            "denominator": self._shared(now["denominator"]),
            "expected": self._shared(now["expected"]),
            "lower": packed(now["lower_95"]),
            "upper": packed(now["upper_95"]),
            **({} if self.axes.all_followed else latest),
            "values": [packed(values) for values in self.series["value"][number]],
            "peer_values": [packed(values) for values in self.series["comparator_value"][number]],
            "usual": [packed(self.moves[name][number]) for name in ("process_lower", "process_upper")],
            **{name: _letters(codes[number], "".join(SIGNIFICANCES)) for name, codes in self.marks.items()},
            "trend": _letters(self.moves["said"][number], ALPHABET),
            "withheld": self.hidden[number],
            **self._funnels(now, price),
            "unit_of_gap": self.units.get(self.axes.indicators[number], ["", ""]),
            **{
                name: _numbers(values[number])
                for name, values in self.worth.items()
                if np.isfinite(values[number]).any()
            },
        }

    def _shared(self, values: Floats) -> int:
        """Return where a column of counts stands among those of all indicators: many share a list size."""
        if not np.isfinite(values).any():
            return -1
        return _place(_numbers(values), self.counts)

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


def _place(value: Any, among: list[Any]) -> int:
    """Return where a value stands among others, at the end of which it is put if it is none of them."""
    if value not in among:
        among.append(value)
    return among.index(value)


def _funnel(drawn: curves.Funnel, scale: Scale, price: bool) -> dict[str, Any]:
    return {
        "across": _numbers(drawn.across),
        "target": pack(np.array([drawn.target]), scale, price=price),
        "lines": [pack(line, scale, price=price) for line in drawn.lines],
    }


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


def _numbers(values: Floats, *, decimals: int = 0) -> list[float | int | None]:
    """Write figures as JSON numbers; None where there is none."""
    short: list[float] = np.round(values, decimals).tolist()
    return [None if value != value else int(value) if value.is_integer() else value for value in short]
