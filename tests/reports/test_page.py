"""The page as its readers find it: parsed again, its figures against the tables, its words safe."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reports.chartbook import draw
from reports.claims import Claim, figures
from reports.contents import Contents
from reports.flags import flags
from reports.headlines import headlines, overall
from reports.pack_rows import latest, league
from reports.page import write_page
from reports.picture import Picture
from reports.tree import finest_kind
from reports.words import pounds
from tests.page_figures import PageFigures

VOID = {"meta", "link", "img", "input", "br"}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onclick='alert(1)",
    "Har\u202ebour\u0000 & <b>Surgery</b>",
    "{{ contents.title }} </style></table>",
)


@dataclass
class Element:
    """One element of the page."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def within(self) -> Iterator["Element"]:
        """Every element inside, in order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.within()

    def all(self, tag: str, **attributes: str) -> list["Element"]:
        """The elements inside of one tag that have these attributes."""
        return [
            one
            for one in self.within()
            if one.tag == tag and all(one.attributes.get(key) == value for key, value in attributes.items())
        ]

    @property
    def text(self) -> str:
        """The words inside."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class Reader(HTMLParser):
    """Reads a page into elements and finds every one of them closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = self.now = Element("document", {})
        self.feed(text)
        self.close()
        assert self.now is self.root, f"{self.now.tag} is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        element = Element(tag, {name: value or "" for name, value in attrs}, self.now)
        self.now.children.append(element)
        if tag not in VOID:
            self.now = element

    def handle_endtag(self, tag: str) -> None:
        assert self.now.tag == tag, f"</{tag}> closes <{self.now.tag}>"
        assert self.now.parent is not None
        self.now = self.now.parent

    def handle_data(self, data: str) -> None:
        self.now.children.append(data)


Written = Callable[..., Element]


@pytest.fixture(scope="module")
def path(contents: Contents, pictures: tuple[Picture, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole pack's page, written once."""
    path = tmp_path_factory.mktemp("pack") / "index.html"
    write_page(contents, pictures, path)
    return path


@pytest.fixture(scope="module")
def page(path: Path) -> Element:
    """The whole pack's page, parsed."""
    return Reader(path.read_text(encoding="utf-8")).root


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a pack's page and parse it."""

    def write(pack: Contents, pictures: tuple[Picture, ...] = ()) -> Element:
        write_page(pack, pictures, tmp_path / "index.html")
        return Reader((tmp_path / "index.html").read_text(encoding="utf-8")).root

    return write


def table(page: Element, identity: str) -> pd.DataFrame:
    """A table of the page by its id, as words; the id of each row where it has one."""
    (found,) = page.all("table", id=identity)
    headings = [cell.text for cell in found.all("thead")[0].all("th")]
    rows = found.all("tbody")[0].all("tr")
    words = [[cell.text for cell in row.children if isinstance(cell, Element)] for row in rows]
    return pd.DataFrame(words, columns=headings, index=[row.attributes.get("id", "") for row in rows])


def values(page: Element, identity: str) -> pd.DataFrame:
    """The full figures of a table of the page, NaN where a cell has none."""
    (found,) = page.all("table", id=identity)
    rows = found.all("tbody")[0].all("tr")
    full = [
        [float(c.attributes.get("data-value", "nan")) for c in row.children if isinstance(c, Element)]
        for row in rows
    ]
    frame = table(page, identity)
    return pd.DataFrame(full, columns=frame.columns, index=frame.index)


def test_the_same_contents_give_the_same_bytes(
    few: Contents, pictures: tuple[Picture, ...], tmp_path: Path
) -> None:
    for name in ("one.html", "other.html"):
        write_page(few, pictures, tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "other.html").read_bytes()


