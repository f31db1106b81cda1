"""What one analysis of the built-in example recovers of its known truth, end to end through the command line.

``python -m tests.calibration.recovery --out docs/recovery.md`` writes the page.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from click.testing import CliRunner

from variation.cli.main import main as command_line

LATEST = "2016/17"


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """The tables of a run beside the truth that the example was drawn from."""

    tables: dict[str, pd.DataFrame]
    truth: pd.DataFrame


def run_example(folder: Path) -> Recovered:
    """Write the example, run it, and read back what was written: only files, as a user would."""
    for arguments in (
        ["example", str(folder / "in")],
        [
            "run",
            str(folder / "in" / "analysis.toml"),
            "--out",
            str(folder / "out"),
            "--only",
            "tables",
            "--quiet",
        ],
    ):
        result = CliRunner().invoke(command_line, arguments)
        if result.exit_code:
            raise RuntimeError(result.output)
    tables = {path.stem: pd.read_parquet(path) for path in (folder / "out" / "tables").glob("*.parquet")}
    return Recovered(tables=tables, truth=pd.read_parquet(folder / "in" / "truth.parquet"))


def interval_coverage(found: Recovered) -> pd.DataFrame:
    """Share of practices' intervals that hold their true value, by kind of indicator; crude figures only."""
    catalogue = found.tables["catalogue"].set_index("indicator")
    rows = (
        found.tables["comparison"]
        .query("kind == 'practice'")
        .merge(found.truth, on=["indicator", "area", "period"])
    )
    rows = rows[(rows["indicator"].map(catalogue["standardise"]) == "none") & rows["lower_95"].notna()]
    true = rows["true_value"] * rows["indicator"].map(catalogue["multiplier"])
    covered = pd.DataFrame(
        {
            "kind": rows["indicator"].map(catalogue["kind"]),
            "95 %": (rows["lower_95"] <= true) & (true <= rows["upper_95"]),
            "99.8 %": (rows["lower_998"] <= true) & (true <= rows["upper_998"]),
        }
    )
    return covered.groupby("kind").agg(
        **{"intervals": ("95 %", "size"), "95 %": ("95 %", "mean"), "99.8 %": ("99.8 %", "mean")}
    )


def flags_where_nothing_varies(found: Recovered) -> pd.Series:
    """Share of practices flagged in the bad direction in the indicators whose true values do not differ."""
    catalogue = found.tables["catalogue"].set_index("indicator")
    latest = found.truth[found.truth["period"] == LATEST].groupby("indicator")
    spread = latest["true_value"].agg(lambda value: value.std() / value.mean())
    alike = [name for name in spread.index[spread < 0.01] if catalogue.loc[name, "polarity"] != "local"]
    rows = found.tables["comparison"].query("kind == 'practice'")
    rows = rows[rows["indicator"].isin(alike)]
    return pd.Series(
        {
            "indicators": len(alike),
            "practices and years": len(rows),
            "RightCare's rule": (rows["significance_rightcare"] == "worse").mean(),
            "calibrated rule": (rows["significance"] == "worse").mean(),
        }
    )


def headline_against_truth(found: Recovered) -> pd.DataFrame:
    """£ of each indicator's headline for the ICB beside the truth of the practices that it counts."""
    catalogue = found.tables["catalogue"].set_index("indicator")
    keep = ["indicator", "area"]
    true = found.truth[found.truth["period"] == LATEST].pivot_table(
        index="indicator", columns="area", values="true_value"
    )
    comparison = found.tables["comparison"].query("kind == 'practice' and period == @LATEST")
    people = comparison.pivot_table(index="indicator", columns="area", values="denominator")
    peers = found.tables["peers"].groupby("area")["peer"].apply(list)
    sized = found.tables["opportunity"].query("mode == 'credible' and comparator == 'peer_mean'")
    counted = sized[(sized["kind"] == "practice") & (sized["probability"] > 0.8)][keep]
    rows = {}
    for indicator, own in counted.groupby("indicator"):
        price = catalogue.loc[indicator, "unit_cost"]
        if catalogue.loc[indicator, "standardise"] != "none" or pd.isna(price):
            continue
        sign = 1 if catalogue.loc[indicator, "polarity"] == "low" else -1
        rates = true.loc[indicator]
        gaps = {area: sign * (rates[area] - rates[peers[area]].mean()) for area in own["area"]}
        rows[indicator] = price * sum(max(gap, 0) * people.loc[indicator, area] for area, gap in gaps.items())
    table = pd.DataFrame({"truth": pd.Series(rows)})
    top = sized[sized["area"] == "DOR"].set_index("indicator").loc[table.index]
    table["claimed"] = top["value_gbp"].fillna(top["investment_gbp"])
    return table.join(top[["p10", "p90"]])


