"""The rows that a pack speaks of: the latest, the largest first, no gap netted against another."""

from dataclasses import replace

import pandas as pd
import pytest

from reports.contents import Contents
from reports.pack_rows import latest, league


def test_negative_gaps_are_never_netted_against_positive_ones(contents: Contents) -> None:
    of_all = replace(contents, focus="")  # without an area of its own a pack sums its finest areas
    rows = of_all.opportunity.query("kind == 'practice' and mode == 'percentile'").reset_index(drop=True)
    code = rows.loc[rows["units"] < 0, "indicator"].iloc[0]
    own = rows.loc[rows["indicator"] == code, "units"]
    table = league(of_all, mode="percentile", comparator="percentile").set_index("indicator")
    assert table.loc[code, "units"] == pytest.approx(own[own > 0].sum(), rel=1e-12)


def test_the_league_does_not_depend_on_the_order_of_the_rows(contents: Contents) -> None:
    shuffled = replace(contents, opportunity=contents.opportunity.sample(frac=1, random_state=1))
    table = league(contents)
    pd.testing.assert_frame_equal(league(shuffled), table)
    assert table["value_gbp"].dropna().is_monotonic_decreasing


def test_an_indicator_behind_the_pack_speaks_of_its_own_last_period() -> None:
    table = pd.DataFrame(
        {"indicator": list("AABBC"), "period": ["2015", "2016", "2014", "2015", "2013"], "value": range(5)}
    )
    assert latest(table, "2016")["value"].tolist() == [1, 3, 4]
    assert latest(table.iloc[:0], "2016").empty
