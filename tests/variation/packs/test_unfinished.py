"""A run that is interrupted leaves the last good pack, and the next goes on from what it had done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.assurance.folders import texts, write_files
from variation import analyse
from variation.opportunity.sizing import Priced, size_priced
from variation.packs.unfinished import Unfinished

ROOT = Path(__file__).parents[3]


def test_parts_that_are_kept_are_not_sized_again_and_the_tables_are_the_same(
    example_inputs, example_analysis, tmp_path, monkeypatch
):
    kept = Unfinished.beside(tmp_path / "pack", example_inputs)
    steps, sized = [], []

    def counted(panel, *others, threads):
        sized.append(len(panel))
        if len(sized) == 3:
            raise KeyboardInterrupt
        return size_priced(panel, *others, threads=threads)

    monkeypatch.setattr("variation.opportunity.sizing_run.size_priced", counted)
    with pytest.raises(KeyboardInterrupt):
        analyse(example_inputs, kept=kept, progress=steps.append)
    assert any(step.startswith("comparing") for step in steps)
    assert "sizing indicator 17 of" in " ".join(steps)
    assert len(list((tmp_path / ".pack.unfinished").iterdir())) == 2
    sized.clear()
    sized.extend([0] * 10)  # never again the third
    resumed = analyse(example_inputs, kept=kept)
    assert len(sized) - 10 == -(-_priced(example_analysis) // 8) - 2
    for name in ("opportunity", "totals"):
        pd.testing.assert_frame_equal(
            getattr(resumed, name), getattr(example_analysis, name), check_exact=True, obj=name
        )
    kept.clear()
    assert not (tmp_path / ".pack.unfinished").exists()


def _priced(analysis) -> int:
    return analysis.opportunity["indicator"].nunique()


def test_other_settings_find_nothing_of_what_was_kept(example_inputs, tmp_path):
    from dataclasses import replace

    kept = Unfinished(tmp_path, example_inputs)
    other = replace(example_inputs, settings=example_inputs.settings.model_copy(update={"seed": 5}))
    assert kept._place(["a"]) != Unfinished(tmp_path, other)._place(["a"])
    assert kept._place(["a"]) != kept._place(["b"])
    assert kept.read(["a"]) is None


@pytest.mark.parametrize("file", ["draws.npz", "opportunity.parquet", "beyond.parquet"])
def test_a_part_that_a_power_cut_has_left_without_content_is_worked_out_again(example_inputs, tmp_path, file):
    kept = Unfinished(tmp_path, example_inputs)
    rows = pd.DataFrame({"indicator": ["a"], "units": [1.5]})
    drawn = np.arange(4)
    part = Priced(
        opportunity=rows, draws={"a": drawn}, beyond=rows, focus_draws={"a": {"peer_mean": drawn / 2}}
    )
    kept.write(["a"], part)
    pd.testing.assert_frame_equal(kept.read(["a"]).opportunity, rows)
    (kept._place(["a"]) / file).write_bytes(b"")
    assert kept.read(["a"]) is None
    kept.write(["a"], part)
    assert kept.read(["a"]).draws["a"].tolist() == drawn.tolist()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no interrupt signal for one process")
def test_an_interrupted_command_ends_with_130_and_leaves_the_last_good_pack(example_folder, tmp_path):
    out = tmp_path / "pack"
    out.mkdir()
    write_files(out, {"index.html": "the last good one"})
    command = [sys.executable, "-m", "variation", "run", str(example_folder / "analysis.toml")]
    process = subprocess.Popen(
        [*command, "--out", str(out), "--only", "tables"], cwd=ROOT, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not list(tmp_path.glob(".pack.unfinished/*")):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said.decode()
    assert "last good pack is as it was" in said.decode()
    assert texts(out) == {"index.html": "the last good one"}
