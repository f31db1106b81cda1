"""The sentences that a pack opens with: every figure in them is computed again from its tables."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from reports import words
from reports.contents import Contents
from reports.headlines import headline, headlines, net_sentence, overall
from reports.pack_rows import league, total_row

BLAME = ("poor", "failing", "worst", "risk", "league", "outlier", "bad")
POUNDS = re.compile(r"−?£[\d,.]+(?:m|bn)?(?<![.,])")


def amounts(sentence: str) -> list[str]:
    """The sums of money in a sentence, in its order."""
    return POUNDS.findall(sentence)


def counts(sentence: str, name: str) -> list[int]:
    """The whole numbers in a sentence after the indicator's name, but those of money, periods and intervals."""
    rest = POUNDS.sub("", sentence.removeprefix(name))
    rest = re.sub(r"\d{4}/\d\d|80%", "", rest)
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", rest)]


def opportunity(contents: Contents, indicator: str, mode: str, comparator: str) -> "pd.Series[Any]":
    """Row of the opportunity table of the pack's own area."""
    keys = {"indicator": indicator, "area": contents.focus, "mode": mode, "comparator": comparator}
    rows = contents.opportunity
    for column, value in keys.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def practices(contents: Contents, indicator: str) -> pd.DataFrame:
    """Rows of the comparison of one indicator's practices in the pack's period that have a value."""
    rows = contents.comparison.query("kind == 'practice' and indicator == @indicator")
    return rows[(rows["period"] == contents.period) & rows["value"].notna()]


@pytest.fixture(scope="module")
def said(contents: Contents) -> dict[str, str]:
    """Headline of every indicator."""
    return headlines(contents)


@pytest.fixture(scope="module")
def catalogue(contents: Contents) -> pd.DataFrame:
    """The catalogue by indicator."""
    return contents.catalogue.set_index("indicator")


def test_there_is_a_headline_of_each_indicator_by_name(said: dict[str, str], catalogue: pd.DataFrame) -> None:
    assert list(said) == catalogue.index.tolist()
    assert all(said[code].startswith(f"{name}: ") for code, name in catalogue["name"].items())


def test_every_count_in_every_headline_is_that_of_the_comparison(
    contents: Contents, said: dict[str, str], catalogue: pd.DataFrame
) -> None:
    chance = contents.variation.query("kind == 'practice' and period == @contents.period")
    expected = chance.set_index("indicator")["flags_expected_by_chance"]
    for code, sentence in said.items():
        rows, about = practices(contents, code), catalogue.loc[code]
        if rows.empty:
            assert sentence == f"{about['name']}: no practice has a figure to compare."
            continue
        marked = rows["significance"].value_counts()
        local = about["polarity"] == "local"
        first = [marked["higher"]] if local else [marked["worse"]]
        first += [len(rows)] + ([marked["lower"]] if local else [])
        if (rows["significance"] == "not tested").all():
            assert f"Of {words.count_of(len(rows), 'practice')} none is large enough to be told" in sentence
            continue
        by_chance = words.expected_count(expected.get(code) / (2 if local else 1))
        first += [int(digits) for digits in re.findall(r"\d+", by_chance)]
        flagged = sentence.split(". ")[0].split(" Credible")[0]
        assert counts(flagged, about["name"]) == first, sentence
        assert f"({by_chance} expected by chance" in sentence
    assert any("none is large enough" in sentence for sentence in said.values())


def test_every_sum_of_money_in_every_headline_is_that_of_the_opportunity(
    contents: Contents, said: dict[str, str], catalogue: pd.DataFrame
) -> None:
    seen = set()
    sized = set(league(contents)["indicator"])
    for code, sentence in said.items():
        if catalogue.loc[code, "polarity"] == "local" or code not in sized:
            assert amounts(sentence) == []
            continue
        credible = opportunity(contents, code, "credible", "peer_mean")
        rule = opportunity(contents, code, "rightcare", "best_5")
        column = "investment_gbp" if pd.isna(credible["value_gbp"]) else "value_gbp"
        if pd.isna(credible[column]):
            seen.add("units")
            assert amounts(sentence) == []
            assert f"{words.number(credible['units'], 0)} " in sentence
            assert f"{words.number(rule['units'], 0)} " in sentence.partition("RightCare's")[2]
            assert sentence.count("(without a price)") == 2
        else:
            seen.add(column)
            figures = [
                credible[column],
                credible["p10"],
                credible["p90"],
                rule[column],
                rule["chance_floor_gbp"],
            ]
            assert amounts(sentence) == [words.pounds(figure) for figure in figures if pd.notna(figure)], code
            assert ("investment need" in sentence) == (column == "investment_gbp")
    assert seen == {"value_gbp", "investment_gbp", "units"}


