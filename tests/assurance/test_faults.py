"""Real faults of disks, systems and people during a run: the last good pack stays, and words say why."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.assurance.small import command, hashes, run, write_small
from tests.conftest import require
from variation.packs.manifest import read_manifest
from variation.packs.verify import verify_pack

pytestmark = pytest.mark.skipif(os.name == "nt", reason="faults are made by means of Linux")

KEPT = "what stood there is as it was"


@pytest.fixture(scope="session")
def good(tmp_path_factory):
    """A folder with the small analysis and its pack, which tests copy."""
    folder = tmp_path_factory.mktemp("good")
    settings = write_small(folder / "analysis")
    done = run("run", settings, "--out", folder / "pack", "--only", "tables", "--workers", 1)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def place(good, tmp_path):
    """A place of the test's own, with the analysis and the good pack."""
    return shutil.copytree(good, tmp_path / "place")


def again(place, *more):
    """Arguments of a run whose pack differs from the good one."""
    arguments = ("run", place / "analysis" / "analysis.toml", "--out", place / "pack", "--policy", "under_5")
    return (*arguments, "--workers", 1, "--only", "tables", *more)


def standing(place):
    """Every file of a place but what is reckoned already, which the next run takes up and takes away."""
    return {
        name: digest for name, digest in hashes(place).items() if not name.startswith(".pack.unfinished/")
    }


def assert_kept(done, place, good, *said):
    """The run ended with words, and everything in the place is as it was."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    for words in (*said, "hint:"):
        assert words in done.stderr
    assert standing(place) == hashes(good)


def in_namespace(script, *arguments):
    """Run a script as root of a mount namespace of its own, which needs no rights where the system allows it."""
    return subprocess.run(
        [
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "bash",
            "-euc",
            script,
            "script",
            *map(str, arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def namespaces():
    allowed = shutil.which("unshare") and in_namespace("mount -t tmpfs none /mnt").returncode == 0
    if not allowed:  # some machines of CI forbid it, and the limit on the size of files stands in
        pytest.skip("this system allows nobody a mount namespace")


def test_a_full_disk(place, good, namespaces):
    script = """
    shopt -s dotglob
    used=$(du -s --apparent-size -k "$1/pack" | cut -f1)
    mkdir "$1/disk"; mount -t tmpfs -o size=$((used + 160))k none "$1/disk"
    cp -a "$1/pack" "$1/disk/pack"
    status=0; "${@:2}" || status=$?
    diff -r "$1/pack" "$1/disk/pack" || exit 98
    [ "$(ls -A "$1/disk" | grep -v unfinished)" = pack ] || exit 99
    exit $status
    """
    arguments = [str(part) for part in again(place)]
    arguments[arguments.index("--out") + 1] = str(place / "disk" / "pack")
    done = in_namespace(script, place, *command(*arguments))
    (place / "disk").rmdir()
    assert_kept(done, place, good, "no room is left on the disk", KEPT)


def test_a_writer_that_may_write_no_more_in_the_middle_of_a_file(place, good):
    import resource

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    done = run(*again(place), preexec_fn=limited)
    assert_kept(done, place, good, "a file would be larger than is allowed here", KEPT)


def test_a_disk_that_can_only_be_read(place, good, namespaces):
    script = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; exec "${@:2}"'
    done = in_namespace(script, place, *command(*again(place)))
    assert_kept(done, place, good, "is on a disk that can only be read", KEPT)


def test_a_system_that_refuses_to_replace_the_folder_when_all_is_written(place, good, namespaces):
    """As Windows does while a workbook of it is open: here the folder is a mount, which Linux does not rename."""
    script = 'mount --bind "$1/pack" "$1/pack"; exec "${@:2}"'
    done = in_namespace(script, place, *command(*again(place)))
    assert_kept(done, place, good, "cannot be replaced", KEPT)


def test_a_folder_that_the_user_may_not_write(place, good):
    """Root may write everywhere: it runs this without its rights, in a namespace where it is nobody."""
    root = os.getuid() == 0
    if root and subprocess.run(["unshare", "--user", "true"], check=False).returncode:
        pytest.skip("root is not allowed to give up its rights here")
    place.chmod(0o555)
    arguments = ["unshare", "--user", *command(*again(place))] if root else command(*again(place))
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    place.chmod(0o755)
    assert_kept(done, place, good, "may not be written", KEPT)


def started(*arguments, **options):
    """Start a run in a group of its own."""
    return subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def wait_for(process, folder, pattern):
    """Wait until a file is there, or the process has ended."""
    while process.poll() is None and not any(folder.glob(pattern)):
        time.sleep(0.002)


def test_a_folder_that_is_moved_away_during_the_run(place, good):
    process = started(*again(place))
    wait_for(process, place, ".pack.partial-*/tables")
    elsewhere = place.rename(place.with_name("elsewhere"))
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    assert "its folder was taken away during the run" in said
    assert "Traceback" not in said
    left = {name for name in hashes(elsewhere) if name.startswith(".pack.")}
    assert {name: digest for name, digest in hashes(elsewhere).items() if name not in left} == hashes(good)
    assert run(*again(elsewhere)).returncode == 0
    assert [path.name for path in elsewhere.glob(".*")] == []


def test_two_runs_at_once(place):
    first = started(*again(place))
    wait_for(first, place, ".pack.lock")
    first.send_signal(signal.SIGSTOP)  # it is in the middle of its run for as long as the second needs
    second = run(*again(place))
    first.send_signal(signal.SIGCONT)
    _, said = first.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 1), said
    assert "another run is writing there" in second.stderr
    assert [path.name for path in place.glob(".*")] == []
    assert verify_pack(place / "pack")[1] == []


@pytest.mark.long
def test_runs_that_are_killed_at_any_moment(place, good):
    """Most of the time passes before anything is written: half of them are killed from the last file on."""
    draw = random.Random(20170331)
    before = hashes(good / "pack")
    began = time.monotonic()
    whole = run(*again(place))
    lasted = time.monotonic() - began
    assert whole.returncode == 0
    after = hashes(place / "pack")
    assert after != before
    for number in range(6):
        shutil.rmtree(place / "pack")
        shutil.copytree(good / "pack", place / "pack")
        process = started(*again(place))
        if number % 2:
            wait_for(process, place, ".pack.partial-*/manifest.json")
            time.sleep(draw.uniform(0, 0.04))
        else:
            time.sleep(draw.uniform(0.3, 1.1) * lasted)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        found = hashes(place / "pack")
        assert found in (before, after), f"run {number}"
        hidden = {path.name.split("-")[0] for path in place.glob(".*")}
        assert hidden <= {".pack.partial", ".pack.lock", ".pack.unfinished"}
    assert run(*again(place)).returncode == 0
    assert hashes(place / "pack") == after
    assert [path.name for path in place.glob(".*")] == []


def children_of(process):
    """Ids of the processes that one has started; none where it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):  # threads and processes come and go
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        return [int(child) for path in tasks for child in path.read_text().split()]
    return []


