"""The finance chain over the example: every view gives one total, no step grows, and plain pandas gives the same."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from variation.finance.assumptions import assume
from variation.finance.ledger import NOT_SHOWN_SINGLY, UNITS
from variation.finance.savings import ALL_LINES, work_out_savings
from variation.finance.savings_lines import activity_now
from variation.settings.finance import FinanceSettings
from variation.tables import STEPS

PENNY = 0.005


def again(analysis, assumed):
    """The chain under other assumptions."""
    inputs = analysis.inputs
    activity = activity_now(analysis.comparison, analysis.opportunity, inputs.tree, inputs.settings.focus)
    return work_out_savings(
        assumed, analysis.ledger, activity, analysis.focus_draws, inputs.tree, inputs.settings.focus
    )


def with_general(analysis, **changes):
    assumed = analysis.inputs.assumptions
    return replace(assumed, general=assumed.general.model_copy(update=changes))


EVERY_MODE = pytest.mark.parametrize(
    ("rule", "comparator"),
    [
        (rule, comparator)
        for rule in ("credible", "rightcare", "gross")
        for comparator in ("peer_mean", "best_5")
    ],
)


@EVERY_MODE
def test_practices_localities_clusters_and_icb_give_one_total(example_analysis, rule, comparator):
    savings = again(
        example_analysis, with_general(example_analysis, rule=rule, comparator=comparator)
    ).savings
    tree = example_analysis.inputs.tree
    kind_of = dict(zip(tree.codes, tree.kinds, strict=True))
    depth = {kind: place for place, kind in enumerate(reversed(tree.kinds_by_depth))}
    for step in ("gross", "credible", "deduplicated"):
        rows = savings[savings["step"] == step]
        rest = rows[rows["kind"] == NOT_SHOWN_SINGLY]
        rest_depth = rest["area"].map(kind_of).map(depth)
        whole = rows.loc[rows["kind"] == "icb", ["commissioner_gbp", "investment_gbp"]].sum()
        for kind in ("cluster", "locality", "practice"):
            shown = rows.loc[rows["kind"] == kind, ["commissioner_gbp", "investment_gbp"]].sum()
            above = rest.loc[rest_depth < depth[kind], ["commissioner_gbp", "investment_gbp"]].sum()
            np.testing.assert_allclose(shown + above, whole, atol=PENNY)


@EVERY_MODE
def test_no_row_of_the_table_grows_from_step_to_step(example_analysis, rule, comparator):
    savings = again(
        example_analysis, with_general(example_analysis, rule=rule, comparator=comparator)
    ).savings
    savings = savings[savings["commissioner_gbp"].notna()]
    keys = ["indicator", "area", "kind"]
    wide = savings[savings["year"].isna()].pivot_table(
        index=keys, columns="step", values=["commissioner_gbp", "system_gbp"]
    )
    for view in ("commissioner_gbp", "system_gbp"):
        steps = wide[view][list(STEPS[:6])]
        assert (steps.diff(axis=1).iloc[:, 1:].fillna(0) <= PENNY).all(axis=None)
        flows = savings[savings["year"].notna()].pivot_table(
            index=[*keys, "year"], columns="step", values=view
        )
        assert (flows["net"] <= flows["phased"] + PENNY).all()
        full = steps["deliverable"].reindex(flows.index.droplevel("year")).to_numpy()
        assert (flows["phased"].to_numpy() <= full + PENNY).all()


def test_the_credible_step_counted_once_is_the_headline_to_the_penny(example_analysis):
    totals = example_analysis.totals.query(
        "area == 'DOR' and mode == 'credible' and comparator == 'peer_mean'"
    ).iloc[0]
    whole = example_analysis.finance.chain.query("plan_line == 'All lines'").set_index("step")[
        "commissioner_gbp"
    ]
    assert whole["deduplicated"] == pytest.approx(totals["value_gbp"], abs=PENNY)
    assert whole["credible"] - whole["deduplicated"] == pytest.approx(totals["overlap_gbp"], abs=PENNY)


def test_the_interval_counted_once_is_that_of_the_headline(example_analysis):
    totals = example_analysis.totals.query(
        "area == 'DOR' and mode == 'credible' and comparator == 'peer_mean'"
    ).iloc[0]
    once = example_analysis.finance.chain.query("plan_line == 'All lines' and step == 'deduplicated'").iloc[0]
    for name in ("p10", "p50", "p90"):  # the chain's draws are to the whole £
        assert once[name] == pytest.approx(totals[name], abs=25)


def by_plain_pandas(analysis):
    """Each line from units to net in the plan's year, one line after another."""
    assumed, settings = analysis.inputs.assumptions, analysis.inputs.assumptions.general
    own = analysis.ledger.query("area == 'DOR' and direction == 'reduce'").set_index("indicator")
    delivery = assumed.delivery.set_index("point_of_delivery")
    schemes = assumed.schemes.set_index("scheme")
    phasing = assumed.phasing.set_index("phasing")
    rows = []
    for line in assumed.lines.to_dict("records"):
        if line["indicator"] in own.index:
            value = own.loc[line["indicator"], "credible_peer_mean_units"] * line["unit_cost"]
            rows.append(line | {"value": value})
    table = pd.DataFrame(rows)
    table["once"] = table["value"].where(
        table["value"] == table.groupby("overlap_group")["value"].transform("max"), 0.0
    )
    for place, line in table.iterrows():
        scheme, point = schemes.loc[line["scheme"]], delivery.loc[line["point_of_delivery"]]
        signed = settings.addressable if np.isnan(scheme["addressable"]) else scheme["addressable"]
        sure = settings.deliverable if np.isnan(scheme["deliverable"]) else scheme["deliverable"]
        rate = point["marginal_rate"] if np.isnan(line["marginal_rate"]) else line["marginal_rate"]
        table.loc[place, "full"] = line["once"] * signed * rate * point["contract"] * sure
    full = table.groupby("scheme")["full"].sum()
    net = {}
    for name, amount in full.items():
        scheme = schemes.loc[name]
        since = int(settings.plan_year - scheme["start_year"])
        share = phasing.loc[scheme["phasing"], f"year_{since}"] * (scheme["months"] / 12 if since == 0 else 1)
        cost = scheme["recurrent_cost_gbp"] if amount > 0 else 0
        assert since > 0  # the example's schemes have all started by then
        net[name] = amount * share * (1 - settings.reinvestment) - cost
    return table, pd.Series(net)


