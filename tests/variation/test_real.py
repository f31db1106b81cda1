"""The same commands on published NHS figures: registers of Dorset's practices, prescribing of 106 areas."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from variation.cli.main import main
from variation.inputs import Inputs, read_inputs
from variation.reading.files import find_files
from variation.reading.tables import read_table
from variation.settings import read_settings
from variation.settings.table_source import TableSource
from variation.tables import AREAS, INDICATORS

REAL = Path(__file__).parents[1] / "real"

MAPPINGS = sorted(REAL.glob("*.toml"))

pytestmark = pytest.mark.shared


def run(settings: Path, out: Path) -> dict[str, pd.DataFrame]:
    asked = ["--out", str(out), "--only", "tables", "--policy", "internal", "--json"]
    result = CliRunner().invoke(main, ["run", str(settings), *asked])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["out"] == str(out)
    return {path.stem: pd.read_parquet(path) for path in (out / "tables").glob("*.parquet")}


def inputs_of(name: str) -> Inputs:
    return read_inputs(REAL / f"{name}.toml")


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_every_mapping_has_at_most_12_lines_and_passes_the_check(shared_data, path):
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]
    assert len(lines) <= 12
    result = CliRunner().invoke(main, ["check", str(path), "--json"])
    assert result.exit_code == 0, result.output
    assert {finding["severity"] for finding in json.loads(result.stdout)} <= {"note", "warning"}


def test_every_published_file_is_read_by_one_of_the_mappings(shared_data):
    read = set()
    for path in MAPPINGS:
        tables = read_settings(path).tables
        for name in type(tables).model_fields:
            for source in getattr(tables, name):
                read |= {file.resolve() for file in find_files(source, path.parent)[0]}
    there = {file.resolve() for file in shared_data.rglob("*") if file.is_file() and file.suffix != ".md"}
    assert there - read == set()


def test_published_smoking_prevalence_is_reproduced_from_counts_with_both_limits(shared_data, tmp_path):
    comparison = run(REAL / "fingertips_smoking.toml", tmp_path / "smoking")["comparison"]
    raw = pd.read_csv(shared_data / "fingertips" / "smoking_prevalence_qof.csv")
    published = raw[raw["Area Type"] == "CCG"].set_index(["Time period", "Area Code"]).sort_index()
    ours = comparison.set_index(["period", "area"]).sort_index()
    assert ours.index.to_list() == published.index.to_list()
    assert ours.groupby("period").size().to_dict() == {"2019/20": 135, "2020/21": 135}
    for name, heading in (
        ("value", "Value"), ("lower_95", "Lower CI 95.0 limit"), ("upper_95", "Upper CI 95.0 limit"),
    ):  # fmt: skip
        np.testing.assert_allclose(ours[name], published[heading], rtol=0, atol=1e-6, err_msg=name)
    np.testing.assert_array_equal(ours["numerator"], published["Count"])
    dorset = ours.loc[("2019/20", "E38000045")]
    assert (dorset["numerator"], dorset["denominator"]) == (107_868, 691_583)
    assert dorset["value"] == pytest.approx(15.597, abs=5e-4)


@pytest.mark.parametrize(("kind", "published", "without_counts"), [("District", 164, 0), ("UA", 128, 3)])
def test_the_recent_trend_of_every_council_is_the_published_one(
    shared_data, tmp_path, kind, published, without_counts
):
    settings = (REAL / "fingertips_smoking.toml").read_text(encoding="utf-8")
    settings = settings.replace("../../../shared/data", shared_data.as_posix()).replace('"CCG"', f'"{kind}"')
    settings = settings.replace('focus = "E38000045"\n', "").replace("ccg =", f"{kind} =")
    (tmp_path / "analysis.toml").write_text(settings, encoding="utf-8")
    trend = run(tmp_path / "analysis.toml", tmp_path / "out")["trend"].dropna(subset=["published_trend"])
    trend = trend[trend["published_trend"] != "Cannot be calculated"]
    assert len(trend) == published
    # Three lack the value or the counts of one of the years.
    unknown = trend["recent_trend"] == "Cannot be calculated"
    assert unknown.sum() == without_counts
    assert trend.loc[~unknown, "recent_trend"].tolist() == trend.loc[~unknown, "published_trend"].tolist()


def test_practices_of_the_year_without_codes_are_read_beside_those_of_the_year_before(shared_data, tmp_path):
    source = TableSource(
        file=str(shared_data / "fingertips" / "smoking_prevalence_qof.csv"),
        reader="fingertips",
        area_types="GPs",
    )
    reading = read_table((source,), INDICATORS, folder=tmp_path)
    raw = pd.read_csv(source.file[0])
    practices = raw[raw["Area Type"] == "GPs"]
    assert len(reading.table) == len(practices)
    assert reading.table["indicator"].unique().tolist() == ["91547"]
    assert (
        reading.table.groupby("period").size().to_dict() == practices.groupby("Time period").size().to_dict()
    )
    np.testing.assert_array_equal(reading.table["numerator"], practices["Count"])


def test_every_row_of_the_download_is_read_or_said_to_be_left_out(shared_data, tmp_path):
    source = TableSource(
        file=str(shared_data / "fingertips" / "smoking_prevalence_qof.csv"), reader="fingertips"
    )
    reading = read_table((source,), INDICATORS, folder=tmp_path)
    left_out = sum(
        int(finding.message.split(" ")[0].replace(",", ""))
        for finding in reading.findings
        if finding.code in ("categories", "other_strata", "stands_twice")
    )
    assert len(reading.table) + left_out == 17_627
    assert not reading.table.duplicated(["indicator", "area", "period"]).any()


def test_the_map_of_england_is_a_tree_without_the_unallocated(shared_data, tmp_path):
    path = shared_data / "qof_2020_21" / "MAPPING_NHS_GEOGRAPHIES_2021.csv"
    reading = read_table((TableSource(file=str(path), reader="qof"),), AREAS, folder=tmp_path)
    raw = pd.read_csv(path, dtype=str)
    alone = raw[raw["PCN_ODS_CODE"] == "U"]
    areas = reading.table.set_index("area")
    assert areas["kind"].value_counts().to_dict() == {
        "practice": len(raw), "pcn": raw["PCN_ODS_CODE"].nunique() - 1, "ccg": raw["CCG_ODS_CODE"].nunique(),
    }  # fmt: skip
    assert areas.loc[alone["PRACTICE_CODE"], "parent"].to_list() == alone["CCG_ODS_CODE"].to_list()
    assert set(areas["parent"].dropna()) <= set(areas.index)
    (warning,) = reading.findings
    assert (warning.code, warning.message.split(" ")[0]) == ("two_parents", "10")


def test_deprivation_scores_of_practices_are_read_and_england_once(shared_data):
    inputs = inputs_of("fingertips_deprivation")
    raw = pd.read_csv(shared_data / "fingertips" / "imd_2019_practice.csv").drop_duplicates("Area Code")
    scores = raw.set_index("Area Code")["Value"]
    areas = inputs.areas.set_index("area")
    assert (areas["kind"] == "england").sum() == 1
    np.testing.assert_array_equal(areas["imd"].drop("E92000001"), scores.loc[areas.index.drop("E92000001")])
    assert inputs.catalogue["kind"].tolist() == ["mean"]


def test_payments_of_dorset_are_those_of_the_file(shared_data):
    inputs = inputs_of("payments")
    raw = pd.read_csv(shared_data / "payments" / "payments_18-19.csv").query("`CCG Code` == '11J'")
    ours = inputs.indicators.groupby("indicator")["numerator"].sum()
    for name in ("Global Sum", "Minor Surgery"):
        assert ours[name] == pytest.approx(pd.to_numeric(raw[name], errors="coerce").sum())
    assert inputs.indicators["period"].unique().tolist() == ["2018/19"]


def test_registered_patients_of_dorset_are_those_of_the_file(shared_data):
    inputs = inputs_of("list_size")
    raw = pd.read_csv(shared_data / "list_size" / "gp-reg-pat-prac-all_jan2021.csv")
    ours = inputs.indicators.set_index("area")["numerator"]
    np.testing.assert_array_equal(ours, raw.set_index("CODE")["NUMBER_OF_PATIENTS"].loc[ours.index])
    assert inputs.indicators["period"].unique().tolist() == ["2021-01"]


def test_spend_and_items_from_openprescribing_are_those_of_the_files(shared_data):
    spend = inputs_of("openprescribing_savings").indicators.groupby("indicator")["numerator"].sum()
    for name in ("desogestrel", "keppra", "lyrica"):
        raw = pd.read_csv(shared_data / "openprescribing_savings_by_decile" / f"measures_cost_{name}.csv")
        assert spend[name] == pytest.approx(raw["numerator_cost"].sum())
    items = inputs_of("openprescribing_antibacterials").indicators
    (file,) = (shared_data / "openprescribing_antibacterials").glob("*.csv")
    raw = pd.read_csv(file)
    assert items["numerator"].sum() == raw["y_items"].sum()
    assert items["period"].nunique() == raw["date"].nunique()


def test_the_ccgs_of_2021_have_each_an_outline(shared_data):
    inputs = inputs_of("similar10_prescribing")
    raw = json.loads((shared_data / "boundaries" / "ccg_apr2021_small.geojson").read_text())
    outlines = {feature["properties"]["code"]: feature["geometry"] for feature in raw["features"]}
    ours = inputs.boundaries.set_index("area")["geometry"].map(json.loads)
    assert len(ours) == 106
    assert ours.to_dict() == {code: outlines[code] for code in ours.index}
    assert [finding for finding in inputs.findings if finding.code == "no_boundary"] == []


@pytest.fixture(scope="module")
def qof(shared_data, tmp_path_factory):
    return run(REAL / "qof_dorset.toml", tmp_path_factory.mktemp("real") / "qof")


@pytest.fixture(scope="module")
def prescribing(shared_data, tmp_path_factory):
    return run(REAL / "similar10_prescribing.toml", tmp_path_factory.mktemp("real") / "prescribing")


def test_dorset_has_79_practices_in_18_networks_and_21_registers(qof):
    kinds = qof["areas"]["kind"].value_counts()
    assert kinds.to_dict() == {"practice": 79, "pcn": 18, "ccg": 1}
    assert qof["comparison"]["indicator"].nunique() == 21
    assert len(qof["comparison"]) == 21 * 98


def test_dorset_registers_are_the_sums_of_the_published_rows(qof, shared_data):
    raw = pd.read_csv(shared_data / "qof_2020_21" / "PREVALENCE_2021_v2.csv")
    map_file = shared_data / "qof_2020_21" / "MAPPING_NHS_GEOGRAPHIES_2021.csv"
    geography = pd.read_csv(map_file, encoding="cp1252")
    ours = geography.loc[geography["CCG_ODS_CODE"] == "11J", "PRACTICE_CODE"]
    sums = (
        raw[raw["PRACTICE_CODE"].isin(ours)].groupby("GROUP_CODE")[["REGISTER", "PRACTICE_LIST_SIZE"]].sum()
    )
    dorset = qof["comparison"].query("kind == 'ccg'").set_index("indicator")
    np.testing.assert_array_equal(dorset["numerator"], sums.loc[dorset.index, "REGISTER"])
    np.testing.assert_array_equal(dorset["denominator"], sums.loc[dorset.index, "PRACTICE_LIST_SIZE"])


def test_every_dorset_practice_has_ten_peers_by_list_size_deprivation_and_age(qof):
    found = qof["peers"].groupby("area").size()
    with_features = (
        qof["areas"].query("kind == 'practice'").dropna(subset=["imd", "population", "aged_65_plus"])
    )
    assert len(with_features) >= 70
    assert set(found.index) == set(with_features["area"])
    assert (found == 10).all()


def test_dorsets_ten_peers_equal_the_published_ones_to_four_decimals(prescribing):
    published = {
        "70F": 0.1304, "97R": 0.1510, "18C": 0.2259, "27D": 0.2618, "15N": 0.2685,
        "11M": 0.2978, "11X": 0.3102, "71E": 0.3419, "26A": 0.3591, "06L": 0.4091,
    }  # fmt: skip
    peers = prescribing["peers"].query("area == '11J'")
    assert peers["peer"].tolist() == list(published)
    np.testing.assert_allclose(peers["distance"], list(published.values()), atol=5e-5)


def test_twelve_measures_are_compared_over_the_latest_twelve_months(prescribing):
    comparison = prescribing["comparison"]
    assert comparison["indicator"].nunique() == 12
    assert set(comparison["period"]) == {"2025-01 to 2025-12"}
    assert (comparison.groupby("indicator")["area"].nunique() == 106).all()


def test_a_year_of_prescribing_is_the_sum_of_its_months(prescribing, shared_data):
    raw = pd.read_csv(shared_data / "openprescribing_subicb" / "saba.csv")
    year = raw[(raw["code"] == "11J") & raw["month"].str.startswith("2025")]
    assert len(year) == 12
    row = prescribing["comparison"].query("area == '11J' and indicator == 'saba'").iloc[0]
    assert row["numerator"] == pytest.approx(year["numerator"].sum())
    assert row["value"] == pytest.approx(100 * year["numerator"].sum() / year["denominator"].sum())


def test_only_the_measures_in_pounds_are_priced(prescribing):
    priced = prescribing["opportunity"].dropna(subset=["value_gbp"])["indicator"].unique()
    assert set(priced) == {"glutenfree", "lplidocaine", "lpliothyronine", "lpzomnibus"}


def test_dorsets_gluten_free_opportunity_is_the_gap_to_its_best_five_peers(prescribing, shared_data):
    raw = pd.read_csv(shared_data / "openprescribing_subicb" / "glutenfree.csv")
    year = raw[raw["month"].str.startswith("2025")].groupby("code")[["numerator", "denominator"]].sum()
    rate = year["numerator"] / year["denominator"]
    best = rate[prescribing["peers"].query("area == '11J'")["peer"]].nsmallest(5).mean()
    expected = (rate["11J"] - best) * year.loc["11J", "denominator"]
    row = prescribing["opportunity"].query(
        "area == '11J' and indicator == 'glutenfree' and mode == 'gross' and comparator == 'best_5'"
    )
    assert row["value_gbp"].item() == pytest.approx(expected)
