"""Seeded inputs of any size: England's practices, networks and boards, with counts of every kind of indicator."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from variation.areas.tree import AreaTree, area_tree
from variation.checks.tables import check_areas, check_catalogue, check_indicators
from variation.comparison.peering import Peerings, choose_peers
from variation.tables import AREAS, CATALOGUE, INDICATORS, Table

# England: practices, five to a primary care network, some thirty networks to a board.
PRACTICES, INDICATORS_OF_ENGLAND, YEARS = 6_500, 200, 5
PRACTICES_A_NETWORK, NETWORKS_A_BOARD = 5, 30
KINDS = ("rate", "proportion", "rate", "spend", "mean")
SEED = 20170331

# Relative variance of the true rates between practices.
BETWEEN = 0.02
# Spend: mean cost of an item in £, and standard deviation over mean.
COST, COST_CV = 80.0, 1.2


@dataclass(frozen=True)
class Checked:
    """Checked input tables, as a run has them after reading."""

    indicators: pd.DataFrame
    catalogue: pd.DataFrame
    tree: AreaTree

    def peerings(self) -> Peerings:
        """Similar practices; everyone of a kind above them."""
        return choose_peers(self.tree, {}, seed=SEED, findings=[])


def area_rows(practices: int, random: np.random.Generator) -> pd.DataFrame:
    """Practices with the features of NHS England's similar ten, and the areas above them."""
    networks = max(2, practices // PRACTICES_A_NETWORK)
    boards = max(2, networks // NETWORKS_A_BOARD)
    practice, network, board = (
        np.char.add(letter, np.char.zfill(np.arange(number).astype(str), 5))
        for letter, number in (("P", practices), ("U", networks), ("Q", boards))
    )
    shares = {"aged_18_39": 28, "aged_65_84": 15, "aged_85_plus": 2.5, "white_other": 4, "mixed": 2,
              "asian": 7, "black": 4, "other_ethnic": 2}  # fmt: skip
    finest = {
        "area": practice,
        "kind": "practice",
        "parent": network[np.arange(practices) % networks],
        "population": np.clip(random.lognormal(9.05, 0.55, practices), 800, 60_000).round(),
        "imd": random.gamma(4, 5.5, practices),
        "rural": 100 * random.beta(0.4, 1.2, practices),
        **{name: random.gamma(mean, 1, practices) for name, mean in shares.items()},
    }
    above = [
        pd.DataFrame({"area": network, "kind": "network", "parent": board[np.arange(networks) % boards]}),
        pd.DataFrame({"area": board, "kind": "board", "parent": "ENG"}),
        pd.DataFrame({"area": ["ENG"], "kind": ["nation"], "parent": [""]}),
    ]
    return pd.concat([pd.DataFrame(finest), *above], ignore_index=True)


def catalogue_rows(indicators: int) -> pd.DataFrame:
    """Rates, proportions, spend and means in turn; every seventh is better high."""
    number = np.arange(indicators)
    kind = np.array(KINDS)[number % len(KINDS)]
    spend = kind == "spend"
    return pd.DataFrame(
        {
            "indicator": np.char.add("I", np.char.zfill(number.astype(str), 5)),
            "name": np.char.add("Indicator ", number.astype(str)),
            "kind": kind,
            "multiplier": np.select([kind == "rate", kind == "proportion"], [1000.0, 100.0], 1.0),
            "polarity": np.where(number % 7 == 6, "high", "low"),
            "unit_cost": np.where(spend, 1.0, 500.0),
            "cost_per_event": np.where(spend, COST, np.nan),
            "cost_cv": np.where(spend, COST_CV, np.nan),
            "standardise": "none",
        }
    )


def period_names(periods: int) -> list[str]:
    """Years up to twenty, months beyond."""
    if periods <= 20:
        return [f"{2013 + year}/{(14 + year) % 100:02d}" for year in range(periods)]
    return [f"{2013 + month // 12}-{month % 12 + 1:02d}" for month in range(periods)]


def indicator_rows(
    sizes: np.ndarray, catalogue: pd.DataFrame, periods: int, random: np.random.Generator, *, first: int = 0
) -> pd.DataFrame:
    """Counts drawn around true rates that differ between practices and not over time."""
    kind = catalogue["kind"].to_numpy()
    shape = (len(catalogue), periods, len(sizes))
    level = random.uniform(0.002, 0.12, len(catalogue))[:, None, None]
    rate = level * random.gamma(1 / BETWEEN, BETWEEN, (len(catalogue), 1, len(sizes)))
    people = np.broadcast_to(sizes, shape)
    count = random.poisson(people * rate).astype(float)
    proportion, spend, mean = (kind == name for name in ("proportion", "spend", "mean"))
    count[proportion] = np.minimum(count[proportion], people[proportion])
    shape_of_cost = np.maximum(count[spend], 0.1) / COST_CV**2
    count[spend] = (random.gamma(shape_of_cost) * COST * COST_CV**2).round()
    count[mean] = (people[mean] * 100 * rate[mean]).round(2)
    indicator, period, area = (index.ravel() for index in np.indices(shape))
    names = catalogue["indicator"].to_numpy(dtype=str)
    codes = np.char.add("P", np.char.zfill(np.arange(len(sizes)).astype(str), 5))
    return pd.DataFrame(
        {
            "indicator": pd.Series(names[indicator], dtype="str"),
            "area": pd.Series(codes[area], dtype="str"),
            "period": pd.Series(np.array(period_names(first + periods))[first + period], dtype="str"),
            "numerator": count.ravel(),
            "denominator": people.ravel(),
            "standard_deviation": np.where(mean, 40.0, np.nan)[indicator],
        }
    )


def england(
    *,
    practices: int = PRACTICES,
    indicators: int = INDICATORS_OF_ENGLAND,
    periods: int = YEARS,
    seed: int = SEED,
) -> Checked:
    """Checked tables of England, or of so many practices, indicators and periods."""
    random = np.random.default_rng(seed)
    places, catalogue = area_rows(practices, random), catalogue_rows(indicators)
    sizes = places["population"].to_numpy()[:practices]
    rows = indicator_rows(sizes, catalogue, periods, random)
    findings: list = []
    known = check_catalogue(_read(catalogue, CATALOGUE), findings)
    areas = check_areas(_read(places, AREAS), findings)
    checked = check_indicators(_read(rows, INDICATORS), known, areas, findings)
    if bad := [finding for finding in findings if finding.severity != "note"]:
        raise AssertionError("\n".join(map(str, bad)))
    return Checked(checked, known, area_tree(areas))


def _read(table: pd.DataFrame, spec: Table) -> pd.DataFrame:
    """The table as reading gives it: every text missing where it is empty, and the line of each row."""
    texts = [column.name for column in spec if column.type == "text" and column.name in table]
    typed = table.astype(dict.fromkeys(texts, "str"))
    typed[texts] = typed[texts].mask(typed[texts] == "")
    return typed.assign(_file=spec.name, _line=np.arange(2, len(table) + 2))
