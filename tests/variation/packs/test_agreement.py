"""Every total is held against its parts before anything is written: one number wrong, and the last pack stays."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.assurance.small import hashes
from tests.attack.worlds import pooled_world, random_world
from variation.analysis import analyse
from variation.areas.tree import area_tree
from variation.comparison.compare import compare
from variation.comparison.peering import choose_peers
from variation.disclosure.protect import protect
from variation.disclosure.withhold import withhold_comparison
from variation.packs.agreement import BY_AREA, DisagreementError, figures_that_disagree
from variation.packs.agreement_of_money import money_that_disagrees
from variation.packs.pack import contents_of, tables_of, write_pack
from variation.policies import POLICIES
from variation.settings import ComparisonSettings, Peers

COLUMNS = [(spec.name, column.name) for spec in BY_AREA for column in spec if column.adds_up]


@pytest.fixture(scope="module", params=["internal", "hes_2018"])
def finished(request, small_analysis):
    """Finished tables of the small analysis as they are, and rounded, with what their checks need."""
    return tables_under(small_analysis, POLICIES[request.param])


def tables_under(small_analysis, policy):
    analysis = small_analysis if policy.name == "internal" else analyse(small_analysis.inputs, policy=policy)
    settings = analysis.inputs.settings
    about = {"focus": settings.focus, "plan_year": settings.finance.plan_year}
    return tables_of(contents_of(analysis)), policy, about


def found(finished, **changed):
    tables, policy, about = finished
    tables = tables | changed
    return [*figures_that_disagree(tables, policy=policy), *money_that_disagrees(tables, **about)]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_the_totals_of_an_analysis_agree_under_every_policy(small_analysis, policy):
    assert found(tables_under(small_analysis, policy)) == []


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_one_number_too_large_in_any_column_that_adds_up_is_found(finished, table, column):
    """The largest figure of a parent: far beyond what a policy rounds or withholds."""
    tables, policy, _ = finished
    frame = tables[table].copy()
    tree = area_tree(tables["areas"])
    parents = frame["area"].isin(tree.codes[tree.with_children]) & (frame["kind"] != "not shown singly")
    amounts = frame[column].where(parents)
    place = amounts.idxmax()
    frame.loc[place, column] *= 0.5 if policy.hides else 1 + 1e-6
    wrong = found(finished, **{table: frame})
    assert {(one.table, one.column) for one in wrong} >= {(table, column)}
    assert any(frame.loc[place, "area"] in one.message for one in wrong)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("totals", "value_gbp"),
        ("totals", "overlap_gbp"),
        ("ledger", "credible_peer_mean_units"),
        ("chain", "commissioner_gbp"),
        ("chain", "system_gbp"),
        ("chain", "investment_gbp"),
        ("scheme_savings", "net_gbp"),
        ("scheme_savings", "system_net_gbp"),
        ("scheme_savings", "deduplicated_gbp"),
        ("scheme_savings", "deliverable_gbp"),
        ("plan", "identified_gbp"),
        ("plan", "net_gbp"),
        ("plan", "system_net_gbp"),
        ("plan", "investment_gbp"),
        ("plan", "gap_gbp"),
        ("opportunity", "value_gbp"),
        ("savings", "commissioner_gbp"),
    ],
)
def test_one_amount_that_is_a_pound_off_is_found_whatever_the_policy(finished, table, column):
    frame = finished[0][table].copy()
    place = frame[column].astype(float).idxmax()
    frame.loc[place, column] += 1.0
    assert found(finished, **{table: frame}) != []


def test_a_headline_that_is_not_that_of_the_indicators_counted_is_found(finished):
    opportunity = finished[0]["opportunity"]
    counted = opportunity["counted"].to_numpy(dtype=bool)
    largest = opportunity["value_gbp"].where(counted).idxmax()
    uncounted = opportunity.assign(counted=counted & (opportunity.index != largest))
    assert {(one.table, one.column) for one in found(finished, opportunity=uncounted)} == {
        ("totals", "value_gbp")
    }


def test_a_step_that_leaves_more_than_the_one_before_it_is_found(finished):
    chain = finished[0]["chain"].copy()
    step = chain["step"].eq("cashable") & chain["plan_line"].eq("All lines")
    chain.loc[step, "commissioner_gbp"] = chain["commissioner_gbp"].max() * 2
    assert any("no more may be left" in one.message for one in found(finished, chain=chain))


def test_many_that_disagree_are_listed_and_the_rest_counted(finished):
    totals = finished[0]["totals"]
    wrong = found(finished, totals=totals.assign(value_gbp=totals["value_gbp"] + 5))
    listed = [one for one in wrong if one.column == "all_gbp"]
    assert len(listed) == 5
    assert f"({len(totals) - 5} more)" in listed[-1].message


@pytest.mark.parametrize("world", [random_world, pooled_world])
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_no_pack_of_a_random_tree_is_stopped_without_need(world, policy):
    for seed in range(6):
        given = world(seed)
        protected = protect(given.panel, policy)
        tree = given.panel.tree
        peerings = choose_peers(
            tree, {kind: Peers(method="everyone") for kind in tree.kinds_by_depth}, seed=1, findings=[]
        )
        compared = compare(protected.panel, peerings, ComparisonSettings())
        tables = {
            "areas": given.areas,
            "comparison": withhold_comparison(compared.comparison, protected),
        }
        assert figures_that_disagree(tables, policy=policy) == []


def test_a_run_whose_totals_disagree_writes_nothing_and_keeps_the_last_pack(small_analysis, tmp_path):
    out = write_pack(small_analysis, tmp_path / "pack", outputs=("tables",))
    before = hashes(tmp_path)
    opportunity = small_analysis.opportunity.copy()
    place = opportunity["value_gbp"].idxmax()
    opportunity.loc[place, "value_gbp"] += 1.0
    with pytest.raises(DisagreementError) as stopped:
        write_pack(replace(small_analysis, opportunity=opportunity), out, outputs=("tables",))
    assert {one.code for one in stopped.value.findings} == {"totals_disagree"}
    assert opportunity.loc[place, "area"] in str(stopped.value)
    assert "fault of the toolkit" in str(stopped.value)
    assert hashes(tmp_path) == before


def test_areas_with_figures_of_their_own_above_others_of_their_kind_are_not_held_against_them():
    areas = pd.DataFrame({"area": ["A", "B", "T"], "kind": ["pcn", "pcn", "icb"], "parent": ["T", "A", None]})
    rows = pd.DataFrame({"area": ["A", "B", "T"], "kind": ["pcn", "pcn", "icb"], "numerator": [15.0, 5, 15]})
    comparison = rows.assign(
        indicator="I", period="2016/17", denominator=100.0, expected=np.nan, suppressed=False
    )
    comparison.loc[[0, 2], "denominator"] = 200.0
    tables = {"areas": areas, "comparison": comparison}
    assert figures_that_disagree(tables, policy=POLICIES["internal"]) == []
