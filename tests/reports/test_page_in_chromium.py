"""The page in a browser: it sorts, filters, downloads and chooses, asks nothing of a network, and fits."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.contents import Contents
from reports.pack_rows import league
from reports.page import write_page
from reports.picture import Picture
from tests.reports.conftest import Opened

pytestmark = pytest.mark.system

HEADLINE = "Credible, mean of peers"


@pytest.fixture(scope="module")
def path(contents: Contents, pictures: tuple[Picture, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole pack's page."""
    path = tmp_path_factory.mktemp("pack") / "index.html"
    write_page(contents, pictures, path)
    return path


def column(page: Any, identity: str, number: int) -> list[str]:
    """The words of one column of the rows in sight."""
    return page.eval_on_selector_all(
        f"#{identity} tbody tr:not(.out)", f"rows => rows.map(row => row.cells[{number}].textContent)"
    )


def full(page: Any, identity: str, number: int) -> list[float | None]:
    """The full figures of one column; None where a cell has none."""
    found = page.eval_on_selector_all(
        f"#{identity} tbody tr", f"rows => rows.map(row => row.cells[{number}].dataset.value ?? null)"
    )
    return [None if value is None else float(value) for value in found]


def test_all_that_the_first_screen_must_show_is_on_it(path: Path, opened: Opened) -> None:
    page = opened(path)
    for selector in ("h1", ".notice", ".banner", ".cards li:nth-child(3)", "#summary figure img"):
        box = page.locator(selector).first.bounding_box()
        assert box["y"] >= 0, selector
        assert box["y"] + box["height"] <= 720, selector
        assert box["x"] + box["width"] <= 1280, selector


def test_a_click_on_a_heading_sorts_by_the_full_figures_and_a_second_turns_it_round(
    path: Path, contents: Contents, opened: Opened
) -> None:
    page = opened(path)
    button = page.get_by_role("button", name="RightCare's rule, best five of ten peers", exact=True).first
    number = button.evaluate("button => button.parentElement.cellIndex")
    expected = sorted(league(contents, mode="rightcare", comparator="best_5")["value_gbp"].dropna())
    for order, direction in ((expected[::-1], "descending"), (expected, "ascending")):
        button.click()
        amounts = full(page, "league", number)
        assert amounts[: len(order)] == pytest.approx(order, abs=0.006)
        assert set(amounts[len(order) :]) == {None}  # what has no figure comes last either way
        assert button.evaluate("button => button.parentElement.ariaSort") == direction
    assert page.locator("#league [aria-sort]").count() == 1
    assert "Sorted by RightCare" in page.locator("#where-to-look [role=status]").text_content()


def test_words_are_sorted_as_words(path: Path, opened: Opened) -> None:
    page = opened(path)
    page.get_by_role("button", name="Programme", exact=True).first.click()
    programmes = column(page, "league", 0)
    assert programmes == sorted(programmes, key=str.lower)
    assert programmes[0] != programmes[-1]


def test_a_filter_leaves_the_rows_that_hold_every_word(
    path: Path, contents: Contents, opened: Opened
) -> None:
    page = opened(path)
    page.get_by_label("Filter rows").first.fill("respiratory ADMISSIONS")
    shown = page.eval_on_selector_all("#league tbody tr:not(.out)", "rows => rows.map(r => r.textContent)")
    assert 0 < len(shown) < len(contents.catalogue)
    assert all("respiratory" in row.lower() and "admissions" in row.lower() for row in shown)
    assert f"{len(shown)} of {len(contents.catalogue)} rows" in page.locator("#where-to-look").text_content()
    page.get_by_label("Filter rows").first.fill("")
    assert len(column(page, "league", 0)) == len(contents.catalogue)


