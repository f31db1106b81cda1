"""Every line of the speed suite: our work, what it is held against, and that both give the same numbers."""

import subprocess
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist

from benchmarks.credible import opportunity_draws
from benchmarks.funnel import significance
from benchmarks.intervals import rate_interval
from benchmarks.peers import NHSE_2021, find_peers, standardised
from benchmarks.standardise import EUROPEAN_STANDARD_2013, direct
from tests.performance import files
from tests.performance.inputs import PRACTICES, SEED, YEARS, area_rows, england
from tests.performance.pair import Line, Pair
from tests.performance.plain import compare_plainly
from variation.comparison.compare import compare
from variation.figures.panel import build_panel
from variation.opportunity.sizing_run import SizingRun
from variation.settings import ComparisonSettings, Settings, Tables

ROOT = Path(__file__).parents[2]


def _close(ours: Any, theirs: Any, rtol: float = 1e-9) -> None:
    np.testing.assert_allclose(
        np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), rtol=rtol, atol=1e-12
    )


def _counts(rows: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(SEED)
    return random.poisson(40, rows).astype(float), random.integers(500, 9_000, rows).astype(float)


# Rows that a peer is given: it takes a second and more for a few thousand.
OF_PEER = 2_000


def rates(rows: int) -> Pair:
    x, n = _counts(rows)
    frame = pd.DataFrame({"area": np.arange(rows), "x": x, "n": n}).head(OF_PEER)

    def peer() -> pd.DataFrame:
        from PHStatsMethods import ph_rate

        return ph_rate(frame, "x", "n", confidence=[0.95, 0.998], multiplier=1)

    def same(ours: Any, theirs: pd.DataFrame) -> None:
        few = slice(0, len(theirs))
        for limits, name in zip(ours, ("95", "99_8"), strict=True):
            _close(limits.lower[few], theirs[f"lower_{name}_ci"])
            _close(limits.upper[few], theirs[f"upper_{name}_ci"])

    return Pair(
        ours=lambda: [rate_interval(x, n, confidence=confidence) for confidence in (0.95, 0.998)],
        rows=rows, peer=peer, peer_rows=len(frame), same=same,
    )  # fmt: skip


def ratios(rows: int) -> Pair:
    x, _ = _counts(rows)
    expected = np.random.default_rng(1).uniform(25, 60, rows)
    frame = pd.DataFrame({"x": x, "e": expected}).head(OF_PEER)
    words = {"Low (0.001)": -2, "Low (0.025)": -1, "Not significant": 0, "High (0.025)": 1, "High (0.001)": 2}

    def peer() -> pd.Series:
        from PHStatsMethods import assign_funnel_significance

        return assign_funnel_significance(frame, "x", "ratio", "e")["significance"]

    def same(ours: np.ndarray, theirs: pd.Series) -> None:
        np.testing.assert_array_equal(ours[: len(theirs)], theirs.map(words).astype(float))

    return Pair(ours=lambda: significance(x, expected), rows=rows, peer=peer, peer_rows=len(frame), same=same)


def standardised_rates(areas: int) -> Pair:
    random = np.random.default_rng(SEED)
    standard = np.array(list(EUROPEAN_STANDARD_2013.values()), dtype=float)
    count = random.poisson(8, (areas, len(standard))).astype(float)
    people = random.integers(300, 4_000, count.shape).astype(float)
    few = min(areas, 200)
    frame = pd.DataFrame(
        {
            "area": np.repeat(np.arange(few), len(standard)),
            "x": count[:few].ravel(),
            "n": people[:few].ravel(),
            "standard": np.tile(standard, few),
        }
    )

    def peer() -> pd.DataFrame:
        from PHStatsMethods import ph_dsr

        return ph_dsr(frame, "x", "n", "standard", "area", euro_standard_pops=False, multiplier=1)

    def same(ours: Any, theirs: pd.DataFrame) -> None:
        for values, name in ((ours.value, "Value"), (ours.lower, "lower_95_ci"), (ours.upper, "upper_95_ci")):
            _close(values[:few], theirs[name])

    return Pair(ours=lambda: direct(count, people, standard), rows=areas, peer=peer, peer_rows=few, same=same)


def peers(areas: int) -> Pair:
    places = area_rows(areas, np.random.default_rng(SEED))
    features = places[places["kind"] == "practice"].set_index("area")[list(NHSE_2021)].astype(float)
    few = min(areas, 500)

    def peer() -> np.ndarray:
        scores, weights = standardised(features.to_numpy()), list(NHSE_2021.values())
        found = np.empty((few, 10), dtype=int)
        for place in range(few):
            distance = cdist(scores[[place]], scores, "sqeuclidean", w=weights)[0]
            distance[place] = np.inf
            found[place] = np.argsort(distance, kind="stable")[:10]
        return found

    return Pair(
        ours=lambda: find_peers(features).positions, rows=areas, peer=peer, peer_rows=few,
        same=lambda ours, theirs: np.testing.assert_array_equal(ours[:few], theirs),
    )  # fmt: skip


def comparison(indicators: int, *, practices: int = PRACTICES, periods: int = YEARS) -> Pair:
    world = england(practices=practices, indicators=indicators, periods=periods)
    chosen = world.catalogue["indicator"].head(len(set(world.catalogue["kind"])))
    period = world.indicators["period"].iloc[0]
    few = world.indicators[
        world.indicators["indicator"].isin(chosen) & (world.indicators["period"] == period)
    ]
    few = few[few["indicator"] != chosen.iloc[2]]  # one rate is enough

    def ours() -> pd.DataFrame:
        panel = build_panel(world.indicators, world.catalogue, world.tree)
        return compare(panel, world.peerings(), ComparisonSettings()).comparison

    def peer() -> pd.DataFrame:
        return compare_plainly(few, world.catalogue, world.peerings()["practice"].peers)

    def same(found: pd.DataFrame, theirs: pd.DataFrame) -> None:
        keys = ["indicator", "period", "area"]
        own = found[found["indicator"].isin(chosen) & (found["period"] == period)].set_index(keys)
        own = own.loc[pd.MultiIndex.from_frame(theirs[keys])]
        for name in ("value", "lower_95", "upper_95", "comparator_value", "best_5_value"):
            _close(own[name], theirs[name], rtol=1e-7)

    return Pair(ours=ours, rows=len(world.indicators), peer=peer, peer_rows=len(few), same=same)


def months(periods: int) -> Pair:
    """A tenth of England's indicators, month by month."""
    return comparison(20, periods=periods)


def draws_of_dorset(indicators: int) -> Pair:
    random = np.random.default_rng(SEED)
    people = np.clip(random.lognormal(8.85, 0.55, 98), 900, 40_000)
    expected = people[None, :] * random.uniform(0.005, 0.1, (indicators, 1))
    observed = random.poisson(expected * random.gamma(50, 1 / 50, expected.shape)).astype(float)
    groups = np.array([[(area + step) % 98 for step in range(1, 11)] for area in range(98)])

    def ours() -> float:
        drawn = [
            opportunity_draws(x, e, groups, comparator="peer_mean", draws=1_000, seed=number)
            for number, (x, e) in enumerate(zip(observed, expected, strict=True))
        ]
        return float(sum(one.sum() for one in drawn))

    return Pair(ours=ours, rows=indicators * 98)


def sizing(indicators: int, *, draws: int = 1_000) -> Pair:
    """The whole opportunity: draws against both comparators, simple rules, chance floors, sums up the tree."""
    world = england(indicators=indicators, periods=1)
    panel, peerings = build_panel(world.indicators, world.catalogue, world.tree), world.peerings()
    settings = Settings(title="", tables=Tables(indicators="-", areas="-", catalogue="-"))
    settings = settings.model_copy(
        update={"opportunity": settings.opportunity.model_copy(update={"draws": draws})}
    )
    return Pair(ours=lambda: SizingRun(panel, peerings, settings).finished(), rows=len(world.indicators))


def more_draws(draws: int) -> Pair:
    """The opportunity of four indicators of England with more and more draws: what memory does."""
    return sizing(4, draws=draws)


def demo(_: int) -> Pair:
    def ours() -> None:
        with TemporaryDirectory() as folder:
            _run_python("-m", "variation", "demo", "--quiet", "--out", str(Path(folder) / "pack"))

    return Pair(ours=ours, rows=1)


def help_page(_: int) -> Pair:
    return Pair(
        ours=lambda: _run_python("-m", "variation", "--help"), rows=1,
        peer=lambda: _run_python("-c", "pass"), peer_rows=1,
    )  # fmt: skip


def bare_import(_: int) -> Pair:
    return Pair(
        ours=lambda: _run_python("-c", "import variation"), rows=1,
        peer=lambda: _run_python("-c", "pass"), peer_rows=1,
    )  # fmt: skip


def _run_python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)


