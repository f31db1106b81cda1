"""Rows of the opportunity: priced, in one order whatever parts they come in."""

import numpy as np
import pandas as pd
import pytest

from variation.figures.panel import build_panel
from variation.opportunity.rows import in_order, lay_out
from variation.tables import OPPORTUNITY


@pytest.fixture
def some(example_inputs):
    rows = example_inputs.indicators
    rows = rows[rows["indicator"].isin(["copd_review", "falls_admissions"]) & (rows["period"] == "2016/17")]
    return build_panel(rows, example_inputs.catalogue, example_inputs.tree)


def test_rows_stand_in_the_order_of_indicator_area_comparator_and_mode_and_are_priced(some):
    random = np.random.default_rng(1)
    shape = (2, len(some.tree))
    sized = {
        rule: {"units": random.uniform(1, 9, shape)}
        for rule in (("gross", "peer_mean"), ("credible", "best_5"), ("gross", "best_5"))
    }
    sized["gross", "best_5"]["units"][:, 4] = np.nan
    table = lay_out(some, sized)
    keys = ["indicator", "area", "comparator", "mode"]
    assert list(table.columns) == [name for name in OPPORTUNITY.names if name != "counted"]
    pd.testing.assert_frame_equal(table, table.sort_values(keys, ignore_index=True))
    assert len(table) == 2 * len(some.tree) * 3 - 2
    price = some.groups.set_index("indicator")["unit_cost"]
    gbp = table["value_gbp"].fillna(table["investment_gbp"])
    np.testing.assert_allclose(gbp, table["units"] * table["indicator"].map(price).astype(float))
    assert (table["value_gbp"].notna() == (table["direction"] == "reduce")).all()
    one = table[(table["comparator"] == "peer_mean") & (table["indicator"] == some.groups["indicator"][1])]
    np.testing.assert_array_equal(one["units"], sized["gross", "peer_mean"]["units"][1])


@pytest.mark.parametrize("parts", [["a", "b"], ["b", "a"], ["ac", "b"], ["", "ba"], ["ab", "cd", "ef"]])
def test_parts_are_put_in_the_order_of_indicators(parts):
    tables = [
        pd.DataFrame({"indicator": pd.Series(sorted(part * 2), dtype="str"), "row": [*range(len(part) * 2)]})
        for part in parts
    ]
    found = in_order(tables)
    expected = pd.concat([table for table in tables if len(table)])
    expected = expected.sort_values("indicator", kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(found, expected)


def test_no_part_is_a_table_without_rows():
    assert list(in_order([]).columns) == OPPORTUNITY.names
