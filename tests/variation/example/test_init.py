"""The built-in example is complete, believable, and drawn from the truth that is kept beside it."""

import tomllib

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from benchmarks.intervals import rate_interval, student, wilson
from variation.example import NOTICE, dorset, write_example
from variation.example.assumptions import Recipe, recipes
from variation.example.places import practices
from variation.example.population import OPENED, PERIODS, bands, list_sizes, overlap
from variation.example.truth import own_effect, true_rate

KEY = ["indicator", "area", "period"]


@pytest.fixture(scope="module")
def example():
    return dorset()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_example(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def totals(example):
    """Strata added up, beside the truth and the catalogue."""
    counts = ["numerator", "denominator", "standard_deviation"]
    summed = example.indicators.groupby(KEY, sort=False)[counts].sum(min_count=1).reset_index()
    return summed.merge(example.truth, on=KEY, validate="one_to_one").merge(
        example.catalogue, on="indicator", validate="many_to_one"
    )


def latest(table):
    return table[table["period"] == PERIODS[-1]]


def total_of(table, indicator):
    rows = table[table["indicator"] == indicator]
    return rows.groupby(["area", "period"])[["numerator", "denominator"]].sum()


# --- places and people


def test_98_practices_stand_in_13_localities_in_three_clusters_in_one_dorset(example):
    areas = example.areas.set_index("area")
    assert areas["kind"].value_counts().to_dict() == {"practice": 98, "locality": 13, "cluster": 3, "icb": 1}
    above = {"practice": "locality", "locality": "cluster", "cluster": "icb"}
    children = areas[areas["parent"].notna()]
    assert (areas.loc[children["parent"], "kind"].to_numpy() == children["kind"].map(above)).all()
    assert areas.index.is_unique
    assert areas["name"].is_unique
    assert areas.loc[areas["parent"].isna(), "name"].to_list() == ["Dorset (synthetic example)"]


def test_752000_people_are_registered_and_every_list_is_within_its_limits(example):
    areas = example.areas
    assert areas.groupby("kind")["population"].sum().to_dict() == dict.fromkeys(areas["kind"], 752_000)
    lists = (
        total_of(example.indicators, "emergency_admissions")
        .reset_index()
        .pivot_table(index="area", columns="period", values="denominator")
    )
    assert lists.min().min() >= 1_800
    assert lists.max().max() <= 22_000
    practices = areas[areas["kind"] == "practice"].set_index("area")
    pd.testing.assert_series_equal(
        lists[PERIODS[-1]], practices["population"].astype(float), check_names=False
    )
    assert lists.sum().is_monotonic_increasing


@pytest.mark.parametrize("seed", range(5))
def test_lists_keep_their_limits_and_their_total_whatever_the_seed(seed):
    sizes = list_sizes(practices(seed), seed)
    assert sizes[:, -1].sum() == 752_000
    assert sizes.max() <= 22_000
    assert sizes[sizes > 0].min() >= 1_800


def test_features_of_a_parent_are_those_of_its_practices_weighted_by_population(example):
    practices = example.areas[example.areas["kind"] == "practice"]
    localities = example.areas[example.areas["kind"] == "locality"].set_index("area")
    for feature in ("rural", "aged_65_84", "white_other"):
        by_hand = practices.groupby("parent")[[feature, "population"]].apply(
            lambda rows, feature=feature: np.average(rows[feature], weights=rows["population"])
        )
        assert localities[feature].to_numpy() == pytest.approx(by_hand.to_numpy(), abs=1e-4)


def test_the_coast_the_country_and_the_town_differ_as_dorset_does(example):
    area = example.areas.set_index("name")
    assert area.loc["Christchurch", "aged_65_84"] > 2 * area.loc["Central Bournemouth", "aged_65_84"]
    assert area.loc["North Dorset", "rural"] > 0.5 > area.loc["Poole Bay", "rural"]
    assert area.loc["East Bournemouth", "imd"] > 2 * area.loc["East Dorset", "imd"]
    shares = example.areas.filter(regex="rural|coastal|aged|white|mixed|asian|black|other")
    assert ((shares >= 0) & (shares <= 1)).all().all()


def test_a_practice_that_opened_later_has_no_rows_before(example):
    first = example.indicators.groupby("area")["period"].min()
    late = first[first > PERIODS[0]].to_dict()
    assert late == {area: PERIODS[position] for area, position in OPENED.items()}


def test_no_practice_has_the_name_of_a_real_one(example, shared_data):
    path = shared_data / "list_size" / "gp-reg-pat-prac-map_jan2022.csv"
    real = pd.read_csv(path, usecols=["PRACTICE_CODE", "PRACTICE_NAME"])
    practices = example.areas[example.areas["kind"] == "practice"]
    assert len(real) > 6_000
    assert not set(practices["name"].str.upper()) & set(real["PRACTICE_NAME"].str.upper())
    assert not set(practices["area"]) & set(real["PRACTICE_CODE"])


def test_ages_partly_inside_a_band_count_in_part():
    assert overlap(bands(), 17, np.inf)[3:6].tolist() == [0, 0.6, 1]
    assert overlap(bands(), 0, 5)[:3].tolist() == [1, 1, 0]


# --- catalogue and plan


def test_at_least_60_indicators_are_fully_described(example):
    catalogue = example.catalogue
    assert len(catalogue) >= 60
    assert catalogue["indicator"].is_unique
    assert catalogue["name"].is_unique
    may_be_empty = {"unit_cost", "cost_basis", "cost_per_event", "cost_cv"}
    assert catalogue.drop(columns=list(may_be_empty)).notna().all().all()
    assert catalogue["question"].str.endswith("?").all()
    assert set(catalogue["indicator"]) == set(example.indicators["indicator"]) == set(recipes())


@pytest.mark.parametrize(
    ("column", "known"),
    [
        ("kind", {"proportion", "rate", "ratio", "mean", "spend"}),
        ("polarity", {"low", "high", "local"}),
        ("care_class", {"effective", "preference", "supply"}),
        ("standardise", {"none", "direct", "indirect"}),
        (
            "pathway_stage",
            [
                "risk",
                "detection",
                "primary care",
                "prescribing",
                "elective",
                "non-elective",
                "outcome",
                "spend",
            ],
        ),
    ],
)
def test_the_catalogue_uses_every_known_word_and_no_other(example, column, known):
    assert set(example.catalogue[column]) == set(known)


def test_every_programme_that_was_asked_for_has_indicators(example):
    asked = (
        "Respiratory|Circulation|Diabetes|Musculoskeletal|Mental health|Gastrointestinal|Cancer|Neurological"
        "|Frailty and falls|Maternity and children|Outpatients|Prescribing|Primary care|Workforce|Mortality"
    )
    assert set(asked.split("|")) <= set(example.catalogue["programme"])


def test_prices_stand_only_where_their_basis_is_named_and_a_direction_is_good(example):
    catalogue = example.catalogue
    priced = catalogue["unit_cost"].notna()
    assert (priced == catalogue["cost_basis"].notna()).all()
    assert (catalogue.loc[priced, "polarity"] != "local").all()
    spend = catalogue["kind"] == "spend"
    assert (spend == catalogue["cost_per_event"].notna()).all()
    assert (spend == catalogue["cost_cv"].notna()).all()
    assert (catalogue.loc[spend & priced, "unit_cost"] == 1).all()


def test_under_use_with_a_price_is_a_re_investment(example):
    catalogue = example.catalogue
    need = (catalogue["polarity"] == "high") & catalogue["unit_cost"].notna()
    assert need.sum() >= 10
    assert (need == (catalogue["plan_line"] == "Re-investment in community services")).all()


def test_the_plan_adds_up_to_229_million_and_the_catalogue_uses_its_lines(example):
    plan = example.plan.set_index("plan_line")
    children = plan[plan["parent"].notna()].groupby("parent")["target_gbp"].sum()
    assert children.to_dict() == plan.loc[children.index, "target_gbp"].to_dict()
    assert plan.loc["Total", "target_gbp"] == 229_000_000
    assert plan.loc["Managing demand together", "target_gbp"] == 83_000_000
    leaves = set(plan.index) - set(plan["parent"])
    assert set(example.catalogue["plan_line"]) <= leaves


def test_spend_is_a_believable_share_of_a_budget_of_1_2_billion(totals):
    spend = latest(totals)[latest(totals)["kind"] == "spend"]
    assert 500e6 < spend["numerator"].sum() < 700e6


# --- counts


def test_counts_are_possible(example):
    table = example.indicators.merge(example.catalogue[["indicator", "kind"]], on="indicator")
    assert (table["denominator"] > 0).all()
    assert (table["numerator"] >= 0).all()
    people = table[table["kind"] == "proportion"]
    assert (people["numerator"] <= people["denominator"]).all()
    whole = table[table["kind"] != "mean"]
    assert (whole["numerator"] % 1 == 0).all()
    assert table["standard_deviation"].notna().equals(table["kind"] == "mean")
    assert not table.duplicated([*KEY, "sex", "age_band"]).any()


def test_strata_add_up_to_the_people_at_risk(example):
    table = example.indicators
    everyone = total_of(table, "emergency_admissions")["denominator"]
    for other in ("deaths", "stroke_admissions", "heart_failure_admissions", "hypnotics"):
        pd.testing.assert_series_equal(total_of(table, other)["denominator"], everyone)
    aged_65 = total_of(table, "flu_vaccination")["denominator"]
    for other in ("dementia_recorded", "falls_admissions", "hip_fractures"):
        pd.testing.assert_series_equal(total_of(table, other)["denominator"], aged_65)


def test_at_least_six_indicators_are_stratified_and_each_is_rectangular(example):
    table = example.indicators
    strata = table[table["age_band"].notna()].groupby("indicator")
    assert strata.ngroups >= 6
    practices_and_years = 98 * 5 - sum(OPENED.values())
    assert (strata.size() % practices_and_years == 0).all()
    standardised = example.catalogue.set_index("indicator")["standardise"] != "none"
    assert set(standardised.index[standardised]) == set(strata.groups)


def test_deaths_come_in_the_20_bands_of_a_life_table_by_sex(example):
    deaths = example.indicators[example.indicators["indicator"] == "deaths"]
    assert deaths["age_band"].drop_duplicates().to_list() == bands().label.tolist()
    assert set(deaths["sex"]) == {"female", "male"}
    assert len(bands().label) == 20


def test_causes_of_death_are_parts_of_all_deaths(example):
    table = example.indicators
    deaths = table[(table["indicator"] == "deaths") & ~table["age_band"].isin(bands().label[-4:])]
    all_causes = deaths.groupby(["area", "period"])[["numerator", "denominator"]].sum()
    causes = [f"deaths_under_75_{cause}" for cause in ("circulation", "cancer", "respiratory")]
    for cause in causes:
        pd.testing.assert_series_equal(total_of(table, cause)["denominator"], all_causes["denominator"])
    some = sum(total_of(table, cause)["numerator"] for cause in causes)
    assert (some <= all_causes["numerator"]).all()
    assert 0.6 < some.sum() / all_causes["numerator"].sum() < 0.8


# --- the known truth


def test_counts_scatter_around_the_truth_as_chance_would(totals):
    rates = totals[totals["kind"].isin(["rate", "ratio"])].assign(
        expected=lambda t: t["true_value"] * t["denominator"]
    )
    rates["variance"] = rates["expected"]
    shares = totals[(totals["kind"] == "proportion") & (totals["standardise"] == "none")].assign(
        expected=lambda t: t["true_value"] * t["denominator"],
        variance=lambda t: t["true_value"] * t["denominator"] * (1 - t["true_value"]),
    )
    spends = totals[totals["kind"] == "spend"].assign(
        expected=lambda t: t["true_value"] * t["denominator"],
        variance=lambda t: t["expected"] * t["cost_per_event"] * (1 + t["cost_cv"] ** 2),
    )
    for table in (rates, shares, spends):
        table["chi_square"] = (table["numerator"] - table["expected"]) ** 2 / table["variance"]
        of = table.groupby("indicator").agg(
            q=("chi_square", "sum"), k=("chi_square", "size"), sparse=("expected", lambda e: e.mean() < 1)
        )
        p = stats.chi2.sf(of["q"], of["k"])[~of["sparse"]]
        # Two sides, some 70 indicators: none may be further out than one in 10,000.
        assert ((p > 1e-4) & (p < 1 - 1e-4)).all(), of[~of["sparse"]][(p <= 1e-4) | (p >= 1 - 1e-4)]


def test_intervals_cover_the_truth_about_95_times_in_100(totals):
    of_kind = dict(tuple(totals[totals["denominator"] > 1].groupby("kind")))
    rate, share, mean = of_kind["rate"], of_kind["proportion"], of_kind["mean"]
    people = mean["denominator"]
    limits = [
        (rate, rate_interval(rate["numerator"], rate["denominator"])),
        (share, wilson(share["numerator"], share["denominator"])),
        (mean, student(mean["numerator"] / people, mean["standard_deviation"], people)),
    ]
    for table, interval in limits:
        covered = (interval.lower <= table["true_value"]) & (table["true_value"] <= interval.upper)
        assert 0.94 < covered.mean() < 0.965


def test_several_indicators_have_no_real_variation_and_their_truth_is_flat(example):
    truth = example.truth
    none = truth[truth["true_relative_sd"] == 0]
    assert none["indicator"].nunique() >= 8
    pd.testing.assert_series_equal(none["true_value"], none["warranted_value"], check_names=False)
    crude = none[none["indicator"] != "hip_fractures"]  # flat at each age only
    by_year = crude.groupby(["indicator", "period"])["true_value"]
    assert (by_year.max() == by_year.min()).all()


def test_the_stated_variation_is_what_the_truth_holds(example):
    plain = example.truth.merge(example.catalogue, on="indicator").query(
        "kind != 'proportion' and true_relative_sd > 0"
    )
    practices = plain[~plain["area"].isin(OPENED)]
    log_effect = np.log(practices["true_value"] / practices["warranted_value"])
    spread = log_effect.groupby([practices["indicator"], practices["period"]]).std(ddof=0)
    stated = practices.groupby(["indicator", "period"])["true_relative_sd"].first()
    # Deaths by cause weigh the same effect by age; two practices are left out of the first years.
    assert (spread / stated).between(0.9, 1.1).all()
    variance = example.truth["true_relative_sd"] ** 2
    assert variance.max() <= 0.15
    assert variance.max() > 0.1


def test_a_practice_keeps_its_effect_from_year_to_year():
    effect = np.stack([own_effect(Recipe(indicator=f"i{i}"), 98, 1) for i in range(40)])
    assert effect.mean(axis=1) == pytest.approx(0, abs=1e-12)
    assert effect.std(axis=1) == pytest.approx(1)
    next_year = (effect[..., 1:] * effect[..., :-1]).mean()
    assert next_year == pytest.approx(0.9, abs=0.02)


def test_an_indicator_of_the_same_events_shares_most_of_the_effect():
    pairs = [
        (Recipe(indicator=f"leader {i}"), Recipe(indicator=f"other {i}", follows=f"leader {i}"))
        for i in range(40)
    ]
    shared = [(own_effect(a, 98, 1) * own_effect(b, 98, 1)).mean() for a, b in pairs]
    assert np.mean(shared) == pytest.approx(0.7, abs=0.05)


def test_a_true_rate_keeps_dorsets_level_and_a_true_share_stays_a_share():
    base, effect = np.full((1, 1, 1), 0.01), np.array([[[-0.5]], [[0.0]], [[0.9]]])
    weights = np.array([3.0, 2.0, 1.0])
    rate = true_rate(base, effect, proportion=False, weights=weights)
    assert np.average(rate[:, 0, 0], weights=weights) == pytest.approx(0.01)
    share = true_rate(np.full((1, 1, 1), 0.95), effect * 10, proportion=True, weights=weights)
    assert ((share >= 0) & (share <= 1)).all()


def test_figures_are_such_as_a_clinician_would_expect(totals):
    year = latest(totals).groupby("indicator")[["numerator", "denominator"]].sum()
    value = year["numerator"] / year["denominator"]
    assert value["hypertension_prevalence"] == pytest.approx(0.15, abs=0.01)
    assert value["diabetes_prevalence"] == pytest.approx(0.067, abs=0.005)
    assert value["copd_prevalence"] == pytest.approx(0.02, abs=0.002)
    assert value["copd_admissions"] == pytest.approx(0.002, abs=0.0003)
    assert value["deaths"] == pytest.approx(0.011, abs=0.001)


def test_poorer_lists_smoke_more_and_older_ones_die_more(example, totals):
    practices = example.areas.set_index("area")
    table = latest(totals).pivot_table(index="area", columns="indicator", values="true_value")
    features = practices.loc[table.index]
    assert stats.spearmanr(table["smoking_prevalence"], features["imd"]).statistic > 0.7
    assert stats.spearmanr(table["deaths"], features["aged_85_plus"]).statistic > 0.7


# --- seeds and files


def test_a_seed_gives_the_same_tables_and_another_seed_others(example):
    again, other = dorset(), dorset(seed=1)
    for name in ("indicators", "areas", "truth"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(example, name))
        assert not getattr(other, name).equals(getattr(example, name))


def test_the_same_seed_writes_the_same_bytes_and_they_read_back(example, written, tmp_path):
    again = write_example(tmp_path / "new" / "folder")
    assert [path.name for path in written] == [
        "indicators.csv", "catalogue.csv", "areas.csv", "plan.csv", "assumptions.csv", "schemes.csv",
        "truth.parquet", "analysis.toml",
    ]  # fmt: skip
    for one, two in zip(written, again, strict=True):
        assert one.read_bytes() == two.read_bytes()
    assert b"\r" not in b"".join(path.read_bytes() for path in written if path.suffix != ".parquet")
    assert written[0].stat().st_size < 6_000_000
    for path in written[:6]:
        table = getattr(example, path.stem)
        pd.testing.assert_frame_equal(pd.read_csv(path), table, check_dtype=False, rtol=1e-9)
    pd.testing.assert_frame_equal(pd.read_parquet(written[6]), example.truth)


def test_the_settings_name_the_files_and_carry_the_notice(written):
    files = {path.name for path in written}
    settings = tomllib.loads(written[-1].read_text(encoding="utf-8"))
    assert settings["notice"] == NOTICE == "Synthetic example data"
    assert set(settings["tables"].values()) <= files