@pytest.mark.parametrize("polarity", ["low", "high", "local"])
def test_one_headline_is_the_same_as_that_among_all(
    contents: Contents, said: dict[str, str], catalogue: pd.DataFrame, polarity: str
) -> None:
    for code in catalogue.index[catalogue["polarity"] == polarity][:3]:
        assert headline(contents, code) == said[code]


def test_the_side_asked_about_is_above_for_what_should_be_low_and_below_for_what_should_be_high(
    said: dict[str, str], catalogue: pd.DataFrame
) -> None:
    for code, polarity in catalogue["polarity"].items():
        flagged = said[code].removeprefix(catalogue.loc[code, "name"])
        if "none is large enough" in flagged:
            continue
        assert (" below their peers" in flagged) == (polarity in ("high", "local"))
        if polarity != "high":
            assert re.search(r" (is|are) above ", flagged)


def test_no_sentence_blames(contents: Contents, said: dict[str, str], catalogue: pd.DataFrame) -> None:
    own_words = " ".join(
        sentence.removeprefix(catalogue.loc[code, "name"]) for code, sentence in said.items()
    )
    for word in BLAME:
        assert word not in f"{own_words} {' '.join(overall(contents))}".casefold()


def test_an_indicator_for_local_interpretation_has_no_money_and_no_verdict(
    said: dict[str, str], catalogue: pd.DataFrame
) -> None:
    for code in catalogue.index[catalogue["polarity"] == "local"]:
        assert said[code].endswith(" Which direction is better is for local interpretation.")
        assert "on each side" in said[code] or "none is large enough" in said[code]
        assert "£" not in said[code]


def test_an_indicator_without_figures_is_said_to_have_none(contents: Contents) -> None:
    code = contents.catalogue["indicator"].iloc[0]
    without = contents.comparison["indicator"] != code
    name = contents.catalogue["name"].iloc[0]
    empty = replace(contents, comparison=contents.comparison[without])
    assert headline(empty, code) == f"{name}: no practice has a figure to compare."


def test_an_indicator_without_an_opportunity_is_said_to_have_none_sized(contents: Contents) -> None:
    code = league(contents)["indicator"].iloc[0]
    none = replace(contents, opportunity=contents.opportunity.iloc[:0])
    assert headline(none, code).endswith(" No opportunity has been sized.")
    assert overall(none)[:2] == [
        "No opportunity with a price has been sized in this pack.",
        "No indicator shows an opportunity with a price.",
    ]


def test_an_indicator_that_is_not_in_the_catalogue_has_no_headline(contents: Contents) -> None:
    with pytest.raises(ValueError, match="expected an indicator of the catalogue, got 'odd'"):
        headline(contents, "odd")


def test_by_the_published_rule_the_sentence_says_so_and_what_chance_alone_would_flag(
    contents: Contents,
) -> None:
    published = replace(contents, headline_mode="rightcare", headline_comparator="best_5")
    code = league(published)["indicator"].iloc[0]
    row, rows = opportunity(contents, code, "rightcare", "best_5"), practices(contents, code)
    flagged = (rows["significance_rightcare"] == "worse").sum()
    assert headline(published, code).partition("expected by chance). ")[2] == (
        f"Opportunity by RightCare's published rule {words.pounds(row['value_gbp'])} in 2016/17 against the mean"
        f" of the best five of ten peers; chance alone would give {words.pounds(row['chance_floor_gbp'])} by that"
        f" rule. That rule flags {flagged} of {len(rows)}; about 12 by chance alone."
    )


def test_the_total_is_that_of_the_totals_table(contents: Contents) -> None:
    own = total_row(contents, "credible", "peer_mean")
    rule = total_row(contents, "rightcare", "best_5")
    assert own is not None
    assert rule is not None
    first, _, last = overall(contents)
    figures = [own["value_gbp"], own["p10"], own["p90"], own["overlap_gbp"]]
    figures += [rule["value_gbp"], rule["chance_floor_gbp"]]
    assert amounts(first) == [words.pounds(figure) for figure in figures]
    assert amounts(last) == [words.pounds(own["chance_floor_gbp"])]


