"""The figures that the page's charts are drawn from: those of the tables, rounded to what is shown, none withheld."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from reports import words
from reports.charts.funnel_chart import outside
from reports.charts.spine_chart import spine_rows
from reports.claims import Claim, figures, headline_claim
from reports.contents import Contents
from reports.pack_rows import latest
from reports.page import curves
from reports.page.document import page_html
from reports.page.figures import figures_json, left_out
from reports.page.grid import Axes
from reports.page.packed import LETTERS, Scale, decimals_shown, pack, rounded, scale_of
from reports.page.pictures import Gallery
from tests.page_figures import PageFigures


@pytest.fixture(scope="module")
def page(contents: Contents) -> PageFigures:
    """The block of the whole pack, taken apart."""
    return PageFigures(block=json.loads(figures_json(contents)))


@pytest.fixture(scope="module")
def shown(page: PageFigures) -> pd.DataFrame:
    """Its figures, a row each."""
    return page.rows()


def against(shown: pd.DataFrame, table: pd.DataFrame, column: str, *, period: bool = True) -> pd.DataFrame:
    """The page's figures of one column beside those of a table."""
    keys = ["indicator", "area", *(["period"] if period else [])]
    own = shown[shown["column"] == column].drop_duplicates([*keys])
    other = table[[*keys, column]].assign(**{column: pd.to_numeric(table[column], errors="coerce")}).dropna()
    both = own.merge(other.rename(columns={column: "table"}), on=keys, how="outer", indicator=True)
    assert (both["_merge"] == "both").all(), both[both["_merge"] != "both"].head()
    return both


@pytest.mark.parametrize("column", ["value", "comparator_value"])
def test_every_value_over_time_is_that_of_the_comparison_table_as_it_is_written(
    shown: pd.DataFrame, contents: Contents, column: str
) -> None:
    both = against(shown, contents.comparison, column)
    assert len(both) > 40_000
    unit = contents.catalogue.set_index("indicator")["unit"].reindex(both["indicator"]).str.startswith("£")
    for price in (True, False):
        own = both[unit.to_numpy() == price]
        decimals = decimals_shown(own["table"].to_numpy(dtype=float), price=price)
        half = 0.5 * np.maximum(10.0**-decimals, own["step"])
        assert (np.abs(own["value"] - own["table"]) <= half * 1.001).all()


@pytest.mark.parametrize("column", ["lower_95", "upper_95", "numerator"])
def test_what_is_known_of_the_latest_period_is_that_of_the_comparison_table(
    shown: pd.DataFrame, contents: Contents, column: str
) -> None:
    both = against(shown, latest(contents.comparison, contents.period), column)
    assert len(both) > 10_000
    size = np.abs(both["table"])
    step = np.maximum(both["step"], np.where(size < 1, 0.01, size * 0.01))
    assert (np.abs(both["value"] - both["table"]) <= 0.51 * step).all()
    if column == "numerator":
        assert (both["value"] == both["table"].round()).all()


@pytest.mark.parametrize("column", ["value_gbp", "p10", "p90", "chance_floor_gbp"])
def test_what_it_may_be_worth_is_that_of_the_opportunity_table(
    shown: pd.DataFrame, contents: Contents, column: str
) -> None:
    claim, table = headline_claim(contents), contents.opportunity
    own = table[(table["mode"] == claim.mode) & (table["comparator"] == claim.comparator)]
    if column == "value_gbp":
        own = own.assign(value_gbp=own["value_gbp"].fillna(own["investment_gbp"]))
    both = against(shown, own, column, period=False)
    assert len(both) > 4_000
    assert (both["value"] == both["table"].round()).all()


def test_what_it_would_take_is_the_gross_gap_in_units(shown: pd.DataFrame, contents: Contents) -> None:
    gross = contents.opportunity.query("mode == 'gross' and comparator == 'peer_mean'")
    both = against(shown, gross, "units", period=False)
    assert (both["value"] == both["table"].round()).all()


def test_usual_ranges_are_those_of_the_trend_table(shown: pd.DataFrame, contents: Contents) -> None:
    for column in ("process_lower", "process_upper"):
        both = against(shown, contents.trend, column, period=False)
        step = np.maximum(both["step"], np.abs(both["table"]) * 0.01)
        assert (np.abs(both["value"] - both["table"]) <= 0.51 * np.maximum(step, 0.01)).all()


