"""Any sequence of what people do at the command line: right exit codes, the last good pack whole, no traceback."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from reports.workbook.finance import names as n
from tests.assurance.small import command, hashes
from tests.reports.recalculation import with_inputs
from tests.tiny_analysis import AREAS, CATALOGUE, INDICATORS
from variation.cli.main import main
from variation.packs.verify import verify_pack

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has no signals to a group of processes

SETTINGS = """\
title = "Tiny"
policy = "internal"
seed = 1

[tables]
areas = "areas.csv"
catalogue = "catalogue.csv"
indicators = "indicators.csv"

[opportunity]
draws = 100
"""
FILES = {
    "analysis.toml": SETTINGS,
    "areas.csv": AREAS,
    "catalogue.csv": CATALOGUE,
    "indicators.csv": INDICATORS,
}
# Edits that leave an analysis good: file, what stands there, what is written in its place.
GOOD = (
    ("analysis.toml", "seed = 1", "seed = 2"),
    ("indicators.csv", "P1,2016/17,10,", "P1,2016/17,12,"),
    ("areas.csv", "Town", "City"),
    ("catalogue.csv", "low,100", "low,120"),
)
# Edits that break it.
BAD = (
    ("analysis.toml", "seed = 1", "seed = one"),
    ("analysis.toml", "[tables]", "[table]"),
    ("indicators.csv", "numerator", "counts"),
    ("indicators.csv", "P2,2016/17", "P2,soon"),
    ("areas.csv", ",L1,", ",L7,"),
    ("catalogue.csv", "rate", "wage"),
)


class CommandLine(RuleBasedStateMachine):
    """Drive the command line, and know of its state only what a user can see."""

    def __init__(self) -> None:
        super().__init__()
        self.top = Path(tempfile.mkdtemp(prefix="variation-machine-"))
        self.folder, self.out = self.top / "analysis", self.top / "pack"
        self.good = True  # the analysis can be run
        self.written: dict[str, str] | None = None  # the last good pack, as it stands in OUT
        self.made_from: dict[str, str] = {}  # the analysis as it was when that was written
        self.spoilt: set[str] = set()  # what was done to OUT since: "damaged", "added", "edited"
        self.edits_in = False  # the pack was made with edits of a workbook
        self.interrupted = 0

    def teardown(self) -> None:
        shutil.rmtree(self.top)

    def invoke(self, *arguments: object) -> int:
        """Run a command; whatever the state, it ends in words and with a code that means something."""
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        assert result.exit_code in (0, 1), result.output
        assert result.exit_code == 0 or "rror" in result.output
        return result.exit_code

    def run_arguments(self, *more: object) -> list[object]:
        return ["run", self.folder / "analysis.toml", "--out", self.out, "--workers", 1, *more]

    @initialize()
    def example(self) -> None:
        """Files to edit, and their first pack."""
        self.folder.mkdir()
        for name, text in FILES.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        self.run("tables,excel")

    @rule(edit=st.sampled_from([*GOOD, *BAD]))
    def edit(self, edit: tuple[str, str, str]) -> None:
        """A user changes a setting or a figure, or breaks a file."""
        found = self.write(*edit)
        self.good &= not (found and edit in BAD)

    def write(self, name: str, old: str, new: str) -> bool:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return old in text

    @rule()
    def mend(self) -> None:
        """A user puts the files back that they began with."""
        for name, text in FILES.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        self.good = True

    @rule(only=st.sampled_from(["tables", "tables,excel"]))
    def run(self, only: str) -> None:
        """Writes a pack where it can, and replaces nothing that would be lost."""
        may = self.good and not self.spoilt & {"added", "edited"}
        code = self.invoke(*self.run_arguments("--only", only))
        assert code == (0 if may else 1)
        if may:
            self.new_pack(edits=False)

    def new_pack(self, *, edits: bool) -> None:
        self.written, self.made_from = hashes(self.out), hashes(self.folder)
        self.spoilt, self.edits_in = set(), edits
        assert verify_pack(self.out)[1] == []

    @precondition(lambda self: self.has_workbook() and not self.spoilt)
    @rule(share=st.sampled_from([0.4, 0.6]))
    def edit_assumptions(self, share: float) -> None:
        """Finance changes an input of the workbook in the pack and saves it there."""
        path = self.out / "variation-pack.xlsx"
        path.write_bytes(with_inputs(path.read_bytes(), {n.DELIVERED: share}))
        self.spoilt.add("edited")

    def has_workbook(self) -> bool:
        return self.written is not None and "variation-pack.xlsx" in self.written

    @precondition(lambda self: "edited" in self.spoilt)
    @rule()
    def run_with_assumptions(self) -> None:
        """Carries the edits over, and then they are not lost."""
        may = self.good and "added" not in self.spoilt
        workbook = self.out / "variation-pack.xlsx"
        code = self.invoke(*self.run_arguments("--only", "tables,excel", "--assumptions", workbook))
        if code == 0:
            assert may
            self.new_pack(edits=True)
        else:  # a price that the analysis has changed since may not be the workbook's
            assert not may or hashes(self.folder) != self.made_from

    @rule(place=st.integers(0, 10**6))
    def damage(self, place: int) -> None:
        """A bit of the pack changes, as in a bad copy."""
        path = self.out / "tables" / "comparison.csv"
        content = bytearray(path.read_bytes())
        content[place % len(content)] ^= 1
        path.write_bytes(bytes(content))
        self.spoilt ^= {"damaged"} if "damaged" not in self.spoilt else set()

    @rule()
    def lay_a_file_in_or_take_it_out(self) -> None:
        """A user keeps their notes in the pack, and moves them elsewhere."""
        notes = self.out / "notes.txt"
        if "added" in self.spoilt:
            assert notes.read_text(encoding="utf-8") == "of the meeting"
            notes.unlink()
        else:
            notes.write_text("of the meeting", encoding="utf-8")
        self.spoilt ^= {"added"}

    @rule()
    def look(self) -> None:
        """Check says whether a run would go; verify tells a whole pack, and what it is made from, from any other."""
        assert self.invoke("check", self.folder / "analysis.toml") == (0 if self.good else 1)
        whole = hashes(self.out) == self.written
        assert self.invoke("verify", self.out) == (0 if whole else 1)
        whole &= hashes(self.folder) == self.made_from and not self.edits_in
        code = self.invoke("verify", self.out, self.folder / "analysis.toml")
        assert code == (0 if whole else 1)

    @precondition(lambda self: self.interrupted < 1 and os.name != "nt")
    @rule(share=st.floats(0.05, 1.2), number=st.sampled_from([signal.SIGINT, KILL]))
    def interrupt(self, share: float, number: signal.Signals) -> None:
        """A run of its own process is stopped at some moment, and run again.

        What stands in between is the old pack or the new one, and a run that is refused changes nothing.
        """
        self.interrupted += 1
        may = self.good and not self.spoilt & {"added", "edited"}
        before = hashes(self.out) if self.out.exists() else None
        process = subprocess.Popen(
            command(*self.run_arguments("--only", "tables")),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        time.sleep(share * lasting())
        if process.poll() is None:
            os.killpg(process.pid, number)
        _, said = process.communicate(timeout=120)
        # Python lets itself be ended by a signal that comes when all is done: a shell calls that 130 too.
        ended = (0 if may else 1, 130, -signal.SIGINT, -KILL)
        assert process.returncode in ended, said
        assert "Traceback" not in said
        now = hashes(self.out) if self.out.exists() else None
        if now != before:
            assert may
            assert verify_pack(self.out)[1] == []
        if may:
            assert self.invoke(*self.run_arguments("--only", "tables")) == 0
            self.new_pack(edits=False)

    @invariant()
    def what_stands_is_whole(self) -> None:
        """Nobody but the user changes a pack; nothing half written is in sight."""
        if self.written is None:
            assert not self.out.exists()
        elif not self.spoilt:
            assert hashes(self.out) == self.written
        assert {path.name for path in self.top.glob("[!.]*")} <= {"analysis", "pack"}


def lasting() -> float:
    """Seconds that a run in a process of its own takes here, about."""
    if not LASTED:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in FILES.items():
                (Path(folder) / name).write_text(text, encoding="utf-8")
            began = time.monotonic()
            arguments = ["run", Path(folder) / "analysis.toml", "--only", "tables", "--workers", 1]
            subprocess.run(command(*arguments), capture_output=True, check=True)
            LASTED.append(time.monotonic() - began)
    return LASTED[0]


LASTED: list[float] = []

CommandLine.TestCase.settings = settings(
    max_examples=int(os.environ.get("VARIATION_SEQUENCES", "6")),
    stateful_step_count=16,
    deadline=None,
    phases=[
        Phase.generate
    ],  # a sequence that fails is short enough to read, and takes minutes to make shorter
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

TestAnySequence = CommandLine.TestCase