ENGLAND = PRACTICES * 200 * YEARS

LINES = {
    "rates": Line(
        title="rates with 95 % and 99.8 % limits", unit="rows", make=rates, quick=lambda: rates(100_000),
        sizes=(ENGLAND, ENGLAND // 4, ENGLAND // 16, ENGLAND // 64, ENGLAND // 256),
        against="PHStatsMethods ph_rate, 2,000 rows", budget="1.5 s, 1,000 times PHStatsMethods",
        bound="memory: each step of Byar's formula is a pass over 52 MB",
    ),
    "significance": Line(
        title="significance of ratios", unit="rows", make=ratios, quick=lambda: ratios(100_000),
        sizes=(ENGLAND, ENGLAND // 4, ENGLAND // 16, ENGLAND // 64, ENGLAND // 256),
        against="PHStatsMethods assign_funnel_significance, 2,000 rows", budget="3 s",
        bound="memory, as above",
    ),
    "standardised": Line(
        title="directly standardised rates, 19 bands", unit="areas", make=standardised_rates,
        quick=lambda: standardised_rates(10_000),
        sizes=(130_000, 65_000, 32_500, 16_250, 8_125),
        against="PHStatsMethods ph_dsr, 200 areas", budget="0.5 s",
        bound="memory: three passes over 20 MB",
    ),
    "peers": Line(
        title="ten most similar areas of each", unit="areas", make=peers, quick=lambda: peers(1_500),
        sizes=(PRACTICES, 4_000, 2_500, 1_500, 1_000), against="scipy cdist and numpy argsort, 500 areas",
        bound="visits of the tree of points in eleven dimensions",
    ),
    "comparison": Line(
        title="full comparison of England, 5 years", unit="rows", make=comparison,
        quick=lambda: comparison(5, practices=1_000),
        sizes=(200, 100, 50, 25, 12), against="plain pandas groupby-apply, 4 groups", budget="10 s, under 4 GB",
        repeats=1, bound="in the blocks, passes over what lies in cache (half of it), the gamma fit"
        " (a sixth) and the extreme quotients by chance (a sixth) of each group; beside them thirteen searches for"
        " neighbours, to tell how good the peers are, and memory touched for the first time: 2 GB of result",
    ),
    "months": Line(
        title="comparison of 20 indicators over 60 months", unit="rows", make=months,
        sizes=(60,), against="plain pandas groupby-apply, 4 groups", repeats=1, bound="as above",
    ),
    "dorset": Line(
        title="credible opportunity, 98 practices, 1,000 draws", unit="indicator x practice",
        make=draws_of_dorset, sizes=(60, 45, 30, 20, 10), budget="1 s",
        bound="gamma draws (22 ns each), and the likelihood on three grids of 32",
    ),
    "sizing": Line(
        title="opportunity of England, 1,000 draws", unit="indicator x practice", make=sizing,
        sizes=(200, 100, 50, 25, 12), budget="120 s", repeats=1,
        bound="1.3 billion gamma draws: 29 processor seconds at 22 ns, 52 at the 40 ns that one takes on a busy"
        " machine; as much for means over ten peers in each draw and for the best five of those that count; then the"
        " likelihood on its grids for the draws, for reliability and for the floors of chance",
    ),
    "draws": Line(
        title="opportunity of 4 indicators of England by draws", unit="draws", make=more_draws,
        sizes=(4_000, 2_000, 1_000, 500, 250), budget="memory flat", repeats=1,
        bound="the draws of the indicators at work are held until they are put in order",
    ),
    "fingertips": Line(
        title="Fingertips CSV into the indicator table", unit="rows", make=files.fingertips,
        sizes=(1_000_000, 500_000, 250_000, 125_000, 62_500), against="bare pyarrow CSV read",
        quick=lambda: files.fingertips(100_000),
        budget="1.5 times a bare read (ratio 0.67)", bound="the read of 27 columns, of which ours reads 14",
    ),
    "tidy": Line(
        title="tidy CSV into the indicator table", unit="rows", make=files.tidy,
        sizes=(6_500_000,), against="bare pyarrow CSV read",
        bound="the read, and the numbering of texts",
    ),
    "workbook": Line(
        title="workbook", unit="cells", make=files.workbook, sizes=(1_000_000, 500_000, 250_000, 125_000, 62_500),
        against="bare openpyxl, write-only", quick=lambda: files.workbook(40_000),
        budget="1.2 times openpyxl (ratio 0.83)", repeats=1,
        bound="XML of each cell, and its compression",
    ),
    "pictures": Line(
        title="pictures of the example, two processes", unit="pictures", make=files.pictures, sizes=(2,),
        budget="25 a second", repeats=2, bound="matplotlib's drawing of text and marks",
    ),
    "packs": Line(
        title="a page, booklet, workbook and pictures for each practice, two processes", unit="packs",
        make=files.area_packs, sizes=(98,), budget="60 s", repeats=1,
        bound="drawing of pictures, XML of sheets, and the start of two processes",
    ),
    "demo": Line(
        title="variation demo, cold", unit="packs", make=demo, sizes=(1,), budget="20 s", repeats=1,
        bound="35 processor seconds, of two processors nearly always both: 9 for pictures, 5 for the workbook, 5 for"
        " page and booklet, 5 for sizing and comparing, 4 for tables, totals and hashes, 4 for imports, twice, and 3"
        " for the example and reading it. With one process (`--workers 1`) it takes 29 s",
    ),
    "help": Line(
        title="variation --help", unit="calls", make=help_page, sizes=(1,), against="bare Python",
        budget="0.2 s more than bare Python", repeats=5, bound="import of click",
    ),
    "import": Line(
        title="import variation", unit="calls", make=bare_import, sizes=(1,), against="bare Python",
        budget="0.25 s", repeats=5, bound="start of Python",
    ),
}  # fmt: skip


def quiet() -> None:
    """Keep what other packages warn of out of the table."""
    warnings.simplefilter("ignore")