def test_letters_say_what_the_tables_say(page: PageFigures, contents: Contents) -> None:
    rows = latest(contents.comparison, contents.period).set_index(["indicator", "area"])
    moves = contents.trend.set_index(["indicator", "area"])
    said = page.block["significances"]
    for about in page.block["indicators"][::7]:
        for place, area in enumerate(page.block["areas"]["code"]):
            own = rows.loc[about["code"], area]
            assert said[about["significance"][place]] == own["significance"]
            assert said[about["rightcare"][place]] == own["significance_rightcare"]
            letter = about["trend"][place]
            if letter != ".":
                phrase = page.block["trends"][(LETTERS[10:36] + LETTERS[36:62] + LETTERS[:10]).index(letter)]
                assert phrase.startswith(moves.loc[(about["code"], area), "recent_trend"])


def test_areas_outside_the_funnel_are_those_of_the_funnel_chart(
    page: PageFigures, contents: Contents
) -> None:
    rows = latest(contents.comparison, contents.period)
    codes = page.block["areas"]["code"]
    counted = 0
    for about in page.block["indicators"][::5]:
        for kind in ("practice", "locality"):
            own = rows[(rows["indicator"] == about["code"]) & (rows["kind"] == kind)]
            expected = outside(own)
            inside = set(own["area"])
            letters = {
                area: letter for area, letter in zip(codes, about["outside"], strict=True) if area in inside
            }
            assert {area for area, letter in letters.items() if letter != "."} == set(expected["area"])
            far = set(expected.loc[expected["beyond"].abs() > 1, "area"])
            assert {area for area, letter in letters.items() if letter == "2"} == far
            counted += len(expected)
    assert counted > 100


def test_a_funnel_s_lines_run_through_the_limits_of_the_areas(page: PageFigures, contents: Contents) -> None:
    rows = latest(contents.comparison, contents.period)
    kind = [one["code"] for one in page.block["kinds"]].index("practice")
    checked = 0
    for about in page.block["indicators"]:
        own = rows[(rows["indicator"] == about["code"]) & (rows["kind"] == "practice")]
        own = own[own["denominator"].gt(0) & own["funnel_upper_95"].notna()]
        if about["expected"] >= 0 or (own["expected"].notna()).any() or about["name"].startswith("Deaths"):
            continue  # standardised: the line is that of an area of typical ages
        funnel = about["funnels"][kind]
        upper = page.letters(funnel["lines"][1], about["funnel_scale"])
        line = np.interp(own["denominator"], funnel["across"], upper)
        width = (own["funnel_adjusted_upper_95"] - own["funnel_target"]).to_numpy()
        off = np.abs(line - own["funnel_adjusted_upper_95"].to_numpy()) / width
        if np.median(off) < 0.005:  # limits that hang on size alone
            checked += 1
            assert np.quantile(off, 0.95) < 0.03
    assert checked > 50


def test_spines_are_drawn_on_what_the_spine_chart_is(page: PageFigures, contents: Contents) -> None:
    area = contents.areas.loc[contents.areas["kind"] == "locality", "area"].iloc[0]
    rows = latest(contents.comparison, contents.period)
    expected = spine_rows(rows, contents.catalogue, area).set_index("indicator")
    kind = [one["code"] for one in page.block["kinds"]].index("locality")
    for about in page.block["indicators"]:
        if about["code"] not in expected.index:
            continue
        centre, *others = about["spreads"][kind]
        low, quarter, three_quarters, high = others
        reach = max(high - centre, centre - low) or 1
        sign = -1 if about["polarity"] == "low" else 1
        own = expected.loc[about["code"]]
        ends = (("low", low), ("quarter", quarter), ("three_quarters", three_quarters), ("high", high))
        for name, end in ends:
            assert sign * (end - centre) / reach == pytest.approx(own[f"at_{name}"], abs=0.005)


def test_the_block_cannot_end_the_element_it_stands_in(few: Contents) -> None:
    hostile = '</script><script>alert("1")</script><!--\u202e\x00'
    areas = few.areas.assign(name=hostile)
    block = figures_json(
        replace(few, areas=areas, catalogue=few.catalogue.assign(name=hostile, unit=hostile))
    )
    assert "<" not in block
    assert "\u202e" not in block
    assert set(json.loads(block)["areas"]["name"]) == {'</script><script>alert("1")</script><!--'}


def test_the_same_contents_give_the_same_block_in_any_order_of_rows(few: Contents) -> None:
    shuffled = replace(
        few,
        opportunity=few.opportunity.sample(frac=1, random_state=1),
        trend=few.trend.sample(frac=1, random_state=2),
        peers=few.peers.sample(frac=1, random_state=3),
    )
    assert figures_json(few) == figures_json(shuffled)


def many(few: Contents, areas: int) -> Contents:
    """A pack with as many finest areas, all alike."""
    practice = few.areas[few.areas["kind"] == "practice"].head(1)
    codes = [f"P{number:05d}" for number in range(areas)]
    grown = practice.loc[practice.index.repeat(areas)].assign(area=codes, name=codes)
    rest = few.areas[few.areas["kind"] != "practice"]
    own = few.comparison[few.comparison["area"] == practice["area"].iloc[0]]
    rows = own.iloc[np.repeat(np.arange(len(own)), areas)].assign(area=codes * len(own))
    return replace(
        few,
        areas=pd.concat([rest, grown], ignore_index=True),
        comparison=pd.concat(
            [few.comparison[few.comparison["area"].isin(rest["area"])], rows], ignore_index=True
        ),
    )


