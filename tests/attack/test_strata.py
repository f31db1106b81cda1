"""Expected events of many areas give the events of each stratum back where they are exact: linear programming."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from variation import read_inputs
from variation.disclosure.protect import protect
from variation.figures.panel import build_panel
from variation.policies import POLICIES

HES = POLICIES["hes_2018"]


@pytest.fixture(scope="module")
def inputs(example_folder):
    return read_inputs(example_folder / "analysis.toml")


def strata_of(inputs, indicator, period="2016/17"):
    """Share of each practice in the people of each stratum, and the stratum's events (which are not public)."""
    rows = inputs.indicators
    rows = rows[(rows["indicator"] == indicator) & (rows["period"] == period)]
    rows = rows.assign(stratum=rows["sex"] + " " + rows["age_band"])
    people, events = (
        rows.pivot_table(index="area", columns="stratum", values=name, aggfunc="sum").fillna(0)
        for name in ("denominator", "numerator")
    )
    return people / people.sum(), events.sum()


def expected_of(inputs, indicator, policy, period="2016/17"):
    kept = inputs.indicators["indicator"] == indicator
    catalogue = inputs.catalogue[inputs.catalogue["indicator"] == indicator]
    panel = build_panel(inputs.indicators[kept], catalogue, inputs.tree, withheld_up_to=policy.largest)
    row = panel.groups.index[panel.groups["period"] == period][0]
    return dict(zip(panel.tree.codes, protect(panel, policy).panel.expected[row], strict=True))


def worked_out(share, expected, figures):
    """Least and most events of each stratum that the expected events, written to so many figures, leave open."""
    value = np.array([expected[area] for area in share.index])
    half = 0.5 * 10.0 ** (np.floor(np.log10(value)) - figures + 1)
    matrix, limits = np.vstack([share, -share]), np.concatenate([value + half, half - value])
    found = []
    for place in range(share.shape[1]):
        ends = []
        for sign in (1.0, -1.0):
            wanted = sign * (np.arange(share.shape[1]) == place)
            result = linprog(wanted, A_ub=matrix, b_ub=limits, bounds=(0, None), method="highs")
            assert result.status == 0
            ends.append(sign * result.fun)
        found.append(ends)
    return np.array(found)


def test_exact_expected_events_give_the_events_of_every_stratum_back(inputs):
    indicator = "ambulatory_care_admissions"
    share, events = strata_of(inputs, indicator)
    found = worked_out(share, expected_of(inputs, indicator, POLICIES["internal"]), figures=8)
    np.testing.assert_allclose(found.mean(axis=1), events, atol=0.4)


@pytest.mark.parametrize("indicator", ["ambulatory_care_admissions", "copd_admissions", "stroke_admissions"])
def test_what_is_published_gives_back_no_stratum(inputs, indicator):
    share, _ = strata_of(inputs, indicator)
    found = worked_out(share, expected_of(inputs, indicator, HES), figures=3)
    assert (found[:, 1] - found[:, 0]).min() > 3


@pytest.mark.parametrize("indicator", ["copd_admissions", "stroke_admissions"])
def test_how_many_of_few_there_are_in_a_stratum_changes_nothing(inputs, indicator):
    rows = inputs.indicators
    own = (rows["indicator"] == indicator) & (rows["period"] == "2016/17")
    events = rows[own].groupby(["sex", "age_band"])["numerator"].transform("sum")
    small = events.index[(events > 1) & (events <= HES.largest) & (rows.loc[events.index, "numerator"] > 0)]
    assert len(small)
    fewer = rows.copy()
    fewer.loc[small[0], "numerator"] -= 1
    other = replace(inputs, indicators=fewer)
    assert expected_of(other, indicator, HES) == expected_of(inputs, indicator, HES)
