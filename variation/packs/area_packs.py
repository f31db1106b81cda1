"""The folder of a pack with the packs of its areas: which files belong to it, written whole, and to which area."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from variation.packs.manifest import (
    MANIFEST,
    AreaManifest,
    IndexManifest,
    Manifest,
    ManifestError,
    Read,
    read_as,
)

FOLDER = "areas"
# What a run puts beside a folder while it writes it (see `whole_folder.Place`).
HALF = re.compile(r"\..+\.(partial-[0-9a-f]+|previous|lock)")
# Stands for the hash of a file that nothing says the hash of: a manifest.
UNKNOWN = ""


def is_half_written(name: str) -> bool:
    """Tell whether a file is what a broken-off run has left of an area's pack.

    >>> is_half_written("areas/.L01.partial-1f2e3d4c/index.html"), is_half_written("areas/L01/index.html")
    (True, False)
    """
    parts = PurePosixPath(name).parts
    return len(parts) > 1 and parts[0] == FOLDER and _is_half(parts[1])


def _is_half(name: str) -> bool:
    return HALF.fullmatch(name) is not None


def half_written(folder: Path) -> Iterator[Path]:
    """Return what a broken-off run has left in the folder of the areas."""
    return (path for path in sorted(folder.iterdir()) if _is_half(path.name))


def outputs_of(out: Path) -> dict[str, str] | None:
    """Return the hash of every file that was written into a pack's folder; None where it is no pack's.

    It may be the pack of the whole, with the packs of areas in it, or that of one area.
    """
    for model in (Manifest, AreaManifest):
        if (manifest := _read(model, out)) is not None:
            return manifest.outputs | {MANIFEST: UNKNOWN} | area_outputs(out)
    return None


def area_outputs(out: Path) -> dict[str, str]:
    """Return the hash of every file of the packs of areas in a pack's folder, and of their index."""
    found: dict[str, str] = {}
    for folder, manifest in area_manifests(out / FOLDER):
        found |= _below(folder.name, manifest.outputs | {MANIFEST: UNKNOWN})
    index = _read(IndexManifest, out / FOLDER)
    if index is not None:
        found |= _below("", index.outputs | {MANIFEST: UNKNOWN})
    return found


def _below(folder: str, outputs: dict[str, str]) -> dict[str, str]:
    return {(PurePosixPath(FOLDER) / folder / name).as_posix(): digest for name, digest in outputs.items()}


def area_manifests(folder: Path) -> Iterator[tuple[Path, AreaManifest]]:
    """Return the packs in the folder of the areas, each with its manifest."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink() and not _is_half(path.name):
            manifest = _read(AreaManifest, path)
            if manifest is not None:
                yield path, manifest


def _read(model: type[Read], folder: Path) -> Read | None:
    try:
        return read_as(model, folder)
    except ManifestError:
        return None


def read_area_manifest(folder: Path) -> AreaManifest | None:
    """Return the manifest of an area's pack; None where there is none that can be read."""
    return _read(AreaManifest, folder)