def test_the_policy_lets_our_own_style_and_script_run_and_nothing_else(page: Element) -> None:
    (meta,) = [m for m in page.all("meta") if m.attributes.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in meta.attributes["content"].split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    (code,) = [one for one in page.all("script") if "type" not in one.attributes]
    (style,) = page.all("style")
    for tag, element in (("style", style), ("script", code)):
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert meta in page.all("head")[0].children[:6]  # before anything that it must govern


def test_no_address_leads_out_of_the_page(page: Element) -> None:
    for element in page.within():
        for name, value in element.attributes.items():
            assert not name.startswith("on"), (element.tag, name)
            assert name not in ("style", "srcset", "action", "ping"), (element.tag, name)
            if name in ("href", "src"):
                assert value.startswith(("#", "data:")), value[:60]
    for code in (page.all("style")[0].text, page.all("script")[-1].text):
        code = code.replace("http://www.w3.org/2000/svg", "")  # a name, not an address
        assert not re.search(r"https?:|@import|url\((?!#)|\beval\b|innerHTML", code)


def test_every_id_is_there_once_and_every_link_leads_to_one(page: Element, contents: Contents) -> None:
    ids = [element.attributes["id"] for element in page.within() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    views = {f"#indicator={code}" for code in contents.catalogue["indicator"]}
    views |= {f"#area={code}" for code in contents.areas["area"]}
    for one in page.within():
        address = one.attributes.get("data-view")
        assert address in views or address is None or address.removeprefix("#") in ids
    for link in page.all("a"):
        assert link.attributes["href"].removeprefix("#") in ids, link.text
    for element in page.within():
        for name in ("aria-labelledby", "for"):
            assert element.attributes.get(name, ids[0]) in ids


def test_language_title_and_one_main_part_are_named(page: Element, contents: Contents) -> None:
    assert page.all("html")[0].attributes["lang"] == "en-GB"
    title = page.all("title")[0].text
    for part in (contents.title, contents.period, contents.banner):
        assert part in title
    assert [len(page.all(tag)) for tag in ("main", "header", "footer", "h1")] == [1, 1, 1, 1]
    assert page.all("body")[0].all("a")[0].attributes["href"] == "#main"


def test_headings_go_down_a_level_at_a_time(page: Element) -> None:
    levels = [int(one.tag[1]) for one in page.within() if re.fullmatch(r"h[1-6]", one.tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_sections_stand_in_the_order_in_which_the_readers_work(page: Element) -> None:
    assert [section.attributes["id"] for section in page.all("section")] == [
        "summary",
        "where-to-look",
        "explore",
        "pathways",
        "indicators",
        "localities",
        "trend",
        "inequality",
        "life-expectancy",
        "plan",
        "peers",
        "quality",
        "method",
        "glossary",
    ]


def test_notice_and_banner_stand_at_both_ends_of_the_page(page: Element, contents: Contents) -> None:
    for end in ("header", "footer"):
        for words in (contents.notice, contents.banner):
            assert words in page.all(end)[0].text


def test_every_table_has_a_caption_and_headings_that_say_what_they_head(page: Element) -> None:
    assert len(page.all("table")) > 20
    for one in page.all("table"):
        (caption,) = one.all("caption")
        assert caption.text
        assert {cell.attributes.get("scope") for cell in one.all("thead")[0].all("th")} == {"col"}
        for row in one.all("tbody")[0].all("tr"):
            assert [cell.attributes["scope"] for cell in row.all("th")] == ["row"], one.attributes["id"]
        holder = one.parent
        assert holder is not None
        assert holder.attributes["role"] == "region"
        assert holder.attributes["tabindex"] == "0"
        assert holder.attributes["aria-label"] == caption.text


def test_no_cell_is_empty(page: Element) -> None:
    for one in page.all("table"):
        for cell in one.all("td") + one.all("th"):
            assert cell.text.strip() or cell.all("svg"), one.attributes["id"]


def test_every_picture_has_its_words_and_a_place_kept_for_it(
    page: Element, pictures: tuple[Picture, ...]
) -> None:
    images = page.all("img")
    # What is of one indicator or area the page draws itself.
    pictures = tuple(picture for picture in pictures if picture.kind in ("opportunity", "plan"))
    assert {image.attributes["alt"] for image in images} == {picture.alt for picture in pictures}
    assert len(images) == len(pictures)
    for image in images:
        assert (image.attributes["width"], image.attributes["height"]) == ("576", "320")
        assert image.parent is not None
        assert image.parent.tag == "figure"
        assert len(image.parent.all("figcaption")) == 1


def test_the_first_screen_has_the_pack_s_headlines(page: Element, contents: Contents) -> None:
    summary = page.all("section", id="summary")[0]
    said = [paragraph.text for paragraph in summary.all("p")]
    total, _, chance = overall(contents)
    assert said[:2] == [total, chance]


def test_the_three_biggest_opportunities_are_cards_with_what_chance_would_give(
    page: Element, contents: Contents
) -> None:
    cards = page.all("ol")[0].all("li")
    own, counted = league(contents), flags(contents)
    published = league(contents, mode="rightcare", comparator="best_5").set_index("indicator")
    assert len(cards) == 3
    for card, row in zip(cards, own.head(3).to_dict("records"), strict=True):
        code = row["indicator"]
        assert row["name"] in card.text
        for amount in ("value_gbp", "p10", "p90", "chance_floor_gbp"):
            assert pounds(row[amount]) in card.text
        assert f"RightCare's published rule would say {pounds(published.loc[code, 'value_gbp'])}" in card.text
        assert f"{counted[code].flagged} of {counted[code].areas} practices flagged" in card.text


def test_the_league_holds_every_indicator_with_the_figures_of_the_tables(
    page: Element, contents: Contents
) -> None:
    words, full = table(page, "league"), values(page, "league")
    assert sorted(words["Indicator"]) == sorted(contents.catalogue["name"])
    claims = {
        "Credible, mean of peers": ("credible", "peer_mean"),
        "RightCare's rule, best five of ten peers": ("rightcare", "best_5"),
        "Credible stretch, best five of ten peers": ("credible", "best_5"),
    }
    for heading, (mode, comparator) in claims.items():
        expected = figures(contents, Claim(mode=mode, comparator=comparator))
        expected.index = [f"row-{code}" for code in expected.index]
        shown = full[heading].dropna()
        assert shown.to_dict() == expected["value_gbp"].dropna().round(2).to_dict()
    counted = {f"row-{code}": one.flagged for code, one in flags(contents).items()}
    assert full["Practices flagged"].dropna().to_dict() == counted


def test_the_league_begins_with_the_largest_and_says_so(page: Element, contents: Contents) -> None:
    amounts = values(page, "league")["Credible, mean of peers"].dropna()
    assert (amounts.diff().dropna() <= 0).all()
    (marked,) = [c for c in page.all("table", id="league")[0].all("th") if "data-sorted" in c.attributes]
    assert marked.text == "Credible, mean of peers"


def test_an_indicator_for_local_interpretation_has_no_opportunity(page: Element, contents: Contents) -> None:
    local = contents.catalogue.loc[contents.catalogue["polarity"] == "local", "indicator"]
    rows = table(page, "league").loc[[f"row-{code}" for code in local]]
    assert len(rows) > 3
    assert set(rows["Credible, mean of peers"]) == set(rows["Investment need"]) == {"[z]"}


def test_programme_totals_are_those_of_pandas(page: Element, contents: Contents) -> None:
    full = values(page, "programmes-table")
    full.index = table(page, "programmes-table")["Programme"]
    expected = league(contents).groupby("programme")["value_gbp"].sum(min_count=1).dropna()
    shown = full["Credible, mean of peers"].dropna()
    assert shown.to_dict() == pytest.approx(expected.to_dict())
    assert full["Indicators"].sum() == len(contents.catalogue)


def test_every_indicator_has_its_headline_its_question_and_what_may_warrant_it(
    page: Element, contents: Contents
) -> None:
    said = headlines(contents)
    for row in contents.catalogue.to_dict("records"):
        (article,) = [e for e in page.within() if e.attributes.get("id") == f"indicator-{row['indicator']}"]
        for words in (said[row["indicator"]], row["question"], row["may_be_warranted"]):
            assert words in article.text


def test_pictured_indicators_list_the_areas_outside_the_funnel(page: Element, contents: Contents) -> None:
    code = league(contents)["indicator"].iloc[0]
    rows = latest(contents.comparison, contents.period)
    rows = rows[(rows["indicator"] == code) & (rows["kind"] == finest_kind(contents.areas))]
    low = rows["value"] < rows["funnel_adjusted_lower_95"]
    high = rows["value"] > rows["funnel_adjusted_upper_95"]
    names = contents.areas.set_index("area")["name"]
    assert sorted(table(page, f"outside-{code}")["Practice"]) == sorted(names[rows[low | high]["area"]])


def test_every_locality_has_a_row_with_what_stands_out_and_what_chance_would_raise(
    page: Element, contents: Contents
) -> None:
    rows = latest(contents.comparison, contents.period).merge(contents.catalogue, on="indicator")
    rows = rows[(rows["kind_x"] == "locality") & rows["polarity"].isin(["low", "high"])]
    shown = table(page, "localities-table")
    names = contents.areas.set_index("area")["name"]
    totals = contents.totals.query("mode == 'credible' and comparator == 'peer_mean'").set_index("area")[
        "value_gbp"
    ]
    assert sorted(shown["Locality"]) == sorted(names[rows["area"].unique()])
    full = values(page, "localities-table")
    for code, own in rows.groupby("area"):
        line = full.loc[f"locality-{code}"]
        said = own["significance"].value_counts()
        assert line["To ask about"] == said.get("worse", 0)
        assert line["On the good side"] == said.get("better", 0)
        assert line["Indicators"] == said.reindex(["better", "worse", "similar"]).sum()
        assert line["Credible, mean of peers"] == round(totals[code], 2)
        first = shown.loc[f"locality-{code}", "Ask first about"].split("; ")
        assert set(first) <= {*own.loc[own["significance"] == "worse", "name"], "–"}
        gains = contents.opportunity.query(
            "mode == 'credible' and comparator == 'peer_mean' and area == @code"
        )
        gains = gains.merge(own.loc[own["significance"] == "worse", ["indicator", "name"]], on="indicator")
        assert first == gains.nlargest(3, "value_gbp")["name"].tolist()
    assert (full["Credible, mean of peers"].diff().dropna() <= 0).all()


def test_the_trend_table_lists_what_moves_in_the_pack_s_own_area(page: Element, contents: Contents) -> None:
    own = contents.trend[contents.trend["area"] == contents.focus].merge(contents.catalogue, on="indicator")
    moving = own[own["recent_trend"].str.contains("creasing") | (own["special_cause"] != "none")]
    shown = table(page, "trend-table")
    assert dict(zip(shown["Indicator"], shown["Recent trend"], strict=True)) == dict(
        zip(moving["name"], moving["recent_trend"], strict=True)
    )
    section = page.all("section", id="trend")[0].text
    worse = own["recent_trend"].str.endswith("worse").sum()
    assert f"{len(moving)} of {len(own)} indicators have a recent trend" in section
    assert f"{worse} are getting worse" in section
    assert "fewer than 1 expected by chance" in section


def test_inequality_is_listed_only_where_both_measures_are_certain(page: Element, contents: Contents) -> None:
    rows = latest(contents.inequality, contents.period).merge(contents.catalogue, on="indicator")
    more = (rows["gradient_lower_95"] > 0) & (rows["sii_upper_95"] < 0)
    less = (rows["gradient_upper_95"] < 0) & (rows["sii_lower_95"] > 0)
    shown = table(page, "inequality-table").set_index("Indicator")["Among the most deprived"]
    assert sorted(shown[shown.str.startswith("higher")].index) == sorted(rows.loc[more, "name"])
    assert sorted(shown[shown.str.startswith("lower")].index) == sorted(rows.loc[less, "name"])
    assert "expected by chance" in page.all("section", id="inequality")[0].text


def test_life_expectancy_is_shown_by_sex_for_localities_and_deprivation_fifths(
    page: Element, contents: Contents
) -> None:
    rows = contents.life_expectancy
    shown = values(page, "life-table")
    shown.index = table(page, "life-table")["Area"]
    names = contents.areas.set_index("area")["name"]
    for row in rows[rows["kind"].isin(["locality", "deprivation"])].to_dict("records"):
        area = names.get(row["area"], row["area"].capitalize())
        heading = f"{row['sex'].capitalize()}, {'at birth' if row['age'] == 0 else 'at 65'}"
        assert shown.loc[area, heading] == row["value"]
    assert len(shown) == 3 + 1 + names[contents.areas.set_index("area")["kind"] == "locality"].size
    gap = rows[(rows["area"] == "gap") & (rows["age"] == 0) & (rows["sex"] == "male")].iloc[0]
    assert f"{gap['value']:.1f} years for men" in page.all("section", id="life-expectancy")[0].text


def test_the_plan_puts_parts_under_the_line_that_they_are_part_of(page: Element, contents: Contents) -> None:
    shown = table(page, "plan-table")["Line of the plan"].tolist()
    assert sorted(shown) == sorted(contents.plan["plan_line"])  # one line holds all: no total is added
    for line, parent in contents.plan[["plan_line", "parent"]].dropna().itertuples(index=False):
        assert shown.index(line) > shown.index(parent)
    gap = dict(zip(shown, table(page, "plan-table")["Gap"], strict=True))
    expected = contents.plan.set_index("plan_line")["gap_gbp"]
    assert gap == {line: pounds(amount) for line, amount in expected.items()}


def test_several_lines_at_the_top_of_a_plan_get_a_total(few: Contents, written: Written) -> None:
    plan = pd.DataFrame(
        {"plan_line": ["A", "B", "B1"], "parent": [None, "", "B"], "target_gbp": [1e6, 2e6, np.nan]}
    )
    shown = table(written(replace(few, plan=plan)), "plan-table")
    assert shown["Line of the plan"].tolist() == ["A", "B", "B1", "Total of the top-level lines"]
    assert shown["Target"].tolist() == [pounds(1e6), pounds(2e6), "[x]", pounds(3e6)]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_words_of_the_data_are_words_on_the_page(
    few: Contents, pictures: tuple[Picture, ...], written: Written, hostile: str
) -> None:
    areas, catalogue, plan = few.areas.copy(), few.catalogue.copy(), few.plan.copy()
    areas["name"] = hostile
    for column in ("name", "programme", "question", "may_be_warranted", "unit", "source"):
        catalogue[column] = hostile
    plan["plan_line"] = [f"{hostile} {number}" for number in range(len(plan))]
    pack = replace(
        few,
        title=hostile,
        subtitle=hostile,
        notice=hostile,
        banner=hostile,
        attribution=hostile,
        areas=areas,
        catalogue=catalogue,
        plan=plan.assign(parent=None),
        findings=few.findings.assign(message=hostile, hint=hostile),
    )
    page = written(pack, tuple(replace(picture, title=hostile, alt=hostile) for picture in pictures))
    assert len(page.all("script")) == 2
    assert len(page.all("style")) == 1
    assert not page.all("b")
    assert all(image.attributes["src"].startswith("data:image/") for image in page.all("img"))
    assert not [e for e in page.within() if any(name.startswith("on") for name in e.attributes)]
    seen = hostile.replace("\u202e", "").replace("\u0000", "")
    assert page.all("h1")[0].text == seen
    assert set(table(page, "league")["Indicator"]) == {seen}
    assert "\u202e" not in page.text


def test_codes_that_are_no_identifiers_still_lead_somewhere(few: Contents, written: Written) -> None:
    codes = {code: f"{code} <&>\"' ü" for code in few.catalogue["indicator"]}

    def renamed(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(indicator=frame["indicator"].map(codes))

    pack = replace(
        few,
        catalogue=renamed(few.catalogue),
        comparison=renamed(few.comparison),
        variation=renamed(few.variation),
        opportunity=renamed(few.opportunity),
    )
    page = written(pack)
    ids = {element.attributes.get("id") for element in page.within()}
    assert all(re.fullmatch(r"[\w.-]+", name) for name in ids - {None})
    assert {link.attributes["href"].removeprefix("#") for link in page.all("a")} <= ids


def test_what_is_suppressed_is_not_in_the_figures_and_is_said_to_be_withheld(
    few: Contents, tmp_path: Path
) -> None:
    hidden = ["numerator", "value", "lower_95", "upper_95"]
    practices = few.comparison["kind"] == "practice"
    comparison = few.comparison.astype(dict.fromkeys(hidden, object))
    comparison.loc[practices, hidden] = "[c]"
    comparison.loc[practices, "suppressed"] = True
    comparison.loc[practices, ["significance", "significance_rightcare"]] = "not tested"
    write_page(replace(few, comparison=comparison), (), tmp_path / "index.html")
    page = PageFigures.of((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert page is not None
    shown = page.rows()
    own = shown[shown["area"].isin(comparison.loc[practices, "area"])]
    assert not {"numerator", "value", "lower_95", "upper_95", "significance"} & set(own["column"])
    assert {"numerator", "value", "lower_95", "upper_95"} <= set(shown["column"])
    codes = page.block["areas"]["code"]
    for about in page.block["indicators"]:
        said = {codes[place] for places in about["withheld"].values() for place in places}
        assert said == set(comparison.loc[practices & (comparison["indicator"] == about["code"]), "area"])


def test_a_pack_without_opportunity_plan_or_peers_still_has_a_page(few: Contents, written: Written) -> None:
    empty = ("opportunity", "plan", "findings", "peers", "peer_fit", "trend", "inequality", "life_expectancy")
    page = written(replace(few, notice="", banner="", **{name: getattr(few, name).head(0) for name in empty}))
    sections = [section.attributes["id"] for section in page.all("section")]
    assert not {"trend", "inequality", "life-expectancy"} & set(sections)
    links = {link.attributes["href"] for link in page.all("nav")[0].all("a")}
    assert links == {f"#{name}" for name in sections if name not in ("summary", "explore")}
    assert "This pack has no plan" in page.all("section", id="plan")[0].text
    assert "No peers were chosen" in page.all("section", id="peers")[0].text
    assert "nothing to report" in page.all("section", id="quality")[0].text
    assert "No indicator of this pack has an opportunity" in page.all("section", id="summary")[0].text
    assert len(table(page, "league")) == len(few.catalogue)
    assert not page.all("p", **{"class": "banner"})


def test_tables_that_a_run_never_made_leave_their_sections_out(few: Contents, written: Written) -> None:
    none = pd.DataFrame()
    page = written(replace(few, trend=none, inequality=none, life_expectancy=none))
    assert not page.all("section", id="trend")


def test_a_pack_without_prices_shows_no_pounds(few: Contents, written: Written) -> None:
    money = ["value_gbp", "investment_gbp", "p10", "p50", "p90", "chance_floor_gbp"]
    page = written(replace(few, opportunity=few.opportunity.assign(**dict.fromkeys(money, np.nan))))
    assert set(table(page, "league")["Credible, mean of peers"]) <= {"[x]", "[z]"}


def test_areas_of_one_kind_without_parents_or_focus_make_a_page(few: Contents, written: Written) -> None:
    codes = few.areas.loc[few.areas["kind"] == finest_kind(few.areas), "area"].tolist()[:13]

    def kept(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["area"].isin(codes)].assign(kind="sub_icb")

    pack = replace(
        few,
        focus="",
        areas=kept(few.areas).assign(parent=None).reset_index(drop=True),
        comparison=kept(few.comparison),
        opportunity=kept(few.opportunity),
        variation=few.variation[few.variation["kind"] == "practice"].assign(kind="sub_icb"),
    )
    page = written(pack)
    assert not page.all("section", id="localities")
    assert not page.all("section", id="trend")
    assert "Sub-ICB areas flagged" in table(page, "league").columns
    assert "sub-ICB areas" in page.all("section", id="summary")[0].text


def test_an_indicator_behind_the_pack_s_period_says_which_period_it_shows(
    few: Contents, written: Written
) -> None:
    code = few.catalogue["indicator"].iloc[0]
    late = few.comparison["indicator"] == code
    page = written(
        replace(few, comparison=few.comparison.assign(period=few.comparison["period"].mask(late, "2015/16")))
    )
    (article,) = [e for e in page.within() if e.attributes.get("id") == f"indicator-{code}"]
    assert "latest figures 2015/16" in article.text


def test_thousands_of_findings_and_areas_are_cut_and_the_page_says_so(
    few: Contents, written: Written
) -> None:
    findings = pd.concat([few.findings.head(1).assign(severity="warning")] * 5000, ignore_index=True)
    peers = pd.concat(
        [few.peers.assign(area=few.peers["area"] + f"-{number}") for number in range(40)], ignore_index=True
    )
    page = written(replace(few, findings=findings, peers=peers))
    assert "the first 100 of 5,000" in page.text
    assert len(table(page, "peers-table")) == 40
    assert "40 least well matched" in page.text


def test_the_page_with_all_its_pictures_is_light_enough_to_send(contents: Contents, tmp_path: Path) -> None:
    pictures = draw(contents, tmp_path / "charts", formats=("svg",))
    write_page(contents, pictures, tmp_path / "index.html")
    assert (tmp_path / "index.html").stat().st_size < 1_300_000
