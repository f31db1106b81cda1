"""The panel: matrices whose parents are the sums of their children, whatever level figures are given at."""

import numpy as np
import pandas as pd
import pytest

from variation.areas.tree import area_tree
from variation.checks.tables import check_catalogue, check_indicators
from variation.figures.panel import build_panel

NAN = np.nan
AREAS = pd.DataFrame(
    [("P1", "practice", "L1"), ("P2", "practice", "L1"), ("P3", "practice", "L2"),
     ("L1", "locality", "I"), ("L2", "locality", "I"), ("I", "icb", pd.NA)],
    columns=["area", "kind", "parent"],
)  # fmt: skip
CATALOGUE = pd.DataFrame({"indicator": ["x", "y"], "name": ["X", "Y"], "kind": ["rate", "proportion"]})


def panel_of(rows, *, catalogue=CATALOGUE):
    """Build a panel from (indicator, area, period, numerator, denominator) and more columns by name."""
    frame = pd.DataFrame(rows).rename(columns=dict(enumerate(
        ["indicator", "area", "period", "numerator", "denominator"]
    )))  # fmt: skip
    frame = frame.assign(_file="a.csv", _line=range(2, len(frame) + 2))
    full = check_catalogue(catalogue.assign(_file="c.csv", _line=range(2, len(catalogue) + 2)), [])
    return build_panel(check_indicators(frame, full, AREAS, []), full, area_tree(AREAS))


def cells(panel, name="numerator", row=0):
    return dict(zip(panel.tree.codes, getattr(panel, name)[row].tolist(), strict=True))


def test_practice_figures_are_summed_to_locality_and_icb():
    panel = panel_of(
        [("x", "P1", "2016/17", 1, 10), ("x", "P2", "2016/17", 2, 20), ("x", "P3", "2016/17", 4, 40)]
    )
    assert cells(panel) == {"P1": 1, "P2": 2, "P3": 4, "L1": 3, "L2": 4, "I": 7}
    assert cells(panel, "denominator")["I"] == 70
    assert panel.groups[["indicator", "period", "finest"]].to_numpy().tolist() == [
        ["x", "2016/17", "practice"]
    ]


def test_a_parents_own_row_is_never_read_where_its_children_are_given():
    panel = panel_of(
        [("x", "P1", "2016/17", 1, 10), ("x", "L1", "2016/17", 500, 600), ("x", "I", "2016/17", 9, 9)]
    )
    assert cells(panel)["L1"] == cells(panel)["I"] == 1
    assert np.isnan(cells(panel)["L2"])


@pytest.mark.parametrize("order", [1, -1])
def test_an_indicator_given_at_two_levels_uses_the_finest_whatever_the_order_of_rows(order):
    rows = [("x", "L1", "2016/17", 500, 600), ("x", "P3", "2016/17", 4, 40), ("x", "I", "2016/17", 9, 90)]
    panel = panel_of(rows[::order])
    assert panel.groups["finest"].to_list() == ["practice"]
    assert cells(panel)["I"] == 4


def test_a_period_that_only_localities_are_given_for_keeps_their_figures():
    panel = panel_of(
        [("x", "L1", "2015/16", 5, 50), ("x", "L2", "2015/16", 6, 60), ("x", "P1", "2016/17", 1, 10)]
    )
    assert panel.groups["finest"].to_list() == ["locality", "practice"]
    assert (cells(panel)["L1"], cells(panel)["I"]) == (5, 11)
    assert cells(panel, row=1)["I"] == 1


def test_what_has_only_one_of_the_counts_takes_no_part_in_a_sum():
    panel = panel_of(
        [("x", "P1", "2016/17", 1, NAN), ("x", "P2", "2016/17", NAN, 20), ("x", "P3", "2016/17", 4, 40)]
    )
    assert (cells(panel)["I"], cells(panel, "denominator")["I"]) == (4, 40)
    assert np.isnan(cells(panel)["L1"])
    assert np.isnan(cells(panel)["P1"])


def test_published_values_stay_where_they_are_and_are_not_summed():
    none = {"numerator": NAN, "denominator": NAN}
    rows = [
        {"indicator": "x", "area": area, "period": "2016/17", "value": value, "upper_95": value + 1} | none
        for area, value in (("P1", 5.0), ("P2", 7.0))
    ]
    panel = panel_of(rows)
    assert cells(panel, "value")["P1"] == 5
    assert np.isnan(cells(panel, "value")["L1"])
    assert cells(panel, "upper_95")["P2"] == 8


