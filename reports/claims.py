"""Ways to size an opportunity, side by side: the rule by which a gap counts, and against whom."""

from dataclasses import dataclass

import pandas as pd

from reports.contents import Contents
from reports.pack_rows import league

RULES = {
    "gross": "Every gap",
    "rightcare": "RightCare's rule",
    "percentile": "Percentile",
    "credible": "Credible",
}
AGAINST = {
    "best_5": "best five of ten peers",
    "peer_mean": "mean of peers",
    "peer_median": "median of peers",
    "percentile": "percentile of all areas",
}
# What stands first beside the headline: the honest sum, the published rule, the stretch, prescribing's way.
ORDER = (
    ("credible", "peer_mean"),
    ("rightcare", "best_5"),
    ("credible", "best_5"),
    ("percentile", "percentile"),
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One way to size an opportunity."""

    mode: str
    comparator: str

    @property
    def label(self) -> str:
        """Words for headings.

        >>> Claim(mode="credible", comparator="best_5").label
        'Credible stretch, best five of ten peers'
        """
        rule = RULES.get(self.mode, self.mode.replace("_", " ").capitalize())
        if self.mode == self.comparator:
            return f"{rule} of all areas"
        if (self.mode, self.comparator) == ("credible", "best_5"):
            rule = "Credible stretch"
        return f"{rule}, {AGAINST.get(self.comparator, self.comparator.replace('_', ' '))}"


def headline_claim(contents: Contents) -> Claim:
    """Return the claim that the pack's headlines quote."""
    return Claim(mode=contents.headline_mode, comparator=contents.headline_comparator)


def claims(contents: Contents) -> list[Claim]:
    """Return every claim of the pack, the one that its headlines quote first.

    Where there is nothing by the headline's own rule and comparator, it is still the first.
    """
    headline = headline_claim(contents)
    pairs = contents.opportunity[["mode", "comparator"]].drop_duplicates()
    there = [Claim(mode=mode, comparator=comparator) for mode, comparator in pairs.itertuples(index=False)]

    def place(claim: Claim) -> tuple[int, str, str]:
        pair = (claim.mode, claim.comparator)
        return (ORDER.index(pair) if pair in ORDER else len(ORDER), *pair)

    return [headline, *sorted((claim for claim in there if claim != headline), key=place)]


def figures(contents: Contents, claim: Claim) -> pd.DataFrame:
    """Return the opportunity of every indicator by one claim, indexed by indicator, the largest first."""
    table = league(contents, mode=claim.mode, comparator=claim.comparator)
    return table.drop_duplicates("indicator").set_index("indicator")
