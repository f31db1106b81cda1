"""Processes beside the main one: warm, deaf to interruption, gone when they are no longer wanted."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from reports.processes import Processes, begun

LONG = 120.0  # seconds that nothing here may take
ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


def begin_with(path: Path) -> None:
    with path.open("a") as stream:
        stream.write("begun\n")


def children() -> set[int | None]:
    return {process.pid for process in active_children()}


def test_they_begin_before_there_is_work_and_do_it_elsewhere(tmp_path):
    with Processes(1, begin_with, (tmp_path / "told",)) as beside:
        beside.start()
        beside.start()
        waited = time.monotonic()
        while not (tmp_path / "told").exists() and time.monotonic() < waited + LONG:
            time.sleep(0.05)
        assert (tmp_path / "told").read_text() == "begun\n"
        assert beside.submit(os.getpid).result() in children()
    assert beside.number == 1


def test_work_that_comes_first_starts_them():
    with Processes(2) as beside:
        assert beside.submit(pow, 2, exp=5).result() == 32


def has_imported(module: str) -> bool:
    return module in sys.modules


def test_they_import_what_they_are_told_to_before_there_is_work():
    with Processes(1, modules=("mailbox",)) as beside, Processes(1) as other:
        assert beside.submit(has_imported, "mailbox").result()
        assert not other.submit(has_imported, "wave").result()
    with Processes(1, modules=("wave",)) as beside:  # others have been started before, with other modules
        assert beside.submit(has_imported, "wave").result()


def test_work_is_begun_at_once_beside_and_when_it_is_asked_for_where_there_is_nobody():
    done: list[int] = []
    waiting = begun(None, done.append, 1)
    assert done == []
    waiting()
    assert done == [1]
    with Processes(1) as beside:
        assert begun(beside, os.getpid)() in children()


def test_an_error_ends_what_they_do():
    began, before = time.monotonic(), children()
    with pytest.raises(ValueError, match="no more"), Processes(1) as beside:  # noqa: PT012
        beside.submit(os.getpid).result()
        beside.submit(time.sleep, LONG)
        raise ValueError("no more")
    assert time.monotonic() - began < LONG
    assert children() <= before


def test_they_start_where_the_temporary_folder_has_a_long_path(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT.replace("120.0", "0.0"))
    deep = tmp_path / ("deep" * 30)
    deep.mkdir()
    done = subprocess.run(
        [sys.executable, tmp_path / "parent.py"], env={**os.environ, "TMPDIR": str(deep)},
        capture_output=True, text=True, check=False, timeout=LONG,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout)


@ON_POSIX
def test_an_interruption_is_left_to_the_one_that_started_them():
    with Processes(1) as beside:
        process = beside.submit(os.getpid).result()
        asleep = beside.submit(time.sleep, 0.5)
        os.kill(process, signal.SIGINT)
        assert asleep.result() is None
        assert beside.submit(os.getpid).result() == process


PARENT = """
import os, sys, time
from reports.processes import Processes
if __name__ == "__main__":
    beside = Processes(1)
    print(beside.submit(os.getpid).result(), flush=True)
    beside.submit(time.sleep, 120.0)
    time.sleep(120.0)
"""


@ON_POSIX
def test_they_end_with_a_parent_that_is_killed(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT)
    parent = subprocess.Popen([sys.executable, tmp_path / "parent.py"], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent, parent.stdout as told:
        child = int(told.readline())
        parent.kill()
    began = time.monotonic()
    while is_alive(child) and time.monotonic() < began + LONG / 2:
        time.sleep(0.05)
    assert not is_alive(child)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")  # one that nobody has asked after its end is a zombie
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")
