"""The page's charts in a browser: chosen, found, reached by keyboard, linked to, downloaded, open to everybody."""

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reports import style, words
from reports.contents import Contents
from reports.flags import flags
from reports.headlines import headlines
from reports.pack_rows import latest
from reports.page import scripts as page_scripts
from reports.page import write_page
from reports.picture import Picture
from tests.conftest import require
from tests.page_figures import PageFigures
from tests.reports.conftest import Opened

pytestmark = pytest.mark.system

CHARTS = ("funnel", "peers", "trend", "opportunity", "profile")
VIEW = "#area=SYN005&indicator=copd_review&programme=Respiratory"


@pytest.fixture(scope="module")
def path(contents: Contents, pictures: tuple[Picture, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole pack's page."""
    path = tmp_path_factory.mktemp("charts") / "index.html"
    write_page(contents, pictures, path)
    return path


@pytest.fixture(scope="module")
def names(contents: Contents) -> "pd.Series[str]":
    """Name of each area."""
    return contents.areas.set_index("area")["name"]


def chosen(page: Any) -> tuple[str, str]:
    """The area and the indicator that the page says it shows."""
    area, _, indicator = page.locator("#explore h3").text_content().partition(": ")
    return area, indicator


def labels(page: Any, chart: str) -> list[str]:
    """What the points of a chart say to a screen reader."""
    return page.eval_on_selector_all(
        f"#view-{chart} .point", "points => points.map(point => point.getAttribute('aria-label'))"
    )


def download(page: Any, chart: str) -> tuple[str, list[dict[str, str]]]:
    """Open the table behind a chart and download it: its file's name and its rows."""
    panel = page.locator(f"#view-{chart}")
    if panel.locator("table").count() == 0:
        panel.locator("summary").click()
    with page.expect_download() as waited:
        panel.get_by_role("button", name="Download as CSV").click()
    written = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    return waited.value.suggested_filename, list(csv.DictReader(io.StringIO(written)))


def test_a_first_look_shows_the_pack_s_own_area_and_the_indicator_with_most_to_gain(
    path: Path, contents: Contents, opened: Opened, names: "pd.Series[str]"
) -> None:
    page = opened(path)
    area, indicator = chosen(page)
    assert area == names[contents.focus]
    assert indicator == page.locator(".cards h3").first.text_content()
    for chart in CHARTS:
        assert page.locator(f"#view-{chart} svg[role=group]").is_visible(), chart
        assert len(page.locator(f"#view-{chart} svg[role=group]").get_attribute("aria-label")) > 60
    assert page.evaluate("location.hash") == ""


def test_a_choice_is_followed_by_every_chart_and_by_the_address(
    path: Path, opened: Opened, names: "pd.Series[str]"
) -> None:
    page = opened(path)
    page.get_by_label("Area", exact=True).select_option(label=names["SYN005"])
    page.get_by_label("Programme", exact=True).select_option(label="Respiratory")
    assert page.evaluate("document.querySelectorAll('#choose-indicator optgroup').length") == 1
    page.get_by_label("Indicator", exact=True).select_option(
        label="COPD patients reviewed in the last 12 months"
    )
    assert chosen(page) == (names["SYN005"], "COPD patients reviewed in the last 12 months")
    assert page.evaluate("location.hash") == VIEW
    for chart in CHARTS:
        assert names["SYN005"] in page.locator(f"#view-{chart}").inner_text() + " ".join(
            labels(page, chart)
        ), chart
    page.go_back()
    page.wait_for_function("!location.hash.includes('copd_review')")
    assert chosen(page)[1] != "COPD patients reviewed in the last 12 months"


def test_an_address_opens_the_view_that_it_was_copied_from(path: Path, opened: Opened) -> None:
    page = opened(path, fragment=VIEW + "&tables=funnel")
    page.locator("#view-trend summary").click()
    again = opened(path, fragment=page.evaluate("location.hash"))
    assert chosen(again) == chosen(page)
    assert again.locator("#choose-programme").input_value() == page.locator("#choose-programme").input_value()
    assert again.locator("#explore").inner_text() == page.locator("#explore").inner_text()
    assert again.locator("#table-funnel").is_visible()
    assert again.locator("#table-trend").is_visible()


def test_an_address_of_what_the_page_does_not_have_says_so(path: Path, opened: Opened) -> None:
    page = opened(path, fragment="#area=NOWHERE&indicator=copd_review")
    assert "does not have area NOWHERE" in page.locator("#explore > [role=status]").text_content()
    assert page.locator("#view-funnel svg[role=group]").is_visible()


def test_links_of_the_page_lead_to_its_charts(path: Path, opened: Opened, names: "pd.Series[str]") -> None:
    page = opened(path)
    page.locator("#locality-L04 a").click()
    page.wait_for_function(
        "name => document.querySelector('#explore h3').textContent.startsWith(name)", arg=names["L04"]
    )
    page.locator("#indicator-antibiotics summary").click()
    page.locator("#indicator-antibiotics a", has_text="Look at its charts").click()
    page.wait_for_function("document.querySelector('#explore h3').textContent.endsWith('Antibiotics')")
    assert chosen(page) == (names["L04"], "Antibiotics")


def test_a_search_finds_areas_and_indicators_by_any_of_their_words(
    path: Path, opened: Opened, names: "pd.Series[str]"
) -> None:
    page = opened(path)
    find = page.get_by_label("Find an area or indicator")
    find.fill("respiratory ADMISSIONS copd")
    assert page.locator(".found a").first.text_content() == "Emergency admissions for COPD, Respiratory"
    find.fill("SYN017")
    assert "1 found" in page.locator(".find [role=status]").text_content()
    find.press("Enter")
    page.wait_for_function("location.hash.includes('SYN017')")
    assert chosen(page)[0] == names["SYN017"]
    assert find.input_value() == ""
    find.fill("no such thing")
    assert "0 found" in page.locator(".find [role=status]").text_content()


def test_points_say_numerator_denominator_interval_and_what_it_would_take(
    path: Path, contents: Contents, opened: Opened, names: "pd.Series[str]"
) -> None:
    code = "copd_review"
    page = opened(path, fragment=f"#area=SYN005&indicator={code}")
    rows = latest(contents.comparison, contents.period)
    rows = rows[(rows["indicator"] == code) & (rows["kind"] == "practice") & rows["value"].notna()]
    gaps = contents.opportunity.query("mode == 'gross' and comparator == 'peer_mean'")
    gaps = gaps[gaps["indicator"] == code].set_index("area")["units"]
    said = {label.partition(":")[0]: label for label in labels(page, "funnel")}
    assert len(said) == len(rows)
    for row in rows.to_dict("records"):
        label = said[names[row["area"]]]
        for figure in ("value", "lower_95", "upper_95"):
            assert (
                words.percent(row[figure] / 100, None if row[figure] < 9.95 else 1).rstrip("%")[:3] in label
            )
        assert f"numerator {words.number(row['numerator'], 0)} people" in label
        assert f"denominator {words.number(row['denominator'], 0)}" in label
        if row["value"] >= row["comparator_value"]:
            assert "on the good side" in label
        elif row["comparator_value"] == row["comparator_value"]:
            size = gaps[row["area"]]
            assert f"{words.number(round(size), 0)} more people" in label or size < 1
        if row["comparator_value"] == row["comparator_value"]:
            assert words.direction_words("high", row["significance"]) in label


def test_hover_and_focus_show_below_the_chart_what_a_point_says(path: Path, opened: Opened) -> None:
    page = opened(path, fragment=VIEW)
    said = page.locator("#view-funnel .said")
    own = page.locator("#view-funnel .point.own")
    assert said.text_content() == own.get_attribute("aria-label")
    far = page.locator("#view-funnel .point").last
    other = page.locator("#view-funnel .point:not(.own)").first
    other.hover(force=True)
    assert said.text_content() == other.get_attribute("aria-label")
    own.focus()
    assert said.text_content() == own.get_attribute("aria-label")
    assert far.get_attribute("role") == "link"


@pytest.mark.parametrize("chart", CHARTS)
def test_the_arrow_keys_go_from_point_to_point_and_a_chart_is_one_stop_of_the_tab_key(
    path: Path, opened: Opened, chart: str
) -> None:
    page = opened(path, fragment=VIEW)
    panel = page.locator(f"#view-{chart}")
    assert panel.locator(".point[tabindex='0']").count() == 1
    panel.locator(".point[tabindex='0']").focus()
    seen = []
    page.keyboard.press("Home")
    for _ in range(len(labels(page, chart))):
        seen.append(panel.locator(".said").text_content())
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == seen[-1]
        page.keyboard.press("ArrowRight")
    assert sorted(seen) == sorted(labels(page, chart))
    assert panel.locator(".point[tabindex='0']").count() == 1


def test_enter_on_a_point_chooses_its_area_and_keeps_the_place(path: Path, opened: Opened) -> None:
    page = opened(path, fragment=VIEW)
    page.locator("#view-peers .point.own").focus()
    page.keyboard.press("Home")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')").partition(":")[0]
    page.keyboard.press("Enter")
    page.wait_for_function(
        "name => document.querySelector('#explore h3').textContent.startsWith(name)", arg=name
    )
    assert page.evaluate("document.activeElement.closest('figure')?.id") == "view-peers"
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith(name)


def test_the_funnel_draws_each_area_at_its_size_and_value_with_its_mark(
    path: Path, contents: Contents, opened: Opened, names: "pd.Series[str]"
) -> None:
    page = opened(path, fragment="#area=SYN005&indicator=antibiotics")
    rows = latest(contents.comparison, contents.period).query(
        "indicator == 'antibiotics' and kind == 'practice'"
    )
    rows = rows.dropna(subset="value").assign(name=rows["area"].map(names)).set_index("name")
    drawn = page.eval_on_selector_all(
        "#view-funnel .point",
        """points => points.map(point => [point.getAttribute('aria-label').split(':')[0],
             ...point.getAttribute('transform').match(/[-.\\d]+/g).map(Number),
             point.querySelector('.shape').getAttribute('class')])""",
    )
    assert len(drawn) == len(rows)
    frame = pd.DataFrame(drawn, columns=["name", "x", "y", "shape"]).set_index("name").join(rows)
    for place, figure in (("x", "denominator"), ("y", "value")):
        fitted = np.polyval(np.polyfit(frame[figure], frame[place], 1), frame[figure])
        assert np.abs(fitted - frame[place]).max() < 0.8, place
    said = "shape " + frame["significance"].astype(str).replace("not tested", "untested")
    assert (frame["shape"] == said).all()


def test_titles_count_as_the_headlines_do(path: Path, contents: Contents, opened: Opened) -> None:
    said = headlines(contents)
    assert 0 in {counted.tested for counted in flags(contents).values()}
    untested = next(code for code, counted in flags(contents).items() if counted.tested == 0)
    page = opened(path)
    for code in ("copd_review", "caesarean_sections", "mental_health_spend", untested):
        page.evaluate("address => { location.hash = address }", f"#area=SYN005&indicator={code}")
        page.wait_for_function(
            "name => document.querySelector('#explore h3').textContent.endsWith(name)",
            arg=contents.catalogue.set_index("indicator").loc[code, "name"],
        )
        title = page.locator("#view-funnel h4").text_content()
        assert title in said[code], (title, said[code])


@pytest.mark.parametrize("chart", CHARTS)
def test_a_download_is_the_table_that_is_seen_with_the_marking(
    path: Path, contents: Contents, opened: Opened, chart: str
) -> None:
    page = opened(path, fragment=VIEW)
    name, rows = download(page, chart)
    assert re.fullmatch(r"[\w-]+\.csv", name)
    shown = page.eval_on_selector_all(
        f"#table-{chart} tbody tr",
        "rows => rows.map(row => [...row.cells].map(c => [c.dataset.value, c.textContent]))",
    )
    assert len(rows) == len(shown) > 1
    for row, cells in zip(rows, shown, strict=True):
        for written, (value, text) in zip(row.values(), cells, strict=False):
            assert written == text if value is None else float(written) == float(value)
    assert {row["Marking"] for row in rows} == {f"{contents.banner}. {contents.notice}"}


def test_the_funnel_s_table_has_the_figures_of_the_tables_and_sorts_by_them(
    path: Path, contents: Contents, opened: Opened, names: "pd.Series[str]"
) -> None:
    page = opened(path, fragment="#area=SYN005&indicator=antibiotics")
    _, rows = download(page, "funnel")
    own = latest(contents.comparison, contents.period).query(
        "indicator == 'antibiotics' and kind == 'practice'"
    )
    own = own.assign(name=own["area"].map(names)).set_index("name")
    assert sorted(row["Practice"] for row in rows) == sorted(own.index)
    for row in rows:
        expected = own.loc[row["Practice"]]
        if pd.notna(expected["value"]):
            assert float(row["Numerator (items)"]) == expected["numerator"]
            assert float(row["Value (items per 1,000 patients)"]) == pytest.approx(
                expected["value"], abs=0.51
            )
            assert row["Against peers"] == expected["significance"]
    page.locator("#view-funnel").get_by_role("button", name="Value", exact=True).click()
    _, again = download(page, "funnel")
    column = [row["Value (items per 1,000 patients)"] for row in again]
    figures = [float(value) for value in column if not value.startswith("[")]
    assert figures == sorted(figures, reverse=True)
    page.locator("#view-funnel").get_by_label("Filter rows").fill("Poole Bay")
    _, filtered = download(page, "funnel")
    assert {row["Part of"] for row in filtered} == {"Poole Bay"}


def test_a_withheld_figure_is_said_to_be_and_is_nowhere_drawn(
    few: Contents, tmp_path: Path, opened: Opened
) -> None:
    code = few.catalogue["indicator"].iloc[0]
    area = few.areas.loc[few.areas["kind"] == "practice", "area"].iloc[0]
    name = few.areas.set_index("area").loc[area, "name"]
    before = few.comparison.assign(period="2015/16")
    comparison = pd.concat([before, few.comparison], ignore_index=True)
    own = (comparison["indicator"] == code) & (comparison["area"] == area)
    comparison.loc[own, ["numerator", "value", "lower_95", "upper_95", "difference"]] = np.nan
    comparison.loc[own, "suppressed"] = True
    comparison.loc[own, "significance"] = "not tested"
    write_page(replace(few, comparison=comparison), (), tmp_path / "index.html")
    page = opened(tmp_path / "index.html", fragment=f"#area={area}&indicator={code}&tables=funnel")
    assert page.locator(".verdict").text_content() == "Withheld, to protect people who could be recognised."
    assert not [label for label in labels(page, "funnel") if label.startswith(name)]
    assert "1 withheld to protect people" in page.locator("#view-funnel .note").first.text_content()
    assert "no figure is shown" in page.locator("#view-trend h4").text_content()
    assert (
        "Withheld to protect people: 2015/16 and 2016/17." in page.locator("#view-trend .note").text_content()
    )
    assert not labels(page, "trend")
    row = page.locator("#table-funnel tbody tr", has_text=name)
    assert row.locator("td").nth(3).text_content() == "[c]"


def test_words_of_the_data_are_words_in_the_charts(few: Contents, tmp_path: Path, opened: Opened) -> None:
    hostile = "<img src=x onerror=alert(1)></script>"
    pack = replace(
        few,
        areas=few.areas.assign(name=hostile + few.areas["area"]),
        catalogue=few.catalogue.assign(
            name=hostile + few.catalogue["indicator"], unit=hostile, programme=hostile
        ),
    )
    write_page(pack, (), tmp_path / "index.html")
    page = opened(
        tmp_path / "index.html", fragment=f"#area={few.areas['area'].iloc[-1]}&tables=funnel.peers.profile"
    )
    assert hostile in page.locator("#explore h3").text_content()
    assert page.locator("#explore img").count() == 0
    assert page.locator("#table-funnel").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_and_their_tables_fit_a_narrow_screen(path: Path, opened: Opened, scheme: str) -> None:
    page = opened(path, width=400, color_scheme=scheme, fragment=f"{VIEW}&tables={'.'.join(CHARTS)}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    for chart in CHARTS:
        box = page.locator(f"#view-{chart} svg[role=group]").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 400)])
