"""Measure what the attack gets out of everything it is set on, and write that into the documentation."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from tests.attack.example import few_indicators, files, twin, under
from tests.attack.files import published, withheld_figures
from tests.attack.scoring import Score, Truth, score
from tests.attack.worlds import World, england, parts_world, pooled_world, random_world, truth
from tests.attack.worlds import published as shown_of
from tests.conftest import SHARED
from variation import analyse, read_inputs, write_example, write_pack
from variation.disclosure.protect import protect
from variation.figures.panel import build_panel
from variation.inputs import Inputs
from variation.policies import POLICIES, Policy

PUBLISHING = [policy for policy in POLICIES.values() if policy.hides]
BEGINS, ENDS = "<!-- measured: begins -->\n", "<!-- measured: ends -->\n"

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One line of the table: what was attacked, under what, and what that gave."""

    what: str
    policy: str
    counts: int
    score: Score
    seconds: float

    @property
    def line(self) -> str:
        """The line as Markdown."""
        found = self.score
        return (
            f"| {self.what} | {self.policy} | {self.counts:,} | {found.attacked:,} | {found.withheld:,} |"
            f" {found.exact:,} | {found.narrower:,} | {found.wrong:,} | {self.seconds:.0f} |"
        )


def measure(trees: int, say: Say) -> list[Measured]:
    """Attack random trees, the built-in example and the published registers."""
    found = []
    for one in _all(trees):
        found.append(one)
        say(one.line)
    return found


def _all(trees: int) -> Iterator[Measured]:
    for policy in PUBLISHING:
        yield _worlds(f"{trees} random trees", random_world, trees, policy)
    yield _worlds(f"{trees} random trees", random_world, trees, _primary(POLICIES["up_to_5_secondary"]))
    linked = max(trees // 10, 1)
    for make, name in ((pooled_world, "years and their sum"), (parts_world, "indicators and their sum")):
        for policy in PUBLISHING:
            yield _worlds(f"{linked} random trees, {name}", make, linked, policy)
        yield _worlds(f"{linked} random trees, {name}", make, linked, _primary(POLICIES["up_to_5_secondary"]))
    with TemporaryDirectory() as folder:
        write_example(Path(folder))
        inputs = read_inputs(Path(folder) / "analysis.toml")
        for policy in (*PUBLISHING, _primary(POLICIES["up_to_5_secondary"])):
            yield _written("Dorset example, written tables", inputs, policy)
    settings = Path(__file__).parents[1] / "real" / "qof_dorset.toml"
    if (SHARED / "data").is_dir():
        inputs = read_inputs(settings)
        for policy in (*PUBLISHING, _primary(POLICIES["up_to_5_secondary"])):
            yield _written("QOF 2020/21, Dorset, written tables", inputs, policy)


def _primary(policy: Policy) -> Policy:
    return replace(policy, secondary=False)


def _said(policy: Policy) -> str:
    return policy.name if policy.secondary else f"{policy.name}, primary suppression only"


def _worlds(what: str, make: Callable[[int], World], number: int, policy: Policy) -> Measured:
    started, total, counts = time.perf_counter(), Score(), 0
    for seed in range(number):
        world = make(seed)
        total.add(score(shown_of(world, policy), truth(world.panel), only_small=True))
        counts += int((~np.isnan(world.panel.numerator)).sum())
    return Measured(
        what=what,
        policy=_said(policy),
        counts=counts,
        score=total,
        seconds=time.perf_counter() - started,
    )


def truths(inputs: Inputs) -> Truth:
    """The counts of the inputs as they are, rolled up."""
    return truth(build_panel(inputs.indicators, inputs.catalogue, inputs.tree))


def _written(what: str, inputs: Inputs, policy: Policy) -> Measured:
    started = time.perf_counter()
    own = under(inputs, policy.name)
    with TemporaryDirectory() as folder:
        out = write_pack(analyse(own, policy=policy), Path(folder) / "pack", outputs=("tables",))
        shown = published(out)
    known, total = truths(own), Score()
    for key, table in shown.tables.items():  # one indicator and period says nothing of another here
        total.add(score(replace(shown, tables={key: table}), known, only_small=True))
    counts = sum(len(table) for table in shown.tables.values())
    return Measured(
        what=what,
        policy=_said(policy),
        counts=counts,
        score=total,
        seconds=time.perf_counter() - started,
    )


def whole_packs(say: Say) -> list[str]:
    """Read every file of whole packs of the example, and set them against those of a twin world."""
    lines = []
    with TemporaryDirectory() as folder:
        write_example(Path(folder))
        read = few_indicators(read_inputs(Path(folder) / "analysis.toml"))
        for policy in PUBLISHING:
            inputs = under(read, policy.name)
            other, changed = twin(inputs, policy)
            one, two = (
                write_pack(analyse(world), Path(folder) / f"{policy.name}-{number}", workers=1)
                for number, world in enumerate((inputs, other))
            )
            first, second = files(one), files(two)
            differ = [name for name in first if first[name] != second.get(name)]
            lines.append(
                f"| {policy.name} | {len(first)} | {len(withheld_figures(one))} | {changed} | {len(differ)} |"
            )
            say(lines[-1])
    return lines


def speed(say: Say) -> str:
    """Time disclosure control on counts of the size of England's practices."""
    panel = england(indicators=200)
    started = time.perf_counter()
    protected = protect(panel, POLICIES["hes_2018"])
    seconds = time.perf_counter() - started
    line = (
        f"{len(panel.tree):,} areas x {len(panel)} indicators ({panel.numerator.size:,} counts,"
        f" {int(protected.withheld.sum()):,} withheld): {seconds:.0f} s on one core."
    )
    say(line)
    return line


def written(found: list[Measured], packs: list[str], fast: str, command: str) -> str:
    """Lay what was measured out as Markdown."""
    return "\n".join(
        [
            f"Measured by `{command}`, {pd.Timestamp.now('UTC'):%B %Y}.",
            "",
            "| attacked | policy | counts | small ones | withheld in all | exact | narrower | wrong | s |",
            "|---|---|---|---|---|---|---|---|---|",
            *(one.line for one in found),
            "",
            "*Exact*: one whole number left. *Narrower*: a range that leaves out some of what the policy itself"
            " allows. *Wrong*: a range without the true count in it, which would be a fault of the attack.",
            "",
            "| policy | files of a whole pack | figures of withheld counts in them | counts changed in the twin |"
            " files that differ |",
            "|---|---|---|---|---|",
            *packs,
            "",
            "Whole packs are of eight indicators of the example over three years: tables, workbook, page, pictures.",
            "",
            f"Time: {fast}",
            "",
        ]
    )


def put_into(page: Path, text: str) -> None:
    """Put what was measured between its marks in a page."""
    before, rest = page.read_text(encoding="utf-8").split(BEGINS)
    page.write_text(
        before + BEGINS + "\n" + text + ENDS + rest.split(ENDS)[1], encoding="utf-8", newline="\n"
    )
