"""The pack's contents that the writers are tested on."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reports.area_pack import AreaContents
from reports.contents import Contents
from reports.pack_rows import latest, league
from reports.picture import Picture
from reports.tree import finest_kind, parent_kind
from tests.attack.example import few_indicators
from tests.conftest import require
from variation import analyse, read_inputs
from variation.analysis import Analysis
from variation.packs.area_tables import AreaTables, write_area_tables
from variation.packs.pack import contents_of

Opened = Callable[..., Any]  # opens a page: path, width=, fragment=, and a browser context's options


@pytest.fixture(scope="session")
def contents(example_analysis: Analysis) -> Contents:
    """The built-in example's pack."""
    return contents_of(example_analysis)


@pytest.fixture(scope="session")
def few(contents: Contents) -> Contents:
    """A pack of two areas of a middle kind and what is in them, six indicators, the latest period.

    It is small, so that every test may write it; its own area is made the sum of the two.
    """
    catalogue = contents.catalogue.drop_duplicates(["polarity", "unit"]).head(6).reset_index(drop=True)
    groups = contents.areas.loc[
        contents.areas["kind"] == parent_kind(contents.areas, finest_kind(contents.areas)), "area"
    ].tolist()[:2]
    whole, within = contents.areas["area"] == contents.focus, contents.areas["parent"].isin(groups)
    areas = contents.areas[whole | within | contents.areas["area"].isin(groups)].reset_index(drop=True)
    areas.loc[areas["area"].isin(groups), "parent"] = contents.focus

    def here(table: pd.DataFrame) -> pd.DataFrame:
        kept = table["area"].isin(areas["area"])
        if "indicator" in table:
            kept &= table["indicator"].isin(catalogue["indicator"])
        return table[kept].reset_index(drop=True)

    opportunity = here(contents.opportunity)
    key = ["indicator", "mode", "comparator"]
    sums = ["units", "value_gbp", "investment_gbp", "chance_floor_gbp"]
    parts = opportunity[opportunity["area"].isin(groups)].groupby(key)[sums].sum(min_count=1)
    own = opportunity[opportunity["area"] == contents.focus].drop(columns=sums).join(parts, on=key)
    rest = opportunity[opportunity["area"] != contents.focus]
    return replace(
        contents,
        catalogue=catalogue,
        areas=areas,
        comparison=here(latest(contents.comparison, contents.period)),
        variation=contents.variation[contents.variation["indicator"].isin(catalogue["indicator"])],
        peers=here(contents.peers),
        peer_fit=here(contents.peer_fit),
        opportunity=pd.concat([own[opportunity.columns], rest], ignore_index=True),
        finance=None,  # its sheets are of the whole: they have tests of their own
    )


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path, for tests that need a browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    require(found is not None, "Chromium (chromium)")
    require(find_spec("playwright") is not None, "Playwright (pip install playwright)")
    return str(found)


@pytest.fixture(scope="session")
def pictures(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> tuple[Picture, ...]:
    """A picture of each kind that the page shows, drawn by hand: two indicators, a locality, the whole."""
    folder = tmp_path_factory.mktemp("pictures")
    largest = league(contents)["indicator"].head(2).tolist()
    group = contents.areas.loc[contents.areas["kind"] == "locality", "area"].iloc[0]
    of = [("opportunity", "", ""), ("plan", "", ""), ("spine", "", group)]
    of += [(kind, code, "") for code in largest for kind in ("funnel", "caterpillar")]
    drawn = []
    for kind, code, area in of:
        name = "-".join(part for part in (kind, code, area) if part)
        title = f"{kind.capitalize()} of {code or area or 'the whole'}"
        (folder / f"{name}.svg").write_text(
            '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 576 320"><g id="g1">'
            '<path id="p" d="M 0.123 1.987 L 10.04 20"/><text x="9" y="99.99">1.257 "£" 100% #1</text></g></svg>',
            encoding="utf-8",
        )
        drawn.append(
            Picture(
                id=name,
                kind=kind,
                indicator=code,
                area=area,
                title=title,
                alt=f'{title}. 3 of 98 lie outside the "limits" & beyond.',
                file=f"{name}.svg",
                png="",
                source="",
                folder=folder,
            )
        )
    return tuple(drawn)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Opened]:
    """Open a page in a window of its own; at the end no error and no request may have been seen."""
    contexts, errors, requests = [], [], []

    def open_page(path: Path, *, width: int = 1280, fragment: str = "", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri() + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors
    assert {url.split(":")[0] for url in requests} <= {"file", "data", "blob"}
    assert len([url for url in requests if url.startswith("file:")]) == len(contexts)


@pytest.fixture(scope="session")
def axe(chromium: str) -> str:
    """The accessibility checker's own script."""
    from axe_playwright_python import base

    return (Path(base.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def tables(example_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> AreaTables:
    """What packs of single areas are made from, of eight indicators."""
    names = ("ambulatory_care_admissions", "diabetes_admissions", "mental_health_prescribing_spend", "hypnotics",
             "length_of_stay", "cancer_spend", "staff_aged_55", "depression_prevalence")  # fmt: skip
    inputs = few_indicators(read_inputs(example_folder / "analysis.toml"), names)
    folder = tmp_path_factory.mktemp("tables")
    write_area_tables(contents_of(analyse(inputs)), folder)
    return AreaTables(folder)


@pytest.fixture
def practice(tables: AreaTables) -> AreaContents:
    """A practice's contents."""
    return tables.of("SYN001", packs={}, main="../../index.html")


@pytest.fixture
def locality(tables: AreaTables) -> AreaContents:
    """A locality's contents, whose practices have packs of their own."""
    packs = {code: f"../{code}/index.html" for code in tables.base.areas["area"]}
    return tables.of("L04", packs=packs, main="../../index.html")