def test_the_accessibility_checker_finds_no_violation(
    path: Path, opened: Opened, axe: str, scheme: str, width: int
) -> None:
    page = opened(path, width=width, color_scheme=scheme, fragment=f"{VIEW}&tables={'.'.join(CHARTS)}")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [
        (one["id"], len(one["nodes"]), one["nodes"][0]["html"][:200]) for one in found["violations"]
    ] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_and_lines_stand_out_from_the_paper(path: Path, opened: Opened, scheme: str) -> None:
    page = opened(path, color_scheme=scheme)
    colours = page.evaluate(
        """() => { const s = getComputedStyle(document.documentElement);
             return Object.fromEntries(['--paper', '--better', '--worse', '--higher', '--lower', '--ink', '--quiet',
               '--accent', '--bar', '--middle'].map(name => [name, s.getPropertyValue(name).trim()])); }"""
    )
    full = {
        name: "#" + "".join(2 * one for one in colour[1:]) if len(colour) == 4 else colour
        for name, colour in colours.items()
    }
    for name in ("--better", "--worse", "--higher", "--lower", "--ink", "--quiet", "--accent", "--bar"):
        assert style.contrast(full[name], full["--paper"]) >= 3, name


def test_a_print_of_the_page_has_its_words_and_the_chosen_view(
    path: Path, contents: Contents, chromium: str, opened: Opened, tmp_path: Path
) -> None:
    page = opened(path, fragment=VIEW)
    page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    require(shutil.which("pdftotext") is not None, "pdftotext (poppler-utils)")
    done = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "page.pdf"), "-"], capture_output=True, check=True
    )
    pages = done.stdout.decode("utf-8").split("\f")
    said = re.sub(r"\s+", " ", " ".join(pages))
    for expected in (
        contents.title,
        contents.banner,
        "Where to look",
        "COPD patients reviewed in the last 12 months",
    ):
        assert expected in said
    assert "Download as CSV" not in said
    assert len(pages) < 70