def test_more_areas_than_a_page_can_carry_are_left_out_by_kind_and_said_to_be(few: Contents) -> None:
    pack = many(few, 6500)
    block = json.loads(figures_json(pack))
    assert (left_out(pack), left_out(few)) == ("practices", "")
    said = "The practices are too many to be chosen here; the folder tables has the figures of each."
    assert said in page_html(pack, Gallery.load(()))
    assert "too many to be chosen" not in page_html(few, Gallery.load(()))
    assert [kind["code"] for kind in block["kinds"]] == ["icb", "locality"]
    assert set(block["areas"]["code"]) == set(few.areas.loc[few.areas["kind"] != "practice", "area"])


def test_a_pack_of_one_kind_with_too_many_areas_has_no_charts_to_choose(few: Contents) -> None:
    pack = many(few, 6500)
    finest = pack.areas["kind"] == "practice"
    alone = replace(
        pack,
        focus="",
        areas=pack.areas[finest].assign(parent=None).reset_index(drop=True),
        comparison=pack.comparison[pack.comparison["kind"] == "practice"],
    )
    assert figures_json(alone) == ""


def test_too_many_periods_leave_the_finest_areas_their_latest(few: Contents) -> None:
    periods = [f"{year}/{year - 1999:02d}" for year in range(2000, 2015)]
    rows = few.comparison.iloc[np.repeat(np.arange(len(few.comparison)), len(periods))]
    rows = rows.assign(period=periods * len(few.comparison)).sort_values("period", kind="stable")
    pack = many(replace(few, comparison=rows, period=periods[-1]), 1000)
    axes = Axes.of(pack)
    assert len(axes.areas) > 1000
    assert 0 < len(axes.followed) < 20
    page = PageFigures(block=json.loads(figures_json(pack)))
    shown = page.rows()
    latest_of_finest = shown[(shown["area"] == "P00001") & (shown["column"] == "value")]
    assert set(latest_of_finest["period"]) == {periods[-1]}
    assert len(latest_of_finest) == few.comparison["indicator"].nunique()


finite = st.floats(-1e7, 1e7).map(lambda value: value if abs(value) > 1e-5 else 0.0)


@given(npst.arrays(float, st.integers(1, 30), elements=finite), st.booleans())
def test_packed_figures_read_back_to_what_is_shown(values: np.ndarray, price: bool) -> None:
    scale = scale_of(values, price=price)
    page = PageFigures(block={"letters": LETTERS})
    found = np.array(
        page.letters(pack(values, scale, price=price), [scale.start, scale.decimals, scale.width])
    )
    np.testing.assert_allclose(found, rounded(values, scale, price=price), rtol=1e-12, atol=scale.step / 1e6)


@given(st.floats(1e-4, 1e9))
def test_decimals_are_those_of_the_words(value: float) -> None:
    decimals = int(decimals_shown(np.array([value]))[0])
    written = words.number(value)
    assert len(written.partition(".")[2]) == decimals or value == int(value)


def test_a_figure_that_is_not_there_is_dots_and_none_is_an_empty_scale() -> None:
    scale = Scale(start=0, decimals=1, width=3)
    assert pack(np.array([np.nan, np.inf]), scale) == "......"
    assert scale_of(np.array([np.nan])) == Scale(start=0, decimals=0, width=1)
    assert not set(LETTERS) & set("\"\\<>&'`. ")
    assert len(set(LETTERS)) == len(LETTERS)


def test_a_funnel_of_too_few_areas_is_none() -> None:
    size = np.arange(1.0, curves.FEWEST)
    limits = {name: np.ones(len(size)) for name in curves.LIMITS}
    assert curves.funnel(size, np.ones(len(size)), limits) is None


def test_the_league_and_the_charts_agree_on_the_pack_s_own_area(
    page: PageFigures, contents: Contents
) -> None:
    expected = figures(contents, Claim(mode="credible", comparator="peer_mean"))["value_gbp"].dropna()
    own = page.block["focus"]
    for about in page.block["indicators"]:
        if about["code"] in expected.index:
            assert about["amount"][own] == round(expected[about["code"]])


def test_a_written_page_carries_the_block_once(few: Contents, tmp_path: Path) -> None:
    from reports.page import write_page

    write_page(few, (), tmp_path / "index.html")
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.count('id="figures"') == 1
    assert PageFigures.of(text) is not None
