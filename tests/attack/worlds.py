"""Random areas with small counts, made into a panel by the toolkit's own reader of tables."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from tests.attack.bounds import Key, Published
from tests.attack.scoring import Truth
from variation.areas.tree import area_tree
from variation.disclosure.protect import protect
from variation.figures.panel import Panel, build_panel
from variation.policies import Policy


@dataclass(frozen=True, kw_only=True)
class World:
    """Areas, and counts of one indicator or a few in them."""

    areas: pd.DataFrame
    indicators: pd.DataFrame
    catalogue: pd.DataFrame
    sums: dict[Key, list[Key]] = field(default_factory=dict)  # what is the sum of what, as a reader can see

    @property
    def parent(self) -> dict[str, str]:
        """The area that each area is part of."""
        inside = self.areas.dropna(subset="parent")
        return dict(zip(inside["area"], inside["parent"], strict=True))

    @property
    def panel(self) -> Panel:
        """Counts rolled up the tree."""
        return build_panel(self.indicators, self.catalogue, area_tree(self.areas))


def random_world(seed: int) -> World:
    """Draw a tree of two to four levels and one count per finest area: many small, some 0, some nearly everyone."""
    draw = np.random.default_rng(seed)
    areas = _random_tree(draw)
    kind = str(draw.choice(["proportion", "rate"]))
    return World(
        areas=areas,
        indicators=_filled(_counts(draw, areas, "I", "2016/17")),
        catalogue=catalogue({"I": kind}),
    )


def pooled_world(seed: int) -> World:
    """Draw counts of three years, and the three years pooled."""
    draw = np.random.default_rng(seed)
    areas = _random_tree(draw)
    years = [_counts(draw, areas, "I", year) for year in ("2014/15", "2015/16", "2016/17")]
    pooled = (
        pd.concat(years).groupby(["indicator", "area"], as_index=False)[["numerator", "denominator"]].sum()
    )
    pooled["period"] = "2014/15 to 2016/17"
    return World(
        areas=areas,
        indicators=_filled(pd.concat([*years, pooled], ignore_index=True)),
        catalogue=catalogue({"I": "rate"}),
        sums={("I", "2014/15 to 2016/17"): [("I", year["period"].iloc[0]) for year in years]},
    )


def parts_world(seed: int) -> World:
    """Draw two indicators and the one that is their sum, as the catalogue says."""
    draw = np.random.default_rng(seed)
    areas = _random_tree(draw)
    parts = [_counts(draw, areas, name, "2016/17") for name in ("A", "B")]
    whole = parts[0].assign(indicator="W", numerator=parts[0]["numerator"] + parts[1]["numerator"])
    return World(
        areas=areas,
        indicators=_filled(pd.concat([*parts, whole], ignore_index=True)),
        catalogue=catalogue({"A": "rate", "B": "rate", "W": "rate"}, part_of=["W", "W", None]),
        sums={("W", "2016/17"): [("A", "2016/17"), ("B", "2016/17")]},
    )


def _counts(draw: np.random.Generator, areas: pd.DataFrame, indicator: str, period: str) -> pd.DataFrame:
    finest = areas.loc[~areas["area"].isin(areas["parent"].dropna()), "area"].to_numpy()
    people = draw.integers(3, 400, len(finest))
    share = draw.choice([0.01, 0.05, 0.5, 0.97], len(finest), p=[0.5, 0.25, 0.15, 0.1])
    return pd.DataFrame(
        {
            "indicator": indicator,
            "period": period,
            "area": finest,
            "numerator": draw.binomial(people, share).astype(float),
            "denominator": people.astype(float),
        }
    )


def _random_tree(draw: np.random.Generator) -> pd.DataFrame:
    level, rows = ["T"], [("T", "level 0", None)]
    for depth in range(1, int(draw.integers(2, 5))):
        below = []
        for area in level:
            for number in range(int(draw.integers(1, 6))):
                below.append(f"{area}{number}")
                rows.append((below[-1], f"level {depth}", area))
        level = below
    return pd.DataFrame(rows, columns=["area", "kind", "parent"]).assign(name=lambda table: table["area"])


def catalogue(kinds: dict[str, str], **more: object) -> pd.DataFrame:
    """Make a catalogue of indicators by their kind."""
    names = ["unit_cost", "cost_per_event", "cost_cv", "target"]
    table = pd.DataFrame({"indicator": list(kinds), "kind": list(kinds.values()), "name": list(kinds)})
    return table.assign(
        multiplier=100.0, polarity="low", standardise="none", **dict.fromkeys(names, np.nan), **more
    )


def _filled(indicators: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that reading adds."""
    empty = ["value", "lower_95", "upper_95", "standard_deviation", "expected"]
    return indicators.assign(sex="", age_band="", **dict.fromkeys(empty, np.nan))


