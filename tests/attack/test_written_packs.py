"""The attack on written packs of the built-in example: every file read, and nothing withheld worked out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.attack.example import few_indicators, files, only_marked, protected, twin, under
from tests.attack.files import published, withheld_figures
from tests.attack.peers import values_from_peer_means
from tests.attack.scoring import score
from variation import analyse, read_inputs, write_pack
from variation.figures.panel import build_panel
from variation.policies import POLICIES

HES = POLICIES["hes_2018"]


@pytest.fixture(scope="module")
def inputs(example_folder):
    return under(few_indicators(read_inputs(example_folder / "analysis.toml")), "hes_2018")


@pytest.fixture(scope="module")
def truth(inputs):
    panel = build_panel(inputs.indicators, inputs.catalogue, inputs.tree)
    return {
        (indicator, period): pd.Series(panel.numerator[row], index=panel.tree.codes)
        for row, (indicator, period) in enumerate(panel.groups[["indicator", "period"]].to_numpy())
    }


@pytest.fixture(scope="module")
def pack(inputs, tmp_path_factory):
    return write_pack(analyse(inputs), tmp_path_factory.mktemp("attack") / "pack")


@pytest.fixture(scope="module")
def marked_pack(inputs, tmp_path_factory):
    """A pack that only says what is suppressed: what the attack must be able to break."""
    return write_pack(only_marked(inputs, HES), tmp_path_factory.mktemp("attack") / "marked")


def attacked(folder, truth):
    shown = published(folder)
    now = {key: table for key, table in shown.tables.items() if key[1] == "2016/17"}
    return score(replace(shown, tables=now), truth, only_small=True)


def test_no_small_count_is_worked_out_from_the_tables(pack, truth):
    found = attacked(pack, truth)
    assert found.attacked > 200
    assert (found.exact, found.narrower, found.wrong) == (0, 0, 0), found.examples


def test_counts_are_worked_out_where_only_small_ones_are_withheld(inputs, truth, tmp_path):
    name = "up_to_5_secondary"
    policy = replace(POLICIES[name], secondary=False)
    analysis = analyse(under(inputs, name), policy=policy)
    broken = attacked(write_pack(analysis, tmp_path / "primary", outputs=("tables",)), truth)
    assert broken.exact > 5
    assert broken.narrower > 30
    assert broken.wrong == 0
    analysis = analyse(under(inputs, name))
    whole = attacked(write_pack(analysis, tmp_path / "whole", outputs=("tables",)), truth)
    assert whole.attacked == broken.attacked
    assert (whole.exact, whole.narrower, whole.wrong) == (0, 0, 0), whole.examples


def test_no_file_has_a_figure_of_a_withheld_count(pack):
    assert withheld_figures(pack) == []


def test_the_value_of_the_period_before_is_shown_only_where_that_period_shows_it(pack):
    trend, comparison = (
        pd.read_parquet(pack / "tables" / f"{name}.parquet") for name in ("trend", "comparison")
    )
    before = trend[trend["value_before"].notna()].rename(columns={"period_before": "period"})
    keys = ["indicator", "area", "period"]
    shown = comparison.loc[~comparison["suppressed"], keys]
    assert len(before) > 100
    assert len(before.merge(shown, on=keys)) == len(before)


def test_the_reader_of_files_finds_such_figures_in_every_kind_of_file(marked_pack):
    found = withheld_figures(marked_pack)
    by_file = (
        pd.Series([figure.file for figure in found]).str.replace(r"[:-].*", "", regex=True).value_counts()
    )
    assert set(by_file.index) == {
        "tables/comparison.csv",
        "tables/comparison.parquet",
        "tables/opportunity.csv",
        "tables/opportunity.parquet",
        "variation",  # variation-pack.xlsx
        "index.html",
        "index.html#figures",
        "charts/funnel",
    }
    assert by_file.min() > 5


def test_a_withheld_point_of_a_picture_gives_its_count_away_where_it_is_drawn(marked_pack, truth):
    points = [figure for figure in withheld_figures(marked_pack) if figure.column == "point"]
    rates = [figure for figure in points if figure.indicator == "diabetes_admissions"]
    people = pd.read_csv(marked_pack / "tables" / "comparison.csv", low_memory=False)
    people = people[(people["indicator"] == "diabetes_admissions") & (people["period"] == "2016/17")]
    size = people.set_index("area")["denominator"]
    counts = truth["diabetes_admissions", "2016/17"]
    right = [abs(one.value / 1000 * size[one.area] - counts[one.area]) < 0.3 for one in rates]
    assert len(right) > 20
    assert np.mean(right) > 0.9


@pytest.mark.parametrize("indicator", ["diabetes_admissions", "amputations"])
def test_what_peers_are_held_against_gives_back_only_the_public_estimate(
    pack, marked_pack, inputs, truth, indicator
):
    counts = truth[indicator, "2016/17"]
    hidden = protected(inputs, HES).panel
    row = hidden.groups.index[
        (hidden.groups["indicator"] == indicator) & (hidden.groups["period"] == "2016/17")
    ][0]
    size = pd.Series(hidden.denominator[row] / hidden.groups["multiplier"][row], index=hidden.tree.codes)
    broken = values_from_peer_means(marked_pack, indicator)
    assert len(broken) > 10
    np.testing.assert_allclose((broken * size[broken.index]), counts[broken.index], atol=1e-6)
    estimate = pd.Series(hidden.numerator[row], index=hidden.tree.codes)
    found = values_from_peer_means(pack, indicator)
    assert len(found) > 10
    np.testing.assert_allclose(found * size[found.index], estimate[found.index], atol=1e-6)
    assert (np.abs(found * size[found.index] - counts[found.index]) > 0.01).mean() > 0.5


@pytest.mark.parametrize("name", ["hes_2018", "up_to_5_secondary"])
def test_two_worlds_that_differ_only_in_what_is_withheld_give_the_same_bytes(inputs, pack, tmp_path, name):
    own = under(inputs, name)
    other, changed = twin(own, POLICIES[name])
    assert changed > 100
    outputs = own.settings.pack.outputs if name == "hes_2018" else ("tables",)
    first = pack if name == "hes_2018" else write_pack(analyse(own), tmp_path / "one", outputs=outputs)
    one, two = files(first), files(write_pack(analyse(other), tmp_path / "two", outputs=outputs))
    assert one.keys() == two.keys()
    assert [file for file in one if one[file] != two[file]] == []


def test_the_two_worlds_do_differ_without_disclosure_control(inputs, tmp_path):
    other, _ = twin(inputs, HES)
    one, two = (
        files(write_pack(analyse(under(world, "internal")), tmp_path / f"world{number}", outputs=("tables",)))
        for number, world in enumerate((inputs, other))
    )
    assert "tables/comparison.csv" in [file for file in one if one[file] != two[file]]
