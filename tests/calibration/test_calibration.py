"""The calibration page in small: the same measurements, fewer years, with room for what few years leave to chance."""

import numpy as np
import pandas as pd
import pytest

from tests.calibration.report import QUICK, headline_bias, measure, outside, write
from tests.calibration.trials import Setting, coverage, false_positives, phantom_savings
from tests.calibration.worlds import PEOPLE, PRACTICES, draw_ratios, draw_world

YEARS = 100


def rng(seed):
    return np.random.default_rng([20161103, seed])


def test_world_is_the_size_of_dorset():
    world = draw_world(rng(0))
    assert world.people.sum() == pytest.approx(PEOPLE, abs=PRACTICES)
    assert world.people.min() > 1500
    assert (np.bincount(world.locality) >= 7).all()
    assert all(i not in own and len(set(own)) == 10 for i, own in enumerate(world.peers))


@pytest.mark.parametrize("law", ["gamma", "lognormal"])
def test_ratios_have_the_mean_and_the_variance_asked_for(law):
    ratios = draw_ratios(rng(1), 200_000, 0.1, law)
    assert ratios.mean() == pytest.approx(1, abs=0.005)
    assert ratios.var() == pytest.approx(0.1, rel=0.05)
    assert (draw_ratios(rng(1), 3, 0) == 1).all()


@pytest.mark.parametrize("events", [20, 100, 500])
def test_published_rule_flags_an_eighth_by_chance_and_the_calibrated_one_a_fortieth(events):
    flags = false_positives(events, trials=500, rng=rng(events))
    assert 0.115 < flags["rightcare"] < 0.135
    assert 0.02 < flags["calibrated_high"] < 0.03
    assert 0.02 < flags["calibrated_low"] < 0.03


@pytest.mark.parametrize("events", [20, 100, 500])
def test_headline_claims_next_to_nothing_when_no_practice_differs(events):
    nothing = Setting(per_thousand=events * PRACTICES * 1000 / PEOPLE, variance=0)
    claims = phantom_savings(nothing, trials=YEARS, rng=rng(events))
    error = claims["credible"].std() / np.sqrt(YEARS)
    assert claims["credible"].mean() < 0.001 + 2 * error
    assert claims["credible"].mean() < 0.05 * claims["rightcare"].mean()


@pytest.mark.parametrize(("per_thousand", "variance"), [(2, 0.01), (2, 0.03), (10, 0.03), (100, 0.1)])
def test_intervals_cover_as_often_as_they_say_and_the_headline_is_not_biased(per_thousand, variance):
    setting = Setting(per_thousand=per_thousand, variance=variance)
    found = coverage(setting, trials=YEARS, rng=rng(per_thousand), draws=400)
    # Standard errors in 100 years: 1.5 of a practice figure, 1.6 of a locality's, 4.0 of the ICB's (2.2 at 95 %).
    room = {"gap": 0.03, "practice": 0.03, "locality": 0.04, "icb": 0.10}
    for name, slack in room.items():
        assert 0.75 - slack < found[f"{name}_80"] < 0.85 + slack
        assert 0.92 - slack / 2 < found[f"{name}_95"] <= 0.98 + slack / 2
    if per_thousand >= 10 and variance >= 0.03:
        assert abs(headline_bias(found)) < 0.05
        assert found["claimed"] < found["all_true"]


def test_cells_outside_what_is_wanted_are_named():
    good = {
        f"{name}_{level}": share
        for name in ("gap", "practice", "locality", "icb")
        for level, share in ((80, 0.8), (95, 0.95))
    }
    cells = pd.DataFrame({(2, 0.01): good, (10, 0.03): good | {"icb_80": 0.86}}).T
    assert outside(cells) == ["ICB total, 80 % interval, 10 per 1,000, V = 0.03: 86.0 %"]


def test_page_tells_its_command_and_holds_every_table():
    tiny = type(QUICK)(flags=5, phantoms=2, cells=2, robustness=2)
    page = write(measure(tiny, seed=1), tiny, "python -m tests.calibration")
    assert "Written by `python -m tests.calibration`" in page
    assert page.count("\n| ---: |") == 7
    assert "{" not in page
    assert page.count("| 100 | 0.10 |") == 2