def published(world: World, policy: Policy) -> Published:
    """What a pack would show of each indicator and period, after disclosure control."""
    panel = world.panel
    protected = protect(panel, policy)
    shown, tables = protected.panel, {}
    for row, (indicator, period) in enumerate(shown.groups[["indicator", "period"]].to_numpy()):
        table = pd.DataFrame(
            {
                "area": shown.tree.codes,
                "numerator": np.where(protected.withheld[row], np.nan, shown.numerator[row]),
                "denominator": np.where(protected.people_withheld[row], np.nan, shown.denominator[row]),
                "suppressed": protected.withheld[row],
            }
        )
        tables[str(indicator), str(period)] = table[~np.isnan(panel.numerator[row])].reset_index(drop=True)
    proportions = world.catalogue.loc[world.catalogue["kind"] == "proportion", "indicator"]
    return Published(
        tables=tables,
        parent=world.parent,
        policy=policy.name,
        proportions=frozenset(key for key in tables if key[0] in set(proportions)),
        sums=world.sums,
    )


def truth(panel: Panel) -> Truth:
    """Return the counts as they are, by indicator and period."""
    return {
        (str(indicator), str(period)): pd.Series(panel.numerator[row], index=panel.tree.codes)
        for row, (indicator, period) in enumerate(panel.groups[["indicator", "period"]].to_numpy())
    }


def england(*, indicators: int, practices: int = 6500) -> Panel:
    """Draw a panel of the size of England: practices in networks, places, systems and the whole."""
    draw = np.random.default_rng(2018)
    levels = [("E", 1), ("icb", 42), ("place", 106), ("network", 1250), ("practice", practices)]
    rows = [pd.DataFrame({"area": ["E"], "kind": "country", "parent": [None]})]
    for (_, above), (kind, number) in pairwise(levels):
        parents = rows[-1]["area"].to_numpy()[np.arange(number) * above // number]
        codes = [f"{kind}{place:05d}" for place in range(number)]
        rows.append(pd.DataFrame({"area": codes, "kind": kind, "parent": parents}))
    tree = area_tree(pd.concat(rows, ignore_index=True).assign(name=lambda table: table["area"]))
    names = [f"I{place:03d}" for place in range(indicators)]
    finest = tree.of_kind("practice")
    people = np.full((indicators, len(tree)), np.nan)
    people[:, finest] = draw.lognormal(8.9, 0.6, practices).round()[None, :]
    rate = draw.lognormal(-6, 1.5, indicators)[:, None]
    counts = np.full(people.shape, np.nan)
    counts[:, finest] = draw.poisson(people[:, finest] * rate)
    given = ~np.isnan(people)
    empty = np.full(people.shape, np.nan)
    return Panel(
        tree=tree,
        groups=catalogue(dict.fromkeys(names, "rate")).assign(period="2016/17", finest="practice"),
        numerator=tree.roll_up(counts, given=given),
        denominator=tree.roll_up(people, given=given),
        withheld=np.zeros(people.shape, dtype=bool),
        **dict.fromkeys(("expected", "squares", "value", "lower_95", "upper_95"), empty),
    )
