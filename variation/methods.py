"""Every method of the toolkit with its formula, source and settings, read from the docstrings themselves."""

import importlib
import inspect
import re
from dataclasses import dataclass
from pathlib import Path

from reports.contents import Method

# Where each public method lives, in the order in which an analysis uses them.
CATALOGUE = {
    "Wilson interval": "benchmarks.intervals.wilson",
    "Byar interval": "benchmarks.intervals.byar",
    "Exact Poisson interval": "benchmarks.intervals.poisson_exact",
    "Rate interval": "benchmarks.intervals.rate_interval",
    "Mid-P interval": "benchmarks.intervals.mid_p",
    "Interval of a mean": "benchmarks.intervals.student",
    "Direct standardisation": "benchmarks.standardise.direct",
    "Indirect standardisation": "benchmarks.standardise.indirect",
    "Similar areas": "benchmarks.peers.find_peers",
    "Best five of ten": "benchmarks.comparators.best_of_peers",
    "Peer mean": "benchmarks.comparators.peer_mean",
    "Peer median": "benchmarks.comparators.peer_median",
    "Percentile of all": "benchmarks.comparators.percentile_of_all",
    "Value of the parent": "benchmarks.comparators.parent_value",
    "Own best past year": "benchmarks.comparators.own_best",
    "Achievable Benchmark of Care": "benchmarks.comparators.achievable_benchmark",
    "RightCare's rule": "benchmarks.significance.rightcare",
    "Calibrated difference": "benchmarks.significance.difference_from_peers",
    "Change from the period before": "benchmarks.significance.change_from",
    "Benjamini-Hochberg": "benchmarks.significance.benjamini_hochberg",
    "Overdispersion": "benchmarks.funnel.overdispersion",
    "Funnel limits": "benchmarks.funnel.limits",
    "Systematic component of variation": "benchmarks.dispersion.describe",
    "Shares of chance, case mix and the rest": "benchmarks.case_mix.split",
    "Percentile rank": "benchmarks.quantiles.percentile_rank",
    "Quantile group": "benchmarks.quantiles.quantile_group",
    "Gross opportunity": "benchmarks.opportunity.gross",
    "Percentile saving": "benchmarks.opportunity.percentile_saving",
    "Credible opportunity": "benchmarks.credible.opportunity.opportunity_draws",
    "Variation between areas": "benchmarks.credible.between.between_areas",
    "Credible headline": "benchmarks.credible.summary.headline_draws",
    "Chance floors": "benchmarks.chance_floor.chance_floors",
    "Counted once": "benchmarks.savings.counted_once",
    "Cap on an overlap group": "benchmarks.savings.group_cap",
    "Cashable saving": "benchmarks.savings.cashable",
    "Phasing over years": "benchmarks.savings.year_factors",
    "Saving net of costs": "benchmarks.savings.phased",
    "Net present value": "benchmarks.savings.present_value",
    "Payback": "benchmarks.savings.payback",
    "Limits of a process (XmR)": "benchmarks.trend.xmr",
    "Recent trend": "benchmarks.trend.recent_trend",
    "Regression to the mean": "benchmarks.regression_to_mean.split_change",
    "Sudden jumps": "benchmarks.plausibility.jumps",
    "Areas far from all others": "benchmarks.plausibility.far_from_all",
    "Slope index of inequality": "benchmarks.inequality.slope_index",
    "Gradient of inequality": "benchmarks.inequality.gradient",
    "Life expectancy": "benchmarks.life_expectancy.life_expectancy",
    "Gap in life expectancy": "benchmarks.life_expectancy.deprivation_gap",
    "Gap by age and cause": "benchmarks.life_expectancy.gap_by_age_and_cause",
}


@dataclass(frozen=True, kw_only=True)
class DocumentedMethod:
    """A method as its docstring tells it."""

    name: str
    path: str
    summary: str
    notes: str
    options: tuple[tuple[str, str], ...]  # keyword options and their defaults
    docstring: str

    @property
    def in_pack(self) -> Method:
        """The method as a pack lists it."""
        return Method(name=self.name, formula=self.summary, source=self.notes)


def methods() -> tuple[DocumentedMethod, ...]:
    """Every method, read from its docstring."""
    return tuple(_documented(name, path) for name, path in CATALOGUE.items())


def _documented(name: str, path: str) -> DocumentedMethod:
    module, function = path.rsplit(".", 1)
    method = getattr(importlib.import_module(module), function)
    text = inspect.getdoc(method) or ""
    paragraphs = re.split(r"\n\s*\n", text)
    options = tuple(
        (parameter.name, "asked for" if parameter.default is parameter.empty else repr(parameter.default))
        for parameter in inspect.signature(method).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    )
    return DocumentedMethod(
        name=name,
        path=path,
        summary=_plain(paragraphs[0]),
        notes=_notes(text, paragraphs),
        options=options,
        docstring=text,
    )


def _notes(text: str, paragraphs: list[str]) -> str:
    """Where a method is from: its Notes section, or the paragraphs of a short docstring before the example."""
    if found := re.search(r"\nNotes\n-+\n(.*?)(?=\n\n?>>>|\n\n[A-Z][a-z]+\n-+\n|\Z)", text, re.DOTALL):
        return _plain(found[1])
    rest = [part for part in paragraphs[1:] if not part.startswith(">>>")]
    return _plain(" ".join(rest)) if not re.search(r"\n-{4,}\n", text) else ""


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("``", "").strip()


HEAD = """\
# Methods

Every method of the toolkit, generated from its docstring by `python -m variation.methods`. `variation methods NAME`
tells one in full, with its parameters, what 0 and missing mean, and an example.
"""


def markdown() -> str:
    """Write every method as a page of documentation."""
    parts = [HEAD]
    for method in methods():
        parts.append(f"## {method.name}\n\n`{method.path}`: {method.summary}\n")
        if method.options:
            rows = "\n".join(f"| `{option}` | {default} |" for option, default in method.options)
            parts.append(f"| setting | default |\n|---|---|\n{rows}\n")
        if method.notes:
            parts.append(f"{method.notes}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    Path("docs/methods.md").write_text(markdown(), encoding="utf-8", newline="\n")
