"""A folder that appears in its place whole or not at all, by one run at a time, and takes nothing else with it."""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from glob import escape
from pathlib import Path
from secrets import token_hex

from filelock import FileLock, Timeout

from variation.errors import VariationError
from variation.folders import file_hash, files_of
from variation.packs.area_packs import is_half_written, outputs_of

# Files named one by one in a message; the rest are counted.
NAMED = 5

# Files that are brought onto the disk at a time: a disk does many together in little more than the time of one.
AT_ONCE = 16

WORDS = {
    errno.ENOSPC: ("no room is left on the disk", "free some, or name a folder elsewhere with --out"),
    errno.EDQUOT: ("your share of the disk is used up", "free some, or name a folder elsewhere with --out"),
    errno.EFBIG: ("a file would be larger than is allowed here", "name a folder elsewhere with --out"),
    errno.EACCES: ("may not be written", "close what is open in Excel, or name a folder that you may change"),
    errno.EPERM: ("may not be written", "close what is open in Excel, or name a folder that you may change"),
    errno.EROFS: ("is on a disk that can only be read", "name a folder elsewhere with --out"),
    errno.EBUSY: ("is in use, and cannot be replaced", "name a folder inside it with --out"),
    errno.EXDEV: ("is a disk of its own, and cannot be replaced", "name a folder inside it with --out"),
    errno.ENOENT: ("its folder was taken away during the run", "run again"),
    errno.ENAMETOOLONG: ("has too long a name", "name another folder with --out"),
    errno.EEXIST: ("what a broken-off run left beside it cannot be removed", "remove it, and run again"),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a folder stands or is to stand, reserved for one run."""

    out: Path  # absolute, links followed: what is replaced is the folder, not a link to it
    edited: Path | None = None  # workbook of this folder whose edits the run carries over
    partial: Path = field(init=False)  # the folder being written

    def __post_init__(self) -> None:
        # Named anew for each run: processes of one that was killed may still be writing to theirs.
        object.__setattr__(self, "partial", self.out.with_name(f".{self.out.name}.partial-{token_hex(4)}"))

    @property
    def previous(self) -> Path:
        """The folder that stood there, while it is replaced on a system that cannot exchange two."""
        return self.out.with_name(f".{self.out.name}.previous")

    @property
    def lock(self) -> Path:
        """The file that the run at work holds; the system lets go of it when the run ends, however it ends."""
        return self.out.with_name(f".{self.out.name}.lock")


@contextmanager
def reserved(out: Path, *, edited: Path | None = None) -> Iterator[Place]:
    """Keep other runs from ``out``, and put right what one that was broken off has left there.

    ``edited`` is a workbook whose edits the run carries over: where it lies in ``out`` it may be replaced.

    Raises
    ------
    VariationError
        If another run is at work there, it may not be written, or it holds what is not a pack's.
    """
    place = Place(out=Path(os.path.realpath(out)), edited=edited and Path(os.path.realpath(edited)))
    lock = FileLock(place.lock, timeout=0)
    with _in_words(out):
        _not_worked_in(out, place)
        made = [folder for folder in place.out.parents if not folder.exists()]
        place.out.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise VariationError(
                f"{out}: another run is writing there\n"
                "  hint: wait until it has ended, or name another folder with --out"
            ) from None
    try:
        with _in_words(out):
            _put_right(place)
            _lose_nothing(out, place)
        with _ended_processes_in_words(out):
            yield place
    finally:
        _put_right(place)
        with suppress(OSError):  # Windows lets nobody remove what is held
            place.lock.unlink()
        lock.release()
        with suppress(OSError):  # where nothing was written no folder is left either
            for folder in made:
                folder.rmdir()


@contextmanager
def replaced_folder(out: Path | Place, *, kept: Sequence[str] = (), settled: bool = True) -> Iterator[Path]:
    """Give a new folder beside ``out`` to write into, and move it into ``out``'s place when all is written.

    Until then, and whatever goes wrong, what stands at ``out`` stays as it is. Folders of it that are to be ``kept``
    are moved over at last. Not ``settled``, the files may still be on their way to the disk, for folders whose
    files are held against their hashes before they are used.
    """
    with ExitStack() as held:
        place = out if isinstance(out, Place) else held.enter_context(reserved(out))
        try:
            with _in_words(place.out):
                place.partial.mkdir()
                yield place.partial
                if settled:
                    _settle(place.partial)
                _lose_nothing(place.out, place)
                _put(place)
                _take_over(place, kept)
        finally:
            _put_right(place)


def _take_over(place: Place, kept: Sequence[str]) -> None:
    """Move folders of what stood there into what stands there now."""
    for name in kept:
        for old in (place.partial, place.previous):
            if (old / name).is_dir():
                (old / name).rename(place.out / name)


def _not_worked_in(out: Path, place: Place) -> None:
    """Refuse to replace the folder that the user stands in: their terminal would be left in one that is gone."""
    if Path.cwd().is_relative_to(place.out):
        raise VariationError(
            f"{out}: is the folder that you work in, and would be replaced\n"
            "  hint: name a folder inside it with --out"
        )


def _lose_nothing(out: Path, place: Place) -> None:
    """Refuse to replace what is not a pack, files in a pack that are not its own, and edits of its workbook."""
    if not place.out.exists() or (place.out.is_dir() and not any(place.out.iterdir())):
        return
    outputs = outputs_of(place.out)
    if outputs is None:
        raise VariationError(
            f"{out}: holds something other than a pack, and would be replaced\n  hint: name a new folder with --out"
        )
    there = files_of(place.out)
    if foreign := [name for name in there if name not in outputs and not is_half_written(name)]:
        raise VariationError(
            f"{out}: holds {_listed(foreign)}, no part of the pack, which would be lost\n"
            "  hint: move it to a folder of its own, or name a new folder with --out"
        )
    changed = [
        name
        for name, digest in outputs.items()
        if name.endswith(".xlsx")
        and name in there
        and place.out / name != place.edited
        and file_hash(place.out / name) != digest
    ]
    if changed:
        raise VariationError(
            f"{out}: {_listed(changed)} has been edited since it was written, and the edits would be lost\n"
            "  hint: carry them over with --assumptions, move it elsewhere, or name a new folder with --out"
        )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _put(place: Place) -> None:
    """Move the finished folder into its place: where the system can, in one step that nothing can break."""
    if not place.out.exists():
        place.partial.rename(place.out)
    elif not exchange(place.partial, place.out):
        place.out.rename(place.previous)
        place.partial.rename(place.out)
    _synced(place.out.parent)


def _put_right(place: Place) -> None:
    """Put a folder back that was moved aside and not yet replaced, and clear away what is half done."""
    if place.previous.exists() and not place.out.exists():
        place.previous.rename(place.out)
    half_done = place.out.parent.glob(escape(f".{place.out.name}.partial-") + "*")
    for left in (*half_done, place.previous):
        if left.is_symlink() or left.is_file():
            left.unlink()
        shutil.rmtree(left, ignore_errors=True)


def check_there(out: Path) -> None:
    """Raise where no folder stands at ``out``; say where it is, if a run was broken off while it was replaced."""
    if out.is_dir():
        return
    aside = Place(out=Path(os.path.realpath(out))).previous
    hint = f"\n  hint: a run was broken off; its next run puts back {aside}" if aside.is_dir() else ""
    raise VariationError(f"{out}: no such folder{hint}")


def exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; false where the system or the disk cannot."""
    name = {"linux": "renameat2", "darwin": "renameatx_np"}.get(sys.platform, "")
    here = {"linux": -100, "darwin": -2}.get(sys.platform, 0)  # AT_FDCWD
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if call is None:
        return False
    swap = 2  # RENAME_EXCHANGE, RENAME_SWAP
    if call(here, os.fsencode(one), here, os.fsencode(other), ctypes.c_uint(swap)) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))


def _settle(folder: Path) -> None:
    """Have every file and folder on the disk before it is moved: a power cut leaves no empty ones."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in threads.map(_synced, [*folder.rglob("*"), folder]):
            pass


def _synced(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folder
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some shares cannot for folders
            raise
    finally:
        os.close(handle)


@contextmanager
def _in_words(out: Path) -> Iterator[None]:
    """Say what the system refused in words, and that nothing is lost by it."""
    try:
        yield
    except OSError as error:
        number = error.errno if error.errno is not None else 0
        said, hint = WORDS.get(number, (f"cannot be written: {error.strerror or error}", "run again"))
        raise VariationError(f"{out}: {said}; what stood there is as it was\n  hint: {hint}") from error


@contextmanager
def _ended_processes_in_words(out: Path) -> Iterator[None]:
    """Say in words that a process of the run was ended from elsewhere, and that nothing is lost by it."""
    try:
        yield
    except BrokenExecutor as error:
        raise VariationError(
            f"{out}: one of the run's processes was ended; what stood there is as it was\n"
            "  hint: if memory is short, run with --workers 1"
        ) from error
