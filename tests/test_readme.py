"""The figures that the README gives of the built-in example are those of the example."""

from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def millions(amount):
    return f"£{amount / 1e6:.0f}m"


def test_the_readme_says_what_the_example_says_of_each_rule(example_analysis):
    totals = example_analysis.totals.set_index(["area", "mode", "comparator"])
    rule, credible = totals.loc["DOR", "rightcare", "best_5"], totals.loc["DOR", "credible", "peer_mean"]
    said = (
        f"On the built-in example the published rule says {millions(rule['value_gbp'])} for Dorset,"
        f" {millions(rule['chance_floor_gbp'])} of it by chance; the credible figure is"
        f" {millions(credible['p50'])} ({millions(credible['p10'])} to {millions(credible['p90'])})."
    )
    assert said in README.read_text(encoding="utf-8")
