"""Folders: the files in them but for litter, and the hash of each."""

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

# What file managers and office programs leave in any folder that they show: no part of a pack, and nobody's work.
LITTER = ("~$*", ".~lock.*", "Thumbs.db", "desktop.ini", ".DS_Store", "._*")


def is_litter(path: Path) -> bool:
    """Tell whether a file is what other programs leave in a folder.

    >>> is_litter(Path("~$returns.xlsx")), is_litter(Path("returns.xlsx"))
    (True, False)
    """
    return any(path.match(pattern) for pattern in LITTER)


def files_of(folder: Path) -> list[str]:
    """Files of a folder and the folders in it, but for litter, as paths from there in their order.

    A link counts as a file, wherever it leads.
    """
    return sorted(_walk(folder, folder))


def _walk(folder: Path, top: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path, top)
        elif not is_litter(path):
            yield path.relative_to(top).as_posix()


def file_hash(path: Path) -> str:
    """sha256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
