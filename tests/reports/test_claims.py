"""Ways to size an opportunity, the same in workbook and page."""

from dataclasses import replace

from reports.claims import Claim, claims, figures, headline_claim
from reports.contents import Contents
from reports.tree import finest_kind


def test_the_headline_s_claim_comes_first_then_the_published_rule(contents: Contents) -> None:
    found = claims(contents)
    assert found[0] == headline_claim(contents) == Claim(mode="credible", comparator="peer_mean")
    assert found[1] == Claim(mode="rightcare", comparator="best_5")
    pairs = contents.opportunity[["mode", "comparator"]].drop_duplicates().itertuples(index=False, name=None)
    assert {(one.mode, one.comparator) for one in found} == set(pairs)
    assert len({one.label for one in found}) == len(found)


def test_the_headline_s_claim_is_named_even_where_nothing_was_sized(few: Contents) -> None:
    assert claims(replace(few, opportunity=few.opportunity.head(0))) == [headline_claim(few)]


def test_figures_are_those_of_the_pack_s_own_area(contents: Contents) -> None:
    claim = Claim(mode="rightcare", comparator="best_5")
    rows = contents.opportunity
    own = rows[
        (rows["area"] == contents.focus) & (rows["mode"] == "rightcare") & (rows["comparator"] == "best_5")
    ]
    shown = figures(contents, claim)["value_gbp"].dropna()
    assert shown.to_dict() == own.set_index("indicator")["value_gbp"].dropna().to_dict()
    assert shown.is_monotonic_decreasing


def test_a_negative_gap_is_never_netted_off_in_a_pack_without_an_area_of_its_own(contents: Contents) -> None:
    rows = contents.opportunity
    finest = rows[(rows["kind"] == finest_kind(contents.areas)) & (rows["mode"] == "percentile")]
    assert (finest["value_gbp"] < 0).any()
    shown = figures(replace(contents, focus=""), Claim(mode="percentile", comparator="percentile"))
    code = finest.loc[finest["value_gbp"].idxmin(), "indicator"]
    own = finest.loc[finest["indicator"] == code, "value_gbp"]
    assert abs(shown.loc[code, "value_gbp"] - own[own > 0].sum()) < 0.01