def test_net_is_what_plain_pandas_gives_scheme_by_scheme(example_analysis):
    _, net = by_plain_pandas(example_analysis)
    found = example_analysis.finance.schemes.set_index("scheme")["net_gbp"]
    np.testing.assert_allclose(found.loc[net.index], net, atol=PENNY)


def test_the_cap_takes_down_every_line_of_a_group_alike(example_analysis):
    free = again(example_analysis, with_general(example_analysis, overlap_cap=1.0))
    capped = again(example_analysis, with_general(example_analysis, overlap_cap=0.01))
    spend = capped.lines.spend
    table = capped.lines.table.assign(
        once=capped.lines.value * capped.lines.counted, free=free.lines.value * free.lines.counted
    )
    groups = table.groupby("overlap_group")[["once", "free"]].sum()
    limit = 0.01 * spend.loc[groups.index]
    np.testing.assert_allclose(groups["once"], np.minimum(groups["free"], limit), atol=PENNY)
    assert (groups["once"] < groups["free"] - 1).any()


def test_a_known_overlap_leaves_the_rest_of_the_smaller_line(example_analysis):
    inputs = example_analysis.inputs
    pairs = pd.DataFrame(
        {"indicator": ["ambulatory_care_admissions"], "other": ["length_of_stay"], "share": [0.25]}
    )
    empty = {name: pd.DataFrame({key: pd.Series(dtype=object)}) for name, key in
             (("assumptions", "indicator"), ("schemes", "scheme"))}  # fmt: skip
    assumed = assume(inputs.settings.finance, inputs.catalogue, {**empty, "overlaps": pairs})
    lines = again(example_analysis, assumed).lines
    kept = dict(zip(lines.table["indicator"], lines.keep, strict=True))
    # Of those larger than it in its group, respiratory spend still counts all of it.
    assert kept["ambulatory_care_admissions"] == 0
    assert kept["length_of_stay"] == 1


@pytest.mark.parametrize("rule", ["rightcare", "gross"])
def test_rules_without_draws_have_no_interval(example_analysis, rule):
    found = again(example_analysis, with_general(example_analysis, rule=rule))
    assert found.chain[["p10", "p50", "p90"]].isna().all(axis=None)


def test_under_use_is_in_a_column_of_its_own_and_in_no_saving(example_analysis):
    savings = example_analysis.finance.savings
    need = savings[savings["investment_gbp"].notna()]
    assert set(need["step"]) == {"gross", "credible"}
    assert need["commissioner_gbp"].isna().all()
    assert need["system_gbp"].isna().all()
    rows = example_analysis.opportunity.query(
        "area == 'DOR' and mode == 'credible' and comparator == 'peer_mean'"
    )
    own = need.query("area == 'DOR' and kind == 'icb' and step == 'credible'")
    assert own["investment_gbp"].sum() == pytest.approx(rows["investment_gbp"].sum(), abs=PENNY)