def test_sums_of_squares_give_back_the_spread_between_all_the_people_together():
    random = np.random.default_rng(3)
    people = {"P1": random.normal(5, 2, 40), "P2": random.normal(7, 3, 25)}
    rows = [
        {"indicator": "x", "area": area, "period": "2016/17", "numerator": each.sum(), "denominator": len(each),
         "standard_deviation": each.std(ddof=1)}
        for area, each in people.items()
    ]  # fmt: skip
    panel = panel_of(rows, catalogue=CATALOGUE.assign(kind="mean"))
    everyone = np.concatenate(list(people.values()))
    assert cells(panel, "squares")["L1"] == pytest.approx((everyone**2).sum(), rel=1e-9)


def test_groups_are_sorted_and_carry_the_catalogue():
    panel = panel_of(
        [("y", "P1", "2016/17", 1, 10), ("x", "P1", "2016/17", 1, 10), ("x", "P1", "2015/16", 1, 10)]
    )
    assert list(zip(panel.groups["indicator"], panel.groups["period"], strict=True)) == [
        ("x", "2015/16"), ("x", "2016/17"), ("y", "2016/17"),
    ]  # fmt: skip
    assert panel.groups["kind"].to_list() == ["rate", "rate", "proportion"]
    assert panel.latest_rows().tolist() == [1, 2]


def test_blocks_are_the_panel_in_pieces():
    panel = panel_of([(i, "P1", p, 1, 10) for i in "xy" for p in ("2014/15", "2015/16", "2016/17")])
    blocks = list(panel.blocks(cells=12))  # two groups of six areas at a time
    assert [len(block) for block in blocks] == [2, 2, 2]
    np.testing.assert_array_equal(np.concatenate([block.numerator for block in blocks]), panel.numerator)
    assert [len(block) for block in panel.blocks(cells=1)] == [1] * 6


# --- the example


@pytest.fixture(scope="module")
def example_panel(example_inputs):
    inputs = example_inputs
    return build_panel(inputs.indicators, inputs.catalogue, inputs.tree)


@pytest.mark.parametrize("name", ["numerator", "denominator", "expected", "squares"])
def test_every_parent_is_the_sum_of_its_children_in_the_example(example_panel, name):
    matrix, tree = getattr(example_panel, name), example_panel.tree
    summed = np.zeros(matrix.shape)
    child = np.flatnonzero(tree.parent >= 0)
    np.add.at(summed, (slice(None), tree.parent[child]), np.nan_to_num(matrix[:, child]))
    parents = np.unique(tree.parent[child])
    np.testing.assert_allclose(np.nan_to_num(matrix[:, parents]), summed[:, parents], rtol=1e-10, atol=1e-6)
    assert np.nansum(matrix) > 0


def test_cells_equal_a_plain_group_by_of_the_files_rows(example_panel, example_folder):
    rows = pd.read_csv(example_folder / "indicators.csv")
    plain = rows.groupby(["indicator", "period", "area"])[["numerator", "denominator"]].sum()
    where = pd.MultiIndex.from_frame(example_panel.groups[["indicator", "period"]])
    for name in ("numerator", "denominator"):
        groups = where.get_indexer(plain.index.droplevel("area"))
        columns = example_panel.tree.positions(plain.index.get_level_values("area"))
        ours = getattr(example_panel, name)[groups, columns]
        np.testing.assert_allclose(ours, plain[name], rtol=1e-12)


def test_the_order_of_the_rows_changes_nothing(example_inputs):
    inputs = example_inputs
    some = inputs.indicators[inputs.indicators["indicator"].isin(inputs.catalogue["indicator"].head(12))]
    catalogue = inputs.catalogue
    here, there = (
        build_panel(rows, catalogue, inputs.tree) for rows in (some, some.sample(frac=1, random_state=1))
    )
    for name in ("numerator", "denominator", "expected", "squares"):
        np.testing.assert_allclose(getattr(here, name), getattr(there, name), rtol=1e-9)
    pd.testing.assert_frame_equal(here.groups, there.groups)