@pytest.fixture(scope="module")
def written_in_javascript(browser: Any) -> Iterator[Any]:
    """Evaluates the page's own rules for words on values."""
    source = (Path(page_scripts.__file__).parent / "words.js").read_text(encoding="utf-8")
    page = browser.new_page()
    yield lambda rule, values: page.evaluate(f"values => {{ {source}; return values.map({rule}); }}", values)
    page.close()


@pytest.mark.parametrize(
    ("rule", "write"),
    [
        ("value => number(value)", lambda value: words.number(float(value))),
        ("value => pounds(value)", words.pounds),
        ("value => price(value)", words.price),
        ("value => valueWithUnit(value, '%')", lambda value: words.value_with_unit(value, "%")),
        (
            "value => valueWithUnit(value, '£ per patient')",
            lambda value: words.value_with_unit(value, "£ per patient"),
        ),
        ("value => bareValue(value, 'per 1,000')", lambda value: words.bare_value(value, "per 1,000")),
        ("value => expectedCount(Math.abs(value))", lambda value: words.expected_count(abs(value))),
    ],
)
def test_figures_read_the_same_as_in_the_other_outputs(
    written_in_javascript: Any, rule: str, write: Any
) -> None:
    generator = np.random.default_rng(20170331)
    spread = np.sign(generator.normal(size=1500)) * 10 ** generator.uniform(-4, 9.5, 1500)
    edges = [
        0.0,
        0.5,
        0.25,
        12_250_000.0,
        999_499.0,
        999_500.0,
        9950.0,
        995.0,
        99.95,
        9.995,
        9.996,
        0.0996,
        100.0,
    ]
    values = [*spread, *edges, 1e6, 2.5, 3.5, 0.125, -0.4]
    found = written_in_javascript(rule, [float(value) for value in values])
    assert found == [write(float(value)) for value in values]


def test_the_figures_of_the_browser_are_those_of_the_block(path: Path, opened: Opened) -> None:
    block = PageFigures.of(path.read_text(encoding="utf-8"))
    assert block is not None
    page = opened(path, fragment=VIEW)
    assert json.loads(page.evaluate("document.getElementById('figures').textContent")) == block.block