def page(found: Recovered, command: str) -> str:
    """Render the page in Markdown."""
    intervals = interval_coverage(found)
    flags = flags_where_nothing_varies(found)
    money = headline_against_truth(found)
    covered = (money["p10"] <= money["truth"]) & (money["truth"] <= money["p90"])
    ratio = money["claimed"] / money["truth"].where(money["truth"] > 0)
    totals = found.tables["totals"].query("area == 'DOR'").set_index(["mode", "comparator"])
    rules = "\n".join(
        f"| {mode} against {comparator} | {row['value_gbp'] / 1e6:.1f} | {row['chance_floor_gbp'] / 1e6:.1f} |"
        for (mode, comparator), row in totals.iterrows()
        if np.isfinite(row["chance_floor_gbp"])
    )
    kinds = "\n".join(
        f"| {kind} | {row['intervals']:,.0f} | {100 * row['95 %']:.1f} % | {100 * row['99.8 %']:.1f} % |"
        for kind, row in intervals.iterrows()
    )
    return TEMPLATE.format(
        command=command,
        kinds=kinds,
        indicators=int(flags["indicators"]),
        tested=int(flags["practices and years"]),
        rightcare=100 * flags["RightCare's rule"],
        calibrated=100 * flags["calibrated rule"],
        priced=len(money),
        claimed=money["claimed"].sum() / 1e6,
        truth=money["truth"].sum() / 1e6,
        bias=100 * (money["claimed"].sum() / money["truth"].sum() - 1),
        median=ratio.median(),
        covered=100 * covered.mean(),
        rules=rules,
    )


TEMPLATE = """\
# Recovery: the built-in example, end to end

Written by `{command}`: it writes the example, runs `variation run` on it, and reads only the files that
came out. The example's truth, every practice's true rate, lies beside it as `truth.parquet`. Do not edit by hand.

## Practices' intervals hold their true value

| kind | intervals | 95 % | 99.8 % |
| --- | ---: | ---: | ---: |
{kinds}

## Flags where nothing differs

In the {indicators} indicators with a direction whose true values are the same everywhere, {tested:,} practice-years:
RightCare's rule flags {rightcare:.1f} % in the bad direction, the calibrated rule {calibrated:.1f} % (areas too
small to tell are left untested).

## The credible headline beside the truth

Over the {priced} indicators with a price and without standardisation, the headline claims £{claimed:.1f}m; the true
opportunity of the practices that it counts, against the true mean of their peers, is £{truth:.1f}m: a bias of
{bias:+.1f} %. The median indicator's claim is {median:.2f} of its truth. {covered:.0f} % of the 80 % intervals hold
their indicator's truth. A likely reason that these are fewer than 80: the example's rates depend on more of the case
mix (the coast, the shape of the age curve) than the regression has covariates, as rates do in life.

## What each rule claims for the ICB, and what it would claim by chance

Each event counted once, £m.

| rule | claims | if all practices were alike |
| --- | ---: | ---: |
{rules}
"""


def main() -> None:
    """Run, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m tests.calibration.recovery", description=__doc__)
    parser.add_argument("--out", type=Path, help="file to write; printed without it")
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        text = page(
            run_example(Path(folder)), " ".join(["python -m tests.calibration.recovery", *sys.argv[1:]])
        )
    if chosen.out is None:
        print(text)
    else:
        chosen.out.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