def test_the_three_biggest_are_those_with_most_money(contents: Contents, catalogue: pd.DataFrame) -> None:
    rows = contents.opportunity.query(
        "area == @contents.focus and mode == 'credible' and comparator == 'peer_mean' and value_gbp > 0"
    )
    named = [
        f"{catalogue.loc[code, 'name']} ({words.pounds(value)})"
        for code, value in rows.nlargest(3, "value_gbp")[["indicator", "value_gbp"]].itertuples(index=False)
    ]
    assert overall(contents)[1] == f"The three biggest are {named[0]}, {named[1]} and {named[2]}."


def test_the_caveat_counts_the_flags_of_all_judged_indicators(
    contents: Contents, catalogue: pd.DataFrame
) -> None:
    judged = catalogue.index[catalogue["polarity"] != "local"]
    rows = contents.comparison.query(
        "kind == 'practice' and period == @contents.period and indicator in @judged"
    )
    chance = contents.variation.query(
        "kind == 'practice' and period == @contents.period and indicator in @judged"
    )
    flagged = ((rows["significance"] == "worse") & rows["value"].notna()).sum()
    expected = round(chance["flags_expected_by_chance"].sum())
    assert (
        f"chance would still raise about {expected} flags; there are {flagged:,} over {len(judged)} indicators"
        in overall(contents)[2]
    )


def test_without_a_totals_table_the_sum_says_that_it_counts_twice(contents: Contents) -> None:
    first = overall(replace(contents, totals=pd.DataFrame()))[0]
    rows = contents.opportunity.query(
        "area == @contents.focus and mode == 'credible' and comparator == 'peer_mean'"
    )
    assert amounts(first) == [words.pounds(rows["value_gbp"].sum())]
    assert f"over {rows['value_gbp'].notna().sum()} indicators" in first
    assert first.endswith("what two indicators count twice is not taken out.")


@pytest.mark.parametrize(("kept", "begins"), [(1, "The biggest is "), (2, "The two biggest are ")])
def test_fewer_than_three_are_said_to_be_so(contents: Contents, kept: int, begins: str) -> None:
    codes = league(contents)["indicator"].head(kept)
    some = replace(contents, opportunity=contents.opportunity[contents.opportunity["indicator"].isin(codes)])
    assert overall(some)[1].startswith(begins)


@pytest.fixture(scope="module")
def of_all(contents: Contents) -> Contents:
    """The pack without an area of its own."""
    return replace(contents, focus="")


def test_a_pack_without_an_area_of_its_own_sums_its_finest_areas_without_an_interval(
    of_all: Contents,
) -> None:
    rows = of_all.opportunity.query("kind == 'practice' and mode == 'credible' and comparator == 'peer_mean'")
    sums = rows.assign(value_gbp=rows["value_gbp"].clip(lower=0)).groupby("indicator")["value_gbp"]
    expected = sums.sum(min_count=1)
    table = league(of_all).set_index("indicator")
    pd.testing.assert_series_equal(table["value_gbp"].sort_index(), expected.sort_index(), check_names=False)
    assert table[["p10", "p50", "p90"]].isna().all(axis=None)
    code = table.index[0]
    assert f"Credible opportunity {words.pounds(expected[code])} " in headline(of_all, code)
    assert "80% interval" not in headline(of_all, code)
    assert overall(of_all)[0].startswith("Credible opportunity: £")


def test_the_net_sentence_says_what_is_left_for_whom_in_which_year_and_how_sure(contents):
    said = net_sentence(contents)
    whole = contents.chain[contents.chain["plan_line"] == "All lines"]
    once = whole.loc[whole["step"] == "deduplicated", "commissioner_gbp"].iloc[0]
    net = whole[(whole["step"] == "net") & (whole["year"] == contents.finance.general.plan_year)].iloc[0]
    for amount in (once, net["commissioner_gbp"], net["p10"], net["p90"], net["system_gbp"]):
        assert words.pounds(amount) in said
    assert "year 4" in said
    assert "chance alone" in said


def test_without_a_chain_there_is_no_net_sentence(contents):
    assert net_sentence(replace(contents, chain=contents.chain.iloc[:0])) == ""


def test_a_rule_without_draws_has_no_interval_in_the_net_sentence(contents):
    bare = contents.chain.assign(p10=float("nan"), p90=float("nan"))
    assert "interval" not in net_sentence(replace(contents, chain=bare))
