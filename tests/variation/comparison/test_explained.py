"""Shares of the variation on the synthetic example."""

import numpy as np
import pandas as pd

SHARES = ["share_chance", "share_case_mix", "share_unwarranted"]


def latest(example_analysis):
    return example_analysis.variation.query("period == '2016/17' and kind == 'practice'").set_index(
        "indicator"
    )


def test_the_three_shares_sum_to_one(example_analysis):
    shares = latest(example_analysis)[SHARES].dropna()
    assert len(shares) > 80
    assert ((shares >= 0) & (shares <= 1)).all(axis=None)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_indicators_without_real_variation_are_mostly_chance(example_analysis, example_folder):
    truth = pd.read_parquet(example_folder / "truth.parquet")
    alike = truth.groupby("indicator")["true_relative_sd"].max()
    shares = latest(example_analysis)["share_unwarranted"]
    without = shares[shares.index.isin(alike.index[alike == 0])].mean()
    with_much = shares[shares.index.isin(alike.index[alike > 0.2])].mean()
    assert without < 0.1 < 0.4 < with_much


def test_deprivation_explains_part_of_smoking(example_analysis):
    assert latest(example_analysis).loc["smoking_prevalence", "share_case_mix"] > 0.3
