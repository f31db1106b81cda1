"""The same commands on published NHS figures: registers of Dorset's practices, prescribing of 106 areas."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from variation.cli import main

REAL = Path(__file__).parents[1] / "real"

pytestmark = pytest.mark.shared


def run(settings: Path, out: Path) -> dict[str, pd.DataFrame]:
    result = CliRunner().invoke(main, ["run", str(settings), "--out", str(out), "--only", "tables", "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["out"] == str(out)
    return {path.stem: pd.read_parquet(path) for path in (out / "tables").glob("*.parquet")}


@pytest.fixture(scope="module")
def qof(shared_data, tmp_path_factory):
    return run(REAL / "qof_dorset.toml", tmp_path_factory.mktemp("real") / "qof")


@pytest.fixture(scope="module")
def prescribing(shared_data, tmp_path_factory):
    return run(REAL / "similar10_prescribing.toml", tmp_path_factory.mktemp("real") / "prescribing")


def test_dorset_has_79_practices_in_18_networks_and_21_registers(qof):
    kinds = qof["areas"]["kind"].value_counts()
    assert kinds.to_dict() == {"practice": 79, "locality": 18, "ccg": 1}
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
