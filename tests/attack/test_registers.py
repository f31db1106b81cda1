"""The attack on published counts: disease registers of Dorset's practices, written as a pack."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.attack.example import under
from tests.attack.files import published
from tests.attack.measure import truths
from tests.attack.scoring import Score, score
from variation import analyse, read_inputs, write_pack
from variation.policies import POLICIES

SETTINGS = Path(__file__).parents[1] / "real" / "qof_dorset.toml"

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def inputs(shared_data):
    return under(read_inputs(SETTINGS), "up_to_5_secondary")


def attacked(inputs, policy, folder):
    shown = published(write_pack(analyse(inputs, policy=policy), folder, outputs=("tables",)))
    total, counts = Score(), truths(inputs)
    for key, table in shown.tables.items():
        total.add(score(replace(shown, tables={key: table}), counts, only_small=True))
    return total


def test_no_small_register_is_worked_out(inputs, tmp_path):
    found = attacked(inputs, POLICIES["up_to_5_secondary"], tmp_path / "pack")
    assert found.attacked == 6
    assert (found.exact, found.narrower, found.wrong) == (0, 0, 0), found.examples


def test_every_one_is_worked_out_where_only_small_ones_are_withheld(inputs, tmp_path):
    primary = replace(POLICIES["up_to_5_secondary"], secondary=False)
    found = attacked(inputs, primary, tmp_path / "pack")
    assert (found.attacked, found.exact, found.wrong) == (6, 6, 0)
