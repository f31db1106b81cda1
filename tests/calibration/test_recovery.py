"""One analysis of the built-in example through the command line, scored against its known truth."""

import pytest

from tests.calibration.recovery import (
    flags_where_nothing_varies,
    headline_against_truth,
    interval_coverage,
    page,
    run_example,
)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return run_example(tmp_path_factory.mktemp("recovery"))


def test_intervals_hold_the_truth_as_often_as_they_say(found):
    covered = interval_coverage(found)
    assert set(covered.index) == {"proportion", "rate", "ratio", "mean", "spend"}
    assert covered["95 %"].between(0.94, 0.97).all()
    assert (covered["99.8 %"] > 0.996).all()


def test_where_nothing_varies_the_published_rule_flags_and_the_calibrated_rule_does_not(found):
    flags = flags_where_nothing_varies(found)
    assert flags["practices and years"] > 3000
    assert flags["RightCare's rule"] > 0.1
    assert flags["calibrated rule"] < 0.005


def test_the_credible_headline_is_close_to_the_truth(found):
    money = headline_against_truth(found)
    assert len(money) > 50
    assert money["claimed"].sum() == pytest.approx(money["truth"].sum(), rel=0.08)
    covered = (money["p10"] <= money["truth"]) & (money["truth"] <= money["p90"])
    assert 0.6 < covered.mean() < 0.95


def test_the_page_tells_its_command_and_every_rule(found):
    text = page(found, "python -m tests.calibration.recovery")
    assert "Written by `python -m tests.calibration.recovery`" in text
    for rule in ("credible against peer_mean", "rightcare against best_5", "percentile against percentile"):
        assert rule in text
    assert "{" not in text