def drawing(process):
    """Wait for the processes beside a run, which a server starts, and return their ids."""
    own = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    require(own.exists(), "list of a process's children in /proc")
    found: list[int] = []
    while process.poll() is None and not found:
        found = [one for child in children_of(process.pid) for one in children_of(child)]
    return found


def are_drawn(process, place):
    """Wait until the first picture is there."""
    wait_for(process, place, ".pack.partial-*/charts/*.svg")


def are_shown(process, place):
    """Wait until the pictures are there, and page and booklet are being written."""
    wait_for(process, place, ".pack.partial-*/charts/index.csv")


def get_ready(process, place):
    """Wait until there are processes that will draw: the analysis still goes on."""
    drawing(process)


@pytest.mark.parametrize(
    ("workers", "moment"),
    [(1, are_drawn), (2, are_drawn), (2, are_shown), (2, get_ready)],
    ids=["one", "two", "two write page and booklet", "two get ready"],
)
def test_an_interruption_before_or_while_pictures_are_drawn(place, good, workers, moment):
    process = started(*again(place, "--only", "charts,page,booklet", "--workers", workers))
    moment(process, place)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert said == "Interrupted; the last good pack is as it was\n"
    assert standing(place) == hashes(good)


@pytest.mark.parametrize("moment", [are_drawn, get_ready], ids=["drawing", "getting ready"])
def test_a_process_beside_the_run_is_killed_for_its_memory(place, good, moment):
    """As the system does when memory is short: the run ends in words and waits for nobody."""
    process = started(*again(place, "--only", "charts", "--workers", 2))
    moment(process, place)
    os.kill(drawing(process)[-1], signal.SIGKILL)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    assert "one of the run's processes was ended" in said
    assert "--workers 1" in said
    assert "Traceback" not in said
    assert standing(place) == hashes(good)


def test_a_pack_on_another_disk_than_that_of_temporary_files(good):
    require(Path("/dev/shm").is_dir(), "a second disk (/dev/shm)")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        place = shutil.copytree(good, Path(folder) / "place")
        assert Path(folder).stat().st_dev != Path(tempfile.gettempdir()).stat().st_dev
        done = run(*again(place, "--only", "tables,excel"))
        assert done.returncode == 0, done.stderr
        assert "variation-pack.xlsx" in read_manifest(place / "pack").outputs
        assert verify_pack(place / "pack")[1] == []
        assert [path.name for path in place.glob(".*")] == []
