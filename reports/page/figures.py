"""The figures behind the page's interactive charts: one block of JSON, in columns, with no statistic left to do.

Areas, periods and indicators stand once, in the order in which every column has its figures. What a policy
withholds is not there: its place is empty and ``withheld`` says why. ``reports/page/scripts/data.js`` reads it.
"""

import json
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from reports import words
from reports.catalogue import about_indicators, programme_names
from reports.claims import headline_claim
from reports.contents import Contents
from reports.flags import FLAGGED_BY_CHANCE, Flags, flags
from reports.page.columns import PUBLISHED, SIGNIFICANCES, Columns, numbers, place_among
from reports.page.grid import Axes
from reports.page.league import in_order
from reports.page.markup import anchor, clean
from reports.page.notes import method_notes, quality_notes
from reports.page.packed import LETTERS
from reports.tree import Tree

NUMBERS = {int, float, type(None)}


def figures_json(contents: Contents) -> Markup:
    """Return the block as JSON that may stand inside an element; empty where nothing can be explored."""
    axes = Axes.of(contents)
    if not axes.areas or not axes.indicators:
        return Markup("")
    text = json.dumps(_clean(_figures(contents, axes)), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # so that no name can end the element


def left_out(contents: Contents) -> str:
    """Name the kinds of area that are too many to be explored one by one; empty where none are."""
    tree = Tree(contents)
    shown = {tree.kind[area] for area in Axes.of(contents).areas}
    return words.series([words.kind_name(kind, 2) for kind in tree.kinds if kind not in shown])


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
    columns = Columns(contents, axes)
    indicators = _indicators(contents, axes, columns, programmes)
    shown_kinds = [kind for kind in tree.kinds if kind in {tree.kind[area] for area in axes.areas}]
    return {
        "letters": LETTERS,
        "period": contents.period,
        "periods": list(axes.periods),
        "focus": place.get(contents.focus, -1),
        "marking": contents.marking,
        "kinds": [_kind(kind) for kind in shown_kinds],
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
    return numbers(np.array([known.get(area, np.nan) for area in axes.areas]), decimals=1)


def _indicators(
    contents: Contents, axes: Axes, columns: Columns, programmes: "pd.Series[str]"
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
                    place_among(note, columns.notes) for note in (*notes[code], *method_notes(about, known))
                ],
                "flags": [_flags(of_kind.get(code)) for of_kind in counted],
                **columns.of(number, price=words.text(about["unit"]).startswith("£")),
            }
        )
    return made


def _flags(counted: Flags | None) -> list[float | None] | None:
    """Areas, flagged in the bad direction (above), in the other, how many chance would flag in one, and tested."""
    if counted is None:
        return None
    expected = None if words.is_missing(counted.expected) else round(counted.expected, 3)
    return [counted.areas, counted.flagged, counted.other, expected, counted.tested]