def test_a_download_holds_the_rows_in_sight_with_full_figures_and_the_marking(
    path: Path, contents: Contents, opened: Opened
) -> None:
    page = opened(path)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").first.click()
    assert download.value.suggested_filename == "where-to-look.csv"
    written = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    own = league(contents).set_index("name")["value_gbp"]
    assert [row["Indicator"] for row in rows[:20]] == own.index[:20].tolist()
    assert [float(row[f"{HEADLINE} (£)"]) for row in rows[:20]] == own.round(2).tolist()[:20]
    assert {row["Marking"] for row in rows} == {f"{contents.banner}. {contents.notice}"}


def test_words_that_begin_like_a_formula_are_quoted_in_a_download(
    few: Contents, tmp_path: Path, opened: Opened
) -> None:
    catalogue = few.catalogue.assign(name=['=HYPERLINK("http://x","y")', "+1", "-1", "@x", "\t=1", "a,b"])
    write_page(replace(few, catalogue=catalogue), (), tmp_path / "index.html")
    page = opened(tmp_path / "index.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").first.click()
    written = Path(download.value.path()).read_text(encoding="utf-8-sig")
    names = {row["Indicator"] for row in csv.DictReader(io.StringIO(written))}
    assert names == {'\'=HYPERLINK("http://x","y")', "'+1", "'-1", "'@x", "'=1", "a,b"}


def test_a_link_opens_what_it_leads_to(path: Path, opened: Opened) -> None:
    page = opened(path)
    page.get_by_label("Filter rows").first.fill("no such row")
    link = page.locator("details.indicator a.back").last
    target = link.get_attribute("href")
    link.evaluate("link => { link.closest('details').open = true; link.click(); }")
    page.wait_for_function("target => location.hash === target", arg=target)
    assert page.locator(target).is_visible()


def test_a_picture_leads_to_the_table_behind_it(path: Path, opened: Opened) -> None:
    page = opened(path)
    link = page.locator("#summary figcaption a").first
    link.click()
    assert page.locator(link.get_attribute("href")).is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_out_of_a_narrow_screen(path: Path, opened: Opened, scheme: str) -> None:
    page = opened(path, width=400, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    region = page.locator("#where-to-look .scroll")
    assert region.evaluate("region => region.scrollWidth > region.clientWidth")


def test_without_scripts_everything_is_there_to_be_read(path: Path, opened: Opened) -> None:
    page = opened(path, java_script_enabled=False)
    for identity in ("league", "programmes-table", "localities-table", "plan-table"):
        assert page.locator(f"#{identity} tbody tr").first.is_visible()
    assert page.locator("article.indicator:visible dt").first.text_content() == "Ask"
    assert not page.locator("#explore").is_visible()
    assert page.locator("a[href='#explore']").count() == 0
    assert page.locator("#summary img").is_visible()
    assert page.locator("#league tbody tr").count() > 50
    assert page.locator("button").count() == 0


def test_a_keyboard_reaches_the_content_and_the_tables(path: Path, opened: Opened) -> None:
    page = opened(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    region = page.locator("#where-to-look .scroll")
    region.focus()
    page.keyboard.press("ArrowRight")
    assert region.evaluate("region => getComputedStyle(region).outlineStyle") == "solid"


def test_a_script_that_got_into_the_page_would_not_run(path: Path, browser: Any, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    foreign = "<script>window.ran = true</script><img src=data:, onerror='window.ran = true'><main"
    (tmp_path / "index.html").write_text(text.replace("<main", foreign, 1), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto((tmp_path / "index.html").as_uri())
    assert page.evaluate("window.ran === undefined")
    assert any("Content Security Policy" in message for message in refused)
    assert page.locator("thead button").count() > 10  # while our own script runs
    context.close()


def test_printing_has_what_is_read_and_the_view_that_is_chosen_but_no_tools(
    path: Path, opened: Opened
) -> None:
    page = opened(path)
    page.emulate_media(media="print")
    for shown in (
        "#league",
        "#localities-table",
        "#plan-table",
        "#summary img",
        "#view-funnel svg[role=group]",
    ):
        assert page.locator(shown).is_visible(), shown
    for hidden in (".tools", "nav", ".choose", "#view-funnel details"):
        assert not page.locator(hidden).first.is_visible(), hidden
