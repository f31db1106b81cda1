"""The same figures as an analyst writes them in plain pandas: group by group, area by area."""

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm
from scipy.stats import t as student_t

Z = norm.ppf(0.975)


def wilson_row(row: pd.Series) -> tuple[float, float]:
    x, n = row["numerator"], row["denominator"]
    half = Z * np.sqrt(Z**2 + 4 * x * (1 - x / n))
    return (2 * x + Z**2 - half) / (2 * (n + Z**2)), (2 * x + Z**2 + half) / (2 * (n + Z**2))


def count_limits(x: float) -> tuple[float, float]:
    if x < 10:
        return (chi2.ppf(0.025, 2 * x) / 2 if x else 0.0), chi2.ppf(0.975, 2 * x + 2) / 2
    lower = x * (1 - 1 / (9 * x) - Z / (3 * np.sqrt(x))) ** 3
    upper = (x + 1) * (1 - 1 / (9 * (x + 1)) + Z / (3 * np.sqrt(x + 1))) ** 3
    return lower, upper


def limits_row(row: pd.Series, spec: pd.Series) -> tuple[float, float]:
    if spec["kind"] == "proportion":
        return wilson_row(row)
    if spec["kind"] == "mean":
        half = (
            student_t.ppf(0.975, row["denominator"] - 1)
            * row["standard_deviation"]
            / np.sqrt(row["denominator"])
        )
        return row["value"] - half, row["value"] + half
    quantum = spec["cost_per_event"] * (1 + spec["cost_cv"] ** 2) if spec["kind"] == "spend" else 1.0
    lower, upper = count_limits(row["numerator"] / quantum)
    return lower * quantum / row["denominator"], upper * quantum / row["denominator"]


def compare_group(group: pd.DataFrame, catalogue: pd.DataFrame, peers: pd.Series) -> pd.DataFrame:
    """Value, limits, peer mean, best five and RightCare's test of one indicator in one period."""
    spec = catalogue.loc[group.name[0]]
    own = group.set_index("area")
    own["value"] = own["numerator"] / own["denominator"]
    limits = own.apply(limits_row, axis=1, spec=spec)
    own["lower_95"], own["upper_95"] = limits.str[0], limits.str[1]
    ascending = spec["polarity"] != "high"
    theirs = {area: own["value"].reindex(peers[area]).dropna() for area in own.index}
    own["comparator_value"] = pd.Series({area: values.mean() for area, values in theirs.items()})
    own["best_5_value"] = pd.Series(
        {area: values.sort_values(ascending=ascending).head(5).mean() for area, values in theirs.items()}
    )
    figures = ["value", "lower_95", "upper_95", "comparator_value", "best_5_value"]
    own[figures] *= spec["multiplier"]
    return own[figures].reset_index()


def compare_plainly(indicators: pd.DataFrame, catalogue: pd.DataFrame, peers: pd.DataFrame) -> pd.DataFrame:
    """Every indicator and period with ``groupby.apply``; ``peers`` has a row per area and peer."""
    lists = peers.groupby("area")["peer"].agg(list)
    spec = catalogue.set_index("indicator")
    grouped = indicators.groupby(["indicator", "period"])
    found = grouped[["area", "numerator", "denominator", "standard_deviation"]].apply(
        compare_group, catalogue=spec, peers=lists
    )
    return found.reset_index(level=-1, drop=True).reset_index()