def test_the_plan_counts_each_line_once_and_a_parent_its_parts(example_analysis):
    plan = example_analysis.plan.set_index("plan_line")
    parts = plan[plan["parent"] == "Managing demand together"]
    for column in ("identified_gbp", "net_gbp", "system_net_gbp"):
        assert plan.loc["Managing demand together", column] == pytest.approx(parts[column].sum(), abs=PENNY)
    whole = example_analysis.finance.chain.query(
        f"plan_line == '{ALL_LINES}' and step == 'net' and year == 4"
    ).iloc[0]
    assert plan.loc["Total", "net_gbp"] == pytest.approx(whole["commissioner_gbp"], abs=PENNY)
    np.testing.assert_allclose(plan["gap_gbp"], plan["target_gbp"] - plan["net_gbp"])


def test_the_ledger_shows_what_single_areas_do_not_only_together(example_analysis):
    ledger = example_analysis.ledger
    rest = ledger[ledger["kind"] == NOT_SHOWN_SINGLY]
    assert len(rest)
    withheld = ledger[(ledger["kind"] == "practice") & ledger["credible_peer_mean_units"].isna()]
    parent = example_analysis.inputs.areas.set_index("area")["parent"]
    # Where a locality has a rest, one of its practices' figures is withheld; a practice without any gap has no row.
    pairs = set(zip(withheld["indicator"], withheld["area"].map(parent), strict=True))
    with_rest = rest[rest["credible_peer_mean_units"] > 0]
    assert set(zip(with_rest["indicator"], with_rest["area"], strict=True)) <= pairs
    assert (ledger[UNITS].fillna(0) >= 0).all(axis=None)


def test_the_same_inputs_give_the_same_tables(example_analysis):
    once, twice = (again(example_analysis, example_analysis.inputs.assumptions) for _ in range(2))
    for name in ("savings", "chain", "schemes"):
        pd.testing.assert_frame_equal(getattr(once, name), getattr(twice, name))


def test_usual_prices_stay_where_only_one_rate_is_given():
    settings = FinanceSettings.model_validate({"delivery": {"non_elective": {"marginal_rate": 0.3}}})
    assert settings.delivery["non_elective"].price == 1590
    assert settings.delivery["non_elective"].marginal_rate == 0.3
    assert settings.delivery["outpatient"].price == 120


@pytest.mark.parametrize(
    ("table", "text", "column", "code"),
    [
        (
            "assumptions",
            "indicator,point_of_delivery\nasthma,hospital\n",
            "point_of_delivery",
            "unknown_value",
        ),
        ("assumptions", "indicator,marginal_rate\nasthma,1.2\n", "marginal_rate", "out_of_range"),
        ("assumptions", "indicator,scheme\ngout,A\n", "indicator", "unknown_value"),
        ("schemes", "scheme,months\nA,13\n", "months", "out_of_range"),
        ("schemes", "scheme,start_year\nA,1.5\n", "start_year", "out_of_range"),
        ("schemes", "scheme,phasing\nA,slowly\n", "phasing", "unknown_value"),
        ("schemes", "scheme,addressable\nA,-0.1\n", "addressable", "out_of_range"),
        ("schemes", "scheme,recurrent\nA,maybe\n", "recurrent", "unknown_value"),
        ("schemes", "scheme,months\nA,6\nA,7\n", "scheme", "duplicate"),
        ("overlaps", "indicator,other,share\nasthma,gout,0.5\n", "other", "unknown_value"),
        ("overlaps", "indicator,other,share\nasthma,smoking,50\n", "share", "out_of_range"),
    ],
)
def test_what_cannot_be_assumed_is_named_with_its_line(read_tiny, table, text, column, code):
    found = read_tiny(**{table: text})
    (finding,) = [one for one in found.of(code) if one.column == column]
    assert finding.severity == "error"
    assert finding.table == f"{table}.csv"
    assert finding.row == text.count("\n")


def test_an_analysis_without_any_of_the_tables_has_schemes_by_programme(read_tiny):
    assumed = read_tiny().inputs.assumptions
    assert assumed.lines[["indicator", "scheme", "point_of_delivery"]].to_numpy().tolist() == [
        ["asthma", "All indicators: other", "other"]
    ]
    assert assumed.overlaps.empty


def test_settings_that_name_no_phasing_or_point_of_delivery_are_errors(read_tiny):
    tried = 'phasing = ["slow", "never"]\npoint_of_delivery = "home"'
    found = read_tiny(settings=f'[finance]\nprofile = "fast"\n[finance.what_if]\n{tried}')
    assert [(finding.severity, finding.column, finding.value) for finding in found.of("unknown_value")] == [
        ("error", "finance.profile", "fast"),
        ("error", "finance.what_if.phasing", "never"),
        ("error", "finance.what_if.point_of_delivery", "home"),
    ]
